package workbook_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testrun"
	"zhencai/model/formula"
)

// TestRiskSheet: the sheet holds the simulated figures as numbers, says that they are static and how to renew them, and verify notices a change.
func TestRiskSheet(t *testing.T) {
	run := loadRun(t, guangtong)
	testrun.AddRisk(t, run, guangtong, 5000, 0)
	data := bytesOf(t, run)
	s := unzip(t, data).sheet(t, "风险")
	if note := s.cell("A2").shown(); !strings.Contains(note, "静态") || !strings.Contains(note, "zhencai run") {
		t.Errorf("the sheet does not say that it is static: %q", note)
	}
	text, section, found := "", "", 0
	sim := run.Risk.Simulated
	check := func(n, what string, result int, want float64) {
		t.Helper()
		found++
		c := s.cell(letters(5+result) + n)
		if c.F != nil || !near(c.V, decimal.NewFromFloat(want).Round(2).String()) && !near(c.V, decimal.NewFromFloat(want).Round(6).String()) {
			t.Errorf("row %s, %s: %+v, the simulation says %v", n, what, c, want)
		}
	}
	for _, r := range s.Rows {
		n := strconv.Itoa(r.R)
		title, label, when := s.cell("A"+n).shown(), s.cell("B"+n).shown(), s.cell("D"+n).shown()
		text += title + label + "\n"
		switch {
		case strings.HasPrefix(title, "激励资金实拨"):
			section = "paid"
		case title != "":
			section = ""
		case section == "paid" && label == "95%" && when == "2026":
			for i := range run.Results {
				check(n, label, i, sim.Spread[i][0][4].Quantile(0.95))
			}
		case label == "概率" && when == "至少一年" && found < 2*len(run.Results): // of the first event
			for i := range run.Results {
				p, _ := sim.Probability(i, found/len(run.Results), 5)
				check(n, label, i, p)
			}
		}
	}
	if found < 3*len(run.Results) {
		t.Errorf("%d figures found", found)
	}
	for _, want := range []string{"模拟 5000 次", "历年预测误差 2 次", "无出处：示例", "县的财力状态", "60% / 500"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the sheet", want)
		}
	}
	for ref, c := range s.cells {
		if c.F != nil && ref != "A3" {
			t.Errorf("%s is a formula: %s", ref, *c.F)
		}
	}
	if v := verify(t, data); !v.Passed() || v.Touched {
		t.Error(v.Text(formula.EN))
	}
	altered := unzip(t, data).with(t, s.part, func(xml string) string { return strings.Replace(xml, "<v>500</v>", "<v>501</v>", 1) })
	if v := verify(t, altered); v.Passed() || len(v.Formulas) != 1 || v.Formulas[0].Cell != "风险" {
		t.Errorf("a figure typed over:\n%s", v.Text(formula.EN))
	}
	// The worked case says nothing of uncertainty.
	for _, s := range unzip(t, bytesOf(t, loadRun(t, workedCase))).sheets(t) {
		if s.name == "风险" {
			t.Error("a sheet of risk without uncertainty")
		}
	}
}
