package model_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

var update = flag.Bool("update", false, "rewrite golden files")

// cannotHappen are problems that no plan file can cause: identities hold, or the book is at fault. That more problems are not listed has its example with
// the loader's.
var cannotHappen = []string{"identity", "too_many_problems"}

// made are the bad plans that are too long to keep as files.
var made = map[string]string{
	"formula_too_long": "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [1, 1, 1], growth: 5%, source: 决算}}\ncash: {opening: 10, source: 决算}\ntransfers:\n" +
		"  own: {kind: formula, source: 文件, formula: counted" + strings.Repeat(" + counted", 200) + "}\n",
	"too_many_lines": "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [1, 1, 1], growth: 5%, source: 决算}}\ncash: {opening: 10, source: 决算}\ntransfers:\n" + subsidies(900),
}

// asked are the problems of a comparison: what is asked of the plan's first and last scenario.
var asked = map[string]struct {
	line string
	how  formula.Over
}{
	"difference_line":      {"cach", formula.AtEnd},
	"difference_no_number": {"transfers.share.base.rule", formula.AtEnd},
	"difference_no_year":   {"cash", formula.InYear(2021)},
	"difference_no_total":  {"debt_ratio", formula.Total},
	"difference_blank":     {"debt_ratio", formula.AtEnd},
	"difference_mixed":     {"transfers.own.due", formula.Total},
}

func subsidies(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("  t%d: {kind: fixed, amount: 1, source: 文件}\n", i)
	}
	return text
}

// TestErrorTexts: every problem the rule book can report has one small bad plan and its text in both languages.
func TestErrorTexts(t *testing.T) {
	codes := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:\.(?:fail|warn)\(|Code(?:: | = ))"([a-z_0-9]+)"`).FindAllStringSubmatch(string(text), -1) {
			if !strings.HasSuffix(name, "_test.go") && !slices.Contains(cannotHappen, m[1]) {
				codes[m[1]] = true
			}
		}
	}
	if len(codes) < 18 {
		t.Fatalf("found only %d codes in the source", len(codes))
	}
	t.Chdir(filepath.Join("testdata", "errors"))
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for code := range codes {
		t.Run(code, func(t *testing.T) {
			if many := made[code]; many != "" {
				t.Chdir(t.TempDir())
				if err := os.WriteFile(code+".yaml", []byte(many), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			loaded := scenarios.Load(code+".yaml", scenarios.Options{})
			problems := loaded.Problems
			if loaded.Plan != nil {
				book, more := model.Build(loaded.Plan)
				problems = append(problems, more...)
				for s := range loaded.Plan.Scenarios {
					if book != nil {
						_, more = book.Run(s)
						problems = append(problems, more...)
					}
				}
				if q, ok := asked[code]; ok && book != nil {
					_, more = analysis.Divide(book, 0, len(loaded.Plan.Scenarios)-1, q.line, q.how)
					problems = append(problems, more...)
				}
			}
			text, found := "", false
			for _, p := range problems {
				found = found || p.Code == code
				text += fmt.Sprintf("[%s]\n", p.Code)
				for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
					text += strings.TrimRight(scenarios.Render(p, lang, loaded.Sources), "\n") + "\n"
				}
			}
			if !found {
				t.Errorf("this plan does not cause it:\n%s", text)
			}
			golden := filepath.Join(here, code+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("got\n%s\nwant\n%s", text, want)
			}
		})
	}
}
