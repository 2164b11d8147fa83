package workbook_test

import (
	"bytes"
	"testing"

	"zhencai/internal/randomplan"
	"zhencai/internal/testplan"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/scenarios"
)

// TestOfficeAgreesOnRandomPlans: plans made up from fixed seeds, full of rates that make ties of half a fen. LibreOffice, computing from the formulas, must
// say what the engine says on every line, in every year and scenario. Of 200 plans in the whole set, otherwise of those that have every pair of mechanisms.
func TestOfficeAgreesOnRandomPlans(t *testing.T) {
	t.Parallel()
	seeds := testplan.Covering
	if testplan.Whole() {
		seeds = testplan.Plans(t, 200)
	}
	sideBySide(t, seeds, 11, func(t *testing.T, seeds []uint64) {
		var runs []*reports.Run
		var files []string
		for _, seed := range seeds {
			plan := testplan.WriteRandom(t, seed)
			run, again := loadRun(t, plan), computed(t, scenarios.Load(plan, scenarios.Options{}).Plan)
			if !bytes.Equal(data.CSV(run), data.CSV(again)) {
				t.Errorf("seed %d: two runs differ", seed)
			}
			if seed%10 == 0 {
				if compare(t, again); !bytes.Equal(bytesOf(t, run), bytesOf(t, again)) {
					t.Errorf("seed %d: two workbooks differ", seed)
				}
			}
			runs, files = append(runs, run), append(files, write(t, run))
		}
		books := recalculate(t, files...)
		for i, seed := range seeds {
			if agree(t, runs[i], books[files[i]]) == 0 {
				t.Errorf("seed %d: nothing was compared", seed)
			}
			if t.Failed() {
				t.Fatalf("seed %d:\n%s", seed, randomplan.New(seed))
			}
		}
	})
}
