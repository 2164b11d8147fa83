package model

import (
	"slices"

	"zhencai/model/formula"
)

var yesNo = []Option{{Key: "no", Label: Text{ZH: "否", EN: "no"}}, {Key: "yes", Label: Text{ZH: "是", EN: "yes"}}}

// saysYes: is the option of a yes-or-no input yes?
func saysYes(in formula.Input) bool { return in.Option == "yes" }

func saysYesIn(p *Param, scenario int) bool { return p != nil && saysYes(p.Values[scenario]) }

// shortfallFields are what revenue below the base costs. Without them the town bears nothing but the award it does not get.
var shortfallFields = []Field{
	{Key: "shortfall_over_base", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "短收免扣幅度（占基数）", EN: "Shortfall that costs nothing (share of the base)"}},
	{Key: "shortfall_rate", Unit: formula.Ratio, Series: Held, Optional: true, Min: "0", Max: "1", Label: Text{ZH: "短收扣减比例", EN: "Share of a shortfall deducted"}, Doc: Text{ZH: "按短收数等额扣减写 100%", EN: "100 % to deduct it one for one"}},
	{Key: "shortfall_fine", Unit: formula.Money, Series: Held, Default: "0", Min: "0", Label: Text{ZH: "短收定额扣罚", EN: "Fine for a shortfall"}},
	{Key: "shortfall_from", Kind: RefField, Of: "transfers", Optional: true, Label: Text{ZH: "从哪笔补助扣减", EN: "Deducted from"}},
	{Key: "shortfall_carried", Kind: ChoiceField, Default: "no", Options: yesNo, Label: Text{ZH: "扣不完的结转下年", EN: "What is left is carried over"}},
	{Key: "shortfall_cuts_base", Kind: ChoiceField, Default: "no", Options: yesNo, Label: Text{ZH: "短收后次年基数降到实绩", EN: "After a shortfall the base falls to the revenue"}},
}

// shortfall adds what a shortfall takes from another transfer: never more than that is due; the rest is carried over if the clause says so.
func (b *builder) shortfall(e *Element) {
	rate, from := e.Params["shortfall_rate"], e.Refs["shortfall_from"]
	fined, _ := e.Params["shortfall_fine"].GivenIn()
	some, _ := rate.GivenIn()
	if (some || fined) != (len(from) == 1) {
		b.fail("shortfall_incomplete", e.Pos, formula.Textf("%s 的短收扣减要同时写扣多少（shortfall_rate 或 shortfall_fine）和从哪笔扣（shortfall_from）", "the shortfall rule of %s needs both how much (shortfall_rate or shortfall_fine) and shortfall_from", e.Text()),
			Text{ZH: "如 shortfall_rate: 50%, shortfall_from: subsidy", EN: "such as shortfall_rate: 50%, shortfall_from: subsidy"})
		return
	}
	if len(from) == 0 {
		return
	}
	if of := b.plan.Find("transfers." + from[0]); of.Kind == "upload" {
		b.fail("shortfall_from_upload", e.Pos, formula.Textf("短收不能从上解“%s”扣减：那是镇交给县的钱", "a shortfall cannot be taken from the upload %q: that is money the town pays", of.Text()), Text{ZH: "从一笔补助扣减", EN: "take it from a transfer to the town"})
		return
	}
	counts := "shortfall"
	if e.Params["shortfall_over_base"].Any(Nonzero) {
		b.input("shortfall_over_base")
		b.line(Line{Line: formula.Line{Name: "shortfall_beyond", Unit: formula.Money, Formula: "max(shortfall - round(base * shortfall_over_base), 0)"},
			Label: Text{ZH: "超出免扣幅度的短收", EN: "shortfall beyond what costs nothing"}, Example: "shortfall=100 base=1000 shortfall_over_base=0.04 -> 60"})
		counts = "shortfall_beyond"
	}
	cost, worked := "", " "+counts+"=100"
	if some {
		b.input("shortfall_rate")
		cost, worked = "round("+counts+" * shortfall_rate)", worked+" shortfall_rate=0.5"
	}
	total := "70"
	if fined {
		b.input("shortfall_fine")
		fine := "when(" + counts + " > 0, shortfall_fine, 0)"
		if cost != "" {
			fine = cost + " + " + fine
		} else {
			total = "40" // the fine and what was left over, without a share
		}
		cost, worked = fine, worked+" shortfall_fine=20"
		if some {
			total = "90"
		}
	}
	b.input("shortfall_carried")
	b.line(
		Line{Line: formula.Line{Name: "deduction", Unit: formula.Money, Formula: "when(in_force > 0, " + cost + ", 0) + when(is(shortfall_carried, yes), prev(deduction_left), 0)"},
			Label: Text{ZH: "应扣减", EN: "to be deducted"}, Example: "in_force=1" + worked + " shortfall_carried=yes prev(deduction_left)=20 -> " + total},
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
