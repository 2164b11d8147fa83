package scenarios

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"zhencai/model"
)

// FuzzTable: whatever a table of towns holds, it is read or refused by a sentence of ours with its line; what is read and written again is read as the same towns.
//
//	go test ./scenarios -run '^$' -fuzz FuzzTable -fuzzminimizetime 5x
func FuzzTable(f *testing.F) {
	for _, rows := range []string{
		"甲,10,5%\n乙,,\n", "a,\"1,000\",\"[1%, 2%]\"\r\n\"b \"\"c\"\"\",2000万元,-5%\r\n", "a,10\nb,20\n", "a,10,\n合 计：,10,\n", "a,1,\nb,2,\nc,3,\n", "a,1,\na,2,\n", "a,#N/A,\n", "a,\"1\n2\",\n", "\"a\nb\",1,\n", " ,1,\n",
		"a,1,\rb,2,\r", "a,1,\x00\n", "a,300,\nb,3000000,\nc,310,\n", "a,1e9,0x1p-2\nb,-0,１０\n", "a,\"1,\n", "\n\na,1,2\n\n", "a,\xff,\n", "=1,＝1,@1\n", "a,1.000000000000000001,99999999999999999999\n", "",
	} {
		f.Add("town,transfers.sub.amount,revenue.*.growth\n" + rows)
	}
	f.Add("\ufefftown\r\na\r\nb\r\n")
	f.Add("town,x,x\na,1,2\n")
	f.Add("name\na\n")
	f.Add("PK\x03\x04")
	f.Fuzz(func(t *testing.T, text string) {
		read := func(text string) (*TownTable, []Town, error) {
			table, err := readTowns("t.csv", strings.NewReader(text))
			if err != nil {
				return nil, nil, err
			}
			var all []Town
			for {
				some, err := table.Next(3)
				if all = append(all, some...); err != nil || len(some) == 0 {
					return table, all, err
				}
			}
		}
		table, towns, err := read(text)
		if err != nil {
			var ours *model.TableError
			if !errors.As(err, &ours) || ours.Line < 1 || ours.Text.ZH == "" || ours.Text.ZH == ours.Text.EN {
				t.Fatalf("refused by %v", err)
			}
			return
		}
		var again strings.Builder
		w := csv.NewWriter(&again)
		w.Write(append([]string{"town"}, table.Columns...))
		for _, town := range towns {
			w.Write(append([]string{town.Name}, town.Values...))
		}
		w.Flush()
		_, same, err := read(again.String())
		if err != nil || !slices.EqualFunc(towns, same, func(a, b Town) bool { return a.Name == b.Name && slices.Equal(a.Values, b.Values) }) {
			t.Fatalf("%q is read as %v, written again as %v (%v)", text, towns, same, err)
		}
		lines := 0
		for i, v := range table.Variants(towns, "base", func(int) []string { return []string{"x=1"} }) {
			if lines += len(v.Set); v.ID != towns[i].Name {
				t.Fatalf("%q is the variant of %q", v.ID, towns[i].Name)
			}
		}
		for line := 1; line <= lines; line++ { // every override comes from a town
			at := table.Place(model.Problem{Pos: model.Pos{File: variantsName, Line: line}}, towns, 1).Pos
			if at.File != "t.csv" || !slices.ContainsFunc(towns, func(town Town) bool { return town.Line == at.Line }) || at.Col > len(table.Columns)+1 {
				t.Fatalf("line %d of the overrides is at %v", line, at)
			}
		}
	})
}
