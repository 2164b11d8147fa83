package formula

// Remembered tells of every line whether its figures of the years before the plan are read by some formula: what a plan that begins later has to be told.
func (p *Program) Remembered() []bool {
	all := make([]bool, len(p.Lines))
	for _, l := range p.Lines {
		remember(l.formula, false, all)
		remember(l.opening, true, all)
	}
	return all
}

// remember marks the lines of which a formula reads earlier years; an opening reads nothing else.
func remember(n *Node, past bool, all []bool) {
	if n == nil {
		return
	}
	if n.Op == "name" && n.term == "" && past {
		all[n.line] = true
	}
	for i, a := range n.Args {
		remember(a, past || n.Op == "prev" || n.Op == "sum_years" && i == 0, all)
	}
}

// OpeningReads are the lines, other than itself, that a line's opening names.
func (p *Program) OpeningReads(line int) (lines []int) {
	var walk func(n *Node)
	walk = func(n *Node) {
		if n == nil {
			return
		}
		if n.Op == "name" && n.term == "" && n.line != line {
			lines = append(lines, n.line)
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(p.Lines[line].opening)
	return lines
}
