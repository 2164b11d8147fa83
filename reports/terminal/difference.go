package terminal

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// DifferenceTable says for a terminal why a scenario differs from another: one row per change, the largest first, and their sum.
func DifferenceTable(run *reports.Run, d *analysis.Difference) string {
	from, to := run.Book.Plan.Scenarios[d.From], run.Book.Plan.Scenarios[d.To]
	var out strings.Builder
	say := func(zh, en string, args ...any) { out.WriteString(formula.Textf(zh, en, args...).In(run.Lang) + "\n") }
	money := run.Book.Lines[run.Line(d.Line)].Unit == formula.Money
	unit := ""
	if money {
		unit = run.T("（万元）", " (10k yuan)")
	}
	say("%s [%s] %s%s", "%s [%s] %s%s", run.FullLabel(run.Line(d.Line)), d.Line, d.How.Text(), unit)
	if d.From == d.To {
		say("A 和 B 是同一个情景：%s（%s），%s", "A and B are the same scenario: %s (%s), %s", run.ScenarioLabel(from), from.ID, run.Exact(d, d.Before))
		return out.String()
	}
	say("A  %s（%s）  %s", "A  %s (%s)  %s", run.ScenarioLabel(from), from.ID, run.Exact(d, d.Before))
	say("B  %s（%s）  %s", "B  %s (%s)  %s", run.ScenarioLabel(to), to.ID, run.Exact(d, d.After))
	if len(d.Parts) == 0 {
		say("两个情景没有不同的输入", "no input differs between the two scenarios")
		return out.String()
	}
	if d.Before.Equal(d.After) {
		say("这一行两个情景没有差额", "on this line the two scenarios do not differ")
	}
	layout.OverrideRuneWidthEastAsianWidth(false)
	t := table.NewWriter()
	t.SetStyle(table.StyleDefault)
	t.Style().Format.Header, t.Style().Format.Footer = layout.FormatDefault, layout.FormatDefault
	t.AppendHeader(table.Row{run.T("改动", "change"), "A", "B", run.T("贡献", "contribution")})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 4, Align: layout.AlignRight, AlignHeader: layout.AlignRight, AlignFooter: layout.AlignRight}})
	for _, p := range d.Parts {
		t.AppendRow(table.Row{formula.Visible(p.Label.In(run.Lang) + " [" + p.Address + "]"), formula.Visible(run.Changed(p, p.Old, d.From)), formula.Visible(run.Changed(p, p.New, d.To)), run.Signed(d, p.Amount)})
	}
	t.AppendFooter(table.Row{run.T("合计 B - A", "total B - A"), "", "", run.Signed(d, d.After.Sub(d.Before))})
	out.WriteString(t.Render() + "\n" + run.HowSure(d) + "\n")
	return out.String()
}
