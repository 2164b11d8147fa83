// Package reports turns results into files people read: the workbook and the briefing page. It knows lines and results, no rules.
package reports

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// Run is what one call of the program computed, and how it is to be shown.
type Run struct {
	Book    *model.Book
	Results []*model.Result // of the chosen scenarios, in the order to show them; the first is what the others are compared with
	Lang    formula.Lang
	Date    string // printed on every output; from the plan or --date, never from the clock

	Incentives  []*analysis.Incentive  // by result: what its clauses do at the margin; nil where not analysed
	Differences []*analysis.Difference // by result: why it differs from the first; nil where not computed
	Risk        *Risk                  // what may turn out otherwise; nil where the plan says nothing of it
	Previous    *Previous              // an earlier version to compare with; nil if none was given
}

// Difference says why a result differs from the first; nil where that was not computed.
func (r *Run) Difference(result int) *analysis.Difference {
	if result < len(r.Differences) {
		return r.Differences[result]
	}
	return nil
}

// T picks a text in the run's language.
func (r *Run) T(zh, en string) string { return formula.Text{ZH: zh, EN: en}.In(r.Lang) }

// Line is the place of a line in the book; -1 if the book has none of that name.
func (r *Run) Line(name string) int { return r.Book.Line(name) }

// Label is a line's own label, unique within its element.
func (r *Run) Label(line int) string {
	l := r.Book.Lines[line]
	if s := l.Label.In(r.Lang); s != "" {
		return s
	}
	return l.Address()
}

// FullLabel is a line's label with its element's: 超收分成·应得.
func (r *Run) FullLabel(line int) string {
	l := r.Book.Lines[line]
	if l.Label.ZH == "" {
		return l.Address()
	}
	return l.Full().In(r.Lang)
}

// ElementLabel is what an element is called; its address if the plan gives it no label.
func (r *Run) ElementLabel(e *model.Element) string {
	if s := e.Text().In(r.Lang); s != "" {
		return s
	}
	for _, s := range model.Schema() {
		if s.Key == e.Section && s.Single {
			return s.Label.In(r.Lang)
		}
	}
	return e.Address()
}

// ScenarioLabel is what a scenario is called; its id if the plan gives it no label.
func (r *Run) ScenarioLabel(s model.Scenario) string {
	if label := s.Text().In(r.Lang); label != "" {
		return label
	}
	return s.ID
}

// Scenario is the place of a result's scenario in the plan, which is where every parameter keeps its values.
func (r *Run) Scenario(result int) int {
	id := r.Results[result].Scenario.ID
	return slices.IndexFunc(r.Book.Plan.Scenarios, func(s model.Scenario) bool { return s.ID == id })
}

// Option is the label of a choice's option.
func (r *Run) Option(line int, option string) string {
	if p := r.Book.Lines[line].Param; p != nil && p.Field != nil {
		for _, o := range p.Field.Options {
			if o.Key == option && o.Label.ZH != "" {
				return o.Label.In(r.Lang)
			}
		}
	}
	return option
}

// Value is a number of a result as plain decimal text (amounts exactly, ratios to 12 places): empty where the line has no value in that year or a blank one.
// A choice gives the option's label.
func (r *Run) Value(result, line, year int) string {
	v := r.Results[result].Values
	if r.Book.Lines[line].Unit == formula.Choice {
		return r.Option(line, v.Option(line))
	}
	d, blank, there := v.At(line, r.Book.Plan.Calendar.Col(year))
	if !there || blank {
		return ""
	}
	return Plain(d, r.Book.Lines[line].Unit)
}

// Status is the plan's status in the run's language: a draft, or submitted.
func (r *Run) Status() string {
	switch s := r.Book.Plan.Status; s {
	case "草案":
		return r.T(s, "draft")
	case "报送":
		return r.T(s, "submitted")
	default:
		return s
	}
}

// Years are the plan years, without history.
func (r *Run) Years() (years []int) {
	for y := r.Book.Plan.Calendar.Actual + 1; y <= r.Book.Plan.Calendar.Last; y++ {
		years = append(years, y)
	}
	return years
}

// Illustrative lists the addresses of the figures that the plan itself calls illustrative (grade D); see Plan.Graded.
func (r *Run) Illustrative() (addresses []string) { return r.Book.Plan.Graded()["D"] }

// Banner says that the run contains illustrative figures, and how many; empty if it does not.
func (r *Run) Banner() string {
	n := len(r.Illustrative())
	if n == 0 {
		return ""
	}
	return r.T("含示例数据："+strconv.Itoa(n)+" 项输入为示例，结果不代表实际",
		"Contains illustrative data: "+strconv.Itoa(n)+" inputs are made up, results are not actual figures")
}

// Number is a result's value in a column; there is false where it has none or a blank one.
func (r *Run) Number(result, line, col int) (d decimal.Decimal, there bool) {
	d, blank, there := r.Results[result].Values.At(line, col)
	return d, there && !blank
}

// OverYears is a line's plan years as one figure of a result, and the column it stands in; there is false where it is blank.
func (r *Run) OverYears(result, line int, how formula.Over) (d decimal.Decimal, col int, there bool) {
	return r.Book.FigureAt(r.Results[result].Values, line, how)
}

// Total is a line's sum over the plan years of a result.
func (r *Run) Total(result, line int) decimal.Decimal {
	d, _, _ := r.OverYears(result, line, formula.Total)
	return d
}
