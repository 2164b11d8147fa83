package reports

import (
	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Headline is one figure of model.Headlines for one result; there is false where it is blank.
func (r *Run) Headline(result int, h model.Headline) (d decimal.Decimal, there bool) {
	return r.Book.Figure(r.Results[result].Values, r.Line(h.Line), h.How)
}

// HeadlineLabel names a headline: the line, and how its years became one figure.
func (r *Run) HeadlineLabel(h model.Headline) string {
	if h.Label.ZH != "" {
		return h.Label.In(r.Lang)
	}
	return r.Label(r.Line(h.Line)) + " " + h.How.Text().In(r.Lang)
}

// Colours names the levels of the debt ratio, from 0.
func (r *Run) Colours() []string {
	return []string{r.T("绿", "green"), r.T("黄", "yellow"), r.T("橙", "orange"), r.T("红", "red")}
}

// HeadlineText is a headline as people read it: two decimals, per cent, or a colour.
func (r *Run) HeadlineText(result int, h model.Headline) string {
	d, there := r.Headline(result, h)
	switch {
	case !there:
		return "-"
	case h.Line == "debt_level":
		return r.Colours()[d.IntPart()]
	case r.Book.Lines[r.Line(h.Line)].Unit == formula.Ratio:
		return d.Shift(2).StringFixed(1) + "%"
	}
	return d.StringFixed(2)
}

// short keeps a label within a column of a terminal.
func short(label string) string {
	const most = 24
	if r := []rune(label); len(r) > most {
		return string(r[:most]) + "..."
	}
	return label
}

// Table is the summary for a terminal: one row per headline, one column per scenario.
func Table(run *Run) string {
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
	return terminal(1, header, rows)
}

// terminal lays out rows for a terminal, the first columns to the left, the others to the right. Columns align with Chinese text.
func terminal(left int, header []string, rows [][]string) string {
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
