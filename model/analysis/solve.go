package analysis

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// mover answers questions again and again while levers move, computing only what they reach.
type mover struct {
	q        *Inquiry
	levers   []*Lever
	inputs   []formula.Input
	complete *formula.Values
	again    *formula.Rerun
}

func (q *Inquiry) mover(scenario int, levers ...*Lever) (*mover, []model.Problem) {
	m := &mover{q: q, levers: levers, inputs: q.inputs(scenario)}
	var moved, wanted []int
	for _, l := range levers {
		moved = append(moved, l.Lines...)
		for _, i := range l.touches(q.book, scenario) {
			if l.low >= 0 {
				m.inputs[i] = q.book.Input(l.low, i)
			}
		}
		for k, i := range l.Lines {
			m.inputs[i] = l.ends[0][k]
		}
	}
	for i := range q.questions {
		wanted = append(wanted, q.line(i))
	}
	var errs []*formula.Error
	m.complete, errs = q.program.Evaluate(m.inputs)
	if problems := q.problems(errs, true); len(problems) > 0 {
		return nil, problems
	}
	m.again = q.program.Rerun(moved, wanted)
	return m, nil
}

// at answers the questions with each lever at a figure of its range.
func (m *mover) at(ranges []Range, figures ...decimal.Decimal) ([]decimal.Decimal, []model.Problem) {
	inputs := slices.Clone(m.inputs)
	for i, l := range m.levers {
		way, whole := figures[i].Sub(ranges[i].Low), ranges[i].High.Sub(ranges[i].Low)
		for k, line := range l.Lines {
			inputs[line] = between(l.ends[0][k], l.ends[1][k], way, whole, m.q.program.Lines[line].Unit)
		}
	}
	answers, problems := m.q.answers(m.again.Evaluate(m.complete, inputs))
	for i := range problems {
		for k, l := range m.levers {
			problems[i].Text = formula.Textf("%s 取 %s 时，%s", "with %s at %s: %s", l.Address, figures[k], problems[i].Text)
		}
	}
	return answers, problems
}

// between is a value that has gone way of the whole way from one to another; an amount stays in whole fen, as it does where a plan writes it.
func between(from, to formula.Input, way, whole decimal.Decimal, unit formula.Unit) formula.Input {
	places := int32(30)
	if unit == formula.Money {
		places = 6
	}
	gone := func(a, b decimal.Decimal) decimal.Decimal { return a.Add(b.Sub(a).Mul(way).DivRound(whole, places)) }
	if from.ByYear == nil && to.ByYear == nil {
		return formula.Input{Same: gone(from.Same, to.Same)}
	}
	years := make([]decimal.Decimal, max(len(from.ByYear), len(to.ByYear)))
	for col := range years {
		years[col] = gone(from.At(col), to.At(col))
	}
	return formula.Input{ByYear: years}
}

// unread reports a lever that reaches the answer to no question.
func (q *Inquiry) unread(l *Lever) []model.Problem {
	for i := range q.questions {
		if q.program.Rerun(l.Lines, []int{q.line(i)}).Moves(q.line(i)) {
			return nil
		}
	}
	var asked []string
	for _, question := range q.questions {
		asked = append(asked, question.From+" "+question.Text)
	}
	return []model.Problem{{Pos: l.Params[0].Pos, Text: formula.Textf("没有公式从 %s 算到 %s，变动它不会有结果", "no formula leads from %s to %s: varying it changes nothing", l.Address, strings.Join(asked, " / ")),
		Hint: model.Text{ZH: "换一个参数，或换一个受它影响的条件；zhencai explain 可看一个数是由什么算出来的", EN: "vary another parameter, or ask about a line it has part in; zhencai explain shows what a number is made of"}}}
}

// Stretch is a part of a range in which a condition holds throughout, or nowhere, as far as the scan saw.
type Stretch struct {
	From, To decimal.Decimal
	Holds    bool
}

// Search is where a condition turns while a lever moves through a range: neighbouring stretches lie one step apart.
type Search struct {
	Range     Range
	Stretches []Stretch
	Scanned   int // parts into which the range was cut; a condition that turns twice within one is not seen
}

// Solve finds where the condition, which is the inquiry's only question, turns in a scenario while a lever moves through a range: it looks at the ends
// of scan parts of the range, and halves each part in which the answer changes until the step is reached.
func (q *Inquiry) Solve(scenario int, l *Lever, r Range, scan int) (*Search, []model.Problem) {
	if problems := q.unread(l); len(problems) > 0 {
		return nil, problems
	}
	m, problems := q.mover(scenario, l)
	if len(problems) > 0 {
		return nil, problems
	}
	return m.search(r, scan, func(answer decimal.Decimal) bool { return !answer.IsZero() })
}

// search finds where a test of the first answer turns while the only lever moves.
func (m *mover) search(r Range, scan int, test func(answer decimal.Decimal) bool) (*Search, []model.Problem) {
	var problems []model.Problem
	holds := func(step int64) bool {
		answers, failed := m.at([]Range{r}, r.figure(step))
		if len(failed) > 0 {
			problems = failed
			return false
		}
		return test(answers[0])
	}
	places := r.spread(scan)
	s := &Search{Range: r, Scanned: len(places) - 1}
	now := Stretch{From: r.Low, Holds: holds(0)}
	for i := 1; i < len(places) && len(problems) == 0; i++ {
		if holds(places[i]) == now.Holds {
			continue
		}
		before, after := places[i-1], places[i]
		for after-before > 1 {
			if half := before + (after-before)/2; holds(half) == now.Holds {
				before = half
			} else {
				after = half
			}
		}
		now.To = r.figure(before)
		s.Stretches = append(s.Stretches, now)
		now = Stretch{From: r.figure(after), Holds: !now.Holds}
	}
	now.To = r.High
	s.Stretches = append(s.Stretches, now)
	return s, problems
}

// Equivalent is one lever with which a scenario becomes worth as much as another.
type Equivalent struct {
	Lever   *Lever
	Element *model.Element     // the clause; nil if the lever is all clauses together
	Now     [2]decimal.Decimal // the least and the most it is now, over the clauses and the years
	Search  *Search            // for the value being at least the other's; nil if nothing it moves reaches the value
	Values  []decimal.Decimal  // the value at each of Turns
}

// Turns are the figures at which the value comes to be at least the other's, each on that side.
func (e *Equivalent) Turns() (figures []decimal.Decimal) {
	for i, s := range e.Search.Stretches {
		if i > 0 {
			if s.Holds {
				figures = append(figures, s.From)
			} else {
				figures = append(figures, e.Search.Stretches[i-1].To)
			}
		}
	}
	return figures
}

// Equivalents looks, for one lever after another, where the value (the inquiry's only question) of a scenario becomes at least what is aimed at: the amount of
// each fixed subsidy, up to all that is collected in a year or to twice the subsidy; the delivery rate of all clauses and of each; the first rate of each clause on revenue above a base.
func (q *Inquiry) Equivalents(scenario int, aim decimal.Decimal, scan int) (all []Equivalent, problems []model.Problem) {
	levers, problems := q.levers(scenario)
	if len(problems) > 0 {
		return nil, problems
	}
	if len(levers) == 0 {
		return nil, []model.Problem{{Text: model.Text{ZH: "计划里没有县对镇的补助，没有可变动的", EN: "the plan has no transfers to the town that could be moved"}, Hint: model.Text{ZH: "在计划的 transfers 里写上补助", EN: "declare them under transfers"}}}
	}
	for _, e := range levers {
		if len(q.unread(e.Lever)) == 0 {
			m, failed := q.mover(scenario, e.Lever)
			if len(failed) > 0 {
				return nil, failed
			}
			r, _ := RangeOf(q.book, e.Lever)
			reached := func(value decimal.Decimal) bool { return formula.Compare(value, aim, q.Unit(0)) >= 0 }
			if e.Search, failed = m.search(r, scan, reached); len(failed) > 0 {
				return nil, failed
			}
			for _, figure := range e.Turns() {
				answers, failed := m.at([]Range{r}, figure)
				if len(failed) > 0 {
					return nil, failed
				}
				e.Values = append(e.Values, answers[0])
			}
		}
		all = append(all, e)
	}
	return all, nil
}

// levers are what Equivalents moves in a scenario.
func (q *Inquiry) levers(scenario int) (all []Equivalent, problems []model.Problem) {
	b := q.book
	v, errs := q.program.Evaluate(q.inputs(scenario))
	if problems := q.problems(errs, true); len(problems) > 0 {
		return nil, problems
	}
	_, collected := extremes(b, v, b.Program.Index("amount"))
	rates := Range{Unit: formula.Ratio, High: decimal.NewFromInt(1), Step: finest}
	add := func(e *model.Element, address string, r Range, lines ...int) {
		one := Equivalent{Lever: over(b, address, r, lines...), Element: e}
		one.Now[0], one.Now[1] = extremes(b, v, lines...)
		all = append(all, one)
	}
	var delivered []int
	for _, e := range b.Plan.In("transfers") {
		if i := b.Program.Index(e.Address() + ".delivered"); i >= 0 {
			delivered = append(delivered, i)
		}
		if i := b.Program.Index(e.Address() + ".amount"); e.Kind == "fixed" {
			_, most := extremes(b, v, i)
			add(e, b.Lines[i].Name, Range{Unit: formula.Money, High: decimal.Max(collected, most.Add(most), decimal.NewFromInt(1)), Step: finest}, i)
		}
	}
	if len(delivered) > 1 {
		add(nil, "transfers.*.delivered", rates, delivered...)
	}
	for _, i := range delivered {
		add(b.Lines[i].Element, b.Lines[i].Name, rates, i)
	}
	for _, e := range b.Plan.In("transfers") {
		if i := max(b.Program.Index(e.Address()+".rate"), b.Program.Index(e.Address()+".bands.1.rate")); e.Kind == "above_base" {
			add(e, b.Lines[i].Name, rates, i)
		}
	}
	return all, nil
}

// extremes are the least and the most of some lines in the plan years.
func extremes(b *model.Book, v *formula.Values, lines ...int) (least, most decimal.Decimal) {
	cal := b.Plan.Calendar
	for _, i := range lines {
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			d, _, _ := v.At(i, col)
			if i == lines[0] && col == cal.Zero()+1 {
				least, most = d, d
			}
			least, most = decimal.Min(least, d), decimal.Max(most, d)
		}
	}
	return least, most
}

// Agreement is what both sides have over a grid of two levers, beside what each has without agreement.
type Agreement struct {
	Rows, Columns                []decimal.Decimal   // figures of the first and the second lever
	Town, County                 [][]decimal.Decimal // by row and column
	TownFallback, CountyFallback decimal.Decimal
	units                        [2]formula.Unit // of the town's values and the county's
}

// Agree computes the two values of the inquiry (the town's, then the county's) of a scenario over a grid of two levers, cut into the given number of
// figures, and in the fallback scenarios of both sides.
func (q *Inquiry) Agree(scenario int, fallbacks [2]int, levers [2]*Lever, ranges [2]Range, grid int) (*Agreement, []model.Problem) {
	for _, l := range levers {
		if problems := q.unread(l); len(problems) > 0 {
			return nil, problems
		}
	}
	second := levers[1].touches(q.book, scenario)
	for _, i := range levers[0].touches(q.book, scenario) {
		if slices.Contains(second, i) {
			return nil, []model.Problem{{Text: formula.Textf("%s 和 %s 变动同一个参数 %s", "%s and %s vary the same parameter %s", levers[0].Address, levers[1].Address, q.book.Lines[i].Name),
				Hint: model.Text{ZH: "两个 --zone 要变动不同的参数", EN: "the two --zone must vary different parameters"}}}
		}
	}
	a := &Agreement{units: [2]formula.Unit{q.Unit(0), q.Unit(1)}}
	for side, into := range []*decimal.Decimal{&a.TownFallback, &a.CountyFallback} {
		answers, problems := q.Answers(fallbacks[side])
		if len(problems) > 0 {
			return nil, problems
		}
		*into = answers[side]
	}
	m, problems := q.mover(scenario, levers[:]...)
	if len(problems) > 0 {
		return nil, problems
	}
	for i, into := range []*[]decimal.Decimal{&a.Rows, &a.Columns} {
		for _, step := range ranges[i].spread(grid - 1) {
			*into = append(*into, ranges[i].figure(step))
		}
	}
	for _, row := range a.Rows {
		var town, county []decimal.Decimal
		for _, column := range a.Columns {
			answers, problems := m.at(ranges[:], row, column)
			if len(problems) > 0 {
				return nil, problems
			}
			town, county = append(town, answers[0]), append(county, answers[1])
		}
		a.Town, a.County = append(a.Town, town), append(a.County, county)
	}
	return a, nil
}

// Better tells which sides have more at a point of the grid than without agreement.
func (a *Agreement) Better(row, column int) (town, county bool) {
	return formula.Compare(a.Town[row][column], a.TownFallback, a.units[0]) > 0, formula.Compare(a.County[row][column], a.CountyFallback, a.units[1]) > 0
}

// Both is how many points of the grid are better for both sides.
func (a *Agreement) Both() (n int) {
	for i := range a.Rows {
		for j := range a.Columns {
			if town, county := a.Better(i, j); town && county {
				n++
			}
		}
	}
	return n
}

// ZeroSum tells that nowhere on the grid there is more for both together than without agreement, so that what one gains the other loses. It means something only
// if both values count the same.
func (a *Agreement) ZeroSum() bool {
	without := a.TownFallback.Add(a.CountyFallback)
	for i := range a.Rows {
		for j := range a.Columns {
			if formula.Compare(a.Town[i][j].Add(a.County[i][j]), without, a.units[0]) > 0 {
				return false
			}
		}
	}
	return true
}
