package workbook_test

import (
	"strings"
	"testing"

	"zhencai/reports/data"
	"zhencai/reports/workbook"
)

// TestPreviousIsReadOrRefused: an earlier version is read with a byte order mark and without; what is something else, or holds a cell without a value, is told for what it is.
func TestPreviousIsReadOrRefused(t *testing.T) {
	run := loadRun(t, workedCase)
	document, err := data.JSON(run)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"", "\ufeff", "\ufeff\r\n"} {
		if p, err := workbook.ReadPrevious("results.json", []byte(mark+string(document))); err != nil || p.Hash != run.Book.Plan.Hash {
			t.Errorf("with %q before it: %v", mark, err)
		}
	}
	p := unzip(t, bytesOf(t, run))
	noValue := p.with(t, p.sheet(t, "假设").part, func(s string) string { return replaceEntry(t, s, "H8", "#N/A") })
	wide := []byte("\xff\xfe")
	for _, b := range document {
		wide = append(wide, b, 0)
	}
	for want, file := range map[string][]byte{"假设!H8": noValue, "UTF-16": wide, "a results.csv will not do": data.CSV(run), "workbook": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "binary": []byte("\x00\x01\x02"), "not a results.json": nil} {
		if _, err := workbook.ReadPrevious("x", file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}
