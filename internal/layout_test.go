// Package internal holds what only tests use, and this test of the layout itself.
package internal

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestLayout holds the imports of every package to the chart in CONTRIBUTING.md, in which they point down only; model/formula may be imported everywhere.
func TestLayout(t *testing.T) {
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	allowed, order := map[string][]string{}, []string{}
	for line := range strings.Lines(string(text)) {
		if from, to, ok := strings.Cut(line, "->"); ok && !strings.ContainsAny(from, "`\"|") {
			from = strings.TrimSpace(from)
			allowed[from], order = strings.Fields(to), append(order, from)
		}
	}
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(strings.ReplaceAll(line, "zhencai/", ""))
		from := names[0]
		if strings.HasPrefix(from, "internal") {
			continue
		}
		found++
		may, listed := allowed[from]
		if !listed && from != "model/formula" {
			t.Errorf("%s is not in the chart", from)
		}
		for _, to := range names[1:] {
			_, ours := allowed[to]
			switch {
			case strings.HasPrefix(to, "internal/") && strings.Contains(line, "zhencai/"+to):
				t.Errorf("%s imports %s, which is for tests", from, to)
			case !ours:
			case !slices.Contains(may, to) && !(strings.HasPrefix(to, "reports/") && slices.Contains(may, "reports/*")):
				t.Errorf("%s imports %s, which the chart does not have", from, to)
			case slices.Index(order, to) < slices.Index(order, from):
				t.Errorf("%s imports %s, which stands above it", from, to)
			}
		}
	}
	if found < len(order) {
		t.Errorf("the chart has %d packages, %d are there", len(order), found)
	}
}
