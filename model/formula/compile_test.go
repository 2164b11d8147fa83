package formula

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A name is looked up from the line's own scope outwards.
func TestScopes(t *testing.T) {
	lines := []Line{
		{Name: "lag", Unit: Number, Input: Scalar}, {Name: "only_top", Unit: Number, Input: Scalar},
		{Name: "transfers.lag", Unit: Number, Input: Scalar},
		{Name: "transfers.share.lag", Unit: Number, Input: Scalar}, {Name: "transfers.share.band.1.rate", Unit: Number, Input: Scalar},
		{Name: "transfers.share.near", Unit: Number, Formula: "lag"},
		{Name: "transfers.other.middle", Unit: Number, Formula: "lag"},
		{Name: "far", Unit: Number, Formula: "lag"},
		{Name: "transfers.share.outward", Unit: Number, Formula: "only_top"},
		{Name: "transfers.share.absolute", Unit: Number, Formula: "transfers.lag"},
		{Name: "transfers.other.sibling", Unit: Number, Formula: "share.lag"},
		{Name: "transfers.share.below", Unit: Number, Formula: "band.1.rate"},
		{Name: "transfers.share.band.1.up", Unit: Number, Formula: "lag * rate"},
	}
	p := compile(t, lines)
	v, errs := p.Evaluate(inputsOf(p, map[string]Input{"lag": given("1"), "only_top": given("2"), "transfers.lag": given("3"), "transfers.share.lag": given("5"), "transfers.share.band.1.rate": given("7")}))
	if errs != nil {
		t.Fatal(errs)
	}
	for line, want := range map[string]string{"transfers.share.near": "5", "transfers.other.middle": "3", "far": "1", "transfers.share.outward": "2",
		"transfers.share.absolute": "3", "transfers.other.sibling": "5", "transfers.share.below": "7", "transfers.share.band.1.up": "35"} {
		if got := shown(p, v, line, 2022); got != want {
			t.Errorf("%s = %s, want %s", line, got, want)
		}
	}
	// Inwards does not work: the outer line does not see the inner name.
	if _, errs := Compile(append(lines, x(Number, "near")), nil, cal); len(errs) != 1 || !strings.Contains(errs[0].Text.EN, `called "near"`) {
		t.Errorf("a name of an inner scope: %v", errs)
	}
}

// What fits together, written as formulas of a line of the unit.
func TestUnits(t *testing.T) {
	for unit, formulas := range map[Unit][]string{
		Money: {"tax + fee", "tax - 0", "0 + tax", "max(tax, 0)", "min(0, tax, fee)", "wage * heads", "heads * wage", "tax * rate", "tax * 5% * size", "tax / term", "abs(-tax)", "0", "0.000001",
			"when(open, tax, 0)", "when(open, 0, tax)", "when(tax > fee and not shut, tax, fee)", "when(0, tax, fee)", "prev(balance)", "initial(budget)", "initial(tax)", "sum_years(level, year - 1, year)",
			"sum(tax, fee)", "sum()", "sum(0, tax)", "round(tax * rate)", "round(0)", "annuity(rate, term, tax)", "annuity(0, 10, tax)", "ratio(tax, heads) * 0 + tax"},
		Person:         {"heads", "tax / wage", "heads * rate", "round(tax) / wage"},
		MoneyPerPerson: {"tax / heads", "wage + wage", "annuity(rate, 2, wage)"},
		Ratio: {"tax / fee", "ratio(tax, fee)", "ratio(1, 3)", "when(open, ratio(tax, fee), 0)", "rate + size", "rate * term", "tax / (heads * wage)", "exp(rate)", "ln(tax / fee)", "sqrt(size)", "root(size, term)",
			"start - year", "year - start + 1", "sum(open, shut, tax > fee)", "sum(not open)", "heads / heads"},
		Years: {"term + 1", "last_actual_year - first_year"},
		Year:  {"year", "year + 1", "1 + year", "year - term", "term + year", "max(start, year)", "last_actual_year", "first_year", "when(open, start, year)", "2022", "year - 0"},
		Flag: {"tax > fee", "open", "not open", "open and shut or tax = fee", "is(rule, mean)", "year >= start", "heads < 0", "0 < heads", "rate != 5%", "wage <= wage", "1", "0",
			"rule = rule or open"},
		YuanPerPerson: {"cost / heads"},
		YuanPerMoney:  {"cost / tax"},
	} {
		for _, f := range formulas {
			_, errs := Compile(and(x(unit, f)), nil, cal)
			switch f {
			case "ratio(tax, heads) * 0 + tax", "rule = rule or open": // the two that look right and are not
				if errs == nil {
					t.Errorf("%s = %s compiles", unit, f)
				}
			default:
				if errs != nil {
					t.Errorf("%s = %s: %v", unit, f, errs)
				}
			}
		}
	}
}

// Every message of the compiler, with the word it points at. A single error each: a second message about the same thing only confuses.
func TestCompileErrors(t *testing.T) {
	for _, c := range []struct {
		unit            Unit
		formula, at, en string
	}{
		// units that do not go together
		{Money, "tax + heads", "heads", "10k yuan and persons cannot be put together"},
		{Money, "tax - fee * wage", "fee * wage", "10k yuan and money^2 person^-1 yuan^0 cannot be put together"},
		{Money, "tax + cost", "cost", "10k yuan and yuan cannot be put together"},
		{Money, "max(tax, fee, (heads))", "heads", "10k yuan and persons cannot be put together"},
		{Flag, "tax > heads", "heads", "10k yuan and persons cannot be put together"},
		{Flag, "year > term", "term", "year and a plain number cannot be put together"},
		{Money, "when(open, tax, heads)", "heads", "10k yuan and persons cannot be put together"},
		{Money, "tax + (2 * 3)", "2 * 3", "10k yuan and a plain number cannot be put together"},
		{Year, "term - year", "year", "a plain number and year cannot be put together"},
		{Year, "year + start", "year + start", "a year cannot be added to a year"},
		{Money, "sum(tax, heads)", "heads", "10k yuan and persons cannot be added"},
		{Money, "sum(0, tax, rate)", "rate", "10k yuan and a plain number cannot be added"},
		{Year, "sum(start, start)", "sum(start, start)", "year cannot be added"},
		// kinds that are not calculated with
		{Money, "open + tax", "tax", "yes/no and 10k yuan cannot be put together"},
		{Flag, "open + shut", "open", "yes/no cannot be calculated with"},
		{Flag, "1 + open", "open", "yes/no cannot be calculated with"},
		{Flag, "0 < open", "open", "yes/no cannot be calculated with"},
		{Flag, "open = 1", "open", "yes/no cannot be calculated with"},
		{Flag, "when(open, shut, 0)", "shut", "yes/no cannot be calculated with"},
		{Flag, "when(open, 0, shut)", "shut", "yes/no cannot be calculated with"},
		{Flag, "-open", "-open", "yes/no cannot be calculated with"},
		{Flag, "max(open, shut)", "open", "yes/no cannot be calculated with"},
		{Flag, "abs(open)", "abs(open)", "yes/no cannot be calculated with"},
		{Money, "tax * open", "open", "yes/no cannot be multiplied or divided"},
		{Money, "year / 2", "year", "year cannot be multiplied or divided"},
		{Ratio, "ratio(year, start)", "year", "year cannot be multiplied or divided"},
		{Flag, "annuity(rate, term, open)", "open", "yes/no cannot be calculated with"},
		{Year, "annuity(rate, term, year)", "year", "year cannot be calculated with"},
		// functions that ask for a unit
		{Ratio, "ln(tax)", "tax", "ln takes a plain number, here is 10k yuan"},
		{Ratio, "exp(year)", "year", "exp takes a plain number, here is year"},
		{Ratio, "sqrt(heads)", "heads", "sqrt takes a plain number, here is persons"},
		{Ratio, "root(size, heads)", "heads", "root takes a plain number, here is persons"},
		{Money, "annuity(tax, term, tax)", "tax", "annuity takes a plain number, here is 10k yuan"},
		{Person, "round(heads)", "heads", "round is for amounts (to the fen), this is persons"},
		{Money, "when(tax, tax, 0)", "tax", "a condition (yes or no) is needed here, but this is 10k yuan"},
		{Flag, "not tax", "tax", "a condition (yes or no) is needed here, but this is 10k yuan"},
		{Flag, "2", "2", "the line is declared as yes/no but the formula gives a plain number"},
		{Flag, "when(open, 1, 0.5)", "when(open, 1, 0.5)", "the line is declared as yes/no but the formula gives a plain number"},
		{Money, "when(2, tax, 0)", "2", "a condition (yes or no) is needed here, but this is a plain number"},
		{Flag, "open and 1 + 1", "1 + 1", "a condition (yes or no) is needed here, but this is a plain number"},
		{Flag, "open and year", "year", "a condition (yes or no) is needed here, but this is year"},
		{Money, "sum_years(level, 1 + term, year)", "1 + term", "a year is needed here, but this is a plain number"},
		// the line's own unit
		{Person, "tax + fee", "tax + fee", "the line is declared as persons but the formula gives 10k yuan"},
		{Money, "heads", "heads", "the line is declared as 10k yuan but the formula gives persons"},
		{Money, "tax > 0", "tax > 0", "the line is declared as 10k yuan but the formula gives yes/no"},
		{Flag, "tax", "tax", "the line is declared as yes/no but the formula gives 10k yuan"},
		{Money, "tax * fee", "tax * fee", "the line is declared as 10k yuan but the formula gives money^2 person^0 yuan^0"},
		{Money, "heads * 5%", "heads * 5%", "the line is declared as 10k yuan but the formula gives persons"}, // not a word about the round it did not write
		{Flag, "sum(open, shut)", "sum(open, shut)", "the line is declared as yes/no but the formula gives a plain number"},
		// names
		{Money, "taxes", "taxes", `there is no line or input called "taxes" (did you mean "tax"?); the command lines prints them all`},
		{Money, "balanec + nothing_like_it", "balanec", `there is no line or input called "balanec" (did you mean "balance"?); the command lines prints them all`},
		{Money, "tax + nothing_like_it", "nothing_like_it", `there is no line or input called "nothing_like_it"; the command lines prints them all`},
		{Money, "revenue.*.kept", "revenue.*.kept", `there is no line or input called "revenue.*.kept"; the command lines prints them all`},
		{Money, "sum(revenue.*.kept)", "revenue.*.kept", `there is nothing under "revenue"`},
		{Money, "mx(tax, fee)", "mx", `there is no function "mx" (did you mean "max"?)`},
		{Money, "tax + frobnicate(1)", "frobnicate", `there is no function "frobnicate"; there are: abs annuity`},
		// number of arguments
		{Money, "max()", "max()", "max takes 1 arguments, here are 0"},
		{Money, "tax + abs(tax, fee)", "abs(tax, fee)", "abs takes 1 arguments, here are 2"},
		{Money, "when(open, tax)", "when(open, tax)", "when takes 3 arguments, here are 2"},
		{Money, "annuity(rate, tax)", "annuity(rate, tax)", "annuity takes 3 arguments, here are 2"},
		{Money, "prev()", "prev()", "prev takes 1 arguments, here are 0"},
		{Money, "sum_years(tax)", "sum_years(tax)", "sum_years takes 3 arguments, here are 1"},
		// other years
		{Money, "prev(spent)", "spent", `"spent" has no opening, so prev cannot be used`},
		{Money, "prev(budget)", "budget", `"budget" has no opening, so prev cannot be used`},
		{Money, "prev(x)", "x", `"x" has no opening, so prev cannot be used`},
		{Money, "prev(tax + fee)", "tax + fee", "prev( ) takes the name of a line"},
		{Year, "prev(year)", "year", "prev( ) takes the name of a line"},
		{Money, "sum_years(tax + fee, year, year)", "tax + fee", "sum_years( ) takes the name of a line"},
		{Money, "initial(5)", "5", "initial( ) takes the name of a line"},
		{Money, "initial(spent)", "spent", "initial( ) takes an input given for the plan years"},
		{Money, "initial(actual)", "actual", "initial( ) takes an input given for the plan years"},
		{Money, "actual", "actual", `"actual" has no value in these years`},
		{Money, "0 + actual", "actual", `"actual" has no value in these years`},
		// choices and blanks
		{Flag, "rule", "rule", `"rule" is a choice and can only be asked with is( )`},
		{Choice, "rule", "rule", `"rule" is a choice and can only be asked with is( )`},
		{Flag, "rule = mean", "rule", `"rule" is a choice and can only be asked with is( )`},
		{Flag, "is(rule, median)", "median", "there is no such option; there are: mean last"},
		{Flag, "is(rule, 1)", "1", "there is no such option; there are: mean last"},
		{Flag, "is(tax, mean)", "tax", `"tax" is not a choice`},
		{Flag, "is(1, mean)", "1", "is( ) takes the name of a line"},
		{Ratio, "covered", "covered", `"covered" can be blank (a ratio whose denominator is 0) and cannot be calculated with`},
		{Ratio, "when(open, covered, 0)", "covered", `"covered" can be blank (a ratio whose denominator is 0) and cannot be calculated with`},
		{Ratio, "1 + ratio(tax, fee)", "ratio(tax, fee)", "ratio( ) can be blank (if its denominator is 0) and cannot be calculated with"},
		{Flag, "ratio(tax, fee) > 1", "ratio(tax, fee)", "ratio( ) can be blank (if its denominator is 0) and cannot be calculated with"},
		{Ratio, "when(ratio(tax, fee) > 1, 1, 0)", "ratio(tax, fee)", "ratio( ) can be blank (if its denominator is 0) and cannot be calculated with"},
		{Money, "ratio(tax, size)", "ratio(tax, size)", "ratio( ) can be blank (if its denominator is 0) and cannot be calculated with"}, // money is rounded
		// syntax errors come out of Compile with the line's name
		{Money, "tax +", "", "the formula ends too early"},
	} {
		_, errs := Compile(and(x(c.unit, c.formula)), nil, cal)
		if len(errs) == 0 {
			t.Errorf("%s = %s compiles", c.unit, c.formula)
			continue
		}
		e := errs[0]
		if !strings.HasPrefix(e.Text.EN, c.en) || marked(t, e) != c.at {
			t.Errorf("%s = %s\n got %q at %q\nwant %q at %q", c.unit, c.formula, e.Text.EN, marked(t, e), c.en, c.at)
		}
		if e.Line != "x" || e.Formula != c.formula || e.Year != 0 || e.Text.ZH == "" || e.Text.ZH == e.Text.EN || e.Error() != "x: "+e.Text.EN || e.In(ZH) != "x: "+e.Text.ZH {
			t.Errorf("%s: incomplete error %+v", c.formula, e)
		}
		one := len(errs) == 1 || c.formula == "balanec + nothing_like_it" || c.formula == "rule = mean"
		if !one {
			t.Errorf("%s = %s: %d messages: %v", c.unit, c.formula, len(errs), errs)
		}
	}
}

// All errors of a book come at once, in the order of the lines.
func TestAllErrorsAtOnce(t *testing.T) {
	_, errs := Compile([]Line{{Name: "a", Unit: Money, Formula: "1 +"}, {Name: "b", Unit: Money, Formula: "c + d"}, {Name: "b", Unit: Money, Formula: "1"}, {Name: "e", Unit: Money, Formula: "f(1)", Opening: "g"}}, nil, cal)
	var got []string
	for _, e := range errs {
		got = append(got, e.Line+" "+strings.Fields(e.Text.EN)[0])
	}
	if want := "b this|a the|b there|b there|e there|e there"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Openings are read in year 0, and in every history year if the line is past.
func TestOpenings(t *testing.T) {
	for _, c := range []struct{ opening, en string }{
		{"tax", ""}, {"actual", ""}, {"initial(budget)", ""}, {"prev(level)", ""}, {"sum_years(actual, first_year, year)", ""}, {"5", ""},
		{"budget", `"budget" has no value in these years`}, {"spent", `"spent" has no value in these years`}, {"prev(balance)", `"balance" has no value in these years`}, {"prev(x)", `"x" has no value in these years`},
		{"tax + heads", "10k yuan and persons cannot be put together"}, {"heads", "the line is declared as 10k yuan but the formula gives persons"},
	} {
		_, errs := Compile(and(Line{Name: "x", Unit: Money, Formula: "tax", Opening: c.opening}), nil, cal)
		switch {
		case c.en == "" && errs != nil:
			t.Errorf("opening %s: %v", c.opening, errs)
		case c.en != "" && (len(errs) != 1 || errs[0].Text.EN != c.en || errs[0].Formula != c.opening):
			t.Errorf("opening %s: %v, want %s", c.opening, errs, c.en)
		}
	}
}

func TestColumns(t *testing.T) {
	p := compile(t, and(
		Line{Name: "grown", Unit: Ratio, Opening: "level / prev(level) - 1", Past: true},
		Line{Name: "grown_twice", Unit: Ratio, Opening: "grown - prev(grown)", Past: true},
		Line{Name: "once", Unit: Money, Opening: "tax"},
	))
	for name, want := range map[string][2]int{"tax": {2, 5}, "budget": {3, 5}, "actual": {0, 2}, "level": {0, 5}, "spent": {3, 5}, "balance": {2, 5}, "grown": {1, 2}, "grown_twice": {2, 2}, "once": {2, 2}} {
		l := p.Lines[p.Index(name)]
		if got := [2]int{l.First(), l.Last(cal)}; got != want {
			t.Errorf("%s has values in columns %v, want %v", name, got, want)
		}
	}
	if p.Index("nothing") != -1 {
		t.Error("a line that is not there has an index")
	}
}

func TestCircles(t *testing.T) {
	line := func(name, formula string) Line { return Line{Name: name, Unit: Money, Formula: formula, Opening: "0"} }
	for _, c := range []struct {
		lines      []Line
		path, text string
	}{
		{[]Line{line("a", "b + 1"), line("b", "c"), line("c", "max(0, a)")}, "a → b → c → a", "b + 1"},
		{[]Line{line("a", "a")}, "a → a", "a"},
		{[]Line{line("z", "b"), line("b", "sum_years(c, year, year)"), line("c", "b")}, "b → c → b", "sum_years(c, year, year)"},
		{[]Line{line("a", "b"), line("b", "when(0, a, 1)")}, "a → b → a", "b"}, // even if the branch were never taken
		{[]Line{{Name: "a", Unit: Money, Formula: "1", Opening: "b + 0"}, {Name: "b", Unit: Money, Formula: "2", Opening: "a"}}, "a → b → a", "b + 0"},
		{[]Line{line("a", "prev(b)"), line("b", "a")}, "", ""},
		{[]Line{line("a", "prev(a) + 1")}, "", ""},
	} {
		_, errs := Compile(c.lines, nil, cal)
		if c.path == "" {
			if errs != nil {
				t.Errorf("%v: %v", c.lines, errs)
			}
			continue
		}
		if len(errs) != 1 {
			t.Errorf("%s: %v", c.path, errs)
			continue
		}
		e := errs[0]
		if want := "the formulas form a circle within one year: " + c.path + "; one of them should read last year's value with prev( )"; e.Text.EN != want || !strings.Contains(e.Text.ZH, c.path) {
			t.Errorf("got  %s\nwant %s", e.Text.EN, want)
		}
		if marked(t, e) != c.text {
			t.Errorf("%s marks %q, want %q", c.path, marked(t, e), c.text)
		}
	}
}

func TestGroups(t *testing.T) {
	lines := []Line{
		{Name: "revenue.tax.kept", Unit: Money, Input: Scalar}, {Name: "revenue.tax.part.kept", Unit: Money, Input: Scalar}, {Name: "revenue.fee.kept", Unit: Money, Input: Scalar},
		{Name: "revenue.fee.lost", Unit: Money, Input: Scalar}, {Name: "revenues.x.kept", Unit: Money, Input: Scalar}, {Name: "bonus.paid", Unit: Money, Input: Scalar}, {Name: "plain", Unit: Money, Input: Scalar},
		{Name: "few.1", Unit: Money, Input: Scalar}, {Name: "few.2", Unit: Money, Input: Scalar},
	}
	values := map[string]Input{"revenue.tax.kept": given("1"), "revenue.tax.part.kept": given("10"), "revenue.fee.kept": given("100"), "revenue.fee.lost": given("1000"), "revenues.x.kept": given("10000"),
		"bonus.paid": given("100000"), "plain": given("1000000"), "few.1": given("3"), "few.2": given("4")}
	groups := map[string][]string{"named": {"revenue.fee", "bonus", "revenue.tax"}, "direct": {"plain", "bonus.paid"}, "none": nil, "class.loan": {"revenue.tax", "revenue.fee"}}
	for formula, want := range map[string]string{
		"sum(revenue.*.kept)": "101", "sum(revenue.*.part.kept)": "10", "sum(few.*)": "7", "sum(few.*, plain)": "1000007", "sum(revenue.*.lost, revenue.*.kept)": "1101",
		"sum(revenue.*.nothing)": "0", // members without such a line are not members
		"sum(direct.*)":          "1100000", "sum(none.*.paid)": "0", "sum(class.loan.*.kept)": "101",
	} {
		p, errs := Compile(append(lines, x(Money, formula)), groups, cal)
		if errs != nil {
			t.Errorf("%s: %v", formula, errs)
			continue
		}
		v, _ := p.Evaluate(inputsOf(p, values))
		if got := shown(p, v, "x", 2022); got != want {
			t.Errorf("%s = %s, want %s", formula, got, want)
		}
	}
	// A member that a group names must have the line, and the error points at the wildcard.
	_, errs := Compile(append(lines, x(Money, "plain + sum(named.*.paid)")), groups, cal)
	if len(errs) != 2 || marked(t, errs[0]) != "named.*.paid" || !strings.Contains(errs[0].Text.EN, `"revenue.fee.paid"`) {
		t.Errorf("a group with a member that lacks the line: %v", errs)
	}
}

func TestDeclaredTwice(t *testing.T) {
	_, errs := Compile(and(x(Money, "tax"), x(Money, "fee")), nil, cal)
	if len(errs) != 1 || errs[0].Line != "x" || errs[0].Text.EN != "this line is declared twice" {
		t.Errorf("%v", errs)
	}
}

// A money formula that multiplies outside every round is rounded as a whole; other units never are.
func TestAutomaticRounding(t *testing.T) {
	for _, c := range []struct {
		unit    Unit
		formula string
		rounded bool
	}{
		{Money, "tax + fee", false}, {Money, "max(tax - fee, 0)", false}, {Money, "when(open, tax, fee)", false}, {Money, "sum(tax, fee)", false}, {Money, "prev(balance)", false}, {Money, "sum_years(level, year - 1, year)", false},
		{Money, "tax * rate", true}, {Money, "tax / 3", true}, {Money, "tax + fee * rate", true}, {Money, "max(tax * rate, 0)", true}, {Money, "annuity(rate, term, tax)", true}, {Money, "-(tax * rate)", true},
		{Money, "round(tax * rate) + fee", false}, {Money, "round(tax * rate) * rate", true}, {Money, "round(tax * rate) + fee / 3", true}, {Money, "sum(tax / 3, fee)", true},
		{Money, "when(tax * rate > fee, tax, fee)", false}, {Money, "when(open, tax * rate, fee)", true}, {Money, "sum_years(level, year - 2 * term, year)", false}, {Money, "when(sqrt(size) > 1, tax, 0)", false},
		{Ratio, "tax / fee", false}, {MoneyPerPerson, "tax / heads", false}, {Person, "heads * rate", false}, {Ratio, "exp(rate)", false},
	} {
		p := compile(t, and(x(c.unit, c.formula)))
		if n := p.Lines[p.Index("x")].formula; (n.Op == "round") != c.rounded {
			t.Errorf("%s = %s becomes %s", c.unit, c.formula, sexp(n))
		}
	}
	p, v, _ := run(t, []Line{{Name: "x", Unit: Money, Formula: "tax / 3", Opening: "tax / 3"}, {Name: "y", Unit: Ratio, Formula: "size / 3"}}, nil)
	if got := row(p, v, "x"); got != "- - 33.333333 33.333333 33.333333 33.333333" {
		t.Error(got)
	}
	if got := shown(p, v, "y", 2022); got != "1.333333333333333333333333333333" {
		t.Error(got)
	}
}

func TestUnread(t *testing.T) {
	p := compile(t, and(x(Flag, "is(rule, mean) or tax > initial(budget) or year > start")))
	if got, want := p.Unread(), []string{"heads", "wage", "cost", "rate", "size", "term", "open", "shut"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	p = compile(t, []Line{{Name: "a", Unit: Money, Input: Scalar}, {Name: "b", Unit: Money, Input: Scalar}, {Name: "c", Unit: Money, Input: Scalar}, {Name: "x", Unit: Money, Formula: "b", Opening: "a"}})
	if got := p.Unread(); !slices.Equal(got, []string{"c"}) { // an opening reads too; a line that nothing reads is not an input
		t.Errorf("got %v", got)
	}
}

func TestDidYouMean(t *testing.T) {
	names := []string{"counted", "base", "transfers.share.due", "税收收入", "tax"}
	for word, want := range map[string]string{"conted": "counted", "bases": "base", "transfer.share.due": "transfers.share.due", "税收收人": "税收收入", "tac": "tax", "unrelated": "", "": "", strings.Repeat("a", 200): ""} {
		got := DidYouMean(word, names)
		if want == "" && got != (Text{}) || want != "" && got != Textf("（是不是 %q？）", " (did you mean %q?)", want) {
			t.Errorf("%.20q: %v, want %q", word, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"due", "deu", 2}, {"税", "费", 1}, {"abc", "abcdefgh", 4}} {
		if got := distance(c.a, c.b, 4); got != c.want {
			t.Errorf("distance %q %q = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// A text without English falls back to Chinese; a Text among the arguments appears in the matching language.
func TestText(t *testing.T) {
	if got := (Text{ZH: "税"}).In(EN); got != "税" {
		t.Error(got)
	}
	if got := Textf("%s要%d", "%s wants %d", Money.Text(), 2); got != (Text{"万元要2", "10k yuan wants 2"}) {
		t.Error(got)
	}
	for _, u := range Units {
		if u.Text().ZH == "" || u.Text().EN == "" {
			t.Errorf("unit %s has no name", u)
		}
	}
	e := &Error{Line: "x", Year: 2024, Text: Text{"坏", "bad"}}
	if e.Error() != "x (2024): bad" || e.In(ZH) != "x (2024): 坏" {
		t.Error(e.Error(), e.In(ZH))
	}
}

// A line may take the unit of its formula; money that multiplies is then rounded to the fen, as where money is declared.
func TestInferredUnits(t *testing.T) {
	for f, want := range map[string]Unit{
		"tax + fee": Money, "tax * rate": Money, "heads": Person, "tax / heads": MoneyPerPerson, "tax / fee": Number, "rate": Number, "tax > fee": Flag, "sum(tax > fee, open)": Number,
		"year": Year, "cost / heads": YuanPerPerson, "5": Number, "prev(balance)": Money,
	} {
		p := compile(t, and(x(Inferred, f)))
		if got := p.Lines[p.Index("x")].Unit; got != want {
			t.Errorf("%s is inferred to be %s, want %s", f, got, want)
		}
	}
	// A running line reads itself before its unit is known; a third of 10, 20, 30 is rounded: 3.333333, then 3.333333 + 6.666667, then + 10.
	p, v, errs := run(t, []Line{{Name: "third", Unit: Inferred, Formula: "budget / 3"}, {Name: "x", Unit: Inferred, Formula: "prev(x) + third", Opening: "0"}}, nil)
	if got := row(p, v, "x"); len(errs) > 0 || got != "- - 0 3.333333 10 20" {
		t.Errorf("x = %s %v", got, errs)
	}
	for f, want := range map[string]string{"tax * fee": "which is no unit", "wage / tax": "which is no unit"} {
		if _, errs := Compile(and(x(Inferred, f)), nil, cal); len(errs) != 1 || !strings.Contains(errs[0].Text.EN, want) {
			t.Errorf("%s: %v", f, errs)
		}
	}
}

// TestSumsAreBounded: sums find their lines without looking at all others, in the order of the book, and add up only so many in all; that they are too many is said once.
func TestSumsAreBounded(t *testing.T) {
	book := func(members, sums int, formula string) (*Program, []*Error) {
		lines := slices.Clone(town)
		for i := range members {
			lines = append(lines, Line{Name: fmt.Sprintf("own.m%d.x", i), Unit: Money, Formula: "budget"}, Line{Name: fmt.Sprintf("own.m%d.y.x", i), Unit: Money, Formula: "budget"})
		}
		for i := range sums {
			lines = append(lines, Line{Name: fmt.Sprint("s", i), Unit: Money, Formula: formula})
		}
		return Compile(lines, nil, cal)
	}
	p, errs := book(12, 1, "sum(own.*.x) + sum(own.*.y.x) + sum(own.m3.*) + sum(own.*.z)")
	if errs != nil {
		t.Fatal(errs[0])
	}
	var read []string
	visitAll(p.Lines[p.Index("s0")].formula, func(n *Node) {
		if n.Op == "name" {
			read = append(read, strings.TrimPrefix(n.Text, "own."))
		}
	})
	if got := strings.Join(read, " "); got != "m0.x m1.x m2.x m3.x m4.x m5.x m6.x m7.x m8.x m9.x m10.x m11.x m0.y.x m1.y.x m2.y.x m3.y.x m4.y.x m5.y.x m6.y.x m7.y.x m8.y.x m9.y.x m10.y.x m11.y.x m3.x" {
		t.Error(got)
	}
	if _, errs := book(1, 1, "sum(gone.*.x)"); len(errs) != 1 || !strings.Contains(errs[0].Text.EN, "nothing under") {
		t.Error(errs)
	}
	if _, errs := book(1000, 400, "sum(own.*.x)"); len(errs) != 1 || errs[0].Line != "s300" || !strings.Contains(errs[0].Text.EN, "add up more than 300000 lines") || errs[0].Span.To == 0 {
		t.Errorf("%d: %v", len(errs), errs[:min(len(errs), 2)])
	}
}
