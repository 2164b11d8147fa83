package model

import (
	"math"
	"slices"
)

// Outcomes are the values one figure took over many paths: all of them while they are few, then how many fell into each of many narrow bins.
// Only whole numbers are added up, so nothing depends on the order of the paths; runs over different paths can be merged.
type Outcomes struct {
	measure float64
	few     []float64 // sorted; nil once they are counted in bins
	grid    *grid
	counts  []uint32
	low     float64 // the least and greatest value outside the bins
	high    float64
	blank   int64 // paths without a value
	n       int64 // paths with one
}

// Outcomes beyond this many are counted in bins laid by the first ones.
const (
	fewOutcomes = 4096
	binCount    = 2048
	mostAtoms   = 4
	atomShare   = 0.01 // of the first outcomes: a value that comes up so often stands for itself
)

// grid is where the bins lie: equal ones from a first value on, then outer ones below and above, each a fifth wider than the last, then the atoms.
type grid struct {
	from, scale float64
	atoms       []float64
}

const (
	outerBins = 400 // to either side
	belowBins = binCount
	aboveBins = binCount + outerBins
	atomBins  = binCount + 2*outerBins
)

// width is that of all equal bins together.
func (g *grid) width() float64 { return binCount / g.scale }

// outer is the outer bin at a distance from the equal ones.
func (g *grid) outer(distance float64) int {
	return min(int(4*math.Log2(1+distance/g.width())), outerBins-1)
}

// begin is the distance at which an outer bin begins.
func (g *grid) begin(outer int) float64 { return g.width() * (math.Exp2(float64(outer)/4) - 1) }

// layGrid chooses bins for values like these, which are sorted.
func layGrid(sorted []float64) *grid {
	g := &grid{}
	if len(sorted) == 0 {
		g.scale = 1
		return g
	}
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		if float64(j-i) >= atomShare*float64(len(sorted)) && j-i > 1 {
			g.atoms = append(g.atoms, sorted[i])
		}
		i = j
	}
	if len(g.atoms) > mostAtoms {
		slices.SortStableFunc(g.atoms, func(a, b float64) int { return repeats(sorted, b) - repeats(sorted, a) })
		g.atoms = g.atoms[:mostAtoms]
		slices.Sort(g.atoms)
	}
	low, high := sorted[len(sorted)/200], sorted[len(sorted)-1-len(sorted)/200]
	if high == low { // nearly all are one value
		low, high = sorted[0], sorted[len(sorted)-1]
	}
	width := high - low
	if width == 0 {
		width = max(math.Abs(low), 1) * 1e-6
	}
	g.from = low - width/2
	g.scale = binCount / (2 * width)
	return g
}

func repeats(sorted []float64, v float64) int {
	from, _ := slices.BinarySearch(sorted, v)
	to := from
	for to < len(sorted) && sorted[to] == v {
		to++
	}
	return to - from
}

// tally counts values for one worker.
type tally struct {
	grid      *grid
	counts    []uint32
	low, high float64
	blank     int64
}

func newTally(g *grid) *tally {
	return &tally{grid: g, counts: make([]uint32, atomBins+len(g.atoms)), low: math.Inf(1), high: math.Inf(-1)}
}

func (t *tally) add(values []float64) {
	g, counts := t.grid, t.counts[:binCount]
	if len(g.atoms) > 0 {
		t.addAtoms(values)
		return
	}
	for _, v := range values {
		if i := int((v - g.from) * g.scale); uint(i) < binCount && v >= g.from {
			counts[i]++
		} else {
			t.outside(v)
		}
	}
}

func (t *tally) addAtoms(values []float64) {
	g := t.grid
next:
	for _, v := range values {
		for i, a := range g.atoms {
			if v == a {
				t.counts[atomBins+i]++
				continue next
			}
		}
		if i := int((v - g.from) * g.scale); uint(i) < binCount && v >= g.from {
			t.counts[i]++
		} else {
			t.outside(v)
		}
	}
}

func (t *tally) outside(v float64) {
	switch {
	case v != v || math.Abs(v) > tooBig:
		t.blank++
	case v < t.grid.from:
		t.counts[belowBins+t.grid.outer(t.grid.from-v)]++
		t.low = min(t.low, v)
	default:
		t.counts[aboveBins+t.grid.outer(v-t.grid.from-t.grid.width())]++
		t.high = max(t.high, v)
	}
}

const tooBig = 1e36 // 1e30 万元, in fen

// outcomesOf keeps a few values as they are.
func outcomesOf(values []float64, measure float64) *Outcomes {
	o := &Outcomes{measure: measure}
	for _, v := range values {
		if v != v || math.Abs(v) > tooBig {
			o.blank++
		} else {
			o.few = append(o.few, v)
		}
	}
	slices.Sort(o.few)
	o.n = int64(len(o.few))
	return o
}

// counted turns outcomes into bins and adds what the workers counted.
func (o *Outcomes) counted(g *grid, tallies []*tally) {
	first := newTally(g)
	first.add(o.few)
	o.grid, o.counts, o.few = g, first.counts, nil
	o.low, o.high = first.low, first.high
	for _, t := range tallies {
		for i, c := range t.counts {
			o.counts[i] += c
		}
		o.low, o.high, o.blank = min(o.low, t.low), max(o.high, t.high), o.blank+t.blank
	}
	o.n = 0
	for _, c := range o.counts {
		o.n += int64(c)
	}
}

// repeat says that all paths have the one value, or none, that the first ones had.
func (o *Outcomes) repeat(paths int64) {
	if o.n > 0 {
		o.few, o.n = o.few[:1], paths
	} else {
		o.blank = paths
	}
}

// segment is a run of values and how many lie in it, spread evenly.
type segment struct {
	from, to float64
	n        float64
}

// segments are the outcomes in rising order.
func (o *Outcomes) segments() (all []segment) {
	if o.grid == nil {
		for _, v := range o.few {
			all = append(all, segment{v, v, float64(o.n) / float64(len(o.few))})
		}
		return all
	}
	g := o.grid
	for i := outerBins - 1; i >= 0; i-- {
		if c := o.counts[belowBins+i]; c > 0 {
			all = append(all, segment{max(g.from-g.begin(i+1), o.low), g.from - g.begin(i), float64(c)})
		}
	}
	for i, c := range o.counts[:binCount] {
		if c > 0 {
			all = append(all, segment{g.from + float64(i)/g.scale, g.from + float64(i+1)/g.scale, float64(c)})
		}
	}
	for i, c := range o.counts[aboveBins:atomBins] {
		if c > 0 {
			from := g.from + g.width()
			all = append(all, segment{from + g.begin(i), min(from+g.begin(i+1), o.high), float64(c)})
		}
	}
	for i, a := range g.atoms {
		all = splitAt(all, segment{a, a, float64(o.counts[atomBins+i])})
	}
	return all
}

// splitAt puts a single value among the others, cutting the one it lies in.
func splitAt(all []segment, atom segment) (out []segment) {
	placed := false
	for _, p := range all {
		switch {
		case placed || p.to <= atom.from:
			out = append(out, p)
			continue
		case p.from < atom.from:
			left := p.n * (atom.from - p.from) / (p.to - p.from)
			out = append(out, segment{p.from, atom.from, left})
			p = segment{atom.from, p.to, p.n - left}
		}
		out, placed = append(out, atom, p), true
	}
	if !placed {
		out = append(out, atom)
	}
	return out
}

// InBins: the outcomes were too many to keep, so quantiles are those of the bins.
func (o *Outcomes) InBins() bool { return o.grid != nil }

// N is how many paths have a value; the others are blank (a ratio with nothing to divide by).
func (o *Outcomes) N() int64 { return o.n }

// Blank is how many paths have no value.
func (o *Outcomes) Blank() int64 { return o.blank }

// Quantile is the value below which a share p of the outcomes lies, in the book's unit; between two outcomes it is interpolated, as PERCENTILE.INC does.
func (o *Outcomes) Quantile(p float64) float64 {
	p = min(max(p, 0), 1)
	if o.n == 0 {
		return math.NaN()
	}
	if o.grid == nil {
		at := p * float64(len(o.few)-1)
		i := min(int(at), len(o.few)-1)
		j := min(i+1, len(o.few)-1)
		return (o.few[i] + (at-float64(i))*(o.few[j]-o.few[i])) / o.measure
	}
	return o.within(o.segments(), p)
}

// within reads a quantile off the outcomes in their order.
func (o *Outcomes) within(all []segment, p float64) float64 {
	rank := p * float64(o.n)
	for _, q := range all {
		if rank <= q.n && q.n > 0 {
			return (q.from + (q.to-q.from)*rank/q.n) / o.measure
		}
		rank -= q.n
	}
	return all[len(all)-1].to / o.measure
}

// Quantiles are several quantiles with their standard errors, for the price of one.
func (o *Outcomes) Quantiles(ps []float64) (values, errs []float64) {
	read := o.Quantile
	if o.grid != nil && o.n > 0 {
		all := o.segments()
		read = func(p float64) float64 { return o.within(all, min(max(p, 0), 1)) }
	}
	for _, p := range ps {
		values, errs = append(values, read(p)), append(errs, o.quantileError(p, read))
	}
	return values, errs
}

// Moments are the mean and the standard deviation.
func (o *Outcomes) Moments() (mean, sd float64) { return moments(o.segments(), o.measure) }

func moments(all []segment, measure float64) (mean, sd float64) {
	n, sum := 0.0, 0.0
	for _, p := range all {
		n += p.n
		sum += p.n * (p.from + p.to) / 2
	}
	mean = sum / n
	square := 0.0
	for _, p := range all {
		d, w := (p.from+p.to)/2-mean, p.to-p.from
		square += p.n * (d*d + w*w/12)
	}
	return mean / measure, math.Sqrt(square/n) / measure
}

// Tail is the mean of the lowest share p of the outcomes (the highest if high), and the standard error of that mean.
func (o *Outcomes) Tail(p float64, high bool) (mean, err float64) {
	all := o.segments()
	if high {
		slices.Reverse(all)
	}
	left := p * float64(o.n)
	var tail []segment
	edge := 0.0
	for _, q := range all {
		if q.n >= left {
			part := left / q.n
			if high {
				q.from = q.to - (q.to-q.from)*part
				edge = q.from
			} else {
				q.to = q.from + (q.to-q.from)*part
				edge = q.to
			}
			q.n = left
			tail = append(tail, q)
			break
		}
		left -= q.n
		tail = append(tail, q)
	}
	mean, sd := moments(tail, o.measure)
	beyond := mean - edge/o.measure
	return mean, math.Sqrt((sd*sd + (1-p)*beyond*beyond) / (p * float64(o.n)))
}

// QuantileError is the standard error of a quantile: half the distance between the quantiles one standard error of the rank to either side.
func (o *Outcomes) QuantileError(p float64) float64 { return o.quantileError(p, o.Quantile) }

func (o *Outcomes) quantileError(p float64, quantile func(float64) float64) float64 {
	side := math.Sqrt(p * (1 - p) / float64(max(o.n, 1)))
	return (quantile(p+side) - quantile(p-side)) / 2
}
