package workbook

import (
	"slices"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// clausePage is the sheet of the clauses: what was agreed (from the input sheet), what came of it (from the ledgers), and what it does at the
// margin (static figures of the incentive analysis). Its columns are those of the comparison.
type clausePage struct {
	comparison
}

// baseColumns is how many figures are shown of a clause under another base rule.
const baseColumns = 6

// clauseGrid is the sheet of the clauses.
func (w *workbook) clauseGrid() *grid {
	run, t := w.run, w.run.T
	const widest = 46
	p := &clausePage{comparison{grid: &grid{name: w.clauses, tab: outputSheet, frozenRows: compareHeader, frozenCols: headlineHow, widths: []float64{9, widest, 9, 11}}, w: w}}
	note := w.units()
	_, analysed := run.Analysed()
	if analysed {
		note += t("灰底数为静态数：由程序重算得出，不随本簿改动，更新请运行 zhencai incentive 计划文件夹。", " Figures on grey are static: computed by running the plan again, they do not follow changes in this book; update them with zhencai incentive PLAN.")
	}
	w.head(p.grid, w.title(t("条款：约定、落实与边际效果", "Clauses: terms, outcome and effect at the margin")), note, headlineLabel)
	p.header()
	both := run.BothSides()
	p.band(p.last()+1, both.Caption)
	p.tableRows(both)
	for _, e := range run.Book.Plan.In("transfers") {
		p.clause(e)
	}
	if analysed {
		p.otherBases()
	}
	label := 24.0
	for _, r := range p.rows[compareHeader:] {
		if len(r.cells) > headlineUnit && r.cells[headlineUnit-1].value != nil { // not a title
			s, _ := r.cells[headlineLabel-1].value.(string)
			label = max(label, width(s)+3)
		}
	}
	p.widths = []float64{9, min(label, widest), 9, 11}
	columns := len(run.Results)
	if analysed {
		columns = max(columns, baseColumns)
	}
	for range columns {
		p.widths = append(p.widths, 14)
	}
	if analysed {
		p.sentences()
	}
	return p.grid
}

// title is a row that says what the rows under it are.
func (p *comparison) title(text string) {
	n := p.last() + 1
	style := p.w.style(look{bold: true, size: 9, color: navy, ruled: true})
	p.fill(1, p.lastColumn(), n, style)
	p.put(headlineLabel, n, textCell(style, text))
}

// tableRows writes the rows of a table.
func (p *comparison) tableRows(t reports.Table) {
	for _, row := range t.Rows {
		p.tableRow(row)
	}
}

// tableRow writes one of them: what stands left of its figures, and those.
func (p *comparison) tableRow(row reports.Row) (n int) {
	n = p.last() + 1
	unit := ""
	if row.Unit != "" {
		unit = row.Unit.Text().In(p.w.run.Lang)
	}
	p.labels(n, row.ID, row.Name, unit, row.Over)
	for k, c := range row.Cells {
		p.tableCell(k, n, c, row.Total)
	}
	return n
}

// tableCell writes a cell in a column of figures: live from the ledgers, or a static number on grey; nothing where it has no number.
func (p *comparison) tableCell(column, n int, c reports.Cell, bold bool) {
	if c.Number == nil {
		return
	}
	if c.Live != nil {
		style := p.w.style(look{ruled: true, align: "right", format: p.w.format(c.Live[0].Line), color: green})
		p.put(compareFirst+column, n, liveCell(style, p.w.liveText(c.Live), c.Number.Value))
		return
	}
	format := map[formula.Unit]string{formula.Ratio: ratioFormat, formula.Money: moneyFormat}[c.Number.Unit]
	if c.Number.Places > 0 {
		format = "0." + strings.Repeat("0", int(c.Number.Places))
	}
	style := p.w.style(look{ruled: true, align: "right", format: format, fill: actual, bold: bold})
	if c.Number.Blank {
		p.put(compareFirst+column, n, textCell(style, p.w.run.T("无", "none")))
		return
	}
	p.put(compareFirst+column, n, numberCell(style, c.Number.Value.InexactFloat64()))
}

// clause is one clause: its terms, what came of it, what it does at the margin.
func (p *clausePage) clause(e *model.Element) {
	w, run, t := p.w, p.w.run, p.w.run.T
	p.band(p.last()+1, run.ElementLabel(e)+t("（", " (")+p.kindLabel(e)+t("）", ")"))
	p.title(t("约定（在“", "Terms (changed on “") + w.inputs + t("”表修改）", "”)"))
	for i, l := range run.Book.Lines {
		if l.Element == e && l.Param != nil && (slices.Contains(l.Param.Given, true) || slices.Contains(plainTerms, l.Param.Key)) {
			p.term(i)
		}
	}
	for _, table := range run.Clause(e) {
		p.title(table.Caption)
		p.tableRows(table)
	}
}

// kindLabel is what the kind of a clause is called.
func (p *clausePage) kindLabel(e *model.Element) string {
	return e.Declaration().Label.In(p.w.run.Lang)
}

// plainTerms are shown even where the plan leaves them at their default.
var plainTerms = []string{"term.from", "term.years", "lag", "delivered", "remitted"}

// term shows an input of the clause, row by row as on the input sheet.
func (p *clausePage) term(line int) {
	w, run := p.w, p.w.run
	where := w.places[line]
	l, cal := run.Book.Lines[line], run.Book.Plan.Calendar
	first := cal.Zero() + 1
	if l.Input == formula.History {
		first = 0
	}
	value := look{ruled: true, align: "right", format: w.format(line), color: green}
	if l.Unit == formula.Choice {
		value.align, value.wrap, value.size = "center", true, 8
	}
	for k := range where.rows {
		n, when := p.last()+1, run.T("全部", "all years")
		if where.rows > 1 {
			when = strconv.Itoa(cal.First + first + k)
		}
		p.labels(n, l.Address(), run.Label(line), l.Unit.Text().In(run.Lang), when)
		for r := range run.Results {
			text := on(w.inputs, at(w.columns[r], where.row+k))
			if l.Unit == formula.Choice {
				p.put(compareFirst+r, n, cell{style: w.style(value), formula: text, value: run.Option(line, run.Results[r].Values.Option(line))})
				continue
			}
			d := run.Book.Inputs(run.Scenario(r))[line].At(first + k)
			p.put(compareFirst+r, n, liveCell(w.style(value), text, d))
		}
	}
}

// otherBases is the table of base rules on the first scenario's revenue.
func (p *clausePage) otherBases() {
	run, t := p.w.run, p.w.run.T
	if trials := run.Incentives[0]; trials == nil || len(trials.Bases) == 0 {
		return
	}
	p.band(p.last()+1, t("换基数规则（静态数）：", "Other base rules (static): ")+run.ScenarioLabel(run.Results[0].Scenario)+t("的同一收入", ", the same revenue"))
	table := run.Bases()
	var titles []string
	for _, s := range table.Head {
		titles = append(titles, strings.ReplaceAll(s, "\n", t("：", ": ")))
	}
	p.columnTitles(uncapitalised(titles))
	for _, row := range table.Rows {
		n := p.tableRow(row)
		p.put(headlineUnit, n, textCell(p.w.style(look{size: 8, color: grey, ruled: true, align: "center"}), t("万元；比率", "10k yuan; ratio")))
	}
}

// columnTitles are those of rows that are not by scenario: of the label, then of the columns of figures.
func (p *comparison) columnTitles(titles []string) {
	n := p.last() + 1
	style := p.w.style(look{bold: true, size: 9, color: navy, fill: header, align: "center", wrap: true})
	p.fill(1, compareFirst+len(titles)-2, n, style)
	p.put(headlineLabel, n, textCell(style, titles[0]))
	for k, s := range titles[1:] {
		p.put(compareFirst+k, n, textCell(style, s))
	}
	p.row(n).height = 30
}

// sentences are the edges of the payoff.
func (p *clausePage) sentences() {
	t := p.w.run.T
	found := p.w.run.Findings()
	if len(found) == 0 {
		return
	}
	p.band(p.last()+1, t("收入上下浮动20%时的坎（静态，粗查；细查用 zhencai incentive）", "Edges of the payoff with revenue 20% up or down (static, a quick scan; zhencai incentive looks closer)"))
	for _, s := range found {
		p.sentence(s)
	}
}

// sentence is a text over all columns; their widths must be known by then.
func (p *comparison) sentence(s string) {
	style := p.w.style(look{ruled: true, wrap: true})
	room := -4.0
	for _, w := range p.widths[:p.lastColumn()] {
		room += w
	}
	n := p.last() + 1
	p.strip(p.lastColumn(), n, style, s)
	p.merge(1, n, p.lastColumn())
	p.row(n).height = 5 + 14*float64(wrapped(s, room))
}
