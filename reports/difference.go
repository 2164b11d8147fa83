package reports

import (
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// Exact is a figure of a difference as its line is counted: amounts to the fen, ratios in per cent.
func (r *Run) Exact(d *analysis.Difference, x decimal.Decimal) string {
	switch r.Book.Lines[r.Line(d.Line)].Unit {
	case formula.Money:
		return x.StringFixed(6)
	case formula.Ratio:
		return x.Shift(2).StringFixed(4) + "%"
	}
	return x.String()
}

// Signed is exact with a sign, points for ratios.
func (r *Run) Signed(d *analysis.Difference, x decimal.Decimal) string {
	text := r.Exact(d, x)
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		text = percent + "pp"
	}
	if x.Sign() > 0 {
		return "+" + text
	}
	return text
}

// HowSure says whether contributions are exact or sampled.
func (r *Run) HowSure(d *analysis.Difference) string {
	if d.Paths == 0 {
		return r.T("贡献是精确值：各种先后次序下每处改动引起的变动的平均，合计分毫不差。", "Contributions are exact: the mean of what each change moves over all orders of making them; they add up exactly.")
	}
	return formula.Textf("贡献是抽样值：改动较多，取 %d 种先后次序的平均，标准误不超过 %s；合计仍分毫不差。",
		"Contributions are sampled: with so many changes, the mean over %d orders of making them, standard error at most %s; they still add up exactly.", d.Paths, r.Exact(d, d.Error)).In(r.Lang)
}

// Changed is the old or new text of a change, with the words of a choice in the run's language: mean: 5 is 前几年实绩平均（固定）: 5.
func (r *Run) Changed(p analysis.Contribution, text string, scenario int) string {
	for _, line := range p.Lines {
		if l := r.Book.Lines[line]; l.Unit == formula.Choice {
			option := r.Book.Inputs(scenario)[line].Option
			if rest, ok := strings.CutPrefix(text, option); ok {
				return r.Option(line, option) + rest
			}
		}
	}
	return text
}

// Compared tells whether some result was compared with the first.
func (r *Run) Compared() bool {
	for result := range r.Results {
		if r.Difference(result) != nil {
			return true
		}
	}
	return false
}
