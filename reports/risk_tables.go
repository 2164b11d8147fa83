package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// The tables of what may turn out otherwise.

// Band is where a simulated line lies in one year: its quantiles, and how much they err.
type Band struct{ Edges, Errors []float64 }

// Band is where a simulated line lies in a year of a result, counted from the first plan year.
func (r *Run) Band(result, line, year int) (b Band) {
	b.Edges, b.Errors = r.Risk.Simulated.Spread[result][line][year].Quantiles(Quantiles)
	return b
}

// scenarioOf names the scenario of a simulation that stands in a place.
func (r *Run) scenarioOf(s *analysis.Simulated, i int) string {
	return r.ScenarioLabel(r.Book.Plan.Scenarios[s.Scenarios[i]])
}

// Simulated is where the lines of a simulation lie in the last year, or in all of them, in one scenario.
func (r *Run) Simulated(s *analysis.Simulated, scenario int, allYears bool) Table {
	t := Table{Caption: r.T("情景：", "Scenario: ") + r.scenarioOf(s, scenario), Result: -1, Head: []string{r.T("万元", "10k yuan"), r.T("年份", "year")}}
	for _, q := range Quantiles {
		t.Head = append(t.Head, Quantile(q))
	}
	t.Head = append(t.Head, r.T("平均", "mean"), r.T("最低5%平均", "mean of lowest 5%"), r.T("最高5%平均", "mean of highest 5%"))
	years := r.Years()
	for l, line := range s.Lines {
		unit := r.Book.Lines[line].Unit
		for y, year := range years {
			if !allYears && y < len(years)-1 {
				continue
			}
			o := s.Spread[scenario][l][y]
			row := Row{Name: r.FullLabel(line), Unit: unit, Cells: texts(strconv.Itoa(year))}
			for k, q := range Quantiles {
				err := 0.0 // the two ends are what is least known
				if k == 0 || k == len(Quantiles)-1 {
					err = o.QuantileError(q)
				}
				row.Cells = append(row.Cells, erringCell(o.Quantile(q), err, unit))
			}
			mean, _ := o.Moments()
			row.Cells = append(row.Cells, SampledCell(mean, unit))
			for _, high := range []bool{false, true} {
				tail, err := o.Tail(TailShare, high)
				row.Cells = append(row.Cells, erringCell(tail, err, unit))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// Fan is where a simulated line lies by year in one result; planned is what the plan says, and the head names the years.
func (r *Run) Fan(result, line int, caption string, head []string, bands []Band, planned []Cell) Table {
	t := Table{Result: result, Head: head, Caption: caption + r.T("：", ": ") + r.FullLabel(line) + r.T("，模拟的分位数，± 后是抽样误差（万元）", ", simulated quantiles, ± sampling error (10k yuan)")}
	for k, q := range Quantiles {
		row := Row{Name: r.QuantileName(q)}
		for _, b := range bands {
			row.Cells = append(row.Cells, erringCell(b.Edges[k], b.Errors[k], formula.Money))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, Row{Name: r.T("按计划", "as planned"), Cells: planned, Total: true})
	return t
}

// Fans is the same of one line for all results side by side.
func (r *Run) Fans(l int) Table {
	line := r.Risk.Simulated.Lines[l]
	unit := r.Book.Lines[line].Unit
	t := Table{Caption: r.FullLabel(line) + r.T("：模拟的分位数（静态数）", ": simulated quantiles (static)"), Result: -1, Head: r.byScenario(r.T("分位", "quantile"))}
	for y, year := range r.Years() {
		rows := make([]Row, len(Quantiles)+1)
		for k, q := range Quantiles {
			rows[k] = Row{Name: r.QuantileName(q), Unit: unit, Over: strconv.Itoa(year)}
		}
		rows[len(Quantiles)] = Row{Name: r.T("抽样误差（两端较大者）", "sampling error (larger of the ends)"), Unit: unit, Over: strconv.Itoa(year)}
		for result := range r.Results {
			b := r.Band(result, l, y)
			for k, v := range append(b.Edges, math.Max(b.Errors[0], b.Errors[len(Quantiles)-1])) {
				rows[k].Cells = append(rows[k].Cells, SampledCell(v, unit))
			}
		}
		t.Rows = append(t.Rows, rows...)
	}
	return t
}

// byScenario heads a table with a column for each result.
func (r *Run) byScenario(first string) []string {
	head := []string{first}
	for _, result := range r.Results {
		head = append(head, r.ScenarioLabel(result.Scenario))
	}
	return head
}

// Probabilities is how likely each event of a simulation is in any year, or in each of them too; scenarios are the columns.
func (r *Run) Probabilities(s *analysis.Simulated, allYears bool) Table {
	t := Table{Result: -1, Head: []string{r.T("不利的事", "event")}, Brief: []string{r.T("发生的概率", "Probability of")}}
	for i := range s.Scenarios {
		t.Head, t.Brief = append(t.Head, r.scenarioOf(s, i)), append(t.Brief, brief(r.scenarioOf(s, i)))
	}
	years := r.Years()
	for e, event := range s.Events {
		name := event.Label.In(r.Lang)
		for y := range len(years) + 1 {
			row := Row{ID: event.ID, Name: name, Brief: name + r.T("（任一年）", " (any year)"), Unit: formula.Ratio, Over: r.T("至少一年", "at least once")}
			if y < len(years) {
				if !allYears {
					continue
				}
				row.Over = strconv.Itoa(years[y])
				row.Brief = name + " " + row.Over
			}
			for i := range s.Scenarios {
				row.Cells = append(row.Cells, chanceCell(s.Probability(i, e, y)))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// Events is how likely the events are in any year: a row for each result, which name says how to call.
func (r *Run) Events(name func(result int) *ScenarioName) Table {
	s := r.Risk.Simulated
	t := Table{Caption: r.T("至少一年发生的概率，± 后是抽样误差", "Chance of at least one year, ± sampling error"), Result: -1, Head: []string{r.T("情景", "Scenario")}}
	for _, event := range s.Events {
		t.Head = append(t.Head, event.Label.In(r.Lang))
	}
	for result := range r.Results {
		n := name(result)
		row := Row{Name: n.Label, Scenario: n}
		for e := range s.Events {
			row.Cells = append(row.Cells, chanceCell(s.Probability(result, e, len(r.Years()))))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// EventYears is how likely the events are by year in one result.
func (r *Run) EventYears(result int, caption string, head []string) Table {
	s := r.Risk.Simulated
	t := Table{Caption: caption + r.T("：各年的概率", ": probability by year"), Result: result, Head: head}
	for e, event := range s.Events {
		row := Row{Name: event.Label.In(r.Lang)}
		for y := range r.Years() {
			row.Cells = append(row.Cells, chanceCell(s.Probability(result, e, y)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Beats is in how many of the same draws a scenario has more than another.
func (r *Run) Beats(s *analysis.Simulated) Table {
	t := Table{Result: -1, Head: []string{""}, Caption: r.T("同样的抽取下，左边的“", "With the same draws, in how many paths is ") + r.HeadlineLabel(s.By) + r.T("”高于上边的占多少次", " higher in the scenario at the left than in that above")}
	for i := range s.Scenarios {
		t.Head = append(t.Head, brief(r.scenarioOf(s, i)))
		row := Row{Name: brief(r.scenarioOf(s, i))}
		for k := range s.Scenarios {
			if i == k {
				row.Cells = append(row.Cells, Cell{})
				continue
			}
			row.Cells = append(row.Cells, texts(Chance(float64(s.Better[i][k])/float64(s.Paths)))...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Correlations are those a simulation drew with.
func (r *Run) Correlations(s *analysis.Simulated) Table {
	t := Table{Caption: r.T("采用的相关系数：", "Correlations used:"), Result: -1, Head: append([]string{""}, s.Correlated...)}
	for i, name := range s.Correlated {
		row := Row{Name: name}
		for j := range s.Correlated {
			row.Cells = append(row.Cells, texts(strconv.FormatFloat(s.Correlation[i][j]+0, 'f', 2, 64))...)
		}
		t.Rows = append(t.Rows, row)
	}
	if u := r.Book.Plan.Uncertainty; u.FromHistory {
		t.Notes = []string{formula.Textf("由 %d 年的实际增长估计，向 0 收缩 %s%%；年数少，估计很粗", "Estimated from %d years of actual growth, shrunk towards 0 by %s%%; so few years estimate it roughly", r.Book.Plan.Calendar.Zero(), u.Shrinkage.Shift(2)).In(r.Lang)}
	}
	return t
}

// Drawing says of everything that is drawn how far it reaches and what that rests on.
func (r *Run) Drawing() Table {
	t := Table{Result: -1, Caption: r.T("什么会变、变多少、依据是什么（九成范围）", "What is drawn, how far (nine in ten), and what that rests on"),
		Head: []string{r.T("参数", "Input"), r.T("分布", "Law"), r.T("九成在", "Nine in ten"), r.T("抽取", "Drawn"), r.T("依据", "Rests on")}}
	for i, s := range analysis.Spreads(r.Book) {
		cells := texts(LawNames[s.Law.Kind].In(r.Lang), r.Reach(s), r.Drawn(s), r.Rests(s))
		cells[1].Note = r.Clipped(r.Risk.Simulated, i)
		t.Rows = append(t.Rows, Row{ID: s.Address, Name: r.AddressName(s.Address), Cells: cells})
	}
	if d := r.Book.Plan.Uncertainty.Delivery; d != nil {
		t.Rows = append(t.Rows, Row{ID: "delivery", Name: r.AddressName("delivery"), Cells: texts(r.T("三种状态", "three states"), r.State(d), r.T("每年", "every year"), r.T("计划写定，无出处：示例", "written in the plan, no source: illustrative"))})
	}
	if related := r.Related(); related != "" {
		t.Notes = []string{related}
	}
	return t
}

// Tornado is which inputs move a figure most, each by itself: at most so many of them.
func (r *Run) Tornado(by model.Headline, planned float64, bars []analysis.Bar, most int) Table {
	unit := r.Book.Lines[r.Line(by.Line)].Unit
	t := Table{Result: -1, Texts: 1, Caption: r.HeadlineLabel(by) + r.T("，按计划 ", ", as planned ") + SampledGrouped(planned, unit) + r.T("；每次只变一项", "; one input at a time"),
		Head:  []string{r.T("参数", "Input"), r.T("幅度来自", "Ends from"), r.T("低", "Low"), r.T("高", "High"), r.T("取低时", "At low"), r.T("取高时", "At high")},
		Brief: []string{r.T("参数", "Input"), r.T("取值", "ends"), r.T("低", "low"), r.T("高", "high"), r.T("取低时", "at low"), r.T("取高时", "at high")}}
	ends := map[analysis.BarEnds]string{analysis.EndsOfRange: r.T("区间", "range"), analysis.EndsOfLaw: r.T("分布5%-95%", "law 5%-95%"), analysis.EndsOfHistory: r.T("分布5%-95%", "law 5%-95%"), analysis.EndsTenth: "+/-10%"}
	for i, b := range bars {
		if i == most {
			t.Notes = []string{formula.Textf("另有 %d 个参数影响更小", "%d more inputs move it less", len(bars)-most).In(r.Lang)}
			break
		}
		of := b.Param.Field.Unit
		t.Rows = append(t.Rows, Row{ID: b.Element.Address() + "." + b.Param.Key, Name: r.ElementLabel(b.Element) + " " + b.Param.Field.Label.In(r.Lang), Unit: of,
			Cells: []Cell{{Text: r.EndsName(b), Brief: ends[b.Ends]}, SampledCell(b.Low, of), SampledCell(b.High, of), SampledCell(b.AtLow, unit), SampledCell(b.AtHigh, unit)}})
	}
	return t
}

// Variance is what each source explains of the variance of a figure.
func (r *Run) Variance(by model.Headline, shares []analysis.Share) Table {
	t := Table{Result: -1, Caption: fmt.Sprintf(r.T("模拟中的波动由谁造成（单独解释的方差，一阶 Sobol 指数，%d 次）", "What causes the variance of the simulation (first-order Sobol index, %d paths)"), SharePaths),
		Head:  []string{r.T("随机因素", "Source"), r.T("单独解释", "Explained alone")},
		Brief: []string{r.T("随机因素", "Source"), r.T("单独解释的方差（一阶 Sobol 指数）", "Variance explained alone (first-order Sobol index)")}}
	for _, s := range shares {
		c := chanceCell(s.Index, s.Err)
		c.Note = "± " + SampledGrouped(s.Err, formula.Ratio)
		t.Rows = append(t.Rows, Row{Name: r.SourceNames(s.Sources), Brief: strings.Join(s.Sources, ", "), Unit: formula.Ratio, Cells: []Cell{c}})
	}
	t.Notes = []string{r.T("对象：", "Of: ") + r.HeadlineLabel(by) + r.T("；", "; ") + r.SharesNote(shares)}
	return t
}

// Grid is the points of a sweep, at most so many: the values of the axes, then the figures.
func (r *Run) Grid(g *analysis.Grid, axes []model.Axis, most int) Table {
	t := Table{Result: -1, Texts: len(axes) - 1}
	var values [][]string
	for _, a := range axes {
		t.Head, t.Brief = append(t.Head, r.AddressName(a.Address)), append(t.Brief, a.Address)
		values = append(values, AxisValues(a))
	}
	for _, f := range g.Figures {
		t.Head, t.Brief = append(t.Head, r.HeadlineLabel(f)), append(t.Brief, r.HeadlineLabel(f))
	}
	for p := range min(g.Points(), most) {
		var row Row
		for i, a := range axes {
			place := g.At(p, i)
			if i == 0 {
				row.Name, row.Brief = values[i][place], a.Values[place]
				continue
			}
			row.Cells = append(row.Cells, Cell{Text: values[i][place], Brief: a.Values[place]})
		}
		for f, figure := range g.Figures {
			row.Cells = append(row.Cells, SampledCell(g.Values[f][p], r.Book.Lines[r.Line(figure.Line)].Unit))
		}
		t.Rows = append(t.Rows, row)
	}
	if g.Points() > most {
		t.Notes = []string{formula.Textf("共 %d 个点，只列前 %d 个；--csv 写出全部", "%d points, the first %d are shown; --csv writes all", g.Points(), most).In(r.Lang)}
	}
	return t
}

// Across is one figure of a grid over its last two axes, the others at their first value; the head and the rows name the values of these two.
func (r *Run) Across(s Swept, figure int, caption string, head, rows []string) Table {
	t := Table{Caption: caption, Result: -1, Head: head}
	unit, columns := r.Book.Lines[r.Line(s.Grid.Figures[figure].Line)].Unit, len(head)-1
	for i, name := range rows {
		row := Row{Name: name}
		for _, v := range s.Grid.Values[figure][i*columns : (i+1)*columns] {
			row.Cells = append(row.Cells, SampledCell(v, unit))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Backtest compares the methods of forecasting growth, item by item, on the item's own past; without rows where no past is long enough.
func (r *Run) Backtest() Table {
	t := Table{Result: -1, Texts: 1, Head: []string{r.T("项目", "Item"), r.T("方法", "method"), r.T("预测次数", "forecasts"), r.T("偏差", "bias"), r.T("平均误差", "mean abs."), r.T("均方根误差", "rms error"), r.T("90%区间", "90% range"), r.T("金额误差", "of the amount")}}
	methods := map[string]string{"given": r.T("不增长", "no growth"), "mean": r.T("平均", "mean"), "cagr": r.T("复合", "cagr"), "trend": r.T("趋势", "trend")}
	most := 0
	for _, e := range r.Book.Plan.In("revenue") {
		own := model.OwnMethod(e)
		for _, m := range model.GrowthMethods {
			all := r.Book.Backtest(e, m)
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
			t.Rows = append(t.Rows, Row{ID: e.Address(), Name: r.ElementLabel(e), Cells: texts(name, strconv.Itoa(len(all)), Points(bias), Points(absolute), Points(rms), Points(rms*low)+" - "+Points(rms*high), Chance(relative))})
		}
	}
	t.Notes = []string{r.T("* 是该项目自己的方法（计划给定增长率的用平均）；它的均方根误差就是 shocks 里写 history 时的标准差。误差是实际增长减预测增长。",
		"* is the item's own method (the mean where the plan gives the growth); its root mean square error is the standard deviation that “history” stands for in shocks. Errors are actual less forecast growth.")}
	if most < 10 {
		t.Notes = append(t.Notes, formula.Textf("每项最多 %d 次预测：太少，误差只知其大概，见 90%% 区间；方法之间的高下多半不可信", "at most %d forecasts of each item: too few to know the error well, see the 90%% range; which method is better is mostly chance", most).In(r.Lang))
	}
	return t
}
