package formula

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// TestOpeningsThatRemember: a line of which nothing exists before its first year may read its own last year in its opening, and begins with 0 in every
// reader. The actuals are 1, 2, 4; a line that needs last year's begins in 2020.
func TestOpeningsThatRemember(t *testing.T) {
	lines := []Line{
		{Name: "high", Unit: Money, Formula: "max(prev(high), budget)", Opening: "max(prev(high), actual)", Past: true, ZeroBefore: true},
		{Name: "rise", Unit: Money, Formula: "level - prev(level)", Opening: "level - prev(level)", Past: true, ZeroBefore: true},
		{Name: "risen", Unit: Money, Formula: "prev(risen) + rise", Opening: "prev(risen) + rise", Past: true, ZeroBefore: true},
		{Name: "all", Unit: Money, Formula: "sum_years(rise, first_year, year)"},
	}
	p, v, errs := run(t, lines, map[string]Input{"actual": given("3", "2", "4", "", "", "")})
	if errs != nil {
		t.Fatal(errs[0])
	}
	for line, want := range map[string]string{"high": "3 3 4 10 20 30", "rise": "- -1 2 6 10 10", "risen": "- -1 1 7 17 27", "all": "- - - 7 17 27"} {
		if got := row(p, v, line); got != want {
			t.Errorf("%s: %s, not %s", line, got, want)
		}
	}
	at, label := p.Index("high"), func(int) string { return "L" }
	if first, next := p.Excel(at, 0, sheet(p)), p.Excel(at, 1, sheet(p)); first != "MAX(0,"+sheet(p).Cell(p.Index("actual"), 0)+")" || next != "MAX("+sheet(p).Cell(at, 0)+","+sheet(p).Cell(p.Index("actual"), 1)+")" {
		t.Errorf("on a sheet: %s, then %s", first, next)
	}
	if e := p.Explain(v, at, 2019, EN, label, func(_ int, d decimal.Decimal) string { return d.String() }); e.Numbers != "max(0, 3)" {
		t.Errorf("explained: %s", e.Numbers)
	}
	batch := p.Batch(v, []Cell{{p.Index("actual"), 0}, {p.Index("actual"), 1}}, []Cell{{at, 5}, {at, 2}, {p.Index("all"), 5}})
	x := batch.Block()
	x.In(0)[0], x.In(1)[0] = 50, 7
	x.Run(1)
	for i, want := range []float64{50, 50, -20} {
		if got := x.Out(i)[0] / batch.Divisor(i); got != want {
			t.Errorf("batch: figure %d is %v, not %v", i, got, want)
		}
	}
	if _, errs := Compile(and(Line{Name: "x", Unit: Money, Formula: "budget", Opening: "prev(x) + tax"}), nil, cal); len(errs) == 0 || !strings.Contains(errs[0].Text.EN, "no value") {
		t.Errorf("a line that does not begin with 0 reads its own past: %v", errs)
	}
}
