package model

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// indexFields let an amount grow or taper: by a rate of its own, by the growth of another line, or both.
var indexFields = []Field{
	{Key: "indexed", Unit: formula.Ratio, Series: Held, Default: "0", Min: "-1", Max: "1000%", Label: Text{ZH: "递增率", EN: "Indexation"},
		Doc: Text{ZH: "每年递增（负数为递减）", EN: "growth per year (negative: taper)"}},
	{Key: "indexed_from", Unit: formula.Year, Optional: true, Whole: true, Min: "1900", Max: "2200", Label: Text{ZH: "首个递增年", EN: "First indexed year"},
		Doc: Text{ZH: "从这一年起比上一年递增；不写则为期限的第二年", EN: "the first year that grows over the one before; if absent, the second year of the term"}},
	{Key: "chained_to", Kind: FormulaField, Unit: formula.Money, Optional: true, Label: Text{ZH: "环比挂钩", EN: "Chained to"},
		Doc: Text{ZH: "公式，如 counted：每年再按它的增长递增", EN: "a formula, such as counted: the amount also grows with it"}},
	{Key: "chain_share", Unit: formula.Ratio, Series: Held, Default: "100%", Min: "0", Max: "1000%", Label: Text{ZH: "环比系数", EN: "Share of that growth"},
		Doc: Text{ZH: "如 1:0.3 返还写 30%", EN: "30 % for the one-to-0.3 rebate"}},
	{Key: "chain_floor", Unit: formula.Ratio, Series: Held, Default: "-100%", Min: "-1", Max: "1000%", Label: Text{ZH: "环比递增下限", EN: "Least growth by the chain"},
		Doc: Text{ZH: "如最低递增 3%，或 0% 表示只增不减", EN: "such as at least 3 %, or 0 % for never falling"}},
}

// fixed is an amount, indexed.
func (b *builder) fixed(e *Element) (rule, worked string) {
	b.grownTwice(e, "amount", "indexed", e.Own("chained_to") != nil)
	b.input("amount")
	b.indexFactor(e)
	return "round(amount * index_factor)", "amount=300 index_factor=1.05 -> 315"
}

// perHead is a standard for every person.
func (b *builder) perHead(e *Element) (rule, worked string) {
	b.heads(e)
	b.input("standard")
	return "round(heads * standard)", "heads=108 standard=2 -> 216"
}

// grant is amounts in the years named.
func (b *builder) grant(*Element) (rule, worked string) {
	b.input("amount")
	return "amount", "amount=120 -> 120"
}

// upload is what the town pays: an amount, indexed, and a share of a line.
func (b *builder) upload(e *Element) (rule, worked string) {
	rule, worked = b.fixed(e)
	of, _ := b.measure(e, "of", "", "", Text{ZH: "比例上解的基数", EN: "what the share is of"}, never)
	if rate, _ := e.Params["rate"].GivenIn(); rate != (of != "") {
		b.fail("upload_share_incomplete", e.Pos, formula.Textf("%s 的比例上解要同时写比例 rate 和基数 of", "the upload %s as a share needs both rate and of", e.Text()),
			Text{ZH: "如 rate: 10%, of: kept", EN: "such as rate: 10%, of: kept"})
		return rule, worked
	}
	if of == "" {
		return rule, worked
	}
	b.input("rate")
	return rule + " + round(" + of + " * rate)", "amount=300 index_factor=1.05 " + of + "=100 rate=0.1 -> 325"
}

// ownFormula is the plan's own rule.
func (b *builder) ownFormula(e *Element) (rule, worked string) {
	if u := e.Own("formula"); u != nil {
		return u.Formula, ""
	}
	return "0", ""
}

// indexFactor grows an amount by its indexation, and by the growth of the line it is chained to, from the first indexed year on.
func (b *builder) indexFactor(e *Element) {
	from := e.Params["indexed_from"]
	if given, all := from.GivenIn(); given {
		if !all {
			b.fail("indexed_from_not_in_all", from.Pos, Text{ZH: "indexed_from 只在有的情景里写了", EN: "indexed_from is given only in some scenarios"}, Text{ZH: "在计划里写出，再由层改动", EN: "give it in the plan, and change it in a layer"})
		}
		b.input("indexed_from")
	} else {
		from := Line{Line: formula.Line{Name: "indexed_from", Unit: formula.Year, Formula: "term.from + 1", Opening: "term.from + 1"}, Label: Text{ZH: "首个递增年", EN: "first indexed year"}, Example: "term.from=2022 -> 2023", Detail: true}
		if e.Own("chained_to") != nil {
			from.Opening, from.Past = "initial(term.from) + 1", true
		}
		b.line(from)
	}
	b.input("indexed")
	f, worked := "when(year >= indexed_from, prev(index_factor) * (1 + indexed), 1)", "year=2024 indexed_from=2023 prev(index_factor)=1.05 indexed=0.05 -> 1.1025"
	// Before the plan it grew at the first year's rate.
	factor := Line{Line: formula.Line{Name: "index_factor", Unit: formula.Ratio, Formula: f, Opening: "power(1 + initial(indexed), max(year - indexed_from + 1, 0))"},
		Label: Text{ZH: "递增系数", EN: "index factor"}, Example: worked, Detail: true}
	if to, since := b.measure(e, "chained_to", "", "", Text{ZH: "挂钩的数", EN: "what it is chained to"}, always); to != "" {
		b.chain(e, to, since, &factor)
	}
	b.line(factor)
}

// grownTwice refuses an amount given by year that a rate grows as well (or grows in any case): each year's amount may be meant as it stands, or to be grown.
func (b *builder) grownTwice(e *Element, amount, rate string, always bool) {
	of, by, key := e.Params[amount], e.Params[rate], rate
	for s := range b.plan.Scenarios {
		grows := by != nil && Nonzero(by.Values[s])
		if of == nil || of.Values[s].ByYear == nil || !grows && !always {
			continue
		}
		at, what := of.At(s), by.Field.Label
		if by.At(s) != by.Pos {
			at = by.At(s)
		}
		if !grows {
			what, key = Text{ZH: "环比挂钩", EN: "Chained to"}, "chained_to"
		}
		ds := b.plan.planYears(of.Values[s])
		k := max(slices.IndexFunc(ds, func(d decimal.Decimal) bool { return !d.Equal(ds[0]) }), 0)
		b.fail("grown_twice", at, formula.Textf("%s的%s逐年给出，又写了%s，有两种读法：%d 年就是 %s，或 %[5]s 再递增", "%s: %s is given by year and %s grows it as well, which can be read in two ways: %d has %s as it stands, or %[5]s grown",
			e.Text(), of.Field.Label, what, b.plan.Calendar.Actual+1+k, ds[k]), formula.Textf("逐年给出就删去 %s；要递增就只写一个数", "leave out %s, or write one amount that grows", key))
		return
	}
}

// chain adds how much of the growth of a line an amount follows, in history years as well as far as they tell it, and lets the factor follow it.
func (b *builder) chain(e *Element, to string, since int, factor *Line) {
	b.input("chain_share", "chain_floor")
	cal := b.plan.Calendar
	growth := Line{Line: formula.Line{Name: "chain_growth", Unit: formula.Ratio, Formula: "when(prev(" + to + ") > 0, " + to + " / prev(" + to + ") - 1, 0)"},
		Label: Text{ZH: "挂钩数的增长率", EN: "growth of what it is chained to"}, Example: "prev(" + to + ")=1000 " + to + "=1100 -> 0.1", Detail: true}
	link := Line{Line: formula.Line{Name: "chain", Unit: formula.Ratio, Formula: "max(chain_share * chain_growth, chain_floor)"},
		Label: Text{ZH: "环比递增率", EN: "growth by the chain"}, Example: "chain_share=0.3 chain_growth=0.1 chain_floor=0 -> 0.03", Detail: true}
	factor.Formula, factor.Example = "when(year >= indexed_from, prev(index_factor) * (1 + indexed + chain), 1)", "year=2024 indexed_from=2023 prev(index_factor)=1.05 indexed=0.02 chain=0.03 -> 1.1025"
	known := int64(cal.Actual) + 1
	growth.Opening, growth.ZeroBefore = "0", true
	if since < cal.Zero() {
		known = int64(cal.First+since) + 1
		growth.Opening, growth.Past = growth.Formula, true
	}
	link.Opening, link.Past = "max(initial(chain_share) * sum_years(chain_growth, year, year), initial(chain_floor))", true
	from := "indexed_from"
	if given, _ := e.Params["indexed_from"].GivenIn(); given {
		from = "initial(indexed_from)"
	}
	factor.Past, factor.ZeroBefore = true, true
	factor.Opening = strings.ReplaceAll("when(year >= FROM, when(year > first_year, prev(index_factor), power(1 + initial(indexed), year - FROM)) * (1 + initial(indexed) + chain), 1)", "FROM", from)
	b.line(growth, link)
	for s := range b.plan.Scenarios {
		if first := b.indexedFrom(e, s); first < known && first <= int64(cal.Actual) {
			b.unknownPast(e, s, Text{ZH: "挂钩数的增长", EN: "the growth of what it is chained to"}, first, known-1, Text{ZH: "补足 history，或写末个实绩年的 amount 和 indexed_from（测算首年）", EN: "give a longer history, or the amount of the last actual year with indexed_from: the first plan year"})
			return
		}
	}
}

// indexedFrom is the first year in which an amount grows over the one before.
func (b *builder) indexedFrom(e *Element, scenario int) int64 {
	if p := e.Params["indexed_from"]; p != nil && p.Given[scenario] {
		return p.Values[scenario].Same.IntPart()
	}
	return e.Params["term.from"].Values[scenario].Same.IntPart() + 1
}

// need says whether the history years of a measure are read: always (of the last actual year at least), if they are known, or never.
type need int

const (
	never need = iota
	ifKnown
	always
)

// measure adds the line of a formula that says what a clause looks at, outside the clause, so that "amount" in it is the town's revenue and not
// the clause's own. Without one in the plan the formula is otherwise; the name is empty if that is too. It has its value in history years as far as
// they tell it: since is the first column, -1 if there is none.
func (b *builder) measure(e *Element, key, otherwise, worked string, label Text, past need) (name string, since int) {
	f, rule := otherwise, b.rule+"."+key
	if u := e.Own(key); u != nil {
		f, rule = u.Formula, ownRule
	}
	if f == "" {
		return "", -1
	}
	l := Line{Line: formula.Line{Name: key, Unit: formula.Money, Formula: f}, Label: label, Rule: rule, Level: true, Example: example(rule != ownRule, worked)}
	since = b.knownSince(f)
	switch {
	case past == never:
		since = -1
	case since >= 0:
		l.Opening, l.Past = f, true
	case past == always:
		l.Opening, since = f, b.plan.Calendar.Zero()
	}
	scope, own := b.scope, b.rule
	b.in("measures."+e.ID, own, e)
	b.line(l)
	b.in(scope, own, e)
	return "measures." + e.ID + "." + key, since
}
