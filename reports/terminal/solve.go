package terminal

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// amount is a figure of a unit as people read it: 37.5%, 342.17. What it counts is said beside it.
func amount(r *reports.Run, d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Ratio {
		return d.Shift(2).String() + "%"
	}
	return d.String()
}

// valueText is the answer to a question as people read it: money to two decimals.
func valueText(r *reports.Run, d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Money {
		return d.StringFixed(2)
	}
	return amount(r, d.Round(6), unit) // a quotient may have 30 decimals
}

// figure is a figure of a range as its two ends were written: an amount, a factor, points, or a part of the way.
func figure(r *reports.Run, d decimal.Decimal, in analysis.Range) string {
	switch in.Means {
	case analysis.Times:
		return "×" + d.String()
	case analysis.Points:
		if d.IsPositive() {
			return "+" + d.Shift(2).String() + "pp"
		}
		return d.Shift(2).String() + "pp"
	case analysis.Way:
		return d.Shift(2).String() + "%"
	}
	return amount(r, d, in.Unit)
}

// lever names what is moved: its address, and what that is called.
func lever(r *reports.Run, l *analysis.Lever) string {
	name := r.T(fmt.Sprintf("%d 项", len(l.Lines)), fmt.Sprintf("%d inputs", len(l.Lines)))
	if len(l.Lines) == 1 {
		name = r.FullLabel(l.Lines[0])
	}
	return formula.Textf("%s（%s）", "%s (%s)", l.Address, name).In(r.Lang)
}

// span is the two ends of a range.
func span(r *reports.Run, in analysis.Range) string {
	return figure(r, in.Low, in) + ".." + figure(r, in.High, in)
}

// counts says what the figures of a range count, if they do not say it themselves.
func counts(r *reports.Run, in analysis.Range) string {
	switch {
	case in.Means == analysis.Way:
		return r.T("（从低端到高端走了多少）", " (of the way from the low end to the high end)")
	case in.Means == analysis.Itself && in.Unit != formula.Ratio && in.Unit != formula.Number:
		return formula.Textf("（%s）", " (%s)", in.Unit.Text()).In(r.Lang)
	}
	return ""
}

// heading names the scenario and says what amounts are.
func heading(r *reports.Run) string {
	return formula.Textf("情景 %s，金额单位万元", "scenario %s, money in 10k yuan", scenario(r, r.Results[0].Scenario)).In(r.Lang) + "\n"
}

// scenario names a scenario: its id and its label.
func scenario(r *reports.Run, s model.Scenario) string {
	return formula.Textf("%s（%s）", "%s (%s)", s.ID, r.ScenarioLabel(s)).In(r.Lang)
}

// Solved says where a condition turns while a lever moves, in the run's only scenario.
func Solved(run *reports.Run, l *analysis.Lever, condition string, s *analysis.Search) string {
	var b strings.Builder
	in, show := s.Range, func(d decimal.Decimal) string { return figure(run, d, s.Range) }
	say := func(zh, en string, args ...any) { b.WriteString(formula.Textf(zh, en, args...).In(run.Lang) + "\n") }
	b.WriteString(heading(run))
	say("变动 %s，%s%s", "varied: %s, %s%s", lever(run, l), span(run, in), counts(run, in))
	say("条件 %s", "condition: %s", condition)
	first, turns := s.Stretches[0], len(s.Stretches)-1
	switch {
	case turns == 0 && first.Holds:
		say("处处成立：%s 到 %s 之间没有转折", "It holds everywhere from %s to %s", show(in.Low), show(in.High))
	case turns == 0:
		say("处处不成立：%s 到 %s 之间没有解", "It holds nowhere from %s to %s: there is no solution", show(in.Low), show(in.High))
	case turns == 1 && first.Holds:
		say("有一个转折：到 %s 为止成立，%s 起不成立", "It turns once: it holds up to %s, and no more from %s on", show(first.To), show(s.Stretches[1].From))
	case turns == 1:
		say("有一个转折：从 %s 起成立，到 %s 还不成立", "It turns once: it holds from %s on, and not yet at %s", show(s.Stretches[1].From), show(first.To))
	default:
		say("有 %d 个转折，不止一个解：", "It turns %d times, so there is more than one solution:", turns)
	}
	if turns > 0 {
		var rows [][]string
		for _, part := range s.Stretches {
			holds := run.T("不成立", "no")
			if part.Holds {
				holds = run.T("成立", "holds")
			}
			rows = append(rows, []string{show(part.From), show(part.To), holds})
		}
		b.WriteString(grid(1, []string{run.T("从", "from"), run.T("到", "to"), run.T("条件", "condition")}, rows) + "\n")
	}
	scanned(run, say, s)
	return b.String()
}

// scanned says how the search was made, and what it can miss.
func scanned(r *reports.Run, say func(zh, en string, args ...any), s *analysis.Search) {
	say("分 %d 段扫描，转折处逐次对分到 %s；一段之内转折两次的看不出来，可用 --scan 加密", "Scanned in %d steps, each turn narrowed down to %s; two turns within one step are not seen, --scan makes steps smaller",
		s.Scanned, figure(r, s.Range.Step, s.Range))
}

// Equivalents says with which lever, moved alone, the run's first scenario becomes worth as much to the town as its second: values are what the two are worth now.
func Equivalents(run *reports.Run, value string, unit formula.Unit, values [2]decimal.Decimal, all []analysis.Equivalent, scan int) string {
	var b strings.Builder
	say := func(zh, en string, args ...any) { b.WriteString(formula.Textf(zh, en, args...).In(run.Lang) + "\n") }
	own, other := run.Results[0].Scenario, run.Results[1].Scenario
	b.WriteString(heading(run))
	say("要与情景 %s 同值：%s", "to be worth as much as scenario %s: %s", scenario(run, other), value)
	say("现在 %s 为 %s，%s 为 %s，相差 %s", "now %s has %s, %s has %s, a difference of %s", own.ID, valueText(run, values[0], unit), other.ID, valueText(run, values[1], unit), valueText(run, values[0].Sub(values[1]), unit))
	var rows [][]string
	for _, e := range all {
		address := e.Lever.Address
		name := run.T("所有补助一起", "all transfers together")
		if e.Element != nil {
			name = run.FullLabel(e.Lever.Lines[0])
		}
		row := []string{name, address, now(run, e), "", "", ""}
		switch {
		case e.Search == nil:
			row[3] = run.T("不影响这个值", "has no part in it")
		case len(e.Turns()) == 0:
			row[3] = run.T("范围内没有：都低于", "none there: always below")
			if e.Search.Stretches[0].Holds {
				row[3] = run.T("范围内没有：都不低于", "none there: never below")
			}
		default:
			var at, then []string
			for i, d := range e.Turns() {
				at, then = append(at, figure(run, d, e.Search.Range)), append(then, valueText(run, e.Values[i], unit))
			}
			row[3], row[4] = strings.Join(at, "; "), strings.Join(then, "; ")
		}
		if e.Search != nil {
			row[5] = span(run, e.Search.Range)
		}
		rows = append(rows, row)
	}
	b.WriteString(grid(2, []string{run.T("只变动这一项", "moved alone"), run.T("地址", "address"), run.T("现在", "now"), run.T("改为", "to"), run.T("此时的值", "value then"), run.T("找的范围", "searched")}, rows) + "\n")
	say("各项分别变动，各年同一个数；定额找到当地一年的全部收入（或现额的两倍）为止，比率找到 100%%", "Each is moved alone, to one number for all years; amounts up to all that is collected in a year (or twice the amount), rates up to 100 %%")
	say("分 %d 段扫描，再对分到 0.000001 万元、0.0001%%", "Scanned in %d steps, then narrowed down to 0.000001 of 10k yuan, 0.0001 %%", scan)
	return b.String()
}

// now is what a lever's inputs are now, or the least and the most of them.
func now(r *reports.Run, e analysis.Equivalent) string {
	unit := r.Book.Lines[e.Lever.Lines[0]].Unit
	if e.Now[0].Equal(e.Now[1]) {
		return amount(r, e.Now[0], unit)
	}
	return amount(r, e.Now[0], unit) + ".." + amount(r, e.Now[1], unit)
}

// Sides is what an agreement is measured by: for the town, then for the county, the value, its unit and the scenario without agreement.
type Sides struct {
	Values    [2]string
	Units     [2]formula.Unit
	Fallbacks [2]model.Scenario
}

// Zone says where on a grid of two levers both sides have more than without agreement, in the run's first scenario.
func Zone(run *reports.Run, sides Sides, levers [2]*analysis.Lever, ranges [2]analysis.Range, a *analysis.Agreement) string {
	var b strings.Builder
	say := func(zh, en string, args ...any) { b.WriteString(formula.Textf(zh, en, args...).In(run.Lang) + "\n") }
	b.WriteString(heading(run))
	for i, side := range []formula.Text{{ZH: "行", EN: "rows"}, {ZH: "列", EN: "columns"}} {
		say("%s %s，%s%s", "%s: %s, %s%s", side, lever(run, levers[i]), span(run, ranges[i]), counts(run, ranges[i]))
	}
	say("镇 %s，谈不成（情景 %s）为 %s", "town: %s, without agreement (scenario %s) %s", sides.Values[0], scenario(run, sides.Fallbacks[0]), valueText(run, a.TownFallback, sides.Units[0]))
	say("县 %s，谈不成（情景 %s）为 %s", "county: %s, without agreement (scenario %s) %s", sides.Values[1], scenario(run, sides.Fallbacks[1]), valueText(run, a.CountyFallback, sides.Units[1]))
	header := []string{""}
	for _, d := range a.Columns {
		header = append(header, figure(run, d, ranges[1]))
	}
	var rows [][]string
	for i, d := range a.Rows {
		row := []string{figure(run, d, ranges[0])}
		for j := range a.Columns {
			town, county := a.Better(i, j)
			row = append(row, betterFor(run, town, county))
		}
		rows = append(rows, row)
	}
	b.WriteString(grid(1, header, rows) + "\n")
	say("双赢：双方都好于谈不成；镇、县：只有这一方好于谈不成；-：双方都不好于谈不成", "both: better for both than no agreement; town, county: for that side only; -: for neither")
	points := len(a.Rows) * len(a.Columns)
	switch n := a.Both(); {
	case n > 0:
		say("%d 格中有 %d 格双赢", "%[2]d of %[1]d points are better for both", points, n)
	case sides.Units[0] == sides.Units[1] && a.ZeroSum():
		say("没有双赢：表中任何一格，双方合计都不多于谈不成时的合计，一方多得的就是另一方少得的。要双赢，收入须随条件而增，或谈不成时双方合计有损失（退路情景的收入更低）",
			"None is better for both: nowhere do the two together have more than without agreement, so what one gains the other loses. For both to gain, revenue must rise with the terms, or something must be lost without agreement (lower revenue in the fallback scenario)")
	default:
		say("没有双赢的格：有的格双方合计多于谈不成时，但没有一格让双方都多；可放宽范围或加密 --grid", "None is better for both: some points have more for the two together, but none shares it so that both gain; widen the ranges or raise --grid")
	}
	return b.String()
}

// betterFor marks a point by the sides for which it is better than no agreement.
func betterFor(r *reports.Run, town, county bool) string {
	switch {
	case town && county:
		return r.T("双赢", "both")
	case town:
		return r.T("镇", "town")
	case county:
		return r.T("县", "county")
	}
	return "-"
}
