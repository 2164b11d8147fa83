package model

import (
	"slices"

	"zhencai/model/formula"
)

// A revenue item: what is collected in the town, what of it counts for the sharing scheme, and what the town keeps.
var revenueItem = Kind{
	Label: Text{ZH: "收入项目", EN: "Revenue item"},
	Fields: []Field{
		{Key: "history", Unit: formula.Money, Series: History, Label: Text{ZH: "历年实绩", EN: "Actuals"}},
		{Key: "growth", Unit: formula.Ratio, Series: Held, Optional: true, Min: "-1", Max: "1000%", Label: Text{ZH: "增长率", EN: "Growth"},
			Doc: Text{ZH: "比上年增长多少；也可写 cagr、mean、trend，由历年实绩推算（层里再写 -2pp，就在推算数上减两个百分点）", EN: "growth over last year; or cagr, mean, trend: derived from the actuals (a layer's -2pp then takes two points off the derived rate)"},
			Options: []Option{
				{Key: "cagr", Label: Text{ZH: "年均复合增长", EN: "compound annual growth"}},
				{Key: "mean", Label: Text{ZH: "历年增长率的平均", EN: "mean of past growth rates"}},
				{Key: "trend", Label: Text{ZH: "对数趋势", EN: "trend of logarithms"}},
			}},
		{Key: "path", Unit: formula.Money, Series: Held, Optional: true, Label: Text{ZH: "逐年给定", EN: "Given year by year"},
			Doc: Text{ZH: "直接给出每年收入，代替增长率", EN: "the amount of every year, instead of a growth rate"}},
		{Key: "step", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "台阶变动", EN: "Permanent step"},
			Doc: Text{ZH: "从当年起长期抬高（或降低）收入水平，如新企业投产", EN: "a lasting change of level from that year on, such as a new firm"}},
		{Key: "one_off", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "一次性收入", EN: "One-off"}},
		{Key: "one_off_counts", Unit: formula.Ratio, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "一次性收入计入口径的比例", EN: "Share of one-offs that counts"}},
		{Key: "extra", Unit: formula.Money, Series: Events, Default: "0", Label: Text{ZH: "试算增收", EN: "Trial increment"},
			Doc: Text{ZH: "试算用：当年多收（或少收）这么多，照常计入口径和留用，不影响以后年度的水平", EN: "for trying out: so much more (or less) in that year, counted and kept like any revenue, without moving later years"}},
		{Key: "counts", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1", Label: Text{ZH: "计入口径的比例", EN: "Share that counts"},
			Doc: Text{ZH: "计入县镇分成口径的部分", EN: "the part that counts for the sharing scheme"}},
		{Key: "levels", Kind: GroupField, Label: Text{ZH: "各级分享", EN: "Levels of government"}, Doc: Text{ZH: "写了就表示历年实绩、增长等都是全口径（毛）数，五级合计 100%", EN: "if given, actuals, growth and the rest are gross; the five levels add up to 100 %"}, Fields: levelFields()},
		{Key: "counts_of", Kind: ChoiceField, Default: "local", Label: Text{ZH: "口径按", EN: "What counts is a share of"}, Options: []Option{
			{Key: "local", Label: Text{ZH: "县乡两级留成", EN: "the county's and the town's part"}},
			{Key: "gross", Label: Text{ZH: "全口径收入", EN: "gross revenue"}},
		}},
		{Key: "response", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1000%", Max: "1000%", Label: Text{ZH: "努力响应", EN: "Effort response"},
			Doc: Text{ZH: "多留一个百分点，增长率高多少个百分点（按上年的边际分成和预期兑现率）", EN: "how many points growth rises for each point the town keeps at the margin (last year's marginal share × the delivery expected)"}},
		{Key: "kept_share", Unit: formula.Ratio, Series: Held, Default: "0", Min: "0", Max: "1", Label: Text{ZH: "镇级留用比例", EN: "Share the town keeps"}},
	},
}

// writeRevenue adds, for all items together, one table per figure: that is how a revenue statement is read.
func (b *builder) writeRevenue() {
	items := b.plan.In("revenue")
	each := func(heading Text, write func(e *Element)) {
		b.heading = heading
		for _, e := range items {
			b.of(e)
			write(e)
		}
	}
	b.section = Text{ZH: "一、财政收入", EN: "1. Revenue"}
	each(Text{ZH: "收入测算参数", EN: "Revenue assumptions"}, b.revenueInputs)
	each(Text{ZH: "收入水平（不含一次性）", EN: "Revenue level (without one-offs)"}, b.revenueLevel)
	each(Text{ZH: "项目收益转入", EN: "Yields of projects"}, func(e *Element) {
		if len(b.groups[yieldsInto(e.ID)]) > 0 {
			b.line(Line{Line: formula.Line{Name: "yields", Unit: formula.Money, Formula: "sum(" + yieldsInto(e.ID) + ".*)"},
				Label: Text{ZH: "项目收益转入", EN: "yields of projects"}, Example: yieldsInto(e.ID) + ".*=60,30 -> 90"})
		}
	})
	each(Text{ZH: "各级分享", EN: "Levels of government"}, func(e *Element) {
		if b.isGross(e) {
			b.levels(e)
		}
	})
	each(Text{ZH: "收入合计", EN: "Revenue collected"}, func(e *Element) {
		l := Line{Line: formula.Line{Name: "amount", Unit: formula.Money, Formula: "base + one_off + extra" + b.yields(e), Opening: "history", Past: true},
			Label: Text{ZH: "收入", EN: "revenue"}, Example: example(b.yields(e) == "", "base=3547.594928 one_off=150 extra=0 -> 3697.594928")}
		if b.isGross(e) {
			l.Formula, l.Opening, l.Rule, l.Label, l.Example = "gross - to_higher_levels", "gross - to_higher_levels", "revenue.amount_local", Text{ZH: "收入（县乡两级）", EN: "revenue (county and town)"}, "gross=1000 to_higher_levels=700 -> 300"
		}
		b.line(l)
	})
	b.totals(Line{Line: formula.Line{Name: "amount", Unit: formula.Money, Formula: "sum(revenue.*.amount)", Opening: "sum(revenue.*.amount)", Past: true},
		Label: Text{ZH: "财政收入合计", EN: "Total revenue"}, Example: "revenue.*.amount=3697.594928,361.056097 -> 4058.651025"})
	each(Text{ZH: "计入分成口径的收入", EN: "Revenue that counts for the scheme"}, func(e *Element) {
		part, past, worked, rule := "counts", "initial(counts)", "base=1000 extra=0 one_off=150 one_off_counts=0.5 counts=0.8 -> 860", ""
		if b.isGross(e) {
			part, past, worked, rule = "counts * counts_share", "initial(counts) * counts_share", "base=1000 extra=0 one_off=150 one_off_counts=0.5 counts=0.8 counts_share=0.5 -> 430", "revenue.counted_of_levels"
		}
		b.line(Line{Line: formula.Line{Name: "counted", Unit: formula.Money, Formula: "round((base + extra" + b.yields(e) + " + one_off * one_off_counts) * " + part + ")",
			Opening: "round(history * " + past + ")", Past: true}, Rule: rule,
			Label: Text{ZH: "计入口径", EN: "counted"}, Example: example(b.yields(e) == "", worked)})
	})
	b.totals(Line{Line: formula.Line{Name: "counted", Unit: formula.Money, Formula: "sum(revenue.*.counted)", Opening: "sum(revenue.*.counted)", Past: true},
		Label: Text{ZH: "口径收入合计", EN: "Total counted"}, Example: "revenue.*.counted=3547.594928,361.056097 -> 3908.651025"})
	each(Text{ZH: "镇级留用收入", EN: "Revenue the town keeps"}, func(e *Element) {
		l := Line{Line: formula.Line{Name: "kept", Unit: formula.Money, Formula: "round(amount * kept_share)"},
			Label: Text{ZH: "镇级留用", EN: "kept"}, Example: "amount=361.056097 kept_share=0.6 -> 216.633658"}
		if b.isGross(e) {
			l.Formula, l.Rule, l.Example = "round(gross * levels.town)", "revenue.kept_of_levels", "gross=1000 levels.town=0.1 -> 100"
		}
		b.line(l)
	})
	b.totals(Line{Line: formula.Line{Name: "kept", Unit: formula.Money, Formula: "sum(revenue.*.kept)"},
		Label: Text{ZH: "镇级留用合计", EN: "Total kept by the town"}, Example: "revenue.*.kept=0,216.633658 -> 216.633658"})
	b.flow(Flow{Line: "kept", Name: Text{ZH: "镇级留用收入", EN: "Revenue the town keeps"}})
}

// revenueLevel adds what an item brings in a usual year.
func (b *builder) revenueLevel(e *Element) {
	base := "round(prev(base) * (1 + growth)) + step"
	example := "prev(base)=3331.07505 growth=0.065 step=85.5 -> 3633.094928"
	if b.responds(e) {
		base = "round(prev(base) * (1 + growth + response * prev(retained))) + step"
		example = "prev(base)=1000 growth=0.05 response=0.1 prev(retained)=0.4 step=10 -> 1100"
	}
	if pathed, all := e.Params["path"].GivenIn(); all {
		base, example = "path", ""
	} else if pathed {
		base, example = "when(is(method, path), path, "+base+")", ""
	}
	b.line(Line{Line: formula.Line{Name: "base", Unit: formula.Money, Formula: base, Opening: "history", Past: true},
		Label: Text{ZH: "收入水平", EN: "level"}, Level: true, Example: example, Detail: true})
}

// yieldsInto is the group of project yields paid into a revenue item.
func yieldsInto(item string) string { return "yields_into." + item }

func (b *builder) yields(e *Element) string {
	if len(b.groups[yieldsInto(e.ID)]) == 0 {
		return ""
	}
	return " + yields"
}

func (b *builder) revenueInputs(e *Element) {
	b.input("history")
	growth, path := e.Params["growth"], e.Params["path"]
	grows, always := growth.GivenIn()
	pathed, allPathed := path.GivenIn()
	switch {
	case !grows && !pathed:
		b.fail("revenue_without_growth", e.Pos, formula.Textf("收入项目 %q 既没有增长率 growth，也没有逐年数 path", "revenue item %q has neither growth nor path", e.ID),
			Text{ZH: "补上 growth: 6%，或 path: {2022: …}", EN: "add growth: 6%, or path: {2022: …}"})
		return
	case pathed && !allPathed:
		if !always {
			b.fail("revenue_without_growth", e.Pos, formula.Textf("收入项目 %q 在有的情景里没有增长率 growth", "revenue item %q has no growth in some scenario", e.ID),
				Text{ZH: "在计划文件里给出 growth", EN: "give growth in the plan"})
			return
		}
		b.given(Line{Line: formula.Line{Name: "method", Unit: formula.Choice, Input: formula.Scalar, Options: []string{"growth", "path"}},
			Label: Text{ZH: "测算方法", EN: "Method"}, Detail: true}, path.choices("growth", "path"))
		b.input("path")
	case pathed:
		b.input("path")
	}
	if !allPathed {
		if method := e.Params["growth_method"]; method.Any(func(in formula.Input) bool { return in.Option != "given" }) {
			b.derivedGrowth(method)
		} else {
			b.input("growth")
		}
		b.input("step")
	}
	b.input("one_off", "one_off_counts", "extra", "counts")
	if b.isGross(e) {
		b.input("levels.central", "levels.province", "levels.prefecture", "levels.county", "levels.town", "counts_of")
		b.levelProblems(e)
	} else {
		b.input("kept_share")
	}
	if b.responds(e) {
		b.input("response")
	}
}

// historyNotPositive is the problem of a growth rate that no logarithm and no quotient gives.
func (b *builder) historyNotPositive(method *Param) func(scenario, year int) Problem {
	cal, history := b.plan.Calendar, b.element.Params["history"]
	return func(s, _ int) Problem {
		col := 0
		for history.Values[s].At(col).IsPositive() && col < cal.Zero() {
			col++
		}
		return Problem{Code: "history_not_positive", Pos: method.At(s), Text: formula.Textf("%d 年实绩不大于 0，不能推算增长率", "the actual of %d is not above 0; no growth can be derived", cal.First+col), Hint: Text{ZH: "直接写增长率", EN: "give the growth rate"}}
	}
}

// derivedGrowth adds the growth rates that history gives by the methods in use, their standard error, and the rate used. A layer that
// takes two points off a derived rate finds them in growth_given, which is then what is added to the derived rate.
func (b *builder) derivedGrowth(method *Param) {
	b.inputAs("growth", "growth_given")
	b.input("growth_method")
	used := func(m string) bool { return method.Any(func(in formula.Input) bool { return in.Option == m }) }
	offered := b.lines[len(b.lines)-1] // what no scenario uses has no lines here, so it cannot be chosen
	offered.Options = slices.DeleteFunc(offered.Options, func(m string) bool { return m != "given" && !used(m) })
	add := func(unit formula.Unit, name, f string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: unit, Formula: f}, Label: label, Example: example, Detail: true})
	}
	ratio := func(name, f string, label Text, example string) { add(formula.Ratio, name, f, label, example) }
	number := func(name, f string, label Text, example string) { add(formula.Number, name, f, label, example) }
	past := func(unit formula.Unit, name, f string, label Text, example string) {
		b.line(Line{Line: formula.Line{Name: name, Unit: unit, Opening: f, Past: true}, Label: label, Example: example, Detail: true})
	}
	past(formula.Number, "not_positive", "when(history > 0, 0, 1)", Text{ZH: "实绩不大于 0", EN: "the actual is not above 0"}, "history=-5 -> 1")
	b.require("growth_check", "not is(growth_method, given) and sum_years(not_positive, first_year, last_actual_year) > 0", Text{ZH: "推算增长率的实绩都大于 0", EN: "actuals that growth is derived from are above 0"},
		example(used("cagr"), "growth_method=cagr first_year=2019 not_positive[2019]=0 not_positive[2020]=1 not_positive[2021]=0 -> 1"), b.historyNotPositive(method))
	derived := "0"
	if used("mean") || used("cagr") {
		past(formula.Ratio, "growth_actual", "history / prev(history) - 1", Text{ZH: "实际增长率", EN: "actual growth"}, "history=110 prev(history)=100 -> 0.1")
		past(formula.Number, "growth_square", "growth_actual * growth_actual", Text{ZH: "实际增长率平方", EN: "actual growth squared"}, "growth_actual=0.1 -> 0.01")
		ratio("growth_mean", "sum_years(growth_actual, first_year + 1, last_actual_year) / (last_actual_year - first_year)", Text{ZH: "历年增长率的平均", EN: "mean growth"},
			"first_year=2019 growth_actual[2020]=0.1 growth_actual[2021]=0.04 -> 0.07")
		number("growth_spread", "sum_years(growth_square, first_year + 1, last_actual_year) - growth_mean * growth_mean * (last_actual_year - first_year)",
			Text{ZH: "增长率离差平方和", EN: "squared deviations of growth"}, "first_year=2019 growth_square[2020]=0.01 growth_square[2021]=0.0016 growth_mean=0.07 -> 0.0018")
		ratio("growth_error", "sqrt(max(growth_spread, 0) / (last_actual_year - first_year - 1) / (last_actual_year - first_year))",
			Text{ZH: "平均增长率的标准误", EN: "standard error of mean growth"}, "first_year=2019 growth_spread=0.0018 -> 0.03")
	}
	if used("trend") {
		past(formula.Number, "log_level", "ln(history / sum_years(history, first_year, first_year))", Text{ZH: "收入对数（首年为 0）", EN: "log of revenue (first year 0)"}, "first_year=2019 history=100 history[2019]=100 -> 0")
		past(formula.Number, "log_square", "log_level * log_level", Text{ZH: "收入对数平方", EN: "log of revenue squared"}, "log_level=0.1 -> 0.01")
		past(formula.Number, "trend_weight", "(year - first_year) - (last_actual_year - year)", Text{ZH: "距中点（半年）", EN: "distance from the middle (half-years)"}, "first_year=2019 year=2021 -> 2")
		past(formula.Number, "trend_product", "trend_weight * log_level", Text{ZH: "距中点×对数", EN: "distance × log"}, "trend_weight=2 log_level=0.1 -> 0.2")
		past(formula.Number, "trend_square", "trend_weight * trend_weight", Text{ZH: "距中点平方", EN: "distance squared"}, "trend_weight=2 -> 4")
		number("trend_slope", "sum_years(trend_product, first_year, last_actual_year) / sum_years(trend_square, first_year, last_actual_year)",
			Text{ZH: "对数趋势（每半年）", EN: "log trend (per half-year)"}, "first_year=2019 trend_product[2019]=0 trend_product[2020]=0 trend_product[2021]=0.4 trend_square[2019]=4 trend_square[2020]=0 trend_square[2021]=4 -> 0.05")
		ratio("growth_trend", "exp(trend_slope + trend_slope) - 1", Text{ZH: "趋势增长率", EN: "trend growth"}, "trend_slope=0 -> 0")
		number("log_mean", "sum_years(log_level, first_year, last_actual_year) / (last_actual_year - first_year + 1)", Text{ZH: "收入对数平均", EN: "mean of logs"},
			"first_year=2019 log_level[2019]=0 log_level[2020]=0.1 log_level[2021]=0.2 -> 0.1")
		number("log_spread", "sum_years(log_square, first_year, last_actual_year) - log_mean * log_mean * (last_actual_year - first_year + 1)", Text{ZH: "收入对数离差平方和", EN: "squared deviations of logs"},
			"first_year=2019 log_square[2019]=0 log_square[2020]=0.01 log_square[2021]=0.04 log_mean=0.1 -> 0.02")
		number("trend_residual", "log_spread - trend_slope * trend_slope * sum_years(trend_square, first_year, last_actual_year)", Text{ZH: "趋势残差平方和", EN: "squared residuals of the trend"},
			"first_year=2019 log_spread=0.0208 trend_slope=0.05 trend_square[2019]=4 trend_square[2020]=0 trend_square[2021]=4 -> 0.0008")
		number("trend_slope_error", "sqrt(max(trend_residual, 0) / (last_actual_year - first_year - 1) / sum_years(trend_square, first_year, last_actual_year))",
			Text{ZH: "趋势的标准误（每半年）", EN: "standard error of the trend (per half-year)"}, "first_year=2019 trend_residual=0.0008 trend_square[2019]=4 trend_square[2020]=0 trend_square[2021]=4 -> 0.01")
		ratio("trend_error", "trend_slope_error + trend_slope_error", Text{ZH: "趋势增长率的标准误", EN: "standard error of trend growth"}, "trend_slope_error=0.01 -> 0.02")
		derived = "when(is(growth_method, trend), growth_trend, " + derived + ")"
	}
	if used("mean") {
		derived = "when(is(growth_method, mean), growth_mean, " + derived + ")"
	}
	if used("cagr") {
		number("history_ratio", "sum_years(history, last_actual_year, last_actual_year) / sum_years(history, first_year, first_year)",
			Text{ZH: "末年为首年的倍数", EN: "last actual year over the first"}, "first_year=2020 history[2020]=100 history[2021]=110 -> 1.1")
		ratio("growth_cagr", "root(history_ratio, last_actual_year - first_year) - 1", Text{ZH: "年均复合增长率", EN: "compound annual growth"}, "first_year=2020 history_ratio=1.1 -> 0.1")
		derived = "when(is(growth_method, cagr), growth_cagr, " + derived + ")"
	}
	ratio("growth", "growth_given + "+derived, Text{ZH: "采用的增长率", EN: "growth used"}, example(used("cagr") && !used("mean") && !used("trend"), "growth_method=cagr growth_cagr=0.05 growth_given=-0.02 -> 0.03"))
}
