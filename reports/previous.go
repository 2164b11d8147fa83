package reports

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Previous is an earlier version of a plan's results, to say what has changed since.
type Previous struct {
	Name          string // of the file
	Version, Date string
	Hash          string
	Values        map[string]map[string]map[string]string // scenario → line → year → number, option or empty for a blank
	Labels        map[string]string                       // of lines, in the language of that version
}

// Has tells whether the earlier version had a scenario.
func (p *Previous) Has(scenario string) bool { return p.Values[scenario] != nil }

// Headline is a headline of the earlier version, over the years of this one; there is false where a year is missing or the figure blank.
func (p *Previous) Headline(run *Run, scenario string, h model.Headline) (d decimal.Decimal, there bool) {
	missing := false
	d, _, there = h.How.Figure(run.Book.Plan.Calendar, func(col int) (decimal.Decimal, bool) {
		text, ok := p.Values[scenario][h.Line][strconv.Itoa(run.Book.Plan.Calendar.First+col)]
		v, err := decimal.NewFromString(text)
		missing = missing || !ok
		return v, err == nil
	})
	return d, there && !missing
}

// InputChange is one input of one scenario that is not what it was, in years in which it moved alike.
type InputChange struct {
	Line     int
	From, To int    // years
	Was      string // a number or an option's key; empty if the earlier version had no such input
	IsNew    bool
}

// InputChanges lists what is different in a scenario.
func (r *Run) InputChanges(result int) (changes []InputChange) {
	values := r.Previous.Values[r.Results[result].Scenario.ID]
	cal := r.Book.Plan.Calendar
	for i, l := range r.Book.Lines {
		if l.Input == formula.NotInput {
			continue
		}
		c := r.Book.Program.Lines[i]
		first := c.First()
		if l.Input == formula.Scalar {
			first = cal.Zero() + 1
		}
		var open *InputChange
		for col := first; col <= c.Last(cal); col++ {
			year := cal.First + col
			now := r.Value(result, i, year)
			if l.Unit == formula.Choice {
				now = r.Results[result].Values.Option(i)
			}
			was, known := values[l.Address()][strconv.Itoa(year)]
			if known && was == now || !known && len(values[l.Address()]) > 0 { // years that the earlier version did not have are no change
				open = nil
				continue
			}
			if open != nil && open.Was == was && r.Value(result, i, open.To) == r.Value(result, i, year) {
				open.To = year
				continue
			}
			changes = append(changes, InputChange{i, year, year, was, !known})
			open = &changes[len(changes)-1]
		}
	}
	return changes
}

// Without gives a result's headlines with one input as it was; the model is run again, with that alone different.
func (r *Run) Without(result int, c InputChange, headlines []model.Headline) ([]decimal.Decimal, error) {
	scenario, cal := r.Scenario(result), r.Book.Plan.Calendar
	inputs := r.Book.Inputs(scenario)
	in := inputs[c.Line]
	if r.Book.Lines[c.Line].Unit == formula.Choice {
		in.Option = c.Was
	} else {
		d, err := decimal.NewFromString(c.Was)
		if err != nil {
			return nil, err
		}
		byYear := make([]decimal.Decimal, cal.Columns())
		for col := range byYear {
			byYear[col] = in.At(col)
			if year := cal.First + col; year >= c.From && year <= c.To || r.Book.Lines[c.Line].Input == formula.Scalar {
				byYear[col] = d
			}
		}
		in = formula.Input{ByYear: byYear}
	}
	inputs[c.Line] = in
	wanted := make([]int, len(headlines))
	for i, h := range headlines {
		wanted[i] = r.Line(h.Line)
	}
	values, errs := r.Book.Program.Rerun([]int{c.Line}, wanted).Evaluate(r.Results[result].Values, inputs)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	then := *r
	then.Results = []*model.Result{{Scenario: r.Results[result].Scenario, Values: values}}
	figures := make([]decimal.Decimal, len(headlines))
	for i, h := range headlines {
		d, there := then.Headline(0, h)
		if !there {
			return nil, fmt.Errorf("%s is blank", h.Line)
		}
		figures[i] = d
	}
	return figures, nil
}
