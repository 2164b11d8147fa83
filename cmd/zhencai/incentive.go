package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

func (a *app) incentiveCommand() *cobra.Command {
	var chosen, set []string
	var all bool
	c := &cobra.Command{
		Use: "incentive PLAN", Args: a.args("PLAN"),
		Short: a.t("激励分析：多收一万元两边各得多少、换基数规则、县里不亏的条件、悬崖和死区", "what an extra yuan brings to each side, other base rules, the county's break-even, cliffs and dead zones"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, loaded, err := a.open(args[0], set, counted)
			if err != nil {
				return err
			}
			run, err := a.compute(book, loaded.Sources, chosen, "", model.Computed)
			if err != nil {
				return err
			}
			if !a.analyse(run, args[0], scenarios.Options{Set: set}, loaded.Sources, true) {
				return errShown
			}
			fmt.Fprint(a.out, terminal.IncentiveText(run, all))
			if banner := run.Banner(); banner != "" {
				fmt.Fprintln(a.out, banner)
			}
			return nil
		},
	}
	c.Flags().StringSliceVar(&chosen, "scenario", nil, a.t("只分析这些情景（id，可多次）", "only these scenarios (ids)"))
	c.Flags().StringArrayVar(&set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
	c.Flags().BoolVar(&all, "all", false, a.t("逐项、逐年都列出", "every revenue item and every year"))
	return c
}

// analyse adds the incentive analysis of every result to a run, and of the first the comparison of base rules. What cannot be analysed is left
// out, said, and false.
func (a *app) analyse(run *reports.Run, path string, asked scenarios.Options, src *scenarios.Sources, thorough bool) bool {
	run.Incentives = make([]*analysis.Incentive, len(run.Results))
	problems := make([][]model.Problem, len(run.Results)+1)
	var bases []*analysis.BaseTrial
	var wait sync.WaitGroup
	wait.Go(func() { bases, problems[len(run.Results)] = a.tryBases(run, path, asked) })
	each(len(run.Results), func(i int) {
		var analysed *analysis.Incentive
		if analysed, problems[i] = analysis.Appraise(run.Book, run.Results[i], thorough); len(problems[i]) == 0 {
			run.Incentives[i] = analysed
		}
	})
	wait.Wait()
	if run.Incentives[0] != nil {
		run.Incentives[0].Bases = bases
	}
	return a.show(slices.Concat(problems...), src, false) == 0
}

// tryBases runs the first result's scenario under other base rules: as variants of the plan, loaded once more.
func (a *app) tryBases(run *reports.Run, path string, asked scenarios.Options) ([]*analysis.BaseTrial, []model.Problem) {
	plan := run.Book.Plan
	rules := analysis.BaseRules(plan, run.Scenario(0))
	if len(rules) == 0 {
		return nil, nil
	}
	var variants []scenarios.Variant
	for _, r := range rules {
		variants = append(variants, scenarios.Variant{ID: r.Clause + " " + r.ID, Of: run.Results[0].Scenario.ID, Set: r.Set})
	}
	asked.Variants = variants
	loaded := scenarios.Load(path, asked)
	if loaded.Plan == nil {
		return nil, loaded.Problems
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		return nil, problems
	}
	return analysis.TryBases(book, rules, len(plan.Scenarios))
}
