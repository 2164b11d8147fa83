package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
	"zhencai/scenarios/files"
)

func (a *app) checkCommand() *cobra.Command {
	var set []string
	c := &cobra.Command{
		Use: "check PLAN", Args: a.args("PLAN"),
		Short: a.t("检查计划文件，列出全部错误和提醒", "check a plan and list all errors and warnings"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, loaded, err := a.open(args[0], set, listed)
			if err != nil {
				return err
			}
			ids := make([]string, len(book.Plan.Scenarios))
			for i, s := range book.Plan.Scenarios {
				ids[i] = s.ID
			}
			if _, err := a.compute(book, loaded.Sources, ids, "", model.Computed); err != nil {
				return err
			}
			fmt.Fprintln(a.out, formula.Textf("没有错误：%d 个情景，%d 行", "no errors: %d scenarios, %d lines", len(ids), len(book.Lines)).In(a.lang))
			return nil
		},
	}
	c.Flags().StringArrayVar(&set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%", "change a parameter, such as transfers.share.rate=40%"))
	return c
}

func (a *app) explainCommand() *cobra.Command {
	var scenario string
	var set []string
	var depth int
	c := &cobra.Command{
		Use: "explain PLAN LINE YEAR", Args: a.args("PLAN", "LINE", "YEAR"),
		Short: a.t("解释一个数：公式、代入的数，直到输入和来源", "explain a number: its formula, the numbers in it, down to inputs and sources"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, loaded, err := a.open(args[0], set, counted)
			if err != nil {
				return err
			}
			var chosen []string
			if scenario != "" {
				chosen = []string{scenario}
			}
			run, err := a.compute(book, loaded.Sources, chosen, "", model.Computed)
			if err != nil {
				return err
			}
			line, err := lineNamed(book, args[1])
			if err != nil {
				return err
			}
			cal, compiled := book.Plan.Calendar, book.Program.Lines[line]
			year, err := strconv.Atoi(args[2])
			if from, to := cal.First+compiled.First(), cal.First+compiled.Last(cal); err != nil || year < from || year > to {
				return usageError{formula.Textf("%s 没有 %q 年的数，它的年份是 %d-%d", "%s has no value in %q; its years are %d-%d", args[1], args[2], from, to)}
			}
			s := run.Results[0].Scenario
			fmt.Fprintln(a.out, formula.Textf("情景 %s（%s），金额单位万元", "scenario %s (%s), money in 10k yuan", s.ID, s.Text()).In(a.lang))
			fmt.Fprint(a.out, terminal.Explain(run, 0, line, year, depth))
			return nil
		},
	}
	c.Flags().StringVar(&scenario, "scenario", "", a.t("情景 id；不写则为第一个", "scenario id; the first if absent"))
	c.Flags().IntVar(&depth, "depth", -1, a.t("往下解释几层；-1 一直到输入", "how many levels down; -1: to the inputs"))
	c.Flags().StringArrayVar(&set, "set", nil, a.t("改一个参数", "change a parameter"))
	return c
}

// lineNamed finds a line by its address, or by what it is called in either language: with its element's name, or alone if no other is called so.
func lineNamed(book *model.Book, name string) (int, error) {
	line := book.Line(name)
	if line >= 0 {
		return line, nil
	}
	if why := book.WhyGone(name); why != nil {
		return -1, usageError{*why}
	}
	called := func(labels ...formula.Text) bool {
		return slices.ContainsFunc(labels, func(t formula.Text) bool { return strings.EqualFold(t.ZH, name) || strings.EqualFold(t.EN, name) })
	}
	var names, found []string
	for i, l := range book.Lines {
		names = append(names, l.Address())
		if called(l.Full(), l.Label) {
			line, found = i, append(found, l.Address())
		}
	}
	if len(found) > 1 {
		return -1, usageError{formula.Textf("不止一行叫 %q：%s；写其中一个", "more than one line is called %q: %s; write one of these", name, strings.Join(found, " "))}
	}
	if len(found) == 1 {
		return line, nil
	}
	for _, e := range book.Plan.Elements {
		if p := e.Params[strings.TrimPrefix(name, e.Address()+".")]; p != nil && strings.HasPrefix(name, e.Address()+".") {
			return -1, usageError{formula.Textf("%s（%s）是参数，这个计划没有用到它，没有这一行的数", "%s (%s) is a parameter that this plan does not use: it has no line", name, p.Field.Label)}
		}
	}
	return line, usageError{formula.Textf("没有叫 %q 的行%s；zhencai lines PLAN 列出全部", "there is no line %q%s; zhencai lines PLAN prints them all", name, formula.DidYouMean(name, names))}
}

func (a *app) linesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lines [PLAN]",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return a.args("PLAN")(c, args)
		},
		Short: a.t("打印规则书：每一行的名称、单位、公式和出处", "print the rule book: every line's id, label, unit, formula and source"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, err := a.bookOf(args)
			if err != nil {
				return err
			}
			fmt.Fprint(a.out, terminal.Rules(&reports.Run{Book: book, Lang: a.lang}))
			return nil
		},
	}
}

// bookOf is the book of the plan named, or of the starter plan.
func (a *app) bookOf(args []string) (*model.Book, error) {
	if len(args) == 1 {
		book, _, err := a.open(args[0], nil, silent)
		return book, err
	}
	dir, err := os.MkdirTemp("", "zhencai-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(path, scenarios.Starter(a.lang), 0o600); err != nil {
		return nil, err
	}
	book, _, err := a.open(path, nil, silent)
	return book, err
}

func (a *app) newCommand() *cobra.Command {
	return &cobra.Command{
		Use: "new DIR", Args: a.args("DIR"),
		Short: a.t("建一个带注释的新计划", "make a starter plan with comments"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := filepath.Join(args[0], "plan.yaml")
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return a.cannotWrite(args[0], err)
			}
			if _, err := (files.Saver{}).Save(files.File{Path: path, Data: scenarios.Starter(a.lang)}); err != nil {
				return a.cannotWrite(path, err)
			}
			fmt.Fprintln(a.out, formula.Textf("已建 %s；改好后：zhencai run %s", "made %s; then: zhencai run %s", path, strings.TrimSuffix(args[0], "/")).In(a.lang))
			return nil
		},
	}
}

func (a *app) schemaCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use: "schema", Args: a.args(),
		Short: a.t("打印计划文件的 JSON Schema，供编辑器补全和检查", "print the JSON Schema of plan files, for editors"),
		RunE: func(*cobra.Command, []string) error {
			schema := scenarios.JSONSchema(a.lang)
			if path == "" {
				_, err := a.out.Write(schema)
				return err
			}
			return a.save(files.Saver{Of: files.Origin{Command: "schema", Plan: filepath.Base(path)}, Replace: a.replace}, files.File{Path: path, Data: schema})
		},
	}
	c.Flags().StringVarP(&path, "out", "o", "", a.t("写成这个文件（UTF-8）；PowerShell 的 > 会写成 UTF-16", "write it into this file, in UTF-8; > in PowerShell makes it UTF-16"))
	a.replaceFlag(c)
	return c
}
