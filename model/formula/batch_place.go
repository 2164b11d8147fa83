package formula

import "slices"

// What is done with the steps after translation.

// prune drops the steps that no output needs.
func (b *Batch) prune() {
	needed := make([]bool, len(b.steps))
	for _, r := range b.outputs {
		needed[r] = true
	}
	for i := len(b.steps) - 1; i >= 0; i-- {
		if needed[i] {
			for _, r := range b.steps[i].operands() {
				needed[r] = true
			}
		}
	}
	for _, i := range b.inputs {
		needed[i] = true
	}
	moved := make([]ref, len(b.steps))
	kept := b.steps[:0]
	for i, s := range b.steps {
		if !needed[i] {
			continue
		}
		moved[i] = ref(len(kept))
		operands := len(s.operands())
		for j, r := range []*ref{&s.a, &s.b, &s.c} {
			if j < operands {
				*r = moved[*r]
			}
		}
		kept = append(kept, s)
	}
	b.steps = kept
	for i, r := range b.outputs {
		b.outputs[i] = moved[r]
	}
	for i, r := range b.inputs {
		b.inputs[i] = int(moved[r])
	}
}

// operands are the steps a step reads.
func (s *step) operands() []ref {
	switch s.op {
	case opConst, opInput:
		return nil
	case opAdd, opSub, opMul, opDiv, opRoundMul, opMax, opMin, opAbove0, opEqual, opLess, opEqualNear, opLessNear, opPower, opRoot, opWholeYears:
		return []ref{s.a, s.b}
	case opSelect, opPick, opAnnuity:
		return []ref{s.a, s.b, s.c}
	}
	return []ref{s.a}
}

// allocate gives each step a register, used again as soon as nothing needs its value any more.
func (b *Batch) allocate() {
	last := make([]int, len(b.steps))
	for i, s := range b.steps {
		for _, r := range s.operands() {
			last[r] = i
		}
	}
	for i, s := range b.steps {
		if s.op == opConst || s.op == opInput {
			last[i] = len(b.steps)
		}
	}
	for _, r := range b.outputs {
		last[r] = len(b.steps)
	}
	b.places = make([]int32, len(b.steps))
	var free []int32
	for i, s := range b.steps {
		operands := s.operands()
		for j, r := range operands {
			if last[r] == i && !slices.Contains(operands[:j], r) {
				free = append(free, b.places[r])
			}
		}
		if len(free) > 0 && s.op != opConst && s.op != opInput {
			b.places[i], free = free[len(free)-1], free[:len(free)-1]
			continue
		}
		b.places[i] = int32(b.size)
		b.size++
	}
}
