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

	"github.com/parquet-go/parquet-go"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// A table of towns is a file of one row per town, CSV or Parquet by its name: town is text, all other columns are numbers or blank. One that is a part of a run is sealed: it carries
// a note of the run and a checksum of all its cells and the note, in CSV as a last row, in Parquet in the metadata. Cells, not bytes: a spreadsheet may save the file again.

// IsParquet: does the name ask for Parquet?
func IsParquet(path string) bool { return strings.EqualFold(filepath.Ext(path), ".parquet") }

// TownFile is a table of towns being read row by row. Next gives io.EOF after the last row, and an error there if the table is sealed and not what was written.
type TownFile struct {
	Header []string
	Next   func() ([]string, error) // a row is valid until the next is asked for
	path   string
	file   *os.File
	cells  seal
	sealed string // as found in the file
}

// Close closes the file.
func (t *TownFile) Close() error { return t.file.Close() }

// Note is what a sealed table carries, empty for any other. It is known, and known to be whole, after the last row.
func (t *TownFile) Note() string {
	_, note, _ := strings.Cut(t.sealed, " ")
	return note
}

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
	t := &TownFile{path: path, cells: seal{sha256.New()}}
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
	case len(t.Header) == 0 || t.Header[0] != "town" || len(slices.Compact(sorted)) < len(t.Header):
		return nil, usage(formula.Textf("%s 不是镇的表：第一列应是 town，各列不重复；这里是 %s", "%s is not a table of towns: the first column is town, and no column comes twice; here they are %s", path, begin(strings.Join(t.Header, " "))))
	}
	t.cells.row(t.Header)
	t.Next = func() ([]string, error) {
		row, at, err := next()
		switch {
		case errors.Is(err, io.EOF) && t.sealed != "" && t.sealed != t.cells.over(t.Note()):
			return nil, usage(formula.Textf("%s 与写出时不一样：坏了、改过或少了行；用原来的文件，或重新算这一片", "%s is not as it was written: damaged, changed, or without some of its rows; take the original file, or compute this part again", path))
		case err != nil:
			return nil, err
		}
		i := slices.IndexFunc(row[1:], func(cell string) bool { return cell != "" && !isNumber(cell) }) + 1
		switch {
		case model.IsTotal(row[0]):
			return nil, usage(formula.Textf("%s：%q 是合计，不是镇；删去这一行", "%s: %q is a row of totals, not a town; delete it", at, begin(row[0])))
		case i > 0:
			return nil, usage(formula.Textf("%s：%s 列里的 %q 不是数", "%s: column %s has %q, which is not a number", at, begin(t.Header[i]), begin(row[i])))
		}
		t.cells.row(row)
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

// seal adds up a table.
type seal struct{ hash.Hash }

func (s seal) row(cells []string) {
	fmt.Fprintln(s, len(cells))
	for _, cell := range cells {
		fmt.Fprintln(s, len(cell), cell)
	}
}

// over is what a table carries after so many rows: the checksum of them and the note, a blank, and the note.
func (s seal) over(note string) string {
	return fmt.Sprintf("%x %s", sha256.Sum256(append(s.Sum(nil), note...)), note)
}

// sealName begins the last row of a sealed CSV file, and is the key in the metadata of a Parquet file.
const sealName = "#zhencai"

// readCSV reads a file that WriteTowns wrote, as it is or as a spreadsheet saved it. A cell that is neither blank nor a number is refused, and so is a row of totals somebody
// added: both would be in no sum, or in every one.
func (t *TownFile) readCSV(from io.ReaderAt, size int64) (next func() (row []string, at string, err error), err error) {
	rows := model.NewTable(t.path, io.NewSectionReader(from, 0, size))
	header, err := rows.Row()
	t.Header = slices.Clone(header)
	return func() ([]string, string, error) {
		row, err := rows.Row()
		if err != nil {
			return nil, "", err
		}
		if sealed, is := strings.CutPrefix(row[0], sealName+" "); is && strings.Join(row[1:], "") == "" {
			t.sealed = sealed
			if _, err = rows.Row(); err == nil {
				err = rows.Fail(rows.Line, formula.Text{ZH: "上一行是这个表的最后一行，下面不应再有", EN: "the row above is the last of this table; there should be none below it"})
			}
			return nil, "", err
		}
		return row, fmt.Sprintf("%s:%d", filepath.ToSlash(t.path), rows.Line), nil
	}, err
}

func isNumber(cell string) bool {
	v, err := strconv.ParseFloat(cell, 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// SaveTowns writes a table of towns row by row, until next gives io.EOF. What was there before stays until the new file is whole. With a note the table is sealed.
func SaveTowns(path string, header []string, next func() ([]string, error), note string) error {
	return reports.SaveAs(path, func(w io.Writer) error { return WriteTowns(w, IsParquet(path), header, next, note) })
}

// WriteTowns writes a table of towns as SaveTowns does.
func WriteTowns(to io.Writer, asParquet bool, header []string, next func() ([]string, error), note string) error {
	text := func() ([]string, error) {
		row, err := next()
		if err != nil {
			return nil, err
		}
		return append([]string{reports.CSVText(row[0])}, row[1:]...), nil
	}
	cells := seal{sha256.New()}
	cells.row(header)
	if asParquet {
		return writeParquet(to, header, text, cells, note)
	}
	rows := csvWriter(to)
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
		last[0] = sealName + " " + cells.over(note)
		rows.Write(last)
	}
	rows.Flush()
	return rows.Error()
}

// groupRows is how many towns are written, and held in memory, at a time.
const groupRows = 10_000

// columns are a group whose fields keep the order of the header; the library's own sorts them by name.
type columns struct {
	parquet.Group
	fields []parquet.Field
}

func (c columns) Fields() []parquet.Field { return c.fields }

func townSchema(header []string) *parquet.Schema {
	c := columns{Group: parquet.Group{}}
	for i, name := range header {
		c.Group[name] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		if i == 0 {
			c.Group[name] = parquet.String()
		}
	}
	byName := map[string]parquet.Field{}
	for _, f := range c.Group.Fields() {
		byName[f.Name()] = f
	}
	for _, name := range header {
		c.fields = append(c.fields, byName[name])
	}
	return parquet.NewSchema("towns", c)
}

func writeParquet(to io.Writer, header []string, next func() ([]string, error), cells seal, note string) error {
	w := parquet.NewWriter(to, townSchema(header), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("zhencai", "", ""))
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		values := make(parquet.Row, len(header))
		for i, text := range row {
			value, level := parquet.NullValue(), 0
			switch {
			case i == 0:
				value = parquet.ByteArrayValue([]byte(text))
			case text != "":
				number, err := strconv.ParseFloat(text, 64)
				if err != nil {
					return usage(formula.Textf("%s 列里的 %q 不是数", "column %s has %q, which is not a number", header[i], text))
				}
				value, level = parquet.DoubleValue(number), 1
				row[i] = plain(number) // as it will be read
			}
			values[i] = value.Level(0, level, i)
		}
		cells.row(row)
		if _, err := w.WriteRows([]parquet.Row{values}); err != nil {
			return err
		}
	}
	if note != "" {
		w.SetKeyValueMetadata(sealName, cells.over(note))
	}
	return w.Close()
}

// plain is a number as it is read out of a Parquet file: with as many digits as give the double back.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// readParquet reads a file that writeParquet wrote. The library may panic at a damaged one.
func (t *TownFile) readParquet(from io.ReaderAt, size int64) (next func() (row []string, at string, err error), err error) {
	defer t.damaged(&err)
	f, err := parquet.OpenFile(from, size)
	if err != nil {
		return nil, err
	}
	for i, field := range f.Schema().Fields() {
		if !field.Leaf() || i == 0 != (field.Type().Kind() == parquet.ByteArray) || i > 0 && field.Type().Kind() != parquet.Double {
			return nil, usage(formula.Textf("%s 不是镇的表：列 %s", "%s is not a table of towns: column %s", t.path, begin(field.Name())))
		}
		t.Header = append(t.Header, field.Name())
	}
	t.sealed, _ = f.Lookup(sealName)
	rows := parquet.NewReader(f)
	buffer := make([]parquet.Row, 1)
	n := int64(0)
	return func() (row []string, at string, err error) {
		defer t.damaged(&err)
		if got, err := rows.ReadRows(buffer); got == 0 {
			if errors.Is(err, io.EOF) && n != f.NumRows() {
				err = io.ErrUnexpectedEOF
			}
			return nil, "", err
		}
		n++
		row = make([]string, len(t.Header))
		for _, v := range buffer[0] {
			switch {
			case v.IsNull():
			case v.Kind() == parquet.Double:
				row[v.Column()] = plain(v.Double())
			default:
				row[v.Column()] = string(v.ByteArray())
			}
		}
		if !model.Readable(row) {
			err = errors.New("the text is not UTF-8")
		}
		return row, fmt.Sprintf("%s#%d", filepath.ToSlash(t.path), n), err
	}, nil
}

// damaged turns a panic, and an error of the library, into an error that says what to do.
func (t *TownFile) damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%v", r)
	}
	var ours usage
	if *err != nil && !errors.Is(*err, io.EOF) && !errors.As(*err, &ours) {
		*err = usage(formula.Textf("%s 不是 Parquet 表，或坏了：%s；用原来的文件，或重新算这一片", "%s is no Parquet table, or is damaged: %s; take the original file, or compute this part again", t.path, (*err).Error()))
	}
}
