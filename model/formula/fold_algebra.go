package formula

import (
	"slices"

	"github.com/shopspring/decimal"
)

// calculated is a node whose arguments are folded, folded itself: only by what holds exactly in every reader.
func (f *folding) calculated(n *Node) *Node {
	switch n.Op {
	case "max", "min", "sum":
		return f.several(n)
	}
	for _, a := range n.Args {
		if a.Op == "absent" {
			return at(a, n)
		}
	}
	if !slices.ContainsFunc(n.Args, func(a *Node) bool { return a.Op != "number" }) {
		if c := f.evaluated(n); c != nil {
			return c
		}
	}
	a, b := n.Args[0], n.Args[len(n.Args)-1]
	switch n.Op {
	case "+", "-":
		return f.terms(n)
	case "*":
		switch {
		case isOne(a):
			return b
		case isOne(b):
			return a
		case isZero(a) && !fails(b), isZero(b) && !fails(a):
			return literal(n, decimal.Zero)
		}
	case "/", "ratio":
		if isOne(b) {
			return a
		}
	case "power":
		switch {
		case isOne(b):
			return a
		case isOne(a) && f.p.integral(b):
			return a
		}
	case "negative":
		if a.Op == "negative" {
			return a.Args[0]
		}
	case "round":
		if !finer(a) {
			return a
		}
	case "not":
		if a.Op == "not" {
			return a.Args[0]
		}
	case "=", "!=", "<", "<=", ">", ">=":
		if yes, certain := f.compared(n.Op, a, b); certain {
			return literal(n, truth(yes)).from(a, b)
		}
	}
	return n
}

func truth(yes bool) decimal.Decimal { return flag(yes).d }

// evaluated is what a node of nothing but constants comes to; nil where that fails, or would have to be written with many decimals.
func (f *folding) evaluated(n *Node) *Node {
	if n.Op == "ratio" && isZero(n.Args[1]) {
		return nil
	}
	args := slices.Clone(n.Args)
	if slices.Contains(comparisons, n.Op) {
		places := int32(comparedPlaces)
		if slices.ContainsFunc(args, func(a *Node) bool { return a.dims == Money.dims() }) {
			places = fenPlaces
		}
		for i, a := range args {
			args[i] = literal(a, nearest(a.num, places))
		}
	}
	v := &Values{p: f.p}
	r, err := (&cell{v: v}).run(&Node{Op: n.Op, Args: args})
	if err != nil || r.blank || -r.d.Exponent() > comparedPlaces {
		return nil
	}
	return literal(n, r.d).from(n.Args...)
}

// fails: can a node be an error, where the lines it reads are none?
func fails(n *Node) bool {
	switch n.Op {
	case "/", "ln", "exp", "sqrt", "root", "annuity", "power", "round_to", "sum_years":
		return true
	}
	return slices.ContainsFunc(n.Args, fails)
}

// alike: have two nodes the same value, whatever the plan's figures?
func (f *folding) alike(a, b *Node) bool {
	if a.Op != b.Op || a.term != b.term || len(a.Args) != len(b.Args) {
		return false
	}
	switch a.Op {
	case "number":
		return a.num.Equal(b.num)
	case "name":
		return a.term != "" && a.Text == b.Text || a.term == "" && f.standsFor(a.line, false) == f.standsFor(b.line, false)
	case "prev", "sum_years":
		if f.standsFor(a.Args[0].line, true) != f.standsFor(b.Args[0].line, true) {
			return false
		}
		return slices.EqualFunc(a.Args[1:], b.Args[1:], f.alike)
	case "initial":
		return a.Args[0].line == b.Args[0].line
	case "is":
		return a.Args[0].line == b.Args[0].line && a.Args[1].Text == b.Args[1].Text
	}
	return slices.EqualFunc(a.Args, b.Args, f.alike)
}

// standsFor is the line that has the same values as another: in the plan years, or in all.
func (f *folding) standsFor(i int, always bool) int {
	if f.opening {
		return i
	}
	for f.lines[i].same != i && (!always || f.lines[i].whole) {
		if !always {
			return f.lines[i].same
		}
		i = f.lines[i].formula.line
	}
	return i
}

// term is a part of a sum, added or taken away.
type term struct {
	n     *Node
	minus bool
}

// terms folds sums and differences: what is added and taken away again goes, and so does 0.
func (f *folding) terms(n *Node) *Node {
	if n.dims.kind == Year || slices.ContainsFunc(n.Args, func(a *Node) bool { return a.dims.kind == Year }) { // year - 1 reads as it is
		if isZero(n.Args[1]) {
			return n.Args[0]
		}
		return n
	}
	all := f.split(nil, n, false)
	kept, changed := make([]term, 0, len(all)), false
	for _, t := range all {
		back := slices.IndexFunc(kept, func(o term) bool { return o.minus != t.minus && f.alike(o.n, t.n) && !fails(t.n) })
		switch {
		case isZero(t.n):
			changed = true
		case back >= 0:
			kept, changed = slices.Delete(kept, back, back+1), true
		default:
			kept = append(kept, t)
		}
	}
	if !changed {
		return n
	}
	if i := slices.IndexFunc(kept, func(t term) bool { return !t.minus }); i > 0 { // begin with what is added
		first := kept[i]
		kept = slices.Insert(slices.Delete(kept, i, i+1), 0, first)
	}
	if len(kept) == 0 {
		return literal(n, decimal.Zero)
	}
	out := kept[0].n
	if kept[0].minus {
		out = &Node{Op: "negative", Args: []*Node{out}, Span: n.Span, dims: n.dims}
	}
	for _, t := range kept[1:] {
		op := map[bool]string{false: "+", true: "-"}[t.minus]
		out = &Node{Op: op, Args: []*Node{out, t.n}, Span: n.Span, dims: n.dims}
	}
	return out
}

// split lists the terms of a sum.
func (f *folding) split(all []term, n *Node, minus bool) []term {
	switch n.Op {
	case "+", "-":
		return f.split(f.split(all, n.Args[0], minus), n.Args[1], minus != (n.Op == "-"))
	case "negative":
		return f.split(all, n.Args[0], !minus)
	}
	return append(all, term{n, minus})
}

// several folds what takes any number of arguments: absent ones go, of equal ones one stays, and 0 adds nothing.
func (f *folding) several(n *Node) *Node {
	kept := make([]*Node, 0, len(n.Args))
	for _, a := range n.Args {
		twice := n.Op != "sum" && slices.ContainsFunc(kept, func(k *Node) bool { return f.alike(k, a) && !fails(a) })
		if a.Op != "absent" && !twice && (n.Op != "sum" || !isZero(a)) {
			kept = append(kept, a)
		}
	}
	switch {
	case len(kept) == 1:
		return kept[0]
	case len(kept) == 0 && n.Op != "sum":
		return &Node{Op: "absent", Span: n.Span, dims: n.dims}
	case len(kept) == 0 && slices.ContainsFunc(n.Args, func(a *Node) bool { return a.Op == "absent" }):
		return &Node{Op: "absent", Span: n.Span, dims: n.dims}
	case len(kept) == 0:
		return literal(n, decimal.Zero).from(n.Args...)
	}
	out := n
	if len(kept) < len(n.Args) {
		c := *n
		c.Args, out = kept, &c
	}
	if !slices.ContainsFunc(kept, func(a *Node) bool { return a.Op != "number" }) {
		if c := f.evaluated(out); c != nil {
			return c
		}
	}
	return out
}

// compared is whether a comparison holds in every year, where that is certain: of two equal sides, or of years.
func (f *folding) compared(op string, a, b *Node) (yes, certain bool) {
	if f.alike(a, b) && !fails(a) {
		return op == "=" || op == "<=" || op == ">=", true
	}
	low, high, ok := f.years(a)
	least, most, both := f.years(b)
	if !ok || !both {
		return false, false
	}
	var never bool
	switch op {
	case "<":
		yes, never = high < least, low >= most
	case "<=":
		yes, never = high <= least, low > most
	case ">":
		yes, never = low > most, high <= least
	case ">=":
		yes, never = low >= most, high < least
	case "=":
		yes, never = low == high && least == most && low == least, high < least || low > most
	case "!=":
		never, yes = low == high && least == most && low == least, high < least || low > most
	}
	return yes, yes || never
}

// years is between what whole numbers a node of years lies.
func (f *folding) years(n *Node) (low, high int64, ok bool) {
	cal := f.p.Calendar
	switch {
	case n.Op == "number" && n.num.IsInteger():
		return n.num.IntPart(), n.num.IntPart(), true
	case n.term == "year" && f.opening:
		return int64(cal.First + f.p.Lines[f.line].first), int64(cal.Actual), true
	case n.term == "year":
		return int64(cal.Actual + 1), int64(cal.Last), true
	case n.term == "last_actual_year":
		return int64(cal.Actual), int64(cal.Actual), true
	case n.term == "first_year":
		return int64(cal.First), int64(cal.First), true
	case n.Op == "+" || n.Op == "-":
		a, b, first := f.years(n.Args[0])
		c, d, second := f.years(n.Args[1])
		if n.Op == "-" {
			c, d = -d, -c
		}
		return a + c, b + d, first && second
	}
	return 0, 0, false
}
