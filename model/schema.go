package model

import (
	"zhencai/model/formula"
)

// Text is a label or message in Chinese and English.
type Text = formula.Text

// FieldKind is the shape of what a plan file may write under a key.
type FieldKind string

// The shapes. A number may carry a unit as the field expects it (50%, 2万元/人, 1,200).
const (
	NumberField  FieldKind = "number"  // a number, a list by year or a map by year, as Series says
	ChoiceField  FieldKind = "choice"  // one of Options
	TextField    FieldKind = "text"    //
	SwitchField  FieldKind = "switch"  // true or false, the same in all scenarios
	RefField     FieldKind = "ref"     // the id of an element of the section Of, or a word of Options
	RefsField    FieldKind = "refs"    // a list of such ids
	GroupField   FieldKind = "group"   // a mapping of Fields; addresses are joined with a dot
	OneOfField   FieldKind = "one_of"  // a mapping with exactly one key of Fields, or the bare word of one that has no value
	ListField    FieldKind = "list"    // a list of mappings of Fields, addressed by position from 1
	LinesField   FieldKind = "lines"   // lines in the rule language: name → formula, or {formula, opening, unit, label, label_en}; into Element.Lines
	FormulaField FieldKind = "formula" // one formula in the rule language; a UserLine of Element.Lines named by the Key
)

// Series is how a number spreads over the years.
type Series string

// How a number spreads: one for all years; a map value holds until the next; a map value stands in its own year only, the
// others are 0; a value per history year.
const (
	Scalar  Series = "scalar"
	Held    Series = "held"
	Events  Series = "events"
	History Series = "history"
)

// Option is one word of a choice.
type Option struct {
	Key   string
	Label Text
}

// Field declares one key of a plan file. The loader, the JSON Schema, the workbook's input sheet and `lines` all read this declaration.
// Tagged "-" is what only the loader asks.
type Field struct {
	Key    string
	Kind   FieldKind    `json:",omitempty"` // empty means NumberField
	Unit   formula.Unit `json:",omitempty"`
	Series Series       `json:",omitempty"` // empty means Scalar
	Label  Text
	Doc    Text `json:"-"` // what it means where the label does not say it all

	// Default is the number, word or switch used when the key is absent, written as in a plan file. Empty: the key is required
	// (unless Optional). The words "first_year", "last_actual_year", "plan_years" stand for the plan's own.
	Default  string `json:"-"`
	Optional bool   `json:"-"`          // may be absent without a default: then there is no parameter
	Needed   bool   `json:",omitempty"` // a member of a one-of that must be given where it is chosen; Default serves where it is not
	Min, Max string `json:",omitempty"` // inclusive bounds; empty: none
	Whole    bool   `json:",omitempty"` // whole numbers only
	Term     bool   `json:",omitempty"` // what is argued about: an input on every sheet, given or not
	Fixed    bool   `json:"-"`          // a choice that is the same in all scenarios: structure, in Element.Words, not in Params

	Options []Option `json:",omitempty"` // of ChoiceField; of RefField: words allowed beside ids; of NumberField: words that choose a method instead
	Of      string   `json:"-"`          // section a ref points into
	Fields  []Field  `json:"-"`          // of Group, OneOf and List; of NumberField: keys of an alternative mapping (cost: {total, profile})

	// Short, of a list, is the key of a single-number short form: rate: 50% is bands: [{rate: 50%}].
	Short string `json:"-"`
	// Member, of a list whose members have neither a name nor an item: what one is called, with %s for its number.
	Member Text `json:"-"`
	// Pad, of a list: scenarios may have lists of different length; shorter ones repeat their last member.
	Pad bool `json:"-"`
}

// Kind is one sort of element of a section: its keys and the lines it adds to the book.
type Kind struct {
	Name   string // value of the key kind; empty where a section has only one sort
	Label  Text
	Doc    Text
	Fields []Field
	rule   func(b *builder, e *Element) (formula, worked string) // of a transfer: adds its lines, returns the formula of its award
}

// Section is one top-level key of a plan file.
type Section struct {
	Key      string
	Label    Text
	Single   bool   // the keys stand directly under the section; else it maps ids to elements
	Kinds    []Kind // more than one: the element's kind: chooses
	Required bool
}

// Schema is everything a plan file may say about money, in the order of the agreement. Meta keys, layers and scenarios are the loader's own.
func Schema() []Section {
	return []Section{
		{Key: "revenue", Label: Text{ZH: "财政收入", EN: "Revenue"}, Kinds: []Kind{revenueItem}, Required: true},
		{Key: "transfers", Label: Text{ZH: "县对镇转移支付与上解", EN: "Transfers and uploads"}, Kinds: transferKinds()},
		{Key: "incentive", Label: Text{ZH: "激励测算参数", EN: "Incentive analysis"}, Single: true, Kinds: []Kind{incentive}},
		{Key: "staff", Label: Text{ZH: "人员", EN: "Staff"}, Kinds: []Kind{staffGroup}},
		{Key: "running_costs", Label: Text{ZH: "运转经费", EN: "Running costs"}, Single: true, Kinds: []Kind{runningCosts}},
		{Key: "performance_pay", Label: Text{ZH: "绩效奖励", EN: "Performance pay"}, Single: true, Kinds: []Kind{performancePay}},
		{Key: "spending", Label: Text{ZH: "其他支出", EN: "Other spending"}, Kinds: []Kind{spendingLine}},
		{Key: "projects", Label: Text{ZH: "项目", EN: "Projects"}, Kinds: []Kind{project}},
		{Key: "debt", Label: Text{ZH: "债务", EN: "Debt"}, Kinds: []Kind{instrument}},
		{Key: "cash", Label: Text{ZH: "资金与支付顺序", EN: "Cash and the payment order"}, Single: true, Kinds: []Kind{cash}, Required: true},
		{Key: "indicators", Label: Text{ZH: "指标", EN: "Indicators"}, Single: true, Kinds: []Kind{indicators}},
		{Key: "openings", Label: Text{ZH: "结转数", EN: "Carried forward"}, Kinds: []Kind{opening}},
	}
}

// Declaration is the kind that an element follows; empty if there is none such.
func (e *Element) Declaration() Kind { return e.declaredIn(Schema()) }

func (e *Element) declaredIn(schema []Section) (kind Kind) {
	for _, s := range schema {
		for _, k := range s.Kinds {
			if s.Key == e.Section && (k.Name == e.Kind || len(s.Kinds) == 1) {
				return k
			}
		}
	}
	return kind
}
