package formula

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// explain explains x in 2023, with [name] as label and plain numbers.
func explain(t *testing.T, l Line, year int, lang Lang) (Explanation, *Program) {
	t.Helper()
	p, v, errs := run(t, []Line{l}, nil)
	for _, err := range errs {
		t.Error(err)
	}
	return p.Explain(v, p.Index("x"), year, lang, func(line int) string { return p.Lines[line].Name }, func(_ int, d decimal.Decimal) string { return d.String() }), p
}

// Each function in words and in numbers, in 2023.
func TestExplain(t *testing.T) {
	for _, c := range []struct {
		unit                      Unit
		formula, zh, en, zhN, enN string // empty English: the same as Chinese
	}{
		{Money, "tax + fee - 0.5", "[tax] + [fee] - 0.5", "", "100 + 40.5 - 0.5", ""},
		{Money, "tax - (fee - 1)", "[tax] - ([fee] - 1)", "", "100 - (40.5 - 1)", ""},
		{Ratio, "size * 5% / (rate + 1)", "[size] × 5% ÷ ([rate] + 1)", "", "4 × 5% ÷ (0.032 + 1)", ""},
		{Ratio, "size / (rate * term)", "[size] ÷ ([rate] × [term])", "", "4 ÷ (0.032 × 10)", ""},
		{Ratio, "-(size + rate)", "-([size] + [rate])", "", "-(4 + 0.032)", ""},
		{Money, "wage * heads", "取到分([wage] × [heads])", "to the fen([wage] × [heads])", "取到分(2.5 × 108)", "to the fen(2.5 × 108)"},
		{Flag, "tax = fee", "[tax] = [fee]", "", "100 = 40.5", ""}, {Flag, "tax != fee", "[tax] ≠ [fee]", "", "100 ≠ 40.5", ""}, {Flag, "tax < fee", "[tax] < [fee]", "", "100 < 40.5", ""},
		{Flag, "tax <= fee", "[tax] ≤ [fee]", "", "100 ≤ 40.5", ""}, {Flag, "tax > fee", "[tax] > [fee]", "", "100 > 40.5", ""}, {Flag, "tax >= fee + 1", "[tax] ≥ [fee] + 1", "", "100 ≥ 40.5 + 1", ""},
		{Flag, "tax >= fee * 107%", "[tax] ≥ 取到分([fee] × 107%)", "[tax] ≥ to the fen([fee] × 107%)", "100 ≥ 取到分(40.5 × 107%)", "100 ≥ to the fen(40.5 × 107%)"}, // the fen decides, so it is said
		{Flag, "tax / fee - 1 >= rate", "[tax] ÷ [fee] - 1 ≥ [rate]", "", "100 ÷ 40.5 - 1 ≥ 0.032", ""},
		{Flag, "open and not shut", "[open] 且 非([shut])", "[open] and not ([shut])", "1 且 非(0)", "1 and not (0)"},
		{Flag, "open or shut and open", "[open] 或 [shut] 且 [open]", "[open] or [shut] and [open]", "1 或 0 且 1", "1 or 0 and 1"},
		{Flag, "(open or shut) and open", "([open] 或 [shut]) 且 [open]", "([open] or [shut]) and [open]", "(1 或 0) 且 1", "(1 or 0) and 1"}, // not the same as the line above
		{Flag, "not (open or shut)", "非([open] 或 [shut])", "not ([open] or [shut])", "非(1 或 0)", "not (1 or 0)"},
		{Money, "when(tax > fee and open, tax, fee - 1)", "若 [tax] > [fee] 且 [open] 则 [tax]，否则 [fee] - 1", "if [tax] > [fee] and [open] then [tax], else [fee] - 1", "若 100 > 40.5 且 1 则 100，否则 40.5 - 1", "if 100 > 40.5 and 1 then 100, else 40.5 - 1"},
		{Money, "when(open, tax, fee) + 1", "(若 [open] 则 [tax]，否则 [fee]) + 1", "(if [open] then [tax], else [fee]) + 1", "(若 1 则 100，否则 40.5) + 1", "(if 1 then 100, else 40.5) + 1"},
		{Money, "when(open, tax, when(shut, 1, 2))", "若 [open] 则 [tax]，否则 (若 [shut] 则 1，否则 2)", "if [open] then [tax], else (if [shut] then 1, else 2)", "若 1 则 100，否则 (若 0 则 1，否则 2)", "if 1 then 100, else (if 0 then 1, else 2)"},
		{Flag, "is(rule, mean)", "[rule] 为 mean", "[rule] is mean", "mean 为 mean", "mean is mean"},
		{Money, "max(tax - fee, 0)", "最大([tax] - [fee]，0)", "max([tax] - [fee], 0)", "最大(100 - 40.5，0)", "max(100 - 40.5, 0)"},
		{Money, "min(tax, fee)", "最小([tax]，[fee])", "min([tax], [fee])", "最小(100，40.5)", "min(100, 40.5)"},
		{Money, "abs(fee - tax)", "|[fee] - [tax]|", "", "|40.5 - 100|", ""},
		{Money, "sum(tax, fee, 1)", "合计([tax] + [fee] + 1)", "sum([tax] + [fee] + 1)", "合计(100 + 40.5 + 1)", "sum(100 + 40.5 + 1)"},
		{Money, "round(tax)", "取到分([tax])", "to the fen([tax])", "取到分(100)", "to the fen(100)"},
		{Ratio, "ratio(tax, fee + 1)", "[tax] ÷ ([fee] + 1)", "", "100 ÷ (40.5 + 1)", ""},
		{Money, "prev(balance) + budget", "上年[balance] + [budget]", "last year's [balance] + [budget]", "110 + 20", ""},
		{Money, "initial(budget)", "首年[budget]", "first year's [budget]", "10", ""},
		{Money, "sum_years(level, year - 2, year)", "[level]在 年份 - 2 至 年份 年之和", "the sum of [level] over year - 2 to year", "(4 + 10 + 20)", ""},
		{Money, "sum_years(level, year, year) + 1", "([level]在 年份 至 年份 年之和) + 1", "(the sum of [level] over year to year) + 1", "20 + 1", ""},
		{Money, "sum_years(level, year, first_year)", "[level]在 年份 至 首个历史年 年之和", "the sum of [level] over year to first history year", "0", ""},
		{Year, "last_actual_year + 1", "末个实绩年 + 1", "last actual year + 1", "2021 + 1", ""},
		{Years, "year - first_year", "年份 - 首个历史年", "year - first history year", "2023 - 2019", ""},
		{Number, "annuity(rate, term, size)", "等额年金(利率 [rate]，[term] 期，本金 [size])", "level payment(rate [rate], [term] payments, principal [size])", "等额年金(利率 0.032，10 期，本金 4)", "level payment(rate 0.032, 10 payments, principal 4)"},
		{Ratio, "ln(size) + exp(rate) * sqrt(size)", "ln([size]) + e^([rate]) × √([size])", "", "ln(4) + e^(0.032) × √(4)", ""},
		{Ratio, "root(size + 1, term)", "([size] + 1) 开 [term] 次方", "root [term] of ([size] + 1)", "(4 + 1) 开 10 次方", "root 10 of (4 + 1)"},
		{Money, "0 - tax", "0 - [tax]", "", "0 - 100", ""},
		{Money, "fee - prev(x)", "", "", "40.5 - (-2.5)", ""}, // a negative number in parentheses
	} {
		l := x(c.unit, c.formula)
		if c.zh == "" {
			l.Opening = "tax - 145.5"
			l.Formula = "fee - prev(x) - 88.5" // 2022: 40.5 + 45.5 − 88.5 = −2.5
			c.zh, c.zhN = "[fee] - 上年[x] - 88.5", "40.5 - (-2.5) - 88.5"
			c.en = "[fee] - last year's [x] - 88.5"
		}
		if c.en == "" {
			c.en = c.zh
		}
		if c.enN == "" {
			c.enN = c.zhN
		}
		zh, _ := explain(t, l, 2023, ZH)
		en, _ := explain(t, l, 2023, EN)
		for _, g := range [][2]string{{zh.Words, c.zh}, {zh.Numbers, c.zhN}, {en.Words, c.en}, {en.Numbers, c.enN}} {
			if g[0] != g[1] {
				t.Errorf("%s\n got %s\nwant %s", c.formula, g[0], g[1])
			}
		}
	}
}

// Reads are what was looked at, in order and once each: of a when only the branch that was taken, of and/or only as far as needed.
func TestExplainReads(t *testing.T) {
	for _, c := range []struct {
		unit          Unit
		formula, want string
	}{
		{Money, "tax + fee + tax", "tax 2023, fee 2023"},
		{Money, "when(open, tax, fee)", "open 2023, tax 2023"}, {Money, "when(shut, tax, fee)", "shut 2023, fee 2023"},
		{Flag, "shut and open", "shut 2023"}, {Flag, "open or shut", "open 2023"}, {Flag, "open and shut", "open 2023, shut 2023"},
		{Money, "when(is(rule, last), tax, budget)", "rule 2023, budget 2023"},
		{Money, "prev(balance) + budget", "balance 2022, budget 2023"}, {Money, "budget + initial(budget)", "budget 2023, budget 2022"},
		{Money, "sum_years(level, year - 2, year) + level", "level 2021, level 2022, level 2023"}, {Money, "sum_years(level, year - size / 2, year)", "size 2023, level 2021, level 2022, level 2023"},
		{Ratio, "year - first_year", ""},
	} {
		e, p := explain(t, x(c.unit, c.formula), 2023, EN)
		var got []string
		for _, r := range e.Reads {
			got = append(got, fmt.Sprintf("%s %d", p.Lines[r.Line].Name, r.Year))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s reads %q, want %q", c.formula, strings.Join(got, ", "), c.want)
		}
	}
}

// Up to year 0 the opening is explained; an input explains nothing; what is not there is a dash.
func TestExplainElsewhere(t *testing.T) {
	l := Line{Name: "x", Unit: Money, Formula: "prev(x) + budget", Opening: "tax - fee"}
	if e, _ := explain(t, l, 2021, EN); e.Words != "[tax] - [fee]" || e.Numbers != "100 - 40.5" || len(e.Reads) != 2 {
		t.Errorf("%+v", e)
	}
	p, v, errs := run(t, []Line{x(Ratio, "1 / (1 - size / 4)"), {Name: "y", Unit: Ratio, Formula: "x + rate"}}, nil)
	if len(errs) != 3 {
		t.Fatal(errs)
	}
	labels, numbers := func(int) string { return "L" }, func(_ int, d decimal.Decimal) string { return d.String() }
	if e := p.Explain(v, p.Index("y"), 2022, EN, labels, numbers); e.Words != "[L] + [L]" || e.Numbers != "- + 0.032" {
		t.Errorf("%+v", e)
	}
	if e := p.Explain(v, p.Index("tax"), 2022, EN, labels, numbers); e.Words != "" || e.Numbers != "" || e.Reads != nil {
		t.Errorf("%+v", e)
	}
	// A label that looks like a placeholder stays what it is.
	if e := p.Explain(v, p.Index("y"), 2022, EN, func(int) string { return "{1}" }, numbers); e.Words != "[{1}] + [{1}]" {
		t.Errorf("%+v", e)
	}
}
