package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model/formula"
	"zhencai/reports"
)

// outputs are the files a run can write, in the order in which they are written.
var outputs = []string{"workbook", "page", "results"}

func (a *app) runCommand() *cobra.Command {
	var target, date string
	var chosen, set, only []string
	c := &cobra.Command{
		Use: "run PLAN", Args: a.args("PLAN"),
		Short: a.t("测算并写出工作簿、图表页和结果数据", "compute a plan and write workbook, page and results"),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, o := range only {
				if !slices.Contains(outputs, o) {
					return usageError{formula.Textf("--only 没有 %q%s；有：%s", "--only knows no %q%s; it knows: %s", o, formula.DidYouMean(o, outputs), strings.Join(outputs, " "))}
				}
			}
			return a.run(args[0], target, date, chosen, set, only)
		},
	}
	c.Flags().StringVarP(&target, "out", "o", "out", a.t("写到哪个文件夹", "folder to write to"))
	c.Flags().StringSliceVar(&chosen, "scenario", nil, a.t("只算这些情景（id，可多次）；base 是不加任何层的计划", "only these scenarios (ids); base is the plan without layers"))
	c.Flags().StringArrayVar(&set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
	c.Flags().StringSliceVar(&only, "only", nil, a.t("只写这些：workbook page results", "write only these: workbook page results"))
	c.Flags().StringVar(&date, "date", "", a.t("印在输出上的日期；不写则用计划的 version", "date printed on the outputs; the plan's version if absent"))
	return c
}

func (a *app) run(path, target, date string, chosen, set, only []string) error {
	book, loaded, err := a.open(path, set, false)
	if err != nil {
		return err
	}
	run, err := a.compute(book, loaded.Sources, chosen, date)
	if err != nil {
		return err
	}
	run.Differences = a.differences(run, loaded.Sources)
	a.analyse(run, path, set, loaded.Sources, false)
	run.Risk = a.risk(run, path, set, loaded.Sources)
	wanted := func(o string) bool { return len(only) == 0 || slices.Contains(only, o) }
	name := planName(path)
	var files []reports.File
	add := func(name string, data []byte) {
		files = append(files, reports.File{Path: filepath.Join(target, name), Data: data})
	}
	if wanted("workbook") {
		data, err := reports.Workbook(run)
		if err != nil {
			return err
		}
		add(name+".xlsx", data)
	}
	pageMissing := wanted("page") && !reports.HasAssets()
	if wanted("page") && !pageMissing {
		data, err := reports.Page(run)
		if err != nil {
			return err
		}
		add(name+".html", data)
	}
	if wanted("results") {
		data, err := reports.JSON(run)
		if err != nil {
			return err
		}
		add("results.csv", reports.CSV(run))
		add("results.json", data)
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return a.cannotWrite(target, err)
	}
	fmt.Fprintln(a.out, reports.Table(run))
	if banner := run.Banner(); banner != "" {
		fmt.Fprintln(a.out, banner)
	}
	if err := reports.Save(files...); err != nil {
		return a.cannotWrite(target, err)
	}
	for _, f := range files {
		fmt.Fprintln(a.out, a.t("已写出 ", "wrote ")+f.Path)
	}
	if pageMissing {
		fmt.Fprintln(a.out, reports.NoAssets.In(a.lang))
	}
	return nil
}

func (a *app) cannotWrite(path string, err error) error {
	return fmt.Errorf("%s", a.t("写不了 "+path+"（原有文件未动）：", "cannot write "+path+" (an older file is untouched): ")+err.Error())
}

// planName is what the outputs of a plan are called: its folder, or its file without the ending.
func planName(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		full = path
	}
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(full), ".yaml"), ".yml")
	if name == "plan" && filepath.Base(full) != name {
		name = filepath.Base(filepath.Dir(full))
	}
	return name
}
