package testplan

import (
	"os"
	"path/filepath"
	"testing"

	"zhencai/model/formula"
	"zhencai/scenarios"
)

// Roll rolls a plan forward and writes the new one into a folder of its own: the path of its main file. It must be in every later figure what the old one was.
func Roll(t testing.TB, path string, how scenarios.Rolling) (rolled *scenarios.Rolled, next string) {
	t.Helper()
	rolled, problems, sources := scenarios.Roll(path, how)
	if rolled == nil {
		for _, p := range problems {
			t.Error(scenarios.Render(p, formula.EN, sources))
		}
		t.FailNow()
	}
	dir := t.TempDir()
	for _, f := range rolled.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range rolled.Unlike {
		t.Errorf("rolled by %s: %s in %d was %s, is %s", how.Scenario, u.Line.Name, u.Year, u.Was, u.Is)
	}
	return rolled, filepath.Join(dir, filepath.FromSlash(rolled.Files[0].Name))
}
