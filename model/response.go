package model

import (
	"fmt"
	"slices"

	"zhencai/model/formula"
)

// Parameters of the incentive analysis: what the town expects to be paid, and what a later year is worth today.
var incentive = Kind{
	Label: Text{ZH: "激励测算参数", EN: "Incentive analysis"},
	Fields: []Field{
		{Key: "expected_delivery", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "镇里预期的兑现率", EN: "Delivery the town expects"}, Doc: Text{ZH: "只用于努力响应", EN: "used by the effort response only"}},
		{Key: "discount_rate", Unit: formula.Ratio, Default: "4%", Min: "0", Max: "1", Label: Text{ZH: "折现率", EN: "Discount rate"}, Doc: Text{ZH: "首年不折现", EN: "the first year is not discounted"}},
	},
}

// responds: does the item's growth answer to what the town keeps at the margin?
func (b *builder) responds(e *Element) bool { return e.Params["response"].Any(Nonzero) }

// writeResponse adds, after the clauses, what they leave the town of an extra yuan at the margin, where some item's growth answers to it; and
// what the incentives are worth today.
func (b *builder) writeResponse() {
	own := b.plan.In("incentive")[0]
	b.of(own)
	b.heading = own.Text()
	b.input("discount_rate")
	b.in("", "", nil)
	// Divided by, not multiplied with its inverse, which no decimal holds exactly.
	b.line(Line{Line: formula.Line{Name: "discount_divisor", Unit: formula.Ratio, Formula: "when(year = last_actual_year + 1, 1, prev(discount_divisor) * (1 + incentive.discount_rate))", Opening: "1"},
		Label: Text{ZH: "折现除数", EN: "discount divisor"}, Example: "year=2024 prev(discount_divisor)=1.25 incentive.discount_rate=0.2 -> 1.5", Detail: true})
	for _, m := range []struct{ name, zh, en string }{{"due", "激励资金应得现值", "Incentives due, present value"}, {"paid", "激励资金实拨现值", "Incentives paid, present value"}} {
		b.totals(Line{Line: formula.Line{Name: "incentive_" + m.name + "_value", Unit: formula.Money, Formula: "round(incentive_" + m.name + " / discount_divisor)"}, Rule: "incentive_value",
			Label: Text{ZH: m.zh, EN: m.en}, Example: "incentive_" + m.name + "=100 discount_divisor=1.25 -> 80"})
	}
	var items []*Element
	for _, e := range b.plan.In("revenue") {
		if b.responds(e) {
			items = append(items, e)
		}
	}
	if len(items) == 0 {
		return
	}
	b.of(own)
	b.input("expected_delivery")
	for _, e := range items {
		b.retained(e)
	}
}

// retained adds the marginal share of an item that the town can expect under all clauses together.
func (b *builder) retained(item *Element) {
	b.of(item)
	group := marginalFor(item.ID)
	b.group(group)
	sum := "sum(" + group + ".*)"
	b.line(Line{Line: formula.Line{Name: "retained", Unit: formula.Ratio, Formula: "counts * incentive.expected_delivery * " + sum, Opening: "initial(counts) * initial(incentive.expected_delivery) * " + sum},
		Label: Text{ZH: "预期边际分成", EN: "marginal share expected"}, Example: "counts=0.8 incentive.expected_delivery=0.5 " + group + ".*=0.3,0.2 -> 0.2", Detail: true})
}

// marginalFor is the group of the clauses' marginal shares of a revenue item.
func marginalFor(item string) string { return "marginal_for." + item }

// answered: does some item's growth answer to what the clause leaves the town?
func (b *builder) answered(clause *Element) bool {
	return clause.Kind == "above_base" && slices.ContainsFunc(b.plan.In("revenue"), b.responds)
}

// marginalRate adds the rate at which the clause shares the next yuan: that of the band the revenue has reached, while in force; in the last actual
// year, that of the first band. Floors and caps are not looked at.
func (b *builder) marginalRate(e *Element) {
	if !b.answered(e) {
		return
	}
	first, f, worked := "bands.1.rate", "", ""
	if e.ShortForm["bands"] {
		first, f, worked = "rate", "when(counted >= base, rate, 0)", "counted=1100 base=1000 rate=0.5"
	} else {
		f = "0"
		for k := 1; k <= e.Count["bands"]; k++ {
			own := fmt.Sprintf("bands.%d.", k)
			b.line(Line{Line: formula.Line{Name: own + "marginal_rate", Unit: formula.Ratio, Formula: "when(counted - base >= threshold, rate, " + f + ")"}, Rule: b.rule + ".bands.marginal_rate",
				Label: formula.Textf("到第 %d 档为止的边际比例", "marginal rate up to band %d", k), Example: example(k == 1, "counted=1100 base=1000 threshold=0 rate=0.5 -> 0.5"), Detail: true})
			f = own + "marginal_rate"
		}
		worked = f + "=0.5"
		if e.Params["bands_apply"].Any(func(in formula.Input) bool { return in.Option == "whole" }) && e.Own("class_by") != nil {
			class := fmt.Sprintf("bands.%d.class_rate", e.Count["bands"])
			b.line(Line{Line: formula.Line{Name: "marginal_class", Unit: formula.Ratio, Formula: "when(counted >= base, " + class + ", 0)"}, Label: Text{ZH: "所在档的边际比例", EN: "marginal rate of the class"}, Example: "counted=1100 base=1000 " + class + "=0.5 -> 0.5", Detail: true})
			f, worked = "when(is(bands_apply, whole), marginal_class, "+f+")", "bands_apply=whole marginal_class=0.5 "+f+"=0"
		}
	}
	b.line(Line{Line: formula.Line{Name: "marginal_rate", Unit: formula.Ratio, Formula: "in_force * " + f, Opening: "in_force * initial(" + first + ")"},
		Label: Text{ZH: "边际分成比例", EN: "marginal share"}, Example: "in_force=1 " + worked + " -> 0.5", Detail: true})
	for _, item := range b.plan.In("revenue") {
		if e.Count["items"] == 0 {
			b.groups[marginalFor(item.ID)] = append(b.groups[marginalFor(item.ID)], b.scope+".marginal_rate")
		}
	}
	for k := 1; k <= e.Count["items"]; k++ {
		own := fmt.Sprintf("items.%d.", k)
		item := e.Refs[own+"item"][0]
		b.line(Line{Line: formula.Line{Name: own + "marginal", Unit: formula.Ratio, Formula: "marginal_rate * share", Opening: "marginal_rate * initial(share)"}, Rule: b.rule + ".items.marginal",
			Label: formula.Textf("%s：边际分成比例", "%s: marginal share", b.plan.Find("revenue."+item).Text()), Example: "marginal_rate=0.5 share=0.5 -> 0.25", Detail: true})
		b.groups[marginalFor(item)] = append(b.groups[marginalFor(item)], b.scope+"."+own+"marginal")
	}
}
