package page

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// explained is a sample run whose second scenario differs from the first by the given amounts, largest first, on what the county keeps.
func explained(t testing.TB, lang formula.Lang, before string, amounts []string, labels ...string) *reports.Run {
	run := newSample(t, lang, []string{"1", "0.4"}, labels...)
	d := &analysis.Difference{Line: "county_keeps", How: formula.Total, From: 0, To: 1, Before: decimal.RequireFromString(before)}
	d.After = d.Before
	for i, amount := range amounts {
		x := decimal.RequireFromString(amount)
		d.Parts = append(d.Parts, analysis.Contribution{Address: fmt.Sprintf("transfers.t%d.amount", i), Label: model.Text{ZH: fmt.Sprintf("第%d处改动", i+1), EN: fmt.Sprintf("change %d", i+1)}, Old: "1", New: "2", Amount: x})
		d.After = d.After.Add(x)
	}
	run.Differences = []*analysis.Difference{nil, d}
	return run
}

func drawnFigure(t testing.TB, run *reports.Run) *figure {
	t.Helper()
	f := newBriefing(run).differenceFigure()
	if f == nil || len(f.Views) != 2 || len(f.Tables) != 2 {
		t.Fatalf("%+v", f)
	}
	return f
}

// hanging reads a ladder back: of each step its name, where it begins, how long it is, and what stands beside it.
func hanging(t *testing.T, v figureView) (steps []string) {
	t.Helper()
	o := written(t, v)
	series := o["series"].([]any)
	under, bars := series[0].(map[string]any)["data"].([]any), series[1].(map[string]any)["data"].([]any)
	for i, name := range o["yAxis"].([]any)[0].(map[string]any)["data"].([]any) {
		bar := bars[i].(map[string]any)
		steps = append(steps, fmt.Sprint(name, " ", under[i].(map[string]any)["value"], " ", bar["value"], " ", bar["label"].(map[string]any)["formatter"]))
	}
	return steps
}

// TestWaterfall: 100 - 150 + 20 = -30, by way of -50; every step hangs where the one before ended.
func TestWaterfall(t *testing.T) {
	f := drawnFigure(t, explained(t, formula.ZH, "100", []string{"-150", "20", "0"}))
	want := []string{"足额兑现 0.00 100.00 100.00", "第1处改动 -50.00 150.00 -150.00", "第2处改动 -50.00 20.00 +20.00", "现状：四成兑现 -30.00 30.00 -30.00"}
	if got := hanging(t, f.Views[1]); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
	for _, s := range written(t, f.Views[1])["series"].([]any) {
		if s.(map[string]any)["stackStrategy"] != "all" {
			t.Error("steps below zero would be drawn from zero")
		}
	}
	if want := "与“足额兑现”相差 -130.00 万元。最大的两处：第1处改动 -150.00，第2处改动 +20.00。"; f.Views[1].Words != want {
		t.Error(f.Views[1].Words)
	}
	if rows := f.Tables[1].Rows; len(rows) != 5 || rows[1].Cells[2].Text != "-150.00" || rows[3].Cells[2].Text != "0.00" || rows[4].Cells[2].Text != "-30.00" {
		t.Errorf("%+v", rows)
	}
	if got := hanging(t, f.Views[0]); len(got) != 2 || !strings.HasPrefix(got[0], "足额兑现 0.00 ") {
		t.Errorf("the first scenario shows %q", got)
	}
}

// TestWaterfallOfMany: ten changes are shown, the rest together.
func TestWaterfallOfMany(t *testing.T) {
	run := explained(t, formula.EN, "5000", strings.Split("-900 800 -700 600 -500 400 -300 200 -100 90 80 -70 60", " "))
	run.Differences[1].Paths, run.Differences[1].Error = 340, decimal.RequireFromString("1.25")
	f := drawnFigure(t, run)
	got := hanging(t, f.Views[1])
	if len(got) != 13 || got[11] != "the other 3 changes 4590.00 70.00 +70.00" { // 5000 - 900 + 800 … + 90 = 4590; 80 - 70 + 60 = 70
		t.Errorf("%q", got)
	}
	if len(f.Tables[1].Rows) != 15 {
		t.Errorf("%d rows", len(f.Tables[1].Rows))
	}
	if !strings.Contains(f.Views[1].Words, "sampled: with so many changes, the mean over 340 orders of making them, standard error at most 1.250000") {
		t.Error(f.Views[1].Words)
	}
	if newBriefing(newSample(t, formula.ZH, []string{"1", "0.4"})).differenceFigure() != nil {
		t.Error("a run without differences has the figure")
	}
}

// TestWaterfallInBrowser: in a real browser a step that crosses zero spans it, labels stay text, and no width breaks the page.
func TestWaterfallInBrowser(t *testing.T) {
	needAssets(t)
	run := explained(t, formula.ZH, "100", []string{"-150", "20"}, evil, long)
	run.Differences[1].Parts[0].Label.ZH, run.Differences[1].Parts[0].Old = evil, evil
	run.Differences[1].Parts[1].Label.ZH = long
	page, err := Write(run)
	if err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, page, 1280, 720)
	for _, width := range []int{1280, 390, 1920} {
		tab.resize(width, 720)
		tab.eval(`document.querySelectorAll(".switch input")[1].click(); document.getElementById("difference").parentNode.scrollIntoView()`)
		tab.settle()
		var bars [4][2]float64 // left and right of each: 0 to 100, 100 to -50, -50 to -30, -30 to 0
		raw := tab.text(fmt.Sprintf(`JSON.stringify([%q, %q, %q, %q].map((fill) => {
			const bar = Array.from(document.querySelectorAll("#difference path")).find((p) => p.getAttribute("fill") === fill).getBoundingClientRect();
			return [bar.left, bar.right];
		}))`, scenarioColours[0].line, stackTones[2].light, stackTones[1].light, scenarioColours[1].line))
		if err := json.Unmarshal([]byte(raw), &bars); err != nil {
			t.Fatal(err)
		}
		zero, hundred := bars[0][0], (bars[0][1] - bars[0][0])
		for i, want := range [4][2]float64{{0, 1}, {-0.5, 1}, {-0.5, -0.3}, {-0.3, 0}} {
			for side, at := range bars[i] {
				if hundred < 20 || math.Abs(at-zero-want[side]*hundred) > 1.5 {
					t.Errorf("at %d px bar %d is drawn %v, zero is at %v and 100 takes %v", width, i, bars[i], zero, hundred)
				}
			}
		}
		if over := tab.number(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("at %d px the page is %v px too wide", width, over)
		}
		tab.shoot(fmt.Sprintf("difference-%d", width))
	}
	if n := tab.number(`document.images.length`); n != 0 {
		t.Errorf("%v elements that a label must have made", n)
	}
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}
