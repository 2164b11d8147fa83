package reports_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"zhencai/internal/testrun"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// TestTables: every result as a table, in both languages: as many heads as cells, and in every cell the number that a sheet calculates on is the one that the
// page and the terminal show.
func TestTables(t *testing.T) {
	const plan = "../scenarios/guangtong"
	for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
		run := testrun.Compared(t, testrun.Of(t, plan, lang))
		testrun.AddRisk(t, run, plan, 200, 0)
		for _, r := range run.Results {
			a, problems := analysis.Appraise(run.Book, r, false)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			run.Incentives = append(run.Incentives, a)
		}
		risk := run.Risk
		tables := append(run.IncentiveTables(true), run.Summary(), run.BothSides(), run.Drawing(), run.Backtest(), run.Probabilities(risk.Simulated, true), run.Beats(risk.Simulated),
			run.Correlations(risk.Simulated), run.Tornado(risk.Simulated.By, risk.Planned, risk.Bars, 5), run.Variance(risk.Simulated.By, risk.Shares))
		for _, e := range run.Book.Plan.In("transfers") {
			for _, table := range run.Clause(e) {
				table.Head = make([]string, 1+len(run.Results)) // the sheet's own
				tables = append(tables, table)
			}
		}
		for r := range run.Results {
			tables = append(tables, run.Simulated(risk.Simulated, r, true))
			if d := run.Difference(r); d != nil {
				tables = append(tables, run.Contributions(d))
			}
		}
		for l := range risk.Simulated.Lines {
			tables = append(tables, run.Fans(l))
		}
		for _, s := range risk.Swept {
			tables = append(tables, run.Grid(s.Grid, s.Axes, s.Grid.Points()))
		}
		numbers := 0
		for _, table := range tables {
			if table.Caption == run.BothSides().Caption {
				table.Head = make([]string, 1+len(run.Results))
			}
			numbers += sound(t, table)
		}
		if numbers < 1000 {
			t.Errorf("only %d numbers were compared", numbers)
		}
	}
}

// sound checks a table and tells how many of its texts are numbers that were compared.
func sound(t *testing.T, table reports.Table) (numbers int) {
	t.Helper()
	if len(table.Rows) == 0 || table.Brief != nil && len(table.Brief) != len(table.Head) {
		t.Errorf("%q: %d rows, heads %q and %q", table.Caption, len(table.Rows), table.Head, table.Brief)
	}
	for _, row := range table.Rows {
		if len(row.Cells) != len(table.Head)-1 || row.Name == "" {
			t.Errorf("%q, %q: %d cells under %d heads", table.Caption, row.Name, len(row.Cells), len(table.Head))
		}
		for k, c := range row.Cells {
			if c.Number == nil || c.Number.Blank {
				continue
			}
			for _, text := range []string{c.Text, c.Brief} {
				text, _, _ = strings.Cut(text, " +/- ")
				number, percent := strings.CutSuffix(strings.ReplaceAll(text, "pp", "%"), "%")
				shown, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
				if err != nil {
					continue // a colour, or nothing
				}
				numbers++
				tolerance := 0.0100001 // a sampled number that ends in half a fen is rounded as a float in a terminal, as a decimal elsewhere
				if percent {
					shown, tolerance = shown/100, 0.00050001
				}
				if is := c.Number.Value.InexactFloat64(); math.Abs(shown-is) > tolerance && math.Abs(shown-is) > 1e-5*math.Abs(is) {
					t.Errorf("%q, %q, column %d: %s is shown for %s", table.Caption, row.Name, k, text, c.Number.Value)
				}
			}
		}
	}
	return numbers
}
