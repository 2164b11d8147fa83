package formula

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// function is one word of the language with all its readers; a test fails for a reader that is missing.
type function struct {
	least, most int  // arguments; most 0: any number
	multiplies  bool // a money result needs rounding
	unit        func(*checker, *Node) dims
	exact       func(*cell, *Node) value
	excel       func(*emitter, *Node) string
	batch       func(b *batcher, n *Node, exp int) ref // exp is the power of money in the node's unit
	says        Text                                   // how it is read aloud; {0} {1} are its arguments, {*} all of them
	level       int                                    // how tightly an operator binds in Excel; 0 for a function
}

// functions is filled in init because its entries reach it again.
var functions map[string]*function

// FunctionNames lists the functions (not the operators) in alphabetical order.
func FunctionNames() (names []string) {
	for _, n := range slices.Sorted(maps.Keys(functions)) {
		if n[0] >= 'a' && n != "and" && n != "or" && n != "not" && !slices.Contains(nodeWords, n) {
			names = append(names, n)
		}
	}
	return names
}

// noFunction is the message for a word that is not a function.
func noFunction(name string) Text {
	return Textf("没有函数 %q%s；可用：%s", "there is no function %q%s; there are: %s", name, DidYouMean(name, FunctionNames()), strings.Join(FunctionNames(), " "))
}

func init() {
	functions = map[string]*function{
		"+": {2, 2, false, additive, arithmetic, operator("+"), batchChain((*batcher).plus), Text{"{0} + {1}", ""}, 4},
		"-": {2, 2, false, additive, arithmetic, operator("-"), batchPair((*batcher).minus), Text{"{0} - {1}", ""}, 4},
		"*": {2, 2, true, product(1), arithmetic, operator("*"), batchPlain(func(b *batcher, x []ref) ref { return b.times(x[0], x[1]) }), Text{"{0} × {1}", ""}, 5},
		"/": {2, 2, true, product(-1), arithmetic, operator("/"), batchPlain(func(b *batcher, x []ref) ref { return b.over(x[0], x[1]) }), Text{"{0} ÷ {1}", ""}, 5},
		"negative": {1, 1, false, alike, func(c *cell, n *Node) value { return value{d: c.num(n.Args[0]).Neg()} },
			func(x *emitter, n *Node) string { return "-" + x.at(n.Args[0], 7) },
			func(b *batcher, n *Node, exp int) ref { return b.minus(b.constant(0), b.node(n.Args[0], exp)) }, Text{"-{0}", ""}, 6},

		"=":  {2, 2, false, comparison, compares(func(c int) bool { return c == 0 }), compared("="), batchCompare((*batcher).equal), Text{"{0} = {1}", ""}, 3},
		"!=": {2, 2, false, comparison, compares(func(c int) bool { return c != 0 }), compared("<>"), batchCompare(func(b *batcher, x, y ref) ref { return b.negated(b.equal(x, y)) }), Text{"{0} ≠ {1}", ""}, 3},
		"<":  {2, 2, false, comparison, compares(func(c int) bool { return c < 0 }), compared("<"), batchCompare((*batcher).less), Text{"{0} < {1}", ""}, 3},
		"<=": {2, 2, false, comparison, compares(func(c int) bool { return c <= 0 }), compared("<="), batchCompare(func(b *batcher, x, y ref) ref { return b.negated(b.less(y, x)) }), Text{"{0} ≤ {1}", ""}, 3},
		">":  {2, 2, false, comparison, compares(func(c int) bool { return c > 0 }), compared(">"), batchCompare(func(b *batcher, x, y ref) ref { return b.less(y, x) }), Text{"{0} > {1}", ""}, 3},
		">=": {2, 2, false, comparison, compares(func(c int) bool { return c >= 0 }), compared(">="), batchCompare(func(b *batcher, x, y ref) ref { return b.negated(b.less(x, y)) }), Text{"{0} ≥ {1}", ""}, 3},
		"and": {2, 2, false, logical, func(c *cell, n *Node) value { return flag(c.truth(n.Args[0]) && c.truth(n.Args[1])) },
			func(x *emitter, n *Node) string { return "AND(" + x.conditions("and", n) + ")" },
			batchPlain(func(b *batcher, x []ref) ref { return b.times(x[0], x[1]) }), Text{"{0} 且 {1}", "{0} and {1}"}, 0},
		"or": {2, 2, false, logical, func(c *cell, n *Node) value { return flag(c.truth(n.Args[0]) || c.truth(n.Args[1])) },
			func(x *emitter, n *Node) string { return "OR(" + x.conditions("or", n) + ")" },
			batchPlain(func(b *batcher, x []ref) ref { return b.larger(x[0], x[1], false) }), Text{"{0} 或 {1}", "{0} or {1}"}, 0},
		"not": {1, 1, false, logical, func(c *cell, n *Node) value { return flag(!c.truth(n.Args[0])) },
			func(x *emitter, n *Node) string { return "NOT(" + x.condition(n.Args[0]) + ")" },
			batchPlain(func(b *batcher, x []ref) ref { return b.negated(x[0]) }), Text{"非({0})", "not ({0})"}, 0},
		"when": {3, 3, false, whenUnit, func(c *cell, n *Node) value {
			if c.truth(n.Args[0]) {
				return c.eval(n.Args[1])
			}
			return c.eval(n.Args[2])
		}, func(x *emitter, n *Node) string {
			return "IF(" + x.condition(n.Args[0]) + "," + x.at(n.Args[1], 0) + "," + x.at(n.Args[2], 0) + ")"
		}, batchWhen, Text{"若 {0} 则 {1}，否则 {2}", "if {0} then {1}, else {2}"}, 0},
		"is": {2, 2, false, isUnit, func(c *cell, n *Node) value {
			c.read(n.Args[0].line, c.col)
			return flag(c.v.choice(n.Args[0].line) == n.Args[1].Text)
		}, func(x *emitter, n *Node) string {
			asked := x.at(n.Args[0], 3)
			if zero := x.p.Calendar.Zero(); x.col <= zero { // a choice holds for all years, but history columns do not show it
				asked = x.s.Fixed(n.Args[0].line, zero)
			}
			return asked + "=" + x.s.Option(n.Args[0].line, n.Args[1].Text)
		}, batchFixed, Text{"{0} 为 {1}", "{0} is {1}"}, 3},

		"max": {1, 0, false, alike, extreme(decimal.Decimal.GreaterThan), call("MAX"), batchChain(func(b *batcher, x, y ref) ref { return b.larger(x, y, false) }), Text{"最大({*})", "max({*})"}, 0},
		"min": {1, 0, false, alike, extreme(decimal.Decimal.LessThan), call("MIN"), batchChain(func(b *batcher, x, y ref) ref { return b.larger(x, y, true) }), Text{"最小({*})", "min({*})"}, 0},
		"abs": {1, 1, false, alike, func(c *cell, n *Node) value { return value{d: c.num(n.Args[0]).Abs()} }, call("ABS"),
			func(b *batcher, n *Node, exp int) ref { return b.add(step{op: opAbs, a: b.node(n.Args[0], exp)}) }, Text{"|{0}|", ""}, 0},
		"sum": {0, 0, false, sumUnit, func(c *cell, n *Node) value {
			var total decimal.Decimal
			for _, a := range n.Args {
				total = total.Add(c.num(a))
			}
			return value{d: total}
		}, (*emitter).sum, batchChain((*batcher).plus), Text{"合计({+})", "sum({+})"}, 0},
		"round": {1, 1, false, roundUnit, func(c *cell, n *Node) value { return value{d: nearest(c.num(n.Args[0]), fenPlaces)} },
			rounding(fenPlaces), func(b *batcher, n *Node, exp int) ref { return b.rounded(b.node(n.Args[0], exp)) }, Text{"取到分({0})", "to the fen({0})"}, 0},
		"decimals": {1, 1, false, alike, func(c *cell, n *Node) value { return value{d: nearest(c.num(n.Args[0]), comparedPlaces)} },
			rounding(comparedPlaces), batchDecimals, Text{"{0}", ""}, 0}, // nobody writes it, see settle
		"round_to": {2, 2, true, roundToUnit, roundTo, func(x *emitter, n *Node) string {
			step := x.at(n.Args[1], 6)
			return "ROUND(" + x.amount(n.Args[0], 5) + "/" + step + ",0)*" + step
		}, batchPair((*batcher).toMultiple), Text{"{0} 取整到 {1} 的倍数", "{0} to the nearest multiple of {1}"}, 5},
		"ratio": {2, 2, true, product(-1), func(c *cell, n *Node) value {
			if c.num(n.Args[len(n.Args)-1]).IsZero() {
				return value{blank: true}
			}
			return value{d: c.num(n.Args[0]).DivRound(c.num(n.Args[1]), divisionPlaces)}
		}, func(x *emitter, n *Node) string {
			return "IF(" + x.amount(n.Args[len(n.Args)-1], 4) + `=0,"",` + x.at(n.Args[0], 5) + "/" + x.at(n.Args[1], 6) + ")"
		}, batchPlain((*batcher).ratio), Text{"{0} ÷ {1}", ""}, 0},

		"prev": {1, 1, false, prevUnit, func(c *cell, n *Node) value {
			if c.v.p.nothingYet(n.Args[0].line, c.col-1) {
				return value{}
			}
			return c.read(n.Args[0].line, c.col-1)
		}, func(x *emitter, n *Node) string {
			if x.p.nothingYet(n.Args[0].line, x.col-1) {
				return "0"
			}
			return x.s.Cell(n.Args[0].line, x.col-1)
		}, func(b *batcher, n *Node, _ int) ref {
			if b.p.nothingYet(n.Args[0].line, b.col-1) {
				return b.constant(0)
			}
			return b.cell(n.Args[0].line, b.col-1)
		}, Text{"上年{0}", "last year's {0}"}, 0},
		"initial": {1, 1, false, initialUnit, func(c *cell, n *Node) value { return c.read(n.Args[0].line, c.v.p.Calendar.Zero()+1) },
			func(x *emitter, n *Node) string { return x.s.Fixed(n.Args[0].line, x.p.Calendar.Zero()+1) },
			func(b *batcher, n *Node, _ int) ref { return b.cell(n.Args[0].line, b.p.Calendar.Zero()+1) }, Text{"首年{0}", "first year's {0}"}, 0},
		"sum_years": {3, 3, false, sumYearsUnit, sumYears, (*emitter).sumYears, batchSumYears, Text{"{0}在 {1} 至 {2} 年之和", "the sum of {0} over {1} to {2}"}, 0},

		"annuity": {3, 3, true, annuityUnit, annuity, func(x *emitter, n *Node) string {
			return "-PMT(" + x.at(n.Args[0], 0) + "," + x.at(n.Args[1], 0) + "," + x.amount(n.Args[2], 0) + ")"
		}, batchAnnuity, Text{"等额年金(利率 {0}，{1} 期，本金 {2})", "level payment(rate {0}, {1} payments, principal {2})"}, 6},
		"power": {2, 2, true, plain, power, (*emitter).power,
			batchPlain(func(b *batcher, x []ref) ref { return b.add(step{op: opPower, a: x[0], b: x[1]}) }), Text{"{0} 的 {1} 次方", "{0} to the power {1}"}, 6},
		"ln": {1, 1, true, plain, func(c *cell, n *Node) value { return c.ln(n, c.num(n.Args[0])) }, call("LN"),
			batchPlain(func(b *batcher, x []ref) ref { return b.add(step{op: opLn, a: x[0]}) }), Text{"ln({0})", ""}, 0},
		"exp": {1, 1, true, plain, func(c *cell, n *Node) value { return c.exp(n, c.num(n.Args[0])) }, call("EXP"),
			batchPlain(func(b *batcher, x []ref) ref { return b.add(step{op: opExp, a: x[0]}) }), Text{"e^({0})", ""}, 0},
		"sqrt": {1, 1, true, plain, func(c *cell, n *Node) value { return c.root(n, c.num(n.Args[0]), decimal.NewFromInt(2)) }, call("SQRT"), batchSqrt, Text{"√({0})", ""}, 0},
		"root": {2, 2, true, plain, func(c *cell, n *Node) value { return c.root(n, c.num(n.Args[0]), c.num(n.Args[1])) }, func(x *emitter, n *Node) string {
			return x.at(n.Args[0], 7) + "^(1/" + x.at(n.Args[1], 6) + ")"
		}, batchPlain(func(b *batcher, x []ref) ref { return b.add(step{op: opRoot, a: x[0], b: x[1]}) }), Text{"{0} 开 {1} 次方", "root {1} of {0}"}, 6},
	}
}

// ---- units

func additive(c *checker, n *Node) dims {
	a, b := c.here(n.Args[0]), c.here(n.Args[1])
	year := Year.dims()
	switch {
	case a == year && n.Op == "-" && (b == year || calendarYear(n.Args[1])):
		return dims{}
	case a == year && b == year:
		c.fail(n.Span, Text{"年份和年份不能相加", "a year cannot be added to a year"})
		return dims{any: true}
	case a == year && b.plain():
		return a
	case b == year && a.plain() && n.Op == "+":
		return b
	}
	return c.common(n, a, b)
}

// calendarYear: a constant that can only be meant as a year, as in year - 2020.
func calendarYear(n *Node) bool {
	return n.Op == "number" && n.num.GreaterThan(decimal.NewFromInt(1000))
}

// common is the unit both sides share.
func (c *checker) common(n *Node, a, b dims) dims {
	if !a.same(b) {
		c.fail(n.Args[len(n.Args)-1].Span, Textf("%s和%s不能放在一起", "%s and %s cannot be put together", a.text(), b.text()))
		return a
	}
	for i, d := range []dims{a, b} {
		if d.kind != "" && d.kind != Year {
			c.fail(n.Args[i].Span, Textf("%s不能参加计算", "%s cannot be calculated with", d.text()))
			break
		}
	}
	if a.any {
		return b
	}
	return a
}

func product(sign int8) func(*checker, *Node) dims {
	return func(c *checker, n *Node) dims {
		a, b := c.here(n.Args[0]), c.here(n.Args[1])
		if sign < 0 && n.Args[0].Text == "0" { // a part of nothing, of whatever it is
			return dims{any: true}
		}
		for i, d := range []dims{a, b} {
			if d.kind != "" {
				c.fail(n.Args[i].Span, Textf("%s不能相乘除", "%s cannot be multiplied or divided", d.text()))
				return dims{any: true}
			}
		}
		return a.times(b, sign)
	}
}

func alike(c *checker, n *Node) dims {
	d := c.here(n.Args[0])
	for _, a := range n.Args[1:] {
		d = c.common(&Node{Args: []*Node{n.Args[0], a}}, d, c.here(a))
	}
	if len(n.Args) == 1 && d.kind != "" && d.kind != Year {
		c.fail(n.Span, Textf("%s不能参加计算", "%s cannot be calculated with", d.text()))
	}
	return d
}

func plain(c *checker, n *Node) dims {
	for _, a := range n.Args {
		if d := c.here(a); !d.plain() {
			c.fail(a.Span, Textf("%s 要一个比率或数，这里是%s", "%s takes a plain number, here is %s", n.Op, d.text()))
		}
	}
	return dims{}
}

func comparison(c *checker, n *Node) dims {
	c.common(n, c.here(n.Args[0]), c.here(n.Args[1]))
	return Flag.dims()
}

func (c *checker) flags(args []*Node) {
	for _, a := range args {
		before := len(c.errs)
		if d := c.here(a); d.kind != Flag && !yesNo(a) && len(c.errs) == before {
			c.fail(a.Span, Textf("这里要一个条件（是/否），而它是%s", "a condition (yes or no) is needed here, but this is %s", d.text()))
		}
	}
}

// yesNo: a constant that is 1 or 0. Another would be true in one reader and false in the next.
func yesNo(n *Node) bool {
	if n.Op == "when" {
		return yesNo(n.Args[1]) && yesNo(n.Args[2])
	}
	return n.Op == "number" && (n.Text == "0" || n.Text == "1")
}

func logical(c *checker, n *Node) dims {
	c.flags(n.Args)
	return Flag.dims()
}

func whenUnit(c *checker, n *Node) dims {
	c.flags(n.Args[:1])
	return c.common(&Node{Args: n.Args[1:]}, c.here(n.Args[1]), c.here(n.Args[2]))
}

func roundUnit(c *checker, n *Node) dims {
	d := c.here(n.Args[0])
	if !d.same(Money.dims()) {
		if n.Span == n.Args[0].Span { // nobody wrote this round: see parse
			c.declared(n, d)
			return d
		}
		c.fail(n.Args[0].Span, Textf("round 只用于金额（取到分），这里是%s", "round is for amounts (to the fen), this is %s", d.text()))
	}
	return d
}

func roundToUnit(c *checker, n *Node) dims {
	return c.common(n, c.here(n.Args[0]), c.here(n.Args[1]))
}

// named: the argument must be the name of a line, because another year's value of it is read.
func (c *checker) named(n *Node) (dims, bool) {
	a := n.Args[0]
	if a.Op != "name" || slices.Contains(builtins, a.Text) {
		c.fail(a.Span, Textf("%s( ) 里要写一个行的名称", "%s( ) takes the name of a line", n.Op))
		return dims{any: true}, false
	}
	d := c.unit(a)
	return d, a.line >= 0
}

func prevUnit(c *checker, n *Node) dims {
	d, ok := c.named(n)
	if ok {
		c.present(n.Args[0], -1)
	}
	return d
}

func initialUnit(c *checker, n *Node) dims {
	d, ok := c.named(n)
	if ok && (c.p.Lines[n.Args[0].line].Input == NotInput || c.p.Lines[n.Args[0].line].Input == History) {
		c.fail(n.Args[0].Span, Text{"initial( ) 只用于按年给出的参数", "initial( ) takes an input given for the plan years"})
	}
	return d
}

func sumYearsUnit(c *checker, n *Node) dims {
	d, _ := c.named(n)
	for _, a := range n.Args[1:] {
		if y := c.here(a); !y.same(Year.dims()) {
			c.fail(a.Span, Textf("这里要一个年份，而它是%s", "a year is needed here, but this is %s", y.text()))
		}
	}
	return d
}

func annuityUnit(c *checker, n *Node) dims {
	plain(c, &Node{Op: n.Op, Args: n.Args[:2]})
	d := c.here(n.Args[2])
	if d.kind != "" {
		c.fail(n.Args[2].Span, Textf("%s不能参加计算", "%s cannot be calculated with", d.text()))
	}
	return d
}

func isUnit(c *checker, n *Node) dims {
	d, ok := c.named(n)
	option := n.Args[1]
	switch {
	case !ok:
	case d.kind != Choice:
		c.fail(n.Args[0].Span, Textf("%q 不是选项", "%q is not a choice", n.Args[0].Text))
	case option.Op != "name" || !slices.Contains(c.p.Lines[n.Args[0].line].Options, option.Text):
		c.fail(option.Span, Textf("没有这个选项；可选：%s", "there is no such option; there are: %s", strings.Join(c.p.Lines[n.Args[0].line].Options, " ")))
	}
	option.line, option.term = -1, "option"
	return Flag.dims()
}

// sumUnit expands sum(revenue.*.kept) into the lines it stands for. Adding flags counts them.
func sumUnit(c *checker, n *Node) dims {
	var args []*Node
	for _, a := range n.Args {
		if a.Op == "name" && strings.Contains(a.Text, ".*") {
			args = append(args, c.expand(a)...)
		} else {
			args = append(args, a)
		}
	}
	n.Args = args
	if len(args) == 0 {
		return dims{any: true}
	}
	first := c.here(args[0])
	for _, a := range args[1:] {
		if d := c.here(a); !d.same(first) {
			c.fail(a.Span, Textf("%s和%s不能相加", "%s and %s cannot be added", first.text(), d.text()))
		} else if first.any {
			first = d
		}
	}
	switch first.kind {
	case Flag:
		return dims{}
	case Year, Choice:
		c.fail(n.Span, Textf("%s不能相加", "%s cannot be added", first.text()))
	}
	return first
}

// mostSummed is how many lines all sums of a book may add up: a thousand elements in some hundred sums are far below it.
const mostSummed = 300_000

// expand is the lines a pattern such as revenue.*.kept stands for.
func (c *checker) expand(a *Node) (names []*Node) {
	if c.members == nil {
		c.enlist()
	}
	before, after, _ := strings.Cut(a.Text, ".*")
	add := func(name string) {
		if c.summed++; c.summed <= mostSummed {
			names = append(names, &Node{Op: "name", Text: name, Span: a.Span, of: a.Text})
		}
	}
	if group, ok := c.groups[before]; ok {
		for _, scope := range group {
			add(scope + after)
		}
	} else {
		_, last, _ := CutLast(after)
		list := c.members["*."+last]
		if after == "" {
			list = c.members[before+"."]
		}
		for _, name := range list {
			rest, ok := strings.CutPrefix(name, before+".")
			if ok && strings.HasSuffix(rest, after) && !strings.Contains(strings.TrimSuffix(rest, after), ".") {
				add(name)
			}
		}
		if _, scope := c.members[before]; names == nil && c.summed <= mostSummed && !scope {
			c.fail(a.Span, Textf("%q 下面什么也没有", "there is nothing under %q", before))
		}
	}
	if c.summed > mostSummed && !c.full {
		c.full = true
		c.fail(a.Span, Textf("所有求和一共要加 %d 行以上；同样的求和写成一行，别处引用那一行", "all sums together add up more than %d lines; write a sum that is used often as a line of its own, and read that", mostSummed))
	}
	return names
}

// enlist puts the lines into lists by which patterns find them: under "*.x" those whose last word is x, under "a.b." those of the scope a.b; a scope itself has
// an entry. Lines that stand for others come last.
func (c *checker) enlist() {
	c.members = map[string][]string{}
	put := func(name string) {
		scope, last, _ := CutLast(name)
		c.members["*."+last] = append(c.members["*."+last], name)
		c.members[scope+"."] = append(c.members[scope+"."], name)
	}
	for _, l := range c.p.Lines {
		put(l.Name)
		for scope, _, ok := CutLast(l.Name); ok; scope, _, ok = CutLast(scope) {
			c.members[scope] = nil
		}
	}
	for _, g := range c.gone {
		if g.By != "" {
			put(g.Name)
		}
	}
}

// CutLast cuts a name at its last dot.
func CutLast(name string) (scope, last string, ok bool) {
	if i := strings.LastIndex(name, "."); i >= 0 {
		return name[:i], name[i+1:], true
	}
	return "", name, false
}

// here is the unit of a node whose value is read in the formula's own year.
func (c *checker) here(n *Node) dims {
	d := c.unit(n)
	if n.Op == "name" {
		c.present(n, 0)
		if d.kind == Choice {
			c.fail(n.Span, Textf("%q 是选项，只能用 is( ) 来问", "%q is a choice and can only be asked with is( )", n.Text))
		}
	}
	return d
}
