package model

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// unlikelySettlement warns of what a clause says and nobody can have meant: amounts for years in which they never count, an advance that a holiday does not stop.
// Each is told once, of the first scenario in which it is so.
func (b *builder) unlikelySettlement(e *Element) {
	b.perScenario(func(s int) bool { return b.pastDueTooOld(e, s) })
	b.perScenario(func(s int) bool { return b.advanceInHoliday(e, s) })
	b.perScenario(func(s int) bool { return b.outsideTerm(e, s) })
}

func (b *builder) perScenario(warn func(scenario int) bool) {
	for s := range b.plan.Scenarios {
		if warn(s) {
			return
		}
	}
}

// whole is the value of a parameter that is one whole number.
func (e *Element) whole(key string, scenario int) int {
	return int(e.Params[key].Values[scenario].Same.IntPart())
}

// namedYears lists the years from one to another in which an input is not 0 and something holds.
func (b *builder) namedYears(in formula.Input, from, to int, holds func(year int) bool) (years []string, sum decimal.Decimal) {
	for year := from; year <= to; year++ {
		if d := in.At(b.plan.Calendar.Col(year)); !d.IsZero() && holds(year) {
			years, sum = append(years, fmt.Sprint(year)), sum.Add(d)
		}
	}
	return years, sum
}

// pastDueTooOld: what was due so long ago that it was payable before the plan begins is in no year of it. Where a cap or a guarantee looks at the whole term it still counts.
func (b *builder) pastDueTooOld(e *Element, s int) bool {
	cal, lag, past := b.plan.Calendar, e.whole("lag", s), e.Params["past_due"]
	capped, _ := e.Params["award_cap_term"].GivenIn()
	years, sum := b.namedYears(past.Values[s], cal.First, cal.Actual, func(year int) bool { return year+lag <= cal.Actual })
	if len(years) == 0 || lag == 0 || capped || e.Params["award_floor_term"].Any(Nonzero) {
		return false
	}
	b.warn("past_due_too_old", past.At(s), formula.Textf("%s 的以前年度应得里，%s 年的 %s 万元滞后 %d 年，在测算期前已应付，测算期内不会再付（情景 %s）",
		"of what is due to %s for earlier years, %[3]s of %[2]s was payable before the plan begins, with a lag of %[4]d: it is not paid within it (scenario %[5]s)", e.Text(), strings.Join(years, " "), sum, lag, b.plan.Scenarios[s].ID),
		Text{ZH: "还欠着的写在 owed_opening，已付的删去；或核对 lag", EN: "write what is still owed in owed_opening and delete what was paid; or check lag"})
	return true
}

// advanceInHoliday: an advance by amount is paid in a year in which nothing is due, and taken back afterwards.
func (b *builder) advanceInHoliday(e *Element, s int) bool {
	cal, from := b.plan.Calendar, e.whole("term.from", s)
	rests := func(year int) bool {
		if year < from || year >= from+e.whole("term.years", s) {
			return false
		}
		pays := e.Params["term.pays"].Values[s].At(cal.Col(year))
		if n := e.Count["ages"]; n > 0 {
			pays = pays.Mul(e.Params[fmt.Sprintf("ages.%d.share", min(year-from+1, n))].Values[s].Same)
		}
		return pays.IsZero()
	}
	years, sum := b.namedYears(e.Params["advance"].Values[s], cal.Actual+1, cal.Last, rests)
	if len(years) == 0 {
		return false
	}
	b.warn("advance_in_holiday", e.Params["advance"].At(s), formula.Textf("%s 在 %s 年停付，预拨的 %s 万元却照付，以后再扣回（情景 %s）", "%s pays nothing in %s, but the advance of %s is paid all the same and taken back later (scenario %s)", e.Text(), strings.Join(years, " "), sum, b.plan.Scenarios[s].ID),
		Text{ZH: "停付的年份不写 advance，或用 advance_rate 按应得预拨", EN: "give no advance in those years, or advance a part of what is due with advance_rate"})
	return true
}

// outsideTerm: amounts by year of a grant or an advance in years outside the term never count.
func (b *builder) outsideTerm(e *Element, s int) bool {
	cal, from, n := b.plan.Calendar, e.whole("term.from", s), e.whole("term.years", s)
	keys := []string{"advance"}
	if e.Kind == "grant" {
		keys = append(keys, "amount")
	}
	for _, key := range keys {
		years, sum := b.namedYears(e.Params[key].Values[s], cal.Actual+1, cal.Last, func(year int) bool { return year < from || year >= from+n })
		if len(years) > 0 {
			b.warn("outside_term", e.Params[key].At(s), formula.Textf("%s 的%s在 %s 年有 %s 万元，不在期限 %d-%d 之内，不会算（情景 %s）", "%[2]s of %[1]s is %[4]s in %[3]s, outside the term %[5]d-%[6]d: it does not count (scenario %[7]s)",
				e.Text(), e.Params[key].Field.Label, strings.Join(years, " "), sum, from, from+n-1, b.plan.Scenarios[s].ID),
				Text{ZH: "核对年份和 term: {from, years}", EN: "check the years and term: {from, years}"})
			return true
		}
	}
	return false
}

// comparedQuotients warns of a condition of a plan's own formula that compares a quotient of amounts: the amounts were rounded to the fen, so a goal that is just
// met can be missed.
func (b *Book) comparedQuotients() (problems []Problem) {
	own := func(line int) bool { return b.Lines[line].Rule == ownRule }
	for i, l := range b.Lines {
		if !own(i) {
			continue
		}
		span, found := b.Program.ComparedQuotient(i, own)
		if !found {
			continue
		}
		p := b.Problem(&formula.Error{Line: l.Name, Formula: l.Formula, Span: span})
		p.Code = "quotient_compared"
		p.Warning = true
		p.Text = formula.Textf("%s：%s 比的是金额之商，金额先已取整到分，刚好达标的会被差的一分判为不达标", "%s: %s compares a quotient of amounts, which were rounded to the fen before: a goal that is just met can be missed by that", l.Name, l.Formula[span.From:span.To])
		p.Hint = Text{ZH: "用金额写：counted / prev(counted) - 1 >= 8% 写成 counted >= prev(counted) * 108%", EN: "write it in amounts: for counted / prev(counted) - 1 >= 8% write counted >= prev(counted) * 108%"}
		problems = append(problems, p)
	}
	return problems
}
