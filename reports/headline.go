package reports

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Headline is one figure of model.Headlines for one result; there is false where it is blank.
func (r *Run) Headline(result int, h model.Headline) (d decimal.Decimal, there bool) {
	return r.Book.Figure(r.Results[result].Values, r.Line(h.Line), h.How)
}

// HeadlineLabel names a headline: the line, and how its years became one figure.
func (r *Run) HeadlineLabel(h model.Headline) string {
	if h.Label.ZH != "" {
		return h.Label.In(r.Lang)
	}
	return r.Label(r.Line(h.Line)) + " " + h.How.Text().In(r.Lang)
}

// Colours names the levels of the debt ratio, from 0.
func (r *Run) Colours() []string {
	return []string{r.T("绿", "green"), r.T("黄", "yellow"), r.T("橙", "orange"), r.T("红", "red")}
}

// HeadlineText is a headline as people read it: two decimals, per cent, or a colour.
func (r *Run) HeadlineText(result int, h model.Headline) string {
	d, there := r.Headline(result, h)
	switch {
	case !there:
		return "-"
	case h.Line == "debt_level":
		return r.Colours()[d.IntPart()]
	case r.Book.Lines[r.Line(h.Line)].Unit == formula.Ratio:
		return d.Shift(2).StringFixed(1) + "%"
	}
	return d.StringFixed(2)
}

// Figure reads LINE or LINE:how as a figure; ok is false if there is no such line or way.
func Figure(book *model.Book, s string) (h model.Headline, ok bool) {
	line, how, given := strings.Cut(s, ":")
	i := book.Program.Index(line)
	if i < 0 || book.Lines[i].Input != formula.NotInput {
		return h, false
	}
	h = model.Headline{Line: line, How: formula.Over(how)}
	if given {
		return h, slices.Contains(formula.Overs, h.How)
	}
	for _, known := range model.Headlines {
		if known.Line == line {
			return known, true
		}
	}
	h.How = book.UsualOver(i)
	return h, true
}
