package ledger

import "strconv"

// byKind is what a transfer's kind gives, before anything is adjusted (M Kinds of rule; R What a transfer may be).
func (l *Ledger) byKind(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	switch l.kind(id) {
	case "above_base":
		return l.shareAboveBase(id, year)
	case "fixed":
		return fen(times(l.held(clause.at("amount"), year, zero), l.index(id, year)))
	case "upload":
		fixed := fen(times(l.held(clause.at("amount"), year, zero), l.index(id, year)))
		if of := clause.at("of").textOr(""); of != "" {
			measure := l.set("measures."+id+".of", year, l.formula(of, "", year).dec)
			fixed = fixed.Add(fen(times(measure, l.held(clause.at("rate"), year, zero))))
		}
		return fixed
	case "per_head":
		return fen(times(l.set(line+".heads", year, l.heads(clause.at("heads"), year)), l.held(clause.at("standard"), year, zero)))
	case "grant":
		return l.event(clause.at("amount"), year)
	case "steps":
		return l.steps(id, year)
	case "vintages":
		return l.vintages(id, year)
	case "formula":
		return l.formula(clause.at("formula").text, line, year).dec
	}
	fail("%s is of no known kind", line)
	return zero
}

// index is by how much an amount has grown: a year's indexation and its part of the growth of what it is chained to. The first indexed year is the
// first that is larger than the one before; without it, the second year of the term, also where that lies before the plan (D Indexation; scheme
// chained-rebate; case state-before-the-plan). Years before the plan take the first plan year's parameters.
func (l *Ledger) index(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	from, _ := l.term(id)
	from = clause.at("indexed_from").int(from + 1)
	chained := clause.at("chained_to").textOr("")
	if chained != "" {
		l.set("measures."+id+".chained_to", year, l.formula(chained, "", year).dec)
	}
	factor := one
	for y := from; y <= year; y++ {
		growth := l.held(clause.at("indexed"), max(y, l.first), zero)
		if chained != "" && y >= l.oldest {
			growth = growth.Add(l.chain(id, chained, y))
		}
		factor = times(factor, one.Add(growth))
	}
	return l.set(line+".index_factor", year, factor)
}

// chain is the growth that an amount takes from what it is chained to, at least its floor (S chain_share, chain_floor). Growth from nothing or less
// counts as none, and so does that of the first history year, which is not known.
func (l *Ledger) chain(id, to string, year int) dec {
	clause, rule := l.plan.at("transfers", id), max(year, l.first)
	growth := zero
	if year > l.oldest {
		if before := l.formula(to, "", year-1).dec; before.IsPositive() {
			growth = over(l.formula(to, "", year).dec, before).Sub(one)
		}
	}
	return most(times(growth, l.held(clause.at("chain_share"), rule, one)), l.held(clause.at("chain_floor"), rule, one.Neg()))
}

// steps are awards for levels reached (R steps; S reached_opening).
func (l *Ledger) steps(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	of := clause.at("of").textOr("counted")
	now := l.set("measures."+id+".of", year, l.formula(of, "", year).dec)
	l.set(line+".reached", year, l.reached(id, of, year))
	pays := clause.at("pays").textOr("first_time")
	crossedFrom := l.formula(of, "", year-1).dec
	if pays == "first_time" {
		crossedFrom = l.reached(id, of, year-1)
	}
	sum := zero
	for i, level := range clause.at("levels").parts() {
		at := l.held(level.at("at"), year, zero)
		crossed := !now.LessThan(at) && (pays == "every_year" || crossedFrom.LessThan(at))
		name := line + ".levels." + strconv.Itoa(i+1)
		l.set(name+".crossed", year, flag(crossed))
		sum = sum.Add(l.set(name+".earned", year, times(flag(crossed), l.held(level.at("award"), year, zero))))
	}
	return sum
}

// reached is the highest that a measure has reached up to a year: since the year before the term, as far as history goes, and before the term only the
// year's own; or what the plan says was reached before it, and since.
func (l *Ledger) reached(id, of string, year int) dec {
	from, _ := l.term(id)
	from = max(min(from-1, year), l.oldest)
	opening := l.plan.at("transfers", id, "reached_opening")
	if opening != nil {
		from = l.first
	}
	highest := opening.number(zero)
	for y := from; y <= year; y++ {
		if of := l.formula(of, "", y).dec; y == from && opening == nil || of.GreaterThan(highest) {
			highest = of
		}
	}
	return highest
}

// vintages are cohorts of what is new each year of the term, each with its own rates by age (R vintages; scheme stacked-vintages). Cohorts of history
// years in the term are known as far as history goes; a formula that history cannot give begins with the plan (case state-before-the-plan).
func (l *Ledger) vintages(id string, year int) dec {
	clause, line := l.plan.at("transfers", id), "transfers."+id
	of := clause.at("of").textOr("counted - prev(counted)")
	from, _ := l.term(id)
	cohort := func(y int) dec {
		if y < from || y < l.first && !l.canTell(of, y) {
			return zero
		}
		return most(l.formula(of, "", y).dec, zero)
	}
	l.set("measures."+id+".of", year, l.formula(of, "", year).dec)
	l.set(line+".cohort", year, cohort(year))
	sum := zero
	for i, n := range clause.at("vintage_rates").parts() {
		part := fen(times(cohort(year-i), l.held(n.at("rate"), year, zero)))
		sum = sum.Add(l.set(line+".vintage_rates."+strconv.Itoa(i+1)+".part", year, part))
	}
	return sum
}

// canTell is whether a formula has a value in a history year.
func (l *Ledger) canTell(text string, year int) (yes bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(failure); !is {
				panic(r)
			}
			yes = false
		}
	}()
	l.formula(text, "", year)
	return true
}
