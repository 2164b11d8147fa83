package analysis

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zhencai/model/formula"
)

// TestPotsGoOutToTheFen: what the towns get of a pot that is too small adds up to exactly the pot; nobody gets more than is payable, or a fen more or less than the pro rata
// share; the rates a town is given pay exactly its part; the same claims in another order differ by a fen at most.
func TestPotsGoOutToTheFen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := func(most int64, label string) decimal.Decimal {
			return decimal.New(rapid.Int64Range(0, most).Draw(t, label), -6)
		}
		years := rapid.IntRange(1, 4).Draw(t, "years")
		most := rapid.SampledFrom([]int64{3, 1000, 50_000_000, 9_000_000_000_000}).Draw(t, "most")
		var pot []decimal.Decimal
		for range years {
			pot = append(pot, fen(most*3, "pot"))
		}
		p := NewPool(formula.Calendar{First: 2019, Actual: 2021, Last: 2021 + years}, "share", pot)
		for range rapid.IntRange(0, 40).Draw(t, "towns") {
			claim := make([]decimal.Decimal, years)
			for y := range claim {
				claim[y] = fen(most, "claim")
			}
			p.claims = append(p.claims, claim)
		}
		if p.Divide(); p.Divide() {
			t.Fatal("dividing the same claims again gives other parts")
		}
		for y, pot := range p.pot {
			all, paid := decimal.Zero, decimal.Zero
			for town, claim := range p.claims {
				part := p.parts[town][y]
				all, paid = all.Add(claim[y]), paid.Add(part)
				if part.IsNegative() || part.GreaterThan(claim[y]) {
					t.Fatalf("town %d gets %s of %s", town, part, claim[y])
				}
				if rate := p.Delivered(town)[y]; !claim[y].Mul(rate).Round(6).Equal(part) || rate.GreaterThan(decimal.NewFromInt(1)) {
					t.Fatalf("town %d: %s of %s is not %s", town, rate, claim[y], part)
				}
			}
			if want := decimal.Min(pot, all); !paid.Equal(want) {
				t.Fatalf("year %d: %s goes out of a pot of %s, claims of %s", y, paid, pot, all)
			}
			for town, claim := range p.claims {
				if all.GreaterThan(pot) && pot.Mul(claim[y]).Sub(p.parts[town][y].Mul(all)).Abs().GreaterThanOrEqual(all.Shift(-6)) {
					t.Fatalf("town %d gets %s, a fen or more off its share of %s", town, p.parts[town][y], claim[y])
				}
			}
		}
	})
}

// TestEqualClaimsFirstTownFirst: the fen that cannot be divided goes to the town that comes first.
func TestEqualClaimsFirstTownFirst(t *testing.T) {
	seven := []decimal.Decimal{decimal.NewFromInt(7)}
	p := NewPool(formula.Calendar{First: 2021, Actual: 2021, Last: 2022}, "share", []decimal.Decimal{decimal.NewFromInt(10)})
	p.claims = [][]decimal.Decimal{seven, seven, seven}
	p.Divide()
	for town, want := range []string{"3.333334", "3.333333", "3.333333"} { // by hand: 10 / 3
		if got := p.parts[town][0].String(); got != want {
			t.Errorf("town %d gets %s, want %s", town, got, want)
		}
	}
}
