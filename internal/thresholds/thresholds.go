package thresholds

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// thresholdShapes are two sides to be compared. One input is turned to where they meet: to the value of goal, in whole steps.
var thresholdShapes = []struct {
	left, right string
	money       bool
	turn, goal  string
	step        int32 // decimals of the turned input
}{
	{"counted", "prev(counted) * r", true, "x", "prev(counted) * r", 6},
	{"counted / prev(counted) - 1", "r", false, "x", "prev(counted) * (1 + r)", 6},
	{"counted / prev(counted) - 1", "q", false, "q", "counted / prev(counted) - 1", 12},
	{"x / y * k", "1", false, "y", "x * k", 6},
	{"x / k * 1.5", "z", true, "z", "x / k * 1.5", 6},
	{"total - counted", "z + u", true, "z", "total - counted - u", 6},
	{"x * r + z", "total", true, "z", "total - x * r", 6},
	{"(total - y) * r", "z", true, "z", "(total - y) * r", 6},
	{"max(x * r, y)", "min(z, total + z)", true, "z", "max(x * r, y)", 6},
	{"heads * wage", "z", true, "z", "heads * wage", 6},
	{"z / heads", "wage", false, "z", "heads * wage", 6},
	{"z / heads", "wage", false, "wage", "z / heads", 12},
	{"cost / heads", "each", false, "cost", "each * heads", 2},
	{"r + q", "s", false, "s", "r + q", 12},
	{"r * q - 1", "-s", false, "s", "1 - r * q", 12},
	{"growth", "q", false, "q", "x / y - 1", 12},
	{"s", "q", false, "s", "q", 12},
	{"k * q", "n", false, "n", "k * q", 12},
}

// ThresholdWays are the comparisons made of two sides; by the sign of left minus right, which are true.
var ThresholdWays = []struct {
	formula string
	unit    formula.Unit
	by      [3]int64
}{
	{"L < R", formula.Flag, [3]int64{1, 0, 0}}, {"L <= R", formula.Flag, [3]int64{1, 1, 0}}, {"L = R", formula.Flag, [3]int64{0, 1, 0}},
	{"L != R", formula.Flag, [3]int64{1, 0, 1}}, {"L >= R", formula.Flag, [3]int64{0, 1, 1}}, {"L > R", formula.Flag, [3]int64{0, 0, 1}},
	{"not (L < R) and L <= R or yes and L < R", formula.Flag, [3]int64{1, 1, 0}},
	{"when(L >= R, 100, 0)", formula.Money, [3]int64{0, 100, 100}},
}

// thresholdCases are the years in which one shape meets its threshold: each third of them a step below, on it, and a step above.
const thresholdCases = 90

// ThresholdCell is one comparison, and what it is.
type ThresholdCell struct {
	Line, Col int
	Want      int64
}

// Threshold is a book of comparisons and the cells to look at.
type Threshold struct {
	Program *formula.Program
	Values  *formula.Values
	Cells   [][]ThresholdCell // by shape
}

// ThresholdInputs are the inputs of the book, and how a value of them is drawn.
var ThresholdInputs = []struct {
	name string
	unit formula.Unit
	draw func(g *rand.Rand) decimal.Decimal
}{
	{"x", formula.Money, drawAmount}, {"y", formula.Money, drawAmount}, {"z", formula.Money, drawAmount}, {"u", formula.Money, drawAmount},
	{"r", formula.Ratio, func(g *rand.Rand) decimal.Decimal {
		rates := []string{"1.07", "0.5", "1.05", "1.005", "0.35", "1.125", "1.15", "0.07", "0.333333", "0.0625", "-0.03"}
		if i := g.IntN(len(rates) + 5); i < len(rates) {
			return decimal.RequireFromString(rates[i])
		}
		return decimal.New(g.Int64N(20_000), -4)
	}},
	{"q", formula.Ratio, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(2_000_000), -6) }},
	{"s", formula.Ratio, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(2_000_000_000_000), -12) }},
	{"k", formula.Number, func(g *rand.Rand) decimal.Decimal { return decimal.NewFromInt(3 + 2*g.Int64N(20)) }},
	{"n", formula.Number, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(100_000), -3) }},
	{"heads", formula.Person, func(g *rand.Rand) decimal.Decimal { return decimal.NewFromInt(150 + g.Int64N(250)) }},
	{"wage", formula.MoneyPerPerson, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(200_000), -4) }},
	{"cost", formula.Yuan, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(1_000_000_000), -2) }},
	{"each", formula.YuanPerPerson, func(g *rand.Rand) decimal.Decimal { return decimal.New(g.Int64N(10_000_000), -2) }},
	{"yes", formula.Flag, func(*rand.Rand) decimal.Decimal { return decimal.NewFromInt(1) }},
}

// drawAmount is up to 30,000 万元, every second one of few digits.
func drawAmount(g *rand.Rand) decimal.Decimal {
	fen := 1_000_000_000 + g.Int64N(29_000_000_000)
	if g.IntN(2) == 0 {
		fen -= fen % 1_000_000
	}
	if g.IntN(5) == 0 {
		fen = -fen
	}
	return decimal.New(fen, -6)
}

// thresholdLines are what the sides are made of beside inputs: counted is x and growth of y, on a sheet with the noise of a sum.
var thresholdLines = map[string]string{"counted": "x + y - y", "total": "x + y + u", "growth": "x / y - 1"}

// New draws the cases and computes the book exactly.
func New(t testing.TB) *Threshold {
	t.Helper()
	columns := 2 + len(thresholdShapes)*thresholdCases
	cal := formula.Calendar{First: 1, Actual: 1, Last: columns}
	var lines []formula.Line
	for _, in := range ThresholdInputs {
		lines = append(lines, formula.Line{Name: in.name, Unit: in.unit, Input: formula.ByYear})
	}
	lines = append(lines, formula.Line{Name: "counted", Unit: formula.Money, Formula: "sum(x, y, -y)", Opening: "1"},
		formula.Line{Name: "total", Unit: formula.Money, Formula: "sum(x, y, u)"}, formula.Line{Name: "growth", Unit: formula.Ratio, Formula: "x / y - 1"})
	first := len(lines)
	for i, s := range thresholdShapes {
		for k, w := range ThresholdWays {
			lines = append(lines, formula.Line{Name: fmt.Sprintf("is%d_%d", i, k), Unit: w.unit, Formula: strings.NewReplacer("L", s.left, "R", s.right).Replace(w.formula)})
		}
	}
	b := &Threshold{Cells: make([][]ThresholdCell, len(thresholdShapes))}
	inputs, g := make([]formula.Input, len(lines)), rand.New(rand.NewPCG(1, 10))
	by := map[string]*formula.Input{}
	for i, in := range ThresholdInputs {
		inputs[i].ByYear = make([]decimal.Decimal, columns)
		by[in.name] = &inputs[i]
		for col := range columns {
			inputs[i].ByYear[col] = in.draw(g)
		}
	}
	of := func(text string, col int) *big.Rat { return ratOf(t, text, col, by) }
	for col := 2; col < columns; col++ { // 0 is history, 1 has none before it
		shape := (col - 2) % len(thresholdShapes)
		s := thresholdShapes[shape]
		places := int32(12)
		if s.money {
			places = 6
		}
		var left, right *big.Rat
		for left == nil || noDoubleKnows(left, places) || noDoubleKnows(right, places) {
			for i, in := range ThresholdInputs {
				inputs[i].ByYear[col] = in.draw(g)
			}
			off := int64((col-2)/len(thresholdShapes)%3 - 1)
			by[s.turn].ByYear[col] = decimalOf(of(s.goal, col), s.step).Add(decimal.New(off, -s.step))
			left, right = of(s.left, col), of(s.right, col)
		}
		sign := decimalOf(left, places).Cmp(decimalOf(right, places))
		for k, w := range ThresholdWays {
			b.Cells[shape] = append(b.Cells[shape], ThresholdCell{first + shape*len(ThresholdWays) + k, col, w.by[sign+1]})
		}
	}
	var errs []*formula.Error
	if b.Program, errs = formula.Compile(lines, nil, cal); errs != nil {
		t.Fatal(errs[0], errs[0].Formula)
	}
	if b.Values, errs = b.Program.Evaluate(inputs); errs != nil {
		t.Fatal(errs[0], errs[0].Formula)
	}
	return b
}

// decimalOf rounds a fraction half away from zero.
func decimalOf(r *big.Rat, places int32) decimal.Decimal {
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)))
	twice := new(big.Int).Add(new(big.Int).Mul(big.NewInt(2), new(big.Int).Abs(scaled.Num())), scaled.Denom())
	whole := twice.Quo(twice, new(big.Int).Mul(big.NewInt(2), scaled.Denom()))
	if scaled.Sign() < 0 {
		whole.Neg(whole)
	}
	return decimal.NewFromBigInt(whole, -places)
}

// noDoubleKnows: does a number lie so near the middle of two steps, and not on it, that a double cannot tell to which it is rounded?
func noDoubleKnows(r *big.Rat, places int32) bool {
	n := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)))
	n.Abs(n)
	middle := new(big.Rat).SetInt(new(big.Int).Quo(n.Num(), n.Denom()))
	off, _ := middle.Sub(n, middle).Sub(middle, big.NewRat(1, 2)).Abs(middle).Float64()
	whole, _ := n.Float64()
	return off != 0 && off < whole*0x1p-49
}

// ratOf computes a side in fractions. It is read by Go's parser, not by ours.
func ratOf(t testing.TB, text string, col int, by map[string]*formula.Input) *big.Rat {
	t.Helper()
	tree, err := parser.ParseExpr(text)
	if err != nil {
		t.Fatal(text, err)
	}
	var value func(e ast.Expr) *big.Rat
	value = func(e ast.Expr) *big.Rat {
		switch e := e.(type) {
		case *ast.ParenExpr:
			return value(e.X)
		case *ast.UnaryExpr:
			return new(big.Rat).Neg(value(e.X))
		case *ast.BasicLit:
			r, _ := new(big.Rat).SetString(e.Value)
			return r
		case *ast.Ident:
			if f, line := thresholdLines[e.Name]; line {
				return ratOf(t, f, col, by)
			}
			return by[e.Name].ByYear[col].Rat()
		case *ast.CallExpr:
			switch name := e.Fun.(*ast.Ident).Name; name {
			case "prev":
				return ratOf(t, e.Args[0].(*ast.Ident).Name, col-1, by)
			case "max", "min":
				a, b := value(e.Args[0]), value(e.Args[1])
				if (a.Cmp(b) > 0) == (name == "max") {
					return a
				}
				return b
			}
		case *ast.BinaryExpr:
			a, b := value(e.X), value(e.Y)
			switch e.Op {
			case token.ADD:
				return new(big.Rat).Add(a, b)
			case token.SUB:
				return new(big.Rat).Sub(a, b)
			case token.MUL:
				return new(big.Rat).Mul(a, b)
			case token.QUO:
				return new(big.Rat).Quo(a, b)
			}
		}
		t.Fatalf("%s: %T", text, e)
		return nil
	}
	return value(tree)
}

// Check compares what a reader says with what is right. got gives a number as text.
func (b *Threshold) Check(t *testing.T, reader string, got func(shape, cell int) string) {
	t.Helper()
	wrong, seen := 0, [3]int{}
	for shape, cells := range b.Cells {
		for i, c := range cells {
			if i%len(ThresholdWays) == 5 { // L > R
				seen[c.Want]++
			}
			d, err := decimal.NewFromString(got(shape, i))
			if err == nil && d.Equal(decimal.NewFromInt(c.Want)) {
				continue
			}
			if wrong++; wrong > 5 {
				continue
			}
			text := ""
			for k, in := range ThresholdInputs {
				now, _, _ := b.Values.At(k, c.Col)
				text += fmt.Sprintf(" %s=%s", in.name, now)
			}
			t.Errorf("%s: %s in column %d is %q, want %d, with%s", reader, b.Program.Lines[c.Line].Formula, c.Col, got(shape, i), c.Want, text)
		}
	}
	total := len(thresholdShapes) * thresholdCases * len(ThresholdWays)
	if wrong > 0 {
		t.Errorf("%s: %d of %d comparisons are wrong", reader, wrong, total)
	}
	if total < 10_000 || seen[0] < total/20 || seen[1] < total/50 {
		t.Errorf("%d comparisons, of L > R %v are false and true", total, seen)
	}
}
