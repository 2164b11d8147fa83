package reports

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"zhencai/model/formula"
)

// A table of towns is a file of one row per town, CSV or Parquet by its name: town is text, all other columns are numbers or blank.

// IsParquet: does the name ask for Parquet?
func IsParquet(path string) bool { return strings.EqualFold(filepath.Ext(path), ".parquet") }

// TownFile is a table of towns being read row by row. Next gives io.EOF after the last row.
type TownFile struct {
	Header []string
	Next   func() ([]string, error)
	file   *os.File
}

// Close closes the file.
func (t *TownFile) Close() error { return t.file.Close() }

// OpenTowns opens a table of towns.
func OpenTowns(path string) (*TownFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &TownFile{file: file}
	if IsParquet(path) {
		err = t.readParquet()
	} else {
		rows := csv.NewReader(bufio.NewReader(file))
		t.Next = rows.Read
		t.Header, err = t.Next()
	}
	switch sorted := slices.Sorted(slices.Values(t.Header)); {
	case err == nil && (t.Header[0] != "town" || len(slices.Compact(sorted)) < len(t.Header)):
		err = usage(formula.Textf("%s 不是镇的表：第一列应是 town，各列不重复；这里是 %v", "%s is not a table of towns: the first column is town, and no column comes twice; here they are %v", path, t.Header))
	case errors.Is(err, io.EOF):
		err = usage(formula.Textf("%s 是空的", "%s is empty", path))
	case err != nil:
		err = fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return t, nil
}

// SaveTowns writes a table of towns row by row, until next gives io.EOF. What was there before stays until the new file is whole.
func SaveTowns(path string, header []string, next func() ([]string, error)) error {
	return saveAs(path, func(w io.Writer) error {
		if IsParquet(path) {
			return writeParquet(w, header, next)
		}
		rows := csv.NewWriter(w)
		rows.Write(header)
		for {
			row, err := next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			rows.Write(row)
		}
		rows.Flush()
		return rows.Error()
	})
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

func writeParquet(to io.Writer, header []string, next func() ([]string, error)) error {
	w := parquet.NewWriter(to, townSchema(header), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("zhencai", "", ""))
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return w.Close()
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
			}
			values[i] = value.Level(0, level, i)
		}
		if _, err := w.WriteRows([]parquet.Row{values}); err != nil {
			return err
		}
	}
}

// readParquet reads a file that writeParquet wrote. The library may panic at a damaged one.
func (t *TownFile) readParquet() (err error) {
	defer damaged(&err)
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	f, err := parquet.OpenFile(t.file, info.Size())
	if err != nil {
		return err
	}
	for i, field := range f.Schema().Fields() {
		if !field.Leaf() || i == 0 != (field.Type().Kind() == parquet.ByteArray) || i > 0 && field.Type().Kind() != parquet.Double {
			return usage(formula.Textf("%s 不是镇的表：列 %s", "%s is not a table of towns: column %s", t.file.Name(), field.Name()))
		}
		t.Header = append(t.Header, field.Name())
	}
	rows := parquet.NewReader(f)
	buffer := make([]parquet.Row, 1)
	t.Next = func() (row []string, err error) {
		defer damaged(&err)
		if n, err := rows.ReadRows(buffer); n == 0 {
			return nil, err
		}
		row = make([]string, len(t.Header))
		for _, v := range buffer[0] {
			switch {
			case v.IsNull():
			case v.Kind() == parquet.Double:
				row[v.Column()] = strconv.FormatFloat(v.Double(), 'f', -1, 64)
			default:
				row[v.Column()] = string(v.ByteArray())
			}
		}
		return row, nil
	}
	return nil
}

// damaged turns a panic into an error.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("parquet: %v", r)
	}
}
