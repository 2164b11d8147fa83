package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zhencai/model/formula"
)

// canFail are the words that may fail on figures of the past that no plan year reads.
var canFail = []string{"/", "sum_years", "sum", "ratio", "round_to", "annuity", "power", "ln", "sqrt", "root", "exp"}

// knownSince is the first column in which a formula over the town's lines can be read in history years; -1 if not even in year 0, or if it might
// fail there.
func (b *builder) knownSince(text string) int {
	n, err := formula.Parse(text)
	if err != nil || mayFail(n) {
		return -1
	}
	if col := b.begins("", n, 0); col <= b.plan.Calendar.Zero() {
		return col
	}
	return -1
}

func mayFail(n *formula.Node) bool {
	return slices.Contains(canFail, n.Op) || slices.ContainsFunc(n.Args, mayFail)
}

// begins is the first column in which a formula of a scope has a value; one behind all columns if it has none in history.
func (b *builder) begins(scope string, n *formula.Node, shift int) (first int) {
	switch n.Op {
	case "initial", "is", "sum", "sum_years":
		return 0
	case "prev":
		shift++
	case "name":
		if slices.Contains(formula.Reserved(), n.Text) {
			return 0
		}
		for {
			if i := slices.IndexFunc(b.lines, func(l *Line) bool { return l.Name == join(scope, n.Text) }); i >= 0 {
				if b.lines[i].ZeroBefore { // it may read itself
					return 0
				}
				return b.begun(b.lines[i]) + shift
			}
			if scope == "" {
				return b.plan.Calendar.Columns()
			}
			scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
		}
	}
	for _, a := range n.Args {
		first = max(first, b.begins(scope, a, shift))
	}
	return first
}

// begun is the first column in which a line has a value.
func (b *builder) begun(l *Line) int {
	zero := b.plan.Calendar.Zero()
	switch {
	case l.Input == formula.History:
		return 0
	case l.Past:
		n, err := formula.Parse(l.Opening)
		if err != nil {
			return zero
		}
		return min(b.begins(l.Name[:max(strings.LastIndexByte(l.Name, '.'), 0)], n, 0), zero)
	case l.Input == formula.Scalar, l.Opening != "":
		return zero
	}
	return b.plan.Calendar.Columns()
}

// unknownPast warns of years before the plan that a clause remembers and nothing tells.
func (b *builder) unknownPast(e *Element, scenario int, what Text, from, to int64, remedy Text) {
	b.warn("past_unknown", e.Params["term.from"].At(scenario), formula.Textf("%s 从 %d 年开始，%s（%s 年）无从得知，按没有算（情景 %s）", "%s began in %d: %s (%s) cannot be known and counts as none (scenario %s)",
		e.Text(), e.Params["term.from"].Values[scenario].Same.IntPart(), what, span(from, to), b.plan.Scenarios[scenario].ID), remedy)
}

func span(from, to int64) string {
	if from == to {
		return strconv.FormatInt(from, 10)
	}
	return fmt.Sprintf("%d-%d", from, to)
}
