package workbook

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
)

// Where things stand on a ledger, the same on all of them.
const (
	idColumn    = 1
	labelColumn = 2
	unitColumn  = 3
	firstYear   = 4 // column of the calendar's first year
	yearRow     = 4 // calendar years, which formulas read
	countRow    = 5 // 1, 2, … in history and again in the plan years, which input rows are looked up by
	firstLine   = 6
)

// yearColumn is where a column of the calendar stands on a ledger.
func yearColumn(col int) int { return firstYear + col }

// layOut decides every line's row and writes the formulas, once for all ledgers.
func (w *workbook) layOut() {
	book := w.run.Book
	w.rowOf = make([]int, len(book.Lines))
	n := firstLine - 1
	for i, l := range book.Lines {
		if l.Section.ZH != "" {
			n++
		}
		if l.Heading.ZH != "" {
			n++
		}
		n++
		w.rowOf[i] = n
	}
	w.nameLines()
	w.fitColumns()
	sheet := formula.Sheet{
		Row:     func(line int) int { return w.rowOf[line] },
		Column:  func(col int) string { return letters(yearColumn(col)) },
		YearRow: yearRow,
		Choice:  w.run.Option,
	}
	w.formulas = make([][]string, len(book.Lines))
	for i, l := range book.Lines {
		if l.Input != formula.NotInput {
			continue
		}
		w.formulas[i] = make([]string, book.Plan.Calendar.Columns())
		for col := range w.formulas[i] {
			w.formulas[i][col] = book.Program.Excel(i, col, sheet)
		}
	}
}

// ledgerGrid is the sheet of one scenario: a row per line, a column per year.
func (w *workbook) ledgerGrid(result int) *grid {
	run, cal := w.run, w.run.Book.Plan.Calendar
	scenario := run.Results[result].Scenario
	g := &grid{name: w.ledgers[result], tab: calcSheet, frozenRows: firstLine - 1, frozenCols: unitColumn}
	w.head(g, w.title(run.ScenarioLabel(scenario)), run.T("情景：", "Scenario: ")+run.ScenarioLabel(scenario)+"　"+w.units(), 2)
	w.yearHeader(g, cal)
	total := yearColumn(cal.Columns())
	for i := range run.Book.Lines {
		w.headings(g, i, total)
		w.ledgerLine(g, result, i)
	}
	g.widths = w.widths
	w.markChecks(g, total)
	return g
}

// lineHeader stands above what says which line it is, and above its total.
func (w *workbook) lineHeader(g *grid, h look, total int) {
	t := w.run.T
	for i, s := range []string{t("代码", "id"), t("名称", "line"), t("单位", "unit")} {
		g.put(i+1, yearRow, textCell(w.style(h), s))
	}
	g.put(total, yearRow, textCell(w.style(h), t("合计", "total")))
}

func (w *workbook) yearHeader(g *grid, cal formula.Calendar) {
	t := w.run.T
	h := look{bold: true, color: navy, fill: header, align: "center"}
	small := look{size: 8, color: grey, fill: header, align: "center"}
	total := yearColumn(cal.Columns())
	w.lineHeader(g, h, total)
	g.fill(idColumn, unitColumn, countRow, w.style(small))
	for col := range cal.Columns() {
		head, count := h, small
		n := col + 1
		head.format, count.format = wholeFormat, t(`"第"0"年"`, `"year "0`)
		if col <= cal.Zero() {
			head.format, count.format = t(`0" 实绩"`, `0" actual"`), t(`"历史"0`, `"history "0`)
			head.end, count.end = col == cal.Zero(), col == cal.Zero()
		} else {
			n = col - cal.Zero()
		}
		g.put(yearColumn(col), yearRow, numberCell(w.style(head), float64(cal.First+col)))
		g.put(yearColumn(col), countRow, numberCell(w.style(count), float64(n)))
	}
	g.put(total, countRow, textCell(w.style(small), fmt.Sprintf("%d-%d", cal.Actual+1, cal.Last)))
	g.row(yearRow).height = 18
}

// headings writes the section and block titles that stand above a line.
func (w *workbook) headings(g *grid, line, lastCol int) {
	l, n := w.run.Book.Lines[line], w.rowOf[line]-1
	if s := l.Heading.In(w.run.Lang); s != "" {
		g.strip(lastCol, n, w.style(blockTitle), s)
		n--
	}
	if s := l.Section.In(w.run.Lang); s != "" {
		g.strip(lastCol, n, w.style(sectionTitle), s)
		g.row(n).height = 20
	}
}

// ledgerLine writes one line of one scenario.
func (w *workbook) ledgerLine(g *grid, result, line int) {
	l, cal, n := w.run.Book.Lines[line], w.run.Book.Plan.Calendar, w.rowOf[line]
	compiled := w.run.Book.Program.Lines[line]
	name := look{ruled: true, indent: 1, bold: l.Total, strong: l.Total}
	if l.Detail {
		name.color, g.row(n).outline = "595959", 1
	}
	if l.Check {
		name.italic, name.fill = true, checked
	}
	id, unit := name, name
	id.size, id.color, id.shrink, id.indent, id.bold, id.italic = 7, grey, true, 0, false, false
	unit.size, unit.color, unit.align, unit.indent, unit.bold = 8, grey, "center", 0, false
	g.put(idColumn, n, textCell(w.style(id), l.Address()))
	if back := w.linked[line]; back > 0 {
		link := name
		link.color = linkColor
		w.label(g, labelColumn, n, w.widths[labelColumn-1], link, w.labels[line])
		g.links = append(g.links, [2]string{at(labelColumn, n), on(w.compare, at(compareFirst+result, back))})
	} else {
		w.label(g, labelColumn, n, w.widths[labelColumn-1], name, w.labels[line])
	}
	g.put(unitColumn, n, textCell(w.style(unit), l.Unit.Text().In(w.run.Lang)))

	value := name
	value.indent, value.align, value.format = 0, "right", w.format(line)
	if l.Check {
		value.format = checkFormat
	}
	if l.Input != formula.NotInput {
		value.color = green
	}
	if l.Unit == formula.Choice { // its words are longer than a number
		value.size, value.wrap, value.align = 8, true, "center"
		room := w.widths[yearColumn(0)-1] * 1.2
		g.row(n).height = max(g.row(n).height, lineHeight, 4+11*float64(wrapped(w.run.Option(line, w.run.Results[result].Values.Option(line)), room)))
	}
	past := value
	if !l.Check {
		past.fill = actual
	}
	styles := [2]int{w.style(past), w.style(value)}
	edge := past
	edge.end = true
	for col := range cal.Columns() {
		style := styles[1]
		if col < cal.Zero() {
			style = styles[0]
		} else if col == cal.Zero() {
			style = w.style(edge)
		}
		text := w.callUp(line, w.columns[result], yearColumn(col))
		if w.formulas[line] != nil {
			text = w.formulas[line][col]
		} else if col < compiled.First() || col > compiled.Last(cal) {
			text = ""
		}
		g.put(yearColumn(col), n, w.ledgerCell(style, text, result, line, col))
	}
	value.bold, value.color = true, ""
	g.put(yearColumn(cal.Columns()), n, w.totalCell(w.style(value), yearColumn(cal.Zero()+1), n, result, line))
}

// totalCell is what a line's plan years, which stand left of it from a column on, add up to; empty if that is not worth knowing.
func (w *workbook) totalCell(style, first, n, result, line int) cell {
	if !summable(w.run.Book.Lines[line]) {
		return cell{style: style}
	}
	return liveCell(style, formula.Total.Excel(span(first, n, first+len(w.run.Years())-1, n), false), w.run.Total(result, line))
}

// ledgerCell is one year of one line; without a formula it is an empty cell.
func (w *workbook) ledgerCell(style int, formulaText string, result, line, col int) cell {
	if formulaText == "" {
		return cell{style: style}
	}
	v := w.run.Results[result].Values
	if w.run.Book.Lines[line].Unit == formula.Choice {
		return cell{style: style, formula: formulaText, value: w.run.Option(line, v.Option(line))}
	}
	d, blank, there := v.At(line, col)
	switch {
	case !there:
		cal := w.run.Book.Plan.Calendar
		w.keep(fmt.Errorf("%s has no value in %d in scenario %s", w.run.Book.Lines[line].Address(), cal.First+col, w.run.Results[result].Scenario.ID))
		return cell{style: style}
	case blank:
		return cell{style: style, formula: formulaText, value: ""}
	}
	return liveCell(style, formulaText, d)
}

// nameLines decides what the lines are called on a ledger: with their element's name, unless that is the title above them.
func (w *workbook) nameLines() {
	var heading formula.Text
	for i, l := range w.run.Book.Lines {
		if l.Heading.ZH != "" {
			heading = l.Heading
		}
		full, label := w.run.FullLabel(i), w.run.Label(i)
		w.full = append(w.full, full)
		if l.Element == nil || l.Element.Label != heading.ZH {
			label = full
		}
		w.labels = append(w.labels, label)
	}
}

// summable tells whether a line's years are worth adding up: money that flows, neither a balance nor a check nor a mere step.
func summable(l *model.Line) bool {
	return l.Unit == formula.Money && l.Formula != "" && !l.Check && !l.Detail && !l.Level && (l.Opening == "" || l.Past)
}

// markChecks turns a check red where it is off by more than the tolerance.
func (w *workbook) markChecks(g *grid, total int) {
	bad, err := w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: red, Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD9D9"}}})
	w.keep(err)
	var where []string
	first := 0
	for i, l := range w.run.Book.Lines {
		if l.Check {
			n := w.rowOf[i]
			if first == 0 {
				first = n
			}
			where = append(where, span(firstYear, n, total-1, n))
		}
	}
	if first == 0 {
		return
	}
	g.marks = append(g.marks, mark{strings.Join(where, " "), []excelize.ConditionalFormatOptions{
		{Type: "formula", Criteria: fmt.Sprintf("ROUND(ABS(%s),6)>%s", at(firstYear, first), toleranceName), Format: &bad}}})
}

// fitColumns fits the columns to the labels and to the largest number of all scenarios, with room for larger ones.
func (w *workbook) fitColumns() {
	id, label, unit := 10.0, 20.0, 8.0
	var year, sum decimal.Decimal
	for i, l := range w.run.Book.Lines {
		id = max(id, width(l.Address())*0.75+1)
		label = max(label, width(w.labels[i])+3)
		unit = max(unit, width(l.Unit.Text().In(w.run.Lang))*0.85+1)
		for r := range w.run.Results {
			for col := range w.run.Book.Plan.Calendar.Columns() {
				if d, there := w.run.Number(r, i, col); there {
					year = decimal.Max(year, d.Abs())
				}
			}
			if summable(l) {
				sum = decimal.Max(sum, w.run.Total(r, i).Abs())
			}
		}
	}
	w.widths = []float64{min(id, 24), min(label, 46), min(unit, 18)}
	for range w.run.Book.Plan.Calendar.Columns() {
		w.widths = append(w.widths, numberWidth(year))
	}
	w.widths = append(w.widths, numberWidth(sum))
}

// numberWidth is the room for a number with separators and two decimals.
func numberWidth(d decimal.Decimal) float64 {
	digits := len(d.Abs().Truncate(0).String())
	return max(12.7, float64(digits+(digits-1)/3+3)*1.15+2.5)
}
