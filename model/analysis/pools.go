package analysis

import (
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
)

// Pool is a pot of money for one transfer that many towns share: what is payable is paid in full while the pot lasts, else every town gets the same part
// of it, to the fen.
type Pool struct {
	Transfer string              // its id
	Pot      []decimal.Decimal   // by plan year, 万元
	claims   [][]decimal.Decimal // what is payable, by town and plan year
	parts    [][]decimal.Decimal // what the pot pays of it, once divided
	shares   []decimal.Decimal   // the same as a part of all that is payable, by plan year
}

// Claim notes what a town may claim in each year. The towns are numbered in the order that decides among equal remainders.
func (p *Pool) Claim(town int, b *model.Book, r *model.Result) {
	line := b.Program.Index("transfers." + p.Transfer + ".payable")
	claim := make([]decimal.Decimal, len(p.Pot))
	for y := range claim {
		claim[y], _, _ = r.Values.At(line, b.Plan.Calendar.Zero()+1+y)
	}
	for len(p.claims) <= town {
		p.claims = append(p.claims, nil)
	}
	p.claims[town] = claim
}

const (
	fenPlaces  = 6  // of a fen in 万元
	poolPlaces = 12 // the share that all towns have in common is cut off after so many
	ratePlaces = 20 // enough for a rate to give its amount back to the fen
)

// Divide shares the pot out, year by year: to every town its claim, or if all claim more than there is, its part of the pot down to the fen, and the fen that are left
// to the largest remainders, of equal ones to the towns that come first. It tells whether any part is another than before.
func (p *Pool) Divide() (changed bool) {
	parts := make([][]decimal.Decimal, len(p.claims))
	for town := range parts {
		parts[town] = slices.Clone(p.claims[town])
	}
	p.shares = nil
	for y, pot := range p.Pot {
		all := decimal.Zero
		for _, part := range parts {
			all = all.Add(part[y])
		}
		share := decimal.NewFromInt(1)
		if all.GreaterThan(pot) {
			share = pot.DivRound(all, 2*poolPlaces).Truncate(poolPlaces)
			proRata(parts, y, pot, all)
		}
		p.shares = append(p.shares, share)
	}
	changed = !slices.EqualFunc(parts, p.parts, func(a, b []decimal.Decimal) bool { return slices.EqualFunc(a, b, decimal.Decimal.Equal) })
	p.parts = parts
	return changed
}

// proRata cuts the claims of a year, all of them together, down to a pot.
func proRata(claims [][]decimal.Decimal, year int, pot, all decimal.Decimal) {
	left, remainders, order := pot, make([]decimal.Decimal, len(claims)), make([]int, len(claims))
	for town, claim := range claims {
		claim[year], remainders[town] = pot.Mul(claim[year]).QuoRem(all, fenPlaces)
		left, order[town] = left.Sub(claim[year]), town
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for _, town := range order[:left.Shift(fenPlaces).IntPart()] {
		claims[town][year] = claims[town][year].Add(decimal.New(1, -fenPlaces))
	}
}

// Shares are the parts of what is payable that the pot pays, by plan year: the same for all towns but for rounding to the fen.
func (p *Pool) Shares() []decimal.Decimal { return p.shares }

// Delivered are a town's delivery rates that pay exactly its part, by plan year; where it has no claim, the share of all.
func (p *Pool) Delivered(town int) []decimal.Decimal {
	rates := slices.Clone(p.shares)
	for y, claim := range p.claims[town] {
		if claim.IsPositive() {
			rates[y] = p.parts[town][y].DivRound(claim, ratePlaces)
		}
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
