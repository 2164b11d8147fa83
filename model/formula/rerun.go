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
	return v, r.Update(v, inputs)
}

// Update is Evaluate in place, for a chain of changes that all want the same lines. The values must be the caller's own (see Clone).
func (r *Rerun) Update(v *Values, inputs []Input) []*Error {
	v.inputs = inputs
	for _, i := range r.free {
		r.p.enter(v, i)
	}
	return r.p.compute(v, r.lines)
}
