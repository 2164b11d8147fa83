package model

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// DebtClasses are the legal classes of what a town owes. Only onlent provincial bonds may be drawn (Budget Law 2015, art. 35).
var DebtClasses = []Option{
	{Key: "onlent_general", Label: Text{ZH: "一般债券转贷", EN: "Onlent general bonds"}},
	{Key: "onlent_special", Label: Text{ZH: "专项债券转贷", EN: "Onlent special bonds"}},
	{Key: "legacy_loan", Label: Text{ZH: "存量借款", EN: "Legacy loans"}},
	{Key: "contractor", Label: Text{ZH: "历史工程欠款", EN: "Contractor debt"}},
	{Key: "hidden", Label: Text{ZH: "隐性债务", EN: "Hidden debt"}},
}

// A debt instrument: its class, what was owed at the start, what is drawn, how it is repaid.
var instrument = Kind{
	Label: Text{ZH: "债务", EN: "Debt instrument"},
	Fields: []Field{
		{Key: "class", Kind: ChoiceField, Fixed: true, Label: Text{ZH: "类别", EN: "Legal class"}, Options: DebtClasses},
		{Key: "opening", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初余额", EN: "Balance at the start"}},
		{Key: "outstanding", Unit: formula.Money, Series: History, Default: "0", Min: "0", Label: Text{ZH: "以前年度提款的期初余额", EN: "Balance at the start of earlier drawings"},
			Doc: Text{ZH: "按提款年写，如 {2022: 548.14}；各笔按自己的时间表还，不含 opening", EN: "by year of drawing, such as {2022: 548.14}: each is repaid on its own timetable; apart from opening"}},
		{Key: "drawn", Unit: formula.Money, Series: Events, Default: "0", Min: "0", Label: Text{ZH: "提款", EN: "Drawn"}},
		{Key: "rate", Unit: formula.Ratio, Series: Held, Min: "0", Max: "1", Label: Text{ZH: "年利率", EN: "Interest rate"}},
		{Key: "method", Kind: ChoiceField, Fixed: true, Label: Text{ZH: "还款方式", EN: "Repayment"}, Options: []Option{
			{Key: "equal_principal", Label: Text{ZH: "等额本金", EN: "equal principal"}},
			{Key: "level_payment", Label: Text{ZH: "等额本息", EN: "level payment"}},
			{Key: "bullet", Label: Text{ZH: "到期一次还本付息", EN: "bullet: all at maturity"}},
			{Key: "interest_only", Label: Text{ZH: "按年付息到期还本", EN: "interest yearly, principal at maturity"}},
			{Key: "schedule", Label: Text{ZH: "按计划逐年还本", EN: "principal as scheduled"}},
		}},
		{Key: "start", Unit: formula.Year, Default: "first_year", Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "起始还款年", EN: "Repaid from"},
			Doc: Text{ZH: "期初余额从这一年起还；各笔提款从次年起还，且不早于这一年", EN: "the opening balance is repaid from this year; a drawing from the year after it, and not before this year"}},
		{Key: "grace", Unit: formula.Years, Default: "0", Whole: true, Min: "0", Max: "30", Label: Text{ZH: "宽限年数", EN: "Grace years"}, Doc: Text{ZH: "只付息不还本的年数，在还款年数之外", EN: "years of interest only, before the years of repayment"}},
		{Key: "years", Unit: formula.Years, Optional: true, Whole: true, Min: "1", Max: "100", Label: Text{ZH: "还款年数", EN: "Years of repayment"}},
		{Key: "repaid", Unit: formula.Money, Series: Events, Default: "0", Min: "0", Label: Text{ZH: "计划还本", EN: "Scheduled principal"}},
	},
}

func (b *builder) writeDebt() {
	instruments := b.plan.In("debt")
	if len(instruments) > 0 {
		b.section = Text{ZH: "五、债务", EN: "5. Debt"}
	}
	b.group("debt")
	for _, e := range instruments {
		b.of(e)
		b.member("debt")
		b.heading = e.Text()
		if b.debtProblems(e) {
			continue
		}
		b.instrument(e)
		group := "class." + e.Words["class"]
		b.groups[group] = append(b.groups[group], e.Address())
	}
	if len(instruments) > 0 {
		b.heading = Text{ZH: "债务合计", EN: "All debt instruments"}
	}
	for _, class := range DebtClasses {
		if group := "class." + class.Key; len(b.groups[group]) > 0 {
			b.totals(Line{Line: formula.Line{Name: "debt_" + class.Key, Unit: formula.Money, Formula: "sum(" + group + ".*.balance)", Opening: "sum(" + group + ".*.balance)"},
				Label: Text{ZH: class.Label.ZH + "余额", EN: class.Label.EN + ": balance"}, Example: group + ".*.balance=600 -> 600"})
		}
	}
	b.totals(
		Line{Line: formula.Line{Name: "instruments_balance", Unit: formula.Money, Formula: "sum(debt.*.balance)", Opening: "sum(debt.*.balance)"}, Label: Text{ZH: "债务余额合计", EN: "Balance of all instruments"}, Example: "debt.*.balance=750,600 -> 1350"},
		Line{Line: formula.Line{Name: "service_due", Unit: formula.Money, Formula: "sum(debt.*.service_due)"}, Label: Text{ZH: "应还本付息合计", EN: "Debt service due"}, Example: "debt.*.service_due=194.1,0 -> 194.1"},
	)
	if len(instruments) > 0 {
		b.groups[dues("debt_service")] = append(b.groups[dues("debt_service")], "service_due")
	}
}

// tranche is the opening balance or one year's drawing: each is repaid on its own timetable.
type tranche struct {
	scope, opening string
	drawn          string // line that draws it; empty for a balance at the start
	year           int    // in which it is drawn; 0 for the opening balance
	label          Text
}

func (b *builder) instrument(e *Element) {
	method := e.Words["method"]
	if b.opens(e) {
		b.input("opening")
	}
	b.input("rate")
	if method == "schedule" {
		b.input("repaid")
	} else {
		b.input("start", "grace", "years")
	}
	tranches := b.tranches(e)
	opening := "0"
	for _, t := range tranches {
		if t.opening != "0" {
			opening = strings.TrimPrefix(opening+" + "+t.opening, "0 + ")
		}
	}
	for i, t := range tranches {
		b.in(t.scope, b.rule, e)
		b.repayment(method, t, i, tranches)
	}
	b.of(e)
	interest := "round(prev(balance) * rate)"
	if method == "bullet" {
		interest = "sum(" + e.Address() + ".*.interest)"
	}
	money := func(name, f, opening string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f, Opening: opening}, Label: label, Example: example})
	}
	all := "sum(" + e.Address() + ".*."
	money("drawn", all+"drawn)", "", Text{ZH: "当年提款", EN: "drawn"}, e.Address()+".*.drawn=600 -> 600")
	money("interest", interest, "", Text{ZH: "利息", EN: "interest"}, example(method != "bullet", "prev(balance)=548.141892 rate=0.032 -> 17.540541"))
	due := "interest"
	if method == "bullet" {
		due = all + "interest_due)"
	}
	money("interest_due", due, "", Text{ZH: "应付利息", EN: "interest due"}, example(method != "bullet", "interest=17.540541 -> 17.540541"))
	money("principal", all+"principal)", "", Text{ZH: "应还本金", EN: "principal due"}, e.Address()+".*.principal=51.858108 -> 51.858108")
	money("balance", "prev(balance) + drawn - principal", opening, Text{ZH: "余额", EN: "balance"}, "prev(balance)=600 drawn=0 principal=51.858108 -> 548.141892")
	money("service_due", "interest_due + principal", "", Text{ZH: "应还本付息", EN: "service due"}, "interest_due=17.540541 principal=53.517567 -> 71.058108")
	for _, t := range tranches {
		if method != "schedule" && t.opening != "0" {
			b.matured(e, t)
		}
	}
	b.check("debt_check", "balance - "+all+"balance)", Text{ZH: "各笔余额之和＝余额", EN: "tranches add up to the balance"}, "balance=600 "+e.Address()+".*.balance=450,150 -> 0")
}

// opens: is there a balance at the start to be repaid? Drawings alone need no rows for one, and then none can be entered.
func (b *builder) opens(e *Element) bool {
	return e.Params["opening"].Any(Nonzero) || !e.Params["drawn"].Any(Nonzero) && !e.Params["outstanding"].Any(Nonzero)
}

// matured refuses a balance at the start that was to be repaid before the plan.
func (b *builder) matured(e *Element, t tranche) {
	part, p := strings.TrimPrefix(t.scope, e.Address()+"."), e.Params["opening"]
	name, label := "term_check", Text{ZH: "期初余额尚未到期", EN: "the opening balance is not matured"}
	if t.year != 0 {
		name, label, p = part+".term_check", formula.Textf("%d 年提款的余额尚未到期", "the drawing of %d is not matured", t.year), e.Params["outstanding"]
	}
	b.require(name, t.opening+" > 0 and "+part+".repaid_by <= last_actual_year", label, t.opening+"=100 "+part+".repaid_by=2020 last_actual_year=2021 -> 1", func(s, _ int) Problem {
		first := e.Params["start"].Values[s].Same.IntPart()
		if t.year != 0 {
			first = max(first, int64(t.year)+1)
		}
		last := first + e.Params["grace"].Values[s].Same.IntPart() + e.Params["years"].Values[s].Same.IntPart() - 1
		return Problem{Code: "debt_matured", Pos: p.At(s), Text: formula.Textf("债务 %q 按期限 %d 年已还清，却还有期初余额", "by its terms debt %q was repaid in %d, but it has an opening balance", e.ID, last),
			Hint: Text{ZH: "逾期未还的写在 cash.arrears.debt_service，或改 start、years", EN: "put what is overdue in cash.arrears.debt_service, or change start or years"}}
	})
}

// tranches adds the inputs of every drawing some scenario makes, and says which tranches there are.
func (b *builder) tranches(e *Element) (ts []tranche) {
	drawn := e.Params["drawn"]
	if b.opens(e) {
		ts = append(ts, tranche{scope: e.Address() + ".opening_part", opening: "opening", label: Text{ZH: "期初余额", EN: "opening balance"}})
	}
	cal := b.plan.Calendar
	for col := range cal.Columns() {
		p, year := drawn, cal.First+col
		t := tranche{scope: fmt.Sprintf("%s.drawing_%d", e.Address(), year), drawn: fmt.Sprintf("drawn.%d", year), opening: "0", year: year, label: formula.Textf("%d 年提款", "drawing of %d", year)}
		name, label := t.drawn, formula.Textf("%d 年提款", "drawn in %d", year)
		if col <= cal.Zero() {
			p, name, label = e.Params["outstanding"], fmt.Sprintf("outstanding.%d", year), formula.Textf("%d 年提款的期初余额", "drawn in %d, balance at the start", year)
			t.drawn, t.opening = "", name
		}
		if !p.Any(func(in formula.Input) bool { return !in.At(col).IsZero() }) {
			continue
		}
		values := make([]formula.Input, len(p.Values))
		for s, in := range p.Values {
			values[s] = formula.Input{Same: in.At(col)}
		}
		b.given(Line{Line: formula.Line{Name: name, Unit: formula.Money, Input: formula.Scalar}, Label: label, Param: p, Detail: true}, values)
		ts = append(ts, t)
	}
	return ts
}

// repayment adds one tranche's own schedule.
func (b *builder) repayment(method string, t tranche, i int, all []tranche) {
	said := func(l Text) Text { return Text{ZH: t.label.ZH + "：" + l.ZH, EN: t.label.EN + ": " + l.EN} }
	add := func(name string, unit formula.Unit, f, opening string, label Text, worked string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: unit, Formula: f, Opening: opening}, Rule: b.rule + "." + method + "." + name, Label: said(label), Example: worked, Detail: true})
	}
	balance, first, repaidFrom := "prev(balance) - principal", "start + grace", "start=2022 grace=1 -> 2023"
	if t.year != 0 {
		b.constant(t.scope+".year", formula.Year, said(Text{ZH: "提款年", EN: "year"}), decimal.NewFromInt(int64(t.year)))
		first = fmt.Sprintf("max(drawing_%d.year + 1, start) + grace", t.year)
		repaidFrom = fmt.Sprintf("drawing_%d.year=2022 start=2022 grace=2 -> 2025", t.year)
	}
	if t.drawn != "" {
		add("drawn", formula.Money, fmt.Sprintf("when(year = drawing_%d.year, %s, 0)", t.year, t.drawn), "", Text{ZH: "提款", EN: "drawn"}, fmt.Sprintf("year=2024 drawing_%d.year=2024 %s=600 -> 600", t.year, t.drawn))
		balance = "prev(balance) + drawn - principal"
	}
	if method != "schedule" {
		add("repaid_from", formula.Year, first, "", Text{ZH: "首个还本年", EN: "first repayment"}, repaidFrom)
		add("repaid_by", formula.Year, "repaid_from + years - 1", "", Text{ZH: "末个还本年", EN: "last repayment"}, "repaid_from=2023 years=10 -> 2032")
	}
	switch method {
	case "equal_principal", "level_payment":
		add("repaying", formula.Flag, "year >= repaid_from and year <= repaid_by", "", Text{ZH: "在还本期", EN: "repaying"}, "year=2023 repaid_from=2023 repaid_by=2032 -> 1")
	}
	switch method {
	case "equal_principal":
		add("principal", formula.Money, "when(repaying, round(prev(balance) / (repaid_by - year + 1)), 0)", "", Text{ZH: "还本", EN: "principal"},
			"repaying=1 prev(balance)=900 repaid_by=2027 year=2022 -> 150")
	case "level_payment":
		add("rate_before", formula.Ratio, "rate", "initial(rate)", Text{ZH: "利率（供下年比较）", EN: "rate (for next year to compare)"}, "rate=0.032 -> 0.032")
		set := "year = max(repaid_from, last_actual_year + 1) or rate != prev(rate_before)"
		if b.carries("payment") { // it was set before, to the fen
			set = "year = repaid_from or rate != prev(rate_before)"
		}
		add("resets", formula.Flag, set, "", Text{ZH: "重算等额", EN: "payment is set anew"},
			"year=2024 repaid_from=2023 rate=0.032 prev(rate_before)=0.032 -> 0")
		add("payments_left", formula.Years, "max(repaid_by - year + 1, 1)", "", Text{ZH: "剩余期数", EN: "payments left"}, "repaid_by=2032 year=2023 -> 10")
		add("level", formula.Money, "round(annuity(rate, payments_left, prev(balance)))", "", Text{ZH: "按当年算的等额", EN: "level payment as of this year"},
			"rate=0.032 payments_left=10 prev(balance)=600 -> 71.058108")
		add("payment", formula.Money, "when(resets, level, prev(payment))", "0", Text{ZH: "等额本息", EN: "level payment"}, "resets=0 level=71.058109 prev(payment)=71.058108 -> 71.058108")
		add("interest", formula.Money, "round(prev(balance) * rate)", "", Text{ZH: "计息", EN: "interest"}, "prev(balance)=600 rate=0.032 -> 19.2")
		add("principal", formula.Money, "when(year = repaid_by, prev(balance), when(repaying, payment - interest, 0))", "", Text{ZH: "还本", EN: "principal"},
			"year=2023 repaid_by=2032 repaying=1 payment=71.058108 prev(balance)=600 interest=19.2 -> 51.858108")
	case "bullet":
		add("interest", formula.Money, "round(prev(balance) * rate)", "", Text{ZH: "计息", EN: "interest"}, "prev(balance)=100 rate=0.05 -> 5")
		add("interest_due", formula.Money, "when(year = repaid_by, prev(accrued) + interest, 0)", "", Text{ZH: "到期付息", EN: "interest due"}, "year=2024 repaid_by=2024 prev(accrued)=10 interest=5 -> 15")
		accrued := "0"
		switch {
		case t.drawn != "":
		case t.year != 0: // it has run since the year after it was drawn
			accrued = fmt.Sprintf("round(%s * initial(rate) * max(year - drawing_%d.year, 0))", t.opening, t.year)
		default: // it has run since its start
			accrued = "round(opening * initial(rate) * max(year - start + 1, 0))"
		}
		add("accrued", formula.Money, "prev(accrued) + interest - interest_due", accrued, Text{ZH: "应计未付利息", EN: "accrued interest"}, "prev(accrued)=5 interest=5 interest_due=0 -> 10")
		add("principal", formula.Money, "when(year = repaid_by, prev(balance), 0)", "", Text{ZH: "还本", EN: "principal"}, "year=2024 repaid_by=2024 prev(balance)=100 -> 100")
	case "interest_only":
		add("principal", formula.Money, "when(year = repaid_by, prev(balance), 0)", "", Text{ZH: "还本", EN: "principal"}, "year=2023 repaid_by=2024 prev(balance)=100 -> 0")
	case "schedule":
		asked := "repaid"
		if i > 0 {
			before := all[i-1].scope
			asked = fmt.Sprintf("%s.asked - %s.principal", before, before)
		}
		add("asked", formula.Money, asked, "", Text{ZH: "计划还本", EN: "scheduled"}, example(i == 0, "repaid=40 -> 40"))
		add("principal", formula.Money, "min(prev(balance), asked)", "", Text{ZH: "还本", EN: "principal"}, "prev(balance)=30 asked=40 -> 30")
	}
	add("balance", formula.Money, balance, t.opening, Text{ZH: "余额", EN: "balance"}, "prev(balance)=600 drawn=0 principal=51.858108 -> 548.141892")
}

// debtProblems refuses what a town may not do and what would never be repaid; it reports whether it did.
func (b *builder) debtProblems(e *Element) (bad bool) {
	class, drawn := e.Words["class"], e.Params["drawn"]
	if _, years := e.Params["years"].GivenIn(); !years && e.Words["method"] != "schedule" {
		b.fail("debt_without_years", e.Pos, formula.Textf("债务 %q 没写还款年数 years", "debt %q does not say in how many years it is repaid", e.ID), Text{ZH: "加 years: 10", EN: "add years: 10"})
		return true
	}
	for s, in := range drawn.Values {
		switch class {
		case "legacy_loan", "contractor", "hidden":
			if Nonzero(in) {
				b.fail("town_may_not_borrow", drawn.At(s), formula.Textf("乡镇不得举借 %s：2015 年预算法只允许通过省级债券转贷；垫资属新增隐性债务", "a town may not draw %s: under the 2015 Budget Law money borrowed reaches it only as onlent provincial bonds; contractors' pre-finance is new hidden debt", DebtClass(class)),
					Text{ZH: "改为 class: onlent_general 或 onlent_special，或去掉 drawn，只写 opening", EN: "use class: onlent_general or onlent_special, or drop drawn and give only opening"})
				return true
			}
		}
		if e.Words["method"] == "schedule" {
			b.repaidTooMuch(e, s)
		}
	}
	return false
}

// repaidTooMuch warns of scheduled principal that nobody owes.
func (b *builder) repaidTooMuch(e *Element, scenario int) {
	cal, owed, scheduled := b.plan.Calendar, e.Params["opening"].Values[scenario].Same, decimal.Zero
	for col := cal.Zero() + 1; col < cal.Columns(); col++ {
		scheduled = scheduled.Add(e.Params["repaid"].Values[scenario].At(col))
		if scheduled.GreaterThan(owed) {
			b.warn("repaid_too_much", e.Params["repaid"].At(scenario), formula.Textf("到 %d 年计划还本累计 %s，超过此前所欠的 %s，多出的不还（情景 %s）", "by %d the scheduled principal is %s in all, more than the %s owed before: the rest is not repaid (scenario %s)",
				cal.First+col, scheduled, owed, b.plan.Scenarios[scenario].ID), Text{ZH: "提款从次年起还；核对 repaid", EN: "a drawing is repaid from the year after it; check repaid"})
			return
		}
		owed = owed.Add(e.Params["drawn"].Values[scenario].At(col))
	}
}

// DebtClass is a class's label.
func DebtClass(key string) Text {
	for _, o := range DebtClasses {
		if o.Key == key {
			return o.Label
		}
	}
	return Text{ZH: key, EN: key}
}
