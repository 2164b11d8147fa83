package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// places finds scenarios by id; without any, all that the plan declares, or base where there is no other (of an edition, all: base is not in it).
func (a *app) places(plan *model.Plan, chosen []string, declared int) (places []int, err error) {
	known := plan.Scenarios[:declared]
	for _, id := range chosen {
		i, err := scenarioPlace(known, id)
		if err != nil {
			return nil, err
		}
		places = append(places, i)
	}
	for i := range known {
		if len(chosen) == 0 && (i > 0 || len(known) == 1 || plan.Edition != "") {
			places = append(places, i)
		}
	}
	return places, nil
}

// figure reads LINE or LINE:how.
func (a *app) figure(book *model.Book, s string) (model.Headline, error) {
	h, ok := reports.Figure(book, s)
	if !ok {
		line, _, _ := strings.Cut(s, ":")
		return h, a.noLine(book, line, formula.Text{ZH: "；行名后可加 :total :last :min :max", EN: "; after the line :total :last :min or :max may follow"})
	}
	return h, nil
}

func (a *app) noLine(book *model.Book, name string, hint formula.Text) error {
	if why := book.WhyGone(name); why != nil {
		return usageError{*why}
	}
	var names []string
	for _, l := range book.Lines {
		if l.Input == formula.NotInput {
			names = append(names, l.Address())
		}
	}
	return usageError{formula.Textf("没有算出来的行 %q%s%s；zhencai lines PLAN 列出全部", "there is no computed line %q%s%s; zhencai lines PLAN prints them all", name, formula.DidYouMean(name, names), hint)}
}

// lines finds lines by name.
func (a *app) lines(book *model.Book, names []string) (lines []int, err error) {
	for _, name := range names {
		i := book.Line(name)
		if i < 0 || book.Lines[i].Input != formula.NotInput {
			return nil, a.noLine(book, name, formula.Text{})
		}
		lines = append(lines, i)
	}
	return lines, nil
}

// defaultFigure is what analyses look at unless told otherwise: all the town receives over the plan years.
const defaultFigure = "town_receives:total"

func (a *app) setFlag(c *cobra.Command, set *[]string) {
	c.Flags().StringArrayVar(set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
}

// What a run takes for risk: enough to know a quantile to about a hundredth of the spread and a probability to a third of a point, and grids small
// enough for a page.
const (
	runPaths  = 20_000
	runPoints = 2_500
)

// risk computes what a run shows of a plan's uncertainty: nil where the plan has none. What cannot be computed is said, and left out.
func (a *app) risk(run *reports.Run, path string, asked scenarios.Options, src *scenarios.Sources) *reports.Risk {
	u := run.Book.Plan.Uncertainty
	if !u.Draws() {
		return nil
	}
	figure, err := a.figure(run.Book, defaultFigure)
	if err != nil { // every book has it
		return nil
	}
	opt := analysis.Simulating{Paths: min(int(u.Paths), runPaths), By: figure}
	for i := range run.Results {
		opt.Scenarios = append(opt.Scenarios, run.Scenario(i))
	}
	for _, name := range reports.RiskLines {
		if line := run.Line(name); line >= 0 {
			opt.Lines = append(opt.Lines, line)
		}
	}
	if n := len(opt.Lines) * len(run.Years()) * len(opt.Scenarios); n > mostOutputs {
		fmt.Fprintln(a.errs, formula.Textf("情景和年份太多（行×年×情景共 %d，最多 %d），不模拟；用 zhencai simulate --scenario 分别算", "too many scenarios and years (lines × years × scenarios are %d, at most %d): not simulated; use zhencai simulate --scenario", n, mostOutputs).In(a.lang))
		return nil
	}
	risk := &reports.Risk{}
	var problems [4][]model.Problem
	var wait sync.WaitGroup
	wait.Go(func() { risk.Simulated, problems[0] = analysis.Simulate(run.Book, opt) })
	wait.Go(func() { risk.Planned, risk.Bars, problems[1] = analysis.Tornado(run.Book, opt.Scenarios[0], figure) })
	wait.Go(func() {
		risk.Shares, problems[2] = analysis.ExplainVariance(run.Book, opt.Scenarios[0], analysis.Simulating{By: figure, Paths: reports.SharePaths})
	})
	wait.Go(func() { risk.Swept, problems[3] = a.swept(run.Book.Plan, path, asked) })
	wait.Wait()
	for _, list := range problems {
		for i := range list {
			list[i].Warning = true // the results stand without it
		}
		a.show(list, src, true)
	}
	if risk.Simulated == nil {
		return nil
	}
	return risk
}

// swept computes the grids a plan asks for, all in one book, but for those too large for a run.
func (a *app) swept(plan *model.Plan, path string, asked scenarios.Options) (all []reports.Swept, problems []model.Problem) {
	var sweeps []*model.Sweep
	var places []scenarios.Variant
	left := runPoints
	for i := range plan.Sweeps {
		s := plan.Sweeps[i]
		if s.Points() > left {
			problems = append(problems, model.Problem{Code: "sweep_left_out", Pos: s.Pos, Text: formula.Textf("网格 %s 太大，不列入输出", "the grid %s is too large for the outputs and is left out", s.ID),
				Hint: formula.Textf("用 zhencai sweep --sweep %s", "use zhencai sweep --sweep %s", s.ID)})
			continue
		}
		left -= s.Points()
		if len(s.Lines) == 0 {
			s.Lines = sweptLines
		}
		sweeps, places = append(sweeps, &s), append(places, scenarios.SweepVariants(&s)...)
	}
	if len(sweeps) == 0 {
		return nil, problems
	}
	asked.Only, asked.Variants = nil, places // a grid may start from a scenario that is not shown
	loaded := scenarios.Load(path, asked)
	if loaded.Plan == nil {
		return nil, append(problems, loaded.Problems...)
	}
	book, wrong := model.Build(loaded.Plan)
	if book == nil {
		return nil, append(problems, wrong...)
	}
	declared := len(book.Plan.Scenarios) - len(places)
	from := declared
	for _, s := range sweeps {
		grid, wrong, err := a.grid(book, s, from, declared)
		from += len(scenarios.SweepVariants(s))
		var usage usageError
		if errors.As(err, &usage) {
			wrong = []model.Problem{{Code: "sweep_left_out", Pos: s.Pos, Text: formula.Textf("网格 %s：%s", "the grid %s: %s", s.ID, usage.text), Hint: formula.Textf("改正 sweeps.%s", "correct sweeps.%s", s.ID)}}
		}
		if problems = append(problems, wrong...); grid != nil && len(wrong) == 0 {
			all = append(all, reports.Swept{Sweep: s, Grid: grid})
		}
	}
	return all, problems
}
