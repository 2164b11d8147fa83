package formula

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Read is a cell that an evaluation looked at.
type Read struct{ Line, Year int }

// Explanation says why a cell has its value.
type Explanation struct {
	Words   string // the formula, each name by its label
	Numbers string // the same with the numbers in it
	Reads   []Read // what was really looked at, in order: not the branch of a when that was not taken
}

// Explain says why a line has its value in a year. labels gives a line's name for readers, shown writes a number.
// For an input both texts are empty: its source is the plan file.
func (p *Program) Explain(v *Values, line, year int, lang Lang, labels func(line int) string, shown func(line int, d decimal.Decimal) string) Explanation {
	l, col := p.Lines[line], p.Calendar.Col(year)
	tree := l.formula
	if col <= p.Calendar.Zero() {
		tree = l.opening
	}
	if tree == nil {
		return Explanation{}
	}
	var e Explanation
	c := &cell{v: v, line: line, col: col}
	c.seen = func(line, col int) {
		r := Read{line, p.Calendar.First + col}
		if !slices.Contains(e.Reads, r) {
			e.Reads = append(e.Reads, r)
		}
	}
	c.run(tree)
	s := &speaker{p: p, v: v, col: col, lang: lang, labels: labels, shown: shown}
	e.Words = s.say(tree, 0)
	s.numbers = true
	e.Numbers = s.say(tree, 0)
	return e
}

type speaker struct {
	p       *Program
	v       *Values
	col     int
	lang    Lang
	labels  func(line int) string
	shown   func(line int, d decimal.Decimal) string
	numbers bool
}

// spokenLevel is how tightly words bind that are functions in Excel.
var spokenLevel = map[string]int{"when": 1, "sum_years": 1, "or": 1, "and": 2, "ratio": 5}

func (s *speaker) say(n *Node, level int) string {
	switch n.Op {
	case "number":
		return n.Text
	case "name":
		return s.name(n, s.col)
	case "decimals": // numbers are shown with as many
		return s.say(n.Args[0], level)
	}
	f := functions[n.Op]
	if s.numbers {
		switch n.Op {
		case "prev":
			return s.name(n.Args[0], s.col-1)
		case "initial":
			return s.name(n.Args[0], s.p.Calendar.Zero()+1)
		case "sum_years":
			return s.years(n)
		}
	}
	binds := spoken(n.Op, f)
	args := make([]string, len(n.Args))
	pairs := make([]string, 0, 2*len(args)+4)
	for i, a := range n.Args {
		args[i] = s.say(a, binds+min(i, 1))
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", args[i])
	}
	pairs = append(pairs, "{*}", strings.Join(args, s.pick(Text{"，", ", "})), "{+}", strings.Join(args, " + "))
	text := strings.NewReplacer(pairs...).Replace(f.says.In(s.lang))
	if binds > 0 && binds < level {
		text = "(" + text + ")"
	}
	return text
}

func (s *speaker) pick(t Text) string { return t.In(s.lang) }

func (s *speaker) name(n *Node, col int) string {
	switch n.term {
	case "year":
		if s.numbers {
			return strconv.Itoa(s.p.Calendar.First + col)
		}
		return s.pick(Text{"年份", "year"})
	case "last_actual_year":
		if s.numbers {
			return strconv.Itoa(s.p.Calendar.Actual)
		}
		return s.pick(Text{"末个实绩年", "last actual year"})
	case "first_year":
		if s.numbers {
			return strconv.Itoa(s.p.Calendar.First)
		}
		return s.pick(Text{"首个历史年", "first history year"})
	case "option":
		return n.Text
	}
	if !s.numbers {
		return "[" + s.labels(n.line) + "]"
	}
	if s.p.Lines[n.line].Unit == Choice {
		return s.v.Option(n.line)
	}
	d, blank, there := s.v.At(n.line, col)
	if blank || !there {
		return "-"
	}
	if d.Sign() < 0 {
		return "(" + s.shown(n.line, d) + ")"
	}
	return s.shown(n.line, d)
}

// years writes a sum over years as the numbers that were added.
func (s *speaker) years(n *Node) string {
	line, terms := n.Args[0].line, []string(nil)
	c := &cell{v: s.v, col: s.col}
	c.seen = func(at, col int) {
		if at == line {
			terms = append(terms, s.name(n.Args[0], col))
		}
	}
	c.run(n)
	if len(terms) == 0 {
		return "0"
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " + ") + ")"
}
