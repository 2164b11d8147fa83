package analysis

import (
	"slices"

	"zhencai/model"
	"zhencai/model/formula"
)

// stack is what leads an input from one scenario's value to another's: the entries laid over the plan's value in both, one above the other. Those that
// only one of them has are made or undone, each by itself, so that all mixes of them have a value.
type stack struct {
	plain formula.Input
	steps []stackStep
	cal   formula.Calendar
}

type stackStep struct {
	model.Laid
	both   bool      // in both scenarios
	undone bool      // only in the first
	by     model.Pos // the entry whose change makes or undoes it
}

// stackOf is what was laid over an input in two scenarios; nil where that does not tell its values.
func stackOf(b *model.Book, line, from, to int) *stack {
	p := b.Lines[line].Param
	if p == nil || p.Laid == nil {
		return nil
	}
	s := &stack{plain: p.Plain, cal: b.Plan.Calendar}
	old, rest := p.Laid[from], p.Laid[to]
	for _, step := range old {
		at := slices.IndexFunc(rest, func(n model.Laid) bool { return n.At == step.At })
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
	if len(all) == 0 || !equal(b, line, s.value(nil), b.Input(from, line)) || !equal(b, line, s.value(all), b.Input(to, line)) {
		return nil
	}
	return s
}

// entries are those that make or undo something, in the order in which they are laid.
func (s *stack) entries() (all []model.Pos) {
	for _, step := range s.steps {
		if !step.both && !slices.Contains(all, step.by) {
			all = append(all, step.by)
		}
	}
	return all
}

// value is the input with the changes of these entries made.
func (s *stack) value(made []model.Pos) formula.Input {
	v := s.plain
	for _, step := range s.steps {
		if step.both || slices.Contains(made, step.by) != step.undone {
			v = step.On(v, s.cal)
		}
	}
	return v
}
