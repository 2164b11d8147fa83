package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

const (
	exactly   = 1 << 12 // evaluations
	inSamples = 2
)

// twoChanges is a share of 50 % on an excess of 200, delivered in full; then 40 %, half delivered.
const twoChanges = `years: 2022-2022
history: 2021-2021
revenue: {tax: {history: [1000], path: 1200}}
transfers: {share: {kind: above_base, base: {amount: 1000}, rate: 50%}}
cash: {opening: 0}
layers:
  low: {set: {transfers.share.rate: 40%}}
  half: {set: {transfers.share.delivered: 50%}}
  both: {set: {transfers.share.delivered: 50%, transfers.share.rate: 40%}}
scenarios:
  - {id: promise}
  - {id: offer, layers: [low, half]}
  - {id: same, layers: [both]}
  - {id: again}
`

// TestDifferenceByHand: paid 200 × 50 % × 100 % = 100 before, 200 × 40 % × 50 % = 40 after. The rate first: 100 → 80, then the delivery: 80 → 40.
// The delivery first: 100 → 50, then the rate: 50 → 40. So the rate moves it by (-20 - 10) / 2 = -15, the delivery by (-40 - 50) / 2 = -45.
func TestDifferenceByHand(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, twoChanges))
	d := difference(t, book, 1, 2, "transfers.share.paid", formula.Total, exactly)
	if d.Before.String() != "100" || d.After.String() != "40" || d.Paths != 0 {
		t.Errorf("%+v", d)
	}
	want := []string{"transfers.share.delivered 100% 50% half -45", "transfers.share.rate 50% 40% low -15"}
	if got := told(d); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	back := difference(t, book, 2, 1, "transfers.share.paid", formula.Total, exactly)
	if got, want := told(back), []string{"transfers.share.delivered 50% 100% half 45", "transfers.share.rate 40% 50% low 15"}; !slices.Equal(got, want) {
		t.Errorf("back: got  %q\nwant %q", got, want)
	}
	// Both orders of two changes are a pair, so a sample is exact here, and its pairs do not differ.
	sampled := difference(t, book, 1, 2, "transfers.share.paid", formula.Total, inSamples)
	if sampled.Paths != 4 || !sampled.Error.IsZero() || !slices.Equal(told(sampled), want) {
		t.Errorf("sampled: %+v", sampled)
	}
	if same := difference(t, book, 1, 4, "transfers.share.paid", formula.Total, exactly); len(same.Parts) != 0 || !same.Before.Equal(same.After) {
		t.Errorf("two scenarios without a change differ: %+v", same)
	}
	// The changes do not reach what the county collects.
	if idle := difference(t, book, 1, 2, "amount", formula.Total, exactly); len(idle.Parts) != 2 || !idle.Parts[0].Amount.IsZero() || !idle.Parts[1].Amount.IsZero() {
		t.Errorf("%+v", idle)
	}
}

func difference(t testing.TB, book *model.Book, from, to int, line string, how formula.Over, evaluations int) *analysis.Difference {
	t.Helper()
	a, _ := book.Run(from)
	b, _ := book.Run(to)
	d, problems := analysis.DivideResults(book, a, b, line, how, evaluations)
	for _, p := range problems {
		t.Fatal(p.Text.EN)
	}
	return d
}

func told(d *analysis.Difference) (parts []string) {
	for _, p := range d.Parts {
		parts = append(parts, strings.Join([]string{p.Address, p.Old, p.New, p.Layer, p.Amount.String()}, " "))
	}
	return parts
}

// TestDifferenceOfStackedLayers: relative entries laid one above the other on one address are changes of their own, by their own names, in whatever order;
// what both scenarios have is none, what takes the place of another entry is one. By hand, of 1000 a year, all kept: 1050 as planned, and a point is 10,
// whichever comes first.
func TestDifferenceOfStackedLayers(t *testing.T) {
	const plan = `years: 2022-2022
history: 2019-2021
revenue: {tax: {history: [1000, 1000, 1000], growth: 5%, kept_share: 100%}, fee: {history: [1000, 1000, 1000], growth: mean, kept_share: 100%}}
cash: {opening: 0}
layers:
  two: {label: 降两点, label_en: Two, set: {revenue.tax.growth: -2pp}}
  three: {label: 降三点, set: {revenue.*.growth: -3pp}}
  less: {set: {revenue.tax.growth: ×0.5}}
  flat: {set: {revenue.tax.growth: 4%}}
  mean: {set: {revenue.tax.growth: mean}}
scenarios:
  - {id: plain}
  - {id: two_three, layers: [two, three]}
  - {id: three_two, layers: [three, two]}
  - {id: two, layers: [two]}
  - {id: two_less, layers: [two, less]}
  - {id: flat_two, layers: [less, flat, two]}
  - {id: three, layers: [three]}
  - {id: mean_two, layers: [mean, two]}
`
	of := func(set ...string) *model.Book {
		loaded := scenarios.Load(testplan.Write(t, plan), scenarios.Options{Set: set})
		book, problems := model.Build(loaded.Plan)
		if book == nil {
			t.Fatal(problems)
		}
		return book
	}
	for _, c := range []struct {
		from, to string
		set      []string
		want     []string
	}{
		// The layer of three reaches both items: a point of each is 10.
		{"plain", "two_three", nil, []string{"revenue.*.growth 3%, mean 0%, mean -3% three 财政收入·增长率 -3pp（2 项）（降三点） -60", "revenue.tax.growth 5% 3% two tax·增长率（降两点） -20"}},
		{"plain", "three_two", nil, []string{"revenue.*.growth 5%, mean 2%, mean -3% three 财政收入·增长率 -3pp（2 项）（降三点） -60", "revenue.tax.growth 2% 0% two tax·增长率（降两点） -20"}},
		{"three_two", "plain", nil, []string{"revenue.*.growth 0%, mean -3% 3%, mean three 财政收入·增长率 -3pp（2 项）（降三点） 60", "revenue.tax.growth 3% 5% two tax·增长率（降两点） 20"}},
		// What both have is no change; and in another order the same.
		{"two", "two_three", nil, []string{"revenue.*.growth 3%, mean 0%, mean -3% three 财政收入·增长率 -3pp（2 项） -60"}},
		{"two_three", "three_two", nil, nil},
		// One takes the place of the other.
		{"two", "three", nil, []string{"revenue.*.growth 3%, mean 2%, mean -3% three 财政收入·增长率 -3pp（2 项） -40"}},
		// 5 % less 2 points, then halved, is 1.5 %: two moves it by 20 before and 10 after, less by 25 before and 15 after.
		{"plain", "two_less", nil, []string{"revenue.tax.growth 3% 1.5% less tax·增长率（less） -20", "revenue.tax.growth 5% 3% two tax·增长率（降两点） -15"}},
		// What flat replaces is gone; two is laid over it: 4 % and 2 %.
		{"plain", "flat_two", nil, []string{"revenue.tax.growth 4% 2% two tax·增长率（降两点） -20", "revenue.tax.growth 5% 4% flat tax·增长率（flat） -10"}},
		// A method and points on it: growth was 0 in the past, so 0 instead of 5 %, and two points less.
		{"plain", "mean_two", nil, []string{"revenue.tax.growth 5% mean mean tax·增长率（mean） -50", "revenue.tax.growth mean mean -2% two tax·增长率（降两点） -20"}},
		// --set is laid over all scenarios and is no change.
		{"plain", "two", []string{"revenue.tax.growth=-1pp"}, []string{"revenue.tax.growth 4% 2% two tax·增长率 -20"}},
		{"plain", "two_three", []string{"revenue.tax.growth=-1pp"}, []string{"revenue.*.growth 2%, mean -1%, mean -3% three 财政收入·增长率 -3pp（2 项）（降三点） -60", "revenue.tax.growth 4% 2% two tax·增长率（降两点） -20"}},
	} {
		book := of(c.set...)
		place := func(id string) int {
			return slices.IndexFunc(book.Plan.Scenarios, func(s model.Scenario) bool { return s.ID == id })
		}
		for _, evaluations := range []int{exactly, inSamples} {
			d := difference(t, book, place(c.from), place(c.to), "kept", formula.Total, evaluations)
			var got []string
			for _, p := range d.Parts {
				got = append(got, strings.Join([]string{p.Address, p.Old, p.New, p.Layer, p.Label.ZH, p.Amount.String()}, " "))
			}
			if slices.Sort(got); !slices.Equal(got, c.want) {
				t.Errorf("%s to %s %q:\ngot  %q\nwant %q", c.from, c.to, c.set, got, c.want)
			}
		}
	}
}

// TestDifferenceNamesTheChanges: what a layer writes once is one change, whatever it reaches; a rule and its number are one; what is taken off a derived rate
// is no rate; what the second scenario undoes is the first one's.
func TestDifferenceNamesTheChanges(t *testing.T) {
	const plan = `years: 2022-2026
history: 2019-2021
revenue:
  a: {history: [100, 110, 120], growth: 5%, one_off: {2023: 30}, kept_share: 50%}
  b: {history: [200, 210, 250], growth: trend, kept_share: 50%}
transfers:
  share: {kind: above_base, base: {mean: 3}, bands: [{rate: 50%}, {over: 100, rate: 60%}]}
  subsidy: {kind: fixed, amount: {2022: 300, 2024: 200}}
cash: {opening: 0}
layers:
  slump: {set: {revenue.*.growth: -2pp}}
  deal: {set: {transfers.share.base: {rolling: 2}, "transfers.share.bands.*.rate": -10pp, transfers.subsidy.amount: 350, revenue.a.one_off: {2022: 5, 2024: 6}, revenue.b.path: [300, 310, 320, 330, 340]}}
  method: {set: {revenue.a.growth: mean, transfers.share.bands: [{rate: 55%}]}}
scenarios:
  - {id: slump, layers: [slump]}
  - {id: deal, layers: [deal]}
  - {id: method, layers: [method]}
`
	book := testplan.Open(t, testplan.Write(t, plan))
	for to, want := range map[int][]string{
		1: {"revenue.*.growth 5%, trend 3%, trend -2% slump 财政收入·增长率 -2pp（2 项）"},
		2: {
			"revenue.a.one_off 2023: 30 2022: 5, 2024: 6 deal a·一次性收入",
			"revenue.b.path growth 2022: 300, 2023: 310, ..., 2026: 340 deal b·逐年给定",
			"transfers.share.bands.*.rate 1.rate: 50%, 2.rate: 60% 1.rate: 40%, 2.rate: 50% deal share·分档",
			"transfers.share.base mean: 3 rolling: 2 deal share·基数规则",
			"transfers.subsidy.amount 2022: 300, 2024: 200 350 deal subsidy·定额",
		},
		3: {
			"revenue.a.growth 5% mean method a·增长率",
			"transfers.share.bands 1.rate: 50%, 2.over: 100, 2.rate: 60% 1.rate: 55%, 2.over: 0, 2.rate: 55% method share·分档",
		},
	} {
		d := difference(t, book, 0, to, "town_receives", formula.Total, exactly)
		var got []string
		for _, p := range d.Parts {
			got = append(got, strings.Join([]string{p.Address, p.Old, p.New, p.Layer, p.Label.ZH}, " "))
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", book.Plan.Scenarios[to].ID, got, want)
		}
	}
	undone := difference(t, book, 1, 0, "town_receives", formula.Total, exactly)
	if p := undone.Parts[0]; len(undone.Parts) != 1 || p.Address != "revenue.*.growth" || p.Layer != "slump" || p.Old != "3%, trend -2%" || p.New != "5%, trend" {
		t.Errorf("undone: %+v", undone.Parts)
	}
}

// TestDifferenceOrderOfLayers: layers that touch different parameters may stand in any order, in the plan and in a scenario.
func TestDifferenceOrderOfLayers(t *testing.T) {
	a := testplan.Open(t, testplan.Write(t, twoChanges))
	b := testplan.Open(t, testplan.Write(t, strings.NewReplacer("[low, half]", "[half, low]",
		"  low: {set: {transfers.share.rate: 40%}}\n  half: {set: {transfers.share.delivered: 50%}}\n", "  half: {set: {transfers.share.delivered: 50%}}\n  low: {set: {transfers.share.rate: 40%}}\n").Replace(twoChanges)))
	testplan.Same(t, 0, a, b, testplan.Compute(t, a, 2), testplan.Compute(t, b, 2))
	for _, evaluations := range []int{exactly, inSamples} {
		x, y := difference(t, a, 1, 2, "town_receives", formula.Total, evaluations), difference(t, b, 1, 2, "town_receives", formula.Total, evaluations)
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%+v\n%+v", x, y)
		}
		// One layer with both entries, written the other way round: the same but for whose they are.
		z := difference(t, a, 1, 3, "town_receives", formula.Total, evaluations)
		for i := range z.Parts {
			if p, q := x.Parts[i], z.Parts[i]; p.Address != q.Address || !p.Amount.Equal(q.Amount) || q.Layer != "both" {
				t.Errorf("%+v\n%+v", p, q)
			}
		}
	}
}

// drawn is a random plan with one more scenario, which changes some of its parameters at random.
func drawn(t testing.TB, seed uint64, changes int) *model.Book {
	t.Helper()
	path := testplan.WriteRandom(t, seed)
	g := rand.New(rand.NewPCG(seed, 5))
	var set []string
	for _, e := range testplan.Open(t, path).Plan.Elements {
		for _, key := range []string{"counts", "one_off_counts", "delivered", "caught_up", "remitted", "rate", "standard", "pay", "amount", "per_head", "price_growth", "opening", "floor", "operating"} {
			p := e.Params[key]
			if p == nil || len(p.Field.Options) > 0 {
				continue
			}
			value := fmt.Sprint(1 + g.IntN(90))
			if p.Field.Unit == formula.Ratio {
				value += "%"
			}
			if p.Field.Series == model.Events {
				key += ".2022"
			}
			set = append(set, e.Address()+"."+key+"="+value)
		}
	}
	g.Shuffle(len(set), func(i, k int) { set[i], set[k] = set[k], set[i] })
	set = set[:min(changes, len(set))]
	loaded := scenarios.Load(path, scenarios.Options{Variants: []scenarios.Variant{{ID: "drawn", Of: "base", Set: set}}})
	if loaded.Plan == nil {
		t.Fatalf("seed %d: %s", seed, loaded.Problems[0].Text.EN)
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatalf("seed %d: %s", seed, problems[0].Text.EN)
	}
	return book
}

// TestDifferenceOnRandomPairs: on random plans, for random lines of money and from one change to many, contributions add up to the fen, exact or
// sampled; up to five changes they are what going through all orders gives.
func TestDifferenceOnRandomPairs(t *testing.T) {
	t.Parallel()
	counts := map[int]int{}
	tried, pairs := 0, testplan.Many(100, 50)
	for seed := uint64(0); tried < pairs && seed < 200; seed++ {
		book := drawn(t, seed, 1+int(seed)%16)
		g := rand.New(rand.NewPCG(seed, 6))
		var money []string
		for _, l := range book.Lines {
			if l.Unit == formula.Money && l.Formula != "" && !l.Level && !l.Check {
				money = append(money, l.Name)
			}
		}
		n := len(book.Plan.Scenarios)
		from, to := 0, n-1
		if seed%4 == 0 {
			from, to = 1+g.IntN(n-1), g.IntN(n)
		}
		line := []string{"town_receives", "cash", "debt", money[g.IntN(len(money))], money[g.IntN(len(money))]}[g.IntN(5)]
		how := []formula.Over{formula.Total, formula.AtEnd, formula.Smallest, formula.Largest, formula.InYear(book.Plan.Calendar.Actual + 1)}[g.IntN(5)]
		d := difference(t, book, from, to, line, how, exactly)
		addsUp(t, seed, d)
		changes := reaching(book, d)
		if exact := len(changes) <= 12; exact != (d.Paths == 0) {
			t.Errorf("seed %d: %d changes in %d orders", seed, len(changes), d.Paths)
		}
		if counts[len(changes)]++; len(changes) > 0 {
			tried++
		}
		if len(changes) <= 5 {
			bruteForce(t, seed, book, d, changes)
		}
		sampled := difference(t, book, from, to, line, how, inSamples)
		addsUp(t, seed, sampled)
		if again := difference(t, book, from, to, line, how, inSamples); !reflect.DeepEqual(sampled, again) {
			t.Errorf("seed %d: two samples differ", seed)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	many := 0
	for n, c := range counts {
		if n > 12 {
			many += c
		}
	}
	if tried < pairs || counts[1] < 5 || counts[5] < testplan.Many(3, 2) || many < 3 {
		t.Errorf("numbers of changes tried: %v", counts)
	}
}

func addsUp(t testing.TB, seed uint64, d *analysis.Difference) {
	t.Helper()
	sum := d.Before
	for _, p := range d.Parts {
		if !p.Amount.Equal(p.Amount.Round(6)) {
			t.Errorf("seed %d: %s is not whole fen", seed, p.Amount)
		}
		sum = sum.Add(p.Amount)
	}
	if !sum.Equal(d.After) {
		t.Errorf("seed %d: %s with its parts gives %s, not %s", seed, d.Line, sum, d.After)
	}
}

// reaching are the parts whose inputs the line depends on.
func reaching(book *model.Book, d *analysis.Difference) (parts []analysis.Contribution) {
	for _, p := range d.Parts {
		if book.Program.Rerun(p.Lines, []int{book.Program.Index(d.Line)}).Lines() > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// bruteForce makes the changes in every order, each time computing the whole book, and compares the means with the amounts to within the fen of
// the rounding.
func bruteForce(t testing.TB, seed uint64, book *model.Book, d *analysis.Difference, parts []analysis.Contribution) {
	t.Helper()
	figures := map[int]decimal.Decimal{}
	figure := func(mix int) decimal.Decimal {
		if f, ok := figures[mix]; ok {
			return f
		}
		inputs, to := book.Inputs(d.From), book.Inputs(d.To)
		for k, p := range parts {
			for _, i := range p.Lines {
				if mix>>k&1 == 1 {
					inputs[i] = to[i]
				}
			}
		}
		v, errs := book.Program.Evaluate(inputs)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		figures[mix], _ = book.Figure(v, book.Program.Index(d.Line), d.How)
		return figures[mix]
	}
	sums, orders := make([]decimal.Decimal, len(parts)), int64(0)
	var visit func(mix int, rest []int)
	visit = func(mix int, rest []int) {
		if len(rest) == 0 {
			orders++
		}
		for i, k := range rest {
			later := slices.Delete(slices.Clone(rest), i, i+1)
			ways := int64(1)
			for j := range later {
				ways *= int64(j + 1)
			}
			sums[k] = sums[k].Add(figure(mix | 1<<k).Sub(figure(mix)).Mul(decimal.NewFromInt(ways)))
			visit(mix|1<<k, later)
		}
	}
	all := make([]int, len(parts))
	for k := range all {
		all[k] = k
	}
	visit(0, all)
	if !figure(1<<len(parts) - 1).Equal(d.After) {
		t.Fatalf("seed %d: the changes of %s lead to %s, not %s", seed, d.Line, figure(1<<len(parts)-1), d.After)
	}
	fen := decimal.New(1, -6)
	for k, p := range parts {
		if mean := sums[k].DivRound(decimal.NewFromInt(orders), 20); !mean.Sub(p.Amount).Abs().LessThan(fen) {
			t.Errorf("seed %d: %s moves %s by %s, over all %d orders by %s", seed, p.Address, d.Line, p.Amount, orders, mean)
		}
	}
}

// TestDifferenceSampled: a sample of many orders comes near the exact amounts, within a few of its own standard errors.
func TestDifferenceSampled(t *testing.T) {
	book := testplan.Open(t, filepath.Join("..", "..", "scenarios", "guangtong"))
	place := func(id string) int {
		return slices.IndexFunc(book.Plan.Scenarios, func(s model.Scenario) bool { return s.ID == id })
	}
	exact := difference(t, book, place("late"), place("offer"), "town_receives", formula.Total, exactly)
	sampled := difference(t, book, place("late"), place("offer"), "town_receives", formula.Total, 120)
	if exact.Paths != 0 || sampled.Paths < 8 || !sampled.Error.IsPositive() {
		t.Fatalf("%+v\n%+v", exact, sampled)
	}
	amounts := map[string]decimal.Decimal{}
	for _, p := range exact.Parts {
		amounts[p.Address] = p.Amount
	}
	for _, p := range sampled.Parts {
		if off := p.Amount.Sub(amounts[p.Address]).Abs(); off.GreaterThan(sampled.Error.Mul(decimal.NewFromInt(4))) {
			t.Errorf("%s: %s, exactly %s; the standard error is %s", p.Address, p.Amount, amounts[p.Address], sampled.Error)
		}
	}
}

// BenchmarkDifference is the hardest exact case: 12 changes.
func BenchmarkDifference(b *testing.B) {
	book := drawn(b, 3, 12)
	for b.Loop() {
		if d := difference(b, book, 0, len(book.Plan.Scenarios)-1, "cash", formula.AtEnd, exactly); len(reaching(book, d)) != 12 || d.Paths != 0 {
			b.Fatalf("%d changes in %d orders", len(d.Parts), d.Paths)
		}
	}
}
