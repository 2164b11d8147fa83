package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// binned counts values as a simulation with two workers does.
func binned(values []float64) *Outcomes {
	o := outcomesOf(values[:fewOutcomes], 1)
	grid := layGrid(o.few)
	a, b := newTally(grid), newTally(grid)
	a.add(values[fewOutcomes : len(values)/3])
	b.add(values[len(values)/3:])
	o.counted(grid, []*tally{a, b})
	return o
}

// Counting in bins gives the quantiles of the sorted values within the error stated for it, and values that come up often exactly; no quantile, mean,
// tail or spread lies outside the values, and the least and the greatest are the values' own.
func TestOutcomesInBins(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{
		"normal":        func() float64 { return 1e9 + 1e7*g.NormFloat64() },
		"skewed":        func() float64 { return math.Exp(g.NormFloat64()) * 1e6 },
		"heavy":         func() float64 { return math.Exp(2.5*g.NormFloat64()) * 1e6 },
		"very heavy":    func() float64 { return math.Exp(12 * g.NormFloat64()) },
		"heavy down":    func() float64 { return 5e5 - math.Exp(2.5*g.NormFloat64())*1e6 },
		"heavy to both": func() float64 { return math.Round(1e6 * math.Tan(math.Pi*(g.Float64()-0.5))) },
		"heavy or 0":    func() float64 { return max(math.Round(math.Exp(2.5*g.NormFloat64())*1e6-1e6), 0) },
		"at 0":          func() float64 { return math.Round(max(1e6*g.NormFloat64(), 0)) },
		"two":           func() float64 { return []float64{5, 9}[g.IntN(2)] },
		"one":           func() float64 { return -7 },
		"whole":         func() float64 { return math.Round(20 * g.NormFloat64()) },
		"mixture":       func() float64 { return []float64{2e6, math.Round(1e6 * g.NormFloat64()), 0}[g.IntN(3)] },
		"rare":          func() float64 { return map[bool]float64{true: 1e12, false: g.NormFloat64()}[g.IntN(100000) == 0] },
		"seldom not 0":  func() float64 { return map[bool]float64{true: g.NormFloat64(), false: 0}[g.IntN(20000) == 0] },
		"close":         func() float64 { return 1 + float64(g.IntN(100))*0x1p-52 },
	} {
		values := make([]float64, 300_000)
		for i := range values {
			values[i] = draw()
		}
		o := binned(values)
		if o.N() != int64(len(values)) {
			t.Errorf("%s: %d values", name, o.N())
		}
		slices.Sort(values)
		levels := []float64{0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1}
		got, errs := o.Quantiles(levels)
		mean, sd := o.Moments()
		low, _ := o.Tail(0.05, false)
		high, _ := o.Tail(0.05, true)
		least, most := values[0], values[len(values)-1]
		for _, v := range append(slices.Clone(got), mean, low, high) {
			if !(v >= least && v <= most) {
				t.Errorf("%s: %v lies outside %v to %v", name, v, least, most)
			}
		}
		if !(sd <= most-least) || got[0] != least || got[len(got)-1] != most {
			t.Errorf("%s: spread %v, from %v to %v; the values lie from %v to %v", name, sd, got[0], got[len(got)-1], least, most)
		}
		for k, p := range levels[1 : len(levels)-1] {
			want := values[int(p*float64(len(values)))]
			if got, err := got[k+1], errs[k+1]; math.Abs(got-want) > 2*err {
				t.Errorf("%s: quantile %v is %v ± %v, want %v", name, p, got, err, want)
			}
			from, _ := slices.BinarySearch(values, want)
			if to, _ := slices.BinarySearch(values, math.Nextafter(want, math.Inf(1))); to-from > len(values)/20 && got[k+1] != want {
				t.Errorf("%s: quantile %v is %v, want exactly %v", name, p, got[k+1], want)
			}
		}
	}
	blank := outcomesOf([]float64{1, math.NaN(), 3}, 1)
	if blank.N() != 2 || blank.Blank() != 1 || blank.Quantile(0.5) != 2 {
		t.Errorf("blank: %d values, %d blank, median %v", blank.N(), blank.Blank(), blank.Quantile(0.5))
	}
}

// TestYearsBecomeOneFigure: a simulation makes one figure of a line's years as the exact engine does.
func TestYearsBecomeOneFigure(t *testing.T) {
	none := math.NaN()
	for _, years := range [][]float64{{1, 2, 3}, {none, 2, -3}, {4, none, none}, {none, none, 5}, {none, none, none}, {-1, none, 2}} {
		for _, how := range []formula.Over{formula.Total, formula.Smallest, formula.Largest, formula.Mean} {
			got := []float64{0}
			how.Block(got, len(years), func(y int) []float64 { return years[y : y+1] })
			d, _, there := how.Figure(formula.Calendar{First: 2021, Actual: 2021, Last: 2021 + len(years)}, func(col int) (decimal.Decimal, bool) {
				if v := years[col-1]; v == v {
					return decimal.NewFromFloat(v), true
				}
				return decimal.Zero, false
			})
			if want := d.InexactFloat64(); there != (got[0] == got[0]) || there && got[0] != want {
				t.Errorf("%v %s: %v, want %v", years, how, got[0], d)
			}
		}
	}
}
