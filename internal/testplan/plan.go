package testplan

import (
	"os"
	"path/filepath"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// Open loads and builds a plan that must have no errors.
func Open(t testing.TB, path string, set ...string) *model.Book {
	t.Helper()
	loaded := scenarios.Load(path, scenarios.Options{Set: set})
	problems := loaded.Problems
	var book *model.Book
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	for _, p := range problems {
		if !p.Warning {
			t.Errorf("%s: %s", p.Pos, p.Text.EN)
		}
	}
	if book == nil {
		t.Fatal("no book")
	}
	return book
}

func Compute(t testing.TB, book *model.Book, scenario int) *formula.Values {
	t.Helper()
	r, problems := book.Run(scenario)
	for _, p := range problems {
		t.Errorf("%s", p.Text.EN)
	}
	return r.Values
}

// Write puts a plan into a file of its own.
func Write(t testing.TB, plan string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Same requires two books to have the same values, whatever the order of their lines.
func Same(t *testing.T, seed uint64, a, b *model.Book, x, y *formula.Values) {
	t.Helper()
	if len(a.Lines) != len(b.Lines) {
		t.Fatalf("seed %d: %d lines and %d", seed, len(a.Lines), len(b.Lines))
	}
	for i, l := range a.Lines {
		j := b.Program.Index(l.Name)
		for col := range a.Plan.Calendar.Columns() {
			p, _, _ := x.At(i, col)
			q, _, _ := y.At(j, col)
			if !p.Equal(q) {
				t.Fatalf("seed %d: %s column %d: %s and %s", seed, l.Name, col, p, q)
			}
		}
	}
}
