package formula

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		unit Unit
		want int
	}{
		{"100", "100.0000004", Money, 0}, {"100", "100.0000005", Money, -1}, {"-100.0000005", "-100", Money, -1}, {"100.000001", "100", Money, 1},
		{"0.05", "0.0500000000004", Ratio, 0}, {"0.05", "0.0500000000005", Ratio, -1}, {"0.050000000001", "0.05", Ratio, 1}, {"100", "100.0000004", MoneyPerPerson, -1},
		{"0.333333333333333333333333333334", "0.333333333333333333333333333333", Number, 0},
		{"0.0000004999999999999999999999995", "0.000001", Money, 0}, // half a fen but for the 30th place of a quotient
	} {
		if got := Compare(number(c.a), number(c.b), c.unit); got != c.want {
			t.Errorf("%s and %s in %s: %d, want %d", c.a, c.b, c.unit, got, c.want)
		}
	}
}

// What else decides by asking whether a number is 0, whole or a certain year, where doubles miss it by a hair: r + q is 1, n / 3 * 3 is 4 and the third of
// an amount, three times, the amount. Exact, batch and sheet agree.
func TestWhatDecides(t *testing.T) {
	lines := []Line{
		{Name: "a", Unit: Money, Input: Scalar}, {Name: "b", Unit: Money, Input: Scalar}, {Name: "r", Unit: Ratio, Input: Scalar}, {Name: "q", Unit: Ratio, Input: Scalar},
		{Name: "n", Unit: Number, Input: Scalar}, {Name: "level", Unit: Money, Input: ByYear},
	}
	inputs := []Input{given("100"), given("0.000001"), given("0.9"), given("0.1"), given("4"), given("", "", "", "10", "20", "30")}
	cases := []struct {
		unit          Unit
		formula, want string
	}{
		{Ratio, "ratio(q, 1 - r - q)", "blank"}, {Ratio, "ratio(q, r - 1)", "-1"}, {Ratio, "ratio(a, b * 40%)", "blank"}, {Ratio, "ratio(b, b * 50%)", "2"}, {Ratio, "ratio(a, a - b - 99.999999)", "blank"},
		{Money, "when(1 - r - q = 0, a, b)", "100"}, {Money, "when(1 - r - q != 0 and a / (1 - r - q) > b, a, b)", "0.000001"}, {Money, "when(q * 3 > 0.3 or r + q < 1, a, b)", "0.000001"},
		{Money, "when(a / 3 * 1.5 * 2 = a, a, b)", "100"}, {Money, "when(b / 3 * 1.5 >= b, a, b)", "100"}, // half a fen
		{Money, "when(a * (1 + q) = 110.0000004, a, b)", "100"},
		{Flag, "a / 3 * 3 = a and not (a / 3 * 3 < a)", "1"}, {Flag, "a / b * b > a", "0"}, {Flag, "r >= 0.9000000000004 and r < 0.9000000000005", "1"},
		{Money, "sum_years(level, year - n / 3 * 3 + 4, year)", "20"}, {Money, "sum_years(level, year, year + n * 0.1 * 10 - 4)", "20"}, // 2023 only, but for a hair
		{Number, "annuity(0, n * 0.7 / 0.7, n)", "1"}, {Number, "power(2, (r + q) * n / 3 * 3)", "16"}, {Money, "round_to(a, b * 40.1)", "100"}, // a step is whole fen
		{Money, "round_to(b / 3 * 1.5, b)", "0.000001"},
		{Money, "round_to(a, a * (r + q) / 3)", "99.999999"},
	}
	for i, c := range cases {
		lines, inputs = append(lines, Line{Name: fmt.Sprintf("l%d", i), Unit: c.unit, Formula: c.formula}), append(inputs, Input{})
	}
	p, errs := Compile(lines, nil, cal)
	if errs != nil {
		t.Fatalf("%v in %q", errs[0], errs[0].Formula)
	}
	v, errs := p.Evaluate(inputs)
	for _, err := range errs {
		t.Errorf("%v in %q", err, err.Formula)
	}
	col := cal.Col(2023)
	varying := []Cell{{0, AllYears}, {1, AllYears}, {2, AllYears}, {3, AllYears}, {4, AllYears}, {5, col - 1}, {5, col}, {5, col + 1}}
	var wanted []Cell
	for i := range cases {
		wanted = append(wanted, Cell{6 + i, col})
	}
	batch := p.Batch(v, varying, wanted)
	x := batch.Block()
	for i, c := range varying {
		x.In(i)[0] = inputs[c.Line].At(max(c.Col, 0)).InexactFloat64()
	}
	x.Run(1)
	s := sheet(p)
	grid := &spreadsheet{at: func(col, row int) any {
		if row == 1 {
			return float64(cal.First + col)
		}
		return inCell(v.At(row-2, col))
	}}
	for i, c := range cases {
		if got := shown(p, v, fmt.Sprintf("l%d", i), 2023); got != c.want {
			t.Errorf("%s = %s, want %s", c.formula, got, c.want)
			continue
		}
		want, blank, _ := v.At(6+i, col)
		got := x.Out(i)[0] / batch.Divisor(i)
		if math.IsNaN(got) != blank || math.Abs(got-want.InexactFloat64()) > 1e-9 {
			t.Errorf("%s: batch %v, exact %s", c.formula, got, c.want)
		}
		if got := grid.calc(p.Excel(6+i, col, s)); blank != (got == "") || math.Abs(num(got)-want.InexactFloat64()) > 1e-9 {
			t.Errorf("%s: sheet %v, exact %s", p.Excel(6+i, col, s), got, c.want)
		}
	}
}

// One run is above another where a comparison in a formula says so.
func TestAbove(t *testing.T) {
	p, errs := Compile([]Line{{Name: "a", Unit: Money, Input: Scalar}, {Name: "r", Unit: Ratio, Input: Scalar}, {Name: "per", Unit: MoneyPerPerson, Input: Scalar}}, nil, cal)
	if errs != nil {
		t.Fatal(errs[0])
	}
	v, _ := p.Evaluate([]Input{given("1"), given("1"), given("1")})
	cells := []Cell{{0, AllYears}, {1, AllYears}, {2, AllYears}}
	batch := p.Batch(v, cells, []Cell{{0, 3}, {1, 3}, {2, 3}})
	for i, c := range []struct {
		x, y []float64
		want int64
	}{
		{[]float64{1e15 + 1, 5, 6}, []float64{1e15, 5, 7}, 1},                              // fen
		{[]float64{0.1 + 0.2, 0.300000000001, 1.0000000000001}, []float64{0.3, 0.3, 1}, 1}, // ratios
		{[]float64{2.5e6 + 1e-9, 2.5e6 + 1e-6, math.NaN()}, []float64{2.5e6, 2.5e6, 1}, 1}, // fen per person
	} {
		if got := batch.Above(i, c.x, c.y); got != c.want {
			t.Errorf("%v above %v: %d times, want %d", c.x, c.y, got, c.want)
		}
	}
}

// TestIntegrals: whether lines are whole is found by looking at each once, and again for what it reads that is not: also where each reads the next one, and
// only the last is not whole.
func TestIntegrals(t *testing.T) {
	const n = 3000
	lines := slices.Clone(town)
	for i := range n {
		lines = append(lines, Line{Name: fmt.Sprint("own.a", i), Unit: Number, Formula: fmt.Sprintf("own.a%d + 1", i+1)}, Line{Name: fmt.Sprint("own.b", i), Unit: Number, Formula: fmt.Sprintf("own.b%d + 1", i+1)})
	}
	lines = append(lines, Line{Name: fmt.Sprint("own.a", n), Unit: Number, Formula: "size / 2"}, Line{Name: fmt.Sprint("own.b", n), Unit: Number, Formula: "term + 1"})
	p, errs := Compile(lines, nil, cal)
	if errs != nil {
		t.Fatal(errs[0])
	}
	if looked := p.integrals(); looked > len(lines)+n+1 {
		t.Errorf("%d lines are looked at %d times", len(lines), looked)
	}
	for name, whole := range map[string]bool{"own.a0": false, fmt.Sprint("own.a", n): false, "own.b0": true, "term": true, "size": false, "tax": false} {
		if i := slices.IndexFunc(p.Lines, func(l *Compiled) bool { return l.Name == name }); p.Lines[i].integral != whole {
			t.Errorf("%s is whole: %v", name, !whole)
		}
	}
}
