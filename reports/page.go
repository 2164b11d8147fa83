package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"sync"
)

// Page writes the briefing page: one HTML file with everything in it, that opens with no network. The same run gives the same bytes.
func Page(run *Run) ([]byte, error) {
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
		Style:      template.CSS(pageCSS),
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
	data, err := json.Marshal(chartData(v.Figures))
	if err != nil {
		return nil, fmt.Errorf("charts: %w", err)
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
	Comparison  pageTable
	Figures     []figure
	Data        template.JS
}

// HTMLLang is the language as browsers name it.
func (v *pageView) HTMLLang() string { return v.T("zh-CN", "en") }

// County, Version and Hash come from the plan.
func (v *pageView) County() string  { return v.Book.Plan.County }
func (v *pageView) Version() string { return v.Book.Plan.Version }
func (v *pageView) Hash() string    { return v.Book.Plan.Hash }

// Period is the plan years: 2022—2026.
func (v *pageView) Period() string { return v.period() }

// Choices are the scenarios to switch between.
func (v *pageView) Choices() (choices []scenarioName) {
	for i := range v.Results {
		choices = append(choices, v.name(i))
	}
	return choices
}

// scenarioName is a scenario as the page shows it: its name, and the colour it has everywhere.
type scenarioName struct {
	Index       int
	Label       string
	Line, Ink   string // colours: of lines and areas, and a darker one for text
	Dash, Shape string // of its line, so that colour is not needed to tell it
}

// The colours of Okabe and Ito, which people with any kind of colour vision tell apart, without the yellow, which no projector shows
// on white; the last four are of Tol's muted set, for plans with many scenarios. Ink is the same hue dark enough to read.
var scenarioColours = []struct{ line, ink, shape string }{
	{"#0072b2", "#00598c", "circle"},
	{"#d55e00", "#a84600", "rect"},
	{"#009e73", "#00704f", "triangle"},
	{"#cc79a7", "#96406f", "diamond"},
	{"#e69f00", "#8a5d00", "emptyCircle"},
	{"#56b4e9", "#1c6c9c", "emptyRect"},
	{"#4d4d4d", "#3a3a3a", "emptyTriangle"},
	{"#8c510a", "#734207", "emptyDiamond"},
	{"#332288", "#332288", "diamond"},
	{"#882255", "#882255", "emptyCircle"},
	{"#999933", "#66661f", "rect"},
	{"#44aa99", "#23695e", "emptyTriangle"},
}

// name gives a result its name and colour. The colour goes by the scenario's place in the plan, so that it stays when fewer are shown.
func (b *briefing) name(result int) scenarioName {
	place := max(b.Scenario(result), 0)
	c := scenarioColours[place%len(scenarioColours)]
	dash := []string{"solid", "dashed", "dotted"}[place/len(scenarioColours)%3]
	return scenarioName{Index: result, Label: b.labels[result], Line: c.line, Ink: c.ink, Dash: dash, Shape: c.shape}
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
