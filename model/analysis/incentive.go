package analysis

import (
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Incentive is what the clauses of one scenario do: what an extra 万元 of revenue brings to each side, how much of the growth the county must owe
// to the incentive to be no worse off, and where the payoff has edges. All of it comes from running the book again with trial increments
// (revenue.X.extra).
type Incentive struct {
	Clauses   []*model.Element // every transfer, in the plan's order
	Overall   []*Retention     // of all items that count, together: lasting from the first plan year, then each year alone
	Items     []*Retention     // item by item, of those that count for some clause
	BreakEven []*BreakEven     // of every clause with a base
	Findings  []*Finding       // edges of what a year of revenue pays, clause by clause
	Bases     []*BaseTrial     // the clauses under other base rules; see Book.TryBases
	Without   []Without        // by Clauses: what both sides have if that clause is not there
}

// Gain is what one side gets, added up over the plan years: as due and as paid, and both discounted to the first plan year.
type Gain struct{ Due, Paid, DueNow, PaidNow decimal.Decimal }

// Retention is what extra revenue of 1 万元 in a year, or in every year from then on, brings to each side within the plan years.
type Retention struct {
	Item            *model.Element // nil: all that count, in proportion to what counted of each
	Year            int
	Lasting         bool            // in every year from Year on, else in Year only
	Extra, ExtraNow decimal.Decimal // the revenue put in, added up; and discounted
	Clauses         []Gain          // by Incentive.Clauses; of an upload below 0
	Kept            Gain            // by the town, of the revenue itself
	Town, County    Gain            // all that each side is left with; together Local
	Local           Gain            // the revenue that stays with town and county; the rest is other levels'
}

// Rate is a gain per 万元 of the extra revenue, to six places; 0 if there was nothing to put it in.
func (r *Retention) Rate(g Gain) Gain {
	per := func(sum, of decimal.Decimal) decimal.Decimal {
		if of.IsZero() {
			return decimal.Decimal{}
		}
		return sum.DivRound(of, 6)
	}
	return Gain{per(g.Due, r.Extra), per(g.Paid, r.Extra), per(g.DueNow, r.ExtraNow), per(g.PaidNow, r.ExtraNow)}
}

// Appraise analyses one scenario's result. Thorough tries every item in every year and scans the payoff closely; without it items are tried
// from the first year on only, and edges of less than a few 万元 may be missed. An increment under which a formula fails is an error.
func Appraise(b *model.Book, result *model.Result, thorough bool) (*Incentive, []model.Problem) {
	t := trialOf(b, result)
	if t == nil {
		return &Incentive{}, nil
	}
	a := &Incentive{}
	for _, c := range t.clauses {
		a.Clauses, a.Without = append(a.Clauses, c.element), append(a.Without, t.without(c))
	}
	t.probe()
	first, last := t.first, t.last
	for i, e := range t.items {
		if !t.counts[i] {
			continue
		}
		a.Items = append(a.Items, t.lasting[i])
		for col := first; thorough && col <= last; col++ {
			if col > first {
				a.Items = append(a.Items, t.retention(e, col, true, t.single(i, col, last)))
			}
			a.Items = append(a.Items, t.retention(e, col, false, t.single(i, col, col)))
		}
	}
	if len(a.Items) > 0 {
		a.Overall = append(a.Overall, t.overall(first, last, true))
		for col := first; col <= last; col++ {
			if thorough && col > first {
				a.Overall = append(a.Overall, t.overall(col, last, true))
			}
			a.Overall = append(a.Overall, t.overall(col, col, false))
		}
		for i, c := range t.clauses {
			if c.excess >= 0 {
				a.BreakEven = append(a.BreakEven, t.breakEven(c, a.Without[i]))
			}
		}
		scanned := t.unrounded()
		a.Findings = scanned.lint(thorough)
		t.fail(scanned.err)
	}
	return a, t.problem(t.err)
}

// trial runs one scenario again with extra revenue.
type trial struct {
	book        *model.Book
	scenario    int
	was         *formula.Values
	inputs      []formula.Input // as the scenario has them
	tried       []formula.Input // the same with increments
	now         *formula.Values // what came of them
	rerun       *formula.Rerun
	wanted      []int             // lines
	first, last int               // columns of the plan years
	discount    []decimal.Decimal // by column
	err         *formula.Error    // the first that happened

	items   []*model.Element
	extras  []int        // their trial increments
	counts  []bool       // an increment of the item counts for some clause
	lasting []*Retention // of each item, from the first year on
	amounts []int        // what is collected of each item
	counted []int        // what counts of each item
	clauses []*clauseLines

	amount, kept, countedTotal           int
	town, townIfDue, county, countyIfDue int
}

// clauseLines are where the lines of one clause stand; excess and counted are -1 where it has none.
type clauseLines struct {
	element                            *model.Element
	due, paid, inTerm, excess, counted int
	through                            [][]decimal.Decimal // by item and column: what of an extra 万元 counts for this clause
	upload, moves                      bool                // moves: revenue can move what is due
}

// trialOf prepares the trials of a result; nil if the plan has no transfers.
func trialOf(b *model.Book, result *model.Result) *trial {
	cal := b.Plan.Calendar
	t := &trial{book: b.Asking("extra", "term.from"), was: result.Values, first: cal.Zero() + 1, last: cal.Columns() - 1,
		scenario: slices.IndexFunc(b.Plan.Scenarios, func(s model.Scenario) bool { return s.ID == result.Scenario.ID })}
	moved := t.book != b
	b = t.book
	t.inputs, t.tried = b.Inputs(t.scenario), b.Inputs(t.scenario)
	at := b.Program.Index
	t.amount, t.kept, t.countedTotal = at("amount"), at("kept"), at("counted")
	t.town, t.townIfDue, t.county, t.countyIfDue = at("town_receives"), at("town_receives_if_due"), at("county_keeps"), at("county_keeps_if_due")
	t.wanted = []int{t.amount, t.kept, t.countedTotal, t.town, t.townIfDue, t.county, t.countyIfDue}
	for _, e := range b.Plan.In("revenue") {
		t.items, t.extras = append(t.items, e), append(t.extras, at(e.Address()+".extra"))
		collected := at(e.Address() + ".gross")
		if collected < 0 { // nothing of it goes to higher levels
			collected = at(e.Address() + ".amount")
		}
		t.amounts, t.counted = append(t.amounts, collected), append(t.counted, at(e.Address()+".counted"))
	}
	t.wanted = append(t.wanted, t.counted...)
	for _, e := range b.Plan.In("transfers") {
		c := &clauseLines{element: e, upload: e.Kind == "upload", due: at(e.Address() + ".due"), paid: at(e.Address() + ".paid"),
			inTerm: at(e.Address() + ".in_term"), excess: at(e.Address() + ".excess"), counted: at(e.Address() + ".counted")}
		if c.counted < 0 {
			c.counted = t.countedTotal
		}
		t.clauses = append(t.clauses, c)
		t.wanted = append(t.wanted, c.due, c.paid, c.counted)
		if c.excess >= 0 {
			t.wanted = append(t.wanted, c.excess)
		}
	}
	if len(t.clauses) == 0 {
		return nil
	}
	divisor := at("discount_divisor")
	if moved { // the same figures, with lines of what is moved
		read := append(slices.Concat(t.wanted, t.amounts), divisor)
		for _, c := range t.clauses {
			read = append(read, c.inTerm)
		}
		t.was = b.Program.EvaluateOnly(t.inputs, read)
	}
	t.now = t.was.Clone()
	t.rerun = b.Program.Rerun(t.extras, t.wanted)
	for _, c := range t.clauses {
		c.moves = t.rerun.Moves(c.due)
	}
	// Multiplied with, not divided by: what is discounted part by part then adds up exactly.
	t.discount = make([]decimal.Decimal, cal.Columns())
	for col := t.first; col <= t.last; col++ {
		t.discount[col] = decimal.NewFromInt(1).DivRound(value(t.was, divisor, col), 30)
	}
	return t
}

// problem is a trial that failed, as a problem of the plan.
func (t *trial) problem(err *formula.Error) []model.Problem {
	if err == nil {
		return nil
	}
	p := t.book.Problem(err)
	p.Text = formula.Textf("情景 %s，试算多收或少收时：%s", "scenario %s, trying more or less revenue: %s", t.book.Plan.Scenarios[t.scenario].ID, p.Text)
	return []model.Problem{p}
}

// put is extra revenue, by item and column; nil for an item without.
type put [][]decimal.Decimal

// single puts 1 万元 into one item in the columns from..to.
func (t *trial) single(item, from, to int) put {
	extra := make(put, len(t.items))
	extra[item] = t.ones(from, to)
	return extra
}

func (t *trial) ones(from, to int) []decimal.Decimal {
	row := make([]decimal.Decimal, t.last+1)
	for col := from; col <= to; col++ {
		row[col] = decimal.NewFromInt(1)
	}
	return row
}

// with computes the scenario with extra revenue; as it is if a formula fails. The values are good until the next trial.
func (t *trial) with(extra put) *formula.Values {
	for i, line := range t.extras {
		was := t.inputs[line]
		t.tried[line] = was
		if extra[i] == nil {
			continue
		}
		byYear := make([]decimal.Decimal, t.last+1)
		for col := range byYear {
			byYear[col] = was.At(col).Add(extra[i][col])
		}
		t.tried[line] = formula.Input{ByYear: byYear}
	}
	if errs := t.rerun.Update(t.now, t.tried); len(errs) > 0 {
		t.fail(errs[0])
		t.now = t.was.Clone()
	}
	return t.now
}

// fail keeps the first failure.
func (t *trial) fail(err *formula.Error) {
	if t.err == nil {
		t.err = err
	}
}

// value is a line's in a column, 0 where it has none.
func value(v *formula.Values, line, col int) decimal.Decimal {
	d, _, _ := v.At(line, col)
	return d
}

// change adds up what a line gained over the plan years, and the same discounted.
func (t *trial) change(v *formula.Values, line int) (sum, now decimal.Decimal) {
	for col := t.first; col <= t.last; col++ {
		d := value(v, line, col).Sub(value(t.was, line, col))
		sum, now = sum.Add(d), now.Add(d.Mul(t.discount[col]))
	}
	return sum, now
}

func (t *trial) gain(v *formula.Values, due, paid int) (g Gain) {
	g.Due, g.DueNow = t.change(v, due)
	g.Paid, g.PaidNow = t.change(v, paid)
	return g
}

// retention runs a trial and says what came of it.
func (t *trial) retention(item *model.Element, col int, lasting bool, extra put) *Retention {
	return t.outcome(t.with(extra), item, col, lasting, extra)
}

func (t *trial) outcome(v *formula.Values, item *model.Element, col int, lasting bool, extra put) *Retention {
	r := &Retention{Item: item, Year: t.book.Plan.Calendar.First + col, Lasting: lasting,
		Kept: t.gain(v, t.kept, t.kept), Local: t.gain(v, t.amount, t.amount), Town: t.gain(v, t.townIfDue, t.town), County: t.gain(v, t.countyIfDue, t.county)}
	for _, row := range extra {
		for c, d := range row {
			r.Extra, r.ExtraNow = r.Extra.Add(d), r.ExtraNow.Add(d.Mul(t.discount[c]))
		}
	}
	for _, c := range t.clauses {
		g := t.gain(v, c.due, c.paid)
		if c.upload {
			g = Gain{g.Due.Neg(), g.Paid.Neg(), g.DueNow.Neg(), g.PaidNow.Neg()}
		}
		r.Clauses = append(r.Clauses, g)
	}
	return r
}

// probe tries every item from the first year on: which items count, and what of each counts for each clause.
func (t *trial) probe() {
	t.counts = make([]bool, len(t.items))
	for _, c := range t.clauses {
		c.through = make([][]decimal.Decimal, len(t.items))
	}
	for i, e := range t.items {
		extra := t.single(i, t.first, t.last)
		v := t.with(extra)
		r := t.outcome(v, e, t.first, true, extra)
		t.lasting = append(t.lasting, r)
		for k, c := range t.clauses {
			c.through[i] = make([]decimal.Decimal, t.last+1)
			for col := t.first; col <= t.last; col++ {
				c.through[i][col] = value(v, c.counted, col).Sub(value(t.was, c.counted, col))
				t.counts[i] = t.counts[i] || !c.through[i][col].IsZero()
			}
			t.counts[i] = t.counts[i] || !r.Clauses[k].Due.IsZero() || !r.Clauses[k].Paid.IsZero()
		}
	}
}

// overall tries 1 万元 of all that counts, in the columns from..to.
func (t *trial) overall(from, to int, lasting bool) *Retention {
	return t.retention(nil, from, lasting, t.spread(t.ones(from, to), nil))
}

// spread puts amounts (by column) into the items in proportion to what counted of each: so that they add up to the amount, or, for a clause, so
// that what counts for it rises by the amount. Whole fen; the largest item takes what is left of rounding.
func (t *trial) spread(amounts []decimal.Decimal, c *clauseLines) put {
	extra := make(put, len(t.items))
	for i := range extra {
		if t.counts[i] {
			extra[i] = make([]decimal.Decimal, t.last+1)
		}
	}
	one := decimal.NewFromInt(1)
	for col := t.first; col <= t.last; col++ {
		if amounts[col].IsZero() {
			continue
		}
		weight, through := make([]decimal.Decimal, len(t.items)), make([]decimal.Decimal, len(t.items))
		var sum, parts decimal.Decimal
		largest := -1
		for i := range t.items {
			if !t.counts[i] {
				continue
			}
			through[i] = one
			if c != nil {
				through[i] = c.through[i][col]
			}
			if through[i].Sign() <= 0 {
				continue
			}
			weight[i] = decimal.Max(value(t.was, t.counted[i], col), decimal.Zero)
			sum, parts = sum.Add(weight[i].Mul(through[i])), parts.Add(through[i])
			if largest < 0 || weight[i].GreaterThan(weight[largest]) {
				largest = i
			}
		}
		if largest < 0 {
			continue
		}
		left := amounts[col]
		for i := range t.items {
			if i == largest || through[i].Sign() <= 0 {
				continue
			}
			switch {
			case sum.IsZero(): // nothing was collected: to each the same
				extra[i][col] = amounts[col].DivRound(parts, 6)
			default:
				extra[i][col] = amounts[col].Mul(weight[i]).DivRound(sum, 6)
			}
			left = left.Sub(extra[i][col].Mul(through[i]))
		}
		extra[largest][col] = left.DivRound(through[largest], 6)
	}
	return extra
}
