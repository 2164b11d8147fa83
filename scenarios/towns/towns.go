// Package towns computes one policy over many towns: rows of a table over a template plan, or plans of their own. It works in parts that can be put together,
// shares pots out among all towns, and goes on where an earlier run was stopped.
package towns

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// chunk is how many towns are loaded at a time; memory grows with the number of towns only by their names and what they claim of pots.
const chunk = 100

// Save writes a table of rows, the last of which is followed by io.EOF. A note, if it is not empty, is kept in the file with a checksum of the whole.
type Save func(path string, header []string, next func() ([]string, error), note string) error

// Run is one policy over many towns. Say, Warn and Progress tell the user how it goes, one call at a time.
type Run struct {
	Table    string           // a table of towns over the plan Path, or
	Plans    []string         // a plan per town; Path is the first
	Path     string           // of the plan that First was built of
	Read     []string         // what was read for all this: none of it is written over
	Version  string           // of the program
	First    *model.Book      // it tells what can be asked of all
	Set      []string         // laid over every plan
	Shocks   []string         // added to every plan
	Scenario string           // id
	By       model.Headline   // the figure to simulate
	Paths    int              // per town; 0: only as planned
	Workers  int              // 0: as many as there are processors
	Pools    []*analysis.Pool // for different transfers
	Header   []string         // names the columns, town first
	Row      func(b *model.Book, town string, planned *model.Result, s *analysis.Simulated) []string
	May      func(path string) error // may the table be written there? Asked before anything is computed
	Save     Save
	Say      func(formula.Text)
	Warn     func(formula.Text)
	Progress func(total int) (tell func(done int), finish func()) // nil, or tell is nil: nobody asks

	table   *scenarios.TownTable // its columns only
	cells   []model.Pos          // of the table that have been warned of
	divided bool                 // the pots are: what towns are paid follows them
	shows   sync.Mutex           // one worker's warnings at a time
}

// Error is why towns are not computed. Misused: the command is wrong, not a file.
type Error struct {
	Text    formula.Text
	Misused bool
}

func (e *Error) Error() string { return e.In(formula.EN) }

// In gives the message in a language.
func (e *Error) In(lang formula.Lang) string { return e.Text.In(lang) }

func fail(text formula.Text) error   { return &Error{Text: text} }
func misuse(text formula.Text) error { return &Error{Text: text, Misused: true} }

// Refused are errors in a plan, or in a town's results.
type Refused struct {
	Town     string // whose results they are; empty for a plan
	Problems []model.Problem
	Sources  *scenarios.Sources
}

func (e *Refused) Error() string { return e.Problems[0].Text.EN }

// refused keeps the errors among problems; nil if there is none.
func refused(town string, problems []model.Problem, sources *scenarios.Sources) error {
	if problems = slices.DeleteFunc(problems, func(p model.Problem) bool { return p.Warning }); len(problems) == 0 {
		return nil
	}
	return &Refused{Town: town, Problems: problems, Sources: sources}
}

// batch is a run of towns that one worker loads and computes together.
type batch struct {
	first int              // the place of its first town among all
	towns []scenarios.Town // of a table
	plan  string           // of a town of its own
	rows  [][]string
	err   error
}

func (b *batch) size() int { return max(len(b.towns), 1) }

// batches reads the towns from the first to the last, or to an error.
func (r *Run) batches() iter.Seq2[*batch, error] {
	return func(yield func(*batch, error) bool) {
		if r.Table == "" {
			for _, plan := range r.Plans {
				if !yield(&batch{plan: plan}, nil) {
					return
				}
			}
			return
		}
		t, err := scenarios.OpenTowns(r.Table)
		if err != nil {
			yield(nil, err)
			return
		}
		defer t.Close()
		r.table = t
		for {
			towns, err := t.Next(chunk)
			if err == nil && len(towns) == 0 || !yield(&batch{towns: towns}, err) || err != nil {
				return
			}
		}
	}
}

// count reads through the towns once, so that a fault in the last row is known before the first is computed, and refuses to write over what it reads. The settings
// tell apart what is read.
func (r *Run) count(o *output) (s settings, err error) {
	h := sha256.New()
	read := func(plan string) (hash string, err error) {
		loaded := scenarios.Load(plan, scenarios.Options{})
		if loaded.Plan != nil {
			hash = loaded.Plan.Hash
		}
		return hash, o.apart(loaded.Sources.Paths())
	}
	if s.Plan, err = read(r.Path); err != nil {
		return s, err
	}
	if err := o.apart(append(slices.Clone(r.Read), r.Table)); err != nil {
		return s, err
	}
	for b, err := range r.batches() {
		if err != nil {
			return s, err
		}
		s.Towns += b.size()
		if b.plan != "" {
			hash, err := read(b.plan)
			if err != nil {
				return s, err
			}
			fmt.Fprintf(h, "%q %s\n", scenarios.PlanName(b.plan), hash)
		}
		for _, t := range b.towns {
			fmt.Fprintf(h, "%q %q\n", t.Name, t.Values)
		}
	}
	if r.table != nil {
		for _, row := range r.table.Warnings {
			r.Warn(formula.Text{ZH: "提醒：" + row.In(formula.ZH), EN: "warning: " + row.In(formula.EN)})
		}
		fmt.Fprintf(h, "%q\n", r.table.Columns)
	}
	s.Data = fmt.Sprintf("%x", h.Sum(nil))
	return s, nil
}

// each works through the towns numbered from..to on all processors and hands the batches over in order.
func (r *Run) each(from, to int, work func(*batch), take func(*batch) error) error {
	workers := cmp.Or(r.Workers, runtime.NumCPU())
	jobs, order := make(chan func()), make(chan chan *batch, 2*workers)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for job := range jobs {
				job()
			}
		})
	}
	var unread error
	go func() {
		defer close(order)
		defer close(jobs)
		seen := 0
		for b, err := range r.batches() {
			if err != nil {
				unread = err
				return
			}
			n := b.size()
			first, last := max(from-seen, 0), min(to-seen, n)
			b.first = seen + first
			seen += n
			if first >= last {
				continue
			}
			if b.towns != nil {
				b.towns = b.towns[first:last]
			}
			ready := make(chan *batch, 1)
			select {
			case order <- ready:
			case <-stop:
				return
			}
			jobs <- func() {
				work(b)
				ready <- b
			}
		}
	}()
	var failed error
	for ready := range order {
		b := <-ready
		if failed == nil {
			if failed = b.err; failed == nil {
				failed = take(b)
			}
			if failed != nil {
				close(stop)
			}
		}
	}
	wait.Wait()
	return cmp.Or(failed, unread)
}

// load builds the book of a batch; places are the towns' scenarios, names what they are called.
func (r *Run) load(b *batch) (book *model.Book, places []int, names []string, err error) {
	opt := scenarios.Options{Set: r.Set, Shocks: r.Shocks}
	path := b.plan
	if b.towns != nil {
		path, opt.Variants = r.Path, r.table.Variants(b.towns, r.Scenario, func(town int) []string { return r.also(b.first + town) })
	} else {
		opt.Set = append(slices.Clone(opt.Set), r.also(b.first)...)
	}
	loaded := scenarios.Load(path, opt)
	problems := loaded.Problems
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	if book == nil {
		for i := range problems {
			problems[i] = r.inTable(problems[i], b)
		}
		return nil, nil, nil, refused("", problems, loaded.Sources)
	}
	r.warnOfCells(problems, b)
	if b.towns == nil {
		place, wrong := scenarios.PlaceOf(book.Plan.Scenarios, r.Scenario)
		if wrong.ZH != "" {
			return nil, nil, nil, misuse(wrong)
		}
		return book, []int{place}, []string{oneLine(cmp.Or(book.Plan.Town, scenarios.PlanName(b.plan)))}, nil
	}
	first := len(book.Plan.Scenarios) - len(b.towns)
	for i, t := range b.towns {
		places, names = append(places, first+i), append(names, t.Name)
	}
	return book, places, names, nil
}

// oneLine is a town's name without what does not belong into a cell of a table.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
}

// inTable is a problem at the cell of the table that it comes from, if it does.
func (r *Run) inTable(p model.Problem, b *batch) model.Problem {
	if r.table == nil {
		return p
	}
	return r.table.Place(p, b.towns, len(r.also(b.first)))
}

// warnOfCells names the first cells of the table that are read otherwise than some would expect, and says if there are more. The template's own warnings
// have been counted.
func (r *Run) warnOfCells(problems []model.Problem, b *batch) {
	r.shows.Lock()
	defer r.shows.Unlock()
	for _, p := range problems {
		cell := r.inTable(p, b)
		if !p.Warning || cell.Pos == p.Pos || len(r.cells) > scenarios.NamedWarnings || slices.Contains(r.cells, cell.Pos) {
			continue
		}
		if r.cells = append(r.cells, cell.Pos); len(r.cells) > scenarios.NamedWarnings {
			r.Warn(formula.Text{ZH: "表里还有别的格有提醒", EN: "there are warnings about more cells of the table"})
			return
		}
		r.Warn(scenarios.Brief(cell))
	}
}

// unlike says why a town's plan cannot be simulated beside the first; empty if it can.
func (r *Run) unlike(book *model.Book) (wrong formula.Text) {
	switch {
	case r.Paths == 0:
	case !book.Plan.Uncertainty.Draws():
		wrong = formula.Text{ZH: "没有 uncertainty（不确定性）一段，不能模拟；写上它，或用 --shock", EN: "it says nothing of uncertainty, so it cannot be simulated; add that section, or use --shock"}
	case book.Line(r.By.Line) < 0:
		wrong = formula.Textf("没有 --by 的行 %s", "there is no line %s for --by", r.By.Line)
	case len(analysis.Watched(book)) != len(analysis.Watched(r.First)):
		wrong = formula.Text{ZH: "uncertainty.owed_over 有的计划写了、有的没写，表的列不一样；都写或都不写", EN: "uncertainty.owed_over is in some plans only, and the table has one set of columns; give it in all or none"}
	}
	return wrong
}

// compute writes the rows of a batch.
func (r *Run) compute(b *batch) {
	book, places, names, err := r.load(b)
	if b.err = err; err != nil {
		return
	}
	if wrong := r.unlike(book); wrong.ZH != "" {
		b.err = fail(formula.Textf("%s：%s", "%s: %s", names[0], wrong))
		return
	}
	for i, place := range places {
		var planned *model.Result
		var s *analysis.Simulated
		var problems []model.Problem
		if r.Paths == 0 {
			planned, problems = book.Run(place)
		} else if s, problems = analysis.Simulate(book, analysis.Simulating{Scenarios: []int{place}, By: r.By, Paths: r.Paths, Workers: 1, Town: names[i]}); s != nil {
			planned = s.Results[0]
		}
		if b.err = refused(names[i], problems, nil); b.err != nil {
			return
		}
		b.rows = append(b.rows, r.Row(book, names[i], planned, s))
	}
}
