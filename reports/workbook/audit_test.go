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
}

func (e entry) in(run *reports.Run) string {
	return fmt.Sprintf("%s (%s) = %q", run.Book.Lines[e.line].Address(), e.ref, e.typed)
}

// TestEveryEntry types into every cell that a person may change every option, the bounds, what lies just outside them, nothing and a word, and has LibreOffice
// recalculate: the sheet's figures are those of a plan with that input, built anew, or, where no such plan is allowed, its light is red.
// Of both samples, everything.yaml and all schemes where ZHENCAI_WHOLE=1 asks for it, as .ci/run does; otherwise of two schemes. ZHENCAI_AUDIT names others.
func TestEveryEntry(t *testing.T) {
	dirs := []string{"../../scenarios/schemes/level-split", "../../scenarios/schemes/moved-in-firm"}
	if os.Getenv("ZHENCAI_WHOLE") == "1" {
		schemes, err := filepath.Glob("../../scenarios/schemes/*")
		if err != nil || len(schemes) < 25 {
			t.Fatalf("no schemes: %v", err)
		}
		dirs = append([]string{workedCase, guangtong, everything}, schemes...)
	}
	if only := os.Getenv("ZHENCAI_AUDIT"); only != "" {
		dirs = strings.Fields(only)
	}
	tried := map[string]int{}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { newAudit(t, dir, tried).run(t) })
	}
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
	plan := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(plan, []byte(lagged), 0o600); err != nil {
		t.Fatal(err)
	}
	newAudit(t, plan, map[string]int{}).run(t)
}

// TestTolerance: the checks' tolerance is itself checked, and at its most it hides nothing that the engine refuses.
func TestTolerance(t *testing.T) {
	a := newAudit(t, "../../scenarios/schemes/level-split", map[string]int{})
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
	of      *reports.Run
	parts   *parts
	entries []entry
	tried   map[string]int // what was refused so far, by rule and code: of all plans
}

func newAudit(t *testing.T, dir string, tried map[string]int) *audit {
	run := loadRun(t, dir)
	run.Results = []*model.Result{compute(t, run.Book, 0)}
	a := &audit{of: run, parts: unzip(t, bytesOf(t, run)), tried: tried}
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
		if slices.ContainsFunc(a.entries, func(o entry) bool { return o.line == line && o.typed == e.typed }) {
			return
		}
		a.entries = append(a.entries, e)
	}
	add(entry{wrong: true})
	add(entry{wrong: true, text: true, typed: "约三成"})
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
	number := func(d decimal.Decimal, wrong bool) {
		in := formula.Input{Same: d}
		if at[2] != "" {
			in = formula.Input{ByYear: make([]decimal.Decimal, cal.Columns())}
			for c := range in.ByYear {
				in.ByYear[c] = given.At(c)
			}
			in.ByYear[col] = d
		}
		if !d.Equal(given.At(col)) {
			add(entry{typed: d.String(), input: in, wrong: wrong})
		}
	}
	step := decimal.New(1, -6)
	var field model.Field
	if l.Param != nil {
		field = *l.Param.Field
	}
	if field.Whole {
		step = decimal.NewFromInt(1)
		number(given.At(col).Add(decimal.New(5, -1)), true)
	}
	if field.Min != "" {
		number(limit(field.Min), false)
		number(limit(field.Min).Sub(step), true)
	}
	if field.Max != "" {
		number(limit(field.Max), false)
		number(limit(field.Max).Add(step), true)
	}
	number(decimal.Zero, field.Min != "" && limit(field.Min).IsPositive())
	d := changed(l, given.At(col))
	number(d, false)
	if l.Unit == formula.Money && field.Min == "" {
		number(d.Neg(), false)
	}
	if l.Unit == formula.Year {
		for _, year := range []int{cal.First - 1, cal.First, cal.Actual, cal.Actual + 1, cal.Last} {
			number(decimal.NewFromInt(int64(year)), false)
		}
	}
	if l.Unit == formula.Years {
		for _, n := range []int{cal.Zero() + 1, cal.Zero() + 2} {
			number(decimal.NewFromInt(int64(n)), field.Max != "" && limit(field.Max).LessThan(decimal.NewFromInt(int64(n))))
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
	entries []entry
	book    *model.Book // nil: refused
	values  *formula.Values
	why     string
}

func (a *audit) run(t *testing.T) {
	var cases []*sheetCase
	refused := 0
	for _, wrong := range a.wrong() {
		cases = append(cases, &sheetCase{entries: wrong, why: "no such input"})
	}
	var accepted []*sheetCase // as few as their entries allow: one to a line, and all of them together a plan that the engine takes
next:
	for _, e := range a.entries {
		if e.wrong {
			continue
		}
		es := append([]entry{e}, a.goesWith(e)...)
		if alone := a.engine(es); alone.book == nil {
			code, _, _ := strings.Cut(alone.why, ":")
			if kind := a.of.Book.Lines[e.line].Rule + " " + code; a.tried[kind] < 2 { // of what one rule refuses in one input, two will do
				a.tried[kind]++
				cases = append(cases, alone)
			}
			refused++
			continue
		}
		for i, c := range accepted {
			if slices.ContainsFunc(c.entries, func(o entry) bool {
				return slices.ContainsFunc(es, func(e entry) bool { return o.line == e.line && o.typed != e.typed })
			}) {
				continue
			}
			if more := a.engine(append(slices.Clone(c.entries), es...)); more.book != nil {
				accepted[i] = more
				continue next
			}
		}
		accepted = append(accepted, a.engine(es))
	}
	cases = append(cases, accepted...)
	var files []string
	dir := t.TempDir()
	sheet := a.parts.sheet(t, "假设")
	for i, c := range cases {
		file := filepath.Join(dir, fmt.Sprintf("%d.xlsx", i))
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
	for batch := range slices.Chunk(files, 8) {
		books := recalculate(t, batch...)
		for _, file := range batch {
			n, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(file), ".xlsx"))
			a.judge(t, cases[n], books[file])
		}
	}
	t.Logf("%d entries, %d of them refused by the rules, in %d books", len(a.entries), refused, len(cases))
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
	c := &sheetCase{entries: es}
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

// figures compares every line that the sheet and the plan built anew both have.
func (a *audit) figures(t *testing.T, c *sheetCase, sheets map[string][][]string, what string) {
	cal := c.book.Plan.Calendar
	wrong, compared := 0, 0
	for _, row := range sheets[a.of.ScenarioLabel(a.of.Results[0].Scenario)] {
		if len(row) == 0 {
			continue
		}
		line := c.book.Program.Index(row[0])
		if line < 0 || c.book.Lines[line].Unit == formula.Choice {
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
