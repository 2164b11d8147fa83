package page

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// withIncentives adds an analysis made by hand to a sample: of 5 万元 more over five years the first clause is due 2.5 and paid 2 in every scenario,
// against a base of last year a fifth of that; the county is no worse off from half on.
func withIncentives(run *reports.Run) {
	d := decimal.RequireFromString
	gain := func(due, paid string) analysis.Gain {
		return analysis.Gain{Due: d(due), Paid: d(paid), DueNow: d(due), PaidNow: d(paid)}
	}
	clauses := run.Book.Plan.Elements
	share := clauses[0]
	r := &analysis.Retention{Year: 2022, Lasting: true, Extra: d("5"), ExtraNow: d("5"), Clauses: []analysis.Gain{gain("2.5", "2"), gain("0", "0")}, Kept: gain("0.1", "0.1"), Town: gain("2.6", "2.1"), County: gain("2.4", "2.9")}
	once := *r
	once.Lasting = false
	for range run.Results {
		e := &analysis.BreakEven{Clause: share, Due: &analysis.Additional{Share: d("0.5"), Revenue: d("750")}}
		for tenth := range int64(10) {
			e.Curve = append(e.Curve, analysis.CountyOutcome{Share: decimal.New(tenth, -1), Due: decimal.New(tenth*100-500, 0), Paid: decimal.New(tenth*90-600, 0)})
		}
		run.Incentives = append(run.Incentives, &analysis.Incentive{Clauses: clauses, Overall: []*analysis.Retention{r, &once}, BreakEven: []*analysis.BreakEven{e}})
	}
	for _, rule := range []struct{ id, zh, en, due, paid string }{{"given", "按方案", "as given", "0.5", "0.4"}, {"previous", "上年实绩", "previous year", "0.107994", "0.103838"}} {
		run.Incentives[0].Bases = append(run.Incentives[0].Bases, &analysis.BaseTrial{Rule: analysis.BaseRule{Clause: share.Address(), ID: rule.id, Label: model.Text{ZH: rule.zh, EN: rule.en}}, Clause: share,
			Due: d("1591.013694"), Paid: d("1097.786097"), Lasting: r, Gain: gain(rule.due, rule.paid)})
	}
}

// TestIncentiveInBrowser: both charts are drawn at every width, the tables hold the figures, the switch changes the county's, and labels stay text.
func TestIncentiveInBrowser(t *testing.T) {
	needAssets(t)
	b := startBrowser(t)
	for _, c := range []struct {
		name string
		run  *reports.Run
	}{
		{"incentive-zh", newSample(t, formula.ZH, []string{"1", "0.4"})},
		{"incentive-en", newSample(t, formula.EN, []string{"1", "0"}, "Honoured", "As of today")},
		{"incentive-evil", newSample(t, formula.ZH, []string{"1", "0.4"}, evil, long, evil, long)},
	} {
		withIncentives(c.run)
		page, err := Write(c.run)
		if err != nil {
			t.Fatal(err)
		}
		tab := b.open(t, page, 1280, 720)
		text := tab.text(`Array.from(document.querySelectorAll("#retention ~ details, #breakeven ~ details"), (el) => el.textContent).join(" ")`)
		for _, want := range []string{"0.1080", "0.1038", "1,591.01", "0.5000 ", "0.5200 / 0.4200", "-300.00", "50.0%", "750.00"} {
			if !strings.Contains(text, strings.TrimSpace(want)) {
				t.Errorf("%s: %s is not in the tables", c.name, want)
			}
		}
		for _, width := range []int{390, 1024, 1920} {
			tab.resize(width, width*9/16)
			tab.settle()
			for _, id := range []string{"retention", "breakeven"} {
				if n := tab.number(`document.querySelectorAll("#` + id + ` svg path").length`); n < 8 {
					t.Errorf("%s at %d px: %v shapes in %s", c.name, width, n, id)
				}
				tab.text(`document.getElementById("` + id + `").scrollIntoView() || ""`)
				tab.shoot(c.name + "-" + id)
			}
			if over := tab.number(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s: at %d px the page is %v px too wide", c.name, width, over)
			}
		}
		for _, bad := range tab.complaints() {
			t.Error(bad)
		}
	}
}

// TestIncentiveWords: what the page says of the figures, in both languages, and a county that never gains.
func TestIncentiveWords(t *testing.T) {
	run := newSample(t, formula.ZH, []string{"1"})
	withIncentives(run)
	b := newBriefing(run)
	if got, want := b.retentionWords(), "足额兑现：从2022年起每年多收1万元，五年累计每1万元中镇里应得 0.5200 万元，实拨 0.4200 万元（含镇级留用）。同一收入只换基数规则：按方案时本条应得 0.5000，上年实绩时只有 0.1080。"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := b.breakEvenWords(0, run.Incentives[0].BreakEven[0]), "超收分成：超基数部分中至少这么多由激励带来，县里就不亏。按应得：50.0%（多收 750.00 万元）；按实拨：县里总是吃亏。"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	f := b.retentionFigure()
	series := written(t, f.Views[0])["series"].([]any)
	if got := series[0].(map[string]any)["data"].([]any)[1].(map[string]any)["value"]; got != point(decimal.RequireFromString("0.107994"), true, reports.RatioPlaces) {
		t.Errorf("%v is drawn for 0.107994", got)
	}
}
