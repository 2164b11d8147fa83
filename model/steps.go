package model

import (
	"fmt"

	"zhencai/model/formula"
)

// An award for every level that revenue reaches: the first time only (a high-water mark), each time it is crossed upwards, or in every year above it.
var steps = Kind{
	Name: "steps", Label: Text{ZH: "上台阶奖", EN: "Step award"}, rule: (*builder).steps,
	Fields: clause("true",
		Field{Key: "of", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "看哪个数", EN: "What must reach the level"}, Doc: Text{ZH: "公式；不写则为口径收入 counted", EN: "a formula; counted revenue if absent"}},
		Field{Key: "levels", Kind: ListField, Member: Text{ZH: "第 %s 级", EN: "level %s"}, Label: Text{ZH: "台阶", EN: "Levels"}, Fields: []Field{
			{Key: "at", Unit: formula.Money, Min: "0", Label: Text{ZH: "台阶", EN: "level"}},
			{Key: "award", Unit: formula.Money, Min: "0", Label: Text{ZH: "奖励", EN: "award"}},
		}},
		Field{Key: "pays", Kind: ChoiceField, Default: "first_time", Label: Text{ZH: "何时奖", EN: "When it pays"}, Options: []Option{
			{Key: "first_time", Label: Text{ZH: "首次达到", EN: "the first time"}},
			{Key: "each_crossing", Label: Text{ZH: "每次跨上", EN: "each time it is crossed"}},
			{Key: "every_year", Label: Text{ZH: "每年达到", EN: "every year"}},
		}},
		Field{Key: "reached_opening", Unit: formula.Money, Optional: true, Min: "0", Label: Text{ZH: "此前到过的最高数", EN: "Highest reached before the plan"}, Doc: Text{ZH: "不写则为期限前一年以来的最高数", EN: "the highest since the year before the term if absent"}},
	),
}

func (b *builder) steps(e *Element) (rule, worked string) {
	b.input("pays")
	opening := "reached_opening"
	reached, all := e.Params["reached_opening"].GivenIn()
	of, since := b.measure(e, "of", "counted", "counted=1200 -> 1200", Text{ZH: "台阶所看的数", EN: "what must reach the level"}, always)
	remembers := !reached && since < b.plan.Calendar.Zero()
	switch {
	case remembers:
		opening = "when(year >= initial(term.from), max(prev(reached), " + of + "), " + of + ")"
	case !reached:
		opening = of
	case !all:
		b.fail("reached_not_in_all", e.Params["reached_opening"].Pos, Text{ZH: "reached_opening 只在有的情景里写了", EN: "reached_opening is given only in some scenarios"}, Text{ZH: "在计划里写出，再由层改动", EN: "give it in the plan, and change it in a layer"})
	default:
		b.input("reached_opening")
	}
	highest, when := "max(prev(reached), "+of+")", ""
	if !reached {
		highest, when = "when(year >= term.from, "+highest+", "+of+")", "year=2023 term.from=2022 "
	}
	b.line(
		Line{Line: formula.Line{Name: "reached", Unit: formula.Money, Formula: highest, Opening: opening, Past: remembers, ZeroBefore: remembers}, Label: Text{ZH: "到过的最高数", EN: "highest reached so far"}, Level: true,
			Example: when + "prev(reached)=1050 " + of + "=1000 -> 1050"},
		Line{Line: formula.Line{Name: "crossed_from", Unit: formula.Money, Formula: "when(is(pays, first_time), prev(reached), when(is(pays, each_crossing), prev(" + of + "), 0))"},
			Label: Text{ZH: "从哪里跨上", EN: "crossed from"}, Level: true, Detail: true, Example: "pays=first_time prev(reached)=1050 prev(" + of + ")=1000 -> 1050"},
	)
	b.stepProblems(e, reached, since)
	for k := 1; k <= e.Count["levels"]; k++ {
		own := fmt.Sprintf("levels.%d.", k)
		b.input(own+"at", own+"award")
		b.line(
			Line{Line: formula.Line{Name: own + "crossed", Unit: formula.Flag, Formula: of + " >= at and crossed_from < at"}, Rule: b.rule + ".levels.crossed",
				Label: formula.Textf("跨上第 %d 个台阶", "level %d is reached", k), Example: of + "=1200 at=1100 crossed_from=1050 -> 1"},
			Line{Line: formula.Line{Name: own + "earned", Unit: formula.Money, Formula: "when(crossed, award, 0)"}, Rule: b.rule + ".levels.earned",
				Label: formula.Textf("第 %d 个台阶的奖励", "award of level %d", k), Example: "crossed=1 award=20 -> 20"},
		)
	}
	return "sum(" + b.scope + ".levels.*.earned)", b.scope + ".levels.*.earned=20,40 -> 60"
}

// stepProblems warns of levels that may have been reached, and rewarded, in years of the term that history does not tell.
func (b *builder) stepProblems(e *Element, reached bool, since int) {
	known := int64(b.plan.Calendar.First + since)
	for s := range b.plan.Scenarios {
		before := e.Params["term.from"].Values[s].Same.IntPart() - 1
		if !reached && before < known && e.Params["pays"].Values[s].Option == "first_time" {
			b.unknownPast(e, s, Text{ZH: "此前到过的最高数", EN: "the highest reached before"}, before, known-1, Text{ZH: "补足 history，或写 reached_opening", EN: "give a longer history, or reached_opening"})
			return
		}
	}
}
