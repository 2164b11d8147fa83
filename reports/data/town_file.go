package data

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"zhencai/files"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// A table of towns is a file of one row per town, CSV or Parquet by its name: town is text, all other columns are numbers or blank. One that is a part of a run carries a note of
// the run, and a checksum: every Parquet file has one, CSV has both in a last row. That is of the cells, not of the bytes: a spreadsheet may save the file again.

// IsParquet: does the name ask for Parquet?
func IsParquet(path string) bool { return strings.EqualFold(filepath.Ext(path), ".parquet") }

// TownFile is a table of towns being read row by row. Next gives io.EOF after the last row, and an error there if the table has a checksum and is not what was written.
type TownFile struct {
	Header []string
	Next   func() ([]string, error) // a row is valid until the next is asked for
	path   string
	file   *os.File
	note   string
}

// Close closes the file.
func (t *TownFile) Close() error { return t.file.Close() }

// Note is what was saved with the table. It is known, and known to be whole, after the last row.
func (t *TownFile) Note() string { return t.note }

// OpenTowns opens a table of towns.
func OpenTowns(path string) (*TownFile, error) {
	file, err := model.OpenFile(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	t, err := ReadTowns(path, file, info.Size())
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	t.file = file
	return t, nil
}

// ReadTowns reads a table of towns out of so many bytes. The path names it, and says whether it is Parquet.
func ReadTowns(path string, from io.ReaderAt, size int64) (*TownFile, error) {
	t := &TownFile{path: path}
	open := t.readCSV
	if IsParquet(path) {
		open = t.readParquet
	}
	next, err := open(from, size)
	switch sorted := slices.Sorted(slices.Values(t.Header)); {
	case errors.Is(err, io.EOF):
		return nil, usage(formula.Textf("%s 是空的", "%s is empty", path))
	case err != nil:
		return nil, err
	case len(t.Header) == 0 || t.Header[0] != "town" || !model.Readable(t.Header) || len(slices.Compact(sorted)) < len(t.Header):
		return nil, usage(formula.Textf("%s 不是镇的表：第一列应是 town，各列不重复；这里是 %s", "%s is not a table of towns: the first column is town, and no column comes twice; here they are %s", path, begin(strings.Join(t.Header, " "))))
	}
	t.Next = func() ([]string, error) {
		row, at, err := next()
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(row[1:], func(cell string) bool { return cell != "" && !isNumber(cell) }) + 1
		switch {
		case !model.Readable(row):
			return nil, usage(formula.Textf("%s：里面有不是文字的字符", "%s: there are characters that are no text", at))
		case model.IsTotal(row[0]):
			return nil, usage(formula.Textf("%s：%q 是合计，不是镇；删去这一行", "%s: %q is a row of totals, not a town; delete it", at, begin(row[0])))
		case i > 0:
			return nil, usage(formula.Textf("%s：%s 列里的 %q 不是数", "%s: column %s has %q, which is not a number", at, begin(t.Header[i]), begin(row[i])))
		}
		return row, nil
	}
	return t, nil
}

// begin is the beginning of a text that may be long.
func begin(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// seal adds up a table of CSV.
type seal struct{ hash.Hash }

func (s seal) row(cells []string) {
	fmt.Fprintln(s, len(cells))
	for _, cell := range cells {
		fmt.Fprintln(s, len(cell), cell)
	}
}

// over is the last row's first cell, the others being blank: a mark, the checksum of all rows and the note, and the note.
func (s seal) over(note string) string {
	return fmt.Sprintf("%s%x %s", sealMark, sha256.Sum256(append(s.Sum(nil), note...)), note)
}

const sealMark = "#zhencai "

// readCSV reads a file that WriteTowns wrote, as it is or as a spreadsheet saved it. A cell that is neither blank nor a number is refused, and so is a row of totals somebody
// added: both would be in no sum, or in every one.
func (t *TownFile) readCSV(from io.ReaderAt, size int64) (next func() (row []string, at string, err error), err error) {
	rows, cells := model.NewTable(t.path, io.NewSectionReader(from, 0, size)), seal{sha256.New()}
	header, err := rows.Row()
	t.Header = slices.Clone(header)
	cells.row(header)
	return func() ([]string, string, error) {
		row, err := rows.Row()
		if err != nil {
			return nil, "", err
		}
		sealed, is := strings.CutPrefix(row[0], sealMark)
		if !is || strings.Join(row[1:], "") != "" {
			cells.row(row)
			return row, fmt.Sprintf("%s:%d", filepath.ToSlash(t.path), rows.Line), nil
		}
		if _, t.note, _ = strings.Cut(sealed, " "); cells.over(t.note) != row[0] {
			return nil, "", usage(formula.Textf("%s 与写出时不一样：坏了、改过或少了行；用原来的文件，或重新算这一片", "%s is not as it was written: damaged, changed, or without some of its rows; take the original file, or compute this part again", t.path))
		}
		if _, err = rows.Row(); err == nil {
			err = rows.Fail(rows.Line, formula.Text{ZH: "上一行是这个表的最后一行，下面不应再有", EN: "the row above is the last of this table; there should be none below it"})
		}
		return nil, "", err
	}, err
}

func isNumber(cell string) bool {
	v, err := strconv.ParseFloat(cell, 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// SaveTowns writes a table of towns row by row, until next gives io.EOF. What was there before stays until the new file is whole. A note is kept in it.
func SaveTowns(s files.Saver, path string, header []string, next func() ([]string, error), note string) error {
	_, err := s.Save(files.File{Path: path, Write: func(w io.Writer) error { return WriteTowns(w, IsParquet(path), header, next, note) }})
	return err
}

// WriteTowns writes a table of towns as SaveTowns does.
func WriteTowns(to io.Writer, asParquet bool, header []string, next func() ([]string, error), note string) error {
	quoted := make([]string, len(header))
	for i, name := range header {
		quoted[i] = reports.CSVText(name)
	}
	header = quoted
	text := func() ([]string, error) {
		row, err := next()
		if err != nil {
			return nil, err
		}
		return append([]string{reports.CSVText(row[0])}, row[1:]...), nil
	}
	if asParquet {
		return writeParquet(to, header, text, note)
	}
	rows, cells := csvWriter(to), seal{sha256.New()}
	cells.row(header)
	rows.Write(header)
	for {
		row, err := text()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		cells.row(row)
		rows.Write(row)
	}
	if note != "" {
		last := make([]string, len(header))
		last[0] = cells.over(note)
		rows.Write(last)
	}
	rows.Flush()
	return rows.Error()
}

// readParquet reads a file that writeParquet wrote.
func (t *TownFile) readParquet(from io.ReaderAt, size int64) (next func() (row []string, at string, err error), err error) {
	f, err := openParquet(t.path, from, size)
	if err != nil {
		return nil, err
	}
	t.Header, t.note = f.Columns, f.Note
	n := 0
	return func() ([]string, string, error) {
		row, err := f.next()
		n++
		return row, fmt.Sprintf("%s#%d", filepath.ToSlash(t.path), n), err
	}, nil
}
