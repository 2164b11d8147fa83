package model_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/randomplan"
	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
)

const randomPlans = 200

// TestIdentitiesOnRandomPlans: Run itself reports every identity that does not hold.
func TestIdentitiesOnRandomPlans(t *testing.T) {
	t.Parallel()
	testplan.Each(t, randomPlans, func(t *testing.T, seed uint64) {
		book := testplan.Random(t, seed)
		checks := 0
		for _, l := range book.Lines {
			if l.Check {
				checks++
			}
		}
		if checks < 10 {
			t.Fatalf("seed %d: only %d identities", seed, checks)
		}
		for s := range book.Plan.Scenarios {
			flowsBalance(t, book, testplan.Compute(t, book, s))
		}
	})
}

// flowsBalance: in every year, of the town's cash and of earmarked money, what was held and came in is what went out and is held; and what the book marks as
// cash is its receipts and its payments.
func flowsBalance(t *testing.T, book *model.Book, values *formula.Values) {
	t.Helper()
	at := func(line string, col int) decimal.Decimal {
		d, _, _ := values.At(book.Program.Index(line), col)
		return d
	}
	for col := book.Plan.Calendar.Zero() + 1; col < book.Plan.Calendar.Columns(); col++ {
		var left [2]decimal.Decimal
		net := decimal.Zero
		for _, f := range book.Flows {
			pot, d := 0, at(f.Line, col)
			if f.Earmarked {
				pot = 1
			}
			switch f.Kind {
			case model.FlowHeld:
				left[pot] = left[pot].Add(at(f.Line, col-1)).Sub(d)
				continue
			case model.FlowOut:
				d = d.Neg()
			}
			if left[pot] = left[pot].Add(d); pot == 0 {
				net = net.Add(d)
			}
		}
		if want := at("receipts", col).Sub(at("payments_paid", col)); !left[0].IsZero() || !left[1].IsZero() || !net.Equal(want) {
			t.Errorf("column %d: %s of cash and %s of earmarked money left over, marked flows of cash %s, receipts less payments %s", col, left[0], left[1], net, want)
		}
	}
}

// TestDoublingMoney: with every amount doubled, every amount that comes out is doubled, up to what rounding to the fen can add up to.
func TestDoublingMoney(t *testing.T) {
	t.Parallel()
	two := decimal.NewFromInt(2)
	absolute, relative := decimal.RequireFromString("0.001"), decimal.RequireFromString("0.00000001") // a line that grows carries its first roundings along
	testplan.Each(t, randomPlans, func(t *testing.T, seed uint64) {
		plan := string(randomplan.New(seed))
		if strings.Contains(plan, "counted / prev") || strings.Contains(plan, "* 107%") {
			return // a condition met exactly turns with the last fen
		}
		book := testplan.Random(t, seed)
		inputs := book.Inputs(1)
		for i, l := range book.Lines {
			if l.Input == formula.NotInput || l.Unit != formula.Money && l.Unit != formula.MoneyPerPerson {
				continue
			}
			in := inputs[i]
			in.Same = in.Same.Mul(two)
			if in.ByYear != nil {
				in.ByYear = append([]decimal.Decimal(nil), in.ByYear...)
				for c := range in.ByYear {
					in.ByYear[c] = in.ByYear[c].Mul(two)
				}
			}
			inputs[i] = in
		}
		once := testplan.Compute(t, book, 1)
		twice, errs := book.Program.Evaluate(inputs)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		for i, l := range book.Lines {
			if l.Unit != formula.Money {
				continue
			}
			for col := range book.Plan.Calendar.Columns() {
				a, _, there := once.At(i, col)
				b, _, _ := twice.At(i, col)
				if there && a.Mul(two).Sub(b).Abs().GreaterThan(absolute.Add(b.Abs().Mul(relative))) {
					t.Fatalf("seed %d: %s column %d: %s, doubled %s", seed, l.Name, col, a, b)
				}
			}
		}
	})
}

// TestOrderOfDeclarationsIsNothing: revenue items, transfers, staff, spending and debts may be declared in any order.
func TestOrderOfDeclarationsIsNothing(t *testing.T) {
	t.Parallel()
	section := regexp.MustCompile(`(?m)^(revenue|transfers|staff|spending|debt):\n((?:  .*\n)+)`)
	testplan.Each(t, randomPlans, func(t *testing.T, seed uint64) {
		plan := string(randomplan.New(seed))
		shuffle := rand.New(rand.NewPCG(seed, 2))
		other := section.ReplaceAllStringFunc(plan, func(s string) string {
			lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
			shuffle.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
			return strings.Join(lines, "\n") + "\n"
		})
		a, b := testplan.Random(t, seed), testplan.Open(t, testplan.Write(t, other))
		for s := range a.Plan.Scenarios {
			testplan.Same(t, seed, a, b, testplan.Compute(t, a, s), testplan.Compute(t, b, s))
		}
	})
}
