package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"sync"

	"zhencai/reports"
)

// Write writes the briefing page: one HTML file with everything in it, that opens with no network. The same run gives the same bytes.
func Write(run *reports.Run) ([]byte, error) {
	scripts, err := pageScripts()
	if err != nil {
		return nil, err
	}
	if len(run.Results) == 0 {
		return nil, errors.New("a briefing page needs at least one scenario")
	}
	b := newBriefing(run)
	v := &pageView{
		briefing:   b,
		Scripts:    scripts,
		Style:      themeCSS() + template.CSS(pageCSS),
		Town:       run.Book.Plan.Town,
		Comparison: b.comparison(),
		Figures:    b.figures(),
	}
	for i := range run.Results {
		v.Answers = append(v.Answers, b.answer(i))
	}
	v.Title = run.Book.Plan.Title
	if en := run.Book.Plan.TitleEN; run.Lang == "en" && en != "" {
		v.Title = en
	}
	if v.Title == "" {
		v.Title = v.Town
	}
	// json.Marshal writes < > & as escapes, so no label can end the script element it stands in.
	v.Sliders, v.Tries = b.sliders(), b.tries()
	drawn := chartData(v.Figures)
	if v.CanTry() {
		drawn["whatif"] = []map[string]any{b.tryOption()}
	}
	data, err := json.Marshal(map[string]any{"charts": drawn, "says": chartWords(v.Figures), "book": b.book(), "scenarios": b.labels, "sliders": v.Sliders, "tries": v.Tries,
		"tried": map[string]any{"line": b.Line(triedChart), "cols": b.columns(triedChart)}, "words": b.scriptWords(), "units": b.unitWords(), "levels": b.levels()})
	if err != nil {
		return nil, fmt.Errorf("page data: %w", err)
	}
	v.Data = template.JS(data)
	var out bytes.Buffer
	out.Grow(len(scripts.Charts) + 1<<18)
	if err := pageTemplate().Execute(&out, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return out.Bytes(), nil
}

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(pageHTML))
})

// pageView is what the template shows.
type pageView struct {
	*briefing
	Scripts     *scripts
	Style       template.CSS
	Title, Town string
	Answers     []answer
	Comparison  reports.Table
	Figures     []figure
	Sliders     []slider
	Tries       []tried
	Data        template.JS
}

// CanTry: a plan whose terms no slider moves, or without arrears to draw, has no what-if.
func (v *pageView) CanTry() bool { return len(v.Sliders) > 0 && v.has(triedChart) }

// Long plans have more years than a printed table has room for at its usual size.
func (v *pageView) Long() bool { return v.last-v.first >= 12 }

// HTMLLang is the language as browsers name it.
func (v *pageView) HTMLLang() string { return v.T("zh-CN", "en") }

// County, Version and Hash come from the plan.
func (v *pageView) County() string  { return v.Book.Plan.County }
func (v *pageView) Version() string { return v.Book.Plan.Version }
func (v *pageView) Hash() string    { return v.Book.Plan.Hash }

// Period is the plan years: 2022—2026.
func (v *pageView) Period() string { return v.period() }

// Choices are the scenarios to switch between.
func (v *pageView) Choices() (choices []reports.ScenarioName) {
	for i := range v.Results {
		choices = append(choices, v.name(i))
	}
	return choices
}

// name gives a result its name and colour. The colour goes by the scenario's place in the plan, so that it stays when fewer are shown.
func (b *briefing) name(result int) reports.ScenarioName {
	place := max(b.Scenario(result), 0)
	n := strconv.Itoa(place % len(scenarioColours))
	dash := []string{"solid", "dashed", "dotted"}[place/len(scenarioColours)%3]
	return reports.ScenarioName{Index: result, Label: b.labels[result], Class: "s" + n, Line: "--s" + n, Ink: "--t" + n, Dash: dash, Shape: scenarioColours[place%len(scenarioColours)].shape}
}

// unique tells names apart that a plan has given twice; charts know a series by its name only.
func unique(names []string) []string {
	seen := map[string]bool{}
	for i, name := range names {
		for n := 2; seen[names[i]]; n++ {
			names[i] = name + " (" + strconv.Itoa(n) + ")"
		}
		seen[names[i]] = true
	}
	return names
}
