package model

import (
	"fmt"
	"strings"

	"zhencai/model/formula"
)

// The share of revenue above a base: five years' mean, a year, a given amount, last year, or the mean of the last years as they roll.
var aboveBase = Kind{
	Name: "above_base", Label: Text{ZH: "超基数分成", EN: "Share above a base"}, build: (*builder).writeAboveBase,
	Fields: withSettlement("true", append([]Field{
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
			{Key: "share", Unit: formula.Ratio, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "计入分成的比例", EN: "Share in scope"}},
		}},
		{Key: "base_growth", Unit: formula.Ratio, Series: Held, Optional: true, Min: "-1", Max: "1000%", Label: Text{ZH: "基数递增率", EN: "Growth of the base"},
			Doc: Text{ZH: "从测算首年起，基数每年递增", EN: "the base grows every year, from the first plan year on"}},
		{Key: "base_reset_every", Unit: formula.Years, Optional: true, Whole: true, Min: "1", Max: "30", Label: Text{ZH: "基数几年一定", EN: "Base reset every so many years"},
			Doc: Text{ZH: "从期限首年起算，每满这么多年，基数改为上年实绩", EN: "counted from the first year of the term: then the base becomes last year's revenue"}},
		{Key: "base_never_falls", Kind: ChoiceField, Default: "no", Label: Text{ZH: "基数只升不降", EN: "The base never falls"}, Doc: Text{ZH: "不低于末个实绩年以来的最高实绩", EN: "not below the highest revenue since the last actual year"},
			Options: yesNo},
		{Key: "base_edit", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "基数调整", EN: "Edit of the base"},
			Doc: Text{ZH: "从当年起长期调整基数，如某项收入划出口径（负数）", EN: "a lasting change of the base from that year on, such as an item that leaves the scope (negative)"}},
		{Key: "bands", Kind: ListField, Short: "rate", Pad: true, Label: Text{ZH: "分档", EN: "Bands"}, Fields: []Field{
			{Key: "over", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "起点（定额）", EN: "from (amount)"}, Doc: Text{ZH: "超过基数多少万元以上；按基数的百分比请写 over_base", EN: "above the base by how much; for a per cent of the base write over_base"}},
			{Key: "over_base", Unit: formula.Ratio, Default: "0", Min: "0", Label: Text{ZH: "起点（占基数）", EN: "from (share of the base)"}},
			{Key: "rate", Unit: formula.Ratio, Series: Held, Min: "0", Max: "1", Label: Text{ZH: "分成比例", EN: "Rate"}},
		}},
	}, awardFields...)...),
}

func (b *builder) writeAboveBase(e *Element) {
	b.itemsInScope(e)
	b.input("base.rule", "base.mean", "base.year", "base.amount", "base.target", "base.rolling")
	b.line(
		Line{Line: formula.Line{Name: "base_moves", Unit: formula.Flag, Formula: "is(base.rule, previous) or is(base.rule, rolling)"},
			Label: Text{ZH: "基数逐年移动", EN: "the base moves every year"}, Example: "base.rule=rolling -> 1", Detail: true},
		Line{Line: formula.Line{Name: "base_last_year", Unit: formula.Year, Formula: "when(base_moves, year - 1, when(is(base.rule, year), base.year, last_actual_year))"},
			Label: Text{ZH: "基数取到哪年", EN: "last year of the base"}, Example: "base_moves=1 year=2024 base.rule=rolling base.year=2021 -> 2023", Detail: true},
		Line{Line: formula.Line{Name: "base_years", Unit: formula.Years, Formula: "when(is(base.rule, mean), base.mean, when(is(base.rule, rolling), base.rolling, 1))"},
			Label: Text{ZH: "基数取几年", EN: "years in the base"}, Example: "base.rule=mean base.mean=5 base.rolling=3 -> 5", Detail: true},
		Line{Line: formula.Line{Name: "base_mean", Unit: formula.Money, Formula: "round(sum_years(counted, base_last_year - base_years + 1, base_last_year) / base_years)"},
			Label: Text{ZH: "口径收入平均", EN: "mean of counted revenue"}, Detail: true, Level: true,
			Example: "base_last_year=2021 base_years=5 counted[2017]=3012.56 counted[2018]=3165.37 counted[2019]=3259.88 counted[2020]=3206.61 counted[2021]=3468.1 -> 3222.504"},
		Line{Line: formula.Line{Name: "base_by_rule", Unit: formula.Money, Formula: "when(is(base.rule, amount), base.amount, when(is(base.rule, target), base.target, base_mean))"},
			Label: Text{ZH: "按规则的基数", EN: "base by its rule"}, Detail: true, Level: true, Example: "base.rule=mean base.amount=0 base.target=0 base_mean=3222.504 -> 3222.504"},
	)
	b.base(e)
	b.line(
		Line{Line: formula.Line{Name: "excess", Unit: formula.Money, Formula: "max(counted - base, 0)"},
			Label: Text{ZH: "超基数部分", EN: "above the base"}, Example: "counted=3681.61495 base=3222.504 -> 459.11095"},
		Line{Line: formula.Line{Name: "shortfall", Unit: formula.Money, Formula: "max(base - counted, 0)", Opening: "0"},
			Label: Text{ZH: "短收部分", EN: "below the base"}, Example: "counted=3000 base=3222.504 -> 222.504", Detail: true},
	)
	b.baseProblems(e)
	if e.ShortForm["bands"] {
		b.inputAs("bands.1.rate", "rate")
		b.writeAward(e, "round(excess * rate)", "excess=459.11095 rate=0.5 -> 229.555475")
	} else {
		byBands, worked := b.bands(e)
		b.writeAward(e, byBands, worked)
	}
	b.shortfall(e)
}

// itemsInScope adds the clause's own counted revenue, where it takes only some items or parts of them.
func (b *builder) itemsInScope(e *Element) {
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
	if n > 0 {
		sum := "sum(" + b.scope + ".items.*.counted)"
		b.line(Line{Line: formula.Line{Name: "counted", Unit: formula.Money, Formula: sum, Opening: sum, Past: true}, Label: Text{ZH: "分成口径收入", EN: "revenue in scope"},
			Example: b.scope + ".items.*.counted=575,100 -> 675"})
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
	if e.Params["base_never_falls"].any(func(in formula.Input) bool { return in.Option == "yes" }) {
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
	if e.Params["shortfall_cuts_base"].any(func(in formula.Input) bool { return in.Option == "yes" }) {
		b.input("shortfall_cuts_base")
		b.line(Line{Line: formula.Line{Name: "base_was_cut", Unit: formula.Flag, Formula: "is(shortfall_cuts_base, yes) and prev(shortfall) > 0 or prev(base_was_cut)", Opening: "0"},
			Label: Text{ZH: "基数因短收降过", EN: "the base was cut"}, Example: "shortfall_cuts_base=yes prev(shortfall)=5 prev(base_was_cut)=0 -> 1", Detail: true})
		level("base_cut", "when(prev(shortfall) > 0, prev(counted), prev(base_cut))", "0", Text{ZH: "短收后的基数", EN: "base after a shortfall"}, "prev(shortfall)=5 prev(counted)=995 prev(base_cut)=0 -> 995")
		now = "when(base_was_cut, min(" + now + ", base_cut), " + now + ")"
	}
	b.line(Line{Line: formula.Line{Name: "base", Unit: formula.Money, Formula: now}, Label: Text{ZH: "基数", EN: "base"}, Level: true, Example: example(now == "base_by_rule", "base_by_rule=3222.504 -> 3222.504")})
}

// bands splits the excess into marginal bands: each its threshold, its part and its rate; or finds the one band whose rate applies to the
// whole. It returns the formula of the award.
func (b *builder) bands(e *Element) (byBands, worked string) {
	n := e.Count["bands"]
	var paid []string
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("bands.%d.", k)
		b.input(own+"over", own+"over_base", own+"rate")
		part, parted := fmt.Sprintf("max(min(excess, bands.%d.threshold) - threshold, 0)", k+1), ""
		if k == n {
			part, parted = "max(excess - threshold, 0)", "excess=1013.072378 threshold=644.5008 -> 368.571578"
		}
		from, threshold := "over + round(over_base * base)", "over=0 over_base=0.2 base=3222.504 -> 644.5008"
		if k > 1 { // in 万元 and in per cent of a base that moves, a band could otherwise begin below the one before
			before := fmt.Sprintf("bands.%d.threshold", k-1)
			from, threshold = "max("+from+", "+before+")", threshold[:len(threshold)-len("-> 644.5008")]+before+"=700 -> 700"
		}
		b.line(
			Line{Line: formula.Line{Name: own + "threshold", Unit: formula.Money, Formula: from}, Rule: b.rule + ".bands.threshold",
				Label: formula.Textf("第 %d 档起点", "band %d: from", k), Level: true, Example: threshold},
			Line{Line: formula.Line{Name: own + "part", Unit: formula.Money, Formula: part}, Rule: b.rule + ".bands.part",
				Label: formula.Textf("第 %d 档内的部分", "band %d: part of the excess", k), Example: parted},
		)
		paid = append(paid, own+"part * "+own+"rate")
	}
	byBands = "round(" + strings.Join(paid, " + ") + ")"
	worked = example(n == 2, "bands.1.part=644.5008 bands.1.rate=0.5 bands.2.part=368.571578 bands.2.rate=0.6 -> 543.393347")
	if e.Params["bands_apply"].any(func(in formula.Input) bool { return in.Option == "whole" }) {
		byBands, worked = b.wholeBands(n, byBands), "bands_apply=whole award_whole=180 award_marginal=90 -> 180"
	}
	b.check("bands_check", "excess - min(excess, bands.1.threshold) - sum("+b.scope+".bands.*.part)", Text{ZH: "各档之和＝超基数部分", EN: "bands add up to the excess"},
		"excess=1013.072378 bands.1.threshold=0 "+b.scope+".bands.*.part=644.5008,368.571578 -> 0")
	for s := range b.plan.Scenarios {
		for k := 2; k <= n; k++ {
			before, now := e.Params[fmt.Sprintf("bands.%d.over", k-1)], e.Params[fmt.Sprintf("bands.%d.over", k)]
			beforeBase, nowBase := e.Params[fmt.Sprintf("bands.%d.over_base", k-1)], e.Params[fmt.Sprintf("bands.%d.over_base", k)]
			if now.Values[s].Same.LessThan(before.Values[s].Same) && !nowBase.Values[s].Same.GreaterThan(beforeBase.Values[s].Same) ||
				nowBase.Values[s].Same.LessThan(beforeBase.Values[s].Same) && !now.Values[s].Same.GreaterThan(before.Values[s].Same) {
				b.fail("bands_overlap", now.at(s), formula.Textf("第 %d 档的起点低于第 %d 档", "band %d begins below band %d", k, k-1), Text{ZH: "各档按起点从低到高排列", EN: "list the bands from the lowest threshold up"})
				return byBands, worked
			}
		}
	}
	return byBands, worked
}

// wholeBands adds the table of classes: the rate of the highest band that the excess reaches applies to all of it.
func (b *builder) wholeBands(n int, marginal string) string {
	b.input("bands_apply")
	below := "0"
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("bands.%d.", k)
		b.line(Line{Line: formula.Line{Name: own + "class_rate", Unit: formula.Ratio, Formula: "when(excess >= threshold, rate, " + below + ")"}, Rule: b.rule + ".bands.class_rate",
			Label: formula.Textf("到第 %d 档为止的比例", "rate up to band %d", k), Example: example(k == 1, "excess=600 threshold=500 rate=0.3 -> 0.3"), Detail: true})
		below = own + "class_rate"
	}
	b.line(
		Line{Line: formula.Line{Name: "award_marginal", Unit: formula.Money, Formula: marginal}, Label: Text{ZH: "超额累进应得", EN: "by marginal bands"}, Detail: true, Level: true,
			Example: example(n == 2, "bands.1.part=644.5008 bands.1.rate=0.5 bands.2.part=368.571578 bands.2.rate=0.6 -> 543.393347")},
		Line{Line: formula.Line{Name: "award_whole", Unit: formula.Money, Formula: "round(excess * " + below + ")"}, Label: Text{ZH: "全额应得", EN: "by the class"}, Detail: true, Level: true,
			Example: "excess=600 " + below + "=0.3 -> 180"},
	)
	return "when(is(bands_apply, whole), award_whole, award_marginal)"
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

// baseProblems refuses a base that reaches before the history, and warns of one-offs inside it.
func (b *builder) baseProblems(e *Element) {
	cal := b.plan.Calendar
	for s := range b.plan.Scenarios {
		rule := e.Params["base.rule"]
		first := int64(cal.Actual)
		switch rule.Values[s].Option {
		case "mean":
			first += 1 - e.Params["base.mean"].Values[s].Same.IntPart()
		case "rolling":
			first += 1 - e.Params["base.rolling"].Values[s].Same.IntPart()
		case "year":
			if first = e.Params["base.year"].Values[s].Same.IntPart(); first > int64(cal.Actual) {
				b.fail("base_year_after_history", e.Params["base.year"].at(s), formula.Textf("基数年 %d 不是实绩年（实绩到 %d 年）", "the base year %d is not an actual year (actuals end in %d)", first, cal.Actual),
					Text{ZH: "改用已有实绩的年份，或 base: {amount: …}", EN: "use a year with actuals, or base: {amount: …}"})
				return
			}
		case "previous":
		default:
			continue
		}
		if option := rule.Values[s].Option; option == "previous" || option == "rolling" {
			b.oneOffInBase(rule.at(s), s)
		}
		if first < int64(cal.First) {
			b.fail("base_before_history", rule.at(s), formula.Textf("基数要用 %d 年的收入，计划只有 %d 年起的实绩", "the base needs revenue of %d, the plan has actuals from %d", first, cal.First),
				Text{ZH: "补足 history，或减少年数", EN: "give a longer history, or use fewer years"})
			return
		}
	}
}
