package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// risks are the figures of what may turn out otherwise: fans, adverse events, what moves the result most, and the plan's grids.
func (b *briefing) risks() (figures []*figure) {
	if b.Risk == nil {
		return nil
	}
	for l := range b.Risk.Simulated.Lines {
		if f := b.fanFigure(l); f != nil {
			figures = append(figures, f)
		}
	}
	if len(figures) > 0 {
		figures[0].Tables = append(figures[0].Tables, b.spreadTable())
	}
	figures = append(figures, b.eventFigure(), b.tornadoFigure())
	for i := range b.Risk.Swept {
		figures = append(figures, b.sweepFigure(i))
	}
	return figures
}

// told is a number of a simulation as the page shows it.
func (b *briefing) told(v float64, unit formula.Unit) string {
	d, there := reports.Rounded(v, unit)
	switch {
	case !there:
		return reports.NoNumber
	case unit == formula.Money:
		return reports.Amount(d)
	case unit == formula.Ratio:
		return reports.Percent(d)
	}
	return groupedWhole(d.Round(4).String())
}

// giveOrTake is a sampling error under a figure; nothing where there is none.
func (b *briefing) giveOrTake(err float64, unit formula.Unit) string {
	if d, there := reports.Rounded(err, unit); !there || d.IsZero() {
		return ""
	}
	return "± " + b.told(err, unit)
}

// band is where a simulated line lies in one column: its quantiles, and their errors where anything was drawn.
type band struct{ edges, errors []float64 }

// bands are those of a line by column; before the plan years, what it was.
func (b *briefing) bands(result, l int, cols []int) (bands []band) {
	s := b.Risk.Simulated
	name := b.Book.Lines[s.Lines[l]].Name
	for _, col := range cols {
		one := band{errors: make([]float64, len(reports.Quantiles))}
		if col < b.first {
			was, _ := b.at(result, name, col)
			for range reports.Quantiles {
				one.edges = append(one.edges, was.InexactFloat64())
			}
		} else {
			one.edges, one.errors = s.Spread[result][l][col-b.first].Quantiles(reports.Quantiles)
		}
		bands = append(bands, one)
	}
	return bands
}

// fanFigure shows the bands a line lies in, by year, one scenario at a time; nil for a line that nothing drawn moves.
func (b *briefing) fanFigure(l int) *figure {
	line := b.Risk.Simulated.Lines[l]
	name := b.Book.Lines[line].Name
	basis, tag := b.Basis()
	f := &figure{ID: "fan-" + name, Switched: true, Tag: tag, Basis: basis, Title: b.T("有多大把握："+b.FullLabel(line)+"的可能范围（万元）", "How sure: the range of “"+b.FullLabel(line)+"” (10k yuan)")}
	cols, moved := b.columns(name), false
	for r := range b.Results {
		bands := b.bands(r, l, cols)
		moved = moved || slices.ContainsFunc(bands, func(one band) bool { return one.edges[len(reports.Quantiles)-1] > one.edges[0] })
		words := b.fanWords(r, name, bands[len(bands)-1].edges)
		f.add(figureView{ScenarioName: b.name(r), Words: words, option: b.fan(r, name, words, bands, cols)}, b.fanTable(r, line, bands, cols))
	}
	if !moved {
		return nil
	}
	return f
}

// fanWords says where the last year lies.
func (b *briefing) fanWords(result int, line string, edges []float64) string {
	at := func(k int) string { return b.told(edges[k], formula.Money) }
	planned := b.cell(result, line, b.last)
	year := b.yearName(b.last)
	if at(0) == at(4) {
		return b.T(year+"几乎不受影响："+at(2)+" 万元。", year+": hardly moved, "+at(2)+" (10k yuan).")
	}
	return b.T(year+"按计划 "+planned+" 万元；模拟中九成在 "+at(0)+" 到 "+at(4)+" 万元之间，一半在 "+at(1)+" 到 "+at(3)+" 万元之间，中位 "+at(2)+" 万元。",
		year+": planned "+planned+"; nine of ten paths lie between "+at(0)+" and "+at(4)+", half of them between "+at(1)+" and "+at(3)+", the median is "+at(2)+" (10k yuan).")
}

// fan draws bands on each other, from the lowest edge up: whatever their sign, because they may lie below zero or cross it.
func (b *briefing) fan(result int, line, words string, bands []band, cols []int) map[string]any {
	n := b.name(result)
	wide, narrow, middle, planned := "5%–95%", "25%–75%", b.T("中位数", "median"), b.T("按计划", "as planned")
	c := charts.NewLine()
	c.SetGlobalOptions(b.frame(words, "@wan", cols, []string{narrow, wide, middle, planned}, "24")...)
	c.SetXAxis(b.axisYears(cols))
	edge := func(col, k int) decimal.Decimal {
		d, _ := reports.Rounded(bands[col].edges[k], formula.Money)
		return d
	}
	e := &extras{x: xAxis{BoundaryGap: opts.Bool(false)}}
	for k, layer := range []struct {
		name          string
		from, to      int // edges; from -1 is zero
		shade, legend float32
	}{{"", -1, 0, 0, 0}, {wide, 0, 1, 0.22, 0.35}, {narrow, 1, 3, 0.5, 0.65}, {wide, 3, 4, 0.22, 0.35}} {
		data := make([]item, len(cols))
		for i := range cols {
			v := edge(i, layer.to)
			if layer.from >= 0 {
				v = v.Sub(edge(i, layer.from))
			}
			data[i].Value = point(v, true, reports.MoneyPlaces)
			if k == 0 { // the first series' points carry what is said of a year
				data[i].Says = b.fanSays(result, line, planned, bands[i], cols[i])
			}
		}
		style := opts.ItemStyle{Color: n.Line}
		options := []charts.SeriesOpts{items(data), charts.WithLineChartOpts(opts.LineChart{Stack: "fan", Symbol: "none"}), charts.WithLineStyleOpts(opts.LineStyle{Width: 0.01, Color: n.Line})}
		if layer.from >= 0 {
			options = append(options, charts.WithAreaStyleOpts(opts.AreaStyle{Color: n.Line, Opacity: opts.Float(layer.shade)}))
			style.Opacity = opts.Float(layer.legend)
		}
		c.AddSeries(layer.name, nil, append(options, charts.WithItemStyleOpts(style))...)
		e.series = append(e.series, series{StackStrategy: "all", Silent: true})
	}
	medians := make([]item, len(cols))
	for i := range cols {
		medians[i].Value = point(edge(i, len(reports.Quantiles)/2), true, reports.MoneyPlaces)
	}
	for k, name := range []string{middle, planned} {
		data := medians
		if k == 1 { // only what is planned has reasons
			data = b.points(result, line, reports.MoneyPlaces, cols)
		}
		style := opts.LineStyle{Color: []string{n.Line, chartInk}[k], Width: float32(4 - k), Type: []string{"solid", "dashed"}[k]}
		c.AddSeries(name, nil, items(data), charts.WithLineChartOpts(opts.LineChart{Symbol: []string{"circle", "emptyRect"}[k], SymbolSize: 11, ShowSymbol: opts.Bool(true)}), charts.WithLineStyleOpts(style), charts.WithItemStyleOpts(opts.ItemStyle{Color: style.Color}))
	}
	c.Tooltip.Formatter = "@says"
	c.GridList[0].Left, c.GridList[0].Right = "24", "40"
	c.Legend.Data = []legendName{{Name: narrow, Icon: "rect"}, {Name: wide, Icon: "rect"}, {Name: middle}, {Name: planned}}
	return option(c, e)
}

// fanSays is what is said of a fan in a year.
func (b *briefing) fanSays(result int, line, planned string, at band, col int) []string {
	says := []string{b.axisYear(col)}
	for k, q := range reports.Quantiles {
		says = append(says, b.QuantileName(q)+" "+b.told(at.edges[k], formula.Money))
	}
	return append(says, planned+" "+b.cell(result, line, col))
}

// fanTable is the fan in figures, with the errors of sampling beside them.
func (b *briefing) fanTable(result, line int, bands []band, cols []int) reports.Table {
	t := reports.Table{Result: result, Head: b.head(b.T("分位", "Quantile"), cols),
		Caption: b.labels[result] + b.T("：", ": ") + b.FullLabel(line) + b.T("，模拟的分位数，± 后是抽样误差（万元）", ", simulated quantiles, ± sampling error (10k yuan)")}
	for k, q := range reports.Quantiles {
		row := reports.Row{Name: b.QuantileName(q)}
		for i := range cols {
			row.Cells = append(row.Cells, reports.Cell{Text: b.told(bands[i].edges[k], formula.Money), Note: b.giveOrTake(bands[i].errors[k], formula.Money)})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, reports.Row{Name: b.T("按计划", "as planned"), Cells: b.cells(result, b.Book.Lines[line].Name, cols), Total: true})
	return t
}

// spreadTable says of everything that is drawn how far it reaches and what that rests on.
func (b *briefing) spreadTable() reports.Table {
	t := reports.Table{Result: -1, Caption: b.T("什么会变、变多少、依据是什么（九成范围）", "What is drawn, how far (nine in ten), and what that rests on"),
		Head: []string{b.T("参数", "Input"), b.T("分布", "Law"), b.T("九成在", "Nine in ten"), b.T("抽取", "Drawn"), b.T("依据", "Rests on")}}
	for i, s := range analysis.Spreads(b.Book) {
		t.Rows = append(t.Rows, reports.Row{Name: b.AddressName(s.Address), Cells: []reports.Cell{{Text: reports.LawNames[s.Law.Kind].In(b.Lang)}, {Text: b.Reach(s), Note: b.Clipped(b.Risk.Simulated, i)}, {Text: b.Drawn(s)}, {Text: b.Rests(s)}}})
	}
	if d := b.Book.Plan.Uncertainty.Delivery; d != nil {
		t.Rows = append(t.Rows, reports.Row{Name: b.AddressName("delivery"), Cells: []reports.Cell{{Text: b.T("三种状态", "three states")}, {Text: b.State(d)}, {Text: b.T("每年", "every year")}, {Text: b.T("计划写定，无出处：示例", "written in the plan, no source: illustrative")}}})
	}
	if related := b.Related(); related != "" {
		t.Caption += b.T("；", "; ") + related
	}
	return t
}

// eventFigure is a table of colours: how likely something adverse is at any time, by scenario.
func (b *briefing) eventFigure() *figure {
	s := b.Risk.Simulated
	basis, tag := b.Basis()
	f := &figure{ID: "events", Tag: tag, Basis: basis, Title: b.T("不利的事有多大可能："+b.span()+"中至少一年发生的概率（%）", "How likely are adverse events: chance of at least one year in "+b.span()+" (%)")}
	ever := len(b.Years())
	var events []string
	head := []string{b.T("情景", "Scenario")}
	words, widest := "", -1.0
	for e, event := range s.Events {
		events = append(events, event.Label.In(b.Lang))
		least, most := 0, 0
		low, _ := s.Probability(0, e, ever)
		high := low
		for r := range b.Results {
			if p, _ := s.Probability(r, e, ever); p < low {
				least, low = r, p
			} else if p > high {
				most, high = r, p
			}
		}
		if high-low <= widest {
			continue
		}
		widest = high - low
		words = b.T("情景之间差别最大的是“"+events[e]+"”：", "The scenarios differ most in “"+events[e]+"”: ") + b.told(low, formula.Ratio) + b.T("（"+b.labels[least]+"）到 ", " ("+b.labels[least]+") to ") +
			b.told(high, formula.Ratio) + b.T("（"+b.labels[most]+"）。", " ("+b.labels[most]+").")
		if low == high {
			words = b.T("“"+events[e]+"”的概率是 ", "The probability of “"+events[e]+"” is ") + b.told(low, formula.Ratio) + b.T("，各情景相同。", " in every scenario.")
		}
	}
	t := reports.Table{Caption: b.T("至少一年发生的概率，± 后是抽样误差", "Chance of at least one year, ± sampling error"), Result: -1, Head: append(head, events...)}
	var data []opts.HeatMapData
	var names []string
	for r := range b.Results {
		n := b.name(r)
		names = append(names, n.Label)
		row := reports.Row{Name: n.Label, Scenario: &n}
		for e := range events {
			p, err := s.Probability(r, e, ever)
			d, _ := reports.Rounded(p, formula.Ratio)
			data = append(data, opts.HeatMapData{Value: []any{e, r, point(d, true, reports.RatioPlaces)}})
			row.Cells = append(row.Cells, reports.Cell{Text: b.told(p, formula.Ratio), Note: "± " + reports.ChanceText(err)})
		}
		t.Rows = append(t.Rows, row)
	}
	f.Tables = append(f.Tables, t)
	for r := range b.Results {
		year := reports.Table{Caption: b.labels[r] + b.T("：各年的概率", ": probability by year"), Result: r, Head: b.head(b.T("不利的事", "Event"), b.columns(""))}
		for e := range events {
			row := reports.Row{Name: events[e]}
			for y := range ever {
				p, err := s.Probability(r, e, y)
				row.Cells = append(row.Cells, reports.Cell{Text: b.told(p, formula.Ratio), Note: "± " + reports.ChanceText(err)})
			}
			year.Rows = append(year.Rows, row)
		}
		f.Tables = append(f.Tables, year)
	}
	pieces := []colourRange{
		shade("--heat-full", b.T("5%以下", "under 5%"), nil, 0.05),
		shade("--heat-90", "5%–30%", 0.05, 0.3),
		shade("--heat-70", "30%–70%", 0.3, 0.7),
		shade("--heat-low", b.T("70%以上", "over 70%"), 0.7, nil),
	}
	f.Rows = len(names)
	f.Views = []figureView{{Words: words, option: b.heatmap(words, events, names, data, pieces, "@percentOfCell", true)}}
	return f
}

// tornadoFigure shows which inputs move the first scenario's figure most, each by itself, and what the draws explain of its variance.
func (b *briefing) tornadoFigure() *figure {
	by, unit := b.Risk.Simulated.By, b.Book.Lines[b.Line(b.Risk.Simulated.By.Line)].Unit
	label := b.HeadlineLabel(by)
	f := &figure{ID: "tornado", Title: b.T("什么最要紧：“"+label+"”比计划增减（万元）", "What matters most: “"+label+"” above or below the plan (10k yuan)"),
		Tag: b.endsTag()}
	var words []string
	t := reports.Table{Result: -1, Caption: label + b.T("，按计划 ", ", as planned ") + b.told(b.Risk.Planned, unit) + b.T("；每次只变一项", "; one input at a time"),
		Head: []string{b.T("参数", "Input"), b.T("幅度来自", "Ends from"), b.T("低", "Low"), b.T("高", "High"), b.T("取低时", "At low"), b.T("取高时", "At high")}}
	var names []string
	low, high := []opts.BarData{}, []opts.BarData{}
	for i, bar := range b.Risk.Bars {
		of := bar.Param.Field.Unit
		name := b.ElementLabel(bar.Element) + " " + bar.Param.Field.Label.In(b.Lang)
		if i < 2*reports.MostBars {
			t.Rows = append(t.Rows, reports.Row{Name: name, Cells: []reports.Cell{{Text: b.EndsName(bar)}, {Text: b.told(bar.Low, of)}, {Text: b.told(bar.High, of)}, {Text: b.told(bar.AtLow, unit)}, {Text: b.told(bar.AtHigh, unit)}}})
		}
		if i >= reports.MostBars {
			continue
		}
		if i < 3 {
			words = append(words, name+b.T("（", " (")+b.told(bar.AtLow, unit)+b.T(" 到 ", " to ")+b.told(bar.AtHigh, unit)+b.T("）", ")"))
		}
		names = append(names, name)
		low = append(low, b.end(bar.AtLow-b.Risk.Planned, bar.AtHigh-b.Risk.Planned, unit, b.told(bar.Low, of)))
		high = append(high, b.end(bar.AtHigh-b.Risk.Planned, bar.AtLow-b.Risk.Planned, unit, b.told(bar.High, of)))
	}
	says := b.T(b.labels[0]+"：逐项看，影响最大的是"+strings.Join(words, "、")+"。", b.labels[0]+": one by one, the largest are "+strings.Join(words, ", ")+". ")
	if len(words) == 0 {
		says = b.T("没有一项影响这个数。", "No input moves it. ")
	}
	v := reports.Table{Result: -1, Caption: fmt.Sprintf(b.T("模拟中的波动由谁造成（单独解释的方差，一阶 Sobol 指数，%d 次）", "What causes the variance of the simulation (first-order Sobol index, %d paths)"), reports.SharePaths),
		Head: []string{b.T("随机因素", "Source"), b.T("单独解释", "Explained alone")}}
	for _, s := range b.Risk.Shares {
		v.Rows = append(v.Rows, reports.Row{Name: b.SourceNames(s.Sources), Cells: []reports.Cell{{Text: b.told(s.Index, formula.Ratio), Note: "± " + b.told(s.Err, formula.Ratio)}}})
	}
	if len(b.Risk.Shares) > 0 {
		v.Caption += b.T("；", "; ") + strings.ReplaceAll(b.SharesNote(b.Risk.Shares), "+/-", "±")
		s := b.Risk.Shares[0]
		says += b.T("一起变动时，波动的 "+b.told(s.Index, formula.Ratio)+" 由“"+b.SourceNames(s.Sources)+"”单独造成。", "Drawn together, "+b.told(s.Index, formula.Ratio)+" of the variance is due to “"+b.SourceNames(s.Sources)+"” alone.")
	}
	f.Basis = b.T("条形端点标的是参数取值；县的财力状态不是一个参数，不在条形里。", "Beside the bars stand the values the input takes; the county's state is no single input and has no bar.")
	if b.Book.Plan.Uncertainty.Delivery == nil {
		f.Basis = b.T("条形端点标的是参数取值。", "Beside the bars stand the values the input takes.")
	}
	f.Rows, f.Tables = len(names), []reports.Table{t, v}
	f.Views = []figureView{{Words: says, option: b.tornado(says, unit, unique(names), low, high)}}
	return f
}

// endsTag warns of ends that nobody has looked into, among the bars that are drawn.
func (b *briefing) endsTag() string {
	var tags []string
	bars := b.Risk.Bars[:min(reports.MostBars, len(b.Risk.Bars))]
	if slices.ContainsFunc(bars, func(bar analysis.Bar) bool { return bar.Ends == analysis.EndsTenth }) {
		tags = append(tags, b.T("±10% 为默认幅度（示例）", "±10% is a default (illustrative)"))
	}
	if slices.ContainsFunc(bars, func(bar analysis.Bar) bool {
		return bar.Ends == analysis.EndsOfLaw || bar.Ends == analysis.EndsOfRange && bar.Param.Grade == "D"
	}) {
		tags = append(tags, b.T("幅度含示例", "illustrative ends"))
	}
	return strings.Join(tags, b.T("，", ", "))
}

// end is one end of a bar: how far from the plan, and beside it the value the input takes; of two ends on one side the farther one says it.
func (b *briefing) end(away, other float64, unit formula.Unit, text string) opts.BarData {
	d, there := reports.Rounded(away, unit)
	side := "right"
	if away < 0 {
		side = "left"
	}
	behind := away*other > 0 && math.Abs(away) < math.Abs(other)
	return opts.BarData{Value: point(d, there, reports.MoneyPlaces), Label: &opts.Label{Show: opts.Bool(there && !d.IsZero() && !behind), Position: side, Color: chartInk, FontSize: labelText, BackgroundColor: chartVeil, Formatter: text}}
}

// tornado draws both ends from the plan's value outwards, on one row.
func (b *briefing) tornado(words string, unit formula.Unit, names []string, low, high []opts.BarData) map[string]any {
	format := "@wan"
	if unit == formula.Ratio {
		format = "@percent"
	}
	legend := []string{b.T("取低值", "at its low end"), b.T("取高值", "at its high end")}
	c := charts.NewBar()
	c.SetGlobalOptions(b.frame(words, format, nil, legend, "60")...)
	c.SetGlobalOptions(numbersAcross(format), namesDown(names, 300))
	for k, data := range [][]opts.BarData{low, high} {
		c.AddSeries(legend[k], data, charts.WithBarChartOpts(opts.BarChart{BarGap: "-100%", BarCategoryGap: "30%"}), charts.WithItemStyleOpts(opts.ItemStyle{Color: []string{stackColours[2], stackColours[1]}[k], BorderColor: chartPaper, BorderWidth: 1}))
	}
	c.YAxisList[0].AxisLabel.Interval, c.YAxisList[0].AxisLine = "0", &opts.AxisLine{OnZero: opts.Bool(false)}
	return option(c, rows())
}
