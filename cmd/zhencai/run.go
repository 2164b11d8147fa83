package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/page"
	"zhencai/reports/terminal"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
)

// outputs are the files a run can write, in the order in which they are written.
var outputs = []string{"workbook", "page", "results"}

func (a *app) runCommand() *cobra.Command {
	var r runFlags
	c := &cobra.Command{
		Use: "run PLAN", Args: a.args("PLAN"),
		Short: a.t("测算并写出工作簿、图表页和结果数据", "compute a plan and write workbook, page and results"),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, o := range r.only {
				if !slices.Contains(outputs, o) {
					return usageError{formula.Textf("--only 没有 %q%s；有：%s", "--only knows no %q%s; it knows: %s", o, formula.DidYouMean(o, outputs), strings.Join(outputs, " "))}
				}
			}
			if r.edition != "" && r.edition != "county" {
				return usageError{formula.Textf("--edition 只有 county，没有 %q", "--edition is county, not %q", r.edition)}
			}
			return a.run(args[0], r)
		},
	}
	c.Flags().StringVarP(&r.target, "out", "o", "out", a.t("写到哪个文件夹", "folder to write to"))
	c.Flags().StringSliceVar(&r.chosen, "scenario", nil, a.t("只算这些情景（id，可多次）；base 是不加任何层的计划", "only these scenarios (ids); base is the plan without layers"))
	c.Flags().StringArrayVar(&r.set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
	c.Flags().StringSliceVar(&r.only, "only", nil, a.t("只写这些：workbook page results", "write only these: workbook page results"))
	c.Flags().StringVar(&r.date, "date", "", a.t("印在输出上的日期；不写则用计划的 version", "date printed on the outputs; the plan's version if absent"))
	c.Flags().StringVar(&r.edition, "edition", "", a.t("county：只含标明 edition: county 的情景，可以交给县里", "county: only scenarios marked edition: county, to hand to the county"))
	c.Flags().StringVar(&r.previous, "previous", "", a.t("上一版的 results.json 或工作簿，写出变更表", "results.json or workbook of the previous version: writes the sheet of changes"))
	return c
}

// runFlags are what a run may be told.
type runFlags struct {
	target, date, edition, previous string
	chosen, set, only               []string
}

// wants tells whether an output is to be written.
func (r *runFlags) wants(output string) bool {
	return len(r.only) == 0 || slices.Contains(r.only, output)
}

// figure is what a figure takes of memory in the largest of the outputs.
func (r *runFlags) figure() (most int) {
	for output, memory := range map[string]int{"workbook": model.AsWorkbook, "page": model.AsPage, "results": model.AsResults} {
		if r.wants(output) {
			most = max(most, memory)
		}
	}
	return most
}

func (a *app) run(path string, r runFlags) error {
	target := r.target
	asked := scenarios.Options{Set: r.set, Only: r.chosen, Edition: r.edition}
	book, loaded, err := a.openWith(path, asked, counted)
	if err != nil {
		return err
	}
	run, err := a.compute(book, loaded.Sources, r.chosen, r.date, r.figure())
	if err != nil {
		return err
	}
	run.Differences = a.differences(run, loaded.Sources)
	a.analyse(run, path, asked, loaded.Sources, false)
	run.Risk = a.risk(run, path, asked, loaded.Sources)
	if r.previous != "" {
		if run.Previous, err = a.previous(r.previous); err != nil {
			return err
		}
	}
	name := scenarios.PlanName(path)
	var files []reports.File
	add := func(name string, data []byte) {
		files = append(files, reports.File{Path: filepath.Join(target, name), Data: data})
	}
	if r.wants("workbook") {
		data, err := workbook.Write(run)
		if err != nil {
			return err
		}
		add(name+".xlsx", data)
	}
	pageMissing := r.wants("page") && !page.HasAssets()
	if r.wants("page") && !pageMissing {
		data, err := page.Write(run)
		if err != nil {
			return err
		}
		add(name+".html", data)
	}
	if r.wants("results") {
		document, err := data.JSON(run)
		if err != nil {
			return err
		}
		add("results.csv", data.CSV(run))
		add("results.json", document)
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return a.cannotWrite(target, err)
	}
	fmt.Fprintln(a.out, terminal.Summary(run))
	if banner := run.Banner(); banner != "" {
		fmt.Fprintln(a.out, banner)
	}
	kept := ""
	if r.wants("workbook") {
		if kept, err = workbook.Keep(filepath.Join(target, name+".xlsx")); err != nil {
			return a.cannotWrite(target, err)
		}
	}
	if err := reports.Save(files...); err != nil {
		return a.cannotWrite(target, err)
	}
	if kept != "" {
		fmt.Fprintln(a.out, formula.Textf("原来的工作簿被人改过，留为 %s", "the workbook that was there had been changed by a person; it is kept as %s", kept).In(a.lang))
	}
	for _, f := range files {
		fmt.Fprintln(a.out, a.t("已写出 ", "wrote ")+f.Path)
	}
	if pageMissing {
		fmt.Fprintln(a.out, page.NoAssets.In(a.lang))
	}
	return nil
}

// previous reads the version to compare with.
func (a *app) previous(path string) (*reports.Previous, error) {
	data, err := readFile(path)
	if err == nil {
		var p *reports.Previous
		if p, err = workbook.ReadPrevious(filepath.Base(path), data); err == nil {
			return p, nil
		}
	}
	return nil, a.cannotRead(path, err)
}

func (a *app) cannotWrite(path string, err error) error {
	var locked *reports.Locked
	if errors.As(err, &locked) {
		return errors.New(locked.In(a.lang) + a.t("；原有文件未动", "; nothing was changed"))
	}
	return fmt.Errorf("%s", a.t("写不了 "+path+"（原有文件未动）：", "cannot write "+path+" (an older file is untouched): ")+a.asked(err).Error())
}
