package workbook_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// 11. Change input cells, recalculate, and every line of every scenario is what the engine gives for a plan with those inputs: in the scenarios that follow
// the base and in those that do not. One input of every unit and span; of every rule in both plans in the whole set.
// What verify makes of the recalculated file is held against the same: it must pass and list the cells, no more.
func TestChangedInputs(t *testing.T) {
	t.Parallel()
	whole := testplan.Whole()
	var edits []*edit
	done := map[string]bool{}
	for _, dir := range []string{guangtong, everything} {
		run := loadRun(t, dir)
		run.Results = []*model.Result{compute(t, run.Book, 0), run.Results[0], run.Results[len(run.Results)-1]}
		if !whole && dir == everything {
			break
		}
		p := unzip(t, bytesOf(t, run))
		e := newEdit(t, run, p)
		for line, l := range run.Book.Lines {
			kind := string(l.Unit) + " " + string(l.Input)
			if whole {
				kind = l.Rule
			}
			if l.Input == formula.NotInput || l.Constant || done[kind] || !e.change(t, line) {
				continue // the engine refuses it too; another input of the same rule may do
			}
			done[kind] = true
			if len(e.cells) == 4 { // a few in one file: LibreOffice takes its time
				edits = append(edits, e)
				e = newEdit(t, run, p)
			}
		}
		if len(e.cells) > 0 {
			edits = append(edits, e)
		}
	}
	if whole {
		for _, must := range mustChange {
			if !done[must] {
				t.Errorf("no input of the rule %s was changed", must)
			}
		}
	}
	var files []string
	for i, e := range edits {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.xlsx", i))
		if err := os.WriteFile(file, e.data(t), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for i, saved := range recalculated(t, files...) {
		e := edits[i]
		t.Run(strings.Join(e.what, ", "), func(t *testing.T) {
			agree(t, e.run, values(t, saved))
			data, err := os.ReadFile(saved)
			if err != nil {
				t.Fatal(err)
			}
			v := verify(t, data)
			var cells []string
			for _, a := range v.Inputs {
				cells = append(cells, strings.TrimPrefix(a.Cell, "假设!"))
			}
			slices.Sort(cells)
			if want := sorted(e.cells); !v.Passed() || !slices.Equal(cells, want) {
				t.Errorf("verify lists %v, changed were %v\n%s", cells, want, v.Text(formula.EN))
			}
		})
	}
	t.Logf("%d inputs changed in %d files", len(done), len(files))
}

// mustChange are the rules whose inputs a county would change first: if one of these can no longer be tried, the test says so.
var mustChange = strings.Fields(`revenue.history revenue.growth revenue.counts revenue.kept_share revenue.path transfers.above_base.base.rule transfers.above_base.base.mean
	transfers.above_base.rate transfers.above_base.bands.2.rate transfers.above_base.bands.2.over transfers.above_base.term.years transfers.above_base.lag transfers.above_base.delivered
	transfers.above_base.award_cap transfers.fixed.amount transfers.per_head.standard staff.posts staff.filled staff.pay staff.pay_growth running_costs.per_head spending.amount
	performance_pay.rate projects.cost projects.cost.profile projects.owed debt.opening debt.rate debt.years debt.grace debt.drawn.2022 cash.opening cash.floor cash.arrears.wages
	indicators.yellow indicators.red`)

// edit is some inputs of a workbook changed together, and the run that the engine makes of them.
type edit struct {
	run    *reports.Run
	parts  *parts
	inputs [][]formula.Input // by result
	cells  map[string]string // of the base column: what is typed
	what   []string
}

func newEdit(t testing.TB, run *reports.Run, p *parts) *edit {
	e := &edit{run: run, parts: p, cells: map[string]string{}}
	for r := range run.Results {
		e.inputs = append(e.inputs, run.Book.Inputs(run.Scenario(r)))
	}
	return e
}

// data is the workbook with the changes.
func (e *edit) data(t testing.TB) []byte {
	return e.parts.with(t, e.parts.sheet(t, "假设").part, func(s string) string {
		for _, ref := range sorted(e.cells) {
			s = replaceEntry(t, s, ref, e.cells[ref])
		}
		return s
	})
}

var inputCell = regexp.MustCompile(`假设!\$H\$([0-9]+)(?::\$H\$([0-9]+))?`)

// change alters an input as a person would in its cell of the base column; scenarios that have the base's value there follow. It reports whether the engine
// can compute with it; if not, nothing is changed.
func (e *edit) change(t testing.TB, line int) bool {
	run, cal := e.run, e.run.Book.Plan.Calendar
	l, given := run.Book.Lines[line], run.Book.Inputs(0)[line]
	ledger := e.parts.sheet(t, run.ScenarioLabel(run.Results[0].Scenario))
	call := ledger.cell(letters(4+run.Book.Program.Lines[line].First()) + strconv.Itoa(ledger.rowOf(t, l.Address())))
	at := inputCell.FindStringSubmatch(*call.F)
	from, to, row := 0, cal.Columns()-1, at[1]
	typed, now := "", formula.Input{}
	if l.Unit == formula.Choice {
		now.Option = l.Options[(slices.Index(l.Options, given.Option)+1)%len(l.Options)]
		typed = run.Option(line, now.Option)
	} else {
		col := cal.Zero() + 1
		if l.Input == formula.History {
			col = 0
		}
		if at[2] != "" { // by year: the second of them
			n, _ := strconv.Atoi(row)
			col, row = col+1, strconv.Itoa(n+1)
			from, to = col, col
		}
		d := changed(l, given.At(col))
		typed, now.Same = d.String(), d
	}
	next := make([][]formula.Input, len(e.inputs))
	var results []*model.Result
	for r := range e.inputs {
		next[r] = slices.Clone(e.inputs[r])
		own := run.Book.Inputs(run.Scenario(r))[line]
		byYear := make([]decimal.Decimal, cal.Columns())
		for col := range byYear {
			byYear[col] = own.At(col)
			if col >= from && col <= to && own.At(col).Equal(given.At(col)) {
				byYear[col] = now.Same
			}
		}
		switch {
		case l.Unit != formula.Choice:
			next[r][line] = formula.Input{ByYear: byYear}
		case own.Option == given.Option:
			next[r][line] = now
		}
		values, errs := run.Book.Program.Evaluate(next[r])
		if len(errs) > 0 {
			return false
		}
		results = append(results, &model.Result{Scenario: run.Results[r].Scenario, Values: values})
	}
	with := *run
	with.Results = results
	e.run, e.inputs = &with, next
	e.cells["H"+row] = typed
	e.what = append(e.what, fmt.Sprintf("%s=%s", l.Address(), typed))
	return true
}

// changed is another number that the input may be.
func changed(l *model.Line, d decimal.Decimal) decimal.Decimal {
	step := decimal.New(1, -2)
	switch l.Unit {
	case formula.Flag:
		return decimal.NewFromInt(1).Sub(d)
	case formula.Money:
		step = decimal.New(1713, -2)
	case formula.Person, formula.Year, formula.Years:
		step = decimal.NewFromInt(1)
	}
	if l.Param != nil && l.Param.Field.Max != "" {
		most, err := decimal.NewFromString(strings.TrimSuffix(l.Param.Field.Max, "%"))
		if strings.HasSuffix(l.Param.Field.Max, "%") {
			most = most.Shift(-2)
		}
		if err == nil && d.Add(step).GreaterThan(most) {
			return d.Sub(step)
		}
	}
	return d.Add(step)
}

// replaceEntry writes another number or text into an input cell.
func replaceEntry(t testing.TB, text, ref, value string) string {
	t.Helper()
	for _, form := range []string{`(<c r="%s"[^>]*><v>)[^<]*(</v>)`, `(<c r="%s"[^>]*t="inlineStr"><is><t[^>]*>)[^<]*(</t>)`} {
		if at := regexp.MustCompile(fmt.Sprintf(form, ref)); at.MatchString(text) {
			return at.ReplaceAllString(text, "${1}"+strings.ReplaceAll(html.EscapeString(value), "$", "$$")+"${2}")
		}
	}
	t.Fatalf("no input in %s", ref)
	return ""
}
