// Package terminal renders tables and explanations as text.
package terminal

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model/formula"
	"zhencai/reports"
)

// Text is a table with its caption above it and its notes below.
func Text(t reports.Table) string {
	var b strings.Builder
	if t.Caption != "" {
		b.WriteString(t.Caption + "\n")
	}
	if len(t.Rows) > 0 {
		b.WriteString(drawn(t) + "\n")
	}
	for _, note := range t.Notes {
		b.WriteString(note + "\n")
	}
	return b.String()
}

// drawn lays out a table in characters: names and texts to the left, numbers to the right, at most so wide if the table says. Columns align with Chinese text.
func drawn(t reports.Table) string {
	layout.OverrideRuneWidthEastAsianWidth(false) // ambiguous characters count one cell everywhere, whatever the locale says
	w := table.NewWriter()
	w.SetStyle(table.StyleDefault)
	w.Style().Format.Header, w.Style().Format.Footer = layout.FormatDefault, layout.FormatDefault
	head := t.Head
	if t.Brief != nil {
		head = t.Brief
	}
	var configs []table.ColumnConfig
	for i := 1 + t.Texts; i < len(head); i++ {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight, AlignFooter: layout.AlignRight, WidthMax: t.Width})
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(cells(head, '\n')) // heads have lines
	for _, r := range t.Rows {
		w.AppendRow(cells(cellTexts(r)))
	}
	if t.Foot != nil {
		w.AppendFooter(cells(cellTexts(*t.Foot)))
	}
	return w.Render()
}

func cellTexts(r reports.Row) []string {
	row := []string{r.Name}
	if r.Brief != "" {
		row[0] = r.Brief
	}
	for _, c := range r.Cells {
		if c.Brief != "" {
			c.Text = c.Brief
		}
		row = append(row, c.Text)
	}
	return row
}

// cells are texts without what a terminal would act on.
func cells(texts []string, kept ...rune) (row table.Row) {
	for _, s := range texts {
		row = append(row, formula.Visible(s, kept...))
	}
	return row
}
