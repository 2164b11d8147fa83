package reports

import (
	"slices"
	"strings"

	"zhencai/model"
)

// origin is where an input's value comes from in one result.
type origin struct {
	None                string // why there is no document: a constant, a default
	Source, Grade, Note string
	By                  string // the layer, or the override, that changed what the plan says
	Pos                 model.Pos
}

func (r *Run) Origin(result, line int) origin {
	p, scenario := r.Book.Lines[line].Param, max(r.Scenario(result), 0)
	switch {
	case p == nil:
		return origin{None: r.T("常数", "constant")}
	case !p.Given[scenario]:
		return origin{None: r.T("计划未写，用默认值", "not in the plan: the default")}
	}
	set := p.SetAt[scenario]
	if set.File == "" {
		return origin{Source: p.Source, Grade: p.Grade, Note: p.Note, Pos: p.Pos}
	}
	if laid := p.Laid; laid != nil && len(laid[scenario]) > 1 {
		return r.stackedOrigin(laid[scenario])
	}
	if layer := r.Book.Plan.LayerAt(set); layer != nil {
		return origin{Source: layer.Source, Grade: layer.Grade, By: r.T("由层 "+layer.ID+" 改动", "changed by layer "+layer.ID), Pos: set}
	}
	return origin{By: r.T("由 --set 改动", "changed by --set"), Pos: set}
}

// stackedOrigin names all that was laid one above the other; the place is the last one's.
func (r *Run) stackedOrigin(laid []model.Laid) origin {
	var by, sources, grades []string
	for _, step := range laid {
		layer := r.Book.Plan.LayerAt(step.At)
		if layer == nil {
			by = append(by, "--set")
			continue
		}
		by = append(by, layer.ID)
		if layer.Source != "" && !slices.Contains(sources, layer.Source) {
			sources = append(sources, layer.Source)
		}
		if layer.Grade != "" {
			grades = append(grades, layer.Grade)
		}
	}
	o := origin{Source: strings.Join(sources, r.T("；", "; ")), By: r.T("由 "+strings.Join(by, "、")+" 先后改动", "changed by "+strings.Join(by, ", then ")), Pos: laid[len(laid)-1].At}
	if len(grades) > 0 {
		o.Grade = slices.Max(grades) // the weakest
	}
	return o
}
