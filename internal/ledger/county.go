package ledger

// county enters both sides of the ledger, as paid and as due (M The county's side).
func (l *Ledger) county(year int) {
	kept, amount := l.get("kept", year), l.get("amount", year)
	town := l.set("town_receives", year, kept.Add(l.get("transfers_paid", year)).Sub(l.get("uploads_paid", year)))
	keeps := l.set("county_keeps", year, amount.Sub(town))
	due := l.set("town_receives_if_due", year, kept.Add(l.get("transfers_due", year)).Sub(l.get("uploads_due", year)))
	l.set("county_keeps_if_due", year, amount.Sub(due))
	wages := zero
	for _, id := range l.plan.at("staff").names() {
		wages = wages.Add(l.get("staff."+id+".wages_by_county", year))
	}
	l.set("county_wages", year, wages)
	l.set("county_after_wages", year, keeps.Sub(wages))
	uploads := l.get("uploads_owed", year) // not remitted: beside the arrears, and against what the county owes
	l.set("arrears_with_uploads", year, l.get("arrears_total", year).Add(uploads))
	l.set("county_account", year, l.get("transfers_owed", year).Sub(uploads))
}

// indicators enters the ratios; one with a denominator of 0 is blank (M Indicators).
func (l *Ledger) indicators(year int) {
	resources := l.set("resources", year, l.get("town_receives", year)) // uploads are netted, drawings are no part of it (D A bond funds one project)
	debt := l.get("debt", year)
	l.ratio("debt_ratio", year, debt, resources)
	level := zero
	for _, colour := range []struct {
		name string
		from int
	}{{"yellow", 120}, {"orange", 200}, {"red", 300}} {
		limit := l.set("debt_"+colour.name+"_limit", year, fen(times(resources, l.held(l.plan.at("indicators", colour.name), year, hundredths(colour.from)))))
		level = level.Add(l.set("debt_"+colour.name+"_met", year, flag(debt.IsPositive() && !debt.LessThan(limit))))
	}
	l.set("debt_level", year, level)
	l.ratio("debt_service_ratio", year, l.get("service_due", year), resources)
	need, paid := zero, zero
	for _, c := range []string{"livelihood", "wages", "operations"} {
		need, paid = need.Add(l.get("payments."+c+".need", year)), paid.Add(l.get("payments."+c+".paid", year))
	}
	l.set("basic_need", year, need)
	l.set("basic_paid", year, paid)
	l.ratio("basic_coverage", year, paid, need)
	l.ratio("delivery_rate", year, l.get("transfers_paid", year), l.get("transfers_payable", year))
	spent := l.get("payments_paid", year)
	for _, id := range l.plan.at("projects").names() {
		spent = spent.Add(l.get("projects."+id+".paid_grant", year)).Add(l.get("projects."+id+".paid_bond", year))
	}
	l.set("spending_paid", year, spent)
	l.ratio("self_sufficiency", year, l.get("kept", year), spent)
	l.ratio("incentive_share", year, l.get("incentive_paid", year), l.get("receipts", year))
	gap := l.get("gap", year)
	if peak := l.had("peak_gap", year-1); gap.GreaterThan(peak) {
		l.set("peak_gap", year, gap)
		l.set("peak_gap_year", year, whole(year))
	} else {
		l.set("peak_gap", year, peak)
		l.set("peak_gap_year", year, l.had("peak_gap_year", year-1))
	}
	cleared := l.set("arrears_cleared", year, most(l.get("arrears_change", year).Neg(), zero))
	l.ratio("years_to_clear", year, l.get("arrears_total", year), cleared)
}
