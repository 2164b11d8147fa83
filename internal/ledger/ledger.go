// Package ledger computes a plan a second time, as an auditor would: from the plan file and from what the documents say each number means
// (model.md, README, DECISIONS, CONVENTION.md), in plain steps from year to year. It was written without reading the rule book and shares
// no code with it, so that a fault of one is not a fault of the other. Tests hold the two against each other, to the fen; no product imports it.
//
// A comment names the document that a step comes from: M is model.md, R README.md, D DECISIONS.md, C CONVENTION.md, S the plan files' schema.
package ledger

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

type dec = decimal.Decimal

// Figure is one amount of the ledger, in 万元, or one ratio, count or flag (1 and 0).
type Figure struct {
	Value dec
	Blank bool // a ratio with a denominator of 0 (M Indicators: blank, not an error)
}

// Ledger is one scenario of a plan, year by year.
type Ledger struct {
	plan                 *node
	oldest, first, last  int // first history year, first and last plan year
	figures              map[string]map[int]Figure
	working              map[string]bool // lines being worked out, to find circles
	items, clauses, debt []string
}

// failure is what stops a ledger: a number that the plan does not give, a formula that cannot be read.
type failure struct{ text string }

func fail(format string, args ...any) { panic(failure{fmt.Sprintf(format, args...)}) }

// Compute works out one scenario of a plan; an id that the plan does not have stands for the plan without layers.
func Compute(p *Plan, scenario string) (l *Ledger, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			l, err = nil, fmt.Errorf("%s: %s", scenario, r.text)
		default:
			panic(r)
		}
	}()
	l = &Ledger{plan: p.layered(scenario), figures: map[string]map[int]Figure{}, working: map[string]bool{}}
	l.first, l.last = years(l.plan.at("years").text)
	l.oldest, _ = years(l.plan.at("history").text)
	l.items, l.clauses, l.debt = l.plan.at("revenue").names(), l.plan.at("transfers").names(), l.plan.at("debt").names()
	for year := l.oldest; year < l.first; year++ {
		l.pastRevenue(year)
	}
	l.openings()
	for year := l.first; year <= l.last; year++ {
		l.revenue(year)
		l.staff(year)
		l.transfers(year)
		l.spending(year)
		l.debts(year)
		l.projects(year)
		l.payments(year)
		l.county(year)
		l.indicators(year)
	}
	return l, nil
}

// At is a figure, if the ledger has it.
func (l *Ledger) At(line string, year int) (Figure, bool) {
	f, there := l.figures[line][year]
	return f, there
}

func (l *Ledger) set(line string, year int, value dec) dec {
	if l.figures[line] == nil {
		l.figures[line] = map[int]Figure{}
	}
	l.figures[line][year] = Figure{Value: value}
	return value
}

// ratio enters a / b, blank if b is 0 (C Absence).
func (l *Ledger) ratio(line string, year int, a, b dec) {
	if b.IsZero() {
		l.set(line, year, zero)
		l.figures[line][year] = Figure{Blank: true}
		return
	}
	l.set(line, year, over(a, b))
}

func (l *Ledger) has(line string, year int) bool {
	_, there := l.figures[line][year]
	return there
}

// get is a figure that must be there: absent is not 0 (M Conventions). A line of a transfer that is not worked out yet is worked out now.
func (l *Ledger) get(line string, year int) dec {
	if f, there := l.figures[line][year]; there {
		return f.Value
	}
	if parts := strings.Split(line, "."); parts[0] == "transfers" && len(parts) > 2 && year >= l.first && year <= l.last {
		l.transfer(parts[1], strings.Join(parts[2:], "."), year)
	}
	f, there := l.figures[line][year]
	if !there {
		fail("%s has no figure in %d", line, year)
	}
	return f.Value
}

// had is a figure of an earlier year, 0 if the ledger has none: for stocks and flows of years in which there was nothing.
func (l *Ledger) had(line string, year int) dec { return l.figures[line][year].Value }

// total enters the sum of a line over elements: of every revenue item, of every transfer.
func (l *Ledger) total(line string, year int, section string, ids []string, part string) {
	sum := zero
	for _, id := range ids {
		sum = sum.Add(l.get(section+"."+id+"."+part, year))
	}
	l.set(line, year, sum)
}
