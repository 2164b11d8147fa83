package model

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Pos is a place in a plan file. Line and Col count from 1; Len is the length of the offending text in characters; File is empty for
// something no file says (a default, the command line).
type Pos struct {
	File           string
	Line, Col, Len int
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Problem is one error or warning about a plan.
type Problem struct {
	Code    string // a stable short name, for tests
	Warning bool
	Pos     Pos
	Text    Text // what is wrong
	Hint    Text // what to do
}

// Listed is how many problems are listed; the others are counted.
const Listed = 100

// Shorten leaves as many problems as are listed, errors if there are any, and says how many more there are, beside those that were dropped before.
func Shorten(problems []Problem, dropped int) []Problem {
	if len(problems)+dropped <= Listed {
		return problems
	}
	failed := slices.ContainsFunc(problems, func(p Problem) bool { return !p.Warning })
	if failed {
		problems = slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Warning })
	}
	last := min(len(problems), Listed)
	more := len(problems) - last + dropped
	if more == 0 {
		return problems
	}
	p := Problem{Code: "too_many_problems", Warning: !failed, Text: formula.Textf("还有 %d 处没有列出", "%d more are not listed", more), Hint: Text{ZH: "先改正上面的，再检查一次", EN: "correct those above, then check again"}}
	if last > 0 {
		p.Pos.File = problems[min(last, len(problems)-1)].Pos.File
	}
	return append(slices.Clip(problems[:last]), p)
}

// PlanFormat is how a plan is written as JSON, by the tags of Plan and of what it is made of; another number wherever that changes. What is tagged "-" is
// written by its owner (scenarios, parameters' values), or only the loader, an explanation or an analysis asks for it: a book is built without.
const PlanFormat = 2

// Plan is a checked plan: the structure all scenarios share, and every parameter's value in each of them.
type Plan struct {
	Town, County, Title, TitleEN, Version, Status string
	Calendar                                      formula.Calendar
	Elements                                      []*Element   `json:"-"` // in the order of Schema, then of the files
	Order                                         []string     // keys of all Categories, most urgent first
	Layers                                        []Layer      `json:"-"`          // as declared
	Scenarios                                     []Scenario   `json:"-"`          // the first is the plan without layers, id "base"; an edition has none
	Edition                                       string       `json:",omitempty"` // "county": only what the county may see was read; empty: everything
	Uncertainty                                   *Uncertainty `json:"-"`          // nil if the plan says nothing of it
	Sweeps                                        []Sweep      `json:"-"`
	Hash                                          string       // of all input files and --set, hex
}

// Scenario is one ordered list of layers over the plan.
type Scenario struct {
	ID, Label, LabelEN string
	Layers             []string `json:",omitempty"`
	Edition            string   `json:",omitempty"` // "county": may be shown to the county
	Fallback           string   `json:",omitempty"` // "town", "county" or "both": what that side has if nothing is agreed; empty if it is none
	Pos                Pos      `json:"-"`
}

// Layer is a set of changes a scenario may lay over the plan: an offer, a risk, a decision.
type Layer struct {
	ID, Label, LabelEN string
	Source, Grade      string   // of the changes; empty if the layer names none
	Changes            []Change `json:"-"`
}

// Change is one entry of a layer: the address and the value as written, and where.
type Change struct {
	Address, Value string // Value is empty for a list or a map
	At             Pos
}

// LayerAt finds the layer in which a change is written; nil for --set or a place in no layer.
func (p *Plan) LayerAt(at Pos) *Layer {
	layer, _ := p.ChangeAt(at)
	return layer
}

// ChangeAt finds the entry of a layer that is written at a place, or in whose value the place is.
func (p *Plan) ChangeAt(at Pos) (layer *Layer, entry *Change) {
	var nearest Pos
	for i := range p.Layers {
		for k := range p.Layers[i].Changes {
			c := p.Layers[i].Changes[k].At
			before := c.Line < at.Line || c.Line == at.Line && c.Col <= at.Col
			later := c.Line > nearest.Line || c.Line == nearest.Line && c.Col > nearest.Col
			if c.File == at.File && before && (entry == nil || later) {
				layer, entry, nearest = &p.Layers[i], &p.Layers[i].Changes[k], c
			}
		}
	}
	return layer, entry
}

// Graded are the addresses of the plan's figures by their grade ("" where none is stated): every parameter with a number that the plan or a layer gives, once
// whatever the years and scenarios, and every layer that a scenario uses; of the scenarios that were read. Whoever counts figures of a grade counts these.
func (p *Plan) Graded() map[string][]string {
	all := map[string][]string{}
	for _, e := range p.Elements {
		var given []*Param
		for _, param := range e.Params {
			if param.Field.Kind != ChoiceField && slices.Contains(param.Given, true) {
				given = append(given, param)
			}
		}
		slices.SortFunc(given, func(x, y *Param) int {
			return cmp.Or(cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col), cmp.Compare(x.Key, y.Key))
		})
		for _, param := range given {
			all[param.Grade] = append(all[param.Grade], e.Address()+"."+param.Key)
		}
	}
	for _, y := range p.Layers {
		if slices.ContainsFunc(p.Scenarios, func(s Scenario) bool { return slices.Contains(s.Layers, y.ID) }) {
			all[y.Grade] = append(all[y.Grade], "layers."+y.ID)
		}
	}
	return all
}

// Fallback is the place of the scenario that a side ("town" or "county") falls back on if nothing is agreed; -1 if the plan names none.
func (p *Plan) Fallback(side string) int {
	return slices.IndexFunc(p.Scenarios, func(s Scenario) bool { return s.Fallback == side || s.Fallback == "both" })
}

// Text is the label in both languages.
func (s Scenario) Text() Text { return Text{ZH: s.Label, EN: s.LabelEN} }

// Element is one revenue item, transfer, staff group, project, debt, … as the plan declares it.
type Element struct {
	Section, ID    string // address is Section.ID, or Section alone where the section is single
	Kind           string
	Label, LabelEN string
	Source, Grade  string
	Note           string
	Pos            Pos                 `json:"-"`
	Params         map[string]*Param   `json:"-"`          // by key; nested keys joined with dots, list members by position: bands.1.rate
	Refs           map[string][]string `json:",omitempty"` // of RefField and RefsField, by key
	Words          map[string]string   `json:",omitempty"` // of TextField, SwitchField ("true"/"false") and structural choices, by key
	Count          map[string]int      `json:",omitempty"` // members of a ListField
	ShortForm      map[string]bool     `json:",omitempty"` // the list was written in its short form in every scenario
	Lines          []UserLine          `json:",omitempty"`
}

// Address is the element's place in every address.
func (e *Element) Address() string {
	if e.ID == "" {
		return e.Section
	}
	return e.Section + "." + e.ID
}

// Text is the element's label in both languages.
func (e *Element) Text() Text { return Text{ZH: e.Label, EN: e.LabelEN} }

// Param is one parameter: its declaration, where it was given, and its value in every scenario.
type Param struct {
	Key           string
	Field         *Field             `json:"-"`
	Asked         bool               `json:",omitempty"` // somebody moves it, as a distribution does: it stays an input, given or not
	Values        []formula.Input    `json:"-"`          // by scenario
	Given         []bool             `json:"-"`          // by scenario: false where the default stands
	Source, Grade string             `json:",omitempty"` // its own, else the element's
	Note          string             `json:",omitempty"`
	Range         [2]string          `json:"-"` // as written, for sensitivity; empty if none
	Ends          [2]decimal.Decimal `json:"-"` // the same as numbers
	Pos           Pos                `json:"-"` // in the base plan; the element's if defaulted
	SetAt         []Pos              `json:"-"` // by scenario: the layer or --set that changed it last; zero Pos if none
	Plain         formula.Input      `json:"-"` // in the plan itself, without layers and --set
	Laid          [][]Laid           `json:"-"` // by scenario: what was laid over that, one above the other; nil where nobody kept it
}

// Own is a formula or line that the plan writes for the element under a name; nil if it writes none.
func (e *Element) Own(name string) *UserLine {
	for i := range e.Lines {
		if e.Lines[i].Name == name {
			return &e.Lines[i]
		}
	}
	return nil
}

// UserLine is a line a plan writes in the rule language.
type UserLine struct {
	Name, Formula   string
	Opening         string `json:",omitempty"`
	Unit            formula.Unit
	Label, LabelEN  string
	Pos, OpeningPos Pos `json:"-"`
}

// Find returns the element at an address, nil if there is none.
func (p *Plan) Find(address string) *Element {
	for _, e := range p.Elements {
		if e.Address() == address {
			return e
		}
	}
	return nil
}

// In lists the elements of a section, in order.
func (p *Plan) In(section string) (es []*Element) {
	for _, e := range p.Elements {
		if e.Section == section {
			es = append(es, e)
		}
	}
	return es
}
