package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"zhencai/model/formula"
	"zhencai/scenarios"
)

// window is where the program was started.
type window struct {
	in        io.Reader
	out, errs io.Writer
	person    bool     // somebody sits before it and can answer
	own       bool     // it closes with the program, as after a double-click
	dirs      []string // where plans are looked for; new ones are made in the first
}

// startedIn is the window of this process.
func startedIn() window {
	w := window{in: os.Stdin, out: piped(os.Stdout), errs: piped(os.Stderr)}
	w.person = term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	w.own = w.person && ownWindow()
	here, _ := os.Getwd() // what cannot be found has no plans
	exe, _ := os.Executable()
	w.dirs = []string{here, filepath.Dir(exe)}
	if w.own { // nobody chose the folder it was started in
		slices.Reverse(w.dirs)
	}
	w.dirs = slices.Compact(w.dirs)
	return w
}

// start is what the program does when it is called: a command, what was dropped onto it, or the menu if nothing is asked and somebody sits there.
func start(args []string, w window) int {
	cobra.MousetrapHelpText = "" // a double-click is welcome
	lang := language(args)
	m := &menu{window: w, lang: lang, lines: newLines(w.in)}
	switch rest := withoutLanguage(args); {
	case len(rest) == 0 && w.person:
		m.loop()
		return 0
	case dropped(rest):
		code := m.drop(rest)
		if w.own {
			m.wait(formula.Text{ZH: "按回车键关闭窗口", EN: "press Enter to close this window"})
		}
		return code
	}
	return run(args, w.out, w.errs)
}

// withoutLanguage is a command line without --lang.
func withoutLanguage(args []string) (rest []string) {
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--lang":
			i++
		case !strings.HasPrefix(args[i], "--lang="):
			rest = append(rest, args[i])
		}
	}
	return rest
}

// dropped tells whether a command line is nothing but files and folders, as Windows calls a program onto which they are dragged. A command has precedence.
func dropped(args []string) bool {
	isCommand := len(args) > 0 && slices.ContainsFunc((&app{}).root().Commands(), func(c *cobra.Command) bool { return c.Name() == args[0] })
	return len(args) > 0 && !isCommand && !slices.ContainsFunc(args, func(path string) bool {
		_, err := os.Stat(path)
		return err != nil
	})
}

// drop computes a plan that was dropped onto the program, or verifies a workbook that is none.
func (m *menu) drop(paths []string) int {
	if len(paths) > 1 {
		fmt.Fprintln(screen{m.errs}, formula.Text{ZH: "一次拖一个计划或工作簿", EN: "drop one plan or one workbook at a time"}.In(m.lang))
		return exitUsage
	}
	path := paths[0]
	info, err := os.Stat(path)
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case isPlan(path), err == nil && info.IsDir(), ext == ".yaml", ext == ".yml":
		return m.do(calculate(path, m.lang)...)
	case ext == ".xlsx":
		return m.do([]string{"verify", path})
	}
	fmt.Fprintln(screen{m.errs}, formula.Textf("%s 不是计划（文件夹、.yaml），也不是工作簿（.xlsx）", "%s is neither a plan (a folder, .yaml) nor a workbook (.xlsx)", path).In(m.lang))
	return exitUsage
}

// calculate are the commands that check a plan, write its results into a folder beside it and show the page.
func calculate(path string, lang formula.Lang) [][]string {
	return [][]string{{"check", path}, {"run", path, "-o", resultsOf(path, lang), "--open"}}
}

// resultsOf is the folder of a plan's results, beside the plan and named after it: a folder holds the results of one plan.
func resultsOf(path string, lang formula.Lang) string {
	beside := path
	if full, err := filepath.Abs(path); err == nil {
		beside = full
	}
	if strings.EqualFold(filepath.Base(beside), "plan.yaml") {
		beside = filepath.Dir(beside)
	}
	return filepath.Join(filepath.Dir(beside), scenarios.PlanName(path)+resultsSuffix.In(lang))
}

var resultsSuffix = formula.Text{ZH: "-结果", EN: "-results"}

// do carries out commands one after the other, until one fails.
func (m *menu) do(commands ...[]string) int {
	a := &app{lang: m.lang, out: screen{m.out}, errs: screen{m.errs}}
	for _, args := range commands {
		if err := a.execute(args); err != nil {
			return a.failed(err)
		}
	}
	return 0
}
