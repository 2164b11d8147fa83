package page

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
	"github.com/shopspring/decimal"

	"zhencai/reports"
)

// figure is one chart with its title and data tables. Of a figure that shows one scenario at a time there is a view per scenario.
type figure struct {
	ID, Title string
	Switched  bool
	Tag       string // beside the title: what not to take for more than it is
	Basis     string // under the words: what the figures rest on
	Rows      int    // of a chart with a row per thing: how many, so that it grows with them; 0 for the usual height
	Views     []figureView
	Tables    []reports.Table
}

// Height is the chart's, in rem: two rows of a chart of rows take a line and a half of text each.
func (f figure) Height() int { return max(26, 6+f.Rows*5/2) }

// figureView is a chart and what it says, which is read aloud to who cannot see it.
type figureView struct {
	reports.ScenarioName // of a switched figure
	Words                string
	option               map[string]any
}

// chartData is what boot.js draws: per figure the options of its views.
func chartData(figures []figure) map[string][]map[string]any {
	data := map[string][]map[string]any{}
	for _, f := range figures {
		for _, v := range f.Views {
			data[f.ID] = append(data[f.ID], v.option)
		}
	}
	return data
}

// chartWords are what the views of each figure say, for who cannot see them.
func chartWords(figures []figure) map[string][]string {
	words := map[string][]string{}
	for _, f := range figures {
		for _, v := range f.Views {
			words[f.ID] = append(words[f.ID], v.Words)
		}
	}
	return words
}

// drawn is a chart of go-echarts as far as we use it: a typed builder of options. Its own renderer is never called, because it lets labels run
// as script (see DECISIONS).
type drawn interface {
	Accept(charts.ConfigurationVisitor)
	Validate()
	JSON() map[string]any
}

// option is what ECharts is given of a chart, with what it needs besides; nil if nothing.
func option(c drawn, e *extras) map[string]any {
	if e == nil {
		e = &extras{}
	}
	c.Accept(e)
	c.Validate()
	return c.JSON()
}

// rows are the extras of bars that run across, a row per thing.
func rows() *extras {
	return &extras{x: xAxis{Z: opts.Int(0)}, y: yAxis{AxisTick: &opts.AxisTick{Show: opts.Bool(false)}}}
}

// frame is what all charts with years below and a scale at the left have in common. format is a name in the table of boot.js.
func (b *briefing) frame(words, format string, cols []int, legend []string, right string) []charts.GlobalOpts {
	top := 34 + 26*legendRows(legend)
	return []charts.GlobalOpts{
		charts.WithAnimation(false),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: words}}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: right, Top: strconv.Itoa(top), Bottom: "8", ContainLabel: opts.Bool(true)}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(legend != nil), Left: "0", Top: "0", Data: legend, ItemWidth: 26, ItemHeight: 14,
			TextStyle: &opts.TextStyle{Color: chartInk, FontSize: chartText, Width: legendText, Overflow: "truncate"}}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", ValueFormatter: types.FuncStr(format), AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: b.axisYears(cols), AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
			AxisLine: &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartGrey}}, AxisLabel: axisText("")}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", AxisLabel: axisText(format),
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartRule}}}),
	}
}

// numbersAcross puts numbers below a chart in place of years.
func numbersAcross(format string) charts.GlobalOpts {
	return charts.WithXAxisOpts(opts.XAxis{Type: "value", AxisLabel: axisText(format), SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartRule}}})
}

// namesDown puts a name for each row at the left of a chart.
func namesDown(names []string, width int) charts.GlobalOpts {
	text := axisText("")
	text.Width, text.Overflow = width, "truncate"
	return charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: names, Inverse: opts.Bool(true), AxisLabel: text})
}

// legendRows guesses how many rows names take beside each other on a wide screen; on a narrow one boot.js makes the legend scroll.
func legendRows(names []string) int {
	wide := 0
	for _, name := range names {
		size := 0
		for _, r := range name {
			size += chartText / 2
			if r > 0x2e7f { // Chinese, and what is as wide
				size += chartText / 2
			}
		}
		wide += min(size, legendText) + 50
	}
	return (wide + 1179) / 1180
}

func (b *briefing) axisYears(cols []int) (years []string) {
	for _, col := range cols {
		years = append(years, b.axisYear(col))
	}
	return years
}

func axisText(format string) *opts.AxisLabel {
	return &opts.AxisLabel{Show: opts.Bool(true), Color: chartInk, FontSize: chartText, Formatter: types.FuncStr(format)}
}

// point is a number of a chart, exact to the digits the tables show; an absent one leaves a hole.
func point(d decimal.Decimal, there bool, places int32) any {
	if !there {
		return "-"
	}
	return json.Number(d.StringFixed(places))
}

// bars adds a line as bars of a stack. top, if not nil, labels the stack above its last part.
func (b *briefing) bars(c *charts.Bar, result int, l namedLine, stack, fill, edge string, cols []int, top func(col int) string) {
	data := b.points(result, l.line, reports.MoneyPlaces, cols)
	for i, col := range cols {
		if top != nil {
			text, side := top(col), "top"
			if d, _ := b.at(result, l.line, col); d.Sign() < 0 { // a part below 0 hangs from the axis
				side = "bottom"
			}
			data[i].Label = &opts.Label{Show: opts.Bool(text != ""), Position: side, Color: chartInk, FontSize: labelText, FontWeight: "bold", LineHeight: labelText + 3, Formatter: text}
		}
	}
	c.AddSeries(l.name, nil, items(data), charts.WithBarChartOpts(opts.BarChart{Stack: stack, BarGap: "8%", BarCategoryGap: "24%"}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: fill, BorderColor: edge, BorderWidth: 1.5}))
}

// curve is what scenarios with the same figures share.
type curve struct {
	reports.ScenarioName
	like int // how many others have it too
}

// curves is a chart of one line over the years, a curve per scenario with its name at its end. Scenarios that agree in every year share a curve.
func (b *briefing) curves(words, line, format string, places int32, cols []int) (*charts.Line, *extras) {
	curves := b.distinct(line, cols)
	// A name takes 172: half a year's space at the right of its point, and the rest in the margin.
	right := max(172-500/len(cols), 8)
	c, e := charts.NewLine(), &extras{}
	c.SetGlobalOptions(b.frame(words, format, cols, nil, strconv.Itoa(right))...)
	for _, n := range curves {
		c.AddSeries(n.Label, nil, items(b.points(n.Index, line, places, cols)), charts.WithLineChartOpts(opts.LineChart{Symbol: n.Shape, SymbolSize: 11, ShowSymbol: opts.Bool(true)}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: n.Line, Width: 4, Type: n.Dash}), charts.WithItemStyleOpts(opts.ItemStyle{Color: n.Line}),
			charts.WithLabelLayoutOpts(opts.LabelLayout{MoveOverlap: "shiftY"}))
		e.series = append(e.series, series{EndLabel: &label{Distance: 12, Width: 160, Overflow: "truncate",
			Label: opts.Label{Show: opts.Bool(true), FontSize: chartText, FontWeight: "bold", LineHeight: chartText + 5, Color: n.Ink, Formatter: "{a}"}}})
	}
	c.SetXAxis(b.axisYears(cols))
	return c, e
}

// points are a line's figures in a chart, with their reasons.
func (b *briefing) points(result int, line string, places int32, cols []int) []item {
	data := make([]item, len(cols))
	for i, col := range cols {
		d, ok := b.at(result, line, col)
		data[i].Value, data[i].Why = point(d, ok, places), b.yearCell(result, line, col).Why
	}
	return data
}

// distinct are the curves of a line: of scenarios that agree the first, in ink, because the curve is not its own.
func (b *briefing) distinct(line string, cols []int) (curves []curve) {
	places := map[string]int{}
	for r := range b.Results {
		key := ""
		for _, col := range cols {
			d, there := b.at(r, line, col)
			key += fmt.Sprint(point(d, there, reports.RatioPlaces), " ")
		}
		if place, known := places[key]; known {
			curves[place].like++
			continue
		}
		places[key] = len(curves)
		curves = append(curves, curve{ScenarioName: b.name(r)})
	}
	var names []string
	for i, c := range curves {
		if c.like > 0 {
			n := strconv.Itoa(c.like + 1)
			curves[i].Label = b.T(n+" 个情景相同", n+" scenarios alike")
			if len(curves) == 1 {
				curves[i].Label = b.T("各情景相同", "same in all scenarios")
			}
			curves[i].Line, curves[i].Ink, curves[i].Dash = chartInk, chartInk, "solid"
		}
		names = append(names, curves[i].Label)
	}
	for i, name := range unique(names) {
		curves[i].Label = name
	}
	return curves
}

// agree tells whether a line is the same in all scenarios.
func (b *briefing) agree(line string, cols []int) bool {
	for r := range b.Results {
		for _, col := range cols {
			first, _ := b.at(0, line, col)
			if d, _ := b.at(r, line, col); !d.Equal(first) {
				return false
			}
		}
	}
	return true
}
