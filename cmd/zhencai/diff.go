package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

func (a *app) diffCommand() *cobra.Command {
	var line, over string
	var set []string
	c := &cobra.Command{
		Use: "diff PLAN A B", Args: a.args("PLAN", "A", "B"),
		Short: a.t("说明情景 B 为什么与 A 不同：每处改动的贡献，合计分毫不差", "say why scenario B differs from A: what each change contributes, adding up exactly"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, loaded, err := a.open(args[0], set, counted)
			if err != nil {
				return err
			}
			at, err := lineNamed(book, line)
			if err != nil {
				return err
			}
			how, err := overNamed(book, at, over)
			if err != nil {
				return err
			}
			run, err := a.compute(book, loaded.Sources, args[1:], "", model.Computed)
			if err != nil {
				return err
			}
			d, problems := analysis.Divide(book, run.Scenario(0), run.Scenario(1), line, how)
			if a.show(problems, loaded.Sources, true) > 0 {
				return errShown
			}
			fmt.Fprint(a.out, terminal.Text(run.Contributions(d)))
			return nil
		},
	}
	c.Flags().StringVar(&line, "line", comparedLine, a.t("比较哪一行", "the line to compare"))
	c.Flags().StringVar(&over, "over", "", a.t("各年怎样成为一个数：total last min max，或一个年份；不写则按这一行的惯例", "how the years become one figure: total last min max, or a year; by the line's custom if absent"))
	c.Flags().StringArrayVar(&set, "set", nil, a.t("改一个参数", "change a parameter"))
	return c
}

// comparedLine is what scenarios are compared by where nobody says: what the town gets.
const comparedLine = "town_receives"

// overNamed reads --over.
func overNamed(book *model.Book, line int, text string) (formula.Over, error) {
	known := []string{string(formula.Total), string(formula.AtEnd), string(formula.Smallest), string(formula.Largest)}
	cal := book.Plan.Calendar
	year, err := strconv.Atoi(text)
	switch {
	case text == "":
		return book.UsualOver(line), nil
	case slices.Contains(known, text):
		return formula.Over(text), nil
	case err == nil && year > cal.Actual && year <= cal.Last:
		return formula.InYear(year), nil
	}
	return "", usageError{formula.Textf("--over 没有 %q%s；有：%v 和 %d-%d 的一年", "--over knows no %q%s; it knows: %v and a year of %d-%d", text, formula.DidYouMean(text, known), known, cal.Actual+1, cal.Last)}
}

// quickEvaluations is what one difference of a run may cost: eight changes exactly, more of them sampled.
const quickEvaluations = 1 << 8

// differences compares every result of a run with the first. What cannot be compared is said, and left out.
func (a *app) differences(run *reports.Run, src *scenarios.Sources) []*analysis.Difference {
	all := make([]*analysis.Difference, len(run.Results))
	problems := make([][]model.Problem, len(run.Results))
	each(len(run.Results), func(i int) {
		if r := run.Results[i]; r.Scenario.ID != run.Results[0].Scenario.ID {
			all[i], problems[i] = analysis.DivideResults(run.Book, run.Results[0], r, comparedLine, formula.Total, quickEvaluations)
		}
	})
	said := slices.Concat(problems...)
	for i := range said {
		said[i].Warning = true // the results stand without it
	}
	a.show(said, src, true)
	return all
}
