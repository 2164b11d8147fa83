package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhencai/model/formula"
	"zhencai/reports/data"
	"zhencai/scenarios/towns"
)

// FuzzMerge: whatever two parts hold, they are refused by a sentence of ours, or what is written is what one run gives. What is read as a table and written again is read as the same.
//
//	go test ./cmd/zhencai -run '^$' -fuzz FuzzMerge -fuzzminimizetime 5x
func FuzzMerge(f *testing.F) {
	dir := f.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			f.Fatal(err)
		}
		return path
	}
	plan := put("plan.yaml", "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [100, 100, 100], growth: 10%, source: x}}\ncash: {opening: 10, source: x}\n")
	table := put("table.csv", "town,revenue.tax.growth\n甲,1%\n\"乙, \"\"b\"\"\",2%\n=丙,-3%\n")
	compute := func(name, shard string, set ...string) []byte {
		out := filepath.Join(dir, name)
		a := &app{lang: formula.EN, out: io.Discard, errs: io.Discard}
		if err := a.towns([]string{table}, manyTowns{plan: plan, scenario: "base", to: out, shard: shard, by: defaultFigure, rank: "town_receives:total", quiet: true, set: set}); err != nil {
			f.Fatal(err)
		}
		written, err := os.ReadFile(out)
		if err != nil {
			f.Fatal(err)
		}
		return written
	}
	whole := compute("whole.csv", "")
	csv1, csv2, pq1, pq2 := compute("1.csv", "1/2"), compute("2.csv", "2/2"), compute("1.parquet", "1/2"), compute("2.parquet", "2/2")
	f.Add(csv1, csv2, false, false)
	f.Add(csv2, csv1, false, false)
	f.Add(pq2, pq1, true, true)
	f.Add(csv1, pq2, false, true)
	f.Add(bytes.ReplaceAll(csv1, []byte("\n"), []byte("\r\n")), csv2, false, false)
	f.Add(csv1, csv1, false, false)
	f.Add(csv1, compute("3.csv", "2/3"), false, false)
	f.Add(csv1, compute("other.csv", "2/2", "cash.opening=20"), false, false)
	f.Add(whole, csv2, false, false)
	f.Add(csv1, pq2[:len(pq2)-9], false, true)
	f.Add([]byte("town,cash:last\n'=a,-5\nb,\n"), []byte("PAR1"), false, true)
	f.Fuzz(func(t *testing.T, one, two []byte, oneParquet, twoParquet bool) {
		names := map[bool]string{false: ".csv", true: ".parquet"}
		files := map[string][]byte{"fuzzed-1" + names[oneParquet]: one, "fuzzed-2" + names[twoParquet]: two}
		var merged bytes.Buffer
		err := towns.Merge([]string{"fuzzed-1" + names[oneParquet], "fuzzed-2" + names[twoParquet]}, "fuzzed-out", func(path string) (*towns.Rows, error) {
			table, err := data.ReadTowns(path, bytes.NewReader(files[path]), int64(len(files[path])))
			if err != nil {
				return nil, err
			}
			return &towns.Rows{Header: table.Header, Next: table.Next, Note: table.Note, Close: func() error { return nil }}, nil
		}, func(_ string, header []string, next func() ([]string, error), note string) error {
			return data.WriteTowns(&merged, false, header, next, note)
		})
		var ours interface{ In(formula.Lang) string }
		switch {
		case err == nil && !bytes.Equal(merged.Bytes(), whole):
			t.Fatalf("merged into %q", merged.String())
		case err != nil && (!errors.As(err, &ours) || ours.In(formula.ZH) == ours.In(formula.EN)):
			t.Fatalf("refused by %v", err)
		}
		header, rows, err := tableOf(one)
		if err != nil || len(rows) == 0 {
			return
		}
		var written bytes.Buffer
		left := rows
		if err := data.WriteTowns(&written, false, header, func() ([]string, error) {
			if len(left) == 0 {
				return nil, io.EOF
			}
			row := left[0]
			left = left[1:]
			return row, nil
		}, "a note"); err != nil {
			t.Fatal(err)
		}
		again, same, err := tableOf(written.Bytes())
		if err != nil || !slices.Equal(header, again) || !slices.EqualFunc(rows, same, func(a, b []string) bool {
			return slices.Equal(a[1:], b[1:]) && strings.TrimPrefix(a[0], "'") == strings.TrimPrefix(b[0], "'")
		}) {
			t.Fatalf("%q was written and read as %q (%v)", rows, same, err)
		}
	})
}

// tableOf reads a table of CSV to its end.
func tableOf(text []byte) (header []string, rows [][]string, err error) {
	table, err := data.ReadTowns("t.csv", bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return table.Header, rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, slices.Clone(row))
	}
}
