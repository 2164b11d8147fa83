package model_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// gated pays 100 in every year in which revenue, growing by exactly 7 %, is at least 107 % of last year's.
const gated = `
town: 甲镇
county: 乙县
years: 2022-2026
history: 2017-2021
revenue:
  tax: {label: 税收, history: [2600, 2700, 2800, 2900, 3127.4], growth: 7%}
transfers:
  f: {label: 完成奖, kind: fixed, amount: 100, gate: "counted >= prev(counted) * 107%"}
  by_line: {label: 完成奖, kind: fixed, amount: 100, gate: "counted >= goal", lines: {goal: {formula: "prev(counted) * 107%", unit: money}}}
  above: {label: 超额奖, kind: fixed, amount: 100, gate: "counted > prev(counted) * 107%"}
cash: {opening: 0, floor: 0}
scenarios:
  - {id: promise, label: 兑现}
`

// TestGateMeetsItsThreshold: the goal is compared to the fen, as the revenue is kept, written out or as a line of its own; asked about and explained too.
func TestGateMeetsItsThreshold(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, gated))
	v := testplan.Compute(t, book, 1)
	cal := book.Plan.Calendar
	for name, want := range map[string]int64{"transfers.f.due": 100, "transfers.by_line.due": 100, "transfers.above.due": 0} {
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			if d, _, _ := v.At(book.Program.Index(name), col); !d.Equal(decimal.NewFromInt(want)) {
				t.Errorf("%s in %d is %s, want %d", name, cal.First+col, d, want)
			}
		}
	}
	for text, want := range map[string]int64{
		"all(counted >= prev(counted) * 107%)": 1, "any(counted > prev(counted) * 107%)": 0, "all(counted = prev(counted) * 107%)": 1,
		"sum(counted) / 3 * 3 >= sum(counted)": 1, "last(counted) / first(counted) * first(counted) = last(counted)": 1, "last(counted) - 0.0000004 < last(counted)": 0,
	} {
		q, problems := analysis.Inquire(book, analysis.Question{Text: text, Condition: true})
		if len(problems) > 0 {
			t.Fatal(text, problems[0].Text.EN)
		}
		if answers, _ := q.Answers(1); !answers[0].Equal(decimal.NewFromInt(want)) {
			t.Errorf("%s is %s, want %d", text, answers[0], want)
		}
	}
	line := book.Program.Index("transfers.f.gate")
	e := book.Program.Explain(v, line, 2024, formula.EN, func(line int) string { return book.Lines[line].Name }, func(_ int, d decimal.Decimal) string { return d.String() })
	if want := "3831.199478 ≥ to the fen(3580.56026 × 107%)"; e.Numbers != want {
		t.Errorf("explained as %s, want %s", e.Numbers, want)
	}
}

// TestYearsAreWhole: years and flags are whole numbers in every field, so that formulas may compare them as they are.
func TestYearsAreWhole(t *testing.T) {
	var look func(where string, fields []model.Field)
	seen := 0
	look = func(where string, fields []model.Field) {
		for _, f := range fields {
			if f.Unit == formula.Year || f.Unit == formula.Years {
				seen++
				if !f.Whole {
					t.Errorf("%s.%s counts years and may have decimals", where, f.Key)
				}
			}
			look(where+"."+f.Key, f.Fields)
		}
	}
	for _, s := range model.Schema() {
		for _, k := range s.Kinds {
			look(fmt.Sprintf("%s %s", s.Key, k.Name), k.Fields)
		}
	}
	if seen < 10 {
		t.Errorf("only %d fields of years", seen)
	}
}

// TestThirdsAddUp: shares add up to 100 % as a comparison sees it, so that thirds with all the digits a spreadsheet has do, and 33.3333 % do not.
func TestThirdsAddUp(t *testing.T) {
	plan, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	with := func(third string) string {
		s := strings.NewReplacer("{name: 优秀, share: 20%", "{name: 优秀, share: "+third, "{name: 合格, share: 75%", "{name: 合格, share: "+third, "{name: 基本合格, share: 5%", "{name: 基本合格, share: "+third,
			"profile: {2022: 40%, 2023: 60%}", "profile: {2022: "+third+", 2023: "+third+", 2024: "+third+"}",
			"levels: {central: 50%, province: 20%, county: {2022: 20%, 2025: 18%}, town: {2022: 10%, 2025: 12%}}", "levels: {central: "+third+", province: "+third+", town: "+third+"}").Replace(string(plan))
		if strings.Count(s, third) != 9 {
			t.Fatal("the plan has other shares now")
		}
		return s
	}
	book := testplan.Open(t, testplan.Write(t, with("33.3333333333333%")))
	for s := range book.Plan.Scenarios {
		testplan.Compute(t, book, s)
	}
	loaded := scenarios.Load(testplan.Write(t, with("33.3333%")), scenarios.Options{})
	_, problems := model.Build(loaded.Plan)
	var codes []string
	for _, p := range problems {
		if strings.HasSuffix(p.Code, "_not_100") {
			codes = append(codes, p.Code)
		}
	}
	slices.Sort(codes)
	if got := strings.Join(slices.Compact(codes), " "); got != "grades_not_100 levels_not_100 profile_not_100" {
		t.Errorf("of 33.3333 %% three times: %s", got)
	}
}
