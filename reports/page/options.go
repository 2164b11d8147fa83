package page

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// What ECharts understands and go-echarts has no field for, all of it. go-echarts shows the parts of a chart to a visitor before it writes them; ours gives back
// each as a type that embeds go-echarts' own and has the missing fields beside. What go-echarts has a field for is set there, where the chart is made.

// extras is that visitor, with what one chart needs besides. The embedded parts are filled in by the visit.
type extras struct {
	charts.BaseConfigurationVisitor
	x       xAxis
	y       yAxis
	series  []series // by place
	colours colours
}

type xAxis struct {
	opts.XAxis
	Z             types.Int       `json:"z,omitempty"`
	BoundaryGap   types.Bool      `json:"boundaryGap,omitempty"`
	NameTextStyle *opts.TextStyle `json:"nameTextStyle,omitempty"`
}

type yAxis struct {
	opts.YAxis
	Interval float64        `json:"interval,omitempty"` // go-echarts has the least and the largest only
	AxisTick *opts.AxisTick `json:"axisTick,omitempty"`
}

type series struct {
	charts.SingleSeries
	Label            *label    `json:"label,omitempty"` // in place of go-echarts'
	EndLabel         *label    `json:"endLabel,omitempty"`
	StackStrategy    string    `json:"stackStrategy,omitempty"`
	Silent           bool      `json:"silent,omitempty"`
	LayoutIterations types.Int `json:"layoutIterations,omitempty"`
	MarkArea         *markArea `json:"markArea,omitempty"`
	MarkLine         *markLine `json:"markLine,omitempty"`
}

type label struct {
	opts.Label
	Distance int    `json:"distance,omitempty"`
	Width    int    `json:"width,omitempty"`
	Overflow string `json:"overflow,omitempty"`
}

type markArea struct {
	opts.MarkAreas
	Silent bool `json:"silent"`
}

// areaEdge is the start or the end of an area across the chart; go-echarts' own cannot have a label.
type areaEdge struct {
	opts.MarkAreaNameYAxisItem
	opts.MarkAreaStyle
}

type markLine struct {
	opts.MarkLines
	Silent bool `json:"silent"`
}

// colours say which numbers have which colour.
type colours struct {
	opts.VisualMap
	Pieces       []colourRange `json:"pieces"`
	ItemWidth    int           `json:"itemWidth"`
	ItemHeight   int           `json:"itemHeight"`
	SelectedMode bool          `json:"selectedMode"`
}

// colourRange is a range of numbers with a colour and a name; go-echarts' has no bound of 0 and single precision.
type colourRange struct {
	opts.Piece
	Gte   any    `json:"gte,omitempty"`
	Lt    any    `json:"lt,omitempty"`
	Label string `json:"label"`
}

type legend struct {
	opts.Legend
	SelectedMode bool `json:"selectedMode"` // go-echarts' takes words only
}

// legendName is a name in a legend that has a sign of its own.
type legendName struct {
	Name string `json:"name"`
	Icon string `json:"icon,omitempty"`
}

type tooltip struct {
	opts.Tooltip
	Confine   bool           `json:"confine"`
	TextStyle opts.TextStyle `json:"textStyle"`
}

// item is a point of a series, with what the page knows of it.
type item struct {
	opts.BarData
	Why  string   `json:"why,omitempty"`  // the number whose reasons it leads to, as in a table
	Says []string `json:"says,omitempty"` // what is said of all series there
}

// items puts points into a series, in place of go-echarts' own.
func items(data []item) charts.SeriesOpts {
	return charts.WithSeriesOpts(func(s *charts.SingleSeries) { s.Data = data })
}

type node struct {
	opts.SankeyNode
	Label *label `json:"label,omitempty"`
	Why   string `json:"why,omitempty"`
}

// link is a flow between nodes; go-echarts' is of single precision.
type link struct {
	opts.SankeyLink
	Value any `json:"value"`
}

// Visit is shown the whole chart.
func (e *extras) Visit(chart map[string]any) {
	chart["textStyle"] = opts.TextStyle{FontFamily: chartFonts}
	for _, unused := range []string{"title", "toolbox", "color"} {
		delete(chart, unused)
	}
}

func (e *extras) VisitLegendOpt(l opts.Legend) any {
	return legend{Legend: l} // no name is switched off: totals and tables would not follow
}

func (e *extras) VisitTooltipOpt(t opts.Tooltip) any {
	t.BackgroundColor, t.BorderColor = chartPaper, chartGrey
	return tooltip{Tooltip: t, Confine: true, TextStyle: opts.TextStyle{FontSize: labelText, Color: chartInk}}
}

func (e *extras) VisitXAxis(x []opts.XAxis) any {
	if e.x.XAxis = x[0]; e.x.Z == nil {
		e.x.Z = opts.Int(5) // over the edges of bars that are 0
	}
	return []xAxis{e.x}
}

func (e *extras) VisitYAxis(y []opts.YAxis) any {
	e.y.YAxis = y[0]
	return []yAxis{e.y}
}

func (e *extras) VisitVisualMaps(v []opts.VisualMap) any {
	e.colours.VisualMap = v[0]
	return e.colours
}

func (e *extras) VisitSeriesOpt(all charts.MultiSeries) any {
	out := make([]series, len(all))
	copy(out, e.series)
	for i, s := range all {
		if out[i].SingleSeries = s; s.Label != nil && out[i].Label == nil {
			out[i].Label = &label{Label: *s.Label}
		}
	}
	return out
}
