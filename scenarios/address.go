package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// target is one place that an address names: a field of an element, and the path below it.
type target struct {
	element, field int
	path           []string // keys, list positions from 1, a year; "*" for all positions
	short          bool     // the address is the short form of a list
	leaf           *model.Field
}

// resolve finds what the address of an entry names. The structure is the same in all scenarios, so once is enough.
func (l *loader) resolve(en *entry) {
	if en.resolved {
		return
	}
	en.resolved = true
	parts := strings.Split(en.key.text, ".")
	i := slices.IndexFunc(l.schema, func(s model.Section) bool { return s.Key == parts[0] })
	if i < 0 {
		l.unknownSection(en, parts)
		return
	}
	s := &l.schema[i]
	parts = parts[1:]
	id := ""
	if !s.Single {
		if len(parts) == 0 {
			l.notAParameter(en, l.ids(s.Key))
			return
		}
		id, parts = parts[0], parts[1:]
	}
	var first *fault
	if l.inSection == nil {
		l.inSection = map[string][]int{}
		for i, e := range l.elements {
			l.inSection[e.Section] = append(l.inSection[e.Section], i)
		}
	}
	type located struct {
		target target
		bad    *fault
	}
	byKind := map[*model.Kind]located{} // what an address says below an element is the same for all of a kind
	found, matched := false, false
	for _, ei := range l.inSection[s.Key] {
		e := l.elements[ei]
		if id != "*" && e.ID != id {
			continue
		}
		found = true
		if len(parts) == 0 {
			l.notAParameter(en, fieldNames(e.kind.Fields))
			return
		}
		at, known := byKind[e.kind]
		if !known {
			at.target, at.bad = l.locate(e, parts)
			byKind[e.kind] = at
		}
		t, bad := at.target, at.bad
		if bad != nil {
			if first == nil || first.code == "unknown_address" {
				first = bad
			}
			continue
		}
		t.element = ei
		en.targets = append(en.targets, t)
		matched = true
	}
	switch {
	case matched:
	case id == "*" && !l.unread[s.Key] && (first == nil || first.code == "unknown_address"):
		hint := formula.Textf("%s里没有项目", "%s has no elements", s.Label)
		if first != nil {
			hint = first.hint
		}
		l.fail("no_match", en.key.pos, formula.Textf("%s 一处也没有匹配上", "%s matches nothing", show(en.key.text)), hint)
	case first != nil:
		l.fail(first.code, en.key.pos, first.text, first.hint)
	case !found && !l.unread[s.Key] && !l.unread[s.Key+"."+id]:
		var known []string
		if l.guessing() {
			known = l.ids(s.Key)
		}
		l.fail("unknown_address", en.key.pos, formula.Textf("%s里没有 %s%s", "%s has no %s%s", s.Label, show(id), l.guess(id, known)),
			text("层只改计划里已有的参数；新的项目要写在计划文件里", "a layer changes parameters of the plan; declare new elements in the plan itself"))
	}
}

func (l *loader) ids(section string) (ids []string) {
	for _, e := range l.elements {
		if e.Section == section {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func (l *loader) unknownSection(en *entry, parts []string) {
	if slices.Contains(metaKeys, parts[0]) {
		l.structural(en)
		return
	}
	var known []string
	for _, s := range l.schema {
		known = append(known, s.Key)
	}
	guess := l.guess(parts[0], known)
	for _, e := range l.elements {
		if e.ID == parts[0] {
			whole := e.Section + "." + en.key.text
			guess = formula.Textf("（是不是 %q？）", " (did you mean %q?)", whole)
		}
	}
	l.fail("unknown_address", en.key.pos, formula.Textf("没有地址 %s%s", "there is no address %s%s", show(en.key.text), guess),
		formula.Textf("地址是 段.编号.参数，如 transfers.share.rate；段有：%s", "an address is section.id.parameter, such as transfers.share.rate; sections: %s", strings.Join(known, " ")))
}

func (l *loader) notAParameter(en *entry, next []string) {
	l.fail("not_a_parameter", en.key.pos, formula.Textf("地址 %s 没有写到参数", "the address %s stops short of a parameter", show(en.key.text)), formula.Textf("后面接：%s", "go on with: %s", words(next, 30)))
}

func (l *loader) structural(en *entry) {
	bad := structuralFault(en.key.text)
	l.fail(bad.code, en.key.pos, bad.text, bad.hint)
}

func structuralFault(address string) *fault {
	return &fault{"structural", formula.Textf("层不能改 %s：它属于计划的结构，各情景相同", "a layer cannot change %s: it is structure, the same in all scenarios", show(address)), text("写在计划文件里；层只改参数", "declare it in the plan; layers change parameters")}
}

func fieldNames(fields []model.Field) (names []string) {
	for i := range fields {
		names = append(names, fields[i].Key)
		if fields[i].Short != "" {
			names = append(names, fields[i].Short)
		}
	}
	return names
}

// locate finds a field of an element by the parts of an address below the element.
func (l *loader) locate(e *element, parts []string) (target, *fault) {
	if slices.Contains(commonKeys, parts[0]) || parts[0] == "kind" {
		return target{}, structuralFault(strings.Join(parts, "."))
	}
	fields := e.kind.Fields
	for i := range fields {
		f := &fields[i]
		switch {
		case f.Key == parts[0]:
			leaf, bad := l.descend(f, parts[1:])
			return target{field: i, path: parts[1:], leaf: leaf}, bad
		case f.Short == parts[0] && f.Short != "":
			j := slices.IndexFunc(f.Fields, func(m model.Field) bool { return m.Key == f.Short })
			leaf, bad := l.descend(&f.Fields[j], parts[1:])
			return target{field: i, path: append([]string{"1"}, parts...), short: true, leaf: leaf}, bad
		}
	}
	return target{}, l.unknownPart(parts[0], fieldNames(fields), e.Address())
}

func (l *loader) unknownPart(part string, known []string, within string) *fault {
	return &fault{"unknown_address", formula.Textf("%s 里没有参数 %s%s", "%s has no parameter %s%s", within, show(part), l.guess(part, known)), formula.Textf("可用：%s", "there are: %s", words(known, 40))}
}

// descend follows an address below a field; it returns the declaration of what the address names.
func (l *loader) descend(f *model.Field, parts []string) (*model.Field, *fault) {
	fixed := slices.Contains([]model.FieldKind{model.TextField, model.SwitchField, model.RefField, model.RefsField, model.LinesField, model.FormulaField}, f.Kind)
	if fixed || f.Fixed || f.Kind == model.OneOfField && structural(f) {
		return nil, structuralFault(f.Key)
	}
	if len(parts) == 0 {
		return f, nil
	}
	if f.Kind == model.ListField {
		if n, err := strconv.Atoi(parts[0]); parts[0] != "*" && (err != nil || n < 1) {
			return nil, &fault{"unknown_address", formula.Textf("%s 后面应是第几项，写的是 %s", "%s is followed by a position, found %s", f.Key, show(parts[0])), text("从 1 数起，* 表示全部", "count from 1; * means all")}
		}
		if len(parts) == 1 {
			return nil, &fault{"not_a_parameter", formula.Textf("%s.%s 没有写到参数", "%s.%s stops short of a parameter", f.Key, parts[0]), formula.Textf("后面接：%s", "go on with: %s", keysOf(f.Fields))}
		}
		parts = parts[1:]
	}
	number := f.Kind == "" || f.Kind == model.NumberField
	if number && yearShape.MatchString(parts[0]) && len(parts) == 1 {
		return f, l.yearFault(f, parts[0])
	}
	for i := range f.Fields {
		if f.Fields[i].Key == parts[0] {
			return l.descend(&f.Fields[i], parts[1:])
		}
	}
	return nil, l.unknownPart(parts[0], fieldNames(f.Fields), f.Key)
}

func (l *loader) yearFault(f *model.Field, part string) *fault {
	if f.Series == "" || f.Series == model.Scalar {
		return &fault{"not_by_year", formula.Textf("%s各年相同，不能只改 %s 年", "%s is the same in all years; it cannot change in %s alone", f.Label, part), text("去掉年份", "leave out the year")}
	}
	year, _ := strconv.Atoi(part)
	if from, to := l.years(f); l.calendarKnown && (year < from || year > to) {
		return &fault{"extra_year", formula.Textf("%d 年不在 %d-%d 之内", "the year %d is not within %d-%d", year, from, to), text("改年份，或改计划的 years、history", "change the year, or the plan's years or history")}
	}
	return nil
}
