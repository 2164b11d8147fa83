package workbook_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// entry is one thing typed into one cell of the inputs.
type entry struct {
	line  int
	ref   string // its cell
	typed string // empty: the cell is emptied
	text  bool
	input formula.Input // what the line then is
	wrong bool          // the cell itself refuses it: out of bounds, no number, no option
	kind  string        // why it does
}

func (e entry) in(run *reports.Run) string {
	return fmt.Sprintf("%s (%s) = %q", run.Book.Lines[e.line].Address(), e.ref, e.typed)
}

// TestEveryEntry types into every cell that a person may change every option, the bounds, what lies just outside them, nothing and a word, and has LibreOffice
// recalculate: the sheet's figures are those of a plan with that input, built anew, or, where no such plan is allowed, its light is red. What a cell itself
// refuses, and what the rules refuse of an input, is tried once of every rule, in the first plan that has it; what they take, of every input of every plan.
// In the whole set the plans are everything.yaml, both samples and all schemes, otherwise two schemes. ZHENCAI_AUDIT names others.
func TestEveryEntry(t *testing.T) {
	t.Parallel()
	dirs := []string{"../../scenarios/schemes/level-split", "../../scenarios/schemes/moved-in-firm"}
	if testplan.Whole() {
		schemes, err := filepath.Glob("../../scenarios/schemes/*")
		if err != nil || len(schemes) < 25 {
			t.Fatalf("no schemes: %v", err)
		}
		dirs = append([]string{everything, guangtong, workedCase}, schemes...)
	}
	if only := os.Getenv("ZHENCAI_AUDIT"); only != "" {
		dirs = strings.Fields(only)
	}
	auditAll(t, dirs)
}

// lagged has a formula of its own in which an input, the lag, says which year is summed: at a lag of 3 that year is before the history.
const lagged = `
years: 2022-2024
history: 2020-2021
revenue: {tax: {history: [1010, 1020], growth: 5%}}
transfers:
  own:
    kind: formula
    lag: 1
    lines: {before: {formula: "sum_years(counted, year - lag, year - lag)"}}
    formula: max(counted - before, 0)
cash: {opening: 100}
`

// TestEveryEntryOfOwnFormula is TestEveryEntry for it.
func TestEveryEntryOfOwnFormula(t *testing.T) {
	t.Parallel()
	auditAll(t, []string{testplan.Write(t, lagged)})
}

// auditAll tries the entries of plans.
func auditAll(t *testing.T, dirs []string) {
	t.Helper()
	audits, tried := make([]*audit, len(dirs)), map[string]bool{}
	for i, dir := range dirs {
		audits[i] = newAudit(t, dir)
		audits[i].entries = slices.DeleteFunc(audits[i].entries, func(e entry) bool {
			return e.wrong && !first(tried, audits[i].of.Book.Lines[e.line].Rule+" "+e.kind)
		})
	}
	sideBySide(t, audits, 1, func(_ *testing.T, some []*audit) { some[0].together() })
	var cases []*sheetCase
	for i, a := range audits {
		before := len(cases)
		for _, entries := range append(a.wrong(), a.accepted...) {
			cases = append(cases, &sheetCase{audit: a, entries: entries, why: "no such input"})
		}
		for _, c := range a.refused {
			code, _, _ := strings.Cut(c.why, ":")
			if first(tried, a.of.Book.Lines[c.entries[0].line].Rule+" "+code) {
				cases = append(cases, c)
			}
		}
		t.Logf("%s: %d entries, %d of them refused by the rules, in %d books", filepath.Base(dirs[i]), len(a.entries), len(a.refused), len(cases)-before)
	}
	sideBySide(t, cases, 16, func(t *testing.T, some []*sheetCase) {
		var files []string
		for _, c := range some {
			files = append(files, c.write(t))
		}
		books := recalculate(t, files...)
		for i, c := range some {
			if !c.entries[0].wrong {
				c = c.audit.engine(c.entries)
			}
			c.audit.judge(t, c, books[files[i]])
		}
	})
}

// first says whether something was not tried before.
func first(tried map[string]bool, what string) bool {
	was := tried[what]
	tried[what] = true
	return !was
}

// TestTolerance: the checks' tolerance is itself checked, and at its most it hides nothing that the engine refuses.
func TestTolerance(t *testing.T) {
	t.Parallel()
	a := newAudit(t, "../../scenarios/schemes/level-split")
	sheet := a.parts.sheet(t, "假设")
	tolerance := "H" + strconv.Itoa(sheet.rowOf(t, "check_tolerance"))
	town := slices.IndexFunc(a.entries, func(e entry) bool { return a.of.Book.Lines[e.line].Address() == "revenue.vat.levels.town" })
	cases := []struct {
		entries []entry
		red     bool
	}{
		{[]entry{{ref: tolerance, typed: "0.01"}}, false},
		{[]entry{{ref: tolerance}}, true}, {[]entry{{ref: tolerance, typed: "一分", text: true}}, true}, {[]entry{{ref: tolerance, typed: "0"}}, true}, {[]entry{{ref: tolerance, typed: "5"}}, true},
		{[]entry{{ref: tolerance, typed: "0.01"}, {ref: a.entries[town].ref, typed: "0.100001"}}, true},
	}
	var files []string
	for i, c := range cases {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.xlsx", i))
		data := a.parts.with(t, sheet.part, func(s string) string {
			for _, e := range c.entries {
				s = typeInto(t, s, e)
			}
			return s
		})
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	books := recalculate(t, files...)
	for i, c := range cases {
		if light := books[files[i]]["检查"][4][3]; (light != "0") != c.red {
			t.Errorf("%+v: the light is %q, red should be %t", c.entries, light, c.red)
		}
	}
}

// audit is one plan's workbook with one scenario, and what is typed into copies of it.
type audit struct {
	of       *reports.Run
	parts    *parts
	entries  []entry
	accepted [][]entry    // entries that one copy takes together
	refused  []*sheetCase // entries that the rules refuse
}

func newAudit(t *testing.T, dir string) *audit {
	run := loadRun(t, dir)
	run.Results = []*model.Result{compute(t, run.Book, 0)}
	a := &audit{of: run, parts: unzip(t, bytesOf(t, run))}
	for line, l := range run.Book.Lines {
		if l.Input != formula.NotInput && !l.Constant {
			a.try(t, line)
		}
	}
	return a
}

// try lists what is typed into an input; where it stands by year, into its first year's cell.
func (a *audit) try(t *testing.T, line int) {
	run, cal := a.of, a.of.Book.Plan.Calendar
	l, given := run.Book.Lines[line], run.Book.Inputs(0)[line]
	ledger := a.parts.sheet(t, run.ScenarioLabel(run.Results[0].Scenario))
	call := ledger.cell(letters(4+run.Book.Program.Lines[line].First()) + strconv.Itoa(ledger.rowOf(t, l.Address())))
	at := inputCell.FindStringSubmatch(*call.F)
	ref := "H" + at[1]
	add := func(e entry) {
		e.line, e.ref = line, ref
		if at[2] != "" {
			e.kind += " by year"
		}
		if slices.ContainsFunc(a.entries, func(o entry) bool { return o.line == line && o.typed == e.typed }) {
			return
		}
		a.entries = append(a.entries, e)
	}
	add(entry{wrong: true, kind: "empty"})
	add(entry{wrong: true, kind: "word", text: true, typed: "约三成"})
	if l.Unit == formula.Choice {
		for _, o := range l.Options {
			if o != given.Option {
				add(entry{typed: run.Option(line, o), text: true, input: formula.Input{Option: o}})
			}
		}
		return
	}
	col := cal.Zero() + 1
	if l.Input == formula.History {
		col = 0
	}
	number := func(d decimal.Decimal, wrong string) {
		in := formula.Input{Same: d}
		if at[2] != "" {
			in = formula.Input{ByYear: make([]decimal.Decimal, cal.Columns())}
			for c := range in.ByYear {
				in.ByYear[c] = given.At(c)
			}
			in.ByYear[col] = d
		}
		if !d.Equal(given.At(col)) {
			add(entry{typed: d.String(), input: in, wrong: wrong != "", kind: wrong})
		}
	}
	step := decimal.New(1, -6)
	var field model.Field
	if l.Param != nil {
		field = *l.Param.Field
	}
	if field.Whole {
		step = decimal.NewFromInt(1)
		number(given.At(col).Add(decimal.New(5, -1)), "not whole")
	}
	if field.Min != "" {
		number(limit(field.Min), "")
		number(limit(field.Min).Sub(step), "below")
	}
	if field.Max != "" {
		number(limit(field.Max), "")
		number(limit(field.Max).Add(step), "above")
	}
	zero, most := "", ""
	if field.Min != "" && limit(field.Min).IsPositive() {
		zero = "below"
	}
	number(decimal.Zero, zero)
	d := changed(l, given.At(col))
	number(d, "")
	if l.Unit == formula.Money && field.Min == "" {
		number(d.Neg(), "")
	}
	if l.Unit == formula.Year {
		for _, year := range []int{cal.First - 1, cal.First, cal.Actual, cal.Actual + 1, cal.Last} {
			number(decimal.NewFromInt(int64(year)), "")
		}
	}
	if l.Unit == formula.Years {
		for _, n := range []int{cal.Zero() + 1, cal.Zero() + 2} {
			if field.Max != "" && limit(field.Max).LessThan(decimal.NewFromInt(int64(n))) {
				most = "above"
			}
			number(decimal.NewFromInt(int64(n)), most)
		}
	}
}

func limit(s string) decimal.Decimal {
	d := decimal.RequireFromString(strings.ReplaceAll(strings.TrimSuffix(s, "%"), ",", ""))
	if strings.HasSuffix(s, "%") {
		d = d.Shift(-2)
	}
	return d
}

// sheetCase is entries in one copy of the workbook, and what the engine says of a plan with them.
type sheetCase struct {
	audit   *audit
	entries []entry
	book    *model.Book // nil: refused
	values  *formula.Values
	why     string
}

// write puts the copy into a file.
func (c *sheetCase) write(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "typed.xlsx")
	data := c.audit.parts.with(t, c.audit.parts.sheet(t, "假设").part, func(s string) string {
		for _, e := range c.entries {
			s = typeInto(t, s, e)
		}
		return s
	})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// together puts the entries that the engine takes alone into as few copies as they allow: one entry to a line, and all of a copy together a plan that it takes.
func (a *audit) together() {
	var rest []entry
	for _, e := range a.entries {
		if e.wrong {
			continue
		}
		if alone := a.engine(append([]entry{e}, a.goesWith(e)...)); alone.book == nil {
			a.refused = append(a.refused, alone)
		} else {
			rest = append(rest, e)
		}
	}
	for len(rest) > 0 {
		var group, later []entry
		var chosen [][]entry // each with what goes with it
		lines := map[int]string{}
		for _, e := range rest {
			es := append([]entry{e}, a.goesWith(e)...)
			if slices.ContainsFunc(es, func(e entry) bool { typed, there := lines[e.line]; return there && typed != e.typed }) {
				later = append(later, e)
				continue
			}
			for _, e := range es {
				lines[e.line] = e.typed
			}
			chosen = append(chosen, es)
		}
		var fill func(some [][]entry)
		fill = func(some [][]entry) {
			all := slices.Concat(append([][]entry{group}, some...)...)
			switch c := a.engine(all); {
			case c.book != nil:
				group = all
			case len(some) > 1:
				fill(some[:len(some)/2])
				fill(some[len(some)/2:])
			default:
				later = append(later, some[0][0])
			}
		}
		fill(chosen)
		a.accepted = append(a.accepted, group)
		rest = later
	}
}

// wrong puts the entries that cells refuse together, one to a cell.
func (a *audit) wrong() (cases [][]entry) {
	seen := map[int]int{}
	for _, e := range a.entries {
		if !e.wrong {
			continue
		}
		n := seen[e.line]
		seen[e.line]++
		if n == len(cases) {
			cases = append(cases, nil)
		}
		cases[n] = append(cases[n], e)
	}
	return cases
}

// goesWith makes an entry count: a number of years of the base needs the rule that reads it.
func (a *audit) goesWith(e entry) (more []entry) {
	address := a.of.Book.Lines[e.line].Address()
	scope, key, found := strings.Cut(address, ".base.")
	if !found || a.of.Book.Lines[e.line].Unit == formula.Choice {
		return nil
	}
	for _, o := range a.entries {
		if a.of.Book.Lines[o.line].Address() == scope+".base.rule" && o.input.Option == key {
			more = append(more, o)
		}
	}
	return more
}

// engine builds the plan anew with the entries, its base alone, and computes it.
func (a *audit) engine(es []entry) *sheetCase {
	c := &sheetCase{audit: a, entries: es}
	plan := *a.of.Book.Plan
	plan.Scenarios, plan.Uncertainty, plan.Sweeps = plan.Scenarios[:1], nil, nil
	plan.Elements = nil
	params := map[*model.Param]*model.Param{}
	for _, e := range a.of.Book.Plan.Elements {
		other := *e
		other.Params = map[string]*model.Param{}
		for key, p := range e.Params {
			q := *p
			q.Values, q.Given = slices.Clone(p.Values[:1]), slices.Clone(p.Given[:1])
			params[p], other.Params[key] = &q, &q
		}
		plan.Elements = append(plan.Elements, &other)
	}
	for _, e := range es {
		l := a.of.Book.Lines[e.line]
		q := params[l.Param]
		if year, drawn := strings.CutPrefix(l.Address(), l.Element.Address()+".drawn."); drawn {
			y, _ := strconv.Atoi(year)
			in := formula.Input{ByYear: make([]decimal.Decimal, plan.Calendar.Columns())}
			for col := range in.ByYear {
				in.ByYear[col] = q.Values[0].At(col)
			}
			in.ByYear[plan.Calendar.Col(y)] = e.input.Same
			q.Values[0] = in
		} else if q != nil {
			q.Values[0] = e.input
			q.Given[0] = q.Given[0] || q.Key != "path" // beside a growth rate the method says whether the path counts
		} else { // which of growth and path counts is said by what is given
			params[l.Element.Params["path"]].Given[0] = e.input.Option == "path"
		}
	}
	book, problems := model.Build(&plan)
	if book == nil {
		c.why = firstError(problems)
		return c
	}
	r, problems := book.Run(0)
	if c.why = firstError(problems); c.why == "" {
		c.book, c.values = book, r.Values
	}
	return c
}

func firstError(problems []model.Problem) string {
	for _, p := range problems {
		if !p.Warning {
			return p.Code + ": " + p.Text.EN
		}
	}
	return ""
}

// typeInto changes a cell of the sheet's XML.
func typeInto(t *testing.T, text string, e entry) string {
	cell := regexp.MustCompile(`<c r="` + e.ref + `"( s="[0-9]+")?[^>]*>.*?</c>`)
	if !cell.MatchString(text) {
		t.Fatalf("no cell %s", e.ref)
	}
	return cell.ReplaceAllStringFunc(text, func(was string) string {
		style := cell.FindStringSubmatch(was)[1]
		switch {
		case e.typed == "":
			return `<c r="` + e.ref + `"` + style + `/>`
		case e.text:
			return `<c r="` + e.ref + `"` + style + ` t="inlineStr"><is><t>` + html.EscapeString(e.typed) + `</t></is></c>`
		}
		return `<c r="` + e.ref + `"` + style + `><v>` + e.typed + `</v></c>`
	})
}

// judge holds a recalculated copy against the engine.
func (a *audit) judge(t *testing.T, c *sheetCase, sheets map[string][][]string) {
	cell := func(sheet, ref string) string {
		col, row := place(ref)
		if rows := sheets[sheet]; row <= len(rows) && col <= len(rows[row-1]) {
			return rows[row-1][col-1]
		}
		return ""
	}
	var what []string
	for _, e := range c.entries {
		what = append(what, e.in(a.of))
		if e.wrong {
			count := cell("假设", "I"+e.ref[1:])
			if n, err := decimal.NewFromString(count); err != nil || !n.IsPositive() {
				t.Errorf("%s: the cell beside it says %q", e.in(a.of), count)
			}
		}
	}
	light, err := decimal.NewFromString(cell("检查", "D5"))
	if err != nil {
		t.Errorf("%s: the light is %q", strings.Join(what, "; "), cell("检查", "D5"))
		return
	}
	if c.book == nil {
		if !light.IsPositive() {
			t.Errorf("%s: refused (%s), but the light is green", strings.Join(what, "; "), c.why)
		}
		return
	}
	if light.IsPositive() {
		t.Errorf("%s: %s checks fail, but the engine computes it", strings.Join(what, "; "), light)
	}
	a.figures(t, c, sheets, strings.Join(what, "; "))
}

// partSum is a part of a long sum: where the plan built anew has other members, its parts are cut elsewhere. The sum itself is compared.
var partSum = regexp.MustCompile(`_part\d+$`)

// figures compares every line that the sheet and the plan built anew both have.
func (a *audit) figures(t *testing.T, c *sheetCase, sheets map[string][][]string, what string) {
	cal := c.book.Plan.Calendar
	wrong, compared := 0, 0
	for _, row := range sheets[a.of.ScenarioLabel(a.of.Results[0].Scenario)] {
		if len(row) == 0 {
			continue
		}
		line := c.book.Line(row[0]) // not what the plan built anew holds constant: what stands for it is compared
		if line < 0 || c.book.Lines[line].Unit == formula.Choice || partSum.MatchString(row[0]) {
			continue
		}
		for col := range cal.Columns() {
			want, blank, there := c.values.At(line, col)
			got := ""
			if 3+col < len(row) {
				got = row[3+col]
			}
			if !there || blank && got == "" {
				continue
			}
			compared++
			d, err := decimal.NewFromString(got)
			if off := d.Sub(want).Abs(); err != nil || off.GreaterThan(decimal.New(5, -7).Add(want.Abs().Shift(-12))) {
				if wrong++; wrong <= 3 {
					t.Errorf("%s: %s in %d is %q on the sheet, the engine says %s", what, row[0], cal.First+col, got, want)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("%s: only %d figures were compared", what, compared)
	}
}
