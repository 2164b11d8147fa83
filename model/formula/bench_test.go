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

// BenchmarkBatch runs blocks of the same book with one growth rate and one delivery varying: half of the book depends on them.
func BenchmarkBatch(b *testing.B) {
	p, inputs := benchBook(b)
	complete, errs := p.Evaluate(inputs)
	if errs != nil {
		b.Fatal(errs)
	}
	var varying, wanted []Cell
	for i := range 8 {
		varying = append(varying, Cell{p.Index(fmt.Sprintf("t%d.rate", i)), AllYears})
		for col := p.Calendar.Zero() + 1; col < p.Calendar.Columns(); col++ {
			wanted = append(wanted, Cell{p.Index(fmt.Sprintf("t%d.left", i)), col})
		}
	}
	batch := p.Batch(complete, varying, wanted)
	x := batch.Block()
	for i := range varying {
		for j := range x.In(i) {
			x.In(i)[j] = 0.05 + 0.0001*float64(j)
		}
	}
	for b.Loop() {
		x.Run(BlockSize)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/BlockSize, "ns/path")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/BlockSize/float64(len(batch.steps)), "ns/step")
}

// BenchmarkSteps times every step by itself over one block.
func BenchmarkSteps(b *testing.B) {
	for o := opFen; o <= opWholeYears; o++ {
		b.Run(fmt.Sprint(o), func(b *testing.B) {
			batch := &Batch{steps: []step{{op: opInput}, {op: opInput}, {op: opInput}, {op: o, a: 0, b: 1, c: 2, k: 0.5}}, inputs: []int{0, 1, 2}, outputs: []ref{3}}
			batch.allocate()
			x := batch.Block()
			for i := range BlockSize {
				x.In(0)[i], x.In(1)[i], x.In(2)[i] = float64(i*7919%2), float64(i*7919%1000+1), float64(i%3)
			}
			for b.Loop() {
				x.Run(BlockSize)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/BlockSize, "ns/number")
		})
	}
}
