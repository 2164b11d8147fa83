package workbook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// changeHeadlines are the three figures on which the effect of a change is shown.
var changeHeadlines = []string{"incentive_paid", "cash", "debt"}

// Columns of the sheet of changes.
const (
	changeID = 1 + iota
	changeInput
	changeYears
	changeUnit
	changeOld
	changeNew
	changeEffect // three columns
)

const (
	changeHeader  = 5
	maxChangeRows = 3000
)

// changePage is the sheet while it is being written.
type changePage struct {
	*grid
	w         *workbook
	headlines []model.Headline
	rows      int
}

// changeGrid is this version against the previous one: every input that was changed, what it was, and what that alone does to three figures; from the
// old figure to the new one.
func (w *workbook) changeGrid() *grid {
	run, t, was := w.run, w.run.T, w.run.Previous
	p := &changePage{grid: &grid{name: w.changes, tab: checkSheet, frozenRows: changeHeader, frozenCols: changeInput, widths: []float64{20, 40, 12, 9, 18, 18, 18, 18, 18}}, w: w}
	w.head(p.grid, w.title(t("变更：本版与上一版", "Changes: this version and the previous one")),
		t("单位：万元（另注明者除外）。每项影响是只把这一项改回上一版的数、其余不动，由引擎重算得出；几项一起改的相互作用单列。", "Unit: 10,000 yuan unless stated. Each effect: the engine ran again with this input alone as it was; what several changes do together stands apart."), changeInput)
	p.put(1, 4, textCell(w.style(look{size: 9, color: "595959"}), formula.Textf("上一版：%s　版本 %s　日期 %s　输入指纹 %s", "previous: %s, version %s, date %s, hash of the inputs %s", was.Name, was.Version, was.Date, prefix(was.Hash, 16)).In(run.Lang)))
	for _, name := range changeHeadlines {
		i := slices.IndexFunc(model.Headlines, func(h model.Headline) bool { return h.Line == name })
		p.headlines = append(p.headlines, model.Headlines[i])
	}
	h := w.style(look{bold: true, color: navy, fill: header, align: "center", wrap: true})
	names := []string{t("代码", "id"), t("输入", "input"), t("年份", "years"), t("单位", "unit"), t("上一版", "previous"), t("本版", "this version")}
	for _, one := range p.headlines {
		names = append(names, run.HeadlineLabel(one))
	}
	for i, s := range names {
		p.put(i+1, changeHeader, textCell(h, s))
	}
	p.row(changeHeader).height = 34
	for r := range run.Results {
		p.scenario(r)
	}
	return p.grid
}

func (p *changePage) lastColumn() int { return changeEffect + len(p.headlines) - 1 }

// scenario is the way from the old figures of a scenario to the new ones.
func (p *changePage) scenario(result int) {
	w, run, t := p.w, p.w.run, p.w.run.T
	s, n := run.Results[result].Scenario, p.last()+1
	p.strip(p.lastColumn(), n, w.style(sectionTitle), run.ScenarioLabel(s))
	if !run.Previous.Has(s.ID) {
		p.note(t("上一版没有这个情景。", "The previous version had no such scenario."))
		return
	}
	old := p.total(t("上一版", "Previous version"))
	for i, h := range p.headlines {
		if d, there := run.Previous.Headline(run, s.ID, h); there {
			p.put(changeEffect+i, old, numberCell(p.money(true), d.InexactFloat64()))
		}
	}
	first, changes := p.last()+1, run.InputChanges(result)
	left := 0
	for _, c := range changes {
		if p.rows++; p.rows > maxChangeRows {
			left++
			continue
		}
		p.change(result, c)
	}
	last := p.last()
	if left > 0 {
		p.note(formula.Textf("另有 %d 处未列，它们的影响在下一行里。", "%d more are not listed; their effect is in the next row.", left).In(run.Lang))
	}
	p.removed(s.ID)
	rest := p.total(t("相互作用与结构变化", "What they do together, and changes of structure"))
	now := p.total(t("本版", "This version"))
	for i, h := range p.headlines {
		col := changeEffect + i
		d, _ := run.Headline(result, h)
		p.put(col, now, liveCell(p.money(true), on(w.compare, at(compareFirst+result, w.headlines[h])), d))
		before, there := run.Previous.Headline(run, s.ID, h)
		if !there {
			p.put(col, rest, cell{style: p.money(false)})
			continue
		}
		text, sum := at(col, now)+"-"+at(col, old), decimal.Zero
		if last >= first {
			text += "-SUM(" + span(col, first, col, last) + ")"
			for n := first; n <= last; n++ {
				f, _ := p.row(n).cells[col-1].value.(float64)
				sum = sum.Add(decimal.NewFromFloat(f))
			}
		}
		p.put(col, rest, liveCell(p.money(false), text, d.Sub(before).Sub(sum)))
	}
}

// money is the style of a figure (bold), or of a difference with its sign.
func (p *changePage) money(bold bool) int {
	l := look{ruled: true, align: "right", bold: bold, format: moneyFormat}
	if !bold {
		l.format = "+" + moneyFormat + ";-" + moneyFormat + ";" + moneyFormat
	}
	return p.w.style(l)
}

// total is a row of figures with a name.
func (p *changePage) total(name string) int {
	n := p.last() + 1
	style := p.w.style(look{ruled: true, bold: true})
	p.fill(1, p.lastColumn(), n, style)
	p.put(changeInput, n, textCell(p.w.style(look{ruled: true, bold: true, indent: 1}), name))
	return n
}

func (p *changePage) note(text string) {
	n := p.last() + 1
	style := p.w.style(look{ruled: true, italic: true, color: "595959"})
	p.fill(1, p.lastColumn(), n, style)
	p.put(changeInput, n, textCell(style, text))
}

// change is one input.
func (p *changePage) change(result int, c reports.InputChange) {
	w, run := p.w, p.w.run
	l, n := run.Book.Lines[c.Line], p.last()+1
	small := w.style(look{size: 8, color: grey, ruled: true, align: "center"})
	p.put(changeID, n, textCell(w.style(look{size: 7, color: grey, ruled: true, shrink: true}), l.Address()))
	p.put(changeInput, n, textCell(w.style(look{ruled: true, indent: 2, wrap: true}), w.full[c.Line]))
	p.row(n).height = max(lineHeight, 4+13*float64(wrapped(w.full[c.Line], 36)))
	years := strconv.Itoa(c.From)
	switch {
	case l.Input == formula.Scalar:
		years = run.T("全部", "all")
	case c.To > c.From:
		years = fmt.Sprintf("%d-%d", c.From, c.To)
	}
	p.put(changeYears, n, textCell(small, years))
	p.put(changeUnit, n, textCell(small, l.Unit.Text().In(run.Lang)))
	value := look{ruled: true, align: "right", format: w.inputFormat(c.Line)}
	if l.Unit == formula.Choice {
		value.align, value.size, value.wrap = "center", 8, true
	}
	was := cell{style: w.style(value)}
	switch d, err := decimal.NewFromString(c.Was); {
	case c.IsNew:
		was.value = run.T("（没有）", "(none)")
	case l.Unit == formula.Choice:
		was.value = run.Option(c.Line, c.Was)
	case err == nil:
		was.value = d.InexactFloat64()
	}
	p.put(changeOld, n, was)
	col := run.Book.Plan.Calendar.Col(c.From)
	value.color = green
	p.put(changeNew, n, w.ledgerCell(w.style(value), on(w.ledgers[result], at(yearColumn(col), w.rowOf[c.Line])), result, c.Line, col))
	then, err := run.Without(result, c, p.headlines)
	for i, h := range p.headlines {
		if err != nil || c.IsNew { // what was not there cannot be put back
			p.put(changeEffect+i, n, cell{style: p.money(false)})
			continue
		}
		now, _ := run.Headline(result, h)
		p.put(changeEffect+i, n, numberCell(p.money(false), now.Sub(then[i]).InexactFloat64()))
	}
}

// removed names inputs that the previous version had and this one has not; an edition for others does not name them.
func (p *changePage) removed(scenario string) {
	run := p.w.run
	if run.Book.Plan.Edition != "" {
		return
	}
	var gone []string
	for line := range run.Previous.Values[scenario] {
		if run.Line(line) < 0 {
			element := line[:max(strings.LastIndexByte(line, '.'), 0)]
			if run.Book.Plan.Find(element) == nil && element != "" && !slices.Contains(gone, element) {
				gone = append(gone, element)
			}
		}
	}
	slices.Sort(gone)
	if len(gone) > 0 {
		p.note(run.T("本版没有了：", "No longer there: ") + strings.Join(gone, run.T("、", ", ")))
	}
}
