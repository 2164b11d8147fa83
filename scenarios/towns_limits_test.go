package scenarios

import (
	"runtime"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
)

// TestTownsLimits: a cell has a length, and a row that never ends is not read into memory.
func TestTownsLimits(t *testing.T) {
	t.Chdir(t.TempDir())
	for content, want := range map[string]string{
		"town,cash.opening\na,1\nb," + strings.Repeat("1", model.LongestText+1) + "\n": "towns.csv:3: column 2 has 3001 characters, at most 3000 are allowed",
		"town,cash.opening\na,1\nb,\"" + strings.Repeat("1,1\n", 10<<20):               "towns.csv:3: from here on there is a row of more than 8 MB; probably quotes do not match",
		"town,cash.opening\na,1\n" + strings.Repeat("\n", 20<<20):                      "towns.csv:3: from here on there is a row of more than 8 MB; probably quotes do not match",
		"town,cash.opening\na,1\n" + strings.Repeat("\n", 1<<20) + "b,2\n":             "",
	} {
		table, err := OpenTowns(file(t, "towns.csv", content))
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = table.Next(10)
		runtime.ReadMemStats(&after)
		table.Close()
		got := ""
		if wrong, ours := err.(*TableError); ours {
			got = wrong.In(formula.EN)
		}
		if got != want {
			t.Errorf("%.40q: %q (%v), want %q", content, got, err, want)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 6*mostOfRow {
			t.Errorf("%.40q takes %d MB", content, n>>20)
		}
	}
}
