package workbook_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
)

func BenchmarkWorkbook(b *testing.B) {
	run := loadRun(b, guangtong)
	for b.Loop() {
		if _, err := workbook.Write(run); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHundredScenarios writes a plan of 100 scenarios and 5 years, evaluation included, and beside it has XlsxWriter (Debian's python3-xlsxwriter) write as
// many formula cells with values, formatted, in as many sheets:
//
//	go test ./reports -run '^$' -bench HundredScenarios -benchmem -benchtime 3x
func BenchmarkHundredScenarios(b *testing.B) {
	path := filepath.Join(b.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, stress(100, 5), 0o600); err != nil {
		b.Fatal(err)
	}
	plan := scenarios.Load(path, scenarios.Options{}).Plan
	book, _ := model.Build(plan)
	write := func() []byte {
		run := &reports.Run{Book: book, Lang: formula.ZH, Date: "2022-01-15"}
		for s := range plan.Scenarios[1:] {
			run.Results = append(run.Results, compute(b, book, s+1))
		}
		return bytesOf(b, run)
	}
	data := write()
	formulas, rows := 0, 0
	for name, text := range unzip(b, data).text {
		if strings.HasPrefix(name, "xl/worksheets/sheet") {
			formulas += strings.Count(text, "<f>")
			rows += strings.Count(text, "<row ")
		}
	}
	b.Run("zhencai", func(b *testing.B) {
		for b.Loop() {
			write()
		}
		b.ReportMetric(float64(formulas), "formulas")
		b.ReportMetric(float64(rows), "rows")
	})
	b.Run("xlsxwriter", func(b *testing.B) {
		script := fmt.Sprintf(xlsxWriter, filepath.Join(b.TempDir(), "x.xlsx"), 100, formulas/100/10)
		if out, err := exec.Command("/usr/bin/python3", "-c", "import xlsxwriter").CombinedOutput(); err != nil {
			b.Skipf("no XlsxWriter here (apt-get install python3-xlsxwriter): %s", out)
		}
		for b.Loop() {
			if out, err := exec.Command("/usr/bin/python3", "-c", script).CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
		}
	})
}

// xlsxWriter writes sheets of rows of ten formulas with their values.
const xlsxWriter = `
import xlsxwriter
book = xlsxwriter.Workbook(%q)
money = book.add_format({'num_format': '#,##0.00'})
for s in range(%d):
    sheet = book.add_worksheet()
    for r in range(%d):
        for c in range(10):
            sheet.write_formula(r, c, '=ROUND(K%%d*(1+L$4),6)' %% (r + 1), money, 1234.567891 + r)
book.close()
`
