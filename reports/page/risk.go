package page

import (
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

// bands are those of a line by column; before the plan years, what it was.
func (b *briefing) bands(result, l int, cols []int) (bands []reports.Band) {
	name := b.Book.Lines[b.Risk.Simulated.Lines[l]].Name
	for _, col := range cols {
		if col >= b.first {
			bands = append(bands, b.Band(result, l, col-b.first))
			continue
		}
		was, _ := b.at(result, name, col)
		bands = append(bands, reports.Band{Edges: slices.Repeat([]float64{was.InexactFloat64()}, len(reports.Quantiles)), Errors: make([]float64, len(reports.Quantiles))})
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
		moved = moved || slices.ContainsFunc(bands, func(one reports.Band) bool { return one.Edges[len(reports.Quantiles)-1] > one.Edges[0] })
		words := b.fanWords(r, name, bands[len(bands)-1].Edges)
		f.add(figureView{ScenarioName: b.name(r), Words: words, option: b.fan(r, name, words, bands, cols)},
			b.Fan(r, line, b.labels[r], b.head(b.T("分位", "Quantile"), cols), bands, b.cells(r, name, cols)))
	}
	if !moved {
		return nil
	}
	return f
}

// fanWords says where the last year lies.
func (b *briefing) fanWords(result int, line string, edges []float64) string {
	at := func(k int) string { return reports.SampledGrouped(edges[k], formula.Money) }
	planned := b.cell(result, line, b.last)
	year := b.yearName(b.last)
	if at(0) == at(4) {
		return b.T(year+"几乎不受影响："+at(2)+" 万元。", year+": hardly moved, "+at(2)+" (10k yuan).")
	}
	return b.T(year+"按计划 "+planned+" 万元；模拟中九成在 "+at(0)+" 到 "+at(4)+" 万元之间，一半在 "+at(1)+" 到 "+at(3)+" 万元之间，中位 "+at(2)+" 万元。",
		year+": planned "+planned+"; nine of ten paths lie between "+at(0)+" and "+at(4)+", half of them between "+at(1)+" and "+at(3)+", the median is "+at(2)+" (10k yuan).")
}

// fan draws bands on each other, from the lowest edge up: whatever their sign, because they may lie below zero or cross it.
func (b *briefing) fan(result int, line, words string, bands []reports.Band, cols []int) map[string]any {
	n := b.name(result)
	wide, narrow, middle, planned := "5%–95%", "25%–75%", b.T("中位数", "median"), b.T("按计划", "as planned")
	c := charts.NewLine()
	c.SetGlobalOptions(b.frame(words, "@wan", cols, []string{narrow, wide, middle, planned}, "24")...)
	c.SetXAxis(b.axisYears(cols))
	edge := func(col, k int) decimal.Decimal {
		d, _ := reports.Rounded(bands[col].Edges[k], formula.Money)
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
func (b *briefing) fanSays(result int, line, planned string, at reports.Band, col int) []string {
	says := []string{b.axisYear(col)}
	for k, q := range reports.Quantiles {
		says = append(says, b.QuantileName(q)+" "+reports.SampledGrouped(at.Edges[k], formula.Money))
	}
	return append(says, planned+" "+b.cell(result, line, col))
}

// spreadTable says of everything that is drawn how far it reaches and what that rests on.
func (b *briefing) spreadTable() reports.Table {
	t := b.Drawing()
	t.Caption = strings.Join(append([]string{t.Caption}, t.Notes...), b.T("；", "; "))
	return t
}

// eventFigure is a table of colours: how likely something adverse is at any time, by scenario.
func (b *briefing) eventFigure() *figure {
	s := b.Risk.Simulated
	basis, tag := b.Basis()
	f := &figure{ID: "events", Tag: tag, Basis: basis, Title: b.T("不利的事有多大可能："+b.span()+"中至少一年发生的概率（%）", "How likely are adverse events: chance of at least one year in "+b.span()+" (%)")}
	ever := len(b.Years())
	var events []string
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
		words = b.T("情景之间差别最大的是“"+events[e]+"”：", "The scenarios differ most in “"+events[e]+"”: ") + reports.SampledGrouped(low, formula.Ratio) + b.T("（"+b.labels[least]+"）到 ", " ("+b.labels[least]+") to ") +
			reports.SampledGrouped(high, formula.Ratio) + b.T("（"+b.labels[most]+"）。", " ("+b.labels[most]+").")
		if low == high {
			words = b.T("“"+events[e]+"”的概率是 ", "The probability of “"+events[e]+"” is ") + reports.SampledGrouped(low, formula.Ratio) + b.T("，各情景相同。", " in every scenario.")
		}
	}
	f.Tables = append(f.Tables, b.Events(func(r int) *reports.ScenarioName { n := b.name(r); return &n }))
	var data []opts.HeatMapData
	var names []string
	for r := range b.Results {
		names = append(names, b.name(r).Label)
		for e, cell := range f.Tables[0].Rows[r].Cells {
			data = append(data, opts.HeatMapData{Value: []any{e, r, point(cell.Number.Value, true, reports.RatioPlaces)}})
		}
	}
	for r := range b.Results {
		f.Tables = append(f.Tables, b.EventYears(r, b.labels[r], b.head(b.T("不利的事", "Event"), b.columns(""))))
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
	var names []string
	low, high := []opts.BarData{}, []opts.BarData{}
	t := b.Tornado(by, b.Risk.Planned, b.Risk.Bars, 2*reports.MostBars)
	for i, row := range t.Rows[:min(reports.MostBars, len(t.Rows))] {
		bar, cells := b.Risk.Bars[i], row.Cells
		if i < 3 {
			words = append(words, row.Name+b.T("（", " (")+cells[3].Text+b.T(" 到 ", " to ")+cells[4].Text+b.T("）", ")"))
		}
		names = append(names, row.Name)
		low = append(low, b.end(bar.AtLow-b.Risk.Planned, bar.AtHigh-b.Risk.Planned, unit, cells[1].Text))
		high = append(high, b.end(bar.AtHigh-b.Risk.Planned, bar.AtLow-b.Risk.Planned, unit, cells[2].Text))
	}
	says := b.T(b.labels[0]+"：逐项看，影响最大的是"+strings.Join(words, "、")+"。", b.labels[0]+": one by one, the largest are "+strings.Join(words, ", ")+". ")
	if len(words) == 0 {
		says = b.T("没有一项影响这个数。", "No input moves it. ")
	}
	v := b.Variance(by, b.Risk.Shares)
	if len(b.Risk.Shares) > 0 {
		v.Caption += b.T("；", "; ") + strings.ReplaceAll(b.SharesNote(b.Risk.Shares), "+/-", "±")
		s := b.Risk.Shares[0]
		says += b.T("一起变动时，波动的 "+reports.SampledGrouped(s.Index, formula.Ratio)+" 由“"+b.SourceNames(s.Sources)+"”单独造成。", "Drawn together, "+reports.SampledGrouped(s.Index, formula.Ratio)+" of the variance is due to “"+b.SourceNames(s.Sources)+"” alone.")
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
