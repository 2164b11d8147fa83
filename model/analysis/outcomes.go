package analysis

import (
	"math"
	"slices"
)

// Outcomes are the values one figure took over many paths: all of them while they are few, then how many fell into each of many narrow bins.
// Only whole numbers are added up, so nothing depends on the order of the paths; runs over different paths can be merged.
type Outcomes struct {
	divisor float64
	few     []float64 // sorted; nil once they are counted in bins
	grid    *grid
	counts  []uint32
	low     float64 // the least and greatest value
	high    float64
	blank   int64 // paths without a value
	n       int64 // paths with one
}

// fewOutcomes are kept as they are; beyond them outcomes are counted in bins laid by the first ones.
const fewOutcomes = 4096

const tooBig = 1e36 // 1e30 万元, in fen

// outcomesOf keeps a few values as they are.
func outcomesOf(values []float64, divisor float64) *Outcomes {
	o := &Outcomes{divisor: divisor}
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
	o.grid, o.counts = g, first.counts
	o.low, o.high = math.Inf(1), math.Inf(-1)
	if n := len(o.few); n > 0 {
		o.low, o.high = o.few[0], o.few[n-1]
	}
	o.few = nil
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

// segments are the outcomes in rising order; none reaches beyond the least and the greatest of them.
func (o *Outcomes) segments() (all []segment) {
	if o.grid == nil {
		for _, v := range o.few {
			all = append(all, segment{v, v, float64(o.n) / float64(len(o.few))})
		}
		return all
	}
	g, root, inner := o.grid, o.grid.nodes[0], len(o.grid.child)
	for i := outerBins - 1; i >= 0; i-- {
		from := o.low // the last bin has no other end
		if i < outerBins-1 {
			from = root.from - g.begin(i+1)
		}
		all = o.put(all, from, root.from-g.begin(i), inner+i)
	}
	all = o.inside(all, 0, root.from, root.to)
	for i := range outerBins {
		to := o.high
		if i < outerBins-1 {
			to = root.to + g.begin(i+1)
		}
		all = o.put(all, root.to+g.begin(i), to, inner+outerBins+i)
	}
	for i, a := range g.atoms {
		all = splitAt(all, segment{a, a, float64(o.counts[inner+2*outerBins+i])})
	}
	return all
}

// splitAt puts a single value among the others, cutting the one it lies in.
func splitAt(all []segment, atom segment) (out []segment) {
	at := slices.IndexFunc(all, func(s segment) bool { return s.to > atom.from })
	if at < 0 {
		return append(all, atom)
	}
	rest := all[at]
	out = append(out, all[:at]...)
	if rest.from < atom.from {
		left := rest.n * (atom.from - rest.from) / (rest.to - rest.from)
		out = append(out, segment{rest.from, atom.from, left})
		rest = segment{atom.from, rest.to, rest.n - left}
	}
	return append(append(out, atom, rest), all[at+1:]...)
}

// put adds a bin, if anything lies in it.
func (o *Outcomes) put(all []segment, from, to float64, bin int) []segment {
	if c := o.counts[bin]; c > 0 {
		from, to = min(max(from, o.low), o.high), min(max(to, o.low), o.high)
		all = append(all, segment{from, to, float64(c)})
	}
	return all
}

// inside adds the bins of a node that lies in a bin from..to.
func (o *Outcomes) inside(all []segment, at int, from, to float64) []segment {
	n := o.grid.nodes[at]
	all = o.put(all, from, n.from, n.base+n.bins)
	for i := range n.bins {
		low, high := n.from, n.to
		if i > 0 {
			low = n.from + float64(i)/n.scale
		}
		if i < n.bins-1 {
			high = n.from + float64(i+1)/n.scale
		}
		if below := o.grid.child[n.base+i]; below > 0 {
			all = o.inside(all, int(below), low, high)
		} else {
			all = o.put(all, low, high, n.base+i)
		}
	}
	return o.put(all, n.to, to, n.base+n.bins+1)
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
		return (o.few[i] + (at-float64(i))*(o.few[j]-o.few[i])) / o.divisor
	}
	v, _ := o.at(o.segments(), p)
	return v / o.divisor
}

// at finds the segment in which a quantile lies, and where in it.
func (o *Outcomes) at(all []segment, p float64) (value float64, in segment) {
	rank := p * float64(o.n)
	for _, q := range all {
		if rank <= q.n && p < 1 {
			return min(q.from+(q.to-q.from)*rank/q.n, q.to), q
		}
		rank -= q.n
	}
	last := all[len(all)-1]
	return last.to, last
}

// Quantiles are several quantiles with their standard errors, for the price of one.
func (o *Outcomes) Quantiles(ps []float64) (values, errs []float64) {
	read := o.Quantile
	var all []segment
	if o.grid != nil && o.n > 0 {
		all = o.segments()
		read = func(p float64) float64 {
			v, _ := o.at(all, min(max(p, 0), 1))
			return v / o.divisor
		}
	}
	for _, p := range ps {
		err := o.samplingError(p, read)
		if all != nil {
			_, in := o.at(all, p)
			err = math.Hypot(err, in.doubt()/o.divisor)
		}
		values, errs = append(values, read(p)), append(errs, err)
	}
	return values, errs
}

// doubt is the standard deviation of one place in a segment: how far a value read off it may be from the one that was counted.
func (s segment) doubt() float64 { return (s.to - s.from) / math.Sqrt(12) }

// Moments are the mean and the standard deviation.
func (o *Outcomes) Moments() (mean, sd float64) { return moments(o.segments(), o.divisor) }

func moments(all []segment, divisor float64) (mean, sd float64) {
	n, sum := 0.0, 0.0
	for _, p := range all {
		n += p.n
		sum += p.n * (p.from + p.to) / 2
	}
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	mean = min(max(sum/n, all[0].from), all[len(all)-1].to) // rounding must not carry it beyond the outcomes
	square := 0.0
	for _, p := range all {
		d, w := (p.from+p.to)/2-mean, p.to-p.from
		square += p.n * (d*d + w*w/12)
	}
	return mean / divisor, math.Sqrt(square/n) / divisor
}

// Tail is the mean of the lowest share p of the outcomes (the highest if high), and the standard error of that mean.
func (o *Outcomes) Tail(p float64, high bool) (mean, err float64) {
	left := p * float64(o.n)
	var tail []segment
	edge := 0.0
	all := o.segments()
	if high {
		slices.Reverse(all)
	}
	for _, q := range all {
		if part := left / q.n; part <= 1 {
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
	if high {
		slices.Reverse(tail)
	}
	mean, sd := moments(tail, o.divisor)
	beyond := mean - edge/o.divisor
	n := p * float64(o.n)
	counting := 0.0 // the mean of each bin lies somewhere in it
	for _, q := range tail {
		off := q.n / n * q.doubt() / o.divisor
		counting += off * off
	}
	return mean, math.Sqrt((sd*sd+(1-p)*beyond*beyond)/n + counting)
}

// QuantileError is the standard error of a quantile: of sampling (half the distance between the quantiles one standard error of the rank to either
// side), and of counting, as the value may lie anywhere in its bin.
func (o *Outcomes) QuantileError(p float64) float64 {
	_, errs := o.Quantiles([]float64{p})
	return errs[0]
}

func (o *Outcomes) samplingError(p float64, quantile func(float64) float64) float64 {
	side := math.Sqrt(p * (1 - p) / float64(max(o.n, 1)))
	return (quantile(p+side) - quantile(p-side)) / 2
}
