package model

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// BreakEven is how a clause turns out for the county, by how much of the growth is owed to it. The plan's revenue is taken as what comes without
// the incentive; with a share a of the growth above the base truly additional, revenue in each year of the term is higher by a/(1-a) × the
// plan's excess. The county's result is what it keeps then, less what it keeps without that revenue and without the clause.
type BreakEven struct {
	Clause    *Element
	Due, Paid *Additional     // the least share from which the county is no worse, as due and as paid; nil if there is none
	Curve     []CountyOutcome // for shares of 0, 10 %, … 90 %
}

// Additional is a share of the growth above a base, and the revenue it stands for over the plan years.
type Additional struct{ Share, Revenue decimal.Decimal }

// CountyOutcome is what the county gains or loses over the plan years at a share of additional growth.
type CountyOutcome struct{ Share, Due, Paid decimal.Decimal }

const sharePlaces = 6

func (t *trial) breakEven(c *clauseLines) *BreakEven {
	e := &BreakEven{Clause: c.element}
	due, paid := t.without(c)
	seen := map[int64]CountyOutcome{}
	outcome := func(millionths int64) CountyOutcome {
		o, known := seen[millionths]
		if !known {
			o.Share = decimal.New(millionths, -sharePlaces)
			v := t.with(t.spread(t.additional(c, o.Share), c))
			o.Due, o.Paid = t.total(v, t.countyIfDue).Sub(due), t.total(v, t.county).Sub(paid)
			seen[millionths] = o
		}
		return o
	}
	const whole = 1_000_000
	for tenth := int64(0); tenth < 10; tenth++ {
		e.Curve = append(e.Curve, outcome(tenth*whole/10))
	}
	least := func(side func(CountyOutcome) decimal.Decimal) *Additional {
		good := func(millionths int64) bool { return side(outcome(millionths)).Sign() >= 0 }
		low, high := int64(-1), int64(whole-1)
		for tenth := range e.Curve { // the first tenth that is good narrows the search
			if m := int64(tenth) * whole / 10; good(m) {
				high = m
				break
			} else {
				low = m
			}
		}
		if !good(high) {
			return nil
		}
		for high-low > 1 {
			if mid := low + (high-low)/2; good(mid) {
				high = mid
			} else {
				low = mid
			}
		}
		share := decimal.New(high, -sharePlaces)
		var sum decimal.Decimal
		for _, row := range t.spread(t.additional(c, share), c) {
			for _, d := range row {
				sum = sum.Add(d)
			}
		}
		return &Additional{share, sum}
	}
	e.Due = least(func(o CountyOutcome) decimal.Decimal { return o.Due })
	e.Paid = least(func(o CountyOutcome) decimal.Decimal { return o.Paid })
	return e
}

// additional is the revenue that comes on top, by column, if this share of the growth above the base is owed to the incentive.
func (t *trial) additional(c *clauseLines, share decimal.Decimal) []decimal.Decimal {
	rows := make([]decimal.Decimal, t.last+1)
	rest := decimal.NewFromInt(1).Sub(share)
	for col := t.first; col <= t.last; col++ {
		if !at(t.was, c.inTerm, col).IsZero() {
			rows[col] = at(t.was, c.excess, col).Mul(share).DivRound(rest, 6)
		}
	}
	return rows
}

func (t *trial) total(v *formula.Values, line int) (sum decimal.Decimal) {
	for col := t.first; col <= t.last; col++ {
		sum = sum.Add(at(v, line, col))
	}
	return sum
}

// without is what the county keeps over the plan years, as due and as paid, if the clause's term lies after the plan: then it awards nothing and
// deducts nothing, and only what was due before the plan is still paid.
func (t *trial) without(c *clauseLines) (due, paid decimal.Decimal) {
	inputs := t.book.Inputs(t.scenario)
	changed := []int{}
	for _, key := range []string{"term.from", "advance"} {
		if line := t.book.Program.Index(c.element.Address() + "." + key); line >= 0 {
			changed = append(changed, line)
			inputs[line] = formula.Input{}
		}
	}
	inputs[changed[0]].Same = decimal.NewFromInt(int64(t.book.Plan.Calendar.Last + 1))
	v, errs := t.book.Program.Rerun(changed, []int{t.county, t.countyIfDue}).Evaluate(t.was, inputs)
	if len(errs) > 0 {
		if t.err == nil {
			t.err = errs[0]
		}
		v = t.was
	}
	return t.total(v, t.countyIfDue), t.total(v, t.county)
}
