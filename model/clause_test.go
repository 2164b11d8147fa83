package model_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// TestClauseByHand: one clause with three bands over a share of the base, a condition, a cap and a shortfall rule, five years by hand.
//
// The base is the mean of 1000, 1000, 1000. Revenue 950, 1080, 1250, 1400, 1090.
//
//	2022: 50 short: 40 % of it is 20; the subsidy has 15 to take, 5 are carried over
//	2023: 80 above: 80 × 30 % = 24, but 1080 is below the goal of 1085: nothing. The 5 carried over are taken: the subsidy pays 10
//	2024: 250 above: 100 × 30 % + 100 × 50 % + 50 × 60 % = 110
//	2025: 400 above: 30 + 50 + 200 × 60 % = 200, capped at 120
//	2026: 90 above: 27
func TestClauseByHand(t *testing.T) {
	book := open(t, write(t, `
years: 2022-2026
history: 2019-2021
revenue: {tax: {history: [1000, 1000, 1000], path: [950, 1080, 1250, 1400, 1090]}}
transfers:
  share:
    kind: above_base
    base: {mean: 3}
    bands: [{rate: 30%}, {over_base: 10%, rate: 50%}, {over_base: 20%, rate: 60%}]
    gate: counted >= goal
    lines: {goal: {formula: "1085"}}
    award_cap: 120
    shortfall_rate: 40%
    shortfall_from: subsidy
    shortfall_carried: yes
  subsidy: {kind: fixed, amount: 15}
cash: {opening: 0}
`))
	values := compute(t, book, 0)
	for line, want := range map[string]string{
		"transfers.share.excess":        "0 80 250 400 90",
		"transfers.share.award_by_rule": "0 24 110 200 27",
		"transfers.share.due":           "0 0 110 120 27",
		"transfers.share.deduction":     "20 5 0 0 0",
		"transfers.share.deducted":      "15 5 0 0 0",
		"transfers.subsidy.due":         "0 10 15 15 15",
		"incentive_paid":                "0 10 125 135 42",
	} {
		for i, w := range strings.Fields(want) {
			got, _, _ := values.At(book.Program.Index(line), book.Plan.Calendar.Col(2022+i))
			if !got.Equal(decimal.RequireFromString(w)) {
				t.Errorf("%s in %d = %s, by hand %s", line, 2022+i, got, w)
			}
		}
	}
}
