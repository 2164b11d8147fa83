package workbook_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"zhencai/internal/randomplan"
	"zhencai/reports"
	"zhencai/reports/data"
)

// TestOfficeAgreesOnRandomPlans: 200 plans made up from fixed seeds, full of rates that make ties of half a fen. LibreOffice, computing from
// the formulas, must say what the engine says on every line, in every year and scenario.
func TestOfficeAgreesOnRandomPlans(t *testing.T) {
	const plans, together = 200, 50
	dir := t.TempDir()
	for first := uint64(0); first < plans; first += together {
		var files []string
		runs := map[string]*reports.Run{}
		for seed := first; seed < first+together; seed++ {
			plan := filepath.Join(dir, fmt.Sprintf("%d.yaml", seed))
			if err := os.WriteFile(plan, randomplan.New(seed), 0o600); err != nil {
				t.Fatal(err)
			}
			run, again := loadRun(t, plan), loadRun(t, plan)
			if !bytes.Equal(data.CSV(run), data.CSV(again)) || seed%10 == 0 && !bytes.Equal(bytesOf(t, run), bytesOf(t, again)) {
				t.Errorf("seed %d: two runs differ", seed)
			}
			file := write(t, run)
			runs[file], files = run, append(files, file)
		}
		books := recalculate(t, files...)
		for i, file := range files {
			if agree(t, runs[file], books[file]) == 0 {
				t.Errorf("seed %d: nothing was compared", first+uint64(i))
			}
			if t.Failed() {
				t.Fatalf("seed %d:\n%s", first+uint64(i), randomplan.New(first+uint64(i)))
			}
		}
	}
}
