package ledger

import (
	"slices"
	"strings"
)

// layered is the plan with the layers of a scenario laid over it, in order (R A plan: a layer changes parameters by address).
func (p *Plan) layered(scenario string) *node {
	plan := p.root.clone()
	for _, s := range p.root.at("scenarios").parts() {
		if s.at("id").textOr("") != scenario {
			continue
		}
		for _, name := range s.at("layers").texts() {
			layer := p.root.at("layers", name)
			if layer == nil {
				fail("there is no layer %s", name)
			}
			for _, address := range layer.at("set").names() {
				change(plan, strings.Split(address, "."), layer.at("set").fields[address])
			}
		}
	}
	return plan
}

func (n *node) parts() []*node {
	if n == nil {
		return nil
	}
	return n.list
}

func (n *node) texts() (all []string) {
	if n != nil && n.list == nil && n.text != "" {
		return []string{n.text}
	}
	for _, part := range n.parts() {
		all = append(all, part.text)
	}
	return all
}

func (n *node) textOr(absent string) string {
	if n == nil || n.text == "" {
		return absent
	}
	return n.text
}

// change sets what an address names; * stands for every id.
func change(at *node, path []string, value *node) {
	if len(path) > 1 {
		keys := []string{path[0]}
		if path[0] == "*" {
			keys = at.keys
		}
		for _, key := range keys {
			if at.fields[key] == nil {
				at.put(key, &node{fields: map[string]*node{}})
			}
			change(at.fields[key], path[1:], value)
		}
		return
	}
	key := path[0]
	times, plus, relative := relativeChange(key, value)
	if !relative {
		at.put(key, value.clone())
		return
	}
	before := at.fields[key]
	if before == nil {
		before = &node{text: usual[key]}
	}
	at.put(key, moved(before, times, plus))
}

// usual are the values of parameters that a plan may leave out and a layer may yet scale.
var usual = map[string]string{"delivered": "100%", "remitted": "100%", "counts": "100%", "pays": "100%"}

// relativeChange reads -2pp, ×0.9 and, on an amount, +10 %; on a ratio -5% is the value minus five per cent.
func relativeChange(key string, n *node) (times, plus dec, ok bool) {
	text := strings.TrimSpace(n.text)
	if factor, found := strings.CutPrefix(text, "×"); found {
		return (&node{text: factor}).number(one), zero, true
	}
	if points, found := strings.CutSuffix(text, "pp"); found {
		return one, (&node{text: points + "%"}).number(zero), true
	}
	if strings.HasSuffix(text, "%") && (text[0] == '+' || text[0] == '-') && slices.Contains(amounts, key) {
		return one.Add(n.number(zero)), zero, true
	}
	return one, zero, false
}

// amounts are the parameters in 万元 (or 万元 per person) that a relative change in per cent makes sense for.
var amounts = []string{"amount", "path", "opening", "standard", "pay", "per_head", "award_cap", "award_floor", "award_cap_term", "award_floor_term", "cost",
	"drawn", "owed", "owed_opening", "floor", "step", "one_off", "repaid", "operating", "yields"}

// moved changes every number of a value: n × times + plus. A growth method keeps its name and remembers the points (D Derived growth can be shifted).
func moved(n *node, times, plus dec) *node {
	c := n.clone()
	for i := range c.list {
		c.list[i] = moved(c.list[i], times, plus)
	}
	for key, part := range c.fields {
		if aYear.MatchString(key) {
			c.fields[key] = moved(part, times, plus)
		}
	}
	if c.list != nil || c.fields != nil && c.text == "" {
		return c
	}
	if method, shift := growthMethod(c); method != "" {
		c.text = method + " " + shift.Mul(times).Add(plus).String()
		return c
	}
	c.text = c.number(zero).Mul(times).Add(plus).String()
	return c
}

// growthMethod is a growth derived from history and what is added to it.
func growthMethod(n *node) (method string, shift dec) {
	if n == nil {
		return "", zero
	}
	method, rest, _ := strings.Cut(n.text, " ")
	if !slices.Contains([]string{"cagr", "mean", "trend"}, method) {
		return "", zero
	}
	if rest != "" {
		shift = (&node{text: rest}).number(zero)
	}
	return method, shift
}
