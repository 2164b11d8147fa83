package reports

// Table is a data table: the same numbers as the chart above it, for reading, copying and screen readers.
type Table struct {
	Caption string
	Result  int // the scenario it belongs to; -1 if it shows all
	Head    []string
	Rows    []Row
}

type Row struct {
	Name     string
	Scenario *ScenarioName // of a row that is a scenario
	Cells    []Cell
	Total    bool
}

type Cell struct {
	Text  string
	Why   string // what the panel explains when it is chosen; empty if nothing
	Note  string // the year of an extreme
	Level *DebtLevel
}

// ScenarioName is a scenario as the page shows it: its name, and the colour it has everywhere.
type ScenarioName struct {
	Index       int
	Label       string
	Class       string // in the style sheet
	Line, Ink   string // colours: of lines and areas, and a stronger one for text
	Dash, Shape string // of its line, so that colour is not needed to tell it
}
