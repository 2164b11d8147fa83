package workbook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// Version is the program's; a workbook says by which it was written.
const Version = "0.2"

// Columns of the sheet of the structure.
const (
	structureWhat = 1 + iota
	structureLabel
	structureValue
	structureHow
)

// The second part of that sheet: what `zhencai verify` makes the book from again. It stands on an ordinary sheet because that is the only
// place every spreadsheet program keeps.
const (
	carriedPlan     = "plan"
	carriedScenario = "scenario"
	carriedLayer    = "layer"
	carriedField    = "field"
	carriedElement  = "element"
	carriedParam    = "param"
	carriedSheet    = "sheet"
	carriedLimit    = 30_000 // UTF-16 units of a cell; longer records go on in the next row
)

// planRecord is the plan as a whole.
type planRecord struct {
	Format  int    // of this and the other records
	Program string // the version that wrote it
	Lang    formula.Lang
	Date    string
	model.Plan
}

// scenarioRecord is a scenario of the plan; Shown is its place among the results, from 1.
type scenarioRecord struct {
	model.Scenario
	Shown int `json:",omitempty"`
}

// paramRecord is a parameter of the element before it; a scenario that has the value of the first is left out.
type paramRecord struct {
	model.Param
	Field  int   // number of its declaration, from 0
	Given  []int `json:",omitempty"` // scenarios in which it is written
	First  formula.Input
	Others map[int]formula.Input `json:",omitempty"`
}

// sheetRecord is a sheet and, where verify cannot write it again, the digest of what stands on it: constants and formulas, not the values of formulas.
type sheetRecord struct {
	Name   string
	Digest string `json:",omitempty"`
}

// structureGrid is the last sheet: what cannot be changed in the book and where it can, then the plan for verify.
func (w *workbook) structureGrid(others []*grid) *grid {
	run, t := w.run, w.run.T
	g := &grid{name: w.structure, tab: checkSheet, frozenRows: 4, frozenCols: 1, widths: []float64{24, 34, 62, 52}}
	w.head(g, w.title(t("结构：由计划文件决定，本簿中锁定", "Structure: set by the plan file, locked in this book")), t("要改这些，改计划文件后重新运行 zhencai run。", "To change these, edit the plan file and run zhencai run again."), 2)
	h := w.style(look{bold: true, color: navy, fill: header, align: "center"})
	for i, s := range []string{t("代码", "id"), t("项目", "what"), t("现状", "as it is"), t("怎样改", "how to change it")} {
		g.put(i+1, 4, textCell(h, s))
	}
	p := &structurePage{g, w}
	plan := run.Book.Plan
	p.fact("years", t("测算年份", "Plan years"), fmt.Sprintf("%d-%d", plan.Calendar.Actual+1, plan.Calendar.Last), "years:")
	p.fact("history", t("历史年份", "History"), fmt.Sprintf("%d-%d", plan.Calendar.First, plan.Calendar.Actual), "history:")
	var order []string
	for _, key := range plan.Order {
		for _, o := range model.Categories {
			if o.Key == key {
				order = append(order, o.Label.In(run.Lang))
			}
		}
	}
	p.fact("order", t("支付顺序", "Payment order"), strings.Join(order, " → "), "order:")
	for _, s := range model.Schema() {
		var labels []string
		for _, e := range plan.In(s.Key) {
			labels = append(labels, run.ElementLabel(e))
		}
		if !s.Single && len(labels) > 0 {
			count := formula.Textf("%d 项：%s", "%d: %s", len(labels), strings.Join(labels, t("、", ", "))).In(run.Lang)
			p.fact(s.Key, s.Label.In(run.Lang), count, s.Key+":")
		}
	}
	for _, e := range plan.Elements {
		p.element(e)
	}
	g.printed = g.last()

	n := g.last() + 2
	g.strip(structureHow, n, w.style(look{bold: true, fill: sectionFill, color: navy}), t("以下供 zhencai verify 重建本簿：计划的结构与写出时的输入，内容与“", "For zhencai verify to make this book again: the plan's structure and its inputs as written, the same as on “")+w.inputs+t("”表相同；不要改动", "”; leave it alone"))
	w.carry(p, others)
	return g
}

// structurePage is that sheet while it is being written.
type structurePage struct {
	*grid
	w *workbook
}

// fact is a row of the first part; where is the key of the plan file.
func (p *structurePage) fact(id, label, value, where string) {
	w, n := p.w, p.last()+1
	text := look{ruled: true, wrap: true, align: "left"}
	p.put(structureWhat, n, textCell(w.style(look{ruled: true, size: 8, color: grey, shrink: true}), id))
	p.put(structureLabel, n, textCell(w.style(text), label))
	p.put(structureValue, n, textCell(w.style(text), value))
	p.put(structureHow, n, textCell(w.style(look{ruled: true, size: 9, color: "595959", wrap: true}), formula.Textf("改计划文件的 %s，再 zhencai run", "change %s in the plan file, then zhencai run", where).In(w.run.Lang)))
	deepest := max(wrapped(label, p.widths[1]-2), wrapped(value, p.widths[2]-2))
	p.row(n).height = 5 + 13*float64(deepest)
}

// element lists the structural choices of an element, and the formulas a plan writes itself.
func (p *structurePage) element(e *model.Element) {
	run := p.w.run
	label := run.ElementLabel(e)
	for _, f := range e.Declaration().Fields {
		word, chosen := e.Words[f.Key]
		refs := e.Refs[f.Key]
		switch {
		case chosen && len(f.Options) > 0:
			for _, o := range f.Options {
				if o.Key == word {
					word = o.Label.In(run.Lang)
				}
			}
			p.fact(e.Address()+"."+f.Key, label+" · "+f.Label.In(run.Lang), word, e.Address()+"."+f.Key)
		case len(refs) > 0:
			var names []string
			for _, id := range refs {
				name := id
				for _, o := range run.Book.Plan.Elements {
					if o.ID == id {
						name = run.ElementLabel(o)
					}
				}
				names = append(names, name)
			}
			p.fact(e.Address()+"."+f.Key, label+" · "+f.Label.In(run.Lang), strings.Join(names, run.T("、", ", ")), e.Address()+"."+f.Key)
		}
	}
	for _, l := range e.Lines {
		p.fact(e.Address()+"."+l.Name, label+" · "+run.T("计划自写的公式", "formula of the plan's own"), l.Formula, e.Address()+"."+l.Name)
	}
}

// carry writes the records.
func (w *workbook) carry(p *structurePage, others []*grid) {
	run, plan := w.run, w.run.Book.Plan
	p.record(carriedPlan, "", planRecord{model.PlanFormat, Version, run.Lang, run.Date, *plan})
	for _, s := range plan.Scenarios { // all the book was built from: they shape its rows
		shown := slices.IndexFunc(run.Results, func(r *model.Result) bool { return r.Scenario.ID == s.ID }) + 1
		p.record(carriedScenario, s.ID, scenarioRecord{s, shown})
	}
	for _, y := range plan.Layers {
		if slices.ContainsFunc(plan.Scenarios, func(s model.Scenario) bool { return slices.Contains(s.Layers, y.ID) }) {
			p.record(carriedLayer, y.ID, y)
		}
	}
	p.elements()
	for _, g := range others {
		sheet := sheetRecord{Name: g.name}
		if !w.rewritable(g) {
			sheet.Digest = digest(g.cells())
		}
		p.record(carriedSheet, g.name, sheet)
	}
}

func (p *structurePage) elements() {
	plan := p.w.run.Book.Plan
	numbers := map[*model.Field]int{}
	for _, e := range plan.Elements {
		for _, key := range slices.Sorted(maps.Keys(e.Params)) {
			f := e.Params[key].Field
			if _, known := numbers[f]; !known {
				numbers[f] = len(numbers)
				p.record(carriedField, strconv.Itoa(numbers[f]), f)
			}
		}
	}
	for _, e := range plan.Elements {
		p.record(carriedElement, e.Address(), e)
		for _, key := range slices.Sorted(maps.Keys(e.Params)) {
			param := e.Params[key]
			r := paramRecord{Param: *param, Field: numbers[param.Field], First: param.Values[0], Others: map[int]formula.Input{}}
			for s, in := range param.Values {
				if param.Given[s] {
					r.Given = append(r.Given, s)
				}
				if !in.Equal(r.First) {
					r.Others[s] = in
				}
			}
			p.record(carriedParam, e.Address()+"."+key, r)
		}
	}
}

// inCell has what JSON leaves as it is and a cell cannot hold written out.
var inCell = strings.NewReplacer("\x7F", `\u007F`, "\uFFFE", `\uFFFE`, "\uFFFF", `\uFFFF`)

// record writes one record, over several rows if it is long.
func (p *structurePage) record(what, id string, v any) {
	data, err := json.Marshal(v)
	p.w.keep(err)
	style := p.w.style(look{size: 8, color: grey, align: "left"})
	for text := inCell.Replace(string(data)); text != ""; {
		part := prefix(text, carriedLimit)
		n := p.last() + 1
		p.put(structureWhat, n, textCell(style, what))
		p.put(structureLabel, n, textCell(style, id))
		p.put(structureValue, n, textCell(style, part))
		text, what = text[len(part):], "+"
	}
}

// rewritable: verify can write this sheet again from the inputs alone. The others say what the file says of itself (the guide) or come from analyses.
func (w *workbook) rewritable(g *grid) bool {
	return slices.Contains([]string{w.compare, w.inputs, w.debts, w.checks, w.proof}, g.name) || slices.Contains(w.ledgers, g.name)
}

// digest is a sheet's constants and formulas as one number; the values of formulas are not in it.
func digest(cells map[[2]int]readCell) string {
	places := slices.SortedFunc(maps.Keys(cells), func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	h := sha256.New()
	for _, at := range places {
		switch c := cells[at]; {
		case c.formula != "":
			fmt.Fprintf(h, "%d %d =%s\n", at[0], at[1], c.formula)
		case c.text:
			fmt.Fprintf(h, "%d %d %q\n", at[0], at[1], c.value)
		default:
			f, _ := strconv.ParseFloat(c.value, 64)
			fmt.Fprintf(h, "%d %d %.12g\n", at[0], at[1], f)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
