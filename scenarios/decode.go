package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// element is a model.Element being read, and its fields in the base plan.
type element struct {
	*model.Element
	section *model.Section
	kind    *model.Kind
	about   about
	fields  []*state // one per field of the kind, before any layer
}

// state is one field of one element in one scenario: what is written there, and what it means.
type state struct {
	node   *node // nil if absent
	values []value
	refs   []named
	words  []word
	counts []count
	lines  []model.UserLine
	broken bool // it had errors
}

// value is one parameter in one scenario.
type value struct {
	key   string
	field *model.Field
	input formula.Input
	given bool
	node  *node     // what is written; nil where the default stands
	pos   model.Pos // zero where the default stands
	set   model.Pos
	laid  []model.Laid // by layers and --set, one above the other
	about about
}

type named struct {
	key   string
	ids   []string
	at    []model.Pos
	field *model.Field
}

type word struct{ key, value string }

type count struct {
	key   string
	n     int
	short bool
	pad   bool
	pos   model.Pos
}

// about is what may be said of any value beside the value itself.
type about struct {
	source, grade, note string
	from, to            string             // range, as written
	ends                [2]decimal.Decimal // of range
}

var (
	aboutKeys  = []string{"source", "grade", "note", "range"}
	commonKeys = []string{"label", "label_en", "source", "grade", "note"}
	grades     = []string{"A", "B", "C", "D"}

	elementID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	yearShape = regexp.MustCompile(`^\d{4}$`)
)

// sections reads every element of the plan.
func (l *loader) sections(root *node) {
	for i := range l.schema {
		s := &l.schema[i]
		n := root.get(s.Key)
		switch {
		case n == nil || n.null:
			if s.Required {
				at := root.pos
				if n != nil {
					at = n.pos
				}
				l.fail("missing_section", at, formula.Textf("缺少 %s（%s）", "%s (%s) is missing", s.Key, s.Label), formula.Textf("加上一段 %s:", "add a section %s:", s.Key))
			} else if s.Single && !slices.ContainsFunc(s.Kinds[0].Fields, func(f model.Field) bool { return f.Default == "" && !f.Optional }) {
				l.element(s, &node{text: s.Key, pos: root.pos}, &node{shape: mapping, pos: root.pos})
			}
		case n.shape != mapping:
			l.wrongType(n, text("一组键值", "a mapping"))
			l.unread[s.Key] = true
		case s.Single:
			key := n
			for j, k := range root.keys {
				if k.text == s.Key {
					key = root.keys[j]
				}
			}
			l.element(s, key, n)
		default:
			for j, k := range n.keys {
				l.element(s, k, n.items[j])
			}
			if len(n.keys) == 0 && s.Required {
				l.fail("missing_section", n.pos, formula.Textf("%s（%s）是空的", "%s (%s) is empty", s.Key, s.Label), text("至少写一项", "give at least one item"))
			}
		}
	}
}

// element reads one element; id is its key.
func (l *loader) element(s *model.Section, id, n *node) {
	e := &element{Element: &model.Element{Section: s.Key, ID: id.text, Pos: id.pos}, section: s}
	if l.seenElements++; l.seenElements > maxElements {
		if l.seenElements > maxElements+1 {
			return
		}
		l.fail("too_many_elements", id.pos, formula.Textf("计划的项目超过 %d 个", "the plan has more than %d elements", maxElements), text("合并小项目", "merge small ones"))
		return
	}
	if s.Single {
		e.ID = ""
	} else if !elementID.MatchString(id.text) {
		l.fail("bad_id", id.pos, formula.Textf("%s 不能作编号", "%s cannot be an id", show(id.text)), text("编号用小写英文字母开头，后面是字母、数字、下划线，最多 40 个；中文名称写在 label", "an id begins with a lower-case letter and holds letters, digits and _, at most 40; the name goes into label"))
		return
	}
	l.unread[e.Address()] = true
	if n.null {
		n = &node{shape: mapping, pos: n.pos}
	}
	if n.shape != mapping {
		l.wrongType(n, text("一组键值，如 {label: 增值税, history: […]}", "a mapping, such as {label: VAT, history: […]}"))
		return
	}
	if e.kind = l.kindOf(s, id, n); e.kind == nil {
		return
	}
	e.Kind = e.kind.Name
	e.Label, e.LabelEN = l.text(n, "label"), l.text(n, "label_en")
	if e.Label == "" {
		if e.Label = e.LabelEN; s.Single {
			e.Label, e.LabelEN = s.Label.ZH, s.Label.EN
		} else if e.Label == "" {
			e.Label = e.ID
		}
	}
	e.about = l.about(n, about{})
	e.Source, e.Grade, e.Note = e.about.source, e.about.grade, e.about.note
	allowed := commonKeys
	if len(s.Kinds) > 1 {
		allowed = append(slices.Clone(commonKeys), "kind")
	}
	for i, f := range l.children(e.kind.Fields, n, allowed) {
		e.fields = append(e.fields, l.decode(e, &e.kind.Fields[i], f))
	}
	delete(l.unread, e.Address())
	l.elements = append(l.elements, e)
}

// kindOf finds the sort of an element; nil after a problem.
func (l *loader) kindOf(s *model.Section, id, n *node) *model.Kind {
	if len(s.Kinds) == 1 {
		return &s.Kinds[0]
	}
	var names []string
	for i := range s.Kinds {
		names = append(names, s.Kinds[i].Name)
	}
	k := n.get("kind")
	if k == nil || k.shape != scalar || k.null {
		l.fail("missing_kind", id.pos, formula.Textf("%s 没有写 kind（种类）", "%s has no kind", show(id.text)), formula.Textf("kind 可以是：%s", "kind is one of: %s", strings.Join(names, " ")))
		return nil
	}
	for i := range s.Kinds {
		if kind := &s.Kinds[i]; k.text == kind.Name || k.text == kind.Label.ZH || k.text == kind.Label.EN {
			return kind
		}
	}
	l.fail("unknown_kind", k.pos, formula.Textf("没有种类 %s%s", "there is no kind %s%s", show(k.text), l.guess(k.text, names)), formula.Textf("可用：%s", "there are: %s", strings.Join(names, " ")))
	return nil
}

// children finds the node of each field in a mapping; a list's short form becomes a list. Unknown keys are reported.
func (l *loader) children(fields []model.Field, n *node, allowed []string) []*node {
	out := make([]*node, len(fields))
	var known []string
	for i := range fields {
		known = append(known, fields[i].Key)
		if short := fields[i].Short; short != "" {
			known = append(known, short)
		}
	}
	for j, k := range n.keys {
		v := n.items[j]
		i := slices.IndexFunc(fields, func(f model.Field) bool { return f.Key == k.text })
		if i < 0 {
			i = slices.IndexFunc(fields, func(f model.Field) bool { return f.Short == k.text && k.text != "" })
			v = shortList(k, v)
		}
		switch {
		case i >= 0 && out[i] != nil:
			l.fail("both_forms", k.pos, formula.Textf("%s 和 %s 只能写一个", "only one of %s and %s can be given", fields[i].Key, fields[i].Short), text("留下一种写法", "keep one of the two"))
		case i >= 0:
			out[i] = v
		case !slices.Contains(allowed, k.text):
			l.unknownKey(k, append(known, allowed...))
		}
	}
	return out
}

// shortList is the list that a short form stands for.
func shortList(key, v *node) *node {
	member := &node{shape: mapping, keys: []*node{key}, items: []*node{v}, pos: v.pos}
	return &node{shape: list, items: []*node{member}, pos: v.pos, short: true}
}

func (l *loader) unknownKey(k *node, known []string) {
	hint := formula.Textf("可用：%s", "there are: %s", words(known, 30))
	if k.text == "range" || k.text == "value" {
		hint = formula.Textf("%s 写在具体参数里：amount: {value: 300, range: [300, 500]}", "%s belongs to one parameter: amount: {value: 300, range: [300, 500]}", k.text)
	} else if strings.Trim(k.text, "0123456789.") == "" && k.text != "" {
		hint = text("数字里有逗号时要加引号，如 \"1,200\"", "a number with a comma needs quotes here, as in \"1,200\"")
	} else if strings.ContainsAny(k.text, "：:") {
		hint = text("冒号要用半角，后面有一个空格，如 rate: 50%", "a colon is ASCII and is followed by a space, as in rate: 50%")
	}
	l.fail("unknown_key", k.pos, formula.Textf("不认识的键 %s%s", "unknown key %s%s", show(k.text), l.guess(k.text, known)), hint)
}

func (l *loader) wrongType(n *node, want model.Text) {
	l.fail("wrong_type", n.pos, formula.Textf("这里要的是%s，写的是%s", "wanted here is %s, found %s", want, n.describe()), text("对照样例的写法", "compare with the sample"))
}

// text is a key's text; absent or empty is "".
func (l *loader) text(n *node, key string) string {
	v := n.get(key)
	if v == nil {
		return ""
	}
	if v.shape != scalar {
		l.wrongType(v, text("文字", "a text"))
		return ""
	}
	if strings.ContainsFunc(v.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		l.fail("control_character", v.pos, text("文字里有看不见的控制字符", "the text contains control characters"), text("删去后重新输入", "delete them and type it again"))
		return ""
	}
	if key != "note" && key != "source" && !l.isName(v) {
		return ""
	}
	return strings.TrimSpace(v.text)
}

// about reads source, grade, note and range of a mapping; what is missing comes from above.
func (l *loader) about(n *node, above about) about {
	a := about{source: l.text(n, "source"), grade: l.text(n, "grade"), note: l.text(n, "note")}
	if a.source == "" {
		a.source = above.source
	}
	if a.note == "" {
		a.note = above.note
	}
	if a.grade != "" && !slices.Contains(grades, a.grade) {
		l.fail("unknown_grade", n.get("grade").pos, formula.Textf("没有等级 %s", "there is no grade %s", show(a.grade)), text("A 决算或审计数，B 正式文件，C 估计，D 示例", "A audited, B official document, C estimate, D illustrative"))
		a.grade = ""
	}
	if a.grade == "" {
		a.grade = above.grade
	}
	return a
}

// decode reads one field of an element.
func (l *loader) decode(e *element, f *model.Field, n *node) *state {
	d := &decoder{l: l, e: e, out: &state{node: n}}
	before := l.fails
	d.field(f, f.Key, n, model.Pos{}, e.about)
	d.out.broken = l.fails > before
	return d.out
}

// decoder walks one field.
type decoder struct {
	l   *loader
	e   *element
	out *state
}

// field reads what is written under a key. set is where a layer put the whole, a what was said of it above.
func (d *decoder) field(f *model.Field, key string, n *node, set model.Pos, a about) {
	if n == nil {
		if n = d.l.standard(f); n == nil {
			d.absent(f, key, a)
			return
		}
	}
	if n.set.File != "" {
		set = n.set
	}
	switch f.Kind {
	case model.ChoiceField:
		d.choice(f, key, n, set, a)
	case model.TextField:
		if d.filled(n, f) && d.l.isName(n) {
			d.out.words = append(d.out.words, word{key, strings.TrimSpace(n.text)})
		}
	case model.SwitchField:
		d.switchField(f, key, n)
	case model.RefField, model.RefsField:
		d.refs(f, key, n)
	case model.GroupField:
		if n.shape != mapping {
			d.l.wrongType(n, formula.Textf("一组键值（%s）", "a mapping (%s)", keysOf(f.Fields)))
			return
		}
		d.members(f.Fields, key, n, set, d.l.about(n, a))
	case model.OneOfField:
		d.oneOf(f, key, n, set, a)
	case model.ListField:
		d.list(f, key, n, set, a)
	case model.LinesField:
		d.lines(n)
	case model.FormulaField:
		if d.filled(n, f) {
			d.out.lines = append(d.out.lines, model.UserLine{Name: f.Key, Formula: n.text, Unit: orMoney(f.Unit), Label: f.Label.ZH, LabelEN: f.Label.EN, Pos: inside(n)})
		}
	default:
		d.number(f, key, n, set, a)
	}
}

// absent deals with a key that is not there and has no default.
func (d *decoder) absent(f *model.Field, key string, a about) {
	switch {
	case f.Optional || f.Kind == model.LinesField:
	case f.Kind == model.GroupField:
		for i := range f.Fields {
			d.field(&f.Fields[i], key+"."+f.Fields[i].Key, nil, model.Pos{}, a)
		}
	case f.Kind == model.SwitchField:
		d.out.words = append(d.out.words, word{key, "false"})
	default:
		d.l.fail("missing_key", d.e.Pos, formula.Textf("%s 缺少 %s（%s）", "%s lacks %s (%s)", d.e.Address(), key, f.Label), d.l.example(f))
	}
}

// example shows how a missing field is written.
func (l *loader) example(f *model.Field) model.Text {
	switch {
	case f.Short != "":
		return formula.Textf("补上 %s: 50%% 或 %s: [{…}]", "add %s: 50%% or %s: [{…}]", f.Short, f.Key)
	case f.Kind == model.OneOfField || f.Kind == model.GroupField:
		return formula.Textf("补上 %s: {…}，键为：%s", "add %s: {…} with: %s", f.Key, keysOf(f.Fields))
	case f.Kind == model.ChoiceField:
		return formula.Textf("补上 %s，可选：%s", "add %s, one of: %s", f.Key, optionsOf(f.Options))
	case f.Series == model.History:
		return formula.Textf("补上 %s: […]，历史年份每年一个数", "add %s: […] with a number per history year", f.Key)
	}
	return formula.Textf("补上 %s: …", "add %s: …", f.Key)
}

// members reads the fields of a mapping.
func (d *decoder) members(fields []model.Field, key string, n *node, set model.Pos, a about) {
	for i, child := range d.l.children(fields, n, aboutKeys) {
		d.field(&fields[i], key+"."+fields[i].Key, child, set, a)
	}
}

// standard is the default of a field as a node, nil if it has none.
func (l *loader) standard(f *model.Field) *node {
	if f.Default == "" {
		return nil
	}
	if n, ok := l.defaults[f]; ok {
		return n
	}
	s := f.Default
	switch s {
	case "first_year":
		s = fmt.Sprint(l.plan.Calendar.Actual + 1)
	case "last_actual_year":
		s = fmt.Sprint(l.plan.Calendar.Actual)
	case "plan_years":
		s = fmt.Sprint(max(1, l.plan.Calendar.Last-l.plan.Calendar.Actual))
	}
	n := &node{text: s, def: true}
	if s[0] == '{' || s[0] == '[' {
		n = l.parse([]byte(s), "", model.Pos{})
		n.def = true
	}
	l.defaults[f] = n
	return n
}

// filled checks for a text.
func (d *decoder) filled(n *node, f *model.Field) bool {
	if n.shape != scalar {
		d.l.wrongType(n, text("文字", "a text"))
		return false
	}
	if n.null || strings.TrimSpace(n.text) == "" {
		d.l.fail("missing_text", n.pos, formula.Textf("%s是空的", "%s is empty", f.Label), text("填上内容，或删去这个键", "fill it in, or delete the key"))
		return false
	}
	return true
}

func (d *decoder) switchField(f *model.Field, key string, n *node) {
	yes, ok := switchWord(n.text)
	if n.shape != scalar || !ok {
		d.l.wrongType(n, text(" true（是）或 false（否）", "true or false"))
		return
	}
	d.out.words = append(d.out.words, word{key, fmt.Sprint(yes)})
}

func keysOf(fields []model.Field) string {
	var keys []string
	for i := range fields {
		keys = append(keys, fields[i].Key)
	}
	return strings.Join(keys, " ")
}

func orMoney(u formula.Unit) formula.Unit {
	if u == "" {
		return formula.Money
	}
	return u
}

// inside is where the text of a scalar begins, past its quote.
func inside(n *node) model.Pos {
	p := n.pos
	if n.quoted {
		p.Col++
		p.Len -= 2
	}
	return p
}
