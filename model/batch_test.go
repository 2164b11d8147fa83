package model_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
)

// cells are all cells of lines that are no inputs.
func cells(book *model.Book) (all []formula.Cell) {
	for i, l := range book.Program.Lines {
		for col := l.First(); l.Input == formula.NotInput && col <= l.Last(book.Plan.Calendar); col++ {
			all = append(all, formula.Cell{Line: i, Col: col})
		}
	}
	return all
}

// agree holds the batch reader to an exact evaluation, cell by cell: amounts to the fen, the rest to 1e-9.
func agree(t *testing.T, what string, book *model.Book, batch *formula.Batch, x *formula.Block, lane int, wanted []formula.Cell, v *formula.Values) {
	t.Helper()
	for i, c := range wanted {
		d, blank, there := v.At(c.Line, c.Col)
		want, got := d.InexactFloat64(), x.Out(i)[lane]/batch.Divisor(i)
		if blank || !there {
			want = math.NaN()
		}
		if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("%s: %s in %d: exact %v, batch %v\n%s", what, book.Lines[c.Line].Name, book.Plan.Calendar.First+c.Col, want, got, book.Lines[c.Line].Formula)
		}
	}
}

// numbers are the number inputs of a book, as varying cells.
func numbers(book *model.Book, choose func() bool) (varying []formula.Cell) {
	for i, l := range book.Program.Lines {
		if l.Input == formula.NotInput || l.Unit == formula.Choice || !choose() {
			continue
		}
		if l.Input == formula.Scalar {
			varying = append(varying, formula.Cell{Line: i, Col: formula.AllYears})
			continue
		}
		for col := l.First(); col <= l.Last(book.Plan.Calendar); col++ {
			varying = append(varying, formula.Cell{Line: i, Col: col})
		}
	}
	return varying
}

// everyScenario runs a plan's scenarios in the batch reader, with nothing folded but the choices and with everything folded.
func everyScenario(t *testing.T, what string, book *model.Book) {
	t.Helper()
	wanted := cells(book)
	for s := range book.Plan.Scenarios {
		v := testplan.Compute(t, book, s)
		inputs := book.Inputs(s)
		for _, all := range []bool{true, false} {
			varying := numbers(book, func() bool { return all })
			batch := book.Program.Batch(v, varying, wanted)
			x := batch.Block()
			for i, c := range varying {
				x.In(i)[0] = inputs[c.Line].At(max(c.Col, 0)).InexactFloat64()
			}
			x.Run(1)
			agree(t, fmt.Sprintf("%s scenario %s, all varying: %v", what, book.Plan.Scenarios[s].ID, all), book, batch, x, 0, wanted, v)
		}
	}
}

// TestBatchOnSamples: the batch reader gives the exact results of every line, year and scenario of the sample plans.
func TestBatchOnSamples(t *testing.T) {
	for _, path := range []string{"../scenarios/guangtong", "../scenarios/worked-case", "testdata/everything.yaml"} {
		everyScenario(t, path, testplan.Open(t, path))
	}
}

// TestBatchOnRandomPlans: and of random plans, with random inputs moved by random amounts.
func TestBatchOnRandomPlans(t *testing.T) {
	t.Parallel()
	testplan.Each(t, 200, func(t *testing.T, seed uint64) {
		book := testplan.Random(t, seed)
		everyScenario(t, fmt.Sprint("seed ", seed), book)
		g := rand.New(rand.NewPCG(seed, 5))
		base := testplan.Compute(t, book, 1)
		varying, wanted := numbers(book, func() bool { return g.IntN(6) == 0 }), cells(book)
		batch := book.Program.Batch(base, varying, wanted)
		x := batch.Block()
		var exact []*formula.Values
		for lane := range 3 {
			inputs := book.Inputs(1)
			for i, c := range varying {
				in := &inputs[c.Line]
				d := in.At(max(c.Col, 0))
				switch book.Lines[c.Line].Unit {
				case formula.Money:
					d = d.Add(decimal.New(g.Int64N(80_000000), -6))
				case formula.Ratio:
					d = decimal.New(g.Int64N(101), -2)
				}
				if c.Col == formula.AllYears {
					*in = formula.Input{Same: d}
				} else {
					years := make([]decimal.Decimal, book.Plan.Calendar.Columns())
					for col := range years {
						years[col] = in.At(col)
					}
					years[c.Col] = d
					*in = formula.Input{ByYear: years}
				}
				x.In(i)[lane] = d.InexactFloat64()
			}
			v, _ := book.Program.Evaluate(inputs)
			exact = append(exact, v)
		}
		x.Run(3)
		for lane, v := range exact {
			agree(t, fmt.Sprintf("seed %d lane %d", seed, lane), book, batch, x, lane, wanted, v)
		}
	})
}
