package formula

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// FuzzCompile: any formula compiles or is refused with a place and a text in both languages; what compiles is computed by every reader in Go, or fails with an
// error, and is explained.
//
//	go test ./model/formula -run '^$' -fuzz FuzzCompile$
func FuzzCompile(f *testing.F) {
	for i, seed := range []string{"tax * rate + fee", "max(budget - prev(balance), 0)", "round_to(tax * 1/3, 0.5)", "when(open and not shut, tax, fee)", "ratio(budget, fee - 40.5)", "sum_years(lent, year - 2, year)", "annuity(rate, term, tax)",
		"tax / (heads - 108)", "power(1 + rate, 2.5)", "initial(level)", "is(rule, mean) or size > 3", "sqrt(rate) = ln(size)", "root(1 + rate, term) * 3", "exp(size * 20)", "abs(-balance) >= round(tax * 0.5)", "wage * heads", "covered", "min(tax, fee) / size",
		"year - start", "when(1/3*3=1, tax, 0)", "prev(x) + 1", "x", "spent - prev(spent)", "1e5", "((", "a\xff", "power(tax, 999999)", "exp(exp(size))"} {
		f.Add(seed, byte(i), int64(1234_560000), int64(32), byte(i))
	}
	units := []Unit{Money, Ratio, Flag, Number, Person, Inferred}
	f.Fuzz(func(t *testing.T, text string, unit byte, tax, rate int64, flags byte) {
		if len(text) > 200 {
			return
		}
		line := Line{Name: "x", Formula: text, Unit: units[int(unit)%len(units)]}
		if flags&1 != 0 {
			line.Opening = "tax"
		}
		p, errs := Compile(and(line), nil, cal)
		if p == nil {
			for _, err := range errs {
				if marked(t, err); err.Text.ZH == "" || err.Text.EN == "" {
					t.Fatalf("%q: an error without text", text)
				}
			}
			return
		}
		inputs := inputsOf(p, townInputs)
		inputs[p.Index("tax")] = Input{Same: decimal.New(tax%1e12, -fenPlaces)}
		inputs[p.Index("rate")] = Input{Same: decimal.New(rate%1e6, -3)}
		inputs[p.Index("open")] = Input{Same: decimal.NewFromInt(int64(flags >> 1 & 1))}
		v, errs := p.Evaluate(inputs)
		for _, err := range errs {
			if marked(t, err); err.Text.ZH == "" || err.Text.EN == "" || err.Year == 0 {
				t.Fatalf("%q: incomplete error %+v", text, err)
			}
		}
		all, wanted := numbers(p)
		block := p.Batch(v, all, wanted).Block()
		for i, c := range all {
			block.In(i)[0] = inputs[c.Line].At(max(c.Col, 0)).InexactFloat64()
		}
		block.Run(1)
		x := p.Index("x")
		for col := p.Lines[x].First(); col < cal.Columns(); col++ {
			if _, _, there := v.At(x, col); there {
				p.Explain(v, x, cal.First+col, ZH, func(line int) string { return p.Lines[line].Name }, func(_ int, d decimal.Decimal) string { return d.String() })
			}
		}
	})
}

// FuzzCompiled: a random book gives the same in exact decimals and in blocks of doubles wherever both answer, with all its number inputs varying.
//
//	go test ./model/formula -run '^$' -fuzz FuzzCompiled
func FuzzCompiled(f *testing.F) {
	for _, seed := range []string{"", "1", "a book of few lines", strings.Repeat("lines", 200), strings.Repeat("\x00\x01\xfe\xff\x80", 300)} {
		f.Add([]byte(strings.Repeat(seed+"\x07", 40)))
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		b := books.Draw(t, "book")
		p, exact := b.evaluate(t, b.lines)
		varying, wanted := numbers(p)
		inputs := inputsOf(p, b.inputs)
		batch := p.Batch(exact, varying, wanted)
		x := batch.Block()
		for i, c := range varying {
			x.In(i)[0] = inputs[c.Line].At(max(c.Col, 0)).InexactFloat64()
		}
		x.Run(1)
		for i, c := range wanted {
			if s := differs(p, c, exact, x.Out(i)[0], batch.Divisor(i)); s != "" {
				t.Fatal(s)
			}
		}
	}))
}
