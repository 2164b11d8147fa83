package page

import (
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// figures are the charts this plan has the lines for, in reading order.
func (b *briefing) figures() (figures []figure) {
	for _, f := range append([]*figure{
		b.promises(),
		b.differenceFigure(),
		b.flowFigure(),
		b.cashFigure(),
		b.gapFigure(),
		b.arrearsFigure(),
		b.debtFigure(),
		b.ratioFigure(),
		b.contractorsFigure(),
		b.coverageFigure(),
	}, append(b.incentives(), b.risks()...)...) {
		if f != nil {
			figures = append(figures, *f)
		}
	}
	return figures
}

// clauses are the transfers the incentives consist of; where a plan marks none as an incentive, all the county pays.
func (b *briefing) clauses() (prefix string, elements []*model.Element) {
	var all []*model.Element
	for _, e := range b.Book.Plan.In("transfers") {
		if e.Kind == "upload" || !b.has(e.Address()+".due", e.Address()+".paid") {
			continue
		}
		all = append(all, e)
		if e.Words["incentive"] == "true" {
			elements = append(elements, e)
		}
	}
	if len(elements) > 0 {
		return "incentive", elements
	}
	return "transfers", all
}

// pending is what the clauses have earned and the county need not pay yet, at the end: why due is more than paid and owed.
func (b *briefing) pending(result int) (decimal.Decimal, bool) {
	prefix, _ := b.clauses()
	return b.at(result, prefix+"_pending", b.last)
}

// promises shows each year's due beside what was paid, both by clause, and what the county owes as it runs on.
func (b *briefing) promises() *figure {
	prefix, clauses := b.clauses()
	due, paid, owed := prefix+"_due", prefix+"_paid", prefix+"_owed"
	if len(clauses) == 0 || !b.has(due, paid, owed) {
		return nil
	}
	names := make([]string, len(clauses))
	for i, e := range clauses {
		names[i] = b.ElementLabel(e)
	}
	names = unique(names)
	owedName := b.T("年末欠拨", "Owed at year end")
	var rows []namedLine
	for _, part := range []struct{ line, zh, en string }{{"due", "应得", "due"}, {"paid", "实拨", "paid"}, {"owed", "欠拨", "owed"}} {
		for i, e := range clauses {
			if line := e.Address() + "." + part.line; b.has(line) {
				rows = append(rows, namedLine{name: names[i] + " · " + b.T(part.zh, part.en), line: line})
			}
		}
		rows = append(rows, namedLine{name: b.T(part.zh+"合计", "Total "+part.en), line: prefix + "_" + part.line, total: true})
	}
	cols := b.columns("") // what was due before the plan is not part of it
	f := &figure{ID: "promises", Switched: true, Title: b.T("县里应得、实拨、欠拨（万元）", "Promised, paid and owed by the county (10k yuan)")}
	for r := range b.Results {
		d := b.Total(r, b.Line(due))
		p := b.Total(r, b.Line(paid))
		o, _ := b.at(r, owed, b.last)
		waiting, waitingEN := "", ""
		if d, ok := b.pending(r); ok && !d.IsZero() {
			waiting, waitingEN = "，未到结算期 "+reports.Amount(d)+" 万元", ", not yet payable "+reports.Amount(d)
		}
		words := b.T(b.span()+"应得 "+reports.Amount(d)+" 万元，实拨 "+reports.Amount(p)+" 万元，期末欠拨 "+reports.Amount(o)+" 万元"+waiting+"。每年左柱为应得，右柱为实拨，折线为年末欠拨。",
			"Due "+reports.Amount(d)+", paid "+reports.Amount(p)+" over "+b.span()+", owed at the end "+reports.Amount(o)+waitingEN+" (10k yuan). Each year: left bar due, right bar paid; the line is what is owed at year end.")
		c := charts.NewBar()
		c.SetGlobalOptions(b.frame(words, "@wan", cols, append(append([]string{}, names...), owedName), "8")...)
		c.SetXAxis(b.axisYears(cols))
		for i, e := range clauses {
			var top func(int) string
			if i == len(clauses)-1 {
				top = b.topLabel(r, due, b.T("应得", "due"))
			}
			b.bars(c, r, namedLine{name: names[i] + b.T("（应得）", " (due)"), line: e.Address() + ".due"}, "due", paleColours[i%len(paleColours)], stackColours[i%len(stackColours)], cols, top)
		}
		for i, e := range clauses {
			var top func(int) string
			if i == len(clauses)-1 {
				top = b.topLabel(r, paid, b.T("实拨", "paid"))
			}
			b.bars(c, r, namedLine{name: names[i], line: e.Address() + ".paid"}, "paid", stackColours[i%len(stackColours)], chartPaper, cols, top)
		}
		line := charts.NewLine()
		line.AddSeries(owedName, nil, items(b.points(r, owed, reports.MoneyPlaces, cols)), charts.WithLineChartOpts(opts.LineChart{Symbol: "circle", SymbolSize: 11, ShowSymbol: opts.Bool(true)}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: owedColour, Width: 4}), charts.WithItemStyleOpts(opts.ItemStyle{Color: owedColour}),
			charts.WithLabelOpts(opts.Label{Show: opts.Bool(b.roomForLabels()), Position: "top", Color: owedColour, FontSize: chartText, FontWeight: "bold", BackgroundColor: chartVeil, Formatter: "@whole"}))
		c.Overlap(line)
		f.Views = append(f.Views, figureView{ScenarioName: b.name(r), Words: words, option: option(c, nil)})
		f.Tables = append(f.Tables, b.byLine(b.labels[r]+b.T("：激励资金（万元）", ": incentives (10k yuan)"), r, rows, cols))
	}
	return f
}

// roomForLabels: figures are written onto a chart as long as the years leave room; the table below has them all.
func (b *briefing) roomForLabels() bool { return b.last-b.first < 10 }

// topLabel writes the total of a stack above it, in whole 万元.
func (b *briefing) topLabel(result int, line, word string) func(col int) string {
	return func(col int) string {
		d, ok := b.at(result, line, col)
		if !ok || !b.roomForLabels() {
			return ""
		}
		number := strings.TrimSuffix(reports.Grouped(d.StringFixed(0)+".0"), ".0")
		if word == "" {
			return number
		}
		return word + "\n" + number
	}
}

func (b *briefing) cashFigure() *figure {
	if !b.has("cash") {
		return nil
	}
	cols := b.columns("cash")
	least, at, who := decimal.Decimal{}, 0, 0
	for r := range b.Results {
		if d, col, there := b.over(r, "cash", formula.Smallest); there && (at == 0 || d.LessThan(least)) {
			least, at, who = d, col, r
		}
	}
	title := b.T("年末资金（万元）", "Cash at year end (10k yuan)")
	words := b.T("各情景年末可用资金。最低："+b.labels[who]+"，"+b.year(at)+"年末 "+reports.Amount(least)+" 万元。",
		"Cash at year end by scenario. Lowest: "+b.labels[who]+", "+reports.Amount(least)+" (10k yuan) at the end of "+b.year(at)+".")
	if b.agree("cash", cols) {
		words = b.T("各情景的年末资金相同，最低是"+b.year(at)+"年末 "+reports.Amount(least)+" 万元：钱不够时先停付，差别在下面两张图的缺口和欠付里。",
			"Cash is the same in all scenarios, lowest at the end of "+b.year(at)+" with "+reports.Amount(least)+" (10k yuan): what differs is which bills stay unpaid, see the two charts below.")
	}
	return &figure{ID: "cash", Title: title, Tables: []reports.Table{b.byScenario(title, "cash", cols)},
		Views: []figureView{{Words: words, option: option(b.curves(words, "cash", "@wan", reports.MoneyPlaces, cols))}}}
}

// gapFigure shows new unpaid bills by year, a group of bars per year.
func (b *briefing) gapFigure() *figure {
	if !b.has("gap") {
		return nil
	}
	cols := b.columns("")
	most, at, who := decimal.Decimal{}, 0, 0
	var names []string
	for r := range b.Results {
		names = append(names, b.labels[r])
		if d, col, _ := b.over(r, "gap", formula.Largest); d.GreaterThan(most) {
			most, at, who = d, col, r
		}
	}
	title := b.T("年度资金缺口：当年新增欠付（万元）", "Yearly cash gap: new unpaid bills (10k yuan)")
	words := b.T("各情景各年都没有缺口。", "No scenario has a gap in any year.")
	if at > 0 {
		words = b.T("缺口最大："+b.labels[who]+"，"+b.year(at)+"年 "+reports.Amount(most)+" 万元。镇里不得举债，缺口表现为欠付。",
			"Largest: "+b.labels[who]+", "+reports.Amount(most)+" (10k yuan) in "+b.year(at)+". A town may not borrow: a gap is bills left unpaid.")
	}
	c := charts.NewBar()
	c.SetGlobalOptions(b.frame(words, "@wan", cols, names, "8")...)
	c.SetXAxis(b.axisYears(cols))
	for r := range b.Results {
		var top func(int) string
		if len(b.Results) <= 4 {
			label := b.topLabel(r, "gap", "")
			top = func(col int) string {
				if d, _ := b.at(r, "gap", col); d.IsZero() {
					return ""
				}
				return label(col)
			}
		}
		n := b.name(r)
		b.bars(c, r, namedLine{name: n.Label, line: "gap"}, "", n.Line, chartPaper, cols, top)
	}
	return &figure{ID: "gap", Title: title, Views: []figureView{{Words: words, option: option(c, nil)}}, Tables: []reports.Table{b.byScenario(title, "gap", cols)}}
}

// arrearsFigure shows how the unpaid bills add up.
func (b *briefing) arrearsFigure() *figure {
	if !b.has("arrears_total") {
		return nil
	}
	cols := b.columns("arrears_total")
	most, who := decimal.Decimal{}, 0
	for r := range b.Results {
		if d, ok := b.at(r, "arrears_total", b.last); ok && d.GreaterThan(most) {
			most, who = d, r
		}
	}
	title := b.T("年末各项欠付合计（万元）", "All unpaid bills at year end (10k yuan)")
	words := b.T("工资、运转、工程款、还本付息等应付未付。", "Wages, running costs, contractors, debt service: due and not paid. ")
	if b.has("arrears_with_uploads") {
		words += b.T("欠缴县里的上解另计。", "Uploads owed to the county are not among them. ")
	}
	if most.IsZero() {
		words += b.T(b.year(b.last)+"年末各情景都没有欠付。", "None at the end of "+b.year(b.last)+" in any scenario.")
	} else {
		words += b.T(b.year(b.last)+"年末最高："+b.labels[who]+"，"+reports.Amount(most)+" 万元。", "Highest at the end of "+b.year(b.last)+": "+b.labels[who]+", "+reports.Amount(most)+" (10k yuan).")
	}
	return &figure{ID: "arrears", Title: title, Tables: []reports.Table{b.byScenario(title, "arrears_total", cols)},
		Views: []figureView{{Words: words, option: option(b.curves(words, "arrears_total", "@wan", reports.MoneyPlaces, cols))}}}
}

// debtParts are what debt is made of: instruments by legal class, then bills and debt service not paid.
var debtParts = []struct{ line, zh, en string }{
	{"debt_onlent_general", "一般债券转贷", "General bonds onlent"},
	{"debt_onlent_special", "专项债券转贷", "Special bonds onlent"},
	{"debt_legacy_loan", "存量贷款", "Legacy loans"},
	{"debt_hidden", "隐性债务", "Hidden debt"},
	{"debt_contractor", "工程垫资", "Contractors' advances"},
	{"contractors_owed", "拖欠工程款", "Contractors unpaid"},
	{"overdue", "逾期还本付息", "Overdue debt service"},
}

func (b *briefing) debtFigure() *figure {
	if !b.has("debt") {
		return nil
	}
	cols := b.columns("debt")
	var parts []namedLine
	var names []string
	for _, p := range debtParts {
		if b.has(p.line) && b.anywhere(p.line, cols) {
			parts = append(parts, namedLine{name: b.T(p.zh, p.en), line: p.line})
			names = append(names, b.T(p.zh, p.en))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	rows := append(append([]namedLine{}, parts...), namedLine{name: b.T("债务合计", "All debt"), line: "debt", total: true})
	f := &figure{ID: "debt", Switched: true, Title: b.T("年末债务构成（万元）", "Debt at year end by class (10k yuan)")}
	for r := range b.Results {
		d, _ := b.at(r, "debt", b.last)
		most, at, _ := b.over(r, "debt", formula.Largest)
		words := b.T(b.year(b.last)+"年末债务 "+reports.Amount(d)+" 万元；最高在"+b.year(at)+"年末，"+reports.Amount(most)+" 万元。",
			"Debt at the end of "+b.year(b.last)+": "+reports.Amount(d)+"; highest at the end of "+b.year(at)+": "+reports.Amount(most)+" (10k yuan).")
		c := charts.NewBar()
		c.SetGlobalOptions(b.frame(words, "@wan", cols, names, "8")...)
		c.SetXAxis(b.axisYears(cols))
		for i, p := range parts {
			var top func(int) string
			if i == len(parts)-1 {
				top = b.topLabel(r, "debt", "")
			}
			b.bars(c, r, p, "debt", stackColours[i%len(stackColours)], chartPaper, cols, top)
		}
		f.Views = append(f.Views, figureView{ScenarioName: b.name(r), Words: words, option: option(c, nil)})
		f.Tables = append(f.Tables, b.byLine(b.labels[r]+b.T("：债务（万元）", ": debt (10k yuan)"), r, rows, cols))
	}
	return f
}

// anywhere tells whether a line is other than 0 in some scenario and year.
func (b *briefing) anywhere(line string, cols []int) bool {
	for r := range b.Results {
		for _, col := range cols {
			if d, _ := b.at(r, line, col); !d.IsZero() {
				return true
			}
		}
	}
	return false
}

// ratioFigure shows the debt ratio on its colour bands.
func (b *briefing) ratioFigure() *figure {
	if !b.has("debt_ratio") {
		return nil
	}
	cols := b.columns("debt_ratio")
	most, at, who := decimal.Decimal{}, b.last, 0
	for r := range b.Results {
		for _, col := range cols {
			if d, ok := b.at(r, "debt_ratio", col); ok && d.GreaterThan(most) {
				most, at, who = d, col, r
			}
		}
	}
	title := b.T("债务率与风险等级（债务 ÷ 综合财力，%）", "Debt ratio and its colours (debt / comprehensive resources, %)")
	words := b.T("债务率最高："+b.labels[who]+"，"+b.year(at)+"年末 "+reports.Percent(most)+"。", "Highest: "+b.labels[who]+", "+reports.Percent(most)+" at the end of "+b.year(at)+".")
	c, e := b.curves(words, "debt_ratio", "@percent", reports.RatioPlaces, cols)
	b.paintBands(c, e, most)
	return &figure{ID: "ratio", Title: title, Views: []figureView{{Words: words, option: option(c, e)}}, Tables: []reports.Table{b.byScenario(title, "debt_ratio", cols)}}
}

// paintBands puts the debt ratio's colours behind its curves, with a line at each threshold: unless scenarios disagree on a threshold.
func (b *briefing) paintBands(c *charts.Line, e *extras, most decimal.Decimal) {
	var limits []decimal.Decimal
	for _, l := range debtLevels[1:] {
		limit, there := b.at(0, l.from, b.last)
		for r := range b.Results {
			if d, ok := b.at(r, l.from, b.last); !ok || !d.Equal(limit) {
				there = false
			}
		}
		if !there {
			return
		}
		limits = append(limits, limit)
	}
	top := limits[len(limits)-1]
	highest, step := scale(math.Max(most.InexactFloat64(), top.InexactFloat64()) * 1.05)
	areas, rules := &markArea{Silent: true}, &markLine{Silent: true}
	rules.MarkLineStyle = opts.MarkLineStyle{Symbol: []string{"none", "none"}, Label: &opts.Label{Show: opts.Bool(false)}, LineStyle: &opts.LineStyle{Color: chartGrey, Type: "dashed", Width: 1.5}}
	for i, l := range debtLevels {
		var from, to areaEdge
		from.Name, from.YAxis = b.T(l.name, l.en)+"  "+b.T("低于 ", "under ")+threshold(limits[0]), 0
		from.ItemStyle, from.Label = &opts.ItemStyle{Color: l.tint}, &opts.Label{Show: opts.Bool(true), Position: "insideTopLeft", Color: chartInk, FontSize: labelText}
		to.YAxis = highest
		if i > 0 {
			from.Name, from.YAxis = b.T(l.name, l.en)+"  ≥ "+threshold(limits[i-1]), point(limits[i-1], true, reports.RatioPlaces)
			rules.Data = append(rules.Data, opts.MarkLineNameYAxisItem{YAxis: from.YAxis})
		}
		if i < len(limits) {
			to.YAxis = point(limits[i], true, reports.RatioPlaces)
		}
		areas.Data = append(areas.Data, []areaEdge{from, to})
	}
	c.YAxisList[0].Max, c.YAxisList[0].SplitLine.Show, e.y.Interval = highest, opts.Bool(false), step
	e.series[0].MarkArea, e.series[0].MarkLine = areas, rules
}

// scale ends an axis at a whole step, of which there are at most eight.
func scale(most float64) (highest, step float64) {
	step = 0.5
	for next := []float64{2, 2.5, 2}; most > 8*step; next = append(next[1:], next[0]) {
		step *= next[0]
	}
	return math.Ceil(most/step) * step, step
}

// threshold is a round percentage: 120%.
func threshold(d decimal.Decimal) string { return d.Shift(2).String() + "%" }

// coverageFigure is a table of colours: whether wages, running costs and basic livelihood are paid, by scenario and year.
func (b *briefing) coverageFigure() *figure {
	if !b.has("basic_coverage") {
		return nil
	}
	cols := b.columns("")
	title := b.T("“三保”保障率：已付 ÷ 应付（%）", "Coverage of basic livelihood, wages and running costs: paid / needed (%)")
	least, at, who := decimal.NewFromInt(1), 0, 0
	var names []string
	var data []item
	for r := range b.Results {
		names = append(names, b.labels[r])
		for i, col := range cols {
			d, ok := b.at(r, "basic_coverage", col)
			if !ok {
				continue
			}
			if d.LessThan(least) {
				least, at, who = d, col, r
			}
			data = append(data, item{BarData: opts.BarData{Value: []any{i, r, point(d, true, reports.RatioPlaces)}}, Why: b.yearCell(r, "basic_coverage", col).Why})
		}
	}
	words := b.T("各情景各年“三保”都足额保障。", "Paid in full in every scenario and year.")
	if at > 0 {
		words = b.T("最低："+b.labels[who]+"，"+b.year(at)+"年 "+reports.Percent(least)+"。", "Lowest: "+b.labels[who]+", "+reports.Percent(least)+" in "+b.year(at)+".")
	}
	c := charts.NewHeatMap()
	c.SetGlobalOptions(b.frame(words, "@percent", cols, nil, "8")...)
	c.SetGlobalOptions(
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(false)}), // the numbers stand in the cells
		namesDown(names, 200),
	)
	c.GridList[0].Top = "60"
	c.AddSeries("", nil, items(data), charts.WithLabelOpts(opts.Label{Show: opts.Bool(b.roomForLabels()), Color: chartInk, FontSize: chartText + 3, FontWeight: "bold", Formatter: "@percentOfCell"}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: chartPaper, BorderWidth: 3}))
	o := option(c, coloured(c,
		shade("--heat-full", b.T("足额", "in full"), 1, nil),
		shade("--heat-90", "90%–100%", 0.9, 1),
		shade("--heat-70", "70%–90%", 0.7, 0.9),
		shade("--heat-low", b.T("70%以下", "under 70%"), nil, 0.7)))
	return &figure{ID: "coverage", Title: title, Views: []figureView{{Words: words, option: o}}, Tables: []reports.Table{b.byScenario(title, "basic_coverage", cols)}}
}
