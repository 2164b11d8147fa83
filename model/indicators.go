package model

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Thresholds of the debt ratio as practitioners colour it, published for counties and above; at town level they are our own analytic rating.
var indicators = Kind{
	Label: Text{ZH: "指标", EN: "Indicators"},
	Fields: []Field{
		{Key: "yellow", Unit: formula.Ratio, Default: "120%", Min: "0", Label: Text{ZH: "债务率黄色线", EN: "Debt ratio: yellow from"}},
		{Key: "orange", Unit: formula.Ratio, Default: "200%", Min: "0", Label: Text{ZH: "债务率橙色线", EN: "Debt ratio: orange from"}},
		{Key: "red", Unit: formula.Ratio, Default: "300%", Min: "0", Label: Text{ZH: "债务率红色线", EN: "Debt ratio: red from"}},
	},
}

func (b *builder) writeIndicators() {
	own := b.plan.In("indicators")[0]
	b.section = Text{ZH: "八、指标", EN: "8. Indicators"}
	b.of(own)
	b.heading = Text{ZH: "债务", EN: "Debt"}
	b.input("yellow", "orange", "red")
	b.require("thresholds_check", "yellow > orange or orange > red", Text{ZH: "黄、橙、红线由低到高", EN: "yellow, orange and red rise"}, "yellow=1.2 orange=2 red=1.5 -> 1", func(s, _ int) Problem {
		return Problem{Code: "thresholds_disordered", Pos: own.Params["red"].At(s), Text: Text{ZH: "债务率的黄、橙、红线应由低到高", EN: "the debt ratio's yellow, orange and red must rise"}, Hint: Text{ZH: "如 yellow: 120%, orange: 200%, red: 300%", EN: "such as yellow: 120%, orange: 200%, red: 300%"}}
	})
	b.in("", "", nil)
	add := func(name string, unit formula.Unit, f, opening string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: unit, Formula: f, Opening: opening}, Label: label, Example: example})
	}
	add("resources", formula.Money, "kept + transfers_paid - uploads_paid", "", Text{ZH: "综合财力", EN: "Comprehensive financial resources"}, "kept=216.633658 transfers_paid=495.32219 uploads_paid=0 -> 711.955848")
	add("debt_ratio", formula.Ratio, "ratio(debt, resources)", "", Text{ZH: "债务率", EN: "Debt ratio"}, "debt=150 resources=100 -> 1.5")
	for _, c := range []struct{ key, zh string }{{"yellow", "黄色"}, {"orange", "橙色"}, {"red", "红色"}} {
		b.line(
			Line{Line: formula.Line{Name: "debt_" + c.key + "_limit", Unit: formula.Money, Formula: "round(resources * indicators." + c.key + ")"}, Rule: "debt_colour_limit",
				Label: Text{ZH: c.zh + "线对应的债务", EN: "debt at " + c.key}, Example: "resources=100 indicators." + c.key + "=1.2 -> 120", Detail: true, Level: true},
			Line{Line: formula.Line{Name: "debt_" + c.key + "_met", Unit: formula.Flag, Formula: "debt > 0 and debt >= debt_" + c.key + "_limit"}, Rule: "debt_colour_met",
				Label: Text{ZH: "达到" + c.zh, EN: c.key + " reached"}, Example: "debt=150 debt_" + c.key + "_limit=120 -> 1", Detail: true},
		)
	}
	add("debt_level", formula.Number, "sum(debt_yellow_met, debt_orange_met, debt_red_met)", "", Text{ZH: "债务率等级（0 绿 1 黄 2 橙 3 红）", EN: "Debt colour (0 green, 1 yellow, 2 orange, 3 red)"}, "debt_yellow_met=1 debt_orange_met=1 debt_red_met=0 -> 2")
	add("debt_service_ratio", formula.Ratio, "ratio(service_due, resources)", "", Text{ZH: "偿债率", EN: "Debt service ratio"}, "service_due=25 resources=100 -> 0.25")

	b.heading = Text{ZH: "保障与兑现", EN: "Coverage and delivery"}
	b.group("basic")
	for _, c := range basic {
		if b.has(c) {
			b.groups["basic"] = append(b.groups["basic"], "payments."+c)
		}
	}
	b.line(Line{Line: formula.Line{Name: "basic_need", Unit: formula.Money, Formula: "sum(basic.*.need)"}, Label: Text{ZH: "三保应付", EN: "Basic needs"}, Level: true, Example: "basic.*.need=300,100,200 -> 600"})
	add("basic_paid", formula.Money, "sum(basic.*.paid)", "", Text{ZH: "三保支付", EN: "Basic needs paid"}, "basic.*.paid=300,100,50 -> 450")
	add("basic_coverage", formula.Ratio, "ratio(basic_paid, basic_need)", "", Text{ZH: "三保保障率", EN: "Basic needs covered"}, "basic_paid=450 basic_need=600 -> 0.75")
	add("delivery_rate", formula.Ratio, "ratio(transfers_paid, transfers_payable)", "", Text{ZH: "兑现率（实拨÷应付）", EN: "Delivery rate (paid ÷ payable)"}, "transfers_paid=60 transfers_payable=100 -> 0.6")
	b.group("earmarked_payments")
	for _, e := range b.plan.In("projects") {
		for _, pocket := range []struct{ group, line string }{{"grants_for.", ".paid_grant"}, {"bonds_for.", ".paid_bond"}} {
			if _, used := b.groups[pocket.group+e.ID]; used {
				b.groups["earmarked_payments"] = append(b.groups["earmarked_payments"], e.Address()+pocket.line)
			}
		}
	}
	add("spending_paid", formula.Money, "payments_paid + sum(earmarked_payments.*)", "", Text{ZH: "实际支出合计（含专项）", EN: "All spending paid (with earmarked)"}, "payments_paid=500 earmarked_payments.*=600 -> 1100")
	add("self_sufficiency", formula.Ratio, "ratio(kept, spending_paid)", "", Text{ZH: "财政自给率", EN: "Fiscal self-sufficiency"}, "kept=220 spending_paid=1100 -> 0.2")
	add("incentive_share", formula.Ratio, "ratio(incentive_paid, receipts)", "", Text{ZH: "激励资金占可用资金比", EN: "Incentives in the town's receipts"}, "incentive_paid=25 receipts=100 -> 0.25")

	b.heading = Text{ZH: "缺口", EN: "Gap"}
	add("peak_gap", formula.Money, "max(prev(peak_gap), gap)", "0", Text{ZH: "至今最大缺口", EN: "Largest gap so far"}, "prev(peak_gap)=100 gap=464.7435 -> 464.7435")
	add("peak_gap_year", formula.Year, "when(gap > prev(peak_gap), year, prev(peak_gap_year))", "0", Text{ZH: "最大缺口年份", EN: "Year of the largest gap"}, "gap=464.7435 prev(peak_gap)=0 year=2023 prev(peak_gap_year)=0 -> 2023")
	add("arrears_cleared", formula.Money, "max(-arrears_change, 0)", "", Text{ZH: "当年清偿欠付", EN: "Arrears cleared in the year"}, "arrears_change=-101.85134 -> 101.85134")
	add("years_to_clear", formula.Years, "ratio(arrears_total, arrears_cleared)", "", Text{ZH: "按当年进度清完欠付所需年数", EN: "Years to clear the arrears at this pace"}, "arrears_total=1000 arrears_cleared=250 -> 4")
}

// Headline is a figure that decides how a scenario is compared with another.
type Headline struct {
	Line  string
	How   formula.Over // how five years become one figure
	Label Text         // if the line's own label and the way do not say it well
}

// Figure is a line's years as one number; there is false where it is blank.
func (b *Book) Figure(v *formula.Values, line int, how formula.Over) (d decimal.Decimal, there bool) {
	d, _, there = b.FigureAt(v, line, how)
	return d, there
}

// FigureAt is Figure, and the column it stands in.
func (b *Book) FigureAt(v *formula.Values, line int, how formula.Over) (d decimal.Decimal, col int, there bool) {
	return how.Figure(b.Plan.Calendar, func(col int) (decimal.Decimal, bool) {
		x, blank, ok := v.At(line, col)
		return x, ok && !blank
	})
}

// UsualOver is how a line's years become one figure where nobody says: as in the headlines, else money that flows is added up and the rest is taken at the end.
func (b *Book) UsualOver(line int) formula.Over {
	l := b.Lines[line]
	for _, h := range Headlines {
		if h.Line == l.Name {
			return h.How
		}
	}
	if l.Unit == formula.Money && !l.Level && (l.Opening == "" || l.Past) {
		return formula.Total
	}
	return formula.AtEnd
}

// Headlines are the figures every summary shows, in order, and TownHeadlines those that a table of towns has for each. The lines exist in every book, but those
// of uploads only where there is one.
var (
	Headlines     = headlines(func(in shown) bool { return in&inSummary != 0 })
	TownHeadlines = headlines(func(in shown) bool { return in&ofTowns != 0 })
)

// shown says where a figure is a headline.
type shown int

const (
	inSummary shown = 1 << iota
	ofTowns
)

// headlines is the one list they are chosen from.
func headlines(wanted func(shown) bool) (chosen []Headline) {
	for _, h := range []struct {
		in    shown
		line  string
		how   formula.Over
		label Text
	}{
		{inSummary | ofTowns, "incentive_due", formula.Total, Text{}}, {inSummary | ofTowns, "incentive_paid", formula.Total, Text{}},
		{inSummary | ofTowns, "incentive_owed", formula.AtEnd, Text{}}, {ofTowns, "town_receives", formula.Total, Text{}},
		{inSummary | ofTowns, "cash", formula.AtEnd, Text{}}, {inSummary | ofTowns, "gap", formula.Total, Text{}},
		{inSummary, "peak_gap", formula.AtEnd, Text{ZH: "最大年度缺口", EN: "Largest gap of a year"}},
		{inSummary | ofTowns, "arrears_total", formula.AtEnd, Text{}}, {inSummary, "arrears_with_uploads", formula.AtEnd, Text{}}, {ofTowns, "uploads_owed", formula.AtEnd, Text{}},
		{inSummary | ofTowns, "debt", formula.AtEnd, Text{}}, {inSummary | ofTowns, "debt_ratio", formula.AtEnd, Text{}},
		{inSummary, "debt_level", formula.AtEnd, Text{ZH: "债务率颜色 末年", EN: "Debt ratio colour at end"}},
		{inSummary | ofTowns, "basic_coverage", formula.Smallest, Text{}}, {inSummary | ofTowns, "county_keeps", formula.Total, Text{}},
		{inSummary, "county_keeps_if_due", formula.Total, Text{}},
	} {
		if wanted(h.in) {
			chosen = append(chosen, Headline{h.line, h.how, h.label})
		}
	}
	return chosen
}
