package analysis

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Lever is what an analysis moves: some inputs, each from its value at a low end to that at a high end.
type Lever struct {
	Address string         // as a plan writes it
	Params  []*model.Param // the parameters moved
	Lines   []int          // their input lines in the book; none if the book has no line of them
	ends    [2][]formula.Input
	low     int // the scenario at its low end; -1 if none is
}

// Range is the figures a lever is moved through, as people write them: Low at one end, High at the other, in steps of Step.
type Range struct {
	Unit            formula.Unit
	Low, High, Step decimal.Decimal
	Means           Means
}

// Means says how the figures of a range stand to the inputs that are moved.
type Means string

// A figure is the input itself; or what every input is multiplied by; or the points added to every input; or how far every input has gone from its low
// end to its high end.
const (
	Itself Means = ""
	Times  Means = "times"
	Points Means = "points"
	Way    Means = "way"
)

// finest is the step of what need not be whole: a fen, or 0.0001 %.
var finest = decimal.New(1, -6)

// Between is the lever from one scenario to another that differs in what one address names. What lies between two words cannot be said, nor what
// lies between two ends that are the same: these are problems.
func Between(b *model.Book, address string, low, high int) (*Lever, []model.Problem) {
	l := &Lever{Address: address, low: low}
	for _, e := range b.Plan.Elements {
		for _, key := range slices.Sorted(maps.Keys(e.Params)) {
			p := e.Params[key]
			from, to := p.Values[low], p.Values[high]
			if from.Option != to.Option {
				return nil, []model.Problem{{Pos: p.At(high), Text: formula.Textf("%s.%s 在两端是不同的做法（%s、%s），中间没有数可取", "%s.%s is a word, another at each end (%s, %s), and nothing lies in between", e.Address(), key, from.Option, to.Option),
					Hint: model.Text{ZH: "只有数可以变动：两端用同一种写法，都写数", EN: "only numbers can be varied: write both ends as numbers, in the same way"}}}
			}
			if differ(from, to, b.Plan.Calendar) {
				l.Params = append(l.Params, p)
			}
		}
	}
	if len(l.Params) == 0 {
		return nil, []model.Problem{{Text: formula.Textf("%s 两端一样，没有东西在变", "nothing is varied: both ends of %s are the same", address), Hint: model.Text{ZH: "写成 地址=低..高，两端不同", EN: "write address=low..high with two different ends"}}}
	}
	for i := range b.Lines {
		if !sameInput(b, i, low, high) {
			l.add(i, b.Input(low, i), b.Input(high, i))
		}
	}
	return l, nil
}

// over is the lever that moves input lines through a range, each the same in all years.
func over(b *model.Book, address string, r Range, lines ...int) *Lever {
	l := &Lever{Address: address, low: -1}
	for _, i := range lines {
		l.Params = append(l.Params, b.Lines[i].Param)
		l.add(i, formula.Input{Same: r.Low}, formula.Input{Same: r.High})
	}
	return l
}

func (l *Lever) add(line int, low, high formula.Input) {
	l.Lines = append(l.Lines, line)
	l.ends[0], l.ends[1] = append(l.ends[0], low), append(l.ends[1], high)
}

// touches are the inputs that the lever has otherwise than a scenario, at one end or both: those it moves, and what both ends say alike, as that a growth
// rate is given and no longer derived.
func (l *Lever) touches(b *model.Book, scenario int) []int {
	lines := slices.Clone(l.Lines)
	for i := range b.Lines {
		if l.low >= 0 && !slices.Contains(lines, i) && b.Lines[i].Input != formula.NotInput && !sameInput(b, i, scenario, l.low) {
			lines = append(lines, i)
		}
	}
	return lines
}

// differ: do two values of an input differ in some year?
func differ(a, b formula.Input, cal formula.Calendar) bool {
	if a.ByYear == nil && b.ByYear == nil {
		return !a.Same.Equal(b.Same)
	}
	for col := range cal.Columns() {
		if !a.At(col).Equal(b.At(col)) {
			return true
		}
	}
	return false
}

// RangeOf is the range of the lever's own figures, by the fen or as finely as makes sense. ok is false if its inputs do not all move through the same
// figures, as when each is changed by a part of its own, or if a figure is added to a rate derived from history and so is not the rate.
func RangeOf(b *model.Book, l *Lever) (r Range, ok bool) {
	for i := range l.Lines {
		line := b.Lines[l.Lines[i]]
		for col := range b.Plan.Calendar.Columns() {
			low, high := l.ends[0][i].At(col), l.ends[1][i].At(col)
			if low.Equal(high) {
				continue
			}
			if derived(b, line, l.low) || ok && (line.Unit != r.Unit || !low.Equal(r.Low) || !high.Equal(r.High)) {
				return Range{}, false
			}
			r, ok = Range{Unit: line.Unit, Low: low, High: high, Step: finest}, true
		}
	}
	if l.Whole() || r.Unit == formula.Person && r.Low.IsInteger() && r.High.IsInteger() {
		r.Step = decimal.NewFromInt(1)
	}
	return r, ok
}

// derived: is the input, in a scenario, what is added to a rate that history gives?
func derived(b *model.Book, l *model.Line, scenario int) bool {
	if l.Param == nil || l.Element == nil || scenario < 0 {
		return false
	}
	method := l.Element.Params[l.Param.Key+"_method"]
	return method != nil && method.Values[scenario].Option != "given"
}

// Whole tells whether the lever moves something that must be a whole number, such as years.
func (l *Lever) Whole() bool {
	return slices.ContainsFunc(l.Params, func(p *model.Param) bool { return p.Field.Whole || p.Field.Unit == formula.Flag })
}

// steps is how many steps there are from Low to High; the last may be shorter.
func (r Range) steps() int64 {
	return r.High.Sub(r.Low).DivRound(r.Step, 12).Ceil().IntPart()
}

// MostSteps is how many steps a range may have.
const MostSteps = 1_000_000_000_000

// Fits tells whether the range rises and does not have more steps than can be counted.
func (r Range) Fits() bool {
	return r.Step.IsPositive() && r.High.GreaterThan(r.Low) && r.High.Sub(r.Low).LessThanOrEqual(r.Step.Mul(decimal.NewFromInt(MostSteps)))
}

// figure is the figure after some steps.
func (r Range) figure(step int64) decimal.Decimal {
	return decimal.Min(r.High, r.Low.Add(r.Step.Mul(decimal.NewFromInt(step))))
}

// spread is at most n+1 places spread evenly over the range, in steps from Low, with both ends.
func (r Range) spread(n int) (places []int64) {
	steps := r.steps()
	parts := min(int64(n), steps)
	for i := range parts + 1 {
		places = append(places, i*steps/parts)
	}
	return places
}
