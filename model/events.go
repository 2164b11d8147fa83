package model

import (
	"slices"

	"zhencai/model/formula"
)

// writeEvents adds the adverse events that risk is asked about: each is a flag, named as reports name the event.
func (b *builder) writeEvents() {
	b.in("", "", nil)
	event := func(name, f string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Flag, Formula: f}, Label: label, Example: example, Event: true})
	}
	event("cash_out", "gap > 0", Text{ZH: "资金不够付当年应付", EN: "cash runs out: not all due is paid"}, "gap=0.000001 -> 1")
	event("basic_not_covered", "basic_need > basic_paid", Text{ZH: "三保未足额保障", EN: "basic needs not fully covered"}, "basic_need=600 basic_paid=599.999999 -> 1")
	event("debt_red", "debt_red_met", Text{ZH: "债务率红色", EN: "debt ratio red"}, "debt_red_met=1 -> 1")
	if u := b.plan.Uncertainty; u != nil && u.OwedOver.IsPositive() {
		b.given(Line{Line: formula.Line{Name: "owed_limit", Unit: formula.Money, Input: formula.Scalar}, Label: Text{ZH: "问县欠拨是否超过", EN: "asked whether the county owes more than"}},
			slices.Repeat([]formula.Input{{Same: u.OwedOver}}, len(b.plan.Scenarios)))
		event("owed_over", "incentive_owed > owed_limit", formula.Textf("县欠拨超过 %s 万元", "the county owes more than %s", u.OwedOver), "incentive_owed=50.000001 owed_limit=50 -> 1")
	}
}

// Watched is the book with the adverse events after its own lines. They are compiled for those who ask and stand in no result; the book's lines keep their places.
func (b *Book) Watched() *Book {
	return b.Keep(watched{}, func() any {
		w := &builder{plan: b.Plan, groups: b.Groups, lines: slices.Clone(b.Lines)}
		w.writeEvents()
		book, errs := w.book(w.lines, b.Gone)
		if errs != nil {
			panic(errs[0].Text.EN) // a rule of ours, over lines that every book has
		}
		for s := range b.inputs {
			copy(book.inputs[s], b.inputs[s])
		}
		return book
	}).(*Book)
}

// watched is the key under which a book keeps itself with its events.
type watched struct{}
