package formula

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Known is what is certain of an input before any scenario is computed: nobody gives it. It has one value for all years, or it is absent.
type Known struct {
	Input  Input
	Absent bool // it has no value: min, max and sum leave it out, what is calculated with it is absent too
}

// Weight says which of two equal lines stays.
type Weight int8

// A step goes before a plain line; a total stays whatever it equals.
const (
	Step Weight = iota
	Plain
	Sum
)

// Gone is a line that Fold took out, and what answers for its name.
type Gone struct {
	Name   string
	Unit   Unit
	By     string          // the line that has its values in every year
	Always decimal.Decimal // without such a line: its value in every year
	Unused bool            // it has no value: nothing that this plan uses reads it, or it was absent
}

// Folded is a book without what its plan does not use.
type Folded struct {
	Lines  []Line
	Gone   []Gone
	Unread []string // inputs that no formula read before
}

// Fold takes out of a book what the plan does not use, before it is compiled: a known input becomes its value, constants are calculated, a line that is only
// another's name is replaced by it, a line of one value in all years goes. What stays has the same values as before, and Compile understands the names of
// what went. A known input whose value would have to be written in a formula as another number than 0 or 1 stays an input. The lines are checked as
// Compile does; all errors are returned at once. A line that would be absent as a whole is an error.
func Fold(lines []Line, groups map[string][]string, cal Calendar) (*Folded, []*Error) {
	c := check(lines, groups, cal, nil)
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	f := &folder{p: c.p, opening: c.sort(openingOf), order: c.sort(formulaOf), asked: make([]bool, len(c.p.Lines)), summed: make([]bool, len(c.p.Lines)), bare: make([]bool, len(c.p.Lines))}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	c.p.integrals()
	f.reads()
	for f.run(); f.unfold() || f.barer(); f.run() {
	}
	if len(f.errs) > 0 {
		return nil, f.errs
	}
	out := f.result()
	out.Unread = c.p.Unread()
	return out, nil
}

// folder folds one book.
type folder struct {
	p              *Program
	opening, order []int  // in which formulas are evaluated
	asked          []bool // by line: stays as it is
	summed         []bool // by line: a sum of the book adds it up
	bare           []bool // by line: its opening is of no account, nothing reads it
	lines          []folded
	errs           []*Error
}

// folded is what is known of a line so far.
type folded struct {
	formula, opening *Node // as they are now
	// before: last year's value is taken to be always the same, before this is proved: that of the opening. A line that turns out otherwise loses it and
	// all is folded again. none: the same of a line's own opening, where nothing of it exists before its first year.
	before, none bool
	used         bool // the guess before was used
	same         int  // the line that has the same values in every plan year, or itself
	whole        bool // and in every year of history in which it has values
	by           int  // the line that takes its place; -1: none
	heir         bool // that line takes its formula as well: it matters more
}

// reads notes what totals add up, and keeps what a plan's own formula asks for by its years or by its word: such a formula is shown as it was written.
func (f *folder) reads() {
	for i, l := range f.p.Lines {
		f.asked[i] = f.asked[i] || l.Stays || l.Own
		for _, tree := range []*Node{l.formula, l.opening} {
			visitAll(tree, func(n *Node) {
				switch {
				case l.Own && slices.Contains([]string{"sum_years", "is", "initial"}, n.Op):
					f.asked[n.Args[0].line] = true
				case l.Part == "" && n.of != "":
					f.summed[n.line] = true
				}
			})
		}
	}
}

// matters is how much it matters that a line stays: one that is added up more than one like it that is not.
func (f *folder) matters(i int) int {
	m := 2 * int(f.p.Lines[i].Weight)
	if f.summed[i] && m > 0 {
		m++
	}
	return m
}

// visitAll visits every node of a tree.
func visitAll(n *Node, visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, a := range n.Args {
		visitAll(a, visit)
	}
}

// run folds all formulas, beginning with the boldest guess of what is the same in all years, until every guess that is left is proved.
func (f *folder) run() {
	f.lines, f.errs = make([]folded, len(f.p.Lines)), nil
	for i, l := range f.p.Lines {
		f.lines[i] = folded{none: l.ZeroBefore, same: i, by: -1}
	}
	for f.openings() {
	}
	for i := range f.lines {
		_, f.lines[i].before = f.beforePlan(i)
	}
	for f.formulas() {
	}
}

// openings folds every opening; it reports a guess that was wrong.
func (f *folder) openings() (wrong bool) {
	for _, i := range f.opening {
		l := &f.lines[i]
		l.opening = f.fold(i, f.p.Lines[i].opening, true)
		if l.none && !isZero(l.opening) {
			l.none, wrong = false, true
		}
	}
	return wrong
}

// formulas folds every formula of the plan years; it reports a guess that was wrong.
func (f *folder) formulas() (wrong bool) {
	f.errs = nil
	for i := range f.lines {
		l := &f.lines[i]
		l.same, l.whole, l.by, l.heir = i, false, -1, false
	}
	for _, i := range f.order {
		l := &f.lines[i]
		l.formula = f.fold(i, f.p.Lines[i].formula, false)
		if n := l.formula; n.Op == "name" && n.term == "" {
			l.same, l.whole = f.lines[n.line].same, f.sameHistory(i, n.line)
			f.inherit(n.line, i)
		}
	}
	for i := range f.lines { // a line may be read before it is folded, and after
		if l := &f.lines[i]; l.used && l.before && !f.steady(i) {
			l.before, wrong = false, true
		}
	}
	return wrong
}

// inherit settles which of two lines stays, of which the second's formula is the name of the first.
func (f *folder) inherit(first, second int) {
	if f.lines[first].by >= 0 {
		first = f.lines[first].by
	}
	a, b := f.p.Lines[first], f.p.Lines[second]
	same := f.lines[second].whole && a.Unit == b.Unit && first != second
	switch {
	case !same:
	case !f.asked[second] && b.Weight < Sum && (b.Weight == Step || f.matters(second) <= f.matters(first) && a.Part == b.Part):
		f.lines[second].by = first
	case a.Input == NotInput && !f.asked[first] && !b.Own && f.fits(first, second) && f.matters(first) < f.matters(second) && a.Part == b.Part:
		f.lines[first].by, f.lines[first].heir = second, true
	}
}

// fits: are the history years in which one line has values, as far as they are of account, those of another?
func (f *folder) fits(i, other int) bool {
	a, b := f.p.Lines[i], f.p.Lines[other]
	none := func(l *Compiled, at int) bool { return l.Opening == "" || f.bare[at] }
	return none(a, i) && none(b, other) || a.Opening != "" && b.Opening != "" && a.first == b.first && a.ZeroBefore == b.ZeroBefore
}

// steady: is a line's value the same in every plan year as in year 0?
func (f *folder) steady(i int) bool {
	l := f.lines[i]
	before, ok := f.beforePlan(i)
	return ok && l.formula.Op == "number" && l.formula.num.Equal(before)
}

// beforePlan is the value in year 0 of a line, if that is a constant.
func (f *folder) beforePlan(i int) (d decimal.Decimal, ok bool) {
	switch l, n := f.p.Lines[i], f.lines[i].opening; {
	case n != nil:
		return n.num, n.Op == "number"
	case l.Opening == "" && l.ZeroBefore:
		return d, true
	}
	return d, false
}

// sameHistory: has a line, whose formula is the name of another, its values in history years too, as far as it has any?
func (f *folder) sameHistory(i, other int) bool {
	l, o := f.p.Lines[i], f.p.Lines[other]
	if f.bare[i] {
		return true
	}
	if l.Opening == "" {
		return !l.ZeroBefore || o.ZeroBefore && o.first == l.first
	}
	if o.first > l.first || o.Last(f.p.Calendar) < f.p.Calendar.Zero() || l.ZeroBefore && (!o.ZeroBefore || o.first != l.first) {
		return false
	}
	n := f.lines[i].opening
	if n.Op == "name" && n.term == "" && n.line == other {
		return true
	}
	of := f.lines[other].opening
	return n.Op == "number" && of != nil && of.Op == "number" && n.num.Equal(of.num) && !l.ZeroBefore
}

// known is the value of an input that nobody gives.
func (f *folder) known(i int) *Known {
	if l := f.p.Lines[i]; l.Known != nil && l.Known.Input.ByYear == nil && (!f.asked[i] || l.Known.Absent) {
		return l.Known
	}
	return nil
}

// unfold gives back the inputs whose values would have to be written into formulas, where a reader would see a number that nobody declared. It reports whether
// there are any.
func (f *folder) unfold() (found bool) {
	for i, l := range f.lines {
		if f.goes(i) || f.p.Lines[i].Own {
			continue
		}
		for _, tree := range []*Node{l.formula, l.opening} {
			visitAll(tree, func(n *Node) {
				for _, input := range n.known {
					f.asked[input], found = true, true
				}
			})
		}
	}
	return found
}

// barer finds openings that are constants and that no formula reads. They say nothing of what the line is in the plan years. It reports whether there are any new ones.
func (f *folder) barer() (found bool) {
	read := make([]bool, len(f.lines))
	for i, l := range f.lines {
		if f.goes(i) {
			continue
		}
		past := func(tree *Node, opening bool) {
			visitAll(tree, func(n *Node) {
				switch {
				case n.Op == "prev" || n.Op == "sum_years" || n.Op == "initial":
					read[f.finally(n.Args[0].line)], read[n.Args[0].line] = true, true
				case opening && n.Op == "name" && n.term == "":
					read[f.finally(n.line)], read[n.line] = true, true
				}
			})
		}
		formula, opening := l.formula, l.opening
		if f.p.Lines[i].Own {
			formula, opening = f.p.Lines[i].formula, f.p.Lines[i].opening
		}
		past(formula, false)
		past(opening, true)
	}
	for i, l := range f.lines {
		if l.opening != nil && l.opening.Op == "number" && l.formula != nil && !read[i] && !f.bare[i] {
			f.bare[i], found = true, true
		}
	}
	return found
}

// goes: is the line nothing but another's name, or one value in all years?
func (f *folder) goes(i int) bool {
	l, of := f.lines[i], f.p.Lines[i]
	switch {
	case of.Input != NotInput:
		return f.known(i) != nil
	case f.asked[i], l.formula != nil && l.formula.Op != "number" && l.by < 0, of.Refuses && l.formula != nil && !isZero(l.formula):
		return false
	case l.by >= 0:
		return true
	case l.formula == nil:
		return l.opening.Op == "number"
	}
	return l.opening == nil || f.bare[i] || l.opening.Op == "number" && l.opening.num.Equal(l.formula.num)
}

func isZero(n *Node) bool { return n != nil && n.Op == "number" && n.num.IsZero() }

func isOne(n *Node) bool { return n.Op == "number" && n.num.Equal(unity) }

var unity = decimal.NewFromInt(1)
