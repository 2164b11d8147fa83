package formula

import (
	"slices"

	"github.com/shopspring/decimal"
)

// folding is the formula being folded.
type folding struct {
	*folder
	line    int
	opening bool
}

// fold is a line's formula, or its opening, with all that is certain in it calculated. Nothing in the tree it is given is changed.
func (f *folder) fold(line int, tree *Node, opening bool) *Node {
	if tree == nil {
		return nil
	}
	if f.p.Lines[line].Own { // it is shown as it was written; Compile knows what went
		return tree
	}
	n := (&folding{f, line, opening}).node(tree)
	if n.Op == "absent" {
		f.errs = append(f.errs, &Error{Line: f.p.Lines[line].Name, Formula: f.p.Lines[line].Formula, Span: tree.Span, Text: Text{
			"这一行用到的数没有给出，整行没有值", "what this line is made of is absent, so the line has no value"}})
		return literal(tree, decimal.Zero)
	}
	return n
}

// literal is a constant in the place of a node.
func literal(in *Node, d decimal.Decimal) *Node {
	return &Node{Op: "number", Text: d.String(), num: d, Span: in.Span, dims: in.dims, of: in.of}
}

// from is a constant that is made of others.
func (n *Node) from(parts ...*Node) *Node {
	for _, p := range parts {
		for _, i := range p.known {
			if !slices.Contains(n.known, i) {
				n.known = append(n.known, i)
			}
		}
	}
	return n
}

func (f *folding) node(n *Node) *Node {
	switch n.Op {
	case "number", "absent":
		return n
	case "name":
		return f.name(n)
	case "is":
		asked := n.Args[0].line
		if k := f.folder.known(asked); k != nil && !k.Absent {
			return literal(n, truth(k.Input.Option == n.Args[1].Text))
		}
		if slices.Contains(f.p.Lines[asked].Never, n.Args[1].Text) {
			return literal(n, decimal.Zero)
		}
		return n
	case "prev":
		return f.prev(n)
	case "initial":
		if a := f.name(n.Args[0]); constant(a) {
			return at(a, n)
		}
		return n
	case "sum_years":
		return f.sumYears(n)
	case "when", "and", "or":
		return f.choice(n)
	}
	out := n
	for i, a := range n.Args {
		if b := f.node(a); b != a {
			if out == n {
				c := *n
				c.Args = slices.Clone(n.Args)
				out = &c
			}
			out.Args[i] = b
		}
	}
	return f.calculated(out)
}

// at is a constant, or what is absent, in the place of another node.
func at(a, in *Node) *Node {
	c := *a
	c.Span, c.dims = in.Span, in.dims
	return &c
}

func constant(n *Node) bool { return n.Op == "number" || n.Op == "absent" }

// name is the value of a line in the formula's own year: a constant, the line that takes its place, or the name as it is.
func (f *folding) name(n *Node) *Node {
	if n.term != "" {
		return n
	}
	if f.p.Lines[n.line].Input != NotInput {
		return f.input(n, n.line)
	}
	l := f.lines[n.line]
	tree := l.formula
	if f.opening {
		tree = l.opening
	}
	switch {
	case f.asked[n.line] || tree == nil:
		return n
	case tree.Op == "number":
		return literal(n, tree.num).from(tree)
	}
	return n
}

// input is the value of a known input, or its name.
func (f *folding) input(n *Node, line int) *Node {
	k := f.folder.known(line)
	switch {
	case k == nil, f.p.Lines[line].Unit == Choice:
		return n
	case k.Absent:
		return &Node{Op: "absent", Span: n.Span, dims: n.dims}
	}
	c := literal(n, k.Input.Same)
	if !isZero(c) && !(isOne(c) && (c.dims.plain() || c.dims.kind == Flag)) {
		c.known = []int{line}
	}
	return c
}

// prev is the value of a line one year before.
func (f *folding) prev(n *Node) *Node {
	i := n.Args[0].line
	l, of := &f.lines[i], f.p.Lines[i]
	if of.Input != NotInput {
		if a := f.input(n.Args[0], i); constant(a) {
			return at(a, n)
		}
		return n
	}
	if f.asked[i] {
		return n
	}
	if f.opening {
		if of.ZeroBefore && l.none && (l.opening == nil || i == f.line || isZero(l.opening)) {
			return literal(n, decimal.Zero)
		}
		return n
	}
	if d, ok := f.beforePlan(i); ok && l.before {
		l.used = true
		c := literal(n, d)
		if l.opening != nil {
			c.from(l.opening)
		}
		return c
	}
	return n
}

// sumYears is a sum over years: of none, of this year, of last year, of nothing but zeros, or as it is.
func (f *folding) sumYears(n *Node) *Node {
	from, to := f.node(n.Args[1]), f.node(n.Args[2])
	i := n.Args[0].line
	of := f.p.Lines[i]
	a, first := offset(from)
	b, last := offset(to)
	switch {
	case first && last && a > b:
		return literal(n, decimal.Zero)
	case first && last && a == 0 && b == 0 && (of.first <= f.p.Lines[f.line].first || !f.opening) && of.Last(f.p.Calendar) > f.p.Calendar.Zero():
		return f.name(n.Args[0])
	case first && last && a == -1 && b == -1 && !f.opening && (of.first <= f.p.Calendar.Zero() || of.ZeroBefore) && of.Input == NotInput:
		return f.prev(&Node{Op: "prev", Args: n.Args[:1], Span: n.Span, dims: n.dims})
	}
	if !f.p.Lines[f.line].Own && f.zeros(i) {
		return literal(n, decimal.Zero)
	}
	if from == n.Args[1] && to == n.Args[2] {
		return n
	}
	c := *n
	c.Args = []*Node{n.Args[0], from, to}
	return &c
}

// zeros: is a line 0 in every year in which it has a value?
func (f *folding) zeros(i int) bool {
	of, l := f.p.Lines[i], f.lines[i]
	if of.Input != NotInput {
		k := f.folder.known(i)
		return k != nil && !k.Absent && of.Unit != Choice && k.Input.Same.IsZero()
	}
	if f.asked[i] || of.formula != nil && (f.opening || !isZero(l.formula)) {
		return false
	}
	return of.opening == nil || isZero(l.opening)
}

// offset is how many years a node lies after the formula's own.
func offset(n *Node) (years int64, ok bool) {
	switch {
	case n.term == "year":
		return 0, true
	case n.Op == "+" || n.Op == "-":
		a, first := offset(n.Args[0])
		if b := n.Args[1]; first && b.Op == "number" && b.num.IsInteger() {
			if n.Op == "-" {
				return a - b.num.IntPart(), true
			}
			return a + b.num.IntPart(), true
		}
	}
	return 0, false
}

// choice folds what evaluates only what it needs.
func (f *folding) choice(n *Node) *Node {
	c := f.node(n.Args[0])
	if c.Op == "absent" {
		return at(c, n)
	}
	if c.Op == "number" {
		yes := !c.num.IsZero()
		switch n.Op {
		case "when":
			if yes {
				return f.node(n.Args[1])
			}
			return f.node(n.Args[2])
		case "and":
			if yes {
				return f.node(n.Args[1])
			}
		case "or":
			if !yes {
				return f.node(n.Args[1])
			}
		}
		return at(c, n)
	}
	rest := make([]*Node, 0, 2)
	for _, a := range n.Args[1:] {
		rest = append(rest, f.node(a))
	}
	last := rest[len(rest)-1]
	switch {
	case n.Op == "when" && f.alike(rest[0], rest[1]) && !fails(c):
		return rest[0]
	case n.Op == "when" && slices.ContainsFunc(rest, func(a *Node) bool { return a.Op == "absent" }):
		return &Node{Op: "absent", Span: n.Span, dims: n.dims}
	case n.Op != "when" && last.Op == "number" && last.num.IsZero() == (n.Op == "and"):
		if !fails(c) {
			return at(last, n)
		}
	case n.Op != "when" && last.Op == "number":
		return c
	case n.Op != "when" && f.alike(c, last):
		return c
	}
	out := *n
	out.Args = append([]*Node{c}, rest...)
	if slices.Equal(out.Args, n.Args) {
		return n
	}
	return &out
}
