package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// mostSteps is how many changes a waterfall shows by themselves; the rest are one step.
const mostSteps = 10

// differenceFigure leads from the first scenario's figure to each other's, change by change. Of the first itself it shows all scenarios' figures.
func (b *briefing) differenceFigure() *figure {
	var any *analysis.Difference
	for r := range b.Results {
		if any == nil {
			any = b.Difference(r)
		}
	}
	if any == nil {
		return nil
	}
	over := any.How.Text().In(b.Lang)
	if any.How == formula.Total {
		over = b.T(b.span()+"合计", "total over "+b.span())
	}
	label := b.FullLabel(b.Line(any.Line)) + b.T("，", ", ") + over + b.unitOf(any.Line, "（万元）", " (10k yuan)")
	f := &figure{ID: "difference", Switched: true, Title: b.T("差额从哪来："+label, "Where the difference comes from: "+label)}
	for r := range b.Results {
		d := b.Difference(r)
		if d == nil {
			f.add(b.apart(r, any, label))
			continue
		}
		f.add(b.waterfall(r, d, label))
	}
	return f
}

// unitOf is a text for a line of money; nothing for others, which say their unit with the number.
func (b *briefing) unitOf(line, zh, en string) string {
	if b.Book.Lines[b.Line(line)].Unit == formula.Money {
		return b.T(zh, en)
	}
	return ""
}

func (f *figure) add(v figureView, t reports.Table) {
	f.Views, f.Tables = append(f.Views, v), append(f.Tables, t)
}

// step is one bar of a waterfall, between two values, with what stands beside it.
type step struct {
	name, text, colour string
	from, to           decimal.Decimal
}

// apart shows how far the scenarios are apart: what the page opens with, before a scenario is chosen to be compared.
func (b *briefing) apart(result int, d *analysis.Difference, caption string) (figureView, reports.Table) {
	name := b.name(result)
	words := b.T("其他情景都与“"+b.labels[0]+"”比较；选一个情景，看它的差额由哪些改动构成。", "Every other scenario is compared with “"+b.labels[0]+"”; choose one to see which changes make up its difference.")
	t := b.Apart(d, caption, func(r int) *reports.ScenarioName { n := b.name(r); return &n })
	t.Result = result
	var steps []step
	for _, row := range t.Rows {
		steps = append(steps, step{name: row.Name, text: row.Cells[0].Text, colour: row.Scenario.Line, to: row.Cells[0].Number.Value})
	}
	return figureView{ScenarioName: name, Words: words, option: b.ladder(words, d.Line, steps)}, t
}

// waterfall shows one scenario's difference.
func (b *briefing) waterfall(result int, d *analysis.Difference, caption string) (figureView, reports.Table) {
	first, own := b.name(0), b.name(result)
	total := d.After.Sub(d.Before)
	by := b.moved(d.Line, total) + b.unitOf(d.Line, " 万元", " (10k yuan)")
	words := b.T("与“"+first.Label+"”相差 "+by+"。", "Difference from “"+first.Label+"”: "+by+". ")
	steps := []step{{name: first.Label, text: b.shown(d.Line, d.Before), colour: first.Line, to: d.Before}}
	t := b.Contributions(d)
	t.Caption, t.Result = b.labels[result]+b.T("：", ": ")+caption, result
	whole := func(label string, x decimal.Decimal) reports.Row {
		return reports.Row{Name: label, Cells: []reports.Cell{{}, {}, {Text: b.shown(d.Line, x)}}, Total: true}
	}
	t.Rows = slices.Concat([]reports.Row{whole(first.Label, d.Before)}, t.Rows, []reports.Row{whole(own.Label, d.After)})
	now := d.Before
	var largest []string
	for i, p := range d.Parts {
		next, name := now.Add(p.Amount), p.Label.In(b.Lang)
		if p.Amount.IsZero() {
			continue
		}
		if len(largest) < 2 {
			largest = append(largest, name+" "+b.moved(d.Line, p.Amount))
		}
		if rest := len(d.Parts) - i; i == mostSteps && rest > 1 {
			name, next = b.T("其余 "+strconv.Itoa(rest)+" 处改动", "the other "+strconv.Itoa(rest)+" changes"), d.After
		}
		if i <= mostSteps {
			steps = append(steps, step{name: name, text: b.moved(d.Line, next.Sub(now)), colour: stepColour(next.Sub(now)), from: now, to: next})
		}
		now = next
	}
	steps = append(steps, step{name: own.Label, text: b.shown(d.Line, d.After), colour: own.Line, to: d.After})
	switch {
	case len(d.Parts) == 0:
		words += b.T("两个情景的输入相同。", "No input differs.")
	case len(largest) == 0:
		words += b.T("改动都不影响这个数。", "None of the changes matters here.")
	case len(d.Parts) > 2:
		words += b.T("最大的两处："+strings.Join(largest, "，")+"。", "The largest: "+strings.Join(largest, ", ")+".")
	default:
		words += strings.Join(largest, b.T("，", ", ")) + b.T("。", ".")
	}
	if d.Paths > 0 {
		words += b.T("", " ") + b.HowSure(d)
	}
	return figureView{ScenarioName: own, Words: words, option: b.ladder(words, d.Line, steps)}, t
}

// moved is a difference as people write it, with its sign.
func (b *briefing) moved(line string, d decimal.Decimal) string {
	return reports.Signed(d, b.shown(line, d))
}

// Steps up and down are told by their shade, and by the sign beside them: scenarios keep their colours.
func stepColour(d decimal.Decimal) string {
	if d.Sign() < 0 {
		return stackColours[2]
	}
	return stackColours[1]
}

// ladder draws steps one below the other, each a bar that hangs between its two values: a bar on one that cannot be seen. They are stacked whatever
// their sign, because a step may lie below zero or cross it.
func (b *briefing) ladder(words, line string, steps []step) map[string]any {
	format, places := "@wan", int32(reports.MoneyPlaces)
	if b.Book.Lines[b.Line(line)].Unit == formula.Ratio {
		format, places = "@percent", reports.RatioPlaces
	}
	names := make([]string, len(steps))
	under, bars := make([]opts.BarData, len(steps)), make([]opts.BarData, len(steps))
	for i, s := range steps {
		names[i] = s.name
		low := decimal.Min(s.from, s.to)
		under[i].Value = point(low, true, places)
		bars[i] = opts.BarData{Value: point(s.from.Sub(s.to).Abs(), true, places), ItemStyle: &opts.ItemStyle{Color: s.colour},
			Label: &opts.Label{Show: opts.Bool(true), Position: "right", Color: chartInk, FontSize: labelText, FontWeight: "bold", BackgroundColor: chartVeil, Formatter: s.text}}
	}
	c := charts.NewBar()
	c.SetGlobalOptions(b.frame(words, format, nil, nil, "110")...)
	c.SetGlobalOptions(
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(false)}), // the numbers stand beside the bars
		numbersAcross(format),
		namesDown(unique(names), 300),
	)
	c.AddSeries("under", under, charts.WithBarChartOpts(opts.BarChart{Stack: "steps", BarCategoryGap: "24%"}), charts.WithItemStyleOpts(opts.ItemStyle{Color: "transparent"}))
	c.AddSeries("step", bars, charts.WithBarChartOpts(opts.BarChart{Stack: "steps"}))
	c.GridList[0].Top, c.YAxisList[0].AxisLabel.Interval = "8", "0"
	e := rows()
	e.series = []series{{StackStrategy: "all", Silent: true}, {StackStrategy: "all", Silent: true}}
	return option(c, e)
}
