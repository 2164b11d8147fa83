package files

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"zhencai/model/formula"
)

// outputs are the files of a run, in their order.
var outputs = []string{"book.xlsx", "book.html", "results.csv", "results.json"}

// saveRun writes a run of a plan whose every file says which it is.
func saveRun(dir, plan string, run int) error {
	of := Origin{Command: "run", Plan: plan, Place: plan, Figures: strconv.Itoa(run)}
	var all []File
	for i, name := range outputs {
		all = append(all, File{Path: filepath.Join(dir, name), Data: content(plan, run, i)})
	}
	_, err := Saver{Of: of, Replace: true}.Save(all...)
	return err
}

func content(plan string, run, file int) []byte {
	return fmt.Appendf(nil, "%s %d %s\n%s", plan, run, outputs[file], bytes.Repeat([]byte("x"), 1000*(1+run%7)+file))
}

// standing says of which run each file is: "" if it is missing. A file that is not whole fails.
func standing(t *testing.T, dir string) (runs []string) {
	t.Helper()
	for i, name := range outputs {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			runs = append(runs, "")
			continue
		}
		var plan string
		var run int
		if _, wrong := fmt.Sscanf(string(data), "%s %d", &plan, &run); err != nil || wrong != nil || !bytes.Equal(data, content(plan, run, i)) {
			t.Fatalf("%s is not whole: %d bytes, %v", name, len(data), err)
		}
		runs = append(runs, fmt.Sprint(plan, " ", run))
	}
	return runs
}

// agree tells whether all files are of one run; heldTo fails unless a disagreement, and nothing else, is told of.
func heldTo(t *testing.T, dir string) (agree bool) {
	t.Helper()
	runs := standing(t, dir)
	agree = true
	for _, r := range runs {
		agree = agree && r == runs[0]
	}
	if told := Told(dir); agree != (len(told) == 0) {
		t.Fatalf("there are %q, told is %v", runs, told)
	}
	return agree
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// names are the files in a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestSave: a file appears whole or not at all, and what is not known to be of the plan is not written over.
func TestSave(t *testing.T) {
	dir := t.TempDir()
	one := func(s Saver, path, text string) error {
		_, err := s.Save(File{Path: path, Data: []byte(text)})
		return err
	}
	if err := one(Saver{}, filepath.Join(dir, "missing", "a.csv"), "new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a missing folder: %v", err)
	}
	path := filepath.Join(dir, "a.csv")
	a, b := Saver{Of: Origin{Command: "run", Plan: "甲", Place: "1"}}, Saver{Of: Origin{Command: "run", Plan: "乙", Place: "2"}}
	elsewhere, county := a, a
	elsewhere.Of.Place, county.Of.Command = "3", "run --edition county"
	for i, c := range []struct {
		s    Saver
		says string
	}{
		{Saver{}, ""},
		{Saver{}, "已经有了；换一个文件夹"},
		{a, "没有记录说它是“run 甲”的结果"},
		{Saver{Of: a.Of, Replace: true}, ""},
		{a, ""},
		{b, "是“run 甲”的结果，不是“run 乙”的"},
		{elsewhere, "但出自另一处的同名文件"},
		{county, "是“run 甲”的结果，不是“run --edition county 甲”的"},
		{Saver{Of: b.Of, Replace: true, Inputs: []string{path}}, "是读进来的文件"},
		{Saver{Of: b.Of, Replace: true}, ""},
		{b, ""},
		{a, "是“run 乙”的结果"},
	} {
		before, _ := os.ReadFile(path)
		err := one(c.s, path, strconv.Itoa(i))
		after, _ := os.ReadFile(path)
		var taken *Taken
		switch {
		case c.says == "" && (err != nil || string(after) != strconv.Itoa(i)):
			t.Errorf("%d: %v, the file is %q", i, err, after)
		case c.says != "" && (!errors.As(err, &taken) || !strings.Contains(taken.In(formula.ZH), c.says) || !bytes.Equal(before, after)):
			t.Errorf("%d: %v, the file is %q, was %q", i, err, after, before)
		}
	}
	if left := names(t, dir); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
	put(t, path, "a person's") // changed since, and still the plan's
	if err := one(b, path, "new"); err != nil {
		t.Error(err)
	}
}

// TestOnlyOrdinaryFiles are written over: what else stands there is left alone, named, and not opened.
func TestOnlyOrdinaryFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "target"), "old")
	path := map[string]string{"folder": filepath.Join(dir, "folder"), "link": filepath.Join(dir, "link"), "dangling": filepath.Join(dir, "dangling"), "device": os.DevNull}
	if err := errors.Join(os.Mkdir(path["folder"], 0o755), os.Symlink("target", path["link"]), os.Symlink("nowhere", path["dangling"])); err != nil {
		t.Skip(err)
	}
	for kind, says := range map[string]string{"folder": "is a folder", "link": "is a link to target", "dangling": "is a link to nowhere", "device": "is a pipe or a device"} {
		if kind == "device" && filepath.Dir(os.DevNull) == "." {
			continue // Windows has it in no folder
		}
		before, _ := os.Lstat(path[kind])
		_, err := Saver{Replace: true}.Save(File{Path: path[kind], Data: []byte("new")})
		after, gone := os.Lstat(path[kind])
		if err == nil || !strings.Contains(err.Error(), says) || gone != nil || !os.SameFile(before, after) || before.Mode() != after.Mode() {
			t.Errorf("%s: %v, it is %v", kind, err, after)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "target")); string(text) != "old" || len(names(t, dir)) != 4 {
		t.Errorf("%q, %v", text, names(t, dir))
	}
}

// TestSaveLocked: a workbook open in a spreadsheet program is left alone, and so are the files that would have been written with it; no copy is made.
func TestSaveLocked(t *testing.T) {
	for _, note := range []string{"~$book.xlsx", "~$ok.xlsx", ".~lock.book.xlsx#"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "book.xlsx")
		put(t, filepath.Join(dir, "results.csv"), "old")
		put(t, path, "old")
		put(t, filepath.Join(dir, note), "")
		changed := func(string) (bool, error) { return true, nil }
		_, err := Saver{Replace: true}.Save(File{Path: filepath.Join(dir, "results.csv"), Data: []byte("new")}, File{Path: path, Data: []byte("new"), Keep: changed})
		untouchedAfter(t, dir, err, nil)
		var locked *Locked
		if !errors.As(err, &locked) || !strings.Contains(locked.In("zh"), "正在") || !strings.Contains(err.Error(), "close it") || len(names(t, dir)) != 3 {
			t.Errorf("%s: %v, %v", note, err, names(t, dir))
		}
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
	if left, _ := filepath.Glob(filepath.Join(dir, ".zhencai*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestKept: what a person made of a workbook is kept under a name that is free.
func TestKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "book.xlsx")
	put(t, filepath.Join(dir, "book.bak-2.xlsx"), "another")
	for i, c := range []struct{ was, kept string }{{"mine 1", "book.bak-1.xlsx"}, {"ours", ""}, {"mine 2", "book.bak-3.xlsx"}} {
		put(t, path, c.was)
		kept, err := Saver{Replace: true}.Save(File{Path: path, Data: []byte("ours"), Keep: func(path string) (bool, error) {
			data, err := os.ReadFile(path)
			return string(data) != "ours", err
		}})
		if err != nil || strings.Join(kept, " ") != strings.TrimSuffix(filepath.Join(dir, c.kept), "/") && c.kept != "" || c.kept == "" && kept != nil {
			t.Errorf("%d: kept %v, %v", i, kept, err)
		}
		if copied, _ := os.ReadFile(filepath.Join(dir, c.kept)); c.kept != "" && string(copied) != c.was {
			t.Errorf("%s is %q", c.kept, copied)
		}
	}
}

// TestHalfway: where a file cannot get its name after others have theirs, the message says which are new, and so does the next command.
func TestHalfway(t *testing.T) {
	defer func() { rename = os.Rename }()
	for failing := range outputs {
		dir := t.TempDir()
		rename = os.Rename
		if err := saveRun(dir, "plan", 1); err != nil {
			t.Fatal(err)
		}
		done := 0
		rename = func(from, to string) error {
			if done == failing {
				return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrPermission}
			}
			done++
			return os.Rename(from, to)
		}
		err := saveRun(dir, "plan", 2)
		var h *Halfway
		if !errors.As(err, &h) {
			t.Fatal(err)
		}
		said := h.In(formula.ZH)
		if new := "已经是新的：" + strings.Join(outputs[:failing], " ") + "；还是原来的：" + strings.Join(outputs[failing:], " "); failing > 0 && !strings.Contains(said, new) ||
			failing == 0 && !strings.Contains(said, "原有文件都没有动") || !strings.Contains(said, "Excel") {
			t.Errorf("%d: %s", failing, said)
		}
		if heldTo(t, dir) != (failing == 0) || len(names(t, dir)) != len(outputs)+1 {
			t.Errorf("%d: %v %v", failing, standing(t, dir), names(t, dir))
		}
	}
}

// TestReason: what the system says in English is put into Chinese with what to do, also after a rename that failed; it is not put down to an open file.
func TestReason(t *testing.T) {
	for code, want := range map[error]string{
		syscall.ENOSPC: "磁盘满了；腾出地方再运行一次", syscall.EROFS: "只读的；换一个文件夹", syscall.EBUSY: "另一个程序正用着它；关掉那个程序再运行一次", syscall.ENOTDIR: "不是文件夹；换一个文件夹",
		syscall.ENAMETOOLONG: "名字太长；换一个短的名字", syscall.EEXIST: "已有同名的文件夹或链接；移开它", syscall.EISDIR: "已有同名的文件夹或链接；移开它", fs.ErrNotExist: "没有这个文件夹；先建好它",
	} {
		err := &os.LinkError{Op: "rename", Old: "a", New: "b", Err: code}
		if said := Reason(err).In(formula.ZH); !strings.Contains(said, want) || strings.Contains(said, code.Error()) {
			t.Errorf("%v: %s", code, said)
		}
		said := halfway([]File{{Path: "b"}}, 0, err).In(formula.ZH)
		if why, advice, _ := strings.Cut(want, "；"); !strings.Contains(said, why) || !strings.Contains(said, advice) || strings.Contains(said, "Excel") {
			t.Errorf("%v: %s", code, said)
		}
	}
	if said := Reason(errors.New("odd")).In(formula.ZH); said != "系统报告：odd" {
		t.Error(said)
	}
}

// child runs one test of this package in a process of its own.
func child(t *testing.T, test, dir string, env ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^"+test+"$")
	c.Env = append(append(os.Environ(), "ZHENCAI_SAVE_IN="+dir), env...)
	return c
}

// TestStoppedAnywhere: a process stopped before, between and after the names of the files, whatever was there before. Every file is whole, and a
// disagreement is told of; the next run makes all agree and leaves nothing behind.
func TestStoppedAnywhere(t *testing.T) {
	if dir := os.Getenv("ZHENCAI_SAVE_IN"); dir != "" {
		left, _ := strconv.Atoi(os.Getenv("ZHENCAI_STOP_AT"))
		rename = func(from, to string) error {
			if left == 0 {
				self, _ := os.FindProcess(os.Getpid())
				self.Kill()
				select {}
			}
			left--
			return os.Rename(from, to)
		}
		if err := saveRun(dir, os.Getenv("ZHENCAI_PLAN"), 9); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Parallel()
	disagreed := 0
	for before, prepare := range map[string]func(dir string) error{
		"nothing":        func(string) error { return nil },
		"an earlier run": func(dir string) error { return saveRun(dir, "plan", 1) },
		"another plan":   func(dir string) error { return saveRun(dir, "other", 1) },
		"no record": func(dir string) error {
			return errors.Join(saveRun(dir, "plan", 1), os.Remove(filepath.Join(dir, recordName)))
		},
		"a file too few": func(dir string) error {
			return errors.Join(saveRun(dir, "plan", 1), os.Remove(filepath.Join(dir, outputs[2])))
		},
		"the same once": func(dir string) error { return saveRun(dir, "plan", 9) },
		"stopped earlier": func(dir string) error {
			child(t, "TestStoppedAnywhere", dir, "ZHENCAI_STOP_AT=2", "ZHENCAI_PLAN=plan").Run()
			return nil
		},
	} {
		for at := range len(outputs) + 1 {
			dir := t.TempDir()
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			err := child(t, "TestStoppedAnywhere", dir, "ZHENCAI_STOP_AT="+strconv.Itoa(at), "ZHENCAI_PLAN=plan").Run()
			if stopped := err != nil; stopped != (at < len(outputs)) {
				t.Fatalf("%s, %d: %v", before, at, err)
			}
			if at > 0 || before != "no record" && before != "a file too few" { // that it was not ours, or deleted, is nobody's stop
				if !heldTo(t, dir) {
					disagreed++
				}
			}
			if err := saveRun(dir, "plan", 10); err != nil {
				t.Fatal(err)
			}
			if !heldTo(t, dir) || standing(t, dir)[0] != "plan 10" || len(names(t, dir)) != len(outputs)+1 {
				t.Errorf("%s, %d: afterwards %v %v", before, at, standing(t, dir), names(t, dir))
			}
		}
	}
	if disagreed < 12 {
		t.Errorf("only %d stops left a disagreement", disagreed)
	}
}

// TestStoppedAtRandom: the same, with a process stopped at any moment of writing again and again.
func TestStoppedAtRandom(t *testing.T) {
	if dir := os.Getenv("ZHENCAI_SAVE_IN"); dir != "" {
		for run := 0; ; run++ {
			if err := saveRun(dir, "plan", run); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Parallel()
	stops := 10
	if os.Getenv("ZHENCAI_WHOLE") == "1" { // testplan.Whole, which stands above this package
		stops = 100
	}
	dir, disagreed := t.TempDir(), 0
	random := rand.New(rand.NewPCG(1, 2))
	for range stops {
		c := child(t, "TestStoppedAtRandom", dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(30+random.IntN(90)) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		if !heldTo(t, dir) {
			disagreed++
		}
	}
	if err := saveRun(dir, "plan", 10); err != nil {
		t.Fatal(err)
	}
	if !heldTo(t, dir) || len(names(t, dir)) != len(outputs)+1 {
		t.Errorf("afterwards %v %v", standing(t, dir), names(t, dir))
	}
	t.Logf("%d of %d stops left a disagreement, all told of", disagreed, stops)
}

// TestTwoAtOnce: two writers into one folder wait for each other; what each leaves is of one run.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wait sync.WaitGroup
	for writer := range 3 {
		wait.Go(func() {
			for i := range 8 {
				if err := saveRun(dir, "plan", 10*writer+i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if !heldTo(t, dir) || len(names(t, dir)) != len(outputs)+1 {
		t.Errorf("%v %v", standing(t, dir), names(t, dir))
	}
}

// TestBusy: who waits in vain writes nothing and says why, and so does who looks meanwhile.
func TestBusy(t *testing.T) {
	defer func(was time.Duration) { patience = was }(patience)
	dir := t.TempDir()
	if err := saveRun(dir, "plan", 1); err != nil {
		t.Fatal(err)
	}
	release, err := Hold(filepath.Join(dir, lockName))
	if err != nil {
		t.Fatal(err)
	}
	patience = 30 * time.Millisecond
	var busy *Busy
	if err := saveRun(dir, "plan", 2); !errors.As(err, &busy) || !strings.Contains(busy.In(formula.ZH), "另一个 zhencai 正在往") {
		t.Error(err)
	}
	if told := Told(dir); len(told) != 1 || !strings.Contains(told[0].EN, "another zhencai is writing") {
		t.Error(told)
	}
	release()
	if !heldTo(t, dir) || standing(t, dir)[0] != "plan 1" {
		t.Error(standing(t, dir))
	}
}

// TestTold: files of two runs side by side, as --only leaves them, and files changed since are told of; a workbook is verify's to judge.
func TestTold(t *testing.T) {
	dir := t.TempDir()
	if told := Told(dir); told != nil || len(names(t, dir)) != 0 {
		t.Errorf("of nothing: %v, %v", told, names(t, dir))
	}
	if err := saveRun(dir, "plan", 1); err != nil {
		t.Fatal(err)
	}
	only := Saver{Of: Origin{Command: "run", Plan: "plan", Place: "plan", Figures: "2"}}
	if _, err := only.Save(File{Path: filepath.Join(dir, "results.csv"), Data: content("plan", 2, 2)}); err != nil {
		t.Fatal(err)
	}
	alone := Saver{Of: Origin{Command: "simulate", Plan: "plan", Place: "plan"}}
	if _, err := alone.Save(File{Path: filepath.Join(dir, "paths.csv"), Data: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if told := Told(dir); len(told) != 1 || !strings.Contains(told[0].ZH, "新的：results.csv；原来的：book.html book.xlsx results.json") {
		t.Error(told)
	}
	if err := saveRun(dir, "plan", 3); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "book.xlsx"), "a person's")
	rename = func(string, string) error { return fs.ErrPermission }
	defer func() { rename = os.Rename }()
	if err := saveRun(dir, "plan", 4); err == nil {
		t.Error("nothing can be renamed, and that is no error")
	}
	rename = os.Rename
	if told := Told(dir); len(told) != 0 {
		t.Error("nothing is new, and told is", told)
	}
	os.Remove(filepath.Join(dir, "book.html"))
	if told := Told(dir); len(told) != 0 {
		t.Error(told)
	}
	put(t, filepath.Join(dir, "results.csv"), "a person's")
	if told := Told(dir); len(told) != 1 || !strings.Contains(told[0].EN, "changed since it was written: results.csv") {
		t.Error(told)
	}
}

// TestRecordIsNotTrusted: a record that is damaged, too long, no file, or names files elsewhere knows nothing; so nothing is written over.
func TestRecordIsNotTrusted(t *testing.T) {
	for name, bad := range map[string]func(path string, data []byte) error{
		"cut off": func(path string, data []byte) error { return os.WriteFile(path, data[:len(data)/2], 0o600) },
		"empty":   func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
		"too long": func(path string, data []byte) error {
			return os.WriteFile(path, append(data, bytes.Repeat([]byte(" "), mostRecord)...), 0o600)
		},
		"too many": func(path string, _ []byte) error {
			return os.WriteFile(path, []byte(`{"files":[`+strings.Repeat(`{"file":"a"},`, mostStamps)+`{"file":"a"}]}`), 0o600)
		},
		"elsewhere": func(path string, data []byte) error {
			return os.WriteFile(path, bytes.ReplaceAll(data, []byte(`"results.csv"`), []byte(`"../results.csv"`)), 0o600)
		},
		"a folder": func(path string, _ []byte) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o755)) },
	} {
		dir := t.TempDir()
		if err := saveRun(dir, "plan", 1); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, recordName)
		data, err := os.ReadFile(path)
		if err == nil {
			err = bad(path, data)
		}
		if err != nil {
			t.Fatal(err)
		}
		if told := Told(dir); len(told) != 0 {
			t.Errorf("%s: %v", name, told)
		}
		_, err = Saver{Of: Origin{Command: "run", Plan: "plan", Place: "plan", Figures: "2"}}.Save(File{Path: filepath.Join(dir, "results.csv"), Data: []byte("x")})
		var taken *Taken
		if !errors.As(err, &taken) || taken.By != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlace: a plan is its folder, by whatever name it is reached, and may move together with its outputs.
func TestPlace(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"a/plan", "a/out", "b/plan", "b/out"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(root, dir, "plan.yaml"), "x")
	}
	at := func(path string) string { return filepath.Join(root, path) }
	want := Place(at("a/out"), at("a/plan"))
	for _, same := range [][2]string{{"a/out", "a/plan/plan.yaml"}, {"a/out", "a/../a/plan/"}, {"b/out", "b/plan"}, {"b/../a/out", "a/plan"}} {
		if got := Place(at(same[0]), at(same[1])); got != want {
			t.Errorf("%v: another place", same)
		}
	}
	if Place(at("a/out"), at("b/plan")) == want || Place(at("a/out"), at("a/plan"), at("b/plan")) == want || strings.Contains(want, "plan") {
		t.Error("two places are one")
	}
}
