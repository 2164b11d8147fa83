package scenarios

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zhencai/model"
	"zhencai/model/formula"
)

const sample = `years: 2022-2024
history: 2019-2021
revenue:
  tax: {label: 税收, history: [100, 110, 120], growth: 5%, source: 决算}
  fees: {label: 收费, history: {2019: 10, 2020: 11, 2021: 12}, growth: {2022: 2%, 2024: 4%}, step: {2023: 5}, source: 决算}
  assets: {label: 资产, history: [5, 6, 7], growth: trend, source: 决算}
transfers:
  share: {kind: above_base, base: {mean: 3}, rate: 50%, delivered: 80%, source: 协议}
  banded: {kind: above_base, base: previous, bands: [{rate: 40%}, {over: 50, rate: {value: 60%, source: 补充协议, grade: B, range: [50%, 70%]}}], source: 协议, grade: C}
  subsidy: {kind: fixed, amount: 300万元, source: 协议}
staff: {admin: {posts: 38, filled: 36, pay: 11.8, source: 编办}}
projects:
  hall: {cost: [10, 20, 30], source: 合同}
  plant: {cost: {total: 100, profile: {2022: 40%, 2023: 60%}}, source: 合同}
cash: {opening: 10, source: 决算}
`

// read loads a plan that must have no errors.
func read(t *testing.T, content string, set ...string) *model.Plan {
	t.Helper()
	l := loadText(t, content, set...)
	if l.Plan == nil {
		t.Fatal(rendered(l))
	}
	return l.Plan
}

func loadText(t *testing.T, content string, set ...string) *Loaded {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return Load(path, Options{Set: set})
}

// value shows a parameter in a scenario: its option, or its number, or its numbers by plan year.
func shown(t *testing.T, p *model.Plan, address string, scenario int) string {
	t.Helper()
	for _, e := range p.Elements {
		key, ok := strings.CutPrefix(address, e.Address()+".")
		param := e.Params[key]
		if !ok || param == nil {
			continue
		}
		in := param.Values[scenario]
		switch {
		case in.Option != "":
			return in.Option
		case in.ByYear == nil:
			return in.Same.String()
		}
		var years []string
		from, to := p.Calendar.Zero()+1, p.Calendar.Columns()
		if param.Field.Series == model.History {
			from, to = 0, p.Calendar.Zero()+1
		}
		for _, d := range in.ByYear[from:to] {
			years = append(years, d.String())
		}
		return strings.Join(years, " ")
	}
	return "absent"
}

func TestPlanValues(t *testing.T) {
	p := read(t, sample)
	for address, want := range map[string]string{
		"revenue.tax.history": "100 110 120", "revenue.tax.growth": "0.05", "revenue.tax.growth_method": "given", "revenue.tax.path": "absent",
		"revenue.fees.history": "10 11 12", "revenue.fees.growth": "0.02 0.02 0.04", "revenue.fees.step": "0 5 0",
		"revenue.assets.growth": "0", "revenue.assets.growth_method": "trend",
		"transfers.share.base.rule": "mean", "transfers.share.base.mean": "3", "transfers.share.base.rolling": "3", "transfers.share.base.year": "2021",
		"transfers.share.bands.1.rate": "0.5", "transfers.share.bands.1.over": "0", "transfers.share.term.from": "2022", "transfers.share.term.years": "3", "transfers.share.past_due": "0",
		"transfers.banded.base.rule": "previous", "transfers.banded.bands.2.rate": "0.6", "transfers.banded.bands.2.over": "50",
		"transfers.subsidy.amount": "300", "staff.admin.paid_by": "county",
		"projects.hall.cost": "10 20 30", "projects.hall.cost.total": "0", "projects.plant.cost": "0", "projects.plant.cost.total": "100", "projects.plant.cost.profile": "0.4 0.6 0",
		"indicators.red": "3",
	} {
		if got := shown(t, p, address, 0); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
	share, banded := p.Find("transfers.share"), p.Find("transfers.banded")
	if !share.ShortForm["bands"] || banded.ShortForm["bands"] || share.Count["bands"] != 1 || banded.Count["bands"] != 2 {
		t.Error("short forms or counts are wrong")
	}
	if r := banded.Params["bands.2.rate"]; r.Source != "补充协议" || r.Grade != "B" || r.Range != [2]string{"50%", "70%"} || r.Pos.Line != 9 {
		t.Errorf("the rate of band 2 has %+v", r)
	}
	if r := banded.Params["bands.1.rate"]; r.Source != "协议" || r.Grade != "C" || !r.Given[0] {
		t.Errorf("the rate of band 1 has %+v", r)
	}
	if d := share.Params["lag"]; d.Given[0] || d.Pos != share.Pos {
		t.Errorf("the default lag has %+v", d)
	}
	if p.Scenarios[0].ID != "base" || p.Status != "草案" || p.Calendar != (formula.Calendar{First: 2019, Actual: 2021, Last: 2024}) || len(p.Hash) != 64 {
		t.Errorf("the plan has %+v", p)
	}
}

// TestLayers lays one entry over the sample and looks at one parameter.
func TestLayers(t *testing.T) {
	for _, c := range []struct{ set, address, want string }{
		{"transfers.share.rate: 40%", "transfers.share.bands.1.rate", "0.4"},
		{"transfers.share.bands.1.rate: 40%", "transfers.share.bands.1.rate", "0.4"},
		{"transfers.share.bands: [{rate: 30%}, {over: 9, rate: 70%}]", "transfers.share.bands.2.rate", "0.7"},
		{"transfers.banded.bands: [{rate: 40%}]", "transfers.banded.bands.2.rate", "0.4"}, // one band, padded
		{"transfers.banded.bands.2.rate: -10pp", "transfers.banded.bands.2.rate", "0.5"},
		{"transfers.banded.bands.*.rate: ×0.5", "transfers.banded.bands.1.rate", "0.2"},
		{"transfers.*.delivered: 50%", "transfers.subsidy.delivered", "0.5"},
		{"transfers.*.delivered: ×0.5", "transfers.share.delivered", "0.4"},
		{"transfers.*.delivered: -20pp", "transfers.subsidy.delivered", "0.8"}, // from the default
		{"transfers.share.base: {rolling: 2}", "transfers.share.base.rule", "rolling"},
		{"transfers.share.base: {rolling: 2}", "transfers.share.base.mean", "5"},
		{"transfers.share.base: previous", "transfers.share.base.rule", "previous"},
		{"transfers.share.base.rolling: 2", "transfers.share.base.rolling", "2"},
		{"transfers.share.base.mean: 2", "transfers.share.base.mean", "2"},
		{"transfers.share.base.amount: {2022: 100, 2024: 200}", "transfers.share.base.amount", "100 100 200"},
		{"transfers.share.term.years: 2", "transfers.share.term.years", "2"},
		{"transfers.share.term: {from: 2023}", "transfers.share.term.from", "2023"},
		{"revenue.tax.growth: -2pp", "revenue.tax.growth", "0.03"},
		{"revenue.fees.growth: +1pp", "revenue.fees.growth", "0.03 0.03 0.05"},
		{"revenue.tax.growth: \"=-3%\"", "revenue.tax.growth", "-0.03"},
		{"revenue.tax.growth: {2022: 1%, 2023: 2%}", "revenue.tax.growth", "0.01 0.02 0.02"},
		{"revenue.fees.growth: {2023: 9%}", "revenue.fees.growth", "0.02 0.09 0.09"}, // before 2023 the plan's value stays
		{"transfers.share.delivered: {2024: 10%}", "transfers.share.delivered", "0.8 0.8 0.1"},
		{"revenue.fees.step: {2024: 7}", "revenue.fees.step", "0 0 7"}, // events are replaced as a whole
		{"revenue.tax.growth: [1%, 2%, 3%]", "revenue.tax.growth", "0.01 0.02 0.03"},
		{"revenue.tax.growth: cagr", "revenue.tax.growth_method", "cagr"},
		{"revenue.assets.growth: 4%", "revenue.assets.growth_method", "given"},
		{"revenue.*.growth: -2pp", "revenue.assets.growth", "-0.02"},
		{"revenue.*.growth: -2pp", "revenue.assets.growth_method", "trend"},
		{"revenue.tax.growth.2023: 9%", "revenue.tax.growth", "0.05 0.09 0.05"},
		{"revenue.fees.growth.2024: -1pp", "revenue.fees.growth", "0.02 0.02 0.03"},
		{"revenue.tax.step.2024: -7", "revenue.tax.step", "0 0 -7"},
		{"revenue.tax.history.2021: 130", "revenue.tax.history", "100 110 130"},
		{"revenue.tax.path: [1, 2, 3]", "revenue.tax.path", "1 2 3"},
		{"projects.*.cost: +10%", "projects.hall.cost", "11 22 33"},
		{"projects.*.cost: +10%", "projects.plant.cost.total", "110"},
		{"projects.hall.cost.2023: 25", "projects.hall.cost", "10 25 30"},
		{"projects.plant.cost.total: 120", "projects.plant.cost.total", "120"},
		{"projects.plant.cost: [1, 2, 3]", "projects.plant.cost", "1 2 3"},
		{"transfers.subsidy.amount: {value: 400, note: 谈判}", "transfers.subsidy.amount", "400"},
		{"staff.admin.paid_by: 镇", "staff.admin.paid_by", "town"},
	} {
		p := read(t, sample+"layers: {l: {set: {"+strings.Replace(c.set, "\n", "", 1)+"}}}\nscenarios: [{id: s, layers: [l]}]\n")
		if got := shown(t, p, c.address, 1); got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.set, c.address, got, c.want)
		}
		if before, plain := shown(t, p, c.address, 0), shown(t, read(t, sample), c.address, 0); before != plain && plain != "absent" {
			t.Errorf("%s: changed the base plan: %s", c.set, before)
		}
		set := read(t, sample+"scenarios: [{id: s}]\n", strings.Replace(strings.Replace(c.set, ": ", "=", 1), `"`, "", 2))
		for s := range 2 {
			if got := shown(t, set, c.address, s); got != c.want && got != "absent" { // absent: one band in every scenario
				t.Errorf("--set %s: %s is %s in scenario %d, want %s", c.set, c.address, got, s, c.want)
			}
		}
	}
}

func TestLayersAddUp(t *testing.T) {
	p := read(t, sample+`layers:
  half: {set: {transfers.*.delivered: 50%}}
  less: {set: {transfers.*.delivered: ×0.5, revenue.*.growth: -1pp}}
  slump: {set: {revenue.*.growth: -2pp, transfers.banded.bands.2.rate: 70%}}
  one: {set: {transfers.banded.bands.1.rate: 45%}}
scenarios:
- {id: a, layers: [half, less]}
- {id: b, layers: [less, half]}
- {id: c, label: 丙, layers: [less, slump, one], edition: county}
`, "transfers.subsidy.amount=+10%")
	for _, c := range []struct {
		address string
		want    [4]string
	}{
		{"transfers.share.delivered", [4]string{"0.8", "0.25", "0.5", "0.4"}},
		{"revenue.tax.growth", [4]string{"0.05", "0.04", "0.04", "0.02"}},
		{"revenue.assets.growth", [4]string{"0", "-0.01", "-0.01", "-0.03"}},
		{"transfers.banded.bands.1.rate", [4]string{"0.4", "0.4", "0.4", "0.45"}},
		{"transfers.banded.bands.2.rate", [4]string{"0.6", "0.6", "0.6", "0.7"}},
		{"transfers.subsidy.amount", [4]string{"330", "330", "330", "330"}},
	} {
		for s, want := range c.want {
			if got := shown(t, p, c.address, s); got != want {
				t.Errorf("%s in %s: got %s, want %s", c.address, p.Scenarios[s].ID, got, want)
			}
		}
	}
	share := p.Find("transfers.share").Params["delivered"]
	if share.SetAt[0].File != "" || share.SetAt[1].Line != 18 || share.SetAt[2].Line != 17 {
		t.Errorf("delivered was set at %v", share.SetAt)
	}
	amount := p.Find("transfers.subsidy").Params["amount"]
	if at := amount.SetAt[2]; at.File != "--set" || at.Line != 1 || at.Col != 26 || amount.Pos.Line != 10 {
		t.Errorf("the amount was set at %+v", at)
	}
	if s := p.Scenarios[3]; s.Label != "丙" || s.Edition != "county" || !slices.Equal(s.Layers, []string{"less", "slump", "one"}) {
		t.Errorf("scenario c is %+v", s)
	}
}

// TestPointsOnDerivedGrowth: what a layer takes off a derived growth rate must reach the model's growth.
func TestPointsOnDerivedGrowth(t *testing.T) {
	p := read(t, sample+"layers: {l: {set: {revenue.assets.growth: -2pp}}}\nscenarios: [{id: s, layers: [l]}]\n")
	book, problems := model.Build(p)
	if book == nil {
		t.Fatal(problems)
	}
	line := book.Program.Index("revenue.assets.growth")
	base, _ := book.Run(0)
	less, _ := book.Run(1)
	col := p.Calendar.Zero() + 1
	was, _, _ := base.Values.At(line, col)
	is, _, _ := less.Values.At(line, col)
	if was.Sub(is).String() != "0.02" {
		t.Errorf("growth was %s and is %s", was, is)
	}
}

func TestIncludesAndLayerFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	mkdir(t, "parts")
	mkdir(t, "layers")
	mkdir(t, "out")
	head, body, _ := strings.Cut(sample, "transfers:")
	file(t, "plan.yaml", "include: [parts/a.yaml]\nscenarios: [{id: one, layers: [offer]}]\n"+head)
	file(t, "parts/a.yaml", "include: b.yaml\nscenarios: [{id: two}]\nrevenue: {extra: {history: [1, 2, 3], growth: 1%, source: x}}\n")
	file(t, "parts/b.yaml", "transfers:"+body)
	file(t, "layers/offer.yaml", "\ufefflabel: 县方案\ndate: 2022-03-01\nset: {transfers.share.rate: 30%}\n")
	l := Load(".", Options{})
	if l.Plan == nil {
		t.Fatal(rendered(l))
	}
	if got := shown(t, l.Plan, "transfers.share.bands.1.rate", 1); got != "0.3" {
		t.Errorf("the rate is %s", got)
	}
	if e := l.Plan.In("revenue"); len(e) != 4 || e[3].ID != "extra" || e[3].Pos.File != "parts/a.yaml" || len(l.Plan.Scenarios) != 3 {
		t.Errorf("revenue is %v", e)
	}
	if again := Load("plan.yaml", Options{}); again.Plan == nil || again.Plan.Hash != l.Plan.Hash {
		t.Error("plan.yaml is not the same plan as its folder")
	}
	file(t, "layers/offer.yaml", "set: {transfers.share.rate: 31%}\n")
	if again := Load(".", Options{}); again.Plan.Hash == l.Plan.Hash {
		t.Error("the hash misses a layer file")
	}
	if err := os.Symlink(filepath.Join(dir, "out"), "parts/link"); err != nil {
		t.Skip(err)
	}
	outside := filepath.Join(t.TempDir(), "secret.yaml")
	file(t, outside, "town: x\n")
	if err := os.Symlink(outside, "parts/secret.yaml"); err != nil {
		t.Skip(err)
	}
	file(t, "parts/b.yaml", "include: secret.yaml\ntransfers:"+body)
	if l := Load(".", Options{}); l.Plan != nil || l.Problems[0].Code != "include_outside" {
		t.Errorf("a link out of the folder was followed: %s", rendered(l))
	}
}

func TestAliasesAndMerge(t *testing.T) {
	p := read(t, "x-common: &c {source: 协议, delivered: 70%}\n"+strings.Replace(sample, "subsidy: {kind: fixed,", "subsidy: {<<: *c, kind: fixed,", 1))
	if got := shown(t, p, "transfers.subsidy.delivered", 0); got != "0.7" {
		t.Errorf("delivered is %s", got)
	}
}

func TestAllErrorsAtOnceInOrder(t *testing.T) {
	l := loadText(t, strings.NewReplacer("growth: 5%", "growth: 5人", "kind: fixed", "kind: fixd", "opening: 10", "openin: 10").Replace(sample))
	var lines []int
	for _, p := range l.Problems {
		lines = append(lines, p.Pos.Line)
	}
	if !slices.Equal(lines, []int{4, 10, 15, 15}) {
		t.Errorf("problems at lines %v:\n%s", lines, rendered(l))
	}
}

// within fails a test whose work never ends.
func within(t *testing.T, work func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() { work(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("does not end")
	}
}

func TestLimits(t *testing.T) {
	big := 5<<20 - 100
	for name, content := range map[string]string{
		"deep flow": strings.Repeat("[", big), "deep block": strings.Repeat("- ", big/2), "long list": "x-a: [" + strings.Repeat("a,", big/2) + "]", "long block": strings.Repeat("- a\n", big/4),
		"many keys": strings.Repeat("a: 1\n", big/5), "long scalar": "town: " + strings.Repeat("镇", big/3), "comments": strings.Repeat("#\n", big/2), "questions": strings.Repeat("? ", big/2),
		"unknown keys": sample + "indicators:\n" + keys90k(": 1\n"), "unknown addresses": sample + "layers: {a: {set: {\n" + keys90k(": 1,\n") + "}}}\n", "unknown layers": sample + "scenarios: [{id: a, layers: [" + keys90k(",") + "]}]\n",
		"unknown ids": sample + "performance_pay: {of: [" + keys90k(",") + "]}\n", "many elements": "years: 2022\nhistory: 2019-2021\nrevenue:\n" + keys90k(": {}\n"),
		"wildcards": sample + "layers: {a: {set: {" + wildcards() + "}}}\nscenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n",
		"quotes":    "town: \"" + strings.Repeat("\\n", big/2) + "\"", "merges": "x-a: &a {" + keys(400) + "}\nx-b: [" + strings.Repeat("{<<: *a},", 1000) + "]\n", "tags": strings.Repeat("- !a a\n", big/7),
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func() {
				if l := loadText(t, content); l.Plan != nil || len(l.Problems) == 0 {
					t.Error("accepted")
				}
			})
		})
	}
}

// many is a plan of 25 items and as many scenarios as there may be.
func many() string {
	var b strings.Builder
	b.WriteString("years: 2022-2026\nhistory: 2017-2021\ncash: {opening: 1}\nrevenue:\n")
	for i := range 25 {
		fmt.Fprintf(&b, "  r%d: {history: [1, 2, 3, 4, 5], growth: 5%%}\n", i)
	}
	b.WriteString("layers: {slump: {set: {revenue.*.growth: -2pp}}, more: {set: {revenue.*.counts: 50%}}}\nscenarios:\n")
	for i := range maxScenarios {
		fmt.Fprintf(&b, "- {id: s%d, layers: [slump, more]}\n", i)
	}
	return b.String()
}

func keys90k(after string) string {
	var b strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&b, "  key%d%s", i, after)
	}
	return b.String()
}

func wildcards() string {
	var b strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&b, "transfers.*.bands.%d.rate: 1%%, ", i+1)
	}
	return b.String()
}

func TestManyScenarios(t *testing.T) {
	within(t, func() {
		if p := read(t, many()); len(p.Scenarios) != maxScenarios+1 {
			t.Errorf("%d scenarios", len(p.Scenarios))
		}
	})
}

func BenchmarkLoadManyScenarios(b *testing.B) {
	path := filepath.Join(b.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(many()), 0o644); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if Load(path, Options{}).Plan == nil {
			b.Fatal("no plan")
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if Load("guangtong", Options{}).Plan == nil {
			b.Fatal("no plan")
		}
	}
}

func TestStarter(t *testing.T) {
	for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
		l := loadText(t, string(Starter(lang)))
		if l.Plan == nil || len(l.Problems) != 1 || l.Problems[0].Code != "illustrative" {
			t.Fatal(rendered(l))
		}
		if book, problems := model.Build(l.Plan); book == nil || len(problems) > 0 {
			t.Errorf("the starter builds with %v", problems)
		}
	}
}

// FuzzLoad: no input may panic, a plan comes exactly when nothing is wrong, and its book is built and computed or refused.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/errors/*.yaml", "*/plan.yaml", "starter/*.yaml"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, "transfers.share.rate=-10%")
		}
	}
	f.Add([]byte(sample), "revenue.*.growth.2023={a: [1]}")
	f.Fuzz(func(t *testing.T, data []byte, set string) {
		path := filepath.Join(t.TempDir(), "p.yaml")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		l := Load(path, Options{Set: []string{set}})
		failed := slices.ContainsFunc(l.Problems, func(p model.Problem) bool { return !p.Warning })
		if failed == (l.Plan != nil) {
			t.Fatalf("plan: %v, errors: %v", l.Plan != nil, failed)
		}
		if len(l.Problems) > model.Listed+1 {
			t.Fatalf("%d problems are listed", len(l.Problems))
		}
		if l.Plan != nil {
			book, problems := model.Build(l.Plan)
			if l.Problems = append(l.Problems, problems...); book != nil {
				_, problems = book.Run(len(l.Plan.Scenarios) - 1)
				l.Problems = append(l.Problems, problems...)
			}
		}
		for _, p := range l.Problems {
			Render(p, formula.ZH, l.Sources)
		}
	})
}

// TestVariants: a variant is its scenario with its own overrides on top; it has no part in the hash, and its errors say where they are.
func TestVariants(t *testing.T) {
	path := filepath.Join("guangtong")
	plain := Load(path, Options{})
	loaded := Load(path, Options{Variants: []Variant{
		{ID: "low", Of: "unpaid", Set: []string{"transfers.subsidy.amount=100"}},
		{ID: "high", Of: "unpaid", Set: []string{"transfers.subsidy.amount=900"}},
	}})
	if loaded.Plan == nil || plain.Plan == nil {
		t.Fatal(loaded.Problems)
	}
	if plain.Plan.Hash != loaded.Plan.Hash {
		t.Error("variants change the hash of the plan")
	}
	n, place := len(plain.Plan.Scenarios), -1
	for i, s := range plain.Plan.Scenarios {
		if s.ID == "unpaid" {
			place = i
		}
	}
	e := loaded.Plan.Find("transfers.subsidy")
	for i, want := range []string{"100", "900"} {
		if got := e.Params["amount"].Values[n+i].At(loaded.Plan.Calendar.Columns() - 1).String(); got != want {
			t.Errorf("variant %d has %s", i, got)
		}
		if a, b := e.Params["delivered"].Values[n+i], e.Params["delivered"].Values[place]; !a.Same.Equal(b.Same) {
			t.Errorf("variant %d: delivered %v, its scenario %v", i, a, b)
		}
	}
	bad := Load(path, Options{Variants: []Variant{{ID: "x", Of: "base"}, {ID: "y", Of: "base", Set: []string{"transfers.subsidy.amuont=1"}}}})
	if bad.Plan != nil || !strings.Contains(Render(bad.Problems[0], formula.EN, bad.Sources), "--vary:1:1: error: transfers.subsidy has no parameter \"amuont\"") {
		t.Errorf("a wrong variant: %s", Render(bad.Problems[0], formula.EN, bad.Sources))
	}
	// The two ends of a range name the same wrong address, which is said once, under the option they come from.
	bad = Load(path, Options{Variants: []Variant{{ID: "x", Set: []string{"transfers.subsidy.amuont=1"}, From: "--zone"}, {ID: "y", Set: []string{"transfers.subsidy.amuont=2"}, From: "--zone"}}})
	errs := 0
	for _, p := range bad.Problems {
		if !p.Warning {
			errs++
		}
	}
	if errs != 1 || !strings.Contains(Render(bad.Problems[0], formula.EN, bad.Sources), "--zone:1:1: error:") {
		t.Errorf("%d errors: %s", errs, Render(bad.Problems[0], formula.EN, bad.Sources))
	}
	// A variant of no scenario named is one of the first that is declared.
	first := Load(path, Options{Variants: []Variant{{ID: "x"}}})
	if all := first.Plan.Scenarios; all[len(all)-1].Edition != all[1].Edition || all[1].Edition == all[0].Edition {
		t.Errorf("a variant of %+v is %+v", all[1], all[len(all)-1])
	}
}
