package model_test

import (
	"encoding/csv"
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
	"zhencai/scenarios"
)

// TestWorkedCase holds the engine to every figure of the case computed by hand.
func TestWorkedCase(t *testing.T) {
	dir := filepath.Join("..", "scenarios", "worked-case")
	book := testplan.Open(t, dir)
	byHand(t, book, testplan.Compute(t, book, 1), filepath.Join(dir, "expected.csv"), 39)
}

// byHand compares values with a table computed by hand, `line,2022,2023,…`, to the fen; the table has at least so many lines.
func byHand(t *testing.T, book *model.Book, values *formula.Values, file string, least int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) <= least {
		t.Fatalf("%s has only %d rows of expected figures", file, len(rows)-1)
	}
	for _, row := range rows[1:] {
		line := book.Program.Index(row[0])
		if line < 0 {
			t.Errorf("%s: there is no line %s", file, row[0])
			continue
		}
		for i, want := range row[1:] {
			year, _ := strconv.Atoi(rows[0][i+1])
			got, _, there := values.At(line, book.Plan.Calendar.Col(year))
			if w := decimal.RequireFromString(want); !there || !got.Round(6).Equal(w) {
				t.Errorf("%s %d = %s, by hand %s", row[0], year, got, w)
			}
		}
	}
}

// TestEveryRuleHasAWorkedExample: a rule without a figure worked out by hand, where it is declared or in shapesByHand, for every shape its formula takes
// does not get into the book, nor among its events or the rules of pots. Rules whose
// formula is the plan's own, or just adds up what a name says, are held to their plan in TestWorkedCase.
func TestEveryRuleHasAWorkedExample(t *testing.T) {
	own := testplan.Open(t, filepath.Join("testdata", "everything.yaml"))
	own.Plan.Uncertainty = &model.Uncertainty{OwedOver: decimal.NewFromInt(50)} // its event is asked for by a plan
	rules, shapes, worked := map[string]bool{}, map[string]string{}, map[string]bool{}
	for _, book := range []*model.Book{own.Asking(model.Everything).Watched(), model.PotRules(own.Plan.Calendar)} {
		for _, l := range book.Lines {
			if l.Input != formula.NotInput || l.Rule == "transfers.formula.own" || splitSum.MatchString(l.Name) {
				continue
			}
			shape := l.Rule + " = " + shapeOf(l.Formula)
			rules[l.Rule], shapes[shape] = true, l.Name
			look := func(name string) (formula.Unit, []string) {
				i := find(book, l.Name, name)
				if i < 0 {
					t.Fatalf("%s: example names %q, which is no line", l.Name, name)
				}
				return book.Lines[i].Unit, book.Lines[i].Options
			}
			for _, example := range []string{l.Example, shapesByHand[l.Name]} {
				if example == "" {
					continue
				}
				if err := formula.CheckExample(l.Line, example, look); err != nil {
					t.Errorf("%s: %v", l.Name, err)
					continue
				}
				worked[shape] = true
			}
		}
	}
	for line := range shapesByHand {
		if own.Asking(model.Everything).Line(line) < 0 {
			t.Errorf("shapesByHand works out %s, which is no line", line)
		}
	}
	for shape, line := range shapes {
		if !worked[shape] {
			t.Errorf("%s: no worked example of %s", line, shape)
		}
	}
	if len(rules) < 100 || len(shapes) < len(rules) {
		t.Errorf("only %d rules and %d shapes: the plan no longer reaches them all", len(rules), len(shapes))
	}
}

// shapeOf is a formula without the names of what the plan has of a kind: those of a band, a year of age, an element.
func shapeOf(text string) string {
	return regexp.MustCompile(`[a-z_]+\.[a-z0-9_.*]+|[0-9]+`).ReplaceAllString(text, "…")
}

// find resolves a name as a formula of the line would; a member of a group stands for its first line.
func find(book *model.Book, line, name string) int {
	for scope := line; ; {
		dot := strings.LastIndexByte(scope, '.')
		if dot < 0 {
			break
		}
		scope = scope[:dot]
		if i := book.Program.Index(scope + "." + name); i >= 0 {
			return i
		}
	}
	if i := book.Program.Index(name); i >= 0 {
		return i
	}
	return book.Member(name)
}

// TestTheBookReachesEverything: the plan with every mechanism uses every kind, method, category and class the schema offers.
func TestTheBookReachesEverything(t *testing.T) {
	path := filepath.Join("testdata", "everything.yaml")
	plan := testplan.Open(t, path).Plan
	_, next := testplan.Roll(t, path, scenarios.Rolling{}) // rolled forward it has openings
	plan.Elements = append(plan.Elements, testplan.Open(t, next).Plan.In("openings")...)
	for _, s := range model.Schema() {
		for _, k := range s.Kinds {
			if !slices.ContainsFunc(plan.Elements, func(e *model.Element) bool { return e.Section == s.Key && e.Kind == k.Name }) {
				t.Errorf("no %s of kind %q", s.Key, k.Name)
			}
		}
	}
	for _, key := range []string{"method", "class"} {
		for _, s := range model.Schema() {
			if s.Key != "debt" {
				continue
			}
			for _, f := range s.Kinds[0].Fields {
				for _, o := range f.Options {
					if f.Key == key && !slices.ContainsFunc(plan.In("debt"), func(e *model.Element) bool { return e.Words[key] == o.Key }) {
						t.Errorf("no debt with %s %s", key, o.Key)
					}
				}
			}
		}
	}
}

// TestLongSumsAreSplit: with forty transfers the totals are the same as by hand, and no formula adds up more than fits.
func TestLongSumsAreSplit(t *testing.T) {
	const n = 40
	plan := "years: 2022-2023\nhistory: 2019-2021\nrevenue: {tax: {history: [1, 1, 1], growth: 5%}}\ncash: {opening: 10}\ntransfers:\n" + subsidies(n)
	book := testplan.Open(t, testplan.Write(t, plan))
	values := testplan.Compute(t, book, 0)
	paid, _, _ := values.At(book.Program.Index("transfers_paid"), book.Plan.Calendar.Col(2022))
	if !paid.Equal(decimal.NewFromInt(n)) {
		t.Errorf("transfers_paid = %s", paid)
	}
	if book.Program.Index("transfers_paid_part3") < 0 {
		t.Error("the total of forty transfers was not split")
	}
}

// TestLabelsTellLinesApart: no two lines are called the same in either language, however they are written, or looking for one would find the other.
func TestLabelsTellLinesApart(t *testing.T) {
	plans, err := filepath.Glob("../scenarios/schemes/*/plan.yaml")
	if err != nil || len(plans) == 0 {
		t.Fatal(err)
	}
	for _, plan := range append(plans, "testdata/everything.yaml", "../scenarios/guangtong", "../scenarios/worked-case") {
		book := testplan.Open(t, plan)
		called := map[string]string{}
		for _, l := range book.Lines {
			for _, label := range []string{l.Full().ZH, l.Full().EN} {
				label = strings.ToLower(strings.Join(strings.Fields(label), " "))
				if other := called[label]; other != "" && other != l.Address() && label != "" {
					t.Errorf("%s: %s and %s are both called %q", plan, other, l.Address(), label)
				}
				called[label] = l.Address()
			}
		}
	}
}
