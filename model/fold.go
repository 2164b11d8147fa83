package model

import (
	"slices"
	"strings"

	"zhencai/model/formula"
)

// A rule states its whole clause; a book shows what of it the plan uses. formula.Fold takes the rest out, by what is said here of every line.

// Everything, asked for, is all lines of the rules.
const Everything = "*"

// Asking is the book in which the parameters of these keys, in whatever element, are inputs although no scenario gives them, because somebody moves them.
// Its lines may have other places; what it computes is the same.
func (b *Book) Asking(keys ...string) *Book {
	again := *b.declared
	again.asked = append(slices.Clone(again.asked), keys...)
	if !slices.Contains(keys, Everything) && !slices.ContainsFunc(again.lines, func(l *Line) bool { return b.declared.known(l) != nil && again.known(l) == nil }) {
		return b
	}
	return b.Keep(asking(strings.Join(keys, " ")), func() any {
		book, errs := again.compile()
		if errs != nil {
			panic(errs[0].Text.EN) // the same lines were compiled before
		}
		return book
	}).(*Book)
}

// Declared is a line as the rules state it, whether or not the plan uses it; nil if the rules have none of that name.
func (b *Book) Declared(name string) *Line {
	if i := slices.IndexFunc(b.declared.lines, func(l *Line) bool { return l.Name == name }); i >= 0 {
		return b.declared.lines[i]
	}
	return nil
}

// WhyGone says of a line of the rules that the plan does not use what stands for it; nil if it is none.
func (b *Book) WhyGone(name string) *Text {
	i := slices.IndexFunc(b.Gone, func(g formula.Gone) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	g, label := b.Gone[i], b.Declared(name).Full()
	text := formula.Textf("%s（%s）这个计划没有用到，各年都是 %s", "%s (%s) is not used by this plan: it is %s in every year", name, label, g.Always)
	switch {
	case g.Unused:
		text = formula.Textf("%s（%s）这个计划没有用到，没有这一行的数", "%s (%s) is not used by this plan: it has no line", name, label)
	case g.By != "":
		text = formula.Textf("%s（%s）各年都等于 %s", "%s (%s) is the same as %s in every year", name, label, g.By)
	}
	return &text
}

// asking is the key under which a book keeps itself with more inputs.
type asking string

// fold takes out of the lines written so far what the plan does not use.
func (b *builder) fold() (lines []*Line, folded *formula.Folded, errs []*formula.Error) {
	declared := make([]formula.Line, len(b.lines))
	for i, l := range b.lines {
		declared[i] = l.Line
		declared[i].Known, declared[i].Refuses, declared[i].Never = b.known(l), l.Refuses, b.never(l)
		declared[i].Stays = l.Element == nil && reported(l.Name)
		switch {
		case l.Total:
			declared[i].Weight = formula.Sum
		case !l.Detail:
			declared[i].Weight = formula.Plain
		}
	}
	folded, errs = formula.Fold(declared, b.groups, b.plan.Calendar)
	if errs != nil {
		return nil, nil, errs
	}
	section, heading, at := Text{}, Text{}, 0
	for _, l := range b.lines {
		if l.Section != (Text{}) {
			section, heading = l.Section, Text{}
		}
		if l.Heading != (Text{}) {
			heading = l.Heading
		}
		if at == len(folded.Lines) || folded.Lines[at].Name != l.Name {
			continue
		}
		stays := *l
		stays.Line, stays.Section, stays.Heading = folded.Lines[at], section, heading
		section, heading = Text{}, Text{}
		lines, at = append(lines, &stays), at+1
	}
	return lines, folded, nil
}

// reported: is a line shown by name whatever it comes to?
func reported(name string) bool {
	return slices.Contains([]string{"amount", "counted", "kept"}, name) || slices.ContainsFunc(headlines(func(shown) bool { return true }), func(h Headline) bool { return h.Line == name && name != "uploads_owed" })
}

// known is the value of an input that no scenario gives and nobody asks for; nil for all others.
func (b *builder) known(l *Line) *formula.Known {
	p := l.Param
	if p == nil || p.Asked || p.Field.Term || p.Field.Needed && slices.ContainsFunc(b.plan.Elements, asksWords) || slices.Contains(p.Given, true) || slices.Contains(b.asked, p.Key) {
		return nil
	}
	if slices.ContainsFunc(p.Values, func(in formula.Input) bool { return !in.Equal(p.Values[0]) }) {
		return nil
	}
	return &formula.Known{Input: p.Values[0]}
}

// never are the options that no scenario chooses and that need a figure no scenario gives: who chose one on the sheet would find no place for it.
func (b *builder) never(l *Line) (options []string) {
	if l.Param == nil || !strings.HasSuffix(l.Param.Key, ".rule") || slices.ContainsFunc(b.plan.Elements, asksWords) {
		return nil
	}
	for _, option := range l.Options {
		needs := l.Element.Params[strings.TrimSuffix(l.Param.Key, "rule")+option]
		if some, _ := needs.GivenIn(); needs != nil && needs.Field.Needed && !some && !l.Param.Any(func(in formula.Input) bool { return in.Option == option }) {
			options = append(options, option)
		}
	}
	return options
}

// asksWords: does a plan's own formula ask what is chosen?
func asksWords(e *Element) bool {
	return slices.ContainsFunc(e.Lines, func(u UserLine) bool { return strings.Contains(u.Formula+u.Opening, "is(") })
}

// ask marks the parameters of which the plan says that they may turn out otherwise.
func (p *Plan) ask() {
	if p.Uncertainty == nil {
		return
	}
	for _, s := range p.Uncertainty.Shocks {
		for _, at := range s.Places {
			if e := p.Find(at.Element); e != nil {
				for key, param := range e.Params {
					param.Asked = param.Asked || sameKey(at.Key, key)
				}
			}
		}
	}
}

// remaining are the flows of money that lines are left of.
func remaining(flows []Flow, gone []formula.Gone) (left []Flow) {
	for _, f := range flows {
		i := slices.IndexFunc(gone, func(g formula.Gone) bool { return g.Name == f.Line })
		switch {
		case i < 0:
		case gone[i].By != "":
			f.Line = gone[i].By
		default:
			continue
		}
		left = append(left, f)
	}
	return left
}
