package analysis

import (
	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// BreakEven is how a clause turns out for the county, by how much of the growth is owed to it. The plan's revenue is taken as what comes without
// the incentive; with a share a of the growth above the base truly additional, revenue in each year of the term is higher by a/(1-a) × the
// plan's excess. The county's result is what it keeps then, less what it keeps without that revenue and without the clause.
type BreakEven struct {
	Clause    *model.Element
	Due, Paid *Additional     // the least share from which the county is no worse, as due and as paid; nil if there is none
	Curve     []CountyOutcome // for shares of 0, 10 %, … 90 %
}

// Additional is a share of the growth above a base, and the revenue it stands for over the plan years.
type Additional struct{ Share, Revenue decimal.Decimal }

// CountyOutcome is what the county gains or loses over the plan years at a share of additional growth.
type CountyOutcome struct{ Share, Due, Paid decimal.Decimal }

// Shares are told apart to a millionth.
const (
	sharePlaces = 6
	whole       = 1_000_000
)

func (t *trial) breakEven(c *clauseLines, without Without) *BreakEven {
	e := &BreakEven{Clause: c.element}
	seen := map[int64]CountyOutcome{}
	outcome := func(millionths int64) CountyOutcome {
		o, known := seen[millionths]
		if !known {
			o.Share = decimal.New(millionths, -sharePlaces)
			v := t.with(t.spread(t.additional(c, o.Share), c))
			o.Due, o.Paid = t.total(v, t.countyIfDue).Sub(without.County.Due), t.total(v, t.county).Sub(without.County.Paid)
			seen[millionths] = o
		}
		return o
	}
	for tenth := int64(0); tenth < 10; tenth++ {
		e.Curve = append(e.Curve, outcome(tenth*whole/10))
	}
	least := func(side func(CountyOutcome) decimal.Decimal) *Additional {
		result := func(millionths int64) decimal.Decimal { return side(outcome(millionths)) }
		low, high := int64(-1), int64(whole-1)
		for tenth := int64(0); tenth < 10 && high == whole-1; tenth++ { // the first tenth that is good narrows the search
			if m := tenth * whole / 10; result(m).Sign() >= 0 {
				high = m
			} else {
				low = m
			}
		}
		if result(high).Sign() < 0 {
			return nil
		}
		for high-low > 1 {
			guess := crossing(low, high, result)
			for _, m := range []int64{guess, guess - 1, low + (high-low)/2} {
				switch {
				case m <= low || m >= high:
				case result(m).Sign() >= 0:
					high = m
				default:
					low = m
				}
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

// crossing guesses the least share, in millionths, at which a result is not below 0: the result is nearly straight in the revenue that comes on top.
func crossing(low, high int64, result func(millionths int64) decimal.Decimal) int64 {
	if low < 0 {
		return high
	}
	times := func(millionths int64) decimal.Decimal {
		return decimal.NewFromInt(millionths).DivRound(decimal.NewFromInt(whole-millionths), 12)
	}
	a, b, from, to := result(low), result(high), times(low), times(high)
	at := from.Add(to.Sub(from).Mul(a.Neg()).DivRound(b.Sub(a), 12))
	return at.Shift(sharePlaces).DivRound(at.Add(decimal.NewFromInt(1)), 12).Round(3).Ceil().IntPart()
}

// additional is the revenue that comes on top, by column, if this share of the growth above the base is owed to the incentive.
func (t *trial) additional(c *clauseLines, share decimal.Decimal) []decimal.Decimal {
	rows := make([]decimal.Decimal, t.last+1)
	rest := decimal.NewFromInt(1).Sub(share)
	for col := t.first; col <= t.last; col++ {
		if !value(t.was, c.inTerm, col).IsZero() {
			rows[col] = value(t.was, c.excess, col).Mul(share).DivRound(rest, 6)
		}
	}
	return rows
}

func (t *trial) total(v *formula.Values, line int) (sum decimal.Decimal) {
	sum, _ = t.book.Figure(v, line, formula.Total)
	return sum
}

// Without is what each side has over the plan years if one clause is not there: the plan run again with the clause's term after the plan. Then it awards,
// advances and deducts nothing, revenue does not respond to it, and only what was due before the plan is still paid.
type Without struct{ Town, County Sum }

// Sum is an amount over the plan years, as due and as paid.
type Sum struct{ Due, Paid decimal.Decimal }

func (t *trial) without(c *clauseLines) Without {
	from := t.book.Program.Index(c.element.Address() + ".term.from")
	inputs := t.book.Inputs(t.scenario)
	inputs[from] = formula.Input{Same: decimal.NewFromInt(int64(t.book.Plan.Calendar.Last + 1))}
	v, errs := t.book.Program.Rerun([]int{from}, []int{t.town, t.townIfDue, t.county, t.countyIfDue}).Evaluate(t.was, inputs)
	if len(errs) > 0 {
		t.fail(errs[0])
		v = t.was
	}
	return Without{Town: Sum{t.total(v, t.townIfDue), t.total(v, t.town)}, County: Sum{t.total(v, t.countyIfDue), t.total(v, t.county)}}
}
