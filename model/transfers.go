package model

import (
	"slices"

	"zhencai/model/formula"
)

// termField, and the fields after it, are common to all transfers: when it runs, when it is payable, how much of it is really paid.
func settlementFields(incentive string) []Field {
	return []Field{
		{Key: "term", Kind: GroupField, Label: Text{ZH: "期限", EN: "Term"}, Fields: []Field{
			{Key: "from", Unit: formula.Year, Default: "first_year", Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "起始年", EN: "First year"}},
			{Key: "years", Unit: formula.Years, Default: "plan_years", Whole: true, Min: "1", Max: "100", Label: Text{ZH: "年数", EN: "Number of years"}},
		}},
		{Key: "lag", Unit: formula.Years, Default: "0", Whole: true, Min: "0", Max: "3", Label: Text{ZH: "结算滞后", EN: "Settlement lag"},
			Doc: Text{ZH: "年终结算：本年应得，几年后应付", EN: "years from due to payable (annual settlement)"}},
		{Key: "delivered", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "兑现率", EN: "Delivery rate"}},
		{Key: "caught_up", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "补发率", EN: "Catch-up rate"},
			Doc: Text{ZH: "当年补发上年末欠拨的比例", EN: "the part of last year's debt paid this year"}},
		{Key: "owed_opening", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初欠拨", EN: "Owed at the start"}},
		{Key: "past_due", Unit: formula.Money, Series: History, Default: "0", Min: "0", Label: Text{ZH: "以前年度应得", EN: "Due for earlier years"},
			Doc: Text{ZH: "测算期前的应得数，因结算滞后在测算期内应付", EN: "due for years before the plan, payable within it because of the lag"}},
		{Key: "incentive", Kind: SwitchField, Default: incentive, Label: Text{ZH: "是激励政策", EN: "Is an incentive"}},
	}
}

func withSettlement(incentive string, fields ...Field) []Field {
	return append(fields, settlementFields(incentive)...)
}

// uploadSettlement is the same for what the town pays: under names of its own, so that transfers.*.delivered is what the county does.
func uploadSettlement(fields ...Field) []Field {
	all := withSettlement("false", fields...)
	for i := range all {
		switch all[i].Key {
		case "delivered":
			all[i].Key, all[i].Label = "remitted", Text{ZH: "上缴率", EN: "Remittance rate"}
		case "caught_up":
			all[i].Key, all[i].Label, all[i].Doc = "remitted_late", Text{ZH: "补缴率", EN: "Late remittance rate"}, Text{ZH: "当年补缴上年末欠缴的比例", EN: "the part of last year's debt paid up this year"}
		case "owed_opening":
			all[i].Label = Text{ZH: "期初欠缴", EN: "Owed to the county at the start"}
		}
	}
	return slices.DeleteFunc(all, func(f Field) bool { return f.Key == "incentive" })
}

var indexFields = []Field{
	{Key: "indexed", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1", Max: "1000%", Label: Text{ZH: "递增率", EN: "Indexation"},
		Doc: Text{ZH: "每年递增（负数为递减）", EN: "growth per year (negative: taper)"}},
	{Key: "indexed_from", Unit: formula.Year, Optional: true, Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "首个递增年", EN: "First indexed year"},
		Doc: Text{ZH: "从这一年起比上一年递增；不写则为期限的第二年", EN: "the first year that grows over the one before; if absent, the second year of the term"}},
}

// transferKinds are the rules a county may pay by, or be paid by.
func transferKinds() []Kind {
	return []Kind{
		aboveBase,
		{Name: "fixed", Label: Text{ZH: "定额补助", EN: "Fixed subsidy"}, build: (*builder).writeFixed,
			Fields: withSettlement("true", append([]Field{{Key: "amount", Unit: formula.Money, Series: Held, Min: "0", Label: Text{ZH: "定额", EN: "Amount"}}}, indexFields...)...)},
		{Name: "per_head", Label: Text{ZH: "按人头补助", EN: "Per head"}, build: (*builder).writePerHead,
			Fields: withSettlement("false", headsField, Field{Key: "standard", Unit: formula.MoneyPerPerson, Series: Held, Min: "0", Label: Text{ZH: "人均标准", EN: "Standard per person"}})},
		{Name: "grant", Label: Text{ZH: "专项补助", EN: "Grant"}, build: (*builder).writeGrant,
			Fields: withSettlement("false", Field{Key: "amount", Unit: formula.Money, Series: Events, Min: "0", Label: Text{ZH: "补助额", EN: "Amount"}},
				Field{Key: "earmarked_to", Kind: RefField, Of: "projects", Optional: true, Label: Text{ZH: "专用于项目", EN: "Earmarked to"}})},
		{Name: "upload", Label: Text{ZH: "上解", EN: "Upload to the county"}, build: (*builder).writeUpload,
			Fields: uploadSettlement(append([]Field{
				{Key: "amount", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "定额上解", EN: "Fixed upload"}},
				{Key: "rate", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1", Label: Text{ZH: "上解比例", EN: "Share uploaded"}},
				{Key: "of", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "比例上解的基数", EN: "Line the share is of"}},
			}, indexFields...)...)},
		{Name: "formula", Label: Text{ZH: "自定公式", EN: "Own formula"}, build: (*builder).writeFormula,
			Fields: withSettlement("true", Field{Key: "formula", Kind: FormulaField, Label: Text{ZH: "公式", EN: "Formula"}},
				Field{Key: "lines", Kind: LinesField, Optional: true, Label: Text{ZH: "辅助行", EN: "Lines of its own"}})},
	}
}

// writeTransfers adds every transfer (its rule, then its settlement) and the totals of what the county owes and pays.
func (b *builder) writeTransfers() {
	b.section = Text{ZH: "二、县对镇转移支付与上解", EN: "2. Transfers and uploads"}
	for _, e := range b.plan.In("transfers") {
		b.of(e)
		b.heading = e.Text()
		for _, k := range transferKinds() {
			if k.Name == e.Kind {
				k.build(b, e)
			}
		}
		b.of(e)
		b.settle(e)
	}
	b.heading = Text{ZH: "转移支付合计", EN: "All transfers"}
	for _, group := range []struct{ name, of, zh, en string }{
		{"transfers", "transfers_in", "县对镇转移支付", "Transfers"},
		{"incentive", "incentives", "激励资金", "Incentives"},
		{"uploads", "uploads", "上解支出", "Uploads"},
	} {
		b.group(group.of)
		for _, m := range []struct{ name, zh, en string }{{"due", "应得", "due"}, {"payable", "应付", "payable"}, {"paid", "实拨", "paid"}, {"owed", "欠拨", "owed"}, {"pending", "未到结算期", "not yet payable"}} {
			if group.name == "uploads" && m.name == "paid" {
				m.zh = "实缴"
			} else if group.name == "uploads" {
				m.zh = map[string]string{"due": "应缴", "payable": "应付", "owed": "欠缴", "pending": "未到结算期"}[m.name]
			}
			opening := ""
			if m.name == "owed" || m.name == "pending" {
				opening = "sum(" + group.of + ".*." + m.name + ")"
			}
			b.totals(Line{Line: formula.Line{Name: group.name + "_" + m.name, Unit: formula.Money, Formula: "sum(" + group.of + ".*." + m.name + ")", Opening: opening},
				Label: Text{ZH: group.zh + m.zh, EN: group.en + " " + m.en}, Example: group.of + ".*." + m.name + "=91.82219,187.5 -> 279.32219"})
		}
	}
}

// settle turns the award of a rule into due, payable, paid and owed.
func (b *builder) settle(e *Element) {
	b.input("term.from", "term.years", "past_due")
	b.line(
		Line{Line: formula.Line{Name: "in_term", Unit: formula.Flag, Formula: "year >= term.from and year < term.from + term.years"},
			Label: Text{ZH: "在期限内", EN: "in its term"}, Example: "year=2026 term.from=2022 term.years=5 -> 1", Detail: true},
	)
	due := Line{Line: formula.Line{Name: "due", Unit: formula.Money, Formula: "when(in_term, award, 0)", Opening: "past_due", Past: true, ZeroBefore: true},
		Label: Text{ZH: "应得", EN: "due"}, Example: "in_term=1 award=543.393347 -> 543.393347"}
	if by := b.deductors(e); len(by) > 0 {
		b.line(Line{Line: formula.Line{Name: "due_before", Unit: formula.Money, Formula: "when(in_term, award, 0)"}, Label: Text{ZH: "扣减前应得", EN: "due before deductions"}, Example: "in_term=1 award=30 -> 30", Level: true})
		due.Formula, due.Example = "due_before - transfers."+by[0].ID+".deducted", "due_before=30 transfers."+by[0].ID+".deducted=10 -> 20"
		if len(by) > 1 {
			b.fail("deducted_twice", by[1].Pos, formula.Textf("%s 的短收也从 %s 扣减，而它已有 %s 扣减", "the shortfall of %s is also taken from %s, from which %s takes already", by[1].Text(), e.Text(), by[0].Text()),
				Text{ZH: "从另一笔补助扣减", EN: "take it from another transfer"})
		}
	}
	b.line(due)
	delivered, caughtUp, worked := "delivered", "caught_up", "payable=347.238135 delivered=0.4 prev(owed)=137.733285 caught_up=0.25 -> 173.328575"
	if e.Kind == "upload" {
		delivered, caughtUp, worked = "remitted", "remitted_late", "payable=40 remitted=0.9 prev(owed)=10 remitted_late=0.5 -> 41"
	}
	b.input("lag", delivered, caughtUp, "owed_opening")
	b.line(
		Line{Line: formula.Line{Name: "payable", Unit: formula.Money, Formula: "sum_years(due, year - lag, year - lag)"},
			Label: Text{ZH: "应付", EN: "payable"}, Example: "year=2024 lag=1 due[2023]=347.238135 due[2024]=543.393347 -> 347.238135"},
		Line{Line: formula.Line{Name: "paid", Unit: formula.Money, Formula: "min(round(payable * " + delivered + ") + round(prev(owed) * " + caughtUp + "), prev(owed) + payable)"},
			Label: Text{ZH: "实拨", EN: "paid"}, Example: worked},
		Line{Line: formula.Line{Name: "owed", Unit: formula.Money, Formula: "prev(owed) + payable - paid", Opening: "owed_opening"},
			Label: Text{ZH: "欠拨", EN: "owed"}, Example: "prev(owed)=137.733285 payable=347.238135 paid=173.328575 -> 311.642845"},
		Line{Line: formula.Line{Name: "pending", Unit: formula.Money, Formula: "prev(pending) + due - payable", Opening: "sum_years(due, year - lag + 1, year)"},
			Label: Text{ZH: "未到结算期", EN: "not yet payable"}, Example: "prev(pending)=347.238135 due=543.393347 payable=347.238135 -> 543.393347", Detail: true},
	)
	b.check("settlement", "due - paid - (owed - prev(owed)) - (pending - prev(pending))", Text{ZH: "应得＝实拨＋欠拨增加＋未到期增加", EN: "due = paid + change of owed + change of not yet payable"},
		"due=10 paid=4 owed=9 prev(owed)=5 pending=3 prev(pending)=1 -> 0")
	b.termWarnings(e)
	if e.Kind == "upload" {
		b.member("uploads")
		return
	}
	b.member("transfers_in")
	if e.Words["incentive"] == "true" {
		b.member("incentives")
	}
	if project := e.Refs["earmarked_to"]; len(project) == 1 {
		b.member("grants_for." + project[0])
	} else {
		b.member("free_transfers")
	}
}

// termWarnings says when nothing can ever be paid in the plan years, or when a lag leaves the first years empty for want of past_due.
func (b *builder) termWarnings(e *Element) {
	cal := b.plan.Calendar
	value := func(key string, s int) int64 { return e.Params[key].Values[s].Same.IntPart() }
	for s, scenario := range b.plan.Scenarios {
		from, years, lag := value("term.from", s), value("term.years", s), value("lag", s)
		first, last := from+lag, from+years-1+lag
		before := nonzero(e.Params["past_due"].Values[s])
		switch {
		case (last <= int64(cal.Actual) || first > int64(cal.Last)) && !nonzero(e.Params["owed_opening"].Values[s]) && !before:
			b.warn("never_paid", e.Params["term.from"].at(s), formula.Textf("%s 的应付年份 %d-%d 与测算期 %d-%d 不重叠，一分钱也不会有（情景 %s）",
				"%s is payable in %d-%d, outside the plan years %d-%d: it never pays (scenario %s)", e.Text(), first, last, cal.Actual+1, cal.Last, scenario.ID),
				Text{ZH: "核对 term: {from, years} 和 lag", EN: "check term: {from, years} and lag"})
		case from <= int64(cal.Actual) && lag > 0 && !before:
			b.warn("past_due_missing", e.Params["lag"].at(s), formula.Textf("%s 从 %d 年开始、滞后 %d 年，测算期头几年应付的是以前年度的应得，计划没有写（情景 %s）",
				"%s began in %d with a lag of %d: what is payable in the first plan years was due before, and the plan does not say it (scenario %s)", e.Text(), from, lag, scenario.ID),
				Text{ZH: "补上 past_due: {2021: …}", EN: "add past_due: {2021: …}"})
		case before && lag == 0:
			b.warn("past_due_idle", e.Params["past_due"].at(s), formula.Textf("%s 没有结算滞后，以前年度应得不会再应付（情景 %s）", "%s has no lag, so what was due in earlier years is not payable again (scenario %s)", e.Text(), scenario.ID),
				Text{ZH: "还欠着的写在 owed_opening", EN: "write what is still owed in owed_opening"})
		default:
			continue
		}
		return
	}
}

func award(f, example string) Line {
	return Line{Line: formula.Line{Name: "award", Unit: formula.Money, Formula: f}, Label: Text{ZH: "按规则应得", EN: "by the rule"}, Example: example}
}

// indexFactor grows an amount by its indexation from the first indexed year on.
func (b *builder) indexFactor(e *Element) {
	from := e.Params["indexed_from"]
	if given, _ := from.given(); given {
		b.input("indexed_from")
	} else {
		b.line(Line{Line: formula.Line{Name: "indexed_from", Unit: formula.Year, Formula: "term.from + 1", Opening: "term.from + 1"}, Label: Text{ZH: "首个递增年", EN: "first indexed year"}, Example: "term.from=2022 -> 2023", Detail: true})
	}
	b.input("indexed")
	// Before the plan it grew at the first year's rate.
	b.line(Line{Line: formula.Line{Name: "index_factor", Unit: formula.Ratio, Formula: "when(year >= indexed_from, prev(index_factor) * (1 + indexed), 1)", Opening: "power(1 + initial(indexed), max(year - indexed_from + 1, 0))"},
		Label: Text{ZH: "递增系数", EN: "index factor"}, Example: "year=2024 indexed_from=2023 prev(index_factor)=1.05 indexed=0.05 -> 1.1025", Detail: true})
}

func (b *builder) writeFixed(e *Element) {
	b.input("amount")
	b.indexFactor(e)
	b.line(award("round(amount * index_factor)", "amount=300 index_factor=1.05 -> 315"))
}

func (b *builder) writePerHead(e *Element) {
	b.heads(e)
	b.input("standard")
	b.line(award("round(heads * standard)", "heads=108 standard=2 -> 216"))
}

func (b *builder) writeGrant(*Element) {
	b.input("amount")
	b.line(award("amount", "amount=120 -> 120"))
}

func (b *builder) writeUpload(e *Element) {
	b.input("amount")
	b.indexFactor(e)
	i := slices.IndexFunc(e.Lines, func(u UserLine) bool { return u.Name == "of" })
	if rate, _ := e.Params["rate"].given(); rate != (i >= 0) {
		b.fail("upload_share_incomplete", e.Pos, formula.Textf("%s 的比例上解要同时写比例 rate 和基数 of", "the upload %s as a share needs both rate and of", e.Text()),
			Text{ZH: "如 rate: 10%, of: kept", EN: "such as rate: 10%, of: kept"})
		return
	}
	if i < 0 {
		b.line(award("round(amount * index_factor)", "amount=300 index_factor=1.05 -> 315"))
		return
	}
	b.input("rate")
	base := "upload_bases." + e.ID // outside the clause, so that "amount" is the town's revenue and not the clause's own
	scope, rule := b.scope, b.rule
	b.in("", rule, e)
	b.line(Line{Line: formula.Line{Name: base, Unit: formula.Money, Formula: e.Lines[i].Formula}, Label: Text{ZH: "比例上解的基数", EN: "what the share is of"}, Rule: "transfers.formula.own"})
	b.in(scope, rule, e)
	b.line(award("round(amount * index_factor) + round("+base+" * rate)", "amount=300 index_factor=1.05 "+base+"=100 rate=0.1 -> 325"))
}

// settled are the names that settle and the rules give to lines of every transfer.
var settled = []string{"award", "in_term", "due", "due_before", "payable", "paid", "owed", "pending", "settlement", "deduction", "deducted", "deduction_left",
	"counted", "excess", "shortfall", "base", "rate", "index_factor", "heads", "multiplier", "gate", "formula"}

// taken: does the element have a line or a parameter of this name already?
func (b *builder) taken(e *Element, name string) bool {
	if slices.Contains(settled, name) || e.Params[name] != nil {
		return true
	}
	return slices.ContainsFunc(b.lines, func(l *Line) bool { return l.Name == e.Address()+"."+name })
}

// longestFormula is how many characters a plan's own formula may have: a spreadsheet cell takes no more of what it becomes.
const longestFormula = 1000

// ownLines adds the lines a plan writes for an element, but those named, which the mechanism places itself.
func (b *builder) ownLines(e *Element, but ...string) {
	for _, u := range e.Lines {
		if slices.Contains(formula.Reserved(), u.Name) || !slices.Contains(but, u.Name) && b.taken(e, u.Name) {
			b.fail("name_taken", u.Pos, formula.Textf("辅助行不能叫 %q：这里已经有这个名称", "a line of its own cannot be called %q: the name is taken here", u.Name), Text{ZH: "换一个名称", EN: "choose another name"})
			return
		}
		if n := max(len(u.Formula), len(u.Opening)); n > longestFormula {
			b.fail("formula_too_long", u.Pos, formula.Textf("%s.%s 的公式有 %d 个字符，最多 %d 个", "the formula of %s.%s has %d characters, at most %d are allowed", e.Address(), u.Name, n, longestFormula),
				Text{ZH: "用 lines 分成几行", EN: "split it into lines"})
			return
		}
	}
	for _, u := range e.Lines {
		if !slices.Contains(but, u.Name) {
			b.line(Line{Line: formula.Line{Name: u.Name, Unit: u.Unit, Formula: u.Formula, Opening: u.Opening}, Label: Text{ZH: u.Label, EN: u.LabelEN}, Rule: "transfers.formula.own"})
		}
	}
}

func (b *builder) writeFormula(e *Element) {
	b.ownLines(e, "formula")
	if i := slices.IndexFunc(e.Lines, func(u UserLine) bool { return u.Name == "formula" }); i >= 0 {
		l := award(e.Lines[i].Formula, "")
		l.Rule = "transfers.formula.own"
		b.line(l)
	}
}
