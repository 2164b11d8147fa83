package workbook

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zhencai/model/formula"
)

// readCell is a cell as it stands in a file: a formula without "=" if it has one, and the stored value as text.
type readCell struct {
	formula, value string
	text           bool // the value is no number
}

// readSheet is one sheet of a file: its rows that hold something, in order.
type readSheet struct {
	name string
	rows []readRow
}

type readRow struct {
	row   int
	cells []placedCell
}

type placedCell struct {
	col int
	readCell
}

// cell is what stands at a column and row; nothing if the cell is empty.
func (s *readSheet) cell(col, row int) readCell {
	i, there := slices.BinarySearchFunc(s.rows, row, func(r readRow, row int) int { return cmp.Compare(r.row, row) })
	if !there {
		return readCell{}
	}
	cells := s.rows[i].cells
	if i, there = slices.BinarySearchFunc(cells, col, func(c placedCell, col int) int { return cmp.Compare(c.col, col) }); !there {
		return readCell{}
	}
	return cells[i].readCell
}

// cells are all that are not empty, by column and row.
func (s *readSheet) cells() map[[2]int]readCell {
	cells := map[[2]int]readCell{}
	for _, r := range s.rows {
		for _, c := range r.cells {
			cells[[2]int{c.col, r.row}] = c.readCell
		}
	}
	return cells
}

// readBook is a workbook that somebody hands us, read as spreadsheet programs read it: what the relationships name, not what lies under a usual name.
type readBook struct {
	sheets    []*readSheet // in the order of the file
	others    []string     // sheets without cells, such as charts
	parts     []string     // read by nobody here
	untouched bool         // as we wrote it, byte for byte
	filled    int          // cells that are not empty

	spent *budget
	buf   []byte
	texts []string                            // that cells point to
	wants map[string]func(x *xmlReader) error // what to do with a part still to come
}

// read reads a workbook within limits.
func read(data []byte, l limits) (*readBook, error) {
	p, err := openPackage(data, l)
	if err != nil {
		return nil, err
	}
	return readParts(p.spent, p.each)
}

// readParts reads the parts that each hands out, in our order of them.
func readParts(spent *budget, each func(take func(name string, r io.Reader) error) (untouched bool, err error)) (*readBook, error) {
	b := &readBook{spent: spent, buf: make([]byte, max(spent.piece, 1<<10))}
	b.wants = map[string]func(x *xmlReader) error{"_rels/.rels": b.root}
	var err error
	if b.untouched, err = each(b.part); err != nil {
		return nil, err
	}
	for name := range b.wants {
		return nil, cannotRead("文件里没有 %s，或不在它该在的地方，不是 Excel 工作簿", "the file has no part %s where it belongs: not an Excel workbook", name)
	}
	return b, nil
}

// part reads a part if one before it has named it.
func (b *readBook) part(name string, r io.Reader) error {
	take := b.wants[name]
	if take == nil {
		b.parts = append(b.parts, name)
		return nil
	}
	delete(b.wants, name)
	err := take(&xmlReader{in: r, spent: b.spent, buf: b.buf})
	if err == errXML {
		return cannotRead("%s 不是正确的 XML，或内容有误", "%s is not well-formed XML, or not what it should be", name)
	}
	return err
}

// want asks for a part that is still to come. No part is read for two.
func (b *readBook) want(name string, take func(x *xmlReader) error) error {
	if b.wants[name] != nil {
		return cannotRead("%s 被用了两次", "the part %s is used twice", name)
	}
	b.wants[name] = take
	return nil
}

// relation is an entry of a list of relationships: what a part is to the one that names it, by the last word of its type.
type relation struct{ id, kind, target string }

// relations reads such a list; targets are relative to folder.
func (x *xmlReader) relations(folder string) (all []relation, err error) {
	seen := map[string]bool{}
	err = x.document(packageSpace, "Relationships", func() error {
		if !x.is(packageSpace, "Relationship") {
			return errXML
		}
		r := relation{x.attribute("Id"), path.Base(x.attribute("Type")), x.attribute("Target")}
		if !strings.HasPrefix(r.target, "/") {
			r.target = path.Join("/", folder, r.target)
		}
		r.target = strings.TrimPrefix(path.Clean(r.target), "/")
		if x.attribute("TargetMode") == "External" { // not in this file, and no concern of ours
			r.kind, r.target = "", ""
		}
		if seen[r.id] || strings.ContainsAny(r.target, `\%`) || len(all) > x.spent.parts {
			return errXML
		}
		seen[r.id] = true
		all = append(all, r)
		return x.skip()
	})
	return all, err
}

// root finds the workbook.
func (b *readBook) root(x *xmlReader) error {
	all, err := x.relations("")
	if err != nil {
		return err
	}
	main := slices.DeleteFunc(all, func(r relation) bool { return r.kind != "officeDocument" })
	if len(main) != 1 {
		return errXML
	}
	folder, name := path.Split(main[0].target)
	return b.want(folder+"_rels/"+name+".rels", func(x *xmlReader) error {
		parts, err := x.relations(folder)
		if err != nil {
			return err
		}
		for _, r := range parts {
			if r.kind == "sharedStrings" {
				if err := b.want(r.target, b.sharedTexts); err != nil {
					return err
				}
			}
		}
		return b.want(main[0].target, func(x *xmlReader) error { return b.list(x, parts) })
	})
}

// list reads the list of sheets.
func (b *readBook) list(x *xmlReader, parts []relation) error {
	listed, byID, used := false, map[string]relation{}, map[string]bool{}
	for _, r := range parts {
		byID[r.id] = r
	}
	one := func() error {
		name, r := x.attribute("name"), byID[x.attributeOf(relationsSpace, "id")]
		key := strings.ToLower(name)
		switch {
		case !x.is(mainSpace, "sheet") || r.target == "":
			return errXML
		case len(used) == b.spent.sheets:
			return cannotRead("工作表超过 %d 张", "there are more than %d sheets", b.spent.sheets)
		case used[key]:
			return cannotRead("有两张工作表都叫“%s”", "two sheets are called “%s”", name)
		}
		used[key] = true
		if r.kind != "worksheet" {
			b.others = append(b.others, name)
			return x.skip()
		}
		sheet := &readSheet{name: name}
		b.sheets = append(b.sheets, sheet)
		if err := b.want(r.target, func(x *xmlReader) error { return b.sheet(x, sheet) }); err != nil {
			return err
		}
		return x.skip()
	}
	return x.document(mainSpace, "workbook", func() error {
		if !x.is(mainSpace, "sheets") || listed {
			return x.skip()
		}
		listed = true
		return x.children(one)
	})
}

// sharedTexts reads the texts that cells point to; what a program other than ours wrote keeps them there.
func (b *readBook) sharedTexts(x *xmlReader) error {
	return x.document(mainSpace, "sst", func() error {
		if !x.is(mainSpace, "si") {
			return x.skip()
		}
		if err := b.spent.cells.take(1); err != nil {
			return err
		}
		text, err := x.rich(nil)
		b.texts = append(b.texts, unescape(string(text)))
		return err
	})
}

// rich reads a text in one piece or in several of different looks; what says how to pronounce it is left out.
func (x *xmlReader) rich(text []byte) ([]byte, error) {
	err := x.children(func() (err error) {
		switch {
		case x.is(mainSpace, "t"):
			text, err = x.text(text)
		case x.is(mainSpace, "r"):
			err = x.children(func() (err error) {
				if !x.is(mainSpace, "t") {
					return x.skip()
				}
				text, err = x.text(text)
				return err
			})
		default:
			err = x.skip()
		}
		return err
	})
	return text, err
}

// Excel's last row and column.
const (
	lastRow    = 1 << 20
	lastColumn = 1 << 14
)

// sheet reads a sheet's cells. Among them nothing may stand that is not a row, a cell or what is in one: what programs make of it differs.
func (b *readBook) sheet(x *xmlReader, sheet *readSheet) error {
	r := &rowReader{readBook: b, x: x, sheet: sheet, shared: map[string]sharedFormula{}}
	there := false
	err := x.document(mainSpace, "worksheet", func() error {
		if !x.is(mainSpace, "sheetData") || there {
			return x.skip()
		}
		there = true
		return x.children(r.row)
	})
	if err == errXML {
		return cannotRead("工作表“%s”在 %s 附近的内容有误", "the contents of sheet “%s” are wrong near %s", sheet.name, at(max(r.col, 1), max(r.at, 1)))
	}
	return err
}

// rowReader reads the rows of a sheet.
type rowReader struct {
	*readBook
	x       *xmlReader
	sheet   *readSheet
	shared  map[string]sharedFormula
	at, col int          // the row and column read last
	cells   []placedCell // of that row
	text    []byte
}

// sharedFormula is a formula that other cells repeat, moved to where they stand.
type sharedFormula struct {
	col, row int
	text     string
}

// row reads a row, which must come after the one before.
func (r *rowReader) row() error {
	next := r.at + 1
	if text := r.x.attribute("r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < next {
			return r.again("第 "+text+" 行", "row "+text)
		}
		next = n
	}
	if !r.x.is(mainSpace, "row") || next > lastRow {
		return errXML
	}
	r.at, r.col, r.cells = next, 0, r.cells[:0]
	if err := r.x.children(r.cell); err != nil {
		return err
	}
	if len(r.cells) > 0 {
		r.filled += len(r.cells)
		r.sheet.rows = append(r.sheet.rows, readRow{next, slices.Clone(r.cells)})
	}
	return nil
}

func (r *rowReader) again(zh, en string) error {
	return cannotRead("工作表“%s”的%s重复，或次序不对", "%[2]s of sheet “%[1]s” stands there twice, or out of order", r.sheet.name, formula.Text{ZH: zh, EN: en})
}

// cell reads a cell, which must come after the one before.
func (r *rowReader) cell() error {
	x := r.x
	if !x.is(mainSpace, "c") {
		return errXML
	}
	if err := r.spent.cells.take(1); err != nil {
		return err
	}
	next := r.col + 1
	if ref := x.attribute("r"); ref != "" {
		col, row := placeOf(ref)
		if row == 0 || strings.Contains(ref, "$") {
			return errXML
		}
		if col < next || row != r.at {
			return r.again(" "+ref+" 格", "cell "+ref)
		}
		next = col
	}
	if r.col = next; next > lastColumn {
		return errXML
	}
	cell := readCell{}
	kind, held := x.attribute("t"), false
	err := x.children(func() (err error) {
		switch {
		case x.is(mainSpace, "f") && cell.formula == "" && !held:
			cell.formula, err = r.formula()
		case x.is(mainSpace, "v") && kind != "inlineStr" && !held:
			held = true
			r.text, err = x.text(r.text[:0])
		case x.is(mainSpace, "is") && kind == "inlineStr" && !held:
			held = true
			r.text, err = x.rich(r.text[:0])
		case x.is(mainSpace, "extLst"):
			err = x.skip()
		default:
			err = errXML
		}
		return err
	})
	if held && err == nil {
		cell.value, cell.text, err = r.value(kind, r.text)
	}
	if cell.formula != "" || cell.value != "" {
		r.cells = append(r.cells, placedCell{next, cell})
	}
	return err
}

// value is what a cell of a kind shows. A flag, an error or a date is no number: formulas take it for something else.
func (r *rowReader) value(kind string, text []byte) (value string, isText bool, err error) {
	switch kind {
	case "", "n":
		return string(text), false, nil
	case "s":
		i, err := strconv.Atoi(string(text))
		if err != nil || i < 0 || i >= len(r.texts) {
			return "", false, errXML
		}
		return r.texts[i], true, nil
	case "str", "inlineStr":
		return unescape(string(text)), true, nil
	case "b":
		return map[string]string{"0": "FALSE", "1": "TRUE"}[string(text)], true, nil
	case "e", "d":
		return string(text), true, nil
	}
	return "", false, errXML
}

// formula reads a formula. One of a sort that we never write, or that programs may take for different ones, is given in braces or as a question mark: it
// equals none of ours.
func (r *rowReader) formula() (string, error) {
	x := r.x
	kind, id, ranged := x.attribute("t"), x.attribute("si"), x.attribute("ref") != ""
	text, err := x.text(r.text[:0])
	if err != nil {
		return "", err
	}
	r.text = text
	master, known := r.shared[id]
	first, repeated := kind == "shared" && len(text) > 0 && ranged && !known, kind == "shared" && len(text) == 0 && known
	if err := r.spent.formulas.take(max(len(text), len(master.text))); err != nil {
		return "", err
	}
	switch {
	case repeated:
		return moved(master.text, r.col-master.col, r.at-master.row), nil
	case len(text) == 0:
		return "?", nil
	case first:
		r.shared[id] = sharedFormula{r.col, r.at, string(text)}
	case kind != "" && kind != "normal":
		return "{" + string(text) + "}", nil
	}
	return string(text), nil
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape turns _x005F_ into the character it stands for, as the format has it.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 16) // the pattern has only digits there
		return string(rune(n))
	})
}

// cellName is how a message names a cell.
func cellName(sheet string, at [2]int) string {
	return fmt.Sprintf("%s!%s%d", sheet, letters(at[0]), at[1])
}
