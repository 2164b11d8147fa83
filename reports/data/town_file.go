package data

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
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
		err = t.readCSV()
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

// readCSV reads a file that SaveTowns wrote, as it is or as a spreadsheet saved it. A cell that is neither blank nor a number is refused, and so is a row of totals somebody
// added: both would be in no sum, or in every one.
func (t *TownFile) readCSV() (err error) {
	buffered := bufio.NewReader(t.file)
	begin, _ := buffered.Peek(buffered.Size())
	if bytes.HasPrefix(begin, []byte(model.ByteOrderMark)) {
		buffered.Discard(len(model.ByteOrderMark))
	}
	if what := model.NotText(begin); what.ZH != "" {
		return usage(formula.Textf("%s：%s；%s", "%s: %s; %s", t.file.Name(), what, model.SaveAsCSV))
	}
	rows := csv.NewReader(buffered)
	t.Next = func() ([]string, error) {
		row, err := rows.Read()
		if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		at := fmt.Sprintf("%s:%d", t.file.Name(), line)
		switch i := slices.IndexFunc(row[1:], func(cell string) bool { return cell != "" && !isNumber(cell) }) + 1; {
		case !model.Readable(row):
			return nil, usage(formula.Textf("%s：不是 UTF-8 文字；%s", "%s: this is not text in UTF-8; %s", at, model.SaveAsCSV))
		case model.IsTotal(row[0]):
			return nil, usage(formula.Textf("%s：%q 是合计，不是镇；删去这一行", "%s: %q is a row of totals, not a town; delete it", at, row[0]))
		case i > 0:
			return nil, usage(formula.Textf("%s：%s 列里的 %q 不是数", "%s: column %s has %q, which is not a number", at, t.Header[i], row[i]))
		}
		return row, nil
	}
	t.Header, err = rows.Read()
	if err == nil && !model.Readable(t.Header) {
		return usage(formula.Textf("%s：不是 UTF-8 文字；%s", "%s: this is not text in UTF-8; %s", t.file.Name(), model.SaveAsCSV))
	}
	return err
}

func isNumber(cell string) bool {
	v, err := strconv.ParseFloat(cell, 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// SaveTowns writes a table of towns row by row, until next gives io.EOF. What was there before stays until the new file is whole.
func SaveTowns(path string, header []string, next func() ([]string, error)) error {
	return reports.SaveAs(path, func(w io.Writer) error {
		if IsParquet(path) {
			return writeParquet(w, header, next)
		}
		rows := csvWriter(w)
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

// readParquet reads a file that writeParquet wrote.
func (t *TownFile) readParquet() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	f, err := openParquet(t.file.Name(), t.file, info.Size())
	if err != nil {
		return err
	}
	t.Header, t.Next = f.Columns, f.next
	return nil
}
