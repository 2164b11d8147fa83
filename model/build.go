package model

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// write adds the whole book, section by section, as the agreement reads.
func (b *builder) write() {
	b.writeYields()
	b.writeRevenue()
	b.writeTransfers()
	b.writeResponse()
	b.writePeople()
	b.writePerformance()
	b.writeProjects()
	b.writeDebt()
	b.writePayments()
	b.writeCounty()
	b.writeIndicators()
	b.openingProblems()
}

// totals adds lines of the whole town: their names have no scope.
func (b *builder) totals(lines ...Line) {
	scope, rule, element := b.scope, b.rule, b.element
	b.in("", "", nil)
	for _, l := range lines {
		l.Total = true
		b.line(l)
	}
	b.in(scope, rule, element)
}

// check adds an identity: a line that must be 0 in every plan year.
func (b *builder) check(name, f string, label Text, example string) {
	b.line(Line{Line: formula.Line{Name: name, Unit: formula.Money, Formula: f}, Label: label, Example: example, Check: true})
}

// constant adds an input that no plan gives and no scenario changes.
func (b *builder) constant(name string, unit formula.Unit, label Text, value decimal.Decimal) {
	values := make([]formula.Input, len(b.plan.Scenarios))
	for s := range values {
		values[s] = formula.Input{Same: value}
	}
	scope, rule, element := b.scope, b.rule, b.element
	b.in("", "constants", element)
	b.given(Line{Line: formula.Line{Name: name, Unit: unit, Input: formula.Scalar}, Label: label, Detail: true, Constant: true}, values)
	b.in(scope, rule, element)
}

// group makes sure a group exists, so that a sum over it may be empty.
func (b *builder) group(name string) {
	if _, there := b.groups[name]; !there {
		b.groups[name] = nil
	}
}

// unread warns of what the plan gives and no formula reads: a key that belongs to another kind or method.
func (b *builder) unread(names []string) {
	idle := map[*Param]bool{}
	for _, l := range b.lines {
		if l.Param != nil && slices.Contains(names, l.Name) {
			idle[l.Param] = true
		}
	}
	for _, e := range b.plan.Elements {
		for _, key := range slices.Sorted(maps.Keys(e.Params)) {
			p := e.Params[key]
			if slices.Contains(p.Given, true) && (idle[p] || !b.used[p]) && p.Any(Nonzero) {
				b.warn("input_unread", p.Pos, formula.Textf("没有任何公式用到 %s.%s（%s）", "no formula reads %s.%s (%s)", e.Address(), key, p.Field.Label),
					Text{ZH: "它在这种写法下不起作用，删去或改写", EN: "it has no effect here: delete it, or change what goes with it"})
			}
		}
	}
}

// GivenIn tells in which scenarios a parameter is given: in some, in all.
func (p *Param) GivenIn() (some, all bool) {
	if p == nil {
		return false, false
	}
	return slices.Contains(p.Given, true), !slices.Contains(p.Given, false)
}

// choices is an input that says, by scenario, whether this parameter is given.
func (p *Param) choices(no, yes string) []formula.Input {
	values := make([]formula.Input, len(p.Given))
	for s, given := range p.Given {
		values[s].Option = no
		if given {
			values[s].Option = yes
		}
	}
	return values
}

// At is where a scenario's value of the parameter was written.
func (p *Param) At(scenario int) Pos {
	if scenario < len(p.SetAt) && p.SetAt[scenario] != (Pos{}) {
		return p.SetAt[scenario]
	}
	return p.Pos
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// example keeps a worked example where it belongs to the formula as it stands.
func example(applies bool, text string) string {
	if applies {
		return text
	}
	return ""
}

// Full is a line's label with that of the element it belongs to.
func (l *Line) Full() Text {
	if l.Element == nil || l.Element.ID == "" {
		return l.Label
	}
	e := l.Element.Text()
	if e.EN == "" {
		e.EN = e.ZH
	}
	return Text{ZH: e.ZH + "·" + l.Label.ZH, EN: e.EN + ": " + l.Label.In(formula.EN)}
}

// planYears are an input's numbers in the plan years.
func (p *Plan) planYears(in formula.Input) (ds []decimal.Decimal) {
	for col := p.Calendar.Zero() + 1; col < p.Calendar.Columns(); col++ {
		ds = append(ds, in.At(col))
	}
	return ds
}

// Varies: is the input not the same in all plan years?
func (p *Plan) Varies(in formula.Input) bool {
	ds := p.planYears(in)
	return slices.ContainsFunc(ds, func(d decimal.Decimal) bool { return !d.Equal(ds[0]) })
}
