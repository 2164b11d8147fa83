package workbook

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"zhencai/model/formula"
	"zhencai/reports"
)

// riskPage is the sheet of risk: static figures of a simulation, of single inputs moved and of grids. Each table has its own columns, scenarios or others.
type riskPage struct {
	comparison
}

// barColumns is how many columns an input's bar takes.
const barColumns = 5

// riskGrid is the sheet of risk.
func (w *workbook) riskGrid() *grid {
	run, t := w.run, w.run.T
	const widest = 46
	p := &riskPage{comparison{grid: &grid{name: w.risk, tab: outputSheet, frozenRows: compareHeader, frozenCols: headlineHow, widths: []float64{9, widest, 9, 11}}, w: w}}
	columns := max(len(run.Results), barColumns)
	for _, s := range run.Risk.Swept {
		columns = max(columns, len(s.Grid.Figures))
	}
	for range columns {
		p.widths = append(p.widths, 14)
	}
	w.head(p.grid, w.title(t("风险：有多大把握", "Risk: how sure")),
		w.units()+t("本表全是静态数：由程序重算得出，不随本簿改动；更新请运行 zhencai run 计划文件夹。", " All figures of this sheet are static: computed by running the plan again, they do not follow changes in this book; update them with zhencai run PLAN."), headlineLabel)
	style := w.style(look{bold: true, color: navy, fill: header, align: "center"})
	p.fill(1, len(p.widths), compareHeader, style)
	for i, title := range []string{t("代码", "id"), t("项目", "what"), t("单位", "unit"), t("年份", "year"), t("数（各表自有表头）", "figures (see each table)")} {
		p.put(i+1, compareHeader, textCell(style, title))
	}
	p.merge(compareFirst, compareHeader, len(p.widths))
	basis, _ := run.Basis()
	p.band(p.last()+1, t("依据", "What this rests on"))
	p.sentence(basis)
	p.spreads()
	p.events()
	for l := range run.Risk.Simulated.Lines {
		p.fan(l)
	}
	p.bars()
	p.shares()
	for _, s := range run.Risk.Swept {
		p.swept(s)
	}
	return p.grid
}

// spreads says of everything that is drawn how far it reaches and what that rests on.
func (p *riskPage) spreads() {
	t := p.w.run.T
	drawing := p.w.run.Drawing()
	for _, row := range drawing.Rows {
		law, reach, drawn, rests := row.Cells[0].Text, row.Cells[1], row.Cells[2].Text, row.Cells[3].Text
		parts := []string{law + t("，九成在 ", ", nine in ten: ") + reach.Text, drawn, rests}
		if row.ID == "delivery" { // states are no law
			parts = []string{reach.Text, rests}
		}
		if reach.Note != "" {
			parts = append(parts, reach.Note)
		}
		p.sentence(row.Name + t("：", ": ") + strings.Join(parts, t("；", "; ")))
	}
	for _, note := range drawing.Notes {
		p.sentence(note)
	}
}

// events is how likely something adverse is, by year and in any year.
func (p *riskPage) events() {
	run, t, s := p.w.run, p.w.run.T, p.w.run.Risk.Simulated
	p.band(p.last()+1, t("不利事件的概率（静态数，", "Probability of adverse events (static, ")+formula.Textf("%d 次模拟）", "%d paths)", s.Paths).In(run.Lang))
	table, each := run.Probabilities(s, true), len(run.Years())+1
	p.columnTitles(table.Head)
	for rows := range slices.Chunk(table.Rows, each) {
		p.title(rows[0].Name)
		last := reports.Row{Name: t("抽样误差", "sampling error"), Unit: formula.Ratio, Over: rows[each-1].Over}
		for _, c := range rows[each-1].Cells {
			last.Cells = append(last.Cells, reports.Cell{Number: c.Error})
		}
		for _, row := range rows {
			row.ID, row.Name = "", t("概率", "probability")
			p.tableRow(row)
		}
		p.tableRow(last)
	}
}

// fan is the quantiles of a line by year.
func (p *riskPage) fan(l int) {
	table := p.w.run.Fans(l)
	p.band(p.last()+1, table.Caption)
	p.columnTitles(table.Head)
	p.tableRows(table)
}

// bars are the inputs that move the first scenario's figure, one at a time.
func (p *riskPage) bars() {
	run, t, by := p.w.run, p.w.run.T, p.w.run.Risk.Simulated.By
	table := run.Tornado(by, run.Risk.Planned, run.Risk.Bars, 2*reports.MostBars)
	p.band(p.last()+1, run.HeadlineLabel(by)+t("：逐项变动时（静态数），", ": one input at a time (static), ")+run.ScenarioLabel(run.Results[0].Scenario))
	p.columnTitles(uncapitalised(table.Head))
	p.tableRow(reports.Row{Name: t("按计划", "as planned"), Unit: run.Book.Lines[run.Line(by.Line)].Unit})
	planned := reports.SampledCell(run.Risk.Planned, run.Book.Lines[run.Line(by.Line)].Unit)
	for _, column := range []int{3, 4} {
		p.tableCell(column, p.last(), planned, false)
	}
	for _, row := range table.Rows {
		n, ends := p.tableRow(row), row.Cells[0].Text
		p.put(compareFirst, n, textCell(p.w.style(look{ruled: true, size: 8, wrap: true, align: "center", fill: actual}), ends))
		p.row(n).height = max(p.row(n).height, 4+11*float64(wrapped(ends, 16)))
	}
	for _, note := range table.Notes {
		p.sentence(note + t("；用 zhencai tornado 列出", "; zhencai tornado lists them"))
	}
}

// shares are what each source explains of the variance.
func (p *riskPage) shares() {
	run, t := p.w.run, p.w.run.T
	table := run.Variance(run.Risk.Simulated.By, run.Risk.Shares)
	p.band(p.last()+1, t("模拟中的波动由谁造成（静态数）：单独解释的方差，一阶 Sobol 指数，", "What causes the variance (static): explained alone, first-order Sobol index, ")+run.ScenarioLabel(run.Results[0].Scenario))
	p.columnTitles(append(uncapitalised(table.Head), t("抽样误差", "sampling error")))
	for _, row := range table.Rows {
		row.Cells = append(row.Cells, reports.Cell{Number: row.Cells[0].Error})
		p.tableRow(row)
	}
	if note := run.SharesNote(run.Risk.Shares); note != "" {
		p.sentence(strings.ReplaceAll(note, "+/-", "±"))
	}
}

// swept is every point of a grid.
func (p *riskPage) swept(s reports.Swept) {
	run, t, axes := p.w.run, p.w.run.T, len(s.Axes)
	p.band(p.last()+1, t("网格（静态数）：", "Grid (static): ")+s.Title(run)+t("，在“", ", from “")+run.SweptOn(s)+t("”上", "”"))
	table := run.Grid(s.Grid, s.Axes, s.Grid.Points())
	p.columnTitles(append([]string{strings.Join(table.Head[:axes], " / ")}, table.Head[axes:]...))
	for _, row := range table.Rows {
		for _, value := range row.Cells[:axes-1] {
			row.Name += " / " + value.Text
		}
		n := p.tableRow(reports.Row{ID: s.ID, Name: row.Name, Cells: row.Cells[axes-1:]})
		p.put(headlineUnit, n, textCell(p.w.style(look{size: 8, color: grey, ruled: true, align: "center"}), t("见表头", "as above")))
	}
}

// uncapitalised are the heads of columns as a sheet writes them.
func uncapitalised(head []string) (out []string) {
	for _, s := range head {
		first, size := utf8.DecodeRuneInString(s)
		out = append(out, string(unicode.ToLower(first))+s[size:])
	}
	return out
}
