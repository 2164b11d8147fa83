package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/files"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

type sweeping struct {
	axes, lines, set   []string
	name, scenario, to string
	top                int
}

func (a *app) sweepCommand() *cobra.Command {
	var o sweeping
	c := &cobra.Command{
		Use: "sweep PLAN", Args: a.args("PLAN"),
		Short: a.t("几个参数的全部组合：表、热图、CSV", "every combination of a few parameters: table, heat map, CSV"),
		RunE:  func(_ *cobra.Command, args []string) error { return a.sweep(args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.name, "sweep", "", a.t("计划 sweeps 里的哪一个；只有一个时可不写", "which of the plan's sweeps; may be absent if there is one"))
	f.StringArrayVar(&o.axes, "axis", nil, a.t("一个轴：地址=值|值|值，或 地址=从..到/步数，如 transfers.share.rate=30%..60%/7（可多次）", "an axis: address=value|value|value, or address=from..to/steps, such as transfers.share.rate=30%..60%/7 (repeatable)"))
	f.StringSliceVar(&o.lines, "line", nil, a.t("看哪些指标：行名，可加 :total :last :min :max", "which figures: lines, with :total :last :min or :max"))
	f.StringVar(&o.scenario, "scenario", "", a.t("在哪个情景上；不写则为计划本身", "on which scenario; the plan itself if absent"))
	f.StringVar(&o.to, "csv", "", a.t("把全部点写成 CSV", "write all points as CSV"))
	f.IntVar(&o.top, "top", 30, a.t("表里列出几个点", "how many points the table shows"))
	a.setFlag(c, &o.set)
	a.replaceFlag(c)
	return c
}

func (a *app) sweep(path string, o sweeping) error {
	sweep, err := a.chooseSweep(path, o)
	if err != nil {
		return err
	}
	if sweep.Points() > model.MostPoints {
		return usageError{formula.Textf("网格超过 %d 个点", "the grid has more than %d points", model.MostPoints)}
	}
	book, loaded, err := a.openWith(path, scenarios.Options{Set: o.set, Variants: scenarios.SweepVariants(sweep)}, counted)
	if err != nil {
		return err
	}
	saver, err := a.tableSaver("sweep", path, loaded, o.to)
	if err != nil {
		return err
	}
	if len(sweep.Lines) == 0 {
		sweep.Lines = sweptLines
	}
	declared := len(book.Plan.Scenarios) - len(scenarios.SweepVariants(sweep))
	grid, problems, err := a.grid(book, sweep, declared, declared)
	if err != nil {
		return err
	}
	if problems != nil {
		a.show(problems, loaded.Sources, true)
		return errShown
	}
	run := &reports.Run{Book: book, Lang: a.lang, Date: book.Plan.Version}
	fmt.Fprint(a.out, terminal.Grid(run, grid, sweep.Axes, o.top))
	if o.to != "" {
		return a.save(saver, files.File{Path: o.to, Data: data.GridCSV(run, grid, sweep.Axes)})
	}
	return nil
}

// sweptLines are what a sweep looks at unless told otherwise.
var sweptLines = []string{defaultFigure, "incentive_paid", "cash", "debt_ratio"}

// grid computes a sweep in a book whose scenarios from a place on are its variants; so many are declared.
func (a *app) grid(book *model.Book, sweep *model.Sweep, from, declared int) (*analysis.Grid, []model.Problem, error) {
	base, err := scenarioPlace(book.Plan.Scenarios[:declared], cmp.Or(sweep.Scenario, "base"))
	if err != nil {
		return nil, nil, err
	}
	var figures []model.Headline
	for _, s := range sweep.Lines {
		figure, err := a.figure(book, s)
		if err != nil {
			return nil, nil, err
		}
		figures = append(figures, figure)
	}
	var axes [][]int
	var names []string
	for _, axis := range sweep.Axes {
		var places []int
		for range axis.Values {
			places = append(places, from)
			from++
		}
		axes, names = append(axes, places), append(names, axis.Address)
	}
	grid, problems := analysis.Sweep(book, base, axes, names, figures)
	return grid, problems, nil
}

// chooseSweep is the sweep the command line describes, or one of the plan's.
func (a *app) chooseSweep(path string, o sweeping) (*model.Sweep, error) {
	s := &model.Sweep{}
	if len(o.axes) == 0 {
		book, _, err := a.openWith(path, scenarios.Options{Set: o.set}, counted)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, known := range book.Plan.Sweeps {
			ids = append(ids, known.ID)
		}
		i := slices.Index(ids, o.name)
		switch {
		case o.name == "" && len(ids) == 1:
			i = 0
		case len(ids) == 0:
			return nil, usageError{formula.Text{ZH: "计划没有 sweeps；用 --axis 地址=从..到/步数", EN: "the plan has no sweeps; use --axis address=from..to/steps"}}
		case i < 0:
			return nil, usageError{formula.Textf("--sweep 没有 %q%s；有：%s", "--sweep knows no %q%s; there are: %s", o.name, formula.DidYouMean(o.name, ids), strings.Join(ids, " "))}
		}
		*s = book.Plan.Sweeps[i]
	}
	for _, text := range o.axes {
		axis, wrong := scenarios.ReadAxis(text)
		if wrong.ZH != "" {
			return nil, usageError{wrong}
		}
		s.Axes = append(s.Axes, axis)
	}
	if len(o.lines) > 0 {
		s.Lines = o.lines
	}
	if o.scenario != "" {
		s.Scenario = o.scenario
	}
	return s, nil
}
