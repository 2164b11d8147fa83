package analysis

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// FindingKind is a sort of edge in what revenue pays.
type FindingKind string

// The sorts. What is due is added up over the plan years, as one year's revenue moves from 20 % below the plan to 20 % above.
const (
	Cliff    FindingKind = "cliff"     // it jumps at one amount of revenue
	Reversal FindingKind = "reversal"  // an extra 10k yuan costs the town, or brings it more than that 万元
	DeadZone FindingKind = "dead_zone" // an extra 10k yuan brings nothing although the clause pays, or the revenue is above its base
	Kink     FindingKind = "kink"      // the plan's own revenue lies beside a cliff or a change of rate
	YearEnd  FindingKind = "year_end"  // moving 1 万元 of revenue to the next year, or to the one before, pays
)

// findingOrder puts first what the plan sits on.
var findingOrder = []FindingKind{Kink, Cliff, Reversal, DeadZone, YearEnd}

// Finding is one edge.
type Finding struct {
	Kind     FindingKind
	Clause   *model.Element  // nil: the town as a whole
	Year     int             // whose revenue moves
	ToYear   int             // of YearEnd: where it goes
	From, To decimal.Decimal // counted revenue of the year, where it begins and ends; equal for an edge at one place
	Size     decimal.Decimal // the jump; what an extra 10k yuan brings there; the gain
	Text     model.Text
}

// Of what is told apart: amounts of less than a few 分 and retention of less than a tenth of a per cent are rounding.
var (
	leastJump  = decimal.New(5, -2)  // within 0.01 万元 of revenue
	leastGain  = decimal.New(1, -2)  // of moving 1 万元
	noise      = decimal.New(1, -5)  // of a sum of rounded amounts
	flatRate   = decimal.New(1, -3)  // a retention of nothing
	leastKink  = decimal.New(2, -2)  // a change of retention at one place
	wholeRate  = decimal.New(1, 0)   // a retention of everything
	steepRate  = decimal.New(2, 0)   // steeper than any rate: a jump within
	kinkWithin = decimal.New(5, -3)  // of the year's revenue
	scanned    = decimal.New(20, -2) // of the year's revenue, to both sides
	cents      = int32(2)            // the scan counts in 0.01 万元
)

// payoff is one sum that is scanned: what a clause is due, or all the town receives.
type payoff struct {
	clause             *clauseLines // nil: the town as a whole
	due, excess, count int          // lines; excess -1 if there is none
}

func (p payoff) element() *model.Element {
	if p.clause == nil {
		return nil
	}
	return p.clause.element
}

// text is whose payoff it is.
func (p payoff) text() model.Text {
	if p.clause == nil {
		return model.Text{ZH: "全镇合计", EN: "the town as a whole"}
	}
	return p.clause.element.Text()
}

// unrounded is the trial without what clauses round to whole 万元 or the like: each such step would be an edge of its own.
func (t *trial) unrounded() *trial {
	inputs := slices.Clone(t.inputs)
	for _, c := range t.clauses {
		if line := t.book.Line(c.element.Address() + ".rounded_to"); line >= 0 {
			inputs[line] = formula.Input{}
		}
	}
	other, err := t.given(inputs)
	if err != nil {
		t.fail(err)
		return t
	}
	return other
}

// lint scans the payoff of every plan year and moves revenue across every year-end.
func (t *trial) lint(thorough bool) (findings []*Finding) {
	var payoffs []payoff
	moving := 0
	for _, c := range t.clauses {
		if c.moves && !c.upload {
			payoffs = append(payoffs, payoff{c, c.due, c.excess, c.counted})
		}
		if c.moves {
			moving++
		}
	}
	for i, r := range t.lasting {
		if t.counts[i] && !r.Kept.Due.IsZero() {
			moving++
		}
	}
	if moving > 1 {
		payoffs = append(payoffs, payoff{nil, t.townIfDue, -1, t.countedTotal})
	}
	for col := t.first; col <= t.last; col++ {
		s := &scan{trial: t, payoffs: payoffs, col: col, points: map[int64]*point{}, steps: 2, most: 100, bend: decimal.New(5, -3)}
		if thorough {
			s.steps, s.finest, s.most, s.bend = 40, 1, 1500, decimal.New(5, -4)
		}
		findings = append(findings, s.findings()...)
		if col < t.last {
			findings = append(findings, t.yearEnd(payoffs, col, col+1)...)
			findings = append(findings, t.yearEnd(payoffs, col+1, col)...)
		}
	}
	place := func(f *Finding) int {
		return slices.IndexFunc(payoffs, func(p payoff) bool { return p.element() == f.Clause })
	}
	slices.SortStableFunc(findings, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(slices.Index(findingOrder, a.Kind), slices.Index(findingOrder, b.Kind)), cmp.Compare(a.Year, b.Year))
	})
	return findings
}

// scan is the payoff of one year's revenue, more or less of it in 0.01 万元 spread over what counts.
type scan struct {
	*trial
	payoffs []payoff
	col     int
	points  map[int64]*point
	steps   int64           // the range is cut into so many to each side, before edges are looked for
	finest  int64           // where only jumps are followed further; 0: by the revenue
	most    int             // points, after which what is not straight is left out
	bend    decimal.Decimal // of the retention, that is taken for straight
}

// point is what the payoffs come to with some extra revenue.
type point struct {
	sums, excess, due, counted []decimal.Decimal // by payoff; all but sums of the year itself
}

// piece is a stretch on which every payoff is straight.
type piece struct{ from, to int64 }

func (s *scan) at(extra int64) *point {
	if p := s.points[extra]; p != nil {
		return p
	}
	amounts := make([]decimal.Decimal, s.last+1)
	amounts[s.col] = decimal.New(extra, -cents)
	v := s.with(s.spread(amounts, nil))
	p := &point{}
	for _, f := range s.payoffs {
		p.sums = append(p.sums, s.total(v, f.due))
		p.due = append(p.due, value(v, f.due, s.col))
		p.excess = append(p.excess, value(v, f.excess, s.col))
		p.counted = append(p.counted, value(v, f.count, s.col))
	}
	s.points[extra] = p
	return p
}

// pieces cuts a range until every payoff is straight on each piece, or the piece is too small to hold anything but a jump.
func (s *scan) pieces(from, to int64) []piece {
	whole := piece{from, to}
	if to-from == 1 {
		return []piece{whole}
	}
	mid := from + (to-from)/2
	a, m, b := s.at(from), s.at(mid), s.at(to)
	part := decimal.NewFromInt(mid-from).DivRound(decimal.NewFromInt(to-from), 12)
	most := noise.Add(s.bend.Mul(decimal.New(to-from, -cents)))
	straight, steep := true, false
	for i := range s.payoffs {
		for _, y := range [][3]decimal.Decimal{{a.sums[i], m.sums[i], b.sums[i]}, {a.excess[i], m.excess[i], b.excess[i]}} {
			off := y[0].Add(y[2].Sub(y[0]).Mul(part)).Sub(y[1])
			straight = straight && off.Abs().LessThanOrEqual(most)
		}
		steep = steep || s.slope(i, whole).Abs().GreaterThan(steepRate)
	}
	if straight || to-from <= s.finest && !steep {
		return []piece{whole}
	}
	if len(s.points) > s.most {
		return nil
	}
	return append(s.pieces(from, mid), s.pieces(mid, to)...)
}

// slope is what an extra 10k yuan brings on a piece.
func (s *scan) slope(payoff int, p piece) decimal.Decimal {
	return s.rise(payoff, p).DivRound(decimal.New(p.to-p.from, -cents), 6)
}

func (s *scan) rise(payoff int, p piece) decimal.Decimal {
	return s.at(p.to).sums[payoff].Sub(s.at(p.from).sums[payoff])
}

// findings scans the year.
func (s *scan) findings() (findings []*Finding) {
	var revenue decimal.Decimal
	for i := range s.items {
		if s.counts[i] {
			revenue = revenue.Add(value(s.was, s.amounts[i], s.col))
		}
	}
	reach := revenue.Mul(scanned).Shift(cents).Round(0).IntPart()
	if reach < s.steps {
		return nil
	}
	if s.finest == 0 {
		s.finest = max(1, reach/80) // a quarter of a per cent of the revenue
	}
	var pieces []piece
	for k := -s.steps; k < s.steps; k++ {
		pieces = append(pieces, s.pieces(k*reach/s.steps, (k+1)*reach/s.steps)...)
	}
	for i, p := range s.payoffs {
		if p.clause == nil || !value(s.was, p.clause.inTerm, s.col).IsZero() {
			findings = append(findings, s.edges(i, pieces)...)
		}
	}
	// What a clause takes away, the town as a whole loses too: that is said once.
	return slices.DeleteFunc(findings, func(f *Finding) bool {
		return f.Clause == nil && f.Size.Sign() < 0 && slices.ContainsFunc(findings, func(o *Finding) bool { return o.Clause != nil && o.Kind == Reversal && o.Size.Sign() < 0 })
	})
}

// stretch is neighbouring pieces on which one payoff rises alike.
type stretch struct {
	piece
	rate   decimal.Decimal
	paying bool // the clause pays, or the revenue is above its base
	cliff  bool
}

// alike: two rates that the scan does not tell apart.
func (s *scan) alike(a, b decimal.Decimal) bool {
	return a.Sub(b).Abs().LessThanOrEqual(s.bend.Mul(decimal.NewFromInt(10)))
}

// stretches joins the pieces for one payoff. A smallest piece that is like neither neighbour holds the edge itself and is left out.
func (s *scan) stretches(i int, pieces []piece) (all []stretch) {
	for k, p := range pieces {
		rate := s.slope(i, p)
		paying := s.at(p.to).due[i].IsPositive() || s.at(p.to).excess[i].IsPositive()
		if p.to-p.from == 1 && s.rise(i, p).Abs().GreaterThanOrEqual(leastJump) {
			all = append(all, stretch{p, rate, paying, true})
			continue
		}
		if n := len(all) - 1; n >= 0 && !all[n].cliff {
			last := &all[n]
			if last.paying == paying && s.alike(last.rate, rate) {
				last.to = p.to
				continue
			}
			if p.to-p.from <= s.finest && k+1 < len(pieces) && !s.alike(rate, s.slope(i, pieces[k+1])) {
				continue
			}
		}
		all = append(all, stretch{p, rate, paying, false})
	}
	return all
}

// sort is what a stretch is for who reads it; empty for one on which an extra 万元 brings its part.
func (r stretch) sort() FindingKind {
	switch {
	case r.cliff:
		return Cliff
	case r.rate.GreaterThan(wholeRate.Add(flatRate)), r.rate.LessThan(flatRate.Neg()):
		return Reversal
	case r.paying && r.rate.Abs().LessThanOrEqual(flatRate):
		return DeadZone
	}
	return ""
}

// edges are the findings of one payoff in the year. Cliffs, dead zones and kinks of the whole town are those of some clause.
func (s *scan) edges(i int, pieces []piece) (findings []*Finding) {
	own := s.payoffs[i].clause != nil
	who, year := s.payoffs[i].text(), s.book.Plan.Calendar.First+s.col
	add := func(kind FindingKind, from, to int64, size decimal.Decimal, text model.Text) {
		if own || kind == Reversal {
			findings = append(findings, &Finding{Kind: kind, Clause: s.payoffs[i].element(), Year: year, From: s.at(from).counted[i], To: s.at(to).counted[i], Size: size, Text: text})
		}
	}
	amount := func(extra int64) string { return s.at(extra).counted[i].StringFixed(2) }
	planned := s.at(0).counted[i]
	near := func(extra int64) bool {
		return s.at(extra).counted[i].Sub(planned).Abs().LessThanOrEqual(planned.Mul(kinkWithin))
	}
	all := s.stretches(i, pieces)
	for k, r := range all {
		if k > 0 && !r.cliff && !all[k-1].cliff && near(r.from) && all[k-1].rate.Sub(r.rate).Abs().GreaterThanOrEqual(leastKink) {
			add(Kink, r.from, r.from, r.rate.Sub(all[k-1].rate), formula.Textf("%d年%s：方案的口径收入%s万元紧挨着拐点%s万元：拐点以下多收1万元得%s，以上得%s", "%[2]s in %[1]d: the plan's counted revenue of %[3]s lies beside the kink at %[4]s: below it an extra 10k yuan brings %[5]s, above it %[6]s",
				year, who, planned.StringFixed(2), amount(r.from), all[k-1].rate.StringFixed(3), r.rate.StringFixed(3)))
		}
	}
	for k := 0; k < len(all); k++ {
		r := all[k]
		for k+1 < len(all) && !r.cliff && r.sort() != "" && all[k+1].sort() == r.sort() && all[k+1].rate.Sub(all[k].rate).Abs().LessThan(leastKink) { // a curve is one finding
			k++
			r.to = all[k].to
			r.rate = s.slope(i, r.piece)
		}
		size := s.rise(i, r.piece)
		switch {
		case r.cliff && own:
			word, wordEN := "一下多", "more"
			if size.Sign() < 0 {
				word, wordEN = "一下少", "less"
			}
			add(Cliff, r.to, r.to, size, formula.Textf("%[1]d年%[2]s：口径收入到%[3]s万元这条线，各年应得合计%[5]s%[4]s万元", "%[2]s in %[1]d: as counted revenue reaches %[3]s, what is due over the plan is at once %[4]s %[6]s",
				year, who, amount(r.to), size.Abs().StringFixed(2), word, wordEN))
			s.beside(i, r.piece, pieces, add, who, year)
			if near(r.to) {
				add(Kink, r.to, r.to, size, formula.Textf("%d年%s：方案的口径收入%s万元紧挨着%s万元这道坎，差一点就差%s万元", "%[2]s in %[1]d: the plan's counted revenue of %[3]s lies beside the cliff at %[4]s, worth %[5]s",
					year, who, planned.StringFixed(2), amount(r.to), size.Abs().StringFixed(2)))
			}
		case r.cliff:
		case r.sort() == Reversal && r.rate.IsPositive():
			add(Reversal, r.from, r.to, r.rate, formula.Textf("%d年%s：口径收入在%s至%s万元之间，多收1万元各年应得合计多%s万元，超过多收的钱", "%[2]s in %[1]d: from %[3]s to %[4]s of counted revenue an extra 10k yuan brings %[5]s, more than itself",
				year, who, amount(r.from), amount(r.to), r.rate.StringFixed(3)))
		case r.sort() == Reversal:
			add(Reversal, r.from, r.to, r.rate, formula.Textf("%d年%s：口径收入在%s至%s万元之间，多收1万元各年应得合计反而少%s万元", "%[2]s in %[1]d: from %[3]s to %[4]s of counted revenue an extra 10k yuan costs %[5]s over the plan",
				year, who, amount(r.from), amount(r.to), r.rate.Neg().StringFixed(3)))
		case r.sort() == DeadZone:
			add(DeadZone, r.from, r.to, decimal.Zero, formula.Textf("%d年%s：口径收入在%s至%s万元之间，多收1万元各年应得合计一分不增", "%[2]s in %[1]d: from %[3]s to %[4]s of counted revenue an extra 10k yuan brings nothing over the plan",
				year, who, amount(r.from), amount(r.to)))
		}
	}
	return findings
}

// beside finds the stretch beside a cliff on which the payoff is upside down: before a rise, where reaching the line pays more than the revenue
// it takes; after a fall, where more revenue leaves the town with less.
func (s *scan) beside(i int, c piece, pieces []piece, add func(FindingKind, int64, int64, decimal.Decimal, model.Text), who model.Text, year int) {
	top, low := s.at(c.to).sums[i], s.at(c.from).sums[i]
	amount := func(extra int64) string { return s.at(extra).counted[i].StringFixed(2) }
	size := top.Sub(low)
	if size.Sign() > 0 {
		from := s.walk(pieces, c.from, -1, func(x int64) decimal.Decimal {
			return top.Sub(s.at(x).sums[i]).Sub(decimal.New(c.to-x, -cents))
		})
		add(Reversal, from, c.to, size, formula.Textf("%d年%s：口径收入在%s至%s万元之间，凑到%s万元多得的比多收的还多", "%[2]s in %[1]d: from %[3]s to %[4]s of counted revenue, reaching %[5]s brings more than the revenue it takes",
			year, who, amount(from), amount(c.to), amount(c.to)))
		return
	}
	to := s.walk(pieces, c.to, 1, func(x int64) decimal.Decimal { return low.Sub(s.at(x).sums[i]) })
	add(Reversal, c.to, to, size, formula.Textf("%d年%s：口径收入在%s至%s万元之间，各年应得合计反而比不到%s万元时少", "%[2]s in %[1]d: from %[3]s to %[4]s of counted revenue less is due than just below %[5]s",
		year, who, amount(c.to), amount(to), amount(c.to)))
}

// walk goes from a place to the left or right as far as something stays above 0, on straight pieces.
func (s *scan) walk(pieces []piece, from, direction int64, above func(int64) decimal.Decimal) int64 {
	x := from
	for {
		k := slices.IndexFunc(pieces, func(p piece) bool { return direction < 0 && p.to == x || direction > 0 && p.from == x })
		if k < 0 {
			return x
		}
		next := pieces[k].from
		if direction > 0 {
			next = pieces[k].to
		}
		here, there := above(x), above(next)
		if there.Sign() <= 0 {
			part := here.DivRound(here.Sub(there), 12)
			return x + part.Mul(decimal.NewFromInt(next-x)).Round(0).IntPart()
		}
		x = next
	}
}

// yearEnd moves 1 万元 of what counts from one year to another and reports for whom that pays.
func (t *trial) yearEnd(payoffs []payoff, from, to int) (findings []*Finding) {
	one := decimal.NewFromInt(1)
	amounts := make([]decimal.Decimal, t.last+1)
	amounts[from], amounts[to] = one.Neg(), one
	v := t.with(t.spread(amounts, nil))
	first := t.book.Plan.Calendar.First
	for _, p := range payoffs {
		gain, _ := t.change(v, p.due)
		same := slices.ContainsFunc(findings, func(f *Finding) bool { return p.clause == nil && f.Size.Sub(gain).Abs().LessThan(leastGain) })
		if gain.GreaterThan(leastGain) && !same {
			findings = append(findings, &Finding{Kind: YearEnd, Clause: p.element(), Year: first + from, ToYear: first + to, Size: gain,
				Text: formula.Textf("%[1]s：把1万元收入从%[2]d年挪到%[3]d年入库，各年应得合计多%[4]s万元", "%[1]s: booking 10k yuan of revenue in %[3]d instead of %[2]d brings %[4]s more over the plan", p.text(), first+from, first+to, gain.StringFixed(2))})
		}
	}
	return findings
}
