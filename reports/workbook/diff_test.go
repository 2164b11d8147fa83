package workbook_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// differenceBlock finds a scenario's block on the sheet of differences: the row of its title, and that of its last figure.
func differenceBlock(t *testing.T, s *xmlSheet, title string) (first, unexplained int) {
	t.Helper()
	for _, r := range s.Rows {
		text := s.cell("A" + strconv.Itoa(r.R)).shown()
		if first == 0 && strings.HasPrefix(text, title) {
			first = r.R
		}
		if first > 0 && s.cell("B"+strconv.Itoa(r.R)).shown() == "未解释（现差额减贡献合计）" {
			return first, r.R
		}
	}
	t.Fatalf("no block %s", title)
	return 0, 0
}

// TestDifferenceSheet: contributions stand as numbers, what is under them is live; with one scenario there is no such sheet.
func TestDifferenceSheet(t *testing.T) {
	t.Parallel()
	run := loadRun(t, guangtong)
	p := unzip(t, bytesOf(t, run))
	var names []string
	for _, s := range p.book(t).Sheets {
		names = append(names, s.Name)
	}
	if i := slices.Index(names, "差异"); i < 1 || names[i-1] != "条款" || slices.Index(names, "检查") < i {
		t.Errorf("sheets %v", names)
	}
	s := p.sheet(t, "差异")
	for r, result := range run.Results[1:] {
		d := run.Differences[r+1]
		first, last := differenceBlock(t, s, run.ScenarioLabel(result.Scenario))
		if last-first != len(d.Parts)+3 {
			t.Errorf("%s: rows %d to %d for %d changes", result.Scenario.ID, first, last, len(d.Parts))
		}
		for i, part := range d.Parts {
			n := strconv.Itoa(first + 1 + i)
			if c := s.cell("G" + n); c.F != nil || !near(c.V, part.Amount.String()) || s.cell("A"+n).shown() != part.Address {
				t.Errorf("%s: %s is %q", result.Scenario.ID, part.Address, c.V)
			}
		}
		for i, want := range []decimal.Decimal{d.After.Sub(d.Before), d.After.Sub(d.Before), decimal.Zero} {
			if c := s.cell("G" + strconv.Itoa(last-2+i)); c.F == nil || !near(c.V, want.String()) {
				t.Errorf("%s: row %d holds %q, want %s and a formula", result.Scenario.ID, last-2+i, c.V, want)
			}
		}
	}
	run.Results = run.Results[:1]
	for _, s := range unzip(t, bytesOf(t, run)).book(t).Sheets {
		if s.Name == "差异" {
			t.Error("a run of one scenario has the sheet")
		}
	}
}

// TestDifferenceSheetIsLive: with another input the difference is the engine's for that input, and what the contributions do not explain is shown.
func TestDifferenceSheetIsLive(t *testing.T) {
	t.Parallel()
	run := loadRun(t, guangtong)
	half := slices.IndexFunc(run.Results, func(r *model.Result) bool { return r.Scenario.ID == "half" })
	run.Results, half = []*model.Result{run.Results[0], run.Results[half]}, 1
	compare(t, run)
	p := unzip(t, bytesOf(t, run))
	entries := p.sheet(t, "假设")
	ref := "H" + strconv.Itoa(entries.rowOf(t, "transfers.subsidy.amount"))
	file := filepath.Join(t.TempDir(), "changed.xlsx")
	if err := os.WriteFile(file, p.with(t, entries.part, func(s string) string { return replaceEntry(t, s, ref, "340") }), 0o644); err != nil {
		t.Fatal(err)
	}
	_, last := differenceBlock(t, p.sheet(t, "差异"), run.ScenarioLabel(run.Results[half].Scenario))
	line := run.Line("town_receives")
	with := func(scenario int) decimal.Decimal {
		inputs := run.Book.Inputs(scenario)
		inputs[run.Line("transfers.subsidy.amount")].Same = decimal.NewFromInt(340)
		inputs[run.Line("transfers.subsidy.amount")].ByYear = nil
		v, errs := run.Book.Program.Evaluate(inputs)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		d, _ := run.Book.Figure(v, line, formula.Total)
		return d
	}
	d := run.Differences[half]
	now := with(d.To).Sub(with(d.From))
	left := now.Sub(d.After.Sub(d.Before)) // five years' 40 more, half of it not delivered: -100
	if !left.Equal(decimal.NewFromInt(-100)) {
		t.Fatalf("the engine leaves %s unexplained", left)
	}
	rows := recalculate(t, file)[file]["差异"]
	for n, want := range map[int]decimal.Decimal{last - 2: d.After.Sub(d.Before), last - 1: now, last: left} {
		if got := rows[n-1][6]; !near(got, want.String()) {
			t.Errorf("row %d: %s, want %s", n, got, want)
		}
	}
}

// TestDifferenceOfOtherFigures: a ratio that may be blank, an extreme and one year are as live as a total; a sample says that it is one.
func TestDifferenceOfOtherFigures(t *testing.T) {
	run := loadRun(t, guangtong)
	var want []decimal.Decimal
	for i, q := range []struct {
		line string
		how  formula.Over
	}{{"debt_ratio", formula.AtEnd}, {"cash", formula.Smallest}, {"gap", formula.Largest}, {"town_receives", formula.InYear(2024)}} {
		d, problems := analysis.DivideResults(run.Book, run.Results[0], run.Results[i+4], q.line, q.how, 1<<8)
		if len(problems) > 0 {
			t.Fatal(tell(problems))
		}
		run.Differences[i+4] = d
		want = append(want, d.After.Sub(d.Before))
	}
	run.Differences[7].Paths, run.Differences[7].Error = 20, decimal.RequireFromString("0.5")
	file := write(t, run)
	stored, got := values(t, file)["差异"], recalculate(t, file)[file]["差异"]
	live := 0
	for n, row := range stored {
		if len(row) > 6 && !near(row[6], got[n][6]) && row[6] != got[n][6] {
			t.Errorf("row %d: stored %q, recalculated %q", n+1, row[6], got[n][6])
		}
		if len(row) > 1 && row[1] == "现差额（本情景减第一个情景，随输入变）" {
			if live >= 3 && !near(got[n][6], want[live-3].Round(12).String()) {
				t.Errorf("row %d: %s, want %s", n+1, got[n][6], want[live-3])
			}
			live++
		}
	}
	if live != 7 || !slices.ContainsFunc(stored, func(row []string) bool { return len(row) > 0 && strings.HasPrefix(row[0], "贡献是抽样值") }) {
		t.Errorf("%d blocks", live)
	}
}
