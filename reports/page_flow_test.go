package reports

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/scenarios"
)

// TestFlowsBalance: of the town's cash and of earmarked money, what comes in is what goes out, to the fen; and the chart draws just that.
func TestFlowsBalance(t *testing.T) {
	dir, plans := t.TempDir(), []string{samplePlan, workedPlan, everythingPlan}
	for seed := range uint64(60) {
		plan := filepath.Join(dir, fmt.Sprintf("%d.yaml", seed))
		if err := os.WriteFile(plan, scenarios.Random(seed), 0o600); err != nil {
			t.Fatal(err)
		}
		plans = append(plans, plan)
	}
	earmarked, together := 0, 0
	for _, plan := range plans {
		b := newBriefing(runOf(t, plan, formula.ZH))
		for r := range b.Results {
			streams := b.streams(r)
			var pots [2]decimal.Decimal
			for _, s := range streams {
				if s.sum.Sign() <= 0 {
					t.Errorf("%s: %s is %s", plan, s.name, s.sum)
				}
				if s.pot == 1 {
					earmarked++
				}
				if s.in {
					pots[s.pot] = pots[s.pot].Add(s.sum)
				} else {
					pots[s.pot] = pots[s.pot].Sub(s.sum)
				}
			}
			if !pots[0].IsZero() || !pots[1].IsZero() {
				t.Errorf("%s, result %d: %s and %s are left over", plan, r, pots[0], pots[1])
			}
			few := b.together(streams, true)
			var all, now decimal.Decimal
			for _, s := range streams {
				all = all.Add(s.sum)
			}
			for _, s := range few {
				now = now.Add(s.sum)
			}
			if len(few) < len(streams) {
				together++
			}
			if !now.Equal(all) {
				t.Errorf("%s: together %s, apart %s", plan, now, all)
			}
		}
	}
	if earmarked == 0 || together == 0 {
		t.Errorf("%d earmarked streams, %d charts with small ones put together: too few to test", earmarked, together)
	}
}

// TestFlowOption: the links of the worked case. Opening cash 86.40; kept revenue 210.323940 + 216.633658 + 223.132668 + 229.826648 + 236.721447
// = 1116.638361; the bond's 600 pays the project and nothing else.
func TestFlowOption(t *testing.T) {
	b := newBriefing(runOf(t, workedPlan, formula.EN))
	f := b.flowFigure()
	var links []string
	for _, l := range f.Views[0].option["series"].([]any)[0].(map[string]any)["links"].([]any) {
		link := l.(map[string]any)
		links = append(links, fmt.Sprint(link["source"], " > ", link["target"], " ", link["value"].(json.Number)))
	}
	for _, want := range []string{"Opening cash > The town's money 86.40", "Revenue the town keeps > The town's money 1116.64", "The town's money > Closing cash 20.00",
		"Bonds for projects > Earmarked money 600.00", "Earmarked money > Projects (earmarked) 600.00"} {
		if !slices.Contains(links, want) {
			t.Errorf("no %q in %q", want, links)
		}
	}
}

// TestContractorsByProject: what the chart draws for each project is its arrears line.
func TestContractorsByProject(t *testing.T) {
	b := newBriefing(runOf(t, samplePlan, formula.ZH))
	f := b.contractorsFigure()
	for r, v := range f.Views {
		series := v.option["series"].([]any)
		for i, e := range b.Book.Plan.In("projects") {
			for k, col := range []int{b.first - 1, b.last} {
				want, _ := b.at(r, e.Address()+".arrears", col)
				got := series[k].(map[string]any)["data"].([]any)[i].(map[string]any)["value"]
				if got != point(want, true, moneyPlaces) {
					t.Errorf("%s in column %d: drawn %v, is %s", e.Address(), col, got, want)
				}
			}
		}
	}
}
