package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// bandFields are how the excess is shared: by marginal bands, or by a table of classes; and what of the revenue within the base.
var bandFields = []Field{
	{Key: "bands", Kind: ListField, Member: Text{ZH: "第 %s 档", EN: "band %s"}, Short: "rate", Pad: true, Label: Text{ZH: "分档", EN: "Bands"}, Fields: []Field{
		{Key: "over", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "起点（定额）", EN: "from (amount)"}, Doc: Text{ZH: "超过基数多少万元以上；按基数的百分比请写 over_base", EN: "above the base by how much; for a per cent of the base write over_base"}},
		{Key: "over_base", Unit: formula.Ratio, Default: "0", Min: "0", Label: Text{ZH: "起点（占基数）", EN: "from (share of the base)"}},
		{Key: "rate", Unit: formula.Ratio, Series: Held, Min: "0", Max: "1000%", Label: Text{ZH: "分成比例", EN: "Rate"}},
	}},
	{Key: "bands_apply", Kind: ChoiceField, Default: "marginal", Label: Text{ZH: "分档方式", EN: "How bands apply"}, Options: []Option{
		{Key: "marginal", Label: Text{ZH: "超额累进", EN: "each band to its part"}},
		{Key: "whole", Label: Text{ZH: "全额（按所在档）", EN: "one band's rate to the whole"}},
	}},
	{Key: "class_by", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "按哪个数定档", EN: "What decides the class"}, Doc: Text{ZH: "公式，如 counted；全额分档时用，不写则按超基数部分", EN: "a formula, such as counted; for classes on the whole, the excess if absent"}},
	{Key: "in_base_rate", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1000%", Label: Text{ZH: "基数内分成比例", EN: "Rate within the base"}},
	{Key: "allow", Kind: ChoiceField, Fixed: true, Default: "nothing", Label: Text{ZH: "特许", EN: "Allowed beyond the usual"}, Options: []Option{
		{Key: "nothing", Label: Text{ZH: "无", EN: "nothing"}},
		{Key: "share_over_100", Label: Text{ZH: "分成超过 100%", EN: "a share over 100 %"}},
	}},
}

// sharing adds how the excess is shared and returns the formula of the award.
func (b *builder) sharing(e *Element) (rule, worked string) {
	keys, rates := []string{"bands.1.rate"}, []string{"rate"}
	if e.ShortForm["bands"] {
		b.inputAs("bands.1.rate", "rate")
		rule, worked = "round(excess * rate)", "excess=459.11095 rate=0.5 -> 229.555475"
	} else {
		rule, worked = b.bands(e)
		keys = nil
		for k := 1; k <= e.Count["bands"]; k++ {
			keys = append(keys, fmt.Sprintf("bands.%d.rate", k))
		}
		rates = slices.Clone(keys)
	}
	if !e.Params["in_base_rate"].Any(Nonzero) {
		b.overAll(e, keys, rates)
		return rule, worked
	}
	b.input("in_base_rate")
	b.overAll(e, append(keys, "in_base_rate"), append(rates, "in_base_rate"))
	b.line(
		Line{Line: formula.Line{Name: "award_in_base", Unit: formula.Money, Formula: "round(max(min(counted, base), 0) * in_base_rate)"}, Label: Text{ZH: "基数内应得", EN: "for revenue within the base"}, Level: true,
			Example: "counted=1200 base=1000 in_base_rate=0.2 -> 200"},
		Line{Line: formula.Line{Name: "award_above_base", Unit: formula.Money, Formula: rule}, Label: Text{ZH: "超基数应得", EN: "for revenue above the base"}, Level: true, Example: worked},
	)
	return "award_in_base + award_above_base", "award_in_base=200 award_above_base=80 -> 280"
}

// overAll refuses a share of more than all there is, unless the clause allows it. rates are its lines, by the parameters' keys.
func (b *builder) overAll(e *Element, keys, rates []string) {
	if e.Words["allow"] == "share_over_100" {
		return
	}
	one := decimal.NewFromInt(1)
	b.require("rates_check", strings.Join(rates, " > 1 or ")+" > 1", Text{ZH: "分成比例不超过 100%", EN: "no rate is over 100 %"}, example(len(rates) == 1, rates[0]+"=1.1 -> 1"), func(s, year int) Problem {
		over := slices.IndexFunc(keys, func(key string) bool {
			return e.Params[key].Values[s].At(b.plan.Calendar.Col(year)).GreaterThan(one)
		})
		return Problem{Code: "share_over_100", Pos: e.Params[keys[max(over, 0)]].At(s), Text: formula.Textf("%s 的分成比例超过 100%%：多收一万元，县里要倒贴", "%s shares out more than 100 %% of what is collected: of every extra yuan the county loses", e.Text()),
			Hint: Text{ZH: "核对比例；确实如此约定的，加 allow: share_over_100", EN: "check the rate; if it is agreed so, add allow: share_over_100"}}
	})
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
	if e.Params["bands_apply"].Any(func(in formula.Input) bool { return in.Option == "whole" }) {
		byBands, worked = b.wholeBands(e, n, byBands), "bands_apply=whole award_whole=180 award_marginal=90 -> 180"
	}
	b.check("bands_check", "excess - min(excess, bands.1.threshold) - sum("+b.scope+".bands.*.part)", Text{ZH: "各档之和＝超基数部分", EN: "bands add up to the excess"},
		"excess=1013.072378 bands.1.threshold=0 "+b.scope+".bands.*.part=644.5008,368.571578 -> 0")
	b.ordered("bands", n)
	return byBands, worked
}

// ordered refuses bands that begin below the one before: in 万元, in per cent of the base, or in both.
func (b *builder) ordered(list string, n int) {
	e := b.element
	for k := 2; k <= n; k++ {
		own, before := fmt.Sprintf("%s.%d.", list, k), fmt.Sprintf("%s.%d.", list, k-1)
		says := func(s, _ int) Problem {
			return Problem{Code: "bands_overlap", Pos: e.Params[own+"over"].At(s), Text: formula.Textf("第 %d 档的起点低于第 %d 档", "band %d begins below band %d", k, k-1), Hint: Text{ZH: "各档按起点从低到高排列", EN: "list the bands from the lowest threshold up"}}
		}
		holds := formula.Textf("第 %d 档的起点不低于第 %d 档", "band %d begins no lower than band %d", k, k-1)
		if list == "payment_bands" {
			holds = formula.Textf("应得额第 %d 档的起点不低于第 %d 档", "payment band %d begins no lower than band %d", k, k-1)
		}
		broken, worked := own+"over < "+before+"over", own+"over=50 "+before+"over=100"
		if e.Params[own+"over_base"] == nil {
			b.require(own+"order_check", broken, holds, worked+" -> 1", says)
			continue
		}
		b.require(own+"order_check", broken+" and "+own+"over_base <= "+before+"over_base", holds, worked+" "+own+"over_base=0 "+before+"over_base=0 -> 1", says)
		b.require(own+"base_order_check", own+"over_base < "+before+"over_base and "+own+"over = "+before+"over", Text{ZH: holds.ZH + "（占基数）", EN: holds.EN + " (of the base)"},
			own+"over_base=0.1 "+before+"over_base=0.2 "+own+"over=0 "+before+"over=0 -> 1", says)
	}
}

// wholeBands adds the table of classes: the rate of the highest band that the excess, or what decides the class, reaches applies to all of the excess.
func (b *builder) wholeBands(e *Element, n int, marginal string) string {
	b.input("bands_apply")
	by := "excess"
	if u := e.Own("class_by"); u != nil {
		by = u.Name
		b.line(Line{Line: formula.Line{Name: by, Unit: formula.Money, Formula: u.Formula}, Label: Text{ZH: "定档依据", EN: "what decides the class"}, Rule: ownRule, Level: true})
	}
	below := "0"
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("bands.%d.", k)
		b.line(Line{Line: formula.Line{Name: own + "class_rate", Unit: formula.Ratio, Formula: "when(" + by + " >= threshold, rate, " + below + ")"}, Rule: b.rule + ".bands.class_rate",
			Label: formula.Textf("到第 %d 档为止的比例", "rate up to band %d", k), Example: example(k == 1, by+"=600 threshold=500 rate=0.3 -> 0.3"), Detail: true})
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
