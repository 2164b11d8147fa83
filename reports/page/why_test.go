package page

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testrun"
	"zhencai/model/formula"
	"zhencai/reports"
)

// cellScript finds the figure of a row and a column heading in a chart's table of one scenario.
const cellScript = `const cell = (chart, scenario, name, year) => {
	const table = Array.from(document.querySelectorAll("#" + chart + " ~ details .scroll")).find((s) => s.dataset.of === String(scenario));
	const col = Array.from(table.querySelectorAll("thead th"), (th) => th.textContent).indexOf(year);
	const row = Array.from(table.querySelectorAll("tbody tr")).find((r) => r.cells[0].textContent.trim() === name);
	return row.cells[col].querySelector("button.number");
};`

// TestWhyThisNumber: a click on what is owed of the share in 2024, where nothing is paid, leads down to the delivery rate that a layer set to 0, to
// the revenue's history and to the town government's report.
func TestWhyThisNumber(t *testing.T) {
	needAssets(t)
	run := testrun.Of(t, testrun.Sample, formula.ZH)
	tab := startBrowser(t).open(t, pageOf(t, run), 1280, 720)
	unpaid := 3
	if id := run.Results[unpaid].Scenario.ID; id != "unpaid" {
		t.Fatal(id)
	}
	tab.eval(fmt.Sprintf(`document.querySelectorAll(".switch input")[%d].click(); document.getElementById("tables").click()`, unpaid))
	tab.eval(`(() => {` + cellScript + `cell("promises", 3, "超收分成 · 欠拨", "2024年").click(); })()`)
	owed, _ := newBriefing(run).at(unpaid, "transfers.share.owed", run.Book.Plan.Calendar.Col(2024))
	for what, want := range map[string]string{
		`document.querySelector("#why .big").textContent`:                    reports.Amount(owed) + " 万元",
		`document.querySelector("#why h3").textContent`:                      "超收分成·欠拨",
		`document.querySelector("#why-body > p").textContent`:                run.Results[unpaid].Scenario.Label + " · 2024年",
		`document.querySelectorAll("#why details > .formula")[0].innerText`:  "= 上年[欠拨] + [应付] - [实拨]",
		`document.activeElement.id`:                                          "why",
		`String(document.querySelectorAll("#why details details").length)`:   "3",
		`document.querySelectorAll("#why details details b")[1].textContent`: newBriefing(run).exactly(formula.Money, mustAt(t, run, unpaid, "transfers.share.payable", 2024)) + " 万元",
	} {
		if got := tab.text(what); got != want {
			t.Errorf("%s is %q, want %q", what, got, want)
		}
	}
	// Down by the keyboard: the third part, what was paid; then its delivery rate, an input.
	down := func(label string) {
		t.Helper()
		tab.eval(fmt.Sprintf(`Array.from(document.querySelectorAll("#why details[open] > details:not([open]) > summary")).filter((s) => s.textContent.startsWith(%q)).pop().focus()`, label))
		tab.key("Enter", 13, "\r")
		tab.eval(`new Promise((done) => setTimeout(done, 60))`)
	}
	down("实拨 2024年")
	down("兑现率 2024年")
	rate := tab.text(`Array.from(document.querySelectorAll("#why .origin"), (o) => o.innerText.replace(/\s+/g, " ")).join("|")`)
	for _, want := range []string{"来源： 镇政府2021年公开报告：因市级财力紧张，激励政策未能兑现", "等级： B 官方文件", "改动： 由层 unpaid 改动", "位置： plan.yaml:"} {
		if !strings.Contains(rate, want) {
			t.Errorf("the delivery rate comes from %q, want %q", rate, want)
		}
	}
	documents := tab.text(`document.getElementById("why-documents").innerText`)
	for _, want := range []string{"以前五年财政收入平均数为基数", "增值税·历年实绩", "增值税·增长率", "超收分成·分成比例", "D 示例", "计划未写，用默认值"} {
		if !strings.Contains(documents, want) {
			t.Errorf("%q is not among the documents:\n%s", want, documents)
		}
	}
	tab.shoot("why")
	tab.key("Escape", 27, "")
	if where := tab.text(`document.activeElement.className + document.activeElement.textContent + document.getElementById("why").hidden`); where != "number"+reports.Amount(owed)+"true" {
		t.Errorf("closing the panel leads to %q", where)
	}
	// Arrow keys go on from there; Enter opens the neighbour.
	tab.key("ArrowRight", 39, "")
	tab.key("Enter", 13, "\r")
	if got := tab.text(`document.querySelector("#why-body > p").textContent`); !strings.HasSuffix(got, "2025年") {
		t.Errorf("the arrow key and Enter open %q", got)
	}
	tab.key("Escape", 27, "")
	// A number of a sentence, a total: the years, each of which leads on.
	tab.eval(`document.querySelector(".answers li[data-of='3'] .number").click()`)
	if got := tab.number(`document.querySelectorAll("#why-body > details").length`); got != 6 {
		t.Errorf("%v years and documents under a total, want 5 and 1", got)
	}
	// A bar of a chart leads to the same as the figure in its table.
	tab.key("Escape", 27, "")
	bar := tab.text(fmt.Sprintf(`(() => { document.getElementById("debt").scrollIntoView({block: "center"});
		const box = Array.from(document.querySelectorAll("#debt path")).filter((p) => p.getAttribute("fill") === %q).map((p) => p.getBoundingClientRect()).sort((a, b) => a.left - b.left).pop();
		return JSON.stringify([box.left + box.width / 2, box.top + box.height / 2]); })()`, stackTones[2].light))
	var at [2]float64
	if err := json.Unmarshal([]byte(bar), &at); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		tab.do("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1}, nil)
	}
	if got, want := tab.text(`document.getElementById("why").hidden + document.querySelector("#why h3").textContent + document.querySelector("#why-body > p").textContent`),
		"false"+run.FullLabel(run.Line("contractors_owed"))+run.Results[unpaid].Scenario.Label+" · 2026年"; got != want {
		t.Errorf("a bar of the debt leads to %q, want %q", got, want)
	}
	tab.key("Escape", 27, "")
	// Every figure of a line has its reasons, in every table.
	if missed := tab.text(`["promises", "flow", "cash", "gap", "arrears", "debt", "ratio", "contractors", "coverage"].map((id) => document.getElementById(id).closest("section")).concat(document.querySelector(".compare"))
		.map((s) => s.querySelectorAll("td").length - s.querySelectorAll("td button[data-why]").length - Array.from(s.querySelectorAll("td span.number")).filter((n) => n.textContent === "—").length).join()`); missed != "0,0,0,0,0,0,0,0,0,0" {
		t.Errorf("figures without reasons, by section: %s", missed)
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

func mustAt(t testing.TB, run *reports.Run, result int, line string, year int) decimal.Decimal {
	t.Helper()
	d, ok := newBriefing(run).at(result, line, run.Book.Plan.Calendar.Col(year))
	if !ok {
		t.Fatalf("%s has no value in %d", line, year)
	}
	return d
}

// TestPresenting: one section at a time fills the screen; arrows turn and change the scenario; Esc gives the page back.
func TestPresenting(t *testing.T) {
	needAssets(t)
	tab := startBrowser(t).open(t, pageOf(t, testrun.Compared(t, testrun.Of(t, testrun.Sample, formula.ZH))), 1280, 720)
	sections := int(tab.number(`document.querySelectorAll("main > section").length`))
	if sections != 13 {
		t.Fatalf("%d sections", sections)
	}
	tab.eval(`document.getElementById("show").focus()`)
	tab.key("Enter", 13, "\r")
	tab.settle()
	for i := range sections {
		var seen struct {
			Shown, Texts int
			Over         float64
			Chart        bool
			Counter      string
		}
		raw := tab.text(`(() => {
			const shown = Array.from(document.querySelectorAll("main > section")).filter((s) => s.offsetParent !== null || s.getClientRects().length > 0);
			const chart = shown[0].querySelector(".chart:not(#whatif)");
			return JSON.stringify({Shown: shown.length, Chart: !!chart, Texts: chart ? chart.querySelectorAll("svg text, svg path").length : 0,
				Over: chart ? chart.getBoundingClientRect().bottom - window.innerHeight : 0, Counter: document.getElementById("slides").textContent});
		})()`)
		if err := json.Unmarshal([]byte(raw), &seen); err != nil {
			t.Fatal(err)
		}
		if seen.Shown != 1 || seen.Chart && (seen.Texts < 8 || seen.Over > 0) || seen.Counter != fmt.Sprintf("第 %d 屏，共 %d 屏", i+1, sections) {
			t.Errorf("screen %d: %+v", i+1, seen)
		}
		tab.key("ArrowRight", 39, "")
		tab.settle()
	}
	tab.key("Home", 36, "")
	tab.key("ArrowDown", 40, "")
	tab.settle()
	if got := tab.text(`Array.from(document.querySelectorAll(".answers li")).filter((li) => li.getClientRects().length > 0).map((li) => li.dataset.of).join() + document.querySelector(".switch input:checked").value`); got != "11" {
		t.Errorf("the down arrow shows scenario %q, want the second", got)
	}
	// A figure can be asked for its reasons here too; the first Esc closes them, the second leaves.
	tab.eval(`document.querySelector(".answers li.on .number").click()`)
	tab.key("Escape", 27, "")
	if !strings.HasPrefix(tab.text(`document.body.className + document.getElementById("why").hidden`), "showtrue") {
		t.Error("the first Esc does not close the reasons only")
	}
	tab.key("Escape", 27, "")
	tab.settle()
	if got := tab.text(`document.body.className + document.activeElement.id`); got != "show" {
		t.Errorf("after leaving: %q", got)
	}
	checkAllDrawn(t, tab)
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// checkAllDrawn wants shapes in every chart of a page, whatever charts it has.
func checkAllDrawn(t *testing.T, tab *tab) {
	t.Helper()
	empty := tab.text(`Array.from(document.querySelectorAll(".chart")).filter((el) => el.querySelectorAll("svg path").length < 5 || !el.getAttribute("aria-label")).map((el) => el.id).join()`)
	if empty != "" {
		t.Errorf("nothing is drawn in %s", empty)
	}
}

// TestThemes: dark by the system and by the switch; charts follow; paper is light; words in every theme can be read.
func TestThemes(t *testing.T) {
	needAssets(t)
	tab := startBrowser(t).open(t, pageOf(t, testrun.Of(t, testrun.Sample, formula.EN)), 1280, 720)
	look := func() string {
		return tab.text(`getComputedStyle(document.body).backgroundColor + " " + document.querySelector("#promises svg text").getAttribute("fill") + " " + document.getElementById("theme").getAttribute("aria-pressed")`)
	}
	const light, dark = "rgb(255, 255, 255) #1a1a1a false", "rgb(20, 24, 29) #e8eaed true"
	for _, c := range []struct{ what, want string }{
		{"system light", light}, {"system dark", dark}, {"switch", light}, {"switch", dark}, {"system light", dark}, {"switch", light},
	} {
		if system, ok := strings.CutPrefix(c.what, "system "); ok {
			tab.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": system}}}, nil)
		} else {
			tab.eval(`document.getElementById("theme").click()`)
		}
		tab.settle()
		if got := look(); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	tab.eval(`document.getElementById("theme").click()`)
	tab.eval(`window.dispatchEvent(new Event("beforeprint"))`)
	if got := look(); !strings.Contains(got, "#1a1a1a") {
		t.Errorf("paper: %s", got)
	}
	tab.eval(`window.dispatchEvent(new Event("afterprint"))`)
	tab.settle()
	if got := look(); got != dark {
		t.Errorf("after printing: %s", got)
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// evilPlan is a small plan in which everything that a user names is hostile, or long.
func evilPlan(t testing.TB) string {
	quoted := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	text := strings.NewReplacer("EVIL", quoted(evil), "LONG", quoted(long)).Replace(`
town: EVIL
county: LONG
title: EVIL
years: 2022-2026
history: 2017-2021
revenue:
  a: {label: EVIL, history: [100, 110, 120, 130, 140], growth: 5%, kept_share: 50%, source: EVIL, note: EVIL, grade: D}
  b: {label: LONG, history: [100, 110, 120, 130, 140], growth: trend, source: LONG}
transfers:
  share: {label: EVIL, kind: above_base, base: {mean: 5}, rate: 50%, lag: 1, source: EVIL, grade: B}
  fixed: {label: LONG, kind: fixed, amount: 30}
  grant: {label: EVIL, kind: grant, amount: {2023: 40}, earmarked_to: works}
spending:
  s: {label: EVIL, category: 基本民生, amount: 150, growth: 3%}
projects:
  works: {label: EVIL, cost: {2022: 100, 2023: 50}, owed: 20}
  other: {label: LONG, cost: {2023: 60}}
debt:
  loan: {label: EVIL, class: legacy_loan, opening: 80, rate: 4%, method: equal_principal, years: 8}
cash: {opening: 10}
layers:
  l: {label: EVIL, source: EVIL, grade: B, set: {transfers.*.delivered: 50%}}
scenarios:
  - {id: one, label: EVIL}
  - {id: two, label: LONG, layers: [l]}
`)
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEvilPlan: hostile and long names stay text in every part of the page, panel and sliders included, and nothing grows too wide.
func TestEvilPlan(t *testing.T) {
	needAssets(t)
	run := testrun.Compared(t, testrun.Of(t, evilPlan(t), formula.ZH))
	tab := startBrowser(t).open(t, pageOf(t, run), 1280, 720)
	before := tab.text(`document.scripts.length + " " + document.querySelectorAll("*").length`)
	if !strings.HasPrefix(before, "3 ") {
		t.Errorf("%s scripts and elements", before)
	}
	for scenario := range run.Results {
		tab.eval(fmt.Sprintf(`document.querySelectorAll(".switch input")[%d].click()`, scenario))
		tab.eval(`document.querySelectorAll("[data-slider]").forEach((el) => { el.value = el.max; el.dispatchEvent(new Event("input")); })`)
		tab.eval(`document.querySelectorAll(".answers .number, #promises ~ details button.number, #tries button.number").forEach((b) => {
			b.click();
			for (let i = 0; i < 4; i++) document.querySelectorAll("#why details:not([open])").forEach((d) => { d.open = true; d.dispatchEvent(new Event("toggle")); });
		})`)
		for _, width := range []int{390, 1024, 1920} {
			tab.resize(width, 720)
			tab.settle()
			if over := tab.number(`Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth, document.getElementById("why").scrollWidth - document.getElementById("why").clientWidth)`); over > 0 {
				t.Errorf("at %d px page or panel is %v px too wide", width, over)
			}
		}
		tab.shoot(fmt.Sprintf("evil-plan-%d", scenario))
	}
	if !strings.Contains(tab.text(`document.getElementById("why").textContent`), evil) {
		t.Error("the panel does not show the label")
	}
	checkAllDrawn(t, tab)
	if n := tab.number(`document.images.length + document.querySelectorAll("iframe, object, embed, link, base, #why script").length`); n != 0 {
		t.Errorf("%v elements that a label must have made", n)
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// TestKeyboardReachesEverything: Tab alone comes to every control, table and slider of the page, and leaves it again.
func TestKeyboardReachesEverything(t *testing.T) {
	needAssets(t)
	tab := startBrowser(t).open(t, pageOf(t, testrun.Compared(t, testrun.Of(t, testrun.Sample, formula.ZH))), 1280, 720)
	tab.settle()
	tab.eval(`document.getElementById("tables").click()`) // so that there are tables to reach
	want := int(tab.number(`(() => {
		window.reached = new Set();
		document.addEventListener("focusin", (e) => reached.add(e.target));
		window.wanted = Array.from(document.querySelectorAll("button:not([tabindex='-1']), input[type=range], summary, .scroll")).concat(document.querySelector(".switch input:checked"))
			.filter((el) => !el.disabled && el.getClientRects().length > 0);
		return wanted.length;
	})()`))
	if want < 60 {
		t.Fatalf("only %d things to reach", want)
	}
	for range want + 10 {
		tab.key("Tab", 9, "")
	}
	if missed := tab.text(`wanted.filter((el) => !reached.has(el)).map((el) => el.outerHTML.slice(0, 80)).join("\n")`); missed != "" {
		t.Errorf("Tab does not reach\n%s", missed)
	}
	// A table is entered at one figure only: the arrow keys do the rest.
	if n := tab.number(`Math.max(...Array.from(document.querySelectorAll("main table"), (t) => t.querySelectorAll("button.number:not([tabindex='-1'])").length))`); n != 1 {
		t.Errorf("%v figures of one table are stops of the Tab key", n)
	}
}

// TestTermsRefused: with growth so low that the clause's own formula awards less than nothing, which the command refuses, the page has no result and says what
// would not hold.
func TestTermsRefused(t *testing.T) {
	needAssets(t)
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(`
town: 甲镇
county: 乙县
years: 2022-2024
history: 2021-2021
revenue: {tax: {label: 税收, history: [1000], growth: 5%, kept_share: 10%}}
transfers: {own: {label: 自定, kind: formula, formula: "counted - prev(counted)"}}
cash: {opening: 10}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, pageOf(t, testrun.Of(t, path, formula.ZH)), 1280, 720)
	tab.settle()
	tried := func(points string) string {
		tab.eval(fmt.Sprintf(`(() => { const el = document.querySelectorAll("[data-slider]")[1]; el.value = %q; el.dispatchEvent(new Event("input")); })()`, points))
		tab.settle()
		return tab.text(`document.getElementById("try-failed").hidden + " " + document.querySelector("#tries tbody tr:nth-child(2)").cells[2].textContent + " " + document.getElementById("try-failed").textContent`)
	}
	// 2022 to 2024 at 6 %: 60 + 63.6 + 67.416
	for _, c := range [][2]string{{"1", "true 191.02 这一组条件算不出结果"}, {"-6", "false — 这一组条件算不出结果：不成立的要求是 自定·应得不是负数"}, {"1", "true 191.02 这一组条件算不出结果"}} {
		if got := tried(c[0]); got != c[1] {
			t.Errorf("at %s points: %q, want %q", c[0], got, c[1])
		}
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

// TestTermsWithoutResult: at one per cent more growth the clause's own formula divides by 1010 - 1010. The page says so and shows no figure; as
// the command does, which refuses.
func TestTermsWithoutResult(t *testing.T) {
	needAssets(t)
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(`
town: 甲镇
county: 乙县
years: 2022-2024
history: 2021-2021
revenue: {tax: {label: 税收, history: [1000], growth: 0%, kept_share: 10%}}
transfers: {own: {label: 自定, kind: formula, formula: "max(counted * counted / (counted - 1010), 0)"}}
cash: {opening: 10}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, pageOf(t, testrun.Of(t, path, formula.ZH)), 1280, 720)
	tab.settle()
	tried := func(points string) string {
		tab.eval(fmt.Sprintf(`(() => { const el = document.querySelectorAll("[data-slider]")[1]; el.value = %q; el.dispatchEvent(new Event("input")); })()`, points))
		tab.settle()
		return tab.text(`document.getElementById("try-failed").hidden + " " + document.querySelector("#tries tbody tr:nth-child(2)").cells[2].textContent`)
	}
	// 2022 to 2024 at 2 %: 1020² ÷ 10 = 104040; 1040.4² ÷ 30.4 = 35606.321053; 1061.208² ÷ 51.208 = 21991.923513; together 161638.244566
	for _, c := range [][2]string{{"2", "true 161,638.24"}, {"1", "false —"}, {"2", "true 161,638.24"}} {
		if got := tried(c[0]); got != c[1] {
			t.Errorf("at %s points: %q, want %q", c[0], got, c[1])
		}
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}
