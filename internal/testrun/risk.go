package testrun

import (
	"testing"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// AddRisk adds to a run what the command adds of a plan's uncertainty.
func AddRisk(t testing.TB, run *reports.Run, path string, paths, workers int) {
	t.Helper()
	opt := analysis.Simulating{Paths: paths, Workers: workers, By: model.Headline{Line: "town_receives", How: formula.Total}}
	for r := range run.Results {
		opt.Scenarios = append(opt.Scenarios, run.Scenario(r))
	}
	for _, name := range reports.RiskLines {
		opt.Lines = append(opt.Lines, run.Line(name))
	}
	run.Risk = &reports.Risk{}
	problems := make([][]model.Problem, 4)
	run.Risk.Simulated, problems[0] = analysis.Simulate(run.Book, opt)
	run.Risk.Planned, run.Risk.Bars, problems[1] = analysis.Tornado(run.Book, opt.Scenarios[0], opt.By)
	run.Risk.Shares, problems[2] = analysis.ExplainVariance(run.Book, opt.Scenarios[0], analysis.Simulating{By: opt.By, Paths: reports.SharePaths})
	for i := range run.Book.Plan.Sweeps {
		s := &run.Book.Plan.Sweeps[i]
		var variants []scenarios.Variant
		var axes [][]int
		var names []string
		for _, a := range s.Axes {
			var places []int
			for _, v := range a.Values {
				places = append(places, len(run.Book.Plan.Scenarios)+len(variants))
				variants = append(variants, scenarios.Variant{ID: a.Address + "=" + v, Of: "base", Set: []string{a.Address + "=" + v}})
			}
			axes, names = append(axes, places), append(names, a.Address)
		}
		book, wrong := model.Build(scenarios.Load(path, scenarios.Options{Variants: variants}).Plan)
		if book == nil {
			t.Fatal(wrong)
		}
		var figures []model.Headline
		for _, line := range s.Lines {
			h, _ := reports.Figure(book, line)
			figures = append(figures, h)
		}
		var grid *analysis.Grid
		grid, problems[3] = analysis.Sweep(book, 0, axes, names, figures)
		run.Risk.Swept = append(run.Risk.Swept, reports.Swept{Sweep: s, Grid: grid})
	}
	for _, p := range problems {
		if len(p) > 0 {
			t.Fatal(p)
		}
	}
}
