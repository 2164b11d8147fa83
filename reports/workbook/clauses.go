package workbook

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// clausePage is the sheet of the clauses: what was agreed (from the input sheet), what came of it (from the ledgers), and what it does at the
// margin (static figures of the incentive analysis). Its columns are those of the comparison.
type clausePage struct {
	comparison
}

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
	p.bothSides()
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
		columns = max(columns, len(baseColumns))
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
	style := p.w.style(look{bold: true, size: 9, color: navy, lines: true})
	p.fill(1, p.lastColumn(), n, style)
	p.put(headlineLabel, n, textCell(style, text))
}

// bothSides is the ledger of town and county over the plan years.
func (p *clausePage) bothSides() {
	p.band(p.last()+1, p.w.run.T("县镇两本账：镇得＋县留＝财政收入", "Both sides of the ledger: town + county = revenue"))
	for _, name := range []string{"amount", "kept", "town_receives_if_due", "county_keeps_if_due", "town_receives", "county_keeps"} {
		p.sum(name)
	}
}

// sum is a line added up over the plan years, live from the ledgers.
func (p *clausePage) sum(name string) {
	line := p.w.run.Line(name)
	p.live(name, p.w.full[line], p.w.run.T("合计", "total"), line, func(result int) (string, decimal.Decimal) {
		return p.summed(result, line), p.w.run.Total(result, line)
	})
}

// summed is the formula of that sum.
func (p *clausePage) summed(result, line int) string {
	cal, n := p.w.run.Book.Plan.Calendar, p.w.rowOf[line]
	return formula.Total.Excel(on(p.w.ledgers[result], span(yearColumn(cal.Zero()+1), n, yearColumn(cal.Columns()-1), n)), false)
}

// live writes a row of formulas, one per scenario, shown as the line is.
func (p *clausePage) live(id, label, how string, line int, of func(result int) (string, decimal.Decimal)) {
	n := p.last() + 1
	p.labels(n, id, label, p.w.run.Book.Lines[line].Unit.Text().In(p.w.run.Lang), how)
	style := p.w.style(look{lines: true, align: "right", format: p.w.format(line), color: green})
	for r := range p.w.run.Results {
		text, d := of(r)
		p.put(compareFirst+r, n, liveCell(style, text, d))
	}
}

// static writes a row of figures that no formula of the book gives.
func (p *comparison) static(label, unit, how, format string, of func(result int) (decimal.Decimal, bool)) {
	n := p.last() + 1
	p.labels(n, "", label, unit, how)
	style := p.w.style(look{lines: true, align: "right", format: format, fill: actual})
	for r := range p.w.run.Results {
		d, there := of(r)
		if !there {
			p.put(compareFirst+r, n, textCell(style, p.w.run.T("无", "none")))
			continue
		}
		p.put(compareFirst+r, n, numberCell(style, d.InexactFloat64()))
	}
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
	p.title(t("落实（取自各情景账）", "Outcome (from the ledgers)"))
	cal := run.Book.Plan.Calendar
	end := strconv.Itoa(cal.Last) + t("年末", " (end)")
	due, paid := e.Address()+".due", e.Address()+".paid"
	p.sum(due)
	p.sum(paid)
	for _, name := range []string{".owed", ".pending"} {
		line := run.Line(e.Address() + name)
		p.live(e.Address()+name, w.full[line], end, line, func(result int) (string, decimal.Decimal) {
			d, _ := run.Number(result, line, cal.Columns()-1)
			return on(w.ledgers[result], at(yearColumn(cal.Columns()-1), w.rowOf[line])), d
		})
	}
	sign, label := "+", t("县留加本条（收入不变）", "County keeps plus this clause (same revenue)")
	if e.Kind == "upload" {
		sign, label = "-", t("县留减本条上解（收入不变）", "County keeps less this upload (same revenue)")
	}
	for _, side := range []struct{ keeps, gives, how string }{{"county_keeps_if_due", due, t("按应得", "as due")}, {"county_keeps", paid, t("按实拨", "as paid")}} {
		keeps, gives := run.Line(side.keeps), run.Line(side.gives)
		p.live(e.Address(), label, side.how, keeps, func(result int) (string, decimal.Decimal) {
			d := w.run.Total(result, gives)
			if sign == "-" {
				d = d.Neg()
			}
			return p.summed(result, keeps) + sign + p.summed(result, gives), w.run.Total(result, keeps).Add(d)
		})
	}
	p.without(e)
	p.margin(e)
}

// without is what the county keeps if the clause is not there: the plan run again, which no formula of the sheet can.
func (p *clausePage) without(e *model.Element) {
	run, t := p.w.run, p.w.run.T
	if _, there := run.Analysed(); !there {
		return
	}
	for _, side := range []struct {
		how string
		of  func(analysis.Sum) decimal.Decimal
	}{{t("按应得", "as due"), func(s analysis.Sum) decimal.Decimal { return s.Due }}, {t("按实拨", "as paid"), func(s analysis.Sum) decimal.Decimal { return s.Paid }}} {
		p.static(t("县留：若没有本条（静态，去掉本条重算）", "County keeps: without this clause (static, run again)"), formula.Money.Text().In(run.Lang), side.how, moneyFormat, func(result int) (decimal.Decimal, bool) {
			a := run.Incentives[result]
			if a == nil {
				return decimal.Zero, false
			}
			k := slices.Index(a.Clauses, e)
			if k < 0 {
				return decimal.Zero, false
			}
			return side.of(a.Without[k].County), true
		})
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
	value := look{lines: true, align: "right", format: w.format(line), color: green}
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

const rateFormat = "0.0000"

// margin is what the clause brings of 1 万元 more revenue a year, and the county's break-even.
func (p *clausePage) margin(e *model.Element) {
	run, t := p.w.run, p.w.run.T
	first, there := run.Analysed()
	if !there {
		return
	}
	k := slices.Index(run.Incentives[first].Clauses, e)
	if !slices.Contains(run.Sharing(), k) {
		return
	}
	p.title(t("边际效果（静态数）：从首年起每年多收1万元，每1万元中由本条归镇", "At the margin (static): of 10k yuan more revenue a year from the first year on, what this clause brings the town"))
	ratio := formula.Ratio.Text().In(run.Lang)
	for _, m := range []struct {
		label string
		of    func(analysis.Gain) decimal.Decimal
	}{
		{t("应得", "due"), func(g analysis.Gain) decimal.Decimal { return g.Due }},
		{t("实拨", "paid"), func(g analysis.Gain) decimal.Decimal { return g.Paid }},
		{t("应得，折现", "due, discounted"), func(g analysis.Gain) decimal.Decimal { return g.DueNow }},
		{t("实拨，折现", "paid, discounted"), func(g analysis.Gain) decimal.Decimal { return g.PaidNow }},
	} {
		p.static(m.label, ratio, t("累计", "over the plan"), rateFormat, func(result int) (decimal.Decimal, bool) {
			a := run.Incentives[result]
			if a == nil || len(a.Overall) == 0 {
				return decimal.Zero, false
			}
			return m.of(a.Overall[0].Rate(a.Overall[0].Clauses[k])), true
		})
	}
	of := func(result int, side func(*analysis.BreakEven) *analysis.Additional, what func(*analysis.Additional) decimal.Decimal) (decimal.Decimal, bool) {
		if a := run.Incentives[result]; a != nil {
			for _, b := range a.BreakEven {
				if b.Clause == e && side(b) != nil {
					return what(side(b)), true
				}
			}
		}
		return decimal.Zero, false
	}
	if !slices.ContainsFunc(run.Incentives[first].BreakEven, func(b *analysis.BreakEven) bool { return b.Clause == e }) {
		return
	}
	p.title(t("县里不亏的条件（静态数）：超基数部分中须由激励带来的比例，与须带来的收入", "The county's break-even (static): the share of growth above the base that the incentive must bring, and the revenue"))
	for _, side := range []struct {
		how string
		of  func(*analysis.BreakEven) *analysis.Additional
	}{
		{t("按应得", "as due"), func(b *analysis.BreakEven) *analysis.Additional { return b.Due }},
		{t("按实拨", "as paid"), func(b *analysis.BreakEven) *analysis.Additional { return b.Paid }},
	} {
		p.static(t("须新增占比", "additional share"), ratio, side.how, ratioFormat, func(result int) (decimal.Decimal, bool) {
			return of(result, side.of, func(a *analysis.Additional) decimal.Decimal { return a.Share })
		})
		p.static(t("须带来收入合计", "revenue to bring, total"), formula.Money.Text().In(run.Lang), side.how, moneyFormat, func(result int) (decimal.Decimal, bool) {
			return of(result, side.of, func(a *analysis.Additional) decimal.Decimal { return a.Revenue })
		})
	}
}

// baseColumns are what is shown of a clause under another base rule.
var baseColumns = []struct {
	zh, en, format string
	of             func(*analysis.BaseTrial) decimal.Decimal
}{
	{"应得合计", "due, total", moneyFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Due }},
	{"实拨合计", "paid, total", moneyFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Paid }},
	{"多收1万元：应得", "10k more: due", rateFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Gain.Due }},
	{"多收1万元：实拨", "10k more: paid", rateFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Gain.Paid }},
	{"应得，折现", "due, discounted", rateFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Gain.DueNow }},
	{"实拨，折现", "paid, discounted", rateFormat, func(b *analysis.BaseTrial) decimal.Decimal { return b.Gain.PaidNow }},
}

// otherBases is the table of base rules on the first scenario's revenue.
func (p *clausePage) otherBases() {
	run, t := p.w.run, p.w.run.T
	trials := run.Incentives[0]
	if trials == nil || len(trials.Bases) == 0 {
		return
	}
	p.band(p.last()+1, t("换基数规则（静态数）：", "Other base rules (static): ")+run.ScenarioLabel(run.Results[0].Scenario)+t("的同一收入", ", the same revenue"))
	titles := []string{t("基数规则", "base rule")}
	for _, c := range baseColumns {
		titles = append(titles, t(c.zh, c.en))
	}
	p.columnTitles(titles)
	for _, b := range trials.Bases {
		n := p.last() + 1
		p.labels(n, b.Clause.Address(), run.BaseName(b), t("万元；比率", "10k yuan; ratio"), "")
		for k, c := range baseColumns {
			p.put(compareFirst+k, n, numberCell(p.w.style(look{lines: true, align: "right", format: c.format, fill: actual, bold: b.Rule.ID == "given"}), c.of(b).InexactFloat64()))
		}
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
	style := p.w.style(look{lines: true, wrap: true})
	room := -4.0
	for _, w := range p.widths[:p.lastColumn()] {
		room += w
	}
	n := p.last() + 1
	p.fill(1, p.lastColumn(), n, style)
	p.put(1, n, textCell(style, s))
	p.merge(1, n, p.lastColumn())
	p.row(n).height = 5 + 14*float64(lines(s, room))
}
