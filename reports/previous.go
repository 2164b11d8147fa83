package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Previous is an earlier version of a plan's results, to say what has changed since.
type Previous struct {
	Name          string // of the file
	Version, Date string
	Hash          string
	values        map[string]map[string]map[string]string // scenario → line → year → number, option or empty for a blank
	labels        map[string]string                       // of lines, in the language of that version
}

// ReadPrevious reads a results.json or a workbook of ours. Of a workbook it takes the inputs as they stand in it, so that what somebody changed in it is
// compared with.
func ReadPrevious(name string, raw []byte) (*Previous, error) {
	if text := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte(model.ByteOrderMark))); bytes.HasPrefix(text, []byte("{")) {
		raw = text
	}
	switch what := model.NotText(raw[:min(len(raw), 4096)]); {
	case bytes.HasPrefix(raw, []byte("{")):
	case !bytes.HasPrefix(raw, []byte("PK")) && what.ZH != "":
		return nil, cannotRead("%s；要的是镇财写的 results.json 或工作簿（.xlsx）", "%s; wanted is a results.json or a workbook (.xlsx) of zhencai", what)
	case !bytes.HasPrefix(raw, []byte("PK")):
		return nil, cannotRead("不是镇财写的 results.json 或工作簿（results.csv 不行，它没有写全）", "not a results.json or a workbook of zhencai (a results.csv will not do: it does not hold everything)")
	default:
		o, err := openBook(raw)
		if err != nil {
			return nil, err
		}
		if n := len(o.v.Invalid); n > 0 && o.now != nil {
			bad := o.v.Invalid[0]
			return nil, cannotRead("它有 %d 个输入不能用，如 %s（%s）：%s；先用 zhencai verify 看清，改正再比", "%d of its inputs cannot be used, such as %s (%s): %s; see zhencai verify, correct them, then compare", n, bad.Cell, bad.What, bad.Found)
		}
		if o.now == nil {
			return nil, cannotRead("它的输入算不出来：%s", "its inputs cannot be computed with: %s", o.v.Invalid[len(o.v.Invalid)-1].Found)
		}
		if raw, err = JSON(o.now); err != nil {
			return nil, err
		}
	}
	if len(raw) > usual.file {
		return nil, cannotRead("文件太大", "the file is too large")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var doc jsonRun
	if err := d.Decode(&doc); err != nil || len(doc.Lines) == 0 || len(doc.Scenarios) == 0 {
		return nil, cannotRead("不是镇财写的 results.json 或工作簿", "not a results.json or a workbook of zhencai")
	}
	p := &Previous{Name: name, Version: doc.Version, Date: doc.Date, Hash: doc.Hash, values: map[string]map[string]map[string]string{}, labels: map[string]string{}}
	for _, l := range doc.Lines {
		p.labels[l.ID] = l.Label
	}
	for _, s := range doc.Scenarios {
		p.values[s.ID] = map[string]map[string]string{}
		for line, years := range s.Values {
			p.values[s.ID][line] = map[string]string{}
			for year, v := range years {
				switch v := v.(type) {
				case json.Number:
					if _, err := entered(v.String()); err != nil {
						return nil, cannotRead("%s 在 %s 年的数不能读：%s", "%s in %s cannot be read: %s", line, year, v.String())
					}
					p.values[s.ID][line][year] = v.String()
				case string:
					p.values[s.ID][line][year] = v
				case nil:
					p.values[s.ID][line][year] = ""
				}
			}
		}
	}
	return p, nil
}

// has tells whether the earlier version had a scenario.
func (p *Previous) has(scenario string) bool { return p.values[scenario] != nil }

// headline is a headline of the earlier version, over the years of this one; there is false where a year is missing or the figure blank.
func (p *Previous) headline(run *Run, scenario string, h model.Headline) (d decimal.Decimal, there bool) {
	missing := false
	d, _, there = h.How.Figure(run.Book.Plan.Calendar, func(col int) (decimal.Decimal, bool) {
		text, ok := p.values[scenario][h.Line][strconv.Itoa(run.Book.Plan.Calendar.First+col)]
		v, err := decimal.NewFromString(text)
		missing = missing || !ok
		return v, err == nil
	})
	return d, there && !missing
}

// inputChange is one input of one scenario that is not what it was, in years in which it moved alike.
type inputChange struct {
	line     int
	from, to int    // years
	was      string // a number or an option's key; empty if the earlier version had no such input
	isNew    bool
}

// inputChanges lists what is different in a scenario.
func (r *Run) inputChanges(result int) (changes []inputChange) {
	values := r.Previous.values[r.Results[result].Scenario.ID]
	cal := r.Book.Plan.Calendar
	for i, l := range r.Book.Lines {
		if l.Input == formula.NotInput {
			continue
		}
		c := r.Book.Program.Lines[i]
		first := c.First()
		if l.Input == formula.Scalar {
			first = cal.Zero() + 1
		}
		var open *inputChange
		for col := first; col <= c.Last(cal); col++ {
			year := cal.First + col
			now := r.Value(result, i, year)
			if l.Unit == formula.Choice {
				now = r.Results[result].Values.Option(i)
			}
			was, known := values[l.Address()][strconv.Itoa(year)]
			if known && was == now || !known && len(values[l.Address()]) > 0 { // years that the earlier version did not have are no change
				open = nil
				continue
			}
			if open != nil && open.was == was && r.Value(result, i, open.to) == r.Value(result, i, year) {
				open.to = year
				continue
			}
			changes = append(changes, inputChange{i, year, year, was, !known})
			open = &changes[len(changes)-1]
		}
	}
	return changes
}

// without gives a result's headlines with one input as it was; the model is run again, with that alone different.
func (r *Run) without(result int, c inputChange, headlines []model.Headline) ([]decimal.Decimal, error) {
	scenario, cal := r.Scenario(result), r.Book.Plan.Calendar
	inputs := r.Book.Inputs(scenario)
	in := inputs[c.line]
	if r.Book.Lines[c.line].Unit == formula.Choice {
		in.Option = c.was
	} else {
		d, err := decimal.NewFromString(c.was)
		if err != nil {
			return nil, err
		}
		byYear := make([]decimal.Decimal, cal.Columns())
		for col := range byYear {
			byYear[col] = in.At(col)
			if year := cal.First + col; year >= c.from && year <= c.to || r.Book.Lines[c.line].Input == formula.Scalar {
				byYear[col] = d
			}
		}
		in = formula.Input{ByYear: byYear}
	}
	inputs[c.line] = in
	wanted := make([]int, len(headlines))
	for i, h := range headlines {
		wanted[i] = r.Line(h.Line)
	}
	values, errs := r.Book.Program.Rerun([]int{c.line}, wanted).Evaluate(r.Results[result].Values, inputs)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	then := *r
	then.Results = []*model.Result{{Scenario: r.Results[result].Scenario, Values: values}}
	figures := make([]decimal.Decimal, len(headlines))
	for i, h := range headlines {
		d, there := then.Headline(0, h)
		if !there {
			return nil, fmt.Errorf("%s is blank", h.Line)
		}
		figures[i] = d
	}
	return figures, nil
}
