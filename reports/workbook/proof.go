package workbook

import (
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Columns of the sheet that holds the engine's figures against the sheet's.
const (
	proofID = 1 + iota
	proofFigure
	proofScenario
	proofUnit
	proofOver
	proofEngine
	proofLive
	proofDifference
	proofAgrees
)

const (
	proofHeader = 4
	proofSum    = 6  // row of the number of figures that differ
	proofTable  = 11 // row above the figures
)

// proofGrid is engine against sheet: every headline of every scenario as the exact engine computed it when the book was written, beside the live
// figure. It is no part of the master check: once an input is changed, the two should differ.
func (w *workbook) proofGrid() *grid {
	run, t, plan := w.run, w.run.T, w.run.Book.Plan
	g := &grid{name: w.proof, tab: checkSheet, frozenRows: proofHeader, frozenCols: proofFigure, widths: []float64{16, 34, 26, 9, 13, 18, 18, 16, 11}}
	w.head(g, w.title(t("核对：引擎与本簿", "Proof: engine against sheet")),
		t("引擎值是写出本簿时精确小数算得的常数；现值是本簿公式当下的结果。改了输入后两者不同是应当的：用 zhencai verify 核对改后的簿。", "Engine: computed in exact decimals when the book was written. Live: what the formulas say now. After an input is changed they should differ; zhencai verify then proves the changed book."), proofFigure)
	label, text := w.style(look{ruled: true, indent: 1}), w.style(look{ruled: true})
	fact := func(n int, name, value string) {
		g.put(proofFigure, n, textCell(label, name))
		g.fill(proofScenario, proofAgrees, n, text)
		g.put(proofScenario, n, textCell(text, value))
	}
	last := proofTable + len(run.Results)*len(w.headlineList())
	fact(proofSum, t("不一致的指标数", "Figures that differ"), "")
	fact(proofSum+1, t("程序版本", "Version of the program"), "zhencai "+Version)
	fact(proofSum+2, t("输入指纹（全部计划文件）", "Hash of the inputs (all plan files)"), plan.Hash)
	fact(proofSum+3, t("规则指纹（全部公式）", "Hash of the rules (all formulas)"), rulesHash(run))
	fact(proofSum+4, t("计划版本、日期", "Version and date of the plan"), join(plan.Version, run.Date))

	h := w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	for i, s := range []string{t("代码", "id"), t("指标", "figure"), t("情景", "scenario"), t("单位", "unit"), t("口径", "over"), t("引擎值（写出时）", "engine (as written)"), t("本簿现值", "sheet (live)"), t("差额", "difference"), t("是否一致", "agrees")} {
		g.put(i+1, proofHeader, textCell(h, s))
	}
	for n, title := range map[int]string{proofSum - 1: t("本簿", "This book"), proofTable: t("主要结果", "Headlines")} {
		g.strip(proofAgrees, n, w.style(blockTitle), title)
	}
	different := 0
	for r := range run.Results {
		for _, headline := range w.headlineList() {
			if w.prove(g, r, headline) {
				different++
			}
		}
	}
	count := look{ruled: true, bold: true, align: "left", format: t(`0" 处";;"0，全部一致"`, `0;;"0: all agree"`)}
	g.put(proofScenario, proofSum, liveCell(w.style(count), "SUM("+span(proofAgrees, proofTable+1, proofAgrees, last)+")", decimal.NewFromInt(int64(different))))
	changed, err := w.file.NewConditionalStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{changed}}})
	w.keep(err)
	g.marks = append(g.marks, mark{span(proofAgrees, proofTable+1, proofAgrees, last), []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: "greater than", Value: "0", Format: &changed}}})
	return g
}

// headlineList are the headlines the book has lines for.
func (w *workbook) headlineList() (shown []model.Headline) {
	for _, h := range model.Headlines {
		if w.run.Line(h.Line) >= 0 {
			shown = append(shown, h)
		}
	}
	return shown
}

// prove writes one headline of one scenario; it tells whether the two differ.
func (w *workbook) prove(g *grid, result int, h model.Headline) bool {
	run, n := w.run, g.last()+1
	line := run.Line(h.Line)
	written := *run
	written.Results = w.written
	c := &comparison{w: w}
	small := w.style(look{size: 8, color: grey, ruled: true, align: "center"})
	g.put(proofID, n, textCell(w.style(look{size: 7, color: grey, ruled: true, shrink: true}), h.Line))
	w.label(g, proofFigure, n, g.widths[proofFigure-1], look{ruled: true, indent: 1}, w.full[line])
	g.put(proofScenario, n, textCell(w.style(look{ruled: true, size: 9, shrink: true}), run.ScenarioLabel(run.Results[result].Scenario)))
	g.put(proofUnit, n, textCell(small, run.Book.Lines[line].Unit.Text().In(run.Lang)))
	g.put(proofOver, n, textCell(small, c.w.run.OverWords(h.How)))

	value := look{ruled: true, align: "right", format: "#,##0.000000"}
	if f := w.format(line); f != moneyFormat {
		value.format = f
	}
	live := value
	live.color = green
	was, now := headlineValue(&written, result, h), headlineValue(run, result, h)
	g.put(proofEngine, n, cell{style: w.style(value), value: was})
	g.put(proofLive, n, cell{style: w.style(live), formula: on(w.compare, at(compareFirst+result, w.headlines[h])), value: now})
	engine, sheet := at(proofEngine, n), at(proofLive, n)
	formulaText, difference := sheet+"-"+engine, 0.0
	a, number := was.(float64)
	b, too := now.(float64)
	switch {
	case h.Line == colourLine:
		formulaText = "IF(" + sheet + "=" + engine + ",0,1)"
	case run.Book.Program.Lines[line].Blank():
		formulaText = fmt.Sprintf(`IF(OR(%s="",%s=""),IF(%s=%s,0,1),%s-%s)`, engine, sheet, engine, sheet, sheet, engine)
	}
	switch {
	case number && too:
		difference = b - a
	case was != now:
		difference = 1
	}
	g.put(proofDifference, n, cell{style: w.style(look{ruled: true, align: "right", format: checkFormat}), formula: formulaText, value: difference})
	agrees, flag := 0.0, w.style(look{ruled: true, align: "center", format: run.T(`"不同";;"一致"`, `"differs";;"agrees"`)})
	differs := w.off(decimal.NewFromFloat(difference))
	if differs {
		agrees = 1
	}
	g.put(proofAgrees, n, cell{style: flag, formula: fmt.Sprintf("IF(ROUND(ABS(%s),6)>%s,1,0)", at(proofDifference, n), on(w.inputs, fixed(baseColumn, w.tolerance.row))), value: agrees})
	return differs
}

// headlineValue is a headline as a cell holds it: a number, a colour, or empty for a blank ratio.
func headlineValue(r *reports.Run, result int, h model.Headline) any {
	d, there := r.Headline(result, h)
	switch {
	case !there:
		return ""
	case h.Line == colourLine:
		return r.Colours()[d.IntPart()]
	}
	return d.InexactFloat64()
}

// rulesHash is one number for all rules of the book: names, formulas and openings of its lines.
func rulesHash(r *reports.Run) string {
	h := newSeal()
	for _, l := range r.Book.Lines {
		if l.Input == formula.NotInput {
			fmt.Fprintf(h, "%s = %s | %s\n", l.Name, l.Formula, l.Opening)
		}
	}
	return h.String()
}
