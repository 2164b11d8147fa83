package model_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/scenarios"
)

const randomPlans = 200

// TestIdentitiesOnRandomPlans: Run itself reports every identity that does not hold.
func TestIdentitiesOnRandomPlans(t *testing.T) {
	for seed := range uint64(randomPlans) {
		book := open(t, write(t, string(scenarios.Random(seed))))
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
			compute(t, book, s)
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, scenarios.Random(seed))
		}
	}
}

// TestDoublingMoney: with every amount doubled, every amount that comes out is doubled, up to what rounding to the fen can add up to.
func TestDoublingMoney(t *testing.T) {
	two := decimal.NewFromInt(2)
	absolute, relative := decimal.RequireFromString("0.001"), decimal.RequireFromString("0.00000001") // a line that grows carries its first roundings along
	for seed := range uint64(randomPlans) {
		book := open(t, write(t, string(scenarios.Random(seed))))
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
		once := compute(t, book, 1)
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
	}
}

// TestOrderOfDeclarationsIsNothing: revenue items, transfers, staff, spending and debts may be declared in any order.
func TestOrderOfDeclarationsIsNothing(t *testing.T) {
	section := regexp.MustCompile(`(?m)^(revenue|transfers|staff|spending|debt):\n((?:  .*\n)+)`)
	for seed := range uint64(randomPlans) {
		plan := string(scenarios.Random(seed))
		shuffle := rand.New(rand.NewPCG(seed, 2))
		other := section.ReplaceAllStringFunc(plan, func(s string) string {
			lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
			shuffle.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
			return strings.Join(lines, "\n") + "\n"
		})
		a, b := open(t, write(t, plan)), open(t, write(t, other))
		for s := range a.Plan.Scenarios {
			same(t, seed, a, b, compute(t, a, s), compute(t, b, s))
		}
	}
}
