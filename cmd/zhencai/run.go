package main

import (
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
	"zhencai/scenarios/files"
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
			if r.open && !r.wants("page") {
				return usageError{formula.Text{ZH: "--open 打开的是图表页，--only 里要有 page", EN: "--open opens the page: --only must have it"}}
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
	c.Flags().BoolVar(&r.open, "open", false, a.t("写好以后用浏览器打开图表页", "open the page in the browser when it is written"))
	a.replaceFlag(c)
	return c
}

// runFlags are what a run may be told.
type runFlags struct {
	target, date, edition, previous string
	chosen, set, only               []string
	open                            bool
}

// wants tells whether an output is to be written.
func (r runFlags) wants(output string) bool {
	return len(r.only) == 0 || slices.Contains(r.only, output)
}

// figure is what a figure takes of memory in the largest of the outputs.
func (r runFlags) figure() (most int) {
	for output, memory := range map[string]int{"workbook": model.AsWorkbook, "page": model.AsPage, "results": model.AsResults} {
		if r.wants(output) {
			most = max(most, memory)
		}
	}
	return most
}

func (a *app) run(path string, r runFlags) error {
	asked := scenarios.Options{Set: r.set, Only: r.chosen, Edition: r.edition}
	book, loaded, err := a.openWith(path, asked, counted)
	if err != nil {
		return err
	}
	run, err := a.compute(book, loaded.Sources, r.chosen, r.date, r.figure())
	if err != nil {
		return err
	}
	name := scenarios.PlanName(path)
	outputs := r.files(name)
	of := files.Origin{Command: "run", Plan: name, Place: files.Place(r.target, path)}
	if r.edition != "" {
		of.Command += " --edition " + r.edition
	}
	saver := files.Saver{Of: of, Replace: a.replace, Inputs: loaded.Sources.Paths()}
	for _, f := range outputs { // before what takes long
		if err := saver.Check(f.path); err != nil {
			return a.cannotWrite(r.target, err)
		}
	}
	run.Differences = a.differences(run, loaded.Sources)
	a.analyse(run, path, asked, loaded.Sources, false)
	run.Risk = a.risk(run, path, asked, loaded.Sources)
	if r.previous != "" {
		if run.Previous, err = a.previous(r.previous); err != nil {
			return err
		}
	}
	var written []files.File
	for _, f := range outputs {
		document, err := f.write(run)
		if err != nil {
			return err
		}
		written = append(written, files.File{Path: f.path, Data: document})
		if f.output == "workbook" {
			written[0].Keep = workbook.Changed
		}
	}
	fmt.Fprint(a.out, terminal.Text(run.Summary()))
	if banner := run.Banner(); banner != "" {
		fmt.Fprintln(a.out, banner)
	}
	if r.wants("page") && !page.HasAssets() {
		fmt.Fprintln(a.out, page.NoAssets.In(a.lang))
	}
	if len(outputs) == 0 {
		return nil
	}
	if err := os.MkdirAll(r.target, 0o755); err != nil {
		return a.cannotWrite(r.target, err)
	}
	saver.Of.Figures = data.Figures(run)
	if err := a.save(saver, written...); err != nil {
		return err
	}
	if r.open && page.HasAssets() {
		a.showPage(filepath.Join(r.target, name+".html"))
	}
	return nil
}

// showPage opens a page in the browser. Where none opens it says so: the page is there all the same.
func (a *app) showPage(path string) {
	full, err := filepath.Abs(path)
	if err == nil {
		err = openFile(full)
	}
	if err != nil {
		fmt.Fprintln(a.errs, formula.Textf("浏览器没有打开（%v）；请自己双击 %s", "no browser opened (%v); open %s yourself", err, path).In(a.lang))
	}
}

// made is a file that a run writes.
type made struct {
	output, path string
	write        func(*reports.Run) ([]byte, error)
}

// files are what a run of a plan writes; the workbook first, because it is the one most likely to be open.
func (r runFlags) files(plan string) []made {
	csv := func(run *reports.Run) ([]byte, error) { return data.CSV(run), nil }
	all := []made{{"workbook", plan + ".xlsx", workbook.Write}, {"page", plan + ".html", page.Write}, {"results", "results.csv", csv}, {"results", "results.json", data.JSON}}
	all = slices.DeleteFunc(all, func(f made) bool { return !r.wants(f.output) || f.output == "page" && !page.HasAssets() })
	for i := range all {
		all[i].path = filepath.Join(r.target, all[i].path)
	}
	return all
}

// previous reads the version to compare with.
func (a *app) previous(path string) (*reports.Previous, error) {
	a.tell(filepath.Dir(path))
	data, err := readFile(path)
	if err == nil {
		var p *reports.Previous
		if p, err = workbook.ReadPrevious(filepath.Base(path), data); err == nil {
			return p, nil
		}
	}
	return nil, a.cannotRead(path, err)
}
