package page

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testrun"
	"zhencai/model/formula"
	"zhencai/reports/data"
)

// bigPlan has as much as a page must bear: 12 scenarios, 30 years, 25 revenue items, 15 projects.
func bigPlan(t testing.TB) string {
	var b strings.Builder
	b.WriteString("town: 广通镇\ncounty: 禄丰市\ntitle: 三十年测算\nyears: 2022-2051\nhistory: 2017-2021\nrevenue:\n")
	for i := range 25 {
		fmt.Fprintf(&b, "  r%d: {label: 收入项目%d, history: [%d, %d, %d, %d, %d], growth: %d%%, kept_share: %d%%, source: 决算, grade: A}\n", i, i+1, 100+i, 104+i, 108+i, 111+i, 115+i, i%6, i%3*20)
	}
	b.WriteString("transfers:\n  share: {label: 超收分成, kind: above_base, base: {mean: 5}, rate: 50%, term: {from: 2022, years: 30}, lag: 1, source: 文件, grade: B}\n  subsidy: {label: 定额补助, kind: fixed, amount: 300, term: {from: 2022, years: 30}}\n")
	b.WriteString("spending:\n  living: {label: 基本民生, category: 基本民生, amount: 400, growth: 2%}\n  running: {label: 运转, category: 运转, amount: 350, growth: 2%}\nprojects:\n")
	for i := range 15 {
		fmt.Fprintf(&b, "  p%d: {label: 基础设施建设项目%d, cost: {%d: %d, %d: %d}, owed: %d}\n", i, i+1, 2022+i, 100+10*i, 2024+i, 80, 20*i)
	}
	b.WriteString("debt:\n  loan: {label: 存量借款, class: legacy_loan, opening: 900, rate: 4.9%, method: equal_principal, years: 12}\ncash: {opening: 86.4, floor: 20}\nlayers:\n")
	for i := range 12 {
		fmt.Fprintf(&b, "  l%d: {label: 兑现%d%%, set: {transfers.*.delivered: %d%%}}\n", i, 100-8*i, 100-8*i)
	}
	b.WriteString("scenarios:\n")
	for i := range 12 {
		fmt.Fprintf(&b, "  - {id: s%d, label: 县里兑现百分之%d的情景, layers: [l%d]}\n", i, 100-8*i, i)
	}
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBigPage: the page of a very large plan draws everything, fits the window, changes scenarios, explains and tries. Times are logged only.
func TestBigPage(t *testing.T) {
	needAssets(t)
	run := testrun.Compared(t, testrun.Of(t, bigPlan(t), formula.ZH))
	page := pageOf(t, run)
	tab := startBrowser(t).open(t, page, 1280, 720)
	t.Logf("%d lines, page of %d bytes", len(run.Book.Lines), len(page))
	if len(page) > 8<<20 {
		t.Errorf("the page is %d bytes", len(page))
	}
	checkAllDrawn(t, tab)
	timed := func(what, script string) {
		t.Logf("%s: %.0f ms", what, tab.number(`(() => { const start = performance.now(); `+script+`; return performance.now() - start; })()`))
	}
	timed("switch of the scenario, with its what-if", `document.querySelectorAll(".switch input")[11].click()`)
	timed("reasons of a figure", `document.querySelectorAll("#contractors ~ details tr:last-child button.number")[30 + 11 * 31].click()`)
	timed("one slider moved", `const el = document.querySelector("[data-slider]"); el.value = 30; el.dispatchEvent(new Event("input"))`)
	tab.settle()
	if got := tab.text(`document.getElementById("why-documents").children.length`); got != "2" {
		t.Errorf("the documents are not listed: %s", got)
	}
	// A scenario that nobody has chosen yet is computed from its first year on when its last is asked for.
	for scenario := range run.Results {
		if got := tab.text(fmt.Sprintf(`(() => { const b = document.querySelectorAll("#arrears ~ details tr[data-row='%d'] button.number")[30]; b.click(); return b.textContent + document.querySelector("#why .big").firstChild.textContent; })()`, scenario)); got != strings.Repeat(got[:len(got)/2], 2) {
			t.Errorf("scenario %d: table and panel say %q", scenario, got)
		}
	}
	tab.key("Escape", 27, "")
	for _, width := range []int{390, 1280, 1920} {
		tab.resize(width, width*9/16)
		tab.settle()
		if over := tab.number(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("at %d px the page is %v px too wide", width, over)
		}
		tab.shoot(fmt.Sprintf("big-%d", width))
	}
	checkAllDrawn(t, tab)
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// TestPageShowsTheResults: every figure of every table and sentence of the page is that of results.csv, to the digits shown.
func TestPageShowsTheResults(t *testing.T) {
	needAssets(t)
	for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
		run := testrun.Of(t, testrun.Sample, lang)
		results := map[string]decimal.Decimal{}
		rows, err := csv.NewReader(strings.NewReader(string(data.CSV(run)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if row[5] != "" {
				results[row[0]+" "+row[1]+" "+row[4]] = decimal.RequireFromString(row[5])
			}
		}
		tab := startBrowser(t).open(t, pageOf(t, run), 1280, 720)
		var shown [][2]string
		raw := tab.text(`JSON.stringify(Array.from(document.querySelectorAll("main section:not(.whatif) [data-why]"), (b) => [b.dataset.why, b.textContent]))`)
		if err := json.Unmarshal([]byte(raw), &shown); err != nil {
			t.Fatal(err)
		}
		cal, checked := run.Book.Plan.Calendar, 0
		for _, s := range shown {
			part := strings.Split(s[0], " ")
			result, _ := strconv.Atoi(part[0])
			line, _ := strconv.Atoi(part[1])
			key := run.Results[result].Scenario.ID + " " + run.Book.Lines[line].Address() + " "
			var want decimal.Decimal
			if part[2] == "total" {
				for year := cal.Actual + 1; year <= cal.Last; year++ {
					want = want.Add(results[key+strconv.Itoa(year)])
				}
			} else {
				col, _ := strconv.Atoi(part[2])
				if strings.Trim(s[1], "0123456789") == "" && len(s[1]) == 4 { // a year of the sentence leads to its gap
					if s[1] != strconv.Itoa(cal.First+col) {
						t.Errorf("%s leads to %s", s[1], s[0])
					}
					continue
				}
				want = results[key+strconv.Itoa(cal.First+col)]
			}
			text, places := strings.ReplaceAll(s[1], ",", ""), int32(2)
			if rate, ok := strings.CutSuffix(text, "%"); ok {
				text, want, places = rate, want.Shift(2), 1
			}
			got, err := decimal.NewFromString(text)
			if err != nil || !got.Equal(want.Round(places)) {
				t.Errorf("%s: the page shows %q, results.csv has %s", key+part[2], s[1], want)
			}
			checked++
		}
		if checked < 1500 {
			t.Errorf("only %d figures were checked", checked)
		}
	}
}
