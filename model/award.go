package model

import (
	"fmt"
	"slices"

	"zhencai/model/formula"
)

var yesNo = []Option{{Key: "no", Label: Text{ZH: "否", EN: "no"}}, {Key: "yes", Label: Text{ZH: "是", EN: "yes"}}}

// awardFields are what a clause may do to the award its bands give: a multiplier, a condition, a floor, caps; and what a shortfall costs.
var awardFields = []Field{
	{Key: "bands_apply", Kind: ChoiceField, Default: "marginal", Label: Text{ZH: "分档方式", EN: "How bands apply"}, Options: []Option{
		{Key: "marginal", Label: Text{ZH: "超额累进", EN: "each band to its part"}},
		{Key: "whole", Label: Text{ZH: "全额（按所在档）", EN: "one band's rate to the whole"}},
	}},
	{Key: "multiplier", Kind: FormulaField, Unit: formula.Ratio, Optional: true, Label: Text{ZH: "系数", EN: "Multiplier"}, Doc: Text{ZH: "公式，如 min(1, counted / base)", EN: "a formula, such as min(1, counted / base)"}},
	{Key: "gate", Kind: FormulaField, Unit: formula.Flag, Optional: true, Label: Text{ZH: "兑现条件", EN: "Condition"}, Doc: Text{ZH: "公式，如 counted >= base and kept > 100", EN: "a formula, such as counted >= base and kept > 100"}},
	{Key: "lines", Kind: LinesField, Optional: true, Label: Text{ZH: "辅助行", EN: "Lines of its own"}},
	{Key: "award_floor", Unit: formula.Money, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "保底", EN: "Floor"}},
	{Key: "award_cap", Unit: formula.Money, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "封顶", EN: "Cap"}},
	{Key: "award_cap_base", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Label: Text{ZH: "封顶（占基数）", EN: "Cap as a share of the base"}},
	{Key: "award_cap_term", Unit: formula.Money, Optional: true, Min: "0", Label: Text{ZH: "期限内累计封顶", EN: "Cap over the term"}},
	{Key: "shortfall_rate", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1", Label: Text{ZH: "短收扣减比例", EN: "Share of a shortfall deducted"}},
	{Key: "shortfall_from", Kind: RefField, Of: "transfers", Optional: true, Label: Text{ZH: "从哪笔补助扣减", EN: "Deducted from"}},
	{Key: "shortfall_carried", Kind: ChoiceField, Default: "no", Options: yesNo, Label: Text{ZH: "扣不完的结转下年", EN: "What is left is carried over"}},
	{Key: "shortfall_cuts_base", Kind: ChoiceField, Default: "no", Options: yesNo, Label: Text{ZH: "短收后次年基数降到实绩", EN: "After a shortfall the base falls to the revenue"}},
}

// writeAward turns what the bands give into the award: × multiplier × condition, then floor, then caps.
func (b *builder) writeAward(e *Element, byBands, worked string) {
	b.ownLines(e, "multiplier", "gate")
	now, formulas := "", []string{"multiplier", "gate"}
	conditions := []string{"award_floor", "award_cap", "award_cap_base", "award_cap_term"}
	used := slices.ContainsFunc(conditions, func(key string) bool { some, _ := e.Params[key].given(); return some }) ||
		slices.ContainsFunc(e.Lines, func(u UserLine) bool { return slices.Contains(formulas, u.Name) })
	if !used {
		b.line(award(byBands, worked))
		return
	}
	step := func(name, f string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f}, Label: label, Example: example, Detail: true, Level: true})
		now = name
	}
	step("award_by_bands", byBands, Text{ZH: "按分档应得", EN: "by the bands"}, worked)
	for _, u := range e.Lines {
		label := Text{ZH: u.Label, EN: u.LabelEN}
		switch u.Name {
		case "multiplier":
			b.line(Line{Line: formula.Line{Name: u.Name, Unit: formula.Ratio, Formula: u.Formula}, Label: label, Rule: "transfers.formula.own"})
			step("award_multiplied", "round(award_by_bands * multiplier)", Text{ZH: "乘系数后", EN: "times the multiplier"}, "award_by_bands=200 multiplier=0.9 -> 180")
		}
	}
	for _, u := range e.Lines {
		if u.Name == "gate" {
			b.line(Line{Line: formula.Line{Name: u.Name, Unit: formula.Flag, Formula: u.Formula}, Label: Text{ZH: u.Label, EN: u.LabelEN}, Rule: "transfers.formula.own"})
			step("award_gated", "when(gate, "+now+", 0)", Text{ZH: "符合条件的", EN: "if the condition holds"}, "gate=1 "+now+"=180 -> 180")
		}
	}
	if some, _ := e.Params["award_floor"].given(); some {
		b.input("award_floor")
		step("award_floored", "max("+now+", award_floor)", Text{ZH: "保底后", EN: "after the floor"}, now+"=0 award_floor=50 -> 50")
	}
	if some, all := e.Params["award_cap"].given(); some {
		b.capped("award_cap", all, &now, step, "award_cap", Text{ZH: "封顶后", EN: "after the cap"}, now+"=180 award_cap=150 -> 150")
	}
	if some, all := e.Params["award_cap_base"].given(); some {
		b.capped("award_cap_base", all, &now, step, "round(base * award_cap_base)", Text{ZH: "按基数封顶后", EN: "after the cap on the base"}, now+"=180 base=1000 award_cap_base=0.1 -> 100")
	}
	if some, all := e.Params["award_cap_term"].given(); some {
		b.capped("award_cap_term", all, &now, step, "max(award_cap_term - prev(award_so_far), 0)", Text{ZH: "累计封顶后", EN: "after the cap over the term"}, now+"=180 award_cap_term=500 prev(award_so_far)=400 -> 100")
		b.line(Line{Line: formula.Line{Name: "award_so_far", Unit: formula.Money, Formula: "prev(award_so_far) + when(in_term, award, 0)", Opening: "0"},
			Label: Text{ZH: "期限内累计应得", EN: "award so far"}, Example: "prev(award_so_far)=400 in_term=1 award=100 -> 500", Detail: true})
	}
	b.line(award(now, now+"=150 -> 150"))
}

// capped adds one cap; in a scenario that does not give it the cap must not bind, so it has to be given in all.
func (b *builder) capped(key string, all bool, now *string, step func(string, string, Text, string), limit string, label Text, example string) {
	if !all {
		p := b.element.Params[key]
		b.fail("cap_not_in_all", p.Pos, formula.Textf("%s 只在有的情景里写了（%s）", "%s is given only in some scenarios (%s)", key, p.Field.Label),
			Text{ZH: "在计划里写一个不起作用的大数，再由层改动", EN: "give a number too large to matter in the plan, and change it in a layer"})
	}
	b.input(key)
	step(key+"ped", fmt.Sprintf("min(%s, %s)", *now, limit), label, example)
}

// shortfall adds what a shortfall takes from another transfer: never more than that is due; the rest is carried over if the clause says so.
func (b *builder) shortfall(e *Element) {
	rate, from := e.Params["shortfall_rate"], e.Refs["shortfall_from"]
	some, _ := rate.given()
	if some != (len(from) == 1) {
		b.fail("shortfall_incomplete", e.Pos, formula.Textf("%s 的短收扣减要同时写比例 shortfall_rate 和从哪笔扣 shortfall_from", "the shortfall rule of %s needs both shortfall_rate and shortfall_from", e.Text()),
			Text{ZH: "如 shortfall_rate: 50%, shortfall_from: subsidy", EN: "such as shortfall_rate: 50%, shortfall_from: subsidy"})
		return
	}
	if !some {
		return
	}
	if of := b.plan.Find("transfers." + from[0]); of.Kind == "upload" {
		b.fail("shortfall_from_upload", e.Pos, formula.Textf("短收不能从上解“%s”扣减：那是镇交给县的钱", "a shortfall cannot be taken from the upload %q: that is money the town pays", of.Text()), Text{ZH: "从一笔补助扣减", EN: "take it from a transfer to the town"})
		return
	}
	b.input("shortfall_rate", "shortfall_carried")
	b.line(
		Line{Line: formula.Line{Name: "deduction", Unit: formula.Money, Formula: "when(in_term, round(shortfall * shortfall_rate), 0) + when(is(shortfall_carried, yes), prev(deduction_left), 0)"},
			Label: Text{ZH: "应扣减", EN: "to be deducted"}, Example: "in_term=1 shortfall=100 shortfall_rate=0.5 shortfall_carried=yes prev(deduction_left)=20 -> 70"},
		Line{Line: formula.Line{Name: "deducted", Unit: formula.Money, Formula: "min(deduction, transfers." + from[0] + ".due_before)"},
			Label: Text{ZH: "已扣减", EN: "deducted"}, Example: "deduction=70 transfers." + from[0] + ".due_before=30 -> 30"},
		Line{Line: formula.Line{Name: "deduction_left", Unit: formula.Money, Formula: "deduction - deducted", Opening: "0"},
			Label: Text{ZH: "未扣完", EN: "left to deduct"}, Example: "deduction=70 deducted=30 -> 40"},
	)
}

// deductors lists the clauses whose shortfalls are taken from a transfer.
func (b *builder) deductors(e *Element) (from []*Element) {
	for _, other := range b.plan.In("transfers") {
		if slices.Contains(other.Refs["shortfall_from"], e.ID) {
			from = append(from, other)
		}
	}
	return from
}
