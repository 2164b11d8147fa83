package page

import (
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// slider is a term that a listener may move in the page: the same as an override on the command line, which the page names beside it.
type slider struct {
	ID    int      `json:"-"`
	Label string   `json:"label"`
	Unit  string   `json:"unit"`
	Adds  bool     `json:"adds"`  // what it shows is added to what the scenario has; otherwise replaces it
	Rate  bool     `json:"rate"`  // it shows per cent
	Lines []int    `json:"lines"` // the inputs it moves
	From  string   `json:"from"`
	To    string   `json:"to"`
	Step  string   `json:"step"`
	At    []string `json:"at"` // by result, what the scenario has; empty where that differs by year or clause
	Set   []string `json:"set"`
}

// tried is a row of the what-if table: a line and how its years become one figure.
type tried struct {
	Label string       `json:"-"`
	Group string       `json:"-"` // stands above its first row
	Line  int          `json:"line"`
	Over  formula.Over `json:"over"`
	Rate  bool         `json:"rate"`
	Level int          `json:"level"` // the line of its colour; -1 if it has none
}

// sliders are the terms that people argue about: the share, the subsidy, whether the county pays, and how revenue grows.
func (b *briefing) sliders() (all []slider) {
	add := func(s slider) {
		if len(s.Lines) == 0 {
			return
		}
		s.ID = len(all)
		for r := range b.Results {
			s.At = append(s.At, b.uniform(r, s))
		}
		all = append(all, s)
	}
	_, clauses := b.clauses()
	for _, e := range clauses {
		switch e.Kind {
		case "above_base":
			b.addRates(e, add)
		case "fixed":
			if line := b.paramLine(e, "amount"); line >= 0 {
				to := b.roundAbove(line)
				add(slider{Label: b.ElementLabel(e) + b.T("：每年（万元）", ": each year (10k yuan)"), Unit: b.T(" 万元", " × 10k yuan"), Lines: []int{line}, From: "0", To: to.String(),
					Step: to.Div(decimal.NewFromInt(100)).String(), Set: []string{e.Address() + ".amount"}})
			}
		}
	}
	delivered := slider{Label: b.T("激励资金兑现率", "Incentives: what part is paid"), Unit: "%", Rate: true, From: "0", To: "100", Step: "1"}
	for _, e := range clauses {
		if line := b.paramLine(e, "delivered"); line >= 0 {
			delivered.Lines = append(delivered.Lines, line)
			delivered.Set = append(delivered.Set, e.Address()+".delivered")
		}
	}
	add(delivered)
	growth := slider{Label: b.T("各项收入增长率：加减百分点", "Growth of every revenue item: points more or less"), Unit: b.T(" 个百分点", " points"), Adds: true, Rate: true, From: "-10", To: "10", Step: "0.5"}
	items := b.Book.Plan.In("revenue")
	for _, e := range items {
		if line := b.paramLine(e, "growth"); line >= 0 {
			growth.Lines = append(growth.Lines, line)
			growth.Set = append(growth.Set, e.Address()+".growth")
		}
	}
	if len(growth.Lines) == len(items) {
		growth.Set = []string{"revenue.*.growth"}
	}
	b.within(&growth, -1, 10)
	add(growth)
	return all
}

// within shortens a slider that adds, so that every value it moves stays between two bounds.
func (b *briefing) within(s *slider, low, high int64) {
	from, to := decimal.RequireFromString(s.From), decimal.RequireFromString(s.To)
	for _, line := range s.Lines {
		for r := range b.Results {
			for col := b.first; col <= b.last; col++ {
				if d, ok := b.Number(r, line, col); ok {
					from = decimal.Max(from, decimal.NewFromInt(low).Sub(d).Shift(2).Ceil())
					to = decimal.Min(to, decimal.NewFromInt(high).Sub(d).Shift(2).Floor())
				}
			}
		}
	}
	s.From, s.To = from.String(), to.String()
}

// addRates is a clause's share: one rate to be set, or several bands moved together.
func (b *briefing) addRates(e *model.Element, add func(slider)) {
	label := b.ElementLabel(e) + b.T("：分成比例", ": share")
	if e.Count["bands"] == 1 {
		if line := b.paramLine(e, "bands.1.rate"); line >= 0 {
			short := map[bool]string{true: ".rate", false: ".bands.1.rate"}[e.ShortForm["bands"]]
			add(slider{Label: label, Unit: "%", Rate: true, Lines: []int{line}, From: "0", To: "100", Step: "1", Set: []string{e.Address() + short}})
		}
		return
	}
	s := slider{Label: label + b.T("，各档加减百分点", ", points more or less on every band"), Unit: b.T(" 个百分点", " points"), Adds: true, Rate: true, From: "-20", To: "20", Step: "1",
		Set: []string{e.Address() + ".bands.*.rate"}}
	for i, l := range b.Book.Lines {
		if l.Element == e && l.Param != nil && strings.HasPrefix(l.Param.Key, "bands.") && strings.HasSuffix(l.Param.Key, ".rate") {
			s.Lines = append(s.Lines, i)
		}
	}
	b.within(&s, 0, 1)
	add(s)
}

// paramLine is the line of an element's parameter, if that is a number in this book; -1 otherwise.
func (b *briefing) paramLine(e *model.Element, key string) int {
	return slices.IndexFunc(b.Book.Lines, func(l *model.Line) bool {
		return l.Element == e && l.Param != nil && l.Param.Key == key && l.Unit != formula.Choice
	})
}

// roundAbove is a round number of at least twice what a line ever has, and 100 at the least.
func (b *briefing) roundAbove(line int) decimal.Decimal {
	most := decimal.NewFromInt(50)
	for r := range b.Results {
		for col := b.first; col <= b.last; col++ {
			if d, ok := b.Number(r, line, col); ok && d.GreaterThan(most) {
				most = d
			}
		}
	}
	hundred := decimal.NewFromInt(100)
	return most.Add(most).Div(hundred).Ceil().Mul(hundred)
}

// uniform is what a result has where the slider begins: the one value of its lines in all plan years, empty if there are several.
func (b *briefing) uniform(result int, s slider) string {
	if s.Adds {
		return "0"
	}
	value, _ := b.Number(result, s.Lines[0], b.first)
	for _, line := range s.Lines {
		for col := b.first; col <= b.last; col++ {
			if d, ok := b.Number(result, line, col); !ok || !d.Equal(value) {
				return ""
			}
		}
	}
	if s.Rate {
		value = value.Shift(2)
	}
	return value.String()
}

// tries are the headlines that the sliders move, of the town and of the county.
func (b *briefing) tries() (rows []tried) {
	town, county := b.T("镇", "The town"), b.T("县", "The county")
	for _, r := range []struct {
		group string
		h     model.Headline
	}{
		{town, model.Headline{Line: "incentive_due", How: formula.Total}}, {town, model.Headline{Line: "incentive_paid", How: formula.Total}}, {town, model.Headline{Line: "incentive_owed", How: formula.AtEnd}},
		{town, model.Headline{Line: "town_receives", How: formula.Total}}, {town, model.Headline{Line: "cash", How: formula.AtEnd}}, {town, model.Headline{Line: "gap", How: formula.Largest}},
		{town, model.Headline{Line: "arrears_total", How: formula.AtEnd}}, {town, model.Headline{Line: "arrears_with_uploads", How: formula.AtEnd}}, {town, model.Headline{Line: "debt", How: formula.AtEnd}}, {town, model.Headline{Line: "debt_ratio", How: formula.AtEnd}},
		{town, model.Headline{Line: "basic_coverage", How: formula.Smallest}},
		{county, model.Headline{Line: "county_keeps", How: formula.Total}}, {county, model.Headline{Line: "county_keeps_if_due", How: formula.Total}},
	} {
		if !b.has(r.h.Line) {
			continue
		}
		line := b.Line(r.h.Line)
		row := tried{Group: r.group, Label: b.HeadlineLabel(r.h), Line: line, Over: r.h.How, Rate: b.Book.Lines[line].Unit == formula.Ratio, Level: -1}
		if r.h.Line == "debt_ratio" {
			row.Level = b.Line("debt_level")
		}
		rows = append(rows, row)
	}
	for i := len(rows) - 1; i > 0; i-- {
		if rows[i].Group == rows[i-1].Group {
			rows[i].Group = ""
		}
	}
	return rows
}

// triedChart is the line that the what-if draws beside the scenario's own; engine.js computes both.
const triedChart = "arrears_total"

// tryOption is the chart of the what-if; its two curves are filled in the page.
func (b *briefing) tryOption() map[string]any {
	cols := b.columns(triedChart)
	words := b.T("滑动条改动前后的年末欠付。", "Unpaid bills at year end before and after the sliders' changes.")
	names := []string{b.T("情景原来", "the scenario"), b.T("改动之后", "as changed")}
	c := charts.NewLine()
	c.SetGlobalOptions(b.frame(words, "@wan", cols, names, "24")...)
	for i, style := range []struct{ colour, dash, symbol string }{{chartGrey, "dashed", "emptyCircle"}, {owedColour, "solid", "circle"}} {
		c.AddSeries(names[i], []opts.LineData{}, charts.WithLineChartOpts(opts.LineChart{Symbol: style.symbol, SymbolSize: 11, ShowSymbol: opts.Bool(true)}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: style.colour, Width: 4, Type: style.dash}), charts.WithItemStyleOpts(opts.ItemStyle{Color: style.colour}))
	}
	c.SetXAxis(b.axisYears(cols))
	return option(c, nil)
}
