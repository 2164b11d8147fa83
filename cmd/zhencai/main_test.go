package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"zhencai/reports/page"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"zhencai": main})
}

// TestScripts runs whole commands as a user does; testdata/*.txtar hold the command lines, files and expected texts.
func TestScripts(t *testing.T) {
	samples, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Condition: func(name string) (bool, error) {
			if name != "page" {
				return false, fmt.Errorf("there is no condition %s", name)
			}
			return page.HasAssets(), nil
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples+"/../../scenarios")
			return nil
		},
	})
}

// TestReadme: the plan in each README is one that runs, and so it is with the clause shown further down in place of its
// transfers, and with what is said of risk.
func TestReadme(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, ok := strings.Cut(string(text), "```yaml\n")
		plan, _, closed := strings.Cut(rest, "```")
		if !ok || !closed {
			t.Fatalf("%s shows no plan", name)
		}
		_, rest, ok = strings.Cut(rest, "```yaml\n")
		clause, _, closed := strings.Cut(rest, "```")
		before, after, found := strings.Cut(plan, "transfers:\n")
		if !ok || !closed || !found {
			t.Fatalf("%s shows no clause", name)
		}
		_, rest, ok = strings.Cut(rest, "```yaml\n")
		risk, _, closed := strings.Cut(rest, "```")
		if !ok || !closed {
			t.Fatalf("%s shows nothing of risk", name)
		}
		with := before + clause + after[strings.Index(after, "cash:"):]
		for _, text := range []string{plan, with, plan + risk} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "plan.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs strings.Builder
			if code := run([]string{"run", dir, "-o", filepath.Join(dir, "out"), "--only", "results"}, &out, &errs); code != 0 {
				t.Errorf("%s: the plan does not run:\n%s\n%s", name, errs.String(), text)
			}
		}
	}
}

// TestReadmeCommands: the menu is as each README shows it, and every command of its tour runs on the plan that the first of them makes.
func TestReadmeCommands(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no browser
	for name, lang := range map[string]string{"README.md": "en", "README.zh.md": "zh"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		var shown bytes.Buffer
		start([]string{"--lang", lang}, window{in: strings.NewReader("0\n"), out: &shown, errs: &shown, person: true, dirs: []string{t.TempDir()}})
		if !strings.Contains(string(text), "```"+strings.TrimRight(shown.String(), " ")+"\n```") {
			t.Errorf("%s does not show the menu:%s", name, shown.String())
		}
		_, tour, ok := strings.Cut(string(text), "```\nzhencai new ")
		tour, _, closed := strings.Cut("zhencai new "+tour, "```")
		if !ok || !closed {
			t.Fatalf("%s has no tour", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("2022.csv", []byte("item,amount\ntax,3150\nnontax,352\n"), 0o600); err != nil { // what a finance office has in January
				t.Fatal(err)
			}
			for line := range strings.Lines(tour) {
				command, _, _ := strings.Cut(line, " # ")
				var args []string
				for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(command, -1) {
					args = append(args, strings.Trim(word, `"`))
				}
				var out, errs strings.Builder
				if code := run(args[1:], &out, &errs); code != 0 {
					t.Errorf("%s\n%s", line, errs.String())
				}
			}
		})
	}
}

// TestExplainPrintsNothingElse: every figure that explain prints, down to the inputs, stands in results.csv.
func TestExplainPrintsNothingElse(t *testing.T) {
	plan, dir := filepath.Join("..", "..", "scenarios", "guangtong"), t.TempDir()
	var out, errs strings.Builder
	if code := run([]string{"run", plan, "-o", dir, "--only", "results"}, &out, &errs); code != 0 {
		t.Fatal(errs.String())
	}
	text, err := os.ReadFile(filepath.Join(dir, "results.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	there, printed := map[string]bool{}, regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`)
	for _, row := range rows[1:] {
		there[row[4]] = true
		there[row[5]] = true
		there[strings.TrimPrefix(row[5], "-")] = true
	}
	for _, line := range []string{"transfers.share.paid", "debt_ratio", "performance_pay.gap_yuan", "projects.waterworks.arrears"} {
		for _, scenario := range []string{"unpaid", "offer", "slump"} {
			out.Reset()
			if code := run([]string{"explain", plan, line, "2026", "--scenario", scenario}, &out, &errs); code != 0 {
				t.Fatal(errs.String())
			}
			figures := 0
			for _, l := range strings.Split(out.String(), "\n") {
				head, numbers, ok := strings.Cut(l, " = ")
				if !ok || strings.Contains(numbers, "[") || strings.Contains(head, "：") {
					continue
				}
				for _, n := range printed.FindAllString(strings.ReplaceAll(numbers, " - ", " "), -1) {
					figures++
					if !there[n] {
						t.Errorf("%s: %s is not in results.csv: %s", line, n, l)
					}
				}
			}
			if figures < 20 || !strings.Contains(out.String(), "来源：") {
				t.Errorf("%s in %s explains only %d figures", line, scenario, figures)
			}
		}
	}
}

// TestPlansThatAreTooMuch: a file of 200 MB and text in GBK are refused at once.
func TestPlansThatAreTooMuch(t *testing.T) {
	for name, write := range map[string]func(f *os.File) error{
		"上限是 5 MB": func(f *os.File) error { return f.Truncate(200 << 20) },
		"GBK":      func(f *os.File) error { _, err := f.Write([]byte("town: \xb9\xe3\xcd\xa8\xd5\xf2\n")); return err },
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "plan.yaml")
		f, err := os.Create(path)
		if err == nil {
			err = errors.Join(write(f), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if code := run([]string{"run", path, "-o", filepath.Join(dir, "out")}, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), name) {
			t.Errorf("exit %d, %s", code, errs.String())
		}
		if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
			t.Error("something was written")
		}
	}
}

// TestFullTarget: where nothing can be written, an older file stays whole and no half file is left.
func TestFullTarget(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "out", "results.csv")
	if err := os.MkdirAll(old, 0o755); err != nil { // a folder stands where the file should go
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run([]string{"run", filepath.Join("..", "..", "scenarios", "worked-case"), "-o", filepath.Join(dir, "out"), "--only", "results"}, &out, &errs)
	if code != exitFailed || !strings.Contains(errs.String(), "原有文件未动") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
	left, err := os.ReadDir(filepath.Join(dir, "out"))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func BenchmarkRun(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		if code := run([]string{"run", filepath.Join("..", "..", "scenarios", "guangtong"), "-o", dir}, io.Discard, io.Discard); code != 0 {
			b.Fatal("the run failed")
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		if code := run([]string{"check", filepath.Join("..", "..", "scenarios", "guangtong")}, io.Discard, io.Discard); code != 0 {
			b.Fatal("the check failed")
		}
	}
}

func BenchmarkSolve(b *testing.B) {
	for b.Loop() {
		if code := run([]string{"solve", filepath.Join("..", "..", "scenarios", "guangtong"), "--scenario", "half", "--vary", "transfers.*.delivered=0%..100%", "--until", "last(debt) <= 3 * last(resources) and sum(gap) <= 900"}, io.Discard, io.Discard); code != 0 {
			b.Fatal("the solve failed")
		}
	}
}
