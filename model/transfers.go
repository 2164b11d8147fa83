package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// settlementFields are common to all transfers: when it runs, when it is payable, how much of it is really paid.
func settlementFields(incentive string) []Field {
	return []Field{
		{Key: "term", Kind: GroupField, Label: Text{ZH: "期限", EN: "Term"}, Fields: []Field{
			{Key: "from", Unit: formula.Year, Default: "first_year", Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "起始年", EN: "First year"}},
			{Key: "years", Unit: formula.Years, Default: "plan_years", Whole: true, Min: "1", Max: "100", Label: Text{ZH: "年数", EN: "Number of years"}},
			{Key: "pays", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "当年执行比例", EN: "Part in force"},
				Doc: Text{ZH: "免缴或停付的年份写 0%", EN: "0 % in a holiday year"}},
		}},
		{Key: "ages", Kind: ListField, Member: Text{ZH: "第 %s 年", EN: "year %s"}, Optional: true, Pad: true, Label: Text{ZH: "按执行年次的比例", EN: "Share by year of the term"}, Doc: Text{ZH: "第一年、第二年……各给多少，最后一档一直用下去", EN: "what is given in the first year, the second, …; the last goes on"}, Fields: []Field{
			{Key: "share", Unit: formula.Ratio, Min: "0", Max: "1", Label: Text{ZH: "执行比例", EN: "share"}},
		}},
		{Key: "lag", Unit: formula.Years, Default: "0", Whole: true, Min: "0", Max: "3", Label: Text{ZH: "结算滞后", EN: "Settlement lag"},
			Doc: Text{ZH: "年终结算：本年应得，几年后应付", EN: "years from due to payable (annual settlement)"}},
		{Key: "advance", Unit: formula.Money, Series: Events, Default: "0", Min: "0", Label: Text{ZH: "预拨数", EN: "Advance"},
			Doc: Text{ZH: "当年先付，结算时多退少补", EN: "payable in the year itself, trued up at settlement"}},
		{Key: "advance_rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "预拨比例", EN: "Share paid in advance"},
			Doc: Text{ZH: "当年应得先付的部分", EN: "the part of the year's due that is payable in the year itself"}},
		{Key: "delivered", Term: true, Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "兑现率", EN: "Delivery rate"}},
		{Key: "caught_up", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "补发率", EN: "Catch-up rate"},
			Doc: Text{ZH: "当年补发上年末欠拨的比例", EN: "the part of last year's debt paid this year"}},
		{Key: "owed_opening", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初欠拨", EN: "Owed at the start"}},
		{Key: "past_due", Unit: formula.Money, Series: History, Default: "0", Min: "0", Label: Text{ZH: "以前年度应得", EN: "Due for earlier years"},
			Doc: Text{ZH: "测算期前的应得数，因结算滞后在测算期内应付", EN: "due for years before the plan, payable within it because of the lag"}},
		{Key: "earmarked_to", Kind: RefField, Of: "projects", Optional: true, Label: Text{ZH: "专用于项目", EN: "Earmarked to"}},
		{Key: "earmarked_rate", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "专用比例", EN: "Part earmarked"}},
		{Key: "incentive", Kind: SwitchField, Default: incentive, Label: Text{ZH: "是激励政策", EN: "Is an incentive"}},
	}
}

// clause puts together the keys of a kind: its own, those that shape any award, those of settlement.
func clause(incentive string, own ...Field) []Field {
	return slices.Concat(own, awardFields, settlementFields(incentive))
}

// uploadClause is the same for what the town pays: under names of its own, so that transfers.*.delivered is what the county does.
func uploadClause(own ...Field) []Field {
	all := clause("false", own...)
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
	return slices.DeleteFunc(all, func(f Field) bool {
		return slices.Contains([]string{"incentive", "earmarked_to", "earmarked_rate"}, f.Key)
	})
}

// transferKinds are the rules a county may pay by, or be paid by. Each rule returns the formula of what it awards, and that formula worked by hand.
func transferKinds() []Kind {
	return []Kind{
		aboveBase,
		{Name: "fixed", Label: Text{ZH: "定额补助", EN: "Fixed subsidy"}, rule: (*builder).fixed,
			Fields: clause("true", append([]Field{{Key: "amount", Unit: formula.Money, Series: Held, Min: "0", Label: Text{ZH: "定额", EN: "Amount"}}}, indexFields...)...)},
		{Name: "per_head", Label: Text{ZH: "按人头补助", EN: "Per head"}, rule: (*builder).perHead,
			Fields: clause("false", headsField, Field{Key: "standard", Unit: formula.MoneyPerPerson, Series: Held, Min: "0", Label: Text{ZH: "人均标准", EN: "Standard per person"}})},
		{Name: "grant", Label: Text{ZH: "专项补助", EN: "Grant"}, rule: (*builder).grant,
			Fields: clause("false", Field{Key: "amount", Unit: formula.Money, Series: Events, Min: "0", Label: Text{ZH: "补助额", EN: "Amount"}})},
		steps,
		vintages,
		{Name: "upload", Label: Text{ZH: "上解", EN: "Upload to the county"}, rule: (*builder).upload,
			Fields: uploadClause(append([]Field{
				{Key: "amount", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "定额上解", EN: "Fixed upload"}},
				{Key: "rate", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1", Label: Text{ZH: "上解比例", EN: "Share uploaded"}},
				{Key: "of", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "比例上解的基数", EN: "Line the share is of"}},
			}, indexFields...)...)},
		{Name: "formula", Label: Text{ZH: "自定公式", EN: "Own formula"}, rule: (*builder).ownFormula,
			Fields: clause("true", Field{Key: "formula", Kind: FormulaField, Label: Text{ZH: "公式", EN: "Formula"}})},
	}
}

// writeTransfers adds every transfer (its rule, then its settlement) and the totals of what the county owes and pays.
func (b *builder) writeTransfers() {
	b.section = Text{ZH: "二、县对镇转移支付与上解", EN: "2. Transfers and uploads"}
	for _, e := range b.plan.In("transfers") {
		b.of(e)
		b.heading = e.Text()
		b.ownLines(e)
		for _, k := range transferKinds() {
			if k.Name == e.Kind {
				b.award(e, k.rule)
			}
		}
		b.shortfall(e)
		b.settle(e)
		if e.Kind == "above_base" {
			b.marginalRate(e)
		}
		b.namesTaken(e)
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
	b.flow(Flow{Line: "uploads_paid", Kind: FlowOut, Name: Text{ZH: "上解", EN: "Paid up to the county"}})
}

// settle turns the award of a rule into due, payable, paid and owed.
func (b *builder) settle(e *Element) {
	b.input("term.from", "term.years", "term.pays", "past_due")
	inTerm := Line{Line: formula.Line{Name: "in_term", Unit: formula.Flag, Formula: "year >= term.from and year < term.from + term.years"},
		Label: Text{ZH: "在期限内", EN: "in its term"}, Example: "year=2026 term.from=2022 term.years=5 -> 1", Detail: true}
	if b.answered(e) {
		inTerm.Opening = inTerm.Formula
	}
	b.line(inTerm)
	b.due(e)
	b.inForce(e)
	b.payable(e)
	delivered, caughtUp, worked := "delivered", "caught_up", "payable=347.238135 delivered=0.4 prev(owed)=137.733285 caught_up=0.25 -> 173.328575"
	if e.Kind == "upload" {
		delivered, caughtUp, worked = "remitted", "remitted_late", "payable=40 remitted=0.9 prev(owed)=10 remitted_late=0.5 -> 41"
	}
	b.input(delivered, caughtUp, "owed_opening")
	b.line(
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
	b.unlikelySettlement(e)
	if e.Kind == "upload" {
		b.member("uploads")
		return
	}
	b.member("transfers_in")
	if e.Words["incentive"] == "true" {
		b.member("incentives")
	}
	b.earmark(e)
}

// due adds what the award comes to in the year: inside the term, by the part in force and the year of the term, rounded as the clause says,
// less what shortfalls of other clauses take from it.
func (b *builder) due(e *Element) {
	money := func(name, f string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f}, Label: label, Example: example, Level: true, Detail: true})
	}
	f, worked := "when(in_term, round(award * term.pays), 0)", "in_term=1 award=543.393347 term.pays=1 -> 543.393347"
	if share := b.shareByAge(e); share != "" {
		f, worked = "when(in_term, round(award * term.pays * "+share+"), 0)", "in_term=1 award=100 term.pays=1 "+share+"=0.8 -> 80"
	}
	if some, _ := e.Params["rounded_to"].GivenIn(); some {
		b.input("rounded_to")
		money("due_to_the_fen", f, Text{ZH: "取整前应得", EN: "due before rounding"}, worked)
		f, worked = "when(rounded_to > 0, round_to(due_to_the_fen, rounded_to), due_to_the_fen)", "rounded_to=1 due_to_the_fen=80.5 -> 81"
	}
	by, whole := b.deductors(e), "due"
	if len(by) > 0 {
		whole = "due_before"
	}
	f, worked = b.overTheTerm(e, whole, f, worked, money)
	if len(by) > 0 {
		money("due_before", f, Text{ZH: "扣减前应得", EN: "due before deductions"}, worked)
		f, worked = "due_before - transfers."+by[0].ID+".deducted", "due_before=30 transfers."+by[0].ID+".deducted=10 -> 20"
		if len(by) > 1 {
			b.fail("deducted_twice", by[1].Pos, formula.Textf("%s 的短收也从 %s 扣减，而它已有 %s 扣减", "the shortfall of %s is also taken from %s, from which %s takes already", by[1].Text(), e.Text(), by[0].Text()),
				Text{ZH: "从另一笔补助扣减", EN: "take it from another transfer"})
		}
	}
	b.line(Line{Line: formula.Line{Name: "due", Unit: formula.Money, Formula: f, Opening: "past_due", Past: true, ZeroBefore: true}, Label: Text{ZH: "应得", EN: "due"}, Example: worked})
}

// inForce adds what part of the award is given in the year, where something asks whether it was: shortfalls, the effort response, a floor or a cap
// on last year's award.
func (b *builder) inForce(e *Element) {
	shortens := e.Params["shortfall_cuts_base"].Any(saysYes) || len(e.Refs["shortfall_from"]) > 0
	if !b.comparesYears(e) && !b.answered(e) && !shortens {
		return
	}
	part, pays, worked := "term.pays", "initial(term.pays)", ""
	if n := e.Count["ages"]; n > 0 {
		share := fmt.Sprintf("ages.%d.share_to_here", n)
		part, pays, worked = part+" * "+share, pays+" * "+share, " "+share+"=1"
	}
	l := Line{Line: formula.Line{Name: "in_force", Unit: formula.Ratio, Formula: "when(in_term, " + part + ", 0)"}, Label: Text{ZH: "当年给付的部分", EN: "part given in the year"}, Example: "in_term=1 term.pays=0.5" + worked + " -> 0.5", Detail: true}
	if b.answered(e) {
		l.Opening = "when(in_term, " + pays + ", 0)"
	}
	b.line(l)
	if b.comparesYears(e) {
		b.line(Line{Line: formula.Line{Name: "award_given", Unit: formula.Money, Formula: "when(in_force > 0, award, 0)", Opening: "past_due"}, Label: Text{ZH: "真正给的奖励", EN: "award really given"}, Example: "in_force=0.5 award=100 -> 100", Detail: true})
	}
}

// overTheTerm makes the due of all years together reach a guarantee, and not exceed a cap. whole is the line that adds up.
func (b *builder) overTheTerm(e *Element, whole, f, worked string, money func(name, f string, label Text, example string)) (string, string) {
	capped, _ := e.Params["award_cap_term"].GivenIn()
	guaranteed := e.Params["award_floor_term"].Any(Nonzero)
	if guaranteed {
		b.input("award_floor_term")
		money("due_of_the_year", f, Text{ZH: "当年应得", EN: "due of the year alone"}, worked)
		f, worked = "when(year = term.from + term.years - 1, max(due_of_the_year, award_floor_term - prev(due_so_far)), due_of_the_year)", "year=2026 term.from=2022 term.years=5 due_of_the_year=20 award_floor_term=500 prev(due_so_far)=400 -> 100"
	}
	if capped {
		b.capInput("award_cap_term")
		money("due_uncapped", f, Text{ZH: "累计封顶前应得", EN: "due before the cap over the term"}, worked)
		f, worked = "min(due_uncapped, max(award_cap_term - prev(due_so_far), 0))", "due_uncapped=180 award_cap_term=500 prev(due_so_far)=400 -> 100"
	}
	if capped || guaranteed {
		b.line(Line{Line: formula.Line{Name: "due_so_far", Unit: formula.Money, Formula: "prev(due_so_far) + " + whole, Opening: "sum_years(due, term.from, year)"},
			Label: Text{ZH: "期限内累计应得", EN: "due so far"}, Example: "prev(due_so_far)=400 " + whole + "=100 -> 500", Detail: true, Level: true})
	}
	return f, worked
}

// shareByAge adds the schedule by year of the term and returns the line that holds the year's share; empty if the clause has none.
func (b *builder) shareByAge(e *Element) (share string) {
	n := e.Count["ages"]
	for k := 1; k <= n; k++ {
		own, from, worked := fmt.Sprintf("ages.%d.", k), "term.from", "term.from=2022 -> 2022"
		if k > 1 {
			from, worked = fmt.Sprintf("ages.%d.from + 1", k-1), ""
		}
		below := "0"
		if share != "" {
			below = share
		}
		b.input(own + "share")
		opening := func(f string) string { return example(b.answered(e), f) } // of year 0, for the growth that answers to it
		b.line(
			Line{Line: formula.Line{Name: own + "from", Unit: formula.Year, Formula: from, Opening: opening(from)}, Rule: b.rule + ".ages.from", Label: formula.Textf("执行第 %d 年", "year %d of the term", k), Example: worked, Detail: true},
			Line{Line: formula.Line{Name: own + "share_to_here", Unit: formula.Ratio, Formula: "when(year >= from, share, " + below + ")", Opening: opening("when(year >= from, share, " + below + ")")}, Rule: b.rule + ".ages.share_to_here",
				Label: formula.Textf("到执行第 %d 年为止的比例", "share up to year %d of the term", k), Example: example(k == 1, "year=2023 from=2022 share=0.8 -> 0.8"), Detail: true},
		)
		share = own + "share_to_here"
	}
	if n > 0 {
		last := fmt.Sprintf("ages.%d.from", n)
		b.require("ages_check", last+" >= term.from + term.years", Text{ZH: "按年次的比例不长于期限", EN: "the schedule is no longer than the term"}, last+"=2025 term.from=2022 term.years=3 -> 1", func(s, _ int) Problem {
			return Problem{Code: "schedule_too_long", Pos: e.Params["ages.1.share"].At(s), Text: formula.Textf("%s 按年次写了 %d 年的比例，期限只有 %d 年（情景 %s）", "%s has a schedule of %d years in a term of %d (scenario %s)", e.Text(), n, e.Params["term.years"].Values[s].Same.IntPart(), b.plan.Scenarios[s].ID),
				Hint: Text{ZH: "删去多出的年次，或加长 term.years", EN: "drop the years that never come, or lengthen term.years"}}
		})
	}
	return share
}

// payable adds when the due is to be paid: after the lag, or partly in advance with a true-up at settlement.
func (b *builder) payable(e *Element) {
	b.input("lag")
	if !e.Params["advance"].Any(Nonzero) && !e.Params["advance_rate"].Any(Nonzero) && !b.carries("true_up") && !b.carries("overpaid") {
		b.line(Line{Line: formula.Line{Name: "payable", Unit: formula.Money, Formula: "sum_years(due, year - lag, year - lag)"},
			Label: Text{ZH: "应付", EN: "payable"}, Example: "year=2024 lag=1 due[2023]=347.238135 due[2024]=543.393347 -> 347.238135"})
		return
	}
	b.input("advance", "advance_rate")
	b.line(
		Line{Line: formula.Line{Name: "advanced", Unit: formula.Money, Formula: "when(in_term, advance, 0) + round(due * advance_rate)"},
			Label: Text{ZH: "当年预拨", EN: "payable in advance"}, Example: "in_term=1 advance=20 due=100 advance_rate=0.6 -> 80"},
		Line{Line: formula.Line{Name: "true_up", Unit: formula.Money, Formula: "due - advanced", Opening: "due", Past: true, ZeroBefore: true},
			Label: Text{ZH: "清算数（应得减预拨）", EN: "true-up (due less advance)"}, Example: "due=100 advanced=80 -> 20", Detail: true},
		Line{Line: formula.Line{Name: "claim", Unit: formula.Money, Formula: "advanced + sum_years(true_up, year - lag, year - lag) - prev(overpaid)"},
			Label: Text{ZH: "应付（可能为负）", EN: "payable, if negative to be recovered"}, Example: "advanced=80 year=2024 lag=1 true_up[2023]=-90 prev(overpaid)=5 -> -15", Detail: true},
		Line{Line: formula.Line{Name: "overpaid", Unit: formula.Money, Formula: "max(-claim, 0)", Opening: "0"},
			Label: Text{ZH: "多拨待扣回", EN: "overpaid, to be recovered"}, Example: "claim=-15 -> 15"},
		Line{Line: formula.Line{Name: "payable", Unit: formula.Money, Formula: "max(claim, 0)"}, Label: Text{ZH: "应付", EN: "payable"}, Example: "claim=100 -> 100"},
	)
}

// earmark sends what is paid to the project it is meant for, and the rest to the town's cash.
func (b *builder) earmark(e *Element) {
	to := e.Refs["earmarked_to"]
	if len(to) == 0 {
		b.join("free_transfers", "paid")
		b.flow(Flow{Line: join(b.scope, "paid")})
		return
	}
	grants := "grants_for." + to[0]
	one := decimal.NewFromInt(1)
	if !e.Params["earmarked_rate"].Any(func(in formula.Input) bool { return b.plan.Varies(in) || !b.plan.planYears(in)[0].Equal(one) }) {
		b.join(grants, "paid")
		return
	}
	b.input("earmarked_rate")
	b.line(
		Line{Line: formula.Line{Name: "paid_earmarked", Unit: formula.Money, Formula: "round(paid * earmarked_rate)"}, Label: Text{ZH: "实拨中专用部分", EN: "paid, earmarked"}, Example: "paid=100 earmarked_rate=0.4 -> 40"},
		Line{Line: formula.Line{Name: "paid_free", Unit: formula.Money, Formula: "paid - paid_earmarked"}, Label: Text{ZH: "实拨中可统筹部分", EN: "paid, free"}, Example: "paid=100 paid_earmarked=40 -> 60"},
	)
	b.join(grants, "paid_earmarked")
	b.join("free_transfers", "paid_free")
	b.flow(Flow{Line: join(b.scope, "paid_free")})
}

// termWarnings says when nothing can ever be paid in the plan years, or when a lag leaves the first years empty for want of past_due.
func (b *builder) termWarnings(e *Element) {
	cal := b.plan.Calendar
	value := func(key string, s int) int64 { return e.Params[key].Values[s].Same.IntPart() }
	capped, _ := e.Params["award_cap_term"].GivenIn()
	overTerm := capped || e.Params["award_floor_term"].Any(Nonzero)
	looksBack := overTerm || b.comparesYears(e)
	for s, scenario := range b.plan.Scenarios {
		from, years, lag := value("term.from", s), value("term.years", s), value("lag", s)
		first, last := from+lag, from+years-1+lag
		before := Nonzero(e.Params["past_due"].Values[s])
		switch {
		case (last <= int64(cal.Actual) || first > int64(cal.Last)) && !Nonzero(e.Params["owed_opening"].Values[s]) && !before:
			b.warn("never_paid", e.Params["term.from"].At(s), formula.Textf("%s 的应付年份 %d-%d 与测算期 %d-%d 不重叠，一分钱也不会有（情景 %s）",
				"%s is payable in %d-%d, outside the plan years %d-%d: it never pays (scenario %s)", e.Text(), first, last, cal.Actual+1, cal.Last, scenario.ID),
				Text{ZH: "核对 term: {from, years} 和 lag", EN: "check term: {from, years} and lag"})
		case from <= int64(cal.Actual) && lag > 0 && !before:
			b.warn("past_due_missing", e.Params["lag"].At(s), formula.Textf("%s 从 %d 年开始、滞后 %d 年，测算期头几年应付的是以前年度的应得，计划没有写（情景 %s）",
				"%s began in %d with a lag of %d: what is payable in the first plan years was due before, and the plan does not say it (scenario %s)", e.Text(), from, lag, scenario.ID),
				Text{ZH: "补上 past_due: {2021: …}", EN: "add past_due: {2021: …}"})
		case looksBack && from <= int64(cal.Actual) && from+years > int64(cal.Actual) && !e.Params["past_due"].Given[s]:
			if !overTerm {
				from = int64(cal.Actual)
			}
			b.unknownPast(e, s, Text{ZH: "以前年度的应得", EN: "what was due before"}, from, int64(cal.Actual), formula.Textf("补上 past_due: {%d: …}（没有应得的年份写 0）", "add past_due: {%d: …} (0 for a year in which nothing was due)", cal.Actual))
		case before && lag == 0 && !looksBack:
			b.warn("past_due_idle", e.Params["past_due"].At(s), formula.Textf("%s 没有结算滞后，以前年度应得不会再应付（情景 %s）", "%s has no lag, so what was due in earlier years is not payable again (scenario %s)", e.Text(), scenario.ID),
				Text{ZH: "还欠着的写在 owed_opening", EN: "write what is still owed in owed_opening"})
		default:
			continue
		}
		return
	}
}

// ownRule is the rule of what a plan writes in the rule language.
const ownRule = "transfers.formula.own"

// placed are the formulas of a plan that stand where the clause needs them, not among its own lines.
var placed = []string{"formula", "multiplier", "gate", "of", "chained_to", "class_by"}

// LongestFormula is how many characters a plan's own formula may have: a spreadsheet cell takes no more of what it becomes.
const LongestFormula = 1000

// ownLines adds the lines a plan writes for a transfer.
func (b *builder) ownLines(e *Element) {
	for _, u := range e.Lines {
		if n := max(len(u.Formula), len(u.Opening)); n > LongestFormula {
			b.fail("formula_too_long", u.Pos, formula.Textf("%s.%s 的公式有 %d 个字符，最多 %d 个", "the formula of %s.%s has %d characters, at most %d are allowed", e.Address(), u.Name, n, LongestFormula),
				Text{ZH: "用 lines 分成几行", EN: "split it into lines"})
			return
		}
	}
	for _, u := range e.Lines {
		if !slices.Contains(placed, u.Name) {
			b.line(Line{Line: formula.Line{Name: u.Name, Unit: u.Unit, Formula: u.Formula, Opening: u.Opening}, Label: Text{ZH: u.Label, EN: u.LabelEN}, Rule: ownRule})
		}
	}
}

// namesTaken refuses a line of a plan whose name the clause needs itself, or that no formula could ever read.
func (b *builder) namesTaken(e *Element) {
	lines, own := map[string]int{}, map[string]int{}
	for _, u := range e.Lines {
		own[u.Name]++
	}
	for _, l := range b.lines {
		if name, ours := strings.CutPrefix(l.Name, e.Address()+"."); ours && own[name] > 0 {
			lines[name]++
		}
	}
	for _, u := range e.Lines {
		if lines[u.Name] > 1 || own[u.Name] > 1 || slices.Contains(formula.Reserved(), u.Name) || !slices.Contains(placed, u.Name) && e.Params[u.Name] != nil {
			b.fail("name_taken", u.Pos, formula.Textf("辅助行不能叫 %q：这里已经有这个名称", "a line of its own cannot be called %q: the name is taken here", u.Name), Text{ZH: "换一个名称", EN: "choose another name"})
		}
	}
}
