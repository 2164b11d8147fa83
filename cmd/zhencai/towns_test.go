package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports/data"
)

// TestTownsGoOn: a run that was stopped anywhere, even within a row, is gone on with and ends as if it had never stopped.
func TestTownsGoOn(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	put := func(name, text string) {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("plan.yaml", "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}\ncash: {opening: 10, source: x}\n")
	const towns = 307 // they are loaded a hundred at a time
	table := "town,revenue.tax.growth\n"
	for i := range towns {
		table += fmt.Sprintf("t%d,%d%%\n", i, i%20)
	}
	put("towns.csv", table)
	o := manyTowns{plan: path("plan.yaml"), scenario: "base", to: path("out.csv"), by: defaultFigure, rank: "town_receives:total", quiet: true}
	var out, errs strings.Builder
	a := &app{lang: formula.EN, out: &out, errs: &errs}
	if err := a.towns([]string{path("towns.csv")}, o); err != nil {
		t.Fatal(err, errs.String())
	}
	whole, err := os.ReadFile(o.to)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(whole, []byte("\n")); n != towns+1 {
		t.Fatalf("%d lines", n)
	}
	if err := os.Mkdir(path(".zhencai-lock"), 0o700); err != nil { // no table can be written there, its rows can
		t.Fatal(err)
	}
	taken := o
	if taken.to = path("taken.csv"); a.towns([]string{path("towns.csv")}, taken) == nil {
		t.Fatal("written where a folder stands in place of the lock")
	}
	if err := os.Remove(path(".zhencai-lock")); err != nil {
		t.Fatal(err)
	}
	begun, err := os.ReadFile(path("taken.csv.unfinished"))
	if err != nil {
		t.Fatal(err)
	}
	all := string(begun)
	settings, rows, _ := strings.Cut(all, "\n")
	if bare := regexp.MustCompile(",[0-9a-f]{8}\n").ReplaceAllString(rows, "\n"); model.ByteOrderMark+bare != string(whole) { // rows being collected are no file for a spreadsheet yet
		t.Fatal("the rows collected are not those written")
	}
	lines := strings.SplitAfter(rows, "\n")
	less := settings + "\n" + strings.Join(slices.Delete(slices.Clone(lines), 100, 101), "")
	twice := settings + "\n" + strings.Join(slices.Insert(slices.Clone(lines), 100, lines[100]), "")
	changed := settings + "\n" + strings.Join(lines[:100], "") + strings.Replace(lines[100], "0", "1", 1) + strings.Join(lines[101:], "")
	for name, c := range map[string]struct {
		text string
		done int // rows gone on with
		cut  bool
	}{
		"nothing": {"", 0, false}, "three bytes": {all[:3], 0, false}, "within the header": {all[:len(settings)+3], 0, false},
		"a third": {all[:len(all)/3], strings.Count(all[:len(all)/3], "\n") - 2, false}, "but a byte": {all[:len(all)-1], towns - 1, false}, "everything": {all, towns, false},
		"a row less": {less, 99, true}, "a row twice": {twice, 100, true}, "a figure changed": {changed, 99, true}, "no end": {all + "a,\"" + strings.Repeat("x", 2<<20) + "\n", towns, true},
	} {
		put("out.csv", "finished earlier\n")
		put("out.csv.unfinished", c.text)
		out.Reset()
		errs.Reset()
		if err := a.towns([]string{path("towns.csv")}, o); err != nil {
			t.Fatal(err, errs.String())
		}
		again, err := os.ReadFile(o.to)
		if err != nil || !bytes.Equal(again, whole) {
			t.Errorf("%s: the file differs (%v)", name, err)
		}
		if said := fmt.Sprintf("going on: %d towns are there", c.done); strings.Contains(out.String(), said) != (c.done > 0) {
			t.Errorf("%s: %s", name, out.String())
		}
		if said := fmt.Sprintf("out.csv.unfinished is damaged from town %d on", c.done+1); strings.Contains(errs.String(), said) != c.cut {
			t.Errorf("%s: %s", name, errs.String())
		}
	}
	put("out.csv.unfinished", all)
	o.set = []string{"revenue.tax.growth=3%"}
	if err := a.towns([]string{path("towns.csv")}, o); err == nil || !strings.Contains(err.Error(), `what differs: --set ([], ["revenue.tax.growth=3%"])`) {
		t.Errorf("gone on with other settings: %v", err)
	}
}

// TestPotsOverManyTowns: a pot too small for them goes out to the fen over a table of towns, in shards too, and where what one pot pays moves what is payable out of another.
func TestPotsOverManyTowns(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	put := func(name, text string) {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("plan.yaml", `years: 2022-2025
history: 2019-2021
revenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}
cash: {opening: 10, source: x}
transfers: {share: {kind: above_base, base: {mean: 3}, rate: 50%, source: x}, sub: {kind: fixed, amount: 7, source: x},
  match: {kind: formula, formula: transfers.share.paid * 30%, source: x}}
`)
	table, towns := "town,revenue.tax.growth,transfers.sub.amount\n", 111
	for i := range towns {
		table += fmt.Sprintf("t%d,%d.%d%%,%d.%06d\n", i, 5+i%13, i%7, 5+i%9, i*7919%1_000_000)
	}
	put("towns.csv", table)
	var out, errs strings.Builder
	a := &app{lang: formula.EN, out: &out, errs: &errs}
	o := manyTowns{plan: path("plan.yaml"), scenario: "base", by: defaultFigure, rank: "town_receives:total", quiet: true, pools: []string{"share=100.000001, 150, 200, 333.333333", "sub=400", "match=20"}}
	compute := func(name, shard string) []byte {
		o.to, o.shard = path(name), shard
		if err := a.towns([]string{path("towns.csv")}, o); err != nil {
			t.Fatal(err, errs.String())
		}
		written, err := os.ReadFile(o.to)
		if err != nil {
			t.Fatal(err)
		}
		return written
	}
	whole := compute("whole.csv", "")
	compute("p1.csv", "1/2")
	compute("p2.csv", "2/2")
	o.to = path("merged.csv")
	if err := a.mergeTowns([]string{path("p1.csv"), path("p2.csv")}, manyTowns{to: o.to, merge: true}); err != nil {
		t.Fatal(err)
	}
	if merged, err := os.ReadFile(o.to); err != nil || !bytes.Equal(merged, whole) {
		t.Errorf("the parts do not make the whole (%v)", err)
	}
	file, err := data.OpenTowns(path("whole.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	paid := decimal.Zero
	for range towns {
		row, err := file.Next()
		if err != nil {
			t.Fatal(err)
		}
		paid = paid.Add(decimal.RequireFromString(row[slices.Index(file.Header, "incentive_paid:total")]))
	}
	if want := decimal.RequireFromString("2463.333334"); !paid.Equal(want) { // by hand: 100.000001 + 150 + 200 + 333.333333 + 4 × 400 + 4 × 20
		t.Errorf("%s is paid out of pots of %s", paid, want)
	}
	if o.pools = []string{"sub=1", "sub=2"}; a.towns([]string{path("towns.csv")}, o) == nil {
		t.Error("two pots for one transfer are accepted")
	}
	put("towns.csv", "town,transfers.*.delivered.2022\na,50%\n")
	if o.pools = []string{"sub=1"}; a.towns([]string{path("towns.csv")}, o) == nil {
		t.Error("a table that says how much is paid beside a pot is accepted")
	}
}

// TestTownsAtOnce: the same command started twice does not collect rows into one file at once; the second waits, and both end well.
func TestTownsAtOnce(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	table := "town,revenue.tax.growth\n"
	for i := range 500 {
		table += fmt.Sprintf("t%d,%d%%\n", i, i%20)
	}
	if err := errors.Join(os.WriteFile(path("towns.csv"), []byte(table), 0o600), os.WriteFile(path("plan.yaml"),
		[]byte("years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}\ncash: {opening: 10, source: x}\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	compute := func(to string) {
		a := &app{lang: formula.EN, out: io.Discard, errs: io.Discard}
		if err := a.towns([]string{path("towns.csv")}, manyTowns{plan: path("plan.yaml"), scenario: "base", to: path(to), by: defaultFigure, rank: "town_receives:total", quiet: true}); err != nil {
			t.Error(err)
		}
	}
	compute("whole.csv")
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() { compute("out.csv") })
	}
	wait.Wait()
	whole, err := os.ReadFile(path("whole.csv"))
	got, also := os.ReadFile(path("out.csv"))
	if err != nil || also != nil || !bytes.Equal(got, whole) {
		t.Errorf("what is written at once differs (%v %v)", err, also)
	}
	if left, _ := filepath.Glob(path("*.unfinished")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// TestTownsUnlike: plans that cannot be simulated side by side are refused, naming the town.
func TestTownsUnlike(t *testing.T) {
	dir := t.TempDir()
	const plan = "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}\ncash: {opening: 10, source: x}\n"
	const drawn = "uncertainty: {shocks: {revenue.tax.growth: {normal: {sd: 1pp}}}}\n"
	put := func(name, text string) string {
		path := filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := put("first", plan+drawn+"transfers: {sub: {kind: fixed, amount: 7, source: x}}\n")
	for _, c := range []struct{ second, want string }{
		{put("calm", plan), "calm: it says nothing of uncertainty"},
		{put("bare", plan+drawn), "bare: there is no line transfers.sub.due"},
		{put("asked", strings.Replace(plan+drawn, "uncertainty: {", "uncertainty: {owed_over: 3, ", 1)+"transfers: {sub: {kind: fixed, amount: 7, source: x}}\n"), "asked: uncertainty.owed_over"},
	} {
		var out, errs strings.Builder
		code := run([]string{"towns", first, c.second, "--lang", "en", "--paths", "10", "--by", "transfers.sub.due:total", "-o", filepath.Join(dir, "towns.csv"), "--quiet"}, &out, &errs)
		if code != exitFailed || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: exit %d, %s", c.want, code, errs.String())
		}
		os.Remove(filepath.Join(dir, "towns.csv.unfinished"))
	}
}
