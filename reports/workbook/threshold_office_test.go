package workbook_test

import (
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"zhencai/internal/thresholds"
	"zhencai/model/formula"
)

// TestThresholdsInOffice: LibreOffice, computing from the formulas as a ledger has them.
func TestThresholdsInOffice(t *testing.T) {
	t.Parallel()
	b := thresholds.New(t)
	const sheet = "Sheet1"
	s := formula.Sheet{Row: func(line int) int { return line + 2 }, Column: func(col int) string { return letters(col + 1) }, YearRow: 1}
	f := excelize.NewFile()
	defer f.Close()
	put := func(line, col int) {
		var err error
		if text := b.Program.Excel(line, col, s); text != "" {
			err = f.SetCellFormula(sheet, s.Cell(line, col), text)
		} else if d, _, there := b.Values.At(line, col); there {
			err = f.SetCellValue(sheet, s.Cell(line, col), d.InexactFloat64())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	own := b.Cells[0][0].Line // the first comparison
	for line := range own {
		for col := range b.Program.Calendar.Columns() {
			put(line, col)
		}
	}
	for _, cells := range b.Cells {
		for _, c := range cells {
			put(c.Line, c.Col)
		}
	}
	file := filepath.Join(t.TempDir(), "thresholds.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	rows := recalculate(t, file)[file][sheet]
	b.Check(t, "LibreOffice", func(shape, cell int) string {
		c := b.Cells[shape][cell]
		if row := rows[s.Row(c.Line)-1]; c.Col < len(row) {
			return row[c.Col]
		}
		return ""
	})
}
