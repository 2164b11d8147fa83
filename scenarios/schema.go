package scenarios

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// JSONSchema describes plan files to an editor (JSON Schema draft 2020-12), with descriptions in one language. It is made from the
// declarations the loader reads, so it cannot differ from them; checks across keys remain the loader's.
func JSONSchema(lang formula.Lang) []byte {
	s := &schemaWriter{lang}
	root := s.root(model.Schema(), model.Categories)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = text("镇财政测算计划文件", "Township fiscal plan").In(lang)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil { // maps of strings, numbers and maps always encode
		panic(err)
	}
	return b.Bytes()
}

type schemaWriter struct{ lang formula.Lang }

type object = map[string]any

func (s *schemaWriter) root(sections []model.Section, categories []model.Option) object {
	props := object{
		"town": s.text("镇", "town"), "county": s.text("县（市）", "county"), "title": s.text("标题", "title"), "title_en": s.text("英文标题", "title in English"),
		"version":     s.text("版本，印在每份成果上", "version, printed on every output"),
		"status":      object{"enum": []string{"草案", "报送", "draft", "submitted"}, "description": s.say("状态", "status")},
		"years":       s.years("测算年份，如 2022-2026，最多 30 年", "plan years, such as 2022-2026, at most 30"),
		"history":     s.years("历史年份，到测算首年的前一年", "history, up to the year before the first plan year"),
		"include":     object{"type": []string{"string", "array"}, "items": object{"type": "string"}, "description": s.say("引入计划文件夹内的其他文件", "other files of the plan folder to read")},
		"order":       object{"type": "array", "items": object{"enum": wordsOf(categories)}, "description": s.say("支付顺序，最要紧的在前", "payment order, most urgent first")},
		"layers":      object{"type": "object", "propertyNames": object{"pattern": planID.String()}, "additionalProperties": s.layer(), "description": s.say("层：与计划不同的参数", "layers: parameters that differ from the plan")},
		"scenarios":   object{"type": "array", "maxItems": maxScenarios, "items": s.scenario(), "description": s.say("情景：按顺序叠加的层", "scenarios: layers in order")},
		"uncertainty": s.uncertainty(),
		"sweeps":      s.sweeps(),
	}
	required := []string{"years", "history"}
	for i := range sections {
		props[sections[i].Key] = s.section(&sections[i])
		if sections[i].Required {
			required = append(required, sections[i].Key)
		}
	}
	return object{"type": "object", "properties": props, "patternProperties": object{"^x-": object{}}, "additionalProperties": false, "required": required}
}

func (s *schemaWriter) say(zh, en string) string { return text(zh, en).In(s.lang) }

func (s *schemaWriter) text(zh, en string) object {
	return object{"type": []string{"string", "number"}, "description": s.say(zh, en)}
}

func (s *schemaWriter) years(zh, en string) object {
	return object{"type": []string{"string", "integer"}, "pattern": yearsShape.String(), "description": s.say(zh, en)}
}

func (s *schemaWriter) uncertainty() object {
	number, count := object{"type": []string{"string", "number"}}, object{"type": []string{"string", "integer"}}
	closed := func(keys []string, of object) object {
		props := object{}
		for _, k := range keys {
			props[k] = of
		}
		return object{"type": "object", "additionalProperties": false, "properties": props}
	}
	laws := object{"persistent": object{"type": []string{"boolean", "string"}, "description": s.say("各年用同一次抽取", "one draw for all years")}}
	for _, k := range model.LawKinds {
		switch keys := lawKeys[k]; {
		case keys != nil:
			laws[string(k)] = closed(keys, number)
		case k == model.Discrete:
			laws[string(k)] = object{"type": "object", "additionalProperties": number}
		default:
			laws[string(k)] = object{"enum": []any{"history", true}}
		}
	}
	shock := object{"anyOf": []object{{"enum": []any{"history", nil}}, {"type": "object", "additionalProperties": false, "properties": laws}}}
	pair := object{"type": "object", "additionalProperties": false, "required": []string{"between", "is"}, "properties": object{
		"between": object{"type": "array", "minItems": 2, "maxItems": 2, "items": object{"type": "string"}}, "is": number}}
	delivery := closed([]string{"full", "part", "nothing", "part_pays", "stays"}, number)
	delivery["properties"].(object)["of"] = object{"type": "array", "items": object{"type": "string"}}
	return object{"type": "object", "additionalProperties": false, "description": s.say("不确定性：哪些参数可能与计划不同", "uncertainty: what may turn out otherwise"), "properties": object{
		"seed": count, "paths": count, "owed_over": number,
		"shocks": object{"type": "object", "additionalProperties": shock, "description": s.say("地址: 分布", "address: distribution")},
		"correlation": object{"anyOf": []object{{"const": "history"}, {"type": "object", "additionalProperties": false, "properties": object{
			"from": object{"const": "history"}, "shrinkage": number, "pairs": object{"type": "array", "items": pair}}}}},
		"delivery": delivery,
	}}
}

func (s *schemaWriter) sweeps() object {
	steps := object{"type": "object", "additionalProperties": false, "required": []string{"from", "to", "steps"}, "properties": object{
		"from": object{"type": []string{"string", "number"}}, "to": object{"type": []string{"string", "number"}}, "steps": object{"type": []string{"string", "integer"}}}}
	axis := object{"anyOf": []object{{"type": "array", "minItems": 1, "maxItems": mostAxisValues}, steps}}
	return object{"type": "object", "propertyNames": object{"pattern": planID.String()}, "description": s.say("网格：几个参数的全部组合", "grids: every combination of a few parameters"),
		"additionalProperties": object{"type": "object", "additionalProperties": false, "required": []string{"axes"}, "properties": object{
			"label": s.text("名称", "name"), "label_en": s.text("英文名称", "name in English"), "scenario": s.text("情景编号", "scenario id"),
			"axes":  object{"type": "object", "additionalProperties": axis, "description": s.say("地址: 值", "address: values")},
			"lines": object{"type": "array", "items": object{"type": "string"}},
		}}}
}

func (s *schemaWriter) layer() object {
	return object{"type": "object", "additionalProperties": false, "properties": object{
		"label": s.text("名称", "name"), "label_en": s.text("英文名称", "name in English"), "source": s.text("来源", "source"), "note": s.text("备注", "note"),
		"date": s.text("日期", "date"), "grade": object{"enum": grades},
		"set": object{"type": []string{"object", "null"}, "description": s.say("地址: 值。-2pp、×0.9 和数额的 +10% 在原值上增减；其他写法替换原值，比率的 -5% 就是改成 -5%", "address: value. -2pp, ×0.9 and, of an amount, +10% change what is there; anything else replaces it: a ratio's -5% sets it to -5%")},
	}}
}

func (s *schemaWriter) scenario() object {
	return object{"type": "object", "additionalProperties": false, "required": []string{"id"}, "properties": object{
		"id": object{"type": []string{"string", "number"}, "pattern": planID.String()}, "label": s.text("名称", "name"), "label_en": s.text("英文名称", "name in English"),
		"layers":   object{"type": "array", "items": object{"type": "string"}},
		"edition":  object{"const": "county", "description": s.say("可给县里看", "may be shown to the county")},
		"fallback": object{"enum": sides, "description": s.say("谈不成时镇、县或双方的结果，不给县里看", "what the town, the county or both have if nothing is agreed; never shown to the county")},
	}}
}

func (s *schemaWriter) section(sec *model.Section) object {
	var kinds []object
	for i := range sec.Kinds {
		kinds = append(kinds, s.kind(sec, &sec.Kinds[i]))
	}
	element := kinds[0]
	if len(kinds) > 1 {
		element = object{"oneOf": kinds}
	}
	if sec.Single {
		element["description"] = sec.Label.In(s.lang)
		return element
	}
	return object{"type": "object", "description": sec.Label.In(s.lang), "propertyNames": object{"pattern": elementID.String()}, "additionalProperties": element}
}

func (s *schemaWriter) kind(sec *model.Section, k *model.Kind) object {
	o := s.mapping(k.Fields, object{"label": s.text("名称", "name"), "label_en": s.text("英文名称", "name in English")})
	o["description"] = s.describe(k.Label, k.Doc)
	if len(sec.Kinds) > 1 {
		o["properties"].(object)["kind"] = object{"enum": wordsOf([]model.Option{{Key: k.Name, Label: k.Label}}), "description": k.Label.In(s.lang)}
		required, _ := o["required"].([]string)
		o["required"] = append([]string{"kind"}, required...)
	}
	return o
}

// mapping is an object of fields; source, grade and note may stand beside them.
func (s *schemaWriter) mapping(fields []model.Field, props object) object {
	s.about(props)
	var required []string
	for i := range fields {
		f := &fields[i]
		props[f.Key] = s.field(f)
		if f.Short != "" {
			for j := range f.Fields {
				if f.Fields[j].Key == f.Short {
					props[f.Short] = s.field(&f.Fields[j])
				}
			}
		} else if needed(f) {
			required = append(required, f.Key)
		}
	}
	o := object{"type": "object", "properties": props, "additionalProperties": false}
	if required != nil {
		o["required"] = required
	}
	return o
}

// needed: the key must be written.
func needed(f *model.Field) bool {
	switch f.Kind {
	case model.SwitchField, model.LinesField, model.GroupField:
		return false
	}
	return f.Default == "" && !f.Optional
}

func (s *schemaWriter) about(props object) {
	props["source"], props["note"] = s.text("来源：文件、条款、日期", "source: document, clause, date"), s.text("备注", "note")
	props["grade"] = object{"enum": grades, "description": s.say("等级：A 决算或审计数，B 正式文件，C 估计，D 示例", "grade: A audited, B official document, C estimate, D illustrative")}
}

func (s *schemaWriter) describe(label, doc model.Text) string {
	d := label.In(s.lang)
	if more := doc.In(s.lang); more != "" {
		d += s.say("：", ": ") + more
	}
	return d
}

func (s *schemaWriter) field(f *model.Field) object {
	var o object
	switch f.Kind {
	case model.ChoiceField:
		o = object{"enum": wordsOf(f.Options)}
		if !f.Fixed {
			o = object{"anyOf": []object{o, s.wrapped(o)}}
		}
	case model.TextField, model.FormulaField:
		o = object{"type": []string{"string", "number"}}
	case model.SwitchField:
		o = object{"enum": []any{true, false, "是", "否"}}
	case model.RefField:
		o = object{"type": "string"}
	case model.RefsField:
		o = object{"type": []string{"array", "string"}, "items": object{"type": "string"}}
	case model.GroupField:
		o = s.mapping(f.Fields, object{})
	case model.OneOfField:
		o = s.oneOf(f)
	case model.ListField:
		o = object{"type": "array", "items": s.mapping(f.Fields, object{}), "maxItems": maxListMembers}
	case model.LinesField:
		line := object{"type": "object", "required": []string{"formula"}, "additionalProperties": false, "properties": object{
			"formula": object{"type": []string{"string", "number"}}, "opening": object{"type": []string{"string", "number"}}, "unit": object{"type": "string"},
			"label": s.text("名称", "name"), "label_en": s.text("英文名称", "name in English")}}
		o = object{"type": "object", "additionalProperties": object{"anyOf": []object{{"type": []string{"string", "number"}}, line}}}
	default:
		o = s.number(f)
	}
	o["description"] = s.describe(f.Label, f.Doc)
	if unit := f.Unit.Text().In(s.lang); unit != "" && f.Unit != formula.Choice {
		o["description"] = o["description"].(string) + s.say("（"+unit+"）", " ("+unit+")")
	}
	if f.Default != "" && !strings.HasPrefix(f.Default, "{") {
		o["default"] = f.Default
	}
	return o
}

func (s *schemaWriter) oneOf(f *model.Field) object {
	props := object{}
	var bare []model.Option
	for i := range f.Fields {
		m := &f.Fields[i]
		if !hasValue(m) {
			props[m.Key] = object{"enum": []any{true, nil}, "description": m.Label.In(s.lang)}
		} else {
			props[m.Key] = s.field(m)
		}
		if !hasValue(m) || m.Default != "" {
			bare = append(bare, model.Option{Key: m.Key, Label: m.Label})
		}
	}
	s.about(props)
	whole := object{"type": "object", "properties": props, "additionalProperties": false}
	if len(bare) == 0 {
		return whole
	}
	return object{"anyOf": []object{{"enum": wordsOf(bare)}, whole}}
}

// number is a number as the field's Series and alternatives allow it. Units and bounds are the loader's to check.
func (s *schemaWriter) number(f *model.Field) object {
	one := object{"type": []string{"number", "string"}}
	if f.Unit == formula.Flag {
		one = object{"type": []string{"boolean", "number", "string"}}
	}
	forms := []object{}
	switch f.Series {
	case model.History:
	case model.Events: // what happens in a year takes no number for all of them
		forms = append(forms, object{"enum": []any{0, "0"}})
	default:
		forms = append(forms, one)
	}
	if f.Series != "" && f.Series != model.Scalar {
		byYear := object{"range": object{}}
		s.about(byYear)
		forms = append(forms, object{"type": "array", "items": one},
			object{"type": "object", "properties": byYear, "patternProperties": object{yearShape.String(): one}, "additionalProperties": false, "minProperties": 1})
	}
	if len(f.Fields) > 0 {
		forms = append(forms, s.mapping(f.Fields, object{}))
	}
	forms = append(forms, s.wrapped(object{"anyOf": forms}))
	return object{"anyOf": forms}
}

// wrapped is {value, source, grade, note, range}.
func (s *schemaWriter) wrapped(value object) object {
	props := object{"value": value, "range": object{"type": "array", "items": object{"type": []string{"number", "string"}}, "minItems": 2, "maxItems": 2}}
	s.about(props)
	return object{"type": "object", "properties": props, "required": []string{"value"}, "additionalProperties": false}
}

// wordsOf lists what a user may write for a choice: keys and labels.
func wordsOf(options []model.Option) []string {
	words := []string{}
	for _, o := range options {
		for _, w := range []string{o.Key, o.Label.ZH, o.Label.EN} {
			if w != "" && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}
