package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// run lays the layers over every scenario and builds the plan's elements from what comes out.
func (l *loader) run() {
	if l.outgrown() {
		return
	}
	base := make([][]*state, len(l.elements))
	for i, e := range l.elements {
		base[i] = e.fields
	}
	idle := map[*layer][]string{}
	clashes := map[clash][]string{}
	var all [][][]*state
	declared := len(l.plan.Scenarios) - len(l.variants)
	for i, s := range l.plan.Scenarios {
		states := slices.Clone(base)
		written := map[place][]write{}
		for _, id := range s.Layers {
			y := l.layer(id)
			changed := false
			for _, en := range y.entries {
				changed = l.lay(en, states) || changed
				note(written, y, en, s.ID, clashes)
			}
			if !changed {
				idle[y] = append(idle[y], s.ID)
			}
		}
		if l.overrides != nil {
			for _, en := range l.overrides.entries {
				l.lay(en, states)
				note(written, l.overrides, en, s.ID, clashes)
			}
		}
		if i >= declared {
			for _, en := range l.variants[i-declared].entries {
				l.lay(en, states)
			}
		}
		all = append(all, states)
	}
	l.warnLayers(base, idle, clashes)
	if l.failed() {
		return
	}
	l.unlikely(all[:declared])
	l.alike(all[:declared])
	for i, e := range l.elements {
		l.plan.Elements = append(l.plan.Elements, l.assemble(e, i, all))
	}
	if l.failed() {
		return
	}
	l.warnSources()
}

// outgrown refuses more parameters and scenarios than fit into memory, before they are laid out.
func (l *loader) outgrown() bool {
	n := 0
	for _, e := range l.elements {
		for _, s := range e.fields {
			n += len(s.values)
		}
	}
	all, most := len(l.plan.Scenarios), l.plan.MostInputs()
	if n*all <= most {
		return false
	}
	l.fail("too_many_inputs", l.plan.Scenarios[all-1].Pos, formula.Textf("%d 个参数 × %d 个情景超出 %d GB 内存所能容纳的 %d：一次最多 %d 个情景", "%d parameters × %d scenarios are more than fit into %d GB of memory, which is %d: at most %d scenarios at a time",
		n, all, model.MostMemory>>30, most, most/n), text("用 --scenario 只读其中几个情景，或合并小项目", "read some of the scenarios with --scenario, or join small items"))
	return true
}

// place is a field of an element.
type place struct{ element, field int }

// write is what a layer changed there in a scenario.
type write struct {
	path  []string
	layer *layer
	en    *entry
}

// clash is an entry that replaces what an earlier layer changed, or an earlier entry of the same layer.
type clash struct {
	first, second *layer
	en            *entry
	over          *entry // of the same layer; nil otherwise
}

// note records what an entry changes and finds the earlier layers it overrules, and the earlier entries of its own layer of which it leaves nothing. A relative change goes on from
// what is there, and overrules nothing.
func note(written map[place][]write, y *layer, en *entry, scenario string, clashes map[clash][]string) {
	rel, _ := en.change()
	for _, t := range en.targets {
		replaces := rel.of(t.leaf) == nil
		at := place{t.element, t.field}
		for _, w := range written[at] {
			if !replaces || w.en == en || !overlap(w.path, t.path) {
				continue
			}
			c := clash{w.layer, y, en, nil}
			if w.layer == y {
				if c.over = w.en; !en.coversOnce(w.en) {
					continue
				}
			}
			if s := clashes[c]; len(s) == 0 || s[len(s)-1] != scenario {
				clashes[c] = append(s, scenario)
			}
		}
		if len(written[at]) < maxListMembers {
			written[at] = append(written[at], write{t.path, y, en})
		}
	}
}

// covers: nothing that the other entry changed is left. Of a map by year something may be: the years before the first it names.
func (en *entry) covers(other *entry) bool {
	return en.value.shape != mapping && !slices.ContainsFunc(other.targets, func(o target) bool {
		i, there := slices.BinarySearchFunc(en.targets, o, func(t, o target) int { return t.element - o.element }) // an address names one place of an element
		return !there || en.targets[i].field != o.field || len(en.targets[i].path) > len(o.path) || !overlap(en.targets[i].path, o.path)
	})
}

// coversOnce is covers, which is the same in every scenario.
func (en *entry) coversOnce(other *entry) bool {
	covers, known := en.covered[other]
	if !known {
		if en.covered == nil {
			en.covered = map[*entry]bool{}
		}
		covers = en.covers(other)
		en.covered[other] = covers
	}
	return covers
}

// overlap: one path leads to the other, * standing for any part.
func overlap(a, b []string) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && a[i] != "*" && b[i] != "*" {
			return false
		}
	}
	return true
}

func (l *loader) warnLayers(base [][]*state, idle map[*layer][]string, clashes map[clash][]string) {
	for _, y := range l.layers {
		if !y.used {
			states := slices.Clone(base)
			for _, en := range y.entries {
				l.lay(en, states)
			}
			l.warn("unused_layer", y.at, formula.Textf("层 %s 没有情景使用", "no scenario uses the layer %s", y.id), text("列入某个情景的 layers，或删去", "list it in a scenario's layers, or delete it"))
		}
		if ids := idle[y]; len(ids) > 0 && !l.failed() {
			l.warn("layer_without_effect", y.at, formula.Textf("层 %s 在这些情景里什么也没有改变：%s", "the layer %s changes nothing in these scenarios: %s", y.id, scenarioNames(ids)), text("值和计划里的一样，或被后面的写法抵消；核对地址和值", "its values equal the plan's; check addresses and values"))
		}
	}
	for c, ids := range clashes {
		switch {
		case c.over != nil:
			l.warn("entry_overwritten", c.over.key.pos, formula.Textf("%s 里的 %s 全被后面的 %s 盖住，不起作用", "in %s, %s is wholly replaced by %s after it and does nothing", c.second.id, c.over.key.text, c.en.key.text), text("先写一般的、后写个别的，或删去一处", "write the general first and the particular after it, or delete one of them"))
			continue
		case c.second == l.overrides:
			l.warn("set_over_layer", c.en.key.pos, formula.Textf("--set %s 盖住了层 %s 的设定（情景 %s）", "--set %s replaces what the layer %s says (scenarios %s)", c.en.key.text, c.first.id, scenarioNames(ids)), text("情景之间的这一差别没有了；只想改计划本身，就改计划文件", "what sets the scenarios apart here is gone; to change the plan alone, change its file"))
			continue
		}
		l.warn("layers_conflict", c.en.key.pos, formula.Textf("层 %s 和 %s 都设定了 %s，以后者为准（情景 %s）", "the layers %s and %s both set %s; the latter counts (scenarios %s)", c.first.id, c.second.id, c.en.key.text, scenarioNames(ids)), text("去掉一处，或调整层的先后", "remove one of them, or reorder the layers"))
	}
}

// assemble gathers one element's values from all scenarios.
func (l *loader) assemble(e *element, at int, all [][][]*state) *model.Element {
	out := e.Element
	out.Params, out.Refs, out.Words = map[string]*model.Param{}, map[string][]string{}, map[string]string{}
	out.Count, out.ShortForm = map[string]int{}, map[string]bool{}
	for i, own := range e.fields {
		for _, w := range own.words {
			out.Words[w.key] = w.value
		}
		for _, r := range own.refs {
			out.Refs[r.key] = r.ids
		}
		out.Lines = append(out.Lines, own.lines...)
		l.gather(out, own, func(s int) *state { return all[s][at][i] })
	}
	return out
}

// gather merges one field's states into parameters with a value per scenario.
func (l *loader) gather(out *model.Element, own *state, in func(scenario int) *state) {
	n := len(l.plan.Scenarios)
	there := map[string][]bool{}
	for s := range n {
		st := in(s)
		for _, k := range st.counts {
			if s == 0 {
				out.ShortForm[k.key] = k.short
			}
			out.Count[k.key] = max(out.Count[k.key], k.n)
			out.ShortForm[k.key] = out.ShortForm[k.key] && k.short
		}
		for _, v := range st.values {
			p := out.Params[v.key]
			if p == nil {
				p = &model.Param{Key: v.key, Field: v.field, Values: make([]formula.Input, n), Given: make([]bool, n), SetAt: make([]model.Pos, n), Laid: make([][]model.Laid, n),
					Source: v.about.source, Grade: v.about.grade, Note: v.about.note, Range: [2]string{v.about.from, v.about.to}, Ends: v.about.ends, Pos: out.Pos}
				if v.pos.File != "" {
					p.Pos = v.pos
				}
				out.Params[v.key], there[v.key] = p, make([]bool, n)
			}
			p.Values[s], p.Given[s], p.SetAt[s], p.Laid[s], there[v.key][s] = v.input, v.given, v.set, v.laid, true
		}
	}
	for _, v := range own.values { // what the plan itself says of a value, whatever --set made of it
		if p := out.Params[v.key]; p != nil {
			p.Plain = v.input
			p.Source, p.Grade, p.Note, p.Range, p.Ends, p.Pos = v.about.source, v.about.grade, v.about.note, [2]string{v.about.from, v.about.to}, v.about.ends, out.Pos
			if v.given {
				p.Pos = v.pos
			}
		}
	}
	for _, p := range out.Params {
		if !slices.Contains(p.Given, true) {
			p.Source, p.Grade = "", "" // a default comes from no document
		}
	}
	for key, has := range there {
		for s, ok := range has {
			if !ok {
				l.fill(out, key, s, in(s))
			}
		}
	}
}

// fill gives a parameter its value in a scenario where nothing is written: a shorter list repeats its last member, an optional
// number is 0 and not given.
func (l *loader) fill(out *model.Element, key string, s int, st *state) {
	p := out.Params[key]
	for _, k := range st.counts {
		rest, ok := strings.CutPrefix(key, k.key+".")
		if !ok || !k.pad {
			continue
		}
		_, member, _ := strings.Cut(rest, ".")
		last := fmt.Sprintf("%s.%d.%s", k.key, k.n, member)
		for _, v := range st.values {
			if v.key == last {
				p.Values[s], p.Given[s] = v.input, v.given
				return
			}
		}
	}
	if p.Field.Kind == model.ChoiceField {
		p.Values[s].Option = p.Field.Options[0].Key
	}
}

// warnSources says once how many parameters lack a source, and whether illustrative figures are used.
func (l *loader) warnSources() {
	var without []string
	var firstWithout model.Pos
	illustrative := l.plan.Graded()["D"]
	for _, e := range l.plan.Elements {
		var params []*model.Param
		for _, p := range e.Params {
			if p.Given[0] && p.Field.Kind != model.ChoiceField {
				params = append(params, p)
			}
		}
		slices.SortFunc(params, func(a, b *model.Param) int {
			if a.Pos.Line != b.Pos.Line {
				return a.Pos.Line - b.Pos.Line
			}
			return a.Pos.Col - b.Pos.Col
		})
		for _, p := range params {
			if p.Source == "" {
				if without = append(without, e.Address()+"."+p.Key); len(without) == 1 {
					firstWithout = p.Pos
				}
			}
		}
		l.checkDerived(e)
	}
	if len(without) > 0 {
		l.warn("no_source", firstWithout, formula.Textf("%d 个参数没有注明来源：%s", "%d parameters have no source: %s", len(without), words(without, 3)), text("给项目或参数加 source: 文件名称、条款、日期", "add source: document, clause, date to the element or the parameter"))
	}
	if len(illustrative) > 0 {
		l.warn("illustrative", l.posOf(illustrative[0]), formula.Textf("%d 项输入是示例数（等级 D）：%s；成果会标明“含示例数据”", "%d inputs are illustrative (grade D): %s; outputs will say so", len(illustrative), words(illustrative, 3)), text("换成真实数后，把 grade 改为 A、B 或 C", "after entering real figures set the grade to A, B or C"))
	}
}

// posOf is where the parameter or the layer at an address is written.
func (l *loader) posOf(address string) (at model.Pos) {
	for _, e := range l.plan.Elements {
		if key, ok := strings.CutPrefix(address, e.Address()+"."); ok && e.Params[key] != nil {
			return e.Params[key].Pos
		}
	}
	for _, y := range l.layers {
		if address == "layers."+y.id {
			return y.at
		}
	}
	return at
}

// checkDerived: a growth rate can be derived from history only if there are three years or more. That all are above 0 is for the rule book to say.
func (l *loader) checkDerived(e *model.Element) {
	history := e.Params["history"]
	if history == nil || history.Field.Series != model.History {
		return
	}
	for _, p := range e.Params {
		if !strings.HasSuffix(p.Key, "_method") {
			continue
		}
		for s := range p.Values {
			if p.Values[s].Option == "given" {
				continue
			}
			at := p.Pos
			if p.SetAt[s].File != "" {
				at = p.SetAt[s]
			}
			if c := l.plan.Calendar; c.Zero()+1 < 3 {
				l.fail("history_too_short", at, formula.Textf("历史只有 %d 年，不能推算增长率", "with %d years of history no growth can be derived", c.Zero()+1), text("至少要三年实绩；或直接写增长率", "three years of actuals are needed; or give the growth rate"))
				return
			}
		}
	}
}
