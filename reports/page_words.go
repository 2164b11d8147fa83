package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// briefing is a run as the page reads it: lines by name, numbers as people write them.
type briefing struct {
	*Run
	labels []string // of the results
	first  int      // column of the first plan year
	last   int      // column of the last
}

func newBriefing(run *Run) *briefing {
	cal := run.Book.Plan.Calendar
	b := &briefing{Run: run, first: cal.Zero() + 1, last: cal.Columns() - 1}
	for _, r := range run.Results {
		b.labels = append(b.labels, run.ScenarioLabel(r.Scenario))
	}
	b.labels = unique(b.labels)
	return b
}

// has tells whether the book of this plan has a line; a plan without debt has no debt lines, and the page leaves them out.
func (b *briefing) has(names ...string) bool {
	for _, name := range names {
		if b.Line(name) < 0 {
			return false
		}
	}
	return true
}

// at is a line's number by its name.
func (b *briefing) at(result int, name string, col int) (decimal.Decimal, bool) {
	return b.number(result, b.Line(name), col)
}

// total adds a line over the plan years.
func (b *briefing) total(result int, name string) (sum decimal.Decimal, there bool) {
	for col := b.first; col <= b.last; col++ {
		if d, ok := b.at(result, name, col); ok {
			sum, there = sum.Add(d), true
		}
	}
	return sum, there
}

// extreme is the plan year in which a line is largest (sign 1) or smallest (sign -1), the first of equals.
func (b *briefing) extreme(result int, name string, sign int) (most decimal.Decimal, col int) {
	for c := b.first; c <= b.last; c++ {
		if d, ok := b.at(result, name, c); ok && (col == 0 || d.Cmp(most)*sign > 0) {
			most, col = d, c
		}
	}
	return most, col
}

func (b *briefing) year(col int) string { return strconv.Itoa(b.Book.Plan.Calendar.First + col) }

// yearName is a year in a text: 2022年.
func (b *briefing) yearName(col int) string { return b.T(b.year(col)+"年", b.year(col)) }

// axisYear is a year under a chart: the last actual one says that it is.
func (b *briefing) axisYear(col int) string {
	if col < b.first {
		return b.T(b.year(col)+"年末实绩", b.year(col)+" actual")
	}
	return b.yearName(col)
}

func (b *briefing) period() string { return b.year(b.first) + b.T("—", "–") + b.year(b.last) }

// span is the length of the plan in words.
func (b *briefing) span() string {
	n := b.last - b.first + 1
	zh := strconv.Itoa(n) + " 年"
	if n >= 1 && n <= 10 {
		zh = string([]rune("一二三四五六七八九十")[n-1]) + "年"
	}
	return b.T(zh, strconv.Itoa(n)+" years")
}

// amount writes 万元 with thousands separators and two decimals, from the exact decimal: what the data files show to the same digits.
func amount(d decimal.Decimal) string { return grouped(d.StringFixed(2)) }

// percent writes a ratio as per cent.
func percent(d decimal.Decimal) string { return grouped(d.Shift(2).StringFixed(1)) + "%" }

func grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if strings.Trim(whole+fraction, "0,") == "" {
		sign = "" // -0.00 is 0
	}
	return sign + whole + "." + fraction
}

// shown writes a number by its line's unit.
func (b *briefing) shown(name string, d decimal.Decimal) string {
	if i := b.Line(name); i >= 0 && b.Book.Lines[i].Unit == formula.Ratio {
		return percent(d)
	}
	return amount(d)
}

// noNumber stands where a ratio has no denominator or a line no value.
const noNumber = "—"

func (b *briefing) cell(result int, name string, col int) string {
	if d, ok := b.at(result, name, col); ok {
		return b.shown(name, d)
	}
	return noNumber
}

// debtLevels are the four colours of the debt ratio, in the order of the line debt_level.
var debtLevels = []struct {
	name, en, tint, from string // from is the input that says where the colour begins
}{
	{"绿", "green", "#edf6ed", ""},
	{"黄", "yellow", "#fefae0", "indicators.yellow"},
	{"橙", "orange", "#fef0e0", "indicators.orange"},
	{"红", "red", "#fbe7e5", "indicators.red"},
}

// level is a colour of the debt ratio as the page shows it.
type level struct{ Name, Class string }

// debtLevel is the colour in a year, nil if the book has none.
func (b *briefing) debtLevel(result, col int) *level {
	d, ok := b.at(result, "debt_level", col)
	if !ok || !d.IsInteger() || d.Sign() < 0 || d.IntPart() >= int64(len(debtLevels)) {
		return nil
	}
	l := debtLevels[d.IntPart()]
	return &level{Name: b.T(l.name, l.en), Class: l.en}
}

// piece is a stretch of a sentence; strong ones carry the numbers.
type piece struct {
	Text   string
	Strong bool
}

// answer is one scenario's headline.
type answer struct {
	scenarioName
	Pieces []piece
	Level  *level
}

// answer says in one sentence what a scenario comes to. Numbers stand between NUL marks until the sentence is cut into pieces.
func (b *briefing) answer(result int) answer {
	var parts []string
	add := func(zh, en string, args ...any) {
		for i, a := range args {
			if d, ok := a.(decimal.Decimal); ok {
				a = amount(d)
			}
			args[i] = "\x00" + fmt.Sprint(a) + "\x00"
		}
		parts = append(parts, formula.Textf(zh, en, args...).In(b.Lang))
	}
	if b.has("incentive_due", "incentive_paid", "incentive_owed") {
		due, _ := b.total(result, "incentive_due")
		paid, _ := b.total(result, "incentive_paid")
		owed, _ := b.at(result, "incentive_owed", b.last)
		span := b.span()
		add(span+"激励资金应得 %s 万元，实拨 %s 万元，期末欠拨 %s 万元",
			"Incentives over "+span+": due %s, paid %s, still owed at the end %s (10k yuan)", due, paid, owed)
		if d, ok := b.pending(result); ok && !d.IsZero() {
			add("另有 %s 万元未到结算期", "another %s is not yet payable", d)
		}
	}
	if b.has("gap") {
		most, at := b.extreme(result, "gap", 1)
		first := b.first
		for ; first < at; first++ {
			if d, ok := b.at(result, "gap", first); ok && d.Sign() > 0 {
				break
			}
		}
		switch {
		case most.Sign() <= 0:
			add(b.span()+"均无资金缺口", "no cash gap in any year")
		default:
			add("%s年首次出现资金缺口，最大 %s 万元（"+b.yearName(at)+"）", "the first cash gap is in %s, the largest %s ("+b.year(at)+")", b.year(first), most)
		}
	}
	if d, ok := b.at(result, "arrears_total", b.last); ok && d.Sign() > 0 {
		add("期末各项欠付 %s 万元", "unpaid bills at the end %s", d)
	}
	a := answer{scenarioName: b.name(result), Level: b.debtLevel(result, b.last)}
	if d, ok := b.at(result, "debt_ratio", b.last); ok {
		add(b.year(b.last)+"年末债务率 %s", "debt ratio at the end of "+b.year(b.last)+" %s", percent(d))
	} else if b.has("debt_ratio") {
		add(b.year(b.last)+"年综合财力为 0，债务率无从计算", "no resources in "+b.year(b.last)+", so no debt ratio")
	}
	if len(parts) == 0 {
		parts = append(parts, b.T("本计划没有可汇总的结果", "this plan has no headline results"))
	}
	for i, text := range strings.Split(strings.Join(parts, b.T("；", "; ")), "\x00") {
		if text != "" {
			a.Pieces = append(a.Pieces, piece{text, i%2 == 1})
		}
	}
	return a
}
