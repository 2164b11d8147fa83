package workbook_test

import (
	"strconv"
	"strings"
	"testing"

	"zhencai/reports"
)

// TestClauseSheet: what the sheet says of the share of the worked case. Terms and outcome are live, figures at the margin are numbers.
func TestClauseSheet(t *testing.T) {
	run := loadRun(t, workedCase)
	analyse(t, run, workedCase)
	s := unzip(t, bytesOf(t, run)).sheet(t, "条款")
	rows := map[string]int{} // by id, label and period
	for _, r := range s.Rows {
		n := strconv.Itoa(r.R)
		rows[s.cell("A"+n).shown()+" "+s.cell("B"+n).shown()+" "+s.cell("D"+n).shown()] = r.R
	}
	for row, want := range map[string]string{
		// 229.555475 + 347.238135 + 543.393347 + 700.771182 + 868.144287; 91.82219 + 173.328575 + 295.26805 + 420.250509 of it were paid.
		"transfers.share.due 超收分成·应得 合计":            "2689.102426",
		"transfers.share.paid 超收分成·实拨 合计":           "980.669324",
		"transfers.share.owed 超收分成·欠拨 2026年末":       "840.288815",
		"transfers.share.delivered 兑现率 全部":          "0.4",
		"transfers.share.bands.2.rate 第 2 档分成比例 全部": "0.6",
		// 3105.29101 + 3346.695177 + 3407.490135 + 3520.059322 + 3651.316926 and the 980.669324.
		"transfers.share 县留加本条（收入不变） 按实拨": "18011.521894",
	} {
		c := s.cell("E" + strconv.Itoa(rows[row]))
		if rows[row] == 0 || c.F == nil || !near(c.V, want) {
			t.Errorf("%s: row %d, %+v, by hand %s", row, rows[row], c, want)
		}
	}
	static := s.cell("E" + strconv.Itoa(rows[" 实拨 累计"]))
	rate := run.Incentives[0].Overall[0].Rate(run.Incentives[0].Overall[0].Clauses[0]).Paid.String()
	if static.F != nil || !near(static.V, rate) {
		t.Errorf("paid at the margin: %+v, the analysis says %s", static, rate)
	}
	if !strings.Contains(s.cell("A2").shown(), "zhencai incentive") {
		t.Error("the sheet does not say how its static figures are brought up to date")
	}
	// Without an analysis only the live part is there.
	plain := unzip(t, bytesOf(t, &reports.Run{Book: run.Book, Results: run.Results, Lang: run.Lang, Date: run.Date})).sheet(t, "条款")
	for ref, c := range plain.cells {
		if strings.HasPrefix(ref, "E") && c.F == nil && c.V != "" && c.T == "" {
			t.Errorf("%s holds the number %s", ref, c.V)
		}
	}
}
