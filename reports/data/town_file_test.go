package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"zhencai/internal/testrun"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios/files"
)

// someTowns are more rows than one group of a Parquet file holds, with blanks, zeros, negative amounts of whole fen and ratios.
func someTowns() (header []string, rows [][]string) {
	header = []string{"town", "town_receives:total", "debt_ratio:last", "by_p5", "a_last_that_sorts_first"}
	for i := range groupRows + 7 {
		row := []string{fmt.Sprintf("第%d镇, \"甲\"", i), fmt.Sprintf("%d.%06d", i*977-40_000, i%999+1), fmt.Sprintf("0.%012d", i+1), "0", "-12.5"}
		row[1] = trimmed(row[1])
		row[2] = trimmed(row[2])
		if i%5 == 0 {
			row[2] = ""
		}
		rows = append(rows, row)
	}
	return header, rows
}

func trimmed(number string) string { return string(bytes.TrimRight([]byte(number), "0")) }

func each(rows [][]string) func() ([]string, error) {
	return func() ([]string, error) {
		if len(rows) == 0 {
			return nil, io.EOF
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}
}

// TestTownsAsParquet: what the library reads back from the Parquet file is what the CSV says, column by column, and reading it as a table gives the same text.
func TestTownsAsParquet(t *testing.T) {
	header, rows := someTowns()
	dir := t.TempDir()
	asCSV, asParquet := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.Parquet")
	for _, path := range []string{asCSV, asParquet} {
		if err := SaveTowns(files.Saver{Replace: true}, path, header, each(rows), ""); err != nil {
			t.Fatal(err)
		}
		table, err := OpenTowns(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(table.Header, header) {
			t.Fatalf("%s: header %v", path, table.Header)
		}
		for i := range rows {
			if row, err := table.Next(); err != nil || !slices.Equal(row, rows[i]) {
				t.Fatalf("%s: row %d is %q, not %q (%v)", path, i, row, rows[i], err)
			}
		}
		if row, err := table.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("%s: after the end: %q, %v", path, row, err)
		}
		table.Close()
	}
	data, err := os.ReadFile(asCSV)
	if err != nil {
		t.Fatal(err)
	}
	written, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type town struct { // as a user of the library would declare it
		Town     string   `parquet:"town"`
		Receives *float64 `parquet:"town_receives:total"`
		Ratio    *float64 `parquet:"debt_ratio:last"`
		P5       *float64 `parquet:"by_p5"`
		Last     *float64 `parquet:"a_last_that_sorts_first"`
	}
	read, err := parquet.ReadFile[town](asParquet)
	if err != nil || len(read) != len(written)-1 {
		t.Fatal(len(read), err)
	}
	text := func(v *float64) string {
		if v == nil {
			return ""
		}
		return fmt.Sprint(*v)
	}
	for i, r := range read {
		for k, got := range []string{r.Town, text(r.Receives), text(r.Ratio), text(r.P5), text(r.Last)} {
			want := written[i+1][k]
			if k > 0 && want != "" {
				var number float64
				fmt.Sscan(want, &number)
				want = fmt.Sprint(number)
			}
			if got != want {
				t.Fatalf("row %d, %s: %s, in the CSV %s", i, header[k], got, want)
			}
		}
	}
}

// readBack reads a whole Parquet file.
func readBack(data []byte) (header []string, rows [][]string, err error) {
	f, err := openParquet("t.parquet", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := f.next()
		if errors.Is(err, io.EOF) {
			return f.Columns, rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
}

// TestDamagedParquet: a file cut short or changed anywhere is refused with its name; and what cannot be written leaves the old file.
func TestDamagedParquet(t *testing.T) {
	header, rows := someTowns()
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := SaveTowns(files.Saver{Replace: true}, path, header, each(rows[:40]), ""); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows[20][1] = "zz"
	if err := SaveTowns(files.Saver{Replace: true}, path, header, each(rows[:40]), ""); err == nil {
		t.Error("zz was written as a number")
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, whole) {
		t.Error("the old file is gone", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Error("left behind:", left)
	}
	if _, read, err := readBack(whole); err != nil || len(read) != 40 {
		t.Fatal(len(read), err)
	}
	for i := range whole {
		for what, data := range map[string][]byte{"cut short": whole[:i], "changed": slices.Concat(whole[:i], []byte{whole[i] ^ 0x55}, whole[i+1:]), "left out": slices.Concat(whole[:i], whole[i+1:]),
			"put in": slices.Concat(whole[:i], []byte{0}, whole[i:]), "of two": slices.Concat(whole[:i], whole)} {
			if _, _, err := readBack(data); !bytes.Equal(data, whole) && (err == nil || !strings.Contains(err.Error(), "t.parquet is damaged")) {
				t.Fatalf("%s at %d of %d: %v", what, i, len(whole), err)
			}
		}
	}
}

// FuzzParquet: whatever a file holds under a checksum that is right, it is refused, or read the same from what is written of it again.
func FuzzParquet(f *testing.F) {
	written := func(header []string, rows [][]string) []byte {
		var out bytes.Buffer
		if err := writeParquet(&out, header, each(rows), ""); err != nil {
			f.Fatal(err)
		}
		return out.Bytes()
	}
	header, rows := someTowns()
	for _, n := range []int{0, 1, 9} {
		data := written(header, rows[:n])
		contents := bytes.Index(data, []byte(`{"Columns":`))
		f.Add(data[:contents], data[contents:bytes.LastIndexByte(data, '}')+1])
	}
	f.Fuzz(func(t *testing.T, pages, contents []byte) {
		before := binary.LittleEndian.AppendUint32(slices.Concat(pages, contents), uint32(len(contents)))
		footer := append(make([]byte, 4), parquetMagic...)
		sum := sha256.Sum256(slices.Concat(before, footer))
		header, rows, err := readBack(slices.Concat(before, sum[:], footer))
		if err != nil {
			if !strings.Contains(err.Error(), "t.parquet is damaged") {
				t.Fatal(err)
			}
			return
		}
		again := written(header, rows)
		if header2, rows2, err := readBack(again); err != nil || !slices.Equal(header, header2) || !slices.EqualFunc(rows, rows2, slices.Equal) {
			t.Fatalf("%q %q is read back as %q %q (%v)", header, rows, header2, rows2, err)
		}
	})
}

// TestDamagedPart: a part in CSV that is cut short or changed anywhere is refused, or read as what was written, never as other numbers.
func TestDamagedPart(t *testing.T) {
	header, rows := someTowns()
	rows = rows[:6]
	var whole bytes.Buffer
	if err := WriteTowns(&whole, false, header, each(rows), "part 1"); err != nil {
		t.Fatal(err)
	}
	data, refused := whole.Bytes(), 0
	for i := range data {
		for _, data := range [][]byte{data[:i], slices.Concat(data[:i], []byte{data[i] ^ 0x55}, data[i+1:]), slices.Concat(data[:i], []byte{data[i] ^ 1}, data[i+1:]), slices.Concat(data[:i], data[i+1:])} {
			names, all, note, err := readAll("t.csv", data)
			switch {
			case err != nil:
				var zh interface{ In(formula.Lang) string }
				if !errors.As(err, &zh) || zh.In(formula.ZH) == zh.In(formula.EN) {
					t.Fatalf("byte %d: one language only: %v", i, err)
				}
				refused++
			case note == "": // then it is no part, and no merge takes it
				refused++
			case note != "part 1" || !slices.Equal(names, header) || !slices.EqualFunc(all, rows, slices.Equal):
				t.Fatalf("byte %d: read as something else", i)
			}
		}
	}
	if refused < 4*len(data)-20 { // the mark at the beginning, the end of the last line
		t.Errorf("of %d damaged files %d were refused", 4*len(data), refused)
	}
}

// readAll reads a table to its end; the error is nil there.
func readAll(path string, data []byte) (header []string, all [][]string, note string, err error) {
	table, err := ReadTowns(path, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, "", err
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return table.Header, all, table.Note(), nil
		}
		if err != nil {
			return nil, nil, "", err
		}
		all = append(all, slices.Clone(row))
	}
}

// TestPartsOfASpreadsheet: a part that a spreadsheet saved again is as good as before while all its cells are the same, and refused when one is not.
func TestPartsOfASpreadsheet(t *testing.T) {
	header, rows := someTowns()
	rows = rows[:5]
	var written bytes.Buffer
	if err := WriteTowns(&written, false, header, each(rows), `part "1", of 2`); err != nil {
		t.Fatal(err)
	}
	text := written.String()
	lines := strings.SplitAfter(text, "\n")
	for name, c := range map[string]struct {
		data string
		good bool
	}{
		"as written": {text, true}, "without the mark": {strings.TrimPrefix(text, model.ByteOrderMark), true}, "ends of lines": {strings.ReplaceAll(text, "\n", "\r\n"), true},
		"quotes": {strings.Replace(text, "-12.5\n", "\"-12.5\"\n", 1), true}, "the last end": {strings.TrimSuffix(text, "\n"), true},
		"a digit": {strings.Replace(text, "-12.5\n", "-12.6\n", 1), false}, "a zero": {strings.Replace(text, "-12.5\n", "-12.50\n", 1), false},
		"a row less": {strings.Join(slices.Delete(slices.Clone(lines), 2, 3), ""), false}, "a row twice": {strings.Join(slices.Insert(slices.Clone(lines), 2, lines[2]), ""), false},
		"rows changed about": {strings.Join(append([]string{lines[0], lines[2], lines[1]}, lines[3:]...), ""), false},
		"a row below":        {text + lines[1], false}, "a column's name": {strings.Replace(text, "by_p5", "by_p6", 1), false}, "the note": {strings.Replace(text, "of 2", "of 3", 1), false},
	} {
		_, all, note, err := readAll("p.csv", []byte(c.data))
		if good := err == nil && note == `part "1", of 2` && slices.EqualFunc(all, rows, slices.Equal); good != c.good || err != nil && c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNamesAreNoFormulas: whatever a town's name begins with, no spreadsheet takes it for a formula, whether it comes from a run or out of a part; and merging again changes nothing.
func TestNamesAreNoFormulas(t *testing.T) {
	header, names := []string{"town", "=cash"}, []string{"=1", "+1", "-1", "@x", "\tx", "＝1", "＋1", "－1", "＠x", "'=1", "甲=1"}
	var rows [][]string
	for _, name := range names {
		rows = append(rows, []string{name, "-5"})
	}
	for _, path := range []string{"t.csv", "t.parquet"} {
		again := rows
		for range 2 {
			var text bytes.Buffer
			if err := WriteTowns(&text, IsParquet(path), header, each(again), "n"); err != nil {
				t.Fatal(err)
			}
			var err error
			if header, again, _, err = readAll(path, text.Bytes()); err != nil || header[1] != "'=cash" {
				t.Fatal(header, err)
			}
			for i, row := range again {
				if want := names[i]; i < len(names)-2 && row[0] != "'"+want || i >= len(names)-2 && row[0] != want || row[1] != "-5" {
					t.Errorf("%s: %q became %q", path, want, row)
				}
			}
		}
	}
}

// TestCSVReadsBack: every CSV file begins with a byte order mark, and a table of towns reads back as it was, with the mark and without, in GBK and in UTF-16; what a spreadsheet makes of it
// otherwise is refused with what to do.
func TestCSVReadsBack(t *testing.T) {
	header, rows := someTowns()
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := SaveTowns(files.Saver{Replace: true}, path, header, each(rows), ""); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	run := testrun.Of(t, "../../scenarios/worked-case", formula.ZH)
	for name, data := range map[string][]byte{"towns": written, "results.csv": CSV(run)} {
		if n := bytes.Count(data, []byte(model.ByteOrderMark)); n != 1 || !bytes.HasPrefix(data, []byte(model.ByteOrderMark)) {
			t.Errorf("%s has %d byte order marks", name, n)
		}
	}
	read := func(data []byte) ([][]string, error) {
		_, all, _, err := readAll(path, data)
		return all, err
	}
	without := bytes.TrimPrefix(written, []byte(model.ByteOrderMark))
	gbk, noGBK := simplifiedchinese.GBK.NewEncoder().Bytes(without)
	wide, noWide := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(without)
	if err := errors.Join(noGBK, noWide); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{written, without, bytes.ReplaceAll(written, []byte("\n"), []byte("\r\n")), gbk, wide} {
		if all, err := read(data); err != nil || !slices.EqualFunc(all, rows, slices.Equal) {
			t.Errorf("read back %q (%v)", all, err)
		}
	}
	for want, data := range map[string][]byte{"workbook": []byte("PK\x03\x04"), "is empty": []byte(model.ByteOrderMark), "is not a number": []byte("town,cash\na,#N/A\n"),
		"row of totals": []byte("town,cash\na,1\n合计,1\n"), "not text in UTF-8": []byte("town,cash\n\xff,1\n"), "NUL byte": []byte("town,cash\n" + strings.Repeat("a,1\n", 2000) + "b\x00,1\n"),
		"a carriage return alone": []byte("town,cash\ra,1\r"), "no infinity": []byte("town,cash\na,Inf\n")} {
		if _, err := read(data); err == nil || !strings.Contains(err.Error(), want) && want != "no infinity" {
			t.Errorf("%q: %v, want %q", data[:min(len(data), 20)], err, want)
		}
	}
}
