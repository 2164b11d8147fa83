package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"zhencai/files"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

// fan are the lines whose spread a simulation shows unless told otherwise.
var fan = []string{"counted", "incentive_due", "incentive_paid", "receipts", "cash", "debt", "debt_ratio", "county_keeps", "gap", "incentive_owed"}

// mostOutputs bounds the lines × years × scenarios of one simulation, which decide its memory.
const mostOutputs = 4000

type simulating struct {
	chosen, set, shocks, lines []string
	by, csv                    string
	paths, workers             int
	quiet, years, explain      bool
}

func (a *app) simulateCommand() *cobra.Command {
	var o simulating
	c := &cobra.Command{
		Use: "simulate PLAN", Args: a.args("PLAN"),
		Short: a.t("按计划的 uncertainty 随机模拟：分位数、不利事件的概率、情景比较", "simulate a plan's uncertainty: quantiles, adverse events, which scenario beats which"),
		RunE:  func(_ *cobra.Command, args []string) error { return a.simulate(args[0], o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.chosen, "scenario", nil, a.t("只算这些情景", "only these scenarios"))
	f.StringArrayVar(&o.shocks, "shock", nil, a.t("再随机变动一个参数，如 'revenue.vat.growth={normal: {sd: 5pp}}'（可多次）", "shock one more parameter, such as 'revenue.vat.growth={normal: {sd: 5pp}}' (repeatable)"))
	f.StringSliceVar(&o.lines, "line", nil, a.t("只看这些行", "only these lines"))
	f.StringVar(&o.by, "by", defaultFigure, a.t("比较情景用的指标：行名，可加 :total :last :min :max", "the figure scenarios are compared by: a line, with :total :last :min or :max"))
	f.IntVar(&o.paths, "paths", 0, a.t("模拟多少次；不写则按计划", "how many paths; the plan's number if absent"))
	f.IntVar(&o.workers, "workers", 0, a.t("用几个处理器；0 为全部。结果与此无关", "how many processors; 0: all. Results do not depend on it"))
	f.BoolVar(&o.years, "years", false, a.t("列出每一年，不只末年", "show every year, not only the last"))
	f.BoolVar(&o.explain, "explain", false, a.t("再算各随机因素解释多少方差", "also tell how much of the variance each source explains"))
	f.StringVar(&o.csv, "csv", "", a.t("把全部结果写成 CSV", "write everything as CSV"))
	f.BoolVar(&o.quiet, "quiet", false, a.t("不显示进度和速度", "no progress, no speed"))
	a.setFlag(c, &o.set)
	a.replaceFlag(c)
	return c
}

func (a *app) simulate(path string, o simulating) error {
	book, loaded, err := a.openWith(path, scenarios.Options{Set: o.set, Shocks: o.shocks}, counted)
	if err != nil {
		return err
	}
	saver, err := a.tableSaver("simulate", path, loaded, o.csv)
	if err != nil {
		return err
	}
	u := book.Plan.Uncertainty
	if !u.Draws() {
		return fmt.Errorf("%s", a.t("计划没有 uncertainty（不确定性）一段，没有可模拟的；写上它，或用 --shock 'revenue.vat.growth={normal: {sd: 5pp}}'",
			"the plan says nothing of uncertainty, so there is nothing to simulate; add that section, or use --shock 'revenue.vat.growth={normal: {sd: 5pp}}'"))
	}
	opt := analysis.Simulating{Paths: o.paths, Workers: o.workers}
	if opt.Paths == 0 {
		opt.Paths = int(u.Paths)
	}
	if opt.Paths < 0 || o.workers < 0 || o.workers > 1024 {
		return usageError{formula.Text{ZH: "--paths 和 --workers 不能是负数，--workers 最多 1024", EN: "--paths and --workers cannot be negative, --workers is at most 1024"}}
	}
	if opt.Scenarios, err = a.places(book.Plan, o.chosen, len(book.Plan.Scenarios)); err != nil {
		return err
	}
	if opt.By, err = a.figure(book, o.by); err != nil {
		return err
	}
	names := o.lines
	if len(names) == 0 {
		names = fan
	}
	if opt.Lines, err = a.lines(book, names); err != nil {
		return err
	}
	if n := len(opt.Lines) * (book.Plan.Calendar.Last - book.Plan.Calendar.Actual) * len(opt.Scenarios); n > mostOutputs {
		return usageError{formula.Textf("行×年×情景共 %d，最多 %d；用 --scenario、--line 少选一些", "lines × years × scenarios are %d, at most %d; choose fewer with --scenario and --line", n, mostOutputs)}
	}
	run := &reports.Run{Book: book, Lang: a.lang, Date: book.Plan.Version}
	if o.explain {
		defer a.explainVariance(run, opt)
	}
	finish := func() {}
	if !o.quiet {
		opt.Progress, finish = a.progress(opt.Paths)
	}
	began := time.Now()
	result, problems := analysis.Simulate(book, opt)
	elapsed := time.Since(began)
	finish()
	if result == nil {
		a.show(problems, nil, true)
		return errShown
	}
	title := book.Plan.Title
	if title == "" {
		title = scenarios.PlanName(path)
	}
	fmt.Fprintln(a.out, formula.Textf("%s：%d 次，随机种子 %d，金额单位万元", "%s: %d paths, seed %d, money in 10k yuan", title, opt.Paths, u.Seed).In(a.lang))
	fmt.Fprint(a.out, terminal.Simulation(run, result, o.years))
	if !o.quiet {
		fmt.Fprintf(a.out, "%.2f M paths/s (%d × %d, %.3f s)\n", float64(opt.Paths)*float64(len(opt.Scenarios))/elapsed.Seconds()/1e6, opt.Paths, len(opt.Scenarios), elapsed.Seconds())
	}
	if o.csv != "" {
		return a.save(saver, files.File{Path: o.csv, Data: data.SimulationCSV(run, result)})
	}
	return nil
}

func (a *app) explainVariance(run *reports.Run, opt analysis.Simulating) {
	for _, scenario := range opt.Scenarios {
		shares, _ := analysis.ExplainVariance(run.Book, scenario, opt)
		fmt.Fprintln(a.out, a.t("情景：", "Scenario: ")+run.ScenarioLabel(run.Book.Plan.Scenarios[scenario]))
		fmt.Fprint(a.out, terminal.Variance(run, opt.By, shares))
	}
}

// progress is a bar on the terminal; nothing where the errors go elsewhere.
func (a *app) progress(total int) (tell func(int), finish func()) {
	screen, _ := a.errs.(screen)
	file, ok := screen.to.(*os.File) // a bar moves the cursor
	if !ok {
		return nil, func() {}
	}
	p := mpb.New(mpb.WithOutput(file), mpb.WithWidth(40))
	bar := p.AddBar(int64(total), mpb.BarRemoveOnComplete(), mpb.AppendDecorators(decor.Percentage()))
	return func(done int) { bar.SetCurrent(int64(done)) }, func() {
		bar.SetCurrent(int64(total))
		p.Wait()
	}
}
