package terminal

import (
	"fmt"
	"strings"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// IncentiveText is the analysis: totals and clauses, or with all of it every item, year and share.
func IncentiveText(run *reports.Run, all bool) string {
	if _, there := run.Analysed(); !there {
		return run.T("没有哪项收入能增加县对镇的转移支付，无可分析\n", "no revenue moves any transfer: there is nothing to analyse\n")
	}
	var out strings.Builder
	for _, t := range run.IncentiveTables(all) {
		if len(t.Rows) > 0 {
			out.WriteString(Text(t) + "\n")
		}
	}
	lines := run.Findings()
	if len(lines) == 0 {
		return out.String() + run.T("收入上下浮动20%，各年应得没有悬崖、死区、反向，也没有跨年挪收入的好处\n", "with revenue 20% up or down there are no cliffs, dead zones or reversals, and nothing to gain across year-ends\n")
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

// Simulation is the outcome of a simulation: the lines in the last year (in all years if asked), the events, and which scenario beats which.
func Simulation(run *reports.Run, s *analysis.Simulated, allYears bool) string {
	var b strings.Builder
	for i := range s.Scenarios {
		b.WriteString(Text(run.Simulated(s, i, allYears)))
	}
	b.WriteString(Text(run.Probabilities(s, allYears)))
	if len(s.Scenarios) > 1 {
		b.WriteString(Text(run.Beats(s)))
	}
	for _, note := range run.SimulationNotes(s) {
		b.WriteString(note + "\n")
	}
	if len(s.Correlated) > 1 {
		b.WriteString(Text(run.Correlations(s)))
	}
	if n := s.TooFew(); n > 0 {
		b.WriteString(formula.Textf("次数偏少：有的分位数误差超过宽度的五十分之一；用 --paths %d\n", "too few paths: some quantile is not known to a fiftieth of the spread; use --paths %d\n", n).In(run.Lang))
	}
	return b.String()
}

// Variance is how much each shock explains of the variance of the figure.
func Variance(run *reports.Run, by model.Headline, shares []analysis.Share) string {
	t := run.Variance(by, shares)
	t.Caption = ""
	return Text(t)
}

// Backtest compares the methods of forecasting growth.
func Backtest(run *reports.Run) string {
	t := run.Backtest()
	if len(t.Rows) == 0 {
		return run.T("没有收入项目有足够的历年实绩（至少四年）可供回测\n", "no revenue item has enough actual years (four) for a backtest\n")
	}
	return Text(t)
}
