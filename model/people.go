package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// A staff group: posts, people in post, pay, and who pays them.
var staffGroup = Kind{
	Label: Text{ZH: "人员类别", EN: "Staff group"},
	Fields: []Field{
		{Key: "posts", Unit: formula.Person, Series: Held, Min: "0", Label: Text{ZH: "编制", EN: "Posts"}},
		{Key: "filled", Unit: formula.Person, Series: Held, Min: "0", Label: Text{ZH: "实有人数", EN: "Filled"}},
		{Key: "pay", Unit: formula.MoneyPerPerson, Min: "0", Label: Text{ZH: "人均工资（末个实绩年）", EN: "Pay per head (last actual year)"}},
		{Key: "pay_growth", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1", Max: "1000%", Label: Text{ZH: "工资增长率", EN: "Pay growth"}},
		{Key: "paid_by", Kind: ChoiceField, Default: "county", Label: Text{ZH: "由谁发放", EN: "Paid by"},
			Options: []Option{{Key: "county", Label: Text{ZH: "县", EN: "county"}}, {Key: "town", Label: Text{ZH: "镇", EN: "town"}}}},
	},
}

// headsField names the staff groups whose heads a per-person sum is for.
var headsField = Field{Key: "heads", Kind: OneOfField, Label: Text{ZH: "按哪些人计", EN: "Heads"}, Fields: []Field{
	{Key: "posts", Kind: RefsField, Of: "staff", Label: Text{ZH: "按编制", EN: "posts"}},
	{Key: "filled", Kind: RefsField, Of: "staff", Label: Text{ZH: "按实有人数", EN: "people in post"}},
	{Key: "lower", Kind: RefsField, Of: "staff", Label: Text{ZH: "编制与实有取低", EN: "the lower of both"}},
}}

var runningCosts = Kind{
	Label: Text{ZH: "运转经费", EN: "Running costs"},
	Fields: []Field{
		headsField,
		{Key: "per_head", Unit: formula.MoneyPerPerson, Series: Held, Min: "0", Label: Text{ZH: "人均运转经费", EN: "Cost per head"},
			Doc: Text{ZH: "末个实绩年价格", EN: "at prices of the last actual year"}},
		{Key: "price_growth", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1", Max: "1000%", Label: Text{ZH: "物价上涨率", EN: "Price growth"}},
	},
}

var performancePay = Kind{
	Label: Text{ZH: "绩效奖励", EN: "Performance pay"},
	Fields: []Field{
		{Key: "rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "提取比例", EN: "Share of incentive money"}},
		{Key: "of", Kind: RefsField, Of: "transfers", Optional: true, Label: Text{ZH: "从哪些实拨资金提取", EN: "Of which transfers"}, Doc: Text{ZH: "不写则为全部激励资金", EN: "all incentives if absent"}},
		{Key: "amount", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "另加定额", EN: "Plus an amount"}},
		{Key: "staff", Kind: RefsField, Of: "staff", Optional: true, Label: Text{ZH: "发给哪些人员", EN: "For which staff"}, Doc: Text{ZH: "不写则为全体", EN: "all groups if absent"}},
		{Key: "grades", Kind: ListField, Optional: true, Label: Text{ZH: "等次", EN: "Grades"}, Fields: []Field{
			{Key: "name", Kind: TextField, Label: Text{ZH: "等次", EN: "Grade"}},
			{Key: "share", Unit: formula.Ratio, Min: "0", Max: "1", Label: Text{ZH: "人数占比", EN: "Share of heads"}},
			{Key: "weight", Unit: formula.Number, Min: "0", Max: "1000", Label: Text{ZH: "系数", EN: "Weight"}},
		}},
	},
}

// heads adds the number of persons the current element pays for.
func (b *builder) heads(e *Element) {
	group := "heads." + e.Address()
	for _, id := range e.Refs["heads"] {
		b.groups[group] = append(b.groups[group], "staff."+id+"."+e.Words["heads"])
	}
	b.line(Line{Line: formula.Line{Name: "heads", Unit: formula.Person, Formula: "sum(" + group + ".*)"},
		Label: Text{ZH: "人数", EN: "heads"}, Example: group + ".*=38,70 -> 108", Rule: "heads"})
}

func (b *builder) writePeople() {
	b.section = Text{ZH: "三、人员、运转与绩效", EN: "3. Staff, running costs, performance pay"}
	for _, e := range b.plan.In("staff") {
		b.of(e)
		b.heading = e.Text()
		b.input("posts", "filled", "pay", "pay_growth", "paid_by")
		b.line(
			Line{Line: formula.Line{Name: "lower", Unit: formula.Person, Formula: "min(posts, filled)"},
				Label: Text{ZH: "编制与实有取低", EN: "lower of posts and filled"}, Example: "posts=38 filled=36 -> 36", Detail: true},
			Line{Line: formula.Line{Name: "pay_per_head", Unit: formula.MoneyPerPerson, Formula: "prev(pay_per_head) * (1 + pay_growth)", Opening: "pay"},
				Label: Text{ZH: "人均工资", EN: "pay per head"}, Example: "prev(pay_per_head)=10 pay_growth=0.04 -> 10.4"},
			Line{Line: formula.Line{Name: "wages", Unit: formula.Money, Formula: "round(filled * pay_per_head)"},
				Label: Text{ZH: "工资总额", EN: "wage bill"}, Example: "filled=36 pay_per_head=10.4 -> 374.4"},
			Line{Line: formula.Line{Name: "wages_by_town", Unit: formula.Money, Formula: "when(is(paid_by, town), wages, 0)"},
				Label: Text{ZH: "镇级发放", EN: "paid by the town"}, Example: "paid_by=county wages=374.4 -> 0"},
			Line{Line: formula.Line{Name: "wages_by_county", Unit: formula.Money, Formula: "wages - wages_by_town"},
				Label: Text{ZH: "县级直接发放", EN: "paid by the county"}, Example: "wages=374.4 wages_by_town=0 -> 374.4"},
		)
		b.groups[dues("wages")] = append(b.groups[dues("wages")], b.scope+".wages_by_town")
	}
	for _, e := range b.plan.In("running_costs") {
		b.of(e)
		b.heading = e.Text()
		b.heads(e)
		b.grownTwice(e, "per_head", "price_growth", false)
		b.input("per_head", "price_growth")
		b.line(
			Line{Line: formula.Line{Name: "price_index", Unit: formula.Ratio, Formula: "prev(price_index) * (1 + price_growth)", Opening: "1"},
				Label: Text{ZH: "物价指数", EN: "price index"}, Example: "prev(price_index)=1.02 price_growth=0.02 -> 1.0404", Detail: true},
			Line{Line: formula.Line{Name: "due", Unit: formula.Money, Formula: "round(heads * per_head * price_index)"},
				Label: Text{ZH: "运转经费", EN: "running costs"}, Example: "heads=108 per_head=1.86 price_index=1.02 -> 204.8976"},
		)
		b.groups[dues("operations")] = append(b.groups[dues("operations")], "running_costs.due")
	}
	for _, e := range b.plan.In("spending") {
		b.writeSpending(e)
	}
}

// writePerformance follows the transfers and the staff it is made of.
func (b *builder) writePerformance() {
	for _, e := range b.plan.In("performance_pay") {
		b.of(e)
		b.heading = Text{ZH: "绩效奖励", EN: "Performance pay"}
		b.input("rate", "amount")
		b.group("performance_base")
		for _, id := range e.Refs["of"] {
			if of := b.plan.Find("transfers." + id); of.Kind == "upload" {
				b.fail("pool_of_upload", e.Pos, formula.Textf("绩效不能从上解“%s”提取：那是镇交给县的钱", "the pool cannot be a share of the upload %q: that is money the town pays", of.Text()), Text{ZH: "写县对镇的激励资金", EN: "name money the county pays"})
				return
			}
			b.groups["performance_base"] = append(b.groups["performance_base"], "transfers."+id)
		}
		if len(e.Refs["of"]) == 0 {
			b.groups["performance_base"] = b.groups["incentives"]
		}
		b.line(
			Line{Line: formula.Line{Name: "base", Unit: formula.Money, Formula: "sum(performance_base.*.paid)"},
				Label: Text{ZH: "提取基数（实拨）", EN: "money it is a share of (paid)"}, Example: "performance_base.*.paid=91.82219 -> 91.82219"},
			Line{Line: formula.Line{Name: "pool", Unit: formula.Money, Formula: "amount + round(base * rate)"},
				Label: Text{ZH: "绩效总额", EN: "pool"}, Example: "amount=0 base=91.82219 rate=0.2 -> 18.364438"},
		)
		b.groups[dues("performance")] = append(b.groups[dues("performance")], "performance_pay.pool")
		b.grades(e)
	}
}

// grades shares the pool out: per head of each grade, and the gap between the first two.
func (b *builder) grades(e *Element) {
	n := e.Count["grades"]
	if n == 0 {
		return
	}
	b.group("performance_heads")
	for _, s := range b.plan.In("staff") {
		if len(e.Refs["staff"]) == 0 || contains(e.Refs["staff"], s.ID) {
			b.groups["performance_heads"] = append(b.groups["performance_heads"], s.Address()+".filled")
		}
	}
	b.line(Line{Line: formula.Line{Name: "heads", Unit: formula.Person, Formula: "sum(performance_heads.*)"}, Label: Text{ZH: "参评人数", EN: "heads rated"}, Example: "performance_heads.*=36,66 -> 102"})
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("grades.%d.", k)
		b.input(own+"share", own+"weight")
		grade := e.Words[own+"name"]
		b.line(
			Line{Line: formula.Line{Name: own + "heads", Unit: formula.Person, Formula: "performance_pay.heads * share"}, Rule: b.rule + ".grades.heads",
				Label: Text{ZH: grade + "人数", EN: grade + ": heads"}, Example: "performance_pay.heads=100 share=0.2 -> 20"},
			Line{Line: formula.Line{Name: own + "weighted", Unit: formula.Person, Formula: "heads * weight"}, Rule: b.rule + ".grades.weighted",
				Label: Text{ZH: grade + "折算人数", EN: grade + ": weighted heads"}, Example: "heads=20 weight=1.5 -> 30", Detail: true},
		)
	}
	b.line(Line{Line: formula.Line{Name: "weighted_heads", Unit: formula.Person, Formula: "sum(performance_pay.grades.*.weighted)"},
		Label: Text{ZH: "折算人数合计", EN: "weighted heads"}, Example: "performance_pay.grades.*.weighted=30,75,3 -> 108", Detail: true})
	b.constant("constants.yuan_per_wan", formula.YuanPerMoney, Text{ZH: "1 万元合元", EN: "yuan in 10k yuan"}, decimal.NewFromInt(10000))
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("grades.%d.", k)
		grade := e.Words[own+"name"]
		b.line(
			Line{Line: formula.Line{Name: own + "per_head", Unit: formula.MoneyPerPerson, Formula: "when(weighted_heads > 0, pool * weight / weighted_heads, 0)"}, Rule: b.rule + ".grades.per_head",
				Label: Text{ZH: grade + "人均", EN: grade + ": per head"}, Example: "weighted_heads=108 pool=54 weight=1.5 -> 0.75", Detail: true},
			Line{Line: formula.Line{Name: own + "yuan_per_head", Unit: formula.YuanPerPerson, Formula: "per_head * constants.yuan_per_wan"}, Rule: b.rule + ".grades.yuan_per_head",
				Label: Text{ZH: grade + "人均（元）", EN: grade + ": yuan per head"}, Example: "per_head=0.75 constants.yuan_per_wan=10000 -> 7500"},
		)
	}
	if n > 1 {
		ordinary := 2 // the gap is between the best grade and 合格 (or 称职), or the second if none is called so
		for k := 2; k <= n; k++ {
			if name := e.Words[fmt.Sprintf("grades.%d.name", k)]; name == "合格" || name == "称职" {
				ordinary = k
			}
		}
		best, other := "grades.1.yuan_per_head", fmt.Sprintf("grades.%d.yuan_per_head", ordinary)
		b.line(Line{Line: formula.Line{Name: "gap_yuan", Unit: formula.YuanPerPerson, Formula: best + " - " + other},
			Label:   formula.Textf("%s比%s多（元/人）", "gap between %s and %s", e.Words["grades.1.name"], e.Words[fmt.Sprintf("grades.%d.name", ordinary)]),
			Example: best + "=7500 " + other + "=5000 -> 2500"})
	}
	b.require("grades_check", "sum(performance_pay.grades.*.share) != 1", Text{ZH: "各等次占比之和＝100%", EN: "shares of grades add up to 100 %"}, "performance_pay.grades.*.share=0.2,0.75,0.06 -> 1",
		func(s, _ int) Problem {
			total := decimal.Zero
			for k := 1; k <= n; k++ {
				total = total.Add(e.Params[fmt.Sprintf("grades.%d.share", k)].Values[s].Same)
			}
			return Problem{Code: "grades_not_100", Pos: e.Params["grades.1.share"].At(s), Text: formula.Textf("各等次占比之和是 %s%%，不是 100%%（情景 %s）", "the grades' shares add up to %s %%, not 100 %% (scenario %s)", total.Shift(2), b.plan.Scenarios[s].ID),
				Hint: Text{ZH: "调整 share，使合计为 100%", EN: "make the shares add up to 100 %"}}
		})
}

// spendingLine is any other spending, in one category of the payment order.
var spendingLine = Kind{
	Label: Text{ZH: "支出项目", EN: "Spending line"},
	Fields: []Field{
		{Key: "category", Kind: ChoiceField, Fixed: true, Label: Text{ZH: "支付类别", EN: "Category"}, Options: spendingCategories()},
		{Key: "amount", Unit: formula.Money, Optional: true, Min: "0", Label: Text{ZH: "末个实绩年数", EN: "Amount in the last actual year"}},
		{Key: "growth", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1", Max: "1000%", Label: Text{ZH: "增长率", EN: "Growth"}},
		{Key: "path", Unit: formula.Money, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "逐年给定", EN: "Given year by year"}},
	},
}

// taxLinkedAward warns of spending that, by its own words, rewards chosen firms by what they pay: the fair competition review rules
// (公平竞争审查条例, in force 2024-08-01) forbid it.
func (b *builder) taxLinkedAward(e *Element) {
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(e.Label+e.Note, w) })
	}
	if says("企业", "招商", "商户", "总部") && says("返还", "奖励", "奖补", "扶持", "税") {
		b.warn("tax_linked_award", e.Pos, formula.Textf("“%s”像是按税收奖补企业：《公平竞争审查条例》（2024-08-01 起施行）不允许", "%q looks like an award to firms by their tax: the fair competition review rules (in force 2024-08-01) forbid it", e.Text()),
			Text{ZH: "请法制审核；确属合规的，在 label 里写清是什么支出", EN: "have it reviewed; if it is lawful, let the label say what it is"})
	}
}

func (b *builder) writeSpending(e *Element) {
	b.of(e)
	b.heading = e.Text()
	_, amount := e.Params["amount"].GivenIn()
	_, path := e.Params["path"].GivenIn()
	l := Line{Line: formula.Line{Name: "due", Unit: formula.Money, Formula: "round(prev(due) * (1 + growth))", Opening: "amount"},
		Label: Text{ZH: "应支出", EN: "due"}, Example: "prev(due)=331.53125 growth=0.03 -> 341.477188"}
	switch {
	case amount == path:
		b.fail("spending_amount_or_path", e.Pos, formula.Textf("支出 %q 要写 amount（加 growth）或 path，二者取一", "spending %q takes amount (with growth) or path, one of them", e.ID),
			Text{ZH: "如 amount: 312.5, growth: 3%", EN: "such as amount: 312.5, growth: 3%"})
		return
	case path:
		b.input("path")
		l.Formula, l.Opening, l.Example = "path", "", ""
	default:
		b.input("amount", "growth")
	}
	b.line(l)
	b.taxLinkedAward(e)
	group := dues(e.Words["category"])
	b.groups[group] = append(b.groups[group], b.scope+".due")
}
