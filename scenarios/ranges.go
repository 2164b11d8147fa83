package scenarios

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// Ends are an address and the two ends it is moved between, as written.
type Ends struct {
	From               string // the option they are given with, for messages
	Address, Low, High string
}

// ReadEnds reads address=low..high; wrong says that it cannot be read.
func ReadEnds(from, text string) (e Ends, wrong formula.Text) {
	address, both, ok := strings.Cut(text, "=")
	low, high, two := strings.Cut(both, "..")
	e = Ends{from, strings.TrimSpace(address), strings.TrimSpace(low), strings.TrimSpace(high)}
	if !ok || !two || e.Address == "" || e.Low == "" || e.High == "" {
		wrong = formula.Textf("看不懂 %s %q；写成 %s 地址=低..高，如 transfers.subsidy.amount=300..500", "cannot read %s %q; write %s address=low..high, such as transfers.subsidy.amount=300..500", from, text, from)
	}
	return e, wrong
}

// Variants are a scenario at the low end and at the high end.
func (e Ends) Variants(of string) (both []Variant) {
	for _, end := range []string{e.Low, e.High} {
		set := e.Address + "=" + end
		both = append(both, Variant{ID: set, Of: of, Set: []string{set}, From: e.From})
	}
	return both
}

// Lever is what the ends move, and the figures it is moved through. Their variants are the scenarios low and low + 1 of the book, and must compute without errors.
// step is how exactly an answer is wanted; if empty, as exactly as it makes sense.
func (e Ends) Lever(b *model.Book, low int, step string) (*analysis.Lever, analysis.Range, []model.Problem) {
	var problems []model.Problem
	for end := low; end <= low+1; end++ {
		_, more := b.Run(end)
		problems = append(problems, slices.DeleteFunc(more, func(p model.Problem) bool { return p.Warning })...)
	}
	l, more := analysis.Between(b, e.Address, low, low+1)
	if problems = append(problems, more...); len(problems) > 0 || len(l.Lines) == 0 {
		return l, analysis.Range{}, problems // what has no line in the book is refused as unread
	}
	r, ok := analysis.RangeOf(b, l)
	if !ok {
		r = e.figures()
	}
	fault := func(text, hint formula.Text) (*analysis.Lever, analysis.Range, []model.Problem) {
		return nil, r, []model.Problem{{Text: text, Hint: hint}}
	}
	switch {
	case l.Whole() && !ok:
		return fault(formula.Textf("%s 只能取整数，各处的数又不一样，不能一起变动", "%s comes in whole numbers that differ from place to place and cannot move together", e.Address), text("一次变动一个", "vary one at a time"))
	case !r.High.GreaterThan(r.Low):
		return fault(formula.Textf("%s 的低端 %s 不低于高端 %s", "the low end %[2]s of %[1]s is not below the high end %[3]s", e.Address, e.Low, e.High), formula.Textf("写成 %s %s=%s..%s", "write %s %s=%s..%s", e.From, e.Address, e.High, e.Low))
	case step == "":
		for !r.Fits() {
			r.Step = r.Step.Shift(1)
		}
		return l, r, nil
	}
	d, wrong := readStep(step, r)
	switch {
	case wrong.ZH != "":
		return fault(formula.Textf("--step：%s", "--step: %s", wrong), text("写法和参数的值一样，如 0.01 或 0.5%", "write it like a value of the parameter, such as 0.01 or 0.5%"))
	case !d.IsPositive() || l.Whole() && !d.IsInteger() || r.Unit == formula.Money && !d.Equal(d.Round(fenPlaces)):
		return fault(formula.Textf("--step %s 不能用：要大于 0，整数参数要整数，金额不能比分还细", "--step %s cannot be used: it must be above 0, whole for whole numbers, and not finer than a fen for amounts", step), text("不写 --step 则精确到分", "without --step the answer is exact to the fen"))
	}
	if r.Step = d; !r.Fits() {
		return fault(formula.Textf("--step %s 太小：从低到高超过 %d 步", "--step %s is too small: there are more than %d steps from low to high", step, analysis.MostSteps), text("步长写大些，或范围写小些", "use a larger step or a smaller range"))
	}
	return l, r, nil
}

// figures is the range of ends that mean something else for each input: factors, points, or how far it is from one to the other.
func (e Ends) figures() analysis.Range {
	times, plus, ok := Relative(e.Low)
	toTimes, toPlus, also := Relative(e.High)
	step, one := decimal.New(1, -6), decimal.NewFromInt(1)
	switch {
	case ok && also && plus.IsZero() && toPlus.IsZero():
		return analysis.Range{Unit: formula.Number, Low: times, High: toTimes, Step: step, Means: analysis.Times}
	case ok && also && times.Equal(one) && toTimes.Equal(one):
		return analysis.Range{Unit: formula.Ratio, Low: plus, High: toPlus, Step: step, Means: analysis.Points}
	}
	return analysis.Range{Unit: formula.Ratio, High: one, Step: step, Means: analysis.Way}
}

// readStep reads a step as the ends of its range are written.
func readStep(text string, r analysis.Range) (decimal.Decimal, formula.Text) {
	switch r.Means {
	case analysis.Times:
		text = strings.TrimPrefix(text, "×")
	case analysis.Points:
		if rest, ok := strings.CutSuffix(text, "pp"); ok {
			text = rest + "%"
		}
	}
	return Number(text, r.Unit)
}
