package workbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
)

// TestPreviousHeadlines: read back, every figure of a run is the run's own, whatever way it is made of its years: blanks left out, the least, the greatest, the last.
func TestPreviousHeadlines(t *testing.T) {
	plans := []string{testrun.Sample, testrun.WorkedPlan, testrun.EverythingPlan}
	for seed := range uint64(10) {
		plans = append(plans, testplan.WriteRandom(t, seed))
	}
	headlines := slices.Clone(model.Headlines)
	for _, how := range []formula.Over{formula.Total, formula.AtEnd, formula.Smallest, formula.Largest} {
		for _, line := range []string{"town_receives", "gap", "cash", "debt_ratio", "basic_coverage"} {
			headlines = append(headlines, model.Headline{Line: line, How: how})
		}
	}
	for _, plan := range plans {
		run := testrun.Of(t, plan, formula.ZH)
		data, err := data.JSON(run)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ReadPrevious("results.json", data)
		if err != nil {
			t.Fatal(err)
		}
		for r, result := range run.Results {
			for _, h := range append(headlines, model.Headline{Line: "cash", How: formula.InYear(run.Years()[0])}) {
				if run.Line(h.Line) < 0 { // of uploads, where there are none
					continue
				}
				want, there := run.Headline(r, h)
				unit := run.Book.Lines[run.Line(h.Line)].Unit
				if got, ok := p.Headline(run, result.Scenario.ID, h); ok != there || reports.Plain(got, unit) != reports.Plain(want, unit) && h.How != formula.Total {
					t.Errorf("%s, %s: %s %s was %s (%v), is %s (%v)", plan, result.Scenario.ID, h.Line, h.How, got, ok, want, there)
				} else if got.Sub(want).Abs().Shift(10).IntPart() > 0 { // ratios are kept to 12 places
					t.Errorf("%s, %s: %s %s adds up to %s, is %s", plan, result.Scenario.ID, h.Line, h.How, got, want)
				}
			}
		}
	}
	run := testrun.Of(t, testrun.Sample, formula.ZH)
	data, _ := data.JSON(run)
	p, _ := ReadPrevious("results.json", data)
	delete(p.Values[run.Results[0].Scenario.ID]["cash"], fmt.Sprint(run.Years()[1]))
	if _, there := p.Headline(run, run.Results[0].Scenario.ID, model.Headline{Line: "cash", How: formula.Smallest}); there {
		t.Error("a figure over years of which one is missing")
	}
	if _, err := readResults("results.json", data, 10); err == nil || !strings.Contains(err.Error(), "all has more than 10") {
		t.Errorf("more than is allowed in all: %v", err)
	}
}
