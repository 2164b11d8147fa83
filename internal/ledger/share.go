package ledger

import "strconv"

// shareAboveBase is the award of an above_base clause by its bands (M above_base in full).
func (l *Ledger) shareAboveBase(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	l.scope(id, year, year, func(n *node) dec { return l.event(n.at("amount"), year) })
	counted, base := l.get(line+".counted", year), l.base(id, year)
	above := l.set(line+".above", year, most(counted.Sub(base), zero))
	l.set(line+".shortfall", year, most(base.Sub(counted), zero))
	// Set aside before sharing: an amount and a share of what is above the base, never more than that.
	aside := l.set(line+".aside", year, least(above, fen(l.held(clause.at("set_aside"), year, zero).Add(times(above, l.held(clause.at("set_aside_rate"), year, zero))))))
	excess := l.set(line+".excess", year, above.Sub(aside))
	award := l.byBands(id, year, excess, base)
	if rate := clause.at("in_base_rate"); rate != nil {
		l.set(line+".award_above_base", year, award)
		within := l.set(line+".award_in_base", year, fen(times(most(least(counted, base), zero), l.held(rate, year, zero))))
		award = award.Add(within)
	}
	return award
}

// band is one of a clause's bands in a year.
type band struct{ from, rate dec }

// bands are the bands of a clause; a single rate is one band (M above_base).
func (l *Ledger) bands(id string, year int, base dec) (all []band) {
	clause := l.plan.at("transfers", id)
	list := clause.at("bands").parts()
	if list == nil {
		return []band{{zero, l.held(clause.at("rate"), year, zero)}}
	}
	for i, n := range list {
		from := fen(l.held(n.at("over"), year, zero).Add(times(l.held(n.at("over_base"), year, zero), base)))
		l.set("transfers."+id+".bands."+strconv.Itoa(i+1)+".threshold", year, from)
		all = append(all, band{from, l.held(n.at("rate"), year, zero)})
	}
	return all
}

// byBands shares the excess: marginal bands, each part at its own rate, or the whole at the rate of the class reached (M above_base; scheme class-table: a class includes its start).
func (l *Ledger) byBands(id string, year int, excess, base dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	bands := l.bands(id, year, base)
	marginal := zero
	for i, b := range bands {
		part := most(excess.Sub(b.from), zero)
		if i+1 < len(bands) {
			part = most(least(excess, bands[i+1].from).Sub(b.from), zero)
		}
		if clause.at("bands") != nil {
			l.set(line+".bands."+strconv.Itoa(i+1)+".part", year, part)
		}
		marginal = marginal.Add(times(b.rate, part))
	}
	marginal = fen(marginal)
	if clause.at("bands_apply").textOr("marginal") != "whole" {
		return marginal
	}
	l.set(line+".award_marginal", year, marginal)
	return l.set(line+".award_whole", year, fen(times(excess, l.classRate(id, year, bands, excess))))
}

// classRate is the rate of the class that the excess, or what class_by says, has reached.
func (l *Ledger) classRate(id string, year int, bands []band, excess dec) dec {
	line := "transfers." + id
	by := excess
	if text := l.plan.at("transfers", id, "class_by").textOr(""); text != "" {
		by = l.set(line+".class_by", year, l.formula(text, line, year).dec)
	}
	rate := zero
	for i, b := range bands {
		if !by.LessThan(b.from) {
			rate = b.rate
		}
		l.set(line+".bands."+strconv.Itoa(i+1)+".class_rate", year, rate)
	}
	return rate
}

// marginalShare is what one more unit of an item that counts would bring by the band reached in a year, as far as the clause is in force; caps and
// floors are not looked at (D Effort answers to last year). In year 0 it is the first band. An item out of the clause's scope brings nothing.
func (l *Ledger) marginalShare(id, item string, year int) dec {
	clause, line, rule := l.plan.at("transfers", id), "transfers."+id, max(year, l.first)
	share := one
	if items := clause.at("items").parts(); items != nil {
		share = zero
		for _, n := range items {
			if n.at("item").text == item {
				share = share.Add(l.held(n.at("share"), rule, one))
			}
		}
	}
	rate := zero
	if year < l.first {
		first := clause
		if bands := clause.at("bands").parts(); bands != nil {
			first = bands[0]
		}
		rate = l.held(first.at("rate"), rule, zero)
	} else if above := l.get(line+".counted", year).Sub(l.get(line+".base", year)); !above.IsNegative() {
		bands := l.bands(id, year, l.get(line+".base", year))
		if clause.at("class_by") != nil && clause.at("bands_apply").textOr("") == "whole" {
			rate = l.classRate(id, year, bands, above)
		} else {
			for _, b := range bands {
				if !above.LessThan(b.from) {
					rate = b.rate
				}
			}
		}
	}
	return times(rate, share, l.inForce(id, year))
}
