package terminal

import (
	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// short keeps a label within a column of a terminal.
func short(label string) string {
	const most = 24
	if r := []rune(label); len(r) > most {
		return string(r[:most]) + "..."
	}
	return label
}

// Summary is the summary for a terminal: one row per headline, one column per scenario.
func Summary(run *reports.Run) string {
	header := []string{run.T("万元", "10k yuan")}
	for i := range run.Results {
		header = append(header, short(run.ScenarioLabel(run.Results[i].Scenario)))
	}
	var rows [][]string
	for _, h := range model.Headlines {
		if run.Line(h.Line) < 0 {
			continue
		}
		row := []string{run.HeadlineLabel(h)}
		for i := range run.Results {
			row = append(row, run.HeadlineText(i, h))
		}
		rows = append(rows, row)
	}
	return grid(1, header, rows)
}

// grid lays out rows for a terminal, the first columns to the left, the others to the right. Columns align with Chinese text.
func grid(left int, header []string, rows [][]string) string {
	layout.OverrideRuneWidthEastAsianWidth(false) // ambiguous characters count one cell everywhere, whatever the locale says
	t := table.NewWriter()
	t.SetStyle(table.StyleDefault)
	t.Style().Format.Header = layout.FormatDefault
	var configs []table.ColumnConfig
	cells := func(row []string) (out table.Row) {
		for _, s := range row {
			out = append(out, formula.Visible(s))
		}
		return out
	}
	for i := left; i < len(header); i++ {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight})
	}
	t.SetColumnConfigs(configs)
	t.AppendHeader(cells(header))
	for _, row := range rows {
		t.AppendRow(cells(row))
	}
	return t.Render()
}
