package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// load builds a plan with variants of one of its scenarios.
func load(t *testing.T, path string, variants []scenarios.Variant) *model.Book {
	t.Helper()
	loaded := scenarios.Load(path, scenarios.Options{Variants: variants})
	for _, p := range loaded.Problems {
		if !p.Warning {
			t.Fatal(p.Text.EN)
		}
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatal(problems)
	}
	return book
}

// figureOf is a figure of an exact evaluation.
func figureOf(book *model.Book, v *formula.Values, h model.Headline) float64 {
	cal := book.Plan.Calendar
	figure := math.NaN()
	for col := cal.Zero() + 1; col < cal.Columns(); col++ {
		d, blank, _ := v.At(book.Program.Index(h.Line), col)
		x := d.InexactFloat64()
		if blank {
			x = math.NaN()
		}
		switch {
		case col == cal.Zero()+1, h.How == formula.AtEnd:
			figure = x
		case h.How == formula.Total:
			figure += x
		case h.How == formula.Smallest:
			figure = min(figure, x)
		case h.How == formula.Largest:
			figure = max(figure, x)
		}
	}
	return figure
}

func nearly(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a))
}

// TestSweep: every point of a grid is what a run with those values gives; axes of options, by year, of all items, relative ones.
func TestSweep(t *testing.T) {
	axes := []struct {
		address string
		values  []string
	}{
		{"transfers.share.base", []string{"{mean: 5}", "{rolling: 3}", "previous"}},
		{"revenue.*.growth", []string{"-4pp", "+1pp"}},
		{"transfers.share.bands", []string{"[{rate: 50%}]", "[{rate: 40%}]"}},
		{"transfers.subsidy.delivered", []string{"{2022: 0%, 2024: 50%}", "100%", "33.3%"}},
	}
	var variants []scenarios.Variant
	add := func(set ...string) {
		variants = append(variants, scenarios.Variant{ID: fmt.Sprint(set), Of: "late", Set: set})
	}
	for _, a := range axes {
		for _, v := range a.values {
			add(a.address + "=" + v)
		}
	}
	single := len(variants)
	for _, a := range axes[0].values {
		for _, b := range axes[1].values {
			for _, c := range axes[2].values {
				for _, d := range axes[3].values {
					add(axes[0].address+"="+a, axes[1].address+"="+b, axes[2].address+"="+c, axes[3].address+"="+d)
				}
			}
		}
	}
	book := load(t, "../../scenarios/guangtong", variants)
	declared := len(book.Plan.Scenarios) - len(variants)
	base := 6
	if book.Plan.Scenarios[base].ID != "late" {
		t.Fatal("the sample's scenarios have moved")
	}
	var places [][]int
	var names []string
	next := declared
	for _, a := range axes {
		var own []int
		for range a.values {
			own = append(own, next)
			next++
		}
		places, names = append(places, own), append(names, a.address)
	}
	figures := []model.Headline{{Line: "incentive_paid", How: formula.Total}, {Line: "debt_ratio", How: formula.Largest}, {Line: "cash", How: formula.Smallest}, {Line: "transfers.share.owed", How: formula.AtEnd}}
	grid, problems := analysis.Sweep(book, base, places, names, figures)
	if problems != nil {
		t.Fatal(problems)
	}
	if grid.Points() != 36 || grid.At(7, 3) != 1 || grid.At(7, 2) != 0 || grid.At(35, 0) != 2 {
		t.Errorf("%d points, %d %d %d", grid.Points(), grid.At(7, 3), grid.At(7, 2), grid.At(35, 0))
	}
	different := map[float64]bool{}
	for p := range grid.Points() {
		v := testplan.Compute(t, book, declared+single+p)
		for f, h := range figures {
			if want := figureOf(book, v, h); !nearly(want, grid.Values[f][p]) {
				t.Errorf("%s: %s is %v, exact %v", book.Plan.Scenarios[declared+single+p].ID, h.Line, grid.Values[f][p], want)
			}
		}
		different[grid.Values[0][p]] = true
	}
	if len(different) != 36 {
		t.Errorf("only %d points differ", len(different))
	}
	if _, problems := analysis.Sweep(book, base, [][]int{places[1], places[1]}, []string{"a", "b"}, figures); len(problems) != 1 || problems[0].Text.EN != "the axes a and b both move revenue.vat.growth" {
		t.Errorf("two axes over the same input: %v", problems)
	}
}

// TestTornado: each bar is what a run with that input alone at its ends gives, and bars come in order.
func TestTornado(t *testing.T) {
	h := model.Headline{Line: "town_receives", How: formula.Total}
	book := testplan.Open(t, "../../scenarios/guangtong")
	base, bars, problems := analysis.Tornado(book, 0, h)
	if problems != nil || len(bars) < 30 {
		t.Fatal(problems, len(bars))
	}
	if want := figureOf(book, testplan.Compute(t, book, 0), h); !nearly(want, base) {
		t.Errorf("base %v, exact %v", base, want)
	}
	ends := map[string][2]string{"transfers.subsidy.amount": {"300", "500"}, "transfers.share.bands.1.rate": {"45%", "55%"}, "transfers.operating.standard": {"1.8", "2.2"}, "staff.admin.posts": {"34.2", "41.8"}}
	var variants []scenarios.Variant
	var which []analysis.Bar
	for i, b := range bars {
		address := b.Element.Address() + "." + b.Param.Key
		if i > 0 && b.Swing() > bars[i-1].Swing() {
			t.Errorf("%s stands after a smaller bar", address)
		}
		if (address == "transfers.subsidy.amount") != (b.Ends == analysis.EndsOfRange) {
			t.Errorf("%s: ends from its %s", address, b.Ends)
		}
		if e, ok := ends[address]; ok && address != "staff.admin.posts" { // a plan's posts are whole
			which = append(which, b)
			for _, v := range e {
				variants = append(variants, scenarios.Variant{ID: address + v, Of: "base", Set: []string{address + "=" + v}})
			}
		}
	}
	if len(which) != 3 {
		t.Fatalf("%d of the inputs are found", len(which))
	}
	moved := load(t, "../../scenarios/guangtong", variants)
	first := len(moved.Plan.Scenarios) - len(variants)
	for i, b := range which {
		for k, got := range []float64{b.AtLow, b.AtHigh} {
			if want := figureOf(moved, testplan.Compute(t, moved, first+2*i+k), h); !nearly(want, got) {
				t.Errorf("%s at end %d: %v, exact %v", b.Param.Key, k, got, want)
			}
		}
	}
}

// TestTornadoByLaw: an input with a distribution is moved to its 5 % and 95 % quantiles: 10,000 × (1 ± 1.644854 × 5 %) in both years.
func TestTornadoByLaw(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, risky+"uncertainty: {shocks: {revenue.tax.growth: {normal: {sd: 5pp}}}}\n"))
	_, bars, problems := analysis.Tornado(book, 0, model.Headline{Line: "revenue.tax.counted", How: formula.AtEnd})
	if problems != nil || bars[0].Ends != analysis.EndsOfLaw || bars[0].Param.Key != "growth" {
		t.Fatal(problems, bars)
	}
	for k, growth := range []float64{-0.05 * 1.6448536269514722, 0.05 * 1.6448536269514722} {
		want := 10000 * (1 + growth) * (1 + growth)
		if got := []float64{bars[0].AtLow, bars[0].AtHigh}[k]; math.Abs(got-want) > 2e-6 {
			t.Errorf("end %d: %v, want %v", k, got, want)
		}
	}
}

// TestBacktest by hand. Actuals 100, 110, 132, 132, 145.2: growth 10 %, 20 %, 0 %, 10 %.
// The fourth year from the first three: mean (10 % + 20 %)/2 = 15 %, actual 0 %, error -15 points; the amount 132 × 1.15 = 151.8.
// The fifth from the first four: mean (10 + 20 + 0)/3 = 10 %, actual 10 %, error 0. Root mean square: 15/√2.
func TestBacktest(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, "years: 2022-2023\nhistory: 2017-2021\nrevenue:\n  tax: {history: [100, 110, 132, 132, 145.2], growth: 3%, source: x}\n  own: {history: [100, 110, 132, 132, 145.2], growth: trend, step: {2022: 50}, source: x}\ncash: {opening: 10, source: x}\n"))
	tax := book.Plan.Find("revenue.tax")
	all := book.Backtest(tax, "mean")
	if len(all) != 2 || all[0].Year != 2020 || all[0].Growth.String() != "0.15" || all[0].Amount.String() != "151.8" || !all[0].Actual.IsZero() || all[1].Growth.Round(12).String() != "0.1" || all[1].Actual.Round(12).String() != "0.1" {
		t.Errorf("mean: %+v", all)
	}
	// No growth: errors 0 and 10 points; compound growth over 100, 110, 132 is √1.32 - 1.
	if all := book.Backtest(tax, "given"); len(all) != 2 || !all[0].Growth.IsZero() || all[1].Amount.String() != "132" {
		t.Errorf("no growth: %+v", all)
	}
	if all := book.Backtest(tax, "cagr"); math.Abs(all[0].Growth.InexactFloat64()-(math.Sqrt(1.32)-1)) > 1e-12 {
		t.Errorf("cagr: %+v", all)
	}
	// The trend of ln 100, ln 110, ln 132 rises by half of ln 1.32 a year.
	if all := book.Backtest(book.Plan.Find("revenue.own"), "trend"); math.Abs(all[0].Growth.InexactFloat64()-(math.Sqrt(1.32)-1)) > 1e-12 || all[0].Amount.InexactFloat64() > 152 {
		t.Errorf("trend: %+v", all)
	}
	if model.OwnMethod(tax) != "mean" || model.OwnMethod(book.Plan.Find("revenue.own")) != "trend" {
		t.Error("own methods")
	}
	if errors := book.ForecastErrors(tax); len(errors) != 2 || math.Abs(errors[0]+0.15) > 1e-12 || math.Abs(errors[1]) > 1e-12 {
		t.Errorf("errors %v", errors)
	}
	low, high := analysis.SpreadFactors(2) // √(2/5.991) and √(2/0.1026)
	if math.Abs(low-0.5778) > 1e-3 || math.Abs(high-4.415) > 1e-2 {
		t.Errorf("factors %v %v", low, high)
	}
}
