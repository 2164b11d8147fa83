package scenarios

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhencai/model"
	"zhencai/model/formula"
)

func utf16Of(s string, order binary.AppendByteOrder) (out []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// manyTowns are rows longer than what decides about an encoding.
var manyTowns = func() (rows string) {
	for i := range 4000 {
		rows += fmt.Sprintf("ab%d,1\n", i)
	}
	return rows
}()

// TestTablesThatAreNoCSV: a file that a spreadsheet saved in another way, or no table at all, gets told what it is and what to do, never that it is empty.
func TestTablesThatAreNoCSV(t *testing.T) {
	const table = "town,transfers.sub.amount\n甲镇,10\n乙镇,20\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	var bytes [256]byte
	for i := range bytes {
		bytes[i] = byte(i)
	}
	for name, c := range map[string]struct{ data, says string }{
		"UTF-16 unmarked": {string(utf16Of(table, binary.LittleEndian)), "UTF-16"},
		"neither":         {strings.Replace(gbk, "\xd2\xd2", "\xd2\xff", 1), ":3: this is not text in UTF-8 or GBK"},
		"Latin":           {strings.Replace(table, "甲镇", "Caf\xe9", 1), ":2: this is not text in UTF-8 or GBK"},
		"UTF-8, then GBK": {table + manyTowns + gbk[strings.LastIndex(gbk[:len(gbk)-1], "\n")+1:], "not text in UTF-8 or GBK"},
		"workbook":        {"PK\x03\x04\x14\x00\x06\x00", "workbook"},
		"old workbook":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"},
		"Parquet":         {"PAR1\x15\x04", "Parquet"},
		"NUL":             {strings.Replace(table, "甲", "\x00", 1), "binary"},
		"NUL far below":   {table + strings.Repeat("x", 9000) + "\x00,3\n", "NUL byte"},
		"raw bytes":       {string(bytes[:]), "binary"},
		"CR only":         {strings.ReplaceAll(table, "\n", "\r"), ":1: the line ends with a carriage return alone"},
		"CR below":        {strings.Replace(table, "\n乙", "\r乙", 1), ":2: the line ends with a carriage return alone"},
		"CR at the end":   {table[:len(table)-1] + "\r", ":3: the line ends with a carriage return alone"},
		"NUL below":       {table + "丙,1\n" + strings.Repeat(" ", 5000) + "丁\x00,3\n", ":5: there is a NUL byte"},
		"no end":          {table + "丙,\"" + strings.Repeat("4,\n", 1<<17), "do the quotes match"},
		"two fields":      {table + "丙,1,2\n", ":4: this row has another number of fields than the header, which has 2"},
		"quotes":          {table + "丙,\"1\n", "the quotes do not match"},
		"long":            {table + "丙," + strings.Repeat("9", 2001) + "\n", ":4: column 2 has 2001 bytes, the limit is 2000"},
		"empty":           {"", "the file is empty"},
		"only a mark":     {"\ufeff", "the file is empty"},
		"control":         {strings.Replace(table, "10", "1\x1b0", 1), "not text in UTF-8"},
		"no value":        {strings.Replace(table, "10", "#DIV/0!", 1), "the spreadsheet has no value there"},
		"narrow column":   {strings.Replace(table, "10", "######", 1), "the spreadsheet has no value there"},
		"no name":         {strings.Replace(table, "甲镇", "#N/A", 1), "the spreadsheet has no value there"},
	} {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := readAll(path); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something of %q", name, err, c.says)
		} else if zh := err.(*model.TableError).In(formula.ZH); zh == err.Error() {
			t.Errorf("%s: one language only", name)
		}
	}
}

// TestTablesAsSpreadsheetsSaveThem: a table is the same towns in every encoding and with either separator; only GBK is a guess, and said to be one.
func TestTablesAsSpreadsheetsSaveThem(t *testing.T) {
	for _, rows := range []string{"甲镇,10\n乙镇,20\n", "a,10\nb,20\n", manyTowns + "龙街镇,20\n", strings.Repeat("镇", 600) + ",10\n" + manyTowns + "龙街镇,20\n"} {
		table := "town,transfers.sub.amount\n" + rows
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(table)
		if err != nil {
			t.Fatal(err)
		}
		var want []Town
		for _, c := range []struct{ name, data string }{
			{"UTF-8 with a mark", "\ufeff" + table}, {"UTF-8", table}, {"UTF-16", string(utf16Of("\ufeff"+table, binary.LittleEndian))}, {"UTF-16, big end first", string(utf16Of("\ufeff"+table, binary.BigEndian))},
			{"GBK", gbk}, {"tabs in GBK", strings.ReplaceAll(gbk, ",", "\t")}, {"Unicode text of Excel", string(utf16Of("\ufeff"+strings.ReplaceAll(strings.ReplaceAll(table, "\n", "\r\n"), ",", "\t"), binary.LittleEndian))},
		} {
			path := filepath.Join(t.TempDir(), "t.csv")
			if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			towns, said, err := readAll(path)
			if want == nil {
				want = towns
			}
			guessed := strings.Contains(c.name, "GBK") && gbk != table
			if err != nil || len(want) == 0 || !slices.EqualFunc(towns, want, func(a, b Town) bool { return a.Name == b.Name && slices.Equal(a.Values, b.Values) }) {
				t.Errorf("%s: %d towns (%v)", c.name, len(towns), err)
			}
			if guessed != (len(said) == 1 && strings.Contains(said[0].Text.EN, "read as GBK")) || !guessed && len(said) > 0 {
				t.Errorf("%s: said %v", c.name, said)
			}
		}
	}
}

func readAll(path string) ([]Town, []*model.TableError, error) {
	table, err := OpenTowns(path)
	if err != nil {
		return nil, nil, err
	}
	defer table.Close()
	towns, err := table.Next(mostTowns)
	return towns, table.Warnings, err
}

// TestManyTowns: so many towns and no more are read, and of very many rows of totals the first are named and the others counted.
func TestManyTowns(t *testing.T) {
	table, err := readTowns("t.csv", strings.NewReader("town\na\nb\nc\nd\n"))
	if err != nil {
		t.Fatal(err)
	}
	table.most = 3
	if towns, err := table.Next(3); err != nil || len(towns) != 3 {
		t.Error(towns, err)
	}
	if _, err := table.Next(1); err == nil || err.Error() != "t.csv:5: there are more than 3 towns; make several tables of them" {
		t.Error(err)
	}
	if table, err = readTowns("t.csv", strings.NewReader("town\na\n"+strings.Repeat("合计\n", 25)+"b\n")); err != nil {
		t.Fatal(err)
	}
	towns, err := table.Next(9)
	if last := len(table.Warnings) - 1; err != nil || len(towns) != 2 || last != mostNamed || table.Warnings[last].Text.EN != "there are 5 more such rows, all left out" {
		t.Error(towns, table.Warnings, err)
	}
}

// TestRowsOfTotals: a row that says it is one is left out, one that adds up the others is refused where it stands first or last; towns that happen to add up are towns elsewhere,
// and rates and single towns add up to nothing.
func TestRowsOfTotals(t *testing.T) {
	for rows, want := range map[string]string{
		"a,10\nb,20\n合计,30\n":                   "left out 4",
		"a,10\n小 计:,10\nb,20\nGrand Total,30\n": "left out 3 5",
		"合计,30\n":                   "refused 2",
		"":                          "refused 1",
		"a,10\nb,20\nc,30\n":        "refused 4",
		"c,30\na,10\nb,20\n":        "refused 2",
		"a,10\nc,30\nb,20\n":        "",
		"a,0.1\nb,0.2\nc,0.3\n":     "",
		"a,10%\nb,20%\nc,30%\n":     "",
		"a,10\nb,\nc,10\n":          "",
		"a,10\nb,20\nc,30.000001\n": "",
		"a,10\nb,10\n":              "",
		"a,10\n":                    "",
		"a,0\nb,0\nc,0\n":           "",
		"a,\"[1, 2]\"\nb,\"[3, 4]\"\nc,\"[4, 6]\"\n": "",
	} {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte("town,transfers.sub.amount\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		_, left, err := readAll(path)
		got := ""
		if bad, ok := err.(*model.TableError); ok {
			got = "refused " + strings.TrimSpace(formula.Textf("%d", "%d", bad.Line).EN)
		} else if len(left) > 0 {
			got = "left out"
			for _, l := range left {
				got += formula.Textf(" %d", " %d", l.Line).EN
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", rows, got, want, err)
		}
	}
}

// TestYuanInATable: one town in yuan among others in 万元 is told, once; towns of very different size are not.
func TestYuanInATable(t *testing.T) {
	for rows, want := range map[string]int{
		"a,300\nb,3000000\nc,310\nd,\n": 3, "a,300\nb,1\nc,5000\n": 0, "a,300\nb,3000000元\nc,310\n": 0, "a,3000000\nb,300\n": 0, "a,0\nb,0\nc,3000000\n": 0, "a,0\nb,20%\nc,30%\n": 0,
	} {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte("town,transfers.sub.amount\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		table, err := OpenTowns(path)
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		for {
			towns, err := table.Next(1)
			if err != nil {
				t.Fatal(err)
			}
			if len(towns) == 0 {
				break
			}
		}
		table.Next(1)
		line := 0
		if len(table.Warnings) > 0 {
			line = table.Warnings[0].Line
		}
		if len(table.Warnings) > 1 || line != want {
			t.Errorf("%q: %v", rows, table.Warnings)
		}
	}
}
