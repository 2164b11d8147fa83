package workbook_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// TestOfficePrints: printed by LibreOffice, the workbook of both editions and languages has no ### for a number that does not fit, no page without figures or
// text, and no label that is cut off. With every scenario in the whole set, otherwise with two.
func TestOfficePrints(t *testing.T) {
	t.Parallel()
	totext := testplan.Tool(t, "pdftotext", "what is printed is not read")
	all, county := loadRun(t, guangtong), verifiedRun(t, guangtong, scenarios.Options{Edition: "county"})
	if !testplan.Whole() {
		for _, run := range []*reports.Run{all, county} {
			run.Results = []*model.Result{run.Results[0], run.Results[len(run.Results)-1]}
			compare(t, run)
		}
	}
	county.Lang = formula.EN
	testrun.AddRisk(t, all, guangtong, 2000, 0)
	for name, run := range map[string]*writtenBook{"office": {all, unzip(t, bytesOf(t, all))}, "county": {county, unzip(t, bytesOf(t, county))}} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "book.xlsx")
			if err := os.WriteFile(file, bytesOf(t, run.run), 0o644); err != nil {
				t.Fatal(err)
			}
			pdf := filepath.Join(converted(t, "pdf", file), "0.pdf")
			text, err := exec.Command(totext, "-raw", pdf, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
			if len(pages) < 20 {
				t.Fatalf("%d pages", len(pages))
			}
			for i, page := range pages {
				if strings.Contains(page, "###") {
					t.Errorf("page %d has a number that does not fit", i+1)
				}
				if lines := strings.Count(strings.TrimSpace(page), "\n"); lines < 6 { // footer, title, note, light, header are on every one
					t.Errorf("page %d is empty: %q", i+1, page)
				}
			}
			printed := unspaced(string(text))
			for _, s := range run.parts.sheets(t) {
				for ref, c := range s.cells {
					if col, row := place(ref); col == 2 && row > 4 && c.F == nil && c.T == "inlineStr" && !strings.HasPrefix(c.shown(), "{") && s.cell("C"+ref[1:]).shown() != "" {
						if !strings.Contains(printed, unspaced(c.shown())) && !carried[s.cell("A"+ref[1:]).shown()] {
							t.Errorf("%s %s is not printed whole: %q", s.name, ref, c.shown())
						}
					}
				}
			}
			t.Logf("%d pages", len(pages))
		})
	}
}

// carried are the records for verify, which are not printed.
var carried = map[string]bool{"plan": true, "scenario": true, "layer": true, "field": true, "element": true, "param": true, "sheet": true, "+": true}

func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
