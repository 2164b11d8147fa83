// Package formula is the language in which the rule book is written, and its readers: exact decimals, Excel text, explanation.
// It knows nothing about townships. CONVENTION.md says what every reader must agree on.
package formula

import (
	"slices"
	"strings"
)

// Calendar is the years of a book: First..Actual are history (Actual is year 0), Actual+1..Last the plan years.
type Calendar struct{ First, Actual, Last int }

// Columns is the number of years; a column is a year minus First.
func (c Calendar) Columns() int { return c.Last - c.First + 1 }

// Col is the column of a year.
func (c Calendar) Col(year int) int { return year - c.First }

// Zero is the column of year 0.
func (c Calendar) Zero() int { return c.Actual - c.First }

// Span says in which years an input has values.
type InputSpan string

// An input holds one value for all years, one per plan year, or one per history year. A value may always be the same for all its years.
const (
	NotInput InputSpan = ""
	Scalar   InputSpan = "scalar"
	ByYear   InputSpan = "by_year"
	History  InputSpan = "history"
)

// Line declares one row of the book.
type Line struct {
	Name    string // address; its part before the last dot is its scope
	Unit    Unit   // Inferred: as its formula gives
	Formula string // of the plan years; empty for an input
	Opening string // of year 0; empty if it has none
	Past    bool   // the opening stands in every history year
	// ZeroBefore: nothing of this line exists before its first year, so sums over earlier years count it as 0, and prev( ) of its first year is 0. Only
	// such a line may read its own last year in its opening.
	ZeroBefore bool
	Own        bool      // a plan's own formula: no requirement of the book watches over the years it sums
	Input      InputSpan // inputs only
	Options    []string  // of a Choice input

	// What Fold goes by.
	Known   *Known   // of an input that nobody gives
	Never   []string // options of a Choice that nobody can choose, because a figure that goes with them is not given
	Stays   bool     // somebody asks for it by itself
	Refuses bool     // it may go only where it is 0 in every year
	Weight  Weight
	Part    string // of the book; only within it does one plain line take the place of another
}

// Compiled is a line with its formulas parsed and checked.
type Compiled struct {
	Line
	formula, opening *Node
	first            int  // first column with a value
	blank            bool // may be blank
	whole            bool // an exact number of fen on a sheet
	integral         bool // certain to be a whole number
	lasting          bool // the same in all plan years, whatever the inputs are
	readers          int  // how many formulas read it
}

// Program is a compiled book: lines in declaration order, and the order to evaluate them in.
type Program struct {
	Calendar Calendar
	Lines    []*Compiled

	index          map[string]int
	opening, order []int
	reads, readBy  [][]int // by line, see Rerun
}

// builtins are the names every formula may use beside lines.
var builtins = []string{"year", "last_actual_year", "first_year"}

// Reserved are the words that no line may be called, because a formula would never read it.
func Reserved() []string { return append([]string{"and", "or", "not"}, builtins...) }

// Compile checks and orders the lines. groups names lists of scopes or lines for sum(group.*.x) and sum(group.*). gone are lines that Fold took out: formulas
// may go on naming them. All errors are returned at once; the program is nil if there is any.
func Compile(lines []Line, groups map[string][]string, cal Calendar, gone ...Gone) (*Program, []*Error) {
	c := check(lines, groups, cal, gone)
	p := c.p
	if len(c.errs) == 0 {
		p.opening, p.order = c.sort(openingOf), c.sort(formulaOf)
		p.settle()
		p.wholes()
		p.last()
		p.link()
	}
	for _, l := range p.Lines {
		if l.Unit == Inferred { // of nothing but constants
			l.Unit = Number
		}
	}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	return p, nil
}

func openingOf(l *Compiled) (*Node, string) { return l.opening, l.Opening }
func formulaOf(l *Compiled) (*Node, string) { return l.formula, l.Formula }

// check parses the lines, and finds what every name stands for and every formula counts.
func check(lines []Line, groups map[string][]string, cal Calendar, gone []Gone) *checker {
	p := &Program{Calendar: cal, index: make(map[string]int, len(lines)+len(gone))}
	c := &checker{p: p, groups: groups, gone: gone}
	held := constants(gone)
	for _, l := range slices.Concat(lines, held) {
		if _, twice := p.index[l.Name]; twice {
			c.errs = append(c.errs, &Error{Line: l.Name, Text: Text{"这一行声明了两次", "this line is declared twice"}})
			continue
		}
		p.index[l.Name] = len(p.Lines)
		p.Lines = append(p.Lines, &Compiled{Line: l})
	}
	for _, g := range gone {
		if i, ok := p.index[g.By]; ok {
			p.index[g.Name] = i
		}
	}
	for _, l := range p.Lines {
		l.first = l.firstColumn(cal)
		l.formula = c.parse(l, l.Formula)
		l.opening = c.parse(l, l.Opening)
		l.blank = blank(l.formula) || blank(l.opening)
	}
	for c.delay() {
	}
	for _, l := range p.Lines {
		c.check(l, l.formula, false)
		c.check(l, l.opening, true)
	}
	p.substitute(len(p.Lines) - len(held))
	return c
}

// Index finds a line by its address; -1 if there is none.
func (p *Program) Index(name string) int {
	if i, ok := p.index[name]; ok {
		return i
	}
	return -1
}

// Unread lists the inputs no formula reads.
func (p *Program) Unread() (names []string) {
	for _, l := range p.Lines {
		if l.Input != NotInput && l.readers == 0 {
			names = append(names, l.Name)
		}
	}
	return names
}

// First is the first column in which the line has a value.
func (l *Compiled) First() int { return l.first }

// Last is the last column in which the line has a value.
func (l *Compiled) Last(cal Calendar) int {
	if l.Input == History || l.Formula == "" && l.Input == NotInput {
		return cal.Zero()
	}
	return cal.Columns() - 1
}

// nothingYet: is the column before the first of a line of which nothing exists then?
func (p *Program) nothingYet(line, col int) bool {
	return p.Lines[line].ZeroBefore && col < p.Lines[line].first
}

// Blank tells whether the line may be blank in some year.
func (l *Compiled) Blank() bool { return l.blank }

// firstColumn: inputs that hold for all years are read in year 0 too, where openings are made of them.
func (l *Compiled) firstColumn(cal Calendar) int {
	switch {
	case l.Input == History, l.Past:
		return 0
	case l.Input == Scalar, l.Opening != "":
		return cal.Zero()
	}
	return cal.Zero() + 1
}

// delay moves the beginning of past lines to where what they read begins: one year later with prev. It reports whether it moved any.
func (c *checker) delay() (moved bool) {
	for _, l := range c.p.Lines {
		if !l.Past || l.opening == nil {
			continue
		}
		c.line = l
		c.begins(l.opening, 0, func(first int) {
			if first = min(first, c.p.Calendar.Zero()); first > l.first {
				l.first, moved = first, true
			}
		})
	}
	return moved
}

// begins visits the first column in which each name of an opening can be read.
func (c *checker) begins(n *Node, shift int, visit func(first int)) {
	switch n.Op {
	case "name":
		if i := c.resolve(n.Text); i >= 0 && !(c.p.Lines[i] == c.line && shift > 0) {
			visit(c.p.Lines[i].first + shift)
		}
		return
	case "initial", "sum_years", "is":
		return
	case "prev":
		shift = 1
	}
	for _, a := range n.Args {
		c.begins(a, shift, visit)
	}
}

// checker resolves names and units of one book.
type checker struct {
	p      *Program
	groups map[string][]string
	gone   []Gone
	errs   []*Error

	members map[string][]string // see enlist
	summed  int                 // lines that sums add up, so far
	full    bool                // that they are too many has been said

	line    *Compiled
	text    string
	opening bool
}

func (c *checker) fail(s Span, t Text) {
	c.errs = append(c.errs, &Error{Line: c.line.Name, Formula: c.text, Span: s, Text: t})
}

func (c *checker) parse(l *Compiled, text string) *Node {
	if text == "" {
		return nil
	}
	n, err := Parse(text)
	if err != nil {
		err.Line = l.Name
		c.errs = append(c.errs, err)
		return nil
	}
	return l.rounded(n)
}

// rounded is the formula of a line with the rounding to the fen that money finer than it needs.
func (l *Compiled) rounded(n *Node) *Node {
	if l.Unit == Money && finer(n) {
		return &Node{Op: "round", Args: []*Node{n}, Span: n.Span, dims: n.dims}
	}
	return n
}

// finer: can an amount be finer than a fen, because of a product or a constant outside every round? Conditions of when do not count, their value is a flag.
func finer(n *Node) bool {
	switch n.Op {
	case "round":
		return false
	case "number":
		return -n.num.Exponent() > fenPlaces
	}
	if f := functions[n.Op]; f != nil && f.multiplies {
		return true
	}
	args := n.Args
	switch n.Op {
	case "when":
		args = args[min(1, len(args)):]
	case "sum_years":
		args = args[:min(1, len(args))]
	}
	return slices.ContainsFunc(args, finer)
}

func (c *checker) check(l *Compiled, n *Node, opening bool) {
	if n == nil {
		return
	}
	c.line, c.opening, c.text = l, opening, l.Formula
	if opening {
		c.text = l.Opening
	}
	before := len(c.errs)
	c.ratios(n, true)
	d := c.here(n)
	switch {
	case len(c.errs) > before:
	case l.Unit == Inferred && !opening:
		c.infer(l, n, d)
	case !d.same(l.Unit.dims()), l.Unit == Flag && d.any && !yesNo(n):
		c.declared(n, d)
	}
}

// infer gives a line the unit of its formula, and rounds it if that is money. What fits anywhere goes on fitting anywhere.
func (c *checker) infer(l *Compiled, n *Node, d dims) {
	if d.any {
		return
	}
	u, ok := d.unit()
	if !ok {
		c.fail(n.Span, Textf("算出来是%s，没有这样的单位", "this gives %s, which is no unit", d.text()))
		return
	}
	l.Unit = u
	l.formula = l.rounded(n)
}

func (c *checker) declared(n *Node, d dims) {
	c.fail(n.Span, Textf("这一行声明为%s，公式算出来是%s", "the line is declared as %s but the formula gives %s", c.line.Unit.Text(), d.text()))
}

// blank: can the value of a formula be blank?
func blank(n *Node) bool {
	return n != nil && (n.Op == "ratio" || n.Op == "when" && slices.ContainsFunc(n.Args, blank))
}

// ratios reports a ratio that is calculated with: it may stand only as the whole formula or as a branch of its when.
func (c *checker) ratios(n *Node, alone bool) {
	if n.Op == "ratio" && !alone {
		c.fail(n.Span, Text{"ratio( ) 可能是空白（分母为 0），不能再拿来计算；让它单独成一行", "ratio( ) can be blank (if its denominator is 0) and cannot be calculated with; give it a line of its own, not of money"})
	}
	for i, a := range n.Args {
		c.ratios(a, alone && n.Op == "when" && i > 0)
	}
}

// unit resolves a node and returns its unit; a problem is recorded and the node counts as a constant, which fits anywhere.
func (c *checker) unit(n *Node) dims {
	anything := dims{any: true}
	switch n.Op {
	case "number":
		n.dims = dims{any: !strings.HasSuffix(n.Text, "%")}
	case "name":
		n.dims = c.name(n)
	default:
		f := functions[n.Op]
		if f == nil {
			c.fail(Span{n.Span.From, n.Span.From + len(n.Op)}, noFunction(n.Op))
			return anything
		}
		if len(n.Args) < f.least || f.most > 0 && len(n.Args) > f.most {
			c.fail(n.Span, Textf("%s 要 %d 个参数，这里有 %d 个", "%s takes %d arguments, here are %d", n.Op, f.least, len(n.Args)))
			return anything
		}
		before := len(c.errs)
		n.dims = f.unit(c, n)
		if len(c.errs) > before {
			return anything
		}
	}
	return n.dims
}

// resolve finds a line from the current line's scope outwards.
func (c *checker) resolve(name string) int {
	for scope := c.line.Name; ; {
		dot := strings.LastIndexByte(scope, '.')
		if dot < 0 {
			return c.p.Index(name)
		}
		scope = scope[:dot]
		if i := c.p.Index(scope + "." + name); i >= 0 {
			return i
		}
	}
}

// mostGuesses is after how many errors a did-you-mean, which looks at every line, is not worth the effort.
const mostGuesses = 200

// guess is a did-you-mean among the names that a formula may use.
func (c *checker) guess(word string) Text {
	if len(c.errs) >= mostGuesses {
		return Text{}
	}
	var names []string
	for _, l := range c.p.Lines {
		names = append(names, l.Name)
		if scope := l.Name[:strings.LastIndexByte(l.Name, '.')+1]; scope != "" && strings.HasPrefix(c.line.Name, scope) {
			names = append(names, l.Name[len(scope):])
		}
	}
	return DidYouMean(word, names)
}

func (c *checker) name(n *Node) dims {
	if slices.Contains(builtins, n.Text) {
		n.term, n.line = n.Text, -1
		return Year.dims()
	}
	n.line = c.resolve(n.Text)
	if n.line < 0 {
		c.fail(n.Span, Textf("没有叫 %q 的行或参数%s；lines 命令列出全部名称", "there is no line or input called %q%s; the command lines prints them all", n.Text, c.guess(n.Text)))
		return dims{any: true}
	}
	l := c.p.Lines[n.line]
	l.readers++
	if l.blank {
		c.fail(n.Span, Textf("%q 可能是空白（分母为 0 的比率），不能再拿来计算", "%q can be blank (a ratio whose denominator is 0) and cannot be calculated with", n.Text))
	}
	return l.Unit.dims()
}

// present reports a name that has no value where the formula reads it: shift is -1 for prev.
func (c *checker) present(n *Node, shift int) {
	if n.line < 0 || n.term != "" {
		return
	}
	l, zero := c.p.Lines[n.line], c.p.Calendar.Zero()
	from, to := zero+1, c.p.Calendar.Columns()-1
	if c.opening {
		from, to = c.line.first, zero
	}
	if l.first <= from+shift && l.Last(c.p.Calendar) >= to+shift || c.opening && shift < 0 && l == c.line && l.ZeroBefore {
		return
	}
	if shift < 0 && !c.opening {
		c.fail(n.Span, Textf("%q 没有期初值（opening），不能用 prev", "%q has no opening, so prev cannot be used", n.Text))
		return
	}
	c.fail(n.Span, Textf("%q 在这些年份没有值", "%q has no value in these years", n.Text))
}

// walk visits the names a node reads; inSame tells whether it is the same year's value.
func walk(n *Node, same bool, visit func(n *Node, same bool)) {
	if n.Op == "name" {
		visit(n, same)
	}
	for i, a := range n.Args {
		if n.Op == "is" && i == 1 {
			continue
		}
		walk(a, same && n.Op != "prev" && n.Op != "initial", visit)
	}
}

// sort orders lines so that what a formula reads in the same year comes first; a cycle is an error that prints its path.
func (c *checker) sort(tree func(*Compiled) (*Node, string)) (order []int) {
	state := make([]byte, len(c.p.Lines))
	var path []int
	var visit func(i int)
	visit = func(i int) {
		switch state[i] {
		case 2:
			return
		case 1:
			at := slices.Index(path, i)
			if len(c.errs) > 0 && strings.HasPrefix(c.errs[len(c.errs)-1].Text.EN, "the formulas") {
				return
			}
			var names []string
			for _, j := range append(path[at:], i) {
				names = append(names, c.p.Lines[j].Name)
			}
			l := c.p.Lines[i]
			_, text := tree(l)
			c.errs = append(c.errs, &Error{Line: l.Name, Formula: text, Span: Span{0, len(text)}, Text: Textf(
				"公式在同一年里绕成了圈：%s；其中一处应改用 prev( ) 取上年数", "the formulas form a circle within one year: %s; one of them should read last year's value with prev( )", strings.Join(names, " → "))})
			return
		}
		state[i] = 1
		path = append(path, i)
		if n, _ := tree(c.p.Lines[i]); n != nil {
			walk(n, true, func(n *Node, same bool) {
				if same && n.line >= 0 && n.term == "" {
					visit(n.line)
				}
			})
			order = append(order, i)
		}
		path = path[:len(path)-1]
		state[i] = 2
	}
	for i := range c.p.Lines {
		visit(i)
	}
	return order
}
