package ledger

import "strconv"

// transfer works out a transfer's lines of a year as far as a line that is asked for needs it. What is due before deductions comes first, because a
// clause may deduct a shortfall from another one's due; then what is due; then settlement.
func (l *Ledger) transfer(id, line string, year int) {
	if l.plan.at("transfers", id) == nil {
		return
	}
	l.dueBefore(id, year)
	if l.has("transfers."+id+"."+line, year) {
		return
	}
	l.deduct(id, year)
	if l.has("transfers."+id+"."+line, year) {
		return
	}
	l.due(id, year)
	l.settle(id, year)
}

// dueBefore is what a transfer gives this year, before another clause's shortfall is taken from it (D One pipeline for every award).
func (l *Ledger) dueBefore(id string, year int) dec {
	line := "transfers." + id
	if l.has(line+".due_before", year) {
		return l.get(line+".due_before", year)
	}
	key := id + "@" + strconv.Itoa(year)
	if l.working[key] {
		fail("%s of %d needs itself", line, year)
	}
	l.working[key] = true
	defer delete(l.working, key)
	for _, own := range l.plan.at("transfers", id, "lines").names() {
		if l.plan.at("transfers", id, "lines", own, "opening") != nil {
			defer l.ownLine(id, own, year)
		}
	}
	award := l.adjusted(id, year, l.set(line+".award_by_rule", year, l.byKind(id, year)))
	l.set(line+".award", year, award)
	return l.set(line+".due_before", year, l.overTheTerm(id, year, l.inTheYear(id, year, award)))
}

// adjusted takes an award through multiplier, condition, floors, caps and bands on the payment, in this order (R Any kind).
func (l *Ledger) adjusted(id string, year int, award dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	if text := clause.at("multiplier").textOr(""); text != "" {
		award = fen(times(award, l.set(line+".multiplier", year, l.formula(text, line, year).dec)))
		l.set(line+".award_multiplied", year, award)
	}
	if text := clause.at("gate").textOr(""); text != "" {
		award = times(award, l.set(line+".gate", year, l.formula(text, line, year).dec))
		l.set(line+".award_gated", year, award)
	}
	floor := func(key string, least dec) {
		if clause.at(key) != nil {
			award = most(award, least)
		}
	}
	limit := func(key string, greatest dec) {
		if clause.at(key) != nil {
			award = least(award, greatest)
		}
	}
	amount := func(key string) dec { return l.held(clause.at(key), year, zero) }
	base, last := l.had(line+".base", year), l.lastAward(id, year)
	floor("award_floor", amount("award_floor"))
	floor("award_floor_base", fen(times(amount("award_floor_base"), base)))
	floor("award_floor_previous", fen(times(amount("award_floor_previous"), last)))
	limit("award_cap", amount("award_cap"))
	limit("award_cap_base", fen(times(amount("award_cap_base"), base)))
	if last.IsPositive() { // no cap after a year without an award (S)
		limit("award_cap_previous", fen(times(amount("award_cap_previous"), last)))
	}
	return l.toTown(id, year, award)
}

// lastAward is the award really given the year before: nothing out of the term or in a holiday (case cap-on-last-award); of year 0 what was due then.
func (l *Ledger) lastAward(id string, year int) dec {
	switch {
	case year == l.first:
		return l.past(l.plan.at("transfers", id, "past_due"), year-1)
	case !l.inForce(id, year-1).IsPositive():
		return zero
	}
	return l.get("transfers."+id+".award", year-1)
}

// toTown leaves the town its part of each band of the payment; the county pools the rest (R payment_bands).
func (l *Ledger) toTown(id string, year int, award dec) dec {
	line := "transfers." + id
	bands := l.plan.at("transfers", id, "payment_bands").parts()
	if bands == nil {
		return award
	}
	sum := zero
	for i, n := range bands {
		from := l.held(n.at("over"), year, zero)
		part := most(award.Sub(from), zero)
		if i+1 < len(bands) {
			part = most(least(award, l.held(bands[i+1].at("over"), year, zero)).Sub(from), zero)
		}
		l.set(line+".payment_bands."+strconv.Itoa(i+1)+".part", year, part)
		sum = sum.Add(times(part, l.held(n.at("rate"), year, zero)))
	}
	town := l.set(line+".award_to_town", year, fen(sum))
	l.set(line+".pooled", year, award.Sub(town))
	return town
}

// term is the first and the last year of a transfer's term; the plan years unless it says otherwise (S).
func (l *Ledger) term(id string) (from, to int) {
	term := l.plan.at("transfers", id, "term")
	from = term.at("from").int(l.first)
	return from, from + term.at("years").int(l.last-l.first+1) - 1
}

// inTerm is 1 in the years of the term; a holiday is in the term (D term.pays is in every clause).
func (l *Ledger) inTerm(id string, year int) bool {
	from, to := l.term(id)
	return from <= year && year <= to
}

// inForce is the part of a transfer that is in force in a year: 0 out of its term; within, term.pays × the share of the year of the term. Years
// before the plan take the first plan year's values.
func (l *Ledger) inForce(id string, year int) dec {
	if !l.inTerm(id, year) {
		return zero
	}
	clause, rule := l.plan.at("transfers", id), max(year, l.first)
	share := one
	if ages := clause.at("ages").parts(); ages != nil {
		from, _ := l.term(id)
		share = l.held(ages[min(year-from, len(ages)-1)].at("share"), rule, one)
	}
	return times(l.held(clause.at("term", "pays"), rule, one), share)
}

// inTheYear is the award in its term, by the schedule of ages, to the clause's own rounding (R: × term × ages, rounded_to).
func (l *Ledger) inTheYear(id string, year int, award dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	l.set(line+".in_term", year, flag(l.inTerm(id, year)))
	due := fen(times(award, l.inForce(id, year)))
	if step := clause.at("rounded_to"); step != nil {
		l.set(line+".due_to_the_fen", year, due)
		due = nearest(due, l.held(step, year, one))
	}
	return due
}

// overTheTerm makes up a guarantee in the last year of the term, then holds to the cap over the term (S award_floor_term; R).
func (l *Ledger) overTheTerm(id string, year int, due dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	guarantee, limit := clause.at("award_floor_term"), clause.at("award_cap_term")
	if guarantee == nil && limit == nil {
		return due
	}
	soFar := zero // with what was due in years of the term before the plan, as far as past_due says
	from, to := l.term(id)
	for y := from; y < l.first; y++ {
		soFar = soFar.Add(l.past(clause.at("past_due"), y))
	}
	for y := l.first; y < year; y++ {
		soFar = soFar.Add(l.get(line+".due_before", y))
	}
	if guarantee != nil && year == to {
		due = most(due, l.held(guarantee, year, zero).Sub(soFar))
	}
	if limit != nil {
		l.set(line+".due_uncapped", year, due)
		due = least(due, most(l.held(limit, year, zero).Sub(soFar), zero))
	}
	return due
}
