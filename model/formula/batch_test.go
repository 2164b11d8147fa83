package formula

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// numbers are the varying cells that stand for every number input of a program, and every cell of every other line.
func numbers(p *Program) (varying, wanted []Cell) {
	for i, l := range p.Lines {
		switch {
		case l.Unit == Choice:
		case l.Input == Scalar:
			varying = append(varying, Cell{i, AllYears})
		case l.Input != NotInput:
			for col := l.first; col <= l.Last(p.Calendar); col++ {
				varying = append(varying, Cell{i, col})
			}
		default:
			for col := l.first; col <= l.Last(p.Calendar); col++ {
				wanted = append(wanted, Cell{i, col})
			}
		}
	}
	return varying, wanted
}

// with is a copy of inputs in which a cell has another number.
func with(p *Program, inputs []Input, c Cell, d decimal.Decimal) []Input {
	in := &inputs[c.Line]
	if c.Col == AllYears {
		*in = Input{Same: d}
		return inputs
	}
	years := make([]decimal.Decimal, p.Calendar.Columns())
	for col := range years {
		years[col] = in.At(col)
	}
	years[c.Col] = d
	*in = Input{ByYear: years}
	return inputs
}

// differs says how a batch value departs from an exact one: amounts agree to the fen, all else to 1e-9.
func differs(p *Program, c Cell, v *Values, got, divisor float64) string {
	d, blank, there := v.At(c.Line, c.Col)
	want := math.NaN()
	if there && !blank {
		want = d.InexactFloat64()
	}
	got /= divisor
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		return fmt.Sprintf("%s = %s in column %d\nexact %v\nbatch %v", p.Lines[c.Line].Name, p.Lines[c.Line].Formula, c.Col, want, got)
	}
	return ""
}

// The batch reader gives what exact gives, on random books: with all inputs varying, with a few, and with none.
func TestBatchAgrees(t *testing.T) {
	for seed := range 300 {
		b := books.Example(seed)
		p, complete := b.evaluate(t, b.lines)
		all, wanted := numbers(p)
		g := rand.New(rand.NewPCG(uint64(seed), 1))
		for _, share := range []float64{1, 0.15, 0} {
			var varying []Cell
			for _, c := range all {
				if g.Float64() < share {
					varying = append(varying, c)
				}
			}
			batch := p.Batch(complete, varying, wanted)
			x := batch.Block()
			const lanes = 6
			var exact []*Values
			for lane := range lanes {
				inputs := inputsOf(p, b.inputs)
				for i, c := range varying {
					d := inputs[c.Line].At(max(c.Col, 0))
					if lane > 0 {
						switch p.Lines[c.Line].Unit {
						case Money:
							d = decimal.New(g.Int64N(2000_000000)-1000_000000, -6)
						case Ratio:
							d = decimal.New(g.Int64N(101), -2)
						case Flag:
							d = decimal.NewFromInt(g.Int64N(2))
						default:
							d = decimal.NewFromInt(1 + g.Int64N(7))
						}
					}
					inputs = with(p, inputs, c, d)
					x.In(i)[lane] = d.InexactFloat64()
				}
				v, _ := p.Evaluate(inputs) // a cell that fails is NaN in batch
				exact = append(exact, v)
			}
			x.Run(lanes)
			for i, c := range wanted {
				for lane := range lanes {
					if s := differs(p, c, exact[lane], x.Out(i)[lane], batch.Divisor(i)); s != "" {
						t.Fatalf("book %d, share %v, lane %d: %s", seed, share, lane, s)
					}
				}
				if k, ok := batch.Constant(i); share == 0 && (!ok || differs(p, c, complete, k, batch.Divisor(i)) != "") {
					t.Fatalf("book %d: %s is not folded", seed, p.Lines[c.Line].Name)
				}
			}
		}
	}
}

// runOne makes a book of one formula over the amounts a, b and the rate r, and runs it for the values given.
func runOne(t *testing.T, formula string, unit Unit, rows [][3]string) (exact []string, batch []float64) {
	t.Helper()
	p, errs := Compile([]Line{{Name: "a", Unit: Money, Input: Scalar}, {Name: "b", Unit: Money, Input: Scalar}, {Name: "r", Unit: Ratio, Input: Scalar},
		{Name: "x", Unit: unit, Formula: formula}}, nil, cal)
	if errs != nil {
		t.Fatal(errs[0])
	}
	var prepared *Batch
	var x *Block
	for i, row := range rows {
		inputs := []Input{given(row[0]), given(row[1]), given(row[2]), {}}
		v, errs := p.Evaluate(inputs)
		if errs != nil {
			t.Fatal(errs[0])
		}
		if prepared == nil {
			prepared = p.Batch(v, []Cell{{0, AllYears}, {1, AllYears}, {2, AllYears}}, []Cell{{3, cal.Zero() + 1}})
			x = prepared.Block()
		}
		d, _, _ := v.At(3, cal.Zero()+1)
		exact = append(exact, d.String())
		for j := range 3 {
			x.In(j)[i] = number(row[j]).InexactFloat64()
		}
	}
	x.Run(len(rows))
	for i := range rows {
		batch = append(batch, x.Out(0)[i]/prepared.Divisor(0))
	}
	return exact, batch
}

// Exactly on a threshold, and exactly half a fen: where doubles in 万元 go wrong, whole fen do not.
func TestBatchOnTheEdge(t *testing.T) {
	// 0.1 + 0.2 is not above 0.3; 1100 × 5 % = 55 exactly is reached.
	for _, c := range []struct {
		formula string
		rows    [][3]string
		want    string
	}{
		{"when(a + b > 0.3, 1, 0)", [][3]string{{"0.1", "0.2", "0"}, {"0.100001", "0.2", "0"}}, "0 1"},
		{"when(a - b = 0.1, 1, 0)", [][3]string{{"1000.3", "1000.2", "0"}}, "1"},
		{"when(a * (1 + r) <= b, 1, 0)", [][3]string{{"1100", "1155", "0.05"}, {"1100", "1154.999999", "0.05"}}, "1 0"},
		{"when(a >= b * 115%, 1, 0)", [][3]string{{"115", "100", "0"}, {"1.15", "1", "0"}, {"1.149999", "1", "0"}}, "1 1 0"},
	} {
		_, got := runOne(t, c.formula, Money, c.rows)
		s := ""
		for i, v := range got {
			if i > 0 {
				s += " "
			}
			s += fmt.Sprint(math.Round(v))
		}
		if s != c.want {
			t.Errorf("%s: %s, want %s", c.formula, s, c.want)
		}
	}
	// Every product is exactly half a fen: an odd number of fen times 50 %, 2.5 %, 12.5 %, …
	g := rand.New(rand.NewPCG(1, 1))
	ties := 0
	for _, rate := range []string{"0.5", "0.1", "0.25", "0.025", "0.125", "0.35", "0.45", "0.005", "1.05", "0.0625"} {
		var rows [][3]string
		for len(rows) < BlockSize {
			fen := g.Int64N(5_000_000_000) - 2_500_000_000
			product := decimal.NewFromInt(fen).Mul(number(rate))
			if product.Sub(product.Floor()).Equal(number("0.5")) {
				rows = append(rows, [3]string{decimal.New(fen, -6).String(), "0", rate})
			}
		}
		exact, got := runOne(t, "a * r", Money, rows)
		for i := range rows {
			ties++
			if want := number(exact[i]).InexactFloat64(); got[i] != want {
				t.Fatalf("%s × %s: batch %v, exact %s", rows[i][0], rate, got[i], exact[i])
			}
		}
	}
	t.Logf("%d ties", ties)
}

// Division by zero and what else exact refuses is NaN, and stays NaN in what is made of it; a guard keeps it out.
func TestBatchNaN(t *testing.T) {
	rows := [][3]string{{"1", "0", "0"}, {"1", "2", "0"}}
	for f, want := range map[string][2]bool{
		"when(a / a > r, max(a, b), 0)":        {false, false},
		"when(r = 0, a, a * (1 / r))":          {false, false},
		"when(b = 0, 0, min(a * (a / b), 10))": {false, false},
		"max(a * (a / b), 0)":                  {true, false},
		"when(a / b > 1, a, 0)":                {true, false},
		"a * ln(b / a)":                        {true, false},
		"a * power(b / a, -1)":                 {true, false},
		"a * exp(b / a * 40)":                  {false, true},
		"a * sqrt(b / a - 1)":                  {true, false},
	} {
		p, errs := Compile([]Line{{Name: "a", Unit: Money, Input: Scalar}, {Name: "b", Unit: Money, Input: Scalar}, {Name: "r", Unit: Ratio, Input: Scalar},
			{Name: "x", Unit: Money, Formula: f}}, nil, cal)
		if errs != nil {
			t.Fatalf("%s: %v", f, errs[0])
		}
		v, _ := p.Evaluate([]Input{given("1"), given("1"), given("1"), {}})
		batch := p.Batch(v, []Cell{{0, AllYears}, {1, AllYears}, {2, AllYears}}, []Cell{{3, cal.Zero() + 1}})
		x := batch.Block()
		for i, row := range rows {
			for j := range 3 {
				x.In(j)[i] = number(row[j]).InexactFloat64()
			}
		}
		x.Run(2)
		for i := range rows {
			if got := math.IsNaN(x.Out(0)[i]); got != want[i] {
				t.Errorf("%s with b = %s: %v", f, rows[i][1], x.Out(0)[i])
			}
		}
	}
}

// Random books once more, with shrinking: any disagreement is reduced to a small one.
func TestBatchAgreesCellByCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := books.Draw(t, "book")
		p, complete := b.evaluate(t, b.lines)
		varying, wanted := numbers(p)
		batch := p.Batch(complete, varying, wanted)
		x := batch.Block()
		inputs := inputsOf(p, b.inputs)
		for i, c := range varying {
			x.In(i)[0] = inputs[c.Line].At(max(c.Col, 0)).InexactFloat64()
		}
		x.Run(1)
		for i, c := range wanted {
			// A product less than a double's noise away from half a fen may fall to the other side; sums of a few such are allowed for.
			d, _, _ := complete.At(c.Line, c.Col)
			if s := differs(p, c, complete, x.Out(i)[0], batch.Divisor(i)); s != "" && !(p.Lines[c.Line].Unit == Money && math.Abs(x.Out(i)[0]/batch.Divisor(i)-d.InexactFloat64()) < 2.5e-6) {
				t.Fatal(s)
			}
		}
	})
}
