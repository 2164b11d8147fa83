package analysis

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"zhencai/model"
	"zhencai/model/formula"
)

// Grid is a computed sweep. A point is one value of each axis; the last axis runs fastest.
type Grid struct {
	Sizes   []int
	Figures []model.Headline
	Values  [][]float64 // by figure, point; NaN where blank
}

// Points is the number of points.
func (g *Grid) Points() int {
	n := 1
	for _, s := range g.Sizes {
		n *= s
	}
	return n
}

// At is the value's place on an axis at a point.
func (g *Grid) At(point, axis int) int {
	for i := len(g.Sizes) - 1; i > axis; i-- {
		point /= g.Sizes[i]
	}
	return point % g.Sizes[axis]
}

// axesOverlap is a problem of a command, not of a plan.
const axesOverlap = "axes_overlap"

// movement is what an axis does: the inputs it moves, and their values at each of its places.
type movement struct {
	cells   []formula.Cell
	values  [][]float64 // by cell, place
	options bool        // some place chooses another option, which is another book
	lines   []int
}

// Sweep computes every combination of places on the axes. Each place is a scenario of the book that differs from the scenario base by that axis alone
// (see scenarios.Variant). Two axes that move the same input are an error: neither would mean what it says.
func Sweep(b *model.Book, base int, axes [][]int, names []string, figures []model.Headline) (*Grid, []model.Problem) {
	g := &Grid{Figures: figures}
	var moves []*movement
	moved := map[int]int{}
	for i, places := range axes {
		g.Sizes = append(g.Sizes, len(places))
		m := movementOf(b, base, places)
		for _, line := range m.lines {
			if other, twice := moved[line]; twice {
				return nil, []model.Problem{{Code: axesOverlap, Text: formula.Textf("轴 %s 和 %s 都改 %s", "the axes %s and %s both move %s", names[other], names[i], b.Lines[line].Name), Hint: model.Text{ZH: "只留一个", EN: "keep one of them"}}}
			}
			moved[line] = i
		}
		moves = append(moves, m)
	}
	for range figures {
		g.Values = append(g.Values, make([]float64, g.Points()))
	}
	return g, fill(b, g, base, axes, moves)
}

// movementOf compares the places of an axis with the base.
func movementOf(b *model.Book, base int, places []int) *movement {
	m := &movement{}
	for i := range b.Lines {
		l, own := b.Program.Lines[i], b.Input(base, i)
		if l.Input == formula.NotInput {
			continue
		}
		from, to := l.First(), l.Last(b.Plan.Calendar)
		differs := false
		for col := from; col <= to; col++ {
			if l.Input == formula.Scalar && col > from || l.Unit == formula.Choice {
				break
			}
			if !slices.ContainsFunc(places, func(s int) bool { return !b.Input(s, i).At(col).Equal(own.At(col)) }) {
				continue
			}
			differs = true
			c := formula.Cell{Line: i, Col: col}
			if l.Input == formula.Scalar {
				c.Col = formula.AllYears
			}
			values := make([]float64, len(places))
			for k, s := range places {
				values[k] = b.Input(s, i).At(col).InexactFloat64()
			}
			m.cells, m.values = append(m.cells, c), append(m.values, values)
		}
		if slices.ContainsFunc(places, func(s int) bool { return b.Input(s, i).Option != own.Option }) {
			m.options, differs = true, true
		}
		if differs {
			m.lines = append(m.lines, i)
		}
	}
	return m
}

// fill runs the grid: one book for every combination of options, blocks of points on all processors.
func fill(b *model.Book, g *Grid, base int, axes [][]int, moves []*movement) []model.Problem {
	cal := b.Plan.Calendar
	years := cal.Columns() - cal.Zero() - 1
	var wanted []formula.Cell
	for _, f := range g.Figures {
		for y := range years {
			wanted = append(wanted, formula.Cell{Line: b.Program.Index(f.Line), Col: cal.Zero() + 1 + y})
		}
	}
	var varying []formula.Cell
	var chosen, free []int // axes that choose options, and the others
	for i, m := range moves {
		if m.options {
			chosen = append(chosen, i)
		} else {
			free = append(free, i)
			varying = append(varying, m.cells...)
		}
	}
	sizes := func(of []int) (n []int) {
		for _, i := range of {
			n = append(n, g.Sizes[i])
		}
		return n
	}
	books, inner := &Grid{Sizes: sizes(chosen)}, &Grid{Sizes: sizes(free)}
	stride := make([]int, len(g.Sizes))
	for i, n := len(g.Sizes)-1, 1; i >= 0; i-- {
		stride[i], n = n, n*g.Sizes[i]
	}
	for combination := range books.Points() {
		inputs, start := b.Inputs(base), 0
		for k, axis := range chosen {
			place := books.At(combination, k)
			start += place * stride[axis]
			for _, line := range moves[axis].lines {
				inputs[line] = b.Input(axes[axis][place], line)
			}
		}
		values, errs := b.Program.Evaluate(inputs)
		if len(errs) > 0 {
			return []model.Problem{b.Problem(errs[0])}
		}
		batch := b.Program.Batch(values, varying, wanted)
		var next atomic.Int64
		var wait sync.WaitGroup
		for range runtime.NumCPU() {
			wait.Go(func() {
				w := &sweeper{g: g, inner: inner, free: free, stride: stride, moves: moves, years: years, batch: batch, x: batch.Block(),
					at: make([]int, formula.BlockSize), place: make([]int, formula.BlockSize)}
				for {
					from := int(next.Add(1)-1) * formula.BlockSize
					n := min(formula.BlockSize, inner.Points()-from)
					if n <= 0 {
						return
					}
					w.block(start, from, n)
				}
			})
		}
		wait.Wait()
	}
	return nil
}

// sweeper is what one processor needs to fill a grid.
type sweeper struct {
	g, inner     *Grid
	free, stride []int
	moves        []*movement
	years        int
	batch        *formula.Batch
	x            *formula.Block
	at, place    []int
}

// block fills n points of the free axes from one on; start is the first point of the options chosen.
func (w *sweeper) block(start, from, n int) {
	for j := range n {
		w.at[j] = start
	}
	in := 0
	for k, axis := range w.free {
		for j := range n {
			w.place[j] = w.inner.At(from+j, k)
			w.at[j] += w.place[j] * w.stride[axis]
		}
		for _, values := range w.moves[axis].values {
			dst := w.x.In(in)
			in++
			for j, p := range w.place[:n] {
				dst[j] = values[p]
			}
		}
	}
	w.x.Run(n)
	one := make([]float64, n)
	for f, figure := range w.g.Figures {
		figure.How.Block(one, w.years, func(y int) []float64 { return w.x.Out(f*w.years + y)[:n] })
		for j, v := range one {
			w.g.Values[f][w.at[j]] = v / w.batch.Divisor(f*w.years)
		}
	}
}
