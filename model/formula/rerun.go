package formula

// Rerun is a plan for evaluating a few lines again after a few inputs changed: only what depends on those inputs and is needed by those lines.
// It is the exact reader with less to do; a test holds it to Evaluate.
type Rerun struct {
	p     *Program
	lines []bool // what is computed again
	free  []int  // inputs that may differ
}

// Rerun prepares evaluations in which only the inputs changed may differ and only the lines wanted are read afterwards. Lines are places in the
// program.
func (p *Program) Rerun(changed, wanted []int) *Rerun {
	r := &Rerun{p: p, lines: make([]bool, len(p.Lines)), free: changed}
	needed, moved := reached(wanted, p.reads), reached(changed, p.readBy)
	for i := range r.lines {
		r.lines[i] = needed[i] && moved[i]
	}
	return r
}

// EvaluateOnly computes some lines and what they need, nothing else. A cell that fails is not there.
func (p *Program) EvaluateOnly(inputs []Input, wanted []int) *Values {
	n := p.Calendar.Columns()
	v := &Values{p: p, inputs: inputs, cells: make([]value, len(p.Lines)*n), there: make([]bool, len(p.Lines)*n)}
	for i := range p.Lines {
		p.enter(v, i)
	}
	_ = p.compute(v, reached(wanted, p.reads), 0)
	return v
}

// link notes which lines every line reads, and which read it.
func (p *Program) link() {
	p.reads, p.readBy = make([][]int, len(p.Lines)), make([][]int, len(p.Lines))
	for i, l := range p.Lines {
		for _, tree := range []*Node{l.formula, l.opening} {
			if tree == nil {
				continue
			}
			walk(tree, true, func(n *Node, _ bool) {
				if n.line >= 0 && n.term == "" {
					p.reads[i] = append(p.reads[i], n.line)
					p.readBy[n.line] = append(p.readBy[n.line], i)
				}
			})
		}
	}
}

// Moves tells whether a line is computed again: it is wanted, or needed by what is wanted, and some changed input reaches it.
func (r *Rerun) Moves(line int) bool { return r.lines[line] }

// reached marks what can be reached from some places by steps.
func reached(from []int, steps [][]int) []bool {
	seen := make([]bool, len(steps))
	stack := append([]int(nil), from...)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[i] {
			seen[i] = true
			stack = append(stack, steps[i]...)
		}
	}
	return seen
}

// Lines is how many lines are computed again; 0 if the changed inputs do not reach what is wanted.
func (r *Rerun) Lines() (n int) {
	for _, again := range r.lines {
		if again {
			n++
		}
	}
	return n
}

// Evaluate computes the wanted lines for other inputs, taking all else from a complete evaluation. Of the result only the wanted lines, and what
// they are made of, are to be read.
func (r *Rerun) Evaluate(complete *Values, inputs []Input) (*Values, []*Error) {
	v := complete.Clone()
	return v, r.again(v, inputs, 0)
}

// Update is Evaluate in place, for a chain of changes that all want the same lines, from the first year that a change reaches. The values must be
// the caller's own (see Clone) and without a failure.
func (r *Rerun) Update(v *Values, inputs []Input) []*Error {
	from := r.p.Calendar.Columns()
	for _, i := range r.free {
		from = min(from, r.differs(v, i, inputs[i]))
	}
	return r.again(v, inputs, from)
}

func (r *Rerun) again(v *Values, inputs []Input, from int) []*Error {
	v.inputs = inputs
	for _, i := range r.free {
		r.p.enter(v, i)
	}
	return r.p.compute(v, r.lines, from)
}

// differs is the first column that an input's new value can change: no formula reads a later year than its own, but for openings, which may read
// the first plan year.
func (r *Rerun) differs(v *Values, i int, in Input) int {
	l, n := r.p.Lines[i], r.p.Calendar.Columns()
	if l.Unit == Choice {
		return 0
	}
	for col := l.first; col <= l.Last(r.p.Calendar); col++ {
		if !v.cells[i*n+col].d.Equal(in.At(col)) {
			if col <= r.p.Calendar.Zero()+1 {
				return 0
			}
			return col
		}
	}
	return n
}
