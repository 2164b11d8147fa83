package testrun

import (
	"testing"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// Of computes all scenarios of a plan, as the command does.
func Of(t testing.TB, path string, lang formula.Lang, set ...string) *reports.Run {
	t.Helper()
	loaded := scenarios.Load(path, scenarios.Options{Set: set})
	if loaded.Plan == nil {
		t.Fatalf("%s %v: %v", path, set, loaded.Problems)
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		t.Fatal(problems)
	}
	run := &reports.Run{Book: book, Lang: lang, Date: loaded.Plan.Version}
	for i := range loaded.Plan.Scenarios {
		if i == 0 && len(loaded.Plan.Scenarios) > 1 {
			continue // the plan without layers
		}
		r, problems := book.Run(i)
		for _, p := range problems {
			if !p.Warning {
				t.Fatal(p.Text)
			}
		}
		run.Results = append(run.Results, r)
	}
	return run
}

// Compared adds why each result differs from the first, as the command does.
func Compared(t testing.TB, run *reports.Run) *reports.Run {
	t.Helper()
	for i, r := range run.Results {
		if i == 0 {
			run.Differences = append(run.Differences, nil)
			continue
		}
		d, problems := analysis.DivideResults(run.Book, run.Results[0], r, "town_receives", formula.Total, 256)
		if d == nil {
			t.Fatal(problems)
		}
		run.Differences = append(run.Differences, d)
	}
	return run
}

const Sample, WorkedPlan, EverythingPlan = "../../scenarios/guangtong", "../../scenarios/worked-case", "../../model/testdata/everything.yaml"
