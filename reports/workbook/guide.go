package workbook

import (
	"cmp"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// guideGrid is the first sheet: what the book is, how to read it, how to change it, and what it does not do.
func (w *workbook) guideGrid() *grid {
	run, t, plan := w.run, w.run.T, w.run.Book.Plan
	g := &grid{name: w.guide, tab: outputSheet, frozenRows: lightRow, widths: []float64{22, 30, 78}}
	w.head(g, w.title(t("说明", "Guide")), t("本簿由计划文件生成：每个结果都是活的公式，可以打开、改数、重算、核对。", "Made from a plan file: every result is a live formula that can be opened, changed, recalculated and checked."), 2)
	p := &guidePage{g, w}
	p.about()
	p.band(t("情景", "Scenarios"))
	if s := plan.Scenarios[0]; s.ID == "base" {
		p.fact(t("基准", "base"), t("计划文件本身，不加任何层；“", "the plan file itself, without layers; the base column of “")+w.inputs+t("”表的基准列", "”"))
	}
	for _, r := range run.Results {
		if r.Scenario.ID != "base" {
			p.fact(run.ScenarioLabel(r.Scenario), layers(run, r.Scenario))
		}
	}
	p.sheets()
	p.colours()
	p.advice()
	return g
}

// about says what the book is, and what its data are worth.
func (p *guidePage) about() {
	w, run, t, plan := p.w, p.w.run, p.w.run.T, p.w.run.Book.Plan
	p.band(t("这是什么", "What this is"))
	p.fact(t("乡镇", "Town"), join(plan.Town, plan.County))
	p.fact(t("标题", "Title"), w.planTitle())
	p.fact(t("版本", "Version"), plan.Version)
	p.fact(t("日期", "Date"), run.Date)
	p.fact(t("状态", "Status"), run.Status())
	p.fact(t("用途", "Purpose"), t("测算各情景下乡镇各年的收入、激励资金、支出、债务与现金，供镇里决策，并与县财政核对、商谈。",
		"Computes the town's revenue, incentives, spending, debt and cash under each scenario, for decisions in the town and for talks with the county."))
	p.fact(t("输入指纹", "Hash of the inputs"), plan.Hash)
	if b := run.Banner(); b != "" {
		warning := b + t("（等级 D，见“", " (grade D, see “") + w.inputs + t("”表等级列）。", "”).")
		n := p.fact(t("数据", "Data"), warning)
		p.put(2, n, textCell(w.style(look{bold: true, color: red, ruled: true, wrap: true}), warning))
	}
	p.fact(t("数据等级", "Grades of the data"), grades(run))
}

// sheets is the map of the sheets.
func (p *guidePage) sheets() {
	w, run, t := p.w, p.w.run, p.w.run.T
	p.band(t("各表", "Sheets"))
	p.sheet(w.guide, outputSheet, t("本页", "This page"))
	p.sheet(w.compare, outputSheet, t("一页纸：各情景的主要结果、与第一个情景的差额、图", "One page: the headlines of every scenario, differences from the first, charts"))
	p.sheet(w.inputs, inputSheet, t("全部输入：单位、来源、等级；每个情景一列。要改数只改这里", "All inputs with unit, source and grade, one column per scenario. The only sheet to change"))
	for r, name := range w.ledgers {
		s := run.Results[r].Scenario
		what := t("分年测算账：", "Ledger by year: ") + run.ScenarioLabel(s)
		p.sheet(name, calcSheet, what)
	}
	if w.hasClauses() {
		p.sheet(w.clauses, outputSheet, t("每条政策：约定、落实、边际效果，县镇两本账", "Every clause: its terms, what came of it, its effect at the margin, both sides of the ledger"))
	}
	if run.Compared() {
		p.sheet(w.differences, outputSheet, t("每个情景与第一个情景的差额由哪些改动构成", "Which changes make up each scenario's difference from the first"))
	}
	if run.Risk != nil {
		p.sheet(w.risk, outputSheet, t("模拟的范围、不利事件的概率、什么最要紧、网格（都是静态数）", "Simulated ranges, adverse events, what matters most, grids (all static)"))
	}
	if w.hasDebts() {
		p.sheet(w.debts, outputSheet, t("逐笔债务、逐个项目：年初、增减、年末", "Every debt and every project: start of the year, what came and went, end"))
	}
	p.sheet(w.checks, checkSheet, t("每条恒等式、每条要求在每个情景、每一年是否成立，输入是否可用", "Whether every identity and requirement holds, by scenario and year, and every entry can be used"))
	p.sheet(w.proof, checkSheet, t("每个主要结果：精确引擎算得的数与本簿现值", "Every headline: what the exact engine computed beside the live figure"))
	if run.Previous != nil {
		p.sheet(w.changes, checkSheet, t("与上一版相比改了哪些输入，各有多大影响", "Which inputs changed since the previous version, and what each does"))
	}
	p.sheet(w.structure, checkSheet, t("由计划文件决定、本簿中锁定的内容，和怎样改", "What the plan file sets and this book locks, and how to change it"))
}

// colours is the key to the colours.
func (p *guidePage) colours() {
	run, t := p.w.run, p.w.run.T
	p.band(t("颜色", "Colours"))
	p.colour(look{color: blue, fill: entry, align: "right", open: false}, "123.45", t("输入：可以改", "input: may be changed"))
	p.colour(look{color: grey, align: "right"}, "123.45", t("情景取“", "a scenario's input that equals “")+baseLabel(run)+t("”列的数（公式指向该列）", "” (a formula)"))
	p.colour(look{color: blue, fill: changed, bold: true, align: "right"}, "123.45", t("情景与“", "a scenario's input that differs from “")+baseLabel(run)+t("”列不同的输入", "”"))
	p.colour(look{color: linkColor}, t("文字", "text"), t("链接：指标到账中的行，账中的行回到对比表", "link: from a figure to its line in a ledger, and back"))
	p.colour(look{align: "right"}, "123.45", t("公式，不要改", "formula, do not change"))
	p.colour(look{color: green, align: "right"}, "123.45", t("取自另一张表的数", "taken from another sheet"))
	p.colour(look{fill: actual, align: "right"}, "123.45", t("历史年份（实绩）", "history years (actual)"))
	p.colour(look{fill: checked, italic: true, align: "right"}, "0.000000", t("检查行：应恒为 0，不平时变红", "check: must be 0, turns red otherwise"))
}

// advice is how to change a number, and what the numbers do not say.
func (p *guidePage) advice() {
	w, run, t := p.w, p.w.run, p.w.run.T
	p.band(t("怎样改一个数", "How to change an input"))
	for _, s := range []string{
		t("1. 到“", "1. On “") + w.inputs + t("”表找到参数（按代码或名称），改黄底蓝字的格；改“", "” find the input by id or name and change a yellow cell; changing the column “") + baseLabel(run) + t("”列，跟随它的情景一起变。", "” moves every scenario that follows it."),
		t("2. 要让某个情景单独取另一个数，先“审阅→撤销工作表保护”（没有密码），再把该情景列里的公式改写成数。", "2. To give one scenario its own number, unprotect the sheet (no password) and overwrite the formula in that scenario's column."),
		t("3. 全簿自动重算；看每张表左上角的检查灯是否仍为“检查全部通过”；变红时，输入表右侧“检查”列和检查表指出是哪一处。", "3. The book recalculates by itself; see that the light in the top left corner still says all checks pass; when it is red, the column “check” on the right of the inputs and the sheet of checks say where."),
		t("4. 要折叠明细行，同样先撤销工作表保护，再点行号左边的 [-]。", "4. To fold detail rows, unprotect the sheet as well, then click [-] left of the row numbers."),
		t("5. 项目个数、支付顺序、还款方式等结构在本簿中锁定，见“", "5. Structure (how many items, the payment order, how debts are repaid) is locked, see “") + w.structure + t("”表：改计划文件后重新运行。", "”: edit the plan file and run again."),
		t("6. 改过的簿用 zhencai verify 文件名 核对：列出改过的输入，公式或数值被动过会报警。", "6. zhencai verify FILE checks a changed book: it lists the inputs changed, and raises an alarm if a formula or a value was tampered with."),
	} {
		p.note(s)
	}

	p.band(t("口径与限度", "Conventions and limits"))
	for _, s := range []string{
		w.units(),
		t("金额按精确小数计算，乘除后取到分（0.000001 万元）；表上只是显示两位小数，不影响计算。", "Amounts are computed in exact decimals and rounded to the fen (0.000001) after multiplying or dividing; the two decimals shown are a display only."),
		t("应得、实拨、欠拨分开计：没有拨到的钱记为县里欠拨，不当作收入。", "Due, paid and owed are kept apart: money not paid is owed by the county and is not counted as received."),
		t("乡镇不得举债：付不出的钱按支付顺序记为欠付，表中不会自动借款补缺口。", "A town may not borrow: what cannot be paid becomes arrears in the payment order; nothing is ever borrowed to close a gap."),
		t("债务率等级的划分是对县级及以上公布的，用在镇级只是自行分析评级，不是官方评定。", "The debt colours are published for counties and above; at town level they are our own analytic rating, not an official one."),
		t("结果取决于输入，不是预测；本簿不含月度资金安排、个别企业的税收，也不代替预算和决算。", "Results follow from the inputs and are not a forecast; the book has no monthly cash, no single firms' taxes, and replaces neither budget nor accounts."),
	} {
		p.note(s)
	}
}

// grades says how many of the plan's parameters are of which quality.
func grades(r *reports.Run) string {
	all := r.Book.Plan.Graded()
	text := formula.Textf("A 经审计 %d，B 正式文件 %d，C 估计 %d，D 示例 %d，未注明 %d（按输入项数，所用的层各算一项）", "A audited %d, B official document %d, C estimate %d, D illustrative %d, none stated %d (number of inputs, each layer in use among them)",
		len(all["A"]), len(all["B"]), len(all["C"]), len(all["D"]), len(all[""]))
	return text.In(r.Lang)
}

// layers says what a scenario lays over the plan, and where that comes from.
func layers(r *reports.Run, s model.Scenario) string {
	var parts []string
	for _, id := range s.Layers {
		for _, y := range r.Book.Plan.Layers {
			if y.ID != id {
				continue
			}
			text := cmp.Or(formula.Text{ZH: y.Label, EN: y.LabelEN}.In(r.Lang), y.ID)
			if y.Source != "" {
				text += r.T("（来源：", " (source: ") + y.Source + r.T("；等级 ", "; grade ") + cmp.Or(y.Grade, "-") + r.T("）", ")")
			}
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return r.T("计划文件本身，不加层", "the plan file itself, no layers")
	}
	return strings.Join(parts, r.T("；", "; "))
}

// guidePage is the guide while it is being written.
type guidePage struct {
	*grid
	w *workbook
}

func (p *guidePage) band(title string) {
	n := p.last() + 1
	p.strip(3, n, p.w.style(sectionTitle), title)
	p.row(n).height = 20
}

// fact is a labelled text over the two wide columns; an empty one is left out.
func (p *guidePage) fact(label, s string) int {
	if strings.TrimSpace(s) == "" {
		return p.last()
	}
	n := p.last() + 1
	style := p.w.style(look{ruled: true, wrap: true})
	p.put(1, n, textCell(p.w.style(look{ruled: true, color: "595959"}), label))
	p.fill(2, 3, n, style)
	p.put(2, n, textCell(style, s))
	p.merge(2, n, 3)
	p.row(n).height = 5 + 14*float64(wrapped(s, p.widths[1]+p.widths[2]-4))
	return n
}

// note is a sentence over all columns.
func (p *guidePage) note(s string) {
	n := p.last() + 1
	style := p.w.style(look{ruled: true, wrap: true})
	p.strip(3, n, style, s)
	p.merge(1, n, 3)
	p.row(n).height = 5 + 14*float64(wrapped(s, p.widths[0]+p.widths[1]+p.widths[2]-6))
}

// sheet is an entry of the sheet map, with a link.
func (p *guidePage) sheet(name string, sort tab, what string) {
	t, n := p.w.run.T, p.last()+1
	names := map[tab]string{inputSheet: t("输入", "input"), calcSheet: t("计算", "calculation"), outputSheet: t("输出", "output"), checkSheet: t("检查", "check")}
	p.put(1, n, textCell(p.w.style(look{ruled: true, color: linkColor}), name))
	p.put(2, n, textCell(p.w.style(look{ruled: true, color: string(sort), size: 9}), names[sort]))
	p.put(3, n, textCell(p.w.style(look{ruled: true}), what))
	p.links = append(p.links, [2]string{at(1, n), quoted(name) + "!A1"})
	p.row(n).height = 17
}

// colour is an entry of the colour key.
func (p *guidePage) colour(l look, sample, meaning string) {
	n := p.last() + 1
	l.ruled = true
	p.put(1, n, textCell(p.w.style(l), sample))
	p.put(2, n, textCell(p.w.style(look{ruled: true, indent: 1}), meaning))
	p.put(3, n, cell{style: p.w.style(look{ruled: true})})
	p.row(n).height = 17
}

func join(parts ...string) string {
	var there []string
	for _, s := range parts {
		if s != "" {
			there = append(there, s)
		}
	}
	return strings.Join(there, "　")
}
