package formula

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// result is the lines that stay, each with its formula as folded, and those that went.
func (f *folder) result() *Folded {
	result := &Folded{}
	out := make([]bool, len(f.lines))
	for i := range f.lines {
		out[i] = f.goes(i)
	}
	for i := range f.lines { // what matters more takes the formula of what goes
		if l := &f.lines[i]; out[i] && l.heir {
			by := &f.lines[l.by]
			by.formula = l.formula
			if by.opening != nil && by.opening.Op == "name" && by.opening.line == i {
				by.opening = l.opening
			}
		}
	}
	unused := f.unused(out)
	c := &checker{p: f.p}
	for i, l := range f.p.Lines {
		line := l.Line
		line.Options = slices.DeleteFunc(slices.Clone(l.Options), func(option string) bool { return slices.Contains(l.Never, option) })
		switch {
		case out[i]:
			result.Gone = append(result.Gone, f.left(i, unused))
			continue
		case unused[i]:
			result.Gone = append(result.Gone, Gone{Name: l.Name, Unit: l.Unit, Unused: true})
			continue
		}
		if w := (&formulaText{f: f, c: c, line: l}); !l.Own {
			line.Formula, line.Opening = w.text(f.lines[i].formula, l.formula, l.Formula), w.text(f.lines[i].opening, l.opening, l.Opening)
		}
		result.Lines = append(result.Lines, line)
	}
	return result
}

// left is what answers for a line that goes.
func (f *folder) left(i int, unused []bool) Gone {
	l, g := f.lines[i], Gone{Name: f.p.Lines[i].Name, Unit: f.p.Lines[i].Unit}
	switch k := f.known(i); {
	case k != nil && (k.Absent || g.Unit == Choice):
		g.Unused = true
	case k != nil:
		g.Always = k.Input.Same
	case l.by >= 0 && unused[f.finally(i)]:
		g.Unused = true
	case l.by >= 0:
		g.By = f.p.Lines[f.finally(i)].Name
	case l.formula != nil:
		g.Always = l.formula.num
	default:
		g.Always = l.opening.num
	}
	return g
}

// finally is the line that stands where a line stood.
func (f *folder) finally(i int) int {
	for f.lines[i].by >= 0 && f.goes(i) {
		i = f.lines[i].by
	}
	return i
}

// unused are the steps that formulas read before, and that none reads any more.
func (f *folder) unused(out []bool) []bool {
	read, unused := make([]int, len(f.lines)), make([]bool, len(f.lines))
	count := func(i, by int) {
		for _, tree := range []*Node{f.lines[i].formula, f.lines[i].opening} {
			visitAll(tree, func(n *Node) {
				if n.Op == "name" && n.term == "" && f.finally(n.line) != i {
					read[f.finally(n.line)] += by
				}
			})
		}
	}
	for i := range f.lines {
		if !out[i] {
			count(i, 1)
		}
	}
	for found := true; found; {
		found = false
		for i, l := range f.p.Lines {
			if l.Weight == Step && l.Input == NotInput && !f.asked[i] && !out[i] && !unused[i] && l.readers > 0 && read[i] == 0 {
				unused[i], found = true, true
				count(i, -1)
			}
		}
	}
	return unused
}

// constants are the lines that stand for what is the same in every year, after those of the book: so every reader has a value for their names.
func constants(gone []Gone) (lines []Line) {
	for _, g := range gone {
		if g.By == "" && !g.Unused {
			lines = append(lines, Line{Name: g.Name, Unit: g.Unit, Formula: g.Always.String(), Opening: g.Always.String(), Past: true})
		}
	}
	return lines
}

// substitute writes constants for the names of the lines from first on.
func (p *Program) substitute(first int) {
	if first == len(p.Lines) {
		return
	}
	for _, l := range p.Lines[:first] {
		for _, tree := range []*Node{l.formula, l.opening} {
			visitAll(tree, func(n *Node) {
				for i, a := range n.Args {
					of := a
					if a.Op == "prev" {
						of = a.Args[0]
					}
					if n.Op != "sum_years" || i > 0 {
						n.Args[i] = p.constant(a, of, first)
					}
				}
				if n.Op == "sum" && len(n.Args) > 1 {
					n.Args = slices.DeleteFunc(n.Args, isZero)
				}
			})
		}
		for _, tree := range []**Node{&l.formula, &l.opening} {
			if *tree != nil {
				of := *tree
				if of.Op == "prev" {
					of = of.Args[0]
				}
				*tree = p.constant(*tree, of, first)
			}
		}
	}
}

// constant is a node, or the number it stands for if it reads one of the lines from first on.
func (p *Program) constant(n, of *Node, first int) *Node {
	if of.Op != "name" || of.term != "" || of.line < first {
		return n
	}
	d, _ := decimal.NewFromString(p.Lines[of.line].Formula)
	return literal(n, d)
}

// formulaText writes folded formulas.
type formulaText struct {
	f    *folder
	c    *checker
	line *Compiled // whose formula it is
}

// text is a folded formula as a plan would write it; the text as it was where nothing changed.
func (w *formulaText) text(tree, was *Node, text string) string {
	if tree == nil {
		return ""
	}
	renamed := false
	visitAll(tree, func(n *Node) {
		renamed = renamed || n.Op == "name" && n.term == "" && w.f.finally(n.line) != n.line && n.of == ""
	})
	if tree == was && !renamed {
		return text
	}
	if tree.Op == "round" && tree.Span == tree.Args[0].Span { // nobody wrote it, see rounded
		tree = tree.Args[0]
	}
	return w.node(tree, 0)
}

// tightness is how tightly operators bind, see Parse.
var tightness = map[string]int{"or": 1, "and": 2, "not": 3, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "negative": 7}

// node writes a node where operators must bind at least as tightly as level.
func (w *formulaText) node(n *Node, level int) string {
	switch n.Op {
	case "number":
		if n.num.IsNegative() && level > 7 {
			return "(" + n.Text + ")"
		}
		return n.Text
	case "name":
		return w.name(n)
	case "sum":
		return "sum(" + strings.Join(w.members(n.Args), ", ") + ")"
	}
	binds, operator := tightness[n.Op]
	if !operator {
		args := make([]string, len(n.Args))
		for i, a := range n.Args {
			args[i] = w.node(a, 0)
		}
		return n.Op + "(" + strings.Join(args, ", ") + ")"
	}
	var text string
	switch {
	case n.Op == "negative":
		text = "-" + w.node(n.Args[0], binds)
	case n.Op == "not":
		text = "not " + w.node(n.Args[0], binds)
	case binds == tightness["="]:
		text = w.node(n.Args[0], binds+1) + " " + n.Op + " " + w.node(n.Args[1], binds+1)
	default:
		text = w.node(n.Args[0], binds) + " " + n.Op + " " + w.node(n.Args[1], binds+1)
	}
	if binds < level {
		return "(" + text + ")"
	}
	return text
}

// members are the arguments of a sum, those that one name with a * stands for by that.
func (w *formulaText) members(args []*Node) (texts []string) {
	for _, a := range args {
		switch {
		case a.of == "":
			texts = append(texts, w.node(a, 0))
		case !slices.Contains(texts, a.of):
			texts = append(texts, a.of)
		}
	}
	return texts
}

// name is the shortest name by which the line's formula finds what it reads.
func (w *formulaText) name(n *Node) string {
	if n.term != "" {
		return n.Text
	}
	w.c.line = w.line
	line := w.f.finally(n.line)
	if w.c.resolve(n.Text) == line {
		return n.Text
	}
	full := w.f.p.Lines[line].Name
	for at := strings.LastIndexByte(full, '.'); at >= 0; at = strings.LastIndexByte(full[:at], '.') {
		if w.c.resolve(full[at+1:]) == line {
			return full[at+1:]
		}
	}
	return full
}
