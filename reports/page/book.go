package page

import (
	"fmt"
	"path/filepath"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// pageBook is the rule book as the page carries it: every line's compiled formula and every scenario's inputs. engine.js computes it again in exact
// decimals, which is how a figure is explained down to its documents and how the sliders try other terms. Tests hold it to the engine.
type pageBook struct {
	First   int               `json:"first"`   // year of column 0
	Zero    int               `json:"zero"`    // column of the last actual year
	Columns int               `json:"columns"` // history and plan years
	Says    map[string][2]any `json:"says"`    // functions read aloud, and how tightly they bind
	Owners  []string          `json:"owners"`  // what stands before a line's label where it is named from elsewhere
	Lines   []pageLine        `json:"lines"`
	Origins [][]string        `json:"origins"`
}

type pageLine struct {
	Name       string            `json:"n"`
	Label      string            `json:"l"`
	Owner      int               `json:"e"` // place in Owners; lines of one element have one
	Unit       formula.Unit      `json:"u"`
	Formula    any               `json:"f,omitempty"`
	Opening    any               `json:"o,omitempty"`
	First      int               `json:"a"`
	Last       int               `json:"z"`
	ZeroBefore bool              `json:"b,omitempty"`
	Refuses    bool              `json:"r,omitempty"` // not 0: no plan may say that
	Options    map[string]string `json:"c,omitempty"` // of a choice: their labels
	Inputs     []any             `json:"i,omitempty"` // of an input: the different values it has, as text, or a list from First to Last
	Which      []int             `json:"w,omitempty"` // which of them each result has, if not all the first
	Origins    []int             `json:"s,omitempty"` // of an input: places in Origins, by result; one for all if they agree
}

// book is the rule book as data.
func (b *briefing) book() *pageBook {
	plan, program := b.Book.Plan, b.Book.Program
	cal := plan.Calendar
	data := &pageBook{First: cal.First, Zero: cal.Zero(), Columns: cal.Columns(), Says: map[string][2]any{}}
	owners, origins := map[*model.Element]int{}, map[string]int{}
	for i, l := range b.Book.Lines {
		c := program.Lines[i]
		owner, known := owners[l.Element]
		if !known {
			owner = len(data.Owners)
			owners[l.Element] = owner
			data.Owners = append(data.Owners, strings.TrimSuffix(b.FullLabel(i), b.Label(i)))
		}
		out := pageLine{Name: l.Address(), Label: b.Label(i), Owner: owner, Unit: c.Unit, First: c.First(), Last: c.Last(cal), ZeroBefore: c.ZeroBefore, Refuses: l.Refuses}
		out.Formula, out.Opening = program.Tree(i)
		b.says(data.Says, out.Formula)
		b.says(data.Says, out.Opening)
		if c.Input != formula.NotInput {
			b.inputs(&out, i, c)
			for _, option := range c.Options {
				if out.Options == nil {
					out.Options = map[string]string{}
				}
				out.Options[option] = b.Option(i, option)
			}
			for r := range b.Results {
				out.Origins = append(out.Origins, data.origin(origins, b.originWords(r, i)))
			}
			out.Origins = shortened(out.Origins)
		}
		data.Lines = append(data.Lines, out)
	}
	return data
}

// says notes how the functions of a formula are read.
func (b *briefing) says(known map[string][2]any, tree any) {
	list, ok := tree.([]any)
	if !ok {
		return
	}
	op := list[0].(string)
	if text, binds := formula.Says(op); text.ZH != "" {
		known[op] = [2]any{text.In(b.Lang), binds}
	}
	for _, part := range list[1:] {
		b.says(known, part)
	}
}

// inputs gives a line the different values it has, and says which result has which.
func (b *briefing) inputs(out *pageLine, line int, c *formula.Compiled) {
	places := map[string]int{}
	for r := range b.Results {
		in := b.Results[r].Values.Input(line)
		var value any
		switch {
		case c.Unit == formula.Choice:
			value = in.Option
		case in.ByYear == nil:
			value = in.Same.String()
		default:
			var list []string
			for col := out.First; col <= out.Last; col++ {
				list = append(list, in.At(col).String())
			}
			value = list
		}
		key := fmt.Sprintf("%T%v", value, value)
		place, known := places[key]
		if !known {
			place = len(out.Inputs)
			places[key] = place
			out.Inputs = append(out.Inputs, value)
		}
		out.Which = append(out.Which, place)
	}
	if len(out.Inputs) == 1 {
		out.Which = nil
	}
}

// origin finds or adds the words on where a value comes from.
func (d *pageBook) origin(known map[string]int, words []string) int {
	key := strings.Join(words, "\x00")
	place, there := known[key]
	if !there {
		place = len(d.Origins)
		known[key] = place
		d.Origins = append(d.Origins, words)
	}
	return place
}

// gradeNames say what a grade means.
var gradeNames = map[string]formula.Text{
	"A": {ZH: "A 审计或决算", EN: "A audited"}, "B": {ZH: "B 官方文件", EN: "B official document"},
	"C": {ZH: "C 估计", EN: "C estimate"}, "D": {ZH: "D 示例", EN: "D illustrative"},
}

// originWords: document, grade, note, what changed it, and the place in the plan's files, by name only, so that no path of a computer is mailed about.
func (b *briefing) originWords(result, line int) []string {
	o := b.Origin(result, line)
	if o.None != "" {
		return []string{o.None, "", "", "", ""}
	}
	if o.Source == "" {
		o.Source = b.T("（未写来源）", "(no source given)")
	}
	place := ""
	if o.Pos.File != "" {
		place = fmt.Sprintf("%s:%d", filepath.Base(o.Pos.File), o.Pos.Line)
	}
	grade := gradeNames[o.Grade].In(b.Lang)
	if grade == "" {
		grade = o.Grade
	}
	return []string{o.Source, grade, o.Note, o.By, place}
}

// shortened makes a list of equals one.
func shortened(list []int) []int {
	for _, n := range list {
		if n != list[0] {
			return list
		}
	}
	return list[:min(1, len(list))]
}

// whyRef names a number for the panel that explains it: of which result, which line, and the column or how its years became one figure.
func whyRef(result, line int, when any) string { return fmt.Sprintf("%d %d %v", result, line, when) }
