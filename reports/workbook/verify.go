package workbook

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Verification is what became of a workbook of ours since it was written.
type Verification struct {
	Run      *reports.Run // with the inputs that stand in the file
	Version  string       // of the program that wrote the file
	Inputs   []Altered    // entered by a person: allowed
	Invalid  []Altered    // entered, but no input can be that
	Formulas []Altered    // what nobody should have touched: formulas, labels, whole sheets
	Stale    []Altered    // formulas whose stored value does not follow from the inputs in the file
	Added    []Altered    // in cells that we left empty
	Compared int          // cells
	Touched  bool         // the file is not byte for byte as we wrote it

	Uncompared []formula.Text // what is in the file besides; nothing if it is untouched
}

// Altered is one cell that is not as expected.
type Altered struct{ Cell, What, Expected, Found string }

// Passed: nothing was altered that must not be, and every value is the engine's on the inputs in the file.
func (v *Verification) Passed() bool {
	return len(v.Invalid)+len(v.Formulas)+len(v.Stale) == 0
}

// openedBook is a workbook of ours read again.
type openedBook struct {
	book    *readBook
	sheets  map[string]*readSheet
	was     *restored
	first   *workbook         // written again from what the file carries
	given   [][]formula.Input // by scenario: what stood in the input cells
	entered [][]formula.Input // what stands there now
	now     *reports.Run      // with those inputs; nil if they cannot be computed with
	added   []addedCell       // in cells that should be empty
	v       *Verification
}

// openBook reads a workbook of ours and computes it with the inputs that stand in it.
func openBook(data []byte) (*openedBook, error) {
	b, err := read(data, usual)
	if err != nil {
		return nil, err
	}
	o := &openedBook{book: b, sheets: map[string]*readSheet{}, v: &Verification{Touched: !b.untouched}}
	for _, s := range b.sheets {
		o.sheets[s.name] = s
	}
	if o.was, err = restore(b); err != nil {
		return nil, err
	}
	o.first = newWorkbook(o.was.run)
	defer o.first.file.Close()
	if _, err = o.first.grids(); err != nil {
		return nil, err
	}
	if err := o.readInputs(); err != nil {
		return nil, err
	}
	o.v.Run, o.v.Version = o.was.run, o.was.version
	now := *o.was.run
	now.Results = nil
	for i, r := range o.was.run.Results {
		values, errs := now.Book.Program.Evaluate(o.entered[o.was.run.Scenario(i)])
		if len(errs) > 0 {
			o.v.Invalid = append(o.v.Invalid, Altered{errs[0].Line, now.ScenarioLabel(r.Scenario), now.T("算得出的输入", "inputs that can be computed with"), errs[0].In(now.Lang)})
			return o, nil
		}
		now.Results = append(now.Results, &model.Result{Scenario: r.Scenario, Values: values})
	}
	o.now, o.v.Run = &now, &now
	return o, nil
}

// readInputs takes what stands in the input cells and lists what is different from what was written.
func (o *openedBook) readInputs() error {
	w, run := o.first, o.was.run
	sheet := o.sheets[w.inputs]
	if sheet == nil {
		return cannotRead("没有“%s”表", "there is no sheet “%s”", w.inputs)
	}
	for s := range run.Book.Plan.Scenarios {
		o.given, o.entered = append(o.given, run.Book.Inputs(s)), append(o.entered, run.Book.Inputs(s))
	}
	for i, s := range w.shown {
		for line, l := range run.Book.Lines {
			if where, there := w.places[line]; there && l.Input != formula.NotInput && !l.Constant {
				o.entered[s][line] = o.readInput(sheet, line, i, where)
			}
		}
	}
	at, what := [2]int{baseColumn, w.tolerance.row}, run.T("检查容差", "tolerance of the checks")
	c := sheet.cell(at[0], at[1])
	switch d, ok := o.number(sheet, at, tolerance); {
	case !ok:
		o.v.Invalid = append(o.v.Invalid, Altered{cellName(sheet.name, at), what, run.T("数", "a number"), c.shown()})
	case !d.Equal(tolerance):
		w.tolerated = d
		o.v.Inputs = append(o.v.Inputs, Altered{cellName(sheet.name, at), what, tolerance.String(), d.String()})
	}
	return nil
}

// readInput reads the cells of one input in one column of scenarios; column 0 is the base, which others follow where their cells say so.
func (o *openedBook) readInput(sheet *readSheet, line, column int, where place) formula.Input {
	run, cal := o.was.run, o.was.run.Book.Plan.Calendar
	l := run.Book.Lines[line]
	scenario := o.first.shown[column]
	was, base := o.given[scenario][line], o.given[0][line]
	first := cal.Zero() + 1
	if l.Input == formula.History {
		first = 0
	}
	byYear := make([]decimal.Decimal, cal.Columns())
	for col := range byYear {
		byYear[col] = was.At(col)
	}
	for i := range where.rows {
		at, col := [2]int{baseColumn + column, where.row + i}, first+i
		c := sheet.cell(at[0], at[1])
		follows := canonical(c.formula) == canonical("$"+letters(baseColumn)+strconv.Itoa(at[1])) && column > 0
		followed := column > 0 && was.Option == base.Option && (l.Unit == formula.Choice || was.At(col).Equal(base.At(col)))
		if follows {
			if !followed {
				o.input(sheet, at, line, scenario, col, was, run.T("同基准", "as the base"))
			}
			in := o.entered[0][line]
			if l.Unit == formula.Choice {
				return in
			}
			byYear[col] = in.At(col)
			if where.rows == 1 {
				return formula.Input{Same: byYear[col]}
			}
			continue
		}
		if l.Unit == formula.Choice {
			return o.readChoice(sheet, at, line, scenario, was, followed)
		}
		d, ok := o.number(sheet, at, was.At(col))
		if !ok {
			o.v.Invalid = append(o.v.Invalid, Altered{cellName(sheet.name, at), o.inputName(line, scenario, col), run.T("数", "a number"), c.shown()})
			continue
		}
		if !d.Equal(was.At(col)) || followed {
			o.input(sheet, at, line, scenario, col, was, d.String())
			o.bounds(sheet, at, line, scenario, col, d)
		}
		byYear[col] = d
		if where.rows == 1 {
			if d.Equal(was.At(first)) {
				return was
			}
			return formula.Input{Same: d}
		}
	}
	return formula.Input{ByYear: byYear}
}

// readChoice reads an option by its label.
func (o *openedBook) readChoice(sheet *readSheet, at [2]int, line, scenario int, was formula.Input, followed bool) formula.Input {
	run, c := o.was.run, sheet.cell(at[0], at[1])
	found := c.shown()
	for _, option := range run.Book.Lines[line].Options {
		if printable(run.Option(line, option)) != found || c.formula != "" {
			continue
		}
		if option != was.Option || followed {
			o.input(sheet, at, line, scenario, -1, was, found)
		}
		return formula.Input{Option: option}
	}
	o.v.Invalid = append(o.v.Invalid, Altered{cellName(sheet.name, at), o.inputName(line, scenario, -1), run.T("列表中的一项", "one of the list"), found})
	return was
}

// number reads a number; one that is what was written, up to the 15 digits a sheet keeps, is taken as exact. An empty cell is none, and so is a formula: of
// what it gives the file may say anything.
func (o *openedBook) number(sheet *readSheet, at [2]int, was decimal.Decimal) (decimal.Decimal, bool) {
	c := sheet.cell(at[0], at[1])
	d, err := formula.Entered(c.value)
	if err != nil || c.text || c.formula != "" {
		return was, false
	}
	if d.Sub(was).Abs().LessThanOrEqual(was.Abs().Shift(-14)) {
		return was, true
	}
	return d, true
}

// inputName says which input it is: the label, the scenario, the year.
func (o *openedBook) inputName(line, scenario, col int) string {
	run := o.was.run
	name := run.FullLabel(line) + " · " + run.ScenarioLabel(run.Book.Plan.Scenarios[scenario])
	if scenario == 0 {
		name = run.FullLabel(line) + " · " + baseLabel(run)
	}
	if col >= 0 && o.first.places[line].rows > 1 {
		name += " · " + strconv.Itoa(run.Book.Plan.Calendar.First+col)
	}
	return name
}

// input lists a changed input.
func (o *openedBook) input(sheet *readSheet, at [2]int, line, scenario, col int, was formula.Input, found string) {
	before := o.was.run.Option(line, was.Option)
	if o.was.run.Book.Lines[line].Unit != formula.Choice {
		before = was.At(col).String()
	}
	o.v.Inputs = append(o.v.Inputs, Altered{cellName(sheet.name, at), o.inputName(line, scenario, col), before, found})
}

// bounds lists an entry that the sheet would not have accepted from the keyboard.
func (o *openedBook) bounds(sheet *readSheet, at [2]int, line, scenario, col int, d decimal.Decimal) {
	p := o.was.run.Book.Lines[line].Param
	if p == nil || p.Field == nil {
		return
	}
	f := p.Field
	if f.Min != "" && d.LessThan(bound(f.Min)) || f.Max != "" && d.GreaterThan(bound(f.Max)) || f.Whole && !d.IsInteger() {
		o.v.Invalid = append(o.v.Invalid, Altered{cellName(sheet.name, at), o.inputName(line, scenario, col), o.was.run.T("范围内的数 ", "a number within ") + f.Min + "…" + f.Max, d.String()})
	}
}

// Verify reads a workbook of ours again, without a spreadsheet program or the plan. It writes the book anew from the plan's structure in the file, the
// inputs that stand in its cells and the rules of this program, and compares: every formula, every label, every stored value.
func Verify(data []byte) (*Verification, error) {
	o, err := openBook(data)
	if err != nil {
		return nil, err
	}
	if o.now == nil {
		return o.v, nil
	}
	w := newWorkbook(o.now)
	defer w.file.Close()
	w.written, w.entered, w.tolerated = o.was.run.Results, o.entered, o.first.tolerated
	grids, err := w.grids()
	if err != nil {
		return nil, err
	}
	written := map[string]bool{}
	for _, g := range grids {
		if sheet := o.sheets[g.name]; sheet == nil {
			o.alarm(g.name, o.now.T("工作表", "sheet"), g.name, o.now.T("没有了", "gone"))
		} else if w.rewritable(g) || g.name == w.structure {
			o.compare(w, g, sheet)
		}
		written[g.name] = true
	}
	o.count(grids)
	o.digests(w, written)
	if unknown := o.values(); o.v.Touched {
		o.v.Uncompared = append(o.book.uncompared(), unknown...)
	}
	return o.v, nil
}

func (o *openedBook) alarm(cell, what, expected, found string) {
	o.v.Formulas = append(o.v.Formulas, Altered{cell, what, expected, found})
}

// compare holds one sheet of the file against the sheet as we would write it.
func (o *openedBook) compare(w *workbook, g *grid, sheet *readSheet) {
	expected, found := g.cells(), sheet.cells()
	last := g.last()
	if g.printed > 0 { // of the structure only what people read; the rest is what all this was made from
		last = g.printed
	}
	entry := func(at [2]int) bool {
		if g.name != w.inputs || at[0] < baseColumn || at[0] >= baseColumn+len(w.shown) {
			return false
		}
		if at[1] == w.tolerance.row {
			return at[0] == baseColumn
		}
		_, isInput := w.inputRows()[at[1]]
		return isInput
	}
	places := maps.Clone(found)
	maps.Copy(places, expected)
	for _, at := range slices.SortedFunc(maps.Keys(places), func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) }) {
		if at[1] > last && g.printed > 0 {
			continue
		}
		want, is := expected[at], found[at]
		name := cellName(sheet.name, at)
		o.v.Compared++
		switch {
		case entry(at):
			if want.formula != "" && canonical(is.formula) == want.formula {
				o.value(w, g, at, want, is)
			}
		case want == (readCell{}):
			o.added = append(o.added, addedCell{g, at, is.shown()})
		case canonical(is.formula) != want.formula:
			o.alarm(name, w.rowName(g, at), want.shown(), is.shown())
		case want.formula != "":
			o.value(w, g, at, want, is)
		case !sameValue(want, is):
			o.alarm(name, w.rowName(g, at), want.shown(), is.shown())
		}
	}
}

// value compares the value of a formula.
func (o *openedBook) value(w *workbook, g *grid, at [2]int, want, is readCell) {
	if !sameValue(want, is) {
		o.v.Stale = append(o.v.Stale, Altered{cellName(g.name, at), w.rowName(g, at), want.value, is.value})
	}
}

// sameValue: equal as texts, or as numbers up to half a fen and what a double can tell apart.
func sameValue(want, is readCell) bool {
	if want.text || is.text {
		return printable(want.value) == is.value
	}
	if strings.ContainsAny(is.value, "xX_iInN") { // 0x1p3, 1_0, Inf: numbers here, but to no spreadsheet program
		return false
	}
	a, err1 := strconv.ParseFloat(want.value, 64)
	b, err2 := strconv.ParseFloat(is.value, 64)
	return err1 == nil && err2 == nil && max(a-b, b-a) <= 5e-7+1e-12*max(a, -a)
}

func (c readCell) shown() string {
	if c.formula != "" {
		return "=" + c.formula
	}
	return c.value
}

// rowName says what a cell's row is about: the label beside it.
func (w *workbook) rowName(g *grid, at [2]int) string {
	cells := g.rows[min(at[1], len(g.rows))-1].cells
	for _, col := range []int{labelColumn, idColumn} {
		if col <= len(cells) {
			if s, ok := cells[col-1].value.(string); ok && s != "" {
				return s
			}
		}
	}
	return ""
}

// inputRows are the rows of the input sheet that hold an input.
func (w *workbook) inputRows() map[int]bool {
	if w.rowsOfInputs == nil {
		w.rowsOfInputs = map[int]bool{}
		for line, p := range w.places {
			if w.run.Book.Lines[line].Constant {
				continue
			}
			for i := range p.rows {
				w.rowsOfInputs[p.row+i] = true
			}
		}
	}
	return w.rowsOfInputs
}

// digests compares the sheets that cannot be written again from the inputs alone with what the book says of itself, and lists sheets that somebody added.
func (o *openedBook) digests(w *workbook, written map[string]bool) {
	known := map[string]bool{w.structure: true}
	for _, d := range o.was.digests {
		known[d.Name] = true
		sheet := o.sheets[d.Name]
		switch {
		case sheet == nil && !written[d.Name]:
			o.alarm(d.Name, o.now.T("工作表", "sheet"), d.Name, o.now.T("没有了", "gone"))
		case sheet != nil && d.Digest != "" && sheet.digest() != d.Digest:
			o.alarm(d.Name, o.now.T("工作表", "sheet"), o.now.T("写出时的内容", "as written"), o.now.T("内容改过", "altered"))
		}
	}
	for _, name := range slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(o.sheets)), o.book.others...))) {
		if !known[name] {
			o.v.Added = append(o.v.Added, Altered{name, o.now.T("工作表", "sheet"), "", name})
		}
	}
}

func (s *readSheet) digest() string {
	cells := map[[2]int]readCell{}
	for at, c := range s.cells() {
		c.formula = canonical(c.formula)
		if c.formula != "" || c.value != "" {
			cells[at] = c
		}
	}
	return digest(cells)
}

// listed is how many findings of one sort are printed.
const listed = 40

// Text is the report of a verification.
func (v *Verification) Text(l formula.Lang) string {
	t := func(zh, en string) string { return formula.Text{ZH: zh, EN: en}.In(l) }
	var out strings.Builder
	plan := v.Run.Book.Plan
	title := formula.Text{ZH: cmp.Or(plan.Title, plan.Town), EN: cmp.Or(plan.TitleEN, plan.Title, plan.Town)}.In(l)
	fmt.Fprintln(&out, formula.Textf("%s　版本 %s　由 zhencai %s 写出", "%s, version %s, written by zhencai %s", formula.Visible(title), formula.Visible(plan.Version), formula.Visible(v.Version)).In(l))
	fmt.Fprintln(&out, formula.Textf("输入指纹 %s", "hash of the inputs %s", formula.Visible(plan.Hash)).In(l))
	fmt.Fprintln(&out, formula.Textf("规则指纹 %s", "hash of the rules %s", rulesHash(v.Run)).In(l))
	if v.Version != Version {
		fmt.Fprintln(&out, formula.Textf("注意：本程序是 %s 版，规则若有不同，会当作改动列出", "note: this program is version %s; where its rules differ they are listed as alterations", Version).In(l))
	}
	list := func(head string, found []Altered, line func(Altered) string) {
		if len(found) == 0 {
			return
		}
		fmt.Fprintf(&out, head+"\n", len(found))
		for _, a := range found[:min(len(found), listed)] {
			fmt.Fprintln(&out, "  "+formula.Visible(line(a)))
		}
		if more := len(found) - listed; more > 0 {
			fmt.Fprintf(&out, t("  另有 %d 处\n", "  and %d more\n"), more)
		}
	}
	became := func(a Altered) string { return fmt.Sprintf("%s  %s: %s → %s", a.Cell, a.What, a.Expected, a.Found) }
	should := func(a Altered) string {
		return formula.Textf("%s  %s：应为 %s，现为 %s", "%s  %s: should be %s, is %s", a.Cell, a.What, a.Expected, a.Found).In(l)
	}
	list(t("改过的输入（允许），%d 处：", "inputs changed (allowed), %d:"), v.Inputs, became)
	list(t("不能用的输入，%d 处：", "inputs that cannot be, %d:"), v.Invalid, should)
	list(t("警报：公式、标签或工作表被改，%d 处：", "ALARM: formulas, labels or sheets altered, %d:"), v.Formulas, should)
	list(t("存的值与引擎不符（改后没有重算，或被手改），%d 处：", "stored values that are not the engine's (not recalculated, or typed over), %d:"), v.Stale, should)
	list(t("添在空格里的内容（没有公式读它），%d 处：", "added in empty cells (no formula reads them), %d:"), v.Added, func(a Altered) string { return a.Cell + "  " + a.Found })
	if len(v.Uncompared) > 0 {
		var names []string
		for _, name := range v.Uncompared[:min(len(v.Uncompared), listed)] {
			names = append(names, formula.Visible(name.In(l)))
		}
		if more := len(v.Uncompared) - listed; more > 0 {
			names = append(names, formula.Textf("另有 %d 项", "%d more", more).In(l))
		}
		fmt.Fprintln(&out, t("没有核对的：", "not compared: ")+strings.Join(names, t("；", "; "))+t("。", "."))
	}
	switch {
	case !v.Passed():
		fmt.Fprintln(&out, t("不通过。", "Not passed."))
	case len(v.Inputs) > 0:
		fmt.Fprintln(&out, formula.Textf("通过：%d 格核对无误；除上列输入外没有改动，每个值都等于引擎用这些输入算得的数。", "Passed: %d cells compared; nothing is altered but the inputs above, and every value is what the engine computes from them.", v.Compared).In(l))
	case v.Touched:
		fmt.Fprintln(&out, formula.Textf("通过：%d 格核对无误；文件保存过，内容没有改动。", "Passed: %d cells compared; the file was saved again, its contents are unaltered.", v.Compared).In(l))
	default:
		fmt.Fprintln(&out, formula.Textf("通过：%d 格核对无误；文件与写出时逐字节相同。", "Passed: %d cells compared; the file is byte for byte as written.", v.Compared).In(l))
	}
	return out.String()
}
