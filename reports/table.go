package reports

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Table is one result laid out, in no output's own way: the terminal, the page and the sheets render it and need know no more of the result.
type Table struct {
	Caption string // of more than one line in a terminal
	Result  int    // the scenario it belongs to; -1 if it shows all
	Head    []string
	Brief   []string // the head in a terminal, where that is another
	Width   int      // the widest that a column becomes in a terminal before its head is broken; 0: as wide as it is
	Texts   int      // how many of the cells' columns, from the left, are texts and no numbers
	Rows    []Row
	Foot    *Row
	Notes   []string // sentences under it
}

// Row is one line of a table.
type Row struct {
	ID       string // its address or code
	Name     string
	Brief    string        // the name in a terminal, where that is another
	Unit     formula.Unit  // what its cells count, where that is one thing
	Over     string        // which years they are of
	Scenario *ScenarioName // of a row that is a scenario
	Cells    []Cell
	Total    bool
}

// Cell is what stands in one place of a table.
type Cell struct {
	Text   string
	Brief  string  // the text in a terminal, where that is another
	Number *Number // what a sheet has in its place
	Error  *Number // the sampling error of that
	Live   []Term  // the figures it is the sum of, which a sheet reads from its ledgers
	Why    string  // what the panel explains when it is chosen; empty if nothing
	Note   string  // the year of an extreme, a sampling error
	Level  *DebtLevel
}

// Number is what a sheet calculates on.
type Number struct {
	Value  decimal.Decimal
	Unit   formula.Unit
	Places int32 // decimals to show, where the unit does not say how many
	Blank  bool
}

// Term is a line's plan years as one figure of a result; Less is taken off.
type Term struct {
	Result, Line int
	How          formula.Over
	Less         bool
}

// ScenarioName is a scenario as the page shows it: its name, and the colour it has everywhere.
type ScenarioName struct {
	Index       int
	Label       string
	Class       string // in the style sheet
	Line, Ink   string // colours: of lines and areas, and a stronger one for text
	Dash, Shape string // of its line, so that colour is not needed to tell it
}

// DebtLevel is a colour of the debt ratio as the page shows it.
type DebtLevel struct{ Name, Class string }

// texts are cells of words.
func texts(words ...string) (cells []Cell) {
	for _, s := range words {
		cells = append(cells, Cell{Text: s})
	}
	return cells
}

// exactCell is an exact number under its text.
func exactCell(text string, d decimal.Decimal, unit formula.Unit, places int32) Cell {
	return Cell{Text: text, Number: &Number{Value: d, Unit: unit, Places: places}}
}

func amountCell(d decimal.Decimal) Cell { return exactCell(Amount(d), d, formula.Money, 0) }

// gainPlaces are those of what an extra 万元 brings.
const gainPlaces = 4

func gainCell(d decimal.Decimal) Cell { return exactCell(Gain(d), d, formula.Ratio, gainPlaces) }

// sampledNumber is a number of a simulation for a sheet.
func sampledNumber(v float64, unit formula.Unit) *Number {
	d, there := Rounded(v, unit)
	return &Number{Value: d, Unit: unit, Blank: !there}
}

// SampledCell is a number of a simulation.
func SampledCell(v float64, unit formula.Unit) Cell {
	return Cell{Text: SampledGrouped(v, unit), Brief: SampledText(v, unit), Number: sampledNumber(v, unit)}
}

// erringCell is a number of a simulation with its sampling error, which is left out where there is none.
func erringCell(v, err float64, unit formula.Unit) Cell {
	c := SampledCell(v, unit)
	c.Error = sampledNumber(err, unit)
	if err != 0 && err == err {
		c.Brief += " +/- " + SampledText(err, unit)
	}
	if !c.Error.Blank && !c.Error.Value.IsZero() {
		c.Note = "± " + SampledGrouped(err, unit)
	}
	return c
}

// chanceCell is a probability, or a share of a variance, with its sampling error.
func chanceCell(p, err float64) Cell {
	return Cell{Text: SampledGrouped(p, formula.Ratio), Brief: Chance(p) + " +/- " + Chance(err), Note: "± " + Chance(err), Number: sampledNumber(p, formula.Ratio), Error: sampledNumber(err, formula.Ratio)}
}
