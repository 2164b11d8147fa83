package reports_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"

	"github.com/shopspring/decimal"
)

var inputCell = regexp.MustCompile(`假设!\$H\$([0-9]+)(?::\$H\$([0-9]+))?`)

// 11. Change an input cell, recalculate, and the ledger is what the engine gives for a plan with that input. One input of
// every unit and span; of every rule where ZHENCAI_NEED_OFFICE=1 asks for the whole of it.
func TestChangedInputs(t *testing.T) {
	run := loadRun(t, guangtong)
	run.Results = []*model.Result{compute(t, run.Book, 0)}
	p := unzip(t, bytesOf(t, run))
	ledger, entries := p.sheet(t, ledgers(run)[0]), p.sheet(t, "假设")
	expected, whats, files := map[string]*reports.Run{}, map[string]string{}, []string(nil)
	done := map[string]bool{}
	for i, l := range run.Book.Lines {
		kind := string(l.Unit) + " " + string(l.Input)
		if os.Getenv("ZHENCAI_NEED_OFFICE") == "1" {
			kind = l.Rule // a minute's work
		}
		if l.Input == formula.NotInput || done[kind] {
			continue
		}
		first := run.Book.Program.Lines[i].First()
		call := ledger.cell(letters(4+first) + strconv.Itoa(ledger.rowOf(t, l.Address())))
		at := inputCell.FindStringSubmatch(*call.F)
		inputs := run.Book.Inputs(0)
		ref, value := change(run, i, &inputs[i], at)
		changed, errs := run.Book.Program.Evaluate(inputs)
		if len(errs) > 0 {
			continue // the engine refuses it too; another input of the same rule may do
		}
		done[kind] = true
		file := filepath.Join(t.TempDir(), "changed.xlsx")
		if err := os.WriteFile(file, p.with(t, entries.part, func(s string) string { return replaceEntry(t, s, ref, value) }), 0o644); err != nil {
			t.Fatal(err)
		}
		with := *run
		with.Results = []*model.Result{{Scenario: run.Results[0].Scenario, Values: changed}}
		expected[file], whats[file] = &with, fmt.Sprintf("%s (%s) = %s in %s", l.Address(), l.Rule, value, ref)
		files = append(files, file)
	}
	books := recalculate(t, files...)
	for _, file := range files {
		t.Run(whats[file], func(t *testing.T) { agree(t, expected[file], books[file]) })
	}
	t.Logf("%d inputs changed", len(files))
}

// change alters an input as a person would in its cell; it returns the cell and what is typed.
func change(run *reports.Run, line int, in *formula.Input, at []string) (ref, value string) {
	l, cal := run.Book.Lines[line], run.Book.Plan.Calendar
	if l.Unit == formula.Choice {
		for i, o := range l.Options {
			if o == in.Option {
				in.Option = l.Options[(i+1)%len(l.Options)]
				break
			}
		}
		return "H" + at[1], run.Option(line, in.Option)
	}
	col, year := cal.Zero()+1, 0
	if l.Input == formula.History {
		col = 0
	}
	row, _ := strconv.Atoi(at[1])
	if at[2] != "" { // by year: the second of them
		col, row, year = col+1, row+1, 1
	}
	d := in.At(col)
	step := decimal.New(1, -2)
	if l.Param != nil && l.Param.Field.Max != "" {
		if most, err := decimal.NewFromString(l.Param.Field.Max); err == nil && d.Add(step).GreaterThan(most) {
			step = step.Neg()
		}
	}
	switch l.Unit {
	case formula.Flag:
		step = decimal.NewFromInt(1).Sub(d).Sub(d)
	case formula.Money:
		step = decimal.New(1713, -2)
	case formula.Person, formula.Year, formula.Years:
		step = decimal.NewFromInt(1)
	}
	d = d.Add(step)
	if year == 0 {
		*in = formula.Input{Same: d}
	} else {
		byYear := make([]decimal.Decimal, cal.Columns())
		for c := range byYear {
			byYear[c] = in.At(c)
		}
		byYear[col] = d
		*in = formula.Input{ByYear: byYear}
	}
	return "H" + strconv.Itoa(row), d.String()
}

// replaceEntry writes another number or text into an input cell.
func replaceEntry(t testing.TB, text, ref, value string) string {
	t.Helper()
	for _, form := range []string{`(<c r="%s"[^>]*><v>)[^<]*(</v>)`, `(<c r="%s"[^>]*t="inlineStr"><is><t[^>]*>)[^<]*(</t>)`} {
		if at := regexp.MustCompile(fmt.Sprintf(form, ref)); at.MatchString(text) {
			return at.ReplaceAllString(text, "${1}"+strings.ReplaceAll(html.EscapeString(value), "$", "$$")+"${2}")
		}
	}
	t.Fatalf("no input in %s", ref)
	return ""
}
