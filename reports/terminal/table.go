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

// drawn lays out a table in characters: names and texts to the left, numbers to the right. Columns align with Chinese text.
func drawn(t reports.Table) string {
	head := t.Head
	if t.Brief != nil {
		head = t.Brief
	}
	var rows [][]string
	for _, r := range t.Rows {
		rows = append(rows, cellTexts(r))
	}
	var foot []string
	if t.Foot != nil {
		foot = cellTexts(*t.Foot)
	}
	return framed(1+t.Texts, t.Width, head, rows, foot)
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

// layOut draws rows of texts, so many columns to the left and the others to the right.
func layOut(left int, header []string, rows [][]string) string {
	return framed(left, 0, header, rows, nil)
}

// framed draws rows of texts and a foot if there is one; columns of numbers are at most so wide, if a width is given.
func framed(left, width int, header []string, rows [][]string, foot []string) string {
	layout.OverrideRuneWidthEastAsianWidth(false) // ambiguous characters count one cell everywhere, whatever the locale says
	t := table.NewWriter()
	t.SetStyle(table.StyleDefault)
	t.Style().Format.Header, t.Style().Format.Footer = layout.FormatDefault, layout.FormatDefault
	var configs []table.ColumnConfig
	for i := left; i < len(header); i++ {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight, AlignFooter: layout.AlignRight, WidthMax: width})
	}
	t.SetColumnConfigs(configs)
	cells := func(texts []string, kept ...rune) (row table.Row) {
		for _, s := range texts {
			row = append(row, formula.Visible(s, kept...))
		}
		return row
	}
	t.AppendHeader(cells(header, '\n')) // heads have lines
	for _, row := range rows {
		t.AppendRow(cells(row))
	}
	if foot != nil {
		t.AppendFooter(cells(foot))
	}
	return t.Render()
}
