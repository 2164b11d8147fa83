package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/reports"
)

// The whole page is tried in a real browser, as a file from the disk.

func TestPageInBrowser(t *testing.T) {
	needAssets(t)
	b := startBrowser(t)
	for _, c := range []struct {
		name string
		run  *reports.Run
	}{
		{"zh", newSample(t, formula.ZH, []string{"1", "0.4", "0", "0.25"})},
		{"en", newSample(t, formula.EN, []string{"0", "1"}, "As of today", "Honoured")},
		{"evil", newSample(t, formula.ZH, []string{"1", "0.4", "0", "0.25", "0.5", "0.6", "0.7", "0.8"}, evil, long, "", long, "", "", "", "", evil, long)},
		{"one", newSample(t, formula.ZH, []string{"1"})},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := Write(c.run)
			if err != nil {
				t.Fatal(err)
			}
			tab := b.open(t, page, 1280, 720)
			checkDrawn(t, tab)
			checkTables(t, tab, c.run)
			if n := tab.number(`document.images.length + document.querySelectorAll("iframe, object, embed, link, base").length`); n != 0 {
				t.Errorf("%v elements that a label must have made", n)
			}
			if n := tab.number(`document.scripts.length`); n != 3 {
				t.Errorf("%v scripts, want ours only", n)
			}
			for _, width := range []int{390, 1024, 1280, 1920} {
				tab.resize(width, width*9/16)
				tab.settle()
				if over := tab.number(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("at %d px the page is %v px too wide", width, over)
				}
				checkDrawn(t, tab)
				tab.shoot(fmt.Sprintf("%s-%d", c.name, width))
			}
			for _, bad := range tab.complaints() {
				t.Error(bad)
			}
		})
	}
}

// checkDrawn wants a picture with shapes in every chart, inside its frame, and words for who cannot see it.
func checkDrawn(t *testing.T, tab *tab) {
	t.Helper()
	var charts []struct {
		ID, Label     string
		Shapes, Texts int
		Over          float64
	}
	raw := tab.text(`JSON.stringify(Array.from(document.querySelectorAll(".chart"), (el) => {
		const svg = el.querySelector("svg"), box = el.getBoundingClientRect(), drawn = svg ? svg.getBoundingClientRect() : {width: 0};
		return {id: el.id, label: el.getAttribute("aria-label") || "", shapes: el.querySelectorAll("svg path").length, texts: el.querySelectorAll("svg text").length, over: Math.abs(drawn.width - box.width)};
	}))`)
	if err := json.Unmarshal([]byte(raw), &charts); err != nil {
		t.Fatal(err)
	}
	if len(charts) != 7 {
		t.Fatalf("%d charts, want 7", len(charts))
	}
	for _, c := range charts {
		if c.Shapes < 8 || c.Texts < 8 || c.Over > 1 || len(c.Label) < 10 {
			t.Errorf("chart %+v", c)
		}
	}
}

// checkTables compares the figures that a reader of the page sees with the results themselves.
func checkTables(t *testing.T, tab *tab, run *reports.Run) {
	t.Helper()
	raw := tab.text(`JSON.stringify(Object.fromEntries(Array.from(document.querySelectorAll("section.figure"), (s) => [s.querySelector(".chart").id,
		Array.from(s.querySelectorAll("table"), (table) => Array.from(table.tBodies[0].rows, (row) => Array.from(row.cells, (cell) => (cell.querySelector(".number") || cell).textContent)))])))`)
	tables := map[string][][][]string{}
	if err := json.Unmarshal([]byte(raw), &tables); err != nil {
		t.Fatal(err)
	}
	same := func(where, shown, line string, result, year int) {
		t.Helper()
		i := run.Line(line)
		want, _, there := run.Results[result].Values.At(i, run.Book.Plan.Calendar.Col(year))
		text, places := strings.ReplaceAll(shown, ",", ""), int32(2)
		if s, rate := strings.CutSuffix(text, "%"); rate {
			text, want, places = s, want.Shift(2), 1
		}
		got, err := decimal.NewFromString(text)
		if err != nil || !there || !got.Equal(want.Round(places)) {
			t.Errorf("%s: the page shows %q for %s in %d, the result is %s", where, shown, line, year, want)
		}
	}
	for id, line := range map[string]string{"cash": "cash", "gap": "gap", "arrears": "arrears_total", "ratio": "debt_ratio", "coverage": "basic_coverage"} {
		if len(tables[id]) != 1 || len(tables[id][0]) != len(run.Results) {
			t.Fatalf("table of %s: %v", id, tables[id])
		}
		for r, row := range tables[id][0] {
			for k, shown := range row[1:] {
				same(id, shown, line, r, 2026-len(row[1:])+1+k)
			}
		}
	}
	for id, lines := range map[string][]string{
		"promises": {"transfers.share.due", "transfers.subsidy.due", "incentive_due", "transfers.share.paid", "transfers.subsidy.paid", "incentive_paid", "transfers.share.owed", "transfers.subsidy.owed", "incentive_owed"},
		"debt":     {"debt_onlent_special", "debt_legacy_loan", "contractors_owed", "overdue", "debt"},
	} {
		if len(tables[id]) != len(run.Results) {
			t.Fatalf("%s has %d tables", id, len(tables[id]))
		}
		for r, table := range tables[id] {
			rows := lines
			if id == "debt" && len(table) == len(lines)-1 {
				rows = append(append([]string{}, lines[:3]...), "debt") // nothing was ever overdue
			}
			if len(table) != len(rows) {
				t.Fatalf("%s has %d rows, want %d", id, len(table), len(rows))
			}
			for i, row := range table {
				for k, shown := range row[1:] {
					same(id, shown, rows[i], r, 2026-len(row[1:])+1+k)
				}
			}
		}
	}
}

func TestScenarioSwitchByKeyboard(t *testing.T) {
	needAssets(t)
	page, err := Write(newSample(t, formula.ZH, []string{"1", "0.4", "0"}))
	if err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, page, 1280, 720)
	shown := func() string {
		return tab.text(`document.querySelector("#promises").getAttribute("aria-label") + " | " +
			Array.from(document.querySelectorAll("[data-of]:not([hidden])"), (el) => el.tagName === "LI" ? "" : el.textContent.trim().slice(0, 5)).filter(Boolean).join(",")`)
	}
	before := shown()
	tab.key("Tab", 9, "")
	if where := tab.text(`document.activeElement.name`); where != "scenario" {
		t.Fatalf("the first Tab leads to %q, want the scenario switch", where)
	}
	tab.key("ArrowRight", 39, "")
	tab.settle()
	after := shown()
	if before == after || !strings.Contains(after, "实拨 1,580.37 万元") {
		t.Errorf("the arrow key changed %q to %q", before, after)
	}
	if rows := tab.text(`Array.from(document.querySelectorAll("tr.on"), (r) => r.dataset.row).join("")`); strings.Trim(rows, "1") != "" || rows == "" {
		t.Errorf("rows %q are marked, want the second scenario's", rows)
	}
	tab.key("Tab", 9, "")
	tab.key("Enter", 13, "\r")
	if n := tab.number(`document.querySelectorAll("main details:not([open])").length`); n != 0 {
		t.Errorf("%v tables stay closed", n)
	}
	tab.shoot("switched")
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}

func TestPagePrints(t *testing.T) {
	needAssets(t)
	page, err := Write(newSample(t, formula.ZH, []string{"1", "0.4", "0", "0.25"}))
	if err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, page, 1280, 720)
	pdf := tab.print()
	if pages := bytes.Count(pdf, []byte("/Type /Page\n")); pages != 8 {
		t.Errorf("%d printed pages, want one for the answer and one per chart", pages)
	}
	if !bytes.Contains(pdf, []byte("/MediaBox [0 0 841")) {
		t.Error("not A4 across")
	}
	tab.settle()
	checkDrawn(t, tab) // and the screen is as it was
	if n := tab.number(`document.querySelectorAll("main details[open]").length`); n != 0 {
		t.Errorf("%v tables stay open after printing", n)
	}
}
