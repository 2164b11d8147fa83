package analysis

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/shopspring/decimal"
	"gonum.org/v1/gonum/stat/distuv"

	"zhencai/model"
)

// Spread says how far a shock reaches and what that rests on.
type Spread struct {
	*model.Shock
	Effect    Effect
	Low, High float64 // the 5 % and 95 % quantiles of what is drawn
	Errors    int     // past forecast errors the law is made of; 0: the plan gives it
}

// Effect is what a drawn number does to the plan's value.
type Effect string

// It is added, multiplied, or stands in its place.
const (
	Added    Effect = "added"
	Factor   Effect = "factor"
	Replaces Effect = "value"
)

// Spreads are those of all shocks, in the order of the plan.
func Spreads(b *model.Book) []Spread {
	r, _ := prepare(b)
	all := make([]Spread, len(r.sources))
	for i, s := range r.sources {
		shock := b.Plan.Uncertainty.Shocks[r.shocks[i]]
		one := Spread{Shock: shock, Effect: Added, Low: s.law.quantile(0.05), High: s.law.quantile(0.95)}
		switch {
		case shock.Law.Kind == model.Lognormal:
			one.Effect = Factor
		case shock.Law.Replaces():
			one.Effect = Replaces
		}
		if s.law.past {
			one.Errors = len(b.ForecastErrors(b.Plan.Find(shock.Places[0].Element)))
		}
		all[r.shocks[i]] = one
	}
	return all
}

// law is a distribution ready for drawing: a number for each standard normal number z.
type law struct {
	how    func(planned, drawn float64) float64
	past   bool // made of past forecast errors
	normal bool // mean + sd·z
	mean   float64
	sd     float64
	steps  []float64 // of a discrete law: the z at which the next value begins
	values []float64
	table  []float64 // of the others: the values at z = -tableEnd … tableEnd
}

const (
	tableEnd  = 8
	tableSize = 1 << 13
)

func changed(planned, drawn float64) float64  { return planned + drawn }
func factored(planned, drawn float64) float64 { return planned * drawn }
func replaced(_, drawn float64) float64       { return drawn }

// lawOf prepares a law of a plan for drawing; errors are the forecast errors of the item for laws made of them.
func lawOf(l model.Law, errors []float64) *law {
	f := decimal.Decimal.InexactFloat64
	low, mode, high := f(l.Low), f(l.Mode), f(l.High)
	switch l.Kind {
	case model.Normal:
		return &law{how: changed, normal: true, mean: f(l.Mean), sd: f(l.SD)}
	case model.FromErrors:
		return &law{how: changed, past: true, normal: true, sd: rootMeanSquare(errors)}
	case model.Lognormal:
		sd := f(l.SD)
		return tabled(factored, func(u float64) float64 { return math.Exp(sd * distuv.UnitNormal.Quantile(u)) })
	case model.Empirical:
		weights := make([]float64, len(errors))
		for i := range weights {
			weights[i] = 1 / float64(len(errors))
		}
		l := stepped(changed, errors, weights)
		l.past = true
		return l
	case model.Discrete:
		var values, weights []float64
		for i := range l.Values {
			values, weights = append(values, f(l.Values[i])), append(weights, f(l.Weights[i]))
		}
		return stepped(replaced, values, weights)
	case model.Triangular:
		if high == low {
			break
		}
		return tabled(replaced, func(u float64) float64 {
			if u < (mode-low)/(high-low) {
				return low + math.Sqrt(u*(high-low)*(mode-low))
			}
			return high - math.Sqrt((1-u)*(high-low)*(high-mode))
		})
	case model.PERT:
		if high == low {
			break
		}
		beta := distuv.Beta{Alpha: 1 + 4*(mode-low)/(high-low), Beta: 1 + 4*(high-mode)/(high-low)}
		return tabled(replaced, func(u float64) float64 { return low + (high-low)*beta.Quantile(u) })
	}
	return tabled(replaced, func(u float64) float64 { return low + (high-low)*u })
}

// tabled is a law by its quantile function.
func tabled(how func(planned, drawn float64) float64, quantile func(float64) float64) *law {
	l := &law{how: how, table: make([]float64, tableSize+1)}
	for i := range l.table {
		z := tableEnd * (2*float64(i)/tableSize - 1)
		l.table[i] = quantile(min(max(distuv.UnitNormal.CDF(z), 1e-15), 1-1e-15))
	}
	return l
}

// stepped is a law of a few values, sorted so that a higher z gives a higher value.
func stepped(how func(planned, drawn float64) float64, values, weights []float64) *law {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return a - b
	})
	l := &law{how: how}
	sum := 0.0
	for n, i := range order {
		l.values = append(l.values, values[i])
		if sum += weights[i]; n < len(order)-1 {
			l.steps = append(l.steps, distuv.UnitNormal.Quantile(min(sum, 1)))
		}
	}
	return l
}

// draw turns standard normal numbers into drawn ones, in place.
func (l *law) draw(z []float64) {
	switch {
	case l.normal:
		for i, v := range z {
			z[i] = l.mean + float64(l.sd*v) // the conversion keeps processors from fusing the two steps, which would change the last digit
		}
	case l.values != nil:
		for i, v := range z {
			j := 0
			for j < len(l.steps) && v >= l.steps[j] {
				j++
			}
			z[i] = l.values[j]
		}
	default:
		for i, v := range z {
			at := (min(max(v, -tableEnd), tableEnd) + tableEnd) * (tableSize / (2 * tableEnd))
			j := min(int(at), tableSize-1)
			z[i] = l.table[j] + float64((at-float64(j))*(l.table[j+1]-l.table[j]))
		}
	}
}

// quantile is the drawn value at a probability.
func (l *law) quantile(p float64) float64 {
	z := []float64{distuv.UnitNormal.Quantile(p)}
	l.draw(z)
	return z[0]
}

// stream is the random numbers of one source in one block: they depend on nothing but the seed, the source's name and the block, so that neither the
// number of workers nor the other shocks can change them.
func stream(seed int64, name string, block int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, name)
	return rand.New(rand.NewPCG(h.Sum64(), uint64(block)))
}
