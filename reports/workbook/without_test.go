package workbook_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

// responding is a town whose tax answers to the share: without it, there is less revenue, and the county keeps less than the sum of what it keeps and gives.
const responding = `years: 2022-2026
history: 2017-2021
revenue: {tax: {label: 税, history: [800, 850, 900, 950, 1000], growth: 6%, response: 20%, source: x}}
transfers:
  share: {label: 分成, kind: above_base, base: {mean: 5}, rate: 50%, lag: 1, source: x}
  levy: {label: 上解, kind: upload, amount: 30, source: x}
cash: {opening: 500, source: x}
`

// TestWithoutAClause: what the county keeps without a clause is the plan run again without it, in every output; the sum at the same revenue has another name.
func TestWithoutAClause(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(responding), 0o600); err != nil {
		t.Fatal(err)
	}
	run := loadRun(t, path)
	analyse(t, run, path)
	clauses := []string{"transfers.share", "transfers.levy"}
	total := func(r *reports.Run, line string) (sum decimal.Decimal) {
		for _, year := range r.Years() {
			sum = sum.Add(decimal.RequireFromString(r.Value(0, r.Line(line), year)))
		}
		return sum
	}
	data, err := data.JSON(run)
	if err != nil {
		t.Fatal(err)
	}
	var results struct {
		Incentive []struct{ Without []map[string]any }
	}
	if err := json.Unmarshal(data, &results); err != nil {
		t.Fatal(err)
	}
	s := unzip(t, bytesOf(t, run)).sheet(t, "条款")
	page := terminal.IncentiveText(run, false)
	for k, clause := range clauses {
		without := verifiedRun(t, path, scenarios.Options{Set: []string{clause + ".term.from=2027"}})
		due, paid := total(without, "county_keeps_if_due"), total(without, "county_keeps")
		if w := run.Incentives[0].Without[k]; !w.County.Due.Equal(due) || !w.County.Paid.Equal(paid) || !w.Town.Due.Equal(total(without, "town_receives_if_due")) || !w.Town.Paid.Equal(total(without, "town_receives")) {
			t.Errorf("%s: %+v, the plan without it %s %s", clause, w, due, paid)
		}
		if j := results.Incentive[0].Without[k]; j["clause"] != clause || j["county_keeps_paid"] != paid.InexactFloat64() || j["county_keeps_due"] != due.InexactFloat64() {
			t.Errorf("%s in results.json: %v", clause, j)
		}
		live := total(run, "county_keeps").Add(total(run, clause+".paid"))
		if clause == "transfers.levy" {
			live = total(run, "county_keeps").Sub(total(run, clause+".paid"))
		}
		if clause == "transfers.share" && live.Equal(paid) {
			t.Errorf("%s: revenue does not respond", clause)
		}
		found := map[string]string{}
		section := false
		for _, r := range s.Rows {
			n := strconv.Itoa(r.R)
			if c := s.cell("A" + n); strings.HasSuffix(c.shown(), "）") {
				section = strings.HasPrefix(c.shown(), []string{"分成（", "上解（"}[k])
			}
			if c := s.cell("E" + n); section && s.cell("D"+n).shown() == "按实拨" {
				label := s.cell("B" + n).shown()
				found[label] = c.V
				if strings.Contains(label, "若没有本条") == (c.F != nil) && strings.HasPrefix(label, "县留") {
					t.Errorf("%s: formula %v", label, c.F)
				}
			}
		}
		name := []string{"县留加本条（收入不变）", "县留减本条上解（收入不变）"}[k]
		if !near(found["县留：若没有本条（静态，去掉本条重算）"], paid.String()) || !near(found[name], live.String()) {
			t.Errorf("%s on the sheet: %v; without it %s, at the same revenue %s", clause, found, paid, live)
		}
		if !strings.Contains(page, " "+grouped(paid)+" ") {
			t.Errorf("%s: %s is not in\n%s", clause, grouped(paid), page)
		}
	}
}

// grouped writes an amount as tables do.
func grouped(d decimal.Decimal) string {
	whole, cents, _ := strings.Cut(d.StringFixed(2), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + "." + cents
}
