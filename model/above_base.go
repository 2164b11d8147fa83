package model

import (
	"fmt"
	"slices"

	"zhencai/model/formula"
)

// The share of revenue above a base: five years' mean, a year, a given amount, last year, or the mean of the last years as they roll.
var aboveBase = Kind{
	Name: "above_base", Label: Text{ZH: "超基数分成", EN: "Share above a base"}, rule: (*builder).aboveBase,
	Fields: clause("true", slices.Concat([]Field{
		{Key: "base", Kind: OneOfField, Label: Text{ZH: "基数规则", EN: "Base rule"}, Fields: []Field{
			{Key: "mean", Unit: formula.Years, Default: "5", Whole: true, Min: "1", Max: "30", Label: Text{ZH: "前几年实绩平均（固定）", EN: "mean of the last actual years (frozen)"}},
			{Key: "year", Unit: formula.Year, Default: "last_actual_year", Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "某年实绩", EN: "one year's actual"}},
			{Key: "amount", Unit: formula.Money, Series: Held, Default: "0", Needed: true, Min: "0", Label: Text{ZH: "给定数额", EN: "a given amount"}},
			{Key: "target", Unit: formula.Money, Series: Held, Default: "0", Needed: true, Min: "0", Label: Text{ZH: "下达任务数", EN: "the target set by the county"}},
			{Key: "previous", Kind: SwitchField, Label: Text{ZH: "上年", EN: "last year"}},
			{Key: "rolling", Unit: formula.Years, Default: "3", Whole: true, Min: "1", Max: "30", Label: Text{ZH: "前几年滚动平均", EN: "rolling mean of the last years"}},
		}},
		{Key: "base_until", Unit: formula.Year, Optional: true, Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "固定的平均算到哪年", EN: "Last year of the frozen mean"},
			Doc: Text{ZH: "只用于 base: {mean: …}；不写则为末个实绩年。计划结转到下一年，基数不跟着走", EN: "of base: {mean: …} only; the last actual year if absent. So a plan rolled forward keeps its base"}},
		{Key: "items", Kind: ListField, Optional: true, Label: Text{ZH: "参与分成的收入", EN: "Items in scope"}, Doc: Text{ZH: "不写则为全部计入口径的收入", EN: "all counted revenue if absent"}, Fields: []Field{
			{Key: "item", Kind: RefField, Of: "revenue", Label: Text{ZH: "收入项目", EN: "Revenue item"}},
			{Key: "share", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "计入分成的比例", EN: "Share in scope"},
				Doc: Text{ZH: "从某年起划出口径写 0%，基数按同口径调整", EN: "0 % from the year an item leaves the scope; the base is then measured in the same scope"}},
		}},
		{Key: "excluded", Kind: ListField, Optional: true, Label: Text{ZH: "剔除的收入", EN: "Revenue left out"}, Doc: Text{ZH: "点名剔除的一次性收入或企业", EN: "one-offs or firms left out by name"}, Fields: []Field{
			{Key: "name", Kind: TextField, Label: Text{ZH: "名称", EN: "Name"}},
			{Key: "amount", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "剔除数", EN: "left out"}},
			{Key: "past", Unit: formula.Money, Series: History, Default: "0", Label: Text{ZH: "历年剔除数", EN: "left out in past years"}},
		}},
		{Key: "base_growth", Unit: formula.Ratio, Series: Held, Optional: true, Min: "-1", Max: "1000%", Label: Text{ZH: "基数递增率", EN: "Growth of the base"},
			Doc: Text{ZH: "固定的基数从测算首年起逐年递增；逐年移动的基数（上年、滚动）每年只加一次", EN: "a base that stands still grows every year, from the first plan year on; one that moves (previous, rolling) is so much more than the rule gives, every year"}},
		{Key: "base_reset_every", Unit: formula.Years, Optional: true, Whole: true, Min: "0", Max: "30", Label: Text{ZH: "基数几年一定", EN: "Base reset every so many years"},
			Doc: Text{ZH: "从期限首年起算（也可在测算期之前），每满这么多年，基数改为上年实绩；0 为不重定", EN: "counted from the first year of the term, which may lie before the plan: then the base becomes last year's revenue; 0: never"}},
		{Key: "base_never_falls", Kind: ChoiceField, Default: "no", Label: Text{ZH: "基数只升不降", EN: "The base never falls"}, Doc: Text{ZH: "不低于期限前一年以来的最高实绩", EN: "not below the highest revenue since the year before the term"},
			Options: yesNo},
		{Key: "base_edit", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "基数调整", EN: "Edit of the base"},
			Doc: Text{ZH: "从当年起长期调整基数，如某项收入划出口径（负数）", EN: "a lasting change of the base from that year on, such as an item that leaves the scope (negative)"}},
		{Key: "set_aside", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "分成前先扣（定额）", EN: "Set aside before sharing (amount)"}},
		{Key: "set_aside_rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "分成前先扣（比例）", EN: "Set aside before sharing (share)"}},
	}, bandFields, baseAwardFields, shortfallFields)...),
}

// aboveBase is the share of revenue above a base.
func (b *builder) aboveBase(e *Element) (rule, worked string) {
	b.scopeOfClause(e)
	b.input("base.rule", "base.mean", "base.year", "base.amount", "base.target", "base.rolling")
	until, worked := "last_actual_year", "base_moves=1 year=2024 base.rule=rolling base.year=2021 -> 2023"
	if some, all := e.Params["base_until"].GivenIn(); some {
		if !all {
			b.fail("base_until_not_in_all", e.Params["base_until"].Pos, Text{ZH: "base_until 只在有的情景里写了", EN: "base_until is given only in some scenarios"}, Text{ZH: "在计划里写出，再由层改动", EN: "give it in the plan, and change it in a layer"})
		}
		b.input("base_until")
		until, worked = "base_until", "base_moves=0 base.rule=mean base_until=2020 -> 2020"
	}
	b.line(
		Line{Line: formula.Line{Name: "base_moves", Unit: formula.Flag, Formula: "is(base.rule, previous) or is(base.rule, rolling)"},
			Label: Text{ZH: "基数逐年移动", EN: "the base moves every year"}, Example: "base.rule=rolling -> 1", Detail: true},
		Line{Line: formula.Line{Name: "base_last_year", Unit: formula.Year, Formula: "when(base_moves, year - 1, when(is(base.rule, year), base.year, " + until + "))"},
			Label: Text{ZH: "基数取到哪年", EN: "last year of the base"}, Example: worked, Detail: true},
		Line{Line: formula.Line{Name: "base_years", Unit: formula.Years, Formula: "when(is(base.rule, mean), base.mean, when(is(base.rule, rolling), base.rolling, 1))"},
			Label: Text{ZH: "基数取几年", EN: "years in the base"}, Example: "base.rule=mean base.mean=5 base.rolling=3 -> 5", Detail: true},
	)
	for _, given := range []string{"base.amount", "base.target"} {
		b.grownTwice(e, given, "base_growth", false)
	}
	b.base(e, b.baseByRule(e))
	b.excess(e)
	b.baseProblems(e)
	b.unlikelyBase(e)
	b.pastProblems(e)
	return b.sharing(e)
}

// excess adds what is above the base, less what is set aside before sharing, and what is below it.
func (b *builder) excess(e *Element) {
	above := Line{Line: formula.Line{Name: "excess", Unit: formula.Money, Formula: "max(counted - base, 0)"},
		Label: Text{ZH: "超基数部分", EN: "above the base"}, Example: "counted=3681.61495 base=3222.504 -> 459.11095"}
	if e.Params["set_aside"].Any(Nonzero) || e.Params["set_aside_rate"].Any(Nonzero) {
		above.Name, above.Rule = "above", b.rule+".above"
		b.line(above)
		b.input("set_aside", "set_aside_rate")
		b.line(
			Line{Line: formula.Line{Name: "aside", Unit: formula.Money, Formula: "min(above, set_aside + round(above * set_aside_rate))"},
				Label: Text{ZH: "分成前先扣合计", EN: "set aside before sharing, in all"}, Example: "above=200 set_aside=30 set_aside_rate=0.1 -> 50"},
			Line{Line: formula.Line{Name: "excess", Unit: formula.Money, Formula: "above - aside"}, Rule: b.rule + ".excess_shared", Label: Text{ZH: "参与分成的超基数部分", EN: "above the base, to be shared"}, Example: "above=200 aside=50 -> 150"},
		)
	} else {
		b.line(above)
	}
	b.line(Line{Line: formula.Line{Name: "shortfall", Unit: formula.Money, Formula: "max(base - counted, 0)", Opening: "0"},
		Label: Text{ZH: "短收部分", EN: "below the base"}, Example: "counted=3000 base=3222.504 -> 222.504", Detail: true})
}

// scopeOfClause adds the clause's own counted revenue, where it takes only some items or parts of them, or leaves something out.
func (b *builder) scopeOfClause(e *Element) {
	n := e.Count["items"]
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("items.%d.", k)
		item := e.Refs[own+"item"][0]
		for j := 1; j < k; j++ {
			if e.Refs[fmt.Sprintf("items.%d.item", j)][0] == item {
				b.fail("item_twice", e.Pos, formula.Textf("%s 的收入项目 %q 列了两次", "%s names the revenue item %q twice", e.Text(), item), Text{ZH: "删去一个，比例写成合计", EN: "name it once, with its whole share"})
				return
			}
		}
		b.input(own + "share")
		counted := "revenue." + item + ".counted"
		b.line(Line{Line: formula.Line{Name: own + "counted", Unit: formula.Money, Formula: "round(" + counted + " * share)", Opening: "round(" + counted + " * initial(share))", Past: true}, Rule: b.rule + ".items.counted",
			Label: Text{ZH: b.plan.Find("revenue."+item).Text().ZH + "：计入分成", EN: b.plan.Find("revenue."+item).Text().In(formula.EN) + ": in scope"}, Example: counted + "=1150 share=0.5 -> 575"})
	}
	out := e.Count["excluded"]
	for k := 1; k <= out; k++ {
		own := fmt.Sprintf("excluded.%d.", k)
		b.input(own+"amount", own+"past")
		name := e.Words[own+"name"]
		b.line(Line{Line: formula.Line{Name: own + "left_out", Unit: formula.Money, Formula: "amount", Opening: "past", Past: true}, Rule: b.rule + ".excluded.left_out",
			Label: Text{ZH: name + "：剔除", EN: name + ": left out"}, Example: "amount=80 -> 80"})
	}
	if n == 0 && out == 0 {
		return
	}
	sum := "sum(" + b.scope + ".items.*.counted)"
	if n == 0 {
		sum = "sum(revenue.*.counted)"
	}
	worked := sum[len("sum("):len(sum)-1] + "=575,100"
	if out > 0 {
		excluded := b.scope + ".excluded.*.left_out"
		sum, worked = "max("+sum+" - sum("+excluded+"), 0)", worked+" "+excluded+"=75 -> 600"
	} else {
		worked += " -> 675"
	}
	b.line(Line{Line: formula.Line{Name: "counted", Unit: formula.Money, Formula: sum, Opening: sum, Past: true}, Label: Text{ZH: "分成口径收入", EN: "revenue in scope"}, Example: worked})
}

// baseByRule adds what the rule gives as the base, grown as far as the clause says so, and returns the line that holds it. Where the scope is some
// items or parts of them, each item's part grows by itself and is then measured in this year's scope: so a share that changes later moves no
// earlier base.
func (b *builder) baseByRule(e *Element) string {
	grows, _ := e.Params["base_growth"].GivenIn()
	if grows {
		b.input("base_growth")
	}
	rule := Line{Line: formula.Line{Name: "base_by_rule", Unit: formula.Money, Formula: "when(is(base.rule, amount), base.amount, when(is(base.rule, target), base.target, base_mean))"},
		Label: Text{ZH: "按规则的基数", EN: "base by its rule"}, Detail: true, Level: true, Example: "base.rule=mean base.amount=0 base.target=0 base_mean=3222.504 -> 3222.504"}
	if e.Count["items"] > 0 {
		b.baseInScope(e, grows)
		if grows {
			b.line(Line{Line: formula.Line{Name: "base_given", Unit: formula.Money, Formula: "when(is(base.rule, amount), base.amount, base.target)", Opening: "0"}, Label: Text{ZH: "给定的基数", EN: "base as given"}, Detail: true, Level: true,
				Example: "base.rule=amount base.amount=1000 base.target=0 -> 1000"})
			given := b.grow("", "base_given", Text{ZH: "给定的基数", EN: "base as given"})
			rule.Formula, rule.Rule = "when(is(base.rule, amount) or is(base.rule, target), "+given+", base_mean)", b.rule+".base_by_rule_in_scope"
			rule.Example = "base.rule=mean " + given + "=0 base_mean=625 -> 625"
		}
		b.line(rule)
		return "base_by_rule"
	}
	b.line(Line{Line: formula.Line{Name: "base_mean", Unit: formula.Money, Formula: b.meanOf("counted")}, Label: Text{ZH: "口径收入平均", EN: "mean of counted revenue"}, Detail: true, Level: true,
		Example: "base_last_year=2021 base_years=5 counted[2017]=3012.56 counted[2018]=3165.37 counted[2019]=3259.88 counted[2020]=3206.61 counted[2021]=3468.1 -> 3222.504"})
	if !grows {
		b.line(rule)
		return "base_by_rule"
	}
	rule.Opening = "0"
	b.line(rule)
	return b.grow("", "base_by_rule", Text{ZH: "基数", EN: "base"})
}

// meanOf is the mean of a line over the years of the base.
func (b *builder) meanOf(line string) string {
	return "round(sum_years(" + line + ", base_last_year - base_years + 1, base_last_year) / base_years)"
}

// grow adds what an amount of the base has grown to, to the fen in every year as revenue is, and returns the new line's name. On a base that moves it
// grows once; on one that stands still every year on, anew where the rule gives another amount.
func (b *builder) grow(own, amount string, label Text) string {
	grown := amount + "_grown"
	b.line(Line{Line: formula.Line{Name: own + grown, Unit: formula.Money, Opening: "0",
		Formula: fmt.Sprintf("round(when(base_moves or %[1]s != prev(%[1]s), %[1]s, prev(%[2]s)) * (1 + base_growth))", amount, grown)}, Rule: b.rule + ".base_grown", Detail: true, Level: true,
		Label: Text{ZH: label.ZH + "：递增后", EN: label.In(formula.EN) + ", grown"}, Example: fmt.Sprintf("base_moves=0 %[1]s=1000 prev(%[1]s)=1000 prev(%[2]s)=1050 base_growth=0.05 -> 1102.5", amount, grown)})
	return grown
}

// baseInScope adds the mean of counted revenue over the years of the base, item by item, measured in this year's scope.
func (b *builder) baseInScope(e *Element, grows bool) {
	b.scopeProblems(e)
	for k := 1; k <= e.Count["items"]; k++ {
		own, counted := fmt.Sprintf("items.%d.", k), "revenue."+e.Refs[fmt.Sprintf("items.%d.item", k)][0]+".counted"
		item := b.plan.Find("revenue." + e.Refs[own+"item"][0]).Text()
		opening, whole := "", "base_whole"
		if grows {
			opening = "0"
		}
		b.line(Line{Line: formula.Line{Name: own + whole, Unit: formula.Money, Formula: b.meanOf(counted), Opening: opening}, Rule: b.rule + ".items.base_whole", Detail: true, Level: true,
			Label: Text{ZH: item.ZH + "：口径收入平均", EN: item.In(formula.EN) + ": mean of counted revenue"}, Example: "base_last_year=2021 base_years=2 " + counted + "[2020]=1000 " + counted + "[2021]=1100 -> 1050"})
		if grows {
			whole = b.grow(own, whole, Text{ZH: item.ZH + "：口径收入平均", EN: item.In(formula.EN) + ": mean of counted revenue"})
		}
		b.line(Line{Line: formula.Line{Name: own + "base_part", Unit: formula.Money, Formula: "round(" + whole + " * share)"}, Rule: b.rule + ".items.base_part",
			Label: Text{ZH: item.ZH + "：基数中的部分", EN: item.In(formula.EN) + ": part of the base"}, Detail: true, Level: true, Example: whole + "=1050 share=0.5 -> 525"})
	}
	mean := Line{Line: formula.Line{Name: "base_mean", Unit: formula.Money, Formula: "sum(" + b.scope + ".items.*.base_part)"}, Rule: b.rule + ".base_mean_in_scope", Label: Text{ZH: "口径收入平均", EN: "mean of counted revenue"}, Detail: true, Level: true,
		Example: b.scope + ".items.*.base_part=525,100 -> 625"}
	if e.Count["excluded"] > 0 {
		excluded, out := b.scope+".excluded.*.left_out", "left_out_of_base"
		left := Line{Line: formula.Line{Name: out, Unit: formula.Money, Formula: b.meanOf("left_out")}, Label: Text{ZH: "基数中剔除", EN: "left out of the base"}, Detail: true, Level: true,
			Example: "base_last_year=2021 base_years=2 left_out[2020]=20 left_out[2021]=30 -> 25"}
		if grows {
			left.Opening = "0"
		}
		b.line(Line{Line: formula.Line{Name: "left_out", Unit: formula.Money, Formula: "sum(" + excluded + ")", Opening: "sum(" + excluded + ")", Past: true}, Label: Text{ZH: "剔除合计", EN: "left out in all"}, Example: excluded + "=75 -> 75", Detail: true}, left)
		if grows {
			out = b.grow("", out, left.Label)
		}
		mean.Formula, mean.Example = "max("+mean.Formula+" - "+out+", 0)", b.scope+".items.*.base_part=525,100 "+out+"=25 -> 600"
	}
	b.line(mean)
}

// scopeProblems refuses, with a scope that changes over the years, what takes last year's revenue as it was counted then.
func (b *builder) scopeProblems(e *Element) {
	if !b.plan.ScopeMoves(e) {
		return
	}
	reset, _ := e.Params["base_reset_every"].GivenIn()
	if reset || e.Params["base_never_falls"].Any(saysYes) || e.Params["shortfall_cuts_base"].Any(saysYes) {
		b.fail("scope_moves", e.Params["items.1.share"].Pos, formula.Textf("%s 的口径逐年变化，而重定、只升不降或短收降基数要用上年的实绩：两年口径不同，不能相比", "the scope of %s changes over the years, but a base that is reset, never falls or is cut takes last year's revenue: the two years cannot be compared", e.Text()),
			Text{ZH: "让 share 各年相同，划出口径的部分用 base_edit 调整基数", EN: "keep share the same in all years, and adjust the base for what leaves with base_edit"})
	}
}

// ScopeMoves: does the share of an item in scope change over the years?
func (p *Plan) ScopeMoves(e *Element) bool {
	for k := 1; k <= e.Count["items"]; k++ {
		if e.Params[fmt.Sprintf("items.%d.share", k)].Any(p.Varies) {
			return true
		}
	}
	return false
}

// base turns what the rule gives into the base of the year: reset, ratcheted, edited, cut, as far as the clause says so. It is never below 0.
func (b *builder) base(e *Element, now string) {
	level := func(l formula.Line, label Text, example string) string {
		l.Unit = formula.Money
		b.line(Line{Line: l, Label: label, Example: example, Detail: true, Level: true})
		return l.Name
	}
	if resets, _ := e.Params["base_reset_every"].GivenIn(); resets {
		now = b.baseReset(e, now, level)
	}
	if e.Params["base_never_falls"].Any(saysYes) {
		b.input("base_never_falls")
		level(formula.Line{Name: "base_best", Formula: "when(year >= term.from, max(prev(base_best), counted), counted)", Past: true, ZeroBefore: true, Opening: "when(year >= initial(term.from), max(prev(base_best), counted), counted)"},
			Text{ZH: "期限前一年以来的最高实绩", EN: "highest revenue since the year before the term"}, "year=2023 term.from=2022 prev(base_best)=1100 counted=1050 -> 1100")
		now = level(formula.Line{Name: "base_ratchet", Formula: "when(is(base_never_falls, yes), max(" + now + ", prev(base_best)), " + now + ")"}, Text{ZH: "只升不降的基数", EN: "base, never falling"},
			"base_never_falls=yes "+now+"=1000 prev(base_best)=1100 -> 1100")
	}
	since := "prev(base_edits)"
	if resets, _ := e.Params["base_reset_every"].GivenIn(); resets {
		since = "when(base_resets, 0, prev(base_edits))" // the revenue it is reset to has the earlier edits in it
	}
	edited := e.Params["base_edit"].Any(Nonzero) || b.carries("base_edits")
	if edited {
		b.input("base_edit")
		level(formula.Line{Name: "base_edits", Formula: since + " + base_edit", Opening: "0"}, Text{ZH: "基数累计调整", EN: "edits of the base so far"}, example(since == "prev(base_edits)", "prev(base_edits)=-20 base_edit=-5 -> -25"))
		now = level(formula.Line{Name: "base_edited", Formula: now + " + base_edits"}, Text{ZH: "调整后的基数", EN: "base, edited"}, now+"=1000 base_edits=-25 -> 975")
	}
	if e.Params["shortfall_cuts_base"].Any(saysYes) {
		now = b.baseCut(e, now, edited, level)
	}
	b.line(Line{Line: formula.Line{Name: "base", Unit: formula.Money, Formula: "max(" + now + ", 0)"}, Label: Text{ZH: "基数", EN: "base"}, Level: true, Example: example(now == "base_by_rule", "base_by_rule=3222.504 -> 3222.504")})
}

// baseCut adds the revenue to which a shortfall cuts the base: it stands until the next reset and grows like any base that stands still; a base that
// moves by itself is cut for one year. Edits of the year it begins and later are added.
func (b *builder) baseCut(e *Element, now string, edited bool, level func(l formula.Line, label Text, example string) string) string {
	b.input("shortfall_cuts_base")
	level(formula.Line{Name: "shortfall_in_force", Formula: "when(in_force > 0, shortfall, 0)", Opening: "0"}, Text{ZH: "执行年份的短收", EN: "shortfall while in force"}, "in_force=1 shortfall=5 -> 5")
	kept, worked := "not base_moves and prev(base_was_cut)", "base_cut_now=0 base_moves=0 prev(base_was_cut)=1"
	if resets, _ := e.Params["base_reset_every"].GivenIn(); resets {
		kept, worked = kept+" and not base_resets", worked+" base_resets=0"
	}
	b.line(
		Line{Line: formula.Line{Name: "base_cut_now", Unit: formula.Flag, Formula: "is(shortfall_cuts_base, yes) and prev(shortfall_in_force) > 0"},
			Label: Text{ZH: "上年短收，基数降到实绩", EN: "cut by last year's shortfall"}, Example: "shortfall_cuts_base=yes prev(shortfall_in_force)=5 -> 1", Detail: true},
		Line{Line: formula.Line{Name: "base_was_cut", Unit: formula.Flag, Formula: "base_cut_now or " + kept, Opening: "0"},
			Label: Text{ZH: "基数因短收降过", EN: "the base was cut"}, Example: worked + " -> 1", Detail: true})
	before := "prev(base_cut)"
	grows, _ := e.Params["base_growth"].GivenIn()
	if grows {
		before = "round(prev(base_cut) * (1 + base_growth))"
	}
	f := "when(base_cut_now, prev(counted), " + before + ")"
	if edited {
		f += " + base_edit"
	}
	level(formula.Line{Name: "base_cut", Formula: f, Opening: "0"}, Text{ZH: "短收后的基数", EN: "base after a shortfall"}, example(!edited && !grows, "base_cut_now=1 prev(counted)=995 prev(base_cut)=0 -> 995"))
	return "when(base_was_cut, min(" + now + ", base_cut), " + now + ")"
}

// baseReset adds the base as it is after a reset: the revenue of the year before, which then grows on. Periods are counted from the first year of
// the term, wherever it lies; before the plan the base grew at the first year's rate.
func (b *builder) baseReset(e *Element, now string, level func(l formula.Line, label Text, example string) string) string {
	b.input("base_reset_every")
	b.line(
		Line{Line: formula.Line{Name: "base_turn", Unit: formula.Years, Formula: "when(base_reset_every > 0, round_to(year - term.from, base_reset_every), 0)"},
			Label: Text{ZH: "离期限首年最近的整期", EN: "whole periods from the first year of the term, nearest"}, Example: "base_reset_every=3 year=2025 term.from=2020 -> 6", Detail: true},
		Line{Line: formula.Line{Name: "base_since", Unit: formula.Year, Formula: "term.from + when(base_turn > year - term.from, base_turn - base_reset_every, base_turn)"},
			Label: Text{ZH: "本期从哪年起", EN: "the period began in"}, Example: "term.from=2020 base_turn=6 year=2025 base_reset_every=3 -> 2023", Detail: true},
		Line{Line: formula.Line{Name: "base_resets", Unit: formula.Flag, Formula: "base_since = year and year > term.from"}, Label: Text{ZH: "当年重定基数", EN: "the base is reset"}, Example: "base_since=2023 year=2023 term.from=2020 -> 1", Detail: true},
	)
	worked := "base_since=2023 term.from=2020 base_at_reset=1300 base_by_rule=1200 -> 1300"
	level(formula.Line{Name: "base_at_reset", Formula: "when(base_since > term.from, sum_years(counted, base_since - 1, base_since - 1), 0)"}, Text{ZH: "重定时的上年实绩", EN: "revenue of the year before the reset"},
		"base_since=2023 term.from=2020 year=2024 counted[2022]=1300 -> 1300")
	b.require("base_reset_check", "base_since > term.from and base_since - 1 < first_year", Text{ZH: "重定所用的实绩在历史以内", EN: "the revenue a base is reset to is in the history"},
		"base_since=2018 term.from=2015 first_year=2019 -> 1", func(s, _ int) Problem {
			p, cal := e.Params["base_reset_every"], b.plan.Calendar
			year, _ := b.plan.ResetKnown(e, s, p.Values[s].Same.IntPart())
			return Problem{Code: "reset_before_history", Pos: p.At(s), Text: formula.Textf("基数最近一次重定到 %d 年的收入，计划只有 %d 年起的实绩（情景 %s）", "the base was last reset to the revenue of %d, the plan has actuals from %d (scenario %s)", year, cal.First, b.plan.Scenarios[s].ID),
				Hint: formula.Textf("补足 history；或写明现行基数：base: {amount: …}，term: {from: %d, …}", "give a longer history; or say what the base is now: base: {amount: …}, term: {from: %d, …}", year+1)}
		})
	reset := "base_at_reset"
	if grows, _ := e.Params["base_growth"].GivenIn(); grows {
		worked = ""
		begins := Line{Line: formula.Line{Name: "base_begins", Unit: formula.Flag, Formula: "base_since = year or year = last_actual_year + 1"}, Label: Text{ZH: "本期首年或测算首年", EN: "first year of the period or of the plan"}, Example: "base_since=2023 year=2023 -> 1", Detail: true}
		if b.carries("base_reset_grown") { // it has grown before, to the fen
			begins.Formula, begins.Label = "base_since = year", Text{ZH: "本期首年", EN: "first year of the period"}
		}
		b.line(
			begins,
			Line{Line: formula.Line{Name: "base_reset_factor", Unit: formula.Ratio, Formula: "when(base_since = year, 1, when(base_begins, power(1 + base_growth, year - base_since), 1 + base_growth))"},
				Label: Text{ZH: "重定后的递增系数", EN: "growth since the reset or last year"}, Example: "base_begins=1 base_growth=0.05 year=2022 base_since=2020 -> 1.1025", Detail: true},
		)
		reset = level(formula.Line{Name: "base_reset_grown", Formula: "round(when(base_begins, base_at_reset, prev(base_reset_grown)) * base_reset_factor)", Opening: "0"}, Text{ZH: "重定后递增的基数", EN: "base since the reset, grown"},
			"base_begins=0 base_at_reset=1000 prev(base_reset_grown)=1050 base_reset_factor=1.05 -> 1102.5")
	}
	return level(formula.Line{Name: "base_reset", Formula: "when(base_since > term.from, " + reset + ", " + now + ")"}, Text{ZH: "重定后的基数", EN: "base, reset"}, worked)
}

// ResetKnown finds the year whose revenue a clause's base was last reset to before the first plan year's end, and whether the plan has it. The year is
// 0 if the base was not reset so far.
func (p *Plan) ResetKnown(e *Element, scenario int, every int64) (year int64, known bool) {
	from, now := e.Params["term.from"].Values[scenario].Same.IntPart(), int64(p.Calendar.Actual)+1
	if every <= 0 || now < from+every {
		return 0, true
	}
	year = from + (now-from)/every*every - 1
	return year, year >= int64(p.Calendar.First)
}

// pastProblems warns of peaks before the history.
func (b *builder) pastProblems(e *Element) {
	cal, ratchet := b.plan.Calendar, e.Params["base_never_falls"]
	for s := range b.plan.Scenarios {
		if before := e.Params["term.from"].Values[s].Same.IntPart() - 1; saysYesIn(ratchet, s) && before < int64(cal.First) {
			b.unknownPast(e, s, Text{ZH: "此前的最高实绩", EN: "the highest revenue before"}, before, int64(cal.First)-1, Text{ZH: "补足 history，或把 term.from 改到有实绩的年份之后", EN: "give a longer history, or let term.from be later than its first year"})
			return
		}
	}
}

// oneOffInBase warns where a moving base takes in a one-off that counts: what is shared one year raises the base of the next.
func (b *builder) oneOffInBase(at Pos, scenario int) {
	for _, e := range b.plan.In("revenue") {
		if Nonzero(e.Params["one_off"].Values[scenario]) && Nonzero(e.Params["one_off_counts"].Values[scenario]) {
			b.warn("one_off_in_base", at, formula.Textf("基数逐年移动，%s的一次性收入会抬高以后的基数（情景 %s）", "the base moves every year: the one-off of %s will raise later bases (scenario %s)", e.Text(), b.plan.Scenarios[scenario].ID),
				Text{ZH: "与县里约定一次性收入不计口径：one_off_counts: 0%", EN: "agree that one-offs do not count: one_off_counts: 0%"})
			return
		}
	}
}

// baseProblems refuses a base of years without actuals, and warns of one-offs inside a base that moves.
func (b *builder) baseProblems(e *Element) {
	rule, cal := e.Params["base.rule"], b.plan.Calendar
	for s := range b.plan.Scenarios {
		if option := rule.Values[s].Option; option == "previous" || option == "rolling" {
			b.oneOffInBase(rule.At(s), s)
		}
	}
	b.require("base_check", "base_last_year - base_years + 1 < first_year or base_last_year > when(base_moves, base_last_year, last_actual_year)", Text{ZH: "基数所用各年都有实绩", EN: "the base's years have actuals"},
		"base_last_year=2021 base_years=6 first_year=2017 base_moves=0 last_actual_year=2021 -> 1", func(s, year int) Problem {
			first := int64(cal.Actual)
			if until := e.Params["base_until"]; until != nil && until.Given[s] && rule.Values[s].Option == "mean" {
				first = until.Values[s].Same.IntPart()
			}
			switch option := rule.Values[s].Option; option {
			case "mean":
				first += 1 - e.Params["base.mean"].Values[s].Same.IntPart()
			case "rolling":
				first = int64(year) - e.Params["base.rolling"].Values[s].Same.IntPart()
			case "year":
				first = e.Params["base.year"].Values[s].Same.IntPart()
			}
			if first > int64(cal.Actual) {
				return Problem{Code: "base_year_after_history", Pos: e.Params["base.year"].At(s), Text: formula.Textf("基数年 %d 不是实绩年（实绩到 %d 年）", "the base year %d is not an actual year (actuals end in %d)", first, cal.Actual),
					Hint: Text{ZH: "改用已有实绩的年份，或 base: {amount: …}", EN: "use a year with actuals, or base: {amount: …}"}}
			}
			return Problem{Code: "base_before_history", Pos: rule.At(s), Text: formula.Textf("基数要用 %d 年的收入，计划只有 %d 年起的实绩", "the base needs revenue of %d, the plan has actuals from %d", first, cal.First),
				Hint: Text{ZH: "补足 history，或减少年数", EN: "give a longer history, or use fewer years"}}
		})
}
