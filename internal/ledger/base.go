package ledger

import "strconv"

// pastScope enters what of a history year's counted revenue was in a clause's scope, by the shares of the first plan year (D History counts by the
// first year's rule), less what is left out of past years.
func (l *Ledger) pastScope(id string, year int) {
	l.scope(id, year, l.first, func(n *node) dec { return l.past(n.at("past"), year) })
}

// scope enters the revenue a clause looks at: all that counts, or some items with their shares, less what is left out by name (M above_base: R; R revenue).
func (l *Ledger) scope(id string, year, rule int, leftOut func(*node) dec) {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	inScope := l.get("counted", year)
	if items := clause.at("items").parts(); items != nil {
		inScope = zero
		for i, item := range items {
			part := fen(times(l.get("revenue."+item.at("item").text+".counted", year), l.held(item.at("share"), rule, one)))
			inScope = inScope.Add(l.set(line+".items."+strconv.Itoa(i+1)+".counted", year, part))
		}
	}
	out := zero
	for i, n := range clause.at("excluded").parts() {
		out = out.Add(l.set(line+".excluded."+strconv.Itoa(i+1)+".left_out", year, leftOut(n)))
	}
	l.set(line+".left_out", year, out)
	inScope = inScope.Sub(out)
	if clause.at("excluded") != nil { // no more is left out than there is
		inScope = most(inScope, zero)
	}
	l.set(line+".counted", year, inScope)
}

// baseYears are the years whose mean is the base, and whether they move on every year (M above_base: base rule; D One base formula).
func (l *Ledger) baseYears(rule *node, year int) (from, to int, moves bool) {
	switch {
	case rule.textOr("") == "previous" || rule.at("previous") != nil:
		return year - 1, year - 1, true
	case rule.at("rolling") != nil:
		return year - rule.at("rolling").int(3), year - 1, true
	case rule.at("year") != nil:
		y := rule.at("year").int(l.first - 1)
		return y, y, false
	case rule.at("mean") != nil:
		return l.first - rule.at("mean").int(5), l.first - 1, false
	}
	return 0, 0, false
}

// measuredBase is the mean of the revenue of the base's years, where the rule measures one, and whether it moves. With items in scope every item is
// measured on its own and then taken by the year's share, so that a share that changes moves no earlier base (D Same scope on both sides).
func (l *Ledger) measuredBase(id string, year int) (base dec, moves bool) {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	from, to, moves := l.baseYears(clause.at("base"), year)
	mean := func(line string) (sum dec) {
		for y := from; y <= to; y++ {
			sum = sum.Add(l.get(line, y))
		}
		return fen(over(sum, whole(to-from+1))) // the number of years divides at the very end (D Divide last)
	}
	items := clause.at("items").parts()
	if items == nil {
		return l.set(line+".base_mean", year, mean(line+".counted")), moves
	}
	for i, item := range items {
		n := strconv.Itoa(i + 1)
		all := l.grown(id, "item "+n, year, mean("revenue."+item.at("item").text+".counted"), moves)
		base = base.Add(l.set(line+".items."+n+".base_part", year, fen(times(all, l.held(item.at("share"), year, one)))))
	}
	if clause.at("excluded") != nil {
		out := l.grown(id, "left out", year, mean(line+".left_out"), moves)
		base = most(base.Sub(out), zero)
	}
	return l.set(line+".base_mean", year, base), moves
}

// grown is an amount of the base with the growth of the base: what moves grows once, what stands still compounds from the first plan year on and is
// rounded every year (D Bases that change; cases growth-on-moving-base, fine-for-one-fen). An amount that the plan changes starts anew.
func (l *Ledger) grown(id, what string, year int, by dec, moves bool) dec {
	clause, line := l.plan.at("transfers", id), "ledger."+id+"."+what
	from := by
	if !moves && year > l.first && by.Equal(l.get(line, year-1)) {
		from = l.get(line+" grown", year-1)
	}
	l.set(line, year, by)
	return l.set(line+" grown", year, l.grow(clause, year, from))
}

// grow is a year's growth of the base, to the fen.
func (l *Ledger) grow(clause *node, year int, amount dec) dec {
	return fen(times(amount, one.Add(l.held(clause.at("base_growth"), year, zero))))
}

// base is what the revenue of the year is held against (M above_base: B): rule, growth, reset, ratchet, edits, cut, and never below 0.
func (l *Ledger) base(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	var base dec
	if given := clause.at("base").given(); given != nil {
		base = l.grown(id, "base", year, l.held(given, year, zero), false)
	} else {
		measured, moves := l.measuredBase(id, year)
		if base = measured; clause.at("items") == nil {
			base = l.grown(id, "base", year, measured, moves)
		}
	}
	base = l.resetBase(id, year, base)
	if clause.at("base_never_falls").yes() {
		// Not below the highest revenue since the year before the term: earlier peaks do not bind (D Bases that change). Before the term, last year's.
		term, _ := l.term(id)
		best := l.get(line+".counted", year-1)
		for y := max(min(term, year)-1, l.oldest); y < year; y++ {
			best = most(best, l.get(line+".counted", y))
		}
		base = l.set(line+".base_ratchet", year, most(base, best))
	}
	from := l.first // a reset takes a revenue that is already without what left the scope: only later edits count
	if reset := l.lastReset(id, year); reset > from {
		from = reset
	}
	for y := from; y <= year; y++ {
		base = base.Add(l.event(clause.at("base_edit"), y))
	}
	if clause.at("shortfall_cuts_base").yes() {
		base = l.cutBase(id, year, base)
	}
	return l.set(line+".base", year, most(base, zero))
}

// given is the amount of a base that is not measured.
func (n *node) given() *node {
	if amount := n.at("amount"); amount != nil {
		return amount
	}
	return n.at("target")
}

// lastReset is the latest year in which the base was reset: every so many years of the term, wherever that began (case reset-clock); 0 if there was none.
func (l *Ledger) lastReset(id string, year int) int {
	every := l.plan.at("transfers", id, "base_reset_every").int(0)
	from, _ := l.term(id)
	if every == 0 || year < from+every {
		return 0
	}
	return year - (year-from)%every
}

// resetBase is the revenue of the year before the reset; it stands still until the next one, and grows (D Bases that change).
func (l *Ledger) resetBase(id string, year int, base dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	reset := l.lastReset(id, year)
	switch {
	case reset == 0:
		return base
	case reset == year || year == l.first: // if it lies before the plan, it has grown since, by the first year's growth
		base = l.get(line+".counted", reset-1)
		for range year - reset {
			base = times(base, one.Add(l.held(clause.at("base_growth"), year, zero)))
		}
		base = fen(base)
	default:
		base = l.grow(clause, year, l.get(line+".base_reset", year-1))
	}
	return l.set(line+".base_reset", year, base)
}

// cutBase is the base after a shortfall in a year in which the clause was in force: not above the revenue of that year (M cut_base). A cut base
// stands and grows like any other, and is edited like any other; a reset ends it, and a base that moves is cut in the next year only.
func (l *Ledger) cutBase(id string, year int, base dec) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	fell := func(y int) bool {
		return y >= l.first && l.get(line+".shortfall", y).IsPositive() && l.inForce(id, y).IsPositive()
	}
	now := fell(year - 1)
	switch {
	case now:
		l.set(line+".cut", year, l.get(line+".counted", year-1).Add(l.event(clause.at("base_edit"), year)))
	case l.has(line+".cut", year-1) && l.lastReset(id, year) != year:
		l.set(line+".cut", year, l.grow(clause, year, l.get(line+".cut", year-1)).Add(l.event(clause.at("base_edit"), year)))
	default:
		return base
	}
	if _, _, moves := l.baseYears(clause.at("base"), year); moves && !now {
		return base
	}
	return least(base, l.get(line+".cut", year))
}
