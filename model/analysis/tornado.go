package analysis

import (
	"cmp"
	"math"
	"slices"

	"zhencai/model"
	"zhencai/model/formula"
)

// Bar is one input of a tornado: what the figure is with the input at its low and at its high end, all others as planned.
type Bar struct {
	Param         *model.Param
	Element       *model.Element
	Ends          BarEnds
	Low, High     float64 // the input at its ends, in its first year
	AtLow, AtHigh float64 // the figure then; NaN where it is blank
}

// Swing is how far the figure moves between the ends.
func (b Bar) Swing() float64 { return math.Abs(b.AtHigh - b.AtLow) }

// BarEnds says where the ends of a bar come from.
type BarEnds string

// The ends come from the parameter's range, from its distribution (its 5 % and 95 % quantiles), which the plan gives or past forecast errors do, or lie a
// tenth to either side.
const (
	EndsOfRange   BarEnds = "range"
	EndsOfLaw     BarEnds = "law"
	EndsOfHistory BarEnds = "history"
	EndsTenth     BarEnds = "tenth"
)

// moving is an input of a tornado: its bar, its ends as functions of the planned number, and its places among the varying cells.
type moving struct {
	Bar
	ends  [2]func(planned float64) float64
	cells []int
}

// Tornado moves every input to its low and to its high end, one at a time, and reports the inputs that move a figure of a scenario, the largest swing
// first. Facts (past years), years, options and what is 0 have no ends of their own: they are moved only if the plan gives them a range or a distribution.
func Tornado(b *model.Book, scenario int, figure model.Headline) (base float64, bars []Bar, problems []model.Problem) {
	cal := b.Plan.Calendar
	laws := laws(b)
	var varying, wanted []formula.Cell
	var all []*moving
	for i := range b.Lines {
		m := moved(b, i, laws[i])
		if m == nil {
			continue
		}
		if varying = moveCells(b, m, scenario, i, varying); m.cells != nil {
			all = append(all, m)
		}
	}
	years := cal.Columns() - cal.Zero() - 1
	for y := range years {
		wanted = append(wanted, formula.Cell{Line: b.Program.Index(figure.Line), Col: cal.Zero() + 1 + y})
	}
	l, problems := ready(b, scenario, varying, wanted)
	if l == nil {
		return 0, nil, problems
	}
	x := l.batch.Block()
	const most = (formula.BlockSize - 1) / 2 // inputs of a block: each takes two paths, and the first is the plan itself
	for from := 0; from < len(all) || from == 0; from += most {
		base = l.swing(x, all[from:min(from+most, len(all))], figure.How, years)
	}
	for _, m := range all {
		if m.AtLow != base || m.AtHigh != base {
			bars = append(bars, m.Bar)
		}
	}
	slices.SortStableFunc(bars, func(x, y Bar) int { return cmp.Compare(y.Swing(), x.Swing()) })
	return base, bars, nil
}

// moved says how an input moves: by its range, its distribution, or a tenth; nil if it has no ends.
func moved(b *model.Book, line int, law *law) *moving {
	l, p := b.Program.Lines[line], b.Lines[line].Param
	if p == nil || l.Unit == formula.Choice || l.Unit == formula.Flag {
		return nil
	}
	low, high := bounds(b, line)
	held := func(f func(float64) float64) func(float64) float64 {
		return func(planned float64) float64 { return min(max(f(planned), low), high) }
	}
	m := &moving{Bar: Bar{Param: p, Element: b.Lines[line].Element}}
	switch {
	case p.Range[0] != "":
		m.Ends = EndsOfRange
		for k := range m.ends {
			to := p.Ends[k].InexactFloat64()
			m.ends[k] = func(float64) float64 { return to }
		}
	case law != nil:
		if m.Ends = EndsOfLaw; law.past {
			m.Ends = EndsOfHistory
		}
		for k, share := range []float64{0.05, 0.95} {
			drawn := law.quantile(share)
			m.ends[k] = held(func(planned float64) float64 { return law.how(planned, drawn) })
		}
	case l.Input == formula.History || l.Unit == formula.Year || l.Unit == formula.Years:
		return nil
	default:
		m.Ends = EndsTenth
		m.ends[0] = held(func(planned float64) float64 { return planned - 0.1*math.Abs(planned) })
		m.ends[1] = held(func(planned float64) float64 { return planned + 0.1*math.Abs(planned) })
	}
	return m
}

// moveCells adds the cells of an input that its ends move to those that vary.
func moveCells(b *model.Book, m *moving, scenario, line int, varying []formula.Cell) []formula.Cell {
	l := b.Program.Lines[line]
	first, last := l.First(), l.Last(b.Plan.Calendar)
	if l.Input == formula.Scalar {
		last = first
	}
	for col := first; col <= last; col++ {
		c := formula.Cell{Line: line, Col: col}
		if l.Input == formula.Scalar {
			c.Col = formula.AllYears
		}
		planned := b.Input(scenario, line).At(col).InexactFloat64()
		if len(m.cells) == 0 {
			m.Low, m.High = m.ends[0](planned), m.ends[1](planned)
		}
		if m.ends[0](planned) != planned || m.ends[1](planned) != planned {
			m.cells = append(m.cells, len(varying))
			varying = append(varying, c)
		}
	}
	return varying
}

// swing computes a block of inputs at their ends, and the figure of the plan itself.
func (l *lane) swing(x *formula.Block, block []*moving, how formula.Over, years int) (base float64) {
	n := 1 + 2*len(block)
	for in, planned := range l.base {
		dst := x.In(in)[:n]
		for j := range dst {
			dst[j] = planned
		}
	}
	for i, m := range block {
		for _, in := range m.cells {
			for k := range 2 {
				x.In(in)[1+2*i+k] = m.ends[k](l.base[in])
			}
		}
	}
	x.Run(n)
	figures := make([]float64, n)
	how.Block(figures, years, func(y int) []float64 { return x.Out(y)[:n] })
	for i, m := range block {
		m.AtLow, m.AtHigh = figures[1+2*i]/l.batch.Divisor(0), figures[2+2*i]/l.batch.Divisor(0)
	}
	return figures[0] / l.batch.Divisor(0)
}

// laws are the distributions of the lines that a shock moves.
func laws(b *model.Book) map[int]*law {
	all := map[int]*law{}
	if b.Plan.Uncertainty == nil {
		return all
	}
	r, _ := prepare(b)
	for _, s := range r.sources {
		for _, c := range s.cells {
			all[c.Line] = s.law
		}
	}
	return all
}
