package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// ask is the answer to one question in a scenario.
func ask(t *testing.T, book *model.Book, scenario int, q analysis.Question) decimal.Decimal {
	t.Helper()
	inquiry, problems := analysis.Inquire(book, q)
	var answers []decimal.Decimal
	if len(problems) == 0 {
		answers, problems = inquiry.Answers(scenario)
	}
	for _, p := range problems {
		t.Fatalf("%s: %s %s", q.Text, p.Pos, p.Text.EN)
	}
	return answers[0]
}

// TestQuestionsOfTheWorkedCase: the words over the years, by hand from the case's table of results.
func TestQuestionsOfTheWorkedCase(t *testing.T) {
	book := testplan.Open(t, filepath.Join("..", "..", "scenarios", "worked-case"))
	for text, want := range map[string]string{
		"sum(transfers.share.paid)":            "980.669324", // 0 + 91.82219 + 173.328575 + 295.26805 + 420.250509
		"mean(transfers.share.paid)":           "196.133865", // 980.669324 / 5 = 196.1338648, to the fen
		"min(transfers.share.paid)":            "0",
		"max(transfers.share.paid)":            "420.250509",
		"first(kept)":                          "210.32394",
		"last(kept)":                           "236.721447",
		"at(kept, 2024)":                       "223.132668",
		"max(kept - transfers.share.paid)":     "210.32394", // 210.32, 124.81, 49.80, …: the first year
		"min(cash)":                            "20",        // the opening of 86.4 does not count
		"max(last(cash), 21)":                  "21",        // two arguments: the larger of two figures
		"max(max(kept, transfers.share.paid))": "420.250509",
		"sum(transfers.*.paid)":                "3103.052137", // 980.669324 + subsidy 150 + 187.5 + 215.625 + 236.71875 + 252.539063 = 1042.382813, + operating 5 × 216 = 1080
		"sum(kept > 220)":                      "3",           // of five years: 2024, 2025, 2026
		"mean(kept > 220)":                     "0.6",
		"last(debt) / last(resources)":         "1.793714940076", // 2018.84593 / 1125.511019
		// -101.85134 + 464.7435 + 191.690231 - 106.491254 - 221.641908 = 226.449229, + 210.32394
		"sum(arrears_change) + 2 * at(kept, 2022) * 50%": "436.773169",
	} {
		if got := ask(t, book, 1, analysis.Question{Text: text}); !got.Round(12).Equal(decimal.RequireFromString(want)) {
			t.Errorf("%s = %s, by hand %s", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"all(debt <= 5 * resources)":                         true,
		"all(debt <= 3 * resources)":                         false, // 4.35, 3.87 and 3.27 in the first three years
		"any(debt <= 2 * resources)":                         true,  // 1.79 in the last
		"any(debt <= 1 * resources)":                         false,
		"min(cash) >= 20 and not last(kept) < 236.721447":    true,
		"all(cash = 20) and any(year = 2026 and kept > 236)": true,
		"sum(performance_pay.pool) > 0 or min(cash) < 0":     true,
		"all(is(transfers.share.base.rule, mean))":           true,
		"at(transfers.share.owed, 2026) = 840.288815":        true,
	} {
		got := ask(t, book, 1, analysis.Question{Text: text, Condition: true})
		if want != got.Equal(decimal.NewFromInt(1)) || !want && !got.IsZero() {
			t.Errorf("%s = %s, by hand %v", text, got, want)
		}
	}
}

// TestQuestionsOnRandomPlans: every word over the years gives what its years give, one by one.
func TestQuestionsOnRandomPlans(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		book := testplan.Random(t, seed)
		values, cal, g := testplan.Compute(t, book, 1), book.Plan.Calendar, rand.New(rand.NewPCG(seed, 4))
		var questions []analysis.Question
		var wants []decimal.Decimal
		for range 5 {
			i := g.IntN(len(book.Lines))
			if l := book.Program.Lines[i]; l.Unit != formula.Money || l.Blank() || l.Input == formula.History {
				continue
			}
			var years []decimal.Decimal
			for col := cal.Zero() + 1; col < cal.Columns(); col++ {
				d, _, _ := values.At(i, col)
				years = append(years, d)
			}
			add := func(text string, want decimal.Decimal) {
				questions, wants = append(questions, analysis.Question{Text: text, Condition: strings.HasPrefix(text, "all")}), append(wants, want)
			}
			name, pick, least := book.Lines[i].Name, g.IntN(len(years)), decimal.Min(years[0], years...)
			add("min("+name+")", least)
			add("max("+name+")", decimal.Max(years[0], years...))
			add("sum("+name+")", decimal.Sum(decimal.Zero, years...))
			add("mean("+name+")", decimal.Sum(decimal.Zero, years...).DivRound(decimal.NewFromInt(int64(len(years))), 30).Round(6))
			add("first("+name+")", years[0])
			add("last("+name+")", years[len(years)-1])
			add(fmt.Sprintf("at(%s, %d)", name, cal.Actual+1+pick), years[pick])
			add("all("+name+" >= "+least.Abs().String()+")", decimal.NewFromInt(int64(1+min(least.Sign(), 0))))
		}
		if len(questions) == 0 {
			continue
		}
		inquiry, problems := analysis.Inquire(book, questions...)
		if len(problems) > 0 {
			t.Fatalf("seed %d: %s %s", seed, problems[0].Pos, problems[0].Text.EN)
		}
		answers, _ := inquiry.Answers(1)
		for i, want := range wants {
			if !answers[i].Equal(want) {
				t.Errorf("seed %d: %s = %s, of its years %s", seed, questions[i].Text, answers[i], want)
			}
		}
	}
}

// TestQuestionProblems: what a question can get wrong, where, and what to do instead. Everything wrong is said at once.
func TestQuestionProblems(t *testing.T) {
	book := testplan.Open(t, filepath.Join("..", "..", "scenarios", "worked-case"))
	for _, c := range []struct {
		text, marked, said, hint string
		value                    bool
	}{
		{text: "cash >= 0", marked: "cash", said: "say which", hint: "min(cash)"},
		{text: "last(kept) > resources", marked: "resources", said: "say which", hint: "at(resources, 2026)"},
		{text: "debt_red_met", marked: "debt_red_met", said: "say which", hint: "any(debt_red_met)"},
		{text: "debt_ratio < 3", marked: "debt_ratio", said: "can be blank", hint: "all(debt <= 3 * resources)"},
		{text: "year > 2024", marked: "year", said: "say which"},
		{text: "csh >= 0", marked: "csh", said: `"cash"`},
		{text: "min(csh) >= 0", marked: "csh", said: `"cash"`},
		{text: "最低 >= 0", marked: "最低", said: "no line"},
		{text: "min(现金) >= 0", marked: "现金", said: "no line"},
		{text: "least(cash) >= 0", marked: "least", said: `did you mean "last"`, hint: "min max sum mean last first at all any"},
		{text: "min(cash >= 0", marked: "", said: "parenthesis is missing", hint: "such as"},
		{text: "min(cash) >= ", marked: "", said: "too early", hint: "such as"},
		{text: "", marked: "", said: "too early", hint: "such as"},
		{text: "min(cash)", marked: "min(cash)", said: "not a condition", hint: "min(cash) >= 0"},
		{text: "min(cash) >= 0", value: true, marked: "min(cash) >= 0", said: "a figure is needed"},
		{text: "all(debt_ratio <= 3)", marked: "debt_ratio", said: "can be blank", hint: "all(debt <= 3 * resources)"},
		{text: "max(years_to_clear) < 5", marked: "years_to_clear", said: "can be blank", hint: "all(arrears_total <= 3 * arrears_cleared)"},
		{text: "all(ratio(debt, kept + 1) < 3)", marked: "ratio(debt, kept + 1)", said: "blank", hint: "all(debt <= 3 * (kept + 1))"},
		{text: "min(last(cash)) > 0", marked: "last(cash)", said: "cannot stand inside another"},
		{text: "at(cash, 2030) > 0", marked: "at(cash, 2030)", said: "2022-2026", hint: "at(cash, 2026)"},
		{text: "at(cash) > 0", marked: "at(cash)", said: "2022-2026"},
		{text: "mean(cash, kept) > 0", marked: "mean(cash, kept)", said: "takes one quantity"},
		{text: "min(cash) > last(staff.admin.filled)", marked: "staff.admin.filled", said: "no line"},
		{text: "min(cash) > last(year)", marked: "last(year)", said: "cannot be put together"},
		{text: "all(cash)", marked: "cash", said: "a condition (yes or no) is needed"},
		{text: "min(cash > 0) > 0", marked: "cash > 0", said: "cannot be calculated with", hint: "all any for conditions"},
		{text: "prev(cash) > 0", marked: "prev(cash)", said: "say which", hint: "last(prev(cash))"},
		{text: "last(revenue.tax.history) > 0", marked: "revenue.tax.history", said: "no value in these years"},
		{text: "sum(cash * kept)", value: true, marked: "cash * kept", said: "no unit"},
		{text: "last(transfers.share.base.rule) > 0", marked: "transfers.share.base.rule", said: "only be asked with is"},
		{text: strings.Repeat("min(cash) > 0 and ", 60) + "min(cash) > 0", said: "at most 1000"},
	} {
		_, problems := analysis.Inquire(book, analysis.Question{Text: c.text, From: "--until", Condition: !c.value})
		if len(problems) != 1 {
			t.Errorf("%s: %d problems: %v", c.text, len(problems), problems)
			continue
		}
		p := problems[0]
		runes := []rune(c.text)
		if p.Pos.File != "--until" || p.Pos.Line != 1 || p.Pos.Col < 1 || p.Pos.Col-1+p.Pos.Len > len(runes) {
			t.Errorf("%s: stands at %v", c.text, p.Pos)
			continue
		}
		if got := string(runes[p.Pos.Col-1:][:p.Pos.Len]); len(c.text) < 1000 && got != c.marked {
			t.Errorf("%s: marks %q, want %q", c.text, got, c.marked)
		}
		if !strings.Contains(p.Text.EN, c.said) || !strings.Contains(p.Hint.EN, c.hint) || p.Text.ZH == "" {
			t.Errorf("%s: says %q, hint %q", c.text, p.Text.EN, p.Hint.EN)
		}
	}
	_, problems := analysis.Inquire(book, analysis.Question{Text: "cash >= 0 and min(csh) > min(debt_ratio)", From: "--until", Condition: true}, analysis.Question{Text: "sum(kpt)", From: "--value"})
	if len(problems) != 4 {
		t.Errorf("four things are wrong, said: %v", problems)
	}
}

// TestQuestionsNeverPanic: whatever is written where a condition is wanted is a condition or a problem with a place in it.
func TestQuestionsNeverPanic(t *testing.T) {
	book := testplan.Open(t, testplan.Write(t, linear))
	words := []string{"min(cash)", "last(debt)", "all(cash", "sum(gap", "min(", "max(", "sum(", "mean(", "last(", "at(", "all(", "any(", "when(", "is(", "prev(", "ratio(", "round(", "cash", "debt_ratio", "transfers.*.paid", "transfers.share.base.rule", "mean", "year", "2023", "5%", "0",
		")", ")", ")", ", ", " >= ", " = ", " and ", "not ", "-", " + ", " / ", "（", "现金", "_1_____", "_answer0"}
	g, answered, refused := rand.New(rand.NewPCG(1, 6)), 0, 0
	for range 1500 {
		text := ""
		for range 1 + g.IntN(5) {
			text += words[g.IntN(len(words))]
		}
		q, problems := analysis.Inquire(book, analysis.Question{Text: text, From: "--until", Condition: g.IntN(2) == 0})
		if q != nil {
			q.Answers(1)
			answered++
			continue
		}
		refused++
		for _, p := range problems {
			if at := p.Pos; at.File != "--until" || at.Col < 1 || at.Len < 0 || at.Col-1+at.Len > len([]rune(text)) || p.Text.ZH == "" || p.Text.EN == "" {
				t.Errorf("%s: %+v", text, p)
			}
		}
	}
	if answered < 10 || refused < 500 {
		t.Errorf("%d answered, %d refused", answered, refused)
	}
}
