package model

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/shopspring/decimal"
	"gonum.org/v1/gonum/stat/distuv"

	"zhencai/model/formula"
)

// Simulating says what to draw and what to keep.
type Simulating struct {
	Scenarios []int // places in Plan.Scenarios; all see the same draws
	Lines     []int // lines whose spread is wanted, in every plan year
	By        Headline
	Paths     int
	Workers   int              // 0: as many as there are processors
	Progress  func(paths int)  // called now and then, from one goroutine at a time
	Town      string           // whose own shocks are drawn, where many towns are simulated: the county's state is the same for all
	frozen    func(string) int // of the variance analysis: which version of a source's numbers to use
}

// Simulated is what came out.
type Simulated struct {
	Simulating
	Seed        int64
	Results     []*Result       // by scenario: as planned, without any draw
	Spread      [][][]*Outcomes // by scenario, line, plan year
	Figure      []*Outcomes     // by scenario: the figure By
	Events      []Event
	Happened    [][][]int64 // by scenario, event, plan year; last the paths in which it ever happened
	Better      [][]int64   // paths in which the first scenario's figure is above the second's
	Clipped     []int64     // by shock: draws that were held at the bounds of the parameter
	Correlated  []string    // addresses of the shocks that are correlated
	Correlation Correlation
}

// Event is something adverse that may happen in a year.
type Event struct {
	ID    string
	Label Text
	line  string  // happens where this line
	less  string  // is above this one, or
	above float64 // above this number of 万元
}

// Watched are the events every simulation of the book watches.
func (b *Book) Watched() []Event {
	all := []Event{
		{ID: "cash_out", Label: Text{ZH: "资金不够付当年应付", EN: "cash runs out: not all due is paid"}, line: "gap"},
		{ID: "basic_not_covered", Label: Text{ZH: "三保未足额保障", EN: "basic needs not fully covered"}, line: "basic_need", less: "basic_paid"},
		{ID: "debt_red", Label: Text{ZH: "债务率红色", EN: "debt ratio red"}, line: "debt_red_met"},
	}
	if u := b.Plan.Uncertainty; u != nil && u.OwedOver.IsPositive() {
		all = append(all, Event{ID: "owed_over", Label: formula.Textf("县欠拨超过 %s 万元", "the county owes more than %s", u.OwedOver), line: "incentive_owed", above: u.OwedOver.InexactFloat64()})
	}
	return all
}

// source is a shock (or the delivery risk) ready for drawing.
type source struct {
	name   string
	law    *law
	cells  []formula.Cell
	years  int   // draws per path
	year   []int // of each cell: which draw
	lowest []float64
	most   []float64
	whole  []bool // of each cell: takes whole numbers only
}

// risk is all that is drawn in one run.
type risk struct {
	seed     int64
	sources  []*source // the shocks, by address
	shocks   []int     // of each source: its place in the plan
	mixed    []int     // places in sources of those correlated
	triangle Correlation
	delivery *DeliveryRisk
	paid     []formula.Cell // delivery rates that the county's state multiplies
	shocked  []bool         // of each: a shock moves it too
	zero     int            // the column of year 0
	cells    []formula.Cell // all varying cells
	versions func(string) int
	town     string
}

// prepare is what the plan says of uncertainty, ready for drawing; it is made once.
func (b *Book) prepare() (*risk, Correlation) {
	b.once.Do(func() { b.risk, b.correlated = b.newRisk() })
	r := *b.risk
	return &r, b.correlated
}

func (b *Book) newRisk() (*risk, Correlation) {
	u, cal := b.Plan.Uncertainty, b.Plan.Calendar
	r := &risk{seed: u.Seed, delivery: u.Delivery, zero: cal.Zero(), versions: func(string) int { return 0 }}
	order := make([]int, len(u.Shocks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(u.Shocks[x].Address, u.Shocks[y].Address) })
	seen := map[formula.Cell]bool{}
	keep := func(c formula.Cell) {
		if !seen[c] {
			seen[c] = true
			r.cells = append(r.cells, c)
		}
	}
	for _, i := range order {
		s := u.Shocks[i]
		var errors []float64
		if e := b.Plan.Find(s.Places[0].Element); s.Law.Kind == FromErrors || s.Law.Kind == Empirical {
			errors = b.ForecastErrors(e)
		}
		at := &source{name: s.Address, law: s.Law.ready(errors), years: 1}
		for _, p := range s.Places {
			for _, c := range b.cells(p) {
				year := 0
				if c.Col > cal.Zero() && !s.Persistent {
					year, at.years = c.Col-cal.Zero()-1, cal.Columns()-cal.Zero()-1
				}
				low, high := b.bounds(c.Line)
				at.cells, at.year = append(at.cells, c), append(at.year, year)
				at.lowest, at.most = append(at.lowest, low), append(at.most, high)
				at.whole = append(at.whole, b.Lines[c.Line].Param.Field.Whole)
				keep(c)
			}
		}
		r.sources, r.shocks = append(r.sources, at), append(r.shocks, i)
	}
	if d := u.Delivery; d != nil {
		for _, id := range d.Of {
			for _, c := range b.cells(Place{Element: "transfers." + id, Key: "delivered"}) {
				r.paid, r.shocked = append(r.paid, c), append(r.shocked, seen[c])
				keep(c)
			}
		}
	}
	c := b.correlation(r)
	r.triangle = c.Triangle()
	return r, c
}

// bounds are the limits of an input's parameter.
func (b *Book) bounds(line int) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if p := b.Lines[line].Param; p != nil {
		if p.Field.Min != "" {
			low = bound(p.Field.Min)
		}
		if p.Field.Max != "" {
			high = bound(p.Field.Max)
		}
	}
	return low, high
}

// bound reads a limit of the schema.
func bound(s string) float64 {
	number, percent := strings.CutSuffix(s, "%")
	d := decimal.RequireFromString(number)
	if percent {
		d = d.Shift(-2)
	}
	return d.InexactFloat64()
}

// correlation decides which sources are correlated, and how: as the plan says, else as growth was in the past, shrunk towards none.
func (b *Book) correlation(r *risk) Correlation {
	u := b.Plan.Uncertainty
	place := map[string]int{}
	for i, s := range r.sources {
		place[s.name] = i
	}
	var series [][]float64
	var fromHistory []int
	for i, s := range r.sources {
		shock := u.Shocks[r.shocks[i]]
		e := b.Plan.Find(shock.Places[0].Element)
		if u.FromHistory && len(shock.Places) == 1 && shock.Places[0].Key == "growth" && e.Params["history"] != nil && s.years > 1 {
			fromHistory, series = append(fromHistory, i), append(series, b.pastGrowth(e))
		}
	}
	involved := map[int]bool{}
	for _, i := range fromHistory {
		involved[i] = true
	}
	for _, p := range u.Pairs {
		involved[place[p.A]], involved[place[p.B]] = true, true
	}
	at := map[int]int{}
	for i := range r.sources {
		if involved[i] {
			at[i] = len(r.mixed)
			r.mixed = append(r.mixed, i)
		}
	}
	c := NoCorrelation(len(r.mixed))
	past := correlate(series)
	keep := 1 - u.Shrinkage.InexactFloat64()
	for i := range fromHistory {
		for j := range i {
			x, y := at[fromHistory[i]], at[fromHistory[j]]
			c[x][y], c[y][x] = keep*past[i][j], keep*past[i][j]
		}
	}
	for _, p := range u.Pairs {
		x, y := at[place[p.A]], at[place[p.B]]
		c[x][y], c[y][x] = p.Is.InexactFloat64(), p.Is.InexactFloat64()
	}
	if !c.Possible() { // pairs given over those from history: the plan's own pairs have been checked
		c = c.Nearest()
	}
	return c
}

// pastGrowth is an item's growth in every history year but the first.
func (b *Book) pastGrowth(e *Element) (growth []float64) {
	in, cal := e.Params["history"].Values[0], b.Plan.Calendar
	for col := 1; col <= cal.Zero(); col++ {
		before := in.At(col - 1).InexactFloat64()
		if before == 0 {
			growth = append(growth, 0)
			continue
		}
		growth = append(growth, in.At(col).InexactFloat64()/before-1)
	}
	return growth
}

// draws are one worker's numbers of one block.
type draws struct {
	by     [][][]float64 // by source, draw
	states [][]float64   // by plan year: the factor on delivery
}

func (r *risk) room(years int) *draws {
	d := &draws{}
	for _, s := range r.sources {
		by := make([][]float64, s.years)
		for y := range by {
			by[y] = make([]float64, formula.BlockSize)
		}
		d.by = append(d.by, by)
	}
	if r.delivery != nil {
		d.states = make([][]float64, years)
		for y := range d.states {
			d.states[y] = make([]float64, formula.BlockSize)
		}
	}
	return d
}

// draw fills a block. What it draws depends on the seed, the sources' names and the block only.
func (r *risk) draw(d *draws, block int) {
	for i, s := range r.sources {
		g := stream(r.seed+int64(r.versions(s.name)), r.town+s.name, block)
		for _, z := range d.by[i] {
			for j := range z {
				z[j] = g.NormFloat64()
			}
		}
	}
	for at := len(r.mixed) - 1; at > 0; at-- { // from the last, because each needs the unmixed numbers of those before
		row, own := r.triangle[at], d.by[r.mixed[at]]
		for y, z := range own {
			for j := range z {
				sum := row[at] * z[j]
				for k := range at {
					sum += float64(row[k] * d.by[r.mixed[k]][y][j])
				}
				z[j] = sum
			}
		}
	}
	for i, s := range r.sources {
		for _, z := range d.by[i] {
			s.law.draw(z)
		}
	}
	if r.delivery != nil {
		r.drawStates(d.states, block)
	}
}

func (r *risk) drawStates(states [][]float64, block int) {
	full, part := r.delivery.Full.InexactFloat64(), r.delivery.Part.InexactFloat64()
	pays, stays := r.delivery.PartPays.InexactFloat64(), r.delivery.Stays.InexactFloat64()
	g := stream(r.seed+int64(r.versions(deliverySource)), deliverySource, block)
	for j := range formula.BlockSize {
		state := 0.0
		for y := range states {
			keep, which := g.Float64(), g.Float64()
			if y == 0 || keep >= stays {
				switch {
				case which < full:
					state = 1
				case which < full+part:
					state = pays
				default:
					state = 0
				}
			}
			states[y][j] = state
		}
	}
}

const deliverySource = "delivery"

// lane is one scenario's book, ready to run blocks.
type lane struct {
	batch  *formula.Batch
	result *Result
	base   []float64 // of each varying cell: what the scenario plans
	cells  map[formula.Cell]int
}

// ready folds a scenario's book for the varying cells and the wanted ones.
func (b *Book) ready(scenario int, varying, wanted []formula.Cell) (*lane, []Problem) {
	result, problems := b.Run(scenario)
	for _, p := range problems {
		if !p.Warning {
			return nil, problems
		}
	}
	l := &lane{result: result, batch: b.Program.Batch(result.Values, varying, wanted), cells: map[formula.Cell]int{}}
	for i, c := range varying {
		l.base = append(l.base, b.inputs[scenario][c.Line].At(max(c.Col, 0)).InexactFloat64())
		l.cells[c] = i
	}
	return l, nil
}

// enter puts a block's draws into a scenario's inputs.
func (r *risk) enter(l *lane, x *formula.Block, d *draws, clipped []int64) {
	for i, s := range r.sources {
		for k, c := range s.cells {
			in := l.cells[c]
			base, drawn, dst := l.base[in], d.by[i][s.year[k]], x.In(in)
			low, high, whole := s.lowest[k], s.most[k], s.whole[k]
			for j, v := range drawn {
				if s.law.normal {
					v = base + v
				} else {
					v = s.law.how(base, v)
				}
				if v < low || v > high {
					v = min(max(v, low), high)
					clipped[i]++
				}
				if whole {
					v = math.Round(v)
				}
				dst[j] = v
			}
		}
	}
	for i, c := range r.paid {
		in := l.cells[c]
		dst := x.In(in)
		if !r.shocked[i] {
			for j := range dst {
				dst[j] = l.base[in]
			}
		}
		for j, state := range d.states[c.Col-r.zero-1] {
			dst[j] *= state
		}
	}
}

// Simulate runs the chosen scenarios over the same draws.
func (b *Book) Simulate(opt Simulating) (*Simulated, []Problem) {
	cal := b.Plan.Calendar
	years := cal.Columns() - cal.Zero() - 1
	r, correlation := b.prepare()
	if opt.frozen != nil {
		r.versions = opt.frozen
	}
	r.town = opt.Town
	s := &Simulated{Simulating: opt, Seed: r.seed, Events: b.Watched(), Correlation: correlation, Clipped: make([]int64, len(r.sources))}
	for _, i := range r.mixed {
		s.Correlated = append(s.Correlated, r.sources[i].name)
	}
	lines := slices.Clone(opt.Lines)
	for _, e := range s.Events {
		lines = append(lines, b.Program.Index(e.line))
		if e.less != "" {
			lines = append(lines, b.Program.Index(e.less))
		}
	}
	lines = append(lines, b.Program.Index(opt.By.Line))
	var wanted []formula.Cell
	for _, line := range lines {
		for y := range years {
			wanted = append(wanted, formula.Cell{Line: line, Col: cal.Zero() + 1 + y})
		}
	}
	lanes := make([]*lane, len(opt.Scenarios))
	var problems []Problem
	for i, scenario := range opt.Scenarios {
		var more []Problem
		if lanes[i], more = b.ready(scenario, r.cells, wanted); lanes[i] == nil {
			problems = append(problems, more...)
			continue
		}
		s.Results = append(s.Results, lanes[i].result)
	}
	if problems != nil {
		return nil, problems
	}
	m := &machine{s: s, r: r, lanes: lanes, years: years, kept: len(opt.Lines) * years}
	m.run()
	return s, nil
}

// machine runs the blocks of a simulation on all processors.
type machine struct {
	s     *Simulated
	r     *risk
	lanes []*lane
	years int
	kept  int // outputs of each lane whose outcomes are kept; the figure By comes after them

	first []float64 // the first outcomes, by lane and output
	grids []*grid
	begun atomic.Int64
	done  atomic.Int64
	tell  sync.Mutex
}

func (m *machine) outputs() int { return len(m.lanes) * (m.kept + 1) }

func (m *machine) run() {
	workers := m.s.Workers
	if workers == 0 {
		workers = runtime.NumCPU()
	}
	pilot := min(m.s.Paths, fewOutcomes)
	m.first = make([]float64, m.outputs()*pilot)
	all := make([]*worker, workers)
	var started sync.WaitGroup
	for i := range all {
		started.Go(func() { all[i] = m.worker() })
	}
	started.Wait()
	m.blocks(all, 0, pilot)
	outcomes := make([]*Outcomes, m.outputs())
	m.each(func(o int) {
		outcomes[o] = outcomesOf(m.first[o*pilot:(o+1)*pilot], m.measure(o))
	})
	if m.s.Paths > pilot {
		m.grids = make([]*grid, m.outputs())
		m.each(func(o int) { m.grids[o] = layGrid(outcomes[o].few) })
		for _, w := range all {
			for _, g := range m.grids {
				w.tallies = append(w.tallies, newTally(g))
			}
		}
		m.blocks(all, pilot, m.s.Paths)
		m.each(func(o int) {
			if m.constant(o) {
				outcomes[o].repeat(int64(m.s.Paths))
				return
			}
			var tallies []*tally
			for _, w := range all {
				tallies = append(tallies, w.tallies[o])
			}
			outcomes[o].counted(m.grids[o], tallies)
		})
	}
	m.collect(all, outcomes)
}

// each works through all outputs side by side.
func (m *machine) each(f func(output int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.NumCPU() {
		wait.Go(func() {
			for o := int(next.Add(1) - 1); o < m.outputs(); o = int(next.Add(1) - 1) {
				f(o)
			}
		})
	}
	wait.Wait()
}

// measure is by what an output's numbers are divided.
func (m *machine) measure(output int) float64 {
	l, o := m.lanes[output/(m.kept+1)], output%(m.kept+1)
	if o < m.kept {
		return l.batch.Measure(o)
	}
	return l.batch.Measure(m.figure())
}

// constant: does an output not depend on what is drawn, so that its first outcomes are all there is to know?
func (m *machine) constant(output int) bool {
	o := output % (m.kept + 1)
	if o == m.kept {
		return false
	}
	_, fixed := m.lanes[output/(m.kept+1)].batch.Constant(o)
	return fixed
}

// figure is the first wanted cell of the line By: the last line wanted.
func (m *machine) figure() int {
	n := m.kept
	for _, e := range m.s.Events {
		n += m.years
		if e.less != "" {
			n += m.years
		}
	}
	return n
}

// worker is what one goroutine needs.
type worker struct {
	m        *machine
	draws    *draws
	blocks   []*formula.Block
	figures  [][]float64 // by lane
	ever     []int64
	happened [][][]int64
	better   [][]int64
	clipped  []int64
	tallies  []*tally
}

func (m *machine) worker() *worker {
	w := &worker{m: m, draws: m.r.room(m.years), ever: make([]int64, formula.BlockSize), clipped: make([]int64, len(m.r.sources))}
	for _, l := range m.lanes {
		w.blocks = append(w.blocks, l.batch.Block())
		w.figures = append(w.figures, make([]float64, formula.BlockSize))
		w.better = append(w.better, make([]int64, len(m.lanes)))
		events := make([][]int64, len(m.s.Events))
		for e := range events {
			events[e] = make([]int64, m.years+1)
		}
		w.happened = append(w.happened, events)
	}
	return w
}

// blocks runs the paths from..to, which begin at a whole block.
func (m *machine) blocks(all []*worker, from, to int) {
	m.begun.Store(int64(from / formula.BlockSize))
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(func() {
			for {
				block := int(m.begun.Add(1) - 1)
				start := block * formula.BlockSize
				if start >= to {
					return
				}
				n := min(formula.BlockSize, to-start)
				w.block(block, n)
				done := m.done.Add(int64(n))
				if m.s.Progress != nil && block%64 == 0 {
					m.tell.Lock()
					m.s.Progress(int(done))
					m.tell.Unlock()
				}
			}
		})
	}
	wait.Wait()
}

// block runs one block of every scenario and keeps what came out.
func (w *worker) block(block, n int) {
	m := w.m
	m.r.draw(w.draws, block)
	for i, l := range m.lanes {
		x := w.blocks[i]
		clipped := w.clipped
		if i > 0 { // counted once, not for every scenario
			clipped = make([]int64, len(w.clipped))
		}
		m.r.enter(l, x, w.draws, clipped)
		x.Run(n)
		w.reduce(x, w.figures[i][:n])
		w.watch(x, w.happened[i], n)
		for o := range m.kept + 1 {
			values := w.figures[i][:n]
			if o < m.kept {
				values = x.Out(o)[:n]
			}
			output := i*(m.kept+1) + o
			if w.tallies != nil {
				if !m.constant(output) {
					w.tallies[output].add(values)
				}
				continue
			}
			pilot := len(m.first) / m.outputs()
			copy(m.first[output*pilot+block*formula.BlockSize:], values)
		}
	}
	for i := range m.lanes {
		for k := range m.lanes {
			if i == k {
				continue
			}
			count := int64(0)
			other := w.figures[k][:n]
			for j, v := range w.figures[i][:n] {
				if v > other[j] {
					count++
				}
			}
			w.better[i][k] += count
		}
	}
}

// reduce makes one figure of the years of the line By.
func (w *worker) reduce(x *formula.Block, dst []float64) {
	at := w.m.figure()
	reduceYears(dst, w.m.s.By.How, w.m.years, func(y int) []float64 { return x.Out(at + y) })
}

// reduceYears makes one figure of a line's years, as Over says. A year without a value counts for the last year only.
func reduceYears(dst []float64, how Over, years int, year func(y int) []float64) {
	if how == AtEnd {
		copy(dst, year(years-1))
		return
	}
	copy(dst, year(0))
	for y := 1; y < years; y++ {
		values := year(y)
		for j := range dst {
			v := values[j]
			switch {
			case how == Total:
				dst[j] += v
			case dst[j] != dst[j], how == Smallest && v < dst[j], how == Largest && v > dst[j]:
				dst[j] = v
			}
		}
	}
}

// watch counts in which paths and years the events happened.
func (w *worker) watch(x *formula.Block, happened [][]int64, n int) {
	m := w.m
	at := m.kept
	for e, event := range m.s.Events {
		ever := w.ever[:n]
		clear(ever)
		line := at
		at += m.years
		if event.less != "" {
			at += m.years
		}
		above := event.above * m.lanes[0].batch.Measure(line)
		for y := range m.years {
			count := int64(0)
			values := x.Out(line + y)[:n]
			if event.less != "" {
				less := x.Out(line + m.years + y)[:n]
				for j, v := range values {
					now := yes(v > less[j])
					ever[j] |= now
					count += now
				}
			} else {
				for j, v := range values {
					now := yes(v > above)
					ever[j] |= now
					count += now
				}
			}
			happened[e][y] += count
		}
		for _, once := range ever {
			happened[e][m.years] += once
		}
	}
}

// yes counts a condition, without a branch.
func yes(condition bool) (n int64) {
	if condition {
		n = 1
	}
	return n
}

// collect puts the workers' results together: sums of whole numbers, so their order does not matter.
func (m *machine) collect(all []*worker, outcomes []*Outcomes) {
	s := m.s
	for i := range m.lanes {
		var lines [][]*Outcomes
		for l := range s.Lines {
			from := i*(m.kept+1) + l*m.years
			lines = append(lines, outcomes[from:from+m.years])
		}
		s.Spread = append(s.Spread, lines)
		s.Figure = append(s.Figure, outcomes[i*(m.kept+1)+m.kept])
		happened := make([][]int64, len(s.Events))
		better := make([]int64, len(m.lanes))
		for e := range happened {
			happened[e] = make([]int64, m.years+1)
		}
		for _, w := range all {
			for e := range happened {
				for y, c := range w.happened[i][e] {
					happened[e][y] += c
				}
			}
			for k, c := range w.better[i] {
				better[k] += c
			}
		}
		s.Happened, s.Better = append(s.Happened, happened), append(s.Better, better)
	}
	for _, w := range all {
		for i, c := range w.clipped {
			s.Clipped[m.r.shocks[i]] += c
		}
	}
}

// Probability of an event is its share of the paths, and the standard error of that; where it never (or always) happened, one path's worth.
func (s *Simulated) Probability(scenario, event, year int) (p, err float64) {
	n := float64(s.Paths)
	p = float64(s.Happened[scenario][event][year]) / n
	return p, max(math.Sqrt(p*(1-p)/n), 1/n)
}

// TooFew are the figures whose lower or upper edge (the 5 % and 95 % quantiles) is not known to a fiftieth of the distance between them, and the
// number of paths that would do.
func (s *Simulated) TooFew() (paths int) {
	for _, lines := range s.Spread {
		for _, years := range lines {
			for _, o := range years {
				width := o.Quantile(0.95) - o.Quantile(0.05)
				if !(width > 0) {
					continue
				}
				for _, p := range []float64{0.05, 0.95} {
					if off := o.QuantileError(p) / width * 50; off > 1 {
						paths = max(paths, int(math.Ceil(float64(s.Paths)*off*off)))
					}
				}
			}
		}
	}
	if paths == 0 {
		return 0
	}
	digits := math.Pow10(int(math.Log10(float64(paths))))
	return int(math.Ceil(float64(paths)/digits) * digits)
}

// Share is how much of the variance of a figure one source explains by itself.
type Share struct {
	Sources []string // correlated shocks count together
	Index   float64
	Err     float64 // standard error
}

// explainPaths is how many paths ExplainVariance takes at most: they tell an index to a hundredth.
const explainPaths = 16384

// ExplainVariance estimates the first-order Sobol index of every source for the figure By in one scenario: the part of its variance that would
// vanish if that source were known. Two runs that share the numbers of one source only tell it; the paths are those of opt.
func (b *Book) ExplainVariance(scenario int, opt Simulating) (shares []Share, problems []Problem) {
	opt.Scenarios, opt.Lines, opt.Progress = []int{scenario}, nil, nil
	opt.Paths = min(opt.Paths, explainPaths)
	r, _ := b.prepare()
	groups := [][]string{}
	var mixed []string
	for i, s := range r.sources {
		if slices.Contains(r.mixed, i) {
			mixed = append(mixed, s.name)
		} else {
			groups = append(groups, []string{s.name})
		}
	}
	if mixed != nil {
		groups = append(groups, mixed)
	}
	if r.delivery != nil {
		groups = append(groups, []string{deliverySource})
	}
	base, problems := b.paths(opt)
	if base == nil {
		return nil, problems
	}
	for _, group := range groups {
		opt.frozen = func(name string) int {
			if slices.Contains(group, name) {
				return 0
			}
			return 1
		}
		other, _ := b.paths(opt)
		index, err := sobol(base, other)
		shares = append(shares, Share{group, index, err})
	}
	slices.SortStableFunc(shares, func(x, y Share) int { return cmp.Compare(y.Index, x.Index) })
	return shares, nil
}

// paths are the values of the figure By, path by path.
func (b *Book) paths(opt Simulating) ([]float64, []Problem) {
	cal := b.Plan.Calendar
	years := cal.Columns() - cal.Zero() - 1
	r, _ := b.prepare()
	if opt.frozen != nil {
		r.versions = opt.frozen
	}
	var wanted []formula.Cell
	for y := range years {
		wanted = append(wanted, formula.Cell{Line: b.Program.Index(opt.By.Line), Col: cal.Zero() + 1 + y})
	}
	l, problems := b.ready(opt.Scenarios[0], r.cells, wanted)
	if l == nil {
		return nil, problems
	}
	x, d, clipped := l.batch.Block(), r.room(years), make([]int64, len(r.sources))
	all := make([]float64, opt.Paths)
	for from := 0; from < opt.Paths; from += formula.BlockSize {
		n := min(formula.BlockSize, opt.Paths-from)
		r.draw(d, from/formula.BlockSize)
		r.enter(l, x, d, clipped)
		x.Run(n)
		reduceYears(all[from:from+n], opt.By.How, years, func(y int) []float64 { return x.Out(y)[:n] })
	}
	return all, nil
}

// sobol is the correlation of two runs that share one source, which is that source's first-order index, and its standard error.
func sobol(a, b []float64) (index, err float64) {
	n := float64(len(a))
	mean := 0.0
	for i := range a {
		mean += (a[i] + b[i]) / (2 * n)
	}
	product, square := 0.0, 0.0
	for i := range a {
		x, y := a[i]-mean, b[i]-mean
		product += x * y
		square += (x*x + y*y) / 2
	}
	if square == 0 {
		return 0, 0
	}
	index = product / square
	return index, (1 - index*index) / math.Sqrt(n)
}

// rootMeanSquare is the spread of errors around 0.
func rootMeanSquare(errors []float64) float64 {
	sum := 0.0
	for _, e := range errors {
		sum += e * e
	}
	return math.Sqrt(sum / float64(max(len(errors), 1)))
}

// SpreadFactors are by how much a spread estimated from n errors may be too small or too large, with 90 % confidence.
func SpreadFactors(n int) (low, high float64) {
	c := distuv.ChiSquared{K: float64(n)}
	return math.Sqrt(float64(n) / c.Quantile(0.95)), math.Sqrt(float64(n) / c.Quantile(0.05))
}
