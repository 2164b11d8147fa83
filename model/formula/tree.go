package formula

// Tree is a line's formula and its opening as plain data, for a reader outside Go (the briefing page): a name is the place of its line (an int),
// a number its text, everything else a list of the operator or function and what it is applied to. year, last_actual_year and first_year
// are lists of one; the second part of is( ) is the option's text. nil where the line has no such formula.
func (p *Program) Tree(line int) (formula, opening any) {
	l := p.Lines[line]
	return l.formula.data(), l.opening.data()
}

func (n *Node) data() any {
	switch {
	case n == nil:
		return nil
	case n.Op == "number", n.term == "option":
		return n.Text
	case n.term != "":
		return []any{n.term}
	case n.Op == "name":
		return n.line
	}
	list := []any{n.Op}
	for _, a := range n.Args {
		list = append(list, a.data())
	}
	return list
}

// Says is how a function or operator is read aloud, with {0} {1} for its arguments, {*} for all of them and {+} for all with a plus between; and
// how tightly it binds, 0 for what needs no parentheses around it.
func Says(op string) (text Text, binds int) {
	f := functions[op]
	if f == nil {
		return Text{}, 0
	}
	return f.says, spoken(op, f)
}

func spoken(op string, f *function) int {
	if level, ok := spokenLevel[op]; ok {
		return level
	}
	return f.level
}
