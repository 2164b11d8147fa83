package reports

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// The tables of the clauses: a column for each result. What a ledger has is live; what the incentive analysis found is a number.

// lineRow is a line's plan years as one figure.
func (r *Run) lineRow(line int, how formula.Over, over string) Row {
	row := Row{ID: r.Book.Lines[line].Address(), Name: r.FullLabel(line), Unit: r.Book.Lines[line].Unit, Over: over}
	for result := range r.Results {
		row.Cells = append(row.Cells, r.liveCell(Term{Result: result, Line: line, How: how}))
	}
	return row
}

// liveCell is a sum of figures.
func (r *Run) liveCell(terms ...Term) Cell {
	sum := decimal.Zero
	for _, t := range terms {
		d, _, _ := r.OverYears(t.Result, t.Line, t.How)
		if t.Less {
			d = d.Neg()
		}
		sum = sum.Add(d)
	}
	return Cell{Live: terms, Number: &Number{Value: sum, Unit: r.Book.Lines[terms[0].Line].Unit}}
}

// BothSides is the ledger of town and county over the plan years.
func (r *Run) BothSides() Table {
	t := Table{Result: -1, Caption: r.T("县镇两本账：镇得＋县留＝财政收入", "Both sides of the ledger: town + county = revenue")}
	for _, name := range []string{"amount", "kept", "town_receives_if_due", "county_keeps_if_due", "town_receives", "county_keeps"} {
		t.Rows = append(t.Rows, r.lineRow(r.Line(name), formula.Total, r.T("合计", "total")))
	}
	return t
}

// Clause is what came of a clause and, where that was analysed, what it does at the margin and when the county is no worse off.
func (r *Run) Clause(e *model.Element) []Table {
	tables := []Table{r.clauseOutcome(e)}
	first, there := r.Analysed()
	if !there {
		return tables
	}
	tables[0].Rows = append(tables[0].Rows, r.withoutClause(e)...)
	k := slices.Index(r.Incentives[first].Clauses, e)
	if !slices.Contains(r.Sharing(), k) {
		return tables
	}
	tables = append(tables, r.clauseMargin(k))
	if slices.ContainsFunc(r.Incentives[first].BreakEven, func(b *analysis.BreakEven) bool { return b.Clause == e }) {
		tables = append(tables, r.clauseBreakEven(e))
	}
	return tables
}

// clauseOutcome is what is due, paid and owed, and what the county has beside it at the same revenue.
func (r *Run) clauseOutcome(e *model.Element) Table {
	t := Table{Result: -1, Caption: r.T("落实（取自各情景账）", "Outcome (from the ledgers)")}
	line := func(name string) int { return r.Line(e.Address() + name) }
	row := func(name string, how formula.Over, over string) {
		if i := line(name); i >= 0 { // what is always 0 has no line
			t.Rows = append(t.Rows, r.lineRow(i, how, over))
		}
	}
	for _, name := range []string{".due", ".paid"} {
		row(name, formula.Total, r.T("合计", "total"))
	}
	for _, name := range []string{".owed", ".pending"} {
		row(name, formula.AtEnd, strconv.Itoa(r.Book.Plan.Calendar.Last)+r.T("年末", " (end)"))
	}
	upload := e.Kind == "upload"
	label := r.T("县留加本条（收入不变）", "County keeps plus this clause (same revenue)")
	if upload {
		label = r.T("县留减本条上解（收入不变）", "County keeps less this upload (same revenue)")
	}
	for _, side := range []struct{ keeps, gives, over string }{{"county_keeps_if_due", ".due", r.T("按应得", "as due")}, {"county_keeps", ".paid", r.T("按实拨", "as paid")}} {
		keeps := r.Line(side.keeps)
		row := Row{ID: e.Address(), Name: label, Unit: r.Book.Lines[keeps].Unit, Over: side.over}
		for result := range r.Results {
			terms := []Term{{result, keeps, formula.Total, false}}
			if gives := line(side.gives); gives >= 0 {
				terms = append(terms, Term{result, gives, formula.Total, upload})
			}
			row.Cells = append(row.Cells, r.liveCell(terms...))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// analysedRow is a figure of the analysis; there is false where a result has none.
func (r *Run) analysedRow(name, over string, unit formula.Unit, places int32, of func(*analysis.Incentive) (d decimal.Decimal, there bool)) Row {
	row := Row{Name: name, Unit: unit, Over: over}
	for result := range r.Results {
		n := &Number{Unit: unit, Places: places, Blank: true}
		if a := r.Incentives[result]; a != nil {
			d, there := of(a)
			n.Value, n.Blank = d, !there
		}
		row.Cells = append(row.Cells, Cell{Number: n})
	}
	return row
}

// withoutClause is what the county keeps if the clause is not there: the plan run again, which no formula of a sheet can.
func (r *Run) withoutClause(e *model.Element) (rows []Row) {
	for k, over := range []string{r.T("按应得", "as due"), r.T("按实拨", "as paid")} {
		rows = append(rows, r.analysedRow(r.T("县留：若没有本条（静态，去掉本条重算）", "County keeps: without this clause (static, run again)"), over, formula.Money, 0, func(a *analysis.Incentive) (decimal.Decimal, bool) {
			i := slices.Index(a.Clauses, e)
			if i < 0 {
				return decimal.Zero, false
			}
			return []decimal.Decimal{a.Without[i].County.Due, a.Without[i].County.Paid}[k], true
		}))
	}
	return rows
}

// clauseMargin is what the clause brings of 1 万元 more revenue a year.
func (r *Run) clauseMargin(clause int) Table {
	t := Table{Result: -1, Caption: r.T("边际效果（静态数）：从首年起每年多收1万元，每1万元中由本条归镇", "At the margin (static): of 10k yuan more revenue a year from the first year on, what this clause brings the town")}
	for k, name := range []string{r.T("应得", "due"), r.T("实拨", "paid"), r.T("应得，折现", "due, discounted"), r.T("实拨，折现", "paid, discounted")} {
		t.Rows = append(t.Rows, r.analysedRow(name, r.T("累计", "over the plan"), formula.Ratio, gainPlaces, func(a *analysis.Incentive) (decimal.Decimal, bool) {
			if len(a.Overall) == 0 {
				return decimal.Zero, false
			}
			g := a.Overall[0].Rate(a.Overall[0].Clauses[clause])
			return []decimal.Decimal{g.Due, g.Paid, g.DueNow, g.PaidNow}[k], true
		}))
	}
	return t
}

// clauseBreakEven is the share of growth above the base that the incentive must bring, and the revenue, by what is due and what is paid.
func (r *Run) clauseBreakEven(e *model.Element) Table {
	t := Table{Result: -1, Caption: r.T("县里不亏的条件（静态数）：超基数部分中须由激励带来的比例，与须带来的收入", "The county's break-even (static): the share of growth above the base that the incentive must bring, and the revenue")}
	for k, over := range []string{r.T("按应得", "as due"), r.T("按实拨", "as paid")} {
		of := func(a *analysis.Incentive) *analysis.Additional {
			for _, b := range a.BreakEven {
				if b.Clause == e {
					return []*analysis.Additional{b.Due, b.Paid}[k]
				}
			}
			return nil
		}
		t.Rows = append(t.Rows, r.analysedRow(r.T("须新增占比", "additional share"), over, formula.Ratio, 0, func(a *analysis.Incentive) (decimal.Decimal, bool) {
			if x := of(a); x != nil {
				return x.Share, true
			}
			return decimal.Zero, false
		}), r.analysedRow(r.T("须带来收入合计", "revenue to bring, total"), over, formula.Money, 0, func(a *analysis.Incentive) (decimal.Decimal, bool) {
			if x := of(a); x != nil {
				return x.Revenue, true
			}
			return decimal.Zero, false
		}))
	}
	return t
}
