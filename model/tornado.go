package model

import (
	"cmp"
	"math"
	"slices"

	"zhencai/model/formula"
)

// Bar is one input of a tornado: what the figure is with the input at its low and at its high end, all others as planned.
type Bar struct {
	Param         *Param
	Element       *Element
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

// Tornado moves every input to its low and to its high end, one at a time, and reports the inputs that move a figure of a scenario, the largest swing
// first. Facts (past years), years, options and what is 0 have no ends of their own: they are moved only if the plan gives them a range or a distribution.
func (b *Book) Tornado(scenario int, figure Headline) (base float64, bars []Bar, problems []Problem) {
	cal := b.Plan.Calendar
	laws := b.laws()
	var varying, wanted []formula.Cell
	var cells [][]int // of each bar: places among the varying cells
	var ends [][2]func(planned float64) float64
	for i, l := range b.Program.Lines {
		p := b.Lines[i].Param
		if p == nil || l.Unit == formula.Choice || l.Unit == formula.Flag {
			continue
		}
		low, high := b.bounds(i)
		held := func(f func(float64) float64) func(float64) float64 {
			return func(planned float64) float64 { return min(max(f(planned), low), high) }
		}
		bar := Bar{Param: p, Element: b.Lines[i].Element}
		var pair [2]func(float64) float64
		switch {
		case p.Range[0] != "":
			bar.Ends = EndsOfRange
			for k := range pair {
				to := p.Ends[k].InexactFloat64()
				pair[k] = func(float64) float64 { return to }
			}
		case laws[i] != nil:
			if bar.Ends = EndsOfLaw; laws[i].past {
				bar.Ends = EndsOfHistory
			}
			for k, share := range []float64{0.05, 0.95} {
				drawn := laws[i].quantile(share)
				pair[k] = held(func(planned float64) float64 { return laws[i].how(planned, drawn) })
			}
		case l.Input == formula.History || l.Unit == formula.Year || l.Unit == formula.Years:
			continue
		default:
			bar.Ends = EndsTenth
			pair[0] = held(func(planned float64) float64 { return planned - 0.1*math.Abs(planned) })
			pair[1] = held(func(planned float64) float64 { return planned + 0.1*math.Abs(planned) })
		}
		var own []int
		for col := l.First(); col <= l.Last(cal); col++ {
			c := formula.Cell{Line: i, Col: col}
			if l.Input == formula.Scalar {
				c.Col = formula.AllYears
			}
			planned := b.Input(scenario, i).At(col).InexactFloat64()
			if len(own) == 0 {
				bar.Low, bar.High = pair[0](planned), pair[1](planned)
			}
			if pair[0](planned) != planned || pair[1](planned) != planned {
				own = append(own, len(varying))
				varying = append(varying, c)
			}
			if l.Input == formula.Scalar {
				break
			}
		}
		if own != nil {
			bars, cells, ends = append(bars, bar), append(cells, own), append(ends, pair)
		}
	}
	years := cal.Columns() - cal.Zero() - 1
	for y := range years {
		wanted = append(wanted, formula.Cell{Line: b.Program.Index(figure.Line), Col: cal.Zero() + 1 + y})
	}
	l, problems := b.ready(scenario, varying, wanted)
	if l == nil {
		return 0, nil, problems
	}
	x := l.batch.Block()
	figures := make([]float64, formula.BlockSize)
	for from := 0; from < len(bars) || from == 0; from += (formula.BlockSize - 1) / 2 {
		block := bars[from:min(from+(formula.BlockSize-1)/2, len(bars))]
		n := 1 + 2*len(block) // the first is the plan itself
		for in, planned := range l.base {
			dst := x.In(in)[:n]
			for j := range dst {
				dst[j] = planned
			}
		}
		for i := range block {
			for _, in := range cells[from+i] {
				for k := range 2 {
					x.In(in)[1+2*i+k] = ends[from+i][k](l.base[in])
				}
			}
		}
		x.Run(n)
		figure.How.Block(figures[:n], years, func(y int) []float64 { return x.Out(y)[:n] })
		base = figures[0] / l.batch.Measure(0)
		for i := range block {
			block[i].AtLow, block[i].AtHigh = figures[1+2*i]/l.batch.Measure(0), figures[2+2*i]/l.batch.Measure(0)
		}
	}
	bars = slices.DeleteFunc(bars, func(b Bar) bool { return b.AtLow == base && b.AtHigh == base })
	slices.SortStableFunc(bars, func(x, y Bar) int { return cmp.Compare(y.Swing(), x.Swing()) })
	return base, bars, nil
}

// laws are the distributions of the lines that a shock moves.
func (b *Book) laws() map[int]*law {
	all := map[int]*law{}
	if b.Plan.Uncertainty == nil {
		return all
	}
	r, _ := b.prepare()
	for _, s := range r.sources {
		for _, c := range s.cells {
			all[c.Line] = s.law
		}
	}
	return all
}
