package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	layout "github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// The tables of the incentive analysis, for the terminal and, under its charts, for the page.

// rate writes what an extra 万元 brings.
func rate(d decimal.Decimal) string {
	if d.Round(4).IsZero() {
		return "0"
	}
	return d.StringFixed(4)
}

// analysed tells whether some scenario has been, and gives the first.
func (r *Run) analysed() (first int, there bool) {
	first = slices.IndexFunc(r.Incentives, func(a *analysis.Incentive) bool { return a != nil && len(a.Overall) > 0 })
	return first, first >= 0
}

// sharing are the clauses that extra revenue moves in some scenario, as places in Incentive.Clauses.
func (r *Run) sharing() (clauses []int) {
	first, _ := r.analysed()
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
	first, _ := r.analysed()
	return r.ElementLabel(r.Incentives[first].Clauses[i])
}

// retentionHead names the columns of retentionCells.
func (r *Run) retentionHead() (head []string) {
	due, paid := r.T("应得", "due"), r.T("实拨", "paid")
	for _, i := range r.sharing() {
		head = append(head, r.clauseName(i)+"\n"+due, r.clauseName(i)+"\n"+paid)
	}
	town, county := r.T("镇里合计", "Town"), r.T("县里合计", "County")
	return append(head, r.T("镇级留用", "Kept by\nthe town"), town+"\n"+due, town+"\n"+paid, town+"\n"+r.T("实拨折现", "paid, discounted"), county+"\n"+due, county+"\n"+paid)
}

func (r *Run) retentionCells(t *analysis.Retention) (cells []pageCell) {
	add := func(rates ...decimal.Decimal) {
		for _, d := range rates {
			cells = append(cells, pageCell{Text: rate(d)})
		}
	}
	for _, i := range r.sharing() {
		g := t.Rate(t.Clauses[i])
		add(g.Due, g.Paid)
	}
	town, county := t.Rate(t.Town), t.Rate(t.County)
	add(t.Rate(t.Kept).Due, town.Due, town.Paid, town.PaidNow, county.Due, county.Paid)
	return cells
}

// retentions is what 1 万元 more a year brings in every scenario, of all revenue that counts together.
func (r *Run) retentions() pageTable {
	first, _ := r.analysed()
	from := r.Incentives[first].Overall[0].Year
	t := pageTable{Result: -1, Head: append([]string{r.T("情景", "Scenario")}, r.retentionHead()...),
		Caption: r.T(fmt.Sprintf("从%d年起每年多收1万元，到%d年累计：每1万元中两边各得（万元）", from, r.Book.Plan.Calendar.Last),
			fmt.Sprintf("10k yuan more a year from %d to %d: what each side has of every 10k yuan", from, r.Book.Plan.Calendar.Last))}
	for i, a := range r.Incentives {
		if a != nil && len(a.Overall) > 0 {
			t.Rows = append(t.Rows, pageRow{Name: r.ScenarioLabel(r.Results[i].Scenario), Cells: r.retentionCells(a.Overall[0])})
		}
	}
	return t
}

// once is what 1 万元 more in one year brings the town, by the year.
func (r *Run) once() pageTable {
	t := pageTable{Result: -1, Head: []string{r.T("情景", "Scenario")}, Caption: r.T("只在一年多收1万元，镇里到末年累计得（应得 / 实拨，万元）", "10k yuan more in one year only: what the town has of it by the end (due / paid)")}
	for _, y := range r.Years() {
		t.Head = append(t.Head, fmt.Sprint(y))
	}
	for i, a := range r.Incentives {
		if a == nil || len(a.Overall) == 0 {
			continue
		}
		row := pageRow{Name: r.ScenarioLabel(r.Results[i].Scenario)}
		for _, o := range a.Overall {
			if !o.Lasting {
				g := o.Rate(o.Town)
				row.Cells = append(row.Cells, pageCell{Text: rate(g.Due) + " / " + rate(g.Paid)})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// byItem is the same item by item, and year by year where those were tried.
func (r *Run) byItem(result int) pageTable {
	t := pageTable{Result: -1, Head: append([]string{r.T("多收的收入", "Revenue item")}, r.retentionHead()...),
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
		t.Rows = append(t.Rows, pageRow{Name: name + when, Cells: r.retentionCells(a), Total: a.Item == nil})
	}
	return t
}

// twoSided is the ledger of both sides over the plan years: what the revenue comes to, what each clause gives, and what each side ends with.
func (r *Run) twoSided() pageTable {
	cal := r.Book.Plan.Calendar
	t := pageTable{Result: -1, Head: []string{r.T("万元", "10k yuan")}, Caption: r.T(fmt.Sprintf("县镇两本账：%d—%d年合计", cal.Actual+1, cal.Last), fmt.Sprintf("Both sides of the ledger, %d-%d", cal.Actual+1, cal.Last))}
	for i := range r.Results {
		t.Head = append(t.Head, r.ScenarioLabel(r.Results[i].Scenario))
	}
	add := func(name, line string, total bool) {
		if r.Line(line) < 0 {
			return
		}
		row := pageRow{Name: name, Total: total}
		for i := range r.Results {
			row.Cells = append(row.Cells, pageCell{Text: amount(r.total(i, r.Line(line)))})
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

// breakEven is by scenario and clause what the county gives and when it is no worse off.
func (r *Run) breakEven() pageTable {
	due, paid := r.T("（按应得）", "as due"), r.T("（按实拨）", "as paid")
	t := pageTable{Result: -1, Caption: r.T("县里不亏的条件：超基数部分中至少多大比例须是激励带来的", "The county's break-even: the share of growth above the base that the incentive must bring"),
		Head: []string{r.T("情景 · 条款", "Scenario · clause"), r.T("县里给出\n应得", "County gives\ndue"), r.T("县里给出\n实拨", "County gives\npaid"),
			r.T("须新增占比", "Share") + "\n" + due, r.T("须带来收入", "Revenue to bring") + "\n" + due, r.T("须新增占比", "Share") + "\n" + paid, r.T("须带来收入", "Revenue to bring") + "\n" + paid}}
	for i, a := range r.Incentives {
		if a == nil {
			continue
		}
		for _, e := range a.BreakEven {
			row := pageRow{Name: r.ScenarioLabel(r.Results[i].Scenario) + " · " + r.ElementLabel(e.Clause)}
			for _, line := range []string{".due", ".paid"} {
				row.Cells = append(row.Cells, pageCell{Text: amount(r.total(i, r.Line(e.Clause.Address()+line)))})
			}
			for _, side := range []*analysis.Additional{e.Due, e.Paid} {
				if side == nil {
					row.Cells = append(row.Cells, pageCell{Text: r.T("无", "none")}, pageCell{Text: noNumber})
				} else {
					row.Cells = append(row.Cells, pageCell{Text: percent(side.Share)}, pageCell{Text: amount(side.Revenue)})
				}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// withouts is by scenario and clause what both sides have if the clause is not there, and so what it costs the one and brings the other.
func (r *Run) withouts() pageTable {
	due, paid := r.T("应得", "due"), r.T("实拨", "paid")
	t := pageTable{Result: -1, Caption: r.T("若没有这一条（去掉它重算，合计）：县留多少，它让县里少留、镇里多得多少", "Without a clause (run again without it, totals): what the county keeps, what the clause costs it and brings the town"),
		Head: []string{r.T("情景 · 条款", "Scenario · clause"), r.T("县留：若没有本条\n", "County keeps: without this clause\n") + due, r.T("县留：若没有本条\n", "County keeps: without this clause\n") + paid,
			r.T("县里少留\n", "Costs the county\n") + due, r.T("县里少留\n", "Costs the county\n") + paid, r.T("镇里多得\n", "Brings the town\n") + due, r.T("镇里多得\n", "Brings the town\n") + paid}}
	for i, a := range r.Incentives {
		if a == nil {
			continue
		}
		with := func(line string) decimal.Decimal { return r.total(i, r.Line(line)) }
		for k, w := range a.Without {
			row := pageRow{Name: r.ScenarioLabel(r.Results[i].Scenario) + " · " + r.ElementLabel(a.Clauses[k])}
			for _, d := range []decimal.Decimal{w.County.Due, w.County.Paid, w.County.Due.Sub(with("county_keeps_if_due")), w.County.Paid.Sub(with("county_keeps")),
				with("town_receives_if_due").Sub(w.Town.Due), with("town_receives").Sub(w.Town.Paid)} {
				row.Cells = append(row.Cells, pageCell{Text: amount(d)})
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// outcomes is the county's result by the share of growth that is additional.
func (r *Run) outcomes(result int, e *analysis.BreakEven) pageTable {
	t := pageTable{Result: result, Head: []string{r.T("新增占比", "Share"), r.T("县里得失\n按应得", "County, as due"), r.T("县里得失\n按实拨", "County, as paid")},
		Caption: r.ScenarioLabel(r.Results[result].Scenario) + " · " + r.ElementLabel(e.Clause) + r.T("：超基数部分中新增占比与县里得失（万元）", ": the county's gain or loss by the additional share (10k yuan)")}
	for _, o := range e.Curve {
		t.Rows = append(t.Rows, pageRow{Name: o.Share.Shift(2).String() + "%", Cells: []pageCell{{Text: amount(o.Due)}, {Text: amount(o.Paid)}}})
	}
	return t
}

// bases are the clauses under other base rules, on the first result's revenue.
func (r *Run) bases() pageTable {
	t := pageTable{Result: -1, Caption: r.ScenarioLabel(r.Results[0].Scenario) + r.T("：同一收入，换基数规则（合计为万元；每年多收1万元，每1万元中镇里由本条得）", ": the same revenue under other base rules (totals in 10k yuan; what the clause brings of 10k yuan more a year)"),
		Head: []string{r.T("基数规则", "Base rule"), r.T("应得合计", "Due, total"), r.T("实拨合计", "Paid, total"), r.T("多收1万元\n应得", "10k more\ndue"), r.T("多收1万元\n实拨", "10k more\npaid"),
			r.T("应得折现", "due, discounted"), r.T("实拨折现", "paid, discounted")}}
	for _, b := range r.Incentives[0].Bases {
		row := pageRow{Name: r.baseName(b), Total: b.Rule.ID == "given"}
		for _, d := range []decimal.Decimal{b.Due, b.Paid} {
			row.Cells = append(row.Cells, pageCell{Text: amount(d)})
		}
		for _, d := range []decimal.Decimal{b.Gain.Due, b.Gain.Paid, b.Gain.DueNow, b.Gain.PaidNow} {
			row.Cells = append(row.Cells, pageCell{Text: rate(d)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// baseName is a base rule, with its clause where several are compared.
func (r *Run) baseName(b *analysis.BaseTrial) string {
	name := b.Rule.Label.In(r.Lang)
	if slices.ContainsFunc(r.Incentives[0].Bases, func(o *analysis.BaseTrial) bool { return o.Clause != b.Clause }) {
		name = r.ElementLabel(b.Clause) + " · " + name
	}
	return name
}

// findings are the sentences of every scenario; what scenarios have in common is said once, with their names.
func (r *Run) findings() (lines []string) {
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

// shownFindings is how many sentences are enough at a glance.
const shownFindings = 10

// IncentiveText is the analysis for a terminal: totals and clauses, or with all of it every item, year and share.
func IncentiveText(run *Run, all bool) string {
	if _, there := run.analysed(); !there {
		return run.T("没有哪项收入能增加县对镇的转移支付，无可分析\n", "no revenue moves any transfer: there is nothing to analyse\n")
	}
	tables := []pageTable{run.retentions(), run.once(), run.twoSided(), run.withouts(), run.breakEven()}
	if len(run.Incentives[0].Bases) > 0 {
		tables = append(tables, run.bases())
	}
	for i, a := range run.Incentives {
		if !all || a == nil {
			continue
		}
		tables = append(tables, run.byItem(i))
		for _, e := range a.BreakEven {
			tables = append(tables, run.outcomes(i, e))
		}
	}
	var out strings.Builder
	for _, t := range tables {
		if len(t.Rows) > 0 {
			out.WriteString(t.Caption + "\n" + plainTable(t) + "\n\n")
		}
	}
	lines := run.findings()
	if len(lines) == 0 {
		out.WriteString(run.T("收入上下浮动20%，各年应得没有悬崖、死区、反向，也没有跨年挪收入的好处\n", "with revenue 20% up or down there are no cliffs, dead zones or reversals, and nothing to gain across year-ends\n"))
		return out.String()
	}
	out.WriteString(run.T("收入上下浮动20%，各年应得有这些坎：\n", "With revenue 20% up or down, what is due has these edges:\n"))
	for i, line := range lines {
		if i == shownFindings && !all {
			fmt.Fprintf(&out, run.T("- 另有 %d 条，用 --all 列出\n", "- %d more, shown with --all\n"), len(lines)-i)
			break
		}
		out.WriteString("- " + line + "\n")
	}
	return out.String()
}

// plainTable draws a table in characters.
func plainTable(t pageTable) string {
	layout.OverrideRuneWidthEastAsianWidth(false)
	w := table.NewWriter()
	w.SetStyle(table.StyleDefault)
	w.Style().Format.Header = layout.FormatDefault
	var configs []table.ColumnConfig
	var header table.Row
	for i, h := range t.Head {
		header = append(header, formula.Visible(h))
		if i > 0 {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: layout.AlignRight, AlignHeader: layout.AlignRight, WidthMax: 24})
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, r := range t.Rows {
		row := table.Row{formula.Visible(r.Name)}
		for _, c := range r.Cells {
			row = append(row, formula.Visible(c.Text))
		}
		w.AppendRow(row)
	}
	return w.Render()
}
