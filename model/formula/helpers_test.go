package formula

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// cal has three history years, so that year 0 is neither the first column nor the last.
var cal = Calendar{First: 2019, Actual: 2021, Last: 2024}

// town is a small book with a line of every kind; a test adds the line it is about. Its values are in townInputs.
var town = []Line{
	{Name: "tax", Unit: Money, Input: Scalar},
	{Name: "fee", Unit: Money, Input: Scalar},
	{Name: "heads", Unit: Person, Input: Scalar},
	{Name: "wage", Unit: MoneyPerPerson, Input: Scalar},
	{Name: "cost", Unit: Yuan, Input: Scalar},
	{Name: "rate", Unit: Ratio, Input: Scalar},
	{Name: "size", Unit: Number, Input: Scalar},
	{Name: "term", Unit: Years, Input: Scalar},
	{Name: "start", Unit: Year, Input: Scalar},
	{Name: "open", Unit: Flag, Input: Scalar},
	{Name: "shut", Unit: Flag, Input: Scalar},
	{Name: "rule", Unit: Choice, Input: Scalar, Options: []string{"mean", "last"}},
	{Name: "budget", Unit: Money, Input: ByYear},
	{Name: "actual", Unit: Money, Input: History},
	{Name: "level", Unit: Money, Formula: "budget", Opening: "actual", Past: true},
	{Name: "spent", Unit: Money, Formula: "budget"},
	{Name: "balance", Unit: Money, Formula: "prev(balance) + budget", Opening: "tax"},
	{Name: "lent", Unit: Money, Formula: "budget", Opening: "actual", Past: true, ZeroBefore: true},
	{Name: "covered", Unit: Ratio, Formula: "ratio(budget, fee)"},
}

var townInputs = map[string]Input{
	"tax": given("100"), "fee": given("40.5"), "heads": given("108"), "wage": given("2.5"), "cost": given("10000"),
	"rate": given("0.032"), "size": given("4"), "term": given("10"), "start": given("2023"), "open": given("1"), "shut": given("0"),
	"rule":   {Option: "mean"},
	"budget": given("", "", "", "10", "20", "30"),
	"actual": given("1", "2", "4", "", "", ""),
}

func number(s string) decimal.Decimal {
	if s == "" {
		return decimal.Decimal{}
	}
	return decimal.RequireFromString(s)
}

// given is one number for all years, or one for every column.
func given(values ...string) Input {
	if len(values) == 1 {
		return Input{Same: number(values[0])}
	}
	in := Input{ByYear: make([]decimal.Decimal, len(values))}
	for i, s := range values {
		in.ByYear[i] = number(s)
	}
	return in
}

// and adds lines to the town.
func and(lines ...Line) []Line { return append(append([]Line{}, town...), lines...) }

// x is a line called x, of which a test gives only unit and formula.
func x(unit Unit, formula string) Line { return Line{Name: "x", Unit: unit, Formula: formula} }

func compile(t testing.TB, lines []Line) *Program {
	t.Helper()
	p, errs := Compile(lines, nil, cal)
	for _, err := range errs {
		t.Errorf("%v in %q", err, err.Formula)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

// inputsOf puts named inputs into the places of a program's lines.
func inputsOf(p *Program, named map[string]Input) []Input {
	inputs := make([]Input, len(p.Lines))
	for i, l := range p.Lines {
		inputs[i] = named[l.Name]
	}
	return inputs
}

// run computes the town with the lines a test adds. changes are inputs that differ from townInputs.
func run(t testing.TB, lines []Line, changes map[string]Input) (*Program, *Values, []*Error) {
	t.Helper()
	p := compile(t, and(lines...))
	named := map[string]Input{}
	for _, from := range []map[string]Input{townInputs, changes} {
		for name, in := range from {
			named[name] = in
		}
	}
	v, errs := p.Evaluate(inputsOf(p, named))
	return p, v, errs
}

// shown is a value as a test writes it: a number, "blank", or "-" where there is none.
func shown(p *Program, v *Values, line string, year int) string {
	switch d, blank, there := v.At(p.Index(line), p.Calendar.Col(year)); {
	case !there:
		return "-"
	case blank:
		return "blank"
	default:
		return d.String()
	}
}

// row is a line's values in all years.
func row(p *Program, v *Values, line string) string {
	var all []string
	for year := p.Calendar.First; year <= p.Calendar.Last; year++ {
		all = append(all, shown(p, v, line, year))
	}
	return strings.Join(all, " ")
}

// marked is the stretch of the formula that an error points at.
func marked(t testing.TB, e *Error) string {
	t.Helper()
	if e.Span.From < 0 || e.Span.From > e.Span.To || e.Span.To > len(e.Formula) {
		t.Fatalf("span %v outside %q", e.Span, e.Formula)
	}
	return e.Formula[e.Span.From:e.Span.To]
}

// sexp writes a tree with its operators in front: (+ a (* b 2)).
func sexp(n *Node) string {
	if n.Op == "number" || n.Op == "name" {
		return n.Text
	}
	parts := []string{n.Op}
	for _, a := range n.Args {
		parts = append(parts, sexp(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}
