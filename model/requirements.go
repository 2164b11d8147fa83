package model

import (
	"zhencai/model/formula"
)

// requirement is what a plan's figures must fulfil, as a line of the book that is 1 in a year in which they do not. One declaration serves all readers: the
// engine refuses such a plan, the workbook's light turns red, and the page has no result.
type requirement struct {
	line string
	says func(scenario, year int) Problem
}

// require adds a requirement to the current scope: broken is a condition over the lines, label what must hold. says is the problem of a plan that breaks it.
func (b *builder) require(name, broken string, label Text, example string, says func(scenario, year int) Problem) {
	b.line(Line{Line: formula.Line{Name: name, Unit: formula.Flag, Formula: broken}, Label: label, Example: example, Detail: true, Check: true, Refuses: true})
	if says != nil {
		b.required = append(b.required, requirement{b.lines[len(b.lines)-1].Name, says})
	}
}

// refused are the requirements that a plan breaks, each once: in the first scenario and year in which it does.
func (b *builder) refused(book *Book) (problems []Problem) {
	var wanted []int
	for _, r := range b.required {
		wanted = append(wanted, book.Program.Index(r.line))
	}
	values := make([]*formula.Values, len(b.plan.Scenarios))
	for s := range values {
		values[s] = book.Program.EvaluateOnly(book.inputs[s], wanted)
	}
	for _, r := range b.required {
		if s, year, broken := b.broken(values, book.Program.Index(r.line)); broken {
			problems = append(problems, r.says(s, year))
		}
	}
	return problems
}

// broken finds the first scenario and year in which a requirement's line is not 0. Where it could not be computed the failure is reported by Run.
func (b *builder) broken(values []*formula.Values, line int) (scenario, year int, broken bool) {
	cal := b.plan.Calendar
	for s, v := range values {
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			if d, _, _ := v.At(line, col); !d.IsZero() {
				return s, cal.First + col, true
			}
		}
	}
	return 0, 0, false
}
