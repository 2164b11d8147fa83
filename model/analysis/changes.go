package analysis

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// change is what makes some inputs differ between two scenarios: one entry of a layer, or of --set, whatever inputs it reaches.
type change struct {
	at         model.Pos      // of the entry; zero if the inputs follow from something else that was written
	lines      []int          // the inputs, in the book's order
	parameters []string       // that they belong to: element and top key
	stacks     map[int]*stack // by input: that which other entries change too
}

// changes finds what was changed from one scenario to another, in the book's order.
func changes(b *model.Book, from, to int) (changes []*change) {
	for i, l := range b.Lines {
		if l.Input == formula.NotInput || sameInput(b, i, from, to) {
			continue
		}
		var found []*change
		s, entries := stackOf(b, i, from, to), []model.Pos{{}}
		if s != nil {
			entries = s.entries()
		} else if p := given(l); p != nil {
			if entries[0] = p.SetAt[to]; entries[0] == (model.Pos{}) {
				entries[0] = p.SetAt[from]
			}
		}
		for _, at := range entries {
			c := &change{at: at, lines: []int{i}, parameters: []string{parameter(l)}}
			if len(entries) > 1 {
				c.stacks = map[int]*stack{i: s}
			}
			found = append(found, c)
		}
		for _, c := range found {
			changes = slices.DeleteFunc(changes, func(o *change) bool {
				if !together(b, o, c) {
					return false
				}
				c.join(o)
				return true
			})
			changes = append(changes, c)
		}
	}
	slices.SortStableFunc(changes, func(x, y *change) int { return cmp.Compare(x.lines[0], y.lines[0]) })
	return changes
}

func (c *change) join(o *change) {
	if c.at == (model.Pos{}) {
		c.at = o.at
	}
	c.lines = append(slices.Clone(o.lines), c.lines...)
	slices.Sort(c.lines)
	if c.stacks == nil {
		c.stacks = o.stacks
	} else {
		maps.Copy(c.stacks, o.stacks)
	}
	for _, p := range c.parameters {
		if !slices.Contains(o.parameters, p) {
			o.parameters = append(o.parameters, p)
		}
	}
	c.parameters = o.parameters
}

// together tells whether two changes are one: written in one place, or of one parameter of which one part follows from the other. Entries laid one
// above the other are not.
func together(b *model.Book, x, y *change) bool {
	if x.at == y.at && x.at != (model.Pos{}) {
		return true
	}
	if len(x.stacks) > 0 || len(y.stacks) > 0 {
		return false
	}
	return slices.ContainsFunc(y.parameters, func(p string) bool {
		return slices.Contains(x.parameters, p) && (x.at == (model.Pos{}) || y.at == (model.Pos{}) || chosen(b, p) != nil)
	})
}

// chosen is the choice that goes with a parameter: between the keys of a one-of, or between a number and a method.
func chosen(b *model.Book, parameter string) *model.Param {
	i := strings.LastIndexByte(parameter, '.')
	e := b.Plan.Find(parameter[:i])
	if p := e.Params[parameter[i+1:]+".rule"]; p != nil && p.Field.Kind == model.ChoiceField {
		return p
	}
	return e.Params[parameter[i+1:]+"_method"]
}

// given is the parameter that decides an input: its own, or for the choice between growth and path whether a path is given.
func given(l *model.Line) *model.Param {
	if l.Param == nil && l.Element != nil {
		return l.Element.Params["path"]
	}
	return l.Param
}

// parameter names what an input belongs to by its element and top key: transfers.share.base for base.rule and base.mean.
func parameter(l *model.Line) string {
	p := given(l)
	if p == nil {
		return l.Name
	}
	top, _, _ := strings.Cut(p.Key, ".")
	return l.Element.Address() + "." + strings.TrimSuffix(top, "_method")
}

// sameInput tells whether an input is the same in two scenarios.
func sameInput(b *model.Book, line, from, to int) bool {
	return equal(b, line, b.Input(from, line), b.Input(to, line))
}

// equal tells whether two values of an input are the same in every year it has.
func equal(b *model.Book, line int, x, y formula.Input) bool {
	if x.Option != y.Option {
		return false
	}
	c := b.Program.Lines[line]
	for col := c.First(); col <= c.Last(b.Plan.Calendar); col++ {
		if !x.At(col).Equal(y.At(col)) {
			return false
		}
	}
	return true
}

// describe says in words what a change is.
func describe(b *model.Book, c *change, from, to int) Contribution {
	before, after := b.Inputs(from), b.Inputs(to)
	if len(c.stacks) > 0 {
		before, after = asLaid(b, c, from, to)
	}
	out := Contribution{Lines: c.lines, Address: addressOf(b, c), Old: written(b, c, before, from), New: written(b, c, after, to)}
	layer, entry := b.Plan.ChangeAt(c.at)
	if entry != nil {
		out.Address, out.Layer = entry.Address, layer.ID
	}
	section, label := labelsOf(b, c)
	elements := elementsOf(b, c)
	switch {
	case len(elements) == 1:
		out.Label = (&model.Line{Element: elements[0], Label: label}).Full()
	case entry != nil && entry.Value != "" && strings.ContainsAny(out.New, "~,"): // the entry says it better than several values
		out.Label = formula.Textf("%s·%s %s（%d 项）", "%s: %s %s (%d items)", section, label, entry.Value, len(elements))
	default:
		out.Label = formula.Textf("%s·%s（%d 项）", "%s: %s (%d items)", section, label, len(elements))
	}
	if len(c.stacks) > 0 { // others change the same: its layer tells them apart
		of := model.Text{ZH: "--set", EN: "--set"}
		if layer != nil {
			of = model.Text{ZH: cmp.Or(layer.Label, layer.ID), EN: cmp.Or(layer.LabelEN, layer.Label, layer.ID)}
		}
		out.Label = formula.Textf("%s（%s）", "%s (%s)", out.Label, of)
	}
	return out
}

// asLaid are the inputs before and after one of several entries that are laid one above the other: those under it are made already.
func asLaid(b *model.Book, c *change, from, to int) (before, after []formula.Input) {
	before, after = b.Inputs(to), b.Inputs(to)
	for _, line := range c.lines {
		s := c.stacks[line]
		if s == nil {
			before[line] = b.Input(from, line)
			continue
		}
		all := s.entries()
		at := slices.Index(all, c.at)
		before[line], after[line] = s.value(all[:at]), s.value(all[:at+1])
	}
	return before, after
}

// labelsOf names what a change changes: the section, and the parameter, by its own label or, where it has several parts, by that of the whole.
func labelsOf(b *model.Book, c *change) (section, label model.Text) {
	var params []*model.Param
	for _, i := range c.lines {
		if p := b.Lines[i].Param; p != nil && !slices.ContainsFunc(params, func(o *model.Param) bool { return o.Key == p.Key }) {
			params = append(params, p)
		}
	}
	label = b.Lines[c.lines[0]].Label
	if len(params) == 1 {
		label = params[0].Field.Label
	}
	e := b.Lines[c.lines[0]].Element
	for _, f := range e.Declaration().Fields {
		if len(params) > 1 && e.Address()+"."+f.Key == c.parameters[0] {
			label = f.Label
		}
	}
	for _, s := range model.Schema() {
		if s.Key == e.Section {
			section = s.Label
		}
	}
	return section, label
}

func elementsOf(b *model.Book, c *change) (elements []*model.Element) {
	for _, i := range c.lines {
		if e := b.Lines[i].Element; !slices.Contains(elements, e) {
			elements = append(elements, e)
		}
	}
	return elements
}

// addressOf names a change that no layer writes: its parameter, with * for the id where it is of several elements.
func addressOf(b *model.Book, c *change) string {
	elements := elementsOf(b, c)
	if len(elements) == 1 {
		return c.parameters[0]
	}
	return elements[0].Section + ".*" + c.parameters[0][len(elements[0].Address()):]
}

// written is the value of a change in a scenario, as a plan file would have it. Of several inputs with different values: the range, or of one
// element each by its key.
func written(b *model.Book, c *change, inputs []formula.Input, scenario int) string {
	l := b.Lines[c.lines[0]]
	if choice := chosen(b, c.parameters[0]); choice != nil && len(c.parameters) == 1 {
		return writtenChoice(b, choice, c.parameters[0], c.lines, inputs, scenario)
	}
	var texts, keyed, derived []string
	var numbers []int
	for _, i := range c.lines {
		p := b.Lines[i].Param
		if p == nil && inputs[i].Option == "path" {
			continue // the path itself says it
		}
		text, rate := valueText(b, i, inputs[i]), parameter(b.Lines[i])
		switch method := chosen(b, rate); {
		case method == nil || !strings.HasSuffix(method.Key, "_method"):
			numbers = append(numbers, i)
		case methodIn(b, method, b.Lines[i].Element, inputs, scenario) != "given": // its number is what is added to the derived rate
			text = writtenChoice(b, method, rate, of(b, c.lines, rate), inputs, scenario)
			if !slices.Contains(derived, text) {
				derived = append(derived, text)
			}
		case p == method:
			continue // the rate itself says it
		default:
			numbers = append(numbers, i)
		}
		if p == nil {
			return text
		}
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		keyed = append(keyed, p.Key[strings.IndexByte(p.Key, '.')+1:]+": "+text)
	}
	if len(texts) == 1 {
		return texts[0]
	}
	if len(elementsOf(b, c)) == 1 || l.Unit == formula.Choice {
		return shortened(keyed)
	}
	var all []decimal.Decimal
	for _, i := range numbers {
		line := b.Program.Lines[i]
		for col := line.First(); col <= line.Last(b.Plan.Calendar); col++ {
			all = append(all, inputs[i].At(col))
		}
	}
	if len(all) > 0 {
		span := numberText(l.Unit, decimal.Min(all[0], all...))
		if most := numberText(l.Unit, decimal.Max(all[0], all...)); most != span {
			span += "~" + most
		}
		derived = append([]string{span}, derived...)
	}
	return shortened(derived)
}

// of are those of some inputs that belong to a parameter.
func of(b *model.Book, lines []int, param string) []int {
	return slices.DeleteFunc(slices.Clone(lines), func(i int) bool { return parameter(b.Lines[i]) != param })
}

// methodIn is the word of a choice that goes with a parameter: among some inputs, or, where the book has no line of it, in a scenario.
func methodIn(b *model.Book, choice *model.Param, e *model.Element, inputs []formula.Input, scenario int) string {
	if i := b.Program.Index(e.Address() + "." + choice.Key); i >= 0 {
		return inputs[i].Option
	}
	return choice.Values[scenario].Option
}

// writtenChoice is a one-of with the value of what it chooses (mean: 5), or a method with the points added to it.
func writtenChoice(b *model.Book, choice *model.Param, parameter string, lines []int, inputs []formula.Input, scenario int) string {
	e := b.Lines[lines[0]].Element
	option := methodIn(b, choice, e, inputs, scenario)
	top := strings.TrimPrefix(parameter, e.Address()+".")
	if choice.Key == top+".rule" {
		if p := e.Params[top+"."+option]; p != nil {
			if i := b.Program.Index(parameter + "." + option); i >= 0 {
				return option + ": " + valueText(b, i, inputs[i])
			}
		}
		return option
	}
	value := ""
	for _, i := range lines {
		if p := b.Lines[i].Param; p != nil && p.Key == top {
			value = valueText(b, i, inputs[i])
		}
	}
	switch {
	case option == "given" && value != "":
		return value
	case value == "" || value == "0%":
		return option
	case strings.HasPrefix(value, "-"):
		return option + " " + value
	}
	return option + " +" + value
}

// valueText is an input as a plan file writes it: one value, or by year from where it changes; amounts that happen in their years only.
func valueText(b *model.Book, line int, in formula.Input) string {
	l, c, cal := b.Lines[line], b.Program.Lines[line], b.Plan.Calendar
	if l.Unit == formula.Choice {
		return in.Option
	}
	events := l.Param != nil && l.Param.Field.Series == model.Events
	var parts []string
	for col := c.First(); col <= c.Last(cal); col++ {
		x := in.At(col)
		if events && x.IsZero() || !events && col > c.First() && x.Equal(in.At(col-1)) {
			continue
		}
		parts = append(parts, strconv.Itoa(cal.First+col)+": "+numberText(l.Unit, x))
	}
	switch {
	case len(parts) == 0:
		return "0"
	case len(parts) == 1 && !events:
		return numberText(l.Unit, in.At(c.First()))
	}
	return shortened(parts)
}

// shortened joins parts; of many it leaves the middle ones out.
func shortened(parts []string) string {
	if n := len(parts); n > 4 {
		parts = []string{parts[0], parts[1], "...", parts[n-1]}
	}
	return strings.Join(parts, ", ")
}

// numberText writes a number in its unit: 50%, 300, yes.
func numberText(unit formula.Unit, d decimal.Decimal) string {
	switch unit {
	case formula.Ratio:
		return d.Shift(2).Round(6).String() + "%"
	case formula.Flag:
		if d.IsZero() {
			return "no"
		}
		return "yes"
	}
	return d.Round(6).String()
}
