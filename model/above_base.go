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
			Doc: Text{ZH: "从测算首年起，基数每年递增", EN: "the base grows every year, from the first plan year on"}},
		{Key: "base_reset_every", Unit: formula.Years, Optional: true, Whole: true, Min: "1", Max: "30", Label: Text{ZH: "基数几年一定", EN: "Base reset every so many years"},
			Doc: Text{ZH: "从期限首年起算，每满这么多年，基数改为上年实绩", EN: "counted from the first year of the term: then the base becomes last year's revenue"}},
		{Key: "base_never_falls", Kind: ChoiceField, Default: "no", Label: Text{ZH: "基数只升不降", EN: "The base never falls"}, Doc: Text{ZH: "不低于末个实绩年以来的最高实绩", EN: "not below the highest revenue since the last actual year"},
			Options: yesNo},
		{Key: "base_edit", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "基数调整", EN: "Edit of the base"},
			Doc: Text{ZH: "从当年起长期调整基数，如某项收入划出口径（负数）", EN: "a lasting change of the base from that year on, such as an item that leaves the scope (negative)"}},
		{Key: "set_aside", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "分成前先扣数额", EN: "Set aside before sharing"}},
		{Key: "set_aside_rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "分成前先扣比例", EN: "Share set aside before sharing"}},
	}, bandFields, baseAwardFields, shortfallFields)...),
}

// aboveBase is the share of revenue above a base.
func (b *builder) aboveBase(e *Element) (rule, worked string) {
	b.scopeOfClause(e)
	b.input("base.rule", "base.mean", "base.year", "base.amount", "base.target", "base.rolling")
	b.line(
		Line{Line: formula.Line{Name: "base_moves", Unit: formula.Flag, Formula: "is(base.rule, previous) or is(base.rule, rolling)"},
			Label: Text{ZH: "基数逐年移动", EN: "the base moves every year"}, Example: "base.rule=rolling -> 1", Detail: true},
		Line{Line: formula.Line{Name: "base_last_year", Unit: formula.Year, Formula: "when(base_moves, year - 1, when(is(base.rule, year), base.year, last_actual_year))"},
			Label: Text{ZH: "基数取到哪年", EN: "last year of the base"}, Example: "base_moves=1 year=2024 base.rule=rolling base.year=2021 -> 2023", Detail: true},
		Line{Line: formula.Line{Name: "base_years", Unit: formula.Years, Formula: "when(is(base.rule, mean), base.mean, when(is(base.rule, rolling), base.rolling, 1))"},
			Label: Text{ZH: "基数取几年", EN: "years in the base"}, Example: "base.rule=mean base.mean=5 base.rolling=3 -> 5", Detail: true},
	)
	b.baseMean(e)
	b.line(
		Line{Line: formula.Line{Name: "base_by_rule", Unit: formula.Money, Formula: "when(is(base.rule, amount), base.amount, when(is(base.rule, target), base.target, base_mean))"},
			Label: Text{ZH: "按规则的基数", EN: "base by its rule"}, Detail: true, Level: true, Example: "base.rule=mean base.amount=0 base.target=0 base_mean=3222.504 -> 3222.504"},
	)
	for _, given := range []string{"base.amount", "base.target"} {
		b.grownTwice(e, given, "base_growth", false)
	}
	b.base(e)
	b.excess(e)
	b.baseProblems(e)
	return b.sharing(e)
}

// excess adds what is above the base, less what is set aside before sharing, and what is below it.
func (b *builder) excess(e *Element) {
	above := Line{Line: formula.Line{Name: "excess", Unit: formula.Money, Formula: "max(counted - base, 0)"},
		Label: Text{ZH: "超基数部分", EN: "above the base"}, Example: "counted=3681.61495 base=3222.504 -> 459.11095"}
	if e.Params["set_aside"].any(nonzero) || e.Params["set_aside_rate"].any(nonzero) {
		above.Name, above.Rule = "above", b.rule+".above"
		b.line(above)
		b.input("set_aside", "set_aside_rate")
		b.line(
			Line{Line: formula.Line{Name: "aside", Unit: formula.Money, Formula: "min(above, set_aside + round(above * set_aside_rate))"},
				Label: Text{ZH: "分成前先扣", EN: "set aside"}, Example: "above=200 set_aside=30 set_aside_rate=0.1 -> 50"},
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

// baseMean adds the mean of counted revenue over the years of the base: where the scope changes over the years, measured in this year's scope.
func (b *builder) baseMean(e *Element) {
	const over, years = "base_last_year - base_years + 1, base_last_year", "base_last_year=2021 base_years=5 "
	mean := Line{Line: formula.Line{Name: "base_mean", Unit: formula.Money, Formula: "round(sum_years(counted, " + over + ") / base_years)"},
		Label: Text{ZH: "口径收入平均", EN: "mean of counted revenue"}, Detail: true, Level: true,
		Example: years + "counted[2017]=3012.56 counted[2018]=3165.37 counted[2019]=3259.88 counted[2020]=3206.61 counted[2021]=3468.1 -> 3222.504"}
	moves := false
	for k := 1; k <= e.Count["items"]; k++ {
		moves = moves || e.Params[fmt.Sprintf("items.%d.share", k)].any(b.plan.Varies)
	}
	if !moves {
		b.line(mean)
		return
	}
	b.scopeProblems(e)
	for k := 1; k <= e.Count["items"]; k++ {
		own := fmt.Sprintf("items.%d.", k)
		counted := "revenue." + e.Refs[own+"item"][0] + ".counted"
		b.line(Line{Line: formula.Line{Name: own + "base_part", Unit: formula.Money, Formula: "round(sum_years(" + counted + ", " + over + ") * share / base_years)"}, Rule: b.rule + ".items.base_part",
			Label: Text{ZH: b.plan.Find("revenue."+e.Refs[own+"item"][0]).Text().ZH + "：基数中的部分", EN: b.plan.Find("revenue."+e.Refs[own+"item"][0]).Text().In(formula.EN) + ": part of the base"}, Detail: true, Level: true,
			Example: "base_last_year=2021 base_years=2 " + counted + "[2020]=1000 " + counted + "[2021]=1100 share=0.5 -> 525"})
	}
	mean.Formula, mean.Rule, mean.Example = "sum("+b.scope+".items.*.base_part)", b.rule+".base_mean_in_scope", b.scope+".items.*.base_part=525,100 -> 625"
	if e.Count["excluded"] > 0 {
		excluded := b.scope + ".excluded.*.left_out"
		b.line(
			Line{Line: formula.Line{Name: "left_out", Unit: formula.Money, Formula: "sum(" + excluded + ")", Opening: "sum(" + excluded + ")", Past: true}, Label: Text{ZH: "剔除合计", EN: "left out in all"}, Example: excluded + "=75 -> 75", Detail: true},
			Line{Line: formula.Line{Name: "left_out_of_base", Unit: formula.Money, Formula: "round(sum_years(left_out, " + over + ") / base_years)"}, Label: Text{ZH: "基数中剔除", EN: "left out of the base"}, Detail: true, Level: true,
				Example: "base_last_year=2021 base_years=2 left_out[2020]=20 left_out[2021]=30 -> 25"},
		)
		mean.Formula, mean.Example = "max("+mean.Formula+" - left_out_of_base, 0)", b.scope+".items.*.base_part=525,100 left_out_of_base=25 -> 600"
	}
	b.line(mean)
}

// scopeProblems refuses, with a scope that changes over the years, what takes last year's revenue as it was counted then.
func (b *builder) scopeProblems(e *Element) {
	reset, _ := e.Params["base_reset_every"].given()
	if reset || e.Params["base_never_falls"].any(saysYes) || e.Params["shortfall_cuts_base"].any(saysYes) {
		b.fail("scope_moves", e.Params["items.1.share"].Pos, formula.Textf("%s 的口径逐年变化，而重定、只升不降或短收降基数要用上年的实绩：两年口径不同，不能相比", "the scope of %s changes over the years, but a base that is reset, never falls or is cut takes last year's revenue: the two years cannot be compared", e.Text()),
			Text{ZH: "让 share 各年相同，划出口径的部分用 base_edit 调整基数", EN: "keep share the same in all years, and adjust the base for what leaves with base_edit"})
	}
}

// base turns what the rule gives into the base of the year: grown, reset, ratcheted, edited, as far as the clause says so.
func (b *builder) base(e *Element) {
	level := func(name, f, opening string, label Text, example string) string {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f, Opening: opening}, Label: label, Example: example, Detail: true, Level: true})
		return name
	}
	now := "base_by_rule"
	grows, _ := e.Params["base_growth"].given()
	if grows {
		b.input("base_growth")
		b.line(Line{Line: formula.Line{Name: "base_factor", Unit: formula.Ratio, Formula: "prev(base_factor) * (1 + base_growth)", Opening: "1"},
			Label: Text{ZH: "基数递增系数", EN: "growth factor of the base"}, Example: "prev(base_factor)=1.05 base_growth=0.05 -> 1.1025", Detail: true})
		now = level("base_grown", "round(base_by_rule * base_factor)", "", Text{ZH: "递增后的基数", EN: "base, grown"}, "base_by_rule=1000 base_factor=1.05 -> 1050")
	}
	if resets, _ := e.Params["base_reset_every"].given(); resets {
		b.input("base_reset_every")
		b.line(
			Line{Line: formula.Line{Name: "base_resets", Unit: formula.Flag, Formula: "base_reset_every > 0 and prev(base_age) >= base_reset_every"},
				Label: Text{ZH: "当年重定基数", EN: "the base is reset"}, Example: "base_reset_every=2 prev(base_age)=2 -> 1", Detail: true},
			Line{Line: formula.Line{Name: "base_age", Unit: formula.Years, Formula: "when(base_resets, 1, when(year >= term.from, prev(base_age) + 1, 0))", Opening: "0"},
				Label: Text{ZH: "基数已用年数", EN: "years the base has been used"}, Example: "base_resets=0 year=2023 term.from=2022 prev(base_age)=1 -> 2", Detail: true},
			Line{Line: formula.Line{Name: "base_was_reset", Unit: formula.Flag, Formula: "base_resets or prev(base_was_reset)", Opening: "0"},
				Label: Text{ZH: "已重定过", EN: "has been reset"}, Example: "base_resets=0 prev(base_was_reset)=1 -> 1", Detail: true},
		)
		held, worked := "prev(base_reset)", "base_resets=0 prev(base_was_reset)=1 prev(base_reset)=1100 prev(counted)=1200 base_by_rule=1000 -> 1100"
		if grows {
			held, worked = "round(prev(base_reset) * (1 + base_growth))", ""
		}
		now = level("base_reset", "when(base_resets, prev(counted), when(prev(base_was_reset), "+held+", "+now+"))", "0", Text{ZH: "重定后的基数", EN: "base, reset"}, worked)
	}
	if e.Params["base_never_falls"].any(saysYes) {
		b.input("base_never_falls")
		level("base_best", "max(prev(base_best), prev(counted))", "0", Text{ZH: "此前最高实绩", EN: "highest revenue so far"}, "prev(base_best)=1100 prev(counted)=1050 -> 1100")
		now = level("base_ratchet", "when(is(base_never_falls, yes), max("+now+", base_best), "+now+")", "", Text{ZH: "只升不降的基数", EN: "base, never falling"},
			example(now == "base_by_rule", "base_never_falls=yes base_by_rule=1000 base_best=1100 -> 1100"))
	}
	if e.Params["base_edit"].any(nonzero) {
		b.input("base_edit")
		level("base_edits", "prev(base_edits) + base_edit", "0", Text{ZH: "基数累计调整", EN: "edits of the base so far"}, "prev(base_edits)=-20 base_edit=-5 -> -25")
		now = "max(" + now + " + base_edits, 0)"
	}
	if e.Params["shortfall_cuts_base"].any(saysYes) {
		b.input("shortfall_cuts_base")
		b.line(Line{Line: formula.Line{Name: "base_was_cut", Unit: formula.Flag, Formula: "is(shortfall_cuts_base, yes) and prev(shortfall) > 0 or prev(base_was_cut)", Opening: "0"},
			Label: Text{ZH: "基数因短收降过", EN: "the base was cut"}, Example: "shortfall_cuts_base=yes prev(shortfall)=5 prev(base_was_cut)=0 -> 1", Detail: true})
		level("base_cut", "when(prev(shortfall) > 0, prev(counted), prev(base_cut))", "0", Text{ZH: "短收后的基数", EN: "base after a shortfall"}, "prev(shortfall)=5 prev(counted)=995 prev(base_cut)=0 -> 995")
		now = "when(base_was_cut, min(" + now + ", base_cut), " + now + ")"
	}
	b.line(Line{Line: formula.Line{Name: "base", Unit: formula.Money, Formula: now}, Label: Text{ZH: "基数", EN: "base"}, Level: true, Example: example(now == "base_by_rule", "base_by_rule=3222.504 -> 3222.504")})
}

// oneOffInBase warns where a moving base takes in a one-off that counts: what is shared one year raises the base of the next.
func (b *builder) oneOffInBase(at Pos, scenario int) {
	for _, e := range b.plan.In("revenue") {
		if nonzero(e.Params["one_off"].Values[scenario]) && nonzero(e.Params["one_off_counts"].Values[scenario]) {
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
			b.oneOffInBase(rule.at(s), s)
		}
	}
	b.require("base_check", "base_last_year - base_years + 1 < first_year or base_last_year > when(base_moves, base_last_year, last_actual_year)", Text{ZH: "基数所用各年都有实绩", EN: "the base's years have actuals"},
		"base_last_year=2021 base_years=6 first_year=2017 base_moves=0 last_actual_year=2021 -> 1", func(s, year int) Problem {
			first := int64(cal.Actual)
			switch option := rule.Values[s].Option; option {
			case "mean":
				first += 1 - e.Params["base.mean"].Values[s].Same.IntPart()
			case "rolling":
				first = int64(year) - e.Params["base.rolling"].Values[s].Same.IntPart()
			case "year":
				first = e.Params["base.year"].Values[s].Same.IntPart()
			}
			if first > int64(cal.Actual) {
				return Problem{Code: "base_year_after_history", Pos: e.Params["base.year"].at(s), Text: formula.Textf("基数年 %d 不是实绩年（实绩到 %d 年）", "the base year %d is not an actual year (actuals end in %d)", first, cal.Actual),
					Hint: Text{ZH: "改用已有实绩的年份，或 base: {amount: …}", EN: "use a year with actuals, or base: {amount: …}"}}
			}
			return Problem{Code: "base_before_history", Pos: rule.at(s), Text: formula.Textf("基数要用 %d 年的收入，计划只有 %d 年起的实绩", "the base needs revenue of %d, the plan has actuals from %d", first, cal.First),
				Hint: Text{ZH: "补足 history，或减少年数", EN: "give a longer history, or use fewer years"}}
		})
}
