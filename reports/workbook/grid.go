package workbook

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// grid is one worksheet before it is written: cells, and what stands around them. Rows and columns count from 1, as in Excel.
type grid struct {
	name   string
	tab    tab
	rows   []row
	widths []float64 // of columns, from the first

	frozenRows, frozenCols int  // also repeated on every printed page
	onePage                bool // fit the sheet on one page, not just its width
	printed                int  // the last row that is printed; 0: all are

	merged      [][2]string
	validations []*excelize.DataValidation
	marks       []mark
	links       [][2]string // cell, target inside the file
	charts      []chart
}

type row struct {
	height  float64
	outline int
	cells   []cell
}

// cell holds a constant (text or float64), or a formula and the value the engine computed for it.
type cell struct {
	style   int
	formula string
	value   any
}

// mark is one conditional format.
type mark struct {
	where   string
	formats []excelize.ConditionalFormatOptions
}

type chart struct {
	at   string
	what *excelize.Chart
}

// row is a row of the grid, made if it is not there yet.
func (g *grid) row(n int) *row {
	for len(g.rows) < n {
		g.rows = append(g.rows, row{})
	}
	return &g.rows[n-1]
}

func (g *grid) put(col, n int, c cell) {
	r := g.row(n)
	for len(r.cells) < col {
		r.cells = append(r.cells, cell{})
	}
	r.cells[col-1] = c
}

// fill gives a style to the cells from..to of a row and empties them.
func (g *grid) fill(from, to, n, style int) {
	for col := from; col <= to; col++ {
		g.put(col, n, cell{style: style})
	}
}

// strip fills a row up to a column, with a text at its left: a title, a note.
func (g *grid) strip(to, n, style int, text string) {
	g.fill(1, to, n, style)
	g.put(1, n, textCell(style, text))
}

// last is the number of the last row so far.
func (g *grid) last() int { return len(g.rows) }

// label puts a text into a column of a known width: over several lines, in a higher row, where it is longer.
func (w *workbook) label(g *grid, col, n int, columns float64, l look, text string) {
	if deepest := wrapped(text, columns-3); deepest > 1 {
		l.wrap = true
		g.row(n).height = max(g.row(n).height, 5+13*float64(deepest))
	}
	g.put(col, n, textCell(w.style(l), text))
}

// cells are the grid's constants and formulas by place, as a file holds them.
func (g *grid) cells() map[[2]int]readCell {
	cells := map[[2]int]readCell{}
	for r, row := range g.rows {
		for c, one := range row.cells {
			cell := readCell{formula: canonical(one.formula)}
			switch v := one.value.(type) {
			case string:
				cell.value, cell.text = v, true
			case float64:
				cell.value = strconv.FormatFloat(v, 'g', -1, 64)
			}
			if cell.formula != "" || cell.value != "" {
				cells[[2]int{c + 1, r + 1}] = cell
			}
		}
	}
	return cells
}

func (g *grid) merge(col, n, lastCol int) {
	if lastCol > col {
		g.merged = append(g.merged, [2]string{at(col, n), at(lastCol, n)})
	}
}

// letters is a column's name: 1 is A.
func letters(col int) string {
	var b []byte
	for ; col > 0; col = (col - 1) / 26 {
		b = append([]byte{byte('A' + (col-1)%26)}, b...)
	}
	return string(b)
}

func at(col, row int) string { return letters(col) + strconv.Itoa(row) }

// fixed is an address with row and column held.
func fixed(col, row int) string { return "$" + letters(col) + "$" + strconv.Itoa(row) }

// span is a range.
func span(col, row, lastCol, lastRow int) string { return at(col, row) + ":" + at(lastCol, lastRow) }

// on puts a reference on another sheet; the name is quoted where Excel wants it.
func on(sheet, ref string) string {
	plain := true
	for i, r := range sheet {
		plain = plain && (unicode.Is(unicode.Han, r) || i > 0 && (unicode.IsDigit(r) || r == '_'))
	}
	if plain {
		return sheet + "!" + ref
	}
	return quoted(sheet) + "!" + ref
}

func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// width is how many columns of half-width characters a text takes.
func width(s string) (n float64) {
	for _, r := range s {
		switch {
		case r >= 0x2E80 || r == '“' || r == '”' || r == '—' || r == '…' || r == '·' || r == '→':
			n += 1.95
		default:
			n += 1.05
		}
		if n > 10_000 { // taller and wider than any row or column can be
			break
		}
	}
	return n
}

// wrapped is how many lines a text takes in a column of a width.
func wrapped(s string, columns float64) int {
	n := 0
	for _, part := range strings.Split(s, "\n") {
		n += max(1, int((width(part)+columns-1)/columns))
	}
	return n
}

// sheetNames makes labels legal and unique names of sheets: 31 UTF-16 units, none of : \ / ? * [ ], no quote at either end,
// different without regard to case.
type sheetNames map[string]bool

func (used sheetNames) add(label string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`:\/?*[]`, r):
			return '_'
		case unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, label)
	clean = escaped.ReplaceAllStringFunc(clean, func(s string) string { return strings.Trim(s, "_") }) // programs would take it for a character
	clean = strings.Trim(clean, " '")
	if clean == "" || strings.EqualFold(clean, "history") {
		clean = "_" + clean
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf("(%d)", n)
		}
		name := cut(clean, 31-len(suffix)) + suffix
		if key := strings.ToLower(name); !used[key] {
			used[key] = true
			return name
		}
	}
}

// cut shortens a text to a number of UTF-16 units, which is how Excel counts, and never ends it with a quote.
func cut(s string, units int) string { return strings.TrimRight(prefix(s, units), " '") }

// prefix is as much of a text as fits into a number of UTF-16 units.
func prefix(s string, units int) string {
	taken := 0
	for i, r := range s {
		if taken += utf16.RuneLen(r); taken > units {
			return s[:i]
		}
	}
	return s
}

// lineHeight is that of a row with one line of text.
const lineHeight = 16.5

// write emits a grid as a stream. The order is excelize's: what stands before the rows in the file must be set before them.
func (w *workbook) write(g *grid) error {
	f := w.file
	yes, no := true, false
	color := string(g.tab)
	if err := f.SetSheetProps(g.name, &excelize.SheetPropsOptions{FitToPage: &yes, TabColorRGB: &color, OutlineSummaryBelow: &no}); err != nil {
		return err
	}
	columns := len(g.widths)
	for _, r := range g.rows {
		columns = max(columns, len(r.cells))
	}
	if err := f.SetSheetDimension(g.name, span(1, 1, columns, g.last())); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(g.name)
	if err != nil {
		return err
	}
	if err := w.around(g, sw); err != nil {
		return err
	}
	for i, r := range g.rows {
		r.height = min(r.height, excelize.MaxRowHeight)
		if r.height == 0 {
			r.height = lineHeight // said for every row, or each program would choose its own
		}
		values := make([]any, len(r.cells))
		for j, c := range r.cells {
			if c == (cell{}) {
				continue
			}
			values[j] = excelize.Cell{StyleID: c.style, Formula: c.formula, Value: c.value}
		}
		if err := sw.SetRow(at(1, i+1), values, excelize.RowOpts{Height: r.height, OutlineLevel: r.outline}); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// around sets everything of a sheet but its rows.
func (w *workbook) around(g *grid, sw *excelize.StreamWriter) error {
	f, no := w.file, false
	top := at(1, 1)
	if err := f.SetSheetView(g.name, 0, &excelize.ViewOptions{ShowGridLines: &no, TopLeftCell: &top}); err != nil {
		return err
	}
	if g.frozenRows > 0 {
		pane := "bottomRight"
		if g.frozenCols == 0 {
			pane = "bottomLeft"
		}
		corner := at(g.frozenCols+1, g.frozenRows+1)
		if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: g.frozenCols, YSplit: g.frozenRows, TopLeftCell: corner, ActivePane: pane,
			Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: pane}}}); err != nil {
			return err
		}
	}
	for i := len(g.widths); i > 0; i-- { // from the right: excelize writes the newest range first
		if err := sw.SetColWidth(i, i, g.widths[i-1]); err != nil {
			return err
		}
	}
	if err := w.page(g); err != nil {
		return err
	}
	if err := f.ProtectSheet(g.name, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true,
		FormatColumns: true, FormatRows: true, AutoFilter: true, EditScenarios: true}); err != nil {
		return err
	}
	for _, v := range g.validations {
		if err := f.AddDataValidation(g.name, v); err != nil {
			return err
		}
	}
	for _, m := range g.marks {
		if err := f.SetConditionalFormat(g.name, m.where, m.formats); err != nil {
			return err
		}
	}
	for _, l := range g.links {
		if err := f.SetCellHyperLink(g.name, l[0], l[1], "Location"); err != nil {
			return err
		}
	}
	for _, c := range g.charts {
		if err := f.AddChart(g.name, c.at, c.what); err != nil {
			return err
		}
	}
	for _, m := range g.merged {
		if err := sw.MergeCell(m[0], m[1]); err != nil {
			return err
		}
	}
	return nil
}

// page sets how a sheet is printed: A4 landscape, as wide as the paper, with the frozen header on every page.
func (w *workbook) page(g *grid) error {
	f := w.file
	a4, landscape, wide, high := 9, "landscape", 1, 0
	if g.onePage {
		high = 1
	}
	if err := f.SetPageLayout(g.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	side, foot, center := 0.4, 0.25, true
	edge := 0.55
	if err := f.SetPageMargins(g.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &edge, Bottom: &edge, Header: &foot, Footer: &foot, Horizontally: &center}); err != nil {
		return err
	}
	plan := w.run.Book.Plan
	title := strings.TrimSpace(w.planTitle())
	if short := cut(title, 80); short != title {
		title = short + "…"
	}
	left := strings.ReplaceAll(title, "&", "&&")
	right := strings.ReplaceAll(cut(w.run.T("版本 ", "version ")+plan.Version+"  "+w.run.Date, 60), "&", "&&")
	middle := w.run.T("第 &P 页，共 &N 页", "page &P of &N")
	if err := f.SetHeaderFooter(g.name, &excelize.HeaderFooterOptions{OddFooter: "&L&8 " + left + "&C&8 " + middle + "&R&8 " + right}); err != nil {
		return err
	}
	if g.printed > 0 {
		area := on(g.name, fixed(1, 1)+":"+fixed(len(g.widths), g.printed))
		if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: g.name}); err != nil {
			return err
		}
	}
	if g.frozenRows == 0 {
		return nil
	}
	titles := on(g.name, fmt.Sprintf("$1:$%d", g.frozenRows))
	if g.frozenCols > 0 {
		titles = on(g.name, "$A:$"+letters(g.frozenCols)) + "," + titles
	}
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: g.name})
}
