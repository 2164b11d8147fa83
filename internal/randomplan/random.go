package randomplan

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// New is a plan file made up from a seed, for tests of what must hold of every plan: all kinds of rules in varying numbers, amounts with up
// to six decimals, rates that make ties of half a fen, two to four scenarios. The same seed gives the same plan; every plan is valid.
func New(seed uint64) []byte {
	g := &random{Rand: rand.New(rand.NewPCG(seed, 1))}
	g.years = 1 + g.IntN(7)
	if g.IntN(24) == 0 {
		g.years = 30
	}
	g.history = []int{1, 2, 3, 4, 5, 6}[g.IntN(6)]
	g.steady = g.IntN(5) == 0
	g.plan()
	return []byte(g.out.String())
}

type random struct {
	*rand.Rand
	out            strings.Builder
	years, history int
	steady         bool // all revenue grows by the same whole per cent, so that conditions are met exactly
	refunds        bool // some revenue is below 0
	from, term     int  // the term of the clause being written; 0: the plan's years
}

const randomFirst = 2022

func (g *random) line(format string, args ...any) { fmt.Fprintf(&g.out, format+"\n", args...) }

func (g *random) coin() bool { return g.IntN(2) == 0 }

func (g *random) year() int { return randomFirst + g.IntN(g.years) }

// money has zero to six decimals.
func (g *random) money(most int) string {
	places := []int{0, 1, 2, 2, 4, 6}[g.IntN(6)]
	if places == 0 {
		return fmt.Sprint(g.IntN(most))
	}
	scale := 1
	for range places {
		scale *= 10
	}
	return fmt.Sprintf("%d.%0*d", g.IntN(most), places, g.IntN(scale))
}

// opening is what is in cash at the start: enough for refunds and long levies, which have to be paid out whatever there is.
func (g *random) opening(most int) string {
	if g.refunds || g.years == 30 {
		return fmt.Sprintf("9%04d%s", g.IntN(10_000), []string{"", ".5", ".123457"}[g.IntN(3)])
	}
	return g.money(most)
}

// level is an amount of the size of a year's revenue, with none or six decimals.
func (g *random) level() string {
	if g.coin() {
		return fmt.Sprint(900 + g.IntN(900))
	}
	return fmt.Sprintf("%d.%06d", 900+g.IntN(900), g.IntN(1_000_000))
}

// rate is a percentage, often one that makes ties.
func (g *random) rate(most int) string {
	switch g.IntN(4) {
	case 0:
		return "50%"
	case 1:
		return fmt.Sprintf("%d%%", g.IntN(most+1))
	}
	return fmt.Sprintf("%d.%d%%", g.IntN(most), g.IntN(10))
}

func (g *random) growth() string { return fmt.Sprintf("%d.%d%%", g.IntN(22)-8, g.IntN(10)) }

// held is one value, a list, or a map whose values hold until the next.
func (g *random) held(value func() string) string {
	switch g.IntN(3) {
	case 0:
		values := make([]string, g.years)
		for i := range values {
			values[i] = value()
		}
		return "[" + strings.Join(values, ", ") + "]"
	case 1:
		if later := g.year(); later > randomFirst {
			return fmt.Sprintf("{%d: %s, %d: %s}", randomFirst, value(), later, value())
		}
	}
	return value()
}

// beginning chooses the term of the next clause: that of the plan, or one that begins years before the plan, in it or after it.
func (g *random) beginning() {
	g.from, g.term = randomFirst, g.years
	if g.IntN(3) > 0 {
		g.from, g.term = randomFirst-8+g.IntN(10), 1+g.IntN(14)
		if g.IntN(8) == 0 {
			g.from = randomFirst + g.IntN(g.years+2)
		}
	}
}

// reset is how often a base is reset: its last reset before the plan must be to revenue that history has.
func (g *random) reset() string {
	for every := 1 + g.IntN(4); every > 0; every-- {
		last := g.from + max(randomFirst-g.from, 0)/every*every - 1
		if randomFirst < g.from+every || last >= randomFirst-g.history {
			return fmt.Sprintf("base_reset_every: %d, ", every)
		}
	}
	return ""
}

func (g *random) event(most int) string { return fmt.Sprintf("{%d: %s}", g.year(), g.money(most)) }

func (g *random) settlement() string {
	s := fmt.Sprintf("lag: %d, delivered: %s, caught_up: %s", g.IntN(3), g.held(func() string { return g.rate(99) }), g.rate(80))
	if g.coin() {
		s += fmt.Sprintf(", owed_opening: %s", g.money(200))
	}
	if g.coin() {
		s += fmt.Sprintf(", past_due: {%d: %s}", randomFirst-1-g.IntN(g.history), g.money(90))
	}
	pays := "100%"
	if g.coin() {
		pays = g.held(func() string { return []string{"0%", "100%", "62.5%"}[g.IntN(3)] })
	}
	s += fmt.Sprintf(", term: {from: %d, years: %d, pays: %s}", g.from, g.term, pays)
	g.beginning()
	if g.IntN(4) == 0 {
		s += fmt.Sprintf(", advance: {%d: %s}, advance_rate: %s", g.year(), g.money(60), g.held(func() string { return g.rate(90) }))
	}
	return s
}

// gate is a condition, often one that is met exactly.
func (g *random) gate() string {
	if g.steady {
		return []string{"counted >= prev(counted) * 107%", "counted / prev(counted) - 1 >= 7%", "counted / prev(counted) >= 107%", "counted > prev(counted) * 107%", "counted / prev(counted) - 1 < 7%"}[g.IntN(5)]
	}
	return "counted > prev(counted)"
}

// ages is a schedule by year of the term.
func (g *random) ages() string {
	shares := make([]string, 1+g.IntN(min(g.term, 3)))
	for i := range shares {
		shares[i] = "{share: " + []string{"0%", g.rate(99)}[g.IntN(2)] + "}"
	}
	return "ages: [" + strings.Join(shares, ", ") + "]"
}

// shape is what some clauses of any kind do to their award.
func (g *random) shape() (s string) {
	for _, also := range []string{"award_cap: " + g.money(400), "award_floor: " + g.money(60), "award_cap_term: " + g.money(900), "award_floor_term: " + g.money(300), "award_floor_previous: " + g.rate(99), "award_cap_previous: 1" + g.rate(40),
		"gate: " + g.gate(), "multiplier: \"when(counted > prev(counted), 90%, 100%)\"", "rounded_to: " + []string{"1", "0.1", "0.5", "10"}[g.IntN(4)],
		fmt.Sprintf("payment_bands: [{rate: %s}, {over: %s, rate: %s}]", g.rate(99), g.money(80), g.held(func() string { return g.rate(99) })), g.ages()} {
		if g.IntN(6) == 0 {
			s += also + ", "
		}
	}
	return s
}

// base is one of the base rules; targets by year cannot grow as well.
func (g *random) base(grows bool) string {
	switch g.IntN(6) {
	case 4:
		if grows {
			return fmt.Sprintf("{target: %s}", g.money(4000))
		}
		return fmt.Sprintf("{target: %s}", g.held(func() string { return g.money(4000) }))
	case 0:
		return fmt.Sprintf("{year: %d}", randomFirst-1-g.IntN(g.history))
	case 1:
		return fmt.Sprintf("{amount: %s}", g.money(4000))
	case 2:
		return "previous"
	case 3:
		return fmt.Sprintf("{rolling: %d}", 1+g.IntN(g.history))
	}
	return fmt.Sprintf("{mean: %d}", 1+g.IntN(g.history))
}

// clause is what some clauses say of their base and their scope.
func (g *random) clause(items int) (s string) {
	if g.IntN(3) == 0 {
		one := g.IntN(items)
		s += fmt.Sprintf("items: [{item: item%d, share: %s}", one, g.held(func() string { return g.rate(99) }))
		if other := g.IntN(items); other != one {
			s += fmt.Sprintf(", {item: item%d}", other)
		}
		s += "], "
	} else {
		if g.IntN(3) == 0 {
			s += g.reset()
		}
		if g.IntN(3) == 0 {
			s += "base_never_falls: yes, "
		}
	}
	if g.IntN(3) == 0 {
		s += fmt.Sprintf("base_growth: %s, ", g.growth())
	}
	if g.IntN(3) == 0 {
		s += fmt.Sprintf("base_edit: {%d: -%s}, ", g.year(), g.money(100))
	}
	if g.IntN(3) == 0 {
		s += fmt.Sprintf("excluded: [{name: 剔除, amount: %s}], ", g.event(100))
	}
	for _, also := range []string{"award_floor_base: " + g.rate(9), "award_cap_base: " + g.rate(40), "set_aside: " + g.money(40), "set_aside_rate: " + g.rate(40), "in_base_rate: " + g.rate(9),
		"bands_apply: whole" + []string{"", ", class_by: counted"}[g.IntN(2)], "shortfall_over_base: " + g.rate(5)} {
		if g.IntN(4) == 0 {
			s += also + ", "
		}
	}
	return s
}

func (g *random) yes() string { return []string{"yes", "no"}[g.IntN(2)] }

func (g *random) bands() string {
	switch g.IntN(3) {
	case 0:
		return "rate: " + g.rate(99)
	case 1:
		return fmt.Sprintf("bands: [{rate: %s}, {over: %d, rate: %s}, {over: %d, over_base: %d%%, rate: %s}]", g.rate(99), g.IntN(100), g.rate(99), 100+g.IntN(200), g.IntN(20), g.rate(99))
	}
	return fmt.Sprintf("bands: [{rate: %s}, {over_base: %d%%, rate: %s}]", g.rate(99), 1+g.IntN(30), g.rate(99))
}

func (g *random) plan() {
	g.line("town: 随机镇\ncounty: 随机县\ntitle: 随机计划\nversion: \"1\"\nyears: %d-%d\nhistory: %d-%d", randomFirst, randomFirst+g.years-1, randomFirst-g.history, randomFirst-1)
	items := 1 + g.IntN(5)
	g.revenue(items)
	groups := g.staff()
	projects := g.IntN(4)
	g.shares(items)
	g.transfers(groups, projects)
	g.spending()
	g.debt(g.projects(projects, items))
	g.line("cash: {opening: %s, floor: %s, overdue_rate: %s, arrears: {wages: %s, debt_service: %s}}", g.opening(200), g.money(40), g.rate(9), g.money(30), g.money(30))
	order := []string{"livelihood", "wages", "operations", "debt_service", "performance", "projects", "other"}
	g.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	g.line("order: [%s]", strings.Join(order, ", "))
	g.line("layers:\n  unpaid: {set: {transfers.*.delivered: 0%%}}\n  moved: {set: {transfers.share0.base: %s, transfers.fixed.amount: ×1.1}}\n  slump: {set: {revenue.*.counts: ×0.9, cash.opening: %s}}\n  later: {set: {transfers.share0.term.from: %d, transfers.fixed.term.pays: %s}}", g.base(true), g.opening(100), g.year()+1, g.held(func() string { return []string{"0%", "100%"}[g.IntN(2)] }))
	g.line("scenarios:\n  - {id: plain}\n  - {id: moved, layers: [moved, slump]}")
	if g.coin() {
		g.line("  - {id: unpaid, layers: [unpaid, later]}")
	}
}

// revenue are the items, some steady at exactly 7 % so that conditions are met exactly.
func (g *random) revenue(items int) {
	g.line("revenue:")
	for i := range items {
		past := make([]string, g.history)
		for y := range past {
			past[y] = g.level()
		}
		how, counts := "growth: "+g.held(g.growth), g.held(func() string { return g.rate(99) })
		switch what := g.IntN(8); {
		case g.steady:
			how, counts, past[g.history-1] = "growth: 7%", "100%", fmt.Sprint(1000+g.IntN(900))
		case what == 0 && g.history > 2:
			how = "growth: " + []string{"cagr", "mean", "trend"}[g.IntN(3)]
		case what == 1:
			how = "path: " + g.held(func() string { return g.money(2000) })
		case what == 2: // more is paid back than collected
			g.refunds = true
			how = "path: " + g.held(func() string { return []string{"-", ""}[g.IntN(2)] + g.money(900) })
			past[g.IntN(g.history)] = "-" + g.money(300)
		}
		if g.steady {
			g.line("  item%d: {history: [%s], %s, counts: %s, kept_share: %s}", i, strings.Join(past, ", "), how, counts, g.rate(99))
			continue
		}
		if g.coin() && !strings.HasPrefix(how, "path") {
			how += ", step: " + g.event(100)
		}
		if g.coin() {
			how += ", one_off: " + g.event(200) + ", one_off_counts: " + g.rate(99)
		}
		kept := "kept_share: " + g.rate(99)
		switch g.IntN(4) {
		case 0:
			kept = "levels: {central: 50%, province: 12.5%, county: 20%, town: 17.5%}, counts_of: " + []string{"local", "gross"}[g.IntN(2)]
		case 1:
			kept += ", response: " + g.growth()
		}
		g.line("  item%d: {history: [%s], %s, counts: %s, %s}", i, strings.Join(past, ", "), how, counts, kept)
	}
}

func (g *random) staff() (groups int) {
	g.line("staff:")
	groups = 1 + g.IntN(3)
	for i := range groups {
		g.line("  group%d: {posts: %d, filled: %s, pay: %s, pay_growth: %s, paid_by: %s}", i, g.IntN(80), g.held(func() string { return fmt.Sprint(g.IntN(80)) }), g.money(15), g.held(g.growth), []string{"county", "town"}[g.IntN(2)])
	}
	return groups
}

// shares are the clauses above a base.
func (g *random) shares(items int) {
	g.line("transfers:")
	g.beginning()
	for i := range 1 + g.IntN(3) {
		clause := g.clause(items) + g.shape()
		if i == 0 && g.coin() {
			clause += fmt.Sprintf("shortfall_rate: %s, shortfall_fine: %s, shortfall_from: fixed, shortfall_carried: %s, ", g.rate(99), g.money(9), g.yes())
			if !strings.Contains(clause, "items:") {
				clause += "shortfall_cuts_base: " + g.yes() + ", "
			}
		}
		g.line("  share%d: {kind: above_base, base: %s, %s%s, %s}", i, g.base(strings.Contains(clause, "base_growth")), clause, g.bands(), g.settlement())
	}
}

// transfers are those of the other kinds.
func (g *random) transfers(groups, projects int) {
	g.line("  fixed: {kind: fixed, amount: %s, %s%s}", g.held(func() string { return g.money(500) }), g.shape(), g.settlement())
	chain := ""
	if g.coin() {
		chain = fmt.Sprintf("chained_to: counted, chain_share: %s, chain_floor: %s, ", g.rate(99), g.growth())
	}
	g.line("  indexed: {kind: fixed, amount: %s, indexed: %s, indexed_from: %d, %s%s}", g.money(300), g.growth(), g.year()-g.IntN(6), chain, g.settlement())
	if g.coin() {
		g.line("  levels: {kind: steps, levels: [{at: %s, award: %s}, {at: 1%s, award: %s}], pays: %s, %s%s}", g.money(2000), g.money(40), g.money(900), g.money(40), []string{"first_time", "each_crossing", "every_year"}[g.IntN(3)], g.shape(), g.settlement())
	}
	if g.coin() {
		of := []string{"", "of: kept, ", "of: revenue.item0.counted - prev(revenue.item0.counted), "}[g.IntN(3)]
		g.line("  cohorts: {kind: vintages, %svintage_rates: [{rate: %s}, {rate: %s}, {rate: %s}], %s%s}", of, g.rate(60), g.rate(60), g.rate(60), g.shape(), g.settlement())
	}
	g.line("  heads: {kind: per_head, heads: {%s: [group%d]}, standard: %s, %s}", []string{"posts", "filled", "lower"}[g.IntN(3)], g.IntN(groups), g.money(4), g.settlement())
	if projects > 0 {
		g.line("  part: {kind: fixed, amount: %s, earmarked_to: work%d, earmarked_rate: %s, %s}", g.money(90), g.IntN(projects), g.held(func() string { return g.rate(99) }), g.settlement())
		g.line("  grant: {kind: grant, amount: %s, earmarked_to: work%d, %s}", g.event(300), g.IntN(projects), g.settlement())
	}
	if g.coin() {
		g.line("  levy: {kind: upload, amount: %s, indexed: %s, rate: %s, of: \"max(kept, 0)\", lag: %d, remitted: %s, remitted_late: %s}", g.money(80), g.growth(), g.rate(20), g.IntN(3), g.rate(99), g.rate(80))
	}
	if g.coin() {
		g.line("  step: {kind: formula, formula: \"when(counted > prev(best), round(max(counted, 0) * 1%%), 0)\", lines: {best: {formula: \"max(prev(best), counted)\", opening: counted}}, %s}", g.settlement())
	}
}

func (g *random) spending() {
	g.line("running_costs: {heads: {filled: [group0]}, per_head: %s, price_growth: %s}", g.money(3), g.held(g.growth))
	g.line("performance_pay: {rate: %s, of: [share0, fixed], amount: %s, grades: [{name: 优, share: 25%%, weight: 1.5}, {name: 良, share: 75%%, weight: 1}]}", g.held(func() string { return g.rate(40) }), g.money(20))
	g.line("spending:")
	for i := range 1 + g.IntN(4) {
		how := fmt.Sprintf("amount: %s, growth: %s", g.money(300), g.held(g.growth))
		if g.IntN(4) == 0 {
			how = "path: " + g.held(func() string { return g.money(300) })
		}
		g.line("  use%d: {category: %s, %s}", i, []string{"livelihood", "wages", "operations", "performance", "other"}[g.IntN(5)], how)
	}
}

func (g *random) projects(projects, items int) (bonds int) {
	if projects > 0 {
		g.line("projects:")
	}
	for i := range projects {
		s := "cost: " + g.event(400)
		if g.coin() {
			s = fmt.Sprintf("cost: {total: %s, profile: {%d: 100%%}}", g.money(900), g.year())
		}
		if g.coin() {
			s += fmt.Sprintf(", funded_by: [bond%d]", bonds)
			bonds++
		}
		if g.coin() {
			s += fmt.Sprintf(", operating: %s, yields: {%d: %s}, into: item%d", g.money(20), g.year(), g.money(50), g.IntN(items))
		}
		g.line("  work%d: {%s, owed: %s}", i, s, g.money(500))
	}
	return bonds
}

func (g *random) debt(bonds int) {
	g.line("debt:")
	method := func() string {
		return []string{"equal_principal", "level_payment", "bullet", "interest_only"}[g.IntN(4)] + fmt.Sprintf(", grace: %d, years: %d", g.IntN(3), 1+g.IntN(8))
	}
	for i := range bonds {
		g.line("  bond%d: {class: onlent_special, drawn: %s, rate: %s, method: %s}", i, g.event(600), g.held(func() string { return g.rate(9) }), method())
	}
	g.line("  loan: {class: legacy_loan, opening: %s, rate: %s, method: %s}", g.money(900), g.rate(9), method())
	g.line("  free: {class: onlent_general, opening: %s, drawn: %s, rate: %s, method: schedule, repaid: %s}", g.money(90), g.event(90), g.rate(9), g.event(120))
}
