package model

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"zhencai/model/formula"
)

// TableError is what is wrong with a table, and where.
type TableError struct {
	Path string
	Line int
	Text Text
}

func (e *TableError) Error() string { return e.In(formula.EN) }

// In gives the message in a language.
func (e *TableError) In(lang formula.Lang) string {
	return fmt.Sprintf("%s:%d: %s", filepath.ToSlash(e.Path), e.Line, e.Text.In(lang))
}

// Table is a CSV file being read row by row, as the program wrote it or as a spreadsheet saved it: UTF-8, UTF-16 or GBK, its fields parted by commas or, where the header has none,
// by tabs. All rows have as many fields as the first.
type Table struct {
	Line     int // of the row read last
	path     string
	rows     *csv.Reader
	text     *tableText
	unmarked *unmarkedText
	not      Text // what the file is, if it is no text
}

// longestRow bounds what a row takes, in bytes: 500 cells of 500.
const longestRow = 256 << 10

// NewTable reads a table; path names it in errors.
func NewTable(path string, from io.Reader) *Table {
	inUTF8, unmarked, not := asUTF8(from)
	begin, _ := inUTF8.Peek(inUTF8.Size()) // what went wrong comes again when the rows are read
	text := &tableText{from: inUTF8, line: 1}
	t := &Table{path: path, rows: csv.NewReader(text), text: text, unmarked: unmarked, not: not}
	if header, _, _ := bytes.Cut(begin, []byte("\n")); bytes.ContainsRune(header, '\t') && !bytes.ContainsRune(header, ',') {
		t.rows.Comma = '\t'
	}
	t.rows.ReuseRecord = true
	return t
}

// GBK tells whether the rows read so far were in GBK, which is a guess: nothing in a file says so.
func (t *Table) GBK() bool { return t.unmarked.GBK }

// Row is the next row, valid until the one after it is asked for; io.EOF after the last. What is wrong with the text is a TableError.
func (t *Table) Row() ([]string, error) {
	if t.not.ZH != "" {
		return nil, t.Fail(1, formula.Textf("%s；%s", "%s; %s", t.not, SaveAsCSV))
	}
	t.text.row = 0
	row, err := t.rows.Read()
	var parse *csv.ParseError
	switch {
	case t.text.wrong.ZH != "": // before anything that follows from it
		return nil, t.Fail(t.text.line, t.text.wrong)
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return nil, t.Fail(parse.Line, formula.Textf("这一行的列数与表头不同；表头有 %d 列", "this row has another number of fields than the header, which has %d", t.rows.FieldsPerRecord))
	case errors.As(err, &parse):
		return nil, t.Fail(parse.Line, Text{ZH: "引号不成对", EN: "the quotes do not match"})
	case err != nil:
		return nil, err
	}
	if t.Line, _ = t.rows.FieldPos(0); !Readable(row) {
		return nil, t.Fail(t.Line, formula.Textf("不是 UTF-8 或 GBK 文字；%s", "this is not text in UTF-8 or GBK; %s", SaveAsCSV))
	}
	return row, nil
}

// Fail is an error in a line of the table.
func (t *Table) Fail(line int, text Text) error { return &TableError{t.path, line, text} }

// tableText passes the bytes of a table on while they are text whose lines end as the CSV reader ends them, and no row is endless.
type tableText struct {
	from  io.Reader
	line  int
	row   int // bytes since a row was asked for
	cr    bool
	wrong Text
}

var (
	errNoTable = errors.New("no table")
	loneCR     = formula.Textf("行尾是单独的回车（CR，旧 Mac 格式），会读成一行；%s", "the line ends with a carriage return alone (CR, as on old Macs) and would run into the next; %s", SaveAsCSV)
	nulByte    = formula.Textf("里面有 NUL 字节，不是文本，或文件坏了；%s", "there is a NUL byte: this is not text, or the file is damaged; %s", SaveAsCSV)
	endlessRow = formula.Textf("一行超过 %d KB；看看引号是否成对", "a row is longer than %d KB; do the quotes match?", longestRow>>10)
)

func (t *tableText) Read(p []byte) (int, error) {
	if t.wrong.ZH != "" {
		return 0, errNoTable
	}
	n, err := t.from.Read(p)
	for i, c := range p[:n] {
		switch {
		case t.cr && c != '\n':
			t.wrong = loneCR
		case c == 0:
			t.wrong = nulByte
		}
		if t.wrong.ZH != "" {
			return i, errNoTable
		}
		if t.cr = c == '\r'; c == '\n' {
			t.line++
		}
	}
	if t.row += n; t.row > longestRow {
		t.wrong = endlessRow
	} else if t.cr && errors.Is(err, io.EOF) {
		t.wrong = loneCR
	}
	if t.wrong.ZH != "" {
		return n, errNoTable
	}
	return n, err
}
