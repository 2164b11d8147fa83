package scenarios

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhencai/internal/randomplan"
	"zhencai/model"
)

// unlikelyCodes are the warnings about numbers that are hardly what was meant.
var unlikelyCodes = []string{"odd_year", "yuan_for_wan", "revenue_in_yuan", "sum_among_items", "scenarios_alike", "entry_overwritten", "set_over_layer"}

func unlikelyIn(path string) (found []model.Problem) {
	for _, p := range Load(path, Options{}).Problems {
		if slices.Contains(unlikelyCodes, p.Code) {
			found = append(found, p)
		}
	}
	return found
}

// TestShippedPlansAreLikely: no plan that is shipped has a number that looks like a slip.
func TestShippedPlansAreLikely(t *testing.T) {
	plans, err := filepath.Glob("schemes/*")
	if err != nil || len(plans) < 20 {
		t.Fatal(plans, err)
	}
	for _, path := range append(plans, "guangtong", "worked-case", "starter", "../model/testdata/everything.yaml") {
		for _, p := range unlikelyIn(path) {
			t.Errorf("%s: %s %s: %s", path, p.Code, p.Pos, p.Text.EN)
		}
	}
}

// TestRandomPlansAreSeldomUnlikely: amounts drawn evenly from 0 to some most are a tenth of their neighbours now and then, and nothing else is found in them.
func TestRandomPlansAreSeldomUnlikely(t *testing.T) {
	t.Parallel()
	told := 0
	for seed := range uint64(300) {
		path := filepath.Join(t.TempDir(), "plan.yaml")
		if err := os.WriteFile(path, randomplan.New(seed), 0o600); err != nil {
			t.Fatal(err)
		}
		found := unlikelyIn(path)
		for _, p := range found {
			if p.Code != "odd_year" || strings.Contains(p.Text.EN, "Actuals") {
				t.Errorf("seed %d: %s %s", seed, p.Code, p.Text.EN)
			}
		}
		told += min(len(found), 1)
	}
	if told > 40 {
		t.Errorf("%d of 300 random plans are told something", told)
	}
}

// odd loads a plan with this history and gives the year, the column and the hint of what is told of it.
func odd(t interface {
	Fatal(...any)
}, dir string, history []string) (told []model.Problem, columns []int) {
	before := "revenue: {tax: {history: ["
	plan := fmt.Sprintf("years: 2022-2023\nhistory: %d-2021\n%s%s], growth: 5%%, source: x}}\ncash: {opening: 10, source: x}\n", 2022-len(history), before, strings.Join(history, ", "))
	path := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(path, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range history {
		columns = append(columns, len(before)+len(strings.Join(history[:i], ", "))+1+2*min(i, 1))
	}
	return unlikelyIn(path), columns
}

// TestOddYears: a year in another unit or with a digit too many or too few is told, with its place; a series that only grows, falls, jumps to stay, or has zeros and refunds is not.
func TestOddYears(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ history, year, hint string }{
		{"1000 1010 1030 10400000 1050", "2020", "10400000元"}, // the case yuan-typed-as-wanyuan
		{"1000 1010 1030 10400 1050", "2020", "1040"},
		{"1000 1010 1030 104 1050", "2020", "1040"},
		{"10000000 1010 1030 1040 1050", "2017", "10000000元"},
		{"1000 1010 1030 1040 10500", "2021", "1050"},
		{"0 0 10400000 0 1050 900", "2018", "10400000元"},
		{"1000 1010 0.103 1040 1050", "2019", "1030万元"},
		{"1000 1010 103000 1040 1050", "2019", "decimal point"},
		{"1000 10100 1030", "2020", "1010"},
		{"1000 10100000 10300000 1040 1050 1060", "2017 2018", "元"},
		{"1000 100 1030 900 10000 1010 1050", "2016 2019", "digit"},
		{"1000 1100 1210 1331 1464.1", "", ""},
		{"1 10 100 1000 10000", "", ""},
		{"10000 1000 100 10 1", "", ""},
		{"100 100 100 1000 1000", "", ""},
		{"100 1000", "", ""},
		{"0 0 0 0 0", "", ""},
		{"0 0 1200 0 0", "", ""},
		{"100 -900 110 -80 105", "", ""},
		{"100 0 1000 0 100", "2019", "100"},
		{"300 20 500 900 40 100", "", ""},
	} {
		told, columns := odd(t, dir, strings.Fields(c.history))
		var years []string
		for _, p := range told {
			for i, column := range columns {
				if p.Code == "odd_year" && p.Pos.Line == 3 && p.Pos.Col == column {
					years = append(years, fmt.Sprint(2022-len(columns)+i))
				}
			}
			if !strings.Contains(p.Hint.EN, c.hint) {
				t.Errorf("%s: the hint is %q, want %q in it", c.history, p.Hint.EN, c.hint)
			}
		}
		if strings.Join(years, " ") != c.year || len(years) != len(told) {
			t.Errorf("%s: %v, want %s", c.history, told, c.year)
		}
	}
}

// TestSlipsInSteadySeries: of a series that grows steadily with some noise nothing is told; a slip in one year of it is told once, at its place.
func TestSlipsInSteadySeries(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(low, high float64, label string) float64 {
			return rapid.Float64Range(low, high).Draw(t, label)
		}
		n := rapid.IntRange(3, 30).Draw(t, "years")
		series := func(growth, noise float64) (all []float64) {
			level := draw(20, 5000, "level")
			for range n {
				all = append(all, level*(1+noise*draw(-1, 1, "noise")))
				level *= 1 + growth
			}
			return all
		}
		write := func(all []float64) (out []string) {
			for _, v := range all {
				out = append(out, fmt.Sprintf("%.6f", v))
			}
			return out
		}
		if told, _ := odd(t, dir, write(series(draw(-0.35, 0.6, "growth"), 0.2))); len(told) > 0 && told[0].Code == "odd_year" {
			t.Fatalf("told of a steady series: %v", told)
		}
		steady := series(draw(-0.1, 0.12, "growth"), 0.05)
		at, factor := rapid.IntRange(0, n-1).Draw(t, "at"), math.Pow(10, float64(rapid.SampledFrom([]int{-2, -1, 1, 2, 4}).Draw(t, "slip")))
		steady[at] *= factor
		told, columns := odd(t, dir, write(steady))
		told = slices.DeleteFunc(told, func(p model.Problem) bool { return p.Code != "odd_year" })
		if len(told) != 1 || told[0].Pos.Col != columns[at] {
			t.Fatalf("year %d × %g: %v", at, factor, told)
		}
	})
}
