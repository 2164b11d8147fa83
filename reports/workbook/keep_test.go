package workbook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhencai/reports/workbook"
)

// 17. A workbook that a person saved since we wrote it is told from one of ours as it was.
func TestChanged(t *testing.T) {
	data := bytesOf(t, loadRun(t, workedCase))
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if _, err := workbook.Changed(path); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	p := unzip(t, data)
	edited := p.with(t, p.sheet(t, "假设").part, func(s string) string { return strings.Replace(s, "<v>1000</v>", "<v>1001</v>", 1) + " " })
	for text, want := range map[string]bool{string(data): false, string(edited): true, "not even a workbook": true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if changed, err := workbook.Changed(path); changed != want || err != nil {
			t.Errorf("%d bytes: %v %v, want %v", len(text), changed, err, want)
		}
	}
	if err := os.Truncate(path, workbook.LongestFile+1); err != nil {
		t.Fatal(err)
	}
	if changed, err := workbook.Changed(path); !changed || err != nil {
		t.Errorf("a file that is not read: %v %v", changed, err)
	}
}
