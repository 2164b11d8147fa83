package analysis

import (
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Pool is a pot of money for one transfer that many towns share: what is payable is paid in full while the pot lasts, else every town gets the same part
// of it, to the fen, by model.PotRules.
type Pool struct {
	Transfer string            // its id
	pot      []decimal.Decimal // by plan year, 万元
	rules    *model.Book
	all      []decimal.Decimal   // what is payable to all towns, by plan year
	claims   [][]decimal.Decimal // what is payable, by town and plan year
	parts    [][]decimal.Decimal // what the pot pays of it, once divided
}

// NewPool is a pot for a transfer of a plan, with its amounts by plan year.
func NewPool(cal formula.Calendar, transfer string, pot []decimal.Decimal) *Pool {
	return &Pool{Transfer: transfer, pot: pot, rules: model.PotRules(cal)}
}

// Claim notes what a town may claim in each year. The towns are numbered in the order that decides among equal remainders.
func (p *Pool) Claim(town int, b *model.Book, r *model.Result) {
	for len(p.claims) <= town {
		p.claims = append(p.claims, nil)
	}
	p.claims[town] = planYears(b, r.Values, "transfers."+p.Transfer+".payable")
}

// planYears are the values of a line by plan year.
func planYears(b *model.Book, v *formula.Values, name string) []decimal.Decimal {
	cal, line := b.Plan.Calendar, b.Program.Index(name)
	years := make([]decimal.Decimal, cal.Last-cal.Actual)
	for y := range years {
		years[y], _, _ = v.At(line, cal.Zero()+1+y)
	}
	return years
}

// ofTown computes a line of the rules for a town with a claim and a part of the pot.
func (p *Pool) ofTown(line string, claim, part []decimal.Decimal) []decimal.Decimal {
	inputs := make([]formula.Input, len(p.rules.Lines))
	for i, years := range [][]decimal.Decimal{p.pot, p.all, claim, part} {
		inputs[i].ByYear = make([]decimal.Decimal, p.rules.Plan.Calendar.Columns())
		copy(inputs[i].ByYear[p.rules.Plan.Calendar.Zero()+1:], years)
	}
	v, _ := p.rules.Program.Evaluate(inputs) // what the rules divide by is above 0
	return planYears(p.rules, v, line)
}

const (
	fenPlaces   = 6  // of a fen in 万元
	shownPlaces = 12 // of the share that all towns have in common, where it is shown
	ratePlaces  = 20 // enough for a rate to give its amount back to the fen
)

// Divide shares the pot out, year by year: to every town its part pro rata to the fen, made to add up to the pot by a fen more for those with the most cut off, or less for
// those with the most added; of equal ones the towns that come first have more. It tells whether any part is another than before.
func (p *Pool) Divide() (changed bool) {
	p.all = make([]decimal.Decimal, len(p.pot))
	for _, claim := range p.claims {
		for y, d := range claim {
			p.all[y] = p.all[y].Add(d)
		}
	}
	parts := make([][]decimal.Decimal, len(p.claims))
	for town, claim := range p.claims {
		parts[town] = p.ofTown("pro_rata", claim, nil)
	}
	for y := range p.pot {
		p.addUp(parts, y)
	}
	changed = !slices.EqualFunc(parts, p.parts, func(a, b []decimal.Decimal) bool { return slices.EqualFunc(a, b, decimal.Decimal.Equal) })
	p.parts = parts
	return changed
}

// addUp moves parts of a year by a fen until they are the pot, or all that is payable if that is less.
func (p *Pool) addUp(parts [][]decimal.Decimal, year int) {
	pays := decimal.Min(p.pot[year], p.all[year])
	left, cut, order := pays, make([]decimal.Decimal, len(parts)), make([]int, len(parts))
	for town, part := range parts {
		cut[town] = pays.Mul(p.claims[town][year]).Sub(part[year].Mul(p.all[year])) // a multiple of what rounding cut off
		left, order[town] = left.Sub(part[year]), town
	}
	slices.SortStableFunc(order, func(a, b int) int { return cut[b].Cmp(cut[a]) })
	fen, n := decimal.New(1, -fenPlaces), int(left.Shift(fenPlaces).IntPart())
	if n < 0 {
		order, fen = order[len(order)+n:], fen.Neg()
	} else {
		order = order[:n]
	}
	for _, town := range order {
		parts[town][year] = parts[town][year].Add(fen)
	}
}

// Shares are the parts of what is payable that the pot pays, by plan year, cut off after so many places as are shown: the same for all towns but for rounding to the fen.
func (p *Pool) Shares() []decimal.Decimal {
	shares := p.ofTown("share", nil, nil)
	for y := range shares {
		shares[y] = shares[y].Truncate(shownPlaces)
	}
	return shares
}

// Delivered are a town's delivery rates that pay exactly its part, by plan year; where it has no claim, the share of all.
func (p *Pool) Delivered(town int) []decimal.Decimal {
	rates := p.ofTown("rate", p.claims[town], p.parts[town])
	for y := range rates {
		rates[y] = rates[y].Round(ratePlaces)
	}
	return rates
}

// PotsFeedBack tells whether what pots pay can change what is payable out of them, as where one transfer matches another.
func PotsFeedBack(b *model.Book, pools []*Pool) bool {
	var paid, claimed []int
	for _, p := range pools {
		paid = append(paid, b.Program.Index("transfers."+p.Transfer+".delivered"))
		claimed = append(claimed, b.Program.Index("transfers."+p.Transfer+".payable"))
	}
	return b.Program.Rerun(paid, claimed).Lines() > 0
}

// Covers tells whether a plan has the transfer; uploads have no delivery that a pot could limit.
func (p *Pool) Covers(plan *model.Plan) bool {
	e := plan.Find("transfers." + p.Transfer)
	return e != nil && e.Params["delivered"] != nil
}

// Beyond tells whether a plan pays more of the transfer than the pot: debts of earlier years that are caught up do not come out of it.
func (p *Pool) Beyond(plan *model.Plan) bool {
	return plan.Find("transfers." + p.Transfer).Params["caught_up"].Any(model.Nonzero)
}
