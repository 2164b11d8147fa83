package workbook

import (
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Columns of the sheet of differences.
const (
	changeAddress = 1 + iota
	changeColumn  // its label
	changeLayer
	partOld
	partNew
	partUnit
	partAmount
)

const partHeader = 4

// differenceGrid says of every scenario but the first why it differs from it: what each change contributes, as computed when the book was written,
// and under it what the ledgers say now.
func (w *workbook) differenceGrid() *grid {
	run, t := w.run, w.run.T
	g := &grid{name: w.differences, tab: outputSheet, frozenRows: partHeader, frozenCols: changeColumn}
	w.head(g, w.title(t("差异：与“", "Differences from “")+run.ScenarioLabel(run.Results[0].Scenario)+t("”的差额从哪来", "”")),
		w.units(), changeColumn)
	h := w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	for i, s := range []string{t("代码", "id"), t("改动", "change"), t("层", "layer"), t("原值", "from"), t("新值", "to"), t("单位", "unit"), t("贡献", "contribution")} {
		g.put(i+1, partHeader, textCell(h, s))
	}
	g.row(partHeader).height = 20
	p := &differencePage{g, w}
	g.widths = []float64{22, 30, 14, 20, 20, 9, 17}
	for r := range run.Results {
		if d := run.Difference(r); d != nil {
			for _, c := range d.Parts {
				g.widths[changeColumn-1] = max(g.widths[changeColumn-1], min(width(c.Label.In(run.Lang))+3, 46))
			}
		}
	}
	p.note(t("贡献由程序逐项重算得到，是写簿时的数；改了输入，“现差额”随之变，“未解释”就是贡献里没有的部分。",
		"Contributions were computed by re-runs when the book was written. Change an input and the difference now moves; unexplained is what the contributions do not hold."))
	for r := range run.Results {
		if d := run.Difference(r); d != nil {
			p.block(r, d)
		}
	}
	return g
}

// differencePage is the sheet of differences while it is being written.
type differencePage struct {
	*grid
	w *workbook
}

// block is one scenario's difference.
func (p *differencePage) block(result int, d *analysis.Difference) {
	w, run, t := p.w, p.w.run, p.w.run.T
	line := run.Line(d.Line)
	n := p.last() + 1
	p.strip(partAmount, n, w.style(sectionTitle), run.ScenarioLabel(run.Results[result].Scenario)+"　"+w.full[line]+t("，", ", ")+run.OverWords(d.How))
	p.row(n).height = 20

	first := p.last() + 1
	for _, row := range run.Contributions(d).Rows {
		p.contribution(line, row)
	}
	last := p.last()
	total := d.After.Sub(d.Before)
	sum := "0"
	if len(d.Parts) > 0 {
		sum = "SUM(" + span(partAmount, first, partAmount, last) + ")"
	}
	p.figure(line, t("贡献合计", "contributions"), sum, total, false)
	p.figure(line, t("现差额（本情景减第一个情景，随输入变）", "difference now (this scenario less the first, live)"), w.liveDifference(result, line, d.How), total, true)
	now := p.last()
	p.figure(line, t("未解释（现差额减贡献合计）", "unexplained (difference now less contributions)"), at(partAmount, now)+"-"+at(partAmount, now-1), decimal.Zero, true)
	left, err := w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: red, Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD9D9"}}})
	w.keep(err)
	p.marks = append(p.marks, mark{at(partAmount, p.last()), []excelize.ConditionalFormatOptions{
		{Type: "formula", Criteria: "ROUND(ABS(" + at(partAmount, p.last()) + "),6)>" + toleranceName, Format: &left}}})
	if d.Paths > 0 {
		p.note(run.HowSure(d))
	}
}

// contribution is the row of one change.
func (p *differencePage) contribution(line int, row reports.Row) {
	w, n := p.w, p.last()+1
	text := look{ruled: true, wrap: true}
	small := look{size: 8, color: grey, ruled: true, align: "center"}
	layer, old, now := row.Over, row.Cells[0].Text, row.Cells[1].Text
	p.put(changeAddress, n, textCell(w.style(look{size: 7, color: grey, ruled: true, shrink: true}), row.ID))
	p.put(changeColumn, n, textCell(w.style(look{ruled: true, indent: 1, wrap: true}), row.Name))
	p.put(changeLayer, n, textCell(w.style(look{size: 8, color: "595959", ruled: true, wrap: true}), layer))
	p.put(partOld, n, w.valueCell(text, old))
	p.put(partNew, n, w.valueCell(text, now))
	p.put(partUnit, n, textCell(w.style(small), row.Unit.Text().In(w.run.Lang)))
	p.put(partAmount, n, numberCell(w.style(look{ruled: true, align: "right", format: w.signed(line)}), row.Cells[2].Number.Value.InexactFloat64()))
	deepest := max(wrapped(row.Name, p.widths[changeColumn-1]-3), wrapped(old, p.widths[partOld-1]-1), wrapped(now, p.widths[partNew-1]-1), wrapped(layer, p.widths[changeLayer-1]*1.2-1))
	p.row(n).height = max(lineHeight, 4+14*float64(deepest))
}

// valueCell is the old or new value of a change: a number as a number, so that no program takes it for one that was typed as text.
func (w *workbook) valueCell(l look, text string) cell {
	number, rate := strings.CutSuffix(text, "%")
	d, err := decimal.NewFromString(number)
	if err != nil {
		return textCell(w.style(l), text)
	}
	l.align = "left"
	if rate {
		d, l.format = d.Shift(-2), "0%"
		if !d.Shift(2).IsInteger() {
			l.format = "0.00####%"
		}
	}
	return numberCell(w.style(l), d.InexactFloat64())
}

// figure is a row under the changes: a live number.
func (p *differencePage) figure(line int, label, formulaText string, d decimal.Decimal, live bool) {
	w, n := p.w, p.last()+1
	l := look{ruled: true, bold: true, fill: block}
	p.fill(1, partAmount, n, w.style(l))
	tiny := l
	tiny.size, tiny.color, tiny.bold, tiny.shrink = 7, grey, false, true
	p.put(changeAddress, n, textCell(w.style(tiny), w.run.Book.Lines[line].Address()))
	named := l
	named.indent = 1
	p.put(changeColumn, n, textCell(w.style(named), label))
	small := l
	small.size, small.color, small.bold, small.align = 8, grey, false, "center"
	p.put(partUnit, n, textCell(w.style(small), w.run.Book.Lines[line].Unit.Text().In(w.run.Lang)))
	value := l
	value.align, value.format = "right", w.signed(line)
	if live && strings.Contains(formulaText, "!") {
		value.color = green
	}
	p.put(partAmount, n, liveCell(w.style(value), formulaText, d))
}

func (p *differencePage) note(s string) {
	n := p.last() + 1
	style := p.w.style(look{size: 9, color: "595959", wrap: true})
	p.strip(partAmount, n, style, s)
	p.merge(1, n, partAmount)
	room := -4.0
	for _, x := range p.widths {
		room += x
	}
	p.row(n).height = 5 + 13*float64(wrapped(s, room))
}

// signed is a line's number format with a sign.
func (w *workbook) signed(line int) string {
	f := w.format(line)
	return "+" + f + ";-" + f + ";" + f
}

// liveDifference is a result's figure less the first one's; a year that becomes blank counts as 0 and shows as unexplained.
func (w *workbook) liveDifference(result, line int, how formula.Over) string {
	own, first := how.Excel(w.yearsOf(result, line, how), false), how.Excel(w.yearsOf(0, line, how), false)
	if w.run.Book.Program.Lines[line].Blank() {
		own, first = "SUM("+own+")", "SUM("+first+")"
	}
	return own + "-" + first
}
