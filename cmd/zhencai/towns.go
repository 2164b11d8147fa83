package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/terminal"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
	"zhencai/scenarios/towns"
)

type manyTowns struct {
	plan, scenario, to, shard, by, rank string
	pools, set, shocks, read            []string
	merge                               bool
	paths, top, workers                 int
	quiet                               bool
}

func (a *app) townsCommand() *cobra.Command {
	var o manyTowns
	c := &cobra.Command{
		Use: "towns TOWNS.yaml | TABLE.csv | PLAN...",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{formula.Text{ZH: "缺少 TABLE.csv 或 PLAN", EN: "TABLE.csv or PLAN is missing"}}
			}
			return nil
		},
		Short: a.t("许多镇：同一政策逐镇测算、分配总额、排名、分布", "many towns: one policy over all of them, shared pots, ranking, distribution"),
		Long: a.t("许多镇用同一政策：\n  towns towns.yaml              写有 towns（计划的列表，或一个表）、template、scenario、paths、pools 的文件\n  towns TABLE.csv --plan 模板   每行一镇，首列 town，其余列是地址，格内是值（比率的 -5% 就是负百分之五），空格用模板的值\n  towns 镇1 镇2 …              每镇一个计划\n  towns --merge 片1.csv 片2.csv 合并 --shard 各片\n每镇一行，写成 CSV 或 Parquet（看 -o 的文件名）；中断后用同样的命令接着算。",
			"One policy over many towns:\n  towns towns.yaml                  a file that says towns (a list of plans, or a table), template, scenario, paths, pools\n  towns TABLE.csv --plan TEMPLATE   one row per town: column town, then addresses; cells are values (a rate's -5% is minus five per cent), empty ones leave the template's\n  towns PLAN PLAN ...               one plan per town\n  towns --merge part1.csv part2.csv put the parts of --shard together\nWrites one row per town, as CSV or Parquet (by the name after -o); after an interruption the same command goes on."),
		RunE: func(c *cobra.Command, args []string) error {
			if o.merge {
				return a.mergeTowns(args, o)
			}
			o.read = args
			args, err := a.townsPlan(args, &o, c)
			if err != nil {
				return err
			}
			return a.towns(args, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.plan, "plan", "", a.t("模板计划", "the template plan"))
	f.StringVar(&o.scenario, "scenario", "base", a.t("用哪个情景", "which scenario"))
	f.StringVarP(&o.to, "out", "o", "towns.csv", a.t("写到哪个文件；以 .parquet 结尾就写 Parquet，其余写 CSV", "file to write: Parquet if its name ends in .parquet, else CSV"))
	f.IntVar(&o.paths, "paths", 0, a.t("每镇模拟多少次；0 只按计划测算", "paths per town; 0: only as planned"))
	f.StringArrayVar(&o.pools, "pool", nil, a.t("一项转移支付全县只有这么多钱，按应付比例分：编号=每年万元，或逐年用逗号加空格分开，如 share=20000（可多次）", "a pot for a transfer, shared pro rata to what is payable: id=amount per year, or amounts by year with a comma and a blank between them, such as share=20000 (repeatable)"))
	f.StringVar(&o.shard, "shard", "", a.t("只算第 i 片，共 n 片：i/n", "compute part i of n only: i/n"))
	f.BoolVar(&o.merge, "merge", false, a.t("把各片合并，次序随意", "put parts together, in any order"))
	f.StringVar(&o.by, "by", defaultFigure, a.t("模拟看哪个指标：行名，可加 :total :last :min :max", "the figure to simulate: a line, with :total :last :min or :max"))
	f.StringVar(&o.rank, "rank", "town_receives:total", a.t("按哪一列排名", "column to rank by"))
	f.IntVar(&o.top, "top", 5, a.t("名次首尾各列几个", "how many first and last ranks to show"))
	f.StringArrayVar(&o.shocks, "shock", nil, a.t("再随机变动一个参数", "shock one more parameter"))
	a.replaceFlag(c)
	f.BoolVar(&o.quiet, "quiet", false, a.t("不显示进度", "no progress"))
	f.IntVar(&o.workers, "workers", 0, a.t("用几个处理器；0 为全部", "how many processors; 0: all"))
	a.setFlag(c, &o.set)
	return c
}

// townsPlan takes what a plan of plans says; flags come before it.
func (a *app) townsPlan(args []string, o *manyTowns, c *cobra.Command) ([]string, error) {
	if len(args) != 1 {
		return args, nil
	}
	p, loaded := scenarios.ReadTowns(args[0])
	if a.show(loaded.Problems, loaded.Sources, true) > 0 {
		return nil, errShown
	}
	if p == nil {
		return args, nil
	}
	if !c.Flags().Changed("scenario") {
		o.scenario = p.Scenario
	}
	if !c.Flags().Changed("paths") {
		o.paths = int(p.Paths)
	}
	for _, pool := range p.Pools {
		id, _, _ := strings.Cut(pool, "=")
		if !slices.ContainsFunc(o.pools, func(s string) bool { return strings.HasPrefix(s, id+"=") }) {
			o.pools = append(o.pools, pool)
		}
	}
	if p.Table != "" {
		if o.plan == "" {
			o.plan = p.Template
		}
		return []string{p.Table}, nil
	}
	return p.Plans, nil
}

func (a *app) towns(args []string, o manyTowns) error {
	byTable := scenarios.IsTable(args[0])
	switch {
	case byTable && (o.plan == "" || len(args) > 1):
		return usageError{formula.Text{ZH: "一个表配一个模板：towns TABLE.csv --plan 模板", EN: "one table goes with one template: towns TABLE.csv --plan TEMPLATE"}}
	case !byTable && o.plan != "":
		return usageError{formula.Text{ZH: "--plan 只和 TABLE.csv 一起用", EN: "--plan goes with TABLE.csv"}}
	case o.paths < 0 || o.workers < 0:
		return usageError{formula.Text{ZH: "--paths 和 --workers 不能是负数", EN: "--paths and --workers cannot be negative"}}
	}
	part, err := towns.ParsePart(o.shard)
	if err != nil {
		return a.ofTowns(err)
	}
	r, err := a.townRun(args, byTable, o)
	if err != nil {
		return err
	}
	a.tell(filepath.Dir(o.to))
	saver := a.townSaver(o, append(args, o.plan)...)
	r.May, r.Save = saver.Check, saveTowns(saver)
	if err := r.Write(o.to, part); err != nil {
		return a.ofTowns(err)
	}
	a.wrote(o.to)
	table, err := data.OpenTowns(o.to)
	if err != nil {
		return a.asked(err)
	}
	defer table.Close()
	text, err := terminal.Towns(&reports.Run{Book: r.First, Lang: a.lang}, table, o.rank, o.top)
	fmt.Fprint(a.out, text)
	return a.asked(err)
}

// townRun is what the command line asks of towns. It loads the first plan, to know what can be asked.
func (a *app) townRun(args []string, byTable bool, o manyTowns) (*towns.Run, error) {
	r := &towns.Run{Plans: args, Path: args[0], Set: o.set, Shocks: o.shocks, Scenario: o.scenario, Paths: o.paths, Workers: o.workers, Read: o.read, Version: workbook.Version}
	if byTable {
		r.Table, r.Path = args[0], o.plan
	}
	r.Say = func(t formula.Text) { fmt.Fprintln(a.out, t.In(a.lang)) }
	r.Warn = func(t formula.Text) { fmt.Fprintln(a.errs, t.In(a.lang)) }
	if !o.quiet {
		r.Progress = a.progress
	}
	r.Row = func(b *model.Book, town string, planned *model.Result, s *analysis.Simulated) []string {
		return data.TownRow(&reports.Run{Book: b, Lang: a.lang, Results: []*model.Result{planned}}, town, s)
	}
	var err error
	if r.First, _, err = a.openWith(r.Path, scenarios.Options{Set: o.set, Shocks: o.shocks}, counted); err != nil {
		return nil, err
	}
	plan := r.First.Plan
	if _, err := scenarioPlace(plan.Scenarios, o.scenario); err != nil {
		return nil, err
	}
	if r.By, err = a.figure(r.First, o.by); err != nil {
		return nil, err
	}
	if o.paths > 0 && !plan.Uncertainty.Draws() {
		return nil, errors.New(a.t("模板没有 uncertainty（不确定性）一段，不能模拟；写上它，或用 --shock", "the template says nothing of uncertainty, so it cannot be simulated; add that section, or use --shock"))
	}
	if r.Pools, err = towns.Pots(o.pools, plan); err != nil {
		return nil, a.ofTowns(err)
	}
	var events []analysis.Event
	if o.paths > 0 {
		events = analysis.Watched(r.First)
	}
	r.Header = data.TownHeader(events)
	_, err = data.TownColumn(r.Header, o.rank)
	return r, a.asked(err)
}

// mergeTowns puts the files of the parts of a run together.
func (a *app) mergeTowns(parts []string, o manyTowns) error {
	a.tell(filepath.Dir(o.to))
	err := towns.Merge(parts, o.to, func(path string) (*towns.Rows, error) {
		file, err := data.OpenTowns(path)
		if err != nil {
			return nil, err
		}
		return &towns.Rows{Header: file.Header, Next: file.Next, Note: file.Note, Close: file.Close}, nil
	}, saveTowns(a.townSaver(o, parts...)))
	if err != nil {
		return a.ofTowns(err)
	}
	a.wrote(o.to)
	return nil
}
