package analysis

import (
	"cmp"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Difference says why one scenario's figure differs from another's: contributions of what was changed, adding up exactly.
type Difference struct {
	Line          string
	How           formula.Over
	From, To      int // places in Plan.Scenarios
	Before, After decimal.Decimal
	Parts         []Contribution  // the largest first
	Paths         int             // 0: exact; else in how many orders the changes were made
	Error         decimal.Decimal // the largest standard error of an amount, if not exact
}

// Contribution is what one change does to the figure: the mean, over all orders in which the changes could be made one after the other, of
// what the figure moves when it is this change's turn (the Shapley value).
type Contribution struct {
	Address  string // as the layer writes it: revenue.*.growth
	Label    model.Text
	Old, New string // as a plan file writes them: 50%, rolling: 3, 2022: 0%, 2024: 50%
	Layer    string // whose change it is: of the second scenario, or of the first if the second undoes it; empty for --set
	Amount   decimal.Decimal
	Lines    []int // the inputs it changes, places in the book
}

// manyEvaluations is what a difference may cost: 12 changes exactly.
const manyEvaluations = 1 << 12

// Divide explains a figure of the scenario to, compared with the same figure of the scenario from. Problems are errors: a line that is not a
// number, a blank ratio, changes that cannot be mixed.
func Divide(b *model.Book, from, to int, line string, how formula.Over) (*Difference, []model.Problem) {
	var results [2]*model.Result
	for i, scenario := range []int{from, to} {
		r, problems := b.Run(scenario)
		problems = slices.DeleteFunc(problems, func(p model.Problem) bool { return p.Warning })
		if len(problems) > 0 {
			return nil, problems
		}
		results[i] = r
	}
	return DivideResults(b, results[0], results[1], line, how, manyEvaluations)
}

// DivideResults is Difference of scenarios that have been computed, with a limit on its own work: exact if so many evaluations are enough for all
// mixes of the changes, else sampled.
func DivideResults(b *model.Book, before, after *model.Result, line string, how formula.Over, evaluations int) (*Difference, []model.Problem) {
	at := b.Program.Index(line)
	if p := comparable(b, at, line, how); p != nil {
		return nil, []model.Problem{*p}
	}
	d := &Difference{Line: line, How: how}
	for place, s := range b.Plan.Scenarios {
		if s.ID == before.Scenario.ID {
			d.From = place
		}
		if s.ID == after.Scenario.ID {
			d.To = place
		}
	}
	m := &mixing{b: b, line: at, how: how, from: b.Inputs(d.From), to: b.Inputs(d.To), start: before.Values}
	m.before = m.figure(before.Values, formula.Textf("情景 %s", "scenario %s", before.Scenario.ID))
	m.after = m.figure(after.Values, formula.Textf("情景 %s", "scenario %s", after.Scenario.ID))
	d.Before, d.After = m.before, m.after
	var idle []*change
	for _, c := range changes(b, d.From, d.To) {
		r := b.Program.Rerun(c.lines, []int{at})
		if r.Lines() == 0 {
			idle = append(idle, c)
			continue
		}
		m.changes, m.reruns = append(m.changes, c), append(m.reruns, r)
	}
	m.cheapFirst()
	amounts := m.contributions(evaluations, d)
	if m.problem != nil {
		return nil, []model.Problem{*m.problem}
	}
	for i, c := range append(m.changes, idle...) {
		part := describe(b, c, d.From, d.To)
		if i < len(amounts) {
			part.Amount = amounts[i]
		}
		d.Parts = append(d.Parts, part)
	}
	slices.SortStableFunc(d.Parts, func(x, y Contribution) int {
		return cmp.Or(y.Amount.Abs().Cmp(x.Amount.Abs()), cmp.Compare(x.Lines[0], y.Lines[0]))
	})
	return d, nil
}

// comparable says what is wrong with asking for a figure; nil if nothing is.
func comparable(b *model.Book, line int, name string, how formula.Over) *model.Problem {
	if line < 0 {
		return &model.Problem{Code: "difference_line", Text: formula.Textf("没有叫 %q 的行", "there is no line %q", name), Hint: model.Text{ZH: "zhencai lines PLAN 列出全部", EN: "zhencai lines PLAN prints them all"}}
	}
	l, c, cal := b.Lines[line], b.Program.Lines[line], b.Plan.Calendar
	first, last := how.Columns(cal)
	switch {
	case l.Unit == formula.Choice || l.Unit == formula.Flag || l.Unit == formula.Year:
		return &model.Problem{Code: "difference_no_number", Text: formula.Textf("%s 的单位是“%s”，差额没有意义", "%s is counted in %q: a difference means nothing", name, l.Unit.Text()),
			Hint: model.Text{ZH: "换一行金额、比率或人数", EN: "choose a line of amounts, ratios or persons"}}
	case first < c.First() || last > c.Last(cal) || first <= cal.Zero():
		return &model.Problem{Code: "difference_no_year", Text: formula.Textf("%s 在所要的年份没有测算值", "%s has no value in the plan year asked for", name), Hint: formula.Textf("测算年份是 %d-%d", "plan years are %d-%d", cal.Actual+1, cal.Last)}
	case how == formula.Total && (l.Unit != formula.Money && l.Unit != formula.Yuan || l.Level):
		return &model.Problem{Code: "difference_no_total", Text: formula.Textf("%s 各年相加没有意义", "the years of %s do not add up", name), Hint: model.Text{ZH: "改用 --over last、min、max 或一个年份", EN: "use --over last, min, max or a year"}}
	}
	return nil
}

// mixing computes one figure of mixes of two scenarios: the first, with some of the changes made that lead to the other.
type mixing struct {
	b             *model.Book
	line          int
	how           formula.Over
	from, to      []formula.Input
	start         *formula.Values // of the first scenario
	before, after decimal.Decimal
	changes       []*change // those that reach the line
	reruns        []*formula.Rerun
	problem       *model.Problem // the first that happened; figures after it mean nothing

	values *formula.Values // of the mix at hand
	inputs []formula.Input
	made   []bool
}

// cheapFirst sorts the changes by how many lines they move: the first are made and taken back most often.
func (m *mixing) cheapFirst() {
	order := make([]int, len(m.changes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(m.reruns[i].Lines(), m.reruns[k].Lines()) })
	changes, reruns := m.changes, m.reruns
	m.changes, m.reruns = nil, nil
	for _, i := range order {
		m.changes, m.reruns = append(m.changes, changes[i]), append(m.reruns, reruns[i])
	}
}

// restart goes back to the first scenario.
func (m *mixing) restart() {
	m.values, m.inputs, m.made = m.start.Clone(), slices.Clone(m.from), make([]bool, len(m.changes))
}

// turn makes a change, or takes it back, and gives the figure of the mix.
func (m *mixing) turn(k int) decimal.Decimal {
	if m.problem != nil {
		return decimal.Zero
	}
	source := m.to
	if m.made[k] {
		source = m.from
	}
	m.made[k] = !m.made[k]
	for _, i := range m.changes[k].lines {
		m.inputs[i] = source[i]
		if s := m.changes[k].stacks[i]; s != nil {
			m.inputs[i] = s.value(m.entries())
		}
	}
	if errs := m.reruns[k].Update(m.values, m.inputs); len(errs) > 0 {
		m.problem = &model.Problem{Code: "difference_mixed", Text: formula.Textf("两个情景的改动混合起来算不出 %s：%s", "mixes of the two scenarios' changes cannot be computed: %s: %s", errs[0].Line, errs[0].Text),
			Hint: model.Text{ZH: "这些改动要一起做才有意义；把它们写在同一个地址下，或分步比较", EN: "these changes make sense only together: write them under one address, or compare step by step"}}
		return decimal.Zero
	}
	return m.figure(m.values, model.Text{ZH: "两个情景的混合", EN: "a mix of the two scenarios"})
}

// entries are those whose changes are made.
func (m *mixing) entries() (all []model.Pos) {
	for k, made := range m.made {
		if made {
			all = append(all, m.changes[k].at)
		}
	}
	return all
}

// figure is the line's figure to the fen, a ratio to 12 places; who is named where it is blank.
func (m *mixing) figure(v *formula.Values, who model.Text) decimal.Decimal {
	first, last := m.how.Columns(m.b.Plan.Calendar)
	for col := first; col <= last && m.problem == nil; col++ {
		if _, blank, _ := v.At(m.line, col); blank {
			m.problem = &model.Problem{Code: "difference_blank", Text: formula.Textf("%s 在 %d 年是空白（分母为 0）：%s", "%s is blank in %d (its denominator is 0): %s", m.b.Lines[m.line].Name, m.b.Plan.Calendar.First+col, who),
				Hint: model.Text{ZH: "用 --over 指定一个有数的年份，或比较分子的那一行", EN: "name a year that has a value with --over, or compare the line of the numerator"}}
		}
	}
	d, _ := m.b.Figure(v, m.line, m.how)
	return d.Round(m.places())
}

// places is how finely the figure is divided among the changes: to the fen, or as ratios are shown.
func (m *mixing) places() int32 {
	if m.b.Lines[m.line].Unit == formula.Money {
		return 6
	}
	return 12
}

// contributions divides the difference among the changes, and notes in d if it was sampled.
func (m *mixing) contributions(evaluations int, d *Difference) []decimal.Decimal {
	n := len(m.changes)
	if n == 0 || m.problem != nil {
		return nil
	}
	var sums []decimal.Decimal
	var orders decimal.Decimal
	if n <= 20 && 1<<n <= evaluations {
		sums, orders = m.allMixes()
	} else {
		d.Paths = max(evaluations/max(n-1, 1)/2, 2) * 2
		orders = decimal.NewFromInt(int64(d.Paths))
		sums, d.Error = m.someOrders(d.Paths)
	}
	if m.problem != nil {
		return nil
	}
	return spread(sums, orders, m.after.Sub(m.before), m.places())
}

// allMixes computes every mix of the changes, each from the one before by turning one change, and gives what each change moved the figure by in
// total over all orders, and how many orders there are.
func (m *mixing) allMixes() (sums []decimal.Decimal, orders decimal.Decimal) {
	n := len(m.changes)
	figures := make([]decimal.Decimal, 1<<n)
	m.restart()
	figures[0] = m.before
	mix := 0
	for step := 1; step < 1<<n; step++ {
		k := bits.TrailingZeros(uint(step))
		mix ^= 1 << k
		figures[mix] = m.turn(k)
	}
	factorial := []decimal.Decimal{decimal.NewFromInt(1)}
	for i := 1; i <= n; i++ {
		factorial = append(factorial, factorial[i-1].Mul(decimal.NewFromInt(int64(i))))
	}
	for k := range n {
		moved := make([]decimal.Decimal, n) // by how many changes were made before
		for mix := range figures {
			if mix>>k&1 == 0 {
				before := bits.OnesCount(uint(mix))
				moved[before] = moved[before].Add(figures[mix|1<<k].Sub(figures[mix]))
			}
		}
		sum := decimal.Zero
		for before, d := range moved {
			sum = sum.Add(d.Mul(factorial[before]).Mul(factorial[n-1-before]))
		}
		sums = append(sums, sum)
	}
	return sums, factorial[n]
}

// someOrders makes the changes in random orders, each also backwards, and gives what each moved the figure by in total, and the largest standard
// error of their means. The orders are the same every time.
func (m *mixing) someOrders(orders int) (sums []decimal.Decimal, largest decimal.Decimal) {
	n := len(m.changes)
	g, order := rand.New(rand.NewPCG(1, uint64(n))), make([]int, n)
	sums = make([]decimal.Decimal, n)
	squares := make([]decimal.Decimal, n)
	for i := range order {
		order[i] = i
	}
	for range orders / 2 {
		pair := make([]decimal.Decimal, n)
		g.Shuffle(n, func(i, k int) { order[i], order[k] = order[k], order[i] })
		for range 2 {
			m.restart()
			now := m.before
			for i, k := range order {
				next := m.after
				if i < n-1 {
					next = m.turn(k)
				}
				pair[k] = pair[k].Add(next.Sub(now))
				now = next
			}
			slices.Reverse(order)
		}
		for k, p := range pair {
			sums[k], squares[k] = sums[k].Add(p), squares[k].Add(p.Mul(p))
		}
	}
	// The mean over P pairs of half of p has the variance (Σp² - (Σp)²/P) / 4 / (P-1) / P.
	pairs := decimal.NewFromInt(int64(orders / 2))
	divisor := decimal.NewFromInt(4).Mul(pairs).Mul(pairs).Mul(pairs.Sub(decimal.NewFromInt(1)))
	for k := range n {
		variance := squares[k].Mul(pairs).Sub(sums[k].Mul(sums[k])).DivRound(divisor, 2*m.places())
		largest = decimal.Max(largest, decimal.NewFromBigInt(new(big.Int).Sqrt(variance.Shift(2*m.places()).BigInt()), -m.places()))
	}
	return sums, largest
}

// spread divides every sum by the divisor and rounds so that the results add up to the total, which is that of the sums divided: what rounding
// down left goes to the largest remainders.
func spread(sums []decimal.Decimal, divisor, total decimal.Decimal, places int32) []decimal.Decimal {
	unit, left := decimal.New(1, -places), total
	amounts, rests, order := make([]decimal.Decimal, len(sums)), make([]decimal.Decimal, len(sums)), make([]int, len(sums))
	for i, sum := range sums {
		amounts[i], rests[i] = sum.QuoRem(divisor, places)
		if rests[i].Sign() < 0 { // QuoRem cuts towards 0
			amounts[i], rests[i] = amounts[i].Sub(unit), rests[i].Add(divisor.Mul(unit))
		}
		left, order[i] = left.Sub(amounts[i]), i
	}
	slices.SortStableFunc(order, func(i, k int) int { return rests[k].Cmp(rests[i]) })
	for _, i := range order[:left.Shift(places).IntPart()] {
		amounts[i] = amounts[i].Add(unit)
	}
	return amounts
}
