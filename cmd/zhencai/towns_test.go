package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhencai/model/formula"
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
	table := "town,revenue.tax.growth\n"
	for i := range 3*chunk + 7 {
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
	if n := bytes.Count(whole, []byte("\n")); n != 3*chunk+8 {
		t.Fatalf("%d lines", n)
	}
	r := &townRun{a: a, o: o, template: o.plan}
	if err := r.look(); err != nil {
		t.Fatal(err)
	}
	settings, err := r.settings(func() (func() (*batchOfTowns, error), func(), error) { return r.ofTable(path("towns.csv")) }, 0, 3*chunk+7)
	if err != nil {
		t.Fatal(err)
	}
	all := settings + string(whole)
	for _, kept := range []int{0, 3, len(settings) + 3, len(all) / 3, len(all) / 2, len(all) - 1, len(all)} {
		put("out.csv", "finished earlier\n")
		put("out.csv.unfinished", all[:kept])
		out.Reset()
		if err := a.towns([]string{path("towns.csv")}, o); err != nil {
			t.Fatal(err, errs.String())
		}
		again, err := os.ReadFile(o.to)
		if err != nil || !bytes.Equal(again, whole) {
			t.Errorf("stopped after %d bytes: the file differs (%v)", kept, err)
		}
		if went := strings.Contains(out.String(), "going on:"); went != (kept >= len(all)/3) {
			t.Errorf("stopped after %d bytes: going on is %v", kept, went)
		}
	}
}
