package model_test

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model/formula"
)

// TestRerun: computing again only what changed inputs reach gives what a whole evaluation gives, on random plans, for random inputs and lines.
func TestRerun(t *testing.T) {
	t.Parallel()
	testplan.Each(t, 60, func(t *testing.T, seed uint64) {
		book := testplan.Random(t, seed)
		complete := testplan.Compute(t, book, 1)
		g := rand.New(rand.NewPCG(seed, 3))
		inputs := book.Inputs(1)
		var changed, wanted []int
		for i, l := range book.Lines {
			switch {
			case l.Input == formula.NotInput && g.IntN(20) == 0:
				wanted = append(wanted, i)
			case l.Input != formula.NotInput && l.Unit == formula.Money && g.IntN(8) == 0:
				changed = append(changed, i)
				inputs[i] = formula.Input{Same: inputs[i].At(book.Plan.Calendar.Columns() - 1).Add(decimal.NewFromInt(7))}
			}
		}
		want, errs := book.Program.Evaluate(inputs)
		if len(errs) > 0 { // the plan cannot have these figures: a gate of its own divides by 0
			return
		}
		got, errs := book.Program.Rerun(changed, wanted).Evaluate(complete, inputs)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		for _, i := range wanted {
			for col := range book.Plan.Calendar.Columns() {
				a, _, _ := want.At(i, col)
				b, _, _ := got.At(i, col)
				if !a.Equal(b) {
					t.Fatalf("seed %d: %s column %d: %s, computed again %s", seed, book.Lines[i].Name, col, a, b)
				}
			}
		}
	})
}

// TestUpdate: a chain of changes in place, each in some years only, gives in every step what a whole evaluation gives.
func TestUpdate(t *testing.T) {
	t.Parallel()
	testplan.Each(t, 30, func(t *testing.T, seed uint64) {
		book := testplan.Random(t, seed)
		g := rand.New(rand.NewPCG(seed, 4))
		cal := book.Plan.Calendar
		var changed, wanted []int
		for i, l := range book.Lines {
			switch {
			case l.Input == formula.NotInput && g.IntN(20) == 0:
				wanted = append(wanted, i)
			case l.Input == formula.ByYear && l.Unit == formula.Money:
				changed = append(changed, i)
			}
		}
		now, again := testplan.Compute(t, book, 1).Clone(), book.Program.Rerun(changed, wanted)
		for step := range 4 {
			inputs := book.Inputs(1)
			from := cal.Zero() + 1 + g.IntN(cal.Columns()-cal.Zero()-1)
			for _, i := range changed {
				byYear := make([]decimal.Decimal, cal.Columns())
				for col := range byYear {
					if byYear[col] = inputs[i].At(col); col >= from && g.IntN(2) == 0 {
						byYear[col] = byYear[col].Add(decimal.NewFromInt(3))
					}
				}
				inputs[i] = formula.Input{ByYear: byYear}
			}
			want, errs := book.Program.Evaluate(inputs)
			if errs = append(errs, again.Update(now, inputs)...); len(errs) > 0 {
				t.Fatal(errs[0])
			}
			for _, i := range wanted {
				for col := range cal.Columns() {
					a, _, _ := want.At(i, col)
					b, _, _ := now.At(i, col)
					if !a.Equal(b) {
						t.Fatalf("seed %d step %d: %s column %d: %s, updated %s", seed, step, book.Lines[i].Name, col, a, b)
					}
				}
			}
		}
	})
}
