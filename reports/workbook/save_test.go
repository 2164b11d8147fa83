package workbook_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhencai/reports"
	"zhencai/reports/workbook"
)

// TestSave: a file appears whole or not at all.
func TestSave(t *testing.T) {
	dir, data := t.TempDir(), []byte("new")
	if err := reports.Save(reports.File{Path: filepath.Join(dir, "missing", "book.xlsx"), Data: data}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a missing folder: %v", err)
	}
	path := filepath.Join(dir, "汇报.xlsx")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := reports.Save(reports.File{Path: path, Data: data}); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	old := filepath.Join(dir, "old.xlsx")
	put(t, old, "old")
	if err := reports.Save(reports.File{Path: old, Data: data}); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(old); string(text) != "new" {
		t.Error("the file was not replaced")
	}
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// untouchedAfter: a Save that fails leaves both files as they were, and nothing else.
func untouchedAfter(t *testing.T, dir string, err error, want error) {
	t.Helper()
	if err == nil || want != nil && !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	for _, name := range []string{"results.csv", "book.xlsx"} {
		if text, _ := os.ReadFile(filepath.Join(dir, name)); string(text) != "old" {
			t.Errorf("%s was touched: %d bytes", name, len(text))
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, ".zhencai-*"))
	if len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

func saveBoth(dir string, data []byte) error {
	return reports.Save(reports.File{Path: filepath.Join(dir, "results.csv"), Data: data}, reports.File{Path: filepath.Join(dir, "book.xlsx"), Data: data})
}

// TestSaveLocked: a workbook open in a spreadsheet program is left alone, and so are the files that would have been written with it.
func TestSaveLocked(t *testing.T) {
	for _, note := range []string{"~$book.xlsx", "~$ok.xlsx", ".~lock.book.xlsx#"} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "results.csv"), "old")
		put(t, filepath.Join(dir, "book.xlsx"), "old")
		put(t, filepath.Join(dir, note), "")
		err := saveBoth(dir, []byte("new"))
		untouchedAfter(t, dir, err, nil)
		var locked *reports.Locked
		if !errors.As(err, &locked) || !strings.Contains(locked.In("zh"), "正在") || !strings.Contains(err.Error(), "close it") {
			t.Errorf("%s: %v", note, err)
		}
		if kept, err := workbook.Keep(filepath.Join(dir, "book.xlsx")); !errors.As(err, &locked) || kept != "" {
			t.Errorf("%s: kept %q, %v", note, kept, err)
		}
	}
}

// TestKilledWhileSaving: a process killed again and again in the middle of writing leaves a whole file, the old one or the new one.
func TestKilledWhileSaving(t *testing.T) {
	if dir := os.Getenv("ZHENCAI_SAVE_FOREVER"); dir != "" {
		for i := byte(0); ; i++ {
			if err := reports.Save(reports.File{Path: filepath.Join(dir, "book.xlsx"), Data: bytes.Repeat([]byte{'a' + i%26}, 2<<20)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "book.xlsx")
	put(t, path, strings.Repeat("z", 2<<20))
	different := map[byte]bool{}
	for i := range 12 {
		c := exec.Command(os.Args[0], "-test.run=^TestKilledWhileSaving$")
		c.Env = append(os.Environ(), "ZHENCAI_SAVE_FOREVER="+dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(40+17*i) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		text, err := os.ReadFile(path)
		if err != nil || len(text) != 2<<20 || bytes.Count(text, text[:1]) != len(text) {
			t.Fatalf("killed: the file has %d bytes, %v", len(text), err)
		}
		different[text[0]] = true
	}
	if len(different) < 2 {
		t.Error("nothing was ever written: the test proves nothing")
	}
}

// 17. A workbook that a person saved since we wrote it is kept under a free name; one of ours as it was is not.
func TestKeep(t *testing.T) {
	run := loadRun(t, workedCase)
	data := bytesOf(t, run)
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if kept, err := workbook.Keep(path); kept != "" || err != nil {
		t.Errorf("no file: %q %v", kept, err)
	}
	put(t, path, string(data))
	if kept, err := workbook.Keep(path); kept != "" || err != nil {
		t.Errorf("as we wrote it: %q %v", kept, err)
	}
	p := unzip(t, data)
	edited := p.with(t, p.sheet(t, "假设").part, func(s string) string { return strings.Replace(s, "<v>1000</v>", "<v>1001</v>", 1) + " " })
	for i, text := range []string{string(edited), "not even a workbook", string(edited)} {
		put(t, path, text)
		kept, err := workbook.Keep(path)
		if want := strings.TrimSuffix(path, ".xlsx") + ".bak-" + string(rune('1'+i)) + ".xlsx"; kept != want || err != nil {
			t.Fatalf("kept as %q (%v), want %q", kept, err, want)
		}
		if copied, _ := os.ReadFile(kept); string(copied) != text {
			t.Errorf("%s is not what was there", kept)
		}
		if still, _ := os.ReadFile(path); string(still) != text {
			t.Errorf("%s is gone", path)
		}
	}
}
