package page

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// The page of whole plans: what its scripts compute must be what the engine computed.

func pageOf(t testing.TB, run *reports.Run) []byte {
	t.Helper()
	page, err := Write(run)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// openBookScript makes the page's rule book again, apart from the page's own.
const openBookScript = `const data = JSON.parse(document.getElementById("page-data").textContent), book = openBook(data.book, data.words);`

// everyFunction has a line for every function, with ties of half a fen, negative numbers, and numbers of many places.
const everyFunction = `
town: 甲镇
county: 乙县
years: 2022-2026
history: 2017-2021
revenue: {tax: {label: 税收, history: [1000.123456, 1010, 999.999999, 1033.3, 1047.25], growth: [1.25%, -3.7%, 0%, 12.345%, 50%], kept_share: 33.333333%}}
transfers:
  own:
    label: 自定
    kind: formula
    formula: "max(counted * 0.0000005 + kept, 0)"
    lines:
      growing: {formula: "counted / prev(counted)", unit: number}
      fallen: {formula: "-(growing - 3) * 1.23456789012345678901234567", unit: number}
      log: {formula: "ln(growing)", unit: number}
      small_log: {formula: "ln(growing / 987654)", unit: number}
      large_log: {formula: "ln(growing * 987654)", unit: number}
      power_of_e: {formula: "exp(log * 7 - 3)", unit: number}
      large_power: {formula: "exp(growing * 20)", unit: number}
      tiny_power: {formula: "exp(-growing * 20)", unit: number}
      side: {formula: "sqrt(growing * 2)", unit: number}
      fifth: {formula: "root(growing * 1234.5, 5)", unit: number}
      nothing: {formula: "root(growing - growing, 3) + sqrt(0)", unit: number}
      cube: {formula: "power(growing, 3)", unit: number}
      inverse: {formula: "power(fallen, -7)", unit: number}
      payment: {formula: "annuity(growing / 20, 13, counted)", unit: money}
      level_payment: {formula: "annuity(growing - growing, 7, counted)", unit: money}
      tie: {formula: "round(counted * 0.5) - round(kept * 2.5)", unit: money}
      below: {formula: "round((kept - counted) * 0.5)", unit: money}
      steps: {formula: "round_to(counted, 0.5) + round_to(kept - counted, 7)", unit: money}
      apart: {formula: "abs(kept - counted)", unit: money}
      middle: {formula: "min(kept, counted, 400) + max(kept, -5, 20)", unit: money}
      added: {formula: "sum(kept, counted, 1) + sum(revenue.*.amount)", unit: money}
      part: {formula: "ratio(kept, counted - counted)", unit: ratio}
      other_part: {formula: "ratio(kept, counted)", unit: ratio}
      before: {formula: "prev(before) + counted", opening: "0", unit: money}
      three_years: {formula: "sum_years(counted, year - 2, year)", unit: money}
      no_years: {formula: "sum_years(counted, year, year - 1)", unit: money}
      first: {formula: "initial(delivered) + (year - last_actual_year) / (year - first_year)", unit: number}
      chosen: {formula: "when(kept > 340 and not (counted >= 2000) or year = 2026, kept, counted)", unit: money}
      told: {formula: "kept != counted and kept < counted and kept <= counted", unit: flag}
      met: {formula: "counted / 3 * 1.5 >= kept * 150.4% and counted / kept - 1 >= growing * 1.9999 or sum_years(counted, year - growing / 3 * 3, year) / 3 > 7", unit: flag}
      small_part: {formula: "ratio(growing, growing / 3 * 3 - growing)", unit: ratio}
cash: {opening: 10}
`

// TestEveryFunctionInThePage: a function of the language that engine.js does not know would only be missed where a plan uses it.
func TestEveryFunctionInThePage(t *testing.T) {
	engine, err := pageScript.ReadFile("engine.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range formula.FunctionNames() {
		if name != "is" && !strings.Contains(everyFunction, name+"(") { // is( ) asks for options, which own formulas have not
			t.Errorf("no line of the test plan uses %s", name)
		}
	}
	for _, name := range append(formula.FunctionNames(), "+", "-", "*", "/", "negative", "decimals", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not") {
		if !strings.Contains(string(engine), `case "`+name+`":`) {
			t.Errorf("engine.js has no %s", name)
		}
	}
}

// TestPageExplainsAsTheProgramDoes: the formula in words, in numbers, and what it reads, of every cell of two plans, in both languages.
func TestPageExplainsAsTheProgramDoes(t *testing.T) {
	t.Parallel()
	needAssets(t)
	b := startBrowser(t)
	for _, plan := range []string{testrun.Sample, testrun.EverythingPlan} {
		for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
			run := testrun.Of(t, plan, lang)
			run.Results = run.Results[len(run.Results)-1:]
			tab := b.open(t, pageOf(t, run), 1280, 720)
			raw := tab.text(`(() => {` + openBookScript + ` const out = [], run = book.run(0, null);
				book.lines.forEach((l, i) => {
					for (let col = l.a; col <= l.z && !l.i; col++) {
						const e = run.explain(i, col);
						out.push({Line: i, Col: col, Words: e.words, Numbers: e.numbers, Reads: run.reads(i, col)});
					}
				});
				return JSON.stringify(out); })()`)
			var cells []struct {
				Line, Col      int
				Words, Numbers string
				Reads          [][2]int
			}
			if err := json.Unmarshal([]byte(raw), &cells); err != nil {
				t.Fatal(err)
			}
			if len(cells) < 1000 {
				t.Fatalf("only %d cells", len(cells))
			}
			brief := newBriefing(run)
			for _, c := range cells {
				l, first := run.Book.Lines[c.Line], run.Book.Plan.Calendar.First
				why := run.Book.Program.Explain(run.Results[0].Values, c.Line, first+c.Col, lang,
					func(line int) string {
						if run.Book.Lines[line].Element == l.Element {
							return run.Label(line)
						}
						return run.FullLabel(line)
					},
					func(line int, d decimal.Decimal) string { return brief.exactly(run.Book.Lines[line].Unit, d) })
				var reads [][2]int
				for _, r := range why.Reads {
					reads = append(reads, [2]int{r.Line, r.Year - first})
				}
				tree, opening := run.Book.Program.Tree(c.Line)
				if c.Col <= run.Book.Plan.Calendar.Zero() {
					tree = opening
				}
				for _, q := range asked(tree) { // the page names options by their labels
					is, option, label := run.T(" 为 ", " is "), q[1].(string), func(o string) string { return run.Option(q[0].(int), o) }
					given := run.Results[0].Values.Option(q[0].(int))
					why.Words = strings.ReplaceAll(why.Words, "]"+is+option, "]"+is+label(option))
					why.Numbers = strings.ReplaceAll(why.Numbers, given+is+option, label(given)+is+label(option))
				}
				if c.Words != why.Words || c.Numbers != why.Numbers || fmt.Sprint(c.Reads) != fmt.Sprint(reads) {
					t.Fatalf("%s column %d\npage    %s\n        %s\n        %v\nprogram %s\n        %s\n        %v", l.Address(), c.Col, c.Words, c.Numbers, c.Reads, why.Words, why.Numbers, reads)
				}
			}
			tab.close()
		}
	}
}

// asked are the questions is( ) in a formula: line and option.
func asked(tree any) (questions [][]any) {
	list, _ := tree.([]any)
	for i, part := range list {
		if i == 0 && part == "is" {
			return [][]any{list[1:]}
		}
		questions = append(questions, asked(part)...)
	}
	return questions
}

// TestWhatIf: 200 settings of the sliders. The page's table must show what `zhencai run` gives with the --set that the page itself names.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	needAssets(t)
	for _, c := range []struct {
		plan                           string
		sliders, rows, times, settings int
	}{{testrun.Sample, 4, 12, 200, 190}, {testrun.EverythingPlan, 21, 13, 40, 38}} { // a plan with an upload has a row for it
		t.Run(filepath.Base(c.plan), func(t *testing.T) {
			t.Parallel()
			whatIf(t, c.plan, c.sliders, c.rows, c.times, c.settings)
		})
	}
}

func whatIf(t *testing.T, plan string, count, rows, times, least int) {
	t.Helper()
	run := testrun.Of(t, plan, formula.ZH)
	tab := startBrowser(t).open(t, pageOf(t, run), 1280, 720)
	brief := newBriefing(run)
	sliders, tries := brief.sliders(), brief.tries()
	if len(sliders) != count || len(tries) != rows {
		t.Fatalf("%s: %d sliders, %d rows", plan, len(sliders), len(tries))
	}
	type setting struct {
		result int
		moves  string
	}
	random, all := rand.New(rand.NewPCG(2, 26)), make([]setting, times)
	for n := range all {
		all[n].result = random.IntN(len(run.Results))
		for i, s := range sliders {
			if random.IntN(3) == 0 {
				continue
			}
			from, to, step := decimal.RequireFromString(s.From), decimal.RequireFromString(s.To), decimal.RequireFromString(s.Step)
			at := from.Add(step.Mul(decimal.NewFromInt(random.Int64N(to.Sub(from).Div(step).IntPart() + 1))))
			all[n].moves += fmt.Sprintf(`slide(%d, "%s");`, i, at)
		}
	}
	slices.SortStableFunc(all, func(a, b setting) int { return a.result - b.result }) // a switch of the scenario draws every chart anew
	settings := 0
	for _, s := range all {
		raw := tab.text(fmt.Sprintf(`(async () => {
			const slide = (i, at) => { const el = document.getElementById("try-" + i); el.value = at; el.dispatchEvent(new Event("input")); };
			document.getElementById("try-reset").click();
			const of = document.querySelectorAll(".switch input")[%d];
			if (!of.checked) of.click();
			%s
			await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
			return JSON.stringify({Set: document.getElementById("try-set").textContent, Rows: Array.from(document.querySelectorAll("#tries tbody tr:not(.group)"), (r) => Array.from(r.querySelectorAll("td"), (c) => (c.querySelector("button") || c).textContent))});
		})()`, s.result, s.moves))
		var shown struct {
			Set  string
			Rows [][]string
		}
		if err := json.Unmarshal([]byte(raw), &shown); err != nil {
			t.Fatal(err)
		}
		var set []string
		for _, part := range strings.Split(shown.Set, " --set ")[1:] {
			set = append(set, strings.TrimSpace(part))
		}
		settings += min(len(set), 1)
		as := testplan.Open(t, plan, set...)
		then := testplan.Compute(t, as, run.Scenario(s.result))
		for i, row := range tries {
			text := func(b *model.Book, v *formula.Values) (string, decimal.Decimal) {
				d, ok := b.Figure(v, b.Program.Index(run.Book.Lines[row.Line].Address()), row.Over)
				if !ok {
					return reports.NoNumber, d
				}
				if row.Rate {
					return reports.Percent(d), d
				}
				return reports.Amount(d), d
			}
			before, was := text(run.Book, run.Results[s.result].Values)
			after, is := text(as, then)
			difference := reports.Amount(is.Sub(was))
			if row.Rate {
				difference = strings.Replace(reports.Percent(is.Sub(was)), "%", " 个百分点", 1)
			}
			if is.GreaterThan(was) {
				difference = "+" + difference
			}
			if before == reports.NoNumber || after == reports.NoNumber {
				difference = reports.NoNumber
			}
			if got := shown.Rows[i]; got[0] != before || got[1] != after || got[2] != difference {
				t.Fatalf("%s %v\n%s shows %v, want %s %s %s", run.Results[s.result].Scenario.ID, set, row.Label, got, before, after, difference)
			}
		}
	}
	if settings < least {
		t.Errorf("only %d settings changed anything", settings)
	}
	tab.shoot("whatif")
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// exactly writes a number in full, as an explanation shows it: rates as per cent, yes and no as words.
func (b *briefing) exactly(unit formula.Unit, d decimal.Decimal) string {
	switch unit {
	case formula.Ratio:
		return reports.Grouped(d.Shift(2).Round(10).String()) + "%"
	case formula.Flag:
		if d.IsZero() {
			return b.T("否", "no")
		}
		return b.T("是", "yes")
	case formula.Year:
		return d.String()
	}
	return reports.Grouped(d.Round(12).String())
}
