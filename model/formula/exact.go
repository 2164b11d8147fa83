package formula

import (
	"slices"

	"github.com/shopspring/decimal"
)

const (
	fenPlaces      = 6  // one fen in 万元
	divisionPlaces = 30 // of a quotient
	keptPlaces     = 60 // of a product
	biggest        = 30 // digits before the point
)

// value is one cell: a number, or blank.
type value struct {
	d     decimal.Decimal
	blank bool
}

func flag(b bool) value {
	if b {
		return value{d: decimal.NewFromInt(1)}
	}
	return value{}
}

// Values are the results of one evaluation. They are safe to read from several goroutines.
type Values struct {
	p      *Program
	inputs []Input
	cells  []value
	there  []bool
}

// Clone is a copy that may be updated (see Rerun).
func (v *Values) Clone() *Values {
	return &Values{p: v.p, inputs: v.inputs, cells: slices.Clone(v.cells), there: slices.Clone(v.there)}
}

// Evaluate computes every line in every year, in exact decimals. inputs has one entry per line (zero for lines that are not inputs).
// Each failing cell gives an error; what depends on it is left out without a second error.
func (p *Program) Evaluate(inputs []Input) (*Values, []*Error) {
	n := p.Calendar.Columns()
	v := &Values{p: p, inputs: inputs, cells: make([]value, len(p.Lines)*n), there: make([]bool, len(p.Lines)*n)}
	for i := range p.Lines {
		p.enter(v, i)
	}
	return v, p.compute(v, nil, 0)
}

// enter puts an input's numbers into its cells; it does nothing for other lines.
func (p *Program) enter(v *Values, i int) {
	l, n := p.Lines[i], p.Calendar.Columns()
	if l.Input == NotInput || l.Unit == Choice {
		return
	}
	for col := l.first; col <= l.Last(p.Calendar); col++ {
		v.cells[i*n+col], v.there[i*n+col] = value{d: v.inputs[i].At(col)}, true
	}
}

// compute runs the formulas of the chosen lines, year by year from a column on; of all lines if none are chosen.
func (p *Program) compute(v *Values, chosen []bool, from int) (errs []*Error) {
	n := p.Calendar.Columns()
	run := func(i, col int, tree *Node, text string) {
		c := &cell{v: v, line: i, col: col}
		r, err := c.run(tree)
		v.there[i*n+col] = err == nil
		switch {
		case err == nil:
			v.cells[i*n+col] = r
		case err.Text.ZH != "":
			err.Line, err.Formula, err.Year = p.Lines[i].Name, text, p.Calendar.First+col
			errs = append(errs, err)
		}
	}
	for col := from; col <= p.Calendar.Zero(); col++ {
		for _, i := range p.opening {
			if l := p.Lines[i]; col >= l.first && (chosen == nil || chosen[i]) {
				run(i, col, l.opening, l.Opening)
			}
		}
	}
	first := p.Calendar.Zero() + 1
	for col := max(from, first); col < n; col++ {
		for _, i := range p.order {
			switch {
			case chosen != nil && !chosen[i]:
			case p.Lines[i].lasting && col > first && v.there[i*n+first]:
				v.cells[i*n+col], v.there[i*n+col] = v.cells[i*n+first], true
			default:
				run(i, col, p.Lines[i].formula, p.Lines[i].Formula)
			}
		}
	}
	return errs
}

// last marks the lines that are the same in all plan years: of nothing but inputs for all years, sums over years that never change, and lines like them.
func (p *Program) last() {
	var lasts func(n *Node) bool
	lasts = func(n *Node) bool {
		switch n.Op {
		case "name":
			return n.term == "option" || n.term == "last_actual_year" || n.term == "first_year" || n.term == "" && p.Lines[n.line].lasting
		case "prev":
			return false
		case "initial":
			return true
		case "sum_years":
			return p.Lines[n.Args[0].line].Last(p.Calendar) <= p.Calendar.Zero() && lasts(n.Args[1]) && lasts(n.Args[2])
		}
		return !slices.ContainsFunc(n.Args, func(a *Node) bool { return !lasts(a) })
	}
	for _, l := range p.Lines {
		l.lasting = l.Input == Scalar
	}
	for _, i := range p.order {
		p.Lines[i].lasting = lasts(p.Lines[i].formula)
	}
}

// At is a line's value in a column. there is false where the line has none in that year; a blank ratio is there and blank.
func (v *Values) At(line, col int) (d decimal.Decimal, blank, there bool) {
	n := v.p.Calendar.Columns()
	if line < 0 || col < 0 || col >= n || !v.there[line*n+col] {
		return decimal.Decimal{}, false, false
	}
	c := v.cells[line*n+col]
	return c.d, c.blank, true
}

// Option is the option chosen for a Choice input, empty for other lines.
func (v *Values) Option(line int) string { return v.inputs[line].Option }

// Input is what the evaluation was given for an input line.
func (v *Values) Input(line int) Input { return v.inputs[line] }

func (v *Values) choice(line int) string { return v.inputs[line].Option }

// cell evaluates one formula in one year.
type cell struct {
	v         *Values
	line, col int
	seen      func(line, col int)
}

// stop ends the evaluation of a cell; without a text it says that something it reads has failed already.
type stop struct{ err *Error }

func (c *cell) run(tree *Node) (r value, err *Error) {
	defer func() {
		if x := recover(); x != nil {
			s, ok := x.(stop)
			if !ok {
				panic(x)
			}
			err = s.err
		}
	}()
	return c.eval(tree), nil
}

func (c *cell) fail(n *Node, t Text) { panic(stop{&Error{Span: n.Span, Text: t}}) }

func (c *cell) eval(n *Node) value {
	switch n.Op {
	case "number":
		return value{d: n.num}
	case "name":
		cal := c.v.p.Calendar
		switch n.term {
		case "year":
			return value{d: decimal.NewFromInt(int64(cal.First + c.col))}
		case "last_actual_year":
			return value{d: decimal.NewFromInt(int64(cal.Actual))}
		case "first_year":
			return value{d: decimal.NewFromInt(int64(cal.First))}
		}
		return c.read(n.line, c.col)
	}
	r := functions[n.Op].exact(c, n)
	if -r.d.Exponent() > keptPlaces {
		r.d = r.d.Round(keptPlaces)
	}
	if r.d.NumDigits()+int(r.d.Exponent()) > biggest {
		c.fail(n, Textf("数太大（超过 10 的 %d 次方）", "the number is too large (over 10 to the power %d)", biggest))
	}
	return r
}

func (c *cell) num(n *Node) decimal.Decimal { return c.eval(n).d }

func (c *cell) truth(n *Node) bool { return !c.eval(n).d.IsZero() }

func (c *cell) read(line, col int) value {
	if c.seen != nil {
		c.seen(line, col)
	}
	if c.v.p.Lines[line].Unit == Choice {
		return value{}
	}
	n := c.v.p.Calendar.Columns()
	if col < 0 || !c.v.there[line*n+col] {
		panic(stop{&Error{}})
	}
	return c.v.cells[line*n+col]
}

func arithmetic(c *cell, n *Node) value {
	a, b := c.num(n.Args[0]), c.num(n.Args[1])
	switch n.Op {
	case "+":
		return value{d: a.Add(b)}
	case "-":
		return value{d: a.Sub(b)}
	case "*":
		return value{d: a.Mul(b)}
	}
	if b.IsZero() {
		c.fail(n, Text{"除数是 0；用 when 先排除，或用 ratio(a, b) 得到空白", "division by zero; exclude it with when, or use ratio(a, b), which is then blank"})
	}
	return value{d: a.DivRound(b, divisionPlaces)}
}

func compares(ok func(int) bool) func(*cell, *Node) value {
	return func(c *cell, n *Node) value { return flag(ok(c.num(n.Args[0]).Cmp(c.num(n.Args[1])))) }
}

func extreme(better func(a, b decimal.Decimal) bool) func(*cell, *Node) value {
	return func(c *cell, n *Node) value {
		best := c.num(n.Args[0])
		for _, a := range n.Args[1:] {
			if d := c.num(a); better(d, best) {
				best = d
			}
		}
		return value{d: best}
	}
}

// sumYears adds a line over the years from..to; none may be later than the column's own.
func sumYears(c *cell, n *Node) value {
	line, cal := n.Args[0].line, c.v.p.Calendar
	from, to := c.num(n.Args[1]), c.num(n.Args[2])
	l := c.v.p.Lines[line]
	var total decimal.Decimal
	for col := 0; col <= c.col; col++ {
		year := decimal.NewFromInt(int64(cal.First + col))
		if year.LessThan(from) || year.GreaterThan(to) {
			continue
		}
		if c.v.p.nothingYet(n.Args[0].line, col) {
			continue
		}
		if col < l.first || col > l.Last(cal) {
			c.fail(n, Textf("%s 在 %s 年没有值", "%s has no value in %s", l.Name, year))
		}
		total = total.Add(c.read(line, col).d)
	}
	if own := decimal.NewFromInt(int64(cal.First + c.col)); to.GreaterThan(own) && !from.GreaterThan(to) {
		c.fail(n, Textf("公式要用 %s 年的 %s，而 %s 年还算不到", "the formula asks for %[2]s up to %[1]s, which %[3]s cannot know", to, l.Name, own))
	}
	if low := decimal.NewFromInt(int64(cal.First)); from.LessThan(low) && !from.GreaterThan(to) && !l.ZeroBefore {
		c.fail(n, Textf("%s 从 %d 年才有值，公式要用 %s 年的", "%s begins in %d, the formula asks for %s", l.Name, cal.First, from))
	}
	return value{d: total}
}

// roundTo is the nearest multiple of a step, half of a step going away from zero.
func roundTo(c *cell, n *Node) value {
	d, step := c.num(n.Args[0]), c.num(n.Args[1])
	if step.Sign() <= 0 {
		c.fail(n.Args[1], Textf("只能取整到正数的倍数，这里是 %s", "only a positive number has multiples to round to, here it is %s", step))
	}
	return value{d: nearest(d.DivRound(step, divisionPlaces), 0).Mul(step)}
}

// annuity is the level payment that repays principal in n payments at the end of each year.
func annuity(c *cell, n *Node) value {
	rate, periods, principal := c.num(n.Args[0]), c.num(n.Args[1]), c.num(n.Args[2])
	if !periods.IsInteger() || periods.Sign() <= 0 || periods.GreaterThan(decimal.NewFromInt(1000)) {
		c.fail(n.Args[1], Textf("期数应是 1 到 1000 的整数，这里是 %s", "the number of payments must be a whole number from 1 to 1000, here it is %s", periods))
	}
	if rate.IsZero() {
		return value{d: principal.DivRound(periods, divisionPlaces)}
	}
	grown, one := decimal.NewFromInt(1), decimal.NewFromInt(1)
	for range periods.IntPart() {
		grown = grown.Mul(one.Add(rate)).Round(keptPlaces)
	}
	if grown.Equal(one) {
		c.fail(n.Args[0], Textf("利率 %s 算不出年金", "no level payment exists at the rate %s", rate))
	}
	return value{d: principal.Mul(rate).Mul(grown).DivRound(grown.Sub(one), divisionPlaces)}
}

// power is a number times itself, a whole number of times; a negative number of times divides.
func power(c *cell, n *Node) value {
	base, times := c.num(n.Args[0]), c.num(n.Args[1])
	if !times.IsInteger() || times.Abs().GreaterThan(decimal.NewFromInt(1000)) || times.Sign() < 0 && base.IsZero() {
		c.fail(n.Args[1], Textf("%s 的 %s 次方算不了；次数应是 -1000 到 1000 的整数", "%s to the power %s cannot be computed; the power must be a whole number from -1000 to 1000", base, times))
	}
	product := decimal.NewFromInt(1)
	for range times.Abs().IntPart() {
		product = product.Mul(base).Round(keptPlaces)
		if product.NumDigits()+int(product.Exponent()) > biggest {
			break // eval reports it
		}
	}
	if times.Sign() < 0 {
		if product.IsZero() {
			c.fail(n, Text{"数太小", "the number is too small"})
		}
		product = decimal.NewFromInt(1).DivRound(product, divisionPlaces)
	}
	return value{d: product}
}

func (c *cell) ln(n *Node, d decimal.Decimal) value {
	if d.Sign() <= 0 {
		c.fail(n, Textf("ln 要正数，这里是 %s", "ln takes a positive number, here it is %s", d))
	}
	r, err := d.Ln(divisionPlaces)
	if err != nil {
		c.fail(n, Text{err.Error(), err.Error()})
	}
	return value{d: r}
}

func (c *cell) exp(n *Node, d decimal.Decimal) value {
	if d.Abs().GreaterThan(decimal.NewFromInt(60)) {
		c.fail(n, Textf("exp 的参数 %s 太大", "the argument %s of exp is too large", d))
	}
	r, err := d.ExpTaylor(divisionPlaces)
	if err != nil {
		c.fail(n, Text{err.Error(), err.Error()})
	}
	return value{d: r}
}

func (c *cell) root(n *Node, d, k decimal.Decimal) value {
	if d.Sign() < 0 || k.Sign() <= 0 {
		c.fail(n, Textf("不能对 %s 开 %s 次方", "there is no root %[2]s of %[1]s", d, k))
	}
	if d.IsZero() {
		return value{}
	}
	return c.exp(n, c.ln(n, d).d.DivRound(k, divisionPlaces))
}
