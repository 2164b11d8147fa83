package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhencai/internal/testrun"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
)

// allOrNothing is a plan whose risk is known by hand: the county pays 100 万元 a year with a chance of 90 %, and nothing in any year else.
const allOrNothing = `years: 2022-2023
history: 2017-2021
revenue:
  tax: {label: %[1]s, history: [1000, 1000, 1000, 1000, 1000], growth: 0%%, source: x}
cash: {opening: 10, source: x}
transfers:
  a: {label: %[1]s, kind: fixed, amount: 100, source: x}
uncertainty:
  seed: 5
  owed_over: 50
  shocks:
    transfers.a.delivered: {discrete: {0%%: 10%%, 100%%: 90%%}, persistent: yes}
sweeps:
  offer:
    label: %[1]s
    axes: {transfers.a.amount: [80, 100], transfers.a.delivered: [0%%, 50%%, 100%%]}
    lines: ["incentive_paid:total", "cash:last"]
layers: {less: {set: {transfers.a.amount: 90}}}
scenarios: [{id: plain, label: %[2]s}, {id: less, label: %[1]s, layers: [less]}]
`

func riskRun(t testing.TB, lang formula.Lang, label, scenario string) *reports.Run {
	t.Helper()
	quote := func(s string) string {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(fmt.Sprintf(allOrNothing, quote(label), quote(scenario))), 0o600); err != nil {
		t.Fatal(err)
	}
	run := testrun.Of(t, path, lang)
	testrun.AddRisk(t, run, path, 20_000, 0)
	return run
}

// wordsOf is what the page says of the first line's fan.
func wordsOf(b *briefing, result int) string { return b.fanFigure(0).Views[result].Words }

// TestRiskByHand: words, bands, chances, bars and grid of a plan that can be worked by hand.
func TestRiskByHand(t *testing.T) {
	run := riskRun(t, formula.ZH, "定额补助", "照付")
	b := newBriefing(run)
	// A tenth of the paths has 0, so the 5 % quantile is 0 and all others are 100.
	if got, want := wordsOf(b, 0), "2023年按计划 100.00 万元；模拟中九成在 0.00 到 100.00 万元之间，一半在 100.00 到 100.00 万元之间，中位 100.00 万元。"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	fan := b.fanFigure(0)
	series := written(t, fan.Views[0])["series"].([]any)
	for i, want := range []string{"0.00", "100.00", "0.00", "0.00", "100.00", "100.00"} { // the lowest edge, three bands, the median, the plan
		s := series[i].(map[string]any)
		got := s["data"].([]any)[1].(map[string]any)["value"]
		if got != json.Number(want) || i < 4 && s["stackStrategy"] != "all" {
			t.Errorf("series %d: %v in 2023, want %s; stacked %v", i, got, want, s["stackStrategy"])
		}
	}
	s := run.Risk.Simulated
	for e, want := range map[string]float64{"owed_over": 0.1, "debt_red": 0} {
		for i := range s.Events {
			if s.Events[i].ID != e {
				continue
			}
			if p, err := s.Probability(0, i, 2); math.Abs(p-want) > 4*err {
				t.Errorf("%s: %v ± %v, by hand %v", e, p, err, want)
			}
		}
	}
	if bar := run.Risk.Bars[0]; bar.Param.Key != "delivered" || bar.Ends != analysis.EndsOfLaw || bar.AtLow != run.Risk.Planned-200 || bar.AtHigh != run.Risk.Planned {
		t.Errorf("%+v, planned %v", bar, run.Risk.Planned) // two years of 100
	}
	grid := b.sweepFigure(0)
	var cells []string
	for _, row := range grid.Tables[0].Rows {
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
	}
	if got, want := strings.Join(cells, " "), "0.00 80.00 160.00 0.00 100.00 200.00"; got != want {
		t.Errorf("grid %s, by hand %s", got, want)
	}
	if want := "在“基准计划”上，最低 0.00（定额补助 定额 80、定额补助 兑现率 0%），最高 200.00（定额补助 定额 100、定额补助 兑现率 100%）。"; grid.Views[0].Words != want {
		t.Errorf("got  %s\nwant %s", grid.Views[0].Words, want)
	}
	// What the plan writes itself has no source: illustrative.
	if basis, tag := run.Basis(); basis != "模拟 20000 次，随机种子 5。1 项的波动由计划写定、没有出处，是示例。" || tag != "波动幅度含示例" {
		t.Errorf("%s | %s", basis, tag)
	}
}

// TestRiskOfHistory: a spread from history says how short the history is, whatever else is called illustrative.
func TestRiskOfHistory(t *testing.T) {
	run := testrun.Of(t, testrun.Sample, formula.EN)
	testrun.AddRisk(t, run, testrun.Sample, 1000, 0)
	basis, tag := run.Basis()
	for _, want := range []string{"1000 paths, seed 2022", "2 spreads are estimated from past forecast errors, of which there are as few as 2", "0.6 to 4.4 times", "4 spreads are written in the plan without a source: they are illustrative"} {
		if !strings.Contains(basis, want) {
			t.Errorf("%q is not in %s", want, basis)
		}
	}
	if tag != "history: 2 forecasts, illustrative spreads" {
		t.Error(tag)
	}
	ends := map[string]string{}
	for _, bar := range run.Risk.Bars {
		ends[bar.Element.Address()+"."+bar.Param.Key] = run.EndsName(bar)
	}
	for address, want := range map[string]string{"revenue.vat.growth": "past errors, 5%–95%", "revenue.leaf_tax.growth": "law, 5%–95% (illustrative)", "transfers.subsidy.delivered": "default ±10% (illustrative)"} {
		if ends[address] != want {
			t.Errorf("%s: %q, want %q", address, ends[address], want)
		}
	}
	if got := run.AddressName("transfers.share.rate"); strings.Contains(got, "rate") && !strings.Contains(got, " ") || got == "transfers.share.rate" {
		t.Error(got)
	}
	plain := testrun.Of(t, testrun.WorkedPlan, formula.ZH)
	if data, err := data.JSON(plain); err != nil || bytes.Contains(data, []byte(`"risk"`)) {
		t.Errorf("a plan without uncertainty has risk in its results: %v", err)
	}
	for _, f := range newBriefing(plain).figures() {
		if f.ID == "tornado" || f.ID == "events" || strings.HasPrefix(f.ID, "fan-") {
			t.Errorf("a plan without uncertainty has %s", f.ID)
		}
	}
}

// TestRiskBytes: page and results are the same bytes whatever the number of workers.
func TestRiskBytes(t *testing.T) {
	needAssets(t)
	var pages, results [][]byte
	for _, workers := range []int{1, 3} {
		run := testrun.Of(t, testrun.Sample, formula.ZH)
		testrun.AddRisk(t, run, testrun.Sample, 6000, workers)
		data, err := data.JSON(run)
		if err != nil {
			t.Fatal(err)
		}
		pages, results = append(pages, pageOf(t, run)), append(results, data)
	}
	if !bytes.Equal(pages[0], pages[1]) || !bytes.Equal(results[0], results[1]) {
		t.Error("other workers, other bytes")
	}
}

// TestRiskInBrowser: every chart is drawn in both themes at every width, tables hold the simulated figures, the switch changes the fan, the tip of a year
// says its quantiles, and labels stay text.
func TestRiskInBrowser(t *testing.T) {
	needAssets(t)
	b := startBrowser(t)
	sample := testrun.Of(t, testrun.Sample, formula.ZH)
	testrun.AddRisk(t, sample, testrun.Sample, 5000, 0)
	english := *sample
	english.Lang = formula.EN
	for _, c := range []struct {
		name string
		run  *reports.Run
	}{
		{"risk-zh", sample}, {"risk-en", &english}, {"risk-evil", riskRun(t, formula.ZH, evil, long)},
	} {
		tab := b.open(t, pageOf(t, c.run), 1280, 720)
		ids := []string{"fan-incentive_paid", "events", "tornado", "sweep-0"}
		checkAllDrawn(t, tab)
		for _, theme := range []string{"light", "dark"} {
			tab.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": theme}}}, nil)
			for _, width := range []int{390, 1024, 1280} {
				tab.resize(width, 900)
				tab.settle()
				if over := tab.number(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("%s: at %d px the page is %v px too wide", c.name, width, over)
				}
				for _, id := range ids {
					if n := tab.number(`document.querySelectorAll("#` + id + ` svg path").length`); n < 6 {
						t.Errorf("%s at %d px: %v shapes in %s", c.name, width, n, id)
					}
					if width == 1280 {
						tab.eval(`document.getElementById("` + id + `").closest("section").scrollIntoView(); window.scrollBy(0, -70)`)
						tab.shoot(c.name + "-" + theme + "-" + id)
					}
				}
			}
		}
		s := c.run.Risk.Simulated
		last := len(c.run.Years()) - 1
		table := tab.text(`document.querySelector("#fan-incentive_paid ~ details").textContent`)
		briefing := newBriefing(c.run)
		for r := range c.run.Results {
			for _, q := range reports.Quantiles {
				if want := reports.SampledGrouped(s.Spread[r][0][last].Quantile(q), formula.Money); !strings.Contains(table, want) {
					t.Errorf("%s: %s is not in the table", c.name, want)
				}
			}
		}
		label := func() string {
			return tab.text(`document.getElementById("fan-incentive_paid").getAttribute("aria-label")`)
		}
		first := label()
		tab.eval(`document.querySelectorAll(".switch input")[1].click()`)
		tab.settle()
		if second := label(); second == first || second != wordsOf(briefing, 1) {
			t.Errorf("%s: the switch leaves the fan at %q", c.name, second)
		}
		tab.eval(`document.getElementById("fan-incentive_paid").scrollIntoView({block: "center"})`)
		tab.settle()
		var at struct{ X, Y float64 }
		if err := json.Unmarshal([]byte(tab.text(`(() => { const r = document.getElementById("fan-incentive_paid").getBoundingClientRect(); return JSON.stringify({x: r.right - 150, y: r.top + r.height / 2}); })()`)), &at); err != nil {
			t.Fatal(err)
		}
		tab.do("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": at.X, "y": at.Y}, nil)
		tab.settle()
		tip := tab.text(`document.getElementById("fan-incentive_paid").textContent`)
		if want := "5% " + reports.SampledGrouped(s.Spread[1][0][last].Quantile(0.05), formula.Money); !strings.Contains(tip, want) {
			t.Errorf("%s: the tip does not say %q: %s", c.name, want, tip)
		}
		if n := tab.number(`document.images.length + document.querySelectorAll("iframe, object, embed, link, base").length`); n != 0 {
			t.Errorf("%s: %v elements that a label must have made", c.name, n)
		}
		for _, bad := range tab.complaints() {
			t.Error(bad)
		}
		tab.close()
	}
}
