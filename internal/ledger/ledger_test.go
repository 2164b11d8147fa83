package ledger_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/ledger"
	"zhencai/internal/randomplan"
	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// open loads and builds a plan with the program.
func open(t testing.TB, path string) *model.Book {
	t.Helper()
	loaded := scenarios.Load(path, scenarios.Options{})
	problems := loaded.Problems
	var book *model.Book
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	for _, p := range problems {
		if !p.Warning {
			t.Fatalf("%s: %s: %s", path, p.Pos, p.Text.EN)
		}
	}
	return book
}

// disagreement is the first figure in which engine and ledger differ: the earliest year, and in it the line that the others follow from.
type disagreement struct {
	scenario, line string
	year           int
	engine, ledger string
}

func (d disagreement) String() string {
	return fmt.Sprintf("scenario %s: %s in %d is %s by the engine, %s by the ledger", d.scenario, d.line, d.year, d.engine, d.ledger)
}

// compare holds every figure that the ledger has of a plan to the engine's: amounts to the fen, everything else to 12 decimals. It says how many agreed
// before the first that does not, and which lines of the engine the ledger knows nothing of.
func compare(t testing.TB, path string, unknown map[string]bool) (agreed int, first []disagreement) {
	t.Helper()
	book := open(t, path)
	plan, err := ledger.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for s, scenario := range book.Plan.Scenarios {
		result, problems := book.Run(s)
		for _, p := range problems {
			if !p.Warning {
				t.Fatalf("%s", p.Text.EN)
			}
		}
		own, err := ledger.Compute(plan, scenario.ID)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		n, d := compareScenario(book, result.Values, own, unknown)
		agreed += n
		if d != nil {
			d.scenario = scenario.ID
			first = append(first, *d)
		}
	}
	return agreed, first
}

func compareScenario(book *model.Book, values *formula.Values, own *ledger.Ledger, unknown map[string]bool) (agreed int, first *disagreement) {
	calendar := book.Plan.Calendar
	for year := calendar.Actual + 1; year <= calendar.Last; year++ {
		for i, line := range book.Lines {
			if line.Input != formula.NotInput {
				continue
			}
			figure, there := own.At(line.Name, year)
			if !there {
				if !line.Check && !line.Detail {
					unknown[line.Name] = true
				}
				continue
			}
			value, blank, _ := values.At(i, calendar.Col(year))
			places := int32(12)
			if line.Unit == formula.Money {
				places = 6
			}
			if blank == figure.Blank && (blank || value.Round(places).Equal(figure.Value.Round(places))) {
				agreed++
				continue
			}
			return agreed, &disagreement{line: line.Name, year: year, engine: text(value, blank), ledger: text(figure.Value, figure.Blank)}
		}
	}
	return agreed, nil
}

func text(d decimal.Decimal, blank bool) string {
	if blank {
		return "blank"
	}
	return d.String()
}

func write(t testing.TB, plan []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, plan, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const randomPlans, blocks = 500, 4

// TestRandomPlans: engine and ledger agree on every figure of random plans, in every scenario, and the ledger has every line that is not a step.
func TestRandomPlans(t *testing.T) {
	for block := range uint64(blocks) {
		t.Run(fmt.Sprint(block), func(t *testing.T) {
			t.Parallel()
			agreed := 0
			for seed := block; seed < randomPlans; seed += blocks {
				plan := randomplan.New(seed)
				unknown := map[string]bool{}
				n, first := compare(t, write(t, plan), unknown)
				agreed += n
				if len(first) > 0 {
					t.Fatalf("seed %d, %s\n%s", seed, first[0], plan)
				}
				if len(unknown) > 0 {
					t.Fatalf("seed %d: the ledger does not have %v", seed, slices.Sorted(maps.Keys(unknown)))
				}
			}
			t.Logf("%d figures agree", agreed)
		})
	}
}

// TestPlans: they agree on every plan that is shipped and on the plan with everything in it.
func TestPlans(t *testing.T) {
	root := filepath.Join("..", "..")
	paths := []string{filepath.Join(root, "scenarios", "worked-case"), filepath.Join(root, "scenarios", "guangtong"), filepath.Join(root, "model", "testdata", "everything.yaml"), write(t, scenarios.Starter(formula.ZH))}
	for _, more := range []string{filepath.Join(root, "scenarios", "schemes", "*"), filepath.Join("testdata", "cases", "*.yaml")} {
		found, err := filepath.Glob(more)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", more, err)
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			unknown := map[string]bool{}
			if _, first := compare(t, path, unknown); len(first) > 0 {
				t.Error(first[0])
			}
			if len(unknown) > 0 {
				t.Errorf("the ledger does not have %v", slices.Sorted(maps.Keys(unknown)))
			}
		})
	}
}

// TestByHand holds the ledger itself to every figure that was worked by hand: the worked case and the schemes.
func TestByHand(t *testing.T) {
	tables, err := filepath.Glob(filepath.Join("..", "..", "scenarios", "*", "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	schemes, err := filepath.Glob(filepath.Join("..", "..", "scenarios", "schemes", "*", "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) == 0 || len(schemes) < 12 {
		t.Fatalf("%d and %d tables", len(tables), len(schemes))
	}
	for _, table := range append(tables, schemes...) {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		own := compute(t, filepath.Dir(table))
		rows := strings.Split(strings.TrimSpace(string(text)), "\n")
		years := strings.Split(rows[0], ",")
		for _, row := range rows[1:] {
			cells := strings.Split(strings.TrimSpace(row), ",")
			for i := 1; i < len(cells); i++ {
				year, _ := strconv.Atoi(strings.TrimSpace(years[i]))
				holds(t, own, table, cells[0], year, cells[i])
			}
		}
	}
}

// TestCases holds the ledger to what is right of plans that once came out wrong without a word.
func TestCases(t *testing.T) {
	for _, c := range []struct{ plan, line, want string }{
		{"gate-not-to-fen", "transfers.f.due", "100 100 100 100 100"},
		{"fine-for-one-fen", "transfers.f.shortfall", "0 0 0 0 0"},
		{"growth-on-moving-base", "transfers.share.base", "3202.5 3423 3575.25 3475.5 3906"},
		{"growth-on-moving-base", "transfers.share.due", "23 0 0 97.8 41.6"},
		{"reset-clock", "transfers.share.due", "50 50 100 150 50"},
		{"cap-on-last-award", "transfers.share.due", "0 0 200 240 288"},
		{"cap-on-last-award", "transfers.fl.due", "0 55 200 250 300"},
		{"state-before-the-plan", "transfers.v.due", "113.5 124.85 137.335"},
		{"state-before-the-plan", "transfers.i.due", "605 665.5 732.05"}, // 500 × 1.1 from 2021 on, the second year of the term
		{"state-before-the-plan", "transfers.c.due", "605 665.5 732.05"}, // revenue grows by 10 % in 2021 (1,100 to 1,210) and every year after
	} {
		own := compute(t, filepath.Join("testdata", "cases", c.plan+".yaml"))
		for i, want := range strings.Fields(c.want) {
			holds(t, own, c.plan, c.line, 2022+i, want)
		}
	}
}

// TestADifferenceIsFound: a plan in which one clause differs by a tenth of a per cent does not agree, and the line is named.
func TestADifferenceIsFound(t *testing.T) {
	plan := scenarios.Starter(formula.ZH)
	book := open(t, write(t, plan))
	result, _ := book.Run(0)
	other := strings.Replace(string(plan), "rate: 50%", "rate: 50.1%", 1)
	if other == string(plan) {
		t.Fatal("the starter plan has no rate of 50 %")
	}
	_, first := compareScenario(book, result.Values, compute(t, write(t, []byte(other))), map[string]bool{})
	if first == nil || !strings.HasPrefix(first.line, "transfers.") {
		t.Errorf("found %v", first)
	}
}

// compute works out the plan without layers.
func compute(t testing.TB, path string) *ledger.Ledger {
	t.Helper()
	plan, err := ledger.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ledger.Compute(plan, "")
	if err != nil {
		t.Fatal(err)
	}
	return own
}

func holds(t testing.TB, own *ledger.Ledger, what, line string, year int, want string) {
	t.Helper()
	got, there := own.At(line, year)
	if !there || !got.Value.Round(6).Equal(decimal.RequireFromString(want)) {
		t.Errorf("%s: %s in %d is %s, by hand %s", what, line, year, text(got.Value, got.Blank), want)
	}
}
