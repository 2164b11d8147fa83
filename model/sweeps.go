package model

// Sweep is a grid of what-ifs that a plan asks for: every combination of the values of its axes.
type Sweep struct {
	ID, Label, LabelEN string
	Scenario           string // its id; empty: base
	Axes               []Axis
	Lines              []string
	Pos                Pos
}

// Text is the label in both languages.
func (s *Sweep) Text() Text { return Text{ZH: s.Label, EN: s.LabelEN} }

// Points is the number of points, MostPoints+1 where there are more than it may have.
func (s *Sweep) Points() int {
	n := 1
	for _, a := range s.Axes {
		n = min(n*len(a.Values), MostPoints+1)
	}
	return n
}

// Axis is an address and the values it takes, as they are written in a plan.
type Axis struct {
	Address string
	Values  []string
	Pos     Pos
}

// MostPoints is how many points a grid may have.
const MostPoints = 10_000_000
