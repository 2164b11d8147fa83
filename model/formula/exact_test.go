package formula

import (
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
)

// Every function and operator on numbers worked by hand, in 2023 of the town. The unit is what the formula gives.
func TestExact(t *testing.T) {
	for _, c := range []struct {
		unit          Unit
		formula, want string
	}{
		{Money, "tax + fee", "140.5"}, {Money, "fee - tax", "-59.5"}, {Money, "tax * rate", "3.2"}, {Money, "tax / term", "10"}, {Money, "-fee", "-40.5"}, {Money, "0.1 + 0.2", "0.3"},
		{Ratio, "1 / 3", "0.333333333333333333333333333333"}, {Ratio, "2 / 3", "0.666666666666666666666666666667"}, {Ratio, "-2 / 3", "-0.666666666666666666666666666667"}, {MoneyPerPerson, "tax / heads * 108", "100.000000000000000000000000000008"},
		{Ratio, "50% + 0.5%", "0.505"},
		{Flag, "tax = 100", "1"}, {Flag, "tax = 100.000000", "1"}, {Flag, "tax != fee", "1"}, {Flag, "tax < 100", "0"}, {Flag, "tax <= 100", "1"}, {Flag, "tax > 100", "0"}, {Flag, "tax >= 100", "1"}, {Flag, "-tax < fee", "1"},
		{Flag, "open and shut", "0"}, {Flag, "open and open", "1"}, {Flag, "shut or open", "1"}, {Flag, "shut or shut", "0"}, {Flag, "not open", "0"}, {Flag, "not shut", "1"}, {Flag, "not shut and shut", "0"},
		{Money, "when(open, tax, fee)", "100"}, {Money, "when(shut, tax, fee)", "40.5"}, {Money, "when(1, tax, fee)", "100"},
		{Flag, "is(rule, mean)", "1"}, {Flag, "is(rule, last)", "0"},
		{Money, "max(fee, tax, 0)", "100"}, {Money, "max(-tax)", "-100"}, {Money, "min(fee, tax, 50)", "40.5"}, {Money, "min(fee)", "40.5"}, {Money, "abs(fee - tax)", "59.5"}, {Money, "abs(tax)", "100"},
		{Money, "sum(tax, fee, 1, -fee)", "101"}, {Money, "sum()", "0"}, {Ratio, "sum(open, shut, tax > fee)", "2"}, {Money, "sum(fee)", "40.5"},
		{Ratio, "ratio(fee, tax)", "0.405"}, {Ratio, "ratio(tax, fee - fee)", "blank"}, {Ratio, "ratio(1, 3)", "0.333333333333333333333333333333"}, {Ratio, "when(open, ratio(tax, 0 * tax), 1)", "blank"}, {Ratio, "when(shut, ratio(tax, 0 * tax), 1)", "1"},
		{Money, "prev(balance)", "110"}, {Money, "prev(level)", "10"}, {Money, "prev(tax)", "100"}, {Money, "initial(budget)", "10"}, {Money, "initial(tax)", "100"},
		{Money, "level", "20"}, {Money, "budget - initial(budget)", "10"},
		{Year, "year", "2023"}, {Year, "last_actual_year", "2021"}, {Year, "first_year", "2019"}, {Years, "year - start", "0"}, {Year, "max(start, year - 5) + 1", "2024"},

		// round: to the fen, half away from zero, in both directions
		{Money, "round_to(tax - 0.05, 0.1)", "100"}, {Money, "round_to(-0.25, 0.1)", "-0.3"}, {Money, "round_to(14.9, 10)", "10"}, {Money, "round(0.0000005)", "0.000001"}, {Money, "round(0.00000049999999)", "0"}, {Money, "round(1.0000015)", "1.000002"}, {Money, "round(1.0000025)", "1.000003"}, {Money, "round(2.0000014999)", "2.000001"},
		{Money, "round(-0.0000005)", "-0.000001"}, {Money, "round(-1.0000025)", "-1.000003"}, {Money, "round(-1.0000024999)", "-1.000002"}, {Money, "round(tax)", "100"},
		{Money, "fee * 0.0000001", "0.000004"}, {Money, "-(tax * 0.000000005)", "-0.000001"}, {Money, "tax * 0.000000005", "0.000001"}, // whole formula rounded
		{Money, "tax + 0.1234567", "100.123457"}, {Money, "max(tax - 0.0000004, 0)", "100"}, {Money, "when(tax > 0, 0.0000006, fee)", "0.000001"}, // a constant finer than a fen

		{Money, "annuity(0, 10, tax)", "10"}, {Money, "annuity(0, 3, tax)", "33.333333"}, {Money, "annuity(3.2%, 10, 600)", "71.058108"}, {Money, "annuity(rate, term, 6 * tax)", "71.058108"},
		{Money, "annuity(10%, 1, tax)", "110"}, {Money, "annuity(10%, 2, 210)", "121"}, {Money, "annuity(-50%, 1, tax)", "50"}, {Money, "annuity(rate, 5, 0)", "0"}, {Money, "-annuity(10%, 2, 210)", "-121"},
	} {
		p, v, errs := run(t, []Line{x(c.unit, c.formula)}, nil)
		if got := shown(p, v, "x", 2023); got != c.want || errs != nil {
			t.Errorf("%s = %s, want %s %v", c.formula, got, c.want, errs)
		}
	}
}

// The level payment of the worked case to more places: 600 × 0.032 × 1.032^10 ÷ (1.032^10 − 1), in rationals.
func TestAnnuityAgainstRationals(t *testing.T) {
	one, rate, grown := big.NewRat(1, 1), big.NewRat(32, 1000), big.NewRat(1, 1)
	for range 10 {
		grown.Mul(grown, new(big.Rat).Add(one, rate))
	}
	want := new(big.Rat).Mul(big.NewRat(600, 1), rate)
	want.Mul(want, grown).Quo(want, new(big.Rat).Sub(grown, one))
	p, v, errs := run(t, []Line{x(Number, "annuity(3.2%, 10, 600)")}, nil)
	if got := shown(p, v, "x", 2022); got != want.FloatString(30) || errs != nil {
		t.Errorf("got  %s\nwant %s %v", got, want.FloatString(30), errs)
	}
}

// Known constants to 25 places (OEIS A001113, A002162, A002392, A002193, A002581, A092041).
func TestTranscendentals(t *testing.T) {
	for formula, want := range map[string]string{
		"exp(1)": "2.7182818284590452353602875", "exp(0)": "1", "exp(-1)": "0.3678794411714423215955238", "exp(0.5)": "1.6487212707001281468486508", "ln(exp(1))": "1",
		"ln(2)": "0.6931471805599453094172321", "ln(10)": "2.3025850929940456840179915", "ln(1)": "0", "ln(0.5)": "-0.6931471805599453094172321", "ln(1.065)": "0.0629747991613884352714847",
		"sqrt(2)": "1.4142135623730950488016887", "sqrt(4)": "2", "sqrt(0)": "0", "sqrt(10000000000)": "100000", "root(2, 3)": "1.2599210498948731647672106", "root(8, 3)": "2", "root(2, 1)": "2", "root(1, 7)": "1", "root(0, 4)": "0",
		"root(1024, 10)": "2", "root(2, 0.5)": "4", "power(1.05, 3)": "1.157625", "power(2, 0)": "1", "power(0, 0)": "1", "power(2, -2)": "0.25", "power(-3, 3)": "-27", "power(1.1, 2) * 100": "121",
	} {
		p, v, errs := run(t, []Line{x(Ratio, formula)}, nil)
		d, _, there := v.At(p.Index("x"), 3)
		if w := number(want); !there || errs != nil || d.Sub(w).Abs().GreaterThan(decimal.New(6, -26)) {
			t.Errorf("%s = %s, want %s %v", formula, d, want, errs)
		}
	}
}

func TestSumYears(t *testing.T) {
	// level is 1 2 4 | 10 20 30, from 2019 on.
	for formula, want := range map[string]string{
		"sum_years(level, year, year)":                            "10 20 30", // the current year is in
		"sum_years(level, year - 1, year)":                        "14 30 50",
		"sum_years(level, year - 3, year - 1)":                    "7 16 34",
		"sum_years(level, first_year, last_actual_year)":          "7 7 7",
		"sum_years(level, first_year, year)":                      "17 37 67",
		"sum_years(level, year, year - 1)":                        "0 0 0", // empty window
		"sum_years(level, year + 1, year + 5)":                    "- - -", // what is not known yet is not 0
		"sum_years(level, year, year + 5)":                        "- - -",
		"sum_years(level, year + 5, year + 1)":                    "0 0 0", // empty
		"sum_years(level, first_year - 5, first_year - 6)":        "0 0 0", // empty before the book
		"sum_years(lent, year - 9, year - 1)":                     "7 17 37",
		"sum_years(lent, first_year - 3, first_year - 1)":         "0 0 0",
		"sum_years(balance, last_actual_year, year)":              "210 340 500",
		"sum_years(actual, last_actual_year - 1, year - 1)":       "6 - -", // a history input has no value in 2022: not a short sum
		"sum_years(spent, year, year)":                            "10 20 30",
		"sum_years(level, year - 2.5, year - 0.5)":                "6 14 30", // no year is at the half
		"sum_years(tax, last_actual_year, year)":                  "200 300 400",
		"sum_years(level, start - 2, start - 2)":                  "4 4 4",
		"when(open, sum_years(level, year, year), 0) + prev(tax)": "110 120 130",
	} {
		p, v, _ := run(t, []Line{x(Money, formula)}, nil)
		if got := strings.TrimPrefix(row(p, v, "x"), "- - - "); got != want {
			t.Errorf("%s = %s, want %s", formula, got, want)
		}
	}
	for _, c := range []struct{ formula, year, en, zh string }{
		{"sum_years(level, year - 5, year)", "2022", "level begins in 2019, the formula asks for 2017", "level 从 2019 年才有值，公式要用 2017 年的"},
		{"sum_years(level, first_year - 1, first_year - 1)", "2022", "level begins in 2019, the formula asks for 2018", "level 从 2019 年才有值，公式要用 2018 年的"},
		{"sum_years(spent, year - 1, year)", "2022", "spent has no value in 2021", "spent 在 2021 年没有值"},
		{"sum_years(balance, first_year, year)", "2022", "balance has no value in 2019", "balance 在 2019 年没有值"},
		{"sum_years(actual, year - 1, year)", "2022", "actual has no value in 2022", "actual 在 2022 年没有值"},
	} {
		p, v, errs := run(t, []Line{x(Money, c.formula)}, nil)
		if len(errs) == 0 || errs[0].Text != (Text{c.zh, c.en}) || fmt.Sprint(errs[0].Year) != c.year || marked(t, errs[0]) != c.formula {
			t.Errorf("%s: %v", c.formula, errs)
		}
		if got := shown(p, v, "x", 2022); got != "-" {
			t.Errorf("%s = %s in spite of the error", c.formula, got)
		}
	}
}

// An error names line, year and place once; whatever depends on it has no value and no message of its own.
func TestErrorsOfACell(t *testing.T) {
	for _, c := range []struct {
		unit    Unit
		formula string
		at      string
		want    Text
	}{
		{Ratio, "1 + tax / (tax - 5 * budget)", "tax / (tax - 5 * budget)", Text{"除数是 0；用 when 先排除，或用 ratio(a, b) 得到空白", "division by zero; exclude it with when, or use ratio(a, b), which is then blank"}},
		{Money, "when(year = 2023, annuity(rate, term - 10, tax), 0)", "term - 10", Text{"期数应是 1 到 1000 的整数，这里是 0", "the number of payments must be a whole number from 1 to 1000, here it is 0"}},
		{Money, "when(year = 2023, annuity(rate, 2.5, tax), 0)", "2.5", Text{"期数应是 1 到 1000 的整数，这里是 2.5", "the number of payments must be a whole number from 1 to 1000, here it is 2.5"}},
		{Money, "when(year = 2023, annuity(rate, 1001, tax), 0)", "1001", Text{"期数应是 1 到 1000 的整数，这里是 1001", "the number of payments must be a whole number from 1 to 1000, here it is 1001"}},
		{Money, "when(year = 2023, annuity(-2, 2, tax), 0)", "-2", Text{"利率 -2 算不出年金", "no level payment exists at the rate -2"}},
		{Ratio, "when(year = 2023, ln(0 * size), 0)", "ln(0 * size)", Text{"ln 要正数，这里是 0", "ln takes a positive number, here it is 0"}},
		{Ratio, "when(year = 2023, ln(-1), 0)", "ln(-1)", Text{"ln 要正数，这里是 -1", "ln takes a positive number, here it is -1"}},
		{Ratio, "when(year = 2023, exp(61), 0)", "exp(61)", Text{"exp 的参数 61 太大", "the argument 61 of exp is too large"}},
		{Ratio, "when(year = 2023, 1 + exp(-61), 0)", "exp(-61)", Text{"exp 的参数 -61 太大", "the argument -61 of exp is too large"}},
		{Ratio, "when(year = 2023, sqrt(-4), 0)", "sqrt(-4)", Text{"不能对 -4 开 2 次方", "there is no root 2 of -4"}},
		{Ratio, "when(year = 2023, root(4, 0 * size), 0)", "root(4, 0 * size)", Text{"不能对 4 开 0 次方", "there is no root 0 of 4"}},
		{Number, "when(year = 2023, 10000000000000000 * 100000000000000, 0)", "10000000000000000 * 100000000000000", Text{"数太大（超过 10 的 30 次方）", "the number is too large (over 10 to the power 30)"}},
	} {
		p, v, errs := run(t, []Line{
			x(c.unit, c.formula),
			{Name: "same_year", Unit: c.unit, Formula: "x + 0"},
			{Name: "next_year", Unit: c.unit, Formula: "prev(next_year) + same_year", Opening: "0"},
			{Name: "window", Unit: c.unit, Formula: "when(year = 2023, sum_years(x, year, year), 0)"},
			{Name: "untouched", Unit: c.unit, Formula: "when(year = 2023, 0, x)"},
		}, nil)
		if len(errs) != 1 {
			t.Errorf("%s: %d errors: %v", c.formula, len(errs), errs)
			continue
		}
		e := errs[0]
		if e.Line != "x" || e.Year != 2023 || e.Text != c.want || e.Formula != c.formula || marked(t, e) != c.at {
			t.Errorf("%s: %s %d %v at %q\nwant %v at %q", c.formula, e.Line, e.Year, e.Text, marked(t, e), c.want, c.at)
		}
		for name, want := range map[string]string{"x": "number - number", "same_year": "number - number", "next_year": "number - -", "window": "number - number", "untouched": "number number number"} {
			var got []string
			for _, s := range strings.Fields(row(p, v, name))[3:] {
				if s != "-" {
					s = "number"
				}
				got = append(got, s)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %s has %v, want %s", c.formula, name, got, want)
			}
		}
	}
}

// An error in an opening names year 0, or each history year of a past line.
func TestErrorsOfAnOpening(t *testing.T) {
	p, v, errs := run(t, []Line{{Name: "x", Unit: Ratio, Formula: "prev(x)", Opening: "actual / (actual - 2)", Past: true}, {Name: "y", Unit: Ratio, Formula: "1", Opening: "1 / (1 - size / 4)"}}, nil)
	if len(errs) != 2 || errs[0].Line != "x" || errs[0].Year != 2020 || errs[1].Line != "y" || errs[1].Year != 2021 || errs[1].Formula != "1 / (1 - size / 4)" {
		t.Errorf("%v", errs)
	}
	if got := row(p, v, "x"); got != "-1 - 2 2 2 2" {
		t.Error(got)
	}
	if got := row(p, v, "y"); got != "- - - 1 1 1" {
		t.Error(got)
	}
}

// A guard keeps what it excludes from being computed, and so do and and or.
func TestLazy(t *testing.T) {
	for _, c := range []struct{ formula, want string }{
		{"when(shut, 1 / 0, 2)", "2"}, {"when(open, 2, 1 / 0)", "2"}, {"when(shut and 1 / 0 > 1, 1, 2)", "2"}, {"when(open or 1 / 0 > 1, 1, 2)", "1"}, {"when(size = 4, 1, ln(size - 4))", "1"},
	} {
		p, v, errs := run(t, []Line{x(Ratio, c.formula)}, nil)
		if got := shown(p, v, "x", 2022); got != c.want || errs != nil {
			t.Errorf("%s = %s, want %s %v", c.formula, got, c.want, errs)
		}
	}
}

// A formula that squares itself must not make numbers of a billion digits: it grows into an error or shrinks into 60 places, quickly either way.
func TestMagnitude(t *testing.T) {
	long := Calendar{2000, 2000, 2030}
	for _, c := range []struct {
		start, formula string
		failsIn        int
	}{
		{"10", "prev(x) * prev(x)", 2005}, {"1.000000000001", "prev(x) * prev(x)", 0}, {"0.3", "prev(x) * prev(x)", 0}, {"-7.123456789", "prev(x) * prev(x) * prev(x)", 2004}, {"1", "prev(x) * 1000", 2010},
		{"3", "exp(prev(x))", 2003}, {"0.1", "prev(x) / 3", 0},
	} {
		p, errs := Compile([]Line{{Name: "start", Unit: Number, Input: Scalar}, {Name: "x", Unit: Number, Formula: c.formula, Opening: "start"}}, nil, long)
		if errs != nil {
			t.Fatal(errs)
		}
		v, errs := p.Evaluate([]Input{given(c.start), {}})
		if c.failsIn == 0 && errs != nil || c.failsIn != 0 && (len(errs) != 1 || errs[0].Year != c.failsIn) {
			t.Errorf("%s from %s: %v, want an error in %d", c.formula, c.start, errs, c.failsIn)
		}
		for col := range long.Columns() {
			if d, _, _ := v.At(1, col); d.Exponent() < -60 || d.NumDigits() > 91 {
				t.Fatalf("%s from %s: %d digits, exponent %d in column %d", c.formula, c.start, d.NumDigits(), d.Exponent(), col)
			}
		}
	}
}

// Products are exact up to 60 places and rounded there, half away from zero.
func TestPlaces(t *testing.T) {
	small := "0." + strings.Repeat("0", 29) + "5" // 30 places
	for _, c := range []struct{ formula, want string }{
		{small + " * " + small, "0." + strings.Repeat("0", 58) + "25"},                             // 60 places: exact
		{small + " * " + small + " * 0.1", "0." + strings.Repeat("0", 59) + "3"},                   // 61: a tie, away from zero
		{"-" + small + " * " + small + " * 0.1", "-0." + strings.Repeat("0", 59) + "3"},            //
		{small + " * " + small + " * 0.01", "0"},                                                   //
		{"1.1 * 1.1 * 1.1", "1.331"},                                                               //
		{"999999999999999 * 999999999999999", "999999999999998000000000000001"},                    // 30 digits are allowed
		{"123456789.123456789 * 1000000", "123456789123456.789"},                                   //
		{"1 / 3 * 3", "0." + strings.Repeat("9", 30)},                                              // a quotient has 30 places
		{"0.1234567890123456789012345678901234567 * 1", "0.1234567890123456789012345678901234567"}, // a literal has all of its own
	} {
		p, v, errs := run(t, []Line{x(Number, c.formula)}, nil)
		if got := shown(p, v, "x", 2022); got != c.want || errs != nil {
			t.Errorf("%s\n got %s\nwant %s %v", c.formula, got, c.want, errs)
		}
	}
}

func TestValues(t *testing.T) {
	p, v, _ := run(t, nil, nil)
	for _, c := range [][2]int{{-1, 3}, {0, -1}, {0, 6}, {0, 1}} {
		if d, blank, there := v.At(c[0], c[1]); there || blank || !d.IsZero() {
			t.Errorf("line %d has a value in column %d", c[0], c[1])
		}
	}
	if got := v.Option(p.Index("rule")); got != "mean" {
		t.Error(got)
	}
	if got := v.Option(p.Index("tax")); got != "" {
		t.Error(got)
	}
	for line, want := range map[string]string{"tax": "- - 100 100 100 100", "budget": "- - - 10 20 30", "actual": "1 2 4 - - -", "level": "1 2 4 10 20 30", "balance": "- - 100 110 130 160", "rule": "- - - - - -"} {
		if got := row(p, v, line); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// One program is evaluated and read by many goroutines at once, as sweeps do. Worth its salt under -race only.
func TestConcurrent(t *testing.T) {
	p := compile(t, and(x(Number, "exp(rate * size) + sqrt(size) + ln(size)"), Line{Name: "y", Unit: Money, Formula: "sum_years(level, year - 1, year) * exp(rate)"}))
	var group sync.WaitGroup
	results := make([]string, 8)
	for i := range results {
		group.Go(func() {
			v, errs := p.Evaluate(inputsOf(p, townInputs))
			results[i] = fmt.Sprint(row(p, v, "x"), row(p, v, "y"), errs)
		})
	}
	group.Wait()
	for _, r := range results[1:] {
		if r != results[0] {
			t.Errorf("%s\n%s", r, results[0])
		}
	}
}
