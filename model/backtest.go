package model

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// GrowthMethods are the ways to forecast an item from its history that a backtest compares; given is no growth at all.
var GrowthMethods = []string{"given", "mean", "cagr", "trend"}

// Forecast is one year of an item's history, forecast from the years before it.
type Forecast struct {
	Year             int
	Growth, Actual   decimal.Decimal // growth rates
	Amount, Happened decimal.Decimal // 万元
}

// leastYears is how many actual years a derived growth rate needs.
const leastYears = 3

// Backtest forecasts every year of a revenue item that has enough years before it, by one method: the rules of the book, run as if the plan began in that
// year. A year that cannot be forecast (a history that is not above 0) is left out.
func (b *Book) Backtest(e *Element, method string) (all []Forecast) {
	cal := b.Plan.Calendar
	history := e.Params["history"]
	if history == nil || e.Section != "revenue" {
		return nil
	}
	for actual := cal.First + leastYears - 1; actual < cal.Actual; actual++ {
		then := formula.Calendar{First: cal.First, Actual: actual, Last: actual + 1}
		growth, amount, ok := forecast(e, method, then)
		before, happened := history.Values[0].At(then.Zero()), history.Values[0].At(then.Zero()+1)
		if !ok || before.IsZero() {
			continue
		}
		all = append(all, Forecast{Year: actual + 1, Growth: growth, Amount: amount, Happened: happened,
			Actual: happened.DivRound(before, 20).Sub(decimal.NewFromInt(1))})
	}
	return all
}

// forecast runs the rules of one item over an earlier calendar.
func forecast(e *Element, method string, then formula.Calendar) (growth, amount decimal.Decimal, ok bool) {
	item := *e
	item.Params = maps.Clone(e.Params)
	set := func(key string, in formula.Input) {
		if p := e.Params[key]; p != nil {
			one := *p
			one.Values, one.Given = []formula.Input{in}, []bool{true}
			item.Params[key] = &one
		}
	}
	for key, p := range e.Params {
		set(key, p.Values[0])
	}
	for _, key := range []string{"growth", "step", "one_off", "extra", "response"} {
		set(key, formula.Input{})
	}
	for _, l := range levels {
		set("levels."+l.Key, formula.Input{})
	}
	set("growth_method", formula.Input{Option: method})
	delete(item.Params, "path")
	b := &builder{plan: &Plan{Calendar: then, Elements: []*Element{&item}, Scenarios: make([]Scenario, 1)}, groups: map[string][]string{}, used: map[*Param]bool{}}
	if item.Params["growth"] == nil || item.Params["growth_method"] == nil {
		return growth, amount, false
	}
	b.of(&item)
	b.revenueInputs(&item)
	b.revenueLevel(&item)
	declared := make([]formula.Line, len(b.lines))
	for i, l := range b.lines {
		declared[i] = l.Line
	}
	program, errs := formula.Compile(declared, b.groups, then)
	if len(errs) > 0 {
		return growth, amount, false
	}
	inputs := make([]formula.Input, len(declared))
	for i, values := range b.values {
		inputs[i] = values[0]
	}
	values, _ := program.Evaluate(inputs)
	growth, _, ok = values.At(program.Index(item.Address()+".growth"), then.Zero()+1)
	amount, _, there := values.At(program.Index(item.Address()+".base"), then.Zero()+1)
	return growth, amount, ok && there
}

// OwnMethod is the method by which an item's own forecast errors are measured: the plan's, or the mean where the plan gives the growth.
func OwnMethod(e *Element) string {
	if p := e.Params["growth_method"]; p != nil && slices.Contains([]string{"mean", "cagr", "trend"}, p.Values[0].Option) {
		return p.Values[0].Option
	}
	return "mean"
}

// ForecastErrors are the errors of an item's growth, actual less forecast, by its own method.
func (b *Book) ForecastErrors(e *Element) (errors []float64) {
	for _, f := range b.Backtest(e, OwnMethod(e)) {
		errors = append(errors, f.Actual.Sub(f.Growth).InexactFloat64())
	}
	return errors
}
