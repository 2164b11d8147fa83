package model_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhencai/internal/testplan"
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
			book := testplan.Open(t, dir)
			byHand(t, book, testplan.Compute(t, book, 0), filepath.Join(dir, "expected.csv"), 7)
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

// listed are the keys that a document names as code, alone or with a value: in the keys' column of its table of mechanisms, or anywhere if it has none.
func listed(text string) map[string]bool {
	keys := map[string]bool{}
	code, key := regexp.MustCompile("`[^`\n]+`"), regexp.MustCompile(`(?:^|[{, ])([a-z_]+)(?:$|:)`)
	for _, row := range regexp.MustCompile("(?s)```.*?```").Split(text, -1) {
		for _, line := range strings.Split(row, "\n") {
			if _, table, found := strings.Cut(text, "| mechanism | keys |"); found {
				cells := strings.Split(line, "|")
				if len(cells) != 6 || !strings.Contains(table, line) {
					continue
				}
				line = cells[2]
			}
			for _, span := range code.FindAllString(line, -1) {
				for _, found := range key.FindAllStringSubmatch(strings.Trim(span, "`"), -1) {
					keys[found[1]] = true
				}
			}
		}
	}
	return keys
}

// TestMechanismsAreListed: every key of a transfer or a revenue item stands in the table of mechanisms, and as code in both READMEs but for the plainest;
// there every kind of transfer and every scheme has its row.
func TestMechanismsAreListed(t *testing.T) {
	plain := []string{"path", "step", "one_off", "one_off_counts", "counts", "kept_share", "extra", "owed_opening", "past_due", "remitted_late", "incentive", "history", "growth"}
	for _, name := range []string{"CONTRIBUTING.md", "README.md", "README.zh.md"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if name != "CONTRIBUTING.md" {
			for _, row := range rows(t) {
				if !strings.Contains(string(text), "\n| "+row+" | ") {
					t.Errorf("%s has no row %s", name, row)
				}
			}
		}
		keys := listed(string(text))
		for _, s := range model.Schema() {
			if s.Key != "transfers" && s.Key != "revenue" {
				continue
			}
			for _, k := range s.Kinds {
				for _, f := range k.Fields {
					if name != "CONTRIBUTING.md" && slices.Contains(plain, f.Key) {
						continue
					}
					if !keys[f.Key] {
						t.Errorf("%s says nothing of %s (%s)", name, f.Key, k.Label.EN)
					}
				}
			}
		}
	}
}

// rows are what a README's tables of kinds and of schemes begin their rows with.
func rows(t *testing.T) (rows []string) {
	for _, s := range model.Schema() {
		for _, k := range s.Kinds {
			if s.Key == "transfers" {
				rows = append(rows, "`"+k.Name+"`")
			}
		}
	}
	dirs, err := filepath.Glob(filepath.Join("..", "scenarios", "schemes", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		rows = append(rows, filepath.Base(dir))
	}
	return rows
}
