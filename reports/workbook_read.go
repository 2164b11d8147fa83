package reports

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"zhencai/model/formula"
)

// Limits of a workbook that somebody hands us. Past them is an error, never a hang or gigabytes of memory.
const (
	maxPackage  = 100 << 20 // bytes of the file
	maxUnpacked = 800 << 20 // of all its parts
	maxParts    = 3000
	maxPart     = 64 << 20 // of a part that is read whole
	maxCells    = 5_000_000
	maxNesting  = 64
)

// unreadable is a file that is not a workbook we can trust to read.
type unreadable struct{ text formula.Text }

func (e *unreadable) Error() string { return e.text.EN }

// In is the message in a language.
func (e *unreadable) In(l formula.Lang) string { return e.text.In(l) }

func cannotRead(zh, en string, args ...any) error { return &unreadable{formula.Textf(zh, en, args...)} }

// pack is the parts of a workbook. Nothing in it is believed: sizes are checked while reading, checksums at the end of every part.
type pack struct {
	files  []*zip.File
	byName map[string]*zip.File
}

// openPackage looks at the table of contents of a workbook.
func openPackage(data []byte) (*pack, error) {
	if len(data) > maxPackage {
		return nil, cannotRead("文件超过 %d MB", "the file is larger than %d MB", maxPackage>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, cannotRead("不是 .xlsx 文件，或已损坏", "not an .xlsx file, or damaged")
	}
	p := &pack{files: z.File, byName: map[string]*zip.File{}}
	var sum uint64
	for _, f := range z.File {
		sum += f.UncompressedSize64
		if len(z.File) > maxParts || f.UncompressedSize64 > maxUnpacked || sum > maxUnpacked {
			return nil, cannotRead("解开后太大", "too large when unpacked")
		}
		if p.byName[f.Name] != nil {
			return nil, cannotRead("文件里有两个 %s", "the file has two parts %s", f.Name)
		}
		p.byName[f.Name] = f
	}
	return p, nil
}

// copy unpacks a part; one that is longer than it says, or whose checksum is wrong, is an error.
func (p *pack) copy(to io.Writer, f *zip.File) error {
	r, err := f.Open()
	if err == nil {
		_, err = io.Copy(to, io.LimitReader(r, maxUnpacked))
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		return cannotRead("文件已损坏（%s）", "the file is damaged (%s)", f.Name)
	}
	return nil
}

// read unpacks a part that is small.
func (p *pack) read(name string) ([]byte, error) {
	f := p.byName[name]
	if f == nil {
		return nil, cannotRead("文件里没有 %s，不是 Excel 工作簿", "the file has no part %s: not an Excel workbook", name)
	}
	if f.UncompressedSize64 > maxPart {
		return nil, cannotRead("%s 太大", "%s is too large", name)
	}
	var out bytes.Buffer
	err := p.copy(&out, f)
	return out.Bytes(), err
}

// readCell is a cell as it stands in a file: a formula without "=" if it has one, and the stored value as text.
type readCell struct {
	formula, value string
	text           bool // the value is a text
}

// readSheet is one sheet of a file: its cells by place.
type readSheet struct {
	name  string
	cells map[[2]int]readCell // column, row
}

// readBook reads every sheet of a workbook, in order.
func readBook(data []byte) ([]*readSheet, error) {
	p, err := openPackage(data)
	if err != nil {
		return nil, err
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := p.small("xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := p.small("xl/_rels/workbook.xml.rels", &relations); err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range relations.All {
		targets[r.ID] = strings.TrimPrefix(path.Join("/xl", r.Target), "/")
		if strings.HasPrefix(r.Target, "/") {
			targets[r.ID] = strings.TrimPrefix(path.Clean(r.Target), "/")
		}
	}
	texts, err := p.sharedTexts()
	if err != nil {
		return nil, err
	}
	room := maxCells
	var sheets []*readSheet
	for _, s := range book.Sheets {
		f := p.byName[targets[s.ID]]
		if f == nil {
			return nil, cannotRead("缺少工作表“%s”的内容", "the contents of sheet “%s” are missing", s.Name)
		}
		sheet := &readSheet{name: s.Name, cells: map[[2]int]readCell{}}
		if err := p.cells(f, sheet, texts, &room); err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// small decodes a part into a struct.
func (p *pack) small(name string, into any) error {
	text, err := p.read(name)
	if err != nil {
		return err
	}
	if err := shallow(bytes.NewReader(text)); err != nil {
		return err
	}
	if err := xml.Unmarshal(text, into); err != nil {
		return cannotRead("%s 不是正确的 XML", "%s is not well-formed XML", name)
	}
	return nil
}

// shallow refuses what no spreadsheet program writes: a document type, deep nesting.
func shallow(r io.Reader) error {
	d := xml.NewDecoder(r)
	for depth := 0; ; {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return cannotRead("文件里的 XML 有误", "the XML in the file is wrong")
		}
		switch t.(type) {
		case xml.Directive:
			return cannotRead("文件里有 DOCTYPE，不予读取", "the file has a DOCTYPE: it is not read")
		case xml.StartElement:
			if depth++; depth > maxNesting {
				return cannotRead("文件里的 XML 嵌套过深", "the XML in the file is nested too deeply")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// sharedTexts are the texts that cells point to; what a program other than ours wrote keeps them there.
func (p *pack) sharedTexts() (texts []string, err error) {
	const part = "xl/sharedStrings.xml"
	if p.byName[part] == nil {
		return nil, nil
	}
	var table struct {
		Items []struct {
			Text string `xml:"t"`
			Runs []struct {
				Text string `xml:"t"`
			} `xml:"r"`
		} `xml:"si"`
	}
	if err := p.small(part, &table); err != nil {
		return nil, err
	}
	for _, s := range table.Items {
		for _, r := range s.Runs {
			s.Text += r.Text
		}
		texts = append(texts, unescape(s.Text))
	}
	return texts, nil
}

// cells reads a sheet's cells, one after the other; room is how many more the whole book may have.
func (p *pack) cells(f *zip.File, sheet *readSheet, texts []string, room *int) error {
	r, err := f.Open()
	if err != nil {
		return cannotRead("文件已损坏（%s）", "the file is damaged (%s)", f.Name)
	}
	defer r.Close()
	wrong := cannotRead("工作表“%s”的内容有误", "the contents of sheet “%s” are wrong", sheet.name)
	d := xml.NewDecoder(io.LimitReader(r, maxUnpacked))
	c := &cellReader{sheet: sheet, texts: texts, shared: map[string]sharedFormula{}}
	for depth := 0; ; {
		t, err := d.RawToken()
		if err == io.EOF && depth == 0 {
			return nil
		}
		if err != nil {
			return wrong
		}
		switch t := t.(type) {
		case xml.Directive:
			return cannotRead("文件里有 DOCTYPE，不予读取", "the file has a DOCTYPE: it is not read")
		case xml.StartElement:
			if depth++; depth > maxNesting {
				return cannotRead("文件里的 XML 嵌套过深", "the XML in the file is nested too deeply")
			}
			c.begin(t)
		case xml.EndElement:
			depth--
			if t.Name.Local == "c" {
				if *room--; *room < 0 {
					return cannotRead("单元格超过 %d 个", "there are more than %d cells", maxCells)
				}
			}
			if !c.end(t.Name.Local) {
				return wrong
			}
		case xml.CharData:
			if c.into != nil {
				*c.into += string(t)
			}
		}
	}
}

// cellReader is the cell being read.
type cellReader struct {
	sheet  *readSheet
	texts  []string
	shared map[string]sharedFormula

	col, row  int
	kind      string
	formula   string
	sharedBy  string
	value     string
	inline    string
	into      *string
	isFormula bool
}

// sharedFormula is a formula that other cells repeat, moved to where they stand.
type sharedFormula struct {
	col, row int
	text     string
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (c *cellReader) begin(t xml.StartElement) {
	c.into = nil
	switch t.Name.Local {
	case "row":
		if n, err := strconv.Atoi(attribute(t, "r")); err == nil {
			c.row = n
		} else {
			c.row++
		}
		c.col = 0
	case "c":
		c.col++
		if col, row := placeOf(attribute(t, "r")); row > 0 {
			c.col, c.row = col, row
		}
		c.kind, c.formula, c.sharedBy, c.value, c.inline, c.isFormula = attribute(t, "t"), "", "", "", "", false
	case "f":
		c.isFormula, c.into = true, &c.formula
		if attribute(t, "t") == "shared" {
			c.sharedBy = attribute(t, "si")
		}
	case "v":
		c.into = &c.value
	case "t":
		c.into = &c.inline
	}
}

func (c *cellReader) end(name string) bool {
	c.into = nil
	if name != "c" {
		return true
	}
	c.value, c.inline = unescape(c.value), unescape(c.inline)
	cell := readCell{value: c.value, text: c.kind == "s" || c.kind == "str" || c.kind == "inlineStr"}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(c.value)
		if err != nil || i < 0 || i >= len(c.texts) {
			return false
		}
		cell.value = c.texts[i]
	case "inlineStr":
		cell.value = c.inline
	}
	if c.isFormula {
		cell.formula = c.formula
		if c.sharedBy != "" && c.formula != "" {
			c.shared[c.sharedBy] = sharedFormula{c.col, c.row, c.formula}
		} else if s, known := c.shared[c.sharedBy]; known && c.sharedBy != "" {
			cell.formula = moved(s.text, c.col-s.col, c.row-s.row)
		}
		if cell.formula == "" {
			cell.formula = "?" // it is one, of a sort we never write
		}
	}
	if cell != (readCell{}) && cell != (readCell{text: true}) {
		c.sheet.cells[[2]int{c.col, c.row}] = cell
	}
	return true
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

// placeOf is the column and row of a reference such as $B$12; 0 if it is none.
func placeOf(ref string) (col, row int) {
	for _, r := range ref {
		switch {
		case r == '$':
		case r >= 'A' && r <= 'Z' && row == 0 && col < 100_000:
			col = col*26 + int(r-'A') + 1
		case r >= '0' && r <= '9' && col > 0 && row < 100_000_000:
			row = row*10 + int(r-'0')
		default:
			return 0, 0
		}
	}
	return col, row
}

// moved is a formula as it reads in a cell so many columns and rows away. References that are held stay.
func moved(text string, cols, rows int) string {
	return references(text, func(ref string) string {
		col, row := placeOf(ref)
		if !strings.HasPrefix(ref, "$") {
			col += cols
		}
		if !strings.Contains(ref[1:], "$") {
			row += rows
		}
		column, line := letters(col), strconv.Itoa(row)
		if strings.HasPrefix(ref, "$") {
			column = "$" + column
		}
		if strings.Contains(ref[1:], "$") {
			line = "$" + line
		}
		return column + line
	})
}

// references rewrites the cell references of a formula, leaving texts and sheet names alone.
func references(text string, rewrite func(string) string) string {
	var out strings.Builder
	letter := func(b byte) bool {
		return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '.' || b >= 0x80
	}
	for i := 0; i < len(text); {
		b := text[i]
		switch {
		case b == '"' || b == '\'':
			j := i + 1
			for j < len(text) && text[j] != b {
				j++
			}
			j = min(j+1, len(text))
			out.WriteString(text[i:j])
			i = j
		case letter(b) || b == '$':
			j := i
			for j < len(text) && (letter(text[j]) || text[j] == '$') {
				j++
			}
			word := text[i:j]
			if _, row := placeOf(word); row > 0 && (j == len(text) || text[j] != '(' && text[j] != '!') {
				word = rewrite(word)
			}
			out.WriteString(word)
			i = j
		default:
			out.WriteByte(b)
			i++
		}
	}
	return out.String()
}

// canonical is a formula as programs that save a file may all write it: no blanks, sheet names without quotes.
func canonical(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch b := text[i]; b {
		case '"':
			j := i + 1
			for j < len(text) && text[j] != '"' {
				j++
			}
			j = min(j, len(text)-1)
			out.WriteString(text[i : j+1])
			i = j
		case '\'', ' ', '\n', '\r':
		default:
			out.WriteByte(b)
		}
	}
	return out.String()
}

// cellName is how a message names a cell.
func cellName(sheet string, at [2]int) string {
	return fmt.Sprintf("%s!%s%d", sheet, letters(at[0]), at[1])
}
