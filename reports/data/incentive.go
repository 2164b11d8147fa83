package data

import (
	"encoding/json"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/reports"
)

// jsonIncentive is the incentive analysis of one scenario in results.json; gains are per 万元 of extra revenue.
type jsonIncentive struct {
	Scenario  string          `json:"scenario"`
	Retention []jsonRetention `json:"retention"`
	BreakEven []jsonBreakEven `json:"break_even"`
	Findings  []jsonFinding   `json:"findings"`
	Bases     []jsonBase      `json:"bases,omitempty"` // of the first scenario
	Without   []jsonWithout   `json:"without"`         // by clause: the plan run again without it
}

type jsonWithout struct {
	Clause     string      `json:"clause"`
	CountyDue  json.Number `json:"county_keeps_due"`
	CountyPaid json.Number `json:"county_keeps_paid"`
	TownDue    json.Number `json:"town_receives_due"`
	TownPaid   json.Number `json:"town_receives_paid"`
}

type jsonRetention struct {
	Item    string              `json:"item"` // empty: all that counts
	Year    int                 `json:"year"`
	Lasting bool                `json:"lasting"` // from the year on, else in it only
	Clauses map[string]jsonGain `json:"clauses"`
	Kept    jsonGain            `json:"kept"`
	Town    jsonGain            `json:"town"`
	County  jsonGain            `json:"county"`
}

type jsonGain struct {
	Due     json.Number `json:"due"`
	Paid    json.Number `json:"paid"`
	DueNow  json.Number `json:"due_discounted"`
	PaidNow json.Number `json:"paid_discounted"`
}

type jsonBreakEven struct {
	Clause string          `json:"clause"`
	Due    *jsonAdditional `json:"due"` // null: there is none
	Paid   *jsonAdditional `json:"paid"`
	Curve  []jsonOutcome   `json:"county_result"`
}

type jsonAdditional struct {
	Share   json.Number `json:"additional_share"`
	Revenue json.Number `json:"additional_revenue"`
}

type jsonOutcome struct {
	Share json.Number `json:"additional_share"`
	Due   json.Number `json:"due"`
	Paid  json.Number `json:"paid"`
}

type jsonFinding struct {
	Kind   string      `json:"kind"`
	Clause string      `json:"clause"` // empty: the town as a whole
	Year   int         `json:"year"`
	ToYear int         `json:"to_year,omitempty"`
	From   json.Number `json:"from"`
	To     json.Number `json:"to"`
	Size   json.Number `json:"size"`
	Text   string      `json:"text"`
	TextEN string      `json:"text_en"`
}

type jsonBase struct {
	Clause  string      `json:"clause"`
	Rule    string      `json:"rule"`
	Label   string      `json:"label"`
	LabelEN string      `json:"label_en"`
	Due     json.Number `json:"due"`
	Paid    json.Number `json:"paid"`
	Lasting jsonGain    `json:"lasting_gain"`
}

func jsonGainOf(g analysis.Gain) jsonGain {
	return jsonGain{reports.ExactJSON(g.Due), reports.ExactJSON(g.Paid), reports.ExactJSON(g.DueNow), reports.ExactJSON(g.PaidNow)}
}

func address(e *model.Element) string {
	if e == nil {
		return ""
	}
	return e.Address()
}

// jsonIncentives are the analyses that were made.
func jsonIncentives(r *reports.Run) (all []jsonIncentive) {
	for i, a := range r.Incentives {
		if a == nil || len(a.Overall) == 0 { // nothing that counts, or no clause
			continue
		}
		j := jsonIncentive{Scenario: r.Results[i].Scenario.ID, Retention: []jsonRetention{}, BreakEven: []jsonBreakEven{}, Findings: []jsonFinding{}}
		for _, t := range append(append([]*analysis.Retention{}, a.Overall...), a.Items...) {
			one := jsonRetention{Item: address(t.Item), Year: t.Year, Lasting: t.Lasting, Clauses: map[string]jsonGain{},
				Kept: jsonGainOf(t.Rate(t.Kept)), Town: jsonGainOf(t.Rate(t.Town)), County: jsonGainOf(t.Rate(t.County))}
			for c, g := range t.Clauses {
				one.Clauses[address(a.Clauses[c])] = jsonGainOf(t.Rate(g))
			}
			j.Retention = append(j.Retention, one)
		}
		for _, e := range a.BreakEven {
			one := jsonBreakEven{Clause: address(e.Clause)}
			for _, side := range []struct {
				from *analysis.Additional
				to   **jsonAdditional
			}{{e.Due, &one.Due}, {e.Paid, &one.Paid}} {
				if side.from != nil {
					*side.to = &jsonAdditional{reports.ExactJSON(side.from.Share), reports.ExactJSON(side.from.Revenue)}
				}
			}
			for _, o := range e.Curve {
				one.Curve = append(one.Curve, jsonOutcome{reports.ExactJSON(o.Share), reports.ExactJSON(o.Due), reports.ExactJSON(o.Paid)})
			}
			j.BreakEven = append(j.BreakEven, one)
		}
		for _, f := range a.Findings {
			j.Findings = append(j.Findings, jsonFinding{string(f.Kind), address(f.Clause), f.Year, f.ToYear, reports.ExactJSON(f.From), reports.ExactJSON(f.To), reports.ExactJSON(f.Size), f.Text.ZH, f.Text.EN})
		}
		for _, b := range a.Bases {
			j.Bases = append(j.Bases, jsonBase{address(b.Clause), b.Rule.ID, b.Rule.Label.ZH, b.Rule.Label.EN, reports.ExactJSON(b.Due), reports.ExactJSON(b.Paid), jsonGainOf(b.Gain)})
		}
		for k, w := range a.Without {
			j.Without = append(j.Without, jsonWithout{address(a.Clauses[k]), reports.ExactJSON(w.County.Due), reports.ExactJSON(w.County.Paid), reports.ExactJSON(w.Town.Due), reports.ExactJSON(w.Town.Paid)})
		}
		all = append(all, j)
	}
	return all
}
