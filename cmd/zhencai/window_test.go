package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhencai/model/formula"
)

// TestPipesInGBK: what the program prints reads back as the same text where a pipe's reader takes it for GBK, in pieces too; a sign that GBK does not have is a question mark, never raw bytes.
func TestPipesInGBK(t *testing.T) {
	for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
		for _, command := range [][]string{{"schema"}, {"lines"}, {"help"}, {"check", "../../scenarios/guangtong"}, {"diff", "../../scenarios/guangtong", "promise_500", "offer"}} {
			var plain, piped bytes.Buffer
			args := append(command, "--lang", string(lang))
			if code := run(args, &plain, &plain); code != 0 {
				t.Fatalf("%v: %s", args, plain.String())
			}
			run(args, gbk{&piped}, gbk{&piped})
			text, err := simplifiedchinese.GBK.NewDecoder().String(piped.String())
			if err != nil || text != plain.String() {
				t.Errorf("%v: %d bytes became %d (%v)", args, plain.Len(), len(text), err)
			}
		}
	}
	var piped bytes.Buffer
	if n, err := (gbk{&piped}).Write([]byte("镇✓😀\n")); n != len("镇✓😀\n") || err != nil || piped.String() != "\xd5\xf2??\n" {
		t.Errorf("%q, %d, %v", piped.String(), n, err)
	}
}

// TestPlansBeside: plans are found whatever else lies there, and workbooks that are none, among the results too.
func TestPlansBeside(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"甲/plan.yaml": "", "乙.yaml": "\ufeff# 乙\nyears: 2022-2024\n", "wrong.YML": "town: [\n'years' : 1\n", "丙/notes.txt": "", ".hidden/plan.yaml": "", ".hidden.yaml": "years: 2022-2024\n",
		"towns.yaml": "towns: [甲]\n", "layer.yaml": "label: years\nset: {}\n", "丁.xlsx": "", "~$丁.xlsx": "", "甲-结果/甲.XLSX": "", "甲-结果/甲.html": "", "other/x.xlsx": "", "long.yaml": strings.Repeat("# ", 1<<20) + "\nyears: 1\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	beside := func(names ...string) (all []string) {
		for _, name := range names {
			all = append(all, filepath.Join(dir, name))
		}
		return all
	}
	dirs := []string{dir, filepath.Join(dir, "missing")}
	if got, want := plansBeside(dirs), beside("wrong.YML", "乙.yaml", "甲"); !slices.Equal(got, want) {
		t.Errorf("plans: %v, want %v", got, want)
	}
	if got, want := workbooksBeside(dirs), beside("丁.xlsx", "甲-结果/甲.XLSX"); !slices.Equal(got, want) {
		t.Errorf("workbooks: %v, want %v", got, want)
	}
	for path, want := range map[string]string{"甲": "甲-结果", "甲/plan.yaml": "甲-结果", "乙.yaml": "乙-结果"} {
		if got := resultsOf(filepath.Join(dir, path), formula.ZH); got != filepath.Join(dir, want) {
			t.Errorf("the results of %s go into %s", path, got)
		}
	}
}

// TestDraggedPaths: what terminals type when a file is dragged into them.
func TestDraggedPaths(t *testing.T) {
	for answer, want := range map[string]string{`"C:\a b\甲.xlsx"`: `C:\a b\甲.xlsx`, `& 'C:\a b\甲.xlsx'`: `C:\a b\甲.xlsx`, "'/a b/甲.xlsx' ": "/a b/甲.xlsx", "/a/甲.xlsx": "/a/甲.xlsx", `"`: ""} {
		if got := dragged(answer); got != want {
			t.Errorf("%s is %q", answer, got)
		}
	}
}

// TestMenuEnds: whatever is typed, the menu ends when nobody answers any more.
func TestMenuEnds(t *testing.T) {
	for _, typed := range []string{"", "1", "1\n", "1\nx", "2", "2\n", "3\n\n\n", "4\nx\n", "\n\n\n", strings.Repeat("x", longestAnswer) + "\n1\n", "-1\n1e3\n\x00\n99999999999999999999\n"} {
		dir := t.TempDir()
		var out bytes.Buffer
		start(nil, window{in: strings.NewReader(typed), out: &out, errs: &out, person: true, dirs: []string{dir}})
		if !strings.Contains(out.String(), "0  退出") {
			t.Errorf("%q: %s", typed, out.String())
		}
	}
}
