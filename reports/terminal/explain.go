package terminal

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/reports"
)

// Explain says why a line has its value in a year of one result: its formula in words and in numbers, then the same for every number in it,
// down to the inputs and their sources. depth limits how far down it goes; negative: all the way. Each figure is explained once.
func Explain(run *reports.Run, result, line, year, depth int) string {
	e := &explainer{run: run, result: result, seen: map[formula.Read]bool{}}
	e.tell(formula.Read{Line: line, Year: year}, 0, depth)
	return e.text.String()
}

type explainer struct {
	run    *reports.Run
	result int
	text   strings.Builder
	seen   map[formula.Read]bool
}

func (e *explainer) tell(at formula.Read, level, depth int) {
	run, l := e.run, e.run.Book.Lines[at.Line]
	pad := strings.Repeat("  ", level)
	value := run.Value(e.result, at.Line, at.Year)
	if value == "" {
		value = run.T("（空白：分母为 0）", "(blank: the denominator is 0)")
	}
	unit := ""
	if l.Unit == formula.Money || l.Unit == formula.Person || l.Unit == formula.MoneyPerPerson || l.Unit == formula.YuanPerPerson {
		unit = " " + l.Unit.Text().In(run.Lang)
	}
	when := fmt.Sprintf(" %d", at.Year)
	fmt.Fprintf(&e.text, "%s%s [%s]%s = %s%s", pad, formula.Visible(run.FullLabel(at.Line)), l.Address(), when, value, unit)
	if e.seen[at] {
		e.text.WriteString(run.T("（见上）", " (see above)") + "\n")
		return
	}
	e.seen[at] = true
	e.text.WriteString("\n")
	if l.Input != formula.NotInput {
		e.source(at, pad+"  ")
		return
	}
	name := func(line int) string { // what belongs to something else says to what
		if run.Book.Lines[line].Element == l.Element {
			return formula.Visible(run.Label(line))
		}
		return formula.Visible(run.FullLabel(line))
	}
	why := run.Book.Program.Explain(run.Results[e.result].Values, at.Line, at.Year, run.Lang, name,
		func(_ int, d decimal.Decimal) string { return reports.Plain(d, formula.Ratio) })
	fmt.Fprintf(&e.text, "%s  = %s\n", pad, why.Words)
	if why.Numbers != why.Words {
		fmt.Fprintf(&e.text, "%s  = %s\n", pad, why.Numbers)
	}
	if depth == 0 {
		return
	}
	for _, r := range why.Reads {
		e.tell(r, level+1, depth-1)
	}
}

// source says where an input comes from.
func (e *explainer) source(at formula.Read, pad string) {
	run, o := e.run, e.run.Origin(e.result, at.Line)
	if o.None != "" {
		e.text.WriteString(pad + o.None + "\n")
		return
	}
	if o.Source == "" {
		o.Source = run.T("（未写来源）", "(no source given)")
	}
	text := run.T("来源：", "source: ") + o.Source
	if o.By != "" {
		text += run.T("；", "; ") + o.By
	}
	if o.Grade != "" {
		text += run.T("；等级 ", "; grade ") + o.Grade
	}
	if o.Pos.File != "" {
		text += fmt.Sprintf("; %s", o.Pos)
	}
	e.text.WriteString(pad + formula.Visible(text) + "\n")
}

// Rules prints the rule book: every line's id, label, unit, formula and, where the plan says so, source, in reading order.
func Rules(run *reports.Run) string {
	var out strings.Builder
	for i, l := range run.Book.Lines {
		if l.Section.ZH != "" {
			fmt.Fprintf(&out, "\n%s\n", l.Section.In(run.Lang))
		}
		fmt.Fprintf(&out, "\n%s  %s  (%s)\n", l.Address(), formula.Visible(run.FullLabel(i)), l.Unit.Text().In(run.Lang))
		switch {
		case l.Input != formula.NotInput:
			fmt.Fprintf(&out, "    %s\n", run.T("输入", "input"))
		case l.Formula != "":
			fmt.Fprintf(&out, "    = %s\n", l.Formula)
		}
		if l.Opening != "" {
			fmt.Fprintf(&out, "    %s = %s\n", run.T("期初", "opening"), l.Opening)
		}
		if source := lineSource(run, i); source != "" {
			fmt.Fprintf(&out, "    %s%s\n", run.T("来源：", "source: "), formula.Visible(source))
		}
	}
	return strings.TrimPrefix(out.String(), "\n")
}

// lineSource is where a line comes from: its parameter's source, or that of the element whose rule it is.
func lineSource(run *reports.Run, line int) string {
	l := run.Book.Lines[line]
	if l.Param != nil && l.Param.Source != "" {
		return l.Param.Source
	}
	if l.Element != nil {
		return l.Element.Source
	}
	return ""
}
