package model

import (
	"fmt"
	"slices"

	"zhencai/model/formula"
)

// awardFields are what any clause may do to the award of its rule, in this order: a multiplier, a condition, floors, caps, bands on the payment
// itself, rounding.
var awardFields = []Field{
	{Key: "multiplier", Kind: FormulaField, Unit: formula.Ratio, Optional: true, Label: Text{ZH: "系数", EN: "Multiplier"}, Doc: Text{ZH: "公式，如 min(1, counted / base)", EN: "a formula, such as min(1, counted / base)"}},
	{Key: "gate", Kind: FormulaField, Unit: formula.Flag, Optional: true, Label: Text{ZH: "兑现条件", EN: "Condition"}, Doc: Text{ZH: "公式，如 counted >= base and kept > 100", EN: "a formula, such as counted >= base and kept > 100"}},
	{Key: "lines", Kind: LinesField, Optional: true, Label: Text{ZH: "辅助行", EN: "Lines of its own"}},
	{Key: "award_floor", Unit: formula.Money, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "保底", EN: "Floor"}},
	{Key: "award_floor_previous", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1000%", Label: Text{ZH: "保底（占上年）", EN: "Floor as a share of last year's award"}},
	{Key: "award_floor_term", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "期限内累计保底", EN: "Guarantee over the term"}, Doc: Text{ZH: "应得合计不足的，在期限最后一年补足", EN: "what the due falls short of it is made up in the last year of the term"}},
	{Key: "award_cap", Unit: formula.Money, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "封顶", EN: "Cap"}},
	{Key: "award_cap_previous", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1000%", Label: Text{ZH: "封顶（占上年）", EN: "Cap as a share of last year's award"}, Doc: Text{ZH: "上年没有给（期限未到、停付、为 0）时不封", EN: "no cap after a year without an award (before the term, in a holiday, or of 0)"}},
	{Key: "award_cap_term", Unit: formula.Money, Optional: true, Min: "0", Label: Text{ZH: "期限内累计封顶", EN: "Cap over the term"}},
	{Key: "payment_bands", Kind: ListField, Member: Text{ZH: "第 %s 档", EN: "band %s"}, Optional: true, Pad: true, Label: Text{ZH: "对应得额再分档", EN: "Bands on the payment"}, Doc: Text{ZH: "各档给镇多少，其余留县统筹", EN: "how much of each part the town gets; the county pools the rest"}, Fields: []Field{
		{Key: "over", Unit: formula.Money, Default: "0", Min: "0", Label: Text{ZH: "应得起点", EN: "payment from"}},
		{Key: "rate", Unit: formula.Ratio, Series: Held, Min: "0", Max: "1", Label: Text{ZH: "给镇比例", EN: "the town's part"}},
	}},
	{Key: "rounded_to", Unit: formula.Money, Optional: true, Min: "0", Max: "1000", Label: Text{ZH: "应得取整到", EN: "Due rounded to"}, Doc: Text{ZH: "如 1（万元）；不写则只取到分", EN: "such as 1 (10k yuan); to the fen only if absent"}},
}

// baseAwardFields are floors and caps that only a clause with a base can have.
var baseAwardFields = []Field{
	{Key: "award_floor_base", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "保底（占基数）", EN: "Floor as a share of the base"}},
	{Key: "award_cap_base", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "封顶（占基数）", EN: "Cap as a share of the base"}},
}

// awarding is the award of a clause while it is being shaped, step by visible step.
type awarding struct {
	*builder
	e           *Element
	now, worked string // the formula so far, and that formula worked by hand
}

// award adds a clause's rule and what the clause makes of it: multiplier, condition, floors, caps, bands on the payment.
func (b *builder) award(e *Element, rule func(*builder, *Element) (formula, worked string)) {
	a := &awarding{builder: b, e: e}
	a.now, a.worked = rule(b, e)
	final := Line{Line: formula.Line{Name: "award", Unit: formula.Money, Formula: a.now}, Label: Text{ZH: "按规则应得", EN: "by the rule"}, Example: a.worked}
	if a.shaped() {
		a.step("award_by_rule", a.now, final.Label, a.worked)
		a.conditions()
		a.floors()
		a.caps()
		a.paymentBands()
		final.Label, final.Formula, final.Example = Text{ZH: "调整后应得", EN: "as adjusted"}, a.now, a.now+"=150 -> 150"
	}
	if e.Kind == "formula" {
		final.Rule = ownRule
	}
	b.line(final)
	b.require("award_check", "award < 0", Text{ZH: "应得不是负数", EN: "the award is not negative"}, "award=-5 -> 1", nil)
}

// comparesYears: does the clause look at last year's award?
func (b *builder) comparesYears(e *Element) bool {
	floor, _ := e.Params["award_floor_previous"].GivenIn()
	capped, _ := e.Params["award_cap_previous"].GivenIn()
	return floor || capped
}

// given: does some scenario give the key?
func (a *awarding) given(key string) bool {
	some, _ := a.e.Params[key].GivenIn()
	return some
}

// shaped: does the clause do anything to the award of its rule, before it is due?
func (a *awarding) shaped() bool {
	inDue := []string{"award_floor_term", "award_cap_term", "rounded_to"}
	return a.e.Count["payment_bands"] > 0 || slices.ContainsFunc(slices.Concat(awardFields, baseAwardFields), func(f Field) bool { return !slices.Contains(inDue, f.Key) && a.given(f.Key) }) ||
		a.e.Own("multiplier") != nil || a.e.Own("gate") != nil
}

func (a *awarding) step(name, f string, label Text, example string) {
	a.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f}, Label: label, Example: example, Detail: true, Level: true})
	a.now = name
}

func (a *awarding) conditions() {
	own := func(u *UserLine) {
		a.line(Line{Line: formula.Line{Name: u.Name, Unit: u.Unit, Formula: u.Formula}, Label: Text{ZH: u.Label, EN: u.LabelEN}, Rule: ownRule})
	}
	if u := a.e.Own("multiplier"); u != nil {
		own(u)
		a.step("award_multiplied", "round(award_by_rule * multiplier)", Text{ZH: "乘系数后", EN: "times the multiplier"}, "award_by_rule=200 multiplier=0.9 -> 180")
	}
	if u := a.e.Own("gate"); u != nil {
		own(u)
		a.step("award_gated", "when(gate, "+a.now+", 0)", Text{ZH: "符合条件的", EN: "if the condition holds"}, "gate=1 "+a.now+"=180 -> 180")
	}
}

// floors raise the award; in a scenario that gives none the floor is 0.
func (a *awarding) floors() {
	for _, f := range []struct {
		key, limit string
		label      Text
		worked     string
	}{
		{"award_floor", "award_floor", Text{ZH: "保底后", EN: "after the floor"}, "=20 award_floor=50 -> 50"},
		{"award_floor_base", "round(base * award_floor_base)", Text{ZH: "按基数保底后", EN: "after the floor on the base"}, "=20 base=1000 award_floor_base=0.05 -> 50"},
		{"award_floor_previous", "round(prev(award_given) * award_floor_previous)", Text{ZH: "按上年保底后", EN: "after the floor on last year's"}, "=20 prev(award_given)=50 award_floor_previous=0.9 -> 45"},
	} {
		if a.given(f.key) {
			a.input(f.key)
			a.step(f.key+"ed", "max("+a.now+", "+f.limit+")", f.label, a.now+f.worked)
		}
	}
}

// caps limit the award; in a scenario that does not give one it must not bind, so it has to be given in all.
func (a *awarding) caps() {
	for _, c := range []struct {
		key, limit string
		label      Text
		worked     string
	}{
		{"award_cap", "award_cap", Text{ZH: "封顶后", EN: "after the cap"}, "=180 award_cap=150 -> 150"},
		{"award_cap_base", "round(base * award_cap_base)", Text{ZH: "按基数封顶后", EN: "after the cap on the base"}, "=180 base=1000 award_cap_base=0.1 -> 100"},
		{"award_cap_previous", "round(prev(award_given) * award_cap_previous)", Text{ZH: "按上年封顶后", EN: "after the cap on last year's"}, "=180 prev(award_given)=100 award_cap_previous=1.2 -> 120"},
	} {
		if !a.given(c.key) {
			continue
		}
		a.capInput(c.key)
		capped := "min(" + a.now + ", " + c.limit + ")"
		if c.key == "award_cap_previous" {
			capped = "when(prev(award_given) > 0, " + capped + ", " + a.now + ")"
		}
		a.step(c.key+"ped", capped, c.label, a.now+c.worked)
	}
}

// capInput adds the input of a cap, which has to be given in all scenarios.
func (b *builder) capInput(key string) {
	p := b.element.Params[key]
	if _, all := p.GivenIn(); !all {
		b.fail("cap_not_in_all", p.Pos, formula.Textf("%s 只在有的情景里写了（%s）", "%s is given only in some scenarios (%s)", key, p.Field.Label),
			Text{ZH: "在计划里写一个不起作用的大数，再由层改动", EN: "give a number too large to matter in the plan, and change it in a layer"})
	}
	b.input(key)
}

// paymentBands are a second stage: of each part of the award the town gets a share, the rest stays in the county's pool.
func (a *awarding) paymentBands() {
	n := a.e.Count["payment_bands"]
	if n == 0 {
		return
	}
	before, paid := a.now, ""
	for k := 1; k <= n; k++ {
		own := fmt.Sprintf("payment_bands.%d.", k)
		a.input(own+"over", own+"rate")
		part, worked := fmt.Sprintf("max(min(%s, payment_bands.%d.over) - over, 0)", before, k+1), ""
		if k == n {
			part, worked = "max("+before+" - over, 0)", before+"=250 over=100 -> 150"
		}
		a.line(Line{Line: formula.Line{Name: own + "part", Unit: formula.Money, Formula: part}, Rule: a.rule + ".payment_bands.part", Label: formula.Textf("应得额第 %d 档内的部分", "payment band %d: part", k), Example: worked, Detail: true})
		if k > 1 {
			paid += " + "
		}
		paid += own + "part * " + own + "rate"
	}
	a.step("award_to_town", "round("+paid+")", Text{ZH: "再分档后给镇", EN: "the town's part of the payment"},
		example(n == 2, "payment_bands.1.part=100 payment_bands.1.rate=1 payment_bands.2.part=150 payment_bands.2.rate=0.6 -> 190"))
	a.line(Line{Line: formula.Line{Name: "pooled", Unit: formula.Money, Formula: before + " - award_to_town"}, Label: Text{ZH: "留县统筹", EN: "pooled by the county"}, Example: before + "=250 award_to_town=190 -> 60"})
	a.check("payment_bands_check", before+" - min("+before+", payment_bands.1.over) - sum("+a.scope+".payment_bands.*.part)", Text{ZH: "应得额各档之和＝应得额", EN: "payment bands add up to the award"},
		before+"=250 payment_bands.1.over=0 "+a.scope+".payment_bands.*.part=100,150 -> 0")
	a.ordered("payment_bands", n)
}
