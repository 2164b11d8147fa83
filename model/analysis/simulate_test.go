package analysis_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// risky is a plan in which what is shocked can be seen in a line of its own: a transfer's due is its amount, and a tax of 10,000 that does not grow is
// 10,000 × (1 + the drawn growth).
const risky = `years: 2022-2023
history: 2017-2021
revenue:
  tax: {history: [10000, 10000, 10000, 10000, 10000], growth: 0%, source: x}
  fee: {history: [10000, 10500, 9800, 10900, 11000], growth: 0%, source: x}
cash: {opening: 10, source: x}
transfers:
  a: {kind: fixed, amount: 100, source: x}
  b: {kind: fixed, amount: 100, source: x}
`

// simulate runs a plan and gives the outcomes of lines in the plan years.
func simulate(t *testing.T, plan string, paths, workers int, lines ...string) (*model.Book, *analysis.Simulated) {
	t.Helper()
	book := testplan.Open(t, testplan.Write(t, plan))
	opt := analysis.Simulating{Paths: paths, Workers: workers, By: model.Headline{Line: "town_receives", How: formula.Total}}
	for s := range book.Plan.Scenarios {
		opt.Scenarios = append(opt.Scenarios, s)
	}
	for _, name := range lines {
		if opt.Lines = append(opt.Lines, book.Program.Index(name)); book.Program.Index(name) < 0 {
			t.Fatalf("no line %s", name)
		}
	}
	s, problems := analysis.Simulate(book, opt)
	if s == nil {
		t.Fatal(problems)
	}
	return book, s
}

// Each law has the mean and the spread its textbook gives it, within four standard errors.
func TestLaws(t *testing.T) {
	const n = 200_000
	for _, c := range []struct {
		law      string
		mean, sd float64
	}{
		{"{normal: {sd: 8, mean: 3}}", 103, 8},
		{"{lognormal: {sd: 20%}}", 100 * math.Exp(0.02), 100 * math.Exp(0.02) * math.Sqrt(math.Exp(0.04)-1)},
		{"{triangular: {low: 10, mode: 20, high: 60}}", 30, math.Sqrt((100 + 400 + 3600 - 200 - 600 - 1200) / 18.0)},
		{"{pert: {low: 10, mode: 20, high: 60}}", 25, math.Sqrt((25 - 10) * (60 - 25) / 7.0)},
		{"{uniform: {low: 10, high: 70}}", 40, 60 / math.Sqrt(12)},
		{"{discrete: {10: 20%, 20: 30%, 70: 50%}}", 43, math.Sqrt(0.2*33*33 + 0.3*23*23 + 0.5*27*27)},
		{"{uniform: {low: 40, high: 40}}", 40, 0},
	} {
		_, s := simulate(t, risky+"uncertainty: {shocks: {transfers.a.amount: "+c.law+"}}\n", n, 0, "transfers.a.due")
		for y, o := range s.Spread[0][0] {
			mean, sd := o.Moments()
			if math.Abs(mean-c.mean) > 4*c.sd/math.Sqrt(n)+1e-6 || math.Abs(sd-c.sd) > 4*c.sd/math.Sqrt(n)+1e-6 {
				t.Errorf("%s in year %d: mean %v sd %v, want %v %v", c.law, y+1, mean, sd, c.mean, c.sd)
			}
			if o.N() != n {
				t.Errorf("%s: %d paths", c.law, o.N())
			}
		}
	}
}

// The fan of a linear plan is the normal distribution's own: counted = 10,000 (1 + g), g normal with 5 points.
func TestFanIsAnalytic(t *testing.T) {
	for _, n := range []int{10_000, 400_000} { // all kept, and counted in bins
		_, s := simulate(t, risky+"uncertainty: {shocks: {revenue.tax.growth: {normal: {sd: 5pp}}}}\n", n, 0, "revenue.tax.counted")
		o := s.Spread[0][0][0]
		for _, p := range []float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99} {
			z := distuv.UnitNormal.Quantile(p)
			err := 500 * math.Sqrt(p*(1-p)/float64(n)) / distuv.UnitNormal.Prob(z)
			if got, want := o.Quantile(p), 10000+500*z; math.Abs(got-want) > 4*err {
				t.Errorf("%d paths: quantile %v is %v, want %v ± %v", n, p, got, want, err)
			}
			if said := o.QuantileError(p); math.Abs(said-err) > 0.3*err {
				t.Errorf("%d paths: the error of quantile %v is given as %v, it is %v", n, p, said, err)
			}
		}
		// The mean of the lowest 5 % of a normal is mean - sd φ(z)/5 %.
		want := 10000 - 500*distuv.UnitNormal.Prob(distuv.UnitNormal.Quantile(0.05))/0.05
		low, err := o.Tail(0.05, false)
		high, _ := o.Tail(0.05, true)
		if math.Abs(low-want) > 4*err || math.Abs(20000-high-want) > 4*err || !(err > 0) {
			t.Errorf("%d paths: tails %v %v ± %v, want %v", n, low, high, err, want)
		}
	}
}

// The quantiles of a lognormal law are planned × exp(sd z), however heavy its tails: 300 × exp(-1.6448536 × 2.2) = 8.04 at 5 % for a spread of 220 %. The
// error stated is that of sampling, sd × the quantile × √(p(1-p)/n) / φ(z), and not much more for counting in bins. Nothing lies below zero.
func TestHeavyTails(t *testing.T) {
	const planned = 300.0
	for _, sd := range []float64{0.5, 1, 1.5, 2.2, 2.5, 3} {
		for seed := 1; seed <= 3; seed++ {
			for _, n := range []int{4000, 20_000, 150_000} {
				plan := strings.Replace(risky, "kind: fixed, amount: 100", "kind: fixed, amount: 300", 1) + fmt.Sprintf("uncertainty: {seed: %d, shocks: {transfers.a.amount: {lognormal: {sd: %v%%}}}}\n", seed, sd*100)
				_, s := simulate(t, plan, n, 0, "transfers.a.due")
				o := s.Spread[0][0][1]
				levels := []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99}
				values, errs := o.Quantiles(levels)
				for k, p := range levels {
					z := distuv.UnitNormal.Quantile(p)
					want := planned * math.Exp(sd*z)
					err := sd * want * math.Sqrt(p*(1-p)/float64(n)) / distuv.UnitNormal.Prob(z)
					if math.Abs(values[k]-want) > 4*errs[k] || math.Abs(values[k]-want) > 4.5*err {
						t.Errorf("sd %v, seed %d, %d paths: quantile %v is %v ± %v, want %v ± %v", sd, seed, n, p, values[k], errs[k], want, err)
					}
					if n > 4000 && (errs[k] > 2*err || errs[k] < err/2) {
						t.Errorf("sd %v, seed %d, %d paths: the error of quantile %v is given as %v, it is %v", sd, seed, n, p, errs[k], err)
					}
				}
				// The mean of the lowest 5 % is planned × exp(sd²/2) × Φ(z - sd) / 5 %.
				want := planned * math.Exp(sd*sd/2) * distuv.UnitNormal.CDF(distuv.UnitNormal.Quantile(0.05)-sd) / 0.05
				if low, err := o.Tail(0.05, false); math.Abs(low-want) > 4.5*err || low < o.Quantile(0) {
					t.Errorf("sd %v, seed %d, %d paths: the mean of the lowest 5 %% is %v ± %v, want %v; the least is %v", sd, seed, n, low, err, want, o.Quantile(0))
				}
			}
		}
	}
}

// Correlations come out as given; without any, shocks have nothing to do with one another. The sum of two shocks of 10 with correlation r has the
// spread √(200 + 200 r).
func TestCorrelationGiven(t *testing.T) {
	const n = 200_000
	for _, r := range []float64{-1, -0.5, 0, 0.3, 0.9, 1} {
		plan := risky + fmt.Sprintf("uncertainty:\n  shocks: {transfers.a.amount: {normal: {sd: 10}}, transfers.b.amount: {normal: {sd: 10}}}\n  correlation: {pairs: [{between: [transfers.a.amount, transfers.b.amount], is: %v}]}\n", r)
		_, s := simulate(t, plan, n, 0, "transfers_payable", "transfers.a.due", "transfers.b.due")
		for y := range 2 {
			_, sd := s.Spread[0][0][y].Moments()
			if want := math.Sqrt(200 + 200*r); math.Abs(sd-want) > 4*15/math.Sqrt(n) {
				t.Errorf("r = %v: spread of the sum %v, want %v", r, sd, want)
			}
			for l := 1; l < 3; l++ {
				if _, sd := s.Spread[0][l][y].Moments(); math.Abs(sd-10) > 4*10/math.Sqrt(2*n) {
					t.Errorf("r = %v: own spread %v", r, sd)
				}
			}
		}
	}
}

// A correlation that cannot be is recognised, and the nearest one can be: all pairs at ∓0.5 for three that contradict one another alike.
func TestNearestCorrelation(t *testing.T) {
	c := analysis.Correlation{{1, 0.9, -0.9}, {0.9, 1, 0.9}, {-0.9, 0.9, 1}}
	if c.Possible() {
		t.Error("0.9, 0.9, -0.9 is possible")
	}
	near := c.Nearest()
	if !near.Possible() || math.Abs(near[0][1]-0.5) > 1e-3 || math.Abs(near[0][2]+0.5) > 1e-3 || near[1][1] != 1 {
		t.Errorf("nearest is %v", near)
	}
	l := near.Triangle()
	for i := range near {
		for j := range near {
			sum := 0.0
			for k := range min(i, j) + 1 {
				sum += l[i][k] * l[j][k]
			}
			if math.Abs(sum-near[i][j]) > 1e-6 {
				t.Errorf("the triangle gives %v at %d %d, want %v", sum, i, j, near[i][j])
			}
		}
	}
}

// The county's state pays 50 %, 30 % and 20 % of the time in full, half and not at all: 65 % on average; and as states stay with 60 %, what is owed
// after two years spreads by sd √(2 + 2 × 0.6), sd² = 0.5×0.35² + 0.3×0.15² + 0.2×0.65².
func TestDeliveryRisk(t *testing.T) {
	const n = 200_000
	plan := risky + "uncertainty: {delivery: {of: [a], full: 50%, part: 30%, nothing: 20%, part_pays: 50%, stays: 60%}}\n"
	_, s := simulate(t, plan, n, 0, "transfers.a.paid", "transfers.a.owed", "transfers.b.paid")
	sd := 100 * math.Sqrt(0.5*0.35*0.35+0.3*0.15*0.15+0.2*0.65*0.65)
	for y := range 2 {
		mean, spread := s.Spread[0][0][y].Moments()
		if math.Abs(mean-65) > 4*sd/math.Sqrt(n) || math.Abs(spread-sd) > 4*sd/math.Sqrt(n) {
			t.Errorf("paid in year %d: %v ± %v, want 65 ± %v", y+1, mean, spread, sd)
		}
		if lowest, half, most := s.Spread[0][0][y].Quantile(0.1), s.Spread[0][0][y].Quantile(0.4), s.Spread[0][0][y].Quantile(0.6); lowest != 0 || half != 50 || most != 100 {
			t.Errorf("quantiles of paid are %v %v %v", lowest, half, most)
		}
		if _, spread := s.Spread[0][2][y].Moments(); spread != 0 {
			t.Errorf("a transfer that is not at risk spreads by %v", spread)
		}
	}
	mean, spread := s.Spread[0][1][1].Moments()
	if want := sd * math.Sqrt(3.2); math.Abs(mean-70) > 4*want/math.Sqrt(n) || math.Abs(spread-want) > 4*want/math.Sqrt(n) {
		t.Errorf("owed after two years: %v ± %v, want 70 ± %v", mean, spread, want)
	}
}

// numbersOf is everything a simulation says, as text.
func numbersOf(s *analysis.Simulated) string {
	var b strings.Builder
	for i := range s.Scenarios {
		for _, years := range s.Spread[i] {
			for _, o := range years {
				mean, sd := o.Moments()
				low, err := o.Tail(0.05, false)
				fmt.Fprintln(&b, o.N(), mean, sd, o.Quantile(0.05), o.Quantile(0.5), o.Quantile(0.95), low, err)
			}
		}
		fmt.Fprintln(&b, s.Figure[i].Quantile(0.5), s.Happened[i], s.Better[i], s.Clipped)
	}
	return b.String()
}

const manyShocks = `uncertainty:
  owed_over: 50
  shocks:
    %s
    %s
    %s
  correlation: {from: history, pairs: [{between: [revenue.tax.growth, transfers.a.amount], is: 0.4}]}
  delivery: {of: [a], full: 50%%, part: 30%%, nothing: 20%%, stays: 60%%}
scenarios:
%s
layers: {less: {set: {transfers.a.amount: 90}}, more: {set: {transfers.b.amount: 120}}}
`

var shockLines = []any{"revenue.tax.growth: {normal: {sd: 5pp}}", "revenue.fee.growth: history", "transfers.a.amount: {triangular: {low: 50, mode: 90, high: 150}}"}

// The same seed gives the same figures however many workers there are.
func TestWorkersChangeNothing(t *testing.T) {
	plan := risky + fmt.Sprintf(manyShocks, append(slices.Clone(shockLines), "  - {id: less, layers: [less]}\n  - {id: more, layers: [more]}")...)
	lines := []string{"counted", "cash", "debt_ratio", "transfers.a.paid"}
	for _, paths := range []int{1, 511, 16384, 50_001} {
		_, one := simulate(t, plan, paths, 1, lines...)
		for _, workers := range []int{2, 8} {
			if _, many := simulate(t, plan, paths, workers, lines...); numbersOf(many) != numbersOf(one) {
				t.Errorf("%d paths: %d workers give\n%s\none gives\n%s", paths, workers, numbersOf(many), numbersOf(one))
			}
		}
	}
}

// The order of shocks changes nothing, and a scenario's figures do not depend on which others are run.
func TestOrderOfShocksChangesNothing(t *testing.T) {
	list := "  - {id: less, layers: [less]}\n  - {id: more, layers: [more]}"
	plan := func(order ...int) string {
		var args []any
		for _, i := range order {
			args = append(args, shockLines[i])
		}
		return risky + fmt.Sprintf(manyShocks, append(args, list)...)
	}
	_, a := simulate(t, plan(0, 1, 2), 20_000, 0, "counted", "cash")
	_, b := simulate(t, plan(2, 0, 1), 20_000, 0, "counted", "cash")
	b.Clipped = a.Clipped // by shock, in the plan's own order
	if numbersOf(a) != numbersOf(b) {
		t.Errorf("in another order\n%s\nbefore\n%s", numbersOf(b), numbersOf(a))
	}
	book := testplan.Open(t, testplan.Write(t, plan(0, 1, 2)))
	opt := analysis.Simulating{Scenarios: []int{2}, Lines: a.Lines, By: a.By, Paths: 20_000}
	alone, _ := analysis.Simulate(book, opt)
	for l := range a.Lines {
		for y := range 2 {
			if x, z := alone.Spread[0][l][y].Quantile(0.3), a.Spread[2][l][y].Quantile(0.3); x != z {
				t.Errorf("alone %v, with others %v", x, z)
			}
		}
	}
	// With more of b every path is better; with less of a, every path in which a draw does not replace it anyway.
	if a.Better[2][0] != 20_000 || a.Better[0][2] != 0 {
		t.Errorf("more beats base in %d of 20000", a.Better[2][0])
	}
}

// Without spread a simulation is the deterministic run, in every line, year and scenario of the sample.
func TestNoSpreadIsTheRun(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../scenarios/guangtong")); err != nil {
		t.Fatal(err)
	}
	still := "uncertainty:\n  shocks:\n    revenue.*.growth: {normal: {sd: 0}}\n    projects.*.operating: {lognormal: {sd: 0}}\n    transfers.subsidy.delivered: {normal: {sd: 0}}\n" +
		"  delivery: {of: [share], full: 100%, part: 0%, nothing: 0%}\n"
	if err := os.WriteFile(filepath.Join(dir, "risk.yaml"), []byte(still), 0o600); err != nil {
		t.Fatal(err)
	}
	book := testplan.Open(t, dir)
	opt := analysis.Simulating{Paths: 2, By: model.Headlines[0]}
	for i, l := range book.Lines {
		if l.Input == formula.NotInput && book.Program.Lines[i].Last(book.Plan.Calendar) > book.Plan.Calendar.Zero() {
			opt.Lines = append(opt.Lines, i)
		}
	}
	for scenario := range book.Plan.Scenarios {
		opt.Scenarios = []int{scenario}
		s, problems := analysis.Simulate(book, opt)
		if s == nil {
			t.Fatal(problems)
		}
		v := testplan.Compute(t, book, scenario)
		for l, line := range opt.Lines {
			for y, o := range s.Spread[0][l] {
				d, blank, _ := v.At(line, book.Plan.Calendar.Zero()+1+y)
				if blank {
					if o.N() != 0 {
						t.Errorf("%s is blank, %d paths have a value", book.Lines[line].Name, o.N())
					}
					continue
				}
				if got, want := o.Quantile(0.5), d.InexactFloat64(); math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
					t.Errorf("%s in year %d: %v, the run gives %v", book.Lines[line].Name, y+1, got, want)
				}
			}
		}
	}
}

// Two transfers with spreads 3 and 4 explain 9/25 and 16/25 of what the town receives in the one year it matters.
func TestExplainVariance(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, risky+"uncertainty: {shocks: {transfers.a.amount: {normal: {sd: 3}}, transfers.b.amount: {normal: {sd: 4}}}}\n"))
	shares, problems := analysis.ExplainVariance(book, 0, analysis.Simulating{By: model.Headline{Line: "town_receives", How: formula.Total}, Paths: 16384})
	if problems != nil {
		t.Fatal(problems)
	}
	for i, want := range []float64{16. / 25, 9. / 25} {
		if math.Abs(shares[i].Index-want) > 4*shares[i].Err || shares[i].Err > 0.02 {
			t.Errorf("%v explains %v ± %v, want %v", shares[i].Sources, shares[i].Index, shares[i].Err, want)
		}
	}
	if shares[0].Sources[0] != "transfers.b.amount" {
		t.Error("the larger comes second")
	}
}

// Events are counted by path and year: what the county owes is above 50 in the first year when nothing of 100 is paid (20 %), as half leaves exactly 50.
func TestEvents(t *testing.T) {
	plan := risky + "uncertainty: {owed_over: 50, delivery: {of: [a], full: 50%, part: 30%, nothing: 20%, stays: 100%}}\n"
	_, s := simulate(t, plan, 100_000, 0, "cash")
	for e, event := range s.Events {
		p, err := s.Probability(0, e, 0)
		last, _ := s.Probability(0, e, 1)
		ever, _ := s.Probability(0, e, 2)
		switch event.ID {
		case "owed_over": // in the second year half of 200 is owed too
			if math.Abs(p-0.2) > 4*err || math.Abs(last-0.5) > 4*err || ever != last {
				t.Errorf("owed over 50: %v, %v, ever %v", p, last, ever)
			}
			// 2.01 × 1,000,000 is less than 2,010,000 in doubles
			_, all := simulate(t, strings.Replace(strings.Replace(plan, "owed_over: 50", "owed_over: 2.01", 1), "a: {kind: fixed, amount: 100", "a: {kind: fixed, amount: 4.02", 1), 100_000, 0, "cash")
			if exactly, _ := all.Probability(0, e, 0); exactly != p {
				t.Errorf("half of 4.02 is above 2.01 in %v, half of 100 above 50 in %v", exactly, p)
			}
		case "debt_red":
			if p != 0 || ever != 0 || err != 1e-5 {
				t.Errorf("debt red: %v ± %v", p, err)
			}
		}
	}
}

// Too few paths are noticed, and the number offered would do.
func TestTooFew(t *testing.T) {
	plan := risky + "uncertainty: {shocks: {revenue.tax.growth: {normal: {sd: 5pp}}}}\n"
	_, few := simulate(t, plan, 200, 0, "counted")
	n := few.TooFew()
	if n <= 200 {
		t.Fatalf("200 paths are found enough: %d", n)
	}
	if _, enough := simulate(t, plan, n, 0, "counted"); enough.TooFew() > 2*n {
		t.Errorf("%d paths were said to do, now %d", n, enough.TooFew())
	}
}

// A shock that names no distribution spreads as the item's own forecasts have erred: 10.606602 points for these actuals (see TestBacktest).
func TestDefaultSpread(t *testing.T) {
	plan := "years: 2022-2022\nhistory: 2017-2021\nrevenue: {tax: {history: [100, 110, 132, 132, 145.2], growth: 0%, source: x}}\ncash: {opening: 10, source: x}\nuncertainty: {shocks: {revenue.tax.growth: }}\n"
	const n = 200_000
	_, s := simulate(t, plan, n, 0, "counted")
	mean, sd := s.Spread[0][0][0].Moments()
	if want := 145.2 * 0.15 / math.Sqrt2; math.Abs(sd-want) > 4*want/math.Sqrt(2*n) || math.Abs(mean-145.2) > 4*want/math.Sqrt(n) {
		t.Errorf("spread %v around %v, want %v", sd, mean, want)
	}
}

// Identities hold in every path, not only as planned: on the sample and on random plans, with growth, delivery and amounts all at risk.
func TestIdentitiesInEveryPath(t *testing.T) {
	t.Parallel()
	paths := []string{"../../scenarios/guangtong", "../testdata/everything.yaml"}
	for seed := range uint64(25) {
		paths = append(paths, testplan.WriteRandom(t, seed))
	}
	seen := 0
	for _, path := range paths {
		loaded := scenarios.Load(path, scenarios.Options{Shocks: []string{"transfers.*.delivered={uniform: {low: 0%, high: 100%}}", "transfers.*.caught_up={normal: {sd: 30pp}}",
			"staff.*.pay_growth={normal: {sd: 10pp}}", "debt.*.rate={lognormal: {sd: 50%}}", "cash.opening={normal: {sd: 100}}", "staff.*.filled={normal: {sd: 20}}"}})
		if loaded.Plan == nil {
			t.Fatal(loaded.Problems)
		}
		if u := loaded.Plan.Uncertainty; path == paths[0] {
			u.Delivery = nil // the county's state and the delivery drawn would be one too many
		}
		book, problems := model.Build(loaded.Plan)
		if book == nil {
			t.Fatal(path, problems)
		}
		opt := analysis.Simulating{Scenarios: []int{1}, By: model.Headlines[0], Paths: 1500}
		for i, l := range book.Lines {
			if l.Check {
				opt.Lines = append(opt.Lines, i)
			}
		}
		s, problems := analysis.Simulate(book, opt)
		if s == nil {
			t.Fatal(path, problems)
		}
		for l, line := range opt.Lines {
			for y, o := range s.Spread[0][l] {
				seen++
				if o.N() != 1500 || math.Abs(o.Quantile(0)) > 1e-9 || math.Abs(o.Quantile(1)) > 1e-9 {
					t.Errorf("%s: %s in year %d lies between %v and %v in %d paths", path, book.Lines[line].Name, y+1, o.Quantile(0), o.Quantile(1), o.N())
				}
			}
		}
	}
	if seen < 1000 {
		t.Errorf("only %d identities", seen)
	}
}

// What a shock does to the plan's value, how far it reaches (the 5 % and 95 % quantiles) and what that rests on. A normal law of 5 points reaches
// 5 × 1.6448536 = 8.224268 points; half of a lognormal factor lies on either side of 1.
func TestSpreads(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, risky+`uncertainty:
  shocks:
    revenue.tax.growth: {normal: {sd: 5pp}}
    transfers.a.amount: {uniform: {low: 50, high: 150}}
    transfers.b.amount: {lognormal: {sd: 10%}}
    revenue.fee.growth: history
`))
	spreads := analysis.Spreads(book)
	for i, want := range []struct {
		address   string
		effect    analysis.Effect
		low, high float64
		errors    int
	}{
		{"revenue.tax.growth", analysis.Added, -0.08224268, 0.08224268, 0},
		{"transfers.a.amount", analysis.Replaces, 55, 145, 0},
		{"transfers.b.amount", analysis.Factor, math.Exp(-0.16448536), math.Exp(0.16448536), 0},
		{"revenue.fee.growth", analysis.Added, spreads[3].Low, -spreads[3].Low, 2}, // forecasts of 2020 and 2021
	} {
		got := spreads[i]
		if got.Address != want.address || got.Effect != want.effect || got.Errors != want.errors || math.Abs(got.Low-want.low) > 1e-4*math.Abs(want.low) || math.Abs(got.High-want.high) > 1e-4*math.Abs(want.high) {
			t.Errorf("%s %s %v %v, %d errors; want %+v", got.Address, got.Effect, got.Low, got.High, got.Errors, want)
		}
	}
}
