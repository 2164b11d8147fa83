package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// sameLater requires every figure that people see of the years that are left to be the same in two plans, to the fen, present values but for: they are
// of the first year, which is another. Figures of the newer one are found by name; one that is gone must have been 0.
func sameLater(t *testing.T, old, next *model.Book, scenario int) {
	t.Helper()
	next = next.Asking(model.Everything)
	was, is := testplan.Compute(t, old, scenario), testplan.Compute(t, next, scenario)
	moved := []string{"discount_divisor", "incentive_due_value", "incentive_paid_value"}
	compared := 0
	for i, l := range old.Lines {
		if l.Detail || l.Check || slices.Contains(moved, l.Name) {
			continue
		}
		k := next.Line(l.Name)
		for year := next.Plan.Calendar.Actual + 1; year <= next.Plan.Calendar.Last; year++ {
			a, _, _ := was.At(i, old.Plan.Calendar.Col(year))
			b, _, _ := is.At(k, next.Plan.Calendar.Col(year))
			if compared++; formula.Compare(a, b, l.Unit) != 0 {
				t.Fatalf("scenario %s: %s in %d: %s and %s", old.Plan.Scenarios[scenario].ID, l.Name, year, a, b)
			}
		}
	}
	if compared < 20 {
		t.Fatalf("only %d figures compared", compared)
	}
}

// TestRollKeepsLaterYears: rolled forward with what was forecast, year after year until one is left, a plan has the same figures for the years to come,
// to the fen, in every scenario; and checking finds no error.
func TestRollKeepsLaterYears(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"worked-case", "guangtong", "starter/plan.zh.yaml", "../model/testdata/everything.yaml"} {
		book := testplan.Open(t, path)
		for s, scenario := range book.Plan.Scenarios[:testplan.Many(len(book.Plan.Scenarios), 1)] {
			t.Run(path+" "+scenario.ID, func(t *testing.T) {
				next := path
				for year := book.Plan.Calendar.Actual + 1; year < book.Plan.Calendar.Last; year++ {
					_, next = testplan.Roll(t, next, scenarios.Rolling{Scenario: scenario.ID})
					sameLater(t, book, testplan.Open(t, next), s)
				}
			})
		}
	}
}

// TestRollKeepsRandomPlans: so it is with random plans, one year on. Those of a single year cannot be rolled; there is no other exception.
func TestRollKeepsRandomPlans(t *testing.T) {
	single := 0
	plans := testplan.Many(120, 8)
	for seed := range uint64(plans) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			path := testplan.WriteRandom(t, seed)
			book := testplan.Open(t, path)
			if book.Plan.Calendar.Actual+1 == book.Plan.Calendar.Last {
				single++
				return
			}
			for s, scenario := range book.Plan.Scenarios {
				_, next := testplan.Roll(t, path, scenarios.Rolling{Scenario: scenario.ID})
				sameLater(t, book, testplan.Open(t, next), s)
			}
		})
	}
	t.Logf("%d of %d plans have a single year", single, plans)
	if single > plans/3 {
		t.Errorf("%d of %d plans were not rolled", single, plans)
	}
}

// TestRollTakesActuals: worked by hand from the worked case. Taxes of 3400 in place of 3331.07505 make the counted revenue 3400 + 350.5399 = 3750.5399 and the
// share round((3750.5399 − 3222.504) × 50 %) = 264.01795, due in 2022 and payable in 2023. Of the subsidy of 300 there were paid 120: 180 are owed. The loan
// stands at 740, cash at 25. In 2023 taxes are round(3400 × 1.065) = 3621, with the one-off of 150 3771.
func TestRollTakesActuals(t *testing.T) {
	table := filepath.Join(t.TempDir(), "2022.csv")
	if err := os.WriteFile(table, []byte("\ufeff项目,金额,备注\n税收收入,\"3,400\",决算\nsubsidy,120万元,\n存量借款,740,\ncash,25,\n合计,9999,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, err := scenarios.ReadActuals(table)
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	before, err := os.ReadFile("worked-case/plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rolled, path := testplan.Roll(t, "worked-case", scenarios.Rolling{Actuals: rows})
	book := testplan.Open(t, path)
	values := testplan.Compute(t, book, 1)
	for _, want := range []string{"revenue.tax.amount 2022 3400", "revenue.tax.amount 2023 3771", "counted 2022 3750.5399", "transfers.share.base 2023 3222.504", "transfers.share.due 2022 264.01795",
		"transfers.share.payable 2023 264.01795", "transfers.subsidy.owed 2022 180", "debt.loan.balance 2022 740", "cash 2022 25"} {
		f := strings.Fields(want)
		year := 0
		fmt.Sscan(f[1], &year)
		d, _, there := values.At(book.Line(f[0]), book.Plan.Calendar.Col(year))
		if !there || d.String() != f[2] {
			t.Errorf("%s: %s", want, d)
		}
	}
	var given []string
	for _, c := range rolled.Closed {
		if c.Given {
			given = append(given, fmt.Sprintf("%s %s %s", c.Line.Name, c.Forecast, c.Actual))
		}
	}
	if got := strings.Join(given, "; "); got != "revenue.tax.amount 3331.07505 3400; transfers.subsidy.paid 150 120; debt.loan.balance 750 740; cash 20 25" {
		t.Error(got)
	}
	if len(rolled.Assumed) != 1 || rolled.Assumed[0].EN != "Non-tax" {
		t.Error(rolled.Assumed)
	}
	after, err := os.ReadFile("worked-case/plan.yaml")
	if err != nil || string(after) != string(before) {
		t.Error("the old plan was touched", err)
	}
	if text := string(rolled.Files[0].Data); !strings.Contains(text, "# 验算案例：手工算好") || !strings.Contains(text, "# 工资由县发放") {
		t.Errorf("comments are gone:\n%s", text)
	}
}

// TestActualsAreReadWhole: a table that is too long is refused. Read up to its limit only, its last rows would count for nothing without a word.
func TestActualsAreReadWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "2022.csv")
	if err := os.WriteFile(path, []byte("item,amount\n"+strings.Repeat("合计,1\n", 800_000)+"tax,3150\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := scenarios.ReadActuals(path)
	if err == nil || !strings.Contains(err.Error(), "the file has 6 MB, the limit is 5 MB") {
		t.Errorf("%d rows were read (%v)", len(all), err)
	}
}
