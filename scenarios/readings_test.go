package scenarios

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
)

// waysIn are how a text comes to a parameter beside the plan itself. Each gives what then stands at a place, or the code of the refusal.
var waysIn = map[string]func(t *testing.T, address, at, text string) string{
	"layer": func(t *testing.T, address, at, text string) string {
		return outcome(t, loadText(t, sample+"layers: {l: {set: {"+address+": "+text+"}}}\nscenarios: [{id: s, layers: [l]}]\n"), at)
	},
	"--set": func(t *testing.T, address, at, text string) string {
		return outcome(t, loadText(t, sample+"scenarios: [{id: s}]\n", address+"="+text), at)
	},
	"sweep and solve": func(t *testing.T, address, at, text string) string {
		return outcome(t, varied(t, address+"="+text), at)
	},
	"a grid of the plan": func(t *testing.T, address, at, text string) string {
		l := loadText(t, sample+"sweeps: {g: {axes: {"+address+": [ "+text+" ]}}}\n")
		if l.Plan == nil {
			return outcome(t, l, at)
		}
		return outcome(t, varied(t, address+"="+l.Plan.Sweeps[0].Axes[0].Values[0]), at)
	},
	"towns": func(t *testing.T, address, at, text string) string {
		path := filepath.Join(t.TempDir(), "towns.csv")
		if err := os.WriteFile(path, []byte("town,"+address+"\n甲镇,\""+strings.ReplaceAll(text, `"`, `""`)+"\"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		table, err := OpenTowns(path)
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		towns, err := table.Next(1)
		if err != nil {
			t.Fatal(err)
		}
		return outcome(t, varied(t, table.Variants(towns, "s", func(int) []string { return nil })[0].Set...), at)
	},
}

// varied is the sample with a variant that has these overrides as its last scenario.
func varied(t *testing.T, set ...string) *Loaded {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(sample+"scenarios: [{id: s}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return Load(path, Options{Variants: []Variant{{ID: "v", Of: "s", Set: set}}})
}

// outcome is what the last scenario has at a place, or why the plan was refused.
func outcome(t *testing.T, l *Loaded, address string) string {
	t.Helper()
	if l.Plan == nil {
		i := slices.IndexFunc(l.Problems, func(p model.Problem) bool { return !p.Warning })
		if p := l.Problems[i]; p.Pos.Line == 0 {
			t.Errorf("%s has no place", p.Code)
		}
		return l.Problems[i].Code
	}
	return shown(t, l.Plan, address, len(l.Plan.Scenarios)-1)
}

// TestOneMeaning: a text means the same by every way in; where it may be read in two ways it is refused by all.
func TestOneMeaning(t *testing.T) {
	const growth, amount, heads, pay, cost = "revenue.tax.growth", "transfers.subsidy.amount", "staff.admin.filled", "staff.admin.pay", "projects.hall.cost"
	written := map[string]string{growth: "growth: 5%", amount: "amount: 300万元", heads: "filled: 36", pay: "pay: 11.8", cost: "cost: [10, 20, 30]"} // in the sample
	const step, advance, profile, rate, bands = "revenue.tax.step", "transfers.subsidy.advance", "projects.plant.cost.profile", "transfers.share.rate", "transfers.banded.bands"
	kept := map[string]string{step + ".2023": step, rate: "transfers.share.bands.1.rate", "transfers.banded.rate": bands + ".2.rate", bands: bands + ".1.rate"} // where the value stands
	for _, c := range []struct{ address, text, want, plan string }{                                                                                             // plan: what the plan itself makes of it, if that is something else
		{growth, "-5%", "-0.05", ""}, {growth, "10%", "0.1", ""}, {growth, "+10%", "percent_of_ratio", "plus_sign"}, {growth, "+0.5%", "percent_of_ratio", "plus_sign"},
		{growth, "-5pp", "0", "not_a_number"}, {growth, "+10pp", "0.15", "plus_sign"}, {growth, "×0.95", "0.0475", "not_a_number"},
		{growth, "0.1", "0.1", ""}, {growth, "0.25", "0.25", ""}, {growth, "1", "forgotten_percent", ""}, {growth, "-3", "forgotten_percent", ""}, {growth, "100%", "1", ""},
		{growth, "[-5%, 0%, 5%]", "-0.05 0 0.05", ""}, {growth, "[-5%, 1, 5%]", "forgotten_percent", ""}, {growth, "{2022: -5%}", "-0.05", ""},
		{amount, "-5%", "285", "wrong_unit"}, {amount, "+10%", "330", "plus_sign"}, {amount, "×0.95", "285", "not_a_number"}, {amount, "-5pp", "points_of_ratio_only", "not_a_number"}, {amount, "5%", "wrong_unit", ""}, {amount, "×0.33333333333", "100", "not_a_number"},
		{amount, `"1,200"`, "1200", ""}, {amount, "12.34567891", "12.345679", ""}, {amount, "0.129元", "0.000013", ""}, {amount, "[12.34567891, 1, 2]", "12.345679 1 2", ""},
		{amount, "[1,200, 3]", "split_number", ""}, {amount, "[100,200,300]", "split_number", ""}, {amount, "[7, 1,012.5]", "split_number", ""}, {amount, "[100, 200, 300]", "100 200 300", ""}, {amount, "[1,2,3]", "1 2 3", ""}, {amount, "[0,200,3]", "0 200 3", ""}, {amount, "[1.5,200,3]", "1.5 200 3", ""}, {amount, "{2022: 250}", "250", ""},
		{heads, "-50%", "18", "wrong_unit"}, {heads, "+50%", "54", "plus_sign"}, {pay, "-10%", "10.62", "wrong_unit"}, {pay, "2.123456789", "2.123456789", ""},
		{cost, "300", "say_the_year", ""}, {cost, "0", "0", ""}, {cost, "{2023: 300}", "0 300 0", ""}, {cost, "[300, 0, 0]", "300 0 0", ""}, {cost, "+10%", "11 22 33", "plus_sign"}, {cost, "-10%", "9 18 27", "wrong_unit"}, {cost, "{value: 300, note: x}", "say_the_year", ""},
		{step, "-7", "say_the_year", ""}, {step + ".2023", "-7", "0 -7 0", ""}, {advance, "30", "say_the_year", ""}, {profile, "100%", "say_the_year", ""}, {profile, "×0.5", "0.2 0.3 0", ""},
		{rate, "40%", "0.4", ""}, {"transfers.banded.rate", "40%", "which_member", ""}, {"transfers.banded.rate", "-5pp", "which_member", ""}, {"transfers.banded.rate", "{2022: 40%}", "which_member", ""}, {bands, "[{rate: 40%}]", "0.4", ""}, {bands + ".2.rate", "-5%", "out_of_bounds", ""},
	} {
		at := cmp.Or(kept[c.address], c.address)
		for way, read := range waysIn {
			if got := read(t, c.address, at, c.text); got != c.want {
				t.Errorf("%s: %s as %s is %s, want %s", way, c.address, c.text, got, c.want)
			}
		}
		if old := written[c.address]; old != "" {
			key, _, _ := strings.Cut(old, ":")
			plan := strings.Replace(sample, old, key+": "+c.text, 1)
			if got := outcome(t, loadText(t, plan), at); got != cmp.Or(c.plan, c.want) {
				t.Errorf("plan: %s as %s is %s, want %s", c.address, c.text, got, cmp.Or(c.plan, c.want))
			}
		}
	}
}

// TestPercentMeansTheSame: any -n% is the value on a ratio and relative on an amount, by every way in.
func TestPercentMeansTheSame(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 1))
	for range 10 {
		n := decimal.New(1+g.Int64N(9999), -2)
		text := "-" + n.String() + "%"
		ratio, amount := n.Shift(-2).Neg().String(), decimal.NewFromInt(300).Mul(decimal.NewFromInt(1).Sub(n.Shift(-2))).String()
		for way, read := range waysIn {
			if got := read(t, "revenue.tax.growth", "revenue.tax.growth", text); got != ratio {
				t.Errorf("%s: growth %s is %s", way, text, got)
			}
			if got := read(t, "transfers.subsidy.amount", "transfers.subsidy.amount", text); got != amount {
				t.Errorf("%s: amount %s is %s", way, text, got)
			}
		}
	}
}
