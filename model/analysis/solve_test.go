package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/randomplan"
	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// vary opens a plan with two more scenarios, the ends of a range in one of its own (the first, if it is not named), and gives their places.
func vary(t testing.TB, plan, of, address, low, high string) (book *model.Book, from, to int) {
	t.Helper()
	loaded := scenarios.Load(testplan.Write(t, plan), scenarios.Options{Variants: []scenarios.Variant{
		{ID: "low", Of: of, Set: []string{address + "=" + low}}, {ID: "high", Of: of, Set: []string{address + "=" + high}}}})
	if loaded.Plan == nil {
		t.Fatalf("%s=%s..%s: %s", address, low, high, loaded.Problems[0].Text.EN)
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatal(problems[0].Text.EN)
	}
	n := len(loaded.Plan.Scenarios)
	return book, n - 2, n - 1
}

// solved is a search as a test writes it: "300..342.17 no, 342.170001..500 yes".
func solved(s *analysis.Search) string {
	var parts []string
	for _, part := range s.Stretches {
		parts = append(parts, fmt.Sprintf("%s..%s %v", part.From, part.To, part.Holds))
	}
	return strings.Join(parts, ", ")
}

// linear is a town whose cash is linear in its subsidy a: it has 10, is paid a and spends 100 a year for three years, and what it cannot pay it owes.
// It collects 1000 a year for the county, 100 above the base of a share that has no rate yet, and is promised a grant that is not paid.
const linear = `years: 2022-2024
history: 2021-2021
revenue: {tax: {history: [1000], path: 1000}}
transfers:
  subsidy: {kind: fixed, amount: 100}
  share: {kind: above_base, base: {amount: 900}, rate: 0%}
  grant: {kind: grant, amount: {2023: 30}, delivered: 0%}
spending: {roads: {category: operations, amount: 100, growth: 0%}}
cash: {opening: 10}
layers:
  half: {set: {transfers.subsidy.delivered: 50%}}
  slump: {set: {revenue.tax.path: 900}}
scenarios:
  - {id: whole}
  - {id: half, layers: [half]}
  - {id: walk_away, layers: [slump], fallback: both}
`

// TestSolveByHand: with a subsidy of a, the town ends with 10 + 3a - 300 or owes as much.
func TestSolveByHand(t *testing.T) {
	for _, c := range []struct{ condition, address, low, high, want string }{
		// 10 + 3a - 300 ≥ 25 from a = 105 on.
		{"last(cash) >= 25", "transfers.subsidy.amount", "0", "200", "0..104.999999 false, 105..200 true"},
		// 300 - 10 - 3a ≤ 12 from a = 92.666666… on: 92.666667 to the fen.
		{"last(arrears_total) <= 12", "transfers.subsidy.amount", "0", "200", "0..92.666666 false, 92.666667..200 true"},
		// Neither owed nor more than 40 left: 290/3 ≤ a ≤ 330/3.
		{"last(arrears_total) = 0 and last(cash) <= 40", "transfers.subsidy.amount", "0", "200", "0..96.666666 false, 96.666667..110 true, 110.000001..200 false"},
		{"last(arrears_total) > 0 or last(cash) > 40", "transfers.subsidy.amount", "0", "200", "0..96.666666 true, 96.666667..110 false, 110.000001..200 true"},
		{"min(cash) >= 0", "transfers.subsidy.amount", "0", "200", "0..200 true"},
		{"last(cash) >= 311", "transfers.subsidy.amount", "0", "200", "0..200 false"},
		// Only in 2023: 10 + 100 + a + 100 - 300 ≥ 25 from a = 115 on.
		{"last(cash) >= 25", "transfers.subsidy.amount.2023", "0", "200", "0..114.999999 false, 115..200 true"},
		// 100 delivered at d, and 30 of the grant: 10 + 300d + 30d - 300 ≥ 5 from d = 295/330 = 0.8939393… on.
		{"last(cash) >= 5", "transfers.*.delivered", "0%", "100%", "0..0.893939 false, 0.89394..1 true"},
		// The factor on 100: as the amount. The plan's share has no rate, so it moves nothing.
		{"last(cash) >= 25", "transfers.*.amount", "×0.5", "×1.5", "0.5..1.049999 false, 1.05..1.5 true"},
		// Half of 100 above the base from year one on, with 10 + 300 - 300 before: 3 × 100 × r ≥ 15 from r = 5 % on.
		{"last(cash) >= 25", "transfers.share.rate", "0%", "90%", "0..0.049999 false, 0.05..0.9 true"},
		// Whole years only: the subsidy of 100 runs for n years, 10 + 100n - 300 ≥ 0 from n = 3 on.
		{"last(arrears_total) = 0", "transfers.subsidy.term.years", "1", "3", "1..2 false, 3..3 true"},
	} {
		book, from, to := vary(t, linear, "whole", c.address, c.low, c.high)
		l, problems := analysis.Between(book, c.address, from, to)
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		r, ok := analysis.RangeOf(book, l)
		if !ok { // the factors
			r = analysis.Range{Low: decimal.RequireFromString("0.5"), High: decimal.RequireFromString("1.5"), Step: decimal.New(1, -6)}
		}
		q, problems := analysis.Inquire(book, analysis.Question{Text: c.condition, Condition: true})
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		s, problems := q.Solve(1, l, r, 200)
		if len(problems) > 0 {
			t.Fatalf("%s: %s", c.condition, problems[0].Text.EN)
		}
		if got := solved(s); got != c.want {
			t.Errorf("%s by %s: %s, by hand %s", c.condition, c.address, got, c.want)
		}
	}
}

// derivedGrowth is a town of which one tax is to grow by the 10 % that history gives, and fees by a given rate.
const derivedGrowth = `years: 2022-2024
history: 2019-2021
revenue: {vat: {history: [1000, 1100, 1210], growth: cagr}, fees: {history: [100, 100, 100], growth: 1%}}
transfers: {share: {kind: above_base, base: previous, rate: 50%}}
cash: {opening: 10}
scenarios: [{id: plan}]
`

// TestLeverReplacesADerivedRate: a rate that is varied takes the place of one derived from history, as with --set; points are added to it. The same
// goes for whatever else both ends say otherwise than the plan.
func TestLeverReplacesADerivedRate(t *testing.T) {
	for _, c := range []struct{ condition, address, low, high, want string }{
		// 1210 × 1.05³ = 1400.72625; 1210 × (1 + g)³ ≥ 1500 needs g above 7.4 %.
		{"last(revenue.vat.amount) >= 1500", "revenue.vat.growth", "0%", "5%", "0..0.05 false"},
		{"last(revenue.vat.amount) >= 1400.72625", "revenue.vat.growth", "0%", "5%", "0..0.049999 false, 0.05..0.05 true"},
		// 10 % and p points: 1210 × 1.05³ at -5.
		{"last(revenue.vat.amount) > 1400.72625", "revenue.vat.growth", "-5pp", "+5pp", "-0.05..-0.05 false, -0.049999..0.05 true"},
		// The base is an amount, no longer last year's revenue: in 2024 1210 × 1.1³ + 100 × 1.01³ = 1713.5401 is above it or not.
		{"sum(transfers.share.due) > 0", "transfers.share.base", "{amount: 1600}", "{amount: 1900}", "1600..1713.540099 true, 1713.5401..1900 false"},
	} {
		book, from, to := vary(t, derivedGrowth, "plan", c.address, c.low, c.high)
		l, problems := analysis.Between(book, c.address, from, to)
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		r, ok := analysis.RangeOf(book, l)
		if points := strings.HasSuffix(c.low, "pp"); ok == points {
			t.Errorf("%s %s..%s: the figures are the input itself: %v", c.address, c.low, c.high, ok)
		} else if points {
			r = analysis.Range{Unit: formula.Ratio, Low: decimal.RequireFromString("-0.05"), High: decimal.RequireFromString("0.05"), Step: decimal.New(1, -6), Means: analysis.Points}
		}
		q, problems := analysis.Inquire(book, analysis.Question{Text: c.condition, Condition: true})
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		s, problems := q.Solve(1, l, r, 200)
		if len(problems) > 0 {
			t.Fatalf("%s: %s", c.condition, problems[0].Text.EN)
		}
		if got := solved(s); got != c.want {
			t.Errorf("%s by %s: %s, by hand %s", c.condition, c.address, got, c.want)
		}
	}
}

// TestZoneReplacesADerivedRate: so do the levers of a zone, and two that say the same input otherwise are refused, though neither moves it. By hand: at 5 % and
// 1 % the tax of 2024 is 1210 × 1.05³ = 1400.72625 and 1210 × 1.01³ = 1246.66421.
func TestZoneReplacesADerivedRate(t *testing.T) {
	loaded := scenarios.Load(testplan.Write(t, derivedGrowth), scenarios.Options{Variants: []scenarios.Variant{
		{ID: "a", Of: "plan", Set: []string{"revenue.vat.growth=1%"}}, {ID: "b", Of: "plan", Set: []string{"revenue.vat.growth=5%"}},
		{ID: "c", Of: "plan", Set: []string{"transfers.share.base={amount: 0}"}}, {ID: "d", Of: "plan", Set: []string{"transfers.share.base={amount: 100}"}},
		{ID: "e", Of: "plan", Set: []string{"transfers.share.base={year: 2020}"}}, {ID: "f", Of: "plan", Set: []string{"transfers.share.base={year: 2021}"}}}})
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatal(problems[0].Text.EN)
	}
	q, problems := analysis.Inquire(book, analysis.Question{Text: "last(revenue.vat.amount)"}, analysis.Question{Text: "last(transfers.share.base)"})
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	var levers [3]*analysis.Lever
	var ranges [3]analysis.Range
	for i := range levers {
		levers[i], _ = analysis.Between(book, "lever", 2+2*i, 3+2*i)
		ranges[i], _ = analysis.RangeOf(book, levers[i])
	}
	a, problems := q.Agree(1, [2]int{1, 1}, [2]*analysis.Lever(levers[:2]), [2]analysis.Range(ranges[:2]), 2)
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	if got, want := fmt.Sprint(a.Town, a.County), "[[1246.66421 1246.66421] [1400.72625 1400.72625]] [[0 100] [0 100]]"; got != want {
		t.Errorf("got %s, by hand %s", got, want)
	}
	if _, problems := q.Agree(1, [2]int{1, 1}, [2]*analysis.Lever(levers[1:]), [2]analysis.Range(ranges[1:]), 2); len(problems) != 1 || !strings.Contains(problems[0].Text.EN, "vary the same parameter transfers.share.base.rule") {
		t.Errorf("two rules for one base: %v", problems)
	}
}

// TestEquivalentsByHand: paid in full, the subsidy of 100 is worth 300 to the town in three years; paid by half, 150. What makes the half worth the whole?
func TestEquivalentsByHand(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, linear))
	q, problems := analysis.Inquire(book, analysis.Question{Text: "sum(town_receives)"})
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	aim, _ := q.Answers(1)
	now, _ := q.Answers(2)
	if !aim[0].Equal(decimal.NewFromInt(300)) || !now[0].Equal(decimal.NewFromInt(150)) {
		t.Fatalf("worth %s and %s, by hand 300 and 150", aim[0], now[0])
	}
	all, problems := q.Equivalents(2, aim[0], 100)
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	var got []string
	for _, e := range all {
		got = append(got, fmt.Sprintf("%s now %s..%s: %s to %s", e.Lever.Address, e.Now[0], e.Now[1], solved(e.Search), e.Turns()))
	}
	want := []string{
		"transfers.subsidy.amount now 100..100: 0..199.999998 false, 199.999999..1000 true to [199.999999]", // half of 199.999999 rounds up to 100; searched up to the 1000 collected in a year
		"transfers.*.delivered now 0..1: 0..0.90909 false, 0.909091..1 true to [0.909091]",                  // 300d + 30d = 300 from d = 10/11 on
		"transfers.subsidy.delivered now 0.5..0.5: 0..0.999999 false, 1..1 true to [1]",
		"transfers.share.delivered now 1..1: 0..1 false to []",                   // it has no rate
		"transfers.grant.delivered now 0..0: 0..1 false to []",                   // 30 is not enough
		"transfers.share.rate now 0..0: 0..0.499999 false, 0.5..1 true to [0.5]", // 3 × 100 × r = 150
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nby hand\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if v := all[1].Values[0]; !v.Equal(decimal.RequireFromString("300.00003")) { // 330 × 0.909091
		t.Errorf("the value there is %s", v)
	}
}

// TestAgreementByHand: a subsidy of a, of which a part d is paid, gives the town 3ad of the 3000 collected in three years. Without agreement 2700 are
// collected and the town has 300 of them: both are better off where 300 < 3ad < 600.
func TestAgreementByHand(t *testing.T) {
	loaded := scenarios.Load(testplan.Write(t, linear), scenarios.Options{Variants: []scenarios.Variant{
		{ID: "a", Of: "whole", Set: []string{"transfers.subsidy.amount=0"}}, {ID: "b", Of: "whole", Set: []string{"transfers.subsidy.amount=300"}},
		{ID: "c", Of: "whole", Set: []string{"transfers.subsidy.delivered=40%"}}, {ID: "d", Of: "whole", Set: []string{"transfers.subsidy.delivered=100%"}}}})
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatal(problems[0].Text.EN)
	}
	q, problems := analysis.Inquire(book, analysis.Question{Text: "sum(town_receives)"}, analysis.Question{Text: "sum(county_keeps)"})
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	amount, _ := analysis.Between(book, "transfers.subsidy.amount", 4, 5)
	delivered, _ := analysis.Between(book, "transfers.subsidy.delivered", 6, 7)
	first, _ := analysis.RangeOf(book, amount)
	second, _ := analysis.RangeOf(book, delivered)
	fallback := book.Plan.Fallback("town")
	if fallback != 3 || book.Plan.Fallback("county") != 3 {
		t.Fatal("the fallback of both sides is the scenario walk_away")
	}
	a, problems := q.Agree(1, [2]int{fallback, fallback}, [2]*analysis.Lever{amount, delivered}, [2]analysis.Range{first, second}, 4)
	if len(problems) > 0 {
		t.Fatal(problems[0].Text.EN)
	}
	if !a.TownFallback.Equal(decimal.NewFromInt(300)) || !a.CountyFallback.Equal(decimal.NewFromInt(2400)) {
		t.Errorf("without agreement %s and %s, by hand 300 and 2400", a.TownFallback, a.CountyFallback)
	}
	// ad, for a = 0, 100, 200, 300 and d = 0.4, 0.6, 0.8, 1: the zone is where it lies between 100 and 200.
	var got []string
	for i := range a.Rows {
		row := a.Rows[i].String() + ":"
		for j := range a.Columns {
			town, county := a.Better(i, j)
			row += map[[2]bool]string{{true, true}: " both", {true, false}: " town", {false, true}: " county", {false, false}: " -"}[[2]bool{town, county}]
		}
		got = append(got, row)
	}
	want := []string{
		"0: county county county county",   // 0
		"100: county county county county", // 40 60 80 100: at 100 the town has as much as without
		"200: county both both town",       // 80 120 160 200
		"300: both both town town",         // 120 180 240 300
	}
	if !slices.Equal(got, want) || a.Both() != 4 || a.ZeroSum() {
		t.Errorf("got\n%s\nby hand\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Without the slump the two share the same 3000 either way: nobody can gain but from the other.
	a, _ = q.Agree(1, [2]int{1, 1}, [2]*analysis.Lever{amount, delivered}, [2]analysis.Range{first, second}, 4)
	if a.Both() != 0 || !a.ZeroSum() {
		t.Errorf("of the same revenue, %d points are better for both", a.Both())
	}
	if _, problems := q.Agree(1, [2]int{1, 1}, [2]*analysis.Lever{amount, amount}, [2]analysis.Range{first, first}, 4); len(problems) != 1 {
		t.Errorf("the same lever twice: %v", problems)
	}
}

// TestLeversThatAreNone: what cannot be varied is refused, with its place.
func TestLeversThatAreNone(t *testing.T) {
	for _, c := range []struct{ address, low, high, said string }{
		{"transfers.share.base_never_falls", "no", "yes", "transfers.share.base_never_falls is a word"},
		{"transfers.subsidy.amount", "100", "100", "both ends of transfers.subsidy.amount are the same"},
		{"transfers.share.base", "{mean: 1}", "previous", "transfers.share.base.rule is a word"},
	} {
		book, from, to := vary(t, linear, "", c.address, c.low, c.high)
		if _, problems := analysis.Between(book, c.address, from, to); len(problems) != 1 || !strings.Contains(problems[0].Text.EN, c.said) {
			t.Errorf("%s: %v", c.address, problems)
		}
	}
	book, from, to := vary(t, linear, "", "transfers.grant.term.years", "1", "3")
	l, _ := analysis.Between(book, "transfers.grant.term.years", from, to)
	r, _ := analysis.RangeOf(book, l)
	for _, condition := range []string{"last(cash) > 0", "sum(amount) > 0"} {
		q, _ := analysis.Inquire(book, analysis.Question{Text: condition, From: "--until", Condition: true})
		_, problems := q.Solve(1, l, r, 200)
		if refused := len(problems) == 1 && problems[0].Pos.Line == 7 && strings.Contains(problems[0].Text.EN, "no formula leads from transfers.grant.term.years to --until "+condition+":"); refused != (condition == "sum(amount) > 0") {
			t.Errorf("%s: %v", condition, problems)
		}
	}
}

// mix is what inputs are some part of the way from one scenario to another.
func mix(book *model.Book, from, to int, part decimal.Decimal) []formula.Input {
	inputs, high := book.Inputs(from), book.Inputs(to)
	for i, low := range inputs {
		if book.Lines[i].Input == formula.NotInput || book.Lines[i].Unit == formula.Choice {
			continue
		}
		mixed, moves := formula.Input{ByYear: make([]decimal.Decimal, book.Plan.Calendar.Columns())}, false
		for col := range mixed.ByYear {
			a, b := low.At(col), high[i].At(col)
			if mixed.ByYear[col] = a; !a.Equal(b) {
				mixed.ByYear[col], moves = a.Add(b.Sub(a).Mul(part)), true
			}
		}
		if moves {
			inputs[i] = mixed
		}
	}
	return inputs
}

// sums are those of some lines over the plan years, by a whole evaluation.
func sums(t *testing.T, book *model.Book, inputs []formula.Input, lines []string) (sums []decimal.Decimal) {
	t.Helper()
	values, errs := book.Program.Evaluate(inputs)
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	cal := book.Plan.Calendar
	for _, line := range lines {
		var sum decimal.Decimal
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			d, _, _ := values.At(book.Program.Index(line), col)
			sum = sum.Add(d)
		}
		sums = append(sums, sum)
	}
	return sums
}

// wanted is a random condition on a sum that turns at amounts the sum takes somewhere in the range, or nowhere.
func wanted(g *rand.Rand, line string, sorted []decimal.Decimal) (condition string, holds func(sum decimal.Decimal) bool) {
	limit := func(part float64) decimal.Decimal { return sorted[int(part*float64(len(sorted)))].Round(2) }
	switch a, b := limit(0.2+0.2*g.Float64()), limit(0.6+0.2*g.Float64()); g.IntN(5) {
	case 0:
		return fmt.Sprintf("sum(%s) >= %s", line, a), a.LessThanOrEqual
	case 1:
		return fmt.Sprintf("sum(%s) < %s", line, b), b.GreaterThan
	case 2, 3:
		return fmt.Sprintf("sum(%[1]s) > %[2]s and sum(%[1]s) <= %[3]s", line, a, b), func(d decimal.Decimal) bool { return d.GreaterThan(a) && d.LessThanOrEqual(b) }
	}
	far := sorted[len(sorted)-1].Add(decimal.NewFromInt(1))
	return fmt.Sprintf("not sum(%s) >= %s", line, far), far.GreaterThan
}

// TestSolveAgainstBruteForce: on random plans, whole evaluations at many places of the range agree with the stretches found, and so do those on either side of
// every turn. Where two turns lie within one part of the scan, as a clause with steps can make them, the solver says it may not see them: such places are
// rare and counted. Conditions that never turn, turn once and turn several times all occur.
func TestSolveAgainstBruteForce(t *testing.T) {
	t.Parallel()
	const positions, scan = 101, 200 // places that are not those of the scan
	levers := [][3]string{{"transfers.fixed.amount", "0", "900"}, {"transfers.*.delivered", "0%", "100%"}, {"transfers.share0.delivered", "0%", "100%"}, {"transfers.fixed.caught_up", "0%", "100%"},
		{"transfers.indexed.amount", "100", "101.5"}, {"transfers.indexed.indexed", "-40%", "60%"}, {"revenue.*.counts", "0%", "100%"}, {"running_costs.per_head", "0.5", "4"}, {"transfers.heads.standard", "0", "3.25"}}
	lines := []string{"town_receives", "county_keeps", "gap", "cash", "arrears_total", "debt", "transfers_owed", "payments_paid"}
	classes, unseen := map[string]int{}, 0
	for seed := range uint64(testplan.Many(50, 25)) {
		g := rand.New(rand.NewPCG(seed, 5))
		lever := levers[g.IntN(len(levers))]
		book, from, to := vary(t, string(randomplan.New(seed)), "plain", lever[0], lever[1], lever[2])
		l, problems := analysis.Between(book, lever[0], from, to)
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		r, ok := analysis.RangeOf(book, l)
		if !ok {
			t.Fatalf("seed %d: %s has no figures of its own", seed, lever[0])
		}
		whole := r.High.Sub(r.Low)
		at := func(figure decimal.Decimal) []decimal.Decimal {
			return sums(t, book, mix(book, from, to, figure.Sub(r.Low).DivRound(whole, 30)), lines)
		}
		var figures []decimal.Decimal
		byLine := make([][]decimal.Decimal, len(lines))
		for i := range positions + 1 {
			figures = append(figures, r.Low.Add(whole.Mul(decimal.NewFromInt(int64(i))).DivRound(decimal.NewFromInt(positions), 6)))
			for k, sum := range at(figures[i]) {
				byLine[k] = append(byLine[k], sum)
			}
		}
		k := g.IntN(len(lines))
		for range lines { // a line that moves, if one does
			if byLine[k][0].Equal(byLine[k][positions]) {
				k = (k + 1) % len(lines)
			}
		}
		condition, holds := wanted(g, lines[k], slices.SortedFunc(slices.Values(byLine[k]), decimal.Decimal.Cmp))
		q, problems := analysis.Inquire(book, analysis.Question{Text: condition, Condition: true})
		if len(problems) > 0 {
			t.Fatal(problems[0].Text.EN)
		}
		s, problems := q.Solve(1, l, r, scan)
		if len(problems) > 0 {
			t.Fatalf("seed %d: %s", seed, problems[0].Text.EN)
		}
		classes[[]string{"none", "one", "several"}[min(len(s.Stretches)-1, 2)]]++
		if !s.Stretches[0].From.Equal(r.Low) || !s.Stretches[len(s.Stretches)-1].To.Equal(r.High) {
			t.Errorf("seed %d: the stretches do not span the range: %s", seed, solved(s))
		}
		for i, part := range s.Stretches {
			if i > 0 && !part.From.Equal(decimal.Min(s.Stretches[i-1].To.Add(r.Step), r.High)) {
				t.Errorf("seed %d: a turn is not one step wide: %s", seed, solved(s))
			}
			for _, end := range []decimal.Decimal{part.From, part.To} {
				if sum := at(end)[k]; holds(sum) != part.Holds {
					t.Errorf("seed %d: %s by %s at %s: the sum is %s, found %s", seed, condition, lever[0], end, sum, solved(s))
				}
			}
		}
		for i, figure := range figures {
			n := slices.IndexFunc(s.Stretches, func(part analysis.Stretch) bool { return figure.LessThanOrEqual(part.To) })
			if s.Stretches[n].Holds == holds(byLine[k][i]) {
				continue
			}
			part := whole.DivRound(decimal.NewFromInt(scan), 6)
			if unseen++; figure.Sub(s.Stretches[n].From).LessThan(part) || s.Stretches[n].To.Sub(figure).LessThan(part) || unseen > 3 {
				t.Errorf("seed %d: %s by %s at %s: the sum is %s, found %s", seed, condition, lever[0], figure, byLine[k][i], solved(s))
			}
		}
	}
	if classes["none"] < 5 || classes["one"] < 10 || classes["several"] < 5 {
		t.Errorf("too few of a kind: %v", classes)
	}
	t.Log(classes, unseen)
}
