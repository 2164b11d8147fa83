package terminal

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model/formula"
	"zhencai/reports"
)

// IncentiveText is the analysis for a terminal: totals and clauses, or with all of it every item, year and share.
func IncentiveText(run *reports.Run, all bool) string {
	if _, there := run.Analysed(); !there {
		return run.T("没有哪项收入能增加县对镇的转移支付，无可分析\n", "no revenue moves any transfer: there is nothing to analyse\n")
	}
	tables := []reports.Table{run.Retentions(), run.Once(), run.TwoSided(), run.Withouts(), run.BreakEven()}
	if len(run.Incentives[0].Bases) > 0 {
		tables = append(tables, run.Bases())
	}
	for i, a := range run.Incentives {
		if !all || a == nil {
			continue
		}
		tables = append(tables, run.ByItem(i))
		for _, e := range a.BreakEven {
			tables = append(tables, run.Outcomes(i, e))
		}
	}
	var out strings.Builder
	for _, t := range tables {
		if len(t.Rows) > 0 {
			out.WriteString(t.Caption + "\n" + plainTable(t) + "\n\n")
		}
	}
	lines := run.Findings()
	if len(lines) == 0 {
		out.WriteString(run.T("收入上下浮动20%，各年应得没有悬崖、死区、反向，也没有跨年挪收入的好处\n", "with revenue 20% up or down there are no cliffs, dead zones or reversals, and nothing to gain across year-ends\n"))
		return out.String()
	}
	out.WriteString(run.T("收入上下浮动20%，各年应得有这些坎：\n", "With revenue 20% up or down, what is due has these edges:\n"))
	for i, line := range lines {
		if i == reports.ShownFindings && !all {
			fmt.Fprintf(&out, run.T("- 另有 %d 条，用 --all 列出\n", "- %d more, shown with --all\n"), len(lines)-i)
			break
		}
		out.WriteString("- " + line + "\n")
	}
	return out.String()
}

// plainTable draws a table in characters.
func plainTable(t reports.Table) string {
	layout.OverrideRuneWidthEastAsianWidth(false)
	w := table.NewWriter()
	w.SetStyle(table.StyleDefault)
	w.Style().Format.Header = layout.FormatDefault
	var configs []table.ColumnConfig
	var header table.Row
	for i, h := range t.Head {
		header = append(header, formula.Visible(h))
		if i > 0 {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight, WidthMax: 24})
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, r := range t.Rows {
		row := table.Row{formula.Visible(r.Name)}
		for _, c := range r.Cells {
			row = append(row, formula.Visible(c.Text))
		}
		w.AppendRow(row)
	}
	return w.Render()
}
