package model

// FlowKind says which way the money of a line goes.
type FlowKind int

const (
	FlowIn   FlowKind = iota // comes in
	FlowOut                  // goes out
	FlowHeld                 // stands at the end of the year
)

// Flow marks a line as money of the town, beside its declaration. Of the town's cash, and of earmarked money, what was held and what comes in is what goes out and
// what is held then, in every year: who shows where money comes from and goes to need not know the lines.
type Flow struct {
	Line      string
	Kind      FlowKind
	Earmarked bool // may only pay a project; otherwise the town's cash
	Name      Text // what the money is: lines of one name are one stream. Empty: what the line's element is called
}

// flow marks a line, by its full name. Flows are shown in the order of these calls.
func (b *builder) flow(f Flow) { b.flows = append(b.flows, f) }
