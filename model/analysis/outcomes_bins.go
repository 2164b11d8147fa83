package analysis

import (
	"math"
	"slices"
)

// How bins are laid.
const (
	rootBins   = 2048
	outerBins  = 400
	outerSteps = 8 // outer bins until the distance has doubled
	mostAtoms  = 4
	atomShare  = 0.01 // of the first outcomes: a value that comes up so often stands for itself
)

// grid is where the bins lie. Equal bins reach from the least to the greatest of the first outcomes; where many of these fall into one bin, it is
// cut into equal bins again from the least to the greatest of those, and so on: so bins are narrow wherever outcomes lie close, however far
// away others are. Beyond the first outcomes lie outer bins, each a twelfth wider than the last. The values that come up most often are counted apart.
type grid struct {
	nodes []node
	child []uint16  // of each bin: the node that cuts it; 0 for none
	unit  float64   // of the outer bins: the distance that is doubled first
	atoms []float64 // rising
}

// node are equal bins, then one for what lies below them and one for what lies above, within the bin that the node cuts.
type node struct {
	from, to, scale float64
	base, bins      int // places of the first bin; how many. One bin is a single value
}

// layGrid chooses bins for values like these, which are sorted.
func layGrid(sorted []float64) *grid {
	g := &grid{atoms: atomsOf(sorted)}
	between := make([]float64, 0, len(sorted))
	for _, v := range sorted {
		if !slices.Contains(g.atoms, v) {
			between = append(between, v)
		}
	}
	if sorted = between; len(sorted) == 0 {
		sorted = append(sorted, 0)
		if len(g.atoms) > 0 {
			sorted[0] = g.atoms[0]
		}
	}
	g.lay(sorted, 0, len(sorted), rootBins)
	last := len(sorted) - 1
	for _, unit := range []float64{sorted[last-last/100] - sorted[last/100], sorted[last] - sorted[0], math.Abs(sorted[0]) * 1e-6, 1e-6} {
		if g.unit = unit; unit > 0 {
			break
		}
	}
	return g
}

// atomsOf are the values that come up most often, rising.
func atomsOf(sorted []float64) (atoms []float64) {
	type repeated struct {
		v float64
		n int
	}
	var all []repeated
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		if float64(j-i) >= atomShare*float64(len(sorted)) && j-i > 1 {
			all = append(all, repeated{sorted[i], j - i})
		}
		i = j
	}
	slices.SortStableFunc(all, func(a, b repeated) int { return b.n - a.n })
	for _, r := range all[:min(mostAtoms, len(all))] {
		atoms = append(atoms, r.v)
	}
	slices.Sort(atoms)
	return atoms
}

// lay adds a node for some of the values, and nodes below it.
func (g *grid) lay(sorted []float64, first, end, bins int) (at int) {
	n := node{from: sorted[first], to: sorted[end-1], base: len(g.child), bins: bins}
	n.scale = float64(bins) / ((n.to - n.from) * (1 + 1e-9)) // the greatest lies in the last bin
	if n.to == n.from || math.IsInf(n.scale, 0) {
		n.bins, n.scale = 1, 0
	}
	at = len(g.nodes)
	g.nodes, g.child = append(g.nodes, n), append(g.child, make([]uint16, n.bins+2)...)
	for i := first; i < end && n.bins > 1; {
		bin, j := n.bin(sorted[i]), i+1
		for j < end && n.bin(sorted[j]) == bin {
			j++
		}
		if j-i > mostInBin(float64(i+j)/2/float64(len(sorted))) {
			g.child[n.base+bin] = uint16(g.lay(sorted, i, j, 2*(j-i)))
		}
		i = j
	}
	return at
}

// mostInBin is how many of the first outcomes a bin around a share p of them may hold before it is cut: so many that with a hundred thousand paths
// counting blurs a rank no more than sampling does.
func mostInBin(p float64) int { return max(2, int(32*math.Sqrt(p*(1-p)))) }

// bin is that of a value between the ends of a node.
func (n node) bin(v float64) int { return int((v - n.from) * n.scale) }

// outer is the outer bin at a distance from the first outcomes.
func (g *grid) outer(distance float64) int {
	return min(int(outerSteps*math.Log2(1+distance/g.unit)), outerBins-1)
}

// begin is the distance at which an outer bin begins.
func (g *grid) begin(outer int) float64 { return g.unit * (math.Exp2(float64(outer)/outerSteps) - 1) }

// tally counts values for one worker: in the bins of the nodes, then in the outer bins below and above, then the atoms.
type tally struct {
	grid      *grid
	counts    []uint32
	low, high float64 // the least and greatest value in the outer bins
	blank     int64
}

func newTally(g *grid) *tally {
	return &tally{grid: g, counts: make([]uint32, len(g.child)+2*outerBins+len(g.atoms)), low: math.Inf(1), high: math.Inf(-1)}
}

func (t *tally) add(values []float64) {
	g, root := t.grid, &t.grid.nodes[0]
	if len(g.nodes) > 1 || len(g.atoms) > 0 {
		t.addSlowly(values)
		return
	}
	from, to, scale, counts := root.from, root.to, root.scale, t.counts[:root.bins]
	for _, v := range values {
		if i := int((v - from) * scale); uint(i) < uint(len(counts)) && v >= from && v <= to {
			counts[i]++
		} else {
			t.outside(v)
		}
	}
}

// addSlowly also looks for atoms and nodes below the first.
func (t *tally) addSlowly(values []float64) {
	g, root := t.grid, &t.grid.nodes[0]
	from, to, scale := root.from, root.to, root.scale
	child, atoms := g.child[:root.bins], t.counts[len(g.child)+2*outerBins:]
	counts := t.counts[:len(child)]
next:
	for _, v := range values {
		for i, a := range g.atoms {
			if v == a {
				atoms[i]++
				continue next
			}
		}
		if i := int((v - from) * scale); uint(i) >= uint(len(child)) || !(v >= from && v <= to) {
			t.outside(v)
		} else if at := child[i]; at == 0 {
			counts[i]++
		} else {
			t.below(at, v)
		}
	}
}

// below counts a value in the bins of a node below the first.
func (t *tally) below(at uint16, v float64) {
	for {
		n := &t.grid.nodes[at]
		i := n.base + n.bins
		switch {
		case v > n.to:
			i++
		case v >= n.from:
			i = n.base + n.bin(v)
		}
		if at = t.grid.child[i]; at == 0 {
			t.counts[i]++
			return
		}
	}
}

func (t *tally) outside(v float64) {
	n, inner := t.grid.nodes[0], len(t.grid.child)
	switch {
	case v != v || math.Abs(v) > tooBig:
		t.blank++
	case v < n.from:
		t.counts[inner+t.grid.outer(n.from-v)]++
		t.low = min(t.low, v)
	default:
		t.counts[inner+outerBins+t.grid.outer(v-n.to)]++
		t.high = max(t.high, v)
	}
}
