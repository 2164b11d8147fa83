package model

import "zhencai/model/formula"

// PotRules are what a pot for one transfer pays one of the towns that share it: a little book of its own, whose inputs pot, claims, claim and part come first, in this order.
func PotRules(cal formula.Calendar) *Book {
	b := &builder{plan: &Plan{Calendar: cal}}
	b.in("", "pot", nil)
	input := func(name string, label Text) {
		b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Input: formula.ByYear}, Label: label})
	}
	input("pot", Text{ZH: "总额", EN: "The pot"})
	input("claims", Text{ZH: "各镇应付合计", EN: "Payable to all towns"})
	input("claim", Text{ZH: "本镇应付", EN: "Payable to the town"})
	input("part", Text{ZH: "本镇分得（分不尽的分给余数大的）", EN: "The town's part (odd fen go to the largest remainders)"})
	b.line(
		Line{Line: formula.Line{Name: "share", Unit: formula.Ratio, Formula: "when(claims > pot, pot / claims, 1)"}, Label: Text{ZH: "总额兑现比例", EN: "Share that the pot pays"}, Example: "claims=400 pot=100 -> 0.25"},
		Line{Line: formula.Line{Name: "pro_rata", Unit: formula.Money, Formula: "round(claim * share)"}, Label: Text{ZH: "按比例应分", EN: "Pro rata to the fen"}, Example: "claim=40 share=0.25 -> 10"},
		Line{Line: formula.Line{Name: "rate", Unit: formula.Ratio, Formula: "when(claim > 0, part / claim, share)"}, Label: Text{ZH: "本镇兑现比例", EN: "The town's delivery rate"}, Example: "claim=40 part=10 share=0.25 -> 0.25"},
	)
	book, errs := b.book(b.lines, nil)
	if errs != nil {
		panic(errs[0].Text.EN) // rules of ours
	}
	return book
}
