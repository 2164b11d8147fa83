package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// CSV is results.csv: one row per scenario, line and year with a value, in plain decimals, year 0 included where a line has an opening
// (and the history years of lines that have them). UTF-8 with a byte order mark, as all CSV files are: spreadsheets open them too.
func CSV(run *reports.Run) []byte {
	var buf bytes.Buffer
	w := csvWriter(&buf)
	w.Write([]string{"scenario", "line", "label", "unit", "year", "value"})
	eachValue(run, func(result, line, year int) {
		l := run.Book.Lines[line]
		if l.Unit != formula.Choice {
			w.Write([]string{run.Results[result].Scenario.ID, l.Address(), reports.CSVText(run.FullLabel(line)), l.Unit.Text().In(run.Lang), strconv.Itoa(year), run.Value(result, line, year)})
		}
	})
	w.Flush()
	return buf.Bytes()
}

// csvWriter begins a CSV file.
func csvWriter(to io.Writer) *csv.Writer {
	io.WriteString(to, model.ByteOrderMark) // an error comes back from the writer, which writes to the same place
	return csv.NewWriter(to)
}

// eachValue visits every cell that has a value or is a blank ratio, scenario by scenario, line by line, year by year.
func eachValue(r *reports.Run, visit func(result, line, year int)) {
	cal := r.Book.Plan.Calendar
	for result := range r.Results {
		for line := range r.Book.Lines {
			c := r.Book.Program.Lines[line]
			for col := c.First(); col <= c.Last(cal); col++ {
				visit(result, line, cal.First+col)
			}
		}
	}
}

// Figures is a digest of what a run shows: its inputs, its date, and every value of every scenario.
func Figures(run *reports.Run) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %q\n", run.Book.Plan.Hash, run.Date)
	eachValue(run, func(result, line, year int) {
		l, value := run.Book.Lines[line], ""
		if l.Unit == formula.Choice {
			value = run.Results[result].Values.Option(line)
		} else {
			value = run.Value(result, line, year)
		}
		fmt.Fprintf(h, "%s %s %d %s\n", run.Results[result].Scenario.ID, l.Address(), year, value)
	})
	return hex.EncodeToString(h.Sum(nil))
}

type Document struct {
	Town           string           `json:"town"`
	County         string           `json:"county"`
	Title          string           `json:"title"`
	Version        string           `json:"version"`
	Date           string           `json:"date"`
	Hash           string           `json:"inputs_sha256"`
	LastActualYear int              `json:"last_actual_year"`
	LastYear       int              `json:"last_year"`
	Illustrative   []string         `json:"illustrative"` // addresses of inputs that are not real figures
	Lines          []jsonLine       `json:"lines"`
	Scenarios      []jsonScenario   `json:"scenarios"`
	Differences    []jsonDifference `json:"differences"`         // of every scenario but the first, from the first
	Incentive      []jsonIncentive  `json:"incentive,omitempty"` // see zhencai incentive
	Risk           *riskJSON        `json:"risk,omitempty"`      // see zhencai simulate, tornado, sweep
}

type jsonLine struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	LabelEN string `json:"label_en,omitempty"`
	Unit    string `json:"unit"`
	Formula string `json:"formula,omitempty"`
	Opening string `json:"opening,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Source  string `json:"source,omitempty"`
	Grade   string `json:"grade,omitempty"`
}

type jsonScenario struct {
	ID      string                    `json:"id"`
	Label   string                    `json:"label"`
	LabelEN string                    `json:"label_en,omitempty"`
	Values  map[string]map[string]any `json:"values"` // line → year → number, null for a blank ratio, text for a choice
}

type jsonDifference struct {
	Scenario string       `json:"scenario"`
	From     string       `json:"from"`
	Line     string       `json:"line"`
	Over     formula.Over `json:"over"`
	Before   json.Number  `json:"before"`
	After    json.Number  `json:"after"`
	Orders   int          `json:"sampled_orders"` // 0: exact
	Error    json.Number  `json:"standard_error"`
	Parts    []jsonPart   `json:"contributions"` // they add up to after - before
}

type jsonPart struct {
	Address string      `json:"address"`
	Label   string      `json:"label"`
	LabelEN string      `json:"label_en,omitempty"`
	Old     string      `json:"old"`
	New     string      `json:"new"`
	Layer   string      `json:"layer,omitempty"`
	Amount  json.Number `json:"amount"`
}

func jsonDifferences(r *reports.Run) (all []jsonDifference) {
	for result := range r.Results {
		d := r.Difference(result)
		if d == nil {
			continue
		}
		j := jsonDifference{Scenario: r.Results[result].Scenario.ID, From: r.Results[0].Scenario.ID, Line: d.Line, Over: d.How,
			Before: reports.ExactJSON(d.Before), After: reports.ExactJSON(d.After), Orders: d.Paths, Error: reports.ExactJSON(d.Error)}
		for _, p := range d.Parts {
			j.Parts = append(j.Parts, jsonPart{Address: p.Address, Label: p.Label.ZH, LabelEN: p.Label.EN, Old: p.Old, New: p.New, Layer: p.Layer, Amount: reports.ExactJSON(p.Amount)})
		}
		all = append(all, j)
	}
	return all
}

// JSON is results.json: the plan, every line with its formula and source, all values as exact numbers, and why the scenarios differ.
func JSON(run *reports.Run) ([]byte, error) {
	plan := run.Book.Plan
	doc := Document{Town: plan.Town, County: plan.County, Title: plan.Title, Version: plan.Version, Date: run.Date, Hash: plan.Hash,
		LastActualYear: plan.Calendar.Actual, LastYear: plan.Calendar.Last, Illustrative: run.Illustrative(), Differences: jsonDifferences(run)}
	for _, l := range run.Book.Lines {
		j := jsonLine{ID: l.Address(), Label: l.Full().ZH, LabelEN: l.Full().EN, Unit: string(l.Unit), Formula: l.Formula, Opening: l.Opening, Rule: l.Rule}
		if l.Param != nil {
			j.Source, j.Grade = l.Param.Source, l.Param.Grade
		}
		doc.Lines = append(doc.Lines, j)
	}
	for _, r := range run.Results {
		doc.Scenarios = append(doc.Scenarios, jsonScenario{ID: r.Scenario.ID, Label: r.Scenario.Label, LabelEN: r.Scenario.LabelEN, Values: map[string]map[string]any{}})
	}
	eachValue(run, func(result, line, year int) {
		name, values := run.Book.Lines[line].Address(), doc.Scenarios[result].Values
		if values[name] == nil {
			values[name] = map[string]any{}
		}
		var value any
		if text := run.Value(result, line, year); run.Book.Lines[line].Unit == formula.Choice {
			value = run.Results[result].Values.Option(line)
		} else if text != "" {
			value = json.Number(text)
		}
		values[name][strconv.Itoa(year)] = value
	})
	doc.Incentive, doc.Risk = jsonIncentives(run), jsonRiskOf(run)
	return json.MarshalIndent(doc, "", " ")
}
