package workbook

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Where things stand on the comparison: one column per scenario.
const (
	compareHeader  = 4
	headlineLabel  = 2
	headlineUnit   = 3
	headlineHow    = 4
	compareFirst   = 5
	coloursInPlace = 4 // 绿 黄 橙 红
)

// comparison is the sheet while it is being written.
type comparison struct {
	*grid
	w       *workbook
	rowsOf  map[model.Headline]int // of the first table
	colours int                    // first row of the list of colours
}

// compareGrid is the page for the table: the headlines of every scenario side by side, differences from the first, charts.
func (w *workbook) compareGrid() *grid {
	run, t := w.run, w.run.T
	c := &comparison{grid: &grid{name: w.compare, tab: outputSheet, frozenRows: compareHeader, frozenCols: headlineHow, onePage: true}, w: w, rowsOf: map[model.Headline]int{}}
	w.head(c.grid, w.title(t("情景对比", "Scenarios compared")), w.units(), headlineLabel)
	c.header()
	summary, label := run.Summary().Rows, 24.0
	for _, row := range summary {
		label = max(label, width(row.Name)+3)
	}
	c.widths = []float64{9, min(label, 46), 9, 11}
	for _, r := range run.Results {
		c.widths = append(c.widths, min(17, max(12.5, width(run.ScenarioLabel(r.Scenario))/2+5)))
	}
	c.widths = append(c.widths, 2) // between tables and charts
	// The list of colours stands under both tables; the formulas of the first need to know where.
	c.colours = compareHeader + 1 + len(summary) + c.differences(summary) + c.yearly() + 1
	for i, h := range run.Headlines() {
		n := compareHeader + 1 + i
		c.rowsOf[h], w.headlines[h], w.linked[w.run.Line(h.Line)] = n, n, n
		c.headline(summary[i], n)
	}
	if len(run.Results) > 1 {
		c.band(c.last()+1, t("与“", "Difference from “")+run.ScenarioLabel(run.Results[0].Scenario)+t("”相差（本情景减去它）", "” (this scenario less that one)"))
		for i, row := range summary {
			if row.ID != colourLine {
				c.difference(row, compareHeader+1+i, c.last()+1)
			}
		}
	}
	first := map[string]int{}
	for _, name := range yearlyLines {
		first[name] = c.years(name)
	}
	c.colourList()
	c.draw(first)
	return c.grid
}

// yearlyLines are shown year by year, in a table and a chart each.
var yearlyLines = []string{"cash", "arrears_total"}

// colourLine holds a place in the list of colours, 0 to 3.
const colourLine = "debt_level"

func (c *comparison) lastColumn() int { return compareFirst + len(c.w.run.Results) - 1 }

// differences and yearly are how many rows those tables take, titles included.
func (c *comparison) differences(summary []reports.Row) int {
	if len(c.w.run.Results) < 2 {
		return 0
	}
	n := 1
	for _, row := range summary {
		if row.ID != colourLine {
			n++
		}
	}
	return n
}

func (c *comparison) yearly() (n int) {
	for _, name := range yearlyLines {
		if c.w.run.Line(name) >= 0 {
			n += 1 + len(c.w.run.Years())
		}
	}
	return n
}

func (c *comparison) header() {
	run, t := c.w.run, c.w.run.T
	style := c.w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	names := []string{t("代码", "id"), t("指标", "figure"), t("单位", "unit"), t("口径", "over")}
	deepest := 1
	for _, r := range run.Results {
		names = append(names, run.ScenarioLabel(r.Scenario))
		deepest = max(deepest, wrapped(run.ScenarioLabel(r.Scenario), 12))
	}
	for i, s := range names {
		c.put(i+1, compareHeader, textCell(style, s))
	}
	c.row(compareHeader).height = 6 + 15*float64(deepest)
}

func (c *comparison) band(n int, title string) {
	c.strip(c.lastColumn(), n, c.w.style(blockTitle), title)
	c.row(n).height = 18
}

// labels writes what stands left of a row's numbers.
func (c *comparison) labels(n int, id, label, unit, how string) {
	small := look{size: 8, color: grey, ruled: true, align: "center"}
	tiny := look{size: 7, color: grey, ruled: true, shrink: true}
	c.put(1, n, textCell(c.w.style(tiny), id))
	c.w.label(c.grid, headlineLabel, n, c.widths[headlineLabel-1], look{ruled: true, indent: 1}, label)
	c.put(headlineUnit, n, textCell(c.w.style(small), unit))
	c.put(headlineHow, n, textCell(c.w.style(small), how))
}

// headline is one row of the summary, read from the ledgers.
func (c *comparison) headline(row reports.Row, n int) {
	w, line := c.w, row.Cells[0].Live[0].Line
	c.labels(n, row.ID, row.Name, row.Unit.Text().In(w.run.Lang), row.Over)
	w.label(c.grid, headlineLabel, n, c.widths[headlineLabel-1], look{ruled: true, indent: 1, color: linkColor}, row.Name)
	c.links = append(c.links, [2]string{at(headlineLabel, n), on(w.ledgers[0], at(labelColumn, w.rowOf[line]))})
	value := look{ruled: true, align: "right", format: w.format(line)}
	if row.ID == colourLine {
		c.put(headlineUnit, n, textCell(w.style(look{size: 8, color: grey, ruled: true, align: "center"}), "—"))
		value.align, value.format = "center", ""
	}
	style := w.style(value)
	for r, figure := range row.Cells {
		text := w.liveText(figure.Live)
		if row.ID == colourLine {
			list := fmt.Sprintf("%s:%s", fixed(headlineLabel, c.colours), fixed(headlineLabel, c.colours+coloursInPlace-1))
			c.put(compareFirst+r, n, cell{style: style, formula: "INDEX(" + list + "," + text + "+1)", value: figure.Text})
		} else if figure.Number.Blank {
			c.put(compareFirst+r, n, cell{style: style, formula: text, value: ""})
		} else {
			c.put(compareFirst+r, n, liveCell(style, text, figure.Number.Value))
		}
		c.links = append(c.links, [2]string{at(compareFirst+r, n), on(w.ledgers[r], at(labelColumn, w.rowOf[line]))})
	}
	if row.ID == colourLine {
		c.paint(n)
	}
}

// liveText is a sum of figures as a formula.
func (w *workbook) liveText(terms []reports.Term) (text string) {
	for _, t := range terms {
		switch {
		case t.Less:
			text += "-"
		case text != "":
			text += "+"
		}
		text += w.figureOf(t.Result, t.Line, t.How)
	}
	return text
}

// figureOf is a line's years as one figure of a result, read from its ledger.
func (w *workbook) figureOf(result, line int, how formula.Over) string {
	return how.Excel(w.yearsOf(result, line, how), w.run.Book.Program.Lines[line].Blank())
}

// yearsOf is where those years stand.
func (w *workbook) yearsOf(result, line int, how formula.Over) string {
	first, last := how.Columns(w.run.Book.Plan.Calendar)
	if first == last && !slices.Contains([]formula.Over{formula.Total, formula.Smallest, formula.Largest, formula.Mean}, how) {
		return on(w.ledgers[result], at(yearColumn(first), w.rowOf[line]))
	}
	return on(w.ledgers[result], span(yearColumn(first), w.rowOf[line], yearColumn(last), w.rowOf[line]))
}

// difference is a row of the summary less its first figure; from is where the summary has it.
func (c *comparison) difference(row reports.Row, from, n int) {
	w, line := c.w, row.Cells[0].Live[0].Line
	c.labels(n, row.ID, row.Name, row.Unit.Text().In(w.run.Lang), row.Over)
	style := w.style(look{ruled: true, align: "right", format: w.signed(line), color: "404040"})
	first := row.Cells[0].Number
	for r, figure := range row.Cells {
		own, base := at(compareFirst+r, from), "$"+at(compareFirst, from)
		text := own + "-" + base
		if w.run.Book.Program.Lines[line].Blank() {
			text = "IF(OR(" + own + `="",` + base + `=""),"",` + text + ")"
		}
		if figure.Number.Blank || first.Blank {
			c.put(compareFirst+r, n, cell{style: style, formula: text, value: ""})
			continue
		}
		c.put(compareFirst+r, n, liveCell(style, text, figure.Number.Value.Sub(first.Value)))
	}
}

// years is the table of a line year by year, which a chart draws; it returns its first row, 0 if the book has no such line.
func (c *comparison) years(name string) int {
	w, run, line := c.w, c.w.run, c.w.run.Line(name)
	if line < 0 {
		return 0
	}
	c.band(c.last()+1, w.full[line]+run.T("，逐年", ", year by year"))
	first := c.last() + 1
	style := w.style(look{ruled: true, align: "right", format: w.format(line)})
	for i, year := range run.Years() {
		n, col := first+i, run.Book.Plan.Calendar.Col(year)
		c.labels(n, name, w.full[line], run.Book.Lines[line].Unit.Text().In(run.Lang), "")
		c.put(headlineHow, n, numberCell(w.style(look{ruled: true, align: "center", format: wholeFormat}), float64(year)))
		for r := range run.Results {
			d, _ := run.Number(r, line, col)
			c.put(compareFirst+r, n, liveCell(style, on(w.ledgers[r], at(yearColumn(col), w.rowOf[line])), d))
		}
	}
	return first
}

var colourFills = []string{"C6E7CC", "FFEFA8", "FFD0A1", "FFB8B8"}

// colourList is the list that the debt colour is looked up in, and its caution.
func (c *comparison) colourList() {
	t := c.w.run.T
	title := t("债务率等级（阈值见“", "Debt colours (thresholds on “") + c.w.inputs + t("”表；县级以上公布的划分，镇级为自行分析评级）", "”; published for counties and above, at town level our own rating)")
	c.band(c.colours-1, title)
	for i, name := range c.w.run.Colours() {
		n := c.colours + i
		c.put(1, n, cell{style: c.w.style(look{ruled: true})})
		c.put(headlineLabel, n, textCell(c.w.style(look{ruled: true, indent: 1, bold: true, fill: colourFills[i]}), name))
		c.put(headlineUnit, n, numberCell(c.w.style(look{size: 8, color: grey, ruled: true, align: "center", format: wholeFormat}), float64(i)))
	}
}

// paint gives the debt colour its colour.
func (c *comparison) paint(n int) {
	for i := range c.w.run.Colours() {
		style, err := c.w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colourFills[i]}}})
		c.w.keep(err)
		c.marks = append(c.marks, mark{span(compareFirst, n, c.lastColumn(), n), []excelize.ConditionalFormatOptions{
			{Type: "formula", Criteria: at(compareFirst, n) + "=" + fixed(headlineLabel, c.colours+i), Format: &style}}})
	}
}
