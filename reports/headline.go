package reports

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Headlines are those of model.Headlines whose line the book has.
func (r *Run) Headlines() (there []model.Headline) {
	for _, h := range model.Headlines {
		if r.Line(h.Line) >= 0 {
			there = append(there, h)
		}
	}
	return there
}

// Headline is one figure of model.Headlines for one result; there is false where it is blank.
func (r *Run) Headline(result int, h model.Headline) (d decimal.Decimal, there bool) {
	return r.Book.Figure(r.Results[result].Values, r.Book.Program.Index(h.Line), h.How)
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

// headlineText is a headline as people read it: two decimals, per cent, or a colour.
func (r *Run) headlineText(h model.Headline, d decimal.Decimal, there bool) string {
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

// Summary is one row per headline, one column per scenario.
func (r *Run) Summary() Table {
	t := Table{Result: -1, Head: []string{r.T("万元", "10k yuan")}}
	for i := range r.Results {
		t.Head = append(t.Head, brief(r.ScenarioLabel(r.Results[i].Scenario)))
	}
	for _, h := range r.Headlines() {
		line := r.Line(h.Line)
		row := Row{ID: h.Line, Name: r.FullLabel(line), Brief: r.HeadlineLabel(h), Unit: r.Book.Lines[line].Unit, Over: r.OverWords(h.How)}
		for i := range r.Results {
			d, there := r.Headline(i, h)
			row.Cells = append(row.Cells, Cell{Text: r.headlineText(h, d, there), Number: &Number{Value: d, Unit: row.Unit, Blank: !there}, Live: []Term{{Result: i, Line: line, How: h.How}}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// OverWords says how the plan years become one figure: 5年合计, 2026年末.
func (r *Run) OverWords(how formula.Over) string {
	cal := r.Book.Plan.Calendar
	switch how {
	case formula.Total:
		return strconv.Itoa(cal.Last-cal.Actual) + r.T("年合计", "-year total")
	case formula.Smallest:
		return r.T("各年最低", "lowest year")
	case formula.Largest:
		return r.T("各年最高", "highest year")
	case formula.AtEnd:
		return strconv.Itoa(cal.Last) + r.T("年末", " (end)")
	}
	return how.Text().In(r.Lang)
}

// brief keeps a label within a column of a terminal.
func brief(label string) string {
	const most = 24
	if r := []rune(label); len(r) > most {
		return string(r[:most]) + "..."
	}
	return label
}

// Figure reads LINE or LINE:how as a figure; ok is false if there is no such line or way.
func Figure(book *model.Book, s string) (h model.Headline, ok bool) {
	line, how, given := strings.Cut(s, ":")
	i := book.Line(line)
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
