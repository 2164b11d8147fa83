// Package scenarios reads plan files: it finds and checks them, lays layers over them, and hands a checked plan to the model.
// Every problem carries its place in a file and says what to do about it.
package scenarios

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// Limits of what a plan may be. Past them is an error, never a hang.
const (
	maxFileBytes   = 5 << 20
	maxFiles       = 1000
	maxTotalBytes  = 20 << 20
	maxIncludes    = 5 // depth
	maxDepth       = 50
	maxNodes       = 200_000
	maxYears       = 30
	maxScenarios   = 500
	maxElements    = 1000
	maxLayers      = 1000
	maxListMembers = 100
	maxChanges     = 1_000_000 // figures that layers touch, over all scenarios and years
	maxText        = 3000      // characters of anything written
	maxName        = 200       // and of what stands in a heading or a cell beside a number
	maxDirectives  = 10        // lines that begin with %; a plan needs none
	keptProblems   = 5000      // of which the first are listed
)

// Options are what the command line adds to a plan.
type Options struct {
	Set      []string  // overrides "address=value", laid over every scenario after its layers
	Variants []Variant // more scenarios, for analyses that compare
	Shocks   []string  // more shocks "address=distribution", for simulation; they replace those of the plan on the same address
	Only     []string  // read only these scenarios (ids) beside the base; all if empty, or if one of them does not exist
	Edition  string    // "county": read only what was named for the county, and nothing internal about it
}

// Variant is a scenario that no plan declares: one of the plan's with a few more overrides on top.
type Variant struct {
	ID, Of string   // Of is the id of a declared scenario, or base; if empty, the first that is declared
	Set    []string // overrides "address=value"
	From   string   // the option they come from, which errors in them name as the file; --vary if empty
}

// Loaded is the outcome of Load.
type Loaded struct {
	Plan     *model.Plan     // nil if any problem is an error
	Problems []model.Problem // in order of file and position
	Sources  *Sources        // the texts read, for Render
}

// Load reads a plan: a folder with plan.yaml (and layer files under layers/), or one file. It checks everything and reports all
// problems at once. It never panics or hangs on bad input.
func Load(path string, opt Options) *Loaded {
	return load(path, opt, model.Schema(), model.Categories)
}

func load(path string, opt Options, schema []model.Section, categories []model.Option) *Loaded {
	return newLoader(schema, categories).load(path, opt)
}

func newLoader(schema []model.Section, categories []model.Option) *loader {
	return &loader{schema: schema, categories: categories, sources: &Sources{}, seen: map[problemKey]bool{},
		plan: &model.Plan{Status: "草案"}, unread: map[string]bool{}, layerOf: map[string]*layer{}, defaults: map[*model.Field]*node{}, companions: map[*model.Field]*model.Field{}}
}

func (l *loader) load(path string, opt Options) *Loaded {
	if root, layerFiles := l.read(path); root != nil {
		l.sets(opt)
		l.meta(root, layerFiles)
		l.sections(root)
		l.checkRefs()
		l.choose(opt)
		if l.plan.Edition == "" { // how sure the office is, and what it tries out, is its own
			l.uncertainty(root.get("uncertainty"), opt.Shocks)
			l.sweeps(root.get("sweeps"))
		}
		l.declareVariants(opt.Variants)
		l.run()
		l.forEdition()
		l.plan.Hash = l.sources.hash()
	}
	problems, failed := l.sorted()
	if failed {
		return &Loaded{Problems: problems, Sources: l.sources}
	}
	return &Loaded{Plan: l.plan, Problems: problems, Sources: l.sources}
}

// PlaceOf finds a scenario by its id; what is wrong is empty if it is there.
func PlaceOf(all []model.Scenario, id string) (place int, wrong formula.Text) {
	var ids []string
	for i, s := range all {
		if s.ID == id {
			return i, wrong
		}
		ids = append(ids, s.ID)
	}
	return -1, formula.Textf("没有情景 %q%s；有：%v", "there is no scenario %q%s; there are: %v", id, formula.DidYouMean(id, ids), ids)
}

// PlanName is what a plan is called that does not say it: its folder, or its file without the ending.
func PlanName(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		full = path
	}
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(full), ".yaml"), ".yml")
	if name == "plan" && filepath.Base(full) != name {
		name = filepath.Base(filepath.Dir(full))
	}
	return name
}

// loader is the state of one Load.
type loader struct {
	schema     []model.Section
	categories []model.Option
	sources    *Sources
	plan       *model.Plan
	problems   []model.Problem
	seen       map[problemKey]bool
	fails      int // calls of fail, repeated ones too
	dropped    int // problems beyond keptProblems

	calendarKnown bool // years and history are good, so values by year can be checked
	nodes         int
	elements      []*element
	seenElements  int
	changes       int
	inSection     map[string][]int // elements by section, once all are read
	unread        map[string]bool  // addresses of elements too wrong to be read
	layers        []*layer         // in the order of the files
	layerOf       map[string]*layer
	overrides     *layer   // --set; nil if none
	variants      []*layer // by variant
	declared      []string // ids of all scenarios, also of those not wanted
	defaults      map[*model.Field]*node
	companions    map[*model.Field]*model.Field // the choice that goes with a one-of or a number with words
}

// problemKey makes the same problem, met again in another scenario or at the other end of a range, one.
type problemKey struct {
	code, text string
	pos        model.Pos
}

func (l *loader) report(p model.Problem) {
	k := problemKey{p.Code, p.Text.ZH, p.Pos}
	if l.sources.apart(p.Pos.File) { // the ends of a range name the same address
		k.pos.Line = 0
	}
	switch {
	case l.seen[k]:
		return
	case len(l.problems) >= keptProblems:
		l.dropped++
		return
	}
	l.seen[k] = true
	l.problems = append(l.problems, p)
}

func (l *loader) fail(code string, at model.Pos, text, hint model.Text) {
	l.fails++
	l.report(model.Problem{Code: code, Pos: at, Text: text, Hint: hint})
}

func (l *loader) warn(code string, at model.Pos, text, hint model.Text) {
	l.report(model.Problem{Code: code, Warning: true, Pos: at, Text: text, Hint: hint})
}

func (l *loader) failed() bool { return l.fails > 0 }

// guessing: after very many problems a did-you-mean is not worth the effort.
func (l *loader) guessing() bool { return len(l.problems) <= 2*model.Listed }

// guess is a did-you-mean.
func (l *loader) guess(word string, known []string) model.Text {
	if !l.guessing() {
		return model.Text{}
	}
	return formula.DidYouMean(word, known)
}

// sorted gives the problems in order of file and position, shortened.
func (l *loader) sorted() (problems []model.Problem, failed bool) {
	problems = l.problems
	order := map[string]int{}
	for i, f := range l.sources.files {
		order[f.name] = i + 1
	}
	slices.SortStableFunc(problems, func(a, b model.Problem) int {
		return cmp.Or(cmp.Compare(order[a.Pos.File], order[b.Pos.File]), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col), cmp.Compare(a.Text.ZH, b.Text.ZH))
	})
	return model.Shorten(problems, l.dropped), l.failed()
}

func text(zh, en string) model.Text { return model.Text{ZH: zh, EN: en} }

// show quotes what a user wrote for a message, shortened.
func show(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// words lists at most n words for a message.
func words(list []string, n int) string {
	if len(list) > n {
		return strings.Join(list[:n], " ") + " …"
	}
	return strings.Join(list, " ")
}
