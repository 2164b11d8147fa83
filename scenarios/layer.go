package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// change is one entry being laid over one scenario.
type change struct {
	l   *loader
	en  *entry
	rel *relative // nil for a replacement
}

// lay applies an entry to one scenario's states. It tells whether any value is different afterwards.
func (l *loader) lay(en *entry, states [][]*state) (changed bool) {
	l.resolve(en)
	if l.changes > maxChanges { // which has been said
		return true
	}
	c := &change{l: l, en: en}
	rel, bad := en.change()
	if bad != nil {
		l.fail(bad.code, en.value.pos, bad.text, bad.hint)
		return true
	}
	if l.changes += l.figures(en); l.changes > maxChanges {
		l.fail("too_many_changes", en.key.pos, formula.Textf("各情景的层合计改动超过 %d 个数（逐年计）", "the layers of all scenarios change more than %d figures, year by year", maxChanges), text("减少情景，或把共同的改动写进计划", "use fewer scenarios, or put what they share into the plan"))
		return true
	}
	for _, t := range en.targets {
		e := l.elements[t.element]
		old := states[t.element][t.field]
		if c.rel = rel.of(t.leaf); c.rel != rel && !c.percentOfRatio(rel) {
			return true
		}
		if e.fields[t.field].broken && (c.rel != nil || len(t.path) > 0) {
			changed = true // the plan itself is wrong here, which has been said
			continue
		}
		f := &e.kind.Fields[t.field]
		n, ok := c.put(f, old.node, t)
		if !ok {
			changed = true
			continue
		}
		now := l.decode(e, f, n)
		if now.broken || !c.sameStructure(e.fields[t.field], now) {
			changed = true
			continue
		}
		c.record(f, t, old, now)
		changed = changed || !l.sameValues(old, now)
		states[t.element] = slices.Clone(states[t.element])
		states[t.element][t.field] = now
	}
	return changed
}

// figures is how much there is to do for an entry, in one scenario: the years of every place that it changes.
func (l *loader) figures(en *entry) int {
	n := 1
	for _, t := range en.targets {
		n++
		if f := &l.elements[t.element].kind.Fields[t.field]; f.Series != "" && f.Series != model.Scalar {
			from, to := l.years(f)
			n += to - from
		}
	}
	return n
}

func (c *change) put(f *model.Field, n *node, t target) (*node, bool) {
	if !t.short {
		return c.at(f, n, t.path)
	}
	if n != nil && n.short {
		return c.at(f, n, t.path)
	}
	if n != nil {
		c.whichMember(f, n, c.l.elements[t.element].Address())
		return nil, false
	}
	if c.rel != nil || len(t.path) > 2 {
		return c.nothingThere(f)
	}
	v := c.replacement()
	list := shortList(&node{text: f.Short, pos: c.en.key.pos}, v)
	list.set = v.set
	return list, true
}

// percentOfRatio says how ±n% of a ratio is read: -5% is the value, as in the plan; +10% could be that or a change. It is false if refused.
func (c *change) percentOfRatio(rel *relative) bool {
	written := strings.TrimSpace(c.en.value.text)
	points := strings.TrimSpace(strings.TrimSuffix(written, "%"))
	if strings.HasPrefix(written, "+") {
		c.l.fail("percent_of_ratio", c.en.value.pos, formula.Textf("比率写 %s 有三种读法：改成 %[2]s%%、加 %[2]s 个百分点、乘以 %[3]s", "%s on a ratio can be read in three ways: set to %[2]s%%, %[2]s points more, or times %[3]s", written, points[1:], rel.times),
			formula.Textf("写 %[2]s%%、%[1]spp 或 ×%[3]s", "write %[2]s%%, %[1]spp or ×%[3]s", points, points[1:], rel.times))
		return false
	}
	if !c.en.table {
		c.l.warn("ambiguous_percent", c.en.value.pos, formula.Textf("%s 在比率上就是改成 %s，不是减少百分之几", "%s on a ratio sets it to %s; it is not so much less", written, written),
			formula.Textf("要减 %s 个百分点写 %spp，要按比例减少写 ×%s；确是 %s 就写 \"=%s\"，不再提醒", "for %s points less write %spp, for a factor ×%s; if %s is meant, \"=%s\" says so without this warning", points[1:], points, rel.times, written, written))
	}
	return true
}

// whichMember refuses the short form of a list that is written out: it does not say which member it means, or that the list goes.
func (c *change) whichMember(f *model.Field, n *node, element string) {
	value := c.en.value.text
	if c.en.value.shape != scalar || c.rel != nil {
		value = "…"
	}
	c.l.fail("which_member", c.en.key.pos, formula.Textf("%[1]s 写了 %[3]d 个%[2]s（%[5]s 第 %[6]d 行），%[4]s 有两种读法：改其中的，或全部换成一个", "%[1]s has %[3]d members in %[7]s (line %[6]d of %[5]s); %[4]s can be read in two ways: change some of them, or put one in place of all",
		element, f.Label, len(n.items), f.Short, n.pos.File, n.pos.Line, f.Key),
		formula.Textf("改第一个写 %[1]s.1.%[2]s，改每一个写 %[1]s.*.%[2]s；全部换成一个，%[1]s 写 [{%[2]s: %[3]s}]", "for the first write %[1]s.1.%[2]s, for each %[1]s.*.%[2]s; in place of all, give %[1]s the value [{%[2]s: %[3]s}]", element+"."+f.Key, f.Short, value))
}

// replacement is the entry's value as it stands in the tree.
func (c *change) replacement() *node {
	v := *c.en.value
	v.set = v.pos
	if after, ok := strings.CutPrefix(v.text, "="); ok && v.shape == scalar {
		v.text = strings.TrimSpace(after)
	}
	return &v
}

func (c *change) computed(d decimal.Decimal) *node {
	at := c.en.value.pos
	return &node{number: &d, pos: at, set: at}
}

// at makes the node of a field after the change at a path below it.
func (c *change) at(f *model.Field, n *node, path []string) (*node, bool) {
	if n == nil {
		n = c.l.standard(f)
	}
	if len(path) == 0 {
		if c.rel == nil {
			return c.fromYear(f, n, c.replacement()), true
		}
		return c.relativeTo(f, n)
	}
	switch head := path[0]; {
	case f.Kind == model.ListField:
		return c.inList(f, n, head, path[1:])
	case yearShape.MatchString(head) && (f.Kind == "" || f.Kind == model.NumberField):
		return c.inYear(f, n, head)
	default:
		return c.inMapping(f, n, head, path[1:])
	}
}

// fromYear completes a map by year that begins after the first plan year: until then the plan's own values stay.
func (c *change) fromYear(f *model.Field, n, v *node) *node {
	from, to := c.l.years(f)
	if f.Series != model.Held || v.shape != mapping || n == nil || !c.l.calendarKnown {
		return v
	}
	n = plain(n)
	given := slices.ContainsFunc(v.keys, func(k *node) bool { return yearShape.MatchString(k.text) })
	if !given || isAlternative(f, n) || n.shape == scalar && optionOf(f.Options, strings.TrimSpace(n.text)) != "" {
		return v
	}
	in, ok := c.l.series(f, n)
	for year := from; ok && year <= to && v.get(strconv.Itoa(year)) == nil; year++ {
		d := in.At(c.l.plan.Calendar.Col(year))
		v = v.with(strconv.Itoa(year), &node{number: &d, pos: n.pos})
	}
	return v
}

func (c *change) nothingThere(f *model.Field) (*node, bool) {
	c.l.fail("nothing_there", c.en.key.pos, formula.Textf("计划里没有给“%s”，无从增减", "the plan gives no “%s” that could be changed", f.Label), text("先在计划文件里给出，或在层里写整个值", "give it in the plan, or write the whole value in the layer"))
	return nil, false
}

func (c *change) inList(f *model.Field, n *node, head string, rest []string) (*node, bool) {
	if n == nil || n.shape != list {
		return c.nothingThere(f)
	}
	out := *n
	out.items = slices.Clone(n.items)
	out.def = false
	hit := false
	for i, item := range n.items {
		if head != "*" && head != strconv.Itoa(i+1) || item.shape != mapping {
			continue
		}
		hit = true
		member := &f.Fields[slices.IndexFunc(f.Fields, func(m model.Field) bool { return m.Key == rest[0] })]
		v, ok := c.at(member, item.get(rest[0]), rest[1:])
		if !ok {
			return nil, false
		}
		if n.short && rest[0] != f.Short {
			out.short = false
		}
		out.items[i] = item.with(rest[0], v)
	}
	if !hit {
		c.l.fail("no_such_member", c.en.key.pos, formula.Textf("%s 没有第 %s 项，共 %d 项", "%s has no member %s; it has %d", f.Key, head, len(n.items)), text("从 1 数起；要增加项，写整个列表", "count from 1; to add a member write the whole list"))
		return nil, false
	}
	return &out, true
}

// inMapping changes one key of a group, a one-of or an alternative mapping.
func (c *change) inMapping(f *model.Field, n *node, head string, rest []string) (*node, bool) {
	member := &f.Fields[slices.IndexFunc(f.Fields, func(m model.Field) bool { return m.Key == head })]
	there := n.get(head)
	holds := n != nil && n.shape == mapping && (f.Kind == model.GroupField || there != nil || f.Kind != model.OneOfField && isAlternative(f, n))
	bare := n != nil && n.shape == scalar && n.text == head
	if !holds && !bare && f.Kind != model.GroupField && (c.rel != nil || len(rest) > 0) {
		c.l.fail("not_chosen", c.en.key.pos, formula.Textf("计划里%s用的不是 %s", "in the plan, %s does not use %s", f.Label, head), formula.Textf("要换成它，写 %s: {%s: …}", "to switch to it, write %s: {%s: …}", f.Key, head))
		return nil, false
	}
	v, ok := c.at(member, there, rest)
	if !ok {
		return nil, false
	}
	if holds {
		return n.with(head, v), true
	}
	fresh := &node{shape: mapping, keys: []*node{{text: head, pos: c.en.key.pos}}, items: []*node{v}, pos: c.en.value.pos}
	if f.Kind != model.GroupField {
		fresh.set = fresh.pos
	}
	return fresh, true
}

// plain takes {value: …} apart.
func plain(n *node) *node {
	if v := n.get("value"); v != nil {
		return v
	}
	return n
}

// relativeTo applies a relative change to what stands there.
func (c *change) relativeTo(f *model.Field, n *node) (*node, bool) {
	if f.Kind != "" && f.Kind != model.NumberField || f.Series == model.History {
		c.l.fail("relative_not_number", c.en.value.pos, formula.Textf("%s不能增减，只能整个替换", "%s cannot be changed by an amount, only replaced", f.Label), text("写出新的值", "write the new value"))
		return nil, false
	}
	if n == nil {
		return c.nothingThere(f)
	}
	n = plain(n)
	if isAlternative(f, n) {
		out := n
		for i := range f.Fields {
			m := &f.Fields[i]
			if m.Unit != f.Unit || n.get(m.Key) == nil {
				continue
			}
			v, ok := c.relativeTo(m, n.get(m.Key))
			if !ok {
				return nil, false
			}
			out = out.with(m.Key, v)
		}
		return out, true
	}
	if !c.allowed(f) {
		return nil, false
	}
	if n.shape == scalar && optionOf(f.Options, strings.TrimSpace(n.text)) != "" {
		return c.pointsOnMethod(f, n)
	}
	in, ok := c.l.series(f, n)
	if !ok {
		return nil, false
	}
	if in.ByYear == nil {
		return c.computed(c.rel.apply(in.Same, f.Unit)), true
	}
	out := &node{shape: list, pos: c.en.value.pos, set: c.en.value.pos}
	from, to := c.l.years(f)
	for year := from; year <= to; year++ {
		out.items = append(out.items, c.computed(c.rel.apply(in.At(c.l.plan.Calendar.Col(year)), f.Unit)))
	}
	return out, true
}

// pointsOnMethod adds points to what a method will give: the word stays, the number beside it is the sum of the points.
func (c *change) pointsOnMethod(f *model.Field, n *node) (*node, bool) {
	if !c.rel.times.Equal(decimal.NewFromInt(1)) {
		c.l.fail("relative_on_word", c.en.key.pos, formula.Textf("%s在计划里写的是 %s，由历年推算，只能加减百分点", "%s is given as %s in the plan and derived from history; only points can be added to it", f.Label, show(n.text)), text("写 -2pp，或在层里写新的值", "write -2pp, or a new value"))
		return nil, false
	}
	points := c.rel.plus
	if n.number != nil {
		points = points.Add(*n.number)
	}
	out := *n
	out.number, out.set, out.def = &points, c.en.value.pos, false
	return &out, true
}

// allowed checks a relative change against the unit.
func (c *change) allowed(f *model.Field) bool {
	if !c.rel.plus.IsZero() && f.Unit != formula.Ratio {
		c.l.fail("points_of_ratio_only", c.en.value.pos, formula.Textf("百分点（pp）只能用于比率，%s的单位是%s", "points (pp) are for ratios; the unit of %s is %s", f.Label, f.Unit.Text()), text("按比例增减写 +10% 或 ×0.9", "for a proportional change write +10% or ×0.9"))
		return false
	}
	return true
}

// inYear changes the value of one year; the others keep theirs.
func (c *change) inYear(f *model.Field, n *node, head string) (*node, bool) {
	if n == nil {
		return c.nothingThere(f)
	}
	n = plain(n)
	if isAlternative(f, n) || n.shape == scalar && optionOf(f.Options, strings.TrimSpace(n.text)) != "" {
		c.l.fail("not_chosen", c.en.key.pos, formula.Textf("%s在计划里没有逐年的数", "%s has no values by year in the plan", f.Label), text("在层里写整个值", "write the whole value in the layer"))
		return nil, false
	}
	if c.rel != nil && f.Series == model.History {
		return c.relativeTo(f, n)
	}
	if c.rel != nil && !c.allowed(f) {
		return nil, false
	}
	in, ok := c.l.series(f, n)
	if !ok {
		return nil, false
	}
	out := &node{shape: list, pos: c.en.value.pos, set: c.en.value.pos}
	from, to := c.l.years(f)
	for year := from; year <= to; year++ {
		d := in.At(c.l.plan.Calendar.Col(year))
		item := &node{number: &d, pos: n.pos}
		switch {
		case head != strconv.Itoa(year):
		case c.rel != nil:
			item = c.computed(c.rel.apply(d, f.Unit))
		default:
			item = c.replacement()
		}
		out.items = append(out.items, item)
	}
	return out, true
}

// sameStructure checks that a layer left structure alone: texts, switches, references, and the length of most lists.
func (c *change) sameStructure(base, now *state) bool {
	for _, w := range now.words {
		if !slices.Contains(base.words, w) {
			c.l.structural(c.en)
			return false
		}
	}
	for i, ref := range now.refs {
		if i >= len(base.refs) || !slices.Equal(ref.ids, base.refs[i].ids) {
			c.l.structural(c.en)
			return false
		}
	}
	for _, k := range now.counts {
		i := slices.IndexFunc(base.counts, func(b count) bool { return b.key == k.key })
		if !k.pad && (i < 0 || base.counts[i].n != k.n) {
			c.l.fail("list_length", c.en.value.pos, formula.Textf("%s 的项数各情景要相同", "%s must have the same number of members in all scenarios", k.key), text("按计划里的项数写", "write as many members as the plan has"))
			return false
		}
	}
	return true
}

// sameValues compares two states of a field.
func (l *loader) sameValues(a, b *state) bool {
	return slices.EqualFunc(a.values, b.values, func(x, y value) bool {
		if x.key != y.key || x.input.Option != y.input.Option {
			return false
		}
		if x.input.ByYear == nil && y.input.ByYear == nil {
			return x.input.Same.Equal(y.input.Same)
		}
		for from, to := l.years(x.field); from <= to; from++ {
			col := l.plan.Calendar.Col(from)
			if !x.input.At(col).Equal(y.input.At(col)) {
				return false
			}
		}
		return true
	})
}
