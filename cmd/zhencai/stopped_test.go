package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhencai/internal/testplan"
)

// TestStoppedCommands: run, towns and merge are stopped at any moment (SIGKILL), every other time soon after they have begun to write. After each every
// file is whole, one of those that the command makes when nobody stops it; the next command says of files that are not of one run, and of no others.
func TestStoppedCommands(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("zhencai") // this test's own: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	stops := 9
	if testplan.Whole() {
		stops = 200
	}
	s := &stopping{t: t, program: program, dir: t.TempDir(), random: rand.New(rand.NewPCG(12, 3))}
	runs, tables := s.runs(), s.tables()
	for i := range stops {
		switch i % 3 {
		case 0:
			runs()
		case 1:
			tables("towns")
		default:
			tables("merged")
		}
	}
	t.Logf("%d stops: %d before anything was written, %d with a disagreement, all told of; %d commands were done before they were stopped", stops, s.untouched, s.disagreed, s.done)
	s.atRest()
}

// stopping is a folder in which commands are stopped.
type stopping struct {
	t                          *testing.T
	program, dir               string
	random                     *rand.Rand
	untouched, disagreed, done int
}

// command runs to its end and gives what it says of problems.
func (s *stopping) command(args ...string) (said string) {
	s.t.Helper()
	var out, errs strings.Builder
	if code := run(args, &out, &errs); code != 0 {
		s.t.Fatalf("%v: exit %d, %s", args, code, errs.String())
	}
	return errs.String()
}

// stop starts a command that writes into a folder and stops it: at any moment of the time it takes, or once what is watched has changed.
func (s *stopping) stop(takes time.Duration, dir string, watched func() string, args ...string) {
	s.t.Helper()
	c := exec.Command(s.program, args...)
	began, before := folder(dir), watched()
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	if s.random.IntN(2) == 0 {
		time.Sleep(time.Duration(s.random.Int64N(int64(takes))))
	} else {
		for since := time.Now(); watched() == before && time.Since(since) < 3*takes; {
		}
		for range s.random.IntN(20) {
			watched()
		}
	}
	c.Process.Kill() // an error if it is done
	if c.Wait() == nil {
		s.done++
	} else if folder(dir) == began {
		s.untouched++
	}
}

// folder is what tells a folder from itself before: names, sizes and times.
func folder(dir string) string {
	entries, _ := os.ReadDir(dir)
	var all strings.Builder
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !strings.Contains(e.Name(), "lock") {
			fmt.Fprintln(&all, e.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return all.String()
}

// wholeFiles gives which of the versions each file is: 0 if it is missing.
func (s *stopping) wholeFiles(dir string, names []string, versions []string) (which []int) {
	s.t.Helper()
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		found := 0
		for i, version := range versions {
			if want, _ := os.ReadFile(filepath.Join(version, name)); err == nil && bytes.Equal(data, want) {
				found = i + 1
			}
		}
		if err == nil && found == 0 {
			s.t.Fatalf("%s is not whole: %d bytes", name, len(data))
		}
		which = append(which, found)
	}
	return which
}

// runs stops a run of a plan over an earlier one with another share.
func (s *stopping) runs() func() {
	plan, out := filepath.Join("..", "..", "scenarios", "worked-case"), filepath.Join(s.dir, "out")
	var sets, versions []string
	var takes time.Duration
	for _, rate := range []string{"10%", "20%", "30%"} {
		sets, versions = append(sets, "transfers.share.bands.1.rate="+rate), append(versions, filepath.Join(s.dir, "whole", rate))
		began := time.Now()
		if said, err := exec.Command(s.program, "run", plan, "-o", versions[len(versions)-1], "--set", sets[len(sets)-1]).CombinedOutput(); err != nil {
			s.t.Fatal(string(said))
		}
		takes = time.Since(began)
	}
	names := []string{"worked-case.xlsx", "results.csv", "results.json"}
	if _, err := os.Stat(filepath.Join(versions[0], "worked-case.html")); err == nil {
		names = append(names, "worked-case.html")
	}
	record := func() string { // is written before any file has its name
		info, err := os.Lstat(filepath.Join(out, ".zhencai.json"))
		if err != nil {
			return ""
		}
		return info.ModTime().String()
	}
	return func() {
		s.t.Helper()
		s.stop(takes, out, record, "run", plan, "-o", out, "--set", sets[s.random.IntN(len(sets))])
		which := s.wholeFiles(out, names, versions)
		agree := true
		for _, w := range which {
			agree = agree && w == which[0]
		}
		if !agree {
			s.disagreed++
		}
		if _, err := os.Stat(filepath.Join(out, names[0])); err != nil {
			return // nothing there to look at
		}
		if said := s.command("verify", filepath.Join(out, names[0])); strings.Contains(said, "不是同一次测算") == agree {
			s.t.Fatalf("the files are of the runs %v, and the next command says: %s", which, said)
		}
	}
}

// tables stops a run over many towns, which then goes on, and a merge.
func (s *stopping) tables() func(what string) {
	put := func(name, text string) string {
		path := filepath.Join(s.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
		return path
	}
	plan := put("plan.yaml", "years: 2022-2025\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}\ncash: {opening: 10, source: x}\ntransfers: {sub: {kind: fixed, amount: 7, source: x}}\n")
	rows := "town,transfers.sub.amount\n"
	for i := range 3000 {
		rows += fmt.Sprintf("t%d,%d\n", i, i%97)
	}
	table := put("table.csv", rows)
	into := func(dir string, args ...string) []string {
		if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o755); err != nil {
			s.t.Fatal(err)
		}
		return append([]string{"towns", "--quiet", "-o", filepath.Join(s.dir, dir, "towns.csv")}, args...)
	}
	commands := map[string][]string{}
	takes := map[string]time.Duration{}
	of := func(what, dir string, args ...string) {
		commands[what] = into(what, args...)
		began := time.Now()
		s.command(into(dir, args...)...)
		takes[what] = time.Since(began)
	}
	of("towns", "whole towns", table, "--plan", plan)
	var parts []string
	for i := range 3 {
		part := fmt.Sprintf("part %d", i+1)
		s.command(into(part, table, "--plan", plan, "--shard", fmt.Sprintf("%d/3", i+1))...)
		parts = append(parts, filepath.Join(s.dir, part, "towns.csv"))
	}
	of("merged", "whole merged", append([]string{"--merge"}, parts...)...)
	return func(what string) {
		s.t.Helper()
		dir, whole := filepath.Join(s.dir, what), []string{filepath.Join(s.dir, "whole "+what)}
		s.stop(takes[what], dir, func() string { return folder(dir) }, commands[what]...)
		s.wholeFiles(dir, []string{"towns.csv"}, whole)
		s.command(commands[what]...) // goes on, or begins again
		if s.wholeFiles(dir, []string{"towns.csv"}, whole)[0] != 1 {
			s.t.Fatalf("%s: afterwards nothing is there", what)
		}
	}
}

// atRest: once every command has come to its end, nothing is left behind in any folder.
func (s *stopping) atRest() {
	s.t.Helper()
	s.command("run", filepath.Join("..", "..", "scenarios", "worked-case"), "-o", filepath.Join(s.dir, "out"))
	if err := filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if name := d.Name(); strings.HasPrefix(name, ".zhencai") && name != ".zhencai.json" || strings.HasSuffix(name, ".unfinished") {
			s.t.Errorf("left behind: %s", path)
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}
