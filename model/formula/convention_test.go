package formula

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// bookCase is a random book with its inputs.
type bookCase struct {
	cal    Calendar
	lines  []Line
	inputs map[string]Input
}

// writer writes random formulas that compile. Lines read earlier lines of the same year and any line of the year before.
type writer struct {
	t      *rapid.T
	now    map[Unit][]string // readable in the same year
	before map[Unit][]string // with an opening
	past   []string          // money of every history year
	depth  int
}

func (w *writer) pick(of []string) string { return rapid.SampledFrom(of).Draw(w.t, "pick") }

func (w *writer) choose(n int) int { return rapid.IntRange(0, n-1).Draw(w.t, "choose") }

// money, ratio and flag write a formula of the unit; deeper down only names are left.
func (w *writer) money() string {
	if w.depth--; w.depth <= 0 {
		return w.pick(w.now[Money])
	}
	defer func() { w.depth++ }()
	a := w.money
	switch w.choose(18) {
	case 0:
		return a() + " + " + a()
	case 1:
		return a() + " - (" + a() + ")"
	case 2:
		return "max(" + a() + ", " + a() + ", 0)"
	case 3:
		return "min(" + a() + ", " + a() + ")"
	case 4:
		return "abs(" + a() + ")"
	case 5:
		return "-(" + a() + ")"
	case 6:
		return "when(" + w.flag() + ", " + a() + ", " + a() + ")"
	case 7:
		return "(" + a() + ") * " + w.pick(w.now[Ratio])
	case 8:
		return "(" + a() + ") / count"
	case 9:
		if w.choose(3) == 0 {
			return "round_to(" + a() + ", 0.5)"
		}
		return "round((" + a() + ") * 50%)" // ties
	case 10:
		return "sum(" + a() + ", " + a() + ", " + w.pick(w.now[Money]) + ")"
	case 11:
		return "annuity(r1, count, " + a() + ")"
	case 12:
		return "initial(by_year)"
	case 13:
		return "sum_years(" + w.pick(w.past) + ", max(first_year, year - count), " + w.pick([]string{"year - 1", "last_actual_year", "year - 1 - 1"}) + ")"
	case 14, 15, 16:
		if len(w.before[Money]) > 0 {
			return "prev(" + w.pick(w.before[Money]) + ")"
		}
	}
	return w.pick(w.now[Money])
}

func (w *writer) ratio() string {
	if w.depth--; w.depth <= 0 {
		return w.pick(w.now[Ratio])
	}
	defer func() { w.depth++ }()
	a := w.ratio
	switch w.choose(9) {
	case 0:
		return a() + " + " + a()
	case 1:
		return "(" + a() + ") * (" + a() + ")"
	case 2:
		return "(" + a() + ") / (1 + abs(" + a() + "))"
	case 3:
		return "sqrt(abs(" + a() + "))"
	case 4:
		return "-root(1 + abs(" + a() + "), count) + power(1 + abs(" + a() + "), 2) / 4"
	case 5:
		return "ln(1 + abs(" + a() + ")) * exp(r1)"
	case 6:
		return "when(" + w.flag() + ", " + a() + ", 1 - " + w.pick(w.now[Ratio]) + ")"
	case 7:
		return "sum(" + w.flag() + ", " + w.flag() + ")"
	}
	return "(year - first_year) / (last_actual_year - first_year + 1)"
}

func (w *writer) flag() string {
	if w.depth--; w.depth <= 0 {
		return w.pick(w.now[Flag])
	}
	defer func() { w.depth++ }()
	compared := w.pick([]string{" < ", " <= ", " > ", " >= ", " = ", " != "})
	switch w.choose(10) {
	case 0:
		return "(" + w.flag() + " and " + w.flag() + ")"
	case 1:
		return "(" + w.flag() + " or " + w.flag() + ")"
	case 2:
		return "not " + w.pick(w.now[Flag])
	case 3:
		return "is(choice, " + w.pick([]string{"one", "two"}) + ")"
	case 4:
		return "year > last_actual_year + count / 2"
	case 5:
		return w.ratio() + compared + w.ratio()
	case 6:
		return w.money() + compared + w.pick(w.now[Money]) + " * " + w.pick(w.now[Ratio])
	}
	return w.money() + compared + w.money()
}

func fen(t *rapid.T) decimal.Decimal {
	return decimal.New(rapid.Int64Range(-1000_000000, 1000_000000).Draw(t, "fen"), -6)
}

// per cents have two places, so that products of money with them often are ties.
func perCent(t *rapid.T) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 100).Draw(t, "per cent"), -2)
}

var books = rapid.Custom(func(t *rapid.T) bookCase {
	b := bookCase{inputs: map[string]Input{}}
	b.cal.First = 2000
	b.cal.Actual = b.cal.First + rapid.IntRange(1, 5).Draw(t, "history")
	b.cal.Last = b.cal.Actual + rapid.IntRange(1, 5).Draw(t, "plan")
	input := func(name string, unit Unit, span InputSpan, draw func(*rapid.T) decimal.Decimal) {
		in := Input{Same: draw(t)}
		if span != Scalar {
			for range b.cal.Columns() {
				in.ByYear = append(in.ByYear, draw(t))
			}
		}
		b.lines = append(b.lines, Line{Name: name, Unit: unit, Input: span})
		b.inputs[name] = in
	}
	whole := func(low, high int64) func(*rapid.T) decimal.Decimal {
		return func(t *rapid.T) decimal.Decimal {
			return decimal.NewFromInt(rapid.Int64Range(low, high).Draw(t, "whole"))
		}
	}
	input("m1", Money, Scalar, fen)
	input("m2", Money, Scalar, fen)
	input("by_year", Money, ByYear, fen)
	input("history", Money, History, fen)
	input("r1", Ratio, Scalar, perCent)
	input("r2", Ratio, ByYear, perCent)
	input("f1", Flag, Scalar, whole(0, 1))
	input("f2", Flag, ByYear, whole(0, 1))
	input("count", Number, Scalar, whole(1, 7))
	b.lines = append(b.lines, Line{Name: "choice", Unit: Choice, Input: Scalar, Options: []string{"one", "two"}})
	b.inputs["choice"] = Input{Option: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "choice")}

	w := &writer{t: t, now: map[Unit][]string{Money: {"m1", "m2", "by_year"}, Ratio: {"r1", "r2"}, Flag: {"f1", "f2"}}, before: map[Unit][]string{}, past: []string{"p0"}}
	b.lines = append(b.lines, Line{Name: "p0", Unit: Money, Formula: "by_year", Opening: "history", Past: true})
	w.now[Money] = append(w.now[Money], "p0")
	// What the lines are is decided before what they say, so that prev can ask for later lines too.
	own := make([]Line, rapid.IntRange(5, 20).Draw(t, "lines"))
	for i := range own {
		l := Line{Name: fmt.Sprintf("l%d", i), Unit: rapid.SampledFrom([]Unit{Money, Money, Money, Ratio, Flag}).Draw(t, "unit")}
		if l.Unit == Money && rapid.Bool().Draw(t, "opening") {
			l.Opening = rapid.SampledFrom([]string{"m1", "m2 * 50%", "max(m1 - m2, 0)", "0", "history", "p0 - m1"}).Draw(t, "what")
			w.before[Money] = append(w.before[Money], l.Name)
		}
		own[i] = l
	}
	for i := range own {
		l := &own[i]
		w.depth = rapid.IntRange(1, 4).Draw(t, "depth")
		switch l.Unit {
		case Money: // capped, or a double would soon hold no fen
			l.Formula = "max(min(" + w.money() + ", 10000), -10000)"
		case Ratio:
			l.Formula = "max(min(" + w.ratio() + ", 1), -1)"
			if w.choose(4) == 0 {
				l.Formula = "ratio(round(" + w.money() + "), round(" + w.money() + "))"
			}
		case Flag:
			l.Formula = w.flag()
		}
		if !strings.HasPrefix(l.Formula, "ratio(") {
			w.now[l.Unit] = append(w.now[l.Unit], l.Name)
		}
	}
	b.lines = append(b.lines, own...)
	return b
})

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// evaluate compiles and computes a book; random formulas must do both without an error.
func (b bookCase) evaluate(t fataler, lines []Line) (*Program, *Values) {
	t.Helper()
	p, errs := Compile(lines, nil, b.cal)
	if errs != nil {
		t.Fatalf("%v in %q", errs[0], errs[0].Formula)
	}
	v, errs := p.Evaluate(inputsOf(p, b.inputs))
	if errs != nil {
		t.Fatalf("%v in %q", errs[0], errs[0].Formula)
	}
	return p, v
}

// Declaration order changes no value, and a second evaluation changes nothing either.
func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := books.Draw(t, "book")
		p, v := b.evaluate(t, b.lines)
		again, _ := p.Evaluate(inputsOf(p, b.inputs))
		other, shuffled := b.evaluate(t, rapid.Permutation(b.lines).Draw(t, "order"))
		for _, l := range b.lines {
			want := row2(p, v, l.Name)
			if got := row2(p, again, l.Name); got != want {
				t.Fatalf("%s: twice the same evaluation gives\n%s\n%s", l.Name, want, got)
			}
			if got := row2(other, shuffled, l.Name); got != want {
				t.Fatalf("%s: in another order\n%s\n%s", l.Name, want, got)
			}
		}
	})
}

// row2 is row with the digits as they are stored: 1.0 and 1 would be a difference.
func row2(p *Program, v *Values, line string) string {
	var all []string
	for col := range p.Calendar.Columns() {
		d, blank, there := v.At(p.Index(line), col)
		all = append(all, fmt.Sprintf("%s %d %v %v", d.Coefficient(), d.Exponent(), blank, there))
	}
	return strings.Join(all, "|")
}

// inCell is an exact value as it stands in a sheet.
func inCell(d decimal.Decimal, blank, there bool) any {
	switch {
	case !there:
		return nil
	case blank:
		return ""
	}
	return d.InexactFloat64()
}

func agree(exact, sheet any) bool {
	a, isNumber := exact.(float64)
	if !isNumber {
		return exact == sheet
	}
	return math.Abs(a-num(sheet)) <= 1e-6*max(1, math.Abs(a))/2
}

// Each formula's Excel text, computed in doubles from the exact values of the cells it reads, gives the exact value.
// A product less than a double's noise away from half a fen may fall to the other side; sums of two such are allowed for.
func TestExcelAgreesCellByCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := books.Draw(t, "book")
		p, v := b.evaluate(t, b.lines)
		s := sheet(p)
		grid := &spreadsheet{at: func(col, row int) any {
			if row == 1 {
				return float64(b.cal.First + col)
			}
			if p.Lines[row-2].Unit == Choice {
				return s.Choice(row-2, v.Option(row-2))
			}
			return inCell(v.At(row-2, col))
		}}
		s.Choice = func(_ int, option string) string { return option }
		for i, l := range p.Lines {
			for col := range b.cal.Columns() {
				text := p.Excel(i, col, s)
				if text == "" {
					continue
				}
				got, want := grid.calc(text), inCell(v.At(i, col))
				if !agree(want, got) && !(l.Unit == Money && math.Abs(num(got)-num(want)) < 2.5e-6) {
					t.Fatalf("%s = %s in column %d\nexact %v\nExcel %v\n%s", l.Name, l.Formula, col, want, got, text)
				}
			}
		}
	})
}

// The whole sheet computed in doubles from its inputs gives the exact values. The books are always the same ones:
// over many cells, some day a product would come so near half a fen that doubles cannot tell.
func TestExcelAgreesAsAWhole(t *testing.T) {
	for seed := range 150 {
		b := books.Example(seed)
		p, v := b.evaluate(t, b.lines)
		s := sheet(p)
		s.Choice = func(_ int, option string) string { return option }
		known := map[[2]int]any{}
		grid := &spreadsheet{}
		grid.at = func(col, row int) any {
			if row == 1 {
				return float64(b.cal.First + col)
			}
			line, at := row-2, [2]int{col, row}
			if r, ok := known[at]; ok {
				return r
			}
			var r any
			switch text := p.Excel(line, col, s); {
			case p.Lines[line].Unit == Choice:
				r = v.Option(line)
			case text != "":
				r = grid.calc(text)
			default:
				r = inCell(v.At(line, col))
			}
			known[at] = r
			return r
		}
		for i, l := range p.Lines {
			if l.Unit == Choice {
				continue
			}
			for col := range b.cal.Columns() {
				if got, want := grid.at(col, i+2), inCell(v.At(i, col)); !agree(want, got) {
					t.Fatalf("book %d: %s = %s in column %d\nexact %v\nExcel %v\n%s", seed, l.Name, l.Formula, col, want, got, p.Excel(i, col, s))
				}
			}
		}
	}
}

// The random books must use the language widely, or their agreement says little.
func TestBooksAreVaried(t *testing.T) {
	used, values := map[string]bool{}, map[string]bool{}
	for seed := range 100 {
		b := books.Example(seed)
		p, v := b.evaluate(t, b.lines)
		for i, l := range p.Lines {
			for _, n := range []*Node{l.formula, l.opening} {
				if n != nil {
					collect(n, used)
				}
			}
			for col := range b.cal.Columns() {
				d, blank, there := v.At(i, col)
				values[fmt.Sprintf("blank=%v there=%v sign=%d", blank, there, d.Sign())] = true
			}
		}
	}
	for name := range functions {
		if !used[name] {
			t.Errorf("no random book uses %s", name)
		}
	}
	for _, want := range []string{"blank=true there=true sign=0", "blank=false there=true sign=-1", "blank=false there=true sign=1", "blank=false there=false sign=0"} {
		if !values[want] {
			t.Errorf("no random book has a value with %s, only %v", want, slices.Sorted(func(yield func(string) bool) {
				for k := range values {
					if !yield(k) {
						return
					}
				}
			}))
		}
	}
}

func collect(n *Node, used map[string]bool) {
	used[n.Op] = true
	for _, a := range n.Args {
		collect(a, used)
	}
}
