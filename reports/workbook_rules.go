package reports

import (
	"strings"

	"zhencai/model/formula"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// inputRule is what may be typed into some input cells.
type inputRule struct {
	least, most string   // as in a formula; empty: no bound
	whole       bool     // whole numbers only
	options     []string // labels to choose from
	percent     bool
	unit        string
	where       []string // ranges
}

// ask puts an input's row under the rule of its parameter.
func (p *inputPage) ask(line, n int) {
	run, l := p.w.run, p.w.run.Book.Lines[line]
	r := &inputRule{percent: l.Unit == formula.Ratio, unit: l.Unit.Text().In(run.Lang)}
	if l.Param != nil && l.Param.Field != nil {
		f := l.Param.Field
		r.least, r.most, r.whole = bound(f.Min), bound(f.Max), f.Whole
	}
	switch l.Unit {
	case formula.Choice:
		for _, o := range l.Options {
			r.options = append(r.options, run.Option(line, o))
		}
		if list := strings.Join(r.options, ","); len(cut(list, 255)) < len(list) || strings.Count(list, ",") >= len(r.options) {
			return // Excel takes 255 characters, and a comma would split an option
		}
	case formula.Flag:
		r.least, r.most, r.whole = "0", "1", true
	case formula.Year:
		r.whole = true
	case formula.Person, formula.MoneyPerPerson, formula.YuanPerPerson, formula.Years:
		if r.least == "" {
			r.least = "0"
		}
	}
	p.under(r, span(baseColumn, n, p.lastColumn(), n))
}

// under puts cells under a rule, with the others that ask the same.
func (p *inputPage) under(r *inputRule, cells string) {
	key := strings.Join(append([]string{r.least, r.most, r.unit, map[bool]string{true: "whole"}[r.whole]}, r.options...), "\x00")
	if known := p.rules[key]; known != nil {
		r = known
	} else {
		p.rules[key] = r
		p.asked = append(p.asked, r)
	}
	r.where = append(r.where, cells)
}

// bound is a limit of the schema as a formula writes it: 50% is 0.5.
func bound(s string) string {
	percent := strings.HasSuffix(s, "%")
	d, err := decimal.NewFromString(strings.ReplaceAll(strings.TrimSuffix(s, "%"), ",", ""))
	if err != nil {
		return ""
	}
	if percent {
		d = d.Shift(-2)
	}
	return d.String()
}

// far is a bound where the schema has none: the rule still keeps text out.
const far = "1000000000000"

func (r *inputRule) validation(run *Run) *excelize.DataValidation {
	v := excelize.NewDataValidation(false)
	v.SetSqref(strings.Join(r.where, " "))
	v.SetError(excelize.DataValidationErrorStyleStop, run.T("输入有误", "Not accepted"), r.message(run))
	if r.options != nil {
		_ = v.SetDropList(r.options) // its only error is the length, which ask has looked at
		return v
	}
	least, most, sort := r.least, r.most, excelize.DataValidationTypeDecimal
	if least == "" {
		least = "-" + far
	}
	if most == "" {
		most = far
	}
	if r.whole {
		sort = excelize.DataValidationTypeWhole
	}
	_ = v.SetRange(least, most, sort, excelize.DataValidationOperatorBetween) // texts are always accepted
	return v
}

// message says what to type.
func (r *inputRule) message(run *Run) string {
	if r.options != nil {
		return run.T("请从下拉列表中选择。", "Choose from the list.")
	}
	what := run.T("请输入数字", "Enter a number")
	if r.whole {
		what = run.T("请输入整数", "Enter a whole number")
	}
	show := func(s string) string {
		if d, err := decimal.NewFromString(s); err == nil && r.percent {
			return d.Shift(2).String() + "%"
		}
		return s
	}
	switch {
	case r.least != "" && r.most != "":
		what += run.T("，范围 ", " from ") + show(r.least) + run.T(" 至 ", " to ") + show(r.most)
	case r.least != "":
		what += run.T("，不小于 ", ", at least ") + show(r.least)
	case r.most != "":
		what += run.T("，不大于 ", ", at most ") + show(r.most)
	}
	return what + run.T("（单位：", " (unit: ") + r.unit + run.T("）。", ").")
}
