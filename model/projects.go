package model

import (
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// A project: what it costs, who pays, what is still owed to its contractors, what it yields.
var project = Kind{
	Label: Text{ZH: "项目", EN: "Project"},
	Fields: []Field{
		{Key: "cost", Unit: formula.Money, Series: Events, Default: "0", Min: "0", Label: Text{ZH: "投资（逐年）", EN: "Cost by year"}, Fields: []Field{
			{Key: "total", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "总投资", EN: "Total cost"}},
			{Key: "profile", Unit: formula.Ratio, Series: Events, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "分年比例", EN: "Share of each year"}},
			{Key: "before", Unit: formula.Ratio, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "测算期前已投比例", EN: "Share spent before the plan"}},
		}},
		{Key: "finished", Kind: SwitchField, Default: "false", Label: Text{ZH: "已完工", EN: "Finished"}},
		{Key: "owed", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初拖欠工程款", EN: "Owed to contractors at the start"}},
		{Key: "earmarked_opening", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期初专项结余", EN: "Earmarked money at the start"}},
		{Key: "funded_by", Kind: RefsField, Of: "debt", Optional: true, Label: Text{ZH: "由哪些债券资金支付", EN: "Funded by"}},
		{Key: "operating", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "运行维护费", EN: "Operation and maintenance"},
			Doc: Text{ZH: "从写明的第一年起，之前为 0", EN: "from the first year named; 0 before"}},
		{Key: "yields", Unit: formula.Money, Series: Held, Default: "0", Label: Text{ZH: "收益", EN: "Yields"}, Doc: Text{ZH: "从写明的第一年起，之前为 0", EN: "from the first year named; 0 before"}},
		{Key: "into", Kind: RefField, Of: "revenue", Optional: true, Label: Text{ZH: "收益转入哪项收入", EN: "Yields go into"}},
	},
}

// writeYields comes before revenue, which adds the yields of projects.
func (b *builder) writeYields() {
	for _, e := range b.plan.In("projects") {
		if into := e.Refs["into"]; len(into) == 1 {
			b.groups[yieldsInto(into[0])] = append(b.groups[yieldsInto(into[0])], e.Address()+".yields")
		} else if e.Params["yields"].Any(Nonzero) {
			b.fail("yields_into_nothing", e.Params["yields"].Pos, formula.Textf("项目 %q 有收益，却没写转入哪项收入", "project %q has yields but does not say into which revenue item", e.ID),
				Text{ZH: "加 into: 收入项目的名称", EN: "add into: a revenue item"})
		}
	}
}

func (b *builder) writeProjects() {
	projects := b.plan.In("projects")
	if len(projects) > 0 {
		b.section = Text{ZH: "四、项目", EN: "4. Projects"}
	}
	funds := map[string]string{}
	b.group("projects")
	for _, e := range projects {
		b.of(e)
		b.member("projects")
		b.heading = e.Text()
		b.projectCost(e)
		b.input("operating", "owed")
		if len(e.Refs["into"]) == 1 {
			b.input("yields")
		}
		b.groups[dues("operations")] = append(b.groups[dues("operations")], b.scope+".operating")
		b.line(Line{Line: formula.Line{Name: "need", Unit: formula.Money, Formula: "prev(arrears) + cost"},
			Label: Text{ZH: "应付工程款", EN: "due to contractors"}, Level: true, Example: "prev(arrears)=1260 cost=420 -> 1680"})
		grants := len(b.groups["grants_for."+e.ID]) > 0 || e.Params["earmarked_opening"].Any(Nonzero)
		left := "need"
		if grants {
			b.group("grants_for." + e.ID)
			b.input("earmarked_opening")
			left = b.pocket("grant", "sum(grants_for."+e.ID+".*)", "earmarked_opening", left, Text{ZH: "专项补助", EN: "Grants"}, Text{ZH: "专项补助", EN: "Earmarked grants"})
		}
		if bonds := e.Refs["funded_by"]; len(bonds) > 0 {
			for _, id := range bonds {
				if other := funds[id]; other != "" {
					b.fail("bond_funds_two", e.Pos, formula.Textf("债务 %q 同时用于项目 %q 和 %q", "debt %q funds both project %q and %q", id, other, e.ID),
						Text{ZH: "按项目拆成两笔债务", EN: "split it into one instrument per project"})
				}
				funds[id] = e.ID
				b.groups["bonds_for."+e.ID] = append(b.groups["bonds_for."+e.ID], "debt."+id)
			}
			left = b.pocket("bond", "sum(bonds_for."+e.ID+".*.drawn)", "0", left, Text{ZH: "债券资金", EN: "Bonds"}, Text{ZH: "项目债券资金", EN: "Bonds for projects"})
		}
		b.line(
			Line{Line: formula.Line{Name: "cash_need", Unit: formula.Money, Formula: left}, Rule: b.rule + ".cash_need", Label: Text{ZH: "须由镇级资金支付", EN: "to be paid from the town's cash"}, Level: true,
				Example: example(left == "need", "need=1680 -> 1680")},
			Line{Line: formula.Line{Name: "arrears", Unit: formula.Money, Formula: "cash_need - paid_cash", Opening: "owed"},
				Label: Text{ZH: "拖欠工程款", EN: "owed to contractors"}, Example: "cash_need=1080 paid_cash=0 -> 1080"},
		)
		b.check("project_check", "prev(arrears) + cost - arrears - paid_cash"+paidEarmarked(grants, len(e.Refs["funded_by"]) > 0),
			Text{ZH: "上年拖欠＋投资＝支付＋年末拖欠", EN: "opening + cost = paid + closing"},
			example(!grants && len(e.Refs["funded_by"]) == 0, "prev(arrears)=1260 cost=420 arrears=1600 paid_cash=80 -> 0"))
	}
	b.totals(Line{Line: formula.Line{Name: "contractors_owed", Unit: formula.Money, Formula: "sum(projects.*.arrears)", Opening: "sum(projects.*.arrears)"},
		Label: Text{ZH: "拖欠工程款合计", EN: "Owed to contractors"}, Example: "projects.*.arrears=1080,20 -> 1100"})
	for _, e := range b.plan.In("debt") {
		if funds[e.ID] == "" {
			b.groups["free_draws"] = append(b.groups["free_draws"], e.Address())
		}
	}
}

func paidEarmarked(grants, bonds bool) (text string) {
	if grants {
		text += " - paid_grant"
	}
	if bonds {
		text += " - paid_bond"
	}
	return text
}

// projectCost adds the yearly cost, given by amounts, by a total and its profile, or both.
func (b *builder) projectCost(e *Element) {
	total, amounts := e.Params["cost.total"].Any(Nonzero), e.Params["cost"].Any(Nonzero)
	for s := range b.plan.Scenarios {
		if e.Words["finished"] == "true" && (Nonzero(e.Params["cost"].Values[s]) || Nonzero(e.Params["cost.total"].Values[s])) {
			b.fail("finished_with_cost", e.Params["cost"].At(s), formula.Textf("项目 %q 已完工，却还有投资", "project %q is finished but still has cost", e.ID),
				Text{ZH: "去掉 finished，或把欠款写在 owed", EN: "drop finished, or write what is owed in owed"})
			break
		}
	}
	if e.Words["finished"] == "true" { // nothing can be entered
		b.line(Line{Line: formula.Line{Name: "cost", Unit: formula.Money, Formula: "0"}, Rule: b.rule + ".cost_none", Label: Text{ZH: "投资（已完工）", EN: "cost (finished)"}, Example: "-> 0", Detail: true})
		return
	}
	if !total {
		b.input("cost")
		return
	}
	b.input("cost.total", "cost.profile")
	b.profile(e)
	f := "round(cost.total * cost.profile)"
	if amounts {
		b.inputAs("cost", "cost_given")
		f = "cost_given + " + f
	}
	b.line(Line{Line: formula.Line{Name: "cost", Unit: formula.Money, Formula: f}, Label: Text{ZH: "投资", EN: "cost"},
		Example: example(!amounts, "cost.total=1800 cost.profile=0.4 -> 720")})
}

// profile refuses shares of the years that do not add up to the whole.
func (b *builder) profile(e *Element) {
	b.constant(e.Address()+".cost.last_year", formula.Year, Text{ZH: "测算末年", EN: "last plan year"}, decimal.NewFromInt(int64(b.plan.Calendar.Last)))
	before := "0"
	if e.Params["cost.before"].Any(Nonzero) {
		b.input("cost.before")
		before = "cost.before"
	}
	b.line(Line{Line: formula.Line{Name: "profile_so_far", Unit: formula.Ratio, Formula: "prev(profile_so_far) + cost.profile", Opening: before}, Label: Text{ZH: "分年比例累计", EN: "profile so far"}, Example: "prev(profile_so_far)=0.4 cost.profile=0.4 -> 0.8", Detail: true})
	b.require("profile_check", "cost.total > 0 and year = cost.last_year and profile_so_far != 1", Text{ZH: "分年比例之和＝100%", EN: "the profile adds up to 100 %"}, "cost.total=1800 year=2026 cost.last_year=2026 profile_so_far=0.9 -> 1", func(s, _ int) Problem {
		sum := e.Params["cost.before"].Values[s].Same
		for _, d := range b.plan.planYears(e.Params["cost.profile"].Values[s]) {
			sum = sum.Add(d)
		}
		return Problem{Code: "profile_not_100", Pos: e.Params["cost.profile"].At(s), Text: formula.Textf("项目 %q 的分年比例合计 %s%%，不是 100%%", "the profile of project %q adds up to %s %%, not 100 %%", e.ID, sum.Shift(2)),
			Hint: Text{ZH: "调整 profile，使合计为 100%", EN: "make the profile add up to 100 %"}}
	})
}

// pocket is money that may only pay this project: what comes in, what it pays of the need, what waits; source is what comes in.
// It returns the need that is left.
func (b *builder) pocket(name, in, opening, need string, label, source Text) string {
	money := func(line, f, opening string, l Text, example string) {
		b.line(Line{Line: formula.Line{Name: line, Unit: formula.Money, Formula: f, Opening: opening}, Label: Text{ZH: label.ZH + l.ZH, EN: label.EN + " " + l.EN}, Example: example})
	}
	money(name+"_in", in, "", Text{ZH: "到账", EN: "received"}, in[len("sum("):len(in)-1]+"=600 -> 600")
	available := "prev(" + name + "_balance) + " + name + "_in"
	money("paid_"+name, "min("+available+", "+need+")", "", Text{ZH: "支付工程款", EN: "paid to contractors"},
		"prev("+name+"_balance)=50 "+name+"_in=600 need=1680 paid_grant=0 -> 650")
	money(name+"_balance", available+" - paid_"+name, opening, Text{ZH: "专户结余", EN: "waiting"}, "prev("+name+"_balance)=50 "+name+"_in=600 paid_"+name+"=610 -> 40")
	b.check(name+"_check", available+" - paid_"+name+" - "+name+"_balance", Text{ZH: label.ZH + "：上年结余＋到账＝支付＋结余", EN: label.EN + ": opening + in = out + balance"},
		"prev("+name+"_balance)=50 "+name+"_in=600 paid_"+name+"=610 "+name+"_balance=40 -> 0")
	b.flow(Flow{Line: join(b.scope, name+"_in"), Earmarked: true, Name: source})
	b.flow(Flow{Line: join(b.scope, "paid_"+name), Kind: FlowOut, Earmarked: true, Name: Text{ZH: "项目（专款）", EN: "Projects (earmarked)"}})
	b.flow(Flow{Line: join(b.scope, name+"_balance"), Kind: FlowHeld, Earmarked: true})
	return need + " - paid_" + name
}

func Nonzero(in formula.Input) bool {
	return !in.Same.IsZero() || slices.ContainsFunc(in.ByYear, func(d decimal.Decimal) bool { return !d.IsZero() })
}
