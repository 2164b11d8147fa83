package workbook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model/formula"
	"zhencai/reports"
)

// inputRule is what may be typed into some input cells. The cells beside them say the same, so that what was pasted is checked too.
type inputRule struct {
	least, most decimal.Decimal
	whole       bool     // whole numbers only
	options     []string // labels to choose from
	format      string   // of the bounds
	percent     bool
	unit        string
	where       []string // ranges
}

// far is a bound where the schema has none: within it a sheet still holds an amount to the fen.
var far = decimal.New(1, 9)

// ask is the rule of an input: its parameter's bounds, widened to what the plan itself says.
func (p *inputPage) ask(line int) *inputRule {
	run, l := p.w.run, p.w.run.Book.Lines[line]
	r := &inputRule{least: far.Neg(), most: far, percent: l.Unit == formula.Ratio, unit: l.Unit.Text().In(run.Lang), format: p.w.inputFormat(line)}
	switch l.Unit {
	case formula.Choice:
		for _, o := range l.Options {
			r.options = append(r.options, run.Option(line, o))
		}
		return r
	case formula.Flag:
		r.least, r.most, r.whole = decimal.Zero, decimal.NewFromInt(1), true
	case formula.Year:
		r.whole = true
	case formula.Person, formula.MoneyPerPerson, formula.YuanPerPerson, formula.Years:
		r.least = decimal.Zero
	}
	for _, s := range p.scenarios {
		for _, d := range append(p.inputs[s][line].ByYear, p.inputs[s][line].Same) {
			r.least, r.most = decimal.Min(r.least, d), decimal.Max(r.most, d)
		}
	}
	if l.Param != nil && l.Param.Field != nil {
		f := l.Param.Field
		r.whole = r.whole || f.Whole
		if f.Min != "" {
			r.least = bound(f.Min)
		}
		if f.Max != "" {
			r.most = bound(f.Max)
		}
	}
	return r
}

// under puts cells under a rule, with the others that ask the same.
func (p *inputPage) under(r *inputRule, cells string) {
	key := strings.Join(append([]string{r.least.String(), r.most.String(), r.unit, strconv.FormatBool(r.whole)}, r.options...), "\x00")
	if known := p.rules[key]; known != nil {
		r = known
	} else {
		p.rules[key] = r
		p.asked = append(p.asked, r)
	}
	r.where = append(r.where, cells)
}

// accepts: may this stand in a cell under the rule?
func (r *inputRule) accepts(in formula.Input, label string, col int) bool {
	if r.options != nil {
		return slices.Contains(r.options, label)
	}
	d := in.At(col)
	return !d.LessThan(r.least) && !d.GreaterThan(r.most) && (!r.whole || d.IsInteger())
}

// limits writes, to the right of a row's entries, how many of them cannot be used, and what can: the bounds, or the options. The master check adds up the
// counts. last is the last column of the entries; bad how many of them the engine would not take.
func (p *inputPage) limits(r *inputRule, n, last int, bad int) {
	w := p.w
	small := look{size: 7, color: grey, lines: true, align: "center", shrink: true}
	entries, check, first := span(baseColumn, n, last, n), p.lastColumn()+1, p.lastColumn()+2
	count := small
	count.format, count.bold, count.color = w.run.T(`"✗ "0" 格不可用";;""`, `"✗ "0" unusable";;""`), true, red
	text := ""
	if r.options != nil {
		for i, o := range r.options {
			p.put(first+i, n, textCell(w.style(small), o))
		}
		text = fmt.Sprintf("COLUMNS(%[1]s)-SUMPRODUCT(COUNTIF(%[1]s,%[2]s))", entries, span(first, n, first+len(r.options)-1, n))
	} else {
		small.format = r.format
		p.put(first, n, numberCell(w.style(small), r.least.InexactFloat64()))
		p.put(first+1, n, numberCell(w.style(small), r.most.InexactFloat64()))
		holds := fmt.Sprintf("(%[1]s>=%[2]s)*(%[1]s<=%[3]s)", entries, at(first, n), at(first+1, n))
		if r.whole {
			holds += fmt.Sprintf("*(%[1]s=INT(%[1]s))", entries)
		}
		text = fmt.Sprintf("IF(COUNT(%[1]s)<COLUMNS(%[1]s),1,SUMPRODUCT(1-%[2]s))", entries, holds)
	}
	p.put(check, n, liveCell(w.style(count), text, decimal.NewFromInt(int64(bad))))
	w.unusable += bad
	p.optionColumns = max(p.optionColumns, len(r.options), 2)
}

// bound is a limit of the schema as a cell holds it: 50% is 0.5.
func bound(s string) decimal.Decimal {
	percent := strings.HasSuffix(s, "%")
	d := decimal.RequireFromString(strings.ReplaceAll(strings.TrimSuffix(s, "%"), ",", ""))
	if percent {
		d = d.Shift(-2)
	}
	return d
}

func (r *inputRule) validation(run *reports.Run) *excelize.DataValidation {
	v := excelize.NewDataValidation(false)
	v.SetSqref(strings.Join(r.where, " "))
	v.SetError(excelize.DataValidationErrorStyleStop, run.T("输入有误", "Not accepted"), r.message(run))
	if r.options != nil {
		if list := strings.Join(r.options, ","); len(cut(list, 255)) < len(list) || strings.Count(list, ",") >= len(r.options) {
			return nil // Excel takes 255 characters, and a comma would split an option; the check beside the cell remains
		}
		_ = v.SetDropList(r.options) // its only error is the length
		return v
	}
	sort := excelize.DataValidationTypeDecimal
	if r.whole {
		sort = excelize.DataValidationTypeWhole
	}
	_ = v.SetRange(r.least.String(), r.most.String(), sort, excelize.DataValidationOperatorBetween) // texts are always accepted
	return v
}

// message says what to type.
func (r *inputRule) message(run *reports.Run) string {
	if r.options != nil {
		return run.T("请从下拉列表中选择。", "Choose from the list.")
	}
	what := run.T("请输入数字", "Enter a number")
	if r.whole {
		what = run.T("请输入整数", "Enter a whole number")
	}
	show := func(d decimal.Decimal) string {
		if r.percent {
			return d.Shift(2).String() + "%"
		}
		return d.String()
	}
	what += run.T("，范围 ", " from ") + show(r.least) + run.T(" 至 ", " to ") + show(r.most)
	return what + run.T("（单位：", " (unit: ") + r.unit + run.T("）。", ").")
}
