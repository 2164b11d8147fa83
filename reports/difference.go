package reports

import (
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// countedAs is a figure of a difference as its line is counted.
func (r *Run) countedAs(d *analysis.Difference, x decimal.Decimal) string {
	return Counted(x, r.unitOf(d))
}

func (r *Run) unitOf(d *analysis.Difference) formula.Unit { return r.Book.Lines[r.Line(d.Line)].Unit }

// moved is a number that a figure moves by: with its sign, in a terminal as its line is counted, rates in points.
func (r *Run) moved(d *analysis.Difference, x decimal.Decimal) Cell {
	brief := r.countedAs(d, x)
	if percent, rate := strings.CutSuffix(brief, "%"); rate {
		brief = percent + "pp"
	}
	return Cell{Text: Signed(x, Shown(x, r.unitOf(d))), Brief: Signed(x, brief), Number: &Number{Value: x, Unit: r.unitOf(d)}}
}

// Contributions is why a scenario differs from another: one row per change, the largest first, and under them their sum.
func (r *Run) Contributions(d *analysis.Difference) Table {
	from, to := r.Book.Plan.Scenarios[d.From], r.Book.Plan.Scenarios[d.To]
	unit := ""
	if r.unitOf(d) == formula.Money {
		unit = r.T("（万元）", " (10k yuan)")
	}
	above := &said{lang: r.Lang}
	above.add("%s [%s] %s%s", "%s [%s] %s%s", r.FullLabel(r.Line(d.Line)), d.Line, d.How.Text(), unit)
	t := Table{Result: -1, Texts: 2, Head: []string{r.T("改动", "Change"), r.T("原值", "From"), r.T("新值", "To"), r.T("贡献", "Contribution")}, Brief: []string{r.T("改动", "change"), "A", "B", r.T("贡献", "contribution")}}
	if d.From == d.To {
		above.add("A 和 B 是同一个情景：%s（%s），%s", "A and B are the same scenario: %s (%s), %s", r.ScenarioLabel(from), from.ID, r.countedAs(d, d.Before))
		t.Caption = above.text()
		return t
	}
	above.add("A  %s（%s）  %s", "A  %s (%s)  %s", r.ScenarioLabel(from), from.ID, r.countedAs(d, d.Before))
	above.add("B  %s（%s）  %s", "B  %s (%s)  %s", r.ScenarioLabel(to), to.ID, r.countedAs(d, d.After))
	switch {
	case len(d.Parts) == 0:
		above.add("两个情景没有不同的输入", "no input differs between the two scenarios")
	case d.Before.Equal(d.After):
		above.add("这一行两个情景没有差额", "on this line the two scenarios do not differ")
	}
	t.Caption = above.text()
	for _, p := range d.Parts {
		name := p.Label.In(r.Lang)
		t.Rows = append(t.Rows, Row{ID: p.Address, Name: name, Brief: name + " [" + p.Address + "]", Over: p.Layer, Unit: r.unitOf(d),
			Cells: append(texts(r.changed(p, p.Old, d.From), r.changed(p, p.New, d.To)), r.moved(d, p.Amount))})
	}
	if len(d.Parts) > 0 {
		t.Foot = &Row{Name: r.T("合计 B - A", "total B - A"), Cells: append(texts("", ""), r.moved(d, d.After.Sub(d.Before)))}
		t.Notes = []string{r.HowSure(d)}
	}
	return t
}

// Apart is how far the figure of a difference is from the first result's in all of them; name says how to call them.
func (r *Run) Apart(d *analysis.Difference, caption string, name func(result int) *ScenarioName) Table {
	t := Table{Caption: caption, Result: -1, Head: []string{r.T("情景", "Scenario"), r.T("数额", "Figure"), r.T("与第一个情景的差额", "Difference from the first")}}
	for result := range r.Results {
		if x, _, there := r.OverYears(result, r.Line(d.Line), d.How); there {
			n := name(result)
			t.Rows = append(t.Rows, Row{Name: n.Label, Scenario: n, Cells: []Cell{exactCell(Shown(x, r.unitOf(d)), x, r.unitOf(d), 0), r.moved(d, x.Sub(d.Before))}})
		}
	}
	return t
}

// HowSure says whether contributions are exact or sampled.
func (r *Run) HowSure(d *analysis.Difference) string {
	if d.Paths == 0 {
		return r.T("贡献是精确值：各种先后次序下每处改动引起的变动的平均，合计分毫不差。", "Contributions are exact: the mean of what each change moves over all orders of making them; they add up exactly.")
	}
	return formula.Textf("贡献是抽样值：改动较多，取 %d 种先后次序的平均，标准误不超过 %s；合计仍分毫不差。",
		"Contributions are sampled: with so many changes, the mean over %d orders of making them, standard error at most %s; they still add up exactly.", d.Paths, r.countedAs(d, d.Error)).In(r.Lang)
}

// changed is the old or new text of a change, with the words of a choice in the run's language: mean: 5 is 前几年实绩平均（固定）: 5.
func (r *Run) changed(p analysis.Contribution, text string, scenario int) string {
	for _, line := range p.Lines {
		if l := r.Book.Lines[line]; l.Unit == formula.Choice {
			option := r.Book.Inputs(scenario)[line].Option
			if rest, ok := strings.CutPrefix(text, option); ok {
				return r.Option(line, option) + rest
			}
		}
	}
	return text
}

// Compared tells whether some result was compared with the first.
func (r *Run) Compared() bool {
	for result := range r.Results {
		if r.Difference(result) != nil {
			return true
		}
	}
	return false
}
