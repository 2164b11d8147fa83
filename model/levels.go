package model

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// levels of government that share a gross tax, from the top; the last two are the scheme's own parties.
var levels = []Option{
	{Key: "central", Label: Text{ZH: "中央", EN: "Central"}},
	{Key: "province", Label: Text{ZH: "省", EN: "Province"}},
	{Key: "prefecture", Label: Text{ZH: "州（市）", EN: "Prefecture"}},
	{Key: "county", Label: Text{ZH: "县", EN: "County"}},
	{Key: "town", Label: Text{ZH: "镇", EN: "Town"}},
}

func levelFields() (fields []Field) {
	for _, l := range levels {
		fields = append(fields, Field{Key: l.Key, Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: l.Label.ZH + "分享比例", EN: l.Label.EN + ": share"}})
	}
	return fields
}

// isGross: is the item given gross, to be split among the five levels?
func (b *builder) isGross(e *Element) bool {
	for _, l := range levels {
		if e.Params["levels."+l.Key].Any(Nonzero) {
			return true
		}
	}
	return false
}

// levels adds what of a gross tax goes to the levels above the county.
func (b *builder) levels(e *Element) {
	gross := "base + one_off + extra" + b.yields(e)
	b.line(Line{Line: formula.Line{Name: "gross", Unit: formula.Money, Formula: gross, Opening: "history", Past: true}, Label: Text{ZH: "全口径收入", EN: "gross revenue"},
		Example: example(b.yields(e) == "", "base=1000 one_off=50 extra=0 -> 1050")})
	for _, l := range levels[:3] {
		share := "levels." + l.Key
		b.line(Line{Line: formula.Line{Name: "to_" + l.Key, Unit: formula.Money, Formula: "round(gross * " + share + ")", Opening: "round(gross * initial(" + share + "))", Past: true}, Rule: "revenue.to_level",
			Label: Text{ZH: "上划" + l.Label.ZH, EN: "to the " + l.Label.EN + " level"}, Example: "gross=1000 " + share + "=0.5 -> 500"})
	}
	b.line(
		Line{Line: formula.Line{Name: "to_higher_levels", Unit: formula.Money, Formula: "to_central + to_province + to_prefecture", Opening: "to_central + to_province + to_prefecture", Past: true},
			Label: Text{ZH: "上划合计", EN: "to higher levels"}, Example: "to_central=500 to_province=200 to_prefecture=0 -> 700"},
		Line{Line: formula.Line{Name: "counts_share", Unit: formula.Ratio, Formula: "when(is(counts_of, gross), 1, levels.county + levels.town)", Opening: "when(is(counts_of, gross), 1, initial(levels.county) + initial(levels.town))", Past: true},
			Label: Text{ZH: "口径占全口径的比例", EN: "part of the gross that may count"}, Example: "counts_of=local levels.county=0.2 levels.town=0.1 -> 0.3", Detail: true},
	)
}

// levelProblems refuses the town's share given twice, and shares that do not add up to the whole.
func (b *builder) levelProblems(e *Element) {
	if some, _ := e.Params["kept_share"].GivenIn(); some {
		b.fail("kept_twice", e.Params["kept_share"].Pos, formula.Textf("%s 写了各级分享 levels，镇级留用就是 levels.town，不能再写 kept_share", "%s gives levels: what the town keeps is levels.town, kept_share cannot be given as well", e.Text()),
			Text{ZH: "删去 kept_share", EN: "drop kept_share"})
	}
	b.require("levels_check", "levels.central + levels.province + levels.prefecture + levels.county + levels.town != 1", Text{ZH: "各级分享之和＝100%", EN: "the levels add up to 100 %"},
		"levels.central=0.5 levels.province=0.2 levels.prefecture=0 levels.county=0.2 levels.town=0.2 -> 1", func(s, year int) Problem {
			sum := decimal.Zero
			for _, l := range levels {
				sum = sum.Add(e.Params["levels."+l.Key].Values[s].At(b.plan.Calendar.Col(year)))
			}
			return Problem{Code: "levels_not_100", Pos: e.Params["levels.town"].At(s), Text: formula.Textf("%s 各级分享合计 %s%%，不是 100%%（情景 %s，%d 年）", "the levels of %s add up to %s %%, not 100 %% (scenario %s, %d)", e.Text(), sum.Shift(2), b.plan.Scenarios[s].ID, year),
				Hint: Text{ZH: "调整 levels，使五级合计为 100%", EN: "make the five levels add up to 100 %"}}
		})
}
