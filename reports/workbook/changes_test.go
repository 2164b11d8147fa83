package workbook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
)

// The sheet of changes of two plans that differ in three inputs: what they were, and the way from the old figures to the new ones. The effect of one input is
// the difference between two runs of the engine that differ in it alone; old + effects + rest = new, in the engine and recalculated by LibreOffice.
func TestChangesSheet(t *testing.T) {
	t.Parallel()
	was := loadRun(t, guangtong)
	data, err := data.JSON(was)
	if err != nil {
		t.Fatal(err)
	}
	set := []string{"transfers.share.rate=40%", "revenue.vat.growth.2024=9%", "transfers.share.base.mean=3"}
	now := verifiedRun(t, guangtong, scenarios.Options{Set: set})
	previous := map[string][]byte{"results.json": data, "book.xlsx": bytesOf(t, was)}
	var last []byte
	for name, data := range previous {
		if now.Previous, err = workbook.ReadPrevious(name, data); err != nil {
			t.Fatal(err)
		}
		book := bytesOf(t, now)
		p := unzip(t, book)
		s := p.sheet(t, "变更")
		if !strings.Contains(s.cell("A4").shown(), name) {
			t.Errorf("the sheet does not name %s: %s", name, s.cell("A4").shown())
		}
		if last != nil && len(last) == len(p.text[s.part]) { // only the name and the hash differ
			t.Error("two different files gave the same sheet")
		}
		last = []byte(p.text[s.part])

		// The block of one scenario: 上一版, three changes, 相互作用, 本版.
		first := 0
		for _, r := range s.Rows {
			if s.cell(fmt.Sprint("A", r.R)).shown() == "兑现一半" {
				first = r.R
			}
		}
		half := -1
		for r := range was.Results {
			if was.Results[r].Scenario.ID == "half" {
				half = r
			}
		}
		for i, want := range [][4]string{{"revenue.vat.growth", "2024", "0.06", "0.09"}, {"transfers.share.base.mean", "全部", "5", "3"}, {"transfers.share.rate", "2022-2026", "0.5", "0.4"}} {
			n := fmt.Sprint(first + 2 + i)
			if got := [4]string{s.cell("A" + n).shown(), s.cell("C" + n).shown(), s.cell("E" + n).shown(), s.cell("F" + n).V}; got != want {
				t.Errorf("%s: change %d is %v, want %v", name, i, got, want)
			}
			// the effect: this run less one in which all but this input is as it is now
			without := []string(nil)
			for _, one := range set {
				if !strings.HasPrefix(one, want[0]) {
					without = append(without, one)
				}
			}
			then := verifiedRun(t, guangtong, scenarios.Options{Set: without})
			line := now.Line("incentive_paid")
			effect := total(now, half, line).Sub(total(then, half, line))
			if got := s.cell("G" + n).V; !near(got, effect.String()) {
				t.Errorf("%s: the effect of %s is %s, two runs differ by %s", name, want[0], got, effect)
			}
		}
		sum := decimal.Zero
		for n := first + 1; n <= first+5; n++ {
			sum = sum.Add(decimal.RequireFromString(s.cell(fmt.Sprint("G", n)).V))
		}
		if got := s.cell(fmt.Sprint("G", first+6)); got.F == nil || !near(got.V, sum.String()) || !near(got.V, total(now, half, now.Line("incentive_paid")).String()) {
			t.Errorf("%s: the way from old to new ends at %s, the sum is %s", name, got.V, sum)
		}
		if v := verify(t, book); !v.Passed() {
			t.Error(v.Text(formula.EN))
		}
	}
	file := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(file, bytesOf(t, now), 0o600); err != nil {
		t.Fatal(err)
	}
	stored, again := values(t, file)["变更"], recalculate(t, file)[file]["变更"]
	for r, row := range stored {
		for c, v := range row {
			if isNumber(v) && !near(v, again[r][c]) {
				t.Errorf("row %d column %d: %s, recalculated %s", r+1, c+1, v, again[r][c])
			}
		}
	}
}

func total(run *reports.Run, result, line int) (sum decimal.Decimal) {
	for _, year := range run.Years() {
		sum = sum.Add(decimal.RequireFromString(run.Value(result, line, year)))
	}
	return sum
}
