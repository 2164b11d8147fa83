package formula

import (
	"strings"
	"testing"
)

// lookExample gives the units of the names in the examples below.
func lookExample(name string) (Unit, []string) {
	switch name {
	case "rate", "band.1.rate":
		return Ratio, nil
	case "start":
		return Year, nil
	case "term", "lag":
		return Years, nil
	case "open":
		return Flag, nil
	case "rule":
		return Choice, []string{"mean", "last"}
	case "heads":
		return Person, nil
	}
	return Money, nil
}

func TestCheckExample(t *testing.T) {
	for _, c := range []struct {
		unit          Unit
		formula, text string
		fault         string // empty: the example is right
	}{
		{Money, "max(counted - base, 0)", "counted=1200 base=1000 -> 200", ""},
		{Money, "max(counted - base, 0)", "  counted=1200   base=1000->200  ", ""},
		{Money, "max(counted - base, 0)", "counted=1200 base=1000 -> 200.000", ""},
		{Money, "max(counted - base, 0)", "counted=1000 base=1200 -> 0", ""},
		{Money, "max(counted - base, 0)", "counted=1200 base=1000 -> 201", "x = max(counted - base, 0) gives 200, by hand it is 201"},
		{Money, "max(counted - base, 0)", "counted=1200 base=1000 -> 200.0000001", "gives 200, by hand it is 200.0000001"},
		{Money, "max(counted - base, 0)", "counted=1200 base=1000", "has no ->"},
		{Money, "max(counted - base, 0)", "counted=1200 -> 200", `no line or input called "base"`},
		{Money, "max(counted - base, 0)", "counted base=1000 -> 0", `"counted" in example "counted base=1000 -> 0" has no value`},
		{Money, "max(counted - base, 0)", "counted=1200 base=ten -> 200", "ten"},
		{Money, "max(counted - base, 0)", "counted=1200 base=1000 -> many", "many"},
		{Money, "counted - heads", "counted=1 heads=1 -> 0", "cannot be put together"},
		{Money, "counted +", "counted=1 -> 1", "ends too early"},
		{Ratio, "counted / (counted - base)", "counted=1 base=1 -> 0", "division by zero"},
		{Money, "excess * rate", "excess=459.11095 rate=0.5 -> 229.555475", ""},
		{Money, "excess * rate", "excess=0.000003 rate=0.5 -> 0.000002", ""}, // rounded as the line will be
		{Ratio, "excess / base", "excess=1 base=3 -> 0.33333333333333333333", ""},
		{Ratio, "ratio(excess, base)", "excess=1 base=0 -> 0", "by hand it is 0"}, // a blank is no number
		{Money, "a.b + 税.率", "a.b=1 税.率=2 -> 3", ""},

		{Money, "prev(balance) + drawn - principal", "prev(balance)=600 drawn=0 principal=51.858108 -> 548.141892", ""},
		{Money, "balance - prev(balance)", "prev(balance)=600 balance=500 -> -100", ""},
		{Money, "round(annuity(rate, term, prev(balance)))", "rate=0.032 term=10 prev(balance)=600 -> 71.058108", ""},
		{Money, "prev(balance)", "prev(=5 -> 5", "balance"}, // not a panic

		{Money, "sum_years(counted, last_actual_year - 2, last_actual_year)", "counted[2019]=1 counted[2020]=2 counted[2021]=4 -> 7", ""},
		{Money, "sum_years(counted, year - 1, year)", "counted[2020]=1 counted[2021]=2 counted=4 -> 6", ""},
		{Money, "sum_years(due, year - lag, year - lag)", "year=2024 lag=2 due[2022]=3 due[2023]=5 due=7 -> 3", ""},
		{Money, "sum_years(counted, first_year, last_actual_year)", "first_year=2020 counted[2020]=1 counted[2021]=2 -> 3", ""},
		{Money, "sum_years(counted, year - 1, year)", "counted[x]=1 -> 1", "x"},
		{Money, "sum(revenue.*.kept)", "revenue.*.kept=1,2,4 -> 7", ""},
		{Money, "sum(revenue.*.kept, other)", "revenue.*.kept=1,2,4 other=8 -> 15", ""},
		{Money, "sum(direct.*)", "direct.*=1,2 -> 3", ""},
		{Money, "sum(revenue.*.kept)", "revenue.*.kept=1,2,4 -> 8", "gives 7"},
		{Money, "when(is(rule, mean), counted, base)", "rule=mean counted=1 base=2 -> 1", ""},
		{Money, "when(is(rule, mean), counted, base)", "rule=last counted=1 base=2 -> 2", ""},
		{Money, "when(is(rule, mean), counted, base)", "rule=men counted=1 base=2 -> 2", `rule is not "men"; there are: mean last`},
		{Money, "when(is(rule, median), counted, base)", "rule=last counted=1 base=2 -> 2", "there is no such option"},
		{Flag, "open and year >= start", "open=1 year=2023 start=2023 -> 1", ""},

		{Year, "year", " -> 2022", ""}, {Year, "last_actual_year", "x=1 -> 2021", ""}, {Year, "year", "year=2030 -> 2030", ""}, {Year, "last_actual_year", "last_actual_year=2025 -> 2025", ""}, {Year, "year", "last_actual_year=2025 -> 2026", ""},
		{Years, "last_actual_year - first_year", "first_year=2017 -> 4", ""}, {Years, "year - first_year", "first_year=2010 last_actual_year=2020 year=2025 -> 15", ""},
	} {
		err := CheckExample(Line{Name: "x", Unit: c.unit, Formula: c.formula}, c.text, lookExample)
		switch {
		case c.fault == "" && err != nil:
			t.Errorf("%s with %s: %v", c.formula, c.text, err)
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s with %s: %v, want %s", c.formula, c.text, err, c.fault)
		}
	}
}

// A line that has only an opening is worked in a history year, the last one if the example does not say.
func TestCheckExampleOpening(t *testing.T) {
	for _, c := range []struct {
		unit                   Unit
		opening, text, correct string
	}{
		{Ratio, "level / prev(level) - 1", "level=110 prev(level)=100 -> ", "0.1"},
		{Year, "year", "->", "2021"}, {Year, "last_actual_year", "->", "2021"},
		{Year, "year", "year=2019 last_actual_year=2021 ->", "2021"}, // an opening that is not past stands in year 0 only
		{Money, "sum_years(past_due, year - lag + 1, year)", "lag=2 past_due[2020]=3 past_due=4 ->", "7"},
	} {
		l := Line{Name: "x", Unit: c.unit, Opening: c.opening}
		if err := CheckExample(l, c.text+c.correct, lookExample); err != nil {
			t.Errorf("%s with %s%s: %v", c.opening, c.text, c.correct, err)
		}
		if err := CheckExample(l, c.text+"17", lookExample); err == nil {
			t.Errorf("%s with %s17 is accepted", c.opening, c.text)
		}
	}
}
