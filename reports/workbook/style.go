package workbook

import (
	"github.com/xuri/excelize/v2"

	"zhencai/model/formula"
)

// font is on every Windows PC that runs WPS or Excel; elsewhere it falls back to what the system has for Chinese.
const font = "微软雅黑"

// Colours. Text is always darker than its ground (no white text: a sheet must not hide anything).
const (
	ink         = "262626"
	navy        = "1F3864"
	grey        = "8C8C8C"
	blue        = "0000FF" // inputs
	green       = "1E6B3A" // taken from another sheet
	red         = "C00000"
	linkColor   = "0563C1"
	paper       = "FFFFFF"
	header      = "DCE6F1"
	sectionFill = "C9D8EA"
	block       = "EEF2F7"
	actual      = "F5F3EE" // history columns
	entry       = "FFF9DB" // input cells
	checked     = "EDF7EE"
	changed     = "FBD9B5" // differs from the base
	hairline    = "D0D5DB"
)

// tab is the sort of sheet, told by the colour of its tab.
type tab string

const (
	inputSheet  tab = "2E75B6"
	calcSheet   tab = "7F7F7F"
	outputSheet tab = "548235"
	checkSheet  tab = "C00000"
)

// look is how a cell appears. It is comparable, so that each look becomes one style of the file.
type look struct {
	format string // number format; empty is General
	color  string // of the text; empty is ink
	fill   string
	size   float64 // 0 is 10
	align  string  // left, right, center; empty: by type
	indent int
	bold   bool
	italic bool
	wrap   bool
	shrink bool
	open   bool // may be edited on the protected sheet
	ruled  bool // a thin rule below
	strong bool // a line above, of totals
	end    bool // a line on the right, of the last actual year
}

// The looks of titles: over a section of a sheet, and over a block of a section.
var (
	sectionTitle = look{bold: true, fill: sectionFill, color: navy, size: 11}
	blockTitle   = look{bold: true, fill: block, color: navy}
)

// style is the file's number of a look.
func (w *workbook) style(l look) int {
	if id, ok := w.styles[l]; ok {
		return id
	}
	size, color, align := l.size, l.color, l.align
	if size == 0 {
		size = 10
	}
	if color == "" {
		color = ink
	}
	if align == "" && l.indent > 0 {
		align = "left" // an indent needs a side
	}
	s := &excelize.Style{
		Font:       &excelize.Font{Family: font, Size: size, Color: color, Bold: l.bold, Italic: l.italic},
		Alignment:  &excelize.Alignment{Horizontal: align, Vertical: "center", Indent: l.indent, WrapText: l.wrap, ShrinkToFit: l.shrink},
		Protection: &excelize.Protection{Locked: !l.open},
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	if l.ruled {
		s.Border = append(s.Border, excelize.Border{Type: "bottom", Style: 4, Color: hairline})
	}
	if l.strong {
		s.Border = append(s.Border, excelize.Border{Type: "top", Style: 1, Color: grey})
	}
	if l.end {
		s.Border = append(s.Border, excelize.Border{Type: "right", Style: 1, Color: grey})
	}
	id, err := w.file.NewStyle(s)
	w.keep(err)
	w.styles[l] = id
	return id
}

// Number formats. Only the display is rounded, never the value.
const (
	moneyFormat = "#,##0.00"
	ratioFormat = "0.00%"
	wholeFormat = "0"
	yearFormat  = `0;-0;"–"` // year 0: there is none yet
	pureFormat  = "0.0000"
	checkFormat = "0.000000"
	textFormat  = "@"
)

// format is how a line's numbers are shown.
func (w *workbook) format(line int) string {
	switch u := w.run.Book.Lines[line].Unit; u {
	case formula.Ratio:
		return ratioFormat
	case formula.Person:
		return wholeFormat
	case formula.Year:
		return yearFormat
	case formula.Flag:
		return w.run.T(`"是";;"否"`, `"yes";;"no"`)
	case formula.Choice:
		return textFormat
	case formula.Number, formula.Years:
		switch {
		case w.whole(line):
			return wholeFormat
		case u == formula.Years:
			return "0.0"
		}
		return pureFormat
	}
	return moneyFormat
}

// inputFormat is the same for an input cell, which shows every decimal that was written.
func (w *workbook) inputFormat(line int) string {
	switch f := w.format(line); f {
	case moneyFormat:
		return "#,##0.00####"
	case ratioFormat:
		return "0.00####%"
	case pureFormat, wholeFormat, yearFormat, "0.0":
		return "" // General: 0.### would leave a bare point behind whole numbers
	default:
		return f
	}
}

// whole: every value of the line, in every result, is a whole number.
func (w *workbook) whole(line int) bool {
	for r := range w.run.Results {
		for col := range w.run.Book.Plan.Calendar.Columns() {
			if d, there := w.run.Number(r, line, col); there && !d.IsInteger() {
				return false
			}
		}
	}
	return true
}
