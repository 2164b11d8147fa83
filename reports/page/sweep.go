package page

import (
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"zhencai/model/formula"
	"zhencai/reports"
)

// sweepFigure is a table of colours of a grid's first figure over its last two axes, the others at their first value; its tables have every figure.
func (b *briefing) sweepFigure(i int) *figure {
	s := b.Risk.Swept[i]
	across := len(s.Axes) - 1
	down := max(across-1, 0)
	columns, rowName, rows := reports.AxisValues(s.Axes[across]), "", []string{""} // a grid with one axis has one row
	if across > 0 {
		rowName, rows = b.AddressName(s.Axes[down].Address), reports.AxisValues(s.Axes[down])
	}
	first := s.Grid.Figures[0]
	unit := b.Book.Lines[b.Line(first.Line)].Unit
	label := b.HeadlineLabel(first)
	f := &figure{ID: "sweep-" + strconv.Itoa(i), Title: s.Title(b.Run) + b.T("：不同组合下的", ": by combination, ") + label + b.unitOf(first.Line, "（万元）", " (10k yuan)"), Rows: min(len(rows), 2*mostLabels)}
	values := s.Grid.Values[0][:len(rows)*len(columns)]
	low, high := extremes(values)
	where := func(p int) string {
		text := b.AddressName(s.Axes[across].Address) + " " + columns[s.Grid.At(p, across)]
		if across > 0 {
			text = rowName + " " + rows[s.Grid.At(p, down)] + b.T("、", ", ") + text
		}
		return text
	}
	words := b.T("没有数。", "No figures.")
	if low >= 0 {
		words = b.T("在“"+b.SweptOn(s)+"”上，最低 "+reports.SampledGrouped(values[low], unit)+"（"+where(low)+"），最高 "+reports.SampledGrouped(values[high], unit)+"（"+where(high)+"）。",
			"From “"+b.SweptOn(s)+"”: lowest "+reports.SampledGrouped(values[low], unit)+" ("+where(low)+"), highest "+reports.SampledGrouped(values[high], unit)+" ("+where(high)+").")
	}
	if low >= 0 && values[low] == values[high] {
		words = b.T("在“"+b.SweptOn(s)+"”上，各种组合都是 "+reports.SampledGrouped(values[low], unit)+"。", "From “"+b.SweptOn(s)+"”: "+reports.SampledGrouped(values[low], unit)+" whatever the combination.")
	}
	f.Basis = b.T("横：", "Across: ") + b.AddressName(s.Axes[across].Address)
	if across > 0 {
		f.Basis += b.T("；竖：", "; down: ") + rowName
	}
	for _, a := range s.Axes[:down] {
		f.Basis += b.T("；", "; ") + b.AddressName(a.Address) + " = " + reports.AxisValues(a)[0]
	}
	f.Basis += b.T("。都是确定的试算，没有随机数。", ". Plain what-ifs, nothing is drawn.")
	var data []opts.HeatMapData
	for p, v := range values {
		d, there := reports.Rounded(v, unit)
		data = append(data, opts.HeatMapData{Value: []any{p % len(columns), p / len(columns), point(d, there, reports.RatioPlaces)}})
	}
	format := "@wholeOfCell"
	if unit == formula.Ratio {
		format = "@percentOfCell"
	}
	labelled := len(columns) <= mostLabels && len(rows) <= 2*mostLabels
	f.Views = []figureView{{Words: words, option: b.heatmap(words, unique(append([]string{}, columns...)), unique(append([]string{}, rows...)), data, b.shadesOf(values, unit), format, labelled)}}
	for k, h := range s.Grid.Figures {
		f.Tables = append(f.Tables, b.Across(s, k, b.HeadlineLabel(h)+b.unitOf(h.Line, "（万元）", " (10k yuan)"), append([]string{rowName}, columns...), rows))
	}
	return f
}

// extremes are the places of the lowest and the highest number; -1 where there is none.
func extremes(values []float64) (low, high int) {
	low, high = -1, -1
	for i, v := range values {
		if v != v {
			continue
		}
		if low < 0 || v < values[low] {
			low = i
		}
		if high < 0 || v > values[high] {
			high = i
		}
	}
	return low, high
}

// shadesOf are five steps from the lowest number to the highest.
func (b *briefing) shadesOf(values []float64, unit formula.Unit) (pieces []colourRange) {
	i, j := extremes(values)
	if i < 0 {
		return nil
	}
	low, high := values[i], values[j]
	const steps = 5
	for k := range steps {
		from, to := low+(high-low)*float64(k)/steps, low+(high-low)*float64(k+1)/steps
		step := shade("--step-"+strconv.Itoa(k), reports.SampledGrouped(from, unit)+"–"+reports.SampledGrouped(to, unit), reports.SampledJSON(from), reports.SampledJSON(to))
		if k == 0 {
			step.Gte = nil
		}
		if k == steps-1 || low == high {
			step.Lt = nil
		}
		if pieces = append(pieces, step); low == high {
			break
		}
	}
	return pieces
}

// heatmap is a table of colours with its numbers in the cells.
func (b *briefing) heatmap(words string, across, down []string, data []opts.HeatMapData, pieces []colourRange, format string, labelled bool) map[string]any {
	c := charts.NewHeatMap()
	c.SetGlobalOptions(b.frame(words, "@wan", nil, nil, "8")...)
	c.SetGlobalOptions(named(across))
	c.SetGlobalOptions(
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(false)}), // the numbers stand in the cells
		namesDown(down, 200),
	)
	edge := float32(3)
	if !labelled {
		edge = 0
	}
	c.AddSeries("", data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(labelled), Color: chartInk, FontSize: chartText + 1, FontWeight: "bold", Formatter: format}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: chartPaper, BorderWidth: edge}))
	c.GridList[0].Top = "44"
	if len(across) > mostLabels {
		c.XAxisList[0].AxisLabel.Interval = "auto"
	}
	if len(down) <= mostLabels {
		c.YAxisList[0].AxisLabel.Interval = "0"
	}
	return option(c, coloured(c, pieces...))
}

// shade is a colour with its name, for numbers from a bound up to another; nil for none.
func shade(colour, name string, from, to any) colourRange {
	return colourRange{Piece: opts.Piece{Color: colour}, Gte: from, Lt: to, Label: name}
}

// coloured gives a table of colours its colours, and names them above it.
func coloured(c *charts.HeatMap, pieces ...colourRange) *extras {
	c.SetGlobalOptions(charts.WithVisualMapOpts(opts.VisualMap{Type: "piecewise", Dimension: "2", Orient: "horizontal", Top: "0", Left: "0", TextStyle: &opts.TextStyle{Color: chartInk, FontSize: chartText}}))
	return &extras{colours: colours{Pieces: pieces, ItemWidth: 26, ItemHeight: 16}}
}

// mostLabels is how many names or numbers a side of a table of colours has room for.
const mostLabels = 12
