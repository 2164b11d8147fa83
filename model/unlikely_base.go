package model

import (
	"fmt"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// unlikelyBase warns of what a clause says of its base and nobody can have meant. Each is told once, of the first scenario in which it is so.
func (b *builder) unlikelyBase(e *Element) {
	b.perScenario(func(s int) bool { return b.neverFallsButCut(e, s) })
	b.perScenario(func(s int) bool { return b.resetOfMovingBase(e, s) })
	b.perScenario(func(s int) bool { return b.countsMove(e, s) })
}

// neverFallsButCut: a base that never falls and one that a shortfall cuts contradict each other.
func (b *builder) neverFallsButCut(e *Element, s int) bool {
	cut := e.Params["shortfall_cuts_base"]
	if !saysYesIn(e.Params["base_never_falls"], s) || !saysYesIn(cut, s) {
		return false
	}
	b.warn("never_falls_but_cut", cut.At(s), formula.Textf("%s 的基数写了只升不降，又写了短收后降到实绩：两条相反，短收后按降的算（情景 %s）", "the base of %s never falls and is cut by a shortfall: the two contradict, and after a shortfall the cut counts (scenario %s)", e.Text(), b.plan.Scenarios[s].ID),
		Text{ZH: "按协议只留一条：base_never_falls 或 shortfall_cuts_base", EN: "keep the one the agreement says: base_never_falls or shortfall_cuts_base"})
	return true
}

// resetOfMovingBase: after its first reset within the plan a base by another rule stands still, and amounts given for later years do not count.
func (b *builder) resetOfMovingBase(e *Element, s int) bool {
	cal, every := b.plan.Calendar, e.Params["base_reset_every"]
	if some, _ := every.GivenIn(); !some || e.whole("base_reset_every", s) <= 0 {
		return false
	}
	from := e.whole("term.from", s)
	first := max(from+e.whole("base_reset_every", s), cal.Actual+1) // the first plan year with a base that was reset
	if first > min(cal.Last, from+e.whole("term.years", s)-1) {
		return false
	}
	text := formula.Textf("%s 的基数逐年移动，又写了几年一定：%d 年起是重定的数，不再移动（情景 %s）", "the base of %s moves every year and is also reset: from %d on it is what it was reset to, and moves no more (scenario %s)", e.Text(), first, b.plan.Scenarios[s].ID)
	switch rule := e.Params["base.rule"].Values[s].Option; rule {
	case "previous", "rolling":
	case "amount", "target":
		in, year := e.Params["base."+rule].Values[s], max(first, cal.Actual+2)
		for year <= cal.Last && in.At(cal.Col(year)).Equal(in.At(cal.Col(year-1))) {
			year++
		}
		if year > cal.Last {
			return false
		}
		text = formula.Textf("%s 的基数 %d 年起是重定的数，%d 年给定的 %s 万元不起作用（情景 %s）", "from %[2]d on the base of %[1]s is what it was reset to: the %[4]s given for %[3]d does nothing (scenario %[5]s)", e.Text(), first, year, in.At(cal.Col(year)), b.plan.Scenarios[s].ID)
	default:
		return false
	}
	b.warn("reset_of_moving_base", every.At(s), text, Text{ZH: "逐年移动或逐年给定的基数删去 base_reset_every；几年一定的基数用 base: {mean: …} 或一个数额", EN: "drop base_reset_every from a base that moves or is given by year; for one that is reset use base: {mean: …} or one amount"})
	return true
}

// countsMove: a base measured in years in which another part of an item counted takes the change of scope for growth; so do vintages, whose base is last year.
func (b *builder) countsMove(e *Element, s int) bool {
	rule, given := "previous", formula.Input{}
	if e.Kind == "above_base" {
		rule, given = e.Params["base.rule"].Values[s].Option, e.Params["base.amount"].Values[s]
		if rule == "target" || Nonzero(e.Params["base_edit"].Values[s]) {
			return false
		}
	}
	items := b.plan.In("revenue")
	if n := e.Count["items"]; n > 0 {
		items = nil
		for k := 1; k <= n; k++ {
			items = append(items, b.plan.Find("revenue."+e.Refs[fmt.Sprintf("items.%d.item", k)][0]))
		}
	}
	cal, until := b.plan.Calendar, e.whole("term.from", s)+e.whole("term.years", s)-1
	for _, item := range items {
		part, key := b.countedPart(item, s)
		for year := cal.Actual + 2; year <= min(cal.Last, until); year++ {
			before, now := part(cal.Col(year-1)), part(cal.Col(year))
			follows := rule == "amount" && !given.At(cal.Col(year)).Equal(given.At(cal.Col(year-1)))
			if now.Equal(before) || follows {
				continue
			}
			hint := formula.Textf("counts 各年不变，口径的变动写在条款的 items：{item: %s, share: …}，基数随之按同口径算；或用 base_edit 调整基数", "keep what counts the same and say what changes in the clause's items: {item: %s, share: …}, in which the base is then measured too; or adjust the base with base_edit", item.ID)
			if e.Kind != "above_base" {
				hint = Text{ZH: "counts 各年不变；或写明当年新增 of，把口径的变动减去", EN: "keep what counts the same; or say what is new in the year in of, less the change of scope"}
			}
			b.warn("counts_move", item.Params[key].At(s), formula.Textf("%[1]s 计入口径的比例 %[2]d 年由 %[3]s%% 变为 %[4]s%%，%[5]s 的基数却按以前的口径：口径的变动会被当成增减收（情景 %[6]s）",
				"the part of %[1]s that counts goes from %[3]s %% to %[4]s %% in %[2]d, but the base of %[5]s is measured as before: the change of scope counts as growth or loss (scenario %[6]s)", item.Text(), year, before.Shift(2), now.Shift(2), e.Text(), b.plan.Scenarios[s].ID),
				hint)
			return true
		}
	}
	return false
}

// countedPart is what part of an item's revenue counts in a year, and the parameter that says so.
func (b *builder) countedPart(item *Element, s int) (part func(col int) decimal.Decimal, key string) {
	counts := item.Params["counts"].Values[s]
	if !b.isGross(item) || item.Params["counts_of"].Values[s].Option == "gross" {
		return counts.At, "counts"
	}
	county, town := item.Params["levels.county"], item.Params["levels.town"]
	key = "counts"
	if !b.plan.Varies(counts) {
		key = "levels.town"
	}
	return func(col int) decimal.Decimal {
		return counts.At(col).Mul(county.Values[s].At(col).Add(town.Values[s].At(col)))
	}, key
}
