package workbook_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// kinked has its kinks at revenue of 1000 (base; below it the subsidy is cut), 1040 (goal of the gate), 1100 and 1200 (bands), and where the award
// reaches the cap of 120: 30 + 50 + 60 % of what is above 1200, so at 1266.666667.
const kinked = `
years: 2022-2026
history: 2019-2021
revenue: {tax: {history: [1000, 1000, 1000], path: [1010, 1020, 1030, 1040, 1050]}}
transfers:
  share:
    kind: above_base
    base: {mean: 3}
    bands: [{rate: 30%}, {over_base: 10%, rate: 50%}, {over_base: 20%, rate: 60%}]
    gate: counted >= goal
    lines: {goal: {formula: "1040"}}
    award_cap: 120
    shortfall_rate: 40%
    shortfall_from: subsidy
    shortfall_carried: yes
  subsidy: {kind: fixed, amount: 15}
cash: {opening: 100}
`

// TestAcrossEveryKink: revenue typed into the sheet on, just below and just above every kink of a clause gives what the engine gives.
func TestAcrossEveryKink(t *testing.T) {
	t.Parallel()
	plan := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(plan, []byte(kinked), 0o600); err != nil {
		t.Fatal(err)
	}
	run := loadRun(t, plan)
	run.Results = []*model.Result{compute(t, run.Book, 0)}
	p := unzip(t, bytesOf(t, run))
	ledger, entries := p.sheet(t, ledgers(run)[0]), p.sheet(t, "假设")
	line, cal := run.Line("revenue.tax.path"), run.Book.Plan.Calendar
	at := inputCell.FindStringSubmatch(*ledger.cell(letters(4+cal.Zero()+1) + strconv.Itoa(ledger.rowOf(t, "revenue.tax.path"))).F)
	first, err := strconv.Atoi(at[1])
	if err != nil || at[2] == "" {
		t.Fatalf("the path is not on the sheet year by year: %v", at)
	}
	fen := decimal.New(1, -6)
	var points []decimal.Decimal
	for _, kink := range []string{"1000", "1040", "1100", "1200", "1266.666667"} {
		k := decimal.RequireFromString(kink)
		points = append(points, k.Sub(fen), k, k.Add(fen), k.Sub(decimal.NewFromInt(30)), k.Add(decimal.NewFromInt(15)))
	}
	want, files := map[string][]*model.Result{}, []string(nil)
	for shift := range len(points) / 5 {
		inputs := run.Book.Inputs(0)
		values := make([]decimal.Decimal, cal.Columns())
		text := func(s string) string {
			for year := range 5 {
				d := points[(year*5+shift*6)%len(points)]
				values[cal.Zero()+1+year] = d
				s = replaceEntry(t, s, "H"+strconv.Itoa(first+year), d.String())
			}
			return s
		}
		file := filepath.Join(t.TempDir(), "kinks.xlsx")
		if err := os.WriteFile(file, p.with(t, entries.part, text), 0o600); err != nil {
			t.Fatal(err)
		}
		inputs[line] = formula.Input{ByYear: values}
		computed, errs := run.Book.Program.Evaluate(inputs)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		want[file], files = []*model.Result{{Scenario: run.Results[0].Scenario, Values: computed}}, append(files, file)
	}
	books := recalculate(t, files...)
	for _, file := range files {
		with := *run
		with.Results = want[file]
		agree(t, &with, books[file])
	}
}
