package scenarios

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
	"zhencai/model/formula"
)

var update = flag.Bool("update", false, "rewrite golden files")

// made are the bad inputs that are too large or too odd to keep as files. Each writes into the current folder and returns a path.
var made = map[string]func(t *testing.T) string{
	"file_missing": func(*testing.T) string { return "missing.yaml" },
	"no_plan_file": func(*testing.T) string { return "." },
	"not_text": func(t *testing.T) string {
		return file(t, "plan.yaml", "\xff\xfey\x00e\x00a\x00r\x00s\x00:\x00")
	},
	"not_a_file":     func(t *testing.T) string { mkdir(t, "plan.yaml"); return "." },
	"file_too_large": func(t *testing.T) string { return sparse(t, "large.yaml", 200<<20) },
	"too_many_values": func(t *testing.T) string {
		bomb := "x0: &x0 [" + strings.Repeat("a,", 50) + "]\n"
		for i := range 8 {
			bomb += fmt.Sprintf("x%d: &x%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d,", i), 50))
		}
		return file(t, "bomb.yaml", bomb)
	},
	"too_many_files": func(t *testing.T) string {
		mkdir(t, "layers")
		for i := range maxFiles {
			file(t, fmt.Sprintf("layers/l%d.yaml", i), "label: x\n")
		}
		return filepath.Dir(file(t, "plan.yaml", small))
	},
	"text_too_long": func(t *testing.T) string {
		return file(t, "long.yaml", strings.Replace(small, "growth", "note: "+strings.Repeat("长", maxText+1)+", label: "+strings.Repeat("长", maxName+1)+", growth", 1))
	},
	"too_many_directives": func(t *testing.T) string {
		return file(t, "percent.yaml", repeated(maxDirectives+1, "%%TAG !%d! a\n")+"---\n"+small)
	},
	"too_many_problems": func(t *testing.T) string {
		return file(t, "bad.yaml", strings.Replace(small, "growth", keys(300)+"growth", 1))
	},
	"too_many_scenarios": func(t *testing.T) string {
		s := small + "scenarios:\n"
		for i := range maxScenarios + 1 {
			s += fmt.Sprintf("- {id: s%d}\n", i)
		}
		return file(t, "many.yaml", s)
	},
	"too_many_elements": func(t *testing.T) string {
		s := small + "transfers:\n"
		for i := range maxElements {
			s += fmt.Sprintf("  t%d: {kind: fixed, amount: 1}\n", i)
		}
		return file(t, "many.yaml", s)
	},
	"too_many_layers": func(t *testing.T) string {
		s := small + "layers:\n"
		for i := range maxLayers + 1 {
			s += fmt.Sprintf("  l%d: {label: x}\n", i)
		}
		return file(t, "many.yaml", s)
	},
	"too_many_changes": func(t *testing.T) string {
		s := strings.Replace(small, "years: 2022-2023", "years: 2022-2051", 1) + "transfers:\n" + repeated(100, "  t%d: {kind: fixed, amount: 1}\n")
		s += "layers: {a: {set: {transfers.*.delivered: 50%, transfers.*.caught_up: 10%"
		s += "}}}\nscenarios:\n"
		for i := range maxScenarios {
			s += fmt.Sprintf("- {id: s%d, layers: [a]}\n", i)
		}
		return file(t, "many.yaml", s)
	},
	"too_many_inputs": func(t *testing.T) string {
		return file(t, "large.yaml", small+"transfers:\n"+repeated(maxElements-100, "  t%d: {kind: fixed, amount: 1}\n")+"scenarios:\n"+repeated(maxScenarios, "- {id: s%d}\n"))
	},
	"too_many_shocks": func(t *testing.T) string {
		s := small + "uncertainty:\n  shocks:\n"
		for i := range mostShocks + 1 {
			s += fmt.Sprintf("    a%d: {normal: {sd: 1}}\n", i)
		}
		return file(t, "many.yaml", s)
	},
	"list_too_long": func(t *testing.T) string {
		return file(t, "long.yaml", small+"transfers: {share: {kind: above_base, base: previous, source: x, bands: ["+strings.Repeat("{rate: 1%},", maxListMembers+1)+"]}}\n")
	},
}

const small = "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 110, 120], growth: 5%, source: x}}\ncash: {opening: 10, source: x}\n"

func keys(n int) (s string) {
	for i := range n {
		s += fmt.Sprintf("k%d: 1, ", i)
	}
	return s
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func mkdir(t *testing.T, name string) {
	t.Helper()
	if err := os.Mkdir(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

func sparse(t *testing.T, name string, size int64) string {
	t.Helper()
	file(t, name, "")
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	return name
}

func rendered(l *Loaded) string {
	var b strings.Builder
	for _, p := range l.Problems[max(0, len(l.Problems)-5):] { // the last few are enough
		b.WriteString("[" + p.Code + "]\n" + Render(p, formula.ZH, l.Sources) + Render(p, formula.EN, l.Sources))
	}
	return b.String()
}

// TestErrors compares every message with its golden text.
func TestErrors(t *testing.T) {
	folder, err := filepath.Abs("testdata/errors")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes(t) {
		t.Run(code, func(t *testing.T) {
			path, opt := code+".yaml", Options{}
			if make := made[code]; make != nil {
				t.Chdir(t.TempDir())
				path = make(t)
			} else {
				t.Chdir(folder)
				if _, err := os.Stat(code); err == nil {
					path = code
				} else if data, err := os.ReadFile(path); err != nil {
					t.Fatalf("the code %s has no example: %v", code, err)
				} else if set, ok := strings.CutPrefix(string(data), "# set: "); ok {
					set, _, _ = strings.Cut(set, "\n")
					opt.Set = []string{set}
				} else if edition, ok := strings.CutPrefix(string(data), "# edition: "); ok {
					opt.Edition, _, _ = strings.Cut(edition, "\n")
				}
			}
			l := Load(path, opt)
			if strings.HasPrefix(code, "roll_") {
				l = rolled(t, path)
			}
			if !slices.ContainsFunc(l.Problems, func(p model.Problem) bool { return p.Code == code }) {
				t.Errorf("the example does not give the problem %s", code)
			}
			for _, p := range l.Problems {
				if p.Text.ZH == "" || p.Text.EN == "" || p.Hint.ZH == "" || p.Hint.EN == "" {
					t.Errorf("%s lacks a text or a hint in a language", p.Code)
				}
			}
			if failed := slices.ContainsFunc(l.Problems, func(p model.Problem) bool { return !p.Warning }); failed == (l.Plan != nil) {
				t.Errorf("plan given: %v, but errors: %v", l.Plan != nil, failed)
			}
			got, golden := rendered(l), filepath.Join(folder, code+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// rolled rolls a plan forward: with the table of the same name, if there is one, and the scenario its first line names.
func rolled(t *testing.T, path string) *Loaded {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var how Rolling
	if scenario, ok := strings.CutPrefix(string(data), "# scenario: "); ok {
		how.Scenario, _, _ = strings.Cut(scenario, "\n")
	}
	if strings.HasPrefix(string(data), "# no room") {
		t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	}
	if table := strings.TrimSuffix(path, ".yaml") + ".csv"; exists(table) {
		if how.Actuals, err = ReadActuals(table); err != nil {
			t.Fatal(err)
		}
	}
	out, problems, sources := Roll(path, how)
	l := &Loaded{Problems: problems, Sources: sources}
	if out != nil {
		l.Plan = &model.Plan{}
	}
	return l
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// codes finds every problem code in the source of this package.
func codes(t *testing.T) (all []string) {
	t.Helper()
	all = append(all, "too_many_problems") // of the model, which shortens the loader's list too
	pattern := regexp.MustCompile(`(?:fail|warn|stop)\("(\w+)"|fault\{"(\w+)"|(?:code|Code)(?:, [\w.]+)* ?(?::=|=|:) "(\w+)"`)
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range pattern.FindAllStringSubmatch(string(data), -1) {
			if code := m[1] + m[2] + m[3]; !slices.Contains(all, code) {
				all = append(all, code)
			}
		}
	}
	slices.Sort(all)
	if len(all) < 70 {
		t.Fatalf("only %d codes found: the pattern no longer fits the source", len(all))
	}
	return all
}
