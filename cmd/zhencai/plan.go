package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// warned is how much a command says of a plan's warnings.
type warned int

const (
	silent  warned = iota // the plan is only looked at
	counted               // something is computed from it: how many there are, and the first
	listed                // all of them
)

// open loads a plan and builds its book. Problems are printed; with an error among them the book is nil and the error errShown.
func (a *app) open(path string, set []string, w warned) (*model.Book, *scenarios.Loaded, error) {
	return a.openWith(path, scenarios.Options{Set: set}, w)
}

// openWith is open with all that the command line may add to a plan.
func (a *app) openWith(path string, opt scenarios.Options, w warned) (*model.Book, *scenarios.Loaded, error) {
	loaded := scenarios.Load(path, opt)
	problems, plan := loaded.Problems, loaded.Plan
	var book *model.Book
	if plan != nil {
		var more []model.Problem
		book, more = model.Build(plan)
		problems = append(problems, more...)
	}
	if a.show(problems, loaded.Sources, w == listed || book == nil) > 0 {
		return nil, loaded, errShown
	}
	if w == counted {
		a.countWarnings(problems, path, opt.Set)
	}
	a.told = a.told || w == listed
	return book, loaded, nil
}

// countWarnings says how many warnings there are and names the first, once in a command.
func (a *app) countWarnings(problems []model.Problem, path string, set []string) {
	n := 0
	for _, p := range problems {
		if p.Warning {
			n++
		}
	}
	if n == 0 || a.told {
		return
	}
	a.told = true
	for _, s := range set {
		path += " --set " + s
	}
	fmt.Fprintln(a.errs, formula.Textf("这个计划有 %d 处提醒；zhencai check %s 列出全部和怎么办", "warnings in the plan: %d; zhencai check %s lists all, and what to do", n, path).In(a.lang))
	named := 0
	for _, p := range problems {
		if p.Warning && named < scenarios.NamedWarnings {
			fmt.Fprintln(a.errs, "  "+scenarios.Brief(p).In(a.lang))
			named++
		}
	}
}

// show prints problems (warnings only if asked) and returns the number of errors.
func (a *app) show(problems []model.Problem, src *scenarios.Sources, warnings bool) (errs int) {
	for _, p := range problems {
		if !p.Warning {
			errs++
		}
		if !p.Warning || warnings {
			fmt.Fprintln(a.errs, scenarios.Render(p, a.lang, src))
		}
	}
	return errs
}

// compute runs the chosen scenarios (all declared ones if none is chosen) and prints what fails in a year. A figure takes so many bytes of memory.
func (a *app) compute(book *model.Book, src *scenarios.Sources, chosen []string, date string, figure int) (*reports.Run, error) {
	plan := book.Plan
	places, err := a.places(plan, chosen, len(plan.Scenarios))
	if err != nil {
		return nil, err
	}
	if wrong := book.TooLarge(len(places), figure); wrong.ZH != "" {
		a.show([]model.Problem{{Text: wrong, Hint: formula.Text{ZH: "用 --scenario 分几次算；--only results 或 --only page 比工作簿省；或合并小项目、缩短年份", EN: "compute them in parts with --scenario; --only results or --only page takes less than the workbook; or join small items, or plan fewer years"}}}, src, false)
		return nil, errShown
	}
	if date == "" {
		date = plan.Version
	}
	run := &reports.Run{Book: book, Results: make([]*model.Result, len(places)), Lang: a.lang, Date: date}
	problems := make([][]model.Problem, len(places))
	each(len(places), func(i int) { run.Results[i], problems[i] = book.Run(places[i]) })
	if a.show(model.Shorten(slices.Concat(problems...), 0), src, true) > 0 {
		return nil, errShown
	}
	return run, nil
}

// each works on n things, as many at once as there are processors: what is being worked on takes memory.
func each(n int, work func(i int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wait.Wait()
}

// scenarioPlace finds a scenario by its id.
func scenarioPlace(all []model.Scenario, id string) (int, error) {
	i, wrong := scenarios.PlaceOf(all, id)
	if i < 0 {
		return i, usageError{wrong}
	}
	return i, nil
}

// asked puts an error about what was asked for into the user's language.
func (a *app) asked(err error) error {
	var known interface{ In(formula.Lang) string }
	if errors.As(err, &known) {
		return errors.New(known.In(a.lang))
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return a.cannotRead(path.Path, err)
	}
	return err
}
