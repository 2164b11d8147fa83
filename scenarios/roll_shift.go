package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"zhencai/model"
	"zhencai/model/formula"
)

// shift lets the values by year of what an element or a layer writes begin a year later.
type shift struct {
	r     *roller
	e     *element // the only one it is of; nil if there are several
	layer bool
	place model.Pos
}

// fields goes through the keys of a mapping.
func (s *shift) fields(fields []model.Field, n *yaml.Node, address string) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); {
		key, v := n.Content[i].Value, n.Content[i+1]
		f := fieldOf(fields, key)
		if f != nil && !s.field(f, v, address+"."+key) {
			n.Content = slices.Delete(n.Content, i, i+2)
			continue
		}
		i += 2
	}
}

// fieldOf is the field a key writes, or the member that its short form writes.
func fieldOf(fields []model.Field, key string) *model.Field {
	for i := range fields {
		switch f := &fields[i]; {
		case f.Key == key:
			return f
		case f.Short == key && key != "":
			return fieldOf(f.Fields, key)
		}
	}
	return nil
}

// field shifts one value; it is false if nothing is left of it.
func (s *shift) field(f *model.Field, n *yaml.Node, address string) bool {
	year := s.r.year
	if v := inner(n); v != n {
		return s.field(f, v, address)
	}
	switch {
	case f.Kind == model.GroupField:
		s.fields(f.Fields, n, address)
	case f.Kind == model.OneOfField && n.Kind == yaml.ScalarNode:
		if m := fieldOf(f.Fields, n.Value); m != nil && m.Default == "last_actual_year" { // it goes on meaning the year it meant
			*n = yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{scalarNode(m.Key), scalarNode(strconv.Itoa(year - 1))}}
		}
	case f.Kind == model.OneOfField:
		s.fields(f.Fields, n, address)
	case f.Kind == model.ListField && n.Kind == yaml.SequenceNode:
		for i, item := range n.Content {
			s.fields(f.Fields, item, address+"."+strconv.Itoa(i+1))
		}
	case f.Kind != "" && f.Kind != model.NumberField:
	case n.Kind == yaml.MappingNode && slices.ContainsFunc(f.Fields, func(m model.Field) bool { return child(n, m.Key) != nil }):
		s.fields(f.Fields, n, address)
	case n.Kind == yaml.ScalarNode && optionOf(f.Options, strings.TrimSpace(n.Value)) != "":
		s.derived(f, n, address)
	case f.Series == model.Held:
		hold(n, year)
	case f.Series == model.Events:
		fell, left := past(n, year)
		if fell != "" {
			s.r.out.Fallen = append(s.r.out.Fallen, Fallen{address + "." + strconv.Itoa(year), fell, s.place})
		}
		if !left && !s.layer && (f.Default != "" || f.Optional) {
			return false
		}
		if !left {
			say(n, "0")
		}
	}
	return true
}

// derived writes out a rate that was derived from history, as it was: derived from one year more it would be another.
func (s *shift) derived(f *model.Field, n *yaml.Node, address string) {
	option := optionOf(f.Options, strings.TrimSpace(n.Value))
	if s.e == nil {
		s.r.l.fail("roll_derived", s.place, formula.Textf("%s 一处给几项写了 %s，各项推算的数不同", "%s gives %s to several items, for each of which another rate is derived", address, n.Value), text("逐项写出，再结转", "write it for each item, then roll"))
		return
	}
	rate, ok := s.r.closed(s.e.Address() + "." + f.Key + "_" + option)
	if !ok {
		return // no scenario uses the layer
	}
	said := n.Value
	say(n, written(rate, f.Unit))
	s.r.out.Fixed = append(s.r.out.Fixed, Fallen{address, said + " → " + n.Value, s.place})
}

// elements shifts what the plan itself writes, and pins what stands for years of the calendar and was not written.
func (r *roller) elements() {
	for _, e := range r.l.elements {
		n := r.m.value(e.Pos)
		if n == nil || e.Section == "openings" {
			continue
		}
		s := &shift{r: r, e: e, place: e.Pos}
		s.fields(e.kind.Fields, n, e.Address())
		of := r.book.Plan.Find(e.Address())
		r.pin(of, e.kind.Fields, n, "")
		if r.standing(of) && !of.Params["base_until"].Any(model.Nonzero) {
			put(n, "base_until", scalarNode(strconv.Itoa(r.year-1)))
		}
		if so := of.Params["cost.before"]; so != nil {
			if before, ok := r.closed(e.Address() + ".profile_so_far"); ok && !before.IsZero() {
				in, key := reach(n, "cost.before")
				put(in, key, scalarNode(written(before, formula.Ratio)))
			}
		}
	}
}

// standing: is the base of a clause, or a mean shown beside it, taken over actual years that must not move with the calendar?
func (r *roller) standing(e *model.Element) bool {
	rule := e.Params["base.rule"]
	mean := rule.Any(func(in formula.Input) bool { return in.Option == "mean" })
	given := rule.Any(func(in formula.Input) bool { return in.Option == "amount" || in.Option == "target" })
	return mean || given && r.shown.Line(e.Address()+".base_last_year") >= 0
}

// pin writes the years for which a default stands that moves with the calendar.
func (r *roller) pin(of *model.Element, fields []model.Field, n *yaml.Node, prefix string) {
	for i := range fields {
		f := &fields[i]
		if f.Kind == model.GroupField {
			r.pin(of, f.Fields, n, prefix+f.Key+".")
		}
		p := of.Params[prefix+f.Key]
		moves := slices.Contains([]string{"first_year", "last_actual_year", "plan_years"}, f.Default)
		if !moves || p == nil || p.Given[0] || of.Words["method"] == "schedule" {
			continue
		}
		in, key := reach(n, prefix+f.Key)
		put(in, key, scalarNode(p.Plain.Same.String()))
	}
}

// layers shifts what layers write, and takes out of them what they say of the past year and of openings: there is one past.
func (r *roller) layers() {
	for _, y := range r.l.layers {
		for _, en := range y.entries {
			if len(en.targets) == 0 {
				continue
			}
			t := en.targets[0]
			s := &shift{r: r, layer: true, place: en.key.pos}
			if len(en.targets) == 1 {
				s.e = r.l.elements[t.element]
			}
			_, year, dotted := formula.CutLast(en.key.text)
			n := r.m.value(en.key.pos)
			switch {
			case n == nil:
			case dotted && year == strconv.Itoa(r.year) && t.leaf.Series != model.History, r.opens(en):
				r.out.Fallen = append(r.out.Fallen, Fallen{"layers." + y.id + ": " + en.key.text, en.value.text, en.key.pos})
				r.m.remove(en.key.pos)
			case dotted && yearShape.MatchString(year):
			default:
				s.field(t.leaf, n, "layers."+y.id+": "+en.key.text)
			}
		}
	}
}

// opens: does an entry of a layer set what the new plan begins with?
func (r *roller) opens(en *entry) bool {
	for _, t := range en.targets {
		e := r.l.elements[t.element]
		_, key, _ := strings.Cut(strings.TrimPrefix(en.key.text, e.Section), ".")
		if e.ID != "" {
			_, key, _ = strings.Cut(key, ".")
		}
		for _, o := range r.openings {
			if o.element.Address() == e.Address() && (o.param.Key == key && o.param.Field.Series != model.History || strings.HasPrefix(o.param.Key, key+".")) {
				return true
			}
		}
	}
	return false
}
