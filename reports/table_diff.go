package reports

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// DifferenceTable says for a terminal why a scenario differs from another: one row per change, the largest first, and their sum.
func DifferenceTable(run *Run, d *analysis.Difference) string {
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
		say("A 和 B 是同一个情景：%s（%s），%s", "A and B are the same scenario: %s (%s), %s", run.ScenarioLabel(from), from.ID, run.exact(d, d.Before))
		return out.String()
	}
	say("A  %s（%s）  %s", "A  %s (%s)  %s", run.ScenarioLabel(from), from.ID, run.exact(d, d.Before))
	say("B  %s（%s）  %s", "B  %s (%s)  %s", run.ScenarioLabel(to), to.ID, run.exact(d, d.After))
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
		t.AppendRow(table.Row{formula.Visible(p.Label.In(run.Lang) + " [" + p.Address + "]"), formula.Visible(run.changed(p, p.Old, d.From)), formula.Visible(run.changed(p, p.New, d.To)), run.signed(d, p.Amount)})
	}
	t.AppendFooter(table.Row{run.T("合计 B - A", "total B - A"), "", "", run.signed(d, d.After.Sub(d.Before))})
	out.WriteString(t.Render() + "\n" + run.howSure(d) + "\n")
	return out.String()
}

// exact is a figure of a difference as its line is counted: amounts to the fen, ratios in per cent.
func (r *Run) exact(d *analysis.Difference, x decimal.Decimal) string {
	switch r.Book.Lines[r.Line(d.Line)].Unit {
	case formula.Money:
		return x.StringFixed(6)
	case formula.Ratio:
		return x.Shift(2).StringFixed(4) + "%"
	}
	return x.String()
}

// signed is exact with a sign, points for ratios.
func (r *Run) signed(d *analysis.Difference, x decimal.Decimal) string {
	text := r.exact(d, x)
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		text = percent + "pp"
	}
	if x.Sign() > 0 {
		return "+" + text
	}
	return text
}

// howSure says whether contributions are exact or sampled.
func (r *Run) howSure(d *analysis.Difference) string {
	if d.Paths == 0 {
		return r.T("贡献是精确值：各种先后次序下每处改动引起的变动的平均，合计分毫不差。", "Contributions are exact: the mean of what each change moves over all orders of making them; they add up exactly.")
	}
	return formula.Textf("贡献是抽样值：改动较多，取 %d 种先后次序的平均，标准误不超过 %s；合计仍分毫不差。",
		"Contributions are sampled: with so many changes, the mean over %d orders of making them, standard error at most %s; they still add up exactly.", d.Paths, r.exact(d, d.Error)).In(r.Lang)
}

// changed is the old or new text of a change, with the words of a choice in the run's language: mean: 5 is 前几年实绩平均（固定）: 5.
func (r *Run) changed(p analysis.Contribution, text string, scenario int) string {
	for _, line := range p.Lines {
		if l := r.Book.Lines[line]; l.Unit == formula.Choice {
			option := r.Book.Inputs(scenario)[line].Option
			if rest, ok := strings.CutPrefix(text, option); ok {
				return r.Option(line, option) + rest
			}
		}
	}
	return text
}
