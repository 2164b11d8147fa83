package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Line is one row of the book for this plan: the declaration the four readers run, and what a reader of it is shown.
type Line struct {
	formula.Line
	Label    Text   // unique within its element
	Rule     string // the rule it comes from, the same for every element of a kind: transfers.above_base.excess
	Example  string // the rule worked by hand: "counted=1200 base=1000 -> 200"
	Heading  Text   // set on the first line of a block: the element's or the block's title
	Section  Text   // set on the first line of a section
	Detail   bool   // an input or a step of little interest: grouped under the lines that matter
	Total    bool   // a sum that stands out
	Check    bool   // an identity: must be 0 in every year
	Refuses  bool   // a check not of the book but of the plan: see requirement
	Event    bool   // something adverse that may happen in a year, see Watched
	Level    bool   // an amount that stands, not flows: its years are not added up
	Constant bool   // an input that no plan gives: nobody enters it
	Param    *Param // of an input that a plan gives
	Element  *Element
}

// Line is the place in Lines of the line of that name, or of the one that took its place; -1 if there is none, as of a constant.
func (b *Book) Line(name string) int {
	if i := b.Program.Index(name); i < len(b.Lines) {
		return i
	}
	return -1
}

// Address is the line's full name.
func (l *Line) Address() string { return l.Name }

// Book is the rule book compiled for one plan. Lines are in reading order, the same in all scenarios.
type Book struct {
	Plan    *Plan
	Lines   []*Line
	Program *formula.Program // its line i is Lines[i]; after them stand the constants of Gone
	inputs  [][]formula.Input
	Groups  map[string][]string
	Gone    []formula.Gone // what the plan does not use of the rules
	Flows   []Flow         // money in and out, in the order in which it is shown

	declared *builder // of all lines of the rules
	unread   []string

	kept sync.Map // what analyses computed of it once, see Keep
}

// Keep is what compute returned when this key was first asked for: an analysis prepares a book once, however often it is asked.
func (b *Book) Keep(key any, compute func() any) any {
	once, _ := b.kept.LoadOrStore(key, sync.OnceValue(compute))
	return once.(func() any)()
}

// MostLines is how long a book may be.
const MostLines = 10_000

// Result is one scenario computed exactly.
type Result struct {
	Scenario Scenario
	Values   *formula.Values
}

// Build writes the book for a plan and compiles it. Problems may be warnings only; the book is nil if one is an error.
func Build(plan *Plan) (*Book, []Problem) {
	b := &builder{plan: plan, schema: Schema(), groups: map[string][]string{}, used: map[*Param]bool{}}
	plan.ask()
	b.write()
	if b.failed() {
		return nil, b.problems
	}
	if len(b.lines) > MostLines {
		b.fail("too_many_lines", plan.Elements[len(plan.Elements)-1].Pos, formula.Textf("这个计划有 %d 行，最多 %d 行", "this plan makes %d lines, at most %d are allowed", len(b.lines), MostLines),
			Text{ZH: "合并小项目，或分成几个计划", EN: "join small items, or split the plan"})
		return nil, b.problems
	}
	book, errs := b.compile()
	for _, err := range errs[:min(len(errs), Listed)] {
		b.problems = append(b.problems, b.problem(err))
	}
	if b.failed() {
		return nil, Shorten(b.problems, len(errs)-min(len(errs), Listed))
	}
	b.problems = append(b.problems, b.refused(book)...)
	b.unread(book.unread)
	b.problems = append(b.problems, book.comparedQuotients()...)
	b.problems = append(b.problems, book.checkUncertainty()...)
	if b.failed() {
		return nil, b.problems
	}
	return book, b.problems
}

// compile makes a book of what the plan uses of the lines written so far.
func (b *builder) compile() (*Book, []*formula.Error) {
	if slices.Contains(b.asked, Everything) {
		book, errs := b.book(b.lines, nil)
		book.declared = b
		return book, errs
	}
	lines, folded, errs := b.fold()
	if errs != nil {
		return nil, errs
	}
	book, errs := b.book(lines, folded.Gone)
	book.declared, book.unread = b, folded.Unread
	return book, errs
}

// book makes a book of lines; formulas may name those that are gone.
func (b *builder) book(lines []*Line, gone []formula.Gone) (*Book, []*formula.Error) {
	formulas, places := make([]formula.Line, len(lines)), make(map[string]int, len(lines))
	for i, l := range lines {
		formulas[i], places[l.Name] = l.Line, i
	}
	program, errs := formula.Compile(formulas, b.groups, b.plan.Calendar, gone...)
	book := &Book{Plan: b.plan, Lines: lines, Program: program, Groups: b.groups, Gone: gone, Flows: remaining(b.flows, gone), inputs: make([][]formula.Input, len(b.plan.Scenarios))}
	for s := range book.inputs {
		book.inputs[s] = make([]formula.Input, len(lines))
		for declared, values := range b.values {
			if i, stays := places[b.lines[declared].Name]; stays {
				book.inputs[s][i] = values[s]
			}
		}
	}
	return book, errs
}

// Run computes one scenario, by its place in Plan.Scenarios. A formula that fails in a year is an error naming line and year.
func (b *Book) Run(scenario int) (*Result, []Problem) {
	values, errs := b.Program.Evaluate(b.inputs[scenario])
	var problems []Problem
	for _, err := range errs[:min(len(errs), Listed)] {
		p := b.Problem(err)
		s := b.Plan.Scenarios[scenario]
		p.Text = formula.Textf("情景 %s：%s", "scenario %s: %s", s.ID, p.Text)
		problems = append(problems, p)
	}
	problems = Shorten(problems, len(errs)-len(problems))
	if len(errs) == 0 {
		problems = slices.Concat(b.identities(scenario, values), b.negatives(scenario, values))
	}
	return &Result{Scenario: b.Plan.Scenarios[scenario], Values: values}, problems
}

// identities reports every check line that is not 0: a fault of the book, not of the plan, and no result may be shown with it.
func (b *Book) identities(scenario int, values *formula.Values) (problems []Problem) {
	cal := b.Plan.Calendar
	for i, l := range b.Lines {
		for col := cal.Zero() + 1; l.Check && !l.Refuses && col < cal.Columns(); col++ {
			if d, _, _ := values.At(i, col); formula.Compare(d, decimal.Zero, l.Unit) != 0 {
				problems = append(problems, Problem{Code: "identity", Text: formula.Textf("情景 %s：%d 年“%s”不平，差 %s（%s）", "scenario %s: in %d %q is off by %s (%s)",
					b.Plan.Scenarios[scenario].ID, cal.First+col, l.Full(), d, l.Name), Hint: Text{ZH: "请把计划文件发给我们", EN: "please send us the plan"}})
			}
		}
	}
	return problems
}

// negatives reports what may not be below 0: the award of a plan's own formula is an error, cash (after uploads that nothing could pay) a warning.
func (b *Book) negatives(scenario int, values *formula.Values) (problems []Problem) {
	id, cal := b.Plan.Scenarios[scenario].ID, b.Plan.Calendar
	year := func(line int, holds func(decimal.Decimal) bool) int {
		for col := cal.Zero() + 1; line >= 0 && col < cal.Columns(); col++ {
			if d, _, _ := values.At(line, col); holds(d) {
				return cal.First + col
			}
		}
		return 0
	}
	of := func(line, year int) decimal.Decimal {
		d, _, _ := values.At(line, cal.Col(year))
		return d
	}
	for _, e := range b.Plan.In("transfers") {
		if year := year(b.Program.Index(e.Address()+".award_check"), func(d decimal.Decimal) bool { return !d.IsZero() }); year != 0 {
			d := of(b.Program.Index(e.Address()+".award"), year)
			pos := e.Pos
			for _, u := range e.Lines {
				if u.Name == "formula" {
					pos = u.Pos
				}
			}
			problems = append(problems, Problem{Code: "negative_award", Pos: pos, Text: formula.Textf("情景 %s：%s 在 %d 年应得 %s，不能是负数", "scenario %s: %s is due %[4]s in %[3]d, it cannot be negative", id, e.Text(), year, d),
				Hint: Text{ZH: "用 max(…, 0)；镇该给县的写成 kind: upload", EN: "use max(…, 0); what the town pays to the county is kind: upload"}})
		}
	}
	if year := year(b.Program.Index("cash"), decimal.Decimal.IsNegative); year != 0 {
		d := of(b.Program.Index("cash"), year)
		problems = append(problems, Problem{Code: "cash_negative", Warning: true, Pos: b.Plan.In("cash")[0].Pos, Text: formula.Textf("情景 %s：%d 年末资金为 %s 万元：上解等支出超过了全部资金，这一透支不在欠付和债务里", "scenario %s: cash is %[3]s at the end of %[2]d: uploads take more than there is, and this overdraft is in neither arrears nor debt", id, year, d.StringFixed(2)),
			Hint: Text{ZH: "核对上解、期初资金和收入；见“透支”一行", EN: "check uploads, opening cash and revenue; see the line overdrawn"}})
	}
	return problems
}

// Inputs are the input values of one scenario, one per line; the caller may change its copy and evaluate it with Program.
func (b *Book) Inputs(scenario int) []formula.Input { return slices.Clone(b.inputs[scenario]) }

// Input is what a scenario gives for one line.
func (b *Book) Input(scenario, line int) formula.Input { return b.inputs[scenario][line] }

// builder collects the lines of a book in reading order.
type builder struct {
	plan     *Plan
	schema   []Section // rules cannot ask for it: they are part of it
	lines    []*Line
	values   map[int][]formula.Input // of input lines, by scenario
	groups   map[string][]string     // see formula.Compile
	flows    []Flow
	problems []Problem
	used     map[*Param]bool // parameters that became input lines
	required []requirement
	asked    []string // keys of parameters that stay inputs

	rule    string // prefix of Rule for what is being written
	scope   string // prefix of Name
	element *Element
	section Text // for the next line
	heading Text
}

func (b *builder) failed() bool {
	return slices.ContainsFunc(b.problems, func(p Problem) bool { return !p.Warning })
}

func (b *builder) fail(code string, at Pos, text, hint Text) {
	b.problems = append(b.problems, Problem{Code: code, Pos: at, Text: text, Hint: hint})
}

func (b *builder) warn(code string, at Pos, text, hint Text) {
	b.problems = append(b.problems, Problem{Code: code, Warning: true, Pos: at, Text: text, Hint: hint})
}

// in sets scope and rule prefix for the lines that follow.
func (b *builder) in(scope, rule string, e *Element) {
	b.scope, b.rule, b.element = scope, rule, e
}

// of is the usual scope of an element: its address, and its section and kind as the rule.
func (b *builder) of(e *Element) {
	rule := e.Section
	if e.Kind != "" {
		rule += "." + e.Kind
	}
	b.in(e.Address(), rule, e)
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// line adds lines of the current scope.
func (b *builder) line(lines ...Line) {
	for _, l := range lines {
		if l.Rule == "" {
			l.Rule = join(b.rule, l.Name)
		}
		l.Name, l.Part = join(b.scope, l.Name), b.scope
		l.Element = b.element
		l.Own = l.Rule == ownRule
		b.carry(&l)
		b.split(&l)
		b.add(&l)
	}
}

// longSum is how many terms a sum may have before it is split: more do not fit into a formula a person can check.
const longSum = 15

var wholeSum = regexp.MustCompile(`^sum\(([\w.]+)\.\*([\w.]*)\)$`)

// split turns a sum over many members that do not stand one under the other into visible part sums, and the line into the sum of those.
func (b *builder) split(l *Line) {
	m := wholeSum.FindStringSubmatch(l.Formula)
	if m == nil || len(b.groups[m[1]]) <= longSum {
		return
	}
	var parts []string
	for members := range slices.Chunk(b.groups[m[1]], longSum) {
		n := len(parts) + 1
		part := *l
		part.Name, part.Detail, part.Total, part.Example = fmt.Sprintf("%s_part%d", l.Name, n), true, false, ""
		part.Label = formula.Textf("%s（第 %d 部分）", "%s (part %d)", l.Label, n)
		group := fmt.Sprintf("%s.part%d", m[1], n)
		b.groups[group] = members
		part.Formula = "sum(" + group + ".*" + m[2] + ")"
		if l.Opening != "" {
			part.Opening = part.Formula
		}
		b.add(&part)
		parts = append(parts, part.Name)
	}
	l.Formula, l.Example = "sum("+strings.Join(parts, ", ")+")", example(len(parts) == 2, strings.Join(parts, "=100 ")+"=20 -> 120")
	if l.Opening != "" {
		l.Opening = l.Formula
	}
}

func (b *builder) add(l *Line) {
	l.Section, b.section = b.section, Text{}
	l.Heading, b.heading = b.heading, Text{}
	b.lines = append(b.lines, l)
}

// input adds the input lines of the current element's parameters, by key.
func (b *builder) input(keys ...string) {
	for _, key := range keys {
		b.inputAs(key, key)
	}
}

// inputAs is input under another name than the parameter's key.
func (b *builder) inputAs(key, name string) {
	p := b.element.Params[key]
	if p == nil {
		panic(fmt.Sprintf("%s has no parameter %s", b.element.Address(), key))
	}
	label := p.Field.Label
	if list, rest, _ := strings.Cut(key, "."); strings.Contains(rest, ".") && b.element.Count[list] > 1 {
		member, _, _ := strings.Cut(rest, ".")
		label = b.memberLabel(list, member, label)
	}
	span := map[Series]formula.InputSpan{"": formula.Scalar, Scalar: formula.Scalar, Held: formula.ByYear, Events: formula.ByYear, History: formula.History}[p.Field.Series]
	l := Line{Line: formula.Line{Name: name, Unit: p.Field.Unit, Input: span}, Label: label, Param: p, Detail: true}
	if len(p.Field.Options) > 0 && p.Values[0].Option != "" {
		l.Unit, l.Input = formula.Choice, formula.Scalar
		for _, o := range p.Field.Options {
			l.Options = append(l.Options, o.Key)
		}
	}
	b.given(l, p.Values)
}

// memberLabel tells the members of a list apart: by their name or the item they are about, else by their number.
func (b *builder) memberLabel(list, member string, label Text) Text {
	if name := b.element.Words[list+"."+member+".name"]; name != "" {
		return Text{ZH: name + label.ZH, EN: name + ": " + label.EN}
	}
	for _, item := range b.element.Refs[list+"."+member+".item"] {
		return formula.Textf("%s%s", "%s: %s", b.plan.Find("revenue."+item).Text(), label)
	}
	fields := b.element.declaredIn(b.schema).Fields
	called := fields[slices.IndexFunc(fields, func(f Field) bool { return f.Key == list })].Member
	return formula.Textf(called.ZH+"%s", called.EN+": %s", member, label)
}

// given adds an input line with its values by scenario.
func (b *builder) given(l Line, values []formula.Input) {
	b.line(l)
	if b.values == nil {
		b.values = map[int][]formula.Input{}
	}
	b.values[len(b.lines)-1] = values
	if l.Param != nil {
		b.used[l.Param] = true
	}
}

// join adds a line of the current scope to a group of lines that formulas sum over: sum(free_transfers.*).
func (b *builder) join(group, line string) {
	b.groups[group] = append(b.groups[group], join(b.scope, line))
}

// member adds the current element to a group that formulas sum over: sum(incentives.*.paid).
func (b *builder) member(group string) {
	b.groups[group] = append(b.groups[group], b.scope)
}

// Any tells whether a parameter fulfils a condition in some scenario.
func (p *Param) Any(ok func(formula.Input) bool) bool {
	return p != nil && slices.ContainsFunc(p.Values, ok)
}

func (b *builder) problem(err *formula.Error) Problem { return problemOf(b.lines, err) }

// Problem turns an error of the language into one about the plan: at the user's formula if it is one.
func (b *Book) Problem(err *formula.Error) Problem { return problemOf(b.Lines, err) }

func problemOf(lines []*Line, err *formula.Error) Problem {
	p := Problem{Code: "formula", Text: formula.Textf("%s：%s", "%s: %s", err.Line, err.Text)}
	if err.Year != 0 {
		p.Code = "formula_year"
		p.Text = formula.Textf("%s 在 %d 年：%s", "%s in %d: %s", err.Line, err.Year, err.Text)
	}
	for _, l := range lines {
		if l.Name != err.Line || l.Element == nil {
			continue
		}
		p.Pos = l.Element.Pos
		for _, u := range l.Element.Lines {
			if !strings.HasSuffix(l.Name, "."+u.Name) && !(u.Name == "formula" && err.Formula == u.Formula) {
				continue
			}
			p.Pos = u.Pos
			if err.Formula == u.Opening && err.Formula != u.Formula {
				p.Pos = u.OpeningPos
			}
			if err.Span.To <= len(err.Formula) && err.Span.From < err.Span.To {
				p.Pos.Col += len([]rune(err.Formula[:err.Span.From]))
				p.Pos.Len = len([]rune(err.Formula[err.Span.From:err.Span.To]))
			}
			return p
		}
	}
	if err.Formula != "" {
		p.Hint = formula.Textf("公式：%s", "formula: %s", err.Formula)
	}
	return p
}

// Member is the place of the first line that a name like incentives.*.paid stands for: of a group, or of a section. -1 if none.
func (b *Book) Member(name string) int {
	group, after, _ := strings.Cut(name, ".*")
	for _, scope := range b.Groups[group] {
		return b.Program.Index(scope + after)
	}
	return slices.IndexFunc(b.Lines, func(l *Line) bool { return strings.HasPrefix(l.Name, group+".") && strings.HasSuffix(l.Name, after) })
}
