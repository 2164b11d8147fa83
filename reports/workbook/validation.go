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

// validation is what may be typed into some input cells. The cells beside them say the same, so that what was pasted is checked too.
type validation struct {
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

// validation is what an input may be: within its parameter's bounds, widened to what the plan itself says.
func (p *inputPage) validation(line int) *validation {
	run, l := p.w.run, p.w.run.Book.Lines[line]
	v := &validation{least: far.Neg(), most: far, percent: l.Unit == formula.Ratio, unit: l.Unit.Text().In(run.Lang), format: p.w.inputFormat(line)}
	switch l.Unit {
	case formula.Choice:
		for _, o := range l.Options {
			v.options = append(v.options, run.Option(line, o))
		}
		return v
	case formula.Flag:
		v.least, v.most, v.whole = decimal.Zero, decimal.NewFromInt(1), true
	case formula.Year:
		v.whole = true
	case formula.Person, formula.MoneyPerPerson, formula.YuanPerPerson, formula.Years:
		v.least = decimal.Zero
	}
	for _, s := range p.scenarios {
		for _, d := range append(p.inputs[s][line].ByYear, p.inputs[s][line].Same) {
			v.least, v.most = decimal.Min(v.least, d), decimal.Max(v.most, d)
		}
	}
	if l.Param != nil && l.Param.Field != nil {
		f := l.Param.Field
		v.whole = v.whole || f.Whole
		if f.Min != "" {
			v.least = bound(f.Min)
		}
		if f.Max != "" {
			v.most = bound(f.Max)
		}
	}
	return v
}

// under puts cells under a validation, with the others that ask the same.
func (p *inputPage) under(v *validation, cells string) {
	key := strings.Join(append([]string{v.least.String(), v.most.String(), v.unit, strconv.FormatBool(v.whole)}, v.options...), "\x00")
	if known := p.validations[key]; known != nil {
		v = known
	} else {
		p.validations[key] = v
		p.asked = append(p.asked, v)
	}
	v.where = append(v.where, cells)
}

// accepts: may this stand in a cell?
func (v *validation) accepts(in formula.Input, label string, col int) bool {
	if v.options != nil {
		return slices.Contains(v.options, label)
	}
	d := in.At(col)
	return !d.LessThan(v.least) && !d.GreaterThan(v.most) && (!v.whole || d.IsInteger())
}

// validity writes, to the right of a row's entries, how many of them cannot be used, and what can: the bounds, or the options. The master check adds up the
// counts. last is the last column of the entries; bad how many of them the engine would not take.
func (p *inputPage) validity(v *validation, n, last int, bad int) {
	w := p.w
	small := look{size: 7, color: grey, ruled: true, align: "center", shrink: true}
	entries, check, first := span(baseColumn, n, last, n), p.lastColumn()+1, p.lastColumn()+2
	count := small
	count.format, count.bold, count.color = w.run.T(`"✗ "0" 格不可用";;""`, `"✗ "0" unusable";;""`), true, red
	text := ""
	if v.options != nil {
		for i, o := range v.options {
			p.put(first+i, n, textCell(w.style(small), o))
		}
		text = fmt.Sprintf("COLUMNS(%[1]s)-SUMPRODUCT(COUNTIF(%[1]s,%[2]s))", entries, span(first, n, first+len(v.options)-1, n))
	} else {
		small.format = v.format
		p.put(first, n, numberCell(w.style(small), v.least.InexactFloat64()))
		p.put(first+1, n, numberCell(w.style(small), v.most.InexactFloat64()))
		holds := fmt.Sprintf("(%[1]s>=%[2]s)*(%[1]s<=%[3]s)", entries, at(first, n), at(first+1, n))
		if v.whole {
			holds += fmt.Sprintf("*(%[1]s=INT(%[1]s))", entries)
		}
		text = fmt.Sprintf("IF(COUNT(%[1]s)<COLUMNS(%[1]s),1,SUMPRODUCT(1-%[2]s))", entries, holds)
	}
	p.put(check, n, liveCell(w.style(count), text, decimal.NewFromInt(int64(bad))))
	w.unusable += bad
	p.optionColumns = max(p.optionColumns, len(v.options), 2)
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

// excel is the same as Excel has it; nil where it cannot.
func (v *validation) excel(run *reports.Run) *excelize.DataValidation {
	d := excelize.NewDataValidation(false)
	d.SetSqref(strings.Join(v.where, " "))
	d.SetError(excelize.DataValidationErrorStyleStop, run.T("输入有误", "Not accepted"), v.message(run))
	if v.options != nil {
		if list := strings.Join(v.options, ","); len(cut(list, 255)) < len(list) || strings.Count(list, ",") >= len(v.options) {
			return nil // Excel takes 255 characters, and a comma would split an option; the check beside the cell remains
		}
		_ = d.SetDropList(v.options) // its only error is the length
		return d
	}
	sort := excelize.DataValidationTypeDecimal
	if v.whole {
		sort = excelize.DataValidationTypeWhole
	}
	_ = d.SetRange(v.least.String(), v.most.String(), sort, excelize.DataValidationOperatorBetween) // texts are always accepted
	return d
}

// message says what to type.
func (v *validation) message(run *reports.Run) string {
	if v.options != nil {
		return run.T("请从下拉列表中选择。", "Choose from the list.")
	}
	what := run.T("请输入数字", "Enter a number")
	if v.whole {
		what = run.T("请输入整数", "Enter a whole number")
	}
	show := func(d decimal.Decimal) string {
		if v.percent {
			return d.Shift(2).String() + "%"
		}
		return d.String()
	}
	what += run.T("，范围 ", " from ") + show(v.least) + run.T(" 至 ", " to ") + show(v.most)
	return what + run.T("（单位：", " (unit: ") + v.unit + run.T("）。", ").")
}
