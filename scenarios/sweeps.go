package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

const (
	mostSweeps     = 100
	mostAxisValues = 1000
)

// sweeps reads the grids a plan asks for and checks every value of every axis as if a layer set it.
func (l *loader) sweeps(n *node) {
	if n == nil || n.null {
		return
	}
	if n.shape != mapping || len(n.keys) > mostSweeps {
		l.wrongType(n, formula.Textf("一组网格（最多 %d 个）：{编号: {axes: {地址: [值, …]}}}", "a set of grids (at most %d): {id: {axes: {address: [value, …]}}}", mostSweeps))
		return
	}
	for i, k := range n.keys {
		if !planID.MatchString(k.text) {
			l.badPlanID(k.text, k.pos)
			continue
		}
		l.sweep(k, n.items[i])
	}
}

func (l *loader) sweep(key, n *node) {
	if !l.keys(n, []string{"label", "label_en", "scenario", "axes", "lines"}) {
		return
	}
	s := model.Sweep{ID: key.text, Label: l.text(n, "label"), LabelEN: l.text(n, "label_en"), Scenario: l.text(n, "scenario"), Pos: key.pos}
	if s.Scenario != "" && !slices.Contains(l.declared, s.Scenario) {
		l.fail("unknown_scenario", n.get("scenario").pos, formula.Textf("没有情景 %s%s", "there is no scenario %s%s", show(s.Scenario), l.guess(s.Scenario, l.declared)), formula.Textf("有：%s", "there are: %s", words(l.declared, 30)))
	}
	if lines := n.get("lines"); lines != nil {
		if lines.shape != list {
			l.wrongType(lines, text("一个列表：[行名, …]", "a list: [line, …]"))
		}
		for _, item := range lines.items {
			s.Lines = append(s.Lines, item.text)
		}
	}
	axes := n.get("axes")
	if axes == nil || axes.shape != mapping || len(axes.keys) == 0 {
		l.fail("no_axes", n.pos, formula.Textf("网格 %s 没有 axes", "the grid %s has no axes", key.text), text("写成 axes: {transfers.share.rate: {from: 30%, to: 60%, steps: 7}}", "write axes: {transfers.share.rate: {from: 30%, to: 60%, steps: 7}}"))
		return
	}
	points := 1
	for i, k := range axes.keys {
		a := model.Axis{Address: k.text, Values: l.axis(k, axes.items[i]), Pos: k.pos}
		s.Axes = append(s.Axes, a)
		if points <= model.MostPoints {
			points *= max(len(a.Values), 1)
		}
	}
	if points > model.MostPoints {
		l.fail("grid_too_large", axes.pos, formula.Textf("网格超过 %d 个点", "the grid has more than %d points", model.MostPoints), text("减少步数或轴", "use fewer steps or axes"))
	}
	l.plan.Sweeps = append(l.plan.Sweeps, s)
}

// axis reads the values of an address: a list, or from, to and steps.
func (l *loader) axis(key, n *node) (values []string) {
	var items []*node
	switch {
	case n.shape == list:
		items = n.items
	case n.shape == mapping && l.keys(n, []string{"from", "to", "steps"}):
		from, to, steps := n.get("from"), n.get("to"), n.get("steps")
		if from == nil || to == nil || steps == nil {
			l.wrongType(n, text("从、到和步数：{from: 30%, to: 60%, steps: 7}", "from, to and steps: {from: 30%, to: 60%, steps: 7}"))
			return nil
		}
		before := l.fails
		count := l.count(steps, text("步数", "the number of steps"), 1)
		texts, ok := spaced(from.text, to.text, int(min(count, mostAxisValues+1)))
		if !ok && l.fails == before {
			l.wrongType(n, text("两个同样写法的数，如 {from: 30%, to: 60%, steps: 7}", "two numbers written alike, such as {from: 30%, to: 60%, steps: 7}"))
		}
		if l.fails > before {
			return nil
		}
		for _, t := range texts {
			items = append(items, &node{text: t, pos: from.pos})
		}
	case n.shape == mapping:
		return nil
	}
	if len(items) == 0 || len(items) > mostAxisValues {
		l.fail("axis_values", n.pos, formula.Textf("轴 %s 有 %d 个值，应是 1 到 %d 个", "the axis %s has %d values, it takes 1 to %d", show(key.text), len(items), mostAxisValues), text("写成列表 [300, 400, 500]，或 {from: 30%, to: 60%, steps: 7}", "write a list [300, 400, 500], or {from: 30%, to: 60%, steps: 7}"))
		return nil
	}
	base := make([][]*state, len(l.elements))
	for i, e := range l.elements {
		base[i] = e.fields
	}
	for _, item := range items {
		before := l.fails
		l.lay(&entry{key: key, value: item, table: true}, slices.Clone(base))
		if l.fails > before {
			return nil
		}
		values = append(values, flow(item))
	}
	return values
}

// flow writes a node as one line of YAML.
func flow(n *node) string {
	var parts []string
	switch n.shape {
	case list:
		for _, item := range n.items {
			parts = append(parts, flow(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case mapping:
		for i, k := range n.keys {
			parts = append(parts, k.text+": "+flow(n.items[i]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.text
}

// ReadAxis reads address=value|value or address=from..to/steps; wrong says that it cannot be read.
func ReadAxis(text string) (axis model.Axis, wrong formula.Text) {
	address, values, ok := strings.Cut(text, "=")
	axis = model.Axis{Address: strings.TrimSpace(address), Values: strings.Split(values, "|")}
	if split, at := formula.FindSplit(values); ok && at >= 0 {
		return axis, formula.Textf("轴 %s：%s；一根轴的几个值用 | 隔开", "the axis %s: %s; put | between the values of an axis", axis.Address, split.Text())
	}
	if strings.Contains(values, ",") && !strings.Contains(values, "|") && ok {
		return axis, formula.Textf("轴 %s：几个值用 | 隔开，不用逗号：%s", "the axis %s: put | between the values, not a comma: %s", axis.Address, strings.ReplaceAll(strings.ReplaceAll(values, " ", ""), ",", "|"))
	}
	if from, rest, isRange := strings.Cut(values, ".."); isRange && ok {
		to, count, _ := strings.Cut(rest, "/")
		steps, err := strconv.Atoi(count)
		if axis.Values, ok = spaced(from, to, min(steps, mostAxisValues+1)); err != nil {
			ok = false
		}
	}
	if !ok || len(axis.Values) > mostAxisValues {
		wrong = formula.Textf("看不懂轴 %q；写成 地址=值|值，或 地址=从..到/步数（最多 1000），如 transfers.share.rate=30%%..60%%/7", "cannot read the axis %q; write address=value|value, or address=from..to/steps (at most 1000), such as transfers.share.rate=30%%..60%%/7", text)
	}
	return axis, wrong
}

// SweepVariants are the scenarios of a sweep: one for every value of every axis.
func SweepVariants(sweep *model.Sweep) (all []Variant) {
	for _, axis := range sweep.Axes {
		for _, v := range axis.Values {
			set := axis.Address + "=" + v
			all = append(all, Variant{ID: set, Of: cmp.Or(sweep.Scenario, "base"), Set: []string{set}})
		}
	}
	return all
}

// spaced are evenly spaced numbers from one to another, written as the two are: 30% to 60% in 4 steps is 30% 40% 50% 60%, -5pp to +5pp in 3 steps -5pp +0pp +5pp.
// A step that has no end is rounded to the fen, or to as many decimals as an amount in 万元 has.
func spaced(from, to string, steps int) (values []string, ok bool) {
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	times := strings.HasPrefix(from, "×") && strings.HasPrefix(to, "×")
	if times {
		from, to = strings.TrimPrefix(from, "×"), strings.TrimPrefix(to, "×")
	}
	changes := strings.HasPrefix(from, "+") || strings.HasPrefix(to, "+") || strings.HasSuffix(from, "pp")
	a, b := numberShape.FindStringSubmatch(from), numberShape.FindStringSubmatch(to)
	if a == nil || b == nil || a[4] != b[4] || steps < 1 {
		return nil, false
	}
	number := func(m []string) (decimal.Decimal, error) {
		return decimal.NewFromString(m[1] + strings.ReplaceAll(m[2], ",", "") + "." + m[3] + "0")
	}
	first, err := number(a)
	last, err2 := number(b)
	if err != nil || err2 != nil {
		return nil, false
	}
	places := int32(fenPlaces)
	for _, s := range slices.Concat(suffixes[formula.Money], suffixes[formula.MoneyPerPerson], suffixes[formula.Ratio]) {
		if s.text == strings.ReplaceAll(a[4], " ", "") {
			places = fenPlaces + s.shift
		}
	}
	if a[4] == "%" {
		places = 10
	}
	for i := range steps {
		d := first
		if steps > 1 {
			d = first.Add(last.Sub(first).Mul(decimal.NewFromInt(int64(i))).DivRound(decimal.NewFromInt(int64(steps-1)), places))
		}
		value := d.String() + a[4]
		switch {
		case times:
			value = "×" + value
		case changes && !d.IsNegative():
			value = "+" + value
		}
		values = append(values, value)
	}
	return values, true
}
