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
	type stub struct {
		now, before string
		years       map[int]string
		of          string // the name to look up: a member of a sum by the sum's own
	}
	stubs, groups := map[string]*stub{}, map[string][]string{}
	var order []string
	get := func(name string) *stub {
		if stubs[name] == nil {
			stubs[name] = &stub{years: map[int]string{}, of: name}
			order = append(order, name)
		}
		return stubs[name]
	}
	actual, now, first := 0, 0, 0
	var builtinYears []int
	for _, pair := range strings.Fields(given) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q in example %q has no value", pair, text)
		}
		year, _ := strconv.Atoi(value)
		switch {
		case name == "year":
			now = year
		case name == "last_actual_year":
			actual = year
		case name == "first_year":
			first = year
		case strings.HasPrefix(name, "prev("):
			get(strings.TrimSuffix(name[5:], ")")).before = value
		case strings.Contains(name, ".*"):
			before, after, _ := strings.Cut(name, ".*")
			for i, v := range strings.Split(value, ",") {
				member := fmt.Sprintf("%s.m%d", before, i+1)
				groups[before] = append(groups[before], member)
				s := get(member + after)
				s.now, s.of = v, name
			}
		case strings.HasSuffix(name, "]"):
			base, y, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
			n, err := strconv.Atoi(y)
			if err != nil {
				return err
			}
			get(base).years[n] = value
			builtinYears = append(builtinYears, n)
		default:
			get(name).now = value
		}
	}
	text = l.Formula
	past := text == ""
	if past {
		text = l.Opening
		if actual == 0 {
			actual = max(now, 2021)
		}
		now = actual
	}
	if actual == 0 {
		actual = 2021
	}
	if now == 0 {
		now = actual + 1
	}
	if first == 0 {
		first = slices.Min(append(builtinYears, actual, now-1))
	}
	p := &Program{Calendar: Calendar{first, min(actual, now), max(now, actual)}, index: map[string]int{}}
	inputs := []Input{}
	add := func(line Line) *Compiled {
		c := &Compiled{Line: line}
		p.index[line.Name] = len(p.Lines)
		p.Lines = append(p.Lines, c)
		return c
	}
	n := p.Calendar.Columns()
	for _, name := range order {
		s := stubs[name]
		unit, options := look(s.of)
		in := Input{ByYear: make([]decimal.Decimal, n)}
		set := func(year int, v string) error {
			if unit == Choice {
				if in.Option = v; !slices.Contains(options, v) {
					return fmt.Errorf("%s is not %q; there are: %s", name, v, strings.Join(options, " "))
				}
				return nil
			}
			d, err := decimal.NewFromString(v)
			if err == nil {
				in.ByYear[p.Calendar.Col(year)] = d
			}
			return err
		}
		for y, v := range s.years {
			if err := set(y, v); err != nil {
				return err
			}
		}
		for year, v := range map[int]string{now: s.now, now - 1: s.before} {
			if v == "" {
				continue
			}
			if err := set(year, v); err != nil {
				return err
			}
		}
		add(Line{Name: name, Unit: unit, Options: options, Input: Scalar}) // there in every year, before the first too
		inputs = append(inputs, in)
	}
	c := &checker{p: p, groups: groups}
	line := add(Line{Name: "example", Unit: l.Unit, Formula: text})
	inputs = append(inputs, Input{})
	tree := c.parse(line, text)
	if tree != nil {
		c.check(line, tree, false)
	}
	if len(c.errs) > 0 {
		return c.errs[0]
	}
	v := &Values{p: p, inputs: inputs, cells: make([]value, len(p.Lines)*n), there: make([]bool, len(p.Lines)*n)}
	for i := range order {
		for col := range n {
			v.cells[i*n+col], v.there[i*n+col] = value{d: inputs[i].ByYear[col]}, true
		}
	}
	got, err := (&cell{v: v, line: len(p.Lines) - 1, col: p.Calendar.Col(now)}).run(tree)
	if err != nil {
		return err
	}
	expected, bad := decimal.NewFromString(strings.TrimSpace(want))
	if bad != nil {
		return bad
	}
	if got.blank || !got.d.Round(20).Equal(expected) {
		return fmt.Errorf("%s = %s gives %s, by hand it is %s", l.Name, text, got.d, expected)
	}
	return nil
}
