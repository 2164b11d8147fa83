package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// figures holds lines of a plan's first scenario, from the first plan year on, to figures worked by hand. It returns what the plan is warned of.
func figures(t *testing.T, plan string, want map[string]string) (warnings []string) {
	t.Helper()
	path := testplan.Write(t, plan)
	book := testplan.Open(t, path)
	values := testplan.Compute(t, book, 0)
	for line, numbers := range want {
		for i, w := range strings.Fields(numbers) {
			got, _, _ := values.At(book.Program.Index(line), book.Plan.Calendar.Zero()+1+i)
			if !got.Equal(decimal.RequireFromString(w)) {
				t.Errorf("%s in %d = %s, by hand %s", line, book.Plan.Calendar.Actual+1+i, got, w)
			}
		}
	}
	_, problems := model.Build(scenarios.Load(path, scenarios.Options{}).Plan)
	for _, p := range problems {
		warnings = append(warnings, p.Code)
	}
	return warnings
}

// town is a plan with one tax that counts in full.
func town(history, path, transfers string) string {
	years := len(strings.Split(path, ","))
	past := len(strings.Split(history, ","))
	return "years: 2022-" + decimal.NewFromInt(int64(2021+years)).String() + "\nhistory: " + decimal.NewFromInt(int64(2022-past)).String() + "-2021\nrevenue: {tax: {history: [" + history + "], path: [" + path +
		"]}}\ntransfers:\n  " + strings.ReplaceAll(transfers, "\n", "\n  ") + "\ncash: {opening: 0}\n"
}

// TestBaseThatMovesGrowsOnce. Last year 3050, 3260, 3405, 3310, 3720, and 5 % more: 3202.5, 3423, 3575.25, 3475.5, 3906; above it 57.5, 0, 0, 244.5, 104,
// of which 40 %. Rolling over two years: (2840 + 3050) ÷ 2 × 1.05 = 3092.25, then 3312.75, 3499.125, 3525.375, 3690.75. Frozen on 3050 it compounds: 3202.5, 3362.625,
// 3530.75625, 3707.294063 (half a fen goes up), 3892.658766.
func TestBaseThatMovesGrowsOnce(t *testing.T) {
	clause := func(base string) string {
		return town("2600, 2750, 2900, 2840, 3050", "3260, 3405, 3310, 3720, 4010", "share: {kind: above_base, base: "+base+", base_growth: 5%, rate: 40%}")
	}
	figures(t, clause("previous"), map[string]string{"transfers.share.base": "3202.5 3423 3575.25 3475.5 3906", "transfers.share.due": "23 0 0 97.8 41.6"})
	figures(t, clause("{rolling: 2}"), map[string]string{"transfers.share.base": "3092.25 3312.75 3499.125 3525.375 3690.75"})
	figures(t, clause("{year: 2021}"), map[string]string{"transfers.share.base": "3202.5 3362.625 3530.75625 3707.294063 3892.658766"})
	figures(t, clause("{amount: 3050}"), map[string]string{"transfers.share.base": "3202.5 3362.625 3530.75625 3707.294063 3892.658766"})
}

// TestBaseGrowsAsRevenueDoes: a base and a revenue that both grow by 7 % from 3127.4 stay the same to the fen, so that no shortfall of a fen sets off a
// fine: 3346.318, 3580.56026, 3831.199478, 4099.383441, 4386.340282.
func TestBaseGrowsAsRevenueDoes(t *testing.T) {
	for _, clause := range []string{"", "items: [{item: tax}], ", "items: [{item: tax, share: 37%}], ", "items: [{item: tax, share: {2022: 37%, 2024: 11%}}], "} {
		figures(t, `
years: 2022-2026
history: 2017-2021
revenue: {tax: {history: [2600, 2700, 2800, 2900, 3127.4], growth: 7%}}
transfers:
  f: {kind: above_base, `+clause+`base: {year: 2021}, base_growth: 7%, rate: 50%, shortfall_rate: 100%, shortfall_fine: 50, shortfall_from: op}
  op: {kind: fixed, amount: 500}
cash: {opening: 0}
`, map[string]string{"transfers.f.shortfall": "0 0 0 0 0", "transfers.f.excess": "0 0 0 0 0", "transfers.op.due": "500 500 500 500 500", "revenue.tax.counted": "3346.318 3580.56026 3831.199478 4099.383441 4386.340282"})
	}
}

// TestResetClock: periods of three years from 2020: resets in 2023 (to 1300) and 2026 (to 1600). Above the base 100, 100, 200, 300, 100; half of it.
// From 2018, every three years: the last reset was in 2021, to the 1100 of 2020, the next is in 2024. With 10 % a year the base of 2021 grows on: 1210 in
// 2022, 1331 in 2023, then 1400 in 2024, 1540 in 2025. From 2020 with a reset every two years, in 2022 already: 1200, 1200, 1400, 1400, 1600.
func TestResetClock(t *testing.T) {
	clause := func(terms string) string {
		return town("1000, 1100, 1200", "1300, 1400, 1500, 1600, 1700", "share: {kind: above_base, base: {amount: 1200}, rate: 50%, "+terms+"}")
	}
	figures(t, clause("base_reset_every: 3, term: {from: 2020, years: 10}"), map[string]string{"transfers.share.base": "1200 1300 1300 1300 1600", "transfers.share.due": "50 50 100 150 50"})
	figures(t, clause("base_reset_every: 3, term: {from: 2018, years: 10}"), map[string]string{"transfers.share.base": "1100 1100 1400 1400 1400"})
	figures(t, clause("base_reset_every: 3, base_growth: 10%, term: {from: 2018, years: 10}"), map[string]string{"transfers.share.base": "1210 1331 1400 1540 1694"})
	figures(t, clause("base_reset_every: 2, term: {from: 2020, years: 10}"), map[string]string{"transfers.share.base": "1200 1200 1400 1400 1600"})
	figures(t, clause("base_reset_every: 2, term: {from: 2023, years: 10}"), map[string]string{"transfers.share.base": "1200 1200 1200 1500 1500", "transfers.share.due": "0 100 150 50 100"})
	figures(t, clause("base_reset_every: 0"), map[string]string{"transfers.share.base": "1200 1200 1200 1200 1200"})
}

// TestCapOnLastAward: half of what is above 1000: 50, 55, 200, 250, 300. A cap of 120 % of last year's: in a term from 2024 nothing was given in 2023, so 200 stands; then
// at most 240 and 288. With a holiday in 2025 there is no cap in 2026. A floor of 150 %: nothing was given in 2023; 300 for 200 in 2025, then 450.
// A part in force of 50 % is an award given: the cap looks at the whole of it.
func TestCapOnLastAward(t *testing.T) {
	clause := func(terms string) string {
		return town("1000", "1100, 1110, 1400, 1500, 1600", "share: {kind: above_base, base: {amount: 1000}, rate: 50%, "+terms+"}")
	}
	due := func(terms, want string) {
		t.Helper()
		figures(t, clause(terms), map[string]string{"transfers.share.due": want})
	}
	due("award_cap_previous: 120%, term: {from: 2024, years: 3}", "0 0 200 240 288")
	due("award_floor_previous: 80%, term: {from: 2023, years: 4}", "0 55 200 250 300")
	due("award_floor_previous: 150%, term: {from: 2024, years: 3}", "0 0 200 300 450")
	due("award_cap_previous: 120%, term: {pays: {2022: 100%, 2025: 0%, 2026: 100%}}", "50 55 66 0 300")
	due("award_cap_previous: 120%, term: {pays: {2022: 50%, 2023: 100%}}", "25 55 66 79.2 95.04")
	due("award_cap_previous: 120%, ages: [{share: 0%}, {share: 0%}, {share: 100%}]", "0 0 200 240 288")
	due("award_cap_previous: 120%, past_due: {2021: 40}, term: {from: 2020, years: 9}", "48 55 66 79.2 95.04")
}

// TestShortfallsInForce: revenue 900, 950, 1200 under a base of 1000. A clause that begins in 2023, or has a holiday in 2022, knows nothing of the shortfall of 2022: it costs
// nothing and cuts no base; that of 2023 costs 50 and cuts the base of 2024 to 950.
func TestShortfallsInForce(t *testing.T) {
	for _, term := range []string{"{from: 2023, years: 3}", "{pays: {2022: 0%, 2023: 100%}}", "{pays: {2022: 0%, 2023: 50%, 2024: 100%}}"} {
		figures(t, town("1000", "900, 950, 1200", "share: {kind: above_base, base: {amount: 1000}, rate: 50%, shortfall_rate: 100%, shortfall_from: op, shortfall_carried: yes, shortfall_cuts_base: yes, term: "+term+"}\nop: {kind: fixed, amount: 30}"), map[string]string{
			"transfers.share.deduction": "0 50 20", "transfers.share.deducted": "0 30 20", "transfers.share.base": "1000 1000 950", "transfers.share.due": "0 0 125"})
	}
}

// TestStateBeforeThePlan: figures of 1000, 1100, 1210 in 2019-2021, then 10 % a year. Newcomers of 2020-2024: 100, 110, 121, 133.1, 146.41. 2022: 60.5 + 33 + 20; 2023: 66.55 + 36.3 + 22; 2024: 73.205 +
// 39.93 + 24.2. An amount of 500 in 2020 that grows by 10 % a year, or as revenue does: 550 in 2021, 605 in 2022, 665.5, 732.05.
func TestStateBeforeThePlan(t *testing.T) {
	const plan = `
years: 2022-2024
history: 2019-2021
revenue: {tax: {history: [1000, 1100, 1210], growth: 10%, kept_share: 100%}}
transfers:
  i: {kind: fixed, amount: 500, indexed: 10%, term: {from: 2020, years: 9}}
  c: {kind: fixed, amount: 500, chained_to: counted, term: {from: 2020, years: 9}}
  v: {kind: vintages, vintage_rates: [{rate: 50%}, {rate: 30%}, {rate: 20%}], term: {from: 2020, years: 9}}
cash: {opening: 0}
`
	want := map[string]string{"transfers.v.due": "113.5 124.85 137.335", "transfers.i.due": "605 665.5 732.05", "transfers.c.due": "605 665.5 732.05"}
	figures(t, plan, want)
	figures(t, strings.ReplaceAll(plan, "vintages,", `vintages, of: "revenue.tax.counted - prev(revenue.tax.counted)",`), want)
	// With both, 500 × 1.2 × 1.2 = 720 in 2022.
	figures(t, strings.ReplaceAll(plan, "chained_to: counted,", "chained_to: counted, indexed: 10%,"), map[string]string{"transfers.c.due": "720 864 1036.8"})
}

// TestHighestBeforeThePlan: revenue 900, 1500, 1000 in 2019-2021, then 1200, 1600. In a term from 2020 the peak of 1500 binds, and level 1400 was reached in 2020; in one from 2022 neither counts.
func TestHighestBeforeThePlan(t *testing.T) {
	clause := func(from string) string {
		return town("900, 1500, 1000", "1200, 1600", "share: {kind: above_base, base: previous, base_never_falls: yes, rate: 50%, term: {from: "+from+", years: 9}}\nlevels: {kind: steps, levels: [{at: 1400, award: 20}, {at: 1550, award: 7}], term: {from: "+from+", years: 9}}")
	}
	figures(t, clause("2020"), map[string]string{"transfers.share.base": "1500 1500", "transfers.levels.due": "0 7"})
	figures(t, clause("2022"), map[string]string{"transfers.share.base": "1000 1200", "transfers.levels.due": "0 27"})
	figures(t, clause("2023"), map[string]string{"transfers.share.base": "1000 1200", "transfers.levels.due": "0 27"})
}

// TestEffortKnowsWhatWasGiven: growth answers to the year before. A clause of 50 % that began in 2021 moves growth of 2022 by 0.2 × 50 % = 10 points, one that begins in 2022 that of 2023,
// one that has ended in 2020 none. Half of it in force in 2022 moves 2023 by 5 points.
func TestEffortKnowsWhatWasGiven(t *testing.T) {
	for term, want := range map[string]string{"{from: 2021, years: 9}": "1100 1210", "{from: 2022, years: 9}": "1000 1100 1210", "{from: 2019, years: 2}": "1000 1000", "{from: 2021, years: 9, pays: 50%}": "1050 1102.5"} {
		figures(t, "years: 2022-2024\nhistory: 2021-2021\nrevenue: {tax: {history: [1000], growth: 0%, response: 0.2}}\ntransfers: {share: {kind: above_base, base: {amount: 1000}, rate: 50%, term: "+term+"}}\ncash: {opening: 0}\n",
			map[string]string{"amount": want})
	}
}

// TestLaterShareMovesNoEarlierBase: what leaves the scope in 2024 changes no base before, to the fen.
func TestLaterShareMovesNoEarlierBase(t *testing.T) {
	bases := func(share, counts string) (bases []decimal.Decimal) {
		book := testplan.Open(t, testplan.Write(t, `
years: 2022-2025
history: 2019-2021
revenue:
  a: {history: [333.333333, 444.444445, 555.555557], growth: 3.3%, counts: `+counts+`}
  b: {history: [100.000001, 200.000002, 300.000004], growth: 4.7%}
transfers: {share: {kind: above_base, base: {mean: 3}, base_growth: 1.3%, items: [{item: a, share: `+share+`}, {item: b, share: 33.3%}], excluded: [{name: x, past: {2019: 0.000005, 2020: 1, 2021: 2}}], rate: 50%}}
cash: {opening: 0}
`))
		values := testplan.Compute(t, book, 0)
		for year := 2022; year < 2024; year++ {
			d, _, _ := values.At(book.Program.Index("transfers.share.base"), book.Plan.Calendar.Col(year))
			bases = append(bases, d)
		}
		return bases
	}
	still := bases("61.1%", "77.7%")
	for i, moved := range [][]decimal.Decimal{bases("{2022: 61.1%, 2024: 5%}", "77.7%"), bases("61.1%", "{2022: 77.7%, 2024: 0%}")} {
		for year := range still {
			if !still[year].Equal(moved[year]) || still[year].IsZero() {
				t.Errorf("base of %d: %s, and %s if %s changes in 2024", 2022+year, still[year], moved[year], []string{"the share", "counts"}[i])
			}
		}
	}
}

// TestEditsAndCutsOfBases. An edit of -50 in 2023 of a base of 1000 that is reset every three years: revenue 1100, 1060, 1080, 1200: 1000, 950, 950, and in 2025 the 1080 of 2024, which has
// the edit in it. Cut after shortfalls, revenue 900, 950, 980, 990: 900 in 2023 and 2024, then the 980 of 2024; with an edit of -20 in 2024 880 there. Growing by 10 %, revenue 900, 980, 1200: 1100, then 900,
// then 990. A rolling mean of two years from 1000, 1000, revenue 900, 1200, 1300: 1000, cut to 900 in 2023 (by itself 950), 1050.
func TestEditsAndCutsOfBases(t *testing.T) {
	base := func(path, terms, want string) {
		t.Helper()
		figures(t, town("1000, 1000", path, "share: {kind: above_base, rate: 50%, "+terms+"}"), map[string]string{"transfers.share.base": want})
	}
	base("1100, 1060, 1080, 1200", "base: {year: 2021}, base_reset_every: 3, base_edit: {2023: -50}", "1000 950 950 1080")
	base("1100, 1060, 1080, 1200", "base: {year: 2021}, base_reset_every: 3, base_edit: {2023: -50, 2025: 7}", "1000 950 950 1087")
	base("900, 950, 980, 990", "base: {year: 2021}, base_reset_every: 3, shortfall_cuts_base: yes", "1000 900 900 980")
	base("900, 950, 980, 990", "base: {year: 2021}, base_edit: {2024: -20}, shortfall_cuts_base: yes", "1000 900 880 880")
	base("900, 980, 1200", "base: {year: 2021}, base_growth: 10%, shortfall_cuts_base: yes", "1100 900 990")
	base("900, 1200, 1300", "base: {rolling: 2}, shortfall_cuts_base: yes", "1000 900 1050")
	base("-50, 100, 80", "base: previous", "1000 0 100")
}

// TestPlanThatStartsLater: what a clause gives in a year does not depend on where the plan begins, if history tells what came before. The same revenue is a plan from
// 2019 and one from 2022, with clauses that began in 2016 to 2023.
func TestPlanThatStartsLater(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 7))
	clauses := []string{
		"kind: above_base, rate: 50%, base: {amount: 1000}, base_reset_every: 1", "kind: above_base, rate: 50%, base: {year: 2015}, base_reset_every: 3", "kind: above_base, rate: 50%, base: previous, base_never_falls: yes",
		"kind: above_base, rate: 50%, base: {rolling: 2}, base_growth: 3.3%", "kind: above_base, rate: 50%, base: {amount: 1000}, base_reset_every: 4, base_never_falls: yes, items: [{item: tax, share: 37.5%}]",
		"kind: vintages, vintage_rates: [{rate: 50%}, {rate: 30%}, {rate: 7%}, {rate: 3%}]", `kind: vintages, of: "max(revenue.tax.amount, 1000) - 1000", vintage_rates: [{rate: 50%}, {rate: 30%}]`,
		"kind: fixed, amount: 500, chained_to: counted, chain_share: 30%, chain_floor: -1%", "kind: fixed, amount: 500, indexed: -7%", "kind: upload, amount: 500, indexed: 2%, indexed_from: 2018, chained_to: revenue.tax.amount",
		"kind: steps, levels: [{at: 900, award: 3}, {at: 1050, award: 5}, {at: 1200, award: 7}]", "kind: steps, pays: each_crossing, levels: [{at: 1000, award: 3}]",
	}
	for range 20 {
		path := make([]string, 12) // 2015-2026
		for i := range path {
			path[i] = decimal.New(700_000000+g.Int64N(700_000000), -6).String()
		}
		transfers := ""
		for i, c := range clauses {
			transfers += fmt.Sprintf("  c%d: {%s, term: {from: %d, years: 20}}\n", i, c, 2016+g.IntN(8))
		}
		plan := func(first int) (*model.Book, *formula.Values) {
			k := first - 2015
			book := testplan.Open(t, testplan.Write(t, fmt.Sprintf("years: %d-2026\nhistory: 2015-%d\nrevenue: {tax: {history: [%s], path: [%s]}}\ntransfers:\n%scash: {opening: 90000}\n", first, first-1, strings.Join(path[:k], ", "), strings.Join(path[k:], ", "), transfers)))
			return book, testplan.Compute(t, book, 0)
		}
		early, a := plan(2019)
		late, b := plan(2022)
		for i, c := range clauses {
			for year := 2022; year <= 2026; year++ {
				line := fmt.Sprintf("transfers.c%d.due", i)
				x, _, _ := a.At(early.Program.Index(line), early.Plan.Calendar.Col(year))
				y, _, _ := b.At(late.Program.Index(line), late.Plan.Calendar.Col(year))
				if !x.Equal(y) {
					t.Fatalf("%s in %d: %s in a plan from 2019, %s in one from 2022\n%s%v", c, year, x, y, transfers, path)
				}
			}
		}
	}
}

// TestChainWithoutItsPast: a chain of at least 3 % that began in 2019 with an amount of 100 grows from 2020 on. Of the growth in 2020 and 2021 a history of 2021 alone knows nothing, so the floor
// holds in 2021; in 2020, before the history, only the indexation of 10 %: 110, 110 × 1.13 = 124.3, then revenue grows by 10 %: × 1.2 = 149.16.
func TestChainWithoutItsPast(t *testing.T) {
	warned := figures(t, town("1000", "1100", "c: {kind: fixed, amount: 100, indexed: 10%, chained_to: counted, chain_floor: 3%, term: {from: 2019, years: 9}}"), map[string]string{"transfers.c.due": "149.16"})
	if !slices.Contains(warned, "past_unknown") {
		t.Errorf("not warned: %v", warned)
	}
}
