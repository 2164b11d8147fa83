package page

import (
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/reports"
)

// incentives are the figures of the incentive analysis: what an extra 万元 is worth to the town, and when the county is no worse off.
func (b *briefing) incentives() (figures []*figure) {
	if _, there := b.Analysed(); !there {
		return nil
	}
	return []*figure{b.retentionFigure(), b.breakEvenFigure()}
}

// bar is a series of bars over names.
type bar struct {
	name, fill string
	values     []decimal.Decimal
}

// retentionFigure shows what of 1 万元 more revenue a year comes to the town: by base rule of each clause, or by scenario where no clause has a base.
func (b *briefing) retentionFigure() *figure {
	title := b.T("多收一万元，镇里得多少（万元）", "Of 10k yuan more revenue, what the town has (10k yuan)")
	f := &figure{ID: "retention", Title: title}
	var names []string
	var series []bar
	if a := b.Incentives[0]; a != nil && len(a.Bases) > 0 {
		f.Tables = append(f.Tables, b.Bases())
		several := slices.ContainsFunc(a.Bases, func(o *analysis.BaseTrial) bool { return o.Clause != a.Bases[0].Clause })
		for _, trial := range a.Bases {
			if trial.Clause == a.Bases[0].Clause {
				names = append(names, trial.Rule.Label.In(b.Lang))
			}
			if trial.Rule.ID == "given" {
				of := ""
				if several {
					of = b.ElementLabel(trial.Clause) + " · "
				}
				k := len(series) / 2
				series = append(series, bar{name: of + b.T("应得", "due"), fill: paleColours[k%len(paleColours)]}, bar{name: of + b.T("实拨", "paid"), fill: stackColours[k%len(stackColours)]})
			}
			due, paid := &series[len(series)-2], &series[len(series)-1]
			due.values, paid.values = append(due.values, trial.Gain.Due), append(paid.values, trial.Gain.Paid)
		}
	} else {
		series = []bar{{name: b.T("应得", "due"), fill: paleColours[0]}, {name: b.T("实拨", "paid"), fill: stackColours[0]}}
		for i, a := range b.Incentives {
			if a != nil && len(a.Overall) > 0 {
				g := a.Overall[0].Rate(a.Overall[0].Town)
				names = append(names, b.labels[i])
				series[0].values, series[1].values = append(series[0].values, g.Due), append(series[1].values, g.Paid)
			}
		}
	}
	f.Tables = append(f.Tables, b.Retentions(), b.Once())
	words := b.retentionWords()
	f.Views = []figureView{{Words: words, option: b.barsOver(words, names, series)}}
	return f
}

// retentionWords says it for the first scenario, and what the base rule does to it.
func (b *briefing) retentionWords() string {
	first, _ := b.Analysed()
	a := b.Incentives[first]
	g := a.Overall[0].Rate(a.Overall[0].Town)
	words := b.T(b.labels[first]+"：从"+b.year(b.first)+"年起每年多收1万元，"+b.span()+"累计每1万元中镇里应得 "+reports.Gain(g.Due)+" 万元，实拨 "+reports.Gain(g.Paid)+" 万元（含镇级留用）。",
		b.labels[first]+": of 10k yuan more a year from "+b.year(b.first)+" on, the town is due "+reports.Gain(g.Due)+" and paid "+reports.Gain(g.Paid)+" within "+b.span()+", what it keeps itself included. ")
	if len(a.Bases) > 0 {
		least, most := a.Bases[0], a.Bases[0]
		for _, t := range a.Bases {
			if t.Gain.Due.LessThan(least.Gain.Due) {
				least = t
			}
			if t.Gain.Due.GreaterThan(most.Gain.Due) {
				most = t
			}
		}
		words += b.T("同一收入只换基数规则："+b.BaseName(most)+"时本条应得 "+reports.Gain(most.Gain.Due)+"，"+b.BaseName(least)+"时只有 "+reports.Gain(least.Gain.Due)+"。",
			"The same revenue under other base rules: "+reports.Gain(most.Gain.Due)+" due with “"+b.BaseName(most)+"”, only "+reports.Gain(least.Gain.Due)+" with “"+b.BaseName(least)+"”.")
	}
	return words
}

// named puts names in place of years below a chart.
func named(names []string) charts.GlobalOpts {
	text := axisText("")
	text.Width, text.Overflow, text.Interval = 125, "break", "0"
	return charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: names, AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		AxisLine: &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartGrey}}, AxisLabel: text})
}

// barsOver is a chart of bars side by side, each with its number.
func (b *briefing) barsOver(words string, names []string, series []bar) map[string]any {
	var legend []string
	for _, s := range series {
		legend = append(legend, s.name)
	}
	c := charts.NewBar()
	c.SetGlobalOptions(b.frame(words, "@wan", nil, legend, "8")...)
	c.SetGlobalOptions(named(names))
	c.SetXAxis(names)
	for _, s := range series {
		data := make([]opts.BarData, len(s.values))
		for i, d := range s.values {
			data[i].Value = point(d, true, reports.RatioPlaces)
			data[i].Label = &opts.Label{Show: opts.Bool(len(series)*len(names) <= 20), Position: "top", Color: chartInk, FontSize: labelText, FontWeight: "bold", Formatter: short3(d)}
		}
		c.AddSeries(s.name, data, charts.WithBarChartOpts(opts.BarChart{BarGap: "8%", BarCategoryGap: "30%"}), charts.WithItemStyleOpts(opts.ItemStyle{Color: s.fill, BorderColor: stackColours[0], BorderWidth: 1}))
	}
	return option(c, nil)
}

// short3 is a number above a bar.
func short3(d decimal.Decimal) string { return d.Round(3).String() }

// breakEvenFigure shows, per scenario, the county's gain or loss by the share of growth above the base that is owed to the incentive.
func (b *briefing) breakEvenFigure() *figure {
	first, _ := b.Analysed()
	if len(b.Incentives[first].BreakEven) == 0 {
		return nil
	}
	f := &figure{ID: "breakeven", Switched: true, Title: b.T("县里划不划算：增收中激励带来的部分与县里得失（万元）", "Does it pay for the county: its gain or loss by the part of growth the incentive brings (10k yuan)")}
	for i, a := range b.Incentives {
		view := figureView{ScenarioName: b.name(i)}
		if a == nil {
			a = &analysis.Incentive{}
		}
		c := charts.NewLine()
		var names, shares []string
		for _, e := range a.BreakEven {
			view.Words += b.breakEvenWords(i, e)
			f.Tables = append(f.Tables, b.Outcomes(i, e))
			for k, side := range []string{b.T("按应得", "as due"), b.T("按实拨", "as paid")} {
				name := side
				if len(a.BreakEven) > 1 {
					name = b.ElementLabel(e.Clause) + " · " + side
				}
				colour := stackColours[len(names)%len(stackColours)]
				curve := e.Curve[:min(8, len(e.Curve))] // beyond 70 % the rest would be too small to see; the table has it
				data := make([]opts.LineData, len(curve))
				shares = nil
				for n, o := range curve {
					d := []decimal.Decimal{o.Due, o.Paid}[k]
					data[n].Value = point(d, true, reports.MoneyPlaces)
					shares = append(shares, o.Share.Shift(2).String()+"%")
				}
				c.AddSeries(name, data, charts.WithLineChartOpts(opts.LineChart{Symbol: []string{"circle", "rect"}[k], SymbolSize: 11, ShowSymbol: opts.Bool(true)}),
					charts.WithLineStyleOpts(opts.LineStyle{Color: colour, Width: 4, Type: []string{"solid", "dashed"}[k]}), charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}))
				names = append(names, name)
			}
		}
		if view.Words == "" {
			view.Words = b.T("本情景没有可分析的条款。", "No clause of this scenario could be analysed.")
		}
		c.SetGlobalOptions(b.frame(view.Words, "@wan", nil, names, "24")...)
		c.SetGlobalOptions(named(shares))
		c.SetXAxis(shares)
		x := &c.XAxisList[0]
		x.Name, x.NameLocation, x.NameGap = b.T("超基数部分中激励带来的占比", "share of growth above the base that the incentive brings"), "middle", 44
		x.AxisLine.LineStyle.Width, x.AxisLabel.ShowMinLabel, c.GridList[0].Bottom = 2, opts.Bool(true), "40"
		view.option = option(c, &extras{x: xAxis{NameTextStyle: &opts.TextStyle{FontSize: chartText, Color: chartInk}}})
		f.Views = append(f.Views, view)
	}
	f.Tables = append(f.Tables, b.BreakEven(), b.Withouts())
	return f
}

// breakEvenWords says from which share on the county is no worse off.
func (b *briefing) breakEvenWords(result int, e *analysis.BreakEven) string {
	part := func(side *analysis.Additional) string {
		if side == nil {
			return b.T("县里总是吃亏", "the county is worse off whatever the share")
		}
		return b.T(reports.Percent(side.Share)+"（多收 "+reports.Amount(side.Revenue)+" 万元）", reports.Percent(side.Share)+" ("+reports.Amount(side.Revenue)+" more revenue)")
	}
	return fmt.Sprintf(b.T("%s：超基数部分中至少这么多由激励带来，县里就不亏。按应得：%s；按实拨：%s。", "%s: the county is no worse off if the incentive brings at least this much of the growth above the base. As due: %s; as paid: %s. "),
		b.ElementLabel(e.Clause), part(e.Due), part(e.Paid))
}
