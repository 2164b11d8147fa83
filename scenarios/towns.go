package scenarios

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// TownTable is a CSV file with one row per town over a template plan: the first column, town, names it; the others are addresses, and a cell is the value,
// written as in a layer. An empty cell leaves what the template says. It is read row by row.
type TownTable struct {
	Columns  []string      // addresses
	Warnings []*TableError // of what was read so far: rows left out because by their name they add up the others; at the end, amounts that must be yuan
	path     string
	file     *os.File
	rows     *csv.Reader
	left     *io.LimitedReader // of a row
	names    map[string]int    // the line of each town read so far
	added    totals
	ended    bool
}

// Town is one row.
type Town struct {
	Name   string
	Values []string // by column
	Line   int      // in the file
}

// TableError is what is wrong with a table, and where.
type TableError struct {
	Path string
	Line int
	Text model.Text
}

func (e *TableError) Error() string { return e.In(formula.EN) }

// In gives the message in a language.
func (e *TableError) In(lang formula.Lang) string {
	return fmt.Sprintf("%s:%d: %s", filepath.ToSlash(e.Path), e.Line, e.Text.In(lang))
}

// mostColumns bounds a table's width, mostOfRow the bytes of a row.
const (
	mostColumns = 500
	mostOfRow   = 8 << 20
)

// OpenTowns opens a table and reads its header.
func OpenTowns(path string) (*TownTable, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	left := &io.LimitedReader{R: f, N: mostOfRow}
	buffered := bufio.NewReader(left)
	begin, _ := buffered.Peek(buffered.Size())
	if bytes.HasPrefix(begin, []byte(model.ByteOrderMark)) {
		buffered.Discard(len(model.ByteOrderMark))
	}
	t := &TownTable{path: path, file: f, left: left, rows: csv.NewReader(buffered), names: map[string]int{}}
	if what := model.NotText(begin); what.ZH != "" {
		f.Close()
		return nil, t.fail(1, formula.Textf("%s；%s", "%s; %s", what, model.SaveAsCSV))
	}
	t.rows.ReuseRecord = true
	header, err := t.rows.Read()
	switch {
	case err != nil:
		f.Close()
		return nil, t.wrong(err)
	case !model.Readable(header):
		f.Close()
		return nil, t.unreadable(1)
	case strings.TrimSpace(header[0]) != "town" || len(header) > mostColumns:
		f.Close()
		return nil, t.fail(1, formula.Textf("表头第一列应是 town，其余是地址，最多 %d 列；这里第一列是 %s", "the header begins with town, then addresses, at most %d columns; here the first is %s", mostColumns, show(header[0])))
	}
	for _, h := range header[1:] {
		if h = strings.TrimSpace(h); slices.Contains(t.Columns, h) || h == "" {
			f.Close()
			return nil, t.fail(1, formula.Textf("表头里 %s 重复或空白", "the header has %s twice, or blank", show(h)))
		}
		t.Columns = append(t.Columns, h)
	}
	return t, nil
}

// Close closes the file.
func (t *TownTable) Close() error { return t.file.Close() }

func (t *TownTable) fail(line int, text model.Text) error {
	return &TableError{Path: t.path, Line: line, Text: text}
}

// wrong says in both languages what the CSV reader could not read.
func (t *TownTable) wrong(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return t.fail(parse.Line, formula.Textf("这一行的列数与表头不同；表头有 %d 列", "this row has another number of fields than the header, which has %d", len(t.Columns)+1))
	case errors.As(err, &parse):
		return t.fail(parse.Line, text("引号不成对", "the quotes do not match"))
	case errors.Is(err, io.EOF):
		return t.fail(1, text("文件是空的", "the file is empty"))
	}
	return err
}

func (t *TownTable) unreadable(line int) error {
	return t.fail(line, formula.Textf("不是 UTF-8 文字；%s", "this is not text in UTF-8; %s", model.SaveAsCSV))
}

// Next reads up to n more towns; none at the end. A row of totals is no town: one that says so is left out, one that only adds up is refused.
func (t *TownTable) Next(n int) (towns []Town, err error) {
	for len(towns) < n {
		t.left.N = mostOfRow
		row, err := t.rows.Read()
		if t.left.N == 0 {
			line := 1
			if len(towns) > 0 {
				line = towns[len(towns)-1].Line + 1
			}
			return nil, t.fail(line, formula.Textf("从这里起，有一行超过 %d MB，多半是引号没有配对", "from here on there is a row of more than %d MB; probably quotes do not match", mostOfRow>>20))
		}
		if errors.Is(err, io.EOF) {
			if !t.ended {
				t.ended = true
				t.Warnings = append(t.Warnings, t.yuanForWan()...)
			}
			if row := t.added.total(); row != nil {
				return nil, t.fail(row.Line, formula.Textf("%s 这一行等于其余各行之和，像是合计；删去它，真是一个镇就移到别的行之间", "the row %s is the sum of the others, like a row of totals; delete it, or if it is a town, move it between others", show(row.Name)))
			}
			break
		}
		if err != nil {
			return nil, t.wrong(err)
		}
		line, _ := t.rows.FieldPos(0)
		if model.Readable(row) && model.IsTotal(row[0]) {
			t.Warnings = append(t.Warnings, &TableError{Path: t.path, Line: line, Text: formula.Textf("%s 是合计、平均或说明，不是镇，没有算进去", "%s is a total, a mean or a note, not a town, and was left out", show(row[0]))})
			continue
		}
		town := Town{Name: strings.TrimSpace(row[0]), Values: slices.Clone(row[1:]), Line: line}
		switch first := t.names[town.Name]; {
		case !model.Readable(row):
			return nil, t.unreadable(line)
		case slices.ContainsFunc(row, isErrorValue):
			i := slices.IndexFunc(row, isErrorValue)
			return nil, t.fail(line, formula.Textf("第 %d 列是 %s，表格里的公式没有值（或列太窄）；在表格里改正，或清空这一格，再另存", "column %d is %s: the spreadsheet has no value there (or the column is too narrow); correct it there, or clear the cell, and save again", i+1, show(row[i])))
		case slices.ContainsFunc(row, isLong):
			i := slices.IndexFunc(row, isLong)
			return nil, t.fail(line, formula.Textf("第 %d 列有 %d 个字，最多 %d 个", "column %d has %d characters, at most %d are allowed", i+1, utf8.RuneCountInString(row[i]), model.LongestText))
		case town.Name == "" || strings.ContainsAny(town.Name, "\r\n"):
			return nil, t.fail(line, text("镇名是空的，或占了两行", "the town's name is empty, or takes two lines"))
		case first != 0:
			return nil, t.fail(line, formula.Textf("镇 %s 在第 %d 行已有", "the town %s is in line %d already", show(town.Name), first))
		}
		t.names[town.Name] = line
		t.added.add(town)
		towns = append(towns, town)
	}
	return towns, nil
}

func isLong(cell string) bool { return utf8.RuneCountInString(cell) > model.LongestText }

func isErrorValue(cell string) bool { return model.ErrorValue(cell) != "" }

// totals adds up the amounts of all towns, by column, to find a row of totals that has another name: the first or the last row, which equals the sum of the others.
type totals struct {
	sums        []decimal.Decimal
	filled      []int // towns with an amount that is not 0
	first, last *Town
	sizes       [][]float64 // of the first towns, by column
	most        []float64   // and of the town with the most of all
	by          []*Town
}

// someTowns are enough to know what amounts are usual in a column.
const someTowns = 1000

func (a *totals) add(town Town) {
	if a.first == nil {
		n := len(town.Values)
		a.sums, a.filled, a.first, a.sizes, a.most, a.by = make([]decimal.Decimal, n), make([]int, n), &town, make([][]float64, n), make([]float64, n), make([]*Town, n)
	}
	a.last = &town
	for i, cell := range town.Values {
		if d, bad := parseNumber(cell, formula.Money); bad == nil && !d.IsZero() {
			a.sums[i], a.filled[i] = a.sums[i].Add(d), a.filled[i]+1
			size := d.Abs().InexactFloat64()
			if len(a.sizes[i]) < someTowns {
				a.sizes[i] = append(a.sizes[i], size)
			}
			if size > a.most[i] {
				a.most[i], a.by[i] = size, &town
			}
		}
	}
}

// yuanForWan warns, column by column, of a town with thousands of times as much as the others have.
func (t *TownTable) yuanForWan() (found []*TableError) {
	for i, sizes := range t.added.sizes {
		if len(sizes) < 3 {
			continue
		}
		slices.Sort(sizes)
		if middle := sizes[(len(sizes)-1)/2]; t.added.most[i] >= thousands*middle {
			town := t.added.by[i]
			found = append(found, &TableError{Path: t.path, Line: town.Line, Text: formula.Textf("%s 的 %s 是 %s，约为各镇中间数的 %s 倍；若是元，写成 %[3]s元", "%[2]s of %[1]s is %[3]s, about %[4]s times the median of the towns; if it is yuan, write %[3]s元", show(town.Name), t.Columns[i], strings.TrimSpace(town.Values[i]), roughly(t.added.most[i]/middle))})
		}
	}
	return found
}

// total is the row, nil if there is none. Sums of rates mean nothing, and they are below 1.
func (a *totals) total() *Town {
	for _, row := range []*Town{a.first, a.last} {
		if row == nil {
			return nil
		}
		amounts := false
		for i, cell := range row.Values {
			d, bad := parseNumber(cell, formula.Money)
			if bad != nil {
				continue
			}
			if !a.sums[i].Sub(d).Equal(d) {
				amounts = false
				break
			}
			amounts = amounts || a.filled[i] > 2 && d.GreaterThan(decimal.NewFromInt(1))
		}
		if amounts {
			return row
		}
	}
	return nil
}

// Variants are the towns as scenarios over one of the template's, with further overrides added to each, as many to one as to the other.
func (t *TownTable) Variants(towns []Town, of string, also func(town int) []string) (all []Variant) {
	for n, town := range towns {
		v := Variant{ID: town.Name, Of: of}
		for i, value := range town.Values {
			if value = strings.TrimSpace(value); value != "" {
				v.Set = append(v.Set, t.Columns[i]+"="+value)
			}
		}
		v.Set = append(v.Set, also(n)...)
		all = append(all, v)
	}
	return all
}

// Place moves a problem with an override to the row of the table that it comes from.
func (t *TownTable) Place(p model.Problem, towns []Town, also int) model.Problem {
	if p.Pos.File != variantsName {
		return p
	}
	line := p.Pos.Line
	for _, town := range towns {
		column := 0
		for i, value := range town.Values {
			if strings.TrimSpace(value) == "" {
				continue
			}
			if line--; line == 0 {
				column = i + 2
			}
		}
		line -= also
		if column > 0 || line <= 0 {
			p.Pos = model.Pos{File: filepath.ToSlash(t.path), Line: town.Line, Col: max(column, 1), Len: 1}
			return p
		}
	}
	return p
}
