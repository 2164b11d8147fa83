package formula

import "math"

// One translation into steps per function of the language; see functions.go.

// batchFixed is a part that does not vary, computed exactly. A choice never varies: another option is another book.
func batchFixed(b *batcher, n *Node, exp int) ref {
	c := &cell{v: b.complete, line: b.line, col: b.col}
	v, err := c.run(n)
	return b.exact(v, err == nil, exp)
}

// batchChain folds the arguments with a step that joins two.
func batchChain(join func(b *batcher, x, y ref) ref) func(*batcher, *Node, int) ref {
	return func(b *batcher, n *Node, exp int) ref {
		exp = common(n.Args, exp)
		var varying ref = none
		var fixed ref = none
		for _, a := range n.Args {
			r := b.node(a, exp)
			into := &varying
			if _, ok := b.fixed(r); ok { // constants together: then one step joins them all
				into = &fixed
			}
			if *into == none {
				*into = r
			} else {
				*into = join(b, *into, r)
			}
		}
		switch {
		case varying == none && fixed == none:
			return b.constant(0)
		case varying == none:
			return fixed
		case fixed == none:
			return varying
		}
		return join(b, varying, fixed)
	}
}

// batchPair translates two arguments of the same unit.
func batchPair(join func(b *batcher, x, y ref) ref) func(*batcher, *Node, int) ref {
	return func(b *batcher, n *Node, exp int) ref {
		exp = common(n.Args, exp)
		return join(b, b.node(n.Args[0], exp), b.node(n.Args[1], exp))
	}
}

// batchCompare is batchPair for conditions: constants beside constants count as plain numbers.
func batchCompare(join func(b *batcher, x, y ref) ref) func(*batcher, *Node, int) ref {
	pair := batchPair(join)
	return func(b *batcher, n *Node, _ int) ref { return pair(b, n, 0) }
}

// batchPlain translates arguments each in its own unit, whose powers of money add up by themselves.
func batchPlain(join func(b *batcher, args []ref) ref) func(*batcher, *Node, int) ref {
	return func(b *batcher, n *Node, _ int) ref {
		args := make([]ref, len(n.Args))
		for i, a := range n.Args {
			args[i] = b.node(a, 0)
		}
		return join(b, args)
	}
}

// batchDecimals rounds what is no amount as it is compared: to so many decimals in the book's unit.
func batchDecimals(b *batcher, n *Node, exp int) ref {
	x, parts := b.node(n.Args[0], exp), math.Pow10(comparedPlaces-fenPlaces*exp)
	if k, ok := b.fixed(x); ok {
		return b.constant(toParts(k, parts))
	}
	if b.facts[x].whole && parts >= 1 {
		return x
	}
	return b.add(step{op: opDecimals, a: x, k: parts})
}

// ratio is x / y, NaN where y is 0, or what y is when it is compared.
func (b *batcher) ratio(x []ref) ref {
	over := b.over(x[0], x[1])
	if len(x) == 2 {
		return over
	}
	return b.choose(b.equal(x[2], b.constant(0)), b.constant(math.NaN()), over)
}

// toMultiple is x to the nearest multiple of a step, NaN where the step is not above 0.
func (b *batcher) toMultiple(x, step ref) ref {
	multiple := b.times(b.rounded(b.over(x, step)), step)
	return b.choose(b.less(b.constant(0), step), multiple, b.constant(math.NaN()))
}

func batchWhen(b *batcher, n *Node, exp int) ref {
	condition := b.node(n.Args[0], 0)
	exp = common(n.Args[1:], exp)
	if k, ok := b.fixed(condition); ok && k == k {
		if k != 0 {
			return b.node(n.Args[1], exp)
		}
		return b.node(n.Args[2], exp)
	}
	return b.choose(condition, b.node(n.Args[1], exp), b.node(n.Args[2], exp))
}

// batchSumYears adds the years asked for. Where the years themselves vary, every year counts where it is asked for; years that must not be
// asked for give NaN, as they are errors in exact.
func batchSumYears(b *batcher, n *Node, _ int) ref {
	line, cal := n.Args[0].line, b.p.Calendar
	l := b.p.Lines[line]
	from, to := b.node(n.Args[1], 0), b.node(n.Args[2], 0)
	total := b.constant(0)
	bad := b.constant(math.NaN())
	add := func(year int, part ref) {
		asked := b.asked(from, to, float64(year))
		if k, ok := b.fixed(asked); ok && k == 0 {
			return
		}
		total = b.plus(total, b.choose(asked, part, b.constant(0)))
	}
	for col := 0; col <= b.col; col++ {
		if col < l.first || col > l.Last(cal) {
			add(cal.First+col, bad)
			continue
		}
		if k, ok := b.fixed(b.asked(from, to, float64(cal.First+col))); ok && k == 0 {
			continue
		}
		add(cal.First+col, b.cell(line, col))
	}
	for year := cal.First + b.col + 1; year <= cal.Last+1; year++ {
		add(year, bad)
	}
	if !l.ZeroBefore {
		add(cal.First-1, bad)
	}
	return total
}

// asked is 1 where a year lies within from..to.
func (b *batcher) asked(from, to ref, year float64) ref {
	f, fixedFrom := b.fixed(from)
	t, fixedTo := b.fixed(to)
	if fixedFrom && fixedTo {
		return b.constant(within(f, t, year))
	}
	return b.add(step{op: opWholeYears, a: from, b: to, k: year})
}

func batchAnnuity(b *batcher, n *Node, exp int) ref {
	rate, periods, principal := b.node(n.Args[0], 0), b.node(n.Args[1], 0), b.node(n.Args[2], exp)
	kr, fixedRate := b.fixed(rate)
	kn, fixedPeriods := b.fixed(periods)
	if fixedRate && fixedPeriods {
		return b.times(principal, b.constant(levelPayment(kr, kn, 1)))
	}
	return b.add(step{op: opAnnuity, a: rate, b: periods, c: principal})
}

func batchSqrt(b *batcher, n *Node, _ int) ref {
	return b.add(step{op: opRoot, a: b.node(n.Args[0], 0), b: b.constant(2)})
}
