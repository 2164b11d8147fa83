package ledger

// pastRevenue enters what was collected and what counted in a history year. What counted then is measured by the rule of the first plan year, which
// the scheme starts with (D History counts by the first year's rule); so are the levels of government. History does not tell what the town kept.
func (l *Ledger) pastRevenue(year int) {
	for _, id := range l.items {
		collected := l.past(l.plan.at("revenue", id, "history"), year)
		l.set("revenue."+id+".base", year, collected)
		l.shareOut(id, year, l.first, collected, collected)
	}
	l.totals(year, "amount", "counted")
}

// revenue enters a plan year, item by item (M Revenue).
func (l *Ledger) revenue(year int) {
	yields := map[string]dec{}
	for _, project := range l.plan.at("projects").names() {
		p := l.plan.at("projects", project)
		if into := p.at("into").textOr(""); into != "" {
			yields[into] = l.set("revenue."+into+".yields", year, yields[into].Add(l.fromFirstNamed(p.at("yields"), year)))
		}
	}
	for _, id := range l.items {
		item := l.plan.at("revenue", id)
		var base dec
		if path := item.at("path"); path != nil {
			base = l.held(path, year, zero)
		} else {
			growth := l.set("revenue."+id+".growth", year, l.growth(id, year))
			if response := item.at("response"); response != nil {
				growth = growth.Add(times(l.held(response, year, zero), l.retained(id, year)))
			}
			base = fen(times(l.get("revenue."+id+".base", year-1), one.Add(growth)))
		}
		base = base.Add(l.event(item.at("step"), year))
		l.set("revenue."+id+".base", year, base)
		oneOff := l.event(item.at("one_off"), year)
		regular := base.Add(yields[id]).Add(l.event(item.at("extra"), year))
		counting := regular.Add(times(oneOff, l.held(item.at("one_off_counts"), year, zero)))
		l.shareOut(id, year, year, regular.Add(oneOff), counting)
		if town := item.at("levels", "town"); item.at("levels") != nil {
			l.set("revenue."+id+".kept", year, fen(times(regular.Add(oneOff), l.held(town, year, zero)))) // the town's level is what it keeps
		} else {
			l.set("revenue."+id+".kept", year, fen(times(regular.Add(oneOff), l.held(item.at("kept_share"), year, zero))))
		}
	}
	l.totals(year, "amount", "counted", "kept")
}

// fromFirstNamed is an amount by year that is 0 before the first year named and then holds (S operating, yields).
func (l *Ledger) fromFirstNamed(n *node, year int) dec {
	if n != nil && n.fields != nil {
		if value, _ := n.named(year); value == nil {
			return zero
		}
	}
	return l.held(n, year, zero)
}

// shareOut enters what of the collected stays with county and town, and what counts. With levels everything is gross, and what stays is the gross less what each higher level gets, each rounded (M Revenue; D Gross taxes).
func (l *Ledger) shareOut(id string, year, rule int, collected, counting dec) {
	item, line := l.plan.at("revenue", id), "revenue."+id
	counts := l.held(item.at("counts"), rule, one)
	amount := collected
	if levels := item.at("levels"); levels != nil {
		l.set(line+".gross", year, collected)
		higher := zero
		for _, level := range []string{"central", "province", "prefecture"} {
			higher = higher.Add(l.set(line+".to_"+level, year, fen(times(collected, l.held(levels.at(level), rule, zero)))))
		}
		l.set(line+".to_higher_levels", year, higher)
		amount = collected.Sub(higher)
		if item.at("counts_of").textOr("local") == "local" {
			counts = times(counts, l.held(levels.at("county"), rule, zero).Add(l.held(levels.at("town"), rule, zero)))
		}
	}
	l.set(line+".amount", year, amount)
	l.set(line+".counted", year, fen(times(counting, counts)))
}

func (l *Ledger) totals(year int, parts ...string) {
	for _, part := range parts {
		l.total(part, year, "revenue", l.items, part)
	}
}

// growth is the rate given, or derived from history and shifted (M Revenue; D Derived growth can be shifted).
func (l *Ledger) growth(id string, year int) dec {
	n := l.plan.at("revenue", id, "growth")
	if method, shift := growthMethod(n); method != "" {
		return l.set("revenue."+id+".growth_"+method, year, l.derived(id, method)).Add(shift)
	}
	return l.held(n, year, zero)
}

// derived is a growth rate from history: cagr, mean of the yearly rates, or the least-squares line through the logs (M Revenue).
func (l *Ledger) derived(id, method string) dec {
	var past []dec
	for year := l.oldest; year < l.first; year++ {
		past = append(past, l.get("revenue."+id+".base", year))
	}
	n := len(past)
	switch method {
	case "cagr":
		return root(over(past[n-1], past[0]), n-1).Sub(one)
	case "mean":
		sum := zero
		for i := 1; i < n; i++ {
			sum = sum.Add(over(past[i], past[i-1]).Sub(one))
		}
		return over(sum, whole(n-1))
	}
	products, squares := zero, zero
	for i, p := range past {
		distance := whole(2*i - n + 1) // from the middle, in half-years: slopes are per half-year
		products = products.Add(distance.Mul(ln(p)))
		squares = squares.Add(distance.Mul(distance))
	}
	return exp(over(products, squares).Mul(whole(2))).Sub(one).Round(30)
}

// retained is for the effort response (M growth_t + response × retained): what the town could expect to keep last year of one more unit of an item: what of it counts × the marginal share of every clause × the
// delivery expected (M Revenue; D Effort answers to last year). Year 0 takes the first plan year's parameters.
func (l *Ledger) retained(id string, year int) dec {
	sum, rule := zero, max(year-1, l.first)
	for _, clause := range l.clauses {
		if l.kind(clause) == "above_base" {
			sum = sum.Add(l.marginalShare(clause, id, year-1))
		}
	}
	return times(l.held(l.plan.at("revenue", id, "counts"), rule, one), sum, l.held(l.plan.at("incentive", "expected_delivery"), rule, one))
}
