package data

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// riskJSON is the risk in results.json.
type riskJSON struct {
	Paths     int            `json:"paths"`
	Seed      int64          `json:"seed"`
	Spreads   []jsonSpread   `json:"spreads"`
	Delivery  *jsonState     `json:"delivery,omitempty"`
	Scenarios []jsonOutcomes `json:"scenarios"`
	Tornado   jsonTornado    `json:"tornado"`
	Variance  []jsonShare    `json:"variance"`
	Sweeps    []jsonSweep    `json:"sweeps,omitempty"`
}

type jsonSpread struct {
	Address      string          `json:"address"`
	Law          model.LawKind   `json:"law"`
	Effect       analysis.Effect `json:"effect"`
	P5           any             `json:"p5"`
	P95          any             `json:"p95"`
	Errors       int             `json:"past_errors"`
	Illustrative bool            `json:"illustrative"`
}

type jsonState struct {
	Of           []string    `json:"of"`
	Full         json.Number `json:"full"`
	Part         json.Number `json:"part"`
	Nothing      json.Number `json:"nothing"`
	PartPays     json.Number `json:"part_pays"`
	Stays        json.Number `json:"stays"`
	Illustrative bool        `json:"illustrative"`
}

type jsonOutcomes struct {
	Scenario string                           `json:"scenario"`
	Lines    map[string]map[string]jsonSample `json:"lines"`             // line → year
	Events   map[string]map[string]jsonChance `json:"events"`            // event → year, or any
	Clipped  map[string]int64                 `json:"clipped,omitempty"` // by shock: draws held at the bounds
}

type jsonSample struct {
	Quantiles map[string]any `json:"quantiles"`
	Errors    map[string]any `json:"standard_errors"`
	Mean      any            `json:"mean"`
	Blank     int64          `json:"blank,omitempty"`
}

type jsonChance struct {
	Probability any `json:"probability"`
	Error       any `json:"standard_error"`
}

type jsonTornado struct {
	Scenario string       `json:"scenario"`
	Line     string       `json:"line"`
	Over     formula.Over `json:"over"`
	Planned  any          `json:"planned"`
	Bars     []jsonBar    `json:"bars"`
}

type jsonBar struct {
	Address string           `json:"address"`
	Ends    analysis.BarEnds `json:"ends"`
	Low     any              `json:"low"`
	High    any              `json:"high"`
	AtLow   any              `json:"at_low"`
	AtHigh  any              `json:"at_high"`
}

type jsonShare struct {
	Sources []string `json:"sources"`
	Index   any      `json:"index"`
	Error   any      `json:"standard_error"`
}

type jsonSweep struct {
	ID       string       `json:"id"`
	Scenario string       `json:"scenario"`
	Axes     []jsonAxis   `json:"axes"`
	Figures  []jsonFigure `json:"figures"`
}

type jsonAxis struct {
	Address string   `json:"address"`
	Values  []string `json:"values"`
}

type jsonFigure struct {
	Line   string       `json:"line"`
	Over   formula.Over `json:"over"`
	Values []any        `json:"values"` // by point, the last axis fastest
}

func jsonRiskOf(r *reports.Run) *riskJSON {
	if r.Risk == nil {
		return nil
	}
	s := r.Risk.Simulated
	out := &riskJSON{Paths: s.Paths, Seed: s.Seed}
	for _, one := range analysis.Spreads(r.Book) {
		out.Spreads = append(out.Spreads, jsonSpread{one.Address, one.Law.Kind, one.Effect, reports.SampledJSON(one.Low), reports.SampledJSON(one.High), one.Errors, one.Errors == 0})
	}
	if d := r.Book.Plan.Uncertainty.Delivery; d != nil {
		out.Delivery = &jsonState{d.Of, reports.ExactJSON(d.Full), reports.ExactJSON(d.Part), reports.ExactJSON(d.Nothing), reports.ExactJSON(d.PartPays), reports.ExactJSON(d.Stays), true}
	}
	years := r.Years()
	for i, result := range r.Results {
		one := jsonOutcomes{Scenario: result.Scenario.ID, Lines: map[string]map[string]jsonSample{}, Events: map[string]map[string]jsonChance{}, Clipped: map[string]int64{}}
		for l, line := range s.Lines {
			by := map[string]jsonSample{}
			for y, year := range years {
				o := s.Spread[i][l][y]
				mean, _ := o.Moments()
				sample := jsonSample{Quantiles: map[string]any{}, Errors: map[string]any{}, Mean: reports.SampledJSON(mean), Blank: o.Blank()}
				values, errs := o.Quantiles(reports.Quantiles)
				for k, q := range reports.Quantiles {
					name := fmt.Sprintf("p%g", q*100)
					sample.Quantiles[name], sample.Errors[name] = reports.SampledJSON(values[k]), reports.SampledJSON(errs[k])
				}
				by[strconv.Itoa(year)] = sample
			}
			one.Lines[r.Book.Lines[line].Address()] = by
		}
		for e, event := range s.Events {
			by := map[string]jsonChance{}
			for y := range len(years) + 1 {
				when := "any"
				if y < len(years) {
					when = strconv.Itoa(years[y])
				}
				p, err := s.Probability(i, e, y)
				by[when] = jsonChance{reports.SampledJSON(p), reports.SampledJSON(err)}
			}
			one.Events[event.ID] = by
		}
		for k, shock := range r.Book.Plan.Uncertainty.Shocks {
			if c := s.Clipped[i][k]; c > 0 {
				one.Clipped[shock.Address] = c
			}
		}
		out.Scenarios = append(out.Scenarios, one)
	}
	out.Tornado = jsonTornado{Scenario: r.Results[0].Scenario.ID, Line: s.By.Line, Over: s.By.How, Planned: reports.SampledJSON(r.Risk.Planned)}
	for _, b := range r.Risk.Bars {
		out.Tornado.Bars = append(out.Tornado.Bars, jsonBar{b.Element.Address() + "." + b.Param.Key, b.Ends, reports.SampledJSON(b.Low), reports.SampledJSON(b.High), reports.SampledJSON(b.AtLow), reports.SampledJSON(b.AtHigh)})
	}
	for _, one := range r.Risk.Shares {
		out.Variance = append(out.Variance, jsonShare{one.Sources, reports.SampledJSON(one.Index), reports.SampledJSON(one.Err)})
	}
	for _, sweep := range r.Risk.Swept {
		one := jsonSweep{ID: sweep.ID, Scenario: sweep.Scenario}
		for _, a := range sweep.Axes {
			one.Axes = append(one.Axes, jsonAxis{a.Address, a.Values})
		}
		for f, figure := range sweep.Grid.Figures {
			j := jsonFigure{Line: figure.Line, Over: figure.How}
			for _, v := range sweep.Grid.Values[f] {
				j.Values = append(j.Values, reports.SampledJSON(v))
			}
			one.Figures = append(one.Figures, j)
		}
		out.Sweeps = append(out.Sweeps, one)
	}
	return out
}

// SimulationCSV is every line, year and scenario of a simulation.
func SimulationCSV(run *reports.Run, s *analysis.Simulated) []byte {
	var buf bytes.Buffer
	w := csvWriter(&buf)
	header := []string{"scenario", "line", "label", "unit", "year", "paths", "blank", "mean", "sd"}
	for _, q := range reports.Quantiles {
		header = append(header, fmt.Sprintf("p%g", q*100), fmt.Sprintf("p%g_error", q*100))
	}
	w.Write(append(header, "mean_low5", "mean_low5_error", "mean_high5", "mean_high5_error"))
	for i, place := range s.Scenarios {
		for l, line := range s.Lines {
			for y, year := range run.Years() {
				o := s.Spread[i][l][y]
				mean, sd := o.Moments()
				row := []string{run.Book.Plan.Scenarios[place].ID, run.Book.Lines[line].Address(), reports.CSVText(run.FullLabel(line)), run.Book.Lines[line].Unit.Text().In(run.Lang), strconv.Itoa(year),
					strconv.FormatInt(o.N()+o.Blank(), 10), strconv.FormatInt(o.Blank(), 10), reports.SampledPlain(mean), reports.SampledPlain(sd)}
				for _, q := range reports.Quantiles {
					row = append(row, reports.SampledPlain(o.Quantile(q)), reports.SampledPlain(o.QuantileError(q)))
				}
				for _, high := range []bool{false, true} {
					tail, err := o.Tail(reports.TailShare, high)
					row = append(row, reports.SampledPlain(tail), reports.SampledPlain(err))
				}
				w.Write(row)
			}
		}
	}
	w.Flush()
	return buf.Bytes()
}

// GridCSV is every point of a sweep.
func GridCSV(run *reports.Run, g *analysis.Grid, axes []model.Axis) []byte {
	buf := bytes.NewBufferString(model.ByteOrderMark)
	var row []byte
	field := func(s string) {
		if strings.ContainsAny(s, ",\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		row = append(append(row, s...), ',')
	}
	end := func() {
		buf.Write(append(row[:len(row)-1], '\n'))
		row = row[:0]
	}
	for _, a := range axes {
		field(a.Address)
	}
	for _, f := range g.Figures {
		field(f.Line + ":" + string(f.How))
	}
	end()
	for p := range g.Points() {
		for i, a := range axes {
			v := a.Values[g.At(p, i)]
			if !strings.HasPrefix(v, "+") && !strings.HasPrefix(v, "-") { // -5% is a number
				v = reports.CSVText(v)
			}
			field(v)
		}
		for f := range g.Figures {
			if v := g.Values[f][p]; v == v {
				row = strconv.AppendFloat(row, math.Round(v*1e9)/1e9+0, 'f', -1, 64)
			}
			row = append(row, ',')
		}
		end()
	}
	return buf.Bytes()
}
