package model_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
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
	book := testplan.Open(t, testplan.Write(t, `
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
	values := testplan.Compute(t, book, 0)
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

// TestOverTheTerm: a cap and a guarantee over the term look at what is due, after the schedule and whatever caps a single year. By hand, an award
// of 100 in each of five years:
//
//	half of it due, at most 150 over the term: 50, 50, 50, then nothing
//	100 %, then 50 %, at least 600 over the term: 100 + 3 × 50 = 250, so the last year is made up to 350
//	at most 110 a year, at least 600 over the term: 4 × 100 = 400, so 200 in the last year
func TestOverTheTerm(t *testing.T) {
	for clause, want := range map[string]string{
		"award_cap_term: 150, ages: [{share: 50%}]":                  "50 50 50 0 0",
		"award_floor_term: 600, ages: [{share: 100%}, {share: 50%}]": "100 50 50 50 350",
		"award_floor_term: 600, award_cap: 110":                      "100 100 100 100 200",
	} {
		book := testplan.Open(t, testplan.Write(t, "years: 2022-2026\nhistory: 2019-2021\nrevenue: {tax: {history: [1, 1, 1], growth: 0%}}\ncash: {opening: 0}\ntransfers: {sum: {kind: fixed, amount: 100, "+clause+"}}\n"))
		values := testplan.Compute(t, book, 0)
		for i, w := range strings.Fields(want) {
			got, _, _ := values.At(book.Program.Index("transfers.sum.due"), book.Plan.Calendar.Col(2022+i))
			if !got.Equal(decimal.RequireFromString(w)) {
				t.Errorf("%s: due in %d is %s, by hand %s", clause, 2022+i, got, w)
			}
		}
	}
}

// TestEarmarkedAndRounded: 40 % of what is paid goes to the road, and the clause rounds to whole 万元. By hand:
//
//	due 33.5 × 1.1 = 36.85, rounded to 37; half of it is paid, 18.5: 7.4 for the road, 11.1 for the town's cash
//	the road costs 10 and gets 7.4; the rest, 2.6, comes from cash: 11.1 - 2.6 = 8.5 are left
func TestEarmarkedAndRounded(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, `
years: 2022-2022
history: 2019-2021
revenue: {tax: {history: [1, 1, 1], growth: 0%}}
transfers: {sum: {kind: fixed, amount: 33.5, multiplier: "110%", rounded_to: 1, delivered: 50%, earmarked_to: road, earmarked_rate: 40%}}
projects: {road: {cost: {2022: 10}}}
cash: {opening: 0}
`))
	values := testplan.Compute(t, book, 0)
	for line, want := range map[string]string{"transfers.sum.due": "37", "transfers.sum.paid": "18.5", "transfers.sum.paid_earmarked": "7.4", "receipts": "11.1", "projects.road.paid_grant": "7.4", "projects.road.paid_cash": "2.6", "cash": "8.5"} {
		got, _, _ := values.At(book.Program.Index(line), book.Plan.Calendar.Col(2022))
		if !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("%s = %s, by hand %s", line, got, want)
		}
	}
}

// TestEffortResponse: growth of 5 % and 0.2 points for each point the town can expect at the margin: 50 % × 80 % expected. By hand, from 1000 with a
// frozen base of 1000:
//
//	2022: nothing was shared in 2021, 5 %: 1050. 2023: last year was above the base, 5 % + 0.2 × 0.4 = 13 %: 1186.5. 2024: the clause has ended in 2023,
//	but what counts is last year's share, still 0.4: 1340.745. 2025: 5 %: 1407.78225
func TestEffortResponse(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, `
years: 2022-2025
history: 2021-2021
revenue: {tax: {history: [1000], growth: 5%, response: 0.2}}
transfers: {share: {kind: above_base, base: {year: 2021}, rate: 50%, term: {from: 2022, years: 2}}}
incentive: {expected_delivery: 80%}
cash: {opening: 0}
`))
	values := testplan.Compute(t, book, 0)
	for i, want := range []string{"1050", "1186.5", "1340.745", "1407.78225"} {
		got, _, _ := values.At(book.Program.Index("amount"), book.Plan.Calendar.Col(2022+i))
		if !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("revenue of %d = %s, by hand %s", 2022+i, got, want)
		}
	}
}

// TestUploadsOwed: what the town does not remit is neither a bill nor debt; it stands in a total of its own beside the arrears, and in the account with the county. By hand:
//
//	upload 100, remitted 60 %, half of last year's debt later, 20 owed at the start: 20 + 100 - 60 - 10 = 50; 50 + 100 - 60 - 25 = 65; 65 + 100 - 60 - 32.5 = 72.5
//	the county owes 10 more every year (50 at 80 %): 10 - 50, 20 - 65, 30 - 72.5
//	bills: kept 300, with 40 of the county and without 70, 85, 92.5: 270, 255, 247.5 can be spent, of 350 needed: 80, 175, 277.5 are left unpaid
func TestUploadsOwed(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, `
years: 2022-2024
history: 2019-2021
revenue: {tax: {history: [1000, 1000, 1000], growth: 0%, kept_share: 30%}}
transfers:
  quota: {kind: upload, amount: 100, remitted: 60%, remitted_late: 50%, owed_opening: 20}
  sub: {kind: fixed, amount: 50, delivered: 80%}
spending: {use: {category: livelihood, path: 350}}
cash: {opening: 0}
`))
	values := testplan.Compute(t, book, 0)
	for line, want := range map[string]string{
		"uploads_owed":         "50 65 72.5",
		"arrears_total":        "80 175 277.5",
		"arrears_with_uploads": "130 240 350",
		"county_account":       "-40 -45 -42.5",
		"gap":                  "80 95 102.5",
		"debt":                 "0 0 0",
	} {
		for i, w := range strings.Fields(want) {
			got, _, _ := values.At(book.Program.Index(line), book.Plan.Calendar.Col(2022+i))
			if !got.Equal(decimal.RequireFromString(w)) {
				t.Errorf("%s in %d = %s, by hand %s", line, 2022+i, got, w)
			}
		}
	}
	book = testplan.Open(t, testplan.Write(t, "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [1, 1, 1], growth: 0%}}\ncash: {opening: 0}\n"))
	if book.Program.Index("arrears_with_uploads") >= 0 || book.Program.Index("county_account") >= 0 {
		t.Error("a plan without uploads has lines about them")
	}
}
