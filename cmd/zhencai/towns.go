package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/scenarios"
)

// chunk is how many towns are loaded at a time; memory grows with the number of towns only by their names and what they claim of pots.
const chunk = 100

type manyTowns struct {
	plan, scenario, to, shard, by, rank string
	pools, set, shocks                  []string
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
	f.BoolVar(&o.merge, "merge", false, a.t("把各片按次序合并", "put parts together, in the order given"))
	f.StringVar(&o.by, "by", defaultFigure, a.t("模拟看哪个指标：行名，可加 :total :last :min :max", "the figure to simulate: a line, with :total :last :min or :max"))
	f.StringVar(&o.rank, "rank", "town_receives:total", a.t("按哪一列排名", "column to rank by"))
	f.IntVar(&o.top, "top", 5, a.t("名次首尾各列几个", "how many first and last ranks to show"))
	f.StringArrayVar(&o.shocks, "shock", nil, a.t("再随机变动一个参数", "shock one more parameter"))
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

// batchOfTowns is a run of towns that one worker loads and computes together.
type batchOfTowns struct {
	first int              // the place of its first town among all
	towns []scenarios.Town // of a table
	plan  string           // of a town of its own
	rows  bytes.Buffer
	err   error
}

// townRun computes towns.
type townRun struct {
	a        *app
	o        manyTowns
	table    *scenarios.TownTable // its columns only
	cells    []model.Pos          // of the table that have been warned of
	template string
	pools    []*analysis.Pool
	divided  bool // the pots are: what towns are paid follows them
	header   []string
	visible  *model.Book
	shows    sync.Mutex // one worker's problems at a time
}

func (a *app) towns(args []string, o manyTowns) error {
	r := &townRun{a: a, o: o, template: o.plan}
	byTable := strings.HasSuffix(strings.ToLower(args[0]), ".csv")
	switch {
	case byTable && (o.plan == "" || len(args) > 1):
		return usageError{formula.Text{ZH: "一个表配一个模板：towns TABLE.csv --plan 模板", EN: "one table goes with one template: towns TABLE.csv --plan TEMPLATE"}}
	case !byTable && o.plan != "":
		return usageError{formula.Text{ZH: "--plan 只和 TABLE.csv 一起用", EN: "--plan goes with TABLE.csv"}}
	case o.paths < 0 || o.workers < 0:
		return usageError{formula.Text{ZH: "--paths 和 --workers 不能是负数", EN: "--paths and --workers cannot be negative"}}
	}
	part, parts, err := shardOf(o.shard)
	if err != nil {
		return err
	}
	if !byTable {
		r.template = args[0]
	}
	if err := r.look(); err != nil {
		return err
	}
	source := func() (func() (*batchOfTowns, error), func(), error) { return a.ofPlans(args), func() {}, nil }
	if byTable {
		source = func() (func() (*batchOfTowns, error), func(), error) { return r.ofTable(args[0]) }
	}
	total, err := r.count(source)
	if err != nil {
		return err
	}
	if len(r.pools) > 0 {
		if err := r.share(source); err != nil {
			return err
		}
	}
	return r.write(source, total*(part-1)/parts, total*part/parts)
}

// shardOf reads i/n.
func shardOf(s string) (part, parts int, err error) {
	if s == "" {
		return 1, 1, nil
	}
	i, n, ok := strings.Cut(s, "/")
	part, err1 := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || part < 1 || part > parts || parts > 100_000 {
		return 0, 0, usageError{formula.Textf("看不懂 --shard %q；写成 1/4", "cannot read --shard %q; write 1/4", s)}
	}
	return part, parts, nil
}

// look loads the template once, to know what can be asked of it.
func (r *townRun) look() error {
	book, _, err := r.a.openWith(r.template, scenarios.Options{Set: r.o.set, Shocks: r.o.shocks}, counted)
	if err != nil {
		return err
	}
	r.visible = book
	if _, err := r.a.places(book.Plan, []string{r.o.scenario}, len(book.Plan.Scenarios)); err != nil {
		return err
	}
	if _, err := r.a.figure(book, r.o.by); err != nil {
		return err
	}
	if u := book.Plan.Uncertainty; r.o.paths > 0 && (u == nil || len(u.Shocks) == 0 && u.Delivery == nil) {
		return fmt.Errorf("%s", r.a.t("模板没有 uncertainty（不确定性）一段，不能模拟；写上它，或用 --shock", "the template says nothing of uncertainty, so it cannot be simulated; add that section, or use --shock"))
	}
	if r.pools, err = potsOf(r.o.pools, book.Plan); err != nil {
		return err
	}
	var events []analysis.Event
	if r.o.paths > 0 {
		events = analysis.Watched(book)
	}
	r.header = data.TownHeader(events)
	_, err = data.TownColumn(r.header, r.o.rank)
	return r.a.asked(err)
}

// ofPlans gives one town per plan.
func (a *app) ofPlans(paths []string) func() (*batchOfTowns, error) {
	next := 0
	return func() (*batchOfTowns, error) {
		if next == len(paths) {
			return nil, nil
		}
		next++
		return &batchOfTowns{plan: paths[next-1]}, nil
	}
}

// ofTable reads a table from its beginning.
func (r *townRun) ofTable(path string) (func() (*batchOfTowns, error), func(), error) {
	t, err := scenarios.OpenTowns(path)
	if err != nil {
		return nil, nil, r.a.table(err)
	}
	r.table = t
	return func() (*batchOfTowns, error) {
		towns, err := t.Next(chunk)
		if err != nil || len(towns) == 0 {
			return nil, r.a.table(err)
		}
		return &batchOfTowns{towns: towns}, nil
	}, func() { t.Close() }, nil
}

// table puts an error about a table into the user's language.
func (a *app) table(err error) error {
	var bad *scenarios.TableError
	if errors.As(err, &bad) {
		return fmt.Errorf("%s", bad.In(a.lang))
	}
	return err
}

type townSource func() (func() (*batchOfTowns, error), func(), error)

// count reads through the towns once, so that a fault in the last row is known before the first is computed.
func (r *townRun) count(source townSource) (total int, err error) {
	next, done, err := source()
	if err != nil {
		return 0, err
	}
	defer done()
	for {
		b, err := next()
		if b == nil && err == nil && r.table != nil {
			for _, row := range r.table.Warnings {
				fmt.Fprintln(r.a.errs, r.a.t("提醒：", "warning: ")+row.In(r.a.lang))
			}
		}
		if err != nil || b == nil {
			return total, err
		}
		total += max(len(b.towns), 1)
	}
}

// each works through the towns numbered from..to on all processors and hands the batches over in order.
func (r *townRun) each(source townSource, from, to int, work func(*batchOfTowns), take func(*batchOfTowns) error) error {
	next, done, err := source()
	if err != nil {
		return err
	}
	defer done()
	workers := r.o.workers
	if workers == 0 {
		workers = runtime.NumCPU()
	}
	type slot struct{ ready chan *batchOfTowns }
	jobs, order := make(chan func()), make(chan slot, 2*workers)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for job := range jobs {
				job()
			}
		})
	}
	var readErr error
	go func() {
		defer close(order)
		defer close(jobs)
		seen := 0
		for {
			b, err := next()
			if err != nil || b == nil {
				readErr = err
				return
			}
			n := max(len(b.towns), 1)
			first, last := max(from-seen, 0), min(to-seen, n)
			b.first = seen + first
			seen += n
			if first >= last {
				continue
			}
			if b.towns != nil {
				b.towns = b.towns[first:last]
			}
			s := slot{make(chan *batchOfTowns, 1)}
			select {
			case order <- s:
			case <-stop:
				return
			}
			jobs <- func() {
				work(b)
				s.ready <- b
			}
		}
	}()
	var failed error
	for s := range order {
		b := <-s.ready
		if failed == nil {
			if failed = b.err; failed == nil {
				failed = take(b)
			}
			if failed != nil {
				close(stop)
			}
		}
	}
	wait.Wait()
	if failed == nil {
		failed = readErr
	}
	return failed
}

// load builds the book of a batch; places are the towns' scenarios, names what they are called.
func (r *townRun) load(b *batchOfTowns) (book *model.Book, places []int, names []string, err error) {
	opt := scenarios.Options{Set: r.o.set, Shocks: r.o.shocks}
	path := b.plan
	if b.towns != nil {
		path, opt.Variants = r.template, r.table.Variants(b.towns, r.o.scenario, func(town int) []string { return r.also(b.first + town) })
	} else {
		opt.Set = append(slices.Clone(opt.Set), r.also(b.first)...)
	}
	loaded := scenarios.Load(path, opt)
	problems := loaded.Problems
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	if book == nil {
		r.shows.Lock()
		defer r.shows.Unlock()
		for _, p := range problems {
			if !p.Warning {
				if r.table != nil {
					p = r.table.Place(p, b.towns, len(r.also(b.first)))
				}
				fmt.Fprintln(r.a.errs, scenarios.Render(p, r.a.lang, loaded.Sources))
			}
		}
		return nil, nil, nil, errShown
	}
	r.warnOfCells(problems, b)
	if b.towns == nil {
		places, err := r.a.places(book.Plan, []string{r.o.scenario}, len(book.Plan.Scenarios))
		name := book.Plan.Town
		if name == "" {
			name = planName(b.plan)
		}
		return book, places, []string{name}, err
	}
	first := len(book.Plan.Scenarios) - len(b.towns)
	for i, t := range b.towns {
		places, names = append(places, first+i), append(names, t.Name)
	}
	return book, places, names, nil
}

// failed shows what is wrong with a town's results.
func (r *townRun) failed(town string, problems []model.Problem) error {
	r.shows.Lock()
	defer r.shows.Unlock()
	bad := false
	for _, p := range problems {
		if !p.Warning {
			fmt.Fprintln(r.a.errs, town+": "+p.Text.In(r.a.lang))
			bad = true
		}
	}
	if bad {
		return errShown
	}
	return nil
}

// compute writes the rows of a batch.
func (r *townRun) compute(b *batchOfTowns) {
	book, places, names, err := r.load(b)
	if b.err = err; err != nil {
		return
	}
	w := csv.NewWriter(&b.rows)
	by, _ := reports.Figure(book, r.o.by)
	for i, place := range places {
		run := &reports.Run{Book: book, Lang: r.a.lang}
		var s *analysis.Simulated
		if r.o.paths > 0 {
			var problems []model.Problem
			s, problems = analysis.Simulate(book, analysis.Simulating{Scenarios: []int{place}, By: by, Paths: r.o.paths, Workers: 1, Town: names[i]})
			if s == nil {
				b.err = r.failed(names[i], problems)
				return
			}
			run.Results = s.Results
		} else {
			result, problems := book.Run(place)
			if b.err = r.failed(names[i], problems); b.err != nil {
				return
			}
			run.Results = []*model.Result{result}
		}
		w.Write(data.TownRow(run, names[i], s))
	}
	w.Flush()
}
