package analysis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/randomplan"
	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/scenarios"
)

// analyse is the incentive analysis of one scenario of a plan.
func analyse(t testing.TB, book *model.Book, scenario int, thorough bool) *analysis.Incentive {
	t.Helper()
	result, _ := book.Run(scenario)
	a, problems := analysis.Appraise(book, result, thorough)
	for _, p := range problems {
		t.Fatal(p.Text.EN)
	}
	return a
}

// oneTax is a plan with one tax, collected as given from 2022 on, and one clause.
func oneTax(clause string, path ...string) string {
	return fmt.Sprintf("years: 2022-%d\nhistory: 2017-2021\nrevenue: {tax: {history: [1000, 1000, 1000, 1000, 1000], path: [%s]}}\ntransfers: {share: {kind: above_base, %s}}\ncash: {opening: 0}\n",
		2021+len(path), strings.Join(path, ", "), clause)
}

var growing = []string{"1100", "1200", "1300", "1400", "1500"}

func equal(t testing.TB, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(decimal.RequireFromString(want)) {
		t.Errorf("%s: %s, by hand %s", what, got, want)
	}
}

// TestRetentionByHand: what the town is due and paid of 1 万元 more revenue a year from the first year on, per 万元 of it; both discounted at 4 %.
// The discounted revenue is 1 + 1/1.04 + … + 1/1.04^4 = 4.629895. By hand:
//
//	previous: 0.5 in the first year only, 0.5 / 5 and 0.5 / 4.629895 · rolling 3: 0.5 × (1 + 2/3 × 1/1.04 + 1/3 × 1/1.04²) / 4.629895
//	lag 1: the last year's share is not payable within the plan: 4 × 0.5 / 5 = 0.4, discounted 0.5 × (4.629895 - 1) / 4.629895 = 0.392006
//	lag 1, 40 % delivered: 0.4 × 0.4 = 0.16 · with 25 % of last year's debt caught up, payable 0.5 from 2023 on:
//	  paid 0.2 0.275 0.33125 0.3734375, owed 0.3 0.525 0.69375 0.8203125; Σ paid 1.1796875 / 5 = 0.235938
//	no lag, 40 % in 2022 and 2023, then all: (0.2 + 0.2 + 0.5 × 3) / 5 = 0.38
func TestRetentionByHand(t *testing.T) {
	for _, c := range []struct{ terms, due, paid, dueNow, paidNow string }{
		{"base: {mean: 5}", "0.5", "0.5", "0.5", "0.5"},
		{"base: previous", "0.1", "0.1", "0.107994", "0.107994"},
		{"base: {rolling: 3}", "0.2", "0.2", "0.210503", "0.210503"},
		{"base: {rolling: 2}", "0.15", "0.15", "0.159914", "0.159914"},
		{"base: {mean: 5}, base_reset_every: 2", "0.2", "0.2", "0.211834", "0.211834"},
		{"base: {mean: 5}, base_reset_every: 3", "0.3", "0.3", "0.311680", "0.311680"},
		{"base: {mean: 5}, lag: 1", "0.5", "0.4", "0.5", "0.392006"},
		{"base: {mean: 5}, lag: 1, delivered: 40%", "0.5", "0.16", "0.5", "0.156802"},
		{"base: {mean: 5}, lag: 1, delivered: 40%, caught_up: 25%", "0.5", "0.235938", "0.5", ""},
		{"base: {mean: 5}, delivered: {2022: 40%, 2024: 100%}", "0.5", "0.38", "0.5", ""},
		{"base: {mean: 5}, term: {from: 2024, years: 2}", "0.2", "0.2", "", ""},
		{"base: {mean: 5}, award_cap: 150", "0.2", "0.2", "", ""}, // 50, 100, then 150 whatever is collected
	} {
		a := analyse(t, testplan.Open(t, testplan.Write(t, oneTax(c.terms+", rate: 50%", growing...))), 0, false)
		r := a.Items[0]
		g := r.Rate(r.Clauses[0])
		equal(t, c.terms+": due", g.Due, c.due)
		equal(t, c.terms+": paid", g.Paid, c.paid)
		if c.dueNow != "" {
			equal(t, c.terms+": due, discounted", g.DueNow, c.dueNow)
		}
		if c.paidNow != "" {
			equal(t, c.terms+": paid, discounted", g.PaidNow, c.paidNow)
		}
		equal(t, c.terms+": county", r.Rate(r.County).Due.Add(g.Due), "1")
		overall := a.Overall[0]
		equal(t, c.terms+": of all that counts", overall.Rate(overall.Clauses[0]).Paid, c.paid)
	}
}

// TestRetentionOfOneYear: 1 万元 in one year only, and from one year on. A base of last year takes back in the next year what it gave, except in the
// last; with a frozen base and a lag of one year the last year's share is paid after the plan.
func TestRetentionOfOneYear(t *testing.T) {
	for _, c := range []struct{ terms, once, lasting string }{
		{"base: previous", "0 0 0 0 0.5", "0.1 0.125 0.166667 0.25 0.5"},
		{"base: {mean: 5}, lag: 1", "0.5 0.5 0.5 0.5 0", "0.4 0.375 0.333333 0.25 0"},
	} {
		a := analyse(t, testplan.Open(t, testplan.Write(t, oneTax(c.terms+", rate: 50%", growing...))), 0, true)
		var once, lasting []string
		for _, r := range a.Items {
			if paid := r.Rate(r.Clauses[0]).Paid.String(); r.Lasting {
				lasting = append(lasting, paid)
			} else {
				once = append(once, paid)
			}
		}
		if got := strings.Join(once, " "); got != c.once {
			t.Errorf("%s, in one year: %s, by hand %s", c.terms, got, c.once)
		}
		if got := strings.Join(lasting, " "); got != c.lasting {
			t.Errorf("%s, from a year on: %s, by hand %s", c.terms, got, c.lasting)
		}
	}
}

// TestCountyBreakEven: base 1000, revenue without the incentive 1050 to 1250, share 50 %. With a share a of the growth additional, revenue is higher by
// a/(1-a) × 750 over five years and half of 750/(1-a) is due. At 0.4: 500 - 625 = -125; at 0.5: 750 - 750 = 0; at 0.6: 1125 - 937.5 = 187.5.
func TestCountyBreakEven(t *testing.T) {
	natural := []string{"1050", "1100", "1150", "1200", "1250"}
	for _, c := range []struct{ terms, due, paid, revenue string }{
		{"rate: 50%", "0.5", "0.5", "750"},
		{"rate: 30%", "0.3", "0.3", "321.428571"},
		// Of the last year's share nothing is paid within the plan: 0.5 × 500/(1-a) = 750 × a/(1-a), a = 1/3.
		{"rate: 50%, lag: 1", "0.5", "0.333334", "750"},
		{"rate: 50%, delivered: 0%", "0.5", "0", "750"},
		// Capped at 50 a year: 25 + 4 × 50 = 225 is due of any extra revenue up to 50 in 2022: 750 × a/(1-a) = 225, less what 2022 adds to it:
		// 25/(1-a) + 200 = 750 × a/(1-a), so 25 + 200 - 200 a = 750 a, a = 225/950.
		{"rate: 50%, award_cap: 50", "0.236843", "0.236843", "232.759"},
	} {
		a := analyse(t, testplan.Open(t, testplan.Write(t, oneTax("base: {mean: 5}, "+c.terms, natural...))), 0, false)
		e := a.BreakEven[0]
		equal(t, c.terms+": due", e.Due.Share, c.due)
		equal(t, c.terms+": paid", e.Paid.Share, c.paid)
		if !e.Due.Revenue.Sub(decimal.RequireFromString(c.revenue)).Abs().LessThan(decimal.New(1, -2)) {
			t.Errorf("%s: revenue %s, by hand %s", c.terms, e.Due.Revenue, c.revenue)
		}
		if c.terms == "rate: 50%" {
			for tenth, want := range map[int]string{0: "-375", 4: "-125", 5: "0", 6: "187.5"} {
				equal(t, fmt.Sprintf("county at 0.%d", tenth), e.Curve[tenth].Due.Round(5), want) // at 0.4 four halves of a fen are rounded up
				equal(t, fmt.Sprintf("county at 0.%d", tenth), e.Curve[tenth].Paid.Round(5), want)
			}
		}
	}
	// A town that keeps all of the revenue itself and is paid on top leaves the county worse off whatever the share.
	plan := strings.Replace(oneTax("base: {mean: 5}, rate: 50%", natural...), "path:", "kept_share: 100%, path:", 1)
	if e := analyse(t, testplan.Open(t, testplan.Write(t, plan)), 0, false).BreakEven[0]; e.Due != nil || e.Paid != nil {
		t.Errorf("break-even %v, there is none", e.Due)
	}
}

// TestNothingInScope: a clause that shares none of any item is compared all the same, and brings nothing.
func TestNothingInScope(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, oneTax("base: {amount: 900}, items: [{item: tax, share: 0%}], rate: 50%", growing...)))
	trials, problems := analysis.TryBases(book, analysis.BaseRules(book.Plan, 0)[:1], 0)
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	equal(t, "due", trials[0].Gain.Due, "0")
	if a := analyse(t, book, 0, true); len(a.Items)+len(a.Overall)+len(a.BreakEven)+len(a.Findings) > 0 {
		t.Errorf("%+v where no revenue counts", a)
	}
}

// TestRetentionAddsUp: on random plans the clauses and what is kept make up what the town receives more, and town and county the extra revenue.
func TestRetentionAddsUp(t *testing.T) {
	t.Parallel()
	tried := 0
	for seed := range uint64(30) {
		book := testplan.Random(t, seed)
		a := analyse(t, book, 1, seed%10 == 0)
		shared := slices.ContainsFunc(book.Lines, func(l *model.Line) bool { // with higher levels, or answering to what is retained
			return strings.HasSuffix(l.Name, ".gross") || strings.HasSuffix(l.Name, ".retained")
		})
		for _, r := range append(a.Items, a.Overall...) {
			sum := r.Kept
			for _, g := range r.Clauses {
				sum = analysis.Gain{Due: sum.Due.Add(g.Due), Paid: sum.Paid.Add(g.Paid), DueNow: sum.DueNow.Add(g.DueNow), PaidNow: sum.PaidNow.Add(g.PaidNow)}
			}
			tried++
			if !shared && !r.Local.Due.Equal(r.Extra) {
				t.Fatalf("seed %d: revenue rises by %s, put in %s", seed, r.Local.Due, r.Extra)
			}
			for _, pair := range [][3]decimal.Decimal{{sum.Due, r.Town.Due}, {sum.Paid, r.Town.Paid}, {sum.DueNow, r.Town.DueNow}, {sum.PaidNow, r.Town.PaidNow},
				{r.Town.Due.Add(r.County.Due), r.Local.Due}, {r.Town.Paid.Add(r.County.Paid), r.Local.Paid}, {r.Town.PaidNow.Add(r.County.PaidNow), r.Local.PaidNow}} {
				if !pair[0].Equal(pair[1]) {
					t.Fatalf("seed %d: %s is not %s\n%s", seed, pair[0], pair[1], randomplan.New(seed))
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d trials", tried)
	}
}

// TestBaseRules: on one revenue path, every rule's due and retention by hand: base 1000, revenue 1100 to 1500, share 50 %.
//
//	frozen: 0.5 × (100 + 200 + 300 + 400 + 500) = 750 · previous: 0.5 × 100 × 5 = 250
//	rolling 2: bases 1000 1050 1150 1250 1350: 0.5 × (100 + 150 × 4) = 350
//	rolling 3: 1000 1033.333333 1100 1200 1300: 0.5 × (100 + 166.666667 + 200 × 3) = 433.333334, each half rounded up
//	reset every 2: 1000 1000 1200 1200 1400: 0.5 × (100 + 200 + 100 + 200 + 100) = 350 · every 3: 1000 1000 1000 1300 1300: 0.5 × (600 + 100 + 200) = 450
func TestBaseRules(t *testing.T) {
	path := testplan.Write(t, oneTax("base: previous, rate: 50%, lag: 1", growing...))
	plan := scenarios.Load(path, scenarios.Options{}).Plan
	rules := analysis.BaseRules(plan, 0)
	var variants []scenarios.Variant
	for _, r := range rules {
		variants = append(variants, scenarios.Variant{ID: r.ID, Of: "base", Set: r.Set})
	}
	book, problems := model.Build(scenarios.Load(path, scenarios.Options{Variants: variants}).Plan)
	if book == nil {
		t.Fatal(problems[0].Text.EN)
	}
	trials, problems := analysis.TryBases(book, rules, len(plan.Scenarios))
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	want := map[string]string{
		"given": "250 200 0.1 0.1", "mean_5": "750 500 0.5 0.4", "last_actual": "750 500 0.5 0.4", "previous": "250 200 0.1 0.1",
		"rolling_2": "350 275 0.15 0.15", "rolling_3": "433.333334 333.333334 0.2 0.2", "reset_2": "350 300 0.2 0.2", "reset_3": "450 350 0.3 0.3",
	}
	for _, b := range trials {
		if got := fmt.Sprint(b.Due, b.Paid, b.Gain.Due, b.Gain.Paid); got != want[b.Rule.ID] {
			t.Errorf("%s: %s, by hand %s", b.Rule.ID, got, want[b.Rule.ID])
		}
	}
	if len(trials) != len(want) {
		t.Errorf("%d rules, want %d", len(trials), len(want))
	}
}
