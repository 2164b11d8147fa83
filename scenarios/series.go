package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// number reads a number, a series of them, a word that chooses a method instead, or an alternative mapping.
func (d *decoder) number(f *model.Field, key string, n *node, set model.Pos, a about) {
	given := formula.Input{Option: "given"}
	if n.shape == mapping && n.get("value") != nil {
		d.wrapped(f, key, n, set, a)
		return
	}
	if isAlternative(f, n) {
		a = d.l.about(n, a)
		d.value(f, key, formula.Input{}, nil, model.Pos{}, a)
		d.method(f, key, given, nil, model.Pos{}, a)
		d.members(f.Fields, key, n, set, a)
		return
	}
	if n.shape == mapping {
		a = d.l.about(n, a)
		if r := n.get("range"); r != nil {
			d.span(f, r, &a)
		}
	}
	option := ""
	if n.shape == scalar {
		option = optionOf(f.Options, strings.TrimSpace(n.text))
	}
	if option != "" {
		in := formula.Input{}
		if n.number != nil { // points that a layer adds to what the method gives
			in.Same = *n.number
		}
		d.value(f, key, in, n, set, a)
		d.method(f, key, formula.Input{Option: option}, n, set, a)
	} else if in, ok := d.l.series(f, n); ok {
		d.value(f, key, in, n, set, a)
		d.method(f, key, given, nil, model.Pos{}, a)
	}
	for i := range f.Fields {
		d.idle(&f.Fields[i], key+"."+f.Fields[i].Key, a)
	}
}

// isAlternative: a number written as a mapping of its Fields instead.
func isAlternative(f *model.Field, n *node) bool {
	return n.shape == mapping && slices.ContainsFunc(f.Fields, func(m model.Field) bool { return n.get(m.Key) != nil })
}

// method adds the choice that goes with a number that may be a word.
func (d *decoder) method(f *model.Field, key string, in formula.Input, n *node, set model.Pos, a about) {
	if len(f.Options) > 0 {
		d.value(d.l.companion(f), key+"_method", in, n, set, a)
	}
}

// one reads a single number and checks its bounds. year is 0 unless it stands for one year.
func (l *loader) one(f *model.Field, n *node, year int) (decimal.Decimal, bool) {
	if n.number != nil {
		return l.within(f, n, *n.number)
	}
	var bad *fault
	x := decimal.Zero
	switch {
	case n.shape != scalar:
		l.wrongType(n, text("一个数", "a number"))
		return x, false
	case n.null || strings.TrimSpace(n.text) == "":
		bad = notANumber("", f.Unit)
		if year != 0 {
			bad.text = formula.Textf("%d 年缺数，这里要的是%s", "the number of %d is missing; wanted here: %s", year, f.Unit.Text())
		}
	default:
		x, bad = l.figure(n, f.Unit)
	}
	if bad != nil && bad.code == "not_a_number" && len(f.Options) > 0 && !strings.ContainsAny(n.text, "0123456789") {
		l.unknownChoice(n, f.Options, true)
		return x, false
	}
	if bad != nil {
		l.fail(bad.code, n.pos, bad.text, bad.hint)
		return x, false
	}
	return l.within(f, n, x)
}

func (l *loader) within(f *model.Field, n *node, x decimal.Decimal) (decimal.Decimal, bool) {
	if !l.calendarKnown && f.Unit == formula.Year { // a default that stands for a year no one knows yet
		return x, true
	}
	if bad := bounds(x, f); bad != nil {
		l.fail(bad.code, n.pos, bad.text, bad.hint)
		return x, false
	}
	return x, true
}

// years are the first and last year in which a field has values.
func (l *loader) years(f *model.Field) (from, to int) {
	if c := l.plan.Calendar; f.Series == model.History {
		return c.First, c.Actual
	} else {
		return c.Actual + 1, c.Last
	}
}

// series reads a number as the field's Series says.
func (l *loader) series(f *model.Field, n *node) (in formula.Input, ok bool) {
	perYear := f.Series != "" && f.Series != model.Scalar
	switch {
	case n.shape == scalar && f.Series == model.History && !n.def:
		from, to := l.years(f)
		l.wrongType(n, formula.Textf("%d-%d 年每年一个数的列表", "a list with a number for each year %d-%d", from, to))
		return in, false
	case n.shape == scalar:
		if in.Same, ok = l.one(f, n, 0); ok && f.Series == model.Events && !in.Same.IsZero() {
			l.sayTheYear(f, n, in.Same)
			return in, false
		}
		return in, ok
	case !perYear:
		l.fail("not_by_year", n.pos, formula.Textf("%s各年相同，只能写一个数", "%s is the same in all years: one number only", f.Label), text("写成一个数", "write one number"))
		return in, false
	case n.shape == list:
		return l.seriesList(f, n)
	}
	return l.seriesMap(f, n)
}

// sayTheYear refuses one number for what happens in some year.
func (l *loader) sayTheYear(f *model.Field, n *node, x decimal.Decimal) {
	from, to := l.years(f)
	written := n.text
	if n.number != nil {
		written = format(x, f.Unit)
	}
	each := make([]string, min(to-from+1, 6))
	for i := range each {
		each[i] = written
	}
	every := strings.Join(each, ", ")
	if to-from+1 > len(each) {
		every += ", …"
	}
	l.fail("say_the_year", n.pos, formula.Textf("%s发生在某一年，只写 %s 有两种读法：只在 %d 年，或 %d-%d 年每年都有", "%s happens in a year; %s alone can be read in two ways: in %d only, or in every year %d-%d", f.Label, written, from, from, to),
		formula.Textf("写明年份：{%[1]d: %[2]s}，或在地址后加 .%[1]d；每年都有则逐年写：[%[3]s]", "say the year: {%[1]d: %[2]s}, or .%[1]d after an address; if it is every year, write each: [%[3]s]", from, written, every))
}

func (l *loader) seriesList(f *model.Field, n *node) (in formula.Input, ok bool) {
	from, to := l.years(f)
	ok = l.calendarKnown
	values := make([]decimal.Decimal, 0, len(n.items))
	for i, item := range n.items {
		year := 0
		if l.calendarKnown && from+i <= to {
			year = from + i
		}
		x, good := l.one(f, item, year)
		values, ok = append(values, x), ok && good
	}
	if !l.calendarKnown || n.split {
		return in, false
	}
	switch want := to - from + 1; {
	case len(values) < want:
		l.missingYears(n, from+len(values), to)
		return in, false
	case len(values) > want:
		hint := formula.Textf("按年份 %d-%d 各写一个数", "write one number for each year %d-%d", from, to)
		if slices.ContainsFunc(n.items, func(i *node) bool { return len(i.text) == 3 }) {
			hint = text("方括号里逗号用来分开各年；千位逗号要去掉，或给数加引号：\"1,200\"", "inside [ ] a comma separates the years; leave thousands commas out, or quote the number: \"1,200\"")
		}
		l.fail("extra_year", n.items[want].pos, formula.Textf("多了 %d 个数：%d-%d 年只要 %d 个", "%d numbers too many: the years %d-%d take %d", len(values)-want, from, to, want), hint)
		return in, false
	}
	if !ok {
		return in, false
	}
	in.ByYear = make([]decimal.Decimal, l.plan.Calendar.Columns())
	copy(in.ByYear[l.plan.Calendar.Col(from):], values)
	return in, true
}

func (l *loader) missingYears(n *node, from, to int) {
	years := fmt.Sprint(from)
	if to > from {
		years = fmt.Sprintf("%d-%d", from, to)
	}
	l.fail("missing_year", n.pos, formula.Textf("缺 %s 年的数", "the number of %s is missing", years), text("每年一个数；没有就写 0", "one number per year; write 0 if there is none"))
}

func (l *loader) seriesMap(f *model.Field, n *node) (in formula.Input, ok bool) {
	from, to := l.years(f)
	given := map[int]decimal.Decimal{}
	ok = true
	for i, k := range n.keys {
		if slices.Contains(aboutKeys, k.text) {
			continue
		}
		if !yearShape.MatchString(k.text) {
			l.unknownKey(k, append([]string{"value"}, append(keyList(f.Fields), aboutKeys...)...))
			ok = false
			continue
		}
		year, _ := strconv.Atoi(k.text)
		x, good := l.one(f, n.items[i], year)
		ok = ok && good
		if l.calendarKnown && (year < from || year > to) {
			l.fail("extra_year", k.pos, formula.Textf("%d 年不在 %d-%d 之内", "the year %d is not within %d-%d", year, from, to), text("改年份，或改计划的 years、history", "change the year, or the plan's years or history"))
			ok = false
			continue
		}
		given[year] = x
	}
	if !ok || !l.calendarKnown {
		return in, false
	}
	if len(given) == 0 {
		l.missingYears(n, from, to)
		return in, false
	}
	var held *decimal.Decimal
	if std := l.standard(f); std != nil && f.Series == model.Held && optionOf(f.Options, std.text) == "" {
		x, _ := l.one(f, std, 0)
		held = &x
	}
	if x, there := given[from]; there && len(given) == 1 && f.Series == model.Held { // one amount from the first year on: not by year
		in.Same = x
		return in, true
	}
	in.ByYear = make([]decimal.Decimal, l.plan.Calendar.Columns())
	for year := from; year <= to; year++ {
		x, there := given[year]
		switch {
		case there && f.Series == model.Held:
			held = &x
		case there || f.Series == model.Events || f.Series == model.History && f.Default != "":
		case f.Series == model.Held && held != nil:
			x = *held
		default:
			last := year
			for given[last+1].IsZero() && last < to {
				if _, there := given[last+1]; there {
					break
				}
				last++
			}
			l.missingYears(n, year, last)
			return in, false
		}
		in.ByYear[l.plan.Calendar.Col(year)] = x
	}
	return in, true
}

func keyList(fields []model.Field) (keys []string) {
	for i := range fields {
		keys = append(keys, fields[i].Key)
	}
	return keys
}
