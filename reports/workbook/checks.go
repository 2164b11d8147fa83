package workbook

import (
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// Where the check sheet keeps what other sheets read.
const (
	masterCell    = "$D$5" // how many checks do not hold, in all scenarios
	checkHeader   = 4
	masterRow     = 5
	toleranceRow  = 6
	tallyHeader   = 8
	checkIDColumn = 1
	checkColumn   = 2
	checkScenario = 3
	checkFirst    = 4 // first year
)

// checkLines are the identities of the book.
func (w *workbook) checkLines() (lines []int) {
	for i, l := range w.run.Book.Lines {
		if l.Check {
			lines = append(lines, i)
		}
	}
	return lines
}

// off: a check that does not hold. What is compared with the tolerance is rounded to the fen, as every amount that is compared.
func (w *workbook) off(d decimal.Decimal) bool { return d.Abs().Round(6).GreaterThan(w.tolerated) }

// count finds how many checks do not hold, scenario by scenario.
func (w *workbook) count() {
	for r := range w.run.Results {
		n := 0
		for _, line := range w.checkLines() {
			n += w.lineFailures(r, line)
		}
		w.failures = append(w.failures, n)
	}
}

func (w *workbook) lineFailures(result, line int) (n int) {
	for _, year := range w.run.Years() {
		col := w.run.Book.Plan.Calendar.Col(year)
		if d, there := w.run.Number(result, line, col); there && w.off(d) {
			n++
		}
	}
	return n
}

func (w *workbook) failed() (n int) {
	for _, f := range w.failures {
		n += f
	}
	return n + w.unusable
}

// checkGrid is the sheet of all identities: the value of every year from the ledger, whether it holds, and the count.
func (w *workbook) checkGrid() *grid {
	run, cal, t := w.run, w.run.Book.Plan.Calendar, w.run.T
	lines, years := w.checkLines(), cal.Last-cal.Actual
	spread := len(lines) + 2        // of one scenario: its name, its figures, its checks
	flags := checkFirst + years + 1 // the second block of years: the first column says nothing and keeps them apart
	count := flags + years
	results := len(run.Results)
	entries := tallyHeader + results + 1
	first := entries + 2 // of the details
	g := &grid{name: w.checks, tab: checkSheet, frozenRows: checkHeader, frozenCols: checkColumn}
	w.head(g, w.title(t("检查：应恒等于 0 的关系", "Checks: what must be 0")), w.units(), checkColumn)

	h := w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	label := w.style(look{ruled: true, indent: 1})
	bold := w.style(look{ruled: true, indent: 1, bold: true})
	tally := look{ruled: true, bold: true, align: "center", format: wholeFormat}
	g.put(checkColumn, masterRow, textCell(bold, t("总检查：不平处数", "Master check: how many fail")))
	g.put(checkScenario, masterRow, cell{style: bold})
	g.put(checkFirst, masterRow, liveCell(w.style(tally), "SUM("+span(checkFirst, tallyHeader+1, checkFirst, entries)+")", decimal.NewFromInt(int64(w.failed()))))
	g.put(checkColumn, toleranceRow, textCell(label, t("容差（在“", "Tolerance (changed on “")+w.inputs+t("”表修改）", "”)")))
	g.put(checkScenario, toleranceRow, cell{style: label})
	g.put(checkFirst, toleranceRow, liveCell(w.style(look{ruled: true, align: "center", color: green, format: checkFormat}), on(w.inputs, fixed(baseColumn, w.tolerance.row)), w.tolerated))

	for i, s := range []string{"", t("情景", "scenario"), t("检查项", "checks"), t("不平处", "fail")} {
		g.put(i+1, tallyHeader, textCell(h, s))
	}
	for r := range run.Results {
		n, from := tallyHeader+1+r, first+r*spread+1
		formula := "SUM(" + span(count, from, count, from+len(lines)) + ")"
		g.put(checkIDColumn, n, cell{style: label})
		g.put(checkColumn, n, textCell(label, run.ScenarioLabel(run.Results[r].Scenario)))
		g.put(checkScenario, n, numberCell(w.style(look{ruled: true, align: "center", format: wholeFormat}), float64(len(lines)+1)))
		g.put(checkFirst, n, liveCell(w.style(tally), formula, decimal.NewFromInt(int64(w.failures[r]))))
	}
	g.put(checkIDColumn, entries, cell{style: label})
	g.put(checkColumn, entries, textCell(label, t("“", "Entries on “")+w.inputs+t("”表里不可用的输入", "” that cannot be used")))
	g.put(checkScenario, entries, cell{style: label})
	g.put(checkFirst, entries, liveCell(w.style(tally), "SUM("+on(w.inputs, w.entryChecks)+")", decimal.NewFromInt(int64(w.unusable))))

	name := 24.0
	for _, line := range lines {
		name = max(name, width(w.full[line])+3)
	}
	scenario := 10.0
	for _, r := range run.Results {
		scenario = max(scenario, width(run.ScenarioLabel(r.Scenario))+2)
	}
	g.widths = []float64{w.widths[0], min(name, 50), min(scenario, 24)}
	for range years {
		g.widths = append(g.widths, 11)
	}
	g.widths = append(g.widths, 2)
	for range years {
		g.widths = append(g.widths, 7)
	}
	g.widths = append(g.widths, 9)

	w.checkHeader(g, checkHeader, flags, count)
	for r := range run.Results {
		n := first + r*spread
		g.strip(count, n, w.style(blockTitle), run.ScenarioLabel(run.Results[r].Scenario))
		w.figuresLine(g, r, n+1, flags, count)
		for i, line := range lines {
			w.checkLine(g, r, line, n+2+i, flags, count)
		}
	}
	bad, err := w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: red, Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD9D9"}}})
	w.keep(err)
	wrong := []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: "greater than", Value: "0", Format: &bad}}
	g.marks = append(g.marks, mark{span(flags, first, count, max(first, g.last())), wrong},
		mark{span(checkFirst, masterRow, checkFirst, masterRow), wrong},
		mark{span(checkFirst, tallyHeader+1, checkFirst, entries), wrong})

	return g
}

func (w *workbook) checkHeader(g *grid, n, flags, count int) {
	cal, t := w.run.Book.Plan.Calendar, w.run.T
	h := look{bold: true, color: navy, fill: header, align: "center"}
	year, plain := h, w.style(h)
	g.fill(1, count, n, plain)
	for i, s := range []string{t("代码", "id"), t("检查", "check"), t("情景", "scenario")} {
		g.put(i+1, n, textCell(plain, s))
	}
	for i := range cal.Last - cal.Actual {
		year.format = t(`0" 值"`, `0" value"`)
		g.put(checkFirst+i, n, numberCell(w.style(year), float64(cal.Actual+1+i)))
		year.format = wholeFormat
		g.put(flags+i, n, numberCell(w.style(year), float64(cal.Actual+1+i)))
	}
	g.put(count, n, textCell(plain, t("不平处", "fail")))
}

// figuresLine says in which years a scenario's ledger has a cell that could not be computed: an error, where the engine has no result.
func (w *workbook) figuresLine(g *grid, result, n, flags, count int) {
	cal, t := w.run.Book.Plan.Calendar, w.run.T
	last := w.rowOf[len(w.rowOf)-1]
	values := make([]string, cal.Last-cal.Actual)
	for i := range values {
		col := yearColumn(cal.Zero() + 1 + i)
		if i == 0 { // and in the years before
			values[i] = "1-COUNT(SUM(" + on(w.ledgers[result], span(yearColumn(0), w.rowOf[0], col, last)) + "))"
		} else {
			values[i] = "1-COUNT(SUM(" + on(w.ledgers[result], span(col, w.rowOf[0], col, last)) + "))"
		}
	}
	w.checkCells(g, result, n, flags, count, "figures", t("各行都算得出", "every line can be computed"), values, func(int) decimal.Decimal { return decimal.Zero })
}

// checkLine is one identity or requirement of one scenario.
func (w *workbook) checkLine(g *grid, result, line, n, flags, count int) {
	cal := w.run.Book.Plan.Calendar
	values := make([]string, cal.Last-cal.Actual)
	for i := range values {
		values[i] = on(w.ledgers[result], at(yearColumn(cal.Zero()+1+i), w.rowOf[line]))
	}
	w.checkCells(g, result, n, flags, count, w.run.Book.Lines[line].Address(), w.full[line], values, func(i int) decimal.Decimal {
		d, _ := w.run.Number(result, line, cal.Zero()+1+i)
		return d
	})
}

// checkCells writes the row of a check: its value in every year, whether that holds, and in how many years it does not. What could not be computed does not hold.
func (w *workbook) checkCells(g *grid, result, n, flags, count int, id, name string, values []string, now func(i int) decimal.Decimal) {
	t := w.run.T
	small := w.style(look{size: 8, color: grey, ruled: true, align: "center"})
	value := w.style(look{ruled: true, align: "right", color: green, format: checkFormat})
	flag := w.style(look{ruled: true, align: "center", size: 9, color: green, format: t(`"不平";;"平"`, `"off";;"ok"`)})
	g.put(checkIDColumn, n, textCell(w.style(look{size: 7, color: grey, ruled: true, shrink: true}), id))
	w.label(g, checkColumn, n, g.widths[checkColumn-1], look{ruled: true, indent: 1}, name)
	g.put(checkScenario, n, textCell(small, w.run.ScenarioLabel(w.run.Results[result].Scenario)))
	failures := 0
	for i, text := range values {
		d := now(i)
		g.put(checkFirst+i, n, liveCell(value, text, d))
		var wrong decimal.Decimal
		if w.off(d) {
			wrong = decimal.NewFromInt(1)
			failures++
		}
		g.put(flags+i, n, liveCell(flag, fmt.Sprintf("IF(COUNT(%[1]s)=1,(ROUND(ABS(%[1]s),6)>$%[2]s$%[3]d)*1,1)", at(checkFirst+i, n), letters(checkFirst), toleranceRow), wrong))
	}
	sum := w.style(look{ruled: true, align: "center", bold: true, format: wholeFormat})
	g.put(count, n, liveCell(sum, "SUM("+span(flags, n, count-1, n)+")", decimal.NewFromInt(int64(failures))))
}
