package formula

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// A spreadsheet of our own, small and in doubles: it reads formula text as Excel does (its minus binds tighter than ^), knowing nothing of our trees.
// Values are float64, bool, string, or []any for a range. An error is NaN.
type spreadsheet struct {
	at   func(col, row int) any // value of a cell
	text string
	pos  int
}

func (s *spreadsheet) calc(text string) any {
	t := &spreadsheet{at: s.at, text: text}
	v := t.comparison()
	if t.pos != len(t.text) {
		panic(fmt.Sprintf("formula %q: stopped at %q", text, t.text[t.pos:]))
	}
	return v
}

func (s *spreadsheet) take(words ...string) string {
	for _, w := range words {
		if strings.HasPrefix(s.text[s.pos:], w) {
			s.pos += len(w)
			return w
		}
	}
	return ""
}

func (s *spreadsheet) need(w string) {
	if s.take(w) == "" {
		panic(fmt.Sprintf("formula %q: %q expected at %q", s.text, w, s.text[s.pos:]))
	}
}

func num(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return math.NaN() // text is no number
}

// each applies an operator to numbers, or member by member to ranges.
func each(a, b any, f func(a, b any) any) any {
	x, xs := a.([]any)
	y, ys := b.([]any)
	if !xs && !ys {
		return f(a, b)
	}
	out := make([]any, max(len(x), len(y)))
	for i := range out {
		l, r := a, b
		if xs {
			l = x[i]
		}
		if ys {
			r = y[i]
		}
		out[i] = f(l, r)
	}
	return out
}

func (s *spreadsheet) comparison() any {
	a := s.sum()
	op := s.take("<>", "<=", ">=", "<", ">", "=")
	if op == "" {
		return a
	}
	return each(a, s.sum(), func(a, b any) any {
		if text, ok := a.(string); ok {
			return text == b.(string) == (op == "=")
		}
		if _, mixed := a.(bool); mixed {
			panic("a comparison with TRUE or FALSE means something else in Excel: " + s.text)
		}
		x, y := num(a), num(b)
		return map[string]bool{"<>": x != y, "<=": x <= y, ">=": x >= y, "<": x < y, ">": x > y, "=": x == y}[op]
	})
}

func (s *spreadsheet) chain(operand func() any, ops map[string]func(a, b float64) float64, words ...string) any {
	a := operand()
	for {
		op := s.take(words...)
		if op == "" {
			return a
		}
		a = each(a, operand(), func(a, b any) any { return ops[op](num(a), num(b)) })
	}
}

var arithmeticOf = map[string]func(a, b float64) float64{
	"+": func(a, b float64) float64 { return a + b }, "-": func(a, b float64) float64 { return a - b }, "*": func(a, b float64) float64 { return a * b },
	"/": func(a, b float64) float64 { return a / b }, "^": math.Pow,
}

func (s *spreadsheet) sum() any     { return s.chain(s.product, arithmeticOf, "+", "-") }
func (s *spreadsheet) product() any { return s.chain(s.power, arithmeticOf, "*", "/") }
func (s *spreadsheet) power() any   { return s.chain(s.minus, arithmeticOf, "^") }

func (s *spreadsheet) minus() any {
	if s.take("-") != "" {
		return -num(s.minus())
	}
	return s.atom()
}

func (s *spreadsheet) atom() any {
	rest := s.text[s.pos:]
	switch c := rest[0]; {
	case c == '(':
		s.pos++
		v := s.comparison()
		s.need(")")
		return v
	case c == '"':
		text := ""
		for s.pos++; ; s.pos++ {
			if s.text[s.pos] == '"' {
				if s.pos++; s.pos == len(s.text) || s.text[s.pos] != '"' {
					return text
				}
			}
			text += s.text[s.pos : s.pos+1]
		}
	case c >= '0' && c <= '9':
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		s.pos += n
		f, err := strconv.ParseFloat(rest[:n], 64)
		if err != nil {
			panic(err)
		}
		return f
	}
	if m := reference.FindStringSubmatchIndex(rest); m != nil && m[0] == 0 {
		col, row := s.cell()
		if s.take(":") == "" {
			return s.at(col, row)
		}
		lastCol, lastRow := s.cell()
		var all []any
		for r := row; r <= lastRow; r++ {
			for c := col; c <= lastCol; c++ {
				all = append(all, s.at(c, r))
			}
		}
		return all
	}
	name := rest[:strings.IndexByte(rest, '(')]
	s.pos += len(name) + 1
	var args []any
	for s.take(")") == "" {
		if len(args) > 0 {
			s.need(",")
		}
		args = append(args, s.comparison())
	}
	return call1(name, args)
}

func (s *spreadsheet) cell() (col, row int) {
	rest := s.text[s.pos:]
	m := reference.FindStringSubmatch(rest)
	s.pos += len(m[0])
	row, _ = strconv.Atoi(m[4])
	return int(m[2][0] - 'C'), row
}

func call1(name string, args []any) any {
	var flat []float64
	for _, a := range args {
		if list, ok := a.([]any); ok {
			for _, v := range list {
				if v != nil { // an empty cell is no number to SUM
					flat = append(flat, num(v))
				}
			}
		} else {
			flat = append(flat, num(a))
		}
	}
	fold := func(f func(a, b float64) float64) float64 {
		for _, v := range flat[1:] {
			flat[0] = f(flat[0], v)
		}
		return flat[0]
	}
	switch name {
	case "IF":
		if args[0].(bool) {
			return args[1]
		}
		return args[2]
	case "AND":
		return fold(math.Min) == 1
	case "OR":
		return fold(math.Max) == 1
	case "NOT":
		return !args[0].(bool)
	case "MAX":
		return fold(math.Max)
	case "MIN":
		return fold(math.Min)
	case "SUM":
		return fold(arithmeticOf["+"])
	case "SUMPRODUCT":
		total := 0.0
		for _, v := range args[0].([]any) {
			if f := num(v); !math.IsNaN(f) { // of an empty cell, see each
				total += f
			}
		}
		return total
	case "ABS":
		return math.Abs(flat[0])
	case "ROUND":
		// Spreadsheets see a tie where the nearest double is only nearly one.
		scale := math.Pow(10, flat[1])
		n := math.Abs(flat[0]) * scale
		if n >= 1<<48 { // it has no more digits
			return flat[0]
		}
		return math.Copysign(math.Floor(n+0.5+max(n*0x1p-50, 2e-11*min(scale, 1e6)))/scale, flat[0])
	case "PMT":
		rate, n, principal := flat[0], flat[1], flat[2]
		if rate == 0 {
			return -principal / n
		}
		grown := math.Pow(1+rate, n)
		return -principal * rate * grown / (grown - 1)
	case "LN":
		return math.Log(flat[0])
	case "EXP":
		return math.Exp(flat[0])
	case "SQRT":
		return math.Sqrt(flat[0])
	}
	panic("no function " + name)
}

// The spreadsheet itself, on what is easily got wrong.
func TestSpreadsheet(t *testing.T) {
	s := &spreadsheet{at: func(col, row int) any { return float64(10*col + row) }}
	for text, want := range map[string]any{
		"1+2*3": 7.0, "2-3-4": -5.0, "8/4/2": 1.0, "-2^2": 4.0, "-(2^2)": -4.0, "2^-1": 0.5, "4^(1/2)": 2.0, "1--2": 3.0, "(1+2)*3": 9.0, "C1": 1.0, "$D$2+C3": 15.0, "SUM(C1:C3,D1)": 17.0,
		"IF(1<2,3,4)": 3.0, `IF("a""b"="a""b",1,0)`: 1.0, "AND(1=1,2=1)": false, "OR(1=1,2=1)": true, "ROUND(0.0000005,6)": 1e-6, "ROUND(-0.0000015,6)": -2e-6, "SUMPRODUCT((C1:E1>=11)*(C1:E1<=21)*C2:E2)": 34.0,
		"MAX(1,2)": 2.0, "NOT(1=2)": true, "-PMT(0,10,100)": 10.0, "1<>2": true,
	} {
		if got := s.calc(text); got != want {
			t.Errorf("%s = %v, want %v", text, got, want)
		}
	}
}
