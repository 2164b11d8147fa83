package model_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/scenarios"
)

// TestSchemes holds every plan of the scheme library to the figures computed by hand beside it. A plan to copy from must also be free of
// warnings, but that its figures are illustrative, and say when it is used, what to change and how its figures come about.
func TestSchemes(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "scenarios", "schemes", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) < 12 {
		t.Fatalf("only %d schemes", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			book := open(t, dir)
			byHand(t, book, compute(t, book, 0), filepath.Join(dir, "expected.csv"), 7)
			_, built := model.Build(book.Plan)
			for _, p := range append(scenarios.Load(dir, scenarios.Options{}).Problems, built...) {
				if p.Code != "illustrative" {
					t.Errorf("%s: %s", p.Pos, p.Text.EN)
				}
			}
			text, err := os.ReadFile(filepath.Join(dir, "plan.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"\n# 适用：", "\n# 抄用时改：", "\n# 算例（万元）：", "\n#   202"} {
				if !strings.Contains(string(text), part) {
					t.Errorf("its comment has no part %q", part)
				}
			}
		})
	}
}
