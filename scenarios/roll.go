package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios/files"
)

// Rolled is a plan whose first plan year has become history.
type Rolled struct {
	Year     int // that became history
	Scenario model.Scenario
	Files    []PlanFile   // the first is the main one
	Closed   []Closed     // figures of the year that turned out otherwise, in the order of the book
	Assumed  []model.Text // revenue items of which no actual was given
	Fallen   []Fallen     // what was of that year alone and is gone
	Fixed    []Fallen     // rates that were derived from history and now stand as numbers
	Carried  []Carried    // openings that no key of their own holds
	Unlike   []Unlike     // figures of later years that the new plan has otherwise than the old one, the actuals in it
}

// PlanFile is one file of a plan, its name with slashes as in the plan's folder.
type PlanFile struct {
	Name string
	Data []byte
}

// Closed is a line of the year that became history.
type Closed struct {
	Line             *model.Line
	Forecast, Actual decimal.Decimal
	Given            bool // by the table of actuals, not by what follows from it
}

// Fallen is something a plan said, and what became of it.
type Fallen struct {
	Address, Value string
	At             model.Pos
}

// Carried is an opening of the new plan.
type Carried struct {
	Line  *model.Line
	Value decimal.Decimal
}

// Unlike is a figure that two plans have differently.
type Unlike struct {
	Line   *model.Line
	Year   int
	Was    decimal.Decimal
	Is     decimal.Decimal
	Absent bool // the new plan does not have the line
}

// roller rolls one plan forward.
type roller struct {
	l        *loader
	m        *manuscript
	shown    *model.Book // the old plan's
	book     *model.Book // the same with all lines of the rules
	scenario int
	forecast *formula.Values
	closing  *formula.Values // the same with the actuals in it
	year     int
	openings []opening
	carried  map[string]bool // lines that have an opening of the section
	out      *Rolled
}

// opening is a parameter that a line begins with.
type opening struct {
	element *model.Element
	param   *model.Param
	line    int
}

// Rolling says how a plan is rolled forward.
type Rolling struct {
	Scenario string   // whose forecast stands where no actual is given; the first declared if empty
	Actuals  []Actual // of the year that becomes history
	Ignore   bool     // rows of them that the plan has nothing for are warned of, not refused
}

// Roll makes the plan of next year: the first plan year becomes history, with the actuals where they are given and else as the scenario closes; what
// stands at its end opens the new plan. The old files are not touched. With an error among the problems there is nothing rolled.
func Roll(path string, how Rolling) (*Rolled, []model.Problem, *Sources) {
	l := newLoader(model.Schema(), model.Categories)
	loaded := l.load(path, Options{})
	if loaded.Plan == nil {
		return nil, loaded.Problems, loaded.Sources
	}
	book, problems := model.Build(loaded.Plan)
	if book == nil {
		return nil, problems, loaded.Sources
	}
	l.problems = nil
	r := &roller{l: l, shown: book, book: book.Asking(model.Everything), year: loaded.Plan.Calendar.Actual + 1, carried: map[string]bool{}}
	r.out = &Rolled{Year: r.year}
	r.roll(how)
	problems, failed := l.sorted()
	if failed {
		return nil, problems, loaded.Sources
	}
	return r.out, problems, loaded.Sources
}

func (r *roller) roll(how Rolling) {
	l, plan, at := r.l, r.book.Plan, r.place()
	if plan.Calendar.Last == r.year {
		l.fail("roll_last_year", at, formula.Textf("测算期只有 %d 一年，结转后没有测算年份", "the plan has the year %d only: rolled forward it would have none", r.year), text("先延长 years（和逐年写出的数），再结转", "give it more years first, and the figures written by year"))
		return
	}
	r.scenario = min(1, len(plan.Scenarios)-1)
	if how.Scenario != "" {
		i, wrong := PlaceOf(plan.Scenarios, how.Scenario)
		if i < 0 {
			l.fail("roll_scenario", at, wrong, text("写其中一个，或 base", "name one of them, or base"))
			return
		}
		r.scenario = i
	}
	r.out.Scenario = plan.Scenarios[r.scenario]
	if r.m = l.manuscript(); r.m == nil || !r.close(how) {
		return
	}
	r.findOpenings()
	r.elements()
	r.layers()
	r.begin()
	r.calendar()
	if !l.failed() {
		r.settle()
	}
}

// close computes the year, with the actuals in it.
func (r *roller) close(how Rolling) bool {
	run, problems := r.book.Run(r.scenario)
	r.l.problems = append(r.l.problems, problems...)
	r.forecast = run.Values
	for _, p := range problems {
		if !p.Warning {
			r.l.fails++
		}
	}
	figures, given := r.figures(how)
	if r.l.failed() {
		return false
	}
	book, errs := r.book.Turned(figures)
	for _, err := range errs {
		r.l.fail("roll_actual", r.place(), formula.Textf("%s：%s", "%s: %s", err.Line, err.Text), text("核对实绩表", "check the table of actuals"))
	}
	if len(errs) > 0 {
		return false
	}
	if r.closing, errs = book.Program.Evaluate(book.Inputs(r.scenario)); len(errs) > 0 {
		p := book.Problem(errs[0])
		r.l.fail("roll_actual", p.Pos, p.Text, text("核对实绩表", "check the table of actuals"))
		return false
	}
	col := r.column()
	for i, line := range r.book.Lines {
		was, _, _ := r.forecast.At(i, col)
		is, _, there := r.closing.At(i, col)
		if there && !line.Check && (given[line.Name] || !line.Detail && !was.Equal(is)) {
			r.out.Closed = append(r.out.Closed, Closed{line, was, is, given[line.Name]})
		}
	}
	for _, e := range r.book.Plan.In("revenue") {
		if !given[r.usual(e)] {
			r.out.Assumed = append(r.out.Assumed, e.Text())
		}
	}
	return true
}

// column is that of the year that becomes history.
func (r *roller) column() int { return r.book.Plan.Calendar.Col(r.year) }

// closed is what a line comes to in the year.
func (r *roller) closed(line string) (decimal.Decimal, bool) {
	d, _, there := r.closing.At(r.book.Program.Index(line), r.column())
	return d, there
}

// findOpenings finds the parameters that lines begin with; where several begin with the same, the one that matters more.
func (r *roller) findOpenings() {
	owner := map[*model.Param]*model.Element{}
	for _, e := range r.book.Plan.Elements {
		for _, p := range e.Params {
			owner[p] = e
		}
	}
	for i, line := range r.book.Lines {
		p := r.book.Opens(line)
		if p == nil || owner[p].Section == "openings" || owner[p].Section == "debt" {
			continue
		}
		o := opening{owner[p], p, i}
		k := slices.IndexFunc(r.openings, func(o opening) bool { return o.param == p })
		switch {
		case k < 0:
			r.openings = append(r.openings, o)
		case r.book.Lines[r.openings[k].line].Detail && !line.Detail:
			r.openings[k] = o
		}
	}
	for _, e := range r.book.Plan.In("debt") {
		r.openings = append(r.openings, opening{e, e.Params["opening"], r.book.Program.Index(e.Address() + ".opening_part.balance")})
	}
}

// begin writes what the new plan begins with under the keys there are for it.
func (r *roller) begin() {
	col := r.column()
	for _, o := range r.openings {
		n := r.node(o.element)
		d, _, there := r.closing.At(o.line, col)
		f := o.param.Field
		if !there && o.line >= 0 || n == nil {
			continue
		}
		if least, err := decimal.NewFromString(strings.TrimSuffix(f.Min, "%")); err == nil && d.LessThan(least) {
			r.l.fail("roll_below", o.param.Pos, formula.Textf("%s 到 %d 年末是 %s，%s不能小于 %s", "%s is %[3]s at the end of %[2]d, but %[4]s cannot be below %[5]s", r.book.Lines[o.line].Full(), r.year, d, f.Label, f.Min),
				text("实绩超过了应付数？核对实绩表", "was more paid than was payable? Check the table of actuals"))
			continue
		}
		now := found(n, o.param.Key)
		switch {
		case o.param.Key == "past_due" && r.forgets(o.element):
		case f.Series == model.History && (now != nil || !d.IsZero()):
			if now == nil {
				now = &yaml.Node{Kind: yaml.ScalarNode}
				in, key := reach(n, o.param.Key)
				put(in, key, now)
			}
			remembered(now, r.year, d, f.Unit)
		case f.Series == model.History:
		case now != nil && !o.param.Plain.Same.Equal(d):
			say(inner(now), written(d, f.Unit))
		case now == nil && !d.IsZero():
			in, key := reach(n, o.param.Key)
			put(in, key, scalarNode(written(d, f.Unit)))
		}
	}
	for _, e := range r.book.Plan.In("debt") {
		r.outstanding(e)
	}
}

// forgets: does a clause never ask again what was due before, since it has no lag and looks at no earlier award?
func (r *roller) forgets(e *model.Element) bool {
	asks := slices.ContainsFunc([]string{"award_cap_term", "award_floor_term", "award_cap_previous", "award_floor_previous"}, func(key string) bool {
		some, _ := e.Params[key].GivenIn()
		return some
	})
	return e.Section == "transfers" && !asks && !e.Params["lag"].Any(model.Nonzero)
}

// node is the mapping an element is written in; nil if it is not written.
func (r *roller) node(e *model.Element) *yaml.Node { return r.m.value(e.Pos) }

// outstanding writes what each drawing of earlier years still owes.
func (r *roller) outstanding(e *model.Element) {
	n := r.node(e)
	left := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for year := r.book.Plan.Calendar.First; year <= r.year; year++ {
		if d, there := r.closed(fmt.Sprintf("%s.drawing_%d.balance", e.Address(), year)); there && !d.IsZero() {
			put(left, strconv.Itoa(year), scalarNode(written(d, formula.Money)))
		}
	}
	drop(n, "outstanding")
	if len(left.Content) > 0 {
		put(n, "outstanding", left)
	}
}

// calendar moves years and history on.
func (r *roller) calendar() {
	cal := r.book.Plan.Calendar
	if n, _ := r.m.top("years"); n != nil {
		say(n, fmt.Sprintf("%d-%d", r.year+1, cal.Last))
	}
	if n, _ := r.m.top("history"); n != nil {
		say(n, fmt.Sprintf("%d-%d", cal.First, r.year))
	}
}

// memory are lines that exist only because of what they remember: once carried, they are there.
var memory = []string{"base_edits", "true_up", "overpaid"}

// settle opens the new plan and lets it carry what its keys do not, until it begins as the old one closed; then it compares the later years.
func (r *roller) settle() {
	dir, err := os.MkdirTemp("", "zhencai-*")
	if err != nil {
		r.unwritten(err)
		return
	}
	defer os.RemoveAll(dir)
	if _, in := r.m.top("openings"); in != nil { // found anew
		drop(in, "openings")
	}
	for pass := 0; ; pass++ {
		book, values := r.try(dir)
		if book == nil {
			return
		}
		missing := r.missing(book, values)
		if len(missing) == 0 || pass > 20 {
			r.compare(book, values)
			return
		}
		for _, i := range missing {
			r.carry(i)
		}
	}
}

// try writes the new plan into a folder and computes it.
func (r *roller) try(dir string) (*model.Book, *formula.Values) {
	files, err := r.m.files()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, f.Data, 0o600)
		}
	}
	if err != nil {
		r.unwritten(err)
		return nil, nil
	}
	r.out.Files = files
	loaded := Load(filepath.Join(dir, filepath.FromSlash(files[0].Name)), Options{})
	problems := loaded.Problems
	var book *model.Book
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	if book == nil {
		r.refuse(problems, loaded.Sources)
		return nil, nil
	}
	book = book.Asking(model.Everything)
	run, problems := book.Run(r.scenario)
	if r.refuse(problems, loaded.Sources) {
		return nil, nil
	}
	return book, run.Values
}

// unwritten reports that there is no room for the new plan to be tried in.
func (r *roller) unwritten(err error) {
	r.l.fail("roll_unwritten", r.place(), formula.Textf("写不了临时文件：%s", "cannot write a temporary file: %s", files.Reason(err)), text("看看磁盘满了没有，临时文件夹能不能写", "is the disk full, and may the folder for temporary files be written to?"))
}

// place is where what concerns the whole plan is reported.
func (r *roller) place() model.Pos { return model.Pos{File: r.l.sources.files[0].name} }

// refuse reports what is wrong with the new plan, which nobody has seen yet: with the line it stands in.
func (r *roller) refuse(problems []model.Problem, src *Sources) (failed bool) {
	for _, p := range problems {
		if p.Warning {
			continue
		}
		failed = true
		line := strings.TrimSpace(src.Line(p.Pos.File, p.Pos.Line))
		r.l.fail("roll_refused", r.place(), formula.Textf("不能照样结转：%s（%s）", "cannot be rolled as it is: %s (%s)", p.Text, show(line)), p.Hint)
	}
	return failed
}

// missing are the lines that begin otherwise than they closed, those first on which no other of them depends.
func (r *roller) missing(book *model.Book, values *formula.Values) (lines []int) {
	program, cal := r.book.Program, r.book.Plan.Calendar
	known := program.Remembered()
	differ := map[int]bool{}
	for i, line := range r.book.Lines {
		_, name, _ := formula.CutLast(line.Name)
		if line.Opening == "" || !known[i] || r.carried[line.Name] || line.Check || name == "due" && r.forgets(line.Element) {
			continue
		}
		k := book.Program.Index(line.Name)
		first := r.column()
		if line.Past {
			first = 0
		}
		for col := first; col <= r.column() && col < cal.Columns(); col++ {
			was, _, there := r.closing.At(i, col)
			is, _, _ := values.At(k, col)
			if there && (!was.Equal(is) || name == "base_reset_grown") && (k >= 0 || slices.Contains(memory, name)) {
				differ[i] = true
			}
		}
	}
	for i := range r.book.Lines {
		if differ[i] && !slices.ContainsFunc(program.OpeningReads(i), func(k int) bool { return differ[k] }) {
			lines = append(lines, i)
		}
	}
	if sums := slices.DeleteFunc(slices.Clone(lines), func(i int) bool { return strings.HasPrefix(r.book.Lines[i].Opening, "sum(") }); len(sums) > 0 {
		return sums
	}
	return lines
}

// carry writes the opening of a line.
func (r *roller) carry(i int) {
	line := r.book.Lines[i]
	r.carried[line.Name] = true
	section, in := r.m.top("openings")
	if section == nil {
		section = &yaml.Node{Kind: yaml.MappingNode}
		put(in, "openings", section)
	}
	id := strings.NewReplacer(".", "_", "-", "_").Replace(line.Name)
	id = strings.TrimPrefix(id, "transfers_")
	id = id[:min(len(id), 36)]
	for k := 2; child(section, id) != nil; k++ {
		id = fmt.Sprintf("%s_%d", strings.TrimRight(id[:min(len(id), 36)], "_0123456789"), k)
	}
	at := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	first, cal := r.column(), r.book.Plan.Calendar
	if line.Past {
		first = 0
	}
	for col := first; col <= r.column(); col++ {
		if d, _, there := r.closing.At(i, col); there && (!d.IsZero() || col == r.column()) {
			put(at, strconv.Itoa(cal.First+col), scalarNode(written(d, formula.Number)))
		}
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	full := line.Full()
	put(n, "line", scalarNode(line.Name))
	put(n, "label", scalarNode(full.ZH))
	put(n, "label_en", scalarNode(full.In(formula.EN)))
	put(n, "at", at)
	put(n, "source", scalarNode(fmt.Sprintf("%d 年末结转（情景 %s）", r.year, r.out.Scenario.ID)))
	put(section, id, n)
	d, _, _ := r.closing.At(i, r.column())
	r.out.Carried = append(r.out.Carried, Carried{line, d})
}

// presentValue are the lines that are worth what they are in the first plan year, which is another now.
var presentValue = []string{"discount_divisor", "incentive_due_value", "incentive_paid_value"}

// compare finds the figures of later years that are no longer what they were.
func (r *roller) compare(book *model.Book, values *formula.Values) {
	cal := r.book.Plan.Calendar
	for i, line := range r.book.Lines {
		if slices.Contains(presentValue, line.Name) || line.Input != formula.NotInput || r.shown.Line(line.Name) < 0 {
			continue
		}
		k := book.Program.Index(line.Name)
		for col := r.column() + 1; col < cal.Columns(); col++ {
			was, blank, there := r.closing.At(i, col)
			is, none, _ := values.At(k, col)
			if there && (k < 0 && !line.Detail && !was.IsZero() || k >= 0 && (formula.Compare(was, is, line.Unit) != 0 || blank != none)) {
				r.out.Unlike = append(r.out.Unlike, Unlike{line, cal.First + col, was, is, k < 0})
			}
		}
	}
}
