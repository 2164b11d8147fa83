package page

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model/formula"
	"zhencai/reports"
)

// TestFlowsBalance: of the town's cash and of earmarked money, what comes in is what goes out, to the fen; and the chart draws just that. The parts of debt
// that are drawn are all of it.
func TestFlowsBalance(t *testing.T) {
	plans := []string{testrun.Sample, testrun.WorkedPlan, testrun.EverythingPlan}
	for seed := range uint64(60) {
		plans = append(plans, testplan.WriteRandom(t, seed))
	}
	earmarked, together := 0, 0
	for _, plan := range plans {
		b := newBriefing(testrun.Of(t, plan, formula.ZH))
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
			for col := b.first - 1; col <= b.last; col++ {
				owes, _ := b.at(r, "debt", col)
				for _, part := range debtParts {
					if b.has(part.line) {
						d, _ := b.at(r, part.line, col)
						owes = owes.Sub(d)
					}
				}
				if !owes.IsZero() {
					t.Errorf("%s, result %d: the chart of debt leaves out %s in column %d", plan, r, owes, col)
				}
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

// refunds is a town whose tax is refunded: of 500 it keeps -0.3 × 400 + 10 = -110 a year, -550 in all, and pays 209.09 for livelihood, 103 and 106.09 while
// there is cash. So 500 were there, 759.09 are spent and cash ends at -259.09, which is no source.
const refunds = `years: 2022-2026
history: 2017-2021
revenue:
  tax: {label: 增值税, history: [1000, 900, 50, -300, -400], growth: 0%, kept_share: 30%, source: x}
  fee: {label: 费, history: [10, 10, 10, 10, 10], growth: 0%, kept_share: 100%, source: x}
transfers:
  share: {label: 分成, kind: above_base, base: {mean: 5}, rate: 50%, source: x}
spending:
  livelihood: {label: 民生, category: livelihood, amount: 100, growth: 3%, source: x}
cash: {opening: 500, floor: 0, source: x}
`

// TestFlowsKeepTheirSign: what is negative is called so and goes the other way, an overdraft is called one, and what was available is without it.
func TestFlowsKeepTheirSign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.yaml")
	for _, c := range []struct {
		lang         formula.Lang
		plan         string
		words        string
		links, names []string
	}{
		{formula.ZH, refunds, "镇里五年可用 500.00 万元（含年初资金），用去 759.09 万元，年末透支 259.09 万元（没有来源的钱）；2026年末还有 337.75 万元应付未付。",
			[]string{"年初资金 > 镇级支出（含透支） 500.00", "镇级支出（含透支） > 镇级留用收入（负数） 550.00", "镇级支出（含透支） > 基本民生 209.09", "年末透支（没有来源） > 镇级支出（含透支） 259.09"}, []string{"年末透支（没有来源）"}},
		{formula.EN, refunds, "The town has 500.00 over 5 years (with opening cash) and spends 759.09, 259.09 of it without having it: cash is overdrawn; 337.75 is due and unpaid at the end of 2026 (10k yuan).",
			[]string{"Opening cash > All that was spent, overdraft included 500.00", "All that was spent, overdraft included > Revenue the town keeps (negative) 550.00", "Overdrawn at the end (no source) > All that was spent, overdraft included 259.09"}, []string{"Overdrawn at the end (no source)"}},
		// From -500, without refunds: 5 × 10 come in, 500 make good the overdraft, 450 are still missing.
		{formula.EN, strings.NewReplacer("opening: 500", "opening: -500", "-300, -400", "0, 0").Replace(refunds), "The town has 50.00 over 5 years (with opening cash) and spends 500.00, 450.00 of it without having it: cash is overdrawn; 546.84 is due and unpaid at the end of 2026 (10k yuan).",
			[]string{"Revenue the town keeps > All that was spent, overdraft included 50.00", "All that was spent, overdraft included > Overdraft at the start, made good 500.00", "Overdrawn at the end (no source) > All that was spent, overdraft included 450.00"}, []string{"Overdrawn at the end (no source)"}},
	} {
		if err := os.WriteFile(path, []byte(c.plan), 0o600); err != nil {
			t.Fatal(err)
		}
		view := newBriefing(testrun.Of(t, path, c.lang)).flowFigure().Views[0]
		if view.Words != c.words {
			t.Errorf("words\n%s\nwant\n%s", view.Words, c.words)
		}
		series := written(t, view)["series"].([]any)[0].(map[string]any)
		var links, owed []string
		for _, l := range series["links"].([]any) {
			link := l.(map[string]any)
			links = append(links, fmt.Sprint(link["source"], " > ", link["target"], " ", link["value"].(json.Number)))
		}
		for _, want := range c.links {
			if !slices.Contains(links, want) {
				t.Errorf("no %q in %q", want, links)
			}
		}
		for _, n := range series["data"].([]any) {
			if node := n.(map[string]any); node["itemStyle"].(map[string]any)["color"] == owedColour {
				owed = append(owed, node["name"].(string))
			}
		}
		if !slices.Equal(owed, c.names) {
			t.Errorf("in the colour of debts: %q, want %q", owed, c.names)
		}
	}
}

// TestFlowOption: the links of the worked case. Opening cash 86.40; kept revenue 210.323940 + 216.633658 + 223.132668 + 229.826648 + 236.721447
// = 1116.638361; the bond's 600 pays the project and nothing else.
func TestFlowOption(t *testing.T) {
	b := newBriefing(testrun.Of(t, testrun.WorkedPlan, formula.EN))
	f := b.flowFigure()
	var links []string
	for _, l := range written(t, f.Views[0])["series"].([]any)[0].(map[string]any)["links"].([]any) {
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
	b := newBriefing(testrun.Of(t, testrun.Sample, formula.ZH))
	f := b.contractorsFigure()
	for r, v := range f.Views {
		series := written(t, v)["series"].([]any)
		for i, e := range b.Book.Plan.In("projects") {
			for k, col := range []int{b.first - 1, b.last} {
				want, _ := b.at(r, e.Address()+".arrears", col)
				got := series[k].(map[string]any)["data"].([]any)[i].(map[string]any)["value"]
				if got != point(want, true, reports.MoneyPlaces) {
					t.Errorf("%s in column %d: drawn %v, is %s", e.Address(), col, got, want)
				}
			}
		}
	}
}
