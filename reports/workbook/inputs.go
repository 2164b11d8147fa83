package workbook

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Columns of the input sheet.
const (
	addressColumn = 1 + iota
	inputColumn   // its label
	inputUnit
	inputYear
	sourceColumn
	gradeColumn
	noteColumn
	baseColumn // the first scenario of the plan; the others follow
)

const inputHeader = 4 // its header row

// toleranceName is the defined name of the checks' tolerance, the one input that belongs to the workbook and not to the plan.
const toleranceName = "in_check_tolerance"

// tolerance: what a check may be off by, one fen. Less no sheet can tell apart; the most it may be set to hides no requirement, which is off by 1.
var tolerance, mostTolerance = decimal.New(1, -6), decimal.New(1, -2)

// place is where an input stands on the input sheet: one row for all years, or one per year.
type place struct{ row, rows int }

// inputGroup is the inputs of one element.
type inputGroup struct {
	element *model.Element
	lines   []int
}

// inputGroups sorts the inputs by element, in the order of the schema; what belongs to no element comes last.
func (w *workbook) inputGroups() (groups []*inputGroup) {
	order := map[string]int{}
	for i, s := range model.Schema() {
		order[s.Key] = i - len(model.Schema())
	}
	of := map[*model.Element]*inputGroup{}
	for i, l := range w.run.Book.Lines {
		if l.Input == formula.NotInput {
			continue
		}
		g := of[l.Element]
		if g == nil {
			g = &inputGroup{element: l.Element}
			of[l.Element], groups = g, append(groups, g)
		}
		g.lines = append(g.lines, i)
	}
	rank := func(g *inputGroup) int {
		if g.element == nil {
			return 1
		}
		return order[g.element.Section]
	}
	slices.SortStableFunc(groups, func(a, b *inputGroup) int { return cmp.Compare(rank(a), rank(b)) })
	return groups
}

// inputPage is the input sheet while it is being written.
type inputPage struct {
	*grid
	w           *workbook
	scenarios   []int                   // of the plan, by column from baseColumn
	inputs      map[int][]formula.Input // of those scenarios, by line: as the plan gives them, which decides the layout
	now         map[int][]formula.Input // as they stand in the cells
	validations map[string]*validation  // by what they allow
	asked       []*validation           // in order
	names       map[string]bool         // defined names, in lower case
	reads       map[*model.Param]int    // how many lines show a part of it

	optionColumns int // to the right of the checks, for bounds and options
}

// inputGrid is the sheet of all inputs: the base in one column, every other scenario beside it, equal cells pointing at the base.
func (w *workbook) inputGrid() *grid {
	run, t := w.run, w.run.T
	g := &grid{name: w.inputs, tab: inputSheet, frozenRows: inputHeader, frozenCols: inputYear}
	p := &inputPage{grid: g, w: w, scenarios: []int{0}, inputs: map[int][]formula.Input{}, now: map[int][]formula.Input{},
		validations: map[string]*validation{}, names: map[string]bool{}, reads: map[*model.Param]int{}}
	for _, l := range run.Book.Lines {
		p.reads[l.Param]++
	}
	for r := range run.Results {
		s := run.Scenario(r)
		if s < 0 {
			w.keep(fmt.Errorf("scenario %q is not in the plan", run.Results[r].Scenario.ID))
			return g
		}
		column := baseColumn
		if s > 0 {
			p.scenarios = append(p.scenarios, s)
			column = baseColumn + len(p.scenarios) - 1
		}
		w.columns = append(w.columns, column)
	}
	w.shown = p.scenarios
	for _, s := range p.scenarios {
		p.inputs[s] = run.Book.Inputs(s)
		p.now[s] = p.inputs[s]
		if w.entered != nil {
			p.now[s] = w.entered[s]
		}
	}
	p.header()
	w.places = map[int]place{}
	var section string
	for _, group := range w.inputGroups() {
		section = p.headings(group, section)
		for _, line := range group.lines {
			p.add(line)
		}
	}
	last := g.last()
	p.addTolerance()
	w.head(g, w.title(t("假设：全部输入", "Inputs")), t("黄底蓝字可以改，改后全簿自动重算。各情景与“", "Blue on yellow may be changed. A scenario's cell that equals “")+baseLabel(run)+t("”相同的格是公式（灰字），不同的格以橙底标出。", "” is a formula (grey), one that differs is marked orange."), inputUnit)
	p.validityHeader()
	for _, v := range p.asked {
		if d := v.excel(run); d != nil {
			g.validations = append(g.validations, d)
		}
	}
	if len(p.scenarios) > 1 {
		differs, err := w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: blue}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{changed}}})
		w.keep(err)
		first := inputHeader + 1
		g.marks = append(g.marks, mark{span(baseColumn+1, first, p.lastColumn(), last), []excelize.ConditionalFormatOptions{
			{Type: "formula", Criteria: fmt.Sprintf("%s<>$%s", at(baseColumn+1, first), at(baseColumn, first)), Format: &differs}}})
	}
	return g
}

func (p *inputPage) lastColumn() int { return baseColumn + len(p.scenarios) - 1 }

// validityHeader heads the columns that say what may be entered.
func (p *inputPage) validityHeader() {
	t, style := p.w.run.T, p.w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true, size: 8})
	p.fill(p.lastColumn()+1, p.lastColumn()+1+p.optionColumns, inputHeader, style)
	for i, s := range []string{t("检查", "check"), t("最小（或可选项）", "least (or options)"), t("最大", "most")} {
		p.put(p.lastColumn()+1+i, inputHeader, textCell(style, s))
	}
	p.widths = append(p.widths, 10)
	for range p.optionColumns {
		p.widths = append(p.widths, 8)
	}
	p.w.entryChecks = span(p.lastColumn()+1, inputHeader+1, p.lastColumn()+1, p.last())
}

func (p *inputPage) header() {
	t, run := p.w.run.T, p.w.run
	names := []string{t("代码", "id"), t("参数", "input"), t("单位", "unit"), t("年份", "year"), t("来源", "source"), t("等级", "grade"), t("说明", "note"), baseLabel(run)}
	for _, s := range p.scenarios[1:] {
		names = append(names, run.ScenarioLabel(run.Book.Plan.Scenarios[s]))
	}
	style := p.w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	deepest := 1
	for i, s := range names {
		p.put(i+1, inputHeader, textCell(style, s))
		if i+1 >= baseColumn {
			deepest = max(deepest, wrapped(s, 14))
		}
	}
	p.row(inputHeader).height = 4 + 15*float64(deepest)
	p.widths = append([]float64{18, 36, 9, 6}, p.remarkWidths()...)
	for range p.scenarios {
		p.widths = append(p.widths, 15)
	}
}

// headings writes the titles above a group of inputs and returns the section it is in.
func (p *inputPage) headings(group *inputGroup, section string) string {
	run := p.w.run
	key, label := "", run.T("全镇", "Whole town")
	if group.element != nil {
		key = group.element.Section
		for _, s := range model.Schema() {
			if s.Key == key {
				label = s.Label.In(run.Lang)
			}
		}
	}
	if key != section || p.last() == inputHeader {
		n := p.last() + 1
		p.band(n, label, sectionTitle)
		p.row(n).height = 20
	}
	if group.element != nil && group.element.ID != "" {
		p.band(p.last()+1, run.ElementLabel(group.element), blockTitle)
	}
	return key
}

// remarkWidths fits source, grade and note to what is in them, up to what wraps well.
func (p *inputPage) remarkWidths() []float64 {
	source, note := 6.0, 6.0
	for _, l := range p.w.run.Book.Lines {
		if l.Param != nil {
			source, note = max(source, width(l.Param.Source)*0.85+1), max(note, width(l.Param.Note)*0.85+1)
		}
	}
	return []float64{min(source, 32), 5, min(note, 26)}
}

func (p *inputPage) band(n int, title string, l look) {
	p.strip(p.lastColumn(), n, p.w.style(l), title)
}

// add writes the rows of one input line and remembers where they stand.
func (p *inputPage) add(line int) {
	l, cal := p.w.run.Book.Lines[line], p.w.run.Book.Plan.Calendar
	first, last := cal.Zero()+1, cal.Columns()-1
	if l.Input == formula.History {
		first, last = 0, cal.Zero()
	}
	at := place{row: p.last() + 1, rows: 1}
	if l.Input == formula.Scalar || !p.varies(line, first, last) {
		p.value(line, at.row, first, "", true)
	} else {
		at.rows = last - first + 1
		for col := first; col <= last; col++ {
			p.value(line, at.row+col-first, col, strconv.Itoa(cal.First+col), col == first)
		}
	}
	p.w.places[line] = at
	p.define(p.address(line), at)
}

// varies: some scenario has not the same value in all the years.
func (p *inputPage) varies(line, first, last int) bool {
	return slices.ContainsFunc(p.scenarios, func(s int) bool {
		in := p.inputs[s][line]
		for col := first + 1; col <= last && in.ByYear != nil; col++ {
			if !in.At(col).Equal(in.At(first)) {
				return true
			}
		}
		return false
	})
}

// address is what a plan file calls the input; the line's own where several lines show a part of one parameter each.
func (p *inputPage) address(line int) string {
	l := p.w.run.Book.Lines[line]
	if l.Param != nil && l.Element != nil && p.reads[l.Param] == 1 {
		return l.Element.Address() + "." + l.Param.Key
	}
	return l.Address()
}

// value writes one row: an input in one year, or in all.
func (p *inputPage) value(line, n, col int, year string, first bool) {
	w, run, l := p.w, p.w.run, p.w.run.Book.Lines[line]
	small := look{size: 8, color: grey, ruled: true, align: "center"}
	id, note := small, small
	id.align, id.size, id.shrink = "", 7, true
	note.align, note.wrap, note.color = "", true, "595959"
	p.put(addressColumn, n, textCell(w.style(id), p.address(line)))
	p.put(inputColumn, n, textCell(w.style(look{ruled: true, indent: 1, wrap: true}), w.full[line]))
	p.put(inputUnit, n, textCell(w.style(small), l.Unit.Text().In(run.Lang)))
	if year == "" {
		p.put(inputYear, n, textCell(w.style(small), run.T("全部", "all")))
	} else {
		f, _ := strconv.ParseFloat(year, 64)
		p.put(inputYear, n, numberCell(w.style(look{ruled: true, align: "center", format: wholeFormat}), f))
	}
	var source, grade, remark string
	if l.Param != nil {
		source, grade, remark = l.Param.Source, l.Param.Grade, l.Param.Note
	}
	if !first { // said once for all years
		source, remark = "", ""
	}
	p.put(sourceColumn, n, textCell(w.style(note), source))
	p.put(gradeColumn, n, textCell(w.style(small), grade))
	p.put(noteColumn, n, textCell(w.style(note), remark))
	deepest := max(wrapped(w.full[line], p.widths[inputColumn-1]-3), wrapped(source, p.widths[sourceColumn-1]*1.4-1), wrapped(remark, p.widths[noteColumn-1]*1.4-1))
	entered := look{color: blue, fill: entry, open: true, ruled: true, align: "right", format: w.inputFormat(line)}
	if l.Unit == formula.Choice { // its words are longer than a number
		entered.size, entered.wrap, entered.align = 8, true, "center"
		for _, s := range p.scenarios {
			deepest = max(deepest, wrapped(run.Option(line, p.inputs[s][line].Option), 18))
		}
	}
	same := entered
	same.color, same.fill, same.open = grey, "", false
	base, valid, bad := p.inputs[0][line], p.validation(line), 0
	if l.Constant {
		entered.color, entered.fill, entered.open = grey, "", false
	}
	for i, s := range p.scenarios {
		in, now := p.inputs[s][line], p.now[s][line]
		if !valid.accepts(now, run.Option(line, now.Option), col) {
			bad++
		}
		c := cell{style: w.style(entered)}
		if l.Unit == formula.Choice {
			c.value = run.Option(line, now.Option)
		} else {
			c.value = now.At(col).InexactFloat64()
		}
		if i > 0 && in.Option == base.Option && (l.Unit == formula.Choice || in.At(col).Equal(base.At(col))) {
			c.style, c.formula = w.style(same), "$"+at(baseColumn, n)
		}
		p.put(baseColumn+i, n, c)
	}
	if deepest > 1 {
		p.row(n).height = 4 + 13*float64(deepest)
	}
	if !l.Constant {
		p.under(valid, span(baseColumn, n, p.lastColumn(), n))
		p.validity(valid, n, p.lastColumn(), bad)
	}
}

// baseLabel is what the first column of inputs is called: the plan itself, or the first scenario where there is no other.
func baseLabel(r *reports.Run) string {
	if s := r.Book.Plan.Scenarios[0]; s.ID != "base" {
		return r.ScenarioLabel(s)
	}
	return r.T("基准", "base")
}

// define gives an input its defined name, made of its address.
func (p *inputPage) define(address string, where place) {
	name := "in_" + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, address)
	name = cut(name, 240)
	for unique, n := name, 2; ; n++ {
		if !p.names[strings.ToLower(unique)] {
			name = unique
			break
		}
		unique = name + "_" + strconv.Itoa(n)
	}
	p.names[strings.ToLower(name)] = true
	ref := fixed(baseColumn, where.row)
	if where.rows > 1 {
		ref += ":" + fixed(baseColumn, where.row+where.rows-1)
	}
	p.w.keep(p.w.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: on(p.name, ref)}))
}

// addTolerance writes the workbook's own input, which the checks read.
func (p *inputPage) addTolerance() {
	w, t, n := p.w, p.w.run.T, p.last()+2
	p.band(n-1, t("检查", "Checks"), sectionTitle)
	p.row(n - 1).height = 20
	small := look{size: 8, color: grey, ruled: true, align: "center"}
	id := look{size: 7, color: grey, ruled: true}
	p.put(addressColumn, n, textCell(w.style(id), "check_tolerance"))
	p.put(inputColumn, n, textCell(w.style(look{ruled: true, indent: 1}), t("检查容差（一分）", "Tolerance of the checks (one fen)")))
	p.put(inputUnit, n, textCell(w.style(small), formula.Money.Text().In(w.run.Lang)))
	p.put(inputYear, n, textCell(w.style(small), t("全部", "all")))
	p.fill(sourceColumn, noteColumn, n, w.style(small))
	p.put(baseColumn, n, numberCell(w.style(look{color: blue, fill: entry, open: true, ruled: true, align: "right", format: checkFormat}), w.tolerated.InexactFloat64()))
	w.tolerance = place{n, 1}
	valid, bad := &validation{least: tolerance, most: mostTolerance, unit: formula.Money.Text().In(w.run.Lang), format: checkFormat}, 0
	if !valid.accepts(formula.Input{Same: w.tolerated}, "", 0) {
		bad = 1
	}
	p.under(valid, span(baseColumn, n, baseColumn, n))
	p.validity(valid, n, baseColumn, bad)
	p.define("check_tolerance", w.tolerance)
}

// callUp is the formula with which a ledger's cell shows its input; empty for lines that are not inputs.
func (w *workbook) callUp(line, column, yearCol int) string {
	at, ok := w.places[line]
	if !ok {
		return ""
	}
	if at.rows == 1 {
		return on(w.inputs, fixed(column, at.row))
	}
	return fmt.Sprintf("INDEX(%s:%s,%s$%d)", on(w.inputs, fixed(column, at.row)), fixed(column, at.row+at.rows-1), letters(yearCol), countRow)
}
