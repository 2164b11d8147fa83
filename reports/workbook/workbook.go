package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// workbook is one book being written.
type workbook struct {
	run    *reports.Run
	file   *excelize.File
	styles map[look]int
	err    error // the first that happened

	guide, compare, inputs, clauses, differences, risk, debts, checks, proof, changes, structure string   // names of sheets
	ledgers                                                                                      []string // by result

	written   []*model.Result        // what the engine said when the book was written: the results, unless a person has changed inputs since
	entered   [][]formula.Input      // by scenario of the plan: what stands in the input cells now; nil: the plan's own
	tolerated decimal.Decimal        // the tolerance that stands there
	linked    map[int]int            // rows of the comparison, by line
	headlines map[model.Headline]int // rows of the comparison

	rowOf    []int      // of every line, the same in all ledgers
	full     []string   // labels of lines with their element's
	labels   []string   // of lines on a ledger
	widths   []float64  // of a ledger's columns
	formulas [][]string // by line and column, the same in all ledgers; empty for inputs

	places    map[int]place // of input lines on the input sheet
	columns   []int         // on the input sheet, by result
	shown     []int         // scenarios of the plan that the input sheet has a column for, from the first
	tolerance place

	unusable    int    // entries on the input sheet that cannot be used
	entryChecks string // where it counts them

	rowsOfInputs map[int]bool // see inputRows

	failures []int // checks that do not hold, by result
}

func (w *workbook) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

// Write is the run as the bytes of an Excel workbook, the same for the same run.
func Write(run *reports.Run) ([]byte, error) {
	w := newWorkbook(run)
	defer w.file.Close()
	grids, err := w.grids()
	if err == nil {
		err = w.assemble(grids)
	}
	var out bytes.Buffer
	if err == nil {
		err = w.file.SetZipWriter(newZipWriter).Write(&out)
	}
	if err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	return out.Bytes(), nil
}

func newWorkbook(run *reports.Run) *workbook {
	return &workbook{run: run, file: excelize.NewFile(), styles: map[look]int{}, written: run.Results, tolerated: tolerance, headlines: map[model.Headline]int{}, linked: map[int]int{}}
}

// grids are all sheets, in order. Every sheet's name is known before the first is made, since they refer to each other.
func (w *workbook) grids() ([]*grid, error) {
	run := w.run
	if len(run.Results) == 0 {
		return nil, errors.New("no results")
	}
	w.name()
	w.layOut()
	w.count()
	inputs := w.inputGrid() // decides where the ledgers find their inputs
	grids := []*grid{w.guideGrid(), w.compareGrid(), inputs}
	for r := range run.Results {
		grids = append(grids, w.ledgerGrid(r))
	}
	if w.hasClauses() {
		grids = append(grids, w.clauseGrid())
	}
	if run.Compared() {
		grids = append(grids, w.differenceGrid())
	}
	if run.Risk != nil {
		grids = append(grids, w.riskGrid())
	}
	if w.hasDebts() {
		grids = append(grids, w.debtGrid())
	}
	grids = append(grids, w.checkGrid(), w.proofGrid())
	if run.Previous != nil {
		grids = append(grids, w.changeGrid())
	}
	grids = append(grids, w.structureGrid(grids))
	return grids, w.err
}

func (w *workbook) hasClauses() bool { return len(w.run.Book.Plan.In("transfers")) > 0 }

// name gives every sheet its name. The names of sheets that a run may lack are kept free all the same, so that scenarios are called alike in all runs.
func (w *workbook) name() {
	used, t := sheetNames{}, w.run.T
	w.guide, w.compare, w.inputs = used.add(t("说明", "Guide")), used.add(t("对比", "Compare")), used.add(t("假设", "Inputs"))
	w.clauses, w.differences = used.add(t("条款", "Clauses")), used.add(t("差异", "Differences"))
	w.risk = used.add(t("风险", "Risk"))
	w.debts, w.checks, w.proof = used.add(t("债务", "Debt")), used.add(t("检查", "Checks")), used.add(t("核对", "Proof"))
	w.changes, w.structure = used.add(t("变更", "Changes")), used.add(t("结构", "Structure"))
	for _, r := range w.run.Results {
		w.ledgers = append(w.ledgers, used.add(w.run.ScenarioLabel(r.Scenario)))
	}
}

// assemble writes the sheets into the file, in order, and what belongs to the file as a whole.
func (w *workbook) assemble(grids []*grid) error {
	f := w.file
	if err := f.SetDefaultFont(font); err != nil {
		return err
	}
	if err := f.SetSheetName("Sheet1", grids[0].name); err != nil {
		return err
	}
	for _, g := range grids[1:] {
		if _, err := f.NewSheet(g.name); err != nil {
			return err
		}
	}
	for _, g := range grids {
		if err := w.write(g); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		g.rows = nil // the next may need the room
	}
	yes := true
	if err := f.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &yes}); err != nil {
		return err
	}
	plan, made := w.run.Book.Plan, day(w.run)
	if err := f.SetAppProps(&excelize.AppProperties{Application: "zhencai", Company: ""}); err != nil {
		return err
	}
	if err := f.SetCustomProps(excelize.CustomProperty{Name: sealProperty, Value: unsealed}); err != nil {
		return err
	}
	return f.SetDocProps(&excelize.DocProperties{Creator: "zhencai", LastModifiedBy: "zhencai", Created: made, Modified: made,
		Title: printable(w.planTitle()), Subject: printable(plan.Town), Version: printable(plan.Version), Description: w.run.T("输入指纹 ", "hash of the inputs ") + plan.Hash})
}

// day is the run's date as the file's own time; a fixed one where the date is not a calendar day.
func day(r *reports.Run) string {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if d, err := time.Parse(layout, r.Date); err == nil {
			return d.Format(time.RFC3339)
		}
	}
	return dosEpoch.Format(time.RFC3339)
}

// printable is a plan's text as a cell can hold it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7F || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)
	return prefix(s, 32000)
}

// textCell puts a text into a cell; empty text leaves the cell empty but styled. It is never a formula, whatever it begins with.
func textCell(style int, s string) cell {
	if s == "" {
		return cell{style: style}
	}
	return cell{style: style, value: printable(s)}
}

func numberCell(style int, f float64) cell { return cell{style: style, value: f} }

// liveCell is a formula with the engine's value.
func liveCell(style int, formula string, d decimal.Decimal) cell {
	return cell{style: style, formula: formula, value: d.InexactFloat64()}
}

// Rows of the header that every sheet has.
const (
	titleRow = 1
	noteRow  = 2
	lightRow = 3
)

// head writes a sheet's title, its unit and signs, the check light and the banner; lightCols is how many columns the light covers.
func (w *workbook) head(g *grid, title, note string, lightCols int) {
	g.put(1, titleRow, textCell(w.style(look{size: 14, bold: true, color: navy}), title))
	g.put(1, noteRow, textCell(w.style(look{size: 9, color: "595959"}), note))
	for i, height := range []float64{24, 15, 18} {
		g.row(i + 1).height = height
	}
	light := w.style(look{bold: true, align: "left", fill: checked, color: green,
		format: w.run.T(`"✗ 检查：有 "0" 处不平";;"✓ 检查全部通过"`, `"✗ "0" checks fail";;"✓ all checks pass"`)})
	g.fill(1, lightCols, lightRow, light)
	target := on(w.checks, masterCell)
	if g.name == w.checks {
		target = masterCell
	}
	g.put(1, lightRow, liveCell(light, target, decimal.NewFromInt(int64(w.failed()))))
	g.merge(1, lightRow, lightCols)
	bad, err := w.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: red, Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD9D9"}}})
	w.keep(err)
	g.marks = append(g.marks, mark{at(1, lightRow), []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: "!=", Value: "0", Format: &bad}}})
	if b := w.run.Banner(); b != "" {
		g.put(lightCols+1, lightRow, textCell(w.style(look{bold: true, color: red}), b))
	}
}

// units says once per sheet what the amounts are in and which way they point.
func (w *workbook) units() string {
	return w.run.T("单位：万元（另注明者除外）。金额一律为正数，方向见名称；空白表示该年无此数。",
		"Unit: 10,000 yuan unless stated. Amounts are positive, the label says which way they flow; an empty cell has no value in that year.")
}

// title is the heading of a sheet.
func (w *workbook) title(of string) string { return w.planTitle() + "　" + of }

func (w *workbook) planTitle() string {
	p := w.run.Book.Plan
	if title := (formula.Text{ZH: p.Title, EN: p.TitleEN}).In(w.run.Lang); title != "" {
		return title
	}
	return p.Town
}
