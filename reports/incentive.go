package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// The tables of the incentive analysis.

// IncentiveTables are the totals and clauses, or with all of it every item, year and share.
func (r *Run) IncentiveTables(all bool) []Table {
	tables := []Table{r.Retentions(), r.Once(), r.TwoSided(), r.Withouts(), r.BreakEven()}
	if len(r.Incentives[0].Bases) > 0 {
		tables = append(tables, r.Bases())
	}
	for i, a := range r.Incentives {
		if !all || a == nil {
			continue
		}
		tables = append(tables, r.ByItem(i))
		for _, e := range a.BreakEven {
			tables = append(tables, r.Outcomes(i, e))
		}
	}
	for i := range tables {
		tables[i].Width = 24
	}
	return tables
}

// Analysed tells whether some scenario has been, and gives the first.
func (r *Run) Analysed() (first int, there bool) {
	first = slices.IndexFunc(r.Incentives, func(a *analysis.Incentive) bool { return a != nil && len(a.Overall) > 0 })
	return first, first >= 0
}

// Sharing are the clauses that extra revenue moves in some scenario, as places in Incentive.Clauses.
func (r *Run) Sharing() (clauses []int) {
	first, _ := r.Analysed()
	for i := range r.Incentives[first].Clauses {
		if slices.ContainsFunc(r.Incentives, func(a *analysis.Incentive) bool {
			return a != nil && slices.ContainsFunc(slices.Concat(a.Overall, a.Items), func(t *analysis.Retention) bool {
				return !t.Clauses[i].Due.IsZero() || !t.Clauses[i].Paid.IsZero()
			})
		}) {
			clauses = append(clauses, i)
		}
	}
	return clauses
}

// clauseName is a clause of the analysis as the run calls it.
func (r *Run) clauseName(i int) string {
	first, _ := r.Analysed()
	return r.ElementLabel(r.Incentives[first].Clauses[i])
}

// retentionHead names the columns of retentionCells.
func (r *Run) retentionHead() (head []string) {
	due, paid := r.T("应得", "due"), r.T("实拨", "paid")
	for _, i := range r.Sharing() {
		head = append(head, r.clauseName(i)+"\n"+due, r.clauseName(i)+"\n"+paid)
	}
	town, county := r.T("镇里合计", "Town"), r.T("县里合计", "County")
	return append(head, r.T("镇级留用", "Kept by\nthe town"), town+"\n"+due, town+"\n"+paid, town+"\n"+r.T("实拨折现", "paid, discounted"), county+"\n"+due, county+"\n"+paid)
}

func (r *Run) retentionCells(t *analysis.Retention) (cells []Cell) {
	add := func(rates ...decimal.Decimal) {
		for _, d := range rates {
			cells = append(cells, gainCell(d))
		}
	}
	for _, i := range r.Sharing() {
		g := t.Rate(t.Clauses[i])
		add(g.Due, g.Paid)
	}
	town, county := t.Rate(t.Town), t.Rate(t.County)
	add(t.Rate(t.Kept).Due, town.Due, town.Paid, town.PaidNow, county.Due, county.Paid)
	return cells
}

// Retentions is what 1 万元 more a year brings in every scenario, of all revenue that counts together.
func (r *Run) Retentions() Table {
	first, _ := r.Analysed()
	from := r.Incentives[first].Overall[0].Year
	t := Table{Result: -1, Head: append([]string{r.T("情景", "Scenario")}, r.retentionHead()...),
		Caption: r.T(fmt.Sprintf("从%d年起每年多收1万元，到%d年累计：每1万元中两边各得（万元）", from, r.Book.Plan.Calendar.Last),
			fmt.Sprintf("10k yuan more a year from %d to %d: what each side has of every 10k yuan", from, r.Book.Plan.Calendar.Last))}
	for i, a := range r.Incentives {
		if a != nil && len(a.Overall) > 0 {
			t.Rows = append(t.Rows, Row{Name: r.ScenarioLabel(r.Results[i].Scenario), Cells: r.retentionCells(a.Overall[0])})
		}
	}
	return t
}

// Once is what 1 万元 more in one year brings the town, by the year.
func (r *Run) Once() Table {
	t := Table{Result: -1, Head: []string{r.T("情景", "Scenario")}, Caption: r.T("只在一年多收1万元，镇里到末年累计得（应得 / 实拨，万元）", "10k yuan more in one year only: what the town has of it by the end (due / paid)")}
	for _, y := range r.Years() {
		t.Head = append(t.Head, fmt.Sprint(y))
	}
	for i, a := range r.Incentives {
		if a == nil || len(a.Overall) == 0 {
			continue
		}
		row := Row{Name: r.ScenarioLabel(r.Results[i].Scenario)}
		for _, o := range a.Overall {
			if !o.Lasting {
				g := o.Rate(o.Town)
				row.Cells = append(row.Cells, Cell{Text: Gain(g.Due) + " / " + Gain(g.Paid)})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ByItem is the same item by item, and year by year where those were tried.
func (r *Run) ByItem(result int) Table {
	t := Table{Result: -1, Head: append([]string{r.T("多收的收入", "Revenue item")}, r.retentionHead()...),
		Caption: r.ScenarioLabel(r.Results[result].Scenario) + r.T("：各项收入多收1万元，每1万元中两边各得（万元）", ": 10k yuan more of each item, what each side has of it")}
	overall := r.Incentives[result].Overall
	for _, a := range slices.Concat(r.Incentives[result].Items, overall) {
		name := r.T("全部计入口径的收入", "all that counts")
		if a.Item != nil {
			name = r.ElementLabel(a.Item)
		}
		when := fmt.Sprintf(r.T(" 仅%d", " %d only"), a.Year)
		if a.Lasting {
			when = fmt.Sprintf(r.T(" %d起", " from %d"), a.Year)
		}
		t.Rows = append(t.Rows, Row{Name: name + when, Cells: r.retentionCells(a), Total: a.Item == nil})
	}
	return t
}

// TwoSided is the ledger of both sides over the plan years: what the revenue comes to, what each clause gives, and what each side ends with.
func (r *Run) TwoSided() Table {
	cal := r.Book.Plan.Calendar
	t := Table{Result: -1, Head: []string{r.T("万元", "10k yuan")}, Caption: r.T(fmt.Sprintf("县镇两本账：%d—%d年合计", cal.Actual+1, cal.Last), fmt.Sprintf("Both sides of the ledger, %d-%d", cal.Actual+1, cal.Last))}
	for i := range r.Results {
		t.Head = append(t.Head, r.ScenarioLabel(r.Results[i].Scenario))
	}
	add := func(name, line string, total bool) {
		if r.Line(line) < 0 {
			return
		}
		row := Row{Name: name, Total: total}
		for i := range r.Results {
			row.Cells = append(row.Cells, amountCell(r.Total(i, r.Line(line))))
		}
		t.Rows = append(t.Rows, row)
	}
	add(r.Label(r.Line("amount")), "amount", true)
	add(r.Label(r.Line("kept")), "kept", false)
	for _, e := range r.Book.Plan.In("transfers") {
		due, paid := r.T(" 应得", ", due"), r.T(" 实拨", ", paid")
		if e.Kind == "upload" {
			due, paid = r.T(" 应缴", ", due to the county"), r.T(" 实缴", ", paid to the county")
		}
		add(r.ElementLabel(e)+due, e.Address()+".due", false)
		add(r.ElementLabel(e)+paid, e.Address()+".paid", false)
	}
	for _, line := range []string{"town_receives_if_due", "county_keeps_if_due", "town_receives", "county_keeps"} {
		add(r.Label(r.Line(line)), line, true)
	}
	return t
}

// BreakEven is by scenario and clause what the county gives and when it is no worse off.
func (r *Run) BreakEven() Table {
	due, paid := r.T("（按应得）", "as due"), r.T("（按实拨）", "as paid")
	t := Table{Result: -1, Caption: r.T("县里不亏的条件：超基数部分中至少多大比例须是激励带来的", "The county's break-even: the share of growth above the base that the incentive must bring"),
		Head: []string{r.T("情景 · 条款", "Scenario · clause"), r.T("县里给出\n应得", "County gives\ndue"), r.T("县里给出\n实拨", "County gives\npaid"),
			r.T("须新增占比", "Share") + "\n" + due, r.T("须带来收入", "Revenue to bring") + "\n" + due, r.T("须新增占比", "Share") + "\n" + paid, r.T("须带来收入", "Revenue to bring") + "\n" + paid}}
	for i, a := range r.Incentives {
		if a == nil {
			continue
		}
		for _, e := range a.BreakEven {
			row := Row{Name: r.ScenarioLabel(r.Results[i].Scenario) + " · " + r.ElementLabel(e.Clause)}
			for _, line := range []string{".due", ".paid"} {
				row.Cells = append(row.Cells, Cell{Text: Amount(r.Total(i, r.Line(e.Clause.Address()+line)))})
			}
			for _, side := range []*analysis.Additional{e.Due, e.Paid} {
				if side == nil {
					row.Cells = append(row.Cells, Cell{Text: r.T("无", "none")}, Cell{Text: NoNumber})
				} else {
					row.Cells = append(row.Cells, exactCell(Percent(side.Share), side.Share, formula.Ratio, 0), amountCell(side.Revenue))
				}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// Withouts is by scenario and clause what both sides have if the clause is not there, and so what it costs the one and brings the other.
func (r *Run) Withouts() Table {
	due, paid := r.T("应得", "due"), r.T("实拨", "paid")
	t := Table{Result: -1, Caption: r.T("若没有这一条（去掉它重算，合计）：县留多少，它让县里少留、镇里多得多少", "Without a clause (run again without it, totals): what the county keeps, what the clause costs it and brings the town"),
		Head: []string{r.T("情景 · 条款", "Scenario · clause"), r.T("县留：若没有本条\n", "County keeps: without this clause\n") + due, r.T("县留：若没有本条\n", "County keeps: without this clause\n") + paid,
			r.T("县里少留\n", "Costs the county\n") + due, r.T("县里少留\n", "Costs the county\n") + paid, r.T("镇里多得\n", "Brings the town\n") + due, r.T("镇里多得\n", "Brings the town\n") + paid}}
	for i, a := range r.Incentives {
		if a == nil {
			continue
		}
		with := func(line string) decimal.Decimal { return r.Total(i, r.Line(line)) }
		for k, w := range a.Without {
			row := Row{Name: r.ScenarioLabel(r.Results[i].Scenario) + " · " + r.ElementLabel(a.Clauses[k])}
			for _, d := range []decimal.Decimal{w.County.Due, w.County.Paid, w.County.Due.Sub(with("county_keeps_if_due")), w.County.Paid.Sub(with("county_keeps")),
				with("town_receives_if_due").Sub(w.Town.Due), with("town_receives").Sub(w.Town.Paid)} {
				row.Cells = append(row.Cells, amountCell(d))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// Outcomes is the county's result by the share of growth that is additional.
func (r *Run) Outcomes(result int, e *analysis.BreakEven) Table {
	t := Table{Result: result, Head: []string{r.T("新增占比", "Share"), r.T("县里得失\n按应得", "County, as due"), r.T("县里得失\n按实拨", "County, as paid")},
		Caption: r.ScenarioLabel(r.Results[result].Scenario) + " · " + r.ElementLabel(e.Clause) + r.T("：超基数部分中新增占比与县里得失（万元）", ": the county's gain or loss by the additional share (10k yuan)")}
	for _, o := range e.Curve {
		t.Rows = append(t.Rows, Row{Name: InFull(o.Share, formula.Ratio), Cells: []Cell{amountCell(o.Due), amountCell(o.Paid)}})
	}
	return t
}

// Bases are the clauses under other base rules, on the first result's revenue.
func (r *Run) Bases() Table {
	t := Table{Result: -1, Caption: r.ScenarioLabel(r.Results[0].Scenario) + r.T("：同一收入，换基数规则（合计为万元；每年多收1万元，每1万元中镇里由本条得）", ": the same revenue under other base rules (totals in 10k yuan; what the clause brings of 10k yuan more a year)"),
		Head: []string{r.T("基数规则", "Base rule"), r.T("应得合计", "Due, total"), r.T("实拨合计", "Paid, total"), r.T("多收1万元\n应得", "10k more\ndue"), r.T("多收1万元\n实拨", "10k more\npaid"),
			r.T("应得折现", "due, discounted"), r.T("实拨折现", "paid, discounted")}}
	for _, b := range r.Incentives[0].Bases {
		row := Row{ID: b.Clause.Address(), Name: r.BaseName(b), Total: b.Rule.ID == "given"}
		for _, d := range []decimal.Decimal{b.Due, b.Paid} {
			row.Cells = append(row.Cells, amountCell(d))
		}
		for _, d := range []decimal.Decimal{b.Gain.Due, b.Gain.Paid, b.Gain.DueNow, b.Gain.PaidNow} {
			row.Cells = append(row.Cells, gainCell(d))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// BaseName is a base rule, with its clause where several are compared.
func (r *Run) BaseName(b *analysis.BaseTrial) string {
	name := b.Rule.Label.In(r.Lang)
	if slices.ContainsFunc(r.Incentives[0].Bases, func(o *analysis.BaseTrial) bool { return o.Clause != b.Clause }) {
		name = r.ElementLabel(b.Clause) + " · " + name
	}
	return name
}

// Findings are the sentences of every scenario; what scenarios have in common is said once, with their names.
func (r *Run) Findings() (lines []string) {
	var texts []string
	in := map[string][]string{}
	analysed := 0
	for i, a := range r.Incentives {
		if a == nil {
			continue
		}
		analysed++
		for _, f := range a.Findings {
			text := f.Text.In(r.Lang)
			if in[text] == nil {
				texts = append(texts, text)
			}
			in[text] = append(in[text], r.ScenarioLabel(r.Results[i].Scenario))
		}
	}
	for _, text := range texts {
		who := strings.Join(in[text], r.T("、", ", "))
		if len(in[text]) == analysed && analysed > 1 {
			who = r.T("各情景", "all scenarios")
		}
		lines = append(lines, text+r.T("（", " (")+who+r.T("）", ")"))
	}
	return lines
}

// ShownFindings is how many sentences are enough at a glance.
const ShownFindings = 10
