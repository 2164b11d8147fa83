package scenarios

import (
	"slices"

	"zhencai/model"
)

// choose leaves only the scenarios asked for. Of an edition the base is none: it is the plan as the office sees it. What is left out is not laid, not
// counted and not carried anywhere.
func (l *loader) choose(opt Options) {
	p := l.plan
	if p.Edition = opt.Edition; p.Edition != "" && !l.failed() {
		at := p.Scenarios[len(p.Scenarios)-1].Pos
		p.Scenarios = slices.DeleteFunc(p.Scenarios, func(s model.Scenario) bool { return s.Edition != p.Edition })
		if len(p.Scenarios) == 0 {
			l.fail("no_edition_scenario", at, text("没有一个情景是给县里看的", "no scenario is for the county"), text("给可以交给县里的情景加 edition: county", "add edition: county to the scenarios that the county may see"))
		}
	}
	known := func(id string) bool {
		return slices.ContainsFunc(p.Scenarios, func(s model.Scenario) bool { return s.ID == id })
	}
	if len(opt.Only) > 0 && !slices.ContainsFunc(opt.Only, func(id string) bool { return !known(id) }) {
		p.Scenarios = slices.DeleteFunc(p.Scenarios, func(s model.Scenario) bool { return s.ID != "base" && !slices.Contains(opt.Only, s.ID) })
	}
}

// forEdition takes out of the plan what is internal about the scenarios that are left: layers of others, notes, ranges to negotiate in, and the source of a
// value that the edition does not show.
func (l *loader) forEdition() {
	p := l.plan
	if p.Edition == "" {
		return
	}
	for _, e := range p.Elements {
		e.Note, e.Source, e.Grade = "", "", "" // each parameter says its own source
		for _, param := range e.Params {
			param.Note, param.Range = "", [2]string{}
			if param.SetAt[0].File == "" {
				continue
			}
			param.Source, param.Grade = "", ""
			if y := p.LayerAt(param.SetAt[0]); y != nil {
				param.Source, param.Grade = y.Source, y.Grade
			}
		}
	}
	p.Layers = slices.DeleteFunc(p.Layers, func(y model.Layer) bool {
		return !slices.ContainsFunc(p.Scenarios, func(s model.Scenario) bool { return slices.Contains(s.Layers, y.ID) })
	})
}
