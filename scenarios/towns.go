package scenarios

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// TownTable is a CSV file with one row per town over a template plan: the first column, town, names it; the others are addresses, and a cell is the value,
// written as in a layer. An empty cell leaves what the template says. It is read row by row.
type TownTable struct {
	Columns  []string            // addresses
	Warnings []*model.TableError // of what was read so far: rows left out because by their name they add up the others; at the end, amounts that must be yuan, and a guessed encoding
	path     string
	file     *os.File
	rows     *model.Table
	names    map[string]int // the line of each town read so far
	most     int            // towns that are read
	left     int            // rows left out
	added    totals
	ended    bool
}

// Town is one row.
type Town struct {
	Name   string
	Values []string // by column
	Line   int      // in the file
}

// mostColumns and mostTowns bound a table: the country has 40,000 townships. Amounts for 30 years take some hundred bytes. Of the rows
// left out mostNamed are named.
const (
	mostColumns = 500
	mostTowns   = 200_000
	longestCell = 2000 // bytes
	mostNamed   = 20
)

// IsTable tells by its name whether a file is a table: a CSV file, or the text that Excel saves as “Unicode text” or separated by tabs.
func IsTable(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".csv" || ext == ".txt"
}

// OpenTowns opens a table and reads its header.
func OpenTowns(path string) (*TownTable, error) {
	f, err := model.OpenFile(path)
	if err != nil {
		return nil, err
	}
	t, err := readTowns(path, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	t.file = f
	return t, nil
}

// readTowns reads the header of a table.
func readTowns(path string, from io.Reader) (*TownTable, error) {
	t := &TownTable{path: path, rows: model.NewTable(path, from), names: map[string]int{}, most: mostTowns}
	header, err := t.rows.Row()
	switch {
	case errors.Is(err, io.EOF):
		return nil, t.rows.Fail(1, text("文件是空的", "the file is empty"))
	case err != nil:
		return nil, err
	case strings.TrimSpace(header[0]) != "town" || len(header) > mostColumns:
		return nil, t.rows.Fail(1, formula.Textf("表头第一列应是 town，其余是地址，最多 %d 列；这里第一列是 %s", "the header begins with town, then addresses, at most %d columns; here the first is %s", mostColumns, show(header[0])))
	}
	for _, h := range header[1:] {
		if h = strings.TrimSpace(h); slices.Contains(t.Columns, h) || h == "" {
			return nil, t.rows.Fail(1, formula.Textf("表头里 %s 重复或空白", "the header has %s twice, or blank", show(h)))
		}
		t.Columns = append(t.Columns, h)
	}
	return t, nil
}

// Close closes the file.
func (t *TownTable) Close() error { return t.file.Close() }

// Next reads up to n more towns; none at the end. A row of totals is no town: one that says so is left out, one that only adds up is refused.
func (t *TownTable) Next(n int) (towns []Town, err error) {
	for len(towns) < n {
		row, err := t.rows.Row()
		if errors.Is(err, io.EOF) {
			if !t.ended {
				t.ended = true
				if t.left > mostNamed {
					t.warn(t.rows.Line, formula.Textf("这样的行还有 %d 行，都没有算进去", "there are %d more such rows, all left out", t.left-mostNamed))
				}
				t.yuanForWan()
				if t.rows.GBK() {
					t.warn(1, formula.Textf("文件不是 UTF-8，按 GBK 读了；镇名若成了乱码，%s", "the file is not UTF-8 and was read as GBK; if names of towns are garbled, %s", model.SaveAsCSV))
				}
			}
			if row := t.added.total(); row != nil {
				return nil, t.rows.Fail(row.Line, formula.Textf("%s 这一行等于其余各行之和，像是合计；删去它，真是一个镇就移到别的行之间", "the row %s is the sum of the others, like a row of totals; delete it, or if it is a town, move it between others", show(row.Name)))
			}
			if len(t.names) == 0 {
				return nil, t.rows.Fail(max(t.rows.Line, 1), text("表里没有一个镇；表头下面每行写一个镇", "there is no town in the table; below the header write one to a row"))
			}
			break
		}
		if err != nil {
			return nil, err
		}
		line := t.rows.Line
		if i := slices.IndexFunc(row, func(cell string) bool { return len(cell) > longestCell }); i >= 0 {
			return nil, t.rows.Fail(line, formula.Textf("第 %d 列有 %d 字节，上限是 %d：%s", "column %d has %d bytes, the limit is %d: %s", i+1, len(row[i]), longestCell, show(row[i])))
		}
		if model.IsTotal(row[0]) {
			if t.left++; t.left <= mostNamed {
				t.warn(line, formula.Textf("%s 是合计、平均或说明，不是镇，没有算进去", "%s is a total, a mean or a note, not a town, and was left out", show(row[0])))
			}
			continue
		}
		town := Town{Name: strings.TrimSpace(row[0]), Values: slices.Clone(row[1:]), Line: line}
		switch first := t.names[town.Name]; {
		case slices.ContainsFunc(row, isErrorValue):
			i := slices.IndexFunc(row, isErrorValue)
			return nil, t.rows.Fail(line, formula.Textf("第 %d 列是 %s，表格里的公式没有值（或列太窄）；在表格里改正，或清空这一格，再另存", "column %d is %s: the spreadsheet has no value there (or the column is too narrow); correct it there, or clear the cell, and save again", i+1, show(row[i])))
		case town.Name == "" || strings.ContainsAny(town.Name, "\r\n"):
			return nil, t.rows.Fail(line, text("镇名是空的，或占了两行", "the town's name is empty, or takes two lines"))
		case first != 0:
			return nil, t.rows.Fail(line, formula.Textf("镇 %s 在第 %d 行已有", "the town %s is in line %d already", show(town.Name), first))
		case len(t.names) == t.most:
			return nil, t.rows.Fail(line, formula.Textf("镇超过 %d 个；分成几个表", "there are more than %d towns; make several tables of them", t.most))
		}
		t.names[strings.Clone(town.Name)] = line // not the whole row with it
		t.added.add(town)
		towns = append(towns, town)
	}
	return towns, nil
}

func (t *TownTable) warn(line int, what model.Text) {
	t.Warnings = append(t.Warnings, &model.TableError{Path: t.path, Line: line, Text: what})
}

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
func (t *TownTable) yuanForWan() {
	for i, sizes := range t.added.sizes {
		if len(sizes) < 3 {
			continue
		}
		slices.Sort(sizes)
		if middle := sizes[(len(sizes)-1)/2]; t.added.most[i] >= thousands*middle {
			town := t.added.by[i]
			t.warn(town.Line, formula.Textf("%s 的 %s 是 %s，约为各镇中间数的 %s 倍；若是元，写成 %[3]s元", "%[2]s of %[1]s is %[3]s, about %[4]s times the median of the towns; if it is yuan, write %[3]s元", show(town.Name), t.Columns[i], strings.TrimSpace(town.Values[i]), roughly(t.added.most[i]/middle)))
		}
	}
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
