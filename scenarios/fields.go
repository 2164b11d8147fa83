package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// optionOf finds a word among options by its key or either label; empty if it is none.
func optionOf(options []model.Option, s string) string {
	for _, o := range options {
		if s != "" && (s == o.Key || s == o.Label.ZH || s == o.Label.EN) {
			return o.Key
		}
	}
	return ""
}

func optionsOf(options []model.Option) string { return strings.Join(optionKeys(options), " ") }

func optionKeys(options []model.Option) (keys []string) {
	for _, o := range options {
		keys = append(keys, o.Key)
	}
	return keys
}

// unknownChoice says which words there are, beside a number if one may be given too.
func (l *loader) unknownChoice(n *node, options []model.Option, number bool) {
	var all []string
	var shown []string
	for _, o := range options {
		all = append(all, o.Key, o.Label.ZH, o.Label.EN)
		shown = append(shown, o.Key+"（"+o.Label.ZH+"）")
	}
	hint := model.Text{ZH: "可选：" + strings.Join(shown, " "), EN: "choose from: " + optionsOf(options)}
	if number {
		hint = formula.Textf("写一个数，或：%s", "write a number, or: %s", model.Text{ZH: strings.Join(shown, " "), EN: optionsOf(options)})
	}
	l.fail("unknown_choice", n.pos, formula.Textf("没有 %s 这个选项%s", "there is no choice %s%s", show(n.text), l.guess(n.text, all)), hint)
}

func (d *decoder) choice(f *model.Field, key string, n *node, set model.Pos, a about) {
	if n.shape == mapping && n.get("value") != nil {
		d.wrapped(f, key, n, set, a)
		return
	}
	if n.shape != scalar || n.null {
		d.l.wrongType(n, formula.Textf("一个选项：%s", "one of: %s", optionsOf(f.Options)))
		return
	}
	option := optionOf(f.Options, strings.TrimSpace(n.text))
	if option == "" {
		d.l.unknownChoice(n, f.Options, false)
		return
	}
	if f.Fixed {
		d.out.words = append(d.out.words, word{key, option})
		return
	}
	d.value(f, key, formula.Input{Option: option}, n, set, a)
}

// value adds a parameter; a node that stands for a default has no place of its own.
func (d *decoder) value(f *model.Field, key string, in formula.Input, n *node, set model.Pos, a about) {
	v := value{key: key, field: f, input: in, about: a}
	if n != nil && !n.def {
		v.given, v.node, v.pos, v.set = true, n, n.pos, set
	}
	d.out.values = append(d.out.values, v)
}

// wrapped reads {value: …, source: …, grade: …, note: …, range: [from, to]}.
func (d *decoder) wrapped(f *model.Field, key string, n *node, set model.Pos, a about) {
	a = d.l.about(n, a)
	for i, k := range n.keys {
		switch {
		case k.text == "range":
			d.span(f, n.items[i], &a)
		case k.text != "value" && !slices.Contains(aboutKeys, k.text):
			d.l.unknownKey(k, append([]string{"value"}, aboutKeys...))
		}
	}
	v := n.get("value")
	if v.shape == mapping && v.get("value") != nil {
		d.l.wrongType(v, text("一个数", "a number"))
		return
	}
	if v.set.File != "" {
		set = v.set
	}
	if f.Kind == model.ChoiceField {
		d.choice(f, key, v, set, a)
	} else {
		d.number(f, key, v, set, a)
	}
}

// span reads a range for sensitivity.
func (d *decoder) span(f *model.Field, n *node, a *about) {
	if n.shape != list || len(n.items) != 2 || n.items[0].shape != scalar || n.items[1].shape != scalar {
		d.l.fail("bad_range", n.pos, text("range 应是两个数：[低, 高]", "range is two numbers: [low, high]"), text("写成 range: [300, 500]", "write range: [300, 500]"))
		return
	}
	var ends [2]decimal.Decimal
	for i, end := range n.items {
		x, bad := d.l.figure(end, f.Unit)
		if bad == nil {
			bad = bounds(x, f)
		}
		if bad != nil {
			d.l.fail(bad.code, end.pos, bad.text, bad.hint)
			return
		}
		ends[i] = x
	}
	if ends[0].GreaterThan(ends[1]) {
		d.l.fail("bad_range", n.pos, text("range 的低值大于高值", "the low end of range is above the high end"), text("写成 range: [300, 500]", "write range: [300, 500]"))
		return
	}
	a.from, a.to, a.ends = n.items[0].text, n.items[1].text, ends
}

// oneOf reads a mapping with exactly one key, or a bare word.
func (d *decoder) oneOf(f *model.Field, key string, n *node, set model.Pos, a about) {
	var chosen *model.Field
	var inner *node
	switch {
	case n.shape == scalar && !n.null:
		i := slices.IndexFunc(f.Fields, func(m model.Field) bool { return n.text == m.Key || n.text == m.Label.ZH || n.text == m.Label.EN })
		if i < 0 {
			var options []model.Option
			for _, m := range f.Fields {
				options = append(options, model.Option{Key: m.Key, Label: m.Label})
			}
			d.l.unknownChoice(n, options, false)
			return
		}
		if chosen = &f.Fields[i]; hasValue(chosen) && (chosen.Default == "" || chosen.Needed) {
			d.l.fail("missing_number", n.pos, formula.Textf("%s 后面要有值", "%s needs a value", chosen.Key), formula.Textf("写成 %s: {%s: …}", "write %s: {%s: …}", f.Key, chosen.Key))
			return
		}
	case n.shape == mapping:
		a = d.l.about(n, a)
		var found []string
		for i, child := range d.l.children(f.Fields, n, aboutKeys) {
			if child != nil {
				chosen, inner = &f.Fields[i], child
				found = append(found, chosen.Key)
			}
		}
		if len(found) != 1 {
			d.l.fail("not_one_of", n.pos, formula.Textf("%s里应正好写一种，这里有 %d 种", "%s takes exactly one of its keys, here are %d", f.Label, len(found)), formula.Textf("留下一个：%s", "keep one of: %s", keysOf(f.Fields)))
			return
		}
	default:
		d.l.wrongType(n, formula.Textf("其中一种：%s", "one of: %s", keysOf(f.Fields)))
		return
	}
	if structural(f) {
		d.out.words = append(d.out.words, word{key, chosen.Key})
		if hasValue(chosen) {
			d.field(&model.Field{Key: f.Key, Kind: chosen.Kind, Of: chosen.Of, Options: chosen.Options, Label: chosen.Label}, key, inner, set, a)
		}
		return
	}
	d.value(d.l.companion(f), key+".rule", formula.Input{Option: chosen.Key}, n, set, a)
	for i := range f.Fields {
		m := &f.Fields[i]
		switch {
		case !hasValue(m):
			if m == chosen && inner != nil && !inner.null && inner.text != "true" {
				d.l.wrongType(inner, text(" true，或直接写这个词", "true, or just the word"))
			}
		case m == chosen && m.Needed:
			strict := *m
			strict.Default = "" // absent is not 0
			d.field(&strict, key+"."+m.Key, inner, set, a)
		case m == chosen:
			d.field(m, key+"."+m.Key, inner, set, a)
		default:
			d.idle(m, key+"."+m.Key, a)
		}
	}
}

// structural: a one-of whose members name elements is the same in all scenarios.
func structural(f *model.Field) bool {
	return slices.ContainsFunc(f.Fields, func(m model.Field) bool { return m.Kind == model.RefsField || m.Kind == model.RefField })
}

// hasValue tells a member of a one-of that takes a value from a mere word.
func hasValue(m *model.Field) bool {
	return m.Kind != model.SwitchField && (m.Kind != "" && m.Kind != model.NumberField || m.Unit != "")
}

// idle gives the parameters of an alternative that was not chosen: their defaults, or 0.
func (d *decoder) idle(f *model.Field, key string, a about) {
	n := d.l.standard(f)
	switch {
	case f.Kind == model.GroupField:
		for i := range f.Fields {
			d.idle(&f.Fields[i], key+"."+f.Fields[i].Key, a)
		}
	case n != nil:
		d.field(f, key, n, model.Pos{}, a)
	case f.Kind == "" || f.Kind == model.NumberField:
		d.value(f, key, formula.Input{}, nil, model.Pos{}, a)
		d.method(f, key, formula.Input{Option: "given"}, nil, model.Pos{}, a)
	}
}

// companion is the choice that goes with a one-of (its rule) or with a number that may be a word (its method).
func (l *loader) companion(f *model.Field) *model.Field {
	if c := l.companions[f]; c != nil {
		return c
	}
	c := &model.Field{Key: "rule", Kind: model.ChoiceField, Unit: formula.Choice, Label: f.Label, Doc: f.Doc}
	for _, m := range f.Fields {
		c.Options = append(c.Options, model.Option{Key: m.Key, Label: m.Label})
	}
	if f.Kind == "" || f.Kind == model.NumberField {
		c.Key = f.Key + "_method"
		c.Label = formula.Textf("%s的算法", "%s: method", f.Label)
		c.Options = append([]model.Option{{Key: "given", Label: text("给定", "given")}}, f.Options...)
	}
	l.companions[f] = c
	return c
}

// list reads a list of mappings.
func (d *decoder) list(f *model.Field, key string, n *node, set model.Pos, a about) {
	if n.shape != list {
		d.l.wrongType(n, formula.Textf("一个列表：[{%s}, …]", "a list: [{%s}, …]", keysOf(f.Fields)))
		return
	}
	if len(n.items) > maxListMembers {
		d.l.fail("list_too_long", n.pos, formula.Textf("%s最多 %d 项", "%s takes at most %d members", f.Label, maxListMembers), text("减少项数", "use fewer"))
		return
	}
	if len(n.items) == 0 && !n.def && !f.Optional {
		d.l.fail("empty_list", n.pos, formula.Textf("%s是空的", "%s is empty", f.Label), text("至少写一项", "give at least one member"))
		return
	}
	d.out.counts = append(d.out.counts, count{key, len(n.items), n.short, f.Pad, n.pos})
	for i, item := range n.items {
		if item.shape != mapping {
			d.l.wrongType(item, formula.Textf("一组键值（%s）", "a mapping (%s)", keysOf(f.Fields)))
			continue
		}
		inner := set
		if item.set.File != "" {
			inner = item.set
		}
		d.members(f.Fields, fmt.Sprintf("%s.%d", key, i+1), item, inner, d.l.about(item, a))
	}
}

// refs reads ids of other elements; whether they exist is checked when all are known.
func (d *decoder) refs(f *model.Field, key string, n *node) {
	items := n.items
	if n.shape == scalar && !n.null {
		items = []*node{n}
	}
	if n.shape == mapping || n.shape == list && f.Kind == model.RefField || n.null {
		d.l.wrongType(n, formula.Textf("%s里的编号", "ids of %s", d.l.sectionLabel(f.Of)))
		return
	}
	if len(items) > maxElements {
		d.l.fail("list_too_long", n.pos, formula.Textf("%s最多 %d 项", "%s takes at most %d members", f.Label, maxElements), text("减少项数", "use fewer"))
		return
	}
	ref := named{key: key, field: f}
	for _, item := range items {
		switch {
		case item.shape != scalar || item.null:
			d.l.wrongType(item, formula.Textf("%s里的编号", "ids of %s", d.l.sectionLabel(f.Of)))
		case slices.Contains(ref.ids, item.text):
			d.l.fail("duplicate_ref", item.pos, formula.Textf("%s 列了两次", "%s is listed twice", show(item.text)), text("删去一个", "delete one"))
		default:
			ref.ids, ref.at = append(ref.ids, item.text), append(ref.at, item.pos)
		}
	}
	d.out.refs = append(d.out.refs, ref)
}

func (l *loader) sectionLabel(key string) model.Text {
	for _, s := range l.schema {
		if s.Key == key {
			return s.Label
		}
	}
	return model.Text{ZH: key, EN: key}
}

// checkRefs looks every reference up, now that all elements are known.
func (l *loader) checkRefs() {
	ids, there := map[string][]string{}, map[string]bool{}
	for _, e := range l.elements {
		ids[e.Section], there[e.Section+"."+e.ID] = append(ids[e.Section], e.ID), true
	}
	for _, e := range l.elements {
		for _, st := range e.fields {
			for _, ref := range st.refs {
				for i, id := range ref.ids {
					if option := optionOf(ref.field.Options, id); option != "" {
						ref.ids[i] = option
					} else if !there[ref.field.Of+"."+id] {
						var known []string
						if l.guessing() {
							known = append(slices.Clone(ids[ref.field.Of]), optionKeys(ref.field.Options)...)
						}
						l.fail("unknown_ref", ref.at[i], formula.Textf("%s里没有 %s%s", "%s has no %s%s", l.sectionLabel(ref.field.Of), show(id), l.guess(id, known)), formula.Textf("可用：%s", "there are: %s", words(known, 30)))
					}
				}
			}
		}
	}
}

// lines reads lines in the rule language.
func (d *decoder) lines(n *node) {
	if n.shape != mapping {
		d.l.wrongType(n, text("一组行：{名称: 公式}", "a set of lines: {name: formula}"))
		return
	}
	for i, k := range n.keys {
		v := n.items[i]
		if !elementID.MatchString(k.text) {
			d.l.fail("bad_id", k.pos, formula.Textf("%s 不能作行的名称", "%s cannot be the name of a line", show(k.text)), text("名称用小写英文字母开头，后面是字母、数字、下划线，最多 40 个；中文名称写在 label", "a name begins with a lower-case letter and holds letters, digits and _, at most 40; the label is for people"))
			continue
		}
		u := model.UserLine{Name: k.text, Unit: formula.Money, Label: k.text}
		if v.shape == scalar {
			v = &node{shape: mapping, keys: []*node{{text: "formula", pos: v.pos}}, items: []*node{v}, pos: v.pos}
		}
		if v.shape != mapping {
			d.l.wrongType(v, text("公式", "a formula"))
			continue
		}
		for j, part := range v.keys {
			d.linePart(&u, part, v.items[j])
		}
		if u.Formula == "" {
			d.l.fail("missing_key", k.pos, formula.Textf("行 %s 缺少 formula（公式）", "the line %s lacks its formula", k.text), text("补上 formula: \"…\"", "add formula: \"…\""))
			continue
		}
		d.out.lines = append(d.out.lines, u)
	}
}

func (d *decoder) linePart(u *model.UserLine, part, x *node) {
	keys := []string{"formula", "opening", "unit", "label", "label_en"}
	switch {
	case !slices.Contains(keys, part.text):
		d.l.unknownKey(part, keys)
	case x.shape != scalar || x.null:
		d.l.wrongType(x, text("文字", "a text"))
	case part.text == "formula":
		u.Formula, u.Pos = x.text, inside(x)
	case part.text == "opening":
		u.Opening, u.OpeningPos = x.text, inside(x)
	case (part.text == "label" || part.text == "label_en") && !d.l.isName(x):
	case part.text == "label":
		u.Label = x.text
	case part.text == "label_en":
		u.LabelEN = x.text
	default:
		i := slices.IndexFunc(formula.Units, func(unit formula.Unit) bool {
			return unit != formula.Choice && (x.text == string(unit) || x.text == unit.Text().ZH || x.text == unit.Text().EN)
		})
		if i < 0 {
			var options []model.Option
			for _, unit := range formula.Units {
				if unit != formula.Choice {
					options = append(options, model.Option{Key: string(unit), Label: unit.Text()})
				}
			}
			d.l.unknownChoice(x, options, false)
			return
		}
		u.Unit = formula.Units[i]
	}
}
