package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
	"zhencai/scenarios/files"
)

func (a *app) rollCommand() *cobra.Command {
	var actuals, out string
	var how scenarios.Rolling
	c := &cobra.Command{
		Use: "roll PLAN", Args: a.args("PLAN"),
		Short: a.t("结转下年：首个测算年成为历史，年末数成为期初数，写成新的计划；原计划不动", "roll a plan forward: its first year becomes history, what stood at its end opens the new plan; the old one is not touched"),
		RunE: func(_ *cobra.Command, args []string) error {
			if actuals == "" {
				return usageError{formula.Text{ZH: "缺少 --actuals：上年实绩表（CSV，两列：项目、金额）", EN: "--actuals is missing: a table of the year's actuals (CSV of two columns: item, amount)"}}
			}
			rows, err := scenarios.ReadActuals(actuals)
			if err != nil {
				return a.cannotRead(actuals, err)
			}
			how.Actuals = rows
			rolled, problems, src := scenarios.Roll(args[0], how)
			if a.show(problems, src, rolled != nil) > 0 {
				return errShown
			}
			if out == "" {
				out = besidePlan(args[0], rolled)
			}
			if err := a.saveNewPlan(out, rolled); err != nil {
				return err
			}
			a.tellRolled(rolled)
			fmt.Fprintln(a.out, formula.Textf("已建 %s；接着：zhencai check %s", "made %s; then: zhencai check %s", out, out).In(a.lang))
			return nil
		},
	}
	c.Flags().StringVar(&actuals, "actuals", "", a.t("上年实绩表（CSV）：项目（编号、名称或行的地址）,金额", "table of the year's actuals (CSV): item (id, name or a line's address), amount"))
	c.Flags().StringVar(&how.Scenario, "scenario", "", a.t("没有实绩的数按哪个情景；不写则为第一个", "the scenario whose figures stand where there is no actual; the first if absent"))
	c.Flags().StringVarP(&out, "out", "o", "", a.t("新计划的文件夹或文件；不写则在原计划旁边", "folder or file of the new plan; beside the old one if absent"))
	c.Flags().BoolVar(&how.Ignore, "allow-unmatched", false, a.t("实绩表里计划没有的行只提醒", "rows that the plan has nothing for are only warned of"))
	return c
}

// besidePlan is where a rolled plan goes if nobody says: the old name with the new first year.
func besidePlan(plan string, rolled *scenarios.Rolled) string {
	full, err := filepath.Abs(plan)
	if err != nil {
		full = plan
	}
	if filepath.Base(full) == "plan.yaml" {
		full, plan = filepath.Dir(full), filepath.Dir(plan)
	}
	ext := filepath.Ext(full)
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		ext = ""
	}
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(full), ext), fmt.Sprintf("-%d", rolled.Year))
	if len(rolled.Files) > 1 {
		ext = ""
	}
	return filepath.Join(filepath.Dir(filepath.Clean(plan)), fmt.Sprintf("%s-%d%s", name, rolled.Year+1, ext))
}

// saveNewPlan writes a plan where nothing is yet: a folder becomes visible when all of it is there.
func (a *app) saveNewPlan(out string, rolled *scenarios.Rolled) error {
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return errors.New(formula.Textf("%s 已经存在；用 -o 写别的名称，或先移开它", "%s is there already; name another with -o, or move it away first", out).In(a.lang))
	}
	if ext := filepath.Ext(out); (ext == ".yaml" || ext == ".yml") && len(rolled.Files) == 1 {
		if _, err := (files.Saver{}).Save(files.File{Path: out, Data: rolled.Files[0].Data}); err != nil {
			return a.cannotWrite(out, err)
		}
		return nil
	}
	parent := filepath.Dir(out)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return a.cannotWrite(out, err)
	}
	dir, err := os.MkdirTemp(parent, ".roll-*")
	if err != nil {
		return a.cannotWrite(out, err)
	}
	defer os.RemoveAll(dir)
	byFolder := map[string][]files.File{}
	for i, f := range rolled.Files {
		name := filepath.FromSlash(f.Name)
		if i == 0 && !strings.Contains(f.Name, "/") {
			name = "plan.yaml" // what a folder's plan is called
		}
		path := filepath.Join(dir, name)
		byFolder[filepath.Dir(path)] = append(byFolder[filepath.Dir(path)], files.File{Path: path, Data: f.Data})
	}
	for folder, all := range byFolder {
		err := os.MkdirAll(folder, 0o755)
		if err == nil {
			_, err = files.Saver{}.Save(all...)
		}
		if err != nil {
			return a.cannotWrite(out, err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return a.cannotWrite(out, err)
	}
	if err := os.Rename(dir, out); err != nil {
		return a.cannotWrite(out, err)
	}
	return nil
}

// tellRolled says what became of the year: what turned out otherwise, what fell out, what is carried, and what is no longer the same.
func (a *app) tellRolled(r *scenarios.Rolled) {
	s := func(zh, en string, args ...any) string { return formula.Textf(zh, en, args...).In(a.lang) }
	number := func(d decimal.Decimal, unit formula.Unit) reports.Cell {
		return reports.Cell{Text: reports.Plain(d, unit)}
	}
	table := reports.Table{Caption: s("%d 年实绩与测算（情景 %s，金额单位万元）；未注明实绩的，是按实绩推算的", "%d: actual and forecast (scenario %s, money in 10k yuan); what is not marked follows from the actuals", r.Year, r.Scenario.ID),
		Head: []string{s("行", "line"), "", s("测算", "forecast"), s("结果", "turned out"), s("差", "difference")}, Texts: 1}
	for _, c := range r.Closed {
		mark := ""
		if c.Given {
			mark = s("实绩", "actual")
		}
		table.Rows = append(table.Rows, reports.Row{Name: c.Line.Full().In(a.lang), Cells: []reports.Cell{{Text: mark}, number(c.Forecast, c.Line.Unit), number(c.Actual, c.Line.Unit), number(c.Actual.Sub(c.Forecast), c.Line.Unit)}})
	}
	fmt.Fprint(a.out, terminal.Text(table))
	if len(r.Assumed) > 0 {
		names := make([]string, len(r.Assumed))
		for i, t := range r.Assumed {
			names[i] = t.In(a.lang)
		}
		fmt.Fprintln(a.errs, s("没有实绩、以测算数为准的收入：%s", "revenue without an actual, for which the forecast stands: %s", strings.Join(names, s("、", ", "))))
	}
	a.list(s("%d 年那一年的数，已在年末数里，新计划不再写：", "of %d alone: what came of it is in what the new plan opens with:", r.Year), r.Fallen)
	a.list(s("由历年实绩推算的增长率，写成原来的数（要重新推算就改回）：", "growth derived from history, kept as the number it was (write the method again to derive it anew):"), r.Fixed)
	carried := make([]scenarios.Fallen, len(r.Carried))
	for i, c := range r.Carried {
		carried[i] = scenarios.Fallen{Address: c.Line.Full().In(a.lang), Value: reports.Plain(c.Value, c.Line.Unit)}
	}
	a.list(s("写进 openings 的结转数：", "carried in openings:"), carried)
	if len(r.Unlike) > 0 {
		fmt.Fprintln(a.errs, s("%d 个以后年度的数与原计划（代入实绩后）不同，新计划没有地方写它们的期初：", "%d figures of later years are not those of the old plan with the actuals in it, since nothing in the new one can say what they begin with:", len(r.Unlike)))
		for _, u := range r.Unlike[:min(len(r.Unlike), model.Listed)] {
			fmt.Fprintln(a.errs, "  "+s("%s（%s）%d 年：原 %s，新 %s", "%s (%s) in %d: was %s, is %s", u.Line.Full(), u.Line.Name, u.Year, reports.Plain(u.Was, u.Line.Unit), reports.Plain(u.Is, u.Line.Unit)))
		}
	}
}

// list prints a heading and what stands under it, if anything does.
func (a *app) list(heading string, all []scenarios.Fallen) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(a.out, heading)
	for _, f := range all {
		fmt.Fprintln(a.out, "  "+f.Address+": "+f.Value)
	}
}
