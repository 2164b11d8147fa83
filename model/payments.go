package model

import (
	"slices"
	"strings"

	"zhencai/model/formula"
)

// Categories are the ranks of the payment order, in the order of a plan that gives none. The first three are the 三保 (basic livelihood, wages, operations).
var Categories = []Option{
	{Key: "livelihood", Label: Text{ZH: "基本民生", EN: "Basic livelihood"}},
	{Key: "wages", Label: Text{ZH: "工资", EN: "Wages"}},
	{Key: "operations", Label: Text{ZH: "运转", EN: "Operations"}},
	{Key: "debt_service", Label: Text{ZH: "还本付息", EN: "Debt service"}},
	{Key: "performance", Label: Text{ZH: "绩效", EN: "Performance pay"}},
	{Key: "projects", Label: Text{ZH: "项目", EN: "Projects"}},
	{Key: "other", Label: Text{ZH: "其他", EN: "Other"}},
}

// basic are the categories of the 三保.
var basic = []string{"livelihood", "wages", "operations"}

func spendingCategories() (options []Option) {
	for _, o := range Categories {
		if o.Key != "projects" && o.Key != "debt_service" {
			options = append(options, o)
		}
	}
	return options
}

func category(key string) Text {
	return Categories[slices.IndexFunc(Categories, func(o Option) bool { return o.Key == key })].Label
}

// dues is the group of lines that a category has to pay this year.
func dues(category string) string { return "dues." + category }

var cash = Kind{
	Label: Text{ZH: "资金", EN: "Cash"},
	Fields: []Field{
		{Key: "opening", Unit: formula.Money, Label: Text{ZH: "期初资金", EN: "Cash at the start"}},
		{Key: "floor", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "最低备付", EN: "Reserve floor"}},
		{Key: "overdue_rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "逾期利率", EN: "Penalty rate on overdue debt service"}},
		{Key: "arrears", Kind: GroupField, Label: Text{ZH: "期初欠付", EN: "Arrears at the start"}, Fields: arrearsFields()},
	},
}

func arrearsFields() (fields []Field) {
	for _, c := range Categories {
		if c.Key != "projects" {
			fields = append(fields, Field{Key: c.Key, Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初欠付" + c.Label.ZH, EN: c.Label.EN + " in arrears at the start"}})
		}
	}
	return fields
}

// writePayments adds receipts, the payment order and closing cash. Nothing is borrowed to close a gap: what is not paid is arrears.
func (b *builder) writePayments() {
	own := b.plan.In("cash")[0]
	b.section = Text{ZH: "六、资金与支付顺序", EN: "6. Cash and the payment order"}
	b.of(own)
	b.heading = Text{ZH: "可用资金", EN: "Money available"}
	b.input("opening", "floor")
	b.group("free_transfers")
	b.group("free_draws")
	b.totals(
		Line{Line: formula.Line{Name: "free_transfers_paid", Unit: formula.Money, Formula: "sum(free_transfers.*)"}, Label: Text{ZH: "非专项转移支付实拨", EN: "Transfers paid, not earmarked"}, Example: "free_transfers.*=91.82219,187.5,216 -> 495.32219"},
		Line{Line: formula.Line{Name: "free_drawn", Unit: formula.Money, Formula: "sum(free_draws.*.drawn)"}, Label: Text{ZH: "非专项债券资金", EN: "Bonds drawn, not earmarked"}, Example: "free_draws.*.drawn=100 -> 100"},
		Line{Line: formula.Line{Name: "receipts", Unit: formula.Money, Formula: "kept + free_transfers_paid + free_drawn - uploads_paid"}, Label: Text{ZH: "可用资金收入", EN: "Receipts"}, Example: "kept=216.633658 free_transfers_paid=495.32219 free_drawn=0 uploads_paid=0 -> 711.955848"},
	)
	b.flow(Flow{Line: "free_drawn", Name: Text{ZH: "债券资金（非专项）", EN: "Bonds, not earmarked"}})
	b.group("payments")
	left := "prev(cash) + receipts - cash.floor"
	for _, c := range b.plan.Order {
		if c == "projects" {
			left = b.payProjects(left)
		} else if b.has(c) {
			left = b.pay(c, left)
		}
	}
	b.in("", "", own)
	b.heading = Text{ZH: "年末资金与缺口", EN: "Closing cash and the gap"}
	owed := "sum(payments.*.arrears) + contractors_owed"
	b.totals(
		Line{Line: formula.Line{Name: "projects_paid_cash", Unit: formula.Money, Formula: "sum(projects.*.paid_cash)"}, Label: Text{ZH: "项目：镇级资金支付", EN: "Projects: paid from the town's cash"}, Example: "projects.*.paid_cash=0,133.550771 -> 133.550771"},
		Line{Line: formula.Line{Name: "payments_paid", Unit: formula.Money, Formula: "sum(payments.*.paid) + projects_paid_cash"}, Label: Text{ZH: "支付合计", EN: "Total paid"}, Example: "payments.*.paid=331.53125,208.995552 projects_paid_cash=10 -> 550.526802"},
		Line{Line: formula.Line{Name: "cash", Unit: formula.Money, Formula: left + " + cash.floor", Opening: "cash.opening"}, Label: Text{ZH: "年末资金", EN: "Closing cash"}, Example: example(strings.HasSuffix(left, ".left"), left+"=133.550771 cash.floor=20 -> 153.550771")},
		Line{Line: formula.Line{Name: "overdrawn", Unit: formula.Money, Formula: "max(-cash, 0)"}, Label: Text{ZH: "透支", EN: "Overdrawn"}, Level: true, Example: "cash=-17 -> 17"},
		Line{Line: formula.Line{Name: "overdue", Unit: formula.Money, Formula: b.overdue(), Opening: b.overdue()}, Label: Text{ZH: "逾期还本付息", EN: "Overdue debt service"}, Example: example(b.has("debt_service"), "payments.debt_service.arrears=78.14866 -> 78.14866")},
		Line{Line: formula.Line{Name: "arrears_total", Unit: formula.Money, Formula: owed, Opening: owed}, Label: Text{ZH: "欠付合计（含工程款）", EN: "All arrears (with contractors)"}, Example: "payments.*.arrears=78.14866,0 contractors_owed=1080 -> 1158.14866"},
		Line{Line: formula.Line{Name: "arrears_change", Unit: formula.Money, Formula: "arrears_total - prev(arrears_total)"}, Label: Text{ZH: "欠付增减", EN: "Change of arrears"}, Example: "arrears_total=1158.14866 prev(arrears_total)=1260 -> -101.85134"},
		Line{Line: formula.Line{Name: "gap", Unit: formula.Money, Formula: "max(arrears_change, 0)"}, Label: Text{ZH: "当年缺口", EN: "Gap of the year"}, Example: "arrears_change=-101.85134 -> 0"},
		Line{Line: formula.Line{Name: "debt", Unit: formula.Money, Formula: "instruments_balance + contractors_owed + overdue", Opening: "instruments_balance + contractors_owed + overdue"},
			Label: Text{ZH: "债务合计", EN: "Total debt"}, Example: "instruments_balance=1350 contractors_owed=1080 overdue=78.14866 -> 2508.14866"},
	)
	if len(b.groups["uploads"]) > 0 { // not paid to the county, by choice or not: no bill of the payment order, and neither gap nor debt
		all := "arrears_total + uploads_owed"
		b.totals(Line{Line: formula.Line{Name: "arrears_with_uploads", Unit: formula.Money, Formula: all, Opening: all}, Label: Text{ZH: "欠付合计（含欠缴上解）", EN: "All arrears (with uploads owed)"}, Example: "arrears_total=1158.14866 uploads_owed=12 -> 1170.14866"})
	}
	b.flow(Flow{Line: "cash", Kind: FlowHeld})
	b.check("cash_check", "prev(cash) + receipts - payments_paid - cash", Text{ZH: "上年资金＋收入－支付＝年末资金", EN: "opening + receipts - payments = closing"}, "prev(cash)=86.4 receipts=576.32394 payments_paid=642.72394 cash=20 -> 0")
}

func (b *builder) overdue() string {
	if b.has("debt_service") {
		return "payments.debt_service.arrears"
	}
	return "0"
}

// has: does the plan owe anything in this category, now or from before?
func (b *builder) has(c string) bool {
	return len(b.groups[dues(c)]) > 0 || b.plan.In("cash")[0].Params["arrears."+c].Any(Nonzero)
}

// pay adds one rank of the payment order and returns what is left after it.
func (b *builder) pay(c, available string) string {
	own := b.plan.In("cash")[0]
	b.of(own)
	b.heading = category(c)
	b.input("arrears." + c)
	scope := "payments." + c
	b.in(scope, "payments", own)
	b.member("payments")
	due := "sum(" + dues(c) + ".*)"
	b.group(dues(c))
	opening := "cash.arrears." + c
	if c == "debt_service" && own.Params["overdue_rate"].Any(Nonzero) {
		b.of(own)
		b.input("overdue_rate")
		b.in(scope, "payments", own)
		b.line(Line{Line: formula.Line{Name: "penalty", Unit: formula.Money, Formula: "round(prev(arrears) * cash.overdue_rate)"}, Label: Text{ZH: "逾期利息", EN: "penalty interest"}, Example: "prev(arrears)=78.14866 cash.overdue_rate=0.05 -> 3.907433"})
		due += " + penalty"
	}
	b.rank("due", due, "", category(c), Text{ZH: "当年应付", EN: "due this year"}, example(due == "sum(dues."+c+".*)", dues(c)+".*=321.875 -> 321.875"))
	b.rank("need", "due + prev(arrears)", "", category(c), Text{ZH: "应付（含上年欠付）", EN: "need (with last year's arrears)"}, "due=257.808108 prev(arrears)=78.14866 -> 335.956768")
	b.rank("available", available, "", category(c), Text{ZH: "可用", EN: "available"}, example(available == "prev(cash) + receipts - cash.floor", "prev(cash)=86.4 receipts=576.32394 cash.floor=20 -> 642.72394"))
	b.rank("paid", "min(max(available, 0), need)", "", category(c), Text{ZH: "支付", EN: "paid"}, "available=171.429046 need=335.956768 -> 171.429046")
	b.rank("arrears", "need - paid", opening, category(c), Text{ZH: "欠付", EN: "arrears"}, "need=335.956768 paid=171.429046 -> 164.527722")
	b.rank("left", "available - paid", "", category(c), Text{ZH: "余下", EN: "left"}, "available=642.72394 paid=321.875 -> 320.84894")
	b.flow(Flow{Line: scope + ".paid", Kind: FlowOut, Name: category(c)})
	b.check("payment_check", "max(paid - need, 0) + max(paid - max(available, 0), 0)", Text{ZH: category(c).ZH + "：支付不超过应付，也不超过可用", EN: category(c).EN + ": paid ≤ need and ≤ available"}, "paid=5 need=6 available=5 -> 0")
	return scope + ".left"
}

func (b *builder) rank(name, f, opening string, of, label Text, worked string) {
	b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f, Opening: opening}, Label: Text{ZH: of.ZH + label.ZH, EN: of.EN + ": " + label.EN}, Example: worked, Detail: name == "available" || name == "left", Level: name == "need" || name == "available" || name == "left"})
}

// payProjects is the rank of the projects: each in the plan's order, by what earmarked money has not paid.
func (b *builder) payProjects(available string) string {
	projects := b.plan.In("projects")
	if len(projects) == 0 {
		return available
	}
	b.heading = category("projects")
	b.flow(Flow{Line: "projects_paid_cash", Kind: FlowOut, Name: Text{ZH: "项目（镇级资金）", EN: "Projects (own cash)"}})
	for _, e := range projects {
		b.of(e)
		b.line(
			Line{Line: formula.Line{Name: "cash_available", Unit: formula.Money, Formula: available}, Label: Text{ZH: "可用", EN: "available"}, Detail: true, Level: true, Example: example(!strings.HasPrefix(available, "prev"), available+"=133.550771 -> 133.550771")},
			Line{Line: formula.Line{Name: "paid_cash", Unit: formula.Money, Formula: "min(max(cash_available, 0), cash_need)"}, Label: Text{ZH: "镇级资金支付", EN: "paid from the town's cash"}, Example: "cash_available=133.550771 cash_need=1620 -> 133.550771"},
			Line{Line: formula.Line{Name: "left", Unit: formula.Money, Formula: "cash_available - paid_cash"}, Label: Text{ZH: "余下", EN: "left"}, Level: true, Example: "cash_available=200 paid_cash=150 -> 50", Detail: true},
		)
		available = e.Address() + ".left"
	}
	return available
}

// writeCounty is the other side of the same clauses.
func (b *builder) writeCounty() {
	b.section = Text{ZH: "七、县镇两本账", EN: "7. The county's side"}
	money := func(name, f string, label Text, example string) {
		b.totals(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f}, Label: label, Example: example})
	}
	b.group("county_wages")
	for _, e := range b.plan.In("staff") {
		b.groups["county_wages"] = append(b.groups["county_wages"], e.Address()+".wages_by_county")
	}
	money("town_receives", "kept + transfers_paid - uploads_paid", Text{ZH: "镇得（按实拨）", EN: "Town receives (as paid)"}, "kept=216.633658 transfers_paid=495.32219 uploads_paid=0 -> 711.955848")
	money("county_keeps", "amount - kept - transfers_paid + uploads_paid", Text{ZH: "县留（按实拨）", EN: "County keeps (as paid)"}, "amount=4058.651025 kept=216.633658 transfers_paid=495.32219 uploads_paid=0 -> 3346.695177")
	money("town_receives_if_due", "kept + transfers_due - uploads_due", Text{ZH: "镇得（按应得）", EN: "Town receives (as due)"}, "kept=216.633658 transfers_due=863.238135 uploads_due=0 -> 1079.871793")
	money("county_keeps_if_due", "amount - kept - transfers_due + uploads_due", Text{ZH: "县留（按应得）", EN: "County keeps (as due)"}, "amount=4058.651025 kept=216.633658 transfers_due=863.238135 uploads_due=0 -> 2978.779232")
	if len(b.groups["uploads"]) > 0 {
		owed := "transfers_owed - uploads_owed"
		b.totals(Line{Line: formula.Line{Name: "county_account", Unit: formula.Money, Formula: owed, Opening: owed}, Label: Text{ZH: "县镇往来净额（县欠拨减镇欠缴）", EN: "Account with the county (owed by it less uploads owed to it)"},
			Example: "transfers_owed=367.915995 uploads_owed=12 -> 355.915995"})
	}
	money("county_wages", "sum(county_wages.*)", Text{ZH: "县直接发放镇人员工资", EN: "Town staff's wages paid by the county"}, "county_wages.*=374.4,700 -> 1074.4")
	money("county_after_wages", "county_keeps - county_wages", Text{ZH: "县留扣除代发工资后", EN: "County keeps, after those wages"}, "county_keeps=3346.695177 county_wages=1074.4 -> 2272.295177")
	b.in("", "", nil)
	b.check("county_check", "town_receives + county_keeps - amount", Text{ZH: "镇得＋县留＝财政收入", EN: "town + county = revenue"}, "town_receives=711.955848 county_keeps=3346.695177 amount=4058.651025 -> 0")
	b.check("county_due_check", "town_receives_if_due + county_keeps_if_due - amount", Text{ZH: "镇得＋县留＝财政收入（按应得）", EN: "town + county = revenue (as due)"}, "town_receives_if_due=1079.871793 county_keeps_if_due=2978.779232 amount=4058.651025 -> 0")
	b.check("debt_total_check", "debt - instruments_balance - contractors_owed - overdue", Text{ZH: "各类债务之和＝债务合计", EN: "instruments + contractors + overdue = debt"}, "debt=10 instruments_balance=5 contractors_owed=3 overdue=2 -> 0")
}
