package formula

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// CheckExample runs a line's formula on numbers worked out by hand, written "counted=1200 base=1000 -> 200". Beside plain names it knows
// prev(x)=…, x[2020]=… for a year that a sum reaches, x.*=1,2,3 for the members of a sum, x=word for a choice, and the years year, last_actual_year, first_year
// (2022, 2021, 2021 if not said). look gives the unit and the options of a name. The error says what is off.
func CheckExample(l Line, text string, look func(name string) (Unit, []string)) error {
	given, want, ok := strings.Cut(text, "->")
	if !ok {
		return fmt.Errorf("example %q has no ->", text)
	}
	expected, err := decimal.NewFromString(strings.TrimSpace(want))
	if err != nil {
		return err
	}
	e := &workedExample{stubs: map[string]*stub{}, groups: map[string][]string{}}
	for _, pair := range strings.Fields(given) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q in example %q has no value", pair, text)
		}
		if err := e.give(name, value); err != nil {
			return err
		}
	}
	asked := l.Formula
	if asked == "" {
		asked = l.Opening
	}
	e.calendar(l.Formula == "")
	got, err := e.run(l, asked, look)
	if err != nil {
		return err
	}
	if got.blank || !got.d.Round(20).Equal(expected) {
		return fmt.Errorf("%s = %s gives %s, by hand it is %s", l.Name, asked, got.d, expected)
	}
	return nil
}

// workedExample is what an example gives: numbers of names, and the years they stand in.
type workedExample struct {
	stubs              map[string]*stub
	order              []string
	groups             map[string][]string
	actual, now, first int
	named              []int // years that are named
	p                  *Program
	inputs             []Input
}

// stub is a name of an example with its numbers as they are written.
type stub struct {
	now, before string
	years       map[int]string
	of          string // the name to look up: a member of a sum by the sum's own
}

func (e *workedExample) stub(name string) *stub {
	if e.stubs[name] == nil {
		e.stubs[name] = &stub{years: map[int]string{}, of: name}
		e.order = append(e.order, name)
	}
	return e.stubs[name]
}

// give takes one name=value.
func (e *workedExample) give(name, value string) error {
	year, _ := strconv.Atoi(value)
	switch {
	case name == "year":
		e.now = year
	case name == "last_actual_year":
		e.actual = year
	case name == "first_year":
		e.first = year
	case strings.HasPrefix(name, "prev("):
		e.stub(strings.TrimSuffix(name[5:], ")")).before = value
	case strings.Contains(name, ".*"):
		before, after, _ := strings.Cut(name, ".*")
		for i, v := range strings.Split(value, ",") {
			member := fmt.Sprintf("%s.m%d", before, i+1)
			e.groups[before] = append(e.groups[before], member)
			s := e.stub(member + after)
			s.now, s.of = v, name
		}
	case strings.HasSuffix(name, "]"):
		base, y, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		n, err := strconv.Atoi(y)
		if err != nil {
			return err
		}
		e.stub(base).years[n] = value
		e.named = append(e.named, n)
	default:
		e.stub(name).now = value
	}
	return nil
}

// calendar fills in the years that the example does not say; an opening stands in the last actual year.
func (e *workedExample) calendar(opening bool) {
	if opening {
		if e.actual == 0 {
			e.actual = max(e.now, 2021)
		}
		e.now = e.actual
	}
	if e.actual == 0 {
		e.actual = 2021
	}
	if e.now == 0 {
		e.now = e.actual + 1
	}
	if e.first == 0 {
		e.first = slices.Min(append(e.named, e.actual, e.now-1))
	}
	e.p = &Program{Calendar: Calendar{e.first, min(e.actual, e.now), max(e.now, e.actual)}, index: map[string]int{}}
}

// input turns a name's numbers into an input by year.
func (e *workedExample) input(name string, unit Unit, options []string) (in Input, err error) {
	s := e.stubs[name]
	in.ByYear = make([]decimal.Decimal, e.p.Calendar.Columns())
	years := map[int]string{}
	for y, v := range s.years {
		years[y] = v
	}
	if s.now != "" {
		years[e.now] = s.now
	}
	if s.before != "" {
		years[e.now-1] = s.before
	}
	for year, v := range years {
		if unit == Choice {
			if in.Option = v; !slices.Contains(options, v) {
				return in, fmt.Errorf("%s is not %q; there are: %s", name, v, strings.Join(options, " "))
			}
			continue
		}
		if in.ByYear[e.p.Calendar.Col(year)], err = decimal.NewFromString(v); err != nil {
			return in, err
		}
	}
	return in, nil
}

func (e *workedExample) add(line Line, in Input) *Compiled {
	c := &Compiled{Line: line}
	e.p.index[line.Name] = len(e.p.Lines)
	e.p.Lines, e.inputs = append(e.p.Lines, c), append(e.inputs, in)
	return c
}

// run compiles the formula over the example's names and computes it in the example's year.
func (e *workedExample) run(l Line, asked string, look func(name string) (Unit, []string)) (value, error) {
	for _, name := range e.order {
		unit, options := look(e.stubs[name].of)
		in, err := e.input(name, unit, options)
		if err != nil {
			return value{}, err
		}
		e.add(Line{Name: name, Unit: unit, Options: options, Input: Scalar}, in) // there in every year, before the first too
	}
	c := &checker{p: e.p, groups: e.groups}
	line := e.add(Line{Name: "example", Unit: l.Unit, Formula: asked}, Input{})
	tree := c.parse(line, asked)
	if tree != nil {
		c.check(line, tree, false)
	}
	if len(c.errs) > 0 {
		return value{}, c.errs[0]
	}
	n := e.p.Calendar.Columns()
	v := &Values{p: e.p, inputs: e.inputs, cells: make([]value, len(e.p.Lines)*n), there: make([]bool, len(e.p.Lines)*n)}
	for i := range e.order {
		for col := range n {
			v.cells[i*n+col], v.there[i*n+col] = value{d: e.inputs[i].ByYear[col]}, true
		}
	}
	got, err := (&cell{v: v, line: len(e.p.Lines) - 1, col: e.p.Calendar.Col(e.now)}).run(tree)
	if err != nil {
		return value{}, err
	}
	return got, nil
}
