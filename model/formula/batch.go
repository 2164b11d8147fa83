package formula

import (
	"math"
	"slices"
)

// Batch is a book prepared for many evaluations in float64: a straight list of steps over blocks of numbers, holding only what depends on the
// inputs that vary and is needed by the cells that are wanted. All else was folded once, from exact decimals.
//
// Amounts are counted in fen here, not in 万元: whole fen are whole doubles, so sums, differences and comparisons of amounts are exact and half
// a fen is recognised. CONVENTION.md says what follows.
type Batch struct {
	steps   []step
	inputs  []int     // step of each varying cell
	outputs []ref     // of each wanted cell
	divisor []float64 // of each wanted cell: by what its numbers are divided to be in the book's unit
	parts   []float64 // of each wanted cell: to how many parts of 1 its numbers are compared
	places  []int32   // the register of each step
	size    int       // registers
}

// AllYears as the column of a varying cell stands for an input that is one number for all years.
const AllYears = -1

// Cell is a line in a column.
type Cell struct{ Line, Col int }

// ref is the place of a step; the value of a step is what later steps refer to.
type ref int32

// step computes one value from those of earlier steps and a constant.
type step struct {
	op      op
	a, b, c ref
	k       float64
}

type op uint8

// The steps. K marks an operand that is a constant.
const (
	opConst op = iota
	opInput
	opFen // an amount in 万元 becomes whole fen
	opAdd
	opAddK
	opSub
	opKSub
	opMul
	opMulK
	opDiv
	opDivK
	opRound
	opRoundMul
	opRoundMulK
	opDecimals // rounded to so many parts of 1
	opAbs
	opMax
	opMaxK
	opMin
	opMinK
	opAbove0 // max(a - b, 0)
	opEqual
	opLess
	opEqualNear
	opLessNear
	opSelect
	opPick // a select whose branches may be NaN
	opAnnuity
	opPower
	opLn
	opExp
	opRoot
	opWholeYears // 1 where k lies in a..b
)

// facts are what is known of a step's value.
type facts struct {
	whole bool // a whole number: an amount of whole fen, a flag, a count
	risky bool // may be NaN
}

// batcher translates formulas into steps.
type batcher struct {
	p        *Program
	complete *Values
	steps    []step
	facts    []facts
	known    map[step]ref
	varies   []bool // by cell
	cells    []ref  // by cell; none until translated

	line, col int // whose formula is being translated
}

const none ref = -1

// Batch prepares the book for blocks of values of the varying cells, which are inputs. complete is an exact evaluation with the same options.
func (p *Program) Batch(complete *Values, varying, wanted []Cell) *Batch {
	n := p.Calendar.Columns()
	b := &batcher{p: p, complete: complete, known: map[step]ref{}, varies: make([]bool, len(p.Lines)*n), cells: make([]ref, len(p.Lines)*n)}
	for i := range b.cells {
		b.cells[i] = none
	}
	out := &Batch{}
	for i, v := range varying {
		in := b.add(step{op: opInput, k: float64(i)})
		out.inputs = append(out.inputs, int(in))
		l := p.Lines[v.Line]
		switch exp := l.Unit.dims().money; {
		case l.Unit == Money:
			in = b.add(step{op: opFen, a: in})
		case exp != 0:
			in = b.times(in, b.constant(math.Pow10(fenPlaces*int(exp))))
		default:
			b.facts[in].whole = l.Unit == Flag || l.Unit == Year || l.Unit == Years
		}
		from, to := v.Col, v.Col
		if v.Col == AllYears {
			from, to = l.first, l.Last(p.Calendar)
		}
		for col := from; col <= to; col++ {
			b.varies[v.Line*n+col], b.cells[v.Line*n+col] = true, in
		}
	}
	b.spread()
	for _, w := range wanted {
		out.outputs = append(out.outputs, b.cell(w.Line, w.Col))
		exp, places := int(p.Lines[w.Line].Unit.dims().money), comparedPlaces
		if p.Lines[w.Line].Unit == Money {
			places = fenPlaces
		}
		out.divisor = append(out.divisor, math.Pow10(fenPlaces*exp))
		out.parts = append(out.parts, math.Pow10(places-fenPlaces*exp))
	}
	out.steps = b.steps
	out.prune()
	out.allocate()
	return out
}

// spread marks every cell that depends on a varying one, in the order of evaluation.
func (b *batcher) spread() {
	n := b.p.Calendar.Columns()
	mark := func(i, col int, tree *Node) {
		b.line, b.col = i, col
		b.varies[i*n+col] = b.varying(tree)
	}
	for col := range n {
		if col > b.p.Calendar.Zero() {
			for _, i := range b.p.order {
				mark(i, col, b.p.Lines[i].formula)
			}
			continue
		}
		for _, i := range b.p.opening {
			if l := b.p.Lines[i]; col >= l.first {
				mark(i, col, l.opening)
			}
		}
	}
}

// varying: does a node of the current formula read a varying cell?
func (b *batcher) varying(tree *Node) bool {
	n := b.p.Calendar.Columns()
	switch tree.Op {
	case "number":
		return false
	case "name":
		return tree.term == "" && tree.line >= 0 && b.varies[tree.line*n+b.col]
	case "is":
		return false
	case "prev":
		return b.col > 0 && b.varies[tree.Args[0].line*n+b.col-1]
	case "initial":
		return b.varies[tree.Args[0].line*n+b.p.Calendar.Zero()+1]
	case "sum_years":
		line := tree.Args[0].line
		return slices.Contains(b.varies[line*n:line*n+b.col+1], true) || b.varying(tree.Args[1]) || b.varying(tree.Args[2])
	}
	return slices.ContainsFunc(tree.Args, b.varying)
}

// cell is the value of a line in a column.
func (b *batcher) cell(line, col int) ref {
	at := line*b.p.Calendar.Columns() + col
	if b.cells[at] != none {
		return b.cells[at]
	}
	l := b.p.Lines[line]
	exp := int(l.Unit.dims().money)
	if !b.varies[at] {
		b.cells[at] = b.exact(b.complete.cells[at], b.complete.there[at], exp)
		return b.cells[at]
	}
	tree := l.formula
	if col <= b.p.Calendar.Zero() {
		tree = l.opening
	}
	outerLine, outerCol := b.line, b.col
	b.line, b.col = line, col
	b.cells[at] = b.node(tree, exp)
	b.line, b.col = outerLine, outerCol
	return b.cells[at]
}

// exact is the constant an exact value stands for; exp is the power of money in its unit.
func (b *batcher) exact(v value, there bool, exp int) ref {
	if v.blank || !there {
		return b.constant(math.NaN())
	}
	return b.constant(v.d.Shift(int32(fenPlaces * exp)).InexactFloat64())
}

// exp is the power of money in a node's unit; a constant takes that of what it stands beside.
func (n *Node) exp(beside int) int {
	if n.dims.any {
		return beside
	}
	return int(n.dims.money)
}

// common is the power of money that all nodes share, if any says one.
func common(nodes []*Node, beside int) int {
	for _, n := range nodes {
		if !n.dims.any {
			return int(n.dims.money)
		}
	}
	return beside
}

// node translates a part of the current formula.
func (b *batcher) node(n *Node, beside int) ref {
	exp := n.exp(beside)
	if !b.varying(n) {
		return batchFixed(b, n, exp)
	}
	if n.Op == "name" {
		return b.cell(n.line, b.col)
	}
	return functions[n.Op].batch(b, n, exp)
}

func (b *batcher) add(s step) ref {
	if s.op == opConst && s.k != s.k {
		s.k = math.NaN() // one of them
		for i, old := range b.steps {
			if old.op == opConst && old.k != old.k {
				return ref(i)
			}
		}
	}
	if r, ok := b.known[s]; ok {
		return r
	}
	r := ref(len(b.steps))
	b.steps, b.facts = append(b.steps, s), append(b.facts, b.about(s))
	b.known[s] = r
	return r
}

// about says what is known of a step's value from those of its operands.
func (b *batcher) about(s step) (f facts) {
	a := func() facts { return b.facts[s.a] }
	both := func() facts {
		x, y := b.facts[s.a], b.facts[s.b]
		return facts{x.whole && y.whole, x.risky || y.risky}
	}
	wholeK := s.k == math.Trunc(s.k)
	switch s.op {
	case opConst:
		return facts{whole: wholeK, risky: s.k != s.k}
	case opFen, opWholeYears, opRound, opRoundMulK:
		return facts{whole: true, risky: s.op != opFen && a().risky}
	case opRoundMul:
		return facts{whole: true, risky: both().risky}
	case opAbs, opDecimals:
		return a()
	case opAddK, opKSub, opMaxK, opMinK, opMulK:
		return facts{whole: a().whole && wholeK, risky: a().risky}
	case opAdd, opSub, opMul, opMax, opMin, opAbove0:
		return both()
	case opEqual, opLess, opEqualNear, opLessNear:
		return facts{whole: true, risky: both().risky}
	case opSelect, opPick:
		f = facts{b.facts[s.b].whole && b.facts[s.c].whole, s.op == opPick}
		return f
	case opDivK:
		return facts{risky: a().risky || s.k == 0}
	case opDiv, opAnnuity, opPower, opLn, opExp, opRoot:
		return facts{risky: true}
	}
	return facts{}
}

func (b *batcher) constant(k float64) ref { return b.add(step{op: opConst, k: k}) }

// fixed is the constant a value is, if it is one.
func (b *batcher) fixed(r ref) (k float64, ok bool) { return b.steps[r].k, b.steps[r].op == opConst }

func (b *batcher) bothFixed(x, y ref) (k, l float64, both bool) {
	k, one := b.fixed(x)
	l, other := b.fixed(y)
	return k, l, one && other
}

func (b *batcher) plus(x, y ref) ref {
	if _, ok := b.fixed(x); ok {
		x, y = y, x
	}
	k, ok := b.fixed(y)
	if kx, both := b.fixed(x); both {
		return b.constant(kx + k)
	}
	if !ok {
		return b.add(step{op: opAdd, a: min(x, y), b: max(x, y)})
	}
	return b.plusK(x, k)
}

func (b *batcher) plusK(x ref, k float64) ref {
	whole := k == math.Trunc(k) && b.facts[x].whole
	switch s := b.steps[x]; {
	case k == 0:
		return x
	case whole && s.op == opAddK:
		return b.plusK(s.a, s.k+k)
	case whole && s.op == opKSub:
		return b.add(step{op: opKSub, a: s.a, k: s.k + k})
	}
	return b.add(step{op: opAddK, a: x, k: k})
}

func (b *batcher) minus(x, y ref) ref {
	if k, ok := b.fixed(y); ok {
		return b.plus(x, b.constant(-k))
	}
	if k, ok := b.fixed(x); ok {
		return b.add(step{op: opKSub, a: y, k: k})
	}
	if x == y && !b.facts[x].risky {
		return b.constant(0)
	}
	return b.add(step{op: opSub, a: x, b: y})
}

func (b *batcher) times(x, y ref) ref {
	if _, ok := b.fixed(x); ok {
		x, y = y, x
	}
	k, ok := b.fixed(y)
	switch kx, both := b.fixed(x); {
	case both:
		return b.constant(kx * k)
	case !ok:
		return b.add(step{op: opMul, a: min(x, y), b: max(x, y)})
	case k == 0 && !b.facts[x].risky:
		return y
	case k == 1:
		return x
	}
	return b.add(step{op: opMulK, a: x, k: k})
}

func (b *batcher) over(x, y ref) ref {
	if k, ok := b.fixed(y); ok {
		if k == 0 {
			return b.constant(math.NaN())
		}
		return b.add(step{op: opDivK, a: x, k: k})
	}
	return b.add(step{op: opDiv, a: x, b: y})
}

func (b *batcher) rounded(x ref) ref {
	if k, ok := b.fixed(x); ok {
		return b.constant(roundFen(k))
	}
	s := b.steps[x]
	switch {
	case b.facts[x].whole:
		return x
	case s.op == opMul:
		return b.add(step{op: opRoundMul, a: s.a, b: s.b})
	case s.op == opMulK:
		return b.add(step{op: opRoundMulK, a: s.a, k: s.k})
	}
	return b.add(step{op: opRound, a: x})
}

// larger is max(x, y), or min(x, y) if it is turned.
func (b *batcher) larger(x, y ref, turned bool) ref {
	if _, ok := b.fixed(x); ok {
		x, y = y, x
	}
	k, ok := b.fixed(y)
	kx, both := b.fixed(x)
	pair, one := opMax, opMaxK
	if turned {
		pair, one = opMin, opMinK
	}
	switch {
	case x == y:
		return x
	case both && turned:
		return b.constant(min(kx, k))
	case both:
		return b.constant(max(kx, k))
	case ok && k == 0 && !turned && b.steps[x].op == opSub && b.facts[x].whole:
		return b.add(step{op: opAbove0, a: b.steps[x].a, b: b.steps[x].b})
	case ok:
		return b.add(step{op: one, a: x, k: k})
	}
	return b.add(step{op: pair, a: min(x, y), b: max(x, y)})
}

// negated is 1 where a flag is 0.
func (b *batcher) negated(x ref) ref { return b.minus(b.constant(1), x) }

// equal and less compare: whole numbers exactly, all else with the tolerance of the convention.
func (b *batcher) equal(x, y ref) ref {
	whole := b.facts[x].whole && b.facts[y].whole
	if k, l, both := b.bothFixed(x, y); both {
		return b.constant(one(k == l || !whole && near(k, l)) + 0*(k-l))
	}
	if whole {
		return b.add(step{op: opEqual, a: min(x, y), b: max(x, y)})
	}
	return b.add(step{op: opEqualNear, a: min(x, y), b: max(x, y)})
}

func (b *batcher) less(x, y ref) ref {
	whole := b.facts[x].whole && b.facts[y].whole
	if k, l, both := b.bothFixed(x, y); both {
		return b.constant(one(k < l && (whole || !near(k, l))) + 0*(k-l))
	}
	if whole {
		return b.add(step{op: opLess, a: x, b: y})
	}
	return b.add(step{op: opLessNear, a: x, b: y})
}

func (b *batcher) choose(condition, x, y ref) ref {
	if k, ok := b.fixed(condition); ok {
		switch {
		case k != k:
			return condition
		case k != 0:
			return x
		}
		return y
	}
	if x == y && !b.facts[condition].risky {
		return x
	}
	if b.facts[x].risky || b.facts[y].risky || b.facts[condition].risky {
		return b.add(step{op: opPick, a: condition, b: x, c: y})
	}
	if k, ok := b.fixed(y); ok && k == 0 {
		return b.times(condition, x)
	}
	if k, ok := b.fixed(x); ok && k == 0 {
		return b.times(b.negated(condition), y)
	}
	return b.add(step{op: opSelect, a: condition, b: x, c: y})
}

// Divisor is by what the numbers of a wanted cell are divided to be in the book's unit: amounts come in fen.
func (b *Batch) Divisor(wanted int) float64 { return b.divisor[wanted] }

// Above counts where one run's numbers of a wanted cell are above another's, as a comparison in a formula would.
func (b *Batch) Above(wanted int, x, y []float64) (n int64) {
	parts := b.parts[wanted]
	for i, v := range x {
		switch {
		case !(v > y[i]):
		case parts == 1: // whole fen
			n++
		default:
			n += int64(above(toParts(v, parts), toParts(y[i], parts)))
		}
	}
	return n
}

// Steps is how many steps one block takes.
func (b *Batch) Steps() int { return len(b.steps) }

// Constant is the value of a wanted cell that does not vary.
func (b *Batch) Constant(wanted int) (float64, bool) {
	s := b.steps[b.outputs[wanted]]
	return s.k, s.op == opConst
}
