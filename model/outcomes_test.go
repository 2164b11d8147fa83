package model

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Counting in bins gives the quantiles of the sorted values, to a thousandth of the spread; values that come up often, exactly.
func TestOutcomesInBins(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{
		"normal":  func() float64 { return 1e9 + 1e7*g.NormFloat64() },
		"skewed":  func() float64 { return math.Exp(g.NormFloat64()) * 1e6 },
		"at 0":    func() float64 { return math.Round(max(1e6*g.NormFloat64(), 0)) },
		"two":     func() float64 { return []float64{5, 9}[g.IntN(2)] },
		"one":     func() float64 { return -7 },
		"mixture": func() float64 { return []float64{2e6, math.Round(1e6 * g.NormFloat64()), 0}[g.IntN(3)] },
		"rare":    func() float64 { return map[bool]float64{true: 1e12, false: g.NormFloat64()}[g.IntN(100000) == 0] },
	} {
		values := make([]float64, 300_000)
		for i := range values {
			values[i] = draw()
		}
		o := outcomesOf(values[:fewOutcomes], 1)
		grid := layGrid(o.few)
		a, b := newTally(grid), newTally(grid)
		a.add(values[fewOutcomes:100_000])
		b.add(values[100_000:])
		o.counted(grid, []*tally{a, b})
		if o.N() != int64(len(values)) {
			t.Errorf("%s: %d values", name, o.N())
		}
		slices.Sort(values)
		width := values[len(values)*99/100] - values[len(values)/100]
		for _, p := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
			want := values[int(p*float64(len(values)))]
			if got := o.Quantile(p); math.Abs(got-want) > width/1000 {
				t.Errorf("%s: quantile %v is %v, want %v", name, p, got, want)
			}
			if n := repeats(values, want); n > len(values)/20 && o.Quantile(p) != want {
				t.Errorf("%s: quantile %v is %v, want exactly %v", name, p, o.Quantile(p), want)
			}
		}
	}
	blank := outcomesOf([]float64{1, math.NaN(), 3}, 1)
	if blank.N() != 2 || blank.Blank() != 1 || blank.Quantile(0.5) != 2 {
		t.Errorf("blank: %d values, %d blank, median %v", blank.N(), blank.Blank(), blank.Quantile(0.5))
	}
}
