package formula

import (
	"fmt"
	"testing"
)

// benchBook is about as large as a real plan: 15 transfers of 9 formulas each, 135 lines over five years of history and five of plan.
func benchBook(b *testing.B) (*Program, []Input) {
	years := Calendar{First: 2017, Actual: 2021, Last: 2026}
	var lines []Line
	named := map[string]Input{}
	for i := range 15 {
		line := func(name string, unit Unit, formula, opening string) {
			lines = append(lines, Line{Name: fmt.Sprintf("t%d.%s", i, name), Unit: unit, Formula: formula, Opening: opening, Past: opening == "history"})
		}
		input := func(name string, unit Unit, span InputSpan, in Input) {
			lines = append(lines, Line{Name: fmt.Sprintf("t%d.%s", i, name), Unit: unit, Input: span, Options: []string{"mean", "last"}})
			named[fmt.Sprintf("t%d.%s", i, name)] = in
		}
		input("history", Money, History, given("2711.36", "2846.92", "2963.08", "2884.51", "3127.77", "", "", "", "", ""))
		input("rate", Ratio, Scalar, given("0.065"))
		input("share", Ratio, Scalar, given("0.5"))
		input("years", Years, Scalar, given("5"))
		input("rule", Choice, Scalar, Input{Option: "mean"})
		line("amount", Money, "prev(amount) * (1 + rate)", "history")
		line("base", Money, "when(is(rule, mean), sum_years(amount, last_actual_year - years + 1, last_actual_year) / years, prev(amount))", "")
		line("excess", Money, "max(amount - base, 0)", "")
		line("due", Money, "excess * share", "")
		line("met", Flag, "amount >= base and excess > 0", "")
		line("paid", Money, "when(met, min(due * 40% + prev(owed) * 25%, due), 0)", "")
		line("owed", Money, "prev(owed) + due - paid", "0")
		line("payment", Money, "annuity(3.2%, 10, amount)", "")
		line("left", Money, "sum(amount, -paid, -payment)", "")
	}
	p, errs := Compile(lines, nil, years)
	if errs != nil {
		b.Fatal(errs)
	}
	return p, inputsOf(p, named)
}

func BenchmarkEvaluate(b *testing.B) {
	p, inputs := benchBook(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := p.Evaluate(inputs); errs != nil {
			b.Fatal(errs)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		benchBook(b)
	}
}
