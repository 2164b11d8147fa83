package terminal

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// layOut lays out rows for a terminal; all but the first columns (as many as left) are numbers.
func layOut(left int, header []string, rows [][]string) string {
	layout.OverrideRuneWidthEastAsianWidth(false)
	t := table.NewWriter()
	t.SetStyle(table.StyleDefault)
	t.Style().Format.Header = layout.FormatDefault
	var configs []table.ColumnConfig
	for i := left; i < len(header); i++ {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight})
	}
	t.SetColumnConfigs(configs)
	cells := func(texts []string) (row table.Row) {
		for _, s := range texts {
			row = append(row, formula.Visible(s))
		}
		return row
	}
	t.AppendHeader(cells(header))
	for _, r := range rows {
		t.AppendRow(cells(r))
	}
	return t.Render()
}

// Simulation is the outcome of a simulation for a terminal: the fan of the last year (of all years if asked), the events, and which scenario beats which.
func Simulation(run *reports.Run, s *analysis.Simulated, allYears bool) string {
	var b strings.Builder
	scenario := func(i int) string { return run.ScenarioLabel(run.Book.Plan.Scenarios[s.Scenarios[i]]) }
	years := run.Years()
	for i := range s.Scenarios {
		fmt.Fprintf(&b, "%s\n", run.T("情景：", "Scenario: ")+scenario(i))
		header := []string{run.T("万元", "10k yuan"), run.T("年份", "year")}
		for _, q := range reports.Quantiles {
			header = append(header, strconv.FormatFloat(q*100, 'g', -1, 64)+"%")
		}
		header = append(header, run.T("平均", "mean"), run.T("最低5%平均", "mean of lowest 5%"), run.T("最高5%平均", "mean of highest 5%"))
		var rows [][]string
		for l, line := range s.Lines {
			unit := run.Book.Lines[line].Unit
			for y, year := range years {
				if !allYears && y < len(years)-1 {
					continue
				}
				o := s.Spread[i][l][y]
				row := []string{run.FullLabel(line), strconv.Itoa(year)}
				for k, q := range reports.Quantiles {
					text := reports.Float(o.Quantile(q), unit)
					if k == 0 || k == len(reports.Quantiles)-1 {
						text += give(run, o.QuantileError(q), unit)
					}
					row = append(row, text)
				}
				mean, _ := o.Moments()
				row = append(row, reports.Float(mean, unit))
				for _, high := range []bool{false, true} {
					tail, err := o.Tail(reports.TailShare, high)
					row = append(row, reports.Float(tail, unit)+give(run, err, unit))
				}
				rows = append(rows, row)
			}
		}
		b.WriteString(layOut(1, header, rows) + "\n")
	}
	header := []string{run.T("发生的概率", "Probability of")}
	for i := range s.Scenarios {
		header = append(header, short(scenario(i)))
	}
	var rows [][]string
	for e, event := range s.Events {
		for y := range len(years) + 1 {
			if y < len(years) && !allYears {
				continue
			}
			name := event.Label.In(run.Lang)
			if y < len(years) {
				name += " " + strconv.Itoa(years[y])
			} else {
				name += run.T("（任一年）", " (any year)")
			}
			row := []string{name}
			for i := range s.Scenarios {
				p, err := s.Probability(i, e, y)
				row = append(row, reports.ChanceText(p)+" +/- "+reports.ChanceText(err))
			}
			rows = append(rows, row)
		}
	}
	b.WriteString(layOut(1, header, rows) + "\n")
	if len(s.Scenarios) > 1 {
		b.WriteString(run.T("同样的抽取下，左边的“", "With the same draws, in how many paths is ") + run.HeadlineLabel(s.By) + run.T("”高于上边的占多少次\n", " higher in the scenario at the left than in that above\n"))
		header = []string{""}
		rows = nil
		for i := range s.Scenarios {
			header = append(header, short(scenario(i)))
			row := []string{short(scenario(i))}
			for k := range s.Scenarios {
				if i == k {
					row = append(row, "")
					continue
				}
				row = append(row, reports.ChanceText(float64(s.Better[i][k])/float64(s.Paths)))
			}
			rows = append(rows, row)
		}
		b.WriteString(layOut(1, header, rows) + "\n")
	}
	b.WriteString(simulationNotes(run, s))
	return b.String()
}

// give is a sampling error behind its figure; nothing where there is none.
func give(r *reports.Run, err float64, unit formula.Unit) string {
	if err == 0 || err != err {
		return ""
	}
	return " +/- " + reports.Float(err, unit)
}

// simulationNotes says what the figures rest on.
func simulationNotes(r *reports.Run, s *analysis.Simulated) string {
	var b strings.Builder
	b.WriteString(r.T("+/- 后是抽样的标准误。", "Behind +/- is the standard error of sampling. "))
	if s.Figure[0].InBins() {
		b.WriteString(r.T("分位数由小格计数得出，值密处格也密，格内按均匀分布；+/- 已含计数的误差。\n", "Quantiles come from counts in bins, narrow where outcomes lie close and taken as even within one; +/- includes the error of counting.\n"))
	} else {
		b.WriteString("\n")
	}
	for i, shock := range r.Book.Plan.Uncertainty.Shocks {
		if clipped := r.Clipped(s, i); clipped != "" {
			b.WriteString(shock.Address + r.T("：", ": ") + clipped + "\n")
		}
	}
	if len(s.Correlated) > 1 {
		b.WriteString(r.T("采用的相关系数：\n", "Correlations used:\n"))
		header := append([]string{""}, s.Correlated...)
		var rows [][]string
		for i, name := range s.Correlated {
			row := []string{name}
			for j := range s.Correlated {
				row = append(row, strconv.FormatFloat(s.Correlation[i][j]+0, 'f', 2, 64))
			}
			rows = append(rows, row)
		}
		b.WriteString(layOut(1, header, rows) + "\n")
		if u := r.Book.Plan.Uncertainty; u.FromHistory {
			cal := r.Book.Plan.Calendar
			b.WriteString(formula.Textf("由 %d 年的实际增长估计，向 0 收缩 %s%%；年数少，估计很粗\n", "Estimated from %d years of actual growth, shrunk towards 0 by %s%%; so few years estimate it roughly\n", cal.Zero(), u.Shrinkage.Shift(2)).In(r.Lang))
		}
	}
	if n := s.TooFew(); n > 0 {
		b.WriteString(formula.Textf("次数偏少：有的分位数误差超过宽度的五十分之一；用 --paths %d\n", "too few paths: some quantile is not known to a fiftieth of the spread; use --paths %d\n", n).In(r.Lang))
	}
	return b.String()
}

// Variance is how much each shock explains of the variance of the figure.
func Variance(run *reports.Run, by model.Headline, shares []analysis.Share) string {
	rows := [][]string{}
	for _, s := range shares {
		rows = append(rows, []string{strings.Join(s.Sources, ", "), reports.ChanceText(s.Index) + " +/- " + reports.ChanceText(s.Err)})
	}
	return layOut(1, []string{run.T("随机因素", "Source"), run.T("单独解释的方差（一阶 Sobol 指数）", "Variance explained alone (first-order Sobol index)")}, rows) + "\n" +
		run.T("对象：", "Of: ") + run.HeadlineLabel(by) + run.T("；", "; ") + run.SharesNote(shares) + "\n"
}

// Tornado shows which inputs move a figure most: at most `most` of them.
func Tornado(run *reports.Run, by model.Headline, base float64, bars []analysis.Bar, most int) string {
	unit := run.Book.Lines[run.Line(by.Line)].Unit
	ends := map[analysis.BarEnds]string{analysis.EndsOfRange: run.T("区间", "range"), analysis.EndsOfLaw: run.T("分布5%-95%", "law 5%-95%"), analysis.EndsOfHistory: run.T("分布5%-95%", "law 5%-95%"), analysis.EndsTenth: run.T("+/-10%", "+/-10%")}
	var rows [][]string
	widest := 0.0
	for _, b := range bars {
		widest = max(widest, math.Abs(b.AtLow-base), math.Abs(b.AtHigh-base))
	}
	for i, b := range bars {
		if i == most {
			break
		}
		of := b.Param.Field.Unit
		rows = append(rows, []string{run.ElementLabel(b.Element) + " " + b.Param.Field.Label.In(run.Lang), ends[b.Ends], reports.Float(b.Low, of), reports.Float(b.High, of), reports.Float(b.AtLow, unit), reports.Float(b.AtHigh, unit),
			tornadoBar(b.AtLow-base, b.AtHigh-base, widest)})
	}
	out := run.HeadlineLabel(by) + run.T("，按计划：", ", as planned: ") + reports.Float(base, unit) + "\n" +
		layOut(2, []string{run.T("参数", "Input"), run.T("取值", "ends"), run.T("低", "low"), run.T("高", "high"), run.T("取低时", "at low"), run.T("取高时", "at high"), run.T("偏离", "away from plan")}, rows) + "\n"
	if len(bars) > most {
		out += formula.Textf("另有 %d 个参数影响更小\n", "%d more inputs move it less\n", len(bars)-most).In(run.Lang)
	}
	return out
}

// tornadoBar draws what lies below and above the plan: l for the low end, h for the high one.
func tornadoBar(low, high, widest float64) string {
	const half = 12
	cells := []byte(strings.Repeat(" ", half) + "|" + strings.Repeat(" ", half))
	mark := func(v float64, letter byte) {
		if widest == 0 || v != v {
			return
		}
		n := int(math.Round(math.Abs(v) / widest * half))
		for i := 1; i <= n; i++ {
			if at := half + i*sign(v); cells[at] == ' ' || math.Abs(v) < math.Abs(low+high-v) {
				cells[at] = letter
			}
		}
	}
	mark(low, 'l')
	mark(high, 'h')
	return string(cells)
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// Grid is a sweep for a terminal: a table of all points while they are few, and a heat map of the first figure over the last two axes.
func Grid(run *reports.Run, g *analysis.Grid, axes []model.Axis, most int) string {
	var b strings.Builder
	var header []string
	for _, a := range axes {
		header = append(header, a.Address)
	}
	for _, f := range g.Figures {
		header = append(header, run.HeadlineLabel(f))
	}
	var rows [][]string
	for p := range min(g.Points(), most) {
		var row []string
		for i, a := range axes {
			row = append(row, a.Values[g.At(p, i)])
		}
		for f, figure := range g.Figures {
			row = append(row, reports.Float(g.Values[f][p], run.Book.Lines[run.Line(figure.Line)].Unit))
		}
		rows = append(rows, row)
	}
	b.WriteString(layOut(len(axes), header, rows) + "\n")
	if g.Points() > most {
		b.WriteString(formula.Textf("共 %d 个点，只列前 %d 个；--csv 写出全部\n", "%d points, the first %d are shown; --csv writes all\n", g.Points(), most).In(run.Lang))
	}
	if len(axes) > 1 {
		b.WriteString(heat(run, g, axes))
	}
	return b.String()
}

// shades are from the lowest to the highest.
const shades = " .:-=+*#%@"

// heat draws the first figure over the last two axes, the others at their first value.
func heat(r *reports.Run, g *analysis.Grid, axes []model.Axis) string {
	var b strings.Builder
	across, down := len(axes)-1, len(axes)-2
	unit := r.Book.Lines[r.Line(g.Figures[0].Line)].Unit
	values := g.Values[0][:g.Sizes[across]*g.Sizes[down]]
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v == v {
			low, high = min(low, v), max(high, v)
		}
	}
	fmt.Fprintf(&b, "%s  (' ' = %s, '@' = %s)\n", r.HeadlineLabel(g.Figures[0]), reports.Float(low, unit), reports.Float(high, unit))
	wide := 0
	for _, v := range axes[down].Values {
		wide = max(wide, layout.StringWidthWithoutEscSequences(v))
	}
	fmt.Fprintf(&b, "%s %s: %s ... %s\n", strings.Repeat(" ", wide), axes[across].Address, axes[across].Values[0], axes[across].Values[g.Sizes[across]-1])
	rows, cols := spaced(g.Sizes[down], heatRows), spaced(g.Sizes[across], heatColumns)
	for _, i := range rows {
		v := axes[down].Values[i]
		fmt.Fprintf(&b, "%s%s |", strings.Repeat(" ", wide-layout.StringWidthWithoutEscSequences(v)), v)
		for _, j := range cols {
			x := values[i*g.Sizes[across]+j]
			shade := byte('?')
			if x == x {
				shade = shades[0]
				if high > low {
					shade = shades[min(int((x-low)/(high-low)*float64(len(shades))), len(shades)-1)]
				}
			}
			b.WriteByte(shade)
		}
		b.WriteString("|\n")
	}
	fmt.Fprintf(&b, "%s %s\n", strings.Repeat(" ", wide), axes[down].Address)
	if len(rows)*len(cols) < len(values) {
		b.WriteString(formula.Textf("热图从 %d×%d 个点中均匀取 %d×%d 个\n", "the heat map shows %[3]d by %[4]d of %[1]d by %[2]d points, evenly spaced\n", g.Sizes[down], g.Sizes[across], len(rows), len(cols)).In(r.Lang))
	}
	return b.String()
}

// The most a heat map shows, so that it fits a terminal.
const (
	heatRows    = 25
	heatColumns = 60
)

// spaced are at most so many of n places, evenly spaced, the first and the last among them.
func spaced(n, most int) (places []int) {
	count := min(n, most)
	for k := range count {
		places = append(places, k*(n-1)/max(count-1, 1))
	}
	return places
}

// Backtest compares the methods of forecasting growth, item by item, on the item's own past.
func Backtest(run *reports.Run) string {
	methods := map[string]string{"given": run.T("不增长", "no growth"), "mean": run.T("平均", "mean"), "cagr": run.T("复合", "cagr"), "trend": run.T("趋势", "trend")}
	var rows [][]string
	most := 0
	for _, e := range run.Book.Plan.In("revenue") {
		own := model.OwnMethod(e)
		for _, m := range model.GrowthMethods {
			all := run.Book.Backtest(e, m)
			if len(all) == 0 {
				continue
			}
			bias, absolute, square, relative := 0.0, 0.0, 0.0, 0.0
			for _, f := range all {
				d := f.Actual.Sub(f.Growth).InexactFloat64()
				n := float64(len(all))
				bias += d / n
				absolute += math.Abs(d) / n
				square += d * d / n
				if !f.Happened.IsZero() {
					relative += math.Abs(f.Happened.Sub(f.Amount).DivRound(f.Happened, 12).InexactFloat64()) / n
				}
			}
			name := methods[m]
			if m == own {
				name += " *"
			}
			low, high := analysis.SpreadFactors(len(all))
			rms := math.Sqrt(square)
			most = max(most, len(all))
			points := func(v float64) string { return strconv.FormatFloat(v*100+0, 'f', 2, 64) + "pp" }
			rows = append(rows, []string{run.ElementLabel(e), name, strconv.Itoa(len(all)), points(bias), points(absolute), points(rms), points(rms*low) + " - " + points(rms*high), reports.ChanceText(relative)})
		}
	}
	if rows == nil {
		return run.T("没有收入项目有足够的历年实绩（至少四年）可供回测\n", "no revenue item has enough actual years (four) for a backtest\n")
	}
	note := run.T("* 是该项目自己的方法（计划给定增长率的用平均）；它的均方根误差就是 shocks 里写 history 时的标准差。误差是实际增长减预测增长。\n",
		"* is the item's own method (the mean where the plan gives the growth); its root mean square error is the standard deviation that “history” stands for in shocks. Errors are actual less forecast growth.\n")
	if most < 10 {
		note += formula.Textf("每项最多 %d 次预测：太少，误差只知其大概，见 90%% 区间；方法之间的高下多半不可信\n", "at most %d forecasts of each item: too few to know the error well, see the 90%% range; which method is better is mostly chance\n", most).In(run.Lang)
	}
	return layOut(2, []string{run.T("项目", "Item"), run.T("方法", "method"), run.T("预测次数", "forecasts"), run.T("偏差", "bias"), run.T("平均误差", "mean abs."), run.T("均方根误差", "rms error"), run.T("90%区间", "90% range"), run.T("金额误差", "of the amount")}, rows) + "\n" + note
}
