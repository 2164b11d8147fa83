package formula

import (
	"slices"
	"strconv"
	"strings"
)

// Sheet says where the lines of a program stand on a worksheet: every line in a row of its own, every year in a column of its own.
type Sheet struct {
	Row     func(line int) int
	Column  func(col int) string
	YearRow int                                  // the row with the calendar years
	Choice  func(line int, option string) string // what the cell of a choice shows for an option
}

// Cell is the address of a line in a column, relative, so that a row's formula is the same in every year.
func (s Sheet) Cell(line, col int) string { return s.Column(col) + strconv.Itoa(s.Row(line)) }

// Fixed is the same with its column held.
func (s Sheet) Fixed(line, col int) string { return "$" + s.Cell(line, col) }

// Option is an option as text in a formula.
func (s Sheet) Option(line int, option string) string {
	return `"` + strings.ReplaceAll(s.Choice(line, option), `"`, `""`) + `"`
}

func (s Sheet) year(col int) string { return s.Column(col) + "$" + strconv.Itoa(s.YearRow) }

type emitter struct {
	p   *Program
	s   Sheet
	col int
	fen bool // inside what is rounded: products must be of whole fen
	own bool // a plan's own formula
}

// Excel is the text of a line's formula in a column, without the leading "=": the opening up to year 0, the formula after it.
// It is empty for inputs and where the line has no value.
func (p *Program) Excel(line, col int, s Sheet) string {
	l := p.Lines[line]
	tree := l.formula
	if col <= p.Calendar.Zero() {
		tree = l.opening
	}
	if tree == nil || col < l.first {
		return ""
	}
	return (&emitter{p: p, s: s, col: col, own: l.Own}).at(tree, 0)
}

// at writes a node where operators must bind at least as tightly as level.
func (x *emitter) at(n *Node, level int) string {
	switch n.Op {
	case "number":
		return n.num.String()
	case "name":
		switch n.term {
		case "year":
			return x.s.year(x.col)
		case "last_actual_year":
			return "$" + x.s.year(x.p.Calendar.Zero())
		case "first_year":
			return "$" + x.s.year(0)
		}
		return x.s.Cell(n.line, x.col)
	}
	if conditional(n) && level <= 3 {
		return "IF(" + x.condition(n) + ",1,0)"
	}
	text, own := functions[n.Op].excel(x, n), functions[n.Op].level
	if own > 0 && own < level {
		return "(" + text + ")"
	}
	return text
}

// conditional: a node that Excel computes as TRUE or FALSE, where a cell holds 1 or 0.
func conditional(n *Node) bool {
	return slices.Contains([]string{"=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "is"}, n.Op)
}

func (x *emitter) condition(n *Node) string {
	if conditional(n) {
		return functions[n.Op].excel(x, n)
	}
	return x.at(n, 4) + "=1"
}

// conditions flattens a chain of one operator, so that AND(AND(a,b),c) reads AND(a,b,c).
func (x *emitter) conditions(op string, n *Node) string {
	if n.Op != op {
		return x.condition(n)
	}
	return x.conditions(op, n.Args[0]) + "," + x.conditions(op, n.Args[1])
}

// amount writes money that a comparison or a product is about to use. An amount is whole fen, but a sum of doubles is so only nearly, and
// half a fen would then go either way: it is taken to the fen first, unless it is whole for certain or not meant to be yet.
func (x *emitter) amount(n *Node, level int) string {
	if n.dims != Money.dims() || x.p.whole(n) || finer(n) {
		return x.at(n, level)
	}
	return "ROUND(" + x.at(n, 0) + ",6)"
}

// whole: does the node hold an exact number of fen on a sheet, not just nearly?
func (p *Program) whole(n *Node) bool {
	switch n.Op {
	case "number", "round":
		return true
	case "name":
		return n.line >= 0 && p.Lines[n.line].whole
	case "prev":
		return p.whole(n.Args[0])
	case "when":
		return p.whole(n.Args[1]) && p.whole(n.Args[2])
	case "max", "min":
		return !slices.ContainsFunc(n.Args, func(a *Node) bool { return !p.whole(a) })
	}
	return false
}

// wholes marks the lines that are whole fen on a sheet: inputs, and formulas of nothing but rounded amounts.
func (p *Program) wholes() {
	for _, l := range p.Lines {
		l.whole = l.Input != NotInput
	}
	for _, i := range slices.Concat(p.opening, p.order) {
		l := p.Lines[i]
		l.whole = (l.formula == nil || p.whole(l.formula)) && (l.opening == nil || p.whole(l.opening))
	}
}

func compared(op string) func(*emitter, *Node) string {
	return func(x *emitter, n *Node) string { return x.amount(n.Args[0], 4) + op + x.amount(n.Args[1], 4) }
}

func operator(op string) func(*emitter, *Node) string {
	return func(x *emitter, n *Node) string {
		level := functions[n.Op].level
		if op == "+" || op == "-" || !x.fen {
			return x.at(n.Args[0], level) + op + x.at(n.Args[1], level+1)
		}
		return x.amount(n.Args[0], level) + op + x.amount(n.Args[1], level+1)
	}
}

func call(name string) func(*emitter, *Node) string {
	return func(x *emitter, n *Node) string {
		args := make([]string, len(n.Args))
		for i, a := range n.Args {
			args[i] = x.at(a, 0)
		}
		return name + "(" + strings.Join(args, ",") + ")"
	}
}

// sum writes runs of rows that stand one under the other as ranges.
func (x *emitter) sum(n *Node) string {
	if len(n.Args) == 0 {
		return "0"
	}
	var parts []string
	for i := 0; i < len(n.Args); {
		j := i + 1
		for j < len(n.Args) && x.below(n.Args[j-1], n.Args[j]) {
			j++
		}
		part := x.at(n.Args[i], 0)
		if j > i+1 {
			part += ":" + x.at(n.Args[j-1], 0)
		}
		parts, i = append(parts, part), j
	}
	if len(n.Args) == 1 && n.Args[0].Op == "name" {
		return parts[0]
	}
	return "SUM(" + strings.Join(parts, ",") + ")"
}

func (x *emitter) below(a, b *Node) bool {
	return a.Op == "name" && b.Op == "name" && a.term == "" && b.term == "" && x.s.Row(b.line) == x.s.Row(a.line)+1
}

// sumYears picks years by the header row; the range grows to the right, so that no cell refers to a later year. Where a plan's own formula lets an input say
// which years, a sum that would be short, in exact an error, is one here too.
func (x *emitter) sumYears(n *Node) string {
	line, from, to := n.Args[0].line, x.at(n.Args[1], 4), x.at(n.Args[2], 4)
	first := "$" + x.s.year(0) + ":" + x.s.year(x.col)
	text := "SUMPRODUCT((" + first + ">=" + from + ")*(" + first + "<=" + to + ")*" + x.s.Fixed(line, 0) + ":" + x.s.Cell(line, x.col) + ")"
	if l := x.p.Lines[line]; x.own && !l.ZeroBefore && (readsLine(n.Args[1]) || readsLine(n.Args[2])) {
		return "IF(AND(" + from + "<=" + to + ",OR(" + from + "<$" + x.s.year(l.first) + "," + to + ">" + x.s.year(x.col) + ")),1/0," + text + ")"
	}
	return text
}

// readsLine: is the node made of more than numbers and the years of the calendar?
func readsLine(n *Node) bool {
	return n.Op == "name" && n.term == "" || slices.ContainsFunc(n.Args, readsLine)
}

// power guards an exponent that may be 0: Excel has no 0^0, which is 1 elsewhere.
func (x *emitter) power(n *Node) string {
	text := x.at(n.Args[0], 7) + "^" + x.at(n.Args[1], 7)
	if n.Args[1].Op == "number" && !n.Args[1].num.IsZero() {
		return text
	}
	return "IF(" + x.at(n.Args[1], 4) + "=0,1," + text + ")"
}

// rounding writes a rounded number; amounts that are multiplied in it are whole fen.
func rounding(places int) func(*emitter, *Node) string {
	return func(x *emitter, n *Node) string {
		outer := x.fen
		x.fen = true
		text := "ROUND(" + x.at(n.Args[0], 0) + "," + strconv.Itoa(places) + ")"
		x.fen = outer
		return text
	}
}
