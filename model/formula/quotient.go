package formula

import "slices"

// ComparedQuotient finds where a line's formula compares a quotient of two amounts with something else, so that a fen by which they were rounded can decide.
// It looks into the lines that follow says. Against 0 and 1 a bare quotient is as exact as its amounts, and is left out.
func (p *Program) ComparedQuotient(line int, follow func(line int) bool) (at Span, found bool) {
	n := p.Lines[line].formula
	if n == nil {
		return at, false
	}
	comparisons := []string{"<=", ">=", "!=", "<", ">", "="}
	var search func(n *Node) bool
	search = func(n *Node) bool {
		if slices.Contains(comparisons, n.Op) {
			for i, side := range n.Args {
				if p.hasQuotient(side, follow, 0) && !exactly(side, n.Args[1-i]) {
					at = n.Span
					return true
				}
			}
		}
		return slices.ContainsFunc(n.Args, search)
	}
	return at, search(n)
}

// hasQuotient: is a plain number made of a quotient of amounts, here or in a line that follow says?
func (p *Program) hasQuotient(n *Node, follow func(line int) bool, depth int) bool {
	switch {
	case !n.dims.plain():
		return false
	case bare(n):
		return true
	case n.Op == "name":
		return n.term == "" && depth < maxDepth && follow(n.line) && p.Lines[n.line].formula != nil && p.hasQuotient(p.Lines[n.line].formula, follow, depth+1)
	}
	return slices.ContainsFunc(n.Args, func(a *Node) bool { return p.hasQuotient(a, follow, depth) })
}

// bare: is a node itself a quotient of two amounts?
func bare(n *Node) bool {
	return (n.Op == "/" || n.Op == "ratio") && n.Args[0].dims == Money.dims() && n.Args[1].dims == Money.dims()
}

// exactly: is a bare quotient compared with 0 or 1, or one less 1 with 0?
func exactly(side, with *Node) bool {
	for _, n := range []**Node{&side, &with} {
		for (*n).Op == "decimals" { // what the compiler puts around the sides of a comparison
			*n = (*n).Args[0]
		}
	}
	is := func(n *Node, value string) bool { return n.Op == "number" && n.num.String() == value }
	return bare(side) && (is(with, "0") || is(with, "1")) || side.Op == "-" && bare(side.Args[0]) && is(side.Args[1], "1") && is(with, "0")
}
