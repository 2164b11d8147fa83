package model

import (
	"fmt"

	"zhencai/model/formula"
)

// A bonus that each year's newcomers bring for some years: the cohorts of several years stack.
var vintages = Kind{
	Name: "vintages", Label: Text{ZH: "逐年新增分批奖励", EN: "Bonus by vintage"}, rule: (*builder).vintages,
	Fields: clause("true",
		Field{Key: "of", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "当年新增", EN: "What is new in the year"}, Doc: Text{ZH: "公式；不写则为口径收入比上年的增加", EN: "a formula; the growth of counted revenue if absent"}},
		Field{Key: "vintage_rates", Kind: ListField, Member: Text{ZH: "第 %s 年", EN: "year %s"}, Label: Text{ZH: "每批各年的比例", EN: "Rates of a vintage"}, Doc: Text{ZH: "新增当年、第二年……各按多少", EN: "in its first year, its second, …"}, Fields: []Field{
			{Key: "rate", Unit: formula.Ratio, Min: "0", Max: "1", Label: Text{ZH: "比例", EN: "rate"}},
		}},
	),
}

func (b *builder) vintages(e *Element) (rule, worked string) {
	of, since := b.measure(e, "of", "counted - prev(counted)", "counted=1080 prev(counted)=1000 -> 80", Text{ZH: "当年新增", EN: "new in the year"}, ifKnown)
	opening := "0"
	if since >= 0 {
		opening = "when(year >= initial(term.from), max(" + of + ", 0), 0)"
	}
	b.vintageProblems(e, since)
	if e.Own("of") == nil {
		b.perScenario(func(s int) bool { return b.countsMove(e, s) })
	}
	b.line(Line{Line: formula.Line{Name: "cohort", Unit: formula.Money, Formula: "when(year >= term.from, max(" + of + ", 0), 0)", Opening: opening, Past: true, ZeroBefore: true},
		Label: Text{ZH: "当年一批", EN: "vintage of the year"}, Example: "year=2023 term.from=2022 " + of + "=80 -> 80"})
	for k := 1; k <= e.Count["vintage_rates"]; k++ {
		own, born, worked := fmt.Sprintf("vintage_rates.%d.", k), "year", "year=2024 -> 2024"
		if k > 1 {
			born, worked = fmt.Sprintf("vintage_rates.%d.born - 1", k-1), ""
		}
		b.input(own + "rate")
		b.line(
			Line{Line: formula.Line{Name: own + "born", Unit: formula.Year, Formula: born}, Rule: b.rule + ".vintage_rates.born", Label: formula.Textf("第 %d 年的那批是哪年的", "vintage in its year %d", k), Example: worked, Detail: true},
			Line{Line: formula.Line{Name: own + "part", Unit: formula.Money, Formula: "round(sum_years(cohort, born, born) * rate)"}, Rule: b.rule + ".vintage_rates.part",
				Label: formula.Textf("第 %d 年的那批应得", "due for the vintage in its year %d", k), Example: example(k == 1, "year=2024 born=2023 cohort[2023]=80 rate=0.5 -> 40")},
		)
	}
	return "sum(" + b.scope + ".vintage_rates.*.part)", b.scope + ".vintage_rates.*.part=40,15 -> 55"
}

// vintageProblems warns of vintages of the years before the plan that are still paid for and cannot be known. since is the first column in which
// what is new is known, -1 if there is none in history.
func (b *builder) vintageProblems(e *Element, since int) {
	cal, known := b.plan.Calendar, int64(b.plan.Calendar.Actual)+1
	if since >= 0 {
		known = int64(cal.First + since)
	}
	for s := range b.plan.Scenarios {
		first := max(e.Params["term.from"].Values[s].Same.IntPart(), int64(cal.Actual+2-e.Count["vintage_rates"]))
		if first < known && first <= int64(cal.Actual) {
			b.unknownPast(e, s, Text{ZH: "测算期内还要付的老批次", EN: "older vintages, still paid for"}, first, known-1, Text{ZH: "补足 history；自定的 of 只用历年也有的数（如 counted）", EN: "give a longer history; an of of your own should use figures that history has (such as counted)"})
			return
		}
	}
}
