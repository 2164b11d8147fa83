package page

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// briefing is a run as the page reads it: lines by name, numbers as people write them.
type briefing struct {
	*reports.Run
	labels []string // of the results
	first  int      // column of the first plan year
	last   int      // column of the last
}

func newBriefing(run *reports.Run) *briefing {
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
	return b.Number(result, b.Line(name), col)
}

// over is a line's plan years as one figure, and the column it stands in.
func (b *briefing) over(result int, name string, how formula.Over) (d decimal.Decimal, col int, there bool) {
	return b.OverYears(result, b.Line(name), how)
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

// shown writes a number by its line's unit.
func (b *briefing) shown(name string, d decimal.Decimal) string {
	if i := b.Line(name); i >= 0 && b.Book.Lines[i].Unit == formula.Ratio {
		return reports.Percent(d)
	}
	return reports.Amount(d)
}

func (b *briefing) cell(result int, name string, col int) string {
	if d, ok := b.at(result, name, col); ok {
		return b.shown(name, d)
	}
	return reports.NoNumber
}

// debtLevels are the four colours of the debt ratio, in the order of the line debt_level.
var debtLevels = []struct {
	name, en, tint, from string // from is the input that says where the colour begins
}{
	{"绿", "green", "--band-green", ""},
	{"黄", "yellow", "--band-yellow", "indicators.yellow"},
	{"橙", "orange", "--band-orange", "indicators.orange"},
	{"红", "red", "--band-red", "indicators.red"},
}

// debtLevel is the colour in a year, nil if the book has none.
func (b *briefing) debtLevel(result, col int) *reports.DebtLevel {
	d, ok := b.at(result, "debt_level", col)
	if !ok || !d.IsInteger() || d.Sign() < 0 || d.IntPart() >= int64(len(debtLevels)) {
		return nil
	}
	return &b.levels()[d.IntPart()]
}

// levels are the colours of the debt ratio, from 0.
func (b *briefing) levels() (levels []reports.DebtLevel) {
	for _, l := range debtLevels {
		levels = append(levels, reports.DebtLevel{Name: b.T(l.name, l.en), Class: l.en})
	}
	return levels
}

// piece is a stretch of a sentence; strong ones carry the numbers, which the panel explains where Why says so.
type piece struct {
	Text   string
	Strong bool
	Why    string
}

// answer is one scenario's headline.
type answer struct {
	reports.ScenarioName
	Pieces  []piece
	Level   *reports.DebtLevel
	Drivers []piece // why it differs from the first scenario
}

// said is a number in a sentence.
type said struct {
	text, why string
	plain     bool // a label
}

// sentence is put together from clauses, each of which may be left out.
type sentence struct {
	lang   formula.Lang
	pieces []piece
}

// add begins a clause; each %s is a number. What a plan calls its things comes in through numbers too, as words that do not stand out.
func (s *sentence) add(zh, en string, numbers ...said) {
	if len(s.pieces) > 0 {
		s.pieces = append(s.pieces, piece{Text: formula.Text{ZH: "；", EN: "; "}.In(s.lang)})
	}
	parts := strings.Split(formula.Text{ZH: zh, EN: en}.In(s.lang), "%s")
	for i, text := range parts {
		if i > 0 {
			s.pieces = append(s.pieces, piece{Text: numbers[i-1].text, Strong: !numbers[i-1].plain, Why: numbers[i-1].why})
		}
		if text != "" {
			s.pieces = append(s.pieces, piece{Text: text})
		}
	}
}

// answer says in one sentence what a scenario comes to.
func (b *briefing) answer(result int) answer {
	s := &sentence{lang: b.Lang}
	at := func(line string, col int) said {
		return said{text: b.cell(result, line, col), why: whyRef(result, b.Line(line), col)}
	}
	total := func(line string) said {
		d := b.Total(result, b.Line(line))
		return said{text: reports.Amount(d), why: whyRef(result, b.Line(line), "total")}
	}
	if b.has("incentive_due", "incentive_paid", "incentive_owed") {
		span := b.span()
		s.add(span+"激励资金应得 %s 万元，实拨 %s 万元，期末欠拨 %s 万元",
			"Incentives over "+span+": due %s, paid %s, still owed at the end %s (10k yuan)", total("incentive_due"), total("incentive_paid"), at("incentive_owed", b.last))
		if d, ok := b.pending(result); ok && !d.IsZero() {
			prefix, _ := b.clauses()
			s.add("另有 %s 万元未到结算期", "another %s is not yet payable", at(prefix+"_pending", b.last))
		}
	}
	if b.has("gap") {
		most, worst, _ := b.over(result, "gap", formula.Largest)
		first := b.first
		for ; first < worst; first++ {
			if d, ok := b.at(result, "gap", first); ok && d.Sign() > 0 {
				break
			}
		}
		if most.Sign() <= 0 {
			s.add(b.span()+"均无资金缺口", "no cash gap in any year")
		} else {
			s.add("%s年首次出现资金缺口，最大 %s 万元（"+b.yearName(worst)+"）", "the first cash gap is in %s, the largest %s ("+b.year(worst)+")",
				said{text: b.year(first), why: whyRef(result, b.Line("gap"), first)}, at("gap", worst))
		}
	}
	if d, ok := b.at(result, "arrears_total", b.last); ok && d.Sign() > 0 {
		s.add("期末各项欠付 %s 万元", "unpaid bills at the end %s", at("arrears_total", b.last))
	}
	if d, ok := b.at(result, "uploads_owed", b.last); ok && d.Sign() > 0 {
		s.add("期末欠缴上解 %s 万元", "uploads not remitted at the end %s", at("uploads_owed", b.last))
	}
	a := answer{ScenarioName: b.name(result), Level: b.debtLevel(result, b.last)}
	if _, ok := b.at(result, "debt_ratio", b.last); ok {
		s.add(b.year(b.last)+"年末债务率 %s", "debt ratio at the end of "+b.year(b.last)+" %s", at("debt_ratio", b.last))
	} else if b.has("debt_ratio") {
		s.add(b.year(b.last)+"年综合财力为 0，债务率无从计算", "no resources in "+b.year(b.last)+", so no debt ratio")
	}
	a.Drivers = b.driversSaid(result)
	if len(s.pieces) == 0 {
		s.add("本计划没有可汇总的结果", "this plan has no headline results")
	}
	a.Pieces = s.pieces
	return a
}

// mostDrivers is how many reasons of a difference a sentence has room for.
const mostDrivers = 2

// drivers are the largest reasons why a result differs from the first; none where that was not computed or nothing moved.
func drivers(run *reports.Run, result int) (parts []analysis.Contribution) {
	d := run.Difference(result)
	for i := 0; d != nil && i < len(d.Parts) && len(parts) < mostDrivers; i++ {
		if !d.Parts[i].Amount.IsZero() {
			parts = append(parts, d.Parts[i])
		}
	}
	return parts
}

// driversSaid ends a scenario's sentence: how far it is from the first scenario, and why.
func (b *briefing) driversSaid(result int) []piece {
	parts := drivers(b.Run, result)
	if len(parts) == 0 {
		return nil
	}
	d := b.Difference(result)
	label := func(text string) said { return said{text: text, plain: true} }
	unit := b.unitOf(d.Line, " 万元", "")
	zh, en := "与“%s”相比，%s %s"+unit+"，主要因为", "compared with “%s”, %s %s, mainly because of "
	numbers := []said{label(b.labels[0]), label(b.FullLabel(b.Line(d.Line))), {text: b.moved(d.Line, d.After.Sub(d.Before))}}
	for i, p := range parts {
		if i > 0 {
			zh, en = zh+"、", en+" and "
		}
		zh, en = zh+"%s（%s）", en+"%s (%s)"
		numbers = append(numbers, label(p.Label.In(b.Lang)), said{text: b.moved(d.Line, p.Amount)})
	}
	s := &sentence{lang: b.Lang}
	s.add(zh, en, numbers...)
	return s.pieces
}

// scriptWords are the texts that the page's scripts write.
func (b *briefing) scriptWords() map[string]string {
	return map[string]string{
		"year": strings.TrimPrefix(b.yearName(b.first), b.year(b.first)), "yes": b.T("是", "yes"), "no": b.T("否", "no"), "list": b.T("，", ", "), "none": reports.NoNumber, "colon": b.T("：", ": "),
		"builtYear": b.T("年份", "year"), "builtActual": b.T("末个实绩年", "last actual year"), "builtFirst": b.T("首个历史年", "first history year"),
		"blank": b.T("空白：分母为 0", "blank: the denominator is 0"), "total": b.T("各年合计", "total of the years"), "input": b.T("输入", "input"),
		"source": b.T("来源", "Source"), "grade": b.T("等级", "Grade"), "note": b.T("备注", "Note"), "by": b.T("改动", "Change"), "place": b.T("位置", "Place"),
		"documents": b.T("这个数用到的全部输入和出处", "All inputs this figure rests on, and their documents"), "inputs": b.T("个输入", "inputs"),
		"tried": b.T("（试算）", " (what-if)"), "failed": b.T("这一组条件算不出结果", "these terms give no result"), "refused": b.T("不成立的要求是 ", "what would not hold: "), "varies": b.T("按情景（逐年或逐条款不同）", "as in the scenario (differs by year or clause)"),
		"unchanged": b.T("（未改动）", " (unchanged)"), "slide": b.T("第 %1 屏，共 %2 屏", "Screen %1 of %2"), "command": b.T("等同于命令：", "The same as the command: "),
		"points": b.T(" 个百分点", " points"),
	}
}

// unitWords are the units that stand after a number; rates and flags say what they are themselves.
func (b *briefing) unitWords() map[string]string {
	words := map[string]string{}
	for _, u := range formula.Units {
		switch u {
		case formula.Ratio, formula.Number, formula.Year, formula.Flag, formula.Choice:
		default:
			words[string(u)] = u.Text().In(b.Lang)
		}
	}
	return words
}
