package page

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// sample is a run made by hand: lines as a book names them, with figures given instead of computed, so that the page is tested apart from the rules.
type sample struct {
	run    *reports.Run
	lines  []formula.Line
	values map[string][][]decimal.Decimal // by line, scenario, and column from year 0 on
}

const sampleYears = 6 // year 0 and five plan years

// evil is a label that must stay text wherever it appears.
const evil = `</script><img src=x onerror=alert(1)>"'\{a}__f__(alert(2))__f__<!--<script>`

// long is a label of forty characters.
const long = "广通镇第二自来水厂及配套管网提升改造和集镇污水处理设施建设项目（一期）专项激励补助资金"

// newSample makes one scenario per delivery rate. Labels name the scenarios and, after them, the two clauses.
func newSample(t testing.TB, lang formula.Lang, rates []string, labels ...string) *reports.Run {
	t.Helper()
	s := &sample{values: map[string][][]decimal.Decimal{}}
	plan := &model.Plan{
		Town: "广通镇", County: "禄丰市", Title: "广通镇经济发达镇激励政策五年测算", TitleEN: "Guangtong: five years of the incentive policy", Version: "2022-01", Status: "草案",
		Calendar: formula.Calendar{First: 2021, Actual: 2021, Last: 2026}, Hash: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
	}
	label := func(i int, otherwise string) string {
		if i < len(labels) && labels[i] != "" {
			return labels[i]
		}
		return otherwise
	}
	n := len(rates)
	for i := range rates {
		plan.Scenarios = append(plan.Scenarios, model.Scenario{ID: fmt.Sprintf("s%d", i), Label: label(i, []string{"足额兑现", "现状：四成兑现", "政策未兑现", "下行且欠拨", "县方案：滚动基数", "按月预拨", "清欠优先", "项目缓建"}[i%8])})
	}
	for i, id := range []string{"share", "subsidy"} {
		plan.Elements = append(plan.Elements, &model.Element{Section: "transfers", ID: id, Kind: []string{"above_base", "fixed"}[i], Label: label(n+i, []string{"超收分成", "县级定额补助"}[i]),
			Words: map[string]string{"incentive": "true"}, Params: map[string]*model.Param{}})
	}
	num := func(x float64) decimal.Decimal { return decimal.NewFromFloat(x).Round(6) }
	for i, rate := range rates {
		d, _ := decimal.NewFromString(rate)
		var owed, shareOwed, subsidyOwed, lastShare decimal.Decimal
		contractors, overdue, loan, arrears := num(1260), num(0), num(900), num(1260)
		for year := range sampleYears {
			k := float64(year)
			share, subsidy := num(229.555475+k*153.271), num(300)
			if year == 0 {
				share, subsidy = num(0), num(0)
			}
			sharePaid, subsidyPaid := lastShare.Mul(d).Round(6), subsidy.Mul(d).Round(6)
			shareOwed, subsidyOwed = shareOwed.Add(lastShare).Sub(sharePaid), subsidyOwed.Add(subsidy).Sub(subsidyPaid)
			owed = shareOwed.Add(subsidyOwed)
			paid := sharePaid.Add(subsidyPaid)
			lack := num(420).Sub(paid).Sub(num(k * 22.13))
			if year == 0 {
				lack = num(0)
			}
			gap := decimal.Max(lack, decimal.Zero)
			arrears = decimal.Max(arrears.Add(lack), decimal.Zero)
			contractors = decimal.Max(contractors.Add(lack.Mul(num(0.7)).Round(6)), decimal.Zero)
			overdue = decimal.Max(overdue.Add(lack.Mul(num(0.1)).Round(6)), decimal.Zero)
			if year > 0 {
				loan = loan.Sub(num(150))
			}
			bond := num(600 - k*52)
			debt := contractors.Add(overdue).Add(loan).Add(bond)
			resources := num(426).Add(paid).Add(num(k * 9))
			ratio := debt.DivRound(resources, 30)
			level := decimal.Zero
			for _, limit := range []string{"1.2", "2", "3"} {
				if l, _ := decimal.NewFromString(limit); !ratio.LessThan(l) {
					level = level.Add(num(1))
				}
			}
			coverage := decimal.Min(num(1), num(1.02).Sub(gap.DivRound(num(900), 30)))
			cash := decimal.Max(num(20), num(86.4).Add(paid).Sub(num(360)).Add(num(k*14)))
			for name, v := range map[string]decimal.Decimal{
				"transfers.share.due": share, "transfers.share.paid": sharePaid, "transfers.share.owed": shareOwed,
				"transfers.subsidy.due": subsidy, "transfers.subsidy.paid": subsidyPaid, "transfers.subsidy.owed": subsidyOwed,
				"incentive_due": share.Add(subsidy), "incentive_paid": paid, "incentive_owed": owed,
				"cash": cash, "gap": gap, "arrears_total": arrears, "debt": debt, "debt_ratio": ratio, "debt_level": level, "basic_coverage": coverage,
				"debt_onlent_special": bond, "debt_legacy_loan": loan, "contractors_owed": contractors, "overdue": overdue, "county_keeps": num(3650).Sub(paid),
				"indicators.yellow": num(1.2), "indicators.orange": num(2), "indicators.red": num(3),
			} {
				if s.values[name] == nil {
					s.values[name] = make([][]decimal.Decimal, n)
				}
				s.values[name][i] = append(s.values[name][i], v)
			}
			lastShare = share
		}
	}
	s.compile(t, plan, lang)
	return s.run
}

// compile declares each figure as an input, with an opening where the page shows year 0.
func (s *sample) compile(t testing.TB, plan *model.Plan, lang formula.Lang) {
	t.Helper()
	units := map[string]formula.Unit{"debt_ratio": formula.Ratio, "basic_coverage": formula.Ratio, "debt_level": formula.Number,
		"indicators.yellow": formula.Ratio, "indicators.orange": formula.Ratio, "indicators.red": formula.Ratio}
	withOpening := map[string]bool{"cash": true, "debt": true, "contractors_owed": true, "overdue": true, "debt_onlent_special": true, "debt_legacy_loan": true, "arrears_total": true, "incentive_owed": true}
	names := slices.Sorted(maps.Keys(s.values))
	inputs := make([][]formula.Input, len(plan.Scenarios))
	add := func(l formula.Line, of func(scenario int) formula.Input) {
		s.lines = append(s.lines, l)
		for i := range inputs {
			in := formula.Input{}
			if of != nil {
				in = of(i)
			}
			inputs[i] = append(inputs[i], in)
		}
	}
	for _, name := range names {
		unit := units[name]
		if unit == "" {
			unit = formula.Money
		}
		path := func(i int) formula.Input { return formula.Input{ByYear: s.values[name][i]} }
		if !withOpening[name] {
			add(formula.Line{Name: name, Unit: unit, Input: formula.ByYear}, path)
			continue
		}
		add(formula.Line{Name: name, Unit: unit, Formula: name + "_path", Opening: name + "_opening"}, nil)
		add(formula.Line{Name: name + "_path", Unit: unit, Input: formula.ByYear}, path)
		add(formula.Line{Name: name + "_opening", Unit: unit, Input: formula.Scalar}, func(i int) formula.Input { return formula.Input{Same: s.values[name][i][0]} })
	}
	program, errs := formula.Compile(s.lines, nil, plan.Calendar)
	for _, err := range errs {
		t.Fatal(err)
	}
	book := &model.Book{Plan: plan, Program: program}
	for _, l := range s.lines {
		book.Lines = append(book.Lines, &model.Line{Line: l, Label: formula.Text{ZH: l.Name}})
	}
	illustrative := &model.Param{Key: "growth", Grade: "D", Given: make([]bool, len(plan.Scenarios)), SetAt: make([]model.Pos, len(plan.Scenarios)), Values: make([]formula.Input, len(plan.Scenarios))}
	for i := range illustrative.Given {
		illustrative.Given[i] = true
	}
	book.Lines[0].Param, book.Lines[0].Element = illustrative, &model.Element{Section: "revenue", ID: "vat"}
	s.run = &reports.Run{Book: book, Lang: lang, Date: "2022-01-15"}
	for i, scenario := range plan.Scenarios {
		v, errs := program.Evaluate(inputs[i])
		for _, err := range errs {
			t.Fatal(err)
		}
		s.run.Results = append(s.run.Results, &model.Result{Scenario: scenario, Values: v})
	}
}
