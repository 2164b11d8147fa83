package workbook

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// riskPage is the sheet of risk: static figures of a simulation, of single inputs moved and of grids. Each table has its own columns, scenarios or others.
type riskPage struct {
	comparison
}

// barColumns is how many columns an input's bar takes.
const barColumns = 5

// riskGrid is the sheet of risk.
func (w *workbook) riskGrid() *grid {
	run, t := w.run, w.run.T
	const widest = 46
	p := &riskPage{comparison{grid: &grid{name: w.risk, tab: outputSheet, frozenRows: compareHeader, frozenCols: headlineHow, widths: []float64{9, widest, 9, 11}}, w: w}}
	columns := max(len(run.Results), barColumns)
	for _, s := range run.Risk.Swept {
		columns = max(columns, len(s.Grid.Figures))
	}
	for range columns {
		p.widths = append(p.widths, 14)
	}
	w.head(p.grid, w.title(t("风险：有多大把握", "Risk: how sure")),
		w.units()+t("本表全是静态数：由程序重算得出，不随本簿改动；更新请运行 zhencai run 计划文件夹。", " All figures of this sheet are static: computed by running the plan again, they do not follow changes in this book; update them with zhencai run PLAN."), headlineLabel)
	style := w.style(look{bold: true, color: navy, fill: header, align: "center"})
	p.fill(1, len(p.widths), compareHeader, style)
	for i, title := range []string{t("代码", "id"), t("项目", "what"), t("单位", "unit"), t("年份", "year"), t("数（各表自有表头）", "figures (see each table)")} {
		p.put(i+1, compareHeader, textCell(style, title))
	}
	p.merge(compareFirst, compareHeader, len(p.widths))
	basis, _ := run.Basis()
	p.band(p.last()+1, t("依据", "What this rests on"))
	p.sentence(basis)
	p.spreads()
	p.events()
	for l := range run.Risk.Simulated.Lines {
		p.fan(l)
	}
	p.bars()
	p.shares()
	for _, s := range run.Risk.Swept {
		p.swept(s)
	}
	return p.grid
}

// scenarioTitles head a table by scenario.
func (p *riskPage) scenarioTitles(of string) {
	titles := []string{of}
	for _, r := range p.w.run.Results {
		titles = append(titles, p.w.run.ScenarioLabel(r.Scenario))
	}
	p.columnTitles(titles)
}

// spreads says of everything that is drawn how far it reaches and what that rests on.
func (p *riskPage) spreads() {
	run, t := p.w.run, p.w.run.T
	for i, s := range analysis.Spreads(run.Book) {
		text := run.AddressName(s.Address) + t("：", ": ") + reports.LawNames[s.Law.Kind].In(run.Lang) + t("，九成在 ", ", nine in ten: ") + run.Reach(s) + t("；", "; ") + run.Drawn(s) + t("；", "; ") + run.Rests(s)
		if clipped := run.Clipped(run.Risk.Simulated, i); clipped != "" {
			text += t("；", "; ") + clipped
		}
		p.sentence(text)
	}
	if d := run.Book.Plan.Uncertainty.Delivery; d != nil {
		p.sentence(run.AddressName("delivery") + t("：", ": ") + run.State(d) + t("；计划写定，无出处：示例", "; written in the plan, no source: illustrative"))
	}
	if related := run.Related(); related != "" {
		p.sentence(related)
	}
}

// events is how likely something adverse is, by year and in any year.
func (p *riskPage) events() {
	run, t, s := p.w.run, p.w.run.T, p.w.run.Risk.Simulated
	p.band(p.last()+1, t("不利事件的概率（静态数，", "Probability of adverse events (static, ")+formula.Textf("%d 次模拟）", "%d paths)", s.Paths).In(run.Lang))
	p.scenarioTitles(t("不利的事", "event"))
	ratio, years := formula.Ratio.Text().In(run.Lang), run.Years()
	for e, event := range s.Events {
		p.title(event.Label.In(run.Lang))
		for y := range len(years) + 1 {
			when := t("至少一年", "at least once")
			if y < len(years) {
				when = strconv.Itoa(years[y])
			}
			p.static(t("概率", "probability"), ratio, when, ratioFormat, func(result int) (decimal.Decimal, bool) {
				chance, _ := s.Probability(result, e, y)
				return reports.Rounded(chance, formula.Ratio)
			})
		}
		p.static(t("抽样误差", "sampling error"), ratio, t("至少一年", "at least once"), ratioFormat, func(result int) (decimal.Decimal, bool) {
			_, err := s.Probability(result, e, len(years))
			return reports.Rounded(err, formula.Ratio)
		})
	}
}

// fan is the quantiles of a line by year.
func (p *riskPage) fan(l int) {
	run, t, s := p.w.run, p.w.run.T, p.w.run.Risk.Simulated
	line := s.Lines[l]
	unit := run.Book.Lines[line].Unit
	p.band(p.last()+1, run.FullLabel(line)+t("：模拟的分位数（静态数）", ": simulated quantiles (static)"))
	p.scenarioTitles(t("分位", "quantile"))
	format := p.w.format(line)
	for y, year := range run.Years() {
		values, errs := make([][]float64, len(run.Results)), make([][]float64, len(run.Results))
		for r := range run.Results {
			values[r], errs[r] = s.Spread[r][l][y].Quantiles(reports.Quantiles)
		}
		for k, q := range reports.Quantiles {
			p.static(run.QuantileName(q), unit.Text().In(run.Lang), strconv.Itoa(year), format, func(result int) (decimal.Decimal, bool) {
				return reports.Rounded(values[result][k], unit)
			})
		}
		p.static(t("抽样误差（两端较大者）", "sampling error (larger of the ends)"), unit.Text().In(run.Lang), strconv.Itoa(year), format, func(result int) (decimal.Decimal, bool) {
			return reports.Rounded(math.Max(errs[result][0], errs[result][len(reports.Quantiles)-1]), unit)
		})
	}
}

// number writes a static figure of a row that is not by scenario.
func (p *riskPage) number(n, column int, v float64, unit formula.Unit) {
	format := map[formula.Unit]string{formula.Ratio: ratioFormat, formula.Money: moneyFormat}[unit]
	style := p.w.style(look{lines: true, align: "right", format: format, fill: actual})
	if d, there := reports.Rounded(v, unit); there {
		p.put(compareFirst+column, n, numberCell(style, d.InexactFloat64()))
		return
	}
	p.put(compareFirst+column, n, textCell(style, p.w.run.T("无", "none")))
}

// bars are the inputs that move the first scenario's figure, one at a time.
func (p *riskPage) bars() {
	run, t := p.w.run, p.w.run.T
	by := run.Risk.Simulated.By
	unit := run.Book.Lines[run.Line(by.Line)].Unit
	p.band(p.last()+1, run.HeadlineLabel(by)+t("：逐项变动时（静态数），", ": one input at a time (static), ")+run.ScenarioLabel(run.Results[0].Scenario))
	p.columnTitles([]string{t("参数", "input"), t("幅度来自", "ends from"), t("低", "low"), t("高", "high"), t("取低时", "at low"), t("取高时", "at high")})
	n := p.last() + 1
	p.labels(n, "", t("按计划", "as planned"), unit.Text().In(run.Lang), "")
	p.number(n, 3, run.Risk.Planned, unit)
	p.number(n, 4, run.Risk.Planned, unit)
	for i, b := range run.Risk.Bars {
		if i == 2*reports.MostBars {
			p.sentence(formula.Textf("另有 %d 个参数影响更小；用 zhencai tornado 列出", "%d more inputs move it less; zhencai tornado lists them", len(run.Risk.Bars)-i).In(run.Lang))
			break
		}
		n, of := p.last()+1, b.Param.Field.Unit
		p.labels(n, b.Element.Address()+"."+b.Param.Key, run.ElementLabel(b.Element)+" "+b.Param.Field.Label.In(run.Lang), of.Text().In(run.Lang), "")
		p.put(compareFirst, n, textCell(p.w.style(look{lines: true, size: 8, wrap: true, align: "center", fill: actual}), run.EndsName(b)))
		p.number(n, 1, b.Low, of)
		p.number(n, 2, b.High, of)
		p.number(n, 3, b.AtLow, unit)
		p.number(n, 4, b.AtHigh, unit)
		p.row(n).height = max(p.row(n).height, 4+11*float64(lines(run.EndsName(b), 16)))
	}
}

// shares are what each source explains of the variance.
func (p *riskPage) shares() {
	run, t := p.w.run, p.w.run.T
	p.band(p.last()+1, t("模拟中的波动由谁造成（静态数）：单独解释的方差，一阶 Sobol 指数，", "What causes the variance (static): explained alone, first-order Sobol index, ")+run.ScenarioLabel(run.Results[0].Scenario))
	p.columnTitles([]string{t("随机因素", "source"), t("单独解释", "explained"), t("抽样误差", "sampling error")})
	for _, s := range run.Risk.Shares {
		n := p.last() + 1
		p.labels(n, "", run.SourceNames(s.Sources), formula.Ratio.Text().In(run.Lang), "")
		p.number(n, 0, s.Index, formula.Ratio)
		p.number(n, 1, s.Err, formula.Ratio)
	}
	if note := run.SharesNote(run.Risk.Shares); note != "" {
		p.sentence(strings.ReplaceAll(note, "+/-", "±"))
	}
}

// swept is every point of a grid.
func (p *riskPage) swept(s reports.Swept) {
	run, t := p.w.run, p.w.run.T
	p.band(p.last()+1, t("网格（静态数）：", "Grid (static): ")+s.Title(run)+t("，在“", ", from “")+run.SweptOn(s)+t("”上", "”"))
	titles := []string{""}
	var values [][]string
	for i, a := range s.Axes {
		values = append(values, reports.AxisValues(a))
		if i > 0 {
			titles[0] += " / "
		}
		titles[0] += run.AddressName(a.Address)
	}
	for _, f := range s.Grid.Figures {
		titles = append(titles, run.HeadlineLabel(f))
	}
	p.columnTitles(titles)
	for point := range s.Grid.Points() {
		n, label := p.last()+1, ""
		for i := range s.Axes {
			if i > 0 {
				label += " / "
			}
			label += values[i][s.Grid.At(point, i)]
		}
		p.labels(n, s.ID, label, t("见表头", "as above"), "")
		for k, f := range s.Grid.Figures {
			p.number(n, k, s.Grid.Values[k][point], run.Book.Lines[run.Line(f.Line)].Unit)
		}
	}
}
