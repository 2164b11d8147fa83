package model

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// BaseRule is another base for a clause: the overrides with which a user would ask for it. The clause's other terms stay.
type BaseRule struct {
	Clause string // its address
	ID     string
	Label  Text
	Set    []string
}

// BaseTrial is what a clause comes to under a base rule, on the revenue of one scenario.
type BaseTrial struct {
	Rule      BaseRule
	Clause    *Element
	Due, Paid decimal.Decimal // over the plan years
	Lasting   *Retention      // of 1 万元 more a year of what counts for the clause, from the first plan year on
	Gain      Gain            // the clause's own part of it, per 万元
}

// BaseRules are the rules under which every clause with a base is compared, in one scenario of the plan; the first is the clause as it is.
func BaseRules(plan *Plan, scenario int) (rules []BaseRule) {
	history := plan.Calendar.Zero() + 1
	for _, e := range plan.In("transfers") {
		rule := e.Params["base.rule"]
		if rule == nil {
			continue
		}
		address := e.Address()
		add := func(id string, label Text, set ...string) {
			rules = append(rules, BaseRule{address, id, label, set})
		}
		base := func(id string, label Text, value string) {
			set := []string{address + ".base=" + value}
			if resets, _ := e.Params["base_reset_every"].given(); resets {
				set = append(set, address+".base_reset_every=30") // longer than any plan: the rule alone decides
			}
			add(id, label, set...)
		}
		n := min(5, history)
		mean := fmt.Sprintf("{mean: %d}", n)
		add("given", Text{ZH: "按方案", EN: "as given"})
		base(fmt.Sprintf("mean_%d", n), formula.Textf("前%d年平均", "mean of %d years", n), mean)
		base("last_actual", formula.Textf("%d年实绩", "actual of %d", plan.Calendar.Actual), fmt.Sprintf("{year: %d}", plan.Calendar.Actual))
		base("previous", Text{ZH: "上年实绩", EN: "previous year"}, "previous")
		for n := 2; n <= min(3, history); n++ {
			base(fmt.Sprintf("rolling_%d", n), formula.Textf("滚动%d年平均", "rolling %d years", n), fmt.Sprintf("{rolling: %d}", n))
		}
		for n := 2; n <= 3; n++ {
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
func (b *Book) TryBases(rules []BaseRule, first int) (trials []*BaseTrial, problems []Problem) {
	for k, rule := range rules {
		result, more := b.Run(first + k)
		problems = append(problems, more...)
		if slices.ContainsFunc(more, func(p Problem) bool { return !p.Warning }) {
			continue
		}
		t := b.trial(result)
		t.measure()
		for i, c := range t.clauses {
			if c.element.Address() != rule.Clause {
				continue
			}
			r := t.retention(nil, t.first, true, t.spread(t.ones(t.first, t.last), c))
			trials = append(trials, &BaseTrial{rule, c.element, t.total(t.was, c.due), t.total(t.was, c.paid), r, r.Rate(r.Clauses[i])})
		}
		problems = append(problems, t.problems()...)
	}
	return trials, problems
}
