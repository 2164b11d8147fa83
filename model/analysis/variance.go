package analysis

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"zhencai/model"
	"zhencai/model/formula"
)

// Share is how much of the variance of a figure one source explains by itself.
type Share struct {
	Sources []string // correlated shocks count together
	Index   float64
	Err     float64 // standard error
}

// explainPaths is how many paths ExplainVariance takes at most: they tell an index to a hundredth.
const explainPaths = 16384

// ExplainVariance estimates the first-order Sobol index of every source for the figure By in one scenario: the part of its variance that would
// vanish if that source were known. Two runs that share the numbers of one source only tell it; the paths are those of opt.
func ExplainVariance(b *model.Book, scenario int, opt Simulating) (shares []Share, problems []model.Problem) {
	opt.Scenarios, opt.Lines, opt.Progress = []int{scenario}, nil, nil
	opt.Paths = min(opt.Paths, explainPaths)
	r, _ := prepare(b)
	groups := [][]string{}
	var mixed []string
	for i, s := range r.sources {
		if slices.Contains(r.mixed, i) {
			mixed = append(mixed, s.name)
		} else {
			groups = append(groups, []string{s.name})
		}
	}
	if mixed != nil {
		groups = append(groups, mixed)
	}
	if r.delivery != nil {
		groups = append(groups, []string{deliverySource})
	}
	base, problems := paths(b, opt)
	if base == nil {
		return nil, problems
	}
	for _, group := range groups {
		opt.frozen = func(name string) int {
			if slices.Contains(group, name) {
				return 0
			}
			return 1
		}
		other, _ := paths(b, opt)
		index, err := sobol(base, other)
		shares = append(shares, Share{group, index, err})
	}
	slices.SortStableFunc(shares, func(x, y Share) int { return cmp.Compare(y.Index, x.Index) })
	return shares, nil
}

// paths are the values of the figure By, path by path.
func paths(b *model.Book, opt Simulating) ([]float64, []model.Problem) {
	cal := b.Plan.Calendar
	years := cal.Columns() - cal.Zero() - 1
	r, _ := prepare(b)
	if opt.frozen != nil {
		r.versions = opt.frozen
	}
	var wanted []formula.Cell
	for y := range years {
		wanted = append(wanted, formula.Cell{Line: b.Program.Index(opt.By.Line), Col: cal.Zero() + 1 + y})
	}
	l, problems := ready(b, opt.Scenarios[0], r.cells, wanted)
	if l == nil {
		return nil, problems
	}
	x, d, clipped := l.batch.Block(), r.room(years), make([]int64, len(r.sources))
	all := make([]float64, opt.Paths)
	for from := 0; from < opt.Paths; from += formula.BlockSize {
		n := min(formula.BlockSize, opt.Paths-from)
		r.draw(d, from/formula.BlockSize)
		r.enter(l, x, d, clipped)
		x.Run(n)
		opt.By.How.Block(all[from:from+n], years, func(y int) []float64 { return x.Out(y)[:n] })
	}
	return all, nil
}

// sobol is the correlation of two runs that share one source, which is that source's first-order index, and its standard error.
func sobol(a, b []float64) (index, err float64) {
	n := float64(len(a))
	mean := 0.0
	for i := range a {
		mean += (a[i] + b[i]) / (2 * n)
	}
	product, square := 0.0, 0.0
	for i := range a {
		x, y := a[i]-mean, b[i]-mean
		product += x * y
		square += (x*x + y*y) / 2
	}
	if square == 0 {
		return 0, 0
	}
	index = product / square
	return index, (1 - index*index) / math.Sqrt(n)
}

// rootMeanSquare is the spread of errors around 0.
func rootMeanSquare(errors []float64) float64 {
	sum := 0.0
	for _, e := range errors {
		sum += e * e
	}
	return math.Sqrt(sum / float64(max(len(errors), 1)))
}

// SpreadFactors are by how much a spread estimated from n errors may be too small or too large, with 90 % confidence.
func SpreadFactors(n int) (low, high float64) {
	c := distuv.ChiSquared{K: float64(n)}
	return math.Sqrt(float64(n) / c.Quantile(0.95)), math.Sqrt(float64(n) / c.Quantile(0.05))
}
