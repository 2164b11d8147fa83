package page

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"zhencai/internal/testrun"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/reports/workbook"
)

// TestClippedIsTold: draws held at the bounds of a parameter are told on the page and the sheet as simulate tells them.
func TestClippedIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.yaml")
	plan := strings.Replace(strings.ReplaceAll(allOrNothing, "%%", "%"), "transfers.a.delivered: {discrete: {0%: 10%, 100%: 90%}, persistent: yes}", "transfers.a.delivered: {normal: {sd: 80pp}}", 1)
	plan = strings.NewReplacer("%[1]s", "补助", "%[2]s", "照付").Replace(plan)
	if err := os.WriteFile(path, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	run := testrun.Of(t, path, formula.ZH)
	testrun.AddRisk(t, run, path, 1000, 0)
	said := run.Clipped(run.Risk.Simulated, 0)
	if !strings.HasPrefix(said, "有 ") || !strings.HasSuffix(said, " 次抽到参数界限以外，按界限计") {
		t.Fatalf("said: %q", said)
	}
	if text := terminal.Simulation(run, run.Risk.Simulated, false); !strings.Contains(text, "transfers.a.delivered："+said) {
		t.Errorf("%q is not in\n%s", said, text)
	}
	found := false
	for _, row := range newBriefing(run).spreadTable().Rows {
		for _, c := range row.Cells {
			found = found || c.Note == said
		}
	}
	if !found {
		t.Error("the page does not say how many draws were clipped")
	}
	data, err := workbook.Write(run)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("风险")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(rows, func(row []string) bool { return strings.Contains(strings.Join(row, " "), said) }) {
		t.Error("the sheet does not say how many draws were clipped")
	}
}

// TestSharesNote: what shares add up to beyond what sampling can tell is called noise, not joint effects.
func TestSharesNote(t *testing.T) {
	run := &reports.Run{Lang: formula.EN}
	for want, shares := range map[string][]analysis.Share{
		"together 103.00% +/- 2.24%, what is over 100% is sampling noise":                                     {{Index: 0.7, Err: 0.01}, {Index: 0.33, Err: 0.02}},
		"together 98.00% +/- 2.24%, no farther from 100% than sampling noise":                                 {{Index: 0.7, Err: 0.01}, {Index: 0.28, Err: 0.02}},
		"together 60.00% +/- 2.24%, the rest is what they do together; what is below 0 is sampling noise too": {{Index: 0.61, Err: 0.01}, {Index: -0.01, Err: 0.02}},
		"": nil,
	} {
		if got := run.SharesNote(shares); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
