// Command zhencai computes a township's five-year plan from a folder of plan files and writes workbooks, a briefing page and data files.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios/towns"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // a command is short and its results small: collecting less often saves a fifth of the time
	}
	debug.SetMemoryLimit(collectedFrom)
	os.Exit(start(os.Args[1:], startedIn()))
}

// collectedFrom is how much memory may be in use before what is no longer needed is collected at once: a quarter less than a plan may take.
const collectedFrom = model.MostMemory / 4 * 3

// Exit codes: a plan or a file that cannot be used, and a command that cannot be understood.
const (
	exitFailed = 1
	exitUsage  = 2
)

// errShown ends a command whose problems have been printed already.
var errShown = errors.New("problems were printed")

// run carries out a command line and gives its exit code.
func run(args []string, out, errs io.Writer) int {
	a := &app{lang: language(args), out: screen{out}, errs: screen{errs}}
	return a.failed(a.execute(args))
}

// failed says why a command failed, if it did, and gives its exit code.
func (a *app) failed(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errShown):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(a.errs, formula.Textf("命令有误：%s", "usage: %s", usage.text).In(a.lang))
		fmt.Fprintln(a.errs, a.t("用 zhencai help 看用法", "see zhencai help"))
		return exitUsage
	}
	fmt.Fprintln(a.errs, formula.Textf("失败：%s", "failed: %s", err.Error()).In(a.lang))
	return exitFailed
}

// usageError is a command line that cannot be understood.
type usageError struct{ text formula.Text }

func (e usageError) Error() string { return e.text.EN }

// ofTowns shows the problems of a town, and puts other errors into the user's language.
func (a *app) ofTowns(err error) error {
	var refused *towns.Refused
	var unwritten *towns.Unwritten
	var wrong *towns.Error
	switch {
	case errors.As(err, &refused) && refused.Town == "":
		a.show(refused.Problems, refused.Sources, false)
		return errShown
	case errors.As(err, &refused):
		for _, p := range refused.Problems {
			fmt.Fprintln(a.errs, refused.Town+": "+p.Text.In(a.lang))
		}
		return errShown
	case errors.As(err, &unwritten):
		return a.cannotWrite(unwritten.Path, unwritten.Err)
	case errors.As(err, &wrong) && wrong.Misused:
		return usageError{wrong.Text}
	}
	return a.asked(err)
}

// language finds --lang before the commands are built, because their help speaks it too. Chinese unless told otherwise.
func language(args []string) formula.Lang {
	for i, a := range args {
		value, ok := strings.CutPrefix(a, "--lang=")
		if !ok && a == "--lang" && i+1 < len(args) {
			value = args[i+1]
		}
		if value == "en" {
			return formula.EN
		}
	}
	return formula.ZH
}

// app is what every command needs to know.
type app struct {
	lang      formula.Lang
	out, errs io.Writer
	told      bool // of the plan's warnings
	replace   bool // what is there may be overwritten
	said      []formula.Text
}

func (a *app) t(zh, en string) string { return formula.Text{ZH: zh, EN: en}.In(a.lang) }

// root has all commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "zhencai", SilenceErrors: true, SilenceUsage: true,
		Short: a.t("镇财：乡镇财政测算与激励模拟", "zhencai: fiscal planning and incentive simulation for a township"),
		Long: a.t("镇财：从一个文件夹的计划文件，算出五年的收入、分成、补助、支出、债务和资金，\n写成带公式的 Excel 工作簿和可离线打开的图表页。每个数都能解释到来源。",
			"zhencai computes five years of revenue, sharing, subsidies, spending, debt and cash from a folder of plan files,\nand writes Excel workbooks with live formulas and an offline page of charts. Every number can be explained to its source."),
	}
	root.PersistentFlags().String("lang", "zh", a.t("语言：zh 或 en", "language: zh or en"))
	root.Version = a.version()
	root.SetVersionTemplate("{{.Version}}\n")
	root.Flags().Bool("version", false, a.t("显示版本", "show the version"))
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if l, _ := c.Flags().GetString("lang"); l != "zh" && l != "en" {
			return usageError{formula.Textf("--lang 只有 zh 和 en，没有 %q", "--lang is zh or en, not %q", l)}
		}
		return nil
	}
	root.AddCommand(a.runCommand(), a.checkCommand(), a.explainCommand(), a.diffCommand(), a.incentiveCommand(), a.solveCommand(), a.linesCommand(), a.newCommand(), a.schemaCommand(),
		a.simulateCommand(), a.sweepCommand(), a.tornadoCommand(), a.backtestCommand(), a.townsCommand(), a.verifyCommand(), a.rollCommand())
	a.speak(root)
	root.SetOut(a.out)
	root.SetErr(a.errs)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{flagText(err)} })
	return root
}

// execute carries out a command line.
func (a *app) execute(args []string) error {
	root := a.root()
	root.SetArgs(args)
	err := root.Execute()
	if err != nil && strings.HasPrefix(err.Error(), "unknown command") {
		word := strings.Split(err.Error(), `"`)[1]
		var names []string
		for _, c := range root.Commands() {
			names = append(names, c.Name())
		}
		return usageError{formula.Textf("没有命令 %q%s", "there is no command %q%s", word, formula.DidYouMean(word, names))}
	}
	return err
}
