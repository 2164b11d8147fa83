package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"zhencai/model/analysis"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

func (a *app) tornadoCommand() *cobra.Command {
	var set, shocks []string
	var scenario, by string
	var top int
	c := &cobra.Command{
		Use: "tornado PLAN", Args: a.args("PLAN"),
		Short: a.t("逐个把参数取低、取高，看哪个最影响结果", "move each input to its low and high end and see which matter most"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, loaded, err := a.openWith(args[0], scenarios.Options{Set: set, Shocks: shocks}, counted)
			if err != nil {
				return err
			}
			figure, err := a.figure(book, by)
			if err != nil {
				return err
			}
			places, err := a.places(book.Plan, []string{scenario}, len(book.Plan.Scenarios))
			if err != nil {
				return err
			}
			base, bars, problems := analysis.Tornado(book, places[0], figure)
			if problems != nil {
				a.show(problems, loaded.Sources, true)
				return errShown
			}
			run := &reports.Run{Book: book, Lang: a.lang, Date: book.Plan.Version}
			fmt.Fprint(a.out, terminal.Tornado(run, figure, base, bars, top))
			u := book.Plan.Uncertainty
			if !u.Draws() {
				return nil
			}
			shares, problems := analysis.ExplainVariance(book, places[0], analysis.Simulating{By: figure, Paths: int(u.Paths)})
			if problems != nil {
				a.show(problems, loaded.Sources, true)
				return errShown
			}
			fmt.Fprint(a.out, terminal.Variance(run, figure, shares))
			return nil
		},
	}
	c.Flags().StringVar(&scenario, "scenario", "base", a.t("情景 id", "scenario id"))
	c.Flags().StringVar(&by, "by", defaultFigure, a.t("看哪个指标：行名，可加 :total :last :min :max", "the figure: a line, with :total :last :min or :max"))
	c.Flags().IntVar(&top, "top", 20, a.t("列出几个", "how many to show"))
	c.Flags().StringArrayVar(&shocks, "shock", nil, a.t("再随机变动一个参数", "shock one more parameter"))
	a.setFlag(c, &set)
	return c
}

func (a *app) backtestCommand() *cobra.Command {
	var set []string
	c := &cobra.Command{
		Use: "backtest PLAN", Args: a.args("PLAN"),
		Short: a.t("用历年实绩检验各种推算方法", "test the ways of forecasting growth on the actual years"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, _, err := a.openWith(args[0], scenarios.Options{Set: set}, counted)
			if err != nil {
				return err
			}
			fmt.Fprint(a.out, terminal.Backtest(&reports.Run{Book: book, Lang: a.lang, Date: book.Plan.Version}))
			return nil
		},
	}
	a.setFlag(c, &set)
	return c
}
