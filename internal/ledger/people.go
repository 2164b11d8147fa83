package ledger

import "strconv"

// staff enters heads, pay per head and wages (M Staff; D Per-head cost at last year's prices).
func (l *Ledger) staff(year int) {
	for _, id := range l.plan.at("staff").names() {
		group, line := l.plan.at("staff", id), "staff."+id
		posts, filled := l.held(group.at("posts"), year, zero), l.held(group.at("filled"), year, zero)
		l.set(line+".lower", year, least(posts, filled))
		pay := group.at("pay").number(zero)
		for y := l.first; y <= year; y++ {
			pay = times(pay, one.Add(l.held(group.at("pay_growth"), y, zero)))
		}
		wages := l.set(line+".wages", year, fen(times(filled, l.set(line+".pay_per_head", year, pay))))
		town := flag(group.at("paid_by").textOr("county") == "town")
		l.set(line+".wages_by_town", year, wages.Mul(town))
		l.set(line+".wages_by_county", year, wages.Mul(one.Sub(town)))
	}
}

// heads is the number of persons that money by heads is paid for: posts, people in post, or the lower of both, group by group (M per_head).
func (l *Ledger) heads(n *node, year int) dec {
	sum := zero
	for _, which := range n.names() {
		for _, group := range n.at(which).texts() {
			g := l.plan.at("staff", group)
			switch which {
			case "posts", "filled":
				sum = sum.Add(l.held(g.at(which), year, zero))
			case "lower":
				sum = sum.Add(l.get("staff."+group+".lower", year))
			}
		}
	}
	return sum
}

// spending enters running costs, the other lines of spending and performance pay (M Staff, running costs, performance pay).
func (l *Ledger) spending(year int) {
	if running := l.plan.at("running_costs"); running != nil {
		index := one
		for y := l.first; y <= year; y++ {
			index = times(index, one.Add(l.held(running.at("price_growth"), y, zero)))
		}
		l.set("running_costs.price_index", year, index)
		heads := l.set("running_costs.heads", year, l.heads(running.at("heads"), year))
		l.set("running_costs.due", year, fen(times(heads, l.held(running.at("per_head"), year, zero), index)))
	}
	for _, id := range l.plan.at("spending").names() {
		use, line := l.plan.at("spending", id), "spending."+id
		if path := use.at("path"); path != nil {
			l.set(line+".due", year, l.held(path, year, zero))
			continue
		}
		before := use.at("amount").number(zero)
		if year > l.first {
			before = l.get(line+".due", year-1)
		}
		l.set(line+".due", year, fen(times(before, one.Add(l.held(use.at("growth"), year, zero)))))
	}
	l.performance(year)
}

// performance is the pool of performance pay and what a head of each grade gets of it (M Performance pay). What a head gets is never rounded.
func (l *Ledger) performance(year int) {
	n := l.plan.at("performance_pay")
	base := zero
	if of := n.at("of"); of != nil {
		for _, id := range of.texts() {
			base = base.Add(l.get("transfers."+id+".paid", year))
		}
	} else {
		base = l.get("incentive_paid", year)
	}
	l.set("performance_pay.base", year, base)
	pool := l.set("performance_pay.pool", year, fen(times(base, l.held(n.at("rate"), year, zero))).Add(l.held(n.at("amount"), year, zero)))
	heads := zero
	groups := n.at("staff").texts()
	if groups == nil {
		groups = l.plan.at("staff").names()
	}
	for _, id := range groups {
		heads = heads.Add(l.held(l.plan.at("staff", id, "filled"), year, zero))
	}
	l.set("performance_pay.heads", year, heads)
	weighted := zero
	grades := n.at("grades").parts()
	for i, g := range grades {
		of := l.set("performance_pay.grades."+strconv.Itoa(i+1)+".heads", year, times(heads, l.held(g.at("share"), year, zero)))
		weighted = weighted.Add(l.set("performance_pay.grades."+strconv.Itoa(i+1)+".weighted", year, times(of, l.held(g.at("weight"), year, zero))))
	}
	l.set("performance_pay.weighted_heads", year, weighted)
	var yuan []dec
	for i, g := range grades {
		each := zero
		if !weighted.IsZero() {
			each = over(times(pool, l.held(g.at("weight"), year, zero)), weighted)
		}
		l.set("performance_pay.grades."+strconv.Itoa(i+1)+".per_head", year, each)
		yuan = append(yuan, l.set("performance_pay.grades."+strconv.Itoa(i+1)+".yuan_per_head", year, each.Mul(whole(10_000))))
	}
	if len(yuan) > 1 {
		l.set("performance_pay.gap_yuan", year, yuan[0].Sub(yuan[1]))
	}
}
