package model

import (
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Laid is what one entry of a layer, or of --set, did to a parameter in a scenario. What stands under an entry that replaces all of it is not kept.
type Laid struct {
	At       Pos
	Change   func(decimal.Decimal) decimal.Decimal // of a relative entry: -2pp, ×0.9; nil where the entry replaces
	Value    formula.Input                         // what it leaves there
	From, To int                                   // the years it is about; 0: all
}

// on is a value with the entry laid over it.
func (s Laid) on(v formula.Input, cal formula.Calendar) formula.Input {
	if s.From == 0 && s.Change == nil {
		return s.Value
	}
	if s.From == 0 && v.ByYear == nil {
		return formula.Input{Same: s.Change(v.Same)}
	}
	out := formula.Input{ByYear: make([]decimal.Decimal, cal.Columns())}
	for col := range out.ByYear {
		d, year := v.At(col), cal.First+col
		switch {
		case s.From > 0 && (year < s.From || year > s.To):
		case s.Change != nil:
			d = s.Change(d)
		default:
			d = s.Value.At(col)
		}
		out.ByYear[col] = d
	}
	return out
}

// stack is what leads an input from one scenario's value to another's: the entries laid over the plan's value in both, one above the other. Those that
// only one of them has are made or undone, each by itself, so that all mixes of them have a value.
type stack struct {
	plain formula.Input
	steps []stackStep
	cal   formula.Calendar
}

type stackStep struct {
	Laid
	both   bool // in both scenarios
	undone bool // only in the first
	by     Pos  // the entry whose change makes or undoes it
}

// stackOf is what was laid over an input in two scenarios; nil where that does not tell its values.
func (b *Book) stackOf(line, from, to int) *stack {
	p := b.Lines[line].Param
	if p == nil || p.Laid == nil {
		return nil
	}
	s := &stack{plain: p.Plain, cal: b.Plan.Calendar}
	old, rest := p.Laid[from], p.Laid[to]
	for _, step := range old {
		at := slices.IndexFunc(rest, func(n Laid) bool { return n.At == step.At })
		if at < 0 {
			s.steps = append(s.steps, stackStep{Laid: step, undone: true, by: step.At})
			continue
		}
		for _, n := range rest[:at] {
			s.steps = append(s.steps, stackStep{Laid: n, by: n.At})
		}
		s.steps, rest = append(s.steps, stackStep{Laid: step, both: true}), rest[at+1:]
	}
	for _, n := range rest {
		s.steps = append(s.steps, stackStep{Laid: n, by: n.At})
	}
	if made := slices.IndexFunc(s.steps, func(x stackStep) bool { return !x.both && !x.undone }); made >= 0 { // it takes the place of what is undone
		for i := range s.steps {
			if s.steps[i].undone {
				s.steps[i].by = s.steps[made].by
			}
		}
	}
	all := s.entries()
	if len(all) == 0 || !b.equal(line, s.value(nil), b.Input(from, line)) || !b.equal(line, s.value(all), b.Input(to, line)) {
		return nil
	}
	return s
}

// entries are those that make or undo something, in the order in which they are laid.
func (s *stack) entries() (all []Pos) {
	for _, step := range s.steps {
		if !step.both && !slices.Contains(all, step.by) {
			all = append(all, step.by)
		}
	}
	return all
}

// value is the input with the changes of these entries made.
func (s *stack) value(made []Pos) formula.Input {
	v := s.plain
	for _, step := range s.steps {
		if step.both || slices.Contains(made, step.by) != step.undone {
			v = step.on(v, s.cal)
		}
	}
	return v
}
