package workbook

import (
	"slices"

	"zhencai/model"
	"zhencai/model/formula"
)

// What is shown of every instrument and every project, in the order of a schedule; the last line is the balance.
var (
	instrumentLines = []string{"drawn", "interest", "interest_due", "principal", "service_due", "balance"}
	projectLines    = []string{"cost", "need", "paid_grant", "paid_bond", "paid_cash", "arrears"}
	debtTotals      = []string{"instruments_balance", "contractors_owed", "overdue", "debt", "service_due", "debt_service_ratio", "debt_ratio"}
)

// hasDebts: the plan has an instrument or a project.
func (w *workbook) hasDebts() bool {
	return slices.ContainsFunc(w.run.Book.Plan.Elements, func(e *model.Element) bool { return e.Section == "debt" || e.Section == "projects" })
}

// debtPage is the schedule of debts while it is being written. Its columns are those of a ledger from year 0 on.
type debtPage struct {
	*grid
	w *workbook
}

// debtGrid is the schedule of every debt instrument and every project in every scenario, read from the ledgers.
func (w *workbook) debtGrid() *grid {
	run, cal, t := w.run, w.run.Book.Plan.Calendar, w.run.T
	p := &debtPage{grid: &grid{name: w.debts, tab: outputSheet, frozenRows: 4, frozenCols: unitColumn}, w: w}
	w.head(p.grid, w.title(t("债务与项目：逐笔、逐项", "Debts and projects, one by one")), w.units(), 2)
	h := look{bold: true, color: navy, fill: header, align: "center"}
	w.lineHeader(p.grid, h, p.total())
	for col := cal.Zero(); col < cal.Columns(); col++ {
		head := h
		head.format = wholeFormat
		if col == cal.Zero() {
			head.format, head.end = t(`0" 年末"`, `0" (end)"`), true
		}
		p.put(p.column(col), yearRow, numberCell(w.style(head), float64(cal.First+col)))
	}
	for r := range run.Results {
		p.scenario(r)
	}
	p.widths = append(slices.Clone(w.widths[:unitColumn]), w.widths[yearColumn(cal.Zero()):]...)
	return p.grid
}

func (p *debtPage) column(col int) int { return firstYear + col - p.w.run.Book.Plan.Calendar.Zero() }

func (p *debtPage) total() int { return p.column(p.w.run.Book.Plan.Calendar.Columns()) }

// scenario writes all schedules of one scenario.
func (p *debtPage) scenario(result int) {
	w, run := p.w, p.w.run
	p.band(run.ScenarioLabel(run.Results[result].Scenario), sectionTitle, 20)
	for _, section := range []string{"debt", "projects"} {
		for _, e := range run.Book.Plan.In(section) {
			title := run.ElementLabel(e)
			names := projectLines
			if section == "debt" {
				names = instrumentLines
				title += " · " + model.DebtClass(e.Words["class"]).In(run.Lang)
			}
			p.band(title, blockTitle, 0)
			p.schedule(result, e, names)
		}
	}
	p.band(run.T("合计", "In all"), blockTitle, 0)
	for _, name := range debtTotals {
		if line := run.Line(name); line >= 0 {
			p.line(result, line, w.full[line], false)
		}
	}
}

func (p *debtPage) band(title string, l look, height float64) {
	n := p.last() + 1
	p.strip(p.total(), n, p.w.style(l), title)
	p.row(n).height = height
}

// schedule is one instrument or project: what stood at the start of the year, what came and went, what stands at its end.
func (p *debtPage) schedule(result int, e *model.Element, names []string) {
	run := p.w.run
	closing := run.Line(e.Address() + "." + names[len(names)-1])
	if closing >= 0 {
		label := formula.Textf("年初%s", "%s at the start of the year", formula.Text{ZH: run.Book.Lines[closing].Label.ZH, EN: run.Book.Lines[closing].Label.EN}).In(run.Lang)
		p.line(result, closing, label, true)
	}
	for _, name := range names {
		if name == "interest" && e.Words["method"] != "bullet" { // interest runs and falls due in the same year
			continue
		}
		if line := run.Line(e.Address() + "." + name); line >= 0 {
			p.line(result, line, run.Label(line), false)
		}
	}
}

// line is one row: the cells of the ledger, or those of the year before.
func (p *debtPage) line(result, line int, label string, before bool) {
	w, run, cal, n := p.w, p.w.run, p.w.run.Book.Plan.Calendar, p.last()+1
	l, shift := run.Book.Lines[line], 0
	if before {
		shift = 1
	}
	name := look{ruled: true, indent: 1, bold: l.Total || l.Opening != "" && !before}
	p.put(idColumn, n, textCell(w.style(look{ruled: true, size: 7, color: grey, shrink: true}), l.Address()))
	w.label(p.grid, labelColumn, n, w.widths[labelColumn-1], name, label)
	p.put(unitColumn, n, textCell(w.style(look{ruled: true, size: 8, color: grey, align: "center"}), l.Unit.Text().In(run.Lang)))
	value := look{ruled: true, align: "right", color: green, format: w.format(line), bold: name.bold}
	for col := cal.Zero(); col < cal.Columns(); col++ {
		v := value
		v.end = col == cal.Zero()
		text, from := "", col-shift
		if col >= cal.Zero()+shift && from >= run.Book.Program.Lines[line].First() {
			text = on(w.ledgers[result], at(yearColumn(from), w.rowOf[line]))
		}
		p.put(p.column(col), n, w.ledgerCell(w.style(v), text, result, line, from))
	}
	value.color = ""
	total := cell{style: w.style(value)}
	if !before {
		total = w.totalCell(total.style, p.column(cal.Zero()+1), n, result, line)
	}
	p.put(p.total(), n, total)
}
