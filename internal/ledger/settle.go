package ledger

// transfers works out every transfer of a year and adds them up (M Transfers).
func (l *Ledger) transfers(year int) {
	for _, id := range l.clauses {
		l.dueBefore(id, year)
	}
	for _, id := range l.clauses {
		l.due(id, year)
		l.settle(id, year)
	}
	down, up, incentives := []string{}, []string{}, []string{}
	for _, id := range l.clauses {
		if l.kind(id) == "upload" {
			up = append(up, id)
			continue
		}
		down = append(down, id)
		if l.isIncentive(id) {
			incentives = append(incentives, id)
		}
	}
	for _, part := range []string{"due", "payable", "paid", "owed", "pending"} {
		l.total("transfers_"+part, year, "transfers", down, part)
		l.total("incentive_"+part, year, "transfers", incentives, part)
		l.total("uploads_"+part, year, "transfers", up, part)
	}
	divisor := one // the first year is not discounted (M Incentive analysis)
	for y := l.first + 1; y <= year; y++ {
		divisor = times(divisor, one.Add(l.held(l.plan.at("incentive", "discount_rate"), y, hundredths(4))))
	}
	l.set("discount_divisor", year, divisor)
	for _, part := range []string{"due", "paid"} {
		l.set("incentive_"+part+"_value", year, fen(over(l.get("incentive_"+part, year), divisor)))
	}
}

func hundredths(n int) dec { return over(whole(n), hundred) }

func (l *Ledger) kind(id string) string { return l.plan.at("transfers", id, "kind").textOr("") }

// isIncentive is which money is an incentive, if the clause does not say: all but money by heads and grants (S).
func (l *Ledger) isIncentive(id string) bool {
	if n := l.plan.at("transfers", id, "incentive"); n != nil {
		return n.yes()
	}
	return l.kind(id) != "per_head" && l.kind(id) != "grant"
}

// deduct is what a shortfall takes from another transfer (M Shortfall rule; D A fine waits for the dead band).
func (l *Ledger) deduct(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	from := clause.at("shortfall_from").textOr("")
	if from == "" {
		return zero
	}
	if l.has(line+".deducted", year) {
		return l.get(line+".deducted", year)
	}
	l.dueBefore(id, year)
	beyond := l.get(line+".shortfall", year)
	if dead := clause.at("shortfall_over_base"); dead != nil {
		beyond = most(beyond.Sub(fen(times(l.held(dead, year, zero), l.get(line+".base", year)))), zero)
		l.set(line+".shortfall_beyond", year, beyond)
	}
	asked := fen(times(beyond, l.held(clause.at("shortfall_rate"), year, zero)))
	if beyond.IsPositive() {
		asked = asked.Add(l.held(clause.at("shortfall_fine"), year, zero))
	}
	if !l.inForce(id, year).IsPositive() { // out of its term and in a holiday a shortfall costs nothing new
		asked = zero
	}
	if clause.at("shortfall_carried").yes() {
		asked = asked.Add(l.had(line+".deduction_left", year-1))
	}
	l.set(line+".deduction", year, asked)
	taken := l.set(line+".deducted", year, least(asked, most(l.dueBefore(from, year), zero))) // a due is never below 0
	l.set(line+".deduction_left", year, asked.Sub(taken))
	return taken
}

// due is what is due for the year.
func (l *Ledger) due(id string, year int) dec {
	line := "transfers." + id
	if l.has(line+".due", year) {
		return l.get(line+".due", year)
	}
	due := l.dueBefore(id, year)
	l.deduct(id, year)
	for _, other := range l.clauses {
		if l.plan.at("transfers", other, "shortfall_from").textOr("") == id {
			due = due.Sub(l.deduct(other, year))
		}
	}
	if due.IsNegative() { // what the town pays is an upload (D An own formula may not be negative)
		fail("%s is due %s in %d", line, due, year)
	}
	return l.set(line+".due", year, due)
}

// settle is what becomes payable, is paid and stays owed (M Transfers; R settlement; scheme advance-and-true-up).
func (l *Ledger) settle(id string, year int) {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	if l.has(line+".owed", year) {
		return
	}
	lag := clause.at("lag").int(0)
	due := l.due(id, year)
	advanced := zero
	if clause.at("advance") != nil || clause.at("advance_rate") != nil {
		advanced = fen(times(due, l.held(clause.at("advance_rate"), year, zero)))
		if l.inTerm(id, year) {
			advanced = advanced.Add(l.event(clause.at("advance"), year))
		}
		l.set(line+".advanced", year, advanced)
	}
	l.set(line+".true_up", year, due.Sub(advanced))
	var settled dec
	if year-lag >= l.first {
		settled = l.get(line+".true_up", year-lag)
	} else {
		settled = l.past(clause.at("past_due"), year-lag)
	}
	claim := l.set(line+".claim", year, advanced.Add(settled).Sub(l.had(line+".overpaid", year-1)))
	l.set(line+".overpaid", year, most(claim.Neg(), zero))
	payable := l.set(line+".payable", year, most(claim, zero))
	delivered, late := "delivered", "caught_up"
	if l.kind(id) == "upload" {
		delivered, late = "remitted", "remitted_late"
	}
	owed := l.get(line+".owed", year-1)
	paid := fen(times(payable, l.held(clause.at(delivered), year, one))).Add(fen(times(owed, l.held(clause.at(late), year, zero))))
	paid = l.set(line+".paid", year, least(paid, payable.Add(owed)))
	l.set(line+".owed", year, owed.Add(payable).Sub(paid))
	l.set(line+".pending", year, l.get(line+".pending", year-1).Add(due).Sub(payable))
	if clause.at("earmarked_to") != nil {
		marked := l.set(line+".paid_earmarked", year, fen(times(paid, l.held(clause.at("earmarked_rate"), year, one))))
		l.set(line+".paid_free", year, paid.Sub(marked))
	} else {
		l.set(line+".paid_free", year, paid)
	}
}

// openings enters the stocks at the end of year 0.
func (l *Ledger) openings() {
	zeroYear := l.first - 1
	for _, id := range l.clauses {
		clause, line := l.plan.at("transfers", id), "transfers."+id
		if l.kind(id) == "above_base" {
			for year := l.oldest; year < l.first; year++ {
				l.pastScope(id, year)
			}
		}
		l.set(line+".owed", zeroYear, clause.at("owed_opening").number(zero))
		pending := zero // due for years before the plan and payable within it
		for year := zeroYear; year > zeroYear-clause.at("lag").int(0); year-- {
			pending = pending.Add(l.past(clause.at("past_due"), year))
		}
		l.set(line+".pending", zeroYear, pending)
	}
	l.stockOpenings(zeroYear)
}
