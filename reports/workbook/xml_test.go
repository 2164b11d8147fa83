package workbook_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// parts are the files inside a workbook.
type parts struct {
	names  []string // in the order of the zip
	text   map[string]string
	parsed []*xmlSheet
}

func unzip(t testing.TB, data []byte) *parts {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	p := &parts{text: map[string]string{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		p.names = append(p.names, f.Name)
		p.text[f.Name] = string(text)
	}
	return p
}

// with gives the workbook with one part changed.
func (p *parts) with(t testing.TB, name string, change func(string) string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range p.names {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		text := p.text[n]
		if n == name {
			text = change(text)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// xmlSheet is a worksheet as it stands in the file.
type xmlSheet struct {
	name, part string
	cells      map[string]*xmlCell
	ids        map[string]int // rows by what stands in their first column

	Tab struct {
		Color struct {
			RGB string `xml:"rgb,attr"`
		} `xml:"tabColor"`
		Page struct {
			Fit string `xml:"fitToPage,attr"`
		} `xml:"pageSetUpPr"`
	} `xml:"sheetPr"`
	Format struct {
		Outline string `xml:"outlineLevelRow,attr"`
	} `xml:"sheetFormatPr"`
	Panes []struct {
		State string `xml:"state,attr"`
		X     int    `xml:"xSplit,attr"`
		Y     int    `xml:"ySplit,attr"`
	} `xml:"sheetViews>sheetView>pane"`
	Cols []struct {
		Min    int     `xml:"min,attr"`
		Max    int     `xml:"max,attr"`
		Width  float64 `xml:"width,attr"`
		Hidden string  `xml:"hidden,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		R       int        `xml:"r,attr"`
		Hidden  string     `xml:"hidden,attr"`
		Height  float64    `xml:"ht,attr"`
		Outline int        `xml:"outlineLevel,attr"`
		Cells   []*xmlCell `xml:"c"`
	} `xml:"sheetData>row"`
	Protection *struct {
		Sheet    string `xml:"sheet,attr"`
		Password string `xml:"password,attr"`
		Hash     string `xml:"hashValue,attr"`
	} `xml:"sheetProtection"`
	Validations []struct {
		Type   string `xml:"type,attr"`
		Sqref  string `xml:"sqref,attr"`
		Error  string `xml:"error,attr"`
		First  string `xml:"formula1"`
		Second string `xml:"formula2"`
	} `xml:"dataValidations>dataValidation"`
	Marks []struct {
		Sqref string `xml:"sqref,attr"`
		Rules []struct {
			Formula []string `xml:"formula"`
		} `xml:"cfRule"`
	} `xml:"conditionalFormatting"`
	Links []struct {
		Ref      string `xml:"ref,attr"`
		Location string `xml:"location,attr"`
		ID       string `xml:"id,attr"`
	} `xml:"hyperlinks>hyperlink"`
	Setup struct {
		Paper       int    `xml:"paperSize,attr"`
		Orientation string `xml:"orientation,attr"`
		Wide        string `xml:"fitToWidth,attr"`
		High        string `xml:"fitToHeight,attr"`
	} `xml:"pageSetup"`
	Footer string `xml:"headerFooter>oddFooter"`
}

type xmlCell struct {
	R      string   `xml:"r,attr"`
	S      int      `xml:"s,attr"`
	T      string   `xml:"t,attr"`
	F      *string  `xml:"f"`
	V      string   `xml:"v"`
	Inline []string `xml:"is>t"`
}

// shown is the cell's stored value, whatever its type.
func (c *xmlCell) shown() string {
	if c.T == "inlineStr" {
		return strings.Join(c.Inline, "")
	}
	return c.V
}

func (s *xmlSheet) cell(ref string) *xmlCell {
	if c := s.cells[ref]; c != nil {
		return c
	}
	return &xmlCell{R: ref}
}

// rowOf finds the row with an id in its first column.
func (s *xmlSheet) rowOf(t testing.TB, id string) int {
	t.Helper()
	if s.ids == nil {
		s.ids = map[string]int{}
		for _, r := range s.Rows {
			if text := s.cell("A" + strconv.Itoa(r.R)).shown(); s.ids[text] == 0 {
				s.ids[text] = r.R
			}
		}
	}
	if row := s.ids[id]; row > 0 {
		return row
	}
	t.Fatalf("%s has no row %s", s.name, id)
	return 0
}

// xmlBook is the list of sheets and names.
type xmlBook struct {
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
	} `xml:"sheets>sheet"`
	Names []struct {
		Name   string `xml:"name,attr"`
		Hidden string `xml:"hidden,attr"`
		Sheet  string `xml:"localSheetId,attr"`
		Refers string `xml:",chardata"`
	} `xml:"definedNames>definedName"`
	Calc struct {
		Full string `xml:"fullCalcOnLoad,attr"`
	} `xml:"calcPr"`
}

func (p *parts) book(t testing.TB) *xmlBook {
	t.Helper()
	b := &xmlBook{}
	if err := xml.Unmarshal([]byte(p.text["xl/workbook.xml"]), b); err != nil {
		t.Fatal(err)
	}
	return b
}

// sheets reads every sheet. excelize numbers the parts in the order of the sheets.
func (p *parts) sheets(t testing.TB) []*xmlSheet {
	t.Helper()
	if p.parsed != nil {
		return p.parsed
	}
	var all []*xmlSheet
	for i, entry := range p.book(t).Sheets {
		s := &xmlSheet{name: entry.Name, part: "xl/worksheets/sheet" + strconv.Itoa(i+1) + ".xml", cells: map[string]*xmlCell{}}
		if err := xml.Unmarshal([]byte(p.text[s.part]), s); err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Rows {
			for _, c := range r.Cells {
				s.cells[c.R] = c
			}
		}
		all = append(all, s)
	}
	p.parsed = all
	return all
}

func (p *parts) sheet(t testing.TB, name string) *xmlSheet {
	t.Helper()
	all := p.sheets(t)
	i := slices.IndexFunc(all, func(s *xmlSheet) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("there is no sheet %q", name)
	}
	return all[i]
}

// xmlStyles are the formats of cells.
type xmlStyles struct {
	Fonts []struct {
		Color struct {
			RGB string `xml:"rgb,attr"`
		} `xml:"color"`
	} `xml:"fonts>font"`
	Fills []struct {
		Color struct {
			RGB string `xml:"rgb,attr"`
		} `xml:"patternFill>fgColor"`
	} `xml:"fills>fill"`
	Formats []struct {
		Font       int `xml:"fontId,attr"`
		Fill       int `xml:"fillId,attr"`
		Protection *struct {
			Locked string `xml:"locked,attr"`
			Hidden string `xml:"hidden,attr"`
		} `xml:"protection"`
	} `xml:"cellXfs>xf"`
}

func (p *parts) styles(t testing.TB) *xmlStyles {
	t.Helper()
	s := &xmlStyles{}
	if err := xml.Unmarshal([]byte(p.text["xl/styles.xml"]), s); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *xmlStyles) open(style int) bool {
	p := s.Formats[style].Protection
	return p != nil && (p.Locked == "0" || p.Locked == "false")
}

var (
	quotedText  = regexp.MustCompile(`"(?:[^"]|"")*"`)
	quotedSheet = regexp.MustCompile(`'(?:[^']|'')*'!`)
	plainSheet  = regexp.MustCompile(`[\p{L}_][\p{L}\p{N}_]*!`)
	reference   = regexp.MustCompile(`\$?[A-Z]{1,3}\$?[0-9]+`)
	called      = regexp.MustCompile(`([A-Za-z_.][A-Za-z0-9_.]*)\(`)
	literal     = regexp.MustCompile(`(?:^|[^A-Za-z0-9_.$])([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)`)
)

// bare is a formula without its texts, sheet names and references: what is left are functions, operators and numbers.
func bare(formula string) string {
	s := quotedText.ReplaceAllString(formula, `""`)
	s = quotedSheet.ReplaceAllString(s, "")
	s = plainSheet.ReplaceAllString(s, "")
	return reference.ReplaceAllString(s, "#")
}

// r1c1 writes the references of a formula relative to the cell it stands in.
func r1c1(formula, cell string) string {
	col, row := place(cell)
	held := []string{}
	keep := func(s string) string {
		held = append(held, s)
		return "\x00" + strconv.Itoa(len(held)-1) + "\x00"
	}
	s := quotedText.ReplaceAllStringFunc(formula, keep)
	s = quotedSheet.ReplaceAllStringFunc(s, keep)
	s = reference.ReplaceAllStringFunc(s, func(ref string) string {
		c, r := place(ref)
		text := "R" + strconv.Itoa(r)
		if !strings.Contains(ref[1:], "$") {
			text = "R[" + strconv.Itoa(r-row) + "]"
		}
		if strings.HasPrefix(ref, "$") {
			return text + "C" + strconv.Itoa(c)
		}
		return text + "C[" + strconv.Itoa(c-col) + "]"
	})
	for i := len(held) - 1; i >= 0; i-- {
		s = strings.ReplaceAll(s, "\x00"+strconv.Itoa(i)+"\x00", held[i])
	}
	return s
}

// place is the column and row of a reference.
func place(ref string) (col, row int) {
	for _, c := range strings.ReplaceAll(ref, "$", "") {
		if c >= 'A' && c <= 'Z' {
			col = col*26 + int(c-'A') + 1
		} else {
			row = row*10 + int(c-'0')
		}
	}
	return col, row
}

func TestR1C1(t *testing.T) {
	for _, c := range [][3]string{
		{"ROUND(C3*(1+D$4),6)", "D3", "ROUND(R[0]C[-1]*(1+R4C[0]),6)"},
		{"INDEX(假设!$H$10:$H$14,F$5)", "F9", "INDEX(假设!R10C8:R14C8,R5C[0])"},
		{"'A1 ''B2'!C3+$A1", "B2", "'A1 ''B2'!R[1]C[1]+R[-1]C1"},
		{`IF(A1="B2",1,0)`, "A2", `IF(R[-1]C[0]="B2",1,0)`},
	} {
		if got := r1c1(c[0], c[1]); got != c[2] {
			t.Errorf("%s in %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}
