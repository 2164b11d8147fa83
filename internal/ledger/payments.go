package ledger

import "slices"

var categories = []string{"livelihood", "wages", "operations", "debt_service", "performance", "projects", "other"}

// names of the categories in plans, in either language.
var category = map[string]string{"基本民生": "livelihood", "工资": "wages", "运转": "operations", "还本付息": "debt_service", "绩效": "performance", "项目": "projects", "其他": "other"}

func categoryOf(text string) string {
	if id := category[text]; id != "" {
		return id
	}
	return text
}

// order is the payment order; what it leaves out comes last, in the usual order.
func (l *Ledger) order() (order []string) {
	for _, text := range l.plan.at("order").texts() {
		order = append(order, categoryOf(text))
	}
	for _, c := range categories {
		if !slices.Contains(order, c) {
			order = append(order, c)
		}
	}
	return order
}

// stockOpenings enters cash, arrears, projects and debt at the end of year 0.
func (l *Ledger) stockOpenings(year int) {
	total := zero
	for _, c := range categories {
		if c != "projects" {
			total = total.Add(l.set("payments."+c+".arrears", year, l.plan.at("cash", "arrears", c).number(zero)))
		}
	}
	contractors := zero
	for _, id := range l.plan.at("projects").names() {
		p, line := l.plan.at("projects", id), "projects."+id
		contractors = contractors.Add(l.set(line+".arrears", year, p.at("owed").number(zero)))
		l.set(line+".grant_balance", year, p.at("earmarked_opening").number(zero))
		l.set(line+".bond_balance", year, zero)
	}
	l.set("contractors_owed", year, contractors)
	l.set("arrears_total", year, total.Add(contractors))
	l.set("cash", year, l.plan.at("cash", "opening").number(zero))
	for _, id := range l.debt {
		l.set("debt."+id+".balance", year, l.plan.at("debt", id, "opening").number(zero))
	}
}

// projects enters what each project costs and what the money earmarked to it pays: grants first, then bonds (M Projects).
func (l *Ledger) projects(year int) {
	for _, id := range l.plan.at("projects").names() {
		p, line := l.plan.at("projects", id), "projects."+id
		cost := l.event(p.at("cost"), year)
		if total := p.at("cost", "total"); total != nil {
			cost = fen(times(total.number(zero), l.event(p.at("cost", "profile"), year)))
		}
		l.set(line+".cost", year, cost)
		need := l.set(line+".need", year, l.get(line+".arrears", year-1).Add(cost))
		grants, bonds := zero, zero
		for _, t := range l.clauses {
			if l.plan.at("transfers", t, "earmarked_to").textOr("") == id {
				grants = grants.Add(l.get("transfers."+t+".paid_earmarked", year))
			}
		}
		for _, bond := range p.at("funded_by").texts() {
			bonds = bonds.Add(l.get("debt."+bond+".drawn", year))
		}
		for _, source := range []struct {
			name string
			in   dec
		}{{"grant", grants}, {"bond", bonds}} {
			there := l.get(line+"."+source.name+"_balance", year-1).Add(l.set(line+"."+source.name+"_in", year, source.in))
			paid := l.set(line+".paid_"+source.name, year, least(need, there))
			l.set(line+"."+source.name+"_balance", year, there.Sub(paid))
			need = need.Sub(paid)
		}
		l.set(line+".cash_need", year, need)
	}
}

// payments pays the categories in their order from what is available; what is not paid becomes arrears (M Cash and the payment order).
func (l *Ledger) payments(year int) {
	freeDrawn := zero
	for _, id := range l.debt {
		if !l.fundsProject(id) {
			freeDrawn = freeDrawn.Add(l.get("debt."+id+".drawn", year))
		}
	}
	free := zero
	for _, id := range l.clauses {
		if l.kind(id) != "upload" {
			free = free.Add(l.get("transfers."+id+".paid_free", year))
		}
	}
	l.set("free_transfers_paid", year, free)
	l.set("free_drawn", year, freeDrawn)
	receipts := l.set("receipts", year, l.get("kept", year).Add(free).Add(freeDrawn).Sub(l.get("uploads_paid", year)))
	floor := l.held(l.plan.at("cash", "floor"), year, zero)
	available := l.get("cash", year-1).Add(receipts).Sub(floor)
	paidInAll := zero
	for _, c := range l.order() {
		before := available
		if c == "projects" {
			available = l.payProjects(year, available)
		} else {
			available = l.payCategory(c, year, available)
		}
		paidInAll = paidInAll.Add(before.Sub(available))
	}
	l.set("payments_paid", year, paidInAll)
	cash := l.set("cash", year, available.Add(floor))
	l.set("overdrawn", year, most(cash.Neg(), zero))
	l.afterPayments(year)
}

func (l *Ledger) payCategory(c string, year int, available dec) dec {
	line := "payments." + c
	due := l.set(line+".due", year, l.dueOf(c, year))
	need := l.set(line+".need", year, due.Add(l.get(line+".arrears", year-1)))
	l.set(line+".available", year, available)
	paid := l.set(line+".paid", year, least(most(available, zero), need))
	l.set(line+".arrears", year, need.Sub(paid))
	return l.set(line+".left", year, available.Sub(paid))
}

func (l *Ledger) payProjects(year int, available dec) dec {
	cash, owed := zero, zero
	for _, id := range l.plan.at("projects").names() {
		line := "projects." + id
		l.set(line+".cash_available", year, available)
		need := l.get(line+".cash_need", year)
		paid := l.set(line+".paid_cash", year, least(most(available, zero), need))
		available = l.set(line+".left", year, available.Sub(paid))
		cash = cash.Add(paid)
		owed = owed.Add(l.set(line+".arrears", year, need.Sub(paid)))
	}
	l.set("projects_paid_cash", year, cash)
	l.set("contractors_owed", year, owed)
	return available
}

// dueOf is what falls due in a category this year.
func (l *Ledger) dueOf(c string, year int) (due dec) {
	switch c {
	case "wages":
		for _, id := range l.plan.at("staff").names() {
			due = due.Add(l.get("staff."+id+".wages_by_town", year))
		}
	case "operations":
		due = l.had("running_costs.due", year)
		for _, id := range l.plan.at("projects").names() {
			due = due.Add(l.fromFirstNamed(l.plan.at("projects", id, "operating"), year))
		}
	case "debt_service":
		penalty := fen(times(l.get("payments.debt_service.arrears", year-1), l.held(l.plan.at("cash", "overdue_rate"), year, zero)))
		return l.get("service_due", year).Add(l.set("payments.debt_service.penalty", year, penalty))
	case "performance":
		due = l.had("performance_pay.pool", year)
	}
	for _, id := range l.plan.at("spending").names() {
		if categoryOf(l.plan.at("spending", id, "category").textOr("other")) == c {
			due = due.Add(l.get("spending."+id+".due", year))
		}
	}
	return due
}

func (l *Ledger) fundsProject(bond string) bool {
	for _, id := range l.plan.at("projects").names() {
		if slices.Contains(l.plan.at("projects", id, "funded_by").texts(), bond) {
			return true
		}
	}
	return false
}

// afterPayments adds up what stays unpaid; contractors and overdue debt service are debt, other arrears are shown beside it (D Arrears of projects are debt).
func (l *Ledger) afterPayments(year int) {
	overdue := l.set("overdue", year, l.get("payments.debt_service.arrears", year))
	contractors := l.get("contractors_owed", year)
	total := contractors
	for _, c := range categories {
		if c != "projects" {
			total = total.Add(l.get("payments."+c+".arrears", year))
		}
	}
	l.set("arrears_total", year, total)
	change := l.set("arrears_change", year, total.Sub(l.get("arrears_total", year-1)))
	l.set("gap", year, most(change, zero))
	l.set("debt", year, l.get("instruments_balance", year).Add(contractors).Add(overdue))
}
