package workbook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// restored is what a workbook of ours carries: the run it was written from, and the digests of its sheets.
type restored struct {
	run     *reports.Run
	version string
	digests []sheetRecord
}

// structureSheet finds the sheet of the structure in a file: by its first record.
func structureSheet(sheets []*readSheet) *readSheet {
	for _, s := range sheets {
		for _, r := range s.rows {
			if s.cell(structureWhat, r.row).value == carriedPlan && strings.HasPrefix(s.cell(structureValue, r.row).value, "{") {
				return s
			}
		}
	}
	return nil
}

// carriedRecord is one record of that sheet.
type carriedRecord struct{ what, text string }

// carriedRecords reads the records, joining those that go on.
func carriedRecords(s *readSheet) (records []carriedRecord) {
	known := []string{carriedPlan, carriedScenario, carriedLayer, carriedField, carriedElement, carriedParam, carriedSheet}
	var parts []string
	what := ""
	take := func() {
		if what != "" {
			records = append(records, carriedRecord{what, strings.Join(parts, "")})
		}
		what, parts = "", nil
	}
	for _, r := range s.rows {
		mark, text := s.cell(structureWhat, r.row).value, s.cell(structureValue, r.row).value
		switch {
		case mark == "+" && what != "":
			parts = append(parts, text)
		case slices.Contains(known, mark) && strings.HasPrefix(text, "{"):
			take()
			what, parts = mark, []string{text}
		}
	}
	take()
	return records
}

// restore makes a run again from what a workbook carries. The rules are this program's; the file gives only the plan. What a stranger may have put
// into the file ends in an error, whatever it is.
func restore(b *readBook) (out *restored, err error) {
	broken := cannotRead("“结构”表不完整，不能由它重建本簿", "the sheet of the structure is incomplete: the book cannot be made from it again")
	defer func() {
		if recover() != nil { // a plan that no loader has checked
			out, err = nil, broken
		}
	}()
	s := structureSheet(b.sheets)
	if s == nil {
		return nil, cannotRead("不是镇财写的工作簿，或“结构”表被删去", "not a workbook of zhencai, or its sheet of the structure was deleted")
	}
	r := &restorer{plan: &model.Plan{}, out: &restored{run: &reports.Run{}}, shown: map[int]int{}, room: leastFigures + figuresByCell*b.filled}
	for _, c := range carriedRecords(s) {
		if err := r.take(c); err != nil {
			var known *unreadable
			if errors.As(err, &known) {
				return nil, err
			}
			return nil, broken
		}
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	return r.out, nil
}

// restorer puts the records together.
type restorer struct {
	plan    *model.Plan
	out     *restored
	shown   map[int]int // place among the results → scenario
	fields  []*model.Field
	element *model.Element
	room    int // figures that the plan may still have
	made    int // things that make lines
}

// A book has no more figures than the file has cells, give or take. What claims more is no workbook of ours, and would cost more than its size to compute.
const (
	leastFigures  = 100_000
	figuresByCell = 2
	mostMade      = 20_000 // elements, and what they have several of; a plan makes at most 10,000 lines
)

// need takes figures off what the plan may have.
func (r *restorer) need(figures int) error {
	if r.room -= figures; r.room < 0 {
		return cannotRead("“结构”表里的计划比本簿大得多，不予重建", "the plan on the sheet of the structure is much larger than this book: it is not made again")
	}
	return nil
}

// take adds one record.
func (r *restorer) take(c carriedRecord) error {
	into := func(v any) error {
		d := json.NewDecoder(strings.NewReader(c.text))
		d.DisallowUnknownFields()
		return d.Decode(v)
	}
	switch c.what {
	case carriedPlan:
		return r.head(c.text, into)
	case carriedScenario:
		var s scenarioRecord
		if err := into(&s); err != nil {
			return err
		}
		if s.Shown > 0 {
			r.shown[s.Shown] = len(r.plan.Scenarios)
		}
		r.plan.Scenarios = append(r.plan.Scenarios, s.Scenario)
	case carriedLayer:
		r.plan.Layers = append(r.plan.Layers, model.Layer{})
		return into(&r.plan.Layers[len(r.plan.Layers)-1])
	case carriedField:
		f := &model.Field{}
		r.fields = append(r.fields, f)
		return into(f)
	case carriedElement:
		e := &model.Element{Params: map[string]*model.Param{}}
		if err := into(e); err != nil {
			return err
		}
		r.element = e
		r.plan.Elements = append(r.plan.Elements, e)
		r.made += 1 + len(e.Lines)
		for _, n := range e.Count {
			r.made += min(max(n, 0), mostMade)
		}
		if r.made > mostMade {
			return r.need(r.room + 1)
		}
	case carriedParam:
		var p paramRecord
		if err := into(&p); err != nil {
			return err
		}
		return r.param(p)
	case carriedSheet:
		var s sheetRecord
		if err := into(&s); err != nil {
			return err
		}
		r.out.digests = append(r.out.digests, s)
	}
	return nil
}

// head begins the plan. Of a workbook in another format nothing more is read.
func (r *restorer) head(text string, into func(v any) error) error {
	var written struct{ Format int }
	if err := json.Unmarshal([]byte(text), &written); err != nil {
		return err
	}
	if written.Format != model.PlanFormat {
		return cannotRead("“结构”表是另一版本的镇财写的，写法不同；用写它的那个版本打开", "the sheet of the structure is in the format of another version of zhencai: open it with the version that wrote it")
	}
	var p planRecord
	if err := into(&p); err != nil {
		return err
	}
	if c := p.Calendar; c.First < 1000 || c.First > c.Actual || c.Actual >= c.Last || c.Last-c.First > 100 {
		return fmt.Errorf("years %+v", c)
	}
	*r.plan = p.Plan
	r.out.version, r.out.run.Lang, r.out.run.Date = p.Program, p.Lang, p.Date
	return nil
}

// param gives the element a parameter, with its value in every scenario.
func (r *restorer) param(p paramRecord) error {
	n := len(r.plan.Scenarios)
	if err := r.need(n); err != nil {
		return err
	}
	param := &p.Param
	param.Field, param.Values, param.Given, param.SetAt = r.fields[p.Field], make([]formula.Input, n), make([]bool, n), make([]model.Pos, n)
	for s := range param.Values {
		in, there := p.Others[s]
		if !there {
			in = p.First
		}
		if years := len(in.ByYear); years > 0 && years != r.plan.Calendar.Columns() {
			return fmt.Errorf("%d values", years)
		}
		param.Values[s], param.Given[s] = in, slices.Contains(p.Given, s)
	}
	r.element.Params[p.Key] = param
	return nil
}

// finish builds the book and computes what the workbook showed.
func (r *restorer) finish() error {
	book, problems := model.Build(r.plan)
	if book == nil {
		return cannotRead("“结构”表里的计划有误：%s", "the plan on the sheet of the structure is wrong: %s", problems[0].Text)
	}
	r.out.run.Book = book
	if err := r.need(len(r.shown) * len(book.Lines) * r.plan.Calendar.Columns()); err != nil {
		return err
	}
	for i := 1; i <= len(r.shown); i++ {
		result, problems := book.Run(r.shown[i])
		for _, p := range problems {
			if !p.Warning {
				return cannotRead("“结构”表里的计划算不出来：%s", "the plan on the sheet of the structure cannot be computed: %s", p.Text)
			}
		}
		r.out.run.Results = append(r.out.run.Results, result)
	}
	if len(r.out.run.Results) == 0 {
		return cannotRead("“结构”表里没有情景", "there are no scenarios on the sheet of the structure")
	}
	return nil
}
