package ledger

import "strconv"

// tranche is one sum to be repaid: the opening balance of an instrument, or what was drawn in one year.
type tranche struct {
	name   string
	year   int // drawn in this year; year 0 for the opening balance
	amount dec
}

func (l *Ledger) tranches(id string) (all []tranche) {
	n, line := l.plan.at("debt", id), "debt."+id
	if opening := n.at("opening").number(zero); !opening.IsZero() {
		all = append(all, tranche{line + ".opening_part", l.first - 1, opening})
	}
	for year := l.first; year <= l.last; year++ {
		if drawn := l.event(n.at("drawn"), year); !drawn.IsZero() {
			all = append(all, tranche{line + ".drawing_" + strconv.Itoa(year), year, drawn})
		}
	}
	return all
}

// debts enters the instruments (M Debt). Interest is on the whole opening balance of the year; drawings of one year are repaid from the next on.
func (l *Ledger) debts(year int) {
	classes := map[string]dec{"onlent_general": zero, "onlent_special": zero, "legacy_loan": zero, "contractor": zero, "hidden": zero}
	balance, service := zero, zero
	for _, id := range l.debt {
		n, line := l.plan.at("debt", id), "debt."+id
		interest := l.set(line+".interest", year, fen(times(l.get(line+".balance", year-1), l.held(n.at("rate"), year, zero))))
		drawn := l.set(line+".drawn", year, l.event(n.at("drawn"), year))
		principal, matured := l.repay(id, year)
		due := interest
		if n.at("method").textOr("") == "bullet" {
			due = matured
		}
		l.set(line+".interest_due", year, due)
		l.set(line+".principal", year, principal)
		l.set(line+".balance", year, l.get(line+".balance", year-1).Add(drawn).Sub(principal))
		service = service.Add(l.set(line+".service_due", year, due.Add(principal)))
		class := n.at("class").textOr("")
		classes[class] = classes[class].Add(l.get(line+".balance", year))
		balance = balance.Add(l.get(line+".balance", year))
	}
	for class, sum := range classes {
		l.set("debt_"+class, year, sum)
	}
	l.set("instruments_balance", year, balance)
	l.set("service_due", year, service)
}

// repay is the principal of a year, tranche by tranche, and the interest that a bullet pays at maturity.
func (l *Ledger) repay(id string, year int) (principal, matured dec) {
	n := l.plan.at("debt", id)
	asked := l.event(n.at("repaid"), year)
	for _, t := range l.tranches(id) {
		if t.year == year {
			l.set(t.name+".balance", year, t.amount)
			continue
		}
		if t.year > year {
			continue
		}
		before := l.had(t.name+".balance", year-1)
		if year == l.first {
			before = t.amount
		}
		var part dec
		if n.at("method").textOr("") == "schedule" { // the opening balance first, then the drawings in order
			part = least(asked, before)
			asked = asked.Sub(part)
		} else {
			var interest dec
			part, interest = l.principal(id, t, before, year)
			matured = matured.Add(interest)
		}
		principal = principal.Add(l.set(t.name+".principal", year, part))
		l.set(t.name+".balance", year, before.Sub(part))
	}
	return principal, matured
}

// principal is what a tranche repays by its method (M principal; D Level payment). The grace comes before the years of repayment; the last
// repayment clears what rounding left.
func (l *Ledger) principal(id string, t tranche, before dec, year int) (principal, matured dec) {
	n := l.plan.at("debt", id)
	from := n.at("start").int(l.first)
	if t.year >= l.first {
		from = max(from, t.year+1)
	}
	from += n.at("grace").int(0)
	count := n.at("years").int(1)
	to := from + count - 1
	rate := func(y int) dec { return l.held(n.at("rate"), y, zero) }
	interest := fen(times(before, rate(year)))
	switch n.at("method").textOr("") {
	case "equal_principal":
		if year < from || year > to {
			return zero, zero
		}
		if year == to {
			return before, zero
		}
		return least(before, fen(over(before, whole(to-year+1)))), zero
	case "level_payment":
		if year < from || year > to {
			return zero, zero
		}
		if year == to {
			return before, zero
		}
		if year == max(from, l.first) || !rate(year).Equal(rate(year-1)) {
			l.set(t.name+".payment", year, fen(annuity(before, rate(year), to-year+1)))
		} else {
			l.set(t.name+".payment", year, l.get(t.name+".payment", year-1))
		}
		return least(before, most(l.get(t.name+".payment", year).Sub(interest), zero)), zero
	case "bullet": // interest unpaid until maturity is simple
		accrued := l.had(t.name+".accrued", year-1).Add(interest)
		if start := n.at("start").int(l.first); year == l.first && start < year { // the opening balance owes what accrued before the plan
			accrued = accrued.Add(fen(times(before, rate(year), whole(year-start))))
		}
		l.set(t.name+".accrued", year, accrued)
		if year == to {
			l.set(t.name+".accrued", year, zero)
			return before, accrued
		}
	case "interest_only":
		if year == to {
			return before, zero
		}
	}
	return zero, zero
}
