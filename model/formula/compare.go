package formula

import (
	"slices"

	"github.com/shopspring/decimal"
)

// What decides by comparing, and to how many decimals: CONVENTION.md, "Comparisons". The rounding is written into the compiled formulas, so that
// every reader does it.

const (
	comparedPlaces = 12 // of what is no amount; an amount has fenPlaces
	settledPlaces  = 24 // of a number before it is rounded: a third of an amount, three times, is the amount again
)

var comparisons = []string{"=", "!=", "<", "<=", ">", ">="}

// nearest is a number rounded half away from zero.
func nearest(d decimal.Decimal, places int32) decimal.Decimal {
	if -d.Exponent() > settledPlaces {
		d = d.Round(settledPlaces)
	}
	if -d.Exponent() > places {
		d = d.Round(places)
	}
	return d
}

// Compare tells whether a number of a unit is below another (-1), equal (0) or above (1), as a comparison in a formula does.
func Compare(a, b decimal.Decimal, unit Unit) int {
	places := int32(comparedPlaces)
	if unit == Money {
		places = fenPlaces
	}
	return nearest(a, places).Cmp(nearest(b, places))
}

// settle rounds what decides in every formula.
func (p *Program) settle() {
	p.integrals()
	for _, l := range p.Lines {
		for _, tree := range []*Node{l.formula, l.opening} {
			if tree != nil {
				p.decide(tree)
			}
		}
	}
}

// decide rounds, in a part of a formula, both sides of every comparison and every argument that is asked whether it is 0, whole or a certain year.
func (p *Program) decide(n *Node) {
	for _, a := range n.Args {
		p.decide(a)
	}
	money := slices.ContainsFunc(n.Args, func(a *Node) bool { return a.dims == Money.dims() })
	switch {
	case slices.Contains(comparisons, n.Op):
		n.Args[0], n.Args[1] = p.settled(n.Args[0], money), p.settled(n.Args[1], money)
	case n.Op == "sum_years":
		n.Args[1], n.Args[2] = p.settled(n.Args[1], false), p.settled(n.Args[2], false)
	case n.Op == "round_to":
		n.Args[1] = p.settled(n.Args[1], money)
	case n.Op == "annuity", n.Op == "power":
		n.Args[1] = p.settled(n.Args[1], false)
	case n.Op == "ratio": // divided by as it is, asked whether it is 0 when rounded
		of := n.Args[1]
		if asked := p.settled(of, of.dims == Money.dims()); asked != of {
			n.Args = append(n.Args, asked)
		}
	}
}

// settled is a node rounded as it is compared, or itself where that would change nothing.
func (p *Program) settled(n *Node, money bool) *Node {
	op := "decimals"
	switch {
	case money && !finer(n), !money && (p.integral(n) || short(n)):
		return n
	case money:
		op = "round"
	}
	return &Node{Op: op, Args: []*Node{n}, Span: n.Span, dims: n.dims}
}

// short: a constant that has no more decimals than are compared.
func short(n *Node) bool {
	if n.Op == "negative" {
		n = n.Args[0]
	}
	return n.Op == "number" && -n.num.Exponent() <= comparedPlaces
}

// integral: is the value of a node certain to be a whole number?
func (p *Program) integral(n *Node) bool {
	args := n.Args
	switch n.Op {
	case "number":
		return n.num.IsInteger()
	case "name":
		return n.line < 0 || p.Lines[n.line].integral
	case "and", "or", "not", "is", "=", "!=", "<", "<=", ">", ">=":
		return true
	case "+", "-", "*", "negative", "max", "min", "abs", "sum":
	case "when":
		args = args[1:]
	case "prev", "initial", "sum_years":
		args = args[:1]
	default:
		return false
	}
	return !slices.ContainsFunc(args, func(a *Node) bool { return !p.integral(a) })
}

// integrals marks the lines of whole numbers: inputs of years and flags, and what is made of them without dividing. It returns how many lines it looked at:
// each once, and again when one that it reads is found not to be whole.
func (p *Program) integrals() (looked int) {
	readers, ask := make([][]int, len(p.Lines)), make([]int, len(p.Lines))
	for i, l := range p.Lines {
		l.integral = l.Input == NotInput || slices.Contains([]Unit{Year, Years, Flag}, l.Unit)
		ask[i] = i
		for _, n := range []*Node{l.formula, l.opening} {
			if n != nil {
				walk(n, true, func(n *Node, _ bool) {
					if n.line >= 0 {
						readers[n.line] = append(readers[n.line], i)
					}
				})
			}
		}
	}
	for ; len(ask) > 0; looked++ { // a line may read its own last year: all are whole until one is found not to be
		i := ask[len(ask)-1]
		l := p.Lines[i]
		ask = ask[:len(ask)-1]
		if l.integral && (l.formula != nil && !p.integral(l.formula) || l.opening != nil && !p.integral(l.opening)) {
			l.integral = false
			ask = append(ask, readers[i]...)
		}
	}
	return looked
}
