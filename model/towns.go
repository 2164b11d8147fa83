package model

import (
	"github.com/shopspring/decimal"
)

// Pool is a pot of money for one transfer that many towns share: what is payable is paid in full while the pot lasts, else every town gets the same part.
type Pool struct {
	Transfer string            // its id
	Pot      []decimal.Decimal // by plan year, 万元
	Payable  []decimal.Decimal // by plan year: of all towns so far
}

// Claim adds what a town may claim in each year.
func (p *Pool) Claim(b *Book, r *Result) {
	cal := b.Plan.Calendar
	line := b.Program.Index("transfers." + p.Transfer + ".payable")
	for y := range p.Pot {
		if len(p.Payable) <= y {
			p.Payable = append(p.Payable, decimal.Zero)
		}
		d, _, _ := r.Values.At(line, cal.Zero()+1+y)
		p.Payable[y] = p.Payable[y].Add(d)
	}
}

// poolPlaces: a share of the pot is cut off after so many places, so that the towns' parts do not add up to more than the pot but for rounding to the fen.
const poolPlaces = 12

// Shares are the parts of what is payable that the pot pays, by plan year.
func (p *Pool) Shares() (shares []decimal.Decimal) {
	for y, pot := range p.Pot {
		share := decimal.NewFromInt(1)
		if y < len(p.Payable) && p.Payable[y].GreaterThan(pot) {
			share = pot.DivRound(p.Payable[y], 2*poolPlaces).Truncate(poolPlaces)
		}
		shares = append(shares, share)
	}
	return shares
}
