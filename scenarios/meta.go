package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

var (
	textKeys     = []string{"town", "county", "title", "title_en", "version"}
	metaKeys     = append(slices.Clone(textKeys), "status", "years", "history", "include", "order", "layers", "scenarios", "uncertainty", "sweeps")
	layerKeys    = []string{"label", "label_en", "set", "source", "note", "date", "grade"}
	scenarioKeys = []string{"id", "label", "label_en", "layers", "edition", "fallback"}

	planID     = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)
	yearsShape = regexp.MustCompile(`^(\d{4})(?:\s*-\s*(\d{4}))?$`)
)

// layer is a named set of changes.
type layer struct {
	id      string
	at      model.Pos
	entries []*entry
	used    bool
}

// entry is one address and its new value.
type entry struct {
	key, value *node
	targets    []target
	resolved   bool
	rel        *relative // what its text is as a change, once asked
	relFault   *fault
	parsed     bool
	covered    map[*entry]bool // entries judged by covers
	table      bool            // a value of a range, a grid or a table of towns, where no one takes -5% for a change
}

// change is what the text of an entry says as a change of what is there; nil if it replaces that.
func (en *entry) change() (*relative, *fault) {
	if !en.parsed && en.value.shape == scalar {
		en.rel, en.relFault = parseRelative(en.value.text)
	}
	en.parsed = true
	return en.rel, en.relFault
}

// meta reads everything in a plan that is not about money.
func (l *loader) meta(root *node, files []layerFile) {
	known := slices.Clone(metaKeys)
	for _, s := range l.schema {
		known = append(known, s.Key)
	}
	for i, k := range root.keys {
		if !slices.Contains(known, k.text) && !strings.HasPrefix(k.text, "x-") {
			l.unknownKey(k, known)
		} else if slices.Contains(textKeys, k.text) && root.items[i].shape != scalar {
			l.wrongType(root.items[i], text("文字", "a text"))
		}
	}
	p := l.plan
	for i, into := range []*string{&p.Town, &p.County, &p.Title, &p.TitleEN, &p.Version} {
		if v := root.get(textKeys[i]); v != nil && v.shape == scalar && l.isName(v) {
			*into = strings.TrimSpace(v.text)
		}
	}
	if n := root.get("status"); n != nil {
		switch n.text {
		case "草案", "draft":
		case "报送", "submitted":
			p.Status = "报送"
		default:
			l.fail("unknown_status", n.pos, formula.Textf("没有状态 %s", "there is no status %s", show(n.text)), text("可选：草案 报送", "choose from: 草案 (draft) 报送 (submitted)"))
		}
	}
	l.calendar(root)
	l.order(root.get("order"))
	l.declareLayers(root.get("layers"), files)
	l.declareScenarios(root.get("scenarios"))
}

// calendar reads years and history.
func (l *loader) calendar(root *node) {
	first, last, ok := l.span(root, "years", "2022-2026", text("测算年份", "plan years"))
	from, actual, good := l.span(root, "history", "2017-2021", text("历史年份", "history"))
	if !ok || !good {
		return
	}
	if actual != first-1 {
		l.fail("history_gap", root.get("history").pos, formula.Textf("历史应到测算首年的前一年 %d 年，这里到 %d 年", "history must end in %d, the year before the first plan year; here it ends in %d", first-1, actual), formula.Textf("写成 history: %d-%d", "write history: %d-%d", min(from, first-1), first-1))
		return
	}
	l.plan.Calendar = formula.Calendar{First: from, Actual: actual, Last: last}
	l.calendarKnown = true
}

func (l *loader) span(root *node, key, sample string, label model.Text) (from, to int, ok bool) {
	n := root.get(key)
	if n == nil || n.null {
		at := root.pos
		if n != nil {
			at = n.pos
		}
		l.fail("missing_key", at, formula.Textf("缺少 %s（%s）", "%s is missing (%s)", key, label), formula.Textf("写成 %s: %s", "write %s: %s", key, sample))
		return 0, 0, false
	}
	m := yearsShape.FindStringSubmatch(strings.TrimSpace(n.text))
	if m != nil {
		from, _ = strconv.Atoi(m[1])
		if to = from; m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
	}
	if n.shape != scalar || m == nil || from < 1900 || to > 2200 || from > to {
		l.fail("bad_years", n.pos, formula.Textf("%s应是年份范围，写的是%s", "%s is a range of years, found %s", label, n.describe()), formula.Textf("写成 %s: %s", "write %s: %s", key, sample))
		return 0, 0, false
	}
	if to-from+1 > maxYears {
		l.fail("too_many_years", n.pos, formula.Textf("%s有 %d 年，最多 %d 年", "%s has %d years, at most %d are allowed", label, to-from+1, maxYears), text("缩短年份范围", "use a shorter range"))
		return 0, 0, false
	}
	return from, to, true
}

// order reads the payment order.
func (l *loader) order(n *node) {
	if n == nil || n.null {
		l.plan.Order = optionKeys(l.categories)
		return
	}
	if n.shape != list {
		l.wrongType(n, text("一个列表", "a list"))
		return
	}
	for _, item := range n.items {
		key := ""
		if item.shape == scalar {
			key = optionOf(l.categories, strings.TrimSpace(item.text))
		}
		switch {
		case key == "":
			l.unknownChoice(item, l.categories, false)
		case slices.Contains(l.plan.Order, key):
			l.fail("duplicate_category", item.pos, formula.Textf("支付顺序里 %s 列了两次", "%s is in the payment order twice", show(item.text)), text("删去一个", "delete one"))
		default:
			l.plan.Order = append(l.plan.Order, key)
		}
	}
	l.appendOmitted(n)
}

// appendOmitted puts categories that the order leaves out after the others, and warns if one falls behind its usual place.
func (l *loader) appendOmitted(n *node) {
	listed := slices.Clone(l.plan.Order)
	for i, o := range l.categories {
		if slices.Contains(listed, o.Key) {
			continue
		}
		l.plan.Order = append(l.plan.Order, o.Key)
		if slices.ContainsFunc(l.categories[i:], func(later model.Option) bool { return slices.Contains(listed, later.Key) }) {
			l.warn("order_incomplete", n.pos, formula.Textf("支付顺序没有列%s，排到最后", "the payment order leaves out %s: it comes last", o.Label), text("把它写到应在的位置", "put it where it belongs"))
		}
	}
}

func (l *loader) declareLayers(n *node, files []layerFile) {
	if n != nil && !n.null && n.shape != mapping {
		l.wrongType(n, text("一组层：{编号: {label: …, set: {…}}}", "a set of layers: {id: {label: …, set: {…}}}"))
	} else if n != nil {
		for i, k := range n.keys {
			l.declareLayer(k.text, k.pos, n.items[i])
		}
	}
	for _, f := range files {
		l.declareLayer(f.id, model.Pos{File: f.node.pos.File, Line: 1, Col: 1, Len: 1}, f.node)
	}
}

func (l *loader) declareLayer(id string, at model.Pos, n *node) {
	switch {
	case !planID.MatchString(id):
		l.badPlanID(id, at)
		return
	case l.layer(id) != nil:
		l.fail("duplicate_layer", at, formula.Textf("层 %s 有两个", "there are two layers %s", show(id)), text("给其中一个换个编号（层文件改文件名）", "rename one of them (a layer file: its file name)"))
		return
	}
	if len(l.layers) >= maxLayers {
		l.fail("too_many_layers", at, formula.Textf("层超过 %d 个", "there are more than %d layers", maxLayers), text("删去不用的层", "delete layers that are not used"))
		return
	}
	y := &layer{id: id, at: at}
	l.layers, l.layerOf[id] = append(l.layers, y), y
	if n.shape != mapping {
		l.wrongType(n, text("一组键值（label、set …）", "a mapping (label, set …)"))
		return
	}
	for i, k := range n.keys {
		switch v := n.items[i]; {
		case !slices.Contains(layerKeys, k.text):
			l.unknownKey(k, layerKeys)
		case k.text == "set" && !v.null && v.shape != mapping:
			l.wrongType(v, text("一组“地址: 值”", "a set of address: value"))
		case k.text == "set":
			for j, address := range v.keys {
				y.entries = append(y.entries, &entry{key: address, value: v.items[j]})
			}
		default:
			l.text(n, k.text)
		}
	}
	about := l.about(n, about{})
	declared := model.Layer{ID: id, Label: l.text(n, "label"), LabelEN: l.text(n, "label_en"), Source: about.source, Grade: about.grade}
	for _, e := range y.entries {
		declared.Changes = append(declared.Changes, model.Change{Address: e.key.text, Value: e.value.text, At: e.value.pos})
	}
	l.plan.Layers = append(l.plan.Layers, declared)
}

func (l *loader) badPlanID(id string, at model.Pos) {
	l.fail("bad_plan_id", at, formula.Textf("%s 不能作情景或层的编号", "%s cannot be the id of a scenario or layer", show(id)), text("编号用小写英文字母、数字、下划线、连字符，最多 40 个；中文名称写在 label", "an id holds lower-case letters, digits, _ and -, at most 40; the name goes into label"))
}

func (l *loader) layer(id string) *layer { return l.layerOf[id] }

func (l *loader) declareScenarios(n *node) {
	base := model.Scenario{ID: "base", Label: "基准（计划文件）", LabelEN: "Base plan"}
	l.plan.Scenarios = []model.Scenario{base}
	if n == nil || n.null {
		return
	}
	if n.shape != list {
		l.wrongType(n, text("一个列表：[{id: …, label: …, layers: […]}]", "a list: [{id: …, label: …, layers: […]}]"))
		return
	}
	if len(n.items) > maxScenarios {
		l.fail("too_many_scenarios", n.items[maxScenarios].pos, formula.Textf("情景有 %d 个，最多 %d 个", "there are %d scenarios, at most %d are allowed", len(n.items), maxScenarios), text("分成几个计划，或用批量测算", "split the plan, or use a sweep"))
		return
	}
	for _, item := range n.items {
		l.declareScenario(item)
	}
}

func (l *loader) declareScenario(n *node) {
	if n.shape != mapping {
		l.wrongType(n, text("一组键值（id、label、layers）", "a mapping (id, label, layers)"))
		return
	}
	for _, k := range n.keys {
		if !slices.Contains(scenarioKeys, k.text) {
			l.unknownKey(k, scenarioKeys)
		}
	}
	s := model.Scenario{ID: l.text(n, "id"), Label: l.text(n, "label"), LabelEN: l.text(n, "label_en"), Edition: l.text(n, "edition"), Fallback: l.text(n, "fallback"), Pos: n.pos}
	if id := n.get("id"); id != nil {
		s.Pos = id.pos
	}
	switch {
	case s.ID == "":
		l.fail("missing_key", s.Pos, text("情景缺少 id（编号）", "the scenario has no id"), text("写成 - {id: today, label: 现状, layers: […]}", "write - {id: today, label: Today, layers: […]}"))
		return
	case !planID.MatchString(s.ID):
		l.badPlanID(s.ID, s.Pos)
		return
	case s.ID == "base":
		l.fail("reserved_scenario", s.Pos, text("编号 base 留给不加层的计划本身", "the id base is kept for the plan without layers"), text("换一个编号", "use another id"))
		return
	case slices.ContainsFunc(l.plan.Scenarios, func(o model.Scenario) bool { return o.ID == s.ID }):
		l.fail("duplicate_scenario", s.Pos, formula.Textf("情景 %s 有两个", "there are two scenarios %s", show(s.ID)), text("给其中一个换个编号", "rename one of them"))
		return
	}
	if s.Label == "" {
		if s.Label = s.LabelEN; s.Label == "" {
			s.Label = s.ID
		}
	}
	if s.Edition != "" && s.Edition != "county" {
		l.fail("unknown_edition", n.get("edition").pos, formula.Textf("没有版本 %s", "there is no edition %s", show(s.Edition)), text("可给县里看的写 edition: county，否则不写", "write edition: county if the county may see it, else leave it out"))
	}
	l.checkFallback(&s, n.get("fallback"))
	layers := n.get("layers")
	switch {
	case layers == nil || layers.null:
	case layers.shape != list:
		l.wrongType(layers, text("一个列表：[层的编号, …]", "a list: [layer id, …]"))
	default:
		l.useLayers(&s, layers)
	}
	l.plan.Scenarios = append(l.plan.Scenarios, s)
}

// sides may have a scenario to fall back on.
var sides = []string{"town", "county", "both"}

// checkFallback checks what a scenario says of whose fallback it is: a known side, none twice, and nothing the county is shown.
func (l *loader) checkFallback(s *model.Scenario, n *node) {
	if s.Fallback == "" {
		return
	}
	if !slices.Contains(sides, s.Fallback) {
		l.fail("unknown_fallback", n.pos, formula.Textf("fallback 没有 %s%s", "there is no fallback %s%s", show(s.Fallback), l.guess(s.Fallback, sides)), text("写 town（镇谈不成时的结果）、county（县谈不成时的结果）或 both", "write town or county, whichever falls back on it if nothing is agreed, or both"))
		s.Fallback = ""
		return
	}
	for _, side := range sides[:2] {
		if i := l.plan.Fallback(side); i >= 0 && (s.Fallback == side || s.Fallback == "both") {
			l.fail("fallback_twice", n.pos, formula.Textf("情景 %s 已是 fallback: %s", "the scenario %s is fallback: %s already", l.plan.Scenarios[i].ID, l.plan.Scenarios[i].Fallback), text("每一方只能有一个退路情景，去掉一处", "each side has one scenario to fall back on: remove one"))
			return
		}
	}
	if s.Edition == "county" {
		l.fail("fallback_shown", n.pos, formula.Textf("情景 %s 是退路，却又是 edition: county", "the scenario %s is a fallback and has edition: county", s.ID), text("退路不进给县里看的版本：去掉 edition 或 fallback", "fallbacks are kept out of what the county is shown: remove edition or fallback"))
	}
}

// declareVariants adds the scenarios of an analysis after those of the plan. One of a scenario that does not exist is a fault of the caller's.
func (l *loader) declareVariants(variants []Variant) {
	declared := l.plan.Scenarios
	for _, v := range variants {
		i := slices.IndexFunc(declared, func(s model.Scenario) bool { return s.ID == v.Of })
		if i < 0 {
			i = 0
		}
		if v.Of == "" {
			i = min(1, len(declared)-1)
		}
		s := declared[i]
		s.ID, s.Label, s.LabelEN, s.Fallback = v.ID, v.ID, "", ""
		l.plan.Scenarios = append(l.plan.Scenarios, s)
	}
}

func (l *loader) useLayers(s *model.Scenario, layers *node) {
	var known []string
	for _, y := range l.layers {
		known = append(known, y.id)
	}
	for _, item := range layers.items {
		y := l.layer(item.text)
		switch {
		case item.shape != scalar || y == nil:
			l.fail("unknown_layer", item.pos, formula.Textf("没有层 %s%s", "there is no layer %s%s", show(item.text), l.guess(item.text, known)), formula.Textf("已有的层：%s", "there are: %s", words(known, 30)))
		case slices.Contains(s.Layers, y.id):
			l.fail("duplicate_layer_use", item.pos, formula.Textf("情景 %s 里层 %s 用了两次", "the scenario %s uses the layer %s twice", s.ID, y.id), text("删去一个", "delete one"))
		default:
			y.used = true
			s.Layers = append(s.Layers, y.id)
		}
	}
}

// scenarioNames lists scenarios for a message.
func scenarioNames(ids []string) string {
	if len(ids) > 5 {
		return strings.Join(ids[:5], "、") + fmt.Sprintf(" … (%d)", len(ids))
	}
	return strings.Join(ids, "、")
}
