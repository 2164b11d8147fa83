package model

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// An opening: what a line of the book stands at before the first plan year, in place of what its rule would begin with. A plan that was rolled
// forward carries by it the memory of its clauses for which no key of their own exists.
var opening = Kind{
	Label: Text{ZH: "结转数", EN: "Figure carried forward"},
	Fields: []Field{
		{Key: "line", Kind: TextField, Label: Text{ZH: "哪一行", EN: "Line"}, Doc: Text{ZH: "行的地址，如 transfers.share.base_edits", EN: "the line's address, such as transfers.share.base_edits"}},
		{Key: "at", Unit: formula.Number, Series: History, Default: "0", Label: Text{ZH: "各年的数", EN: "Figures by year"}, Doc: Text{ZH: "按这一行的单位；只看末个实绩年的，写那一年", EN: "in the line's unit; where only the last actual year counts, that year"}},
	},
}

// carry lets a line begin with what the plan says of it.
func (b *builder) carry(l *Line) {
	e := b.carriedIn(l.Name)
	if e == nil || l.Opening == "" || l.Opening == e.Address()+".at" {
		return
	}
	scope, rule, of := b.scope, b.rule, b.element
	b.of(e)
	b.given(Line{Line: formula.Line{Name: "at", Unit: l.Unit, Input: formula.History}, Label: Text{ZH: l.Label.ZH + "（结转）", EN: l.Label.In(formula.EN) + ", carried forward"}, Param: e.Params["at"], Detail: true}, e.Params["at"].Values)
	b.in(scope, rule, of)
	l.Opening = e.Address() + ".at"
}

// carriedIn is the opening a plan gives for a line; nil if it gives none.
func (b *builder) carriedIn(line string) *Element {
	if i := slices.IndexFunc(b.plan.Elements, func(e *Element) bool { return e.Section == "openings" && e.Words["line"] == line }); i >= 0 {
		return b.plan.Elements[i]
	}
	return nil
}

// carries: does the plan say what a line of the current scope begins with?
func (b *builder) carries(name string) bool { return b.carriedIn(join(b.scope, name)) != nil }

// openingProblems refuses openings of what is no line, or of a line that begins with nothing; and two of the same.
func (b *builder) openingProblems() {
	seen := map[string]bool{}
	for _, e := range b.plan.In("openings") {
		line, p := e.Words["line"], e.Params["at"]
		if !b.used[p] || seen[line] {
			b.fail("opening_of_nothing", e.Pos, formula.Textf("结转数 %s：没有一行叫 %q 而又从以前年度的数起算，或这一行已写过", "opening %s: there is no line %q that begins with a figure of earlier years, or it has one already", e.ID, line),
				Text{ZH: "核对地址（zhencai lines 列出全部），或删去这一条", EN: "check the address (zhencai lines prints them all), or delete this entry"})
		}
		seen[line] = true
	}
}

// Turned is the book with figures of the first plan year as they turned out: each line named has its figure in that year, and all that follows from it
// follows. It has all lines of the rules. An error names a line that there is not, or that is no figure by year.
func (b *Book) Turned(figures map[string]decimal.Decimal) (*Book, []*formula.Error) {
	w := &builder{plan: b.Plan, groups: b.Groups, lines: slices.Clone(b.declared.lines), values: maps.Clone(b.declared.values)}
	cal := b.Plan.Calendar
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		i := slices.IndexFunc(w.lines, func(l *Line) bool { return l.Name == name })
		if i < 0 || w.lines[i].Formula == "" && w.lines[i].Input != formula.ByYear {
			return nil, []*formula.Error{{Line: name, Text: Text{ZH: "没有这样一行逐年的数", EN: "there is no such line of figures by year"}}}
		}
		if w.lines[i].Input == formula.ByYear {
			values := slices.Clone(w.values[i])
			for s, in := range values {
				years := make([]decimal.Decimal, cal.Columns())
				for col := range years {
					years[col] = in.At(col)
				}
				years[cal.Zero()+1] = figures[name]
				values[s] = formula.Input{Option: in.Option, ByYear: years}
			}
			w.values[i] = values
			continue
		}
		l := *w.lines[i]
		known := turnedScope + name
		l.Formula = "when(year = last_actual_year + 1, " + known + ", " + l.Formula + ")"
		w.lines[i] = &l
		w.given(Line{Line: formula.Line{Name: known, Unit: l.Unit, Input: formula.Scalar}, Label: l.Label, Detail: true}, slices.Repeat([]formula.Input{{Same: figures[name]}}, len(b.Plan.Scenarios)))
	}
	return w.book(w.lines, nil)
}

// turnedScope is where the figures that turned out stand in such a book.
const turnedScope = "turned_out."

// Opens is the parameter that a line of the rules begins with, where its opening is that parameter and nothing else; nil for all others.
func (b *Book) Opens(l *Line) *Param {
	for scope := l.Name; l.Opening != "" && scope != ""; {
		scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
		if i := b.Program.Index(join(scope, l.Opening)); i >= 0 {
			return b.Lines[i].Param
		}
	}
	return nil
}
