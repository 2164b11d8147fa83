package workbook

import (
	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
)

// palette is for scenarios: distinct also to a colour-blind reader, and in the order of the scenarios.
var palette = []string{"1F4E79", "D9822B", "2E8B57", "B03A48", "6B5B95", "008B9A", "8A6D3B", "7F7F7F"}

// draw puts the charts right of the tables, one under the other. Their ranges are cells of the same sheet.
func (c *comparison) draw(firstYears map[string]int) {
	run, t := c.w.run, c.w.run.T
	results, unit := len(run.Results), t("（万元）", " (10,000 yuan)")
	if results > len(palette) { // more than can be told apart
		results = len(palette)
		unit += formula.Textf("，前 %d 个情景", ", the first %d scenarios", results).In(run.Lang)
	}
	lastShown := compareFirst + results - 1
	var drawn []*excelize.Chart
	for _, name := range yearlyLines {
		first := firstYears[name]
		if first == 0 {
			continue
		}
		last := first + len(run.Years()) - 1
		var series []excelize.ChartSeries
		for r := range results {
			col := compareFirst + r
			color := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{palette[r]}}
			series = append(series, excelize.ChartSeries{
				Name:       on(c.name, fixed(col, compareHeader)),
				Categories: on(c.name, fixed(headlineHow, first)+":"+fixed(headlineHow, last)),
				Values:     on(c.name, fixed(col, first)+":"+fixed(col, last)),
				Fill:       color,
				Line:       excelize.LineOptions{Type: excelize.LineSolid, Width: 2.25},
				Marker:     excelize.ChartMarker{Symbol: "circle", Size: 6, Fill: color},
			})
		}
		title := c.w.full[run.Line(name)] + t("，各情景", ", by scenario") + unit
		drawn = append(drawn, plainChart(excelize.Line, title, series))
	}
	var series []excelize.ChartSeries
	colors := map[string]string{"incentive_due": "9DB7D5", "incentive_paid": "2E8B57", "incentive_owed": "C0504D"}
	for _, h := range model.Headlines {
		row, color := c.rowsOf[h], colors[h.Line]
		if row == 0 || color == "" {
			continue
		}
		series = append(series, excelize.ChartSeries{
			Name:       on(c.name, fixed(headlineLabel, row)),
			Categories: on(c.name, fixed(compareFirst, compareHeader)+":"+fixed(lastShown, compareHeader)),
			Values:     on(c.name, fixed(compareFirst, row)+":"+fixed(lastShown, row)),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}},
		})
	}
	if len(series) > 0 {
		title := t("激励资金：应得合计、实拨合计、期末欠拨，各情景", "Incentives: due and paid in total, owed at the end, by scenario")
		drawn = append([]*excelize.Chart{plainChart(excelize.Col, title+unit, series)}, drawn...)
	}
	for i, one := range drawn {
		c.charts = append(c.charts, chart{at(c.lastColumn()+2, compareHeader+i*chartRows), one})
	}
	if len(drawn) > 0 {
		c.row(compareHeader + len(drawn)*chartRows) // the page reaches as far down as the last chart
	}
}

// Each chart covers so many rows of the sheet, and so many pixels.
const (
	chartRows   = 15
	chartWidth  = 540
	chartHeight = chartRows*22 - 12
)

// plainChart is a chart with nothing on it but what it says: title with unit, thin grid, legend below.
func plainChart(kind excelize.ChartType, title string, series []excelize.ChartSeries) *excelize.Chart {
	no, gap := false, uint(60)
	axis := excelize.Font{Family: font, Color: "404040", Size: 9}
	return &excelize.Chart{
		Type: kind, Series: series, VaryColors: &no, GapWidth: &gap,
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title, Font: &excelize.Font{Family: font, Bold: true, Size: 11, Color: navy}}}},
		Legend:    excelize.ChartLegend{Position: "bottom", Font: &excelize.Font{Family: font, Size: 9, Color: "404040"}},
		XAxis:     excelize.ChartAxis{Font: axis, TickLabelPosition: excelize.ChartTickLabelLow},
		YAxis:     excelize.ChartAxis{Font: axis, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}},
		Dimension: excelize.ChartDimension{Width: chartWidth, Height: chartHeight},
		Format:    excelize.GraphicOptions{Positioning: "oneCell"},
	}
}
