package workbook_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
)

const (
	workedCase = "../../scenarios/worked-case"
	guangtong  = "../../scenarios/guangtong"
	everything = "../../model/testdata/everything.yaml" // every mechanism once
)

var plans = []string{workedCase, guangtong}

// loadRun computes every scenario of a shipped plan but the base.
func loadRun(t testing.TB, dir string) *reports.Run {
	t.Helper()
	l := scenarios.Load(dir, scenarios.Options{})
	if l.Plan == nil {
		t.Fatalf("%s: %s", dir, tell(l.Problems))
	}
	return Of(t, l.Plan)
}

// Of computes every scenario of a plan but the base, and why they differ.
func Of(t testing.TB, plan *model.Plan) *reports.Run {
	t.Helper()
	run := computed(t, plan)
	compare(t, run)
	return run
}

// computed is Of without the differences.
func computed(t testing.TB, plan *model.Plan) *reports.Run {
	t.Helper()
	book, problems := model.Build(plan)
	if book == nil {
		t.Fatal(tell(problems))
	}
	run := &reports.Run{Book: book, Lang: formula.ZH, Date: "2022-01-15"}
	for s := range plan.Scenarios {
		if s > 0 || len(plan.Scenarios) == 1 || plan.Edition != "" {
			run.Results = append(run.Results, compute(t, book, s))
		}
	}
	return run
}

// analyse adds the incentive analysis to a run, as the command does.
func analyse(t testing.TB, run *reports.Run, dir string) {
	t.Helper()
	for _, r := range run.Results {
		a, problems := analysis.Appraise(run.Book, r, false)
		if len(problems) > 0 {
			t.Fatal(tell(problems))
		}
		run.Incentives = append(run.Incentives, a)
	}
	rules := analysis.BaseRules(run.Book.Plan, run.Scenario(0))
	var variants []scenarios.Variant
	for _, r := range rules {
		variants = append(variants, scenarios.Variant{ID: r.Clause + " " + r.ID, Of: run.Results[0].Scenario.ID, Set: r.Set})
	}
	book, problems := model.Build(scenarios.Load(dir, scenarios.Options{Variants: variants}).Plan)
	if book == nil {
		t.Fatal(tell(problems))
	}
	trials, problems := analysis.TryBases(book, rules, len(run.Book.Plan.Scenarios))
	if len(problems) > 0 {
		t.Fatal(tell(problems))
	}
	run.Incentives[0].Bases = trials
}

// compare says of every result why it differs from the first.
func compare(t testing.TB, run *reports.Run) {
	t.Helper()
	run.Differences = make([]*analysis.Difference, len(run.Results))
	for r := range run.Results[1:] {
		d, problems := analysis.DivideResults(run.Book, run.Results[0], run.Results[r+1], "town_receives", formula.Total, 1<<8)
		if len(problems) > 0 {
			t.Fatal(tell(problems))
		}
		run.Differences[r+1] = d
	}
}

func compute(t testing.TB, book *model.Book, scenario int) *model.Result {
	t.Helper()
	r, problems := book.Run(scenario)
	if len(problems) > 0 {
		t.Fatal(tell(problems))
	}
	return r
}

func tell(problems []model.Problem) (text string) {
	for _, p := range problems {
		text += p.Pos.String() + " " + p.Text.EN + "\n"
	}
	return text
}

// write puts a run's workbook into a file of its own folder.
func write(t testing.TB, run *reports.Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, bytesOf(t, run), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func bytesOf(t testing.TB, run *reports.Run) []byte {
	t.Helper()
	data, err := workbook.Write(run)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// near: two numbers as text are the same to a tenth of a fen; ties of half a fen may not go another way. A sheet keeps 15 digits.
func near(a, b string) bool {
	x, err1 := decimal.NewFromString(strings.ToUpper(a))
	y, err2 := decimal.NewFromString(strings.ToUpper(b))
	return err1 == nil && err2 == nil && x.Sub(y).Abs().LessThanOrEqual(decimal.New(1, -7).Add(x.Abs().Shift(-14)))
}

// agree compares every line, year and scenario of a run with the values of a workbook's ledgers.
func agree(t testing.TB, run *reports.Run, sheets map[string][][]string) (compared int) {
	t.Helper()
	cal := run.Book.Plan.Calendar
	for r := range run.Results {
		name := ledgers(run)[r]
		rows := map[string][]string{}
		for _, row := range sheets[name] {
			if len(row) > 0 {
				rows[row[0]] = row
			}
		}
		for line, l := range run.Book.Lines {
			row := rows[l.Address()]
			for year := cal.First; year <= cal.Last; year++ {
				want, got := run.Value(r, line, year), ""
				if col := 3 + cal.Col(year); col < len(row) {
					got = row[col]
				}
				if l.Unit == formula.Choice && (year < cal.Actual) {
					want = ""
				}
				compared++
				if want != got && !near(want, got) {
					t.Errorf("%s, %s in %d: the engine says %q, the sheet %q", name, l.Address(), year, want, got)
				}
			}
		}
	}
	return compared
}

// ledgers names the ledger sheets of a run whose labels are legal and different, as those of the shipped plans are.
func ledgers(run *reports.Run) (names []string) {
	for _, r := range run.Results {
		names = append(names, run.ScenarioLabel(r.Scenario))
	}
	return names
}

// each runs a test over the written file of every shipped plan, and of one of 30 years and 12 scenarios, in the whole set 60: as large as a plan gets.
func each(t *testing.T, check func(t *testing.T, run *reports.Run, p *parts)) {
	for i, dir := range append(plans, "stress") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if books[i] == nil {
				if dir == "stress" {
					dir = filepath.Join(t.TempDir(), "stress.yaml")
					if err := os.WriteFile(dir, stress(testplan.Many(60, 12), 30), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				run := loadRun(t, dir)
				if i < len(plans) {
					analyse(t, run, dir)
				}
				if run.Book.Plan.Uncertainty != nil {
					testrun.AddRisk(t, run, dir, 2000, 0)
				}
				books[i] = &writtenBook{run, unzip(t, bytesOf(t, run))}
			}
			check(t, books[i].run, books[i].parts)
		})
	}
}

// books are the files of each, written once.
var books [3]*writtenBook

type writtenBook struct {
	run   *reports.Run
	parts *parts
}

// stress is a plan of so many scenarios and years.
func stress(scenarios, years int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "town: 广通镇\nversion: \"1\"\nyears: 2022-%d\nhistory: 2017-2021\nrevenue:\n", 2021+years)
	for i := range 8 {
		fmt.Fprintf(&b, "  r%d: {label: 收入%d, history: [1000.5, 1010, 1020, 1040, %d], growth: 3%%, kept_share: 10%%, source: 决算}\n", i, i, 1050+i)
	}
	b.WriteString("transfers:\n" +
		"  share: {label: 分成, kind: above_base, base: {mean: 5}, rate: 50%, lag: 1, source: 文件}\n" +
		"  subsidy: {label: 补助, kind: fixed, amount: 300, source: 文件}\n" +
		"staff: {admin: {label: 行政, posts: 38, filled: 36, pay: 11.8, pay_growth: 4%, paid_by: county, source: 决算}}\n" +
		"spending: {v: {label: 村, category: 基本民生, amount: 148.6, growth: 2%, source: 决算}}\n" +
		"projects: {w: {label: 水厂, cost: {total: 1040, profile: {2022: 50%, 2023: 50%}}, funded_by: [b], source: 批复}}\n" +
		"debt: {b: {label: 债, class: onlent_special, drawn: {2022: 600}, rate: 3.2%, method: level_payment, years: 10, source: 合同}}\n" +
		"cash: {opening: 86.4, floor: 20, source: 决算}\nlayers:\n")
	for i := range scenarios {
		fmt.Fprintf(&b, "  l%d: {set: {transfers.share.rate: %d%%, transfers.subsidy.amount: %d, revenue.*.growth: -%dpp}}\n", i, 30+i%60, 200+i, i%3)
	}
	b.WriteString("scenarios:\n")
	for i := range scenarios {
		fmt.Fprintf(&b, "  - {id: s%d, label: 情景%d, layers: [l%d]}\n", i, i, i)
	}
	return []byte(b.String())
}

// 12. The same run gives the same bytes.
func TestSameBytes(t *testing.T) {
	run := loadRun(t, guangtong)
	first := bytesOf(t, run)
	for range 4 {
		if !bytes.Equal(first, bytesOf(t, loadRun(t, guangtong))) {
			t.Fatal("two runs of the same plan differ")
		}
	}
	p := unzip(t, first)
	if p.names[0] != "[Content_Types].xml" || !slices.IsSorted(p.names[1:]) {
		t.Errorf("order of the parts: %v", p.names)
	}
}

// 16. Whatever a plan calls things, it stays text; sheet names stay legal and different.
func TestHostileText(t *testing.T) {
	t.Parallel()
	run := loadRun(t, guangtong)
	plain := unzip(t, bytesOf(t, run))
	evil := []string{`=1+1`, `+cmd|' /C calc'!A0`, `-2+3`, `@SUM(A1)`, `=HYPERLINK("http://x","y")`, "\t=1", `</t></is></c><script>`, `a:b/c\d?e*f[g]`, "It's & \"quoted\" 'x'", "'", "", "history", "说明", "ABC", "abc",
		strings.Repeat("很长的名称", 20), "x\x00\x0b\uFFFFy", "_x0041_", "😀👨‍👩‍👧", "مرحبا بالعالم", "\u202Eabc", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"}
	plan := run.Book.Plan
	plan.Title, plan.Town, plan.Version, plan.Status = evil[0], evil[1], "&D&\"x\"=1", evil[3]
	next := 0
	name := func() string { next++; return evil[next%len(evil)] }
	for _, e := range plan.Elements {
		e.Label, e.Note, e.Source = name(), name(), name()
		for _, key := range sorted(e.Params) {
			e.Params[key].Source, e.Params[key].Note = name(), name()
		}
	}
	for i := range plan.Scenarios {
		plan.Scenarios[i].Label = name()
	}
	for _, r := range run.Results {
		r.Scenario.Label = name()
	}
	for _, l := range run.Book.Lines {
		if l.Label.ZH = name(); l.Label.ZH == "" {
			l.Label.ZH = "x"
		}
	}
	p := unzip(t, bytesOf(t, run))
	before, after := plain.sheets(t), p.sheets(t)
	seen := map[string]bool{}
	for i, s := range after {
		if n := len([]rune(s.name)); n == 0 || n > 31 || strings.ContainsAny(s.name, `:\/?*[]`) || strings.HasPrefix(s.name, "'") || strings.HasSuffix(s.name, "'") || seen[strings.ToLower(s.name)] {
			t.Errorf("sheet name %q", s.name)
		}
		seen[strings.ToLower(s.name)] = true
		formulas := func(s *xmlSheet) (n int) {
			for _, c := range s.cells {
				if c.F != nil {
					n++
				}
			}
			return n
		}
		if a, b := formulas(before[i]), formulas(s); a != b {
			t.Errorf("%s has %d formulas, with harmless labels %d", s.name, b, a)
		}
		if len(s.Links) != len(before[i].Links) {
			t.Errorf("%s has %d links, with harmless labels %d", s.name, len(s.Links), len(before[i].Links))
		}
	}
	for _, part := range p.names {
		if strings.Contains(p.text[part], `TargetMode="External"`) {
			t.Errorf("%s links to something outside", part)
		}
	}
	file := filepath.Join(t.TempDir(), "evil.xlsx")
	if err := os.WriteFile(file, bytesOf(t, run), 0o600); err != nil {
		t.Fatal(err)
	}
	was, got := values(t, file), values(t, recalculated(t, file)[0])
	for sheet, rows := range was {
		for r, row := range rows {
			for c, v := range row {
				if r >= len(got[sheet]) || c >= len(got[sheet][r]) {
					if v != "" {
						t.Errorf("%q row %d column %d: %q is lost", sheet, r+1, c+1, v)
					}
				} else if x := got[sheet][r][c]; strings.HasPrefix(x, "#") || !near(x, v) && isNumber(v) {
					t.Errorf("%q row %d (%s) column %d: %q became %q", sheet, r+1, row[0], c+1, v, x)
				}
			}
		}
	}
}

// The longest labels a cell can hold, and longer ones, are cut where a cell ends; sheets and the book stay legal, and verify still knows them.
func TestLongestLabels(t *testing.T) {
	plan := scenarios.Load(workedCase, scenarios.Options{}).Plan
	for i, label := range []string{strings.Repeat("长", 32_767), strings.Repeat("😀", 20_000), strings.Repeat("'", 40_000), "=" + strings.Repeat("م", 50_000)} {
		plan.Elements[i].Label = label
	}
	plan.Scenarios[0].Label, plan.Scenarios[1].Label = strings.Repeat("基", 32_767), strings.Repeat("😀", 32_767)
	data := bytesOf(t, Of(t, plan))
	p := unzip(t, data)
	for _, s := range p.sheets(t) {
		if n := len(utf16.Encode([]rune(s.name))); n == 0 || n > 31 {
			t.Errorf("sheet name of %d units", n)
		}
		for ref, c := range s.cells {
			if n := len(utf16.Encode([]rune(c.shown()))); n > 32_767 {
				t.Errorf("%s %s holds %d units", s.name, ref, n)
			}
			if c.F != nil && len(*c.F) > 8192 {
				t.Errorf("%s %s: a formula of %d bytes", s.name, ref, len(*c.F))
			}
		}
		for _, r := range s.Rows {
			if r.Height > 409 {
				t.Errorf("%s: row %d is %v high", s.name, r.R, r.Height)
			}
		}
	}
	if v := verify(t, data); !v.Passed() || len(v.Inputs) > 0 {
		text := v.Text(formula.EN)
		t.Error(text[:min(len(text), 2000)])
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func sorted[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// TestNoResults: a run without results is no workbook.
func TestNoResults(t *testing.T) {
	run := *loadRun(t, workedCase)
	run.Results = nil
	if _, err := workbook.Write(&run); err == nil {
		t.Error("a run without results was written")
	}
}

// The workbook in English has English sheets and formulas that still point at them.
func TestEnglish(t *testing.T) {
	run := loadRun(t, guangtong)
	run.Lang = formula.EN
	p := unzip(t, bytesOf(t, run))
	var names []string
	for _, s := range p.book(t).Sheets {
		names = append(names, s.Name)
	}
	for _, want := range []string{"Guide", "Compare", "Inputs", "Differences", "Checks"} {
		if !slices.Contains(names, want) {
			t.Errorf("no sheet %s in %v", want, names)
		}
	}
	for _, s := range p.sheets(t) {
		for ref, c := range s.cells {
			if c.F != nil && strings.Contains(*c.F, "假设") {
				t.Errorf("%s %s: %s", s.name, ref, *c.F)
			}
		}
	}
}

// The base may be shown like any scenario; its ledger reads the base column, and the sheets keep the order asked for.
func TestBaseAmongTheResults(t *testing.T) {
	t.Parallel()
	run := loadRun(t, guangtong)
	run.Results = []*model.Result{run.Results[3], compute(t, run.Book, 0), run.Results[0]}
	compare(t, run)
	file := write(t, run)
	agree(t, run, values(t, file))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := unzip(t, data)
	for i, column := range []string{"$I$", "$H$", "$J$"} {
		s := p.sheet(t, ledgers(run)[i])
		if f := s.cell("I" + strconv.Itoa(s.rowOf(t, "transfers.share.rate"))).F; f == nil || !strings.HasPrefix(*f, "假设!"+column) {
			t.Errorf("%s calls up %v, want column %s", s.name, *f, column)
		}
	}
	agree(t, run, recalculate(t, file)[file])
}
