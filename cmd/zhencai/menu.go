package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"zhencai/model/formula"
)

// entry is a line of the menu: what a person wants to do, and the commands that do it; none if the person went back.
type entry struct {
	label formula.Text
	ask   func(m *menu) (commands [][]string)
}

// entries are the menu.
var entries = []entry{
	{formula.Text{ZH: "新建测算表", EN: "New plan"}, func(m *menu) [][]string { return with(m.newName(), "new") }},
	{formula.Text{ZH: "检查", EN: "Check"}, func(m *menu) [][]string { return with(m.plan(), "check") }},
	{formula.Text{ZH: "测算", EN: "Compute"}, func(m *menu) [][]string {
		if path := m.plan(); path != "" {
			return calculate(path, m.lang)
		}
		return nil
	}},
	{formula.Text{ZH: "核对县里发回的工作簿", EN: "Verify a workbook the county sent back"}, func(m *menu) [][]string { return with(m.workbook(), "verify") }},
}

// with is a command on a path; nothing without one.
func with(path, command string) [][]string {
	if path == "" {
		return nil
	}
	return [][]string{{command, path}}
}

// menu asks in a window what is to be done.
type menu struct {
	window
	lang  formula.Lang
	lines *bufio.Scanner
	ended bool // nobody answers any more
}

// longestAnswer bounds a line that is typed, in bytes.
const longestAnswer = 64 << 10

func newLines(in io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(in)
	s.Buffer(nil, longestAnswer)
	return s
}

// loop shows the menu until somebody leaves it.
func (m *menu) loop() {
	for !m.ended {
		m.say(formula.Text{ZH: "\n镇财：乡镇财政测算与激励模拟", EN: "\nzhencai: fiscal planning and incentive simulation for a township"})
		for i, e := range entries {
			m.say(formula.Textf("  %d  %s", "  %d  %s", i+1, e.label))
		}
		m.say(formula.Text{ZH: "  0  退出", EN: "  0  leave"})
		answer := m.answer(formula.Text{ZH: "输入数字，按回车：", EN: "type a number and press Enter: "})
		n, isNumber := number(answer)
		switch {
		case isNumber && n == 0:
			return
		case isNumber && n <= len(entries):
			if commands := entries[n-1].ask(m); len(commands) > 0 {
				m.say(formula.Text{})
				m.do(commands...)
				m.wait(formula.Text{ZH: "\n按回车键回到菜单", EN: "\npress Enter for the menu"})
			}
		case answer != "":
			m.say(formula.Textf("没有 %s 这一项", "there is no %s in the menu", answer))
		}
	}
}

func (m *menu) say(t formula.Text) { fmt.Fprintln(screen{m.out}, t.In(m.lang)) }

// answer asks for a line; empty at the end of what is typed.
func (m *menu) answer(question formula.Text) string {
	fmt.Fprint(screen{m.out}, question.In(m.lang))
	if !m.lines.Scan() {
		m.ended = true
		fmt.Fprintln(m.out)
		return ""
	}
	return strings.TrimSpace(m.lines.Text())
}

// wait waits until somebody has read what the window shows.
func (m *menu) wait(t formula.Text) { m.answer(t) }

// number reads a number as it is typed, with full-width digits too.
func number(answer string) (int, bool) {
	n, err := strconv.Atoi(width.Narrow.String(answer))
	return n, err == nil && n >= 0
}

// newName asks what a new plan is to be called and gives its path, beside the program.
func (m *menu) newName() string {
	usual := formula.Text{ZH: "我的计划", EN: "my-plan"}.In(m.lang)
	for !m.ended {
		name := m.answer(formula.Textf("给它取个名字，直接按回车就叫 %s（0 返回）：", "name it, or press Enter for %s (0: back): ", usual))
		switch {
		case m.ended || name == "0":
			return ""
		case name == "":
			name = usual
		case strings.ContainsAny(name, `/\:*?"<>|`) || strings.Trim(name, ".") == "":
			m.say(formula.Text{ZH: `名字里不能有 / \ : * ? " < > |`, EN: `a name has none of / \ : * ? " < > |`})
			continue
		}
		return filepath.Join(m.dirs[0], name)
	}
	return ""
}

// plan asks for one of the plans beside the program, or another.
func (m *menu) plan() string {
	return m.choose(plansBeside(m.dirs), formula.Text{ZH: "这里没有计划：先选 1 新建", EN: "there is no plan here: make one with 1"})
}

// workbook asks for one of the workbooks beside the program and among its results, or another.
func (m *menu) workbook() string {
	return m.choose(workbooksBeside(m.dirs), formula.Text{ZH: "这里没有工作簿", EN: "there is no workbook here"})
}

// choose asks for one of some paths or any other that is typed, or dragged into the window; empty if the person went back.
func (m *menu) choose(paths []string, none formula.Text) string {
	for i, path := range paths {
		m.say(formula.Textf("  %d  %s", "  %d  %s", i+1, m.short(path)))
	}
	question := formula.Text{ZH: "是哪一个？输入数字，或把文件拖进这个窗口，按回车（0 返回）：", EN: "which one? Type its number, or drag the file into this window, and press Enter (0: back): "}
	switch len(paths) {
	case 0:
		m.say(none)
		question = formula.Text{ZH: "或把文件拖进这个窗口，按回车（0 返回）：", EN: "or drag the file into this window and press Enter (0: back): "}
	case 1:
		question = formula.Text{ZH: "直接按回车就是它；或把别的文件拖进这个窗口，按回车（0 返回）：", EN: "press Enter for it, or drag another file into this window and press Enter (0: back): "}
	}
	for !m.ended {
		answer := m.answer(question)
		n, isNumber := number(answer)
		switch {
		case m.ended || isNumber && n == 0:
			return ""
		case answer == "" && len(paths) == 1:
			return paths[0]
		case isNumber && n <= len(paths):
			return paths[n-1]
		case answer == "":
			continue
		}
		path := dragged(answer)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		m.say(formula.Textf("没有 %s 这个文件", "there is no file %s", path))
	}
	return ""
}

// short is a path as the person before the window knows it: in the folder where new plans are made without that folder.
func (m *menu) short(path string) string {
	if rel, err := filepath.Rel(m.dirs[0], path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// dragged is a path as a terminal types it when a file is dragged into it: in quotes, after PowerShell's &, or with a backslash before a blank.
func dragged(answer string) string {
	answer = strings.TrimSpace(strings.TrimPrefix(answer, "& "))
	for _, quote := range []string{`"`, "'"} {
		if inside, ok := strings.CutPrefix(answer, quote); ok {
			return strings.TrimSuffix(inside, quote)
		}
	}
	if runtime.GOOS != "windows" {
		return strings.ReplaceAll(answer, `\ `, " ")
	}
	return answer
}
