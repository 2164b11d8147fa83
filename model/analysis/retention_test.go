package analysis_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
)

// TestRetentionByBaseRule: what the town is due of a lasting extra 万元 of revenue from the first year on, per 万元 collected in five years at
// a share of 50 %. By hand, with the base not touched by the extra money in the years before it moves:
//
//	frozen: 5 × 0.5 / 5 · previous: the first year only, 0.5 / 5 · rolling n: the base takes in 1/n more each year, so
//	0.5 × (1 + (n-1)/n + … + 1/n) / 5 · reset every k years: k years, 0.5 × k / 5
func TestRetentionByBaseRule(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"base: {mean: 5}", "0.5"},
		{"base: {year: 2021}", "0.5"},
		{"base: {amount: 900}", "0.5"},
		{"base: {target: 900}", "0.5"},
		{"base: previous", "0.1"},
		{"base: {rolling: 3}", "0.2"},
		{"base: {rolling: 2}", "0.15"},
		{"base: {mean: 5}, base_reset_every: 2", "0.2"},
		{"base: {mean: 5}, base_reset_every: 3", "0.3"},
		{"base: previous, base_never_falls: yes", "0.1"},
		{"base: {mean: 5}, base_growth: 1%", "0.5"},
	} {
		due := func(extra int) decimal.Decimal {
			plan := "years: 2022-2026\nhistory: 2017-2021\nrevenue: {tax: {history: [1000, 1000, 1000, 1000, 1000], path: ["
			for y := range 5 {
				plan += fmt.Sprintf("%d, ", 1100+100*y+extra)
			}
			plan += "]}}\ntransfers: {share: {kind: above_base, " + c.rule + ", rate: 50%}}\ncash: {opening: 0}\n"
			book := testplan.Open(t, testplan.Write(t, plan))
			values, sum := testplan.Compute(t, book, 0), decimal.Zero
			for year := 2022; year <= 2026; year++ {
				d, _, _ := values.At(book.Program.Index("transfers.share.due"), book.Plan.Calendar.Col(year))
				sum = sum.Add(d)
			}
			return sum
		}
		got := due(1).Sub(due(0)).Div(decimal.NewFromInt(5)).Round(6)
		if !got.Equal(decimal.RequireFromString(c.want)) {
			t.Errorf("%s: the town keeps %s of an extra 万元, by hand %s", c.rule, got, c.want)
		}
	}
}
