package analysis

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Simulating says what to draw and what to keep.
type Simulating struct {
	Scenarios []int // places in Plan.Scenarios; all see the same draws
	Lines     []int // lines whose spread is wanted, in every plan year
	By        model.Headline
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
	Results     []*model.Result // by scenario: as planned, without any draw
	Spread      [][][]*Outcomes // by scenario, line, plan year
	Figure      []*Outcomes     // by scenario: the figure By
	Events      []Event
	Happened    [][][]int64 // by scenario, event, plan year; last the paths in which it ever happened
	Better      [][]int64   // paths in which the first scenario's figure is above the second's
	Clipped     [][]int64   // by scenario, shock: draws that were held at the bounds of the parameter
	Correlated  []string    // addresses of the shocks that are correlated
	Correlation Correlation
}

// Event is something adverse that may happen in a year: a line of the watched book.
type Event struct {
	ID    string
	Label model.Text
}

// Watched are the events every simulation of the book watches.
func Watched(b *model.Book) (all []Event) {
	for _, l := range b.Watched().Lines {
		if l.Event {
			all = append(all, Event{ID: l.Name, Label: l.Label})
		}
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
	delivery *model.DeliveryRisk
	paid     []formula.Cell // delivery rates that the county's state multiplies
	shocked  []bool         // of each: a shock moves it too
	zero     int            // the column of year 0
	cells    []formula.Cell // all varying cells
	versions func(string) int
	town     string
}

// prepare is what the plan says of uncertainty, ready for drawing; it is made once.
func prepare(b *model.Book) (*risk, Correlation) {
	kept := b.Keep(keptRisk{}, func() any {
		r, c := newRisk(b)
		return &prepared{*r, c}
	}).(*prepared)
	r := kept.risk
	return &r, kept.correlated
}

// keptRisk is the key under which a book keeps its prepared risk.
type keptRisk struct{}

type prepared struct {
	risk       risk
	correlated Correlation
}

func newRisk(b *model.Book) (*risk, Correlation) {
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
		if e := b.Plan.Find(s.Places[0].Element); s.Law.Kind == model.FromErrors || s.Law.Kind == model.Empirical {
			errors = b.ForecastErrors(e)
		}
		at := &source{name: s.Address, law: lawOf(s.Law, errors), years: 1}
		for _, p := range s.Places {
			for _, c := range b.Cells(p) {
				year := 0
				if c.Col > cal.Zero() && !s.Persistent {
					year, at.years = c.Col-cal.Zero()-1, cal.Columns()-cal.Zero()-1
				}
				low, high := bounds(b, c.Line)
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
			for _, c := range b.Cells(model.Place{Element: "transfers." + id, Key: "delivered"}) {
				r.paid, r.shocked = append(r.paid, c), append(r.shocked, seen[c])
				keep(c)
			}
		}
	}
	c := correlation(b, r)
	r.triangle = c.Triangle()
	return r, c
}

// bounds are the limits of an input's parameter.
func bounds(b *model.Book, line int) (low, high float64) {
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
func correlation(b *model.Book, r *risk) Correlation {
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
			fromHistory, series = append(fromHistory, i), append(series, pastGrowth(b, e))
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
func pastGrowth(b *model.Book, e *model.Element) (growth []float64) {
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
	result *model.Result
	base   []float64 // of each varying cell: what the scenario plans
	cells  map[formula.Cell]int
}

// ready folds a scenario's book for the varying cells and the wanted ones.
func ready(b *model.Book, scenario int, varying, wanted []formula.Cell) (*lane, []model.Problem) {
	result, problems := b.Run(scenario)
	for _, p := range problems {
		if !p.Warning {
			return nil, problems
		}
	}
	l := &lane{result: result, batch: b.Program.Batch(result.Values, varying, wanted), cells: map[formula.Cell]int{}}
	for i, c := range varying {
		l.base = append(l.base, b.Input(scenario, c.Line).At(max(c.Col, 0)).InexactFloat64())
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
func Simulate(b *model.Book, opt Simulating) (*Simulated, []model.Problem) {
	cal := b.Plan.Calendar
	years := cal.Columns() - cal.Zero() - 1
	r, correlation := prepare(b)
	if opt.frozen != nil {
		r.versions = opt.frozen
	}
	r.town = opt.Town
	s := &Simulated{Simulating: opt, Seed: r.seed, Events: Watched(b), Correlation: correlation}
	for _, i := range r.mixed {
		s.Correlated = append(s.Correlated, r.sources[i].name)
	}
	lines := slices.Clone(opt.Lines)
	watched := b.Watched()
	for _, e := range s.Events {
		lines = append(lines, watched.Program.Index(e.ID))
	}
	lines = append(lines, watched.Program.Index(opt.By.Line))
	var wanted []formula.Cell
	for _, line := range lines {
		for y := range years {
			wanted = append(wanted, formula.Cell{Line: line, Col: cal.Zero() + 1 + y})
		}
	}
	lanes := make([]*lane, len(opt.Scenarios))
	var problems []model.Problem
	for i, scenario := range opt.Scenarios {
		var more []model.Problem
		if lanes[i], more = ready(watched, scenario, r.cells, wanted); lanes[i] == nil {
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
					if off := o.samplingError(p, o.Quantile) / width * 50; off > 1 {
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
