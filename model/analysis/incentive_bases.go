package analysis

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// BaseRule is another base for a clause: the overrides with which a user would ask for it. The clause's other terms stay.
type BaseRule struct {
	Clause string // its address
	ID     string
	Label  model.Text
	Set    []string
}

// BaseTrial is what a clause comes to under a base rule, on the revenue of one scenario.
type BaseTrial struct {
	Rule      BaseRule
	Clause    *model.Element
	Due, Paid decimal.Decimal // over the plan years
	Lasting   *Retention      // of 1 万元 more a year of what counts for the clause, from the first plan year on
	Gain      Gain            // the clause's own part of it, per 万元
}

// BaseRules are the rules under which every clause with a base is compared, in one scenario of the plan; the first is the clause as it is.
func BaseRules(plan *model.Plan, scenario int) (rules []BaseRule) {
	history := plan.Calendar.Zero() + 1
	for _, e := range plan.In("transfers") {
		rule := e.Params["base.rule"]
		if rule == nil {
			continue
		}
		address := e.Address()
		add := func(id string, label model.Text, set ...string) {
			rules = append(rules, BaseRule{address, id, label, set})
		}
		base := func(id string, label model.Text, value string) {
			set := []string{address + ".base=" + value}
			if resets, _ := e.Params["base_reset_every"].GivenIn(); resets {
				set = append(set, address+".base_reset_every=0") // the rule alone decides
			}
			add(id, label, set...)
		}
		n := min(5, history)
		mean := fmt.Sprintf("{mean: %d}", n)
		add("given", model.Text{ZH: "按方案", EN: "as given"})
		base(fmt.Sprintf("mean_%d", n), formula.Textf("前%d年平均", "mean of %d years", n), mean)
		base("last_actual", formula.Textf("%d年实绩", "actual of %d", plan.Calendar.Actual), fmt.Sprintf("{year: %d}", plan.Calendar.Actual))
		base("previous", model.Text{ZH: "上年实绩", EN: "previous year"}, "previous")
		for n := 2; n <= min(3, history); n++ {
			base(fmt.Sprintf("rolling_%d", n), formula.Textf("滚动%d年平均", "rolling %d years", n), fmt.Sprintf("{rolling: %d}", n))
		}
		for n := 2; n <= 3 && !plan.ScopeMoves(e); n++ { // a scope that changes over the years cannot have its base reset
			if _, known := plan.ResetKnown(e, scenario, int64(n)); !known {
				continue
			}
			set := []string{fmt.Sprintf("%s.base_reset_every=%d", address, n)}
			if option := rule.Values[scenario].Option; option == "previous" || option == "rolling" {
				set = append(set, address+".base="+mean) // what is reset must stand still in between
			}
			add(fmt.Sprintf("reset_%d", n), formula.Textf("%d年一定", "reset every %d years", n), set...)
		}
	}
	return rules
}

// TryBases runs the clauses under other base rules. The book is one in which rule k is scenario first+k.
func TryBases(b *model.Book, rules []BaseRule, first int) (trials []*BaseTrial, problems []model.Problem) {
	if len(rules) == 0 {
		return nil, nil
	}
	result, problems := b.Run(first)
	if slices.ContainsFunc(problems, func(p model.Problem) bool { return !p.Warning }) {
		return nil, problems
	}
	given := trialOf(b, result) // what counts does not depend on the base
	given.probe()
	for k, rule := range rules {
		t, err := given.under(first + k)
		if err != nil {
			return nil, given.problem(err)
		}
		for i, c := range t.clauses {
			if c.element.Address() == rule.Clause {
				r := t.retention(nil, t.first, true, t.spread(t.ones(t.first, t.last), c))
				trials = append(trials, &BaseTrial{rule, c.element, t.total(t.was, c.due), t.total(t.was, c.paid), r, r.Rate(r.Clauses[i])})
			}
		}
		if t.err != nil {
			return nil, t.problem(t.err)
		}
	}
	return trials, nil
}

// under is the trial of another scenario of the book, of which only what a trial reads is computed.
func (t *trial) under(scenario int) (*trial, *formula.Error) {
	other, err := t.given(t.book.Inputs(scenario))
	if err == nil {
		other.scenario = scenario
	}
	return other, err
}

// given is the trial with other inputs.
func (t *trial) given(inputs []formula.Input) (*trial, *formula.Error) {
	var changed []int
	for i, in := range inputs {
		if !reflect.DeepEqual(in, t.inputs[i]) {
			changed = append(changed, i)
		}
	}
	v, errs := t.book.Program.Rerun(changed, t.wanted).Evaluate(t.was, inputs)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	other := *t
	other.inputs, other.tried, other.was, other.now = inputs, slices.Clone(inputs), v, v.Clone()
	return &other, nil
}
