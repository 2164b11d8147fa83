package page

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/reports"
)

// comparison sets all scenarios side by side: one row each, so that any number of them fits the screen.
func (b *briefing) comparison() reports.Table {
	t := reports.Table{Result: -1, Caption: b.T("情景对比（万元；率为 %），", "Scenarios side by side (10k yuan; rates in %), ") + b.period(), Head: []string{b.T("情景", "Scenario")}}
	end := b.T(b.year(b.last)+"年末", b.year(b.last)+" end")
	columns := []struct {
		line, zh, en string
		cell         func(result int, line string) reports.Cell
	}{
		{"incentive_due", "激励应得\n合计", "Incentives due, total", b.totalCell},
		{"incentive_paid", "激励实拨\n合计", "Incentives paid, total", b.totalCell},
		{"incentive_owed", end + "\n欠拨", "Owed, " + end, b.endCell},
		{"incentive_owed", end + "\n未到结算期", "Not yet payable, " + end, b.pendingCell},
		{"cash", end + "\n资金", "Cash, " + end, b.endCell},
		{"gap", "最大\n年度缺口", "Largest yearly gap", b.peakCell(formula.Largest)},
		{"arrears_total", end + "\n欠付", "Unpaid bills, " + end, b.endCell},
		{"arrears_with_uploads", "含欠缴\n上解", "With uploads owed, " + end, b.endCell},
		{"debt", end + "\n债务", "Debt, " + end, b.endCell},
		{"debt_ratio", end + "\n债务率", "Debt ratio, " + end, b.ratioCell},
		{"basic_coverage", "“三保”\n最低保障率", "Lowest basic coverage", b.peakCell(formula.Smallest)},
		{"county_keeps", "县级留存\n合计", "County keeps, total", b.totalCell},
	}
	for i := range b.Results {
		name := b.name(i)
		t.Rows = append(t.Rows, reports.Row{Name: name.Label, Scenario: &name})
	}
	for _, c := range columns {
		if !b.has(c.line) {
			continue
		}
		t.Head = append(t.Head, b.T(c.zh, c.en))
		for i := range t.Rows {
			t.Rows[i].Cells = append(t.Rows[i].Cells, c.cell(i, c.line))
		}
	}
	return t
}

func (b *briefing) totalCell(result int, line string) reports.Cell {
	if d, _, ok := b.over(result, line, formula.Total); ok {
		return reports.Cell{Text: b.shown(line, d), Why: whyRef(result, b.Line(line), "total")}
	}
	return reports.Cell{Text: reports.NoNumber}
}

func (b *briefing) endCell(result int, line string) reports.Cell {
	return b.yearCell(result, line, b.last)
}

// yearCell is a line's figure in one year.
func (b *briefing) yearCell(result int, line string, col int) reports.Cell {
	c := reports.Cell{Text: b.cell(result, line, col)}
	if _, _, there := b.Results[result].Values.At(b.Line(line), col); there {
		c.Why = whyRef(result, b.Line(line), col)
	}
	return c
}

func (b *briefing) pendingCell(result int, _ string) reports.Cell {
	if _, ok := b.pending(result); ok {
		prefix, _ := b.clauses()
		return b.yearCell(result, prefix+"_pending", b.last)
	}
	return reports.Cell{Text: reports.NoNumber}
}

func (b *briefing) ratioCell(result int, line string) reports.Cell {
	c := b.endCell(result, line)
	c.Level = b.debtLevel(result, b.last)
	return c
}

// peakCell shows the largest or the smallest year, and which one it is where there is something to see.
func (b *briefing) peakCell(how formula.Over) func(result int, line string) reports.Cell {
	return func(result int, line string) reports.Cell {
		d, col, there := b.over(result, line, how)
		if !there {
			return reports.Cell{Text: reports.NoNumber}
		}
		c := reports.Cell{Text: b.shown(line, d), Why: whyRef(result, b.Line(line), col)}
		if nothing := how == formula.Largest && d.IsZero() || how == formula.Smallest && d.Equal(decimal.NewFromInt(1)); !nothing {
			c.Note = b.yearName(col)
		}
		return c
	}
}

// columns are the years a figure shows: the plan years, and year 0 before them where its first line has an opening value.
func (b *briefing) columns(line string) (cols []int) {
	if _, ok := b.at(0, line, b.first-1); ok {
		cols = append(cols, b.first-1)
	}
	for col := b.first; col <= b.last; col++ {
		cols = append(cols, col)
	}
	return cols
}

func (b *briefing) head(first string, cols []int) []string {
	head := []string{first}
	for _, col := range cols {
		head = append(head, b.axisYear(col))
	}
	return head
}

func (b *briefing) cells(result int, line string, cols []int) (cells []reports.Cell) {
	for _, col := range cols {
		cells = append(cells, b.yearCell(result, line, col))
	}
	return cells
}

// byScenario is the table of one line: a row per scenario.
func (b *briefing) byScenario(caption, line string, cols []int) reports.Table {
	t := reports.Table{Caption: caption, Result: -1, Head: b.head(b.T("情景", "Scenario"), cols)}
	for i := range b.Results {
		name := b.name(i)
		r := reports.Row{Name: name.Label, Scenario: &name, Cells: b.cells(i, line, cols)}
		if line == "debt_ratio" {
			for k, col := range cols {
				r.Cells[k].Level = b.debtLevel(i, col)
			}
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// namedLine is a line under the name a chart gives it.
type namedLine struct {
	name, line string
	total      bool
}

// byLine is the table of one scenario: a row per line.
func (b *briefing) byLine(caption string, result int, lines []namedLine, cols []int) reports.Table {
	t := reports.Table{Caption: caption, Result: result, Head: b.head(b.T("项目", "Item"), cols)}
	for _, l := range lines {
		t.Rows = append(t.Rows, reports.Row{Name: l.name, Total: l.total, Cells: b.cells(result, l.line, cols)})
	}
	return t
}
