package reports

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// inRange writes a figure of a range as its two ends were written: an amount, a factor, points, or a part of the way.
func (r *Run) inRange(d decimal.Decimal, in analysis.Range) string {
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
	return InFull(d, in.Unit)
}

// lever names what is moved: its address, and what that is called.
func (r *Run) lever(l *analysis.Lever) string {
	name := r.T(fmt.Sprintf("%d 项", len(l.Lines)), fmt.Sprintf("%d inputs", len(l.Lines)))
	if len(l.Lines) == 1 {
		name = r.FullLabel(l.Lines[0])
	}
	return formula.Textf("%s（%s）", "%s (%s)", l.Address, name).In(r.Lang)
}

// span is the two ends of a range.
func (r *Run) span(in analysis.Range) string {
	return r.inRange(in.Low, in) + ".." + r.inRange(in.High, in)
}

// counts says what the figures of a range count, if they do not say it themselves.
func (r *Run) counts(in analysis.Range) string {
	switch {
	case in.Means == analysis.Way:
		return r.T("（从低端到高端走了多少）", " (of the way from the low end to the high end)")
	case in.Means == analysis.Itself && in.Unit != formula.Ratio && in.Unit != formula.Number:
		return formula.Textf("（%s）", " (%s)", in.Unit.Text()).In(r.Lang)
	}
	return ""
}

// heading names the scenario and says what amounts are.
func (r *Run) heading() string {
	return formula.Textf("情景 %s，金额单位万元", "scenario %s, money in 10k yuan", r.named(r.Results[0].Scenario)).In(r.Lang)
}

// named is a scenario: its id and its label.
func (r *Run) named(s model.Scenario) string {
	return formula.Textf("%s（%s）", "%s (%s)", s.ID, r.ScenarioLabel(s)).In(r.Lang)
}

// said are lines of words in the run's language.
type said struct {
	lang  formula.Lang
	lines []string
}

func (s *said) add(zh, en string, args ...any) {
	s.lines = append(s.lines, formula.Textf(zh, en, args...).In(s.lang))
}

func (s *said) text() string { return strings.Join(s.lines, "\n") }

// Solved says where a condition turns while a lever moves, in the run's only scenario.
func (r *Run) Solved(l *analysis.Lever, condition string, s *analysis.Search) Table {
	in, show := s.Range, func(d decimal.Decimal) string { return r.inRange(d, s.Range) }
	above := &said{r.Lang, []string{r.heading()}}
	above.add("变动 %s，%s%s", "varied: %s, %s%s", r.lever(l), r.span(in), r.counts(in))
	above.add("条件 %s", "condition: %s", condition)
	first, turns := s.Stretches[0], len(s.Stretches)-1
	switch {
	case turns == 0 && first.Holds:
		above.add("处处成立：%s 到 %s 之间没有转折", "It holds everywhere from %s to %s", show(in.Low), show(in.High))
	case turns == 0:
		above.add("处处不成立：%s 到 %s 之间没有解", "It holds nowhere from %s to %s: there is no solution", show(in.Low), show(in.High))
	case turns == 1 && first.Holds:
		above.add("有一个转折：到 %s 为止成立，%s 起不成立", "It turns once: it holds up to %s, and no more from %s on", show(first.To), show(s.Stretches[1].From))
	case turns == 1:
		above.add("有一个转折：从 %s 起成立，到 %s 还不成立", "It turns once: it holds from %s on, and not yet at %s", show(s.Stretches[1].From), show(first.To))
	default:
		above.add("有 %d 个转折，不止一个解：", "It turns %d times, so there is more than one solution:", turns)
	}
	t := Table{Caption: above.text(), Result: -1, Head: []string{r.T("从", "from"), r.T("到", "to"), r.T("条件", "condition")}}
	for _, part := range s.Stretches {
		holds := r.T("不成立", "no")
		if part.Holds {
			holds = r.T("成立", "holds")
		}
		if turns > 0 {
			t.Rows = append(t.Rows, Row{Name: show(part.From), Cells: texts(show(part.To), holds)})
		}
	}
	below := &said{lang: r.Lang}
	below.add("分 %d 段扫描，转折处逐次对分到 %s；一段之内转折两次的看不出来，可用 --scan 加密", "Scanned in %d steps, each turn narrowed down to %s; two turns within one step are not seen, --scan makes steps smaller",
		s.Scanned, show(in.Step))
	t.Notes = below.lines
	return t
}

// Equivalents says with which lever, moved alone, the run's first scenario becomes worth as much to the town as its second: values are what the two are worth now.
func (r *Run) Equivalents(value string, unit formula.Unit, values [2]decimal.Decimal, all []analysis.Equivalent, scan int) Table {
	own, other := r.Results[0].Scenario, r.Results[1].Scenario
	above := &said{r.Lang, []string{r.heading()}}
	above.add("要与情景 %s 同值：%s", "to be worth as much as scenario %s: %s", r.named(other), value)
	above.add("现在 %s 为 %s，%s 为 %s，相差 %s", "now %s has %s, %s has %s, a difference of %s", own.ID, Answer(values[0], unit), other.ID, Answer(values[1], unit), Answer(values[0].Sub(values[1]), unit))
	t := Table{Caption: above.text(), Result: -1, Texts: 1, Head: []string{r.T("只变动这一项", "moved alone"), r.T("地址", "address"), r.T("现在", "now"), r.T("改为", "to"), r.T("此时的值", "value then"), r.T("找的范围", "searched")}}
	for _, e := range all {
		name, to, then, searched := r.T("所有补助一起", "all transfers together"), "", "", ""
		if e.Element != nil {
			name = r.FullLabel(e.Lever.Lines[0])
		}
		switch {
		case e.Search == nil:
			to = r.T("不影响这个值", "has no part in it")
		case len(e.Turns()) > 0:
			var at, values []string
			for i, d := range e.Turns() {
				at, values = append(at, r.inRange(d, e.Search.Range)), append(values, Answer(e.Values[i], unit))
			}
			to, then = strings.Join(at, "; "), strings.Join(values, "; ")
		case e.Search.Stretches[0].Holds:
			to = r.T("范围内没有：都不低于", "none there: never below")
		default:
			to = r.T("范围内没有：都低于", "none there: always below")
		}
		if e.Search != nil {
			searched = r.span(e.Search.Range)
		}
		t.Rows = append(t.Rows, Row{ID: e.Lever.Address, Name: name, Cells: texts(e.Lever.Address, r.now(e), to, then, searched)})
	}
	below := &said{lang: r.Lang}
	below.add("各项分别变动，各年同一个数；定额找到当地一年的全部收入（或现额的两倍）为止，比率找到 100%%", "Each is moved alone, to one number for all years; amounts up to all that is collected in a year (or twice the amount), rates up to 100 %%")
	below.add("分 %d 段扫描，再对分到 0.000001 万元、0.0001%%", "Scanned in %d steps, then narrowed down to 0.000001 of 10k yuan, 0.0001 %%", scan)
	t.Notes = below.lines
	return t
}

// now is what a lever's inputs are now, or the least and the most of them.
func (r *Run) now(e analysis.Equivalent) string {
	unit := r.Book.Lines[e.Lever.Lines[0]].Unit
	if e.Now[0].Equal(e.Now[1]) {
		return InFull(e.Now[0], unit)
	}
	return InFull(e.Now[0], unit) + ".." + InFull(e.Now[1], unit)
}

// Sides is what an agreement is measured by: for the town, then for the county, the value, its unit and the scenario without agreement.
type Sides struct {
	Values    [2]string
	Units     [2]formula.Unit
	Fallbacks [2]model.Scenario
}

// Zone says where on a grid of two levers both sides have more than without agreement, in the run's first scenario.
func (r *Run) Zone(sides Sides, levers [2]*analysis.Lever, ranges [2]analysis.Range, a *analysis.Agreement) Table {
	above := &said{r.Lang, []string{r.heading()}}
	for i, side := range []formula.Text{{ZH: "行", EN: "rows"}, {ZH: "列", EN: "columns"}} {
		above.add("%s %s，%s%s", "%s: %s, %s%s", side, r.lever(levers[i]), r.span(ranges[i]), r.counts(ranges[i]))
	}
	above.add("镇 %s，谈不成（情景 %s）为 %s", "town: %s, without agreement (scenario %s) %s", sides.Values[0], r.named(sides.Fallbacks[0]), Answer(a.TownFallback, sides.Units[0]))
	above.add("县 %s，谈不成（情景 %s）为 %s", "county: %s, without agreement (scenario %s) %s", sides.Values[1], r.named(sides.Fallbacks[1]), Answer(a.CountyFallback, sides.Units[1]))
	t := Table{Caption: above.text(), Result: -1, Head: []string{""}}
	for _, d := range a.Columns {
		t.Head = append(t.Head, r.inRange(d, ranges[1]))
	}
	for i, d := range a.Rows {
		row := Row{Name: r.inRange(d, ranges[0])}
		for j := range a.Columns {
			row.Cells = append(row.Cells, texts(r.betterFor(a.Better(i, j)))...)
		}
		t.Rows = append(t.Rows, row)
	}
	below := &said{lang: r.Lang}
	below.add("双赢：双方都好于谈不成；镇、县：只有这一方好于谈不成；-：双方都不好于谈不成", "both: better for both than no agreement; town, county: for that side only; -: for neither")
	switch n := a.Both(); {
	case n > 0:
		below.add("%d 格中有 %d 格双赢", "%[2]d of %[1]d points are better for both", len(a.Rows)*len(a.Columns), n)
	case sides.Units[0] == sides.Units[1] && a.ZeroSum():
		below.add("没有双赢：表中任何一格，双方合计都不多于谈不成时的合计，一方多得的就是另一方少得的。要双赢，收入须随条件而增，或谈不成时双方合计有损失（退路情景的收入更低）",
			"None is better for both: nowhere do the two together have more than without agreement, so what one gains the other loses. For both to gain, revenue must rise with the terms, or something must be lost without agreement (lower revenue in the fallback scenario)")
	default:
		below.add("没有双赢的格：有的格双方合计多于谈不成时，但没有一格让双方都多；可放宽范围或加密 --grid", "None is better for both: some points have more for the two together, but none shares it so that both gain; widen the ranges or raise --grid")
	}
	t.Notes = below.lines
	return t
}

// betterFor marks a point by the sides for which it is better than no agreement.
func (r *Run) betterFor(town, county bool) string {
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
