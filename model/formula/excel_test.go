package formula

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sheet puts line i into row i+2 and the years from column C on, below a row of years.
func sheet(p *Program) Sheet {
	return Sheet{
		Row:     func(line int) int { return line + 2 },
		Column:  func(col int) string { return string(rune('C' + col)) },
		YearRow: 1,
		Choice: func(line int, option string) string {
			return map[string]string{"mean": `the "mean"`, "last": "last"}[option]
		},
	}
}

// Golden texts for 2023, column G. Rows: tax 2, fee 3, heads 4, wage 5, cost 6, rate 7, size 8, term 9, start 10, open 11, shut 12, rule 13, budget 14, actual 15,
// level 16, spent 17, balance 18, lent 19, covered 20, x 21.
func TestExcel(t *testing.T) {
	for _, c := range []struct {
		unit          Unit
		formula, want string
	}{
		{Money, "tax + fee - 0.5", "G2+G3-0.5"}, {Money, "tax - (fee - level)", "G2-(G3-G16)"}, {Money, "tax - (fee + level)", "G2-(G3+G16)"}, {Money, "tax + (fee - level)", "G2+(G3-G16)"},
		{Ratio, "size * rate / term", "G8*G7/G9"}, {Ratio, "size / (rate * term)", "G8/(G7*G9)"}, {Ratio, "size * (rate + term)", "G8*(G7+G9)"}, {Ratio, "(size + rate) * term", "(G8+G7)*G9"},
		{Ratio, "size * (rate / term)", "G8*(G7/G9)"}, {Ratio, "-size", "-G8"}, {Ratio, "-(size + rate)", "-(G8+G7)"}, {Ratio, "--size", "-(-G8)"}, {Ratio, "size - -rate", "G8--G7"}, {Ratio, "size * -rate", "G8*-G7"},
		{Ratio, "-size * rate", "-G8*G7"}, {Ratio, "-(size * rate)", "-(G8*G7)"},
		{Money, "round_to(tax, fee)", "ROUND(ROUND(G2/G3,0)*G3,6)"}, {Money, "tax * rate", "ROUND(G2*G7,6)"}, {Money, "round(tax * rate) + fee", "ROUND(G2*G7,6)+G3"}, {Money, "round(tax + fee) + round(fee)", "ROUND(G2+G3,6)+ROUND(G3,6)"}, {Money, "tax * 5%", "ROUND(G2*0.05,6)"},
		{Ratio, "0.5%", "0.005"}, {Number, "100000000000000000000000", "100000000000000000000000"},

		// money that may carry a double's noise is taken to the fen before it is compared or multiplied: balance and lent are sums, level is an input in every year
		{Flag, "tax > fee", "IF(G2>G3,1,0)"}, {Flag, "balance >= 0", "IF(ROUND(G18,6)>=0,1,0)"}, {Flag, "level >= 0", "IF(G16>=0,1,0)"}, {Flag, "level + fee < tax", "IF(ROUND(G16+G3,6)<G2,1,0)"}, {Flag, "prev(balance) = balance", "IF(ROUND(F18,6)=ROUND(G18,6),1,0)"}, {Flag, "prev(level) = level", "IF(F16=G16,1,0)"},
		{Flag, "balance <= 0.5", "IF(ROUND(G18,6)<=0.5,1,0)"}, {Flag, "tax != fee", "IF(G2<>G3,1,0)"}, {Flag, "max(tax, fee) > 0", "IF(MAX(G2,G3)>0,1,0)"}, {Flag, "max(tax, balance) > 0", "IF(ROUND(MAX(G2,G18),6)>0,1,0)"}, {Flag, "min(round(balance), fee) > 0", "IF(MIN(ROUND(G18,6),G3)>0,1,0)"}, {Flag, "heads = 0", "IF(ROUND(G4,12)=0,1,0)"},
		{Flag, "when(open, balance, 0) > 0", "IF(ROUND(IF(G11=1,G18,0),6)>0,1,0)"}, {Flag, "when(open, level, 0) > 0", "IF(IF(G11=1,G16,0)>0,1,0)"},
		{Money, "balance * rate", "ROUND(ROUND(G18,6)*G7,6)"}, {Money, "rate * (tax + fee)", "ROUND(G7*ROUND(G2+G3,6),6)"}, {Money, "(tax - fee) / term", "ROUND(ROUND(G2-G3,6)/G9,6)"}, {Money, "tax * rate * size", "ROUND(G2*G7*G8,6)"}, {Money, "(tax * rate + fee) * size", "ROUND((G2*G7+G3)*G8,6)"}, {Money, "annuity(rate, term, balance)", "ROUND(-PMT(G7,G9,ROUND(G18,6)),6)"}, {MoneyPerPerson, "balance / heads", "G18/G4"}, {Money, "round(balance * rate) + fee", "ROUND(ROUND(G18,6)*G7,6)+G3"}, {Flag, "tax > -fee", "IF(G2>ROUND(-G3,6),1,0)"},

		// a side that multiplies is of whole fen; what is no amount has 12 decimals, unless it is a whole number for certain
		{Flag, "tax >= level * 107%", "IF(G2>=ROUND(G16*1.07,6),1,0)"}, {Flag, "balance >= prev(balance) * 107%", "IF(ROUND(G18,6)>=ROUND(ROUND(F18,6)*1.07,6),1,0)"}, {Flag, "tax > fee * rate + level", "IF(G2>ROUND(G3*G7+G16,6),1,0)"}, {Flag, "tax >= 0.0000004", "IF(G2>=ROUND(0.0000004,6),1,0)"},
		{Flag, "rate + 1 > size", "IF(ROUND(G7+1,12)>ROUND(G8,12),1,0)"}, {Flag, "tax / balance - 1 >= 5%", "IF(ROUND(G2/ROUND(G18,6)-1,12)>=0.05,1,0)"}, {Flag, "tax / fee * 3 >= 1", "IF(ROUND(G2/G3*3,12)>=1,1,0)"}, {Flag, "rate != -0.5%", "IF(ROUND(G7,12)<>-0.005,1,0)"}, {Flag, "rate = 0.1234567890123", "IF(ROUND(G7,12)=ROUND(0.1234567890123,12),1,0)"},
		{Flag, "year >= start + term", "IF(G$1>=G10+G9,1,0)"}, {Flag, "year - start > term * 2", "IF(G$1-G10>G9*2,1,0)"}, {Flag, "year - start > term / 2", "IF(G$1-G10>ROUND(G9/2,12),1,0)"}, {Flag, "sum(open, shut, tax > fee) >= 2", "IF(SUM(G11:G12,IF(G2>G3,1,0))>=2,1,0)"},
		{Money, "sum_years(level, year - size, year)", "SUMPRODUCT(($C$1:G$1>=ROUND(G$1-G8,12))*($C$1:G$1<=G$1)*$C16:G16)"}, {Money, "round_to(tax, fee * rate)", "ROUND(ROUND(G2/ROUND(G3*G7,6),0)*ROUND(G3*G7,6),6)"}, {Number, "power(rate, size)", "IF(ROUND(G8,12)=0,1,G7^ROUND(G8,12))"}, {Money, "tax + 0.0000004", "ROUND(G2+0.0000004,6)"}, {Money, "annuity(rate, size, tax)", "ROUND(-PMT(G7,ROUND(G8,12),G2),6)"},

		// flags are 1 and 0 in cells, TRUE and FALSE only inside conditions
		{Flag, "open", "G11"}, {Flag, "open and shut", "IF(AND(G11=1,G12=1),1,0)"}, {Flag, "open or tax > fee", "IF(OR(G11=1,G2>G3),1,0)"}, {Flag, "not open", "IF(NOT(G11=1),1,0)"},
		{Flag, "open and shut and tax > 0 and not shut", "IF(AND(G11=1,G12=1,G2>0,NOT(G12=1)),1,0)"}, {Flag, "open or (shut or open)", "IF(OR(G11=1,G12=1,G11=1),1,0)"}, {Flag, "open and (shut or open)", "IF(AND(G11=1,OR(G12=1,G11=1)),1,0)"},
		{Money, "when(open, tax, fee)", "IF(G11=1,G2,G3)"}, {Money, "when(tax > fee, tax - fee, 0)", "IF(G2>G3,G2-G3,0)"}, {Money, "when(not (open and shut), tax, 0) + 1", "IF(NOT(AND(G11=1,G12=1)),G2,0)+1"},
		{Ratio, "sum(open, tax > fee, not shut)", "SUM(G11,IF(G2>G3,1,0),IF(NOT(G12=1),1,0))"}, {Money, "when(1, tax, 0)", "IF(1=1,G2,0)"}, {Flag, "when(tax > fee, 1, 0)", "IF(G2>G3,1,0)"},
		{Flag, "is(rule, last)", `IF(G13="last",1,0)`}, {Flag, "is(rule, mean) or open", `IF(OR(G13="the ""mean""",G11=1),1,0)`}, {Money, "when(is(rule, mean), tax, fee)", `IF(G13="the ""mean""",G2,G3)`}, {Flag, "not is(rule, last)", `IF(NOT(G13="last"),1,0)`},

		{Money, "max(tax, fee - 1, 0)", "MAX(G2,G3-1,0)"}, {Money, "min(tax) + abs(-fee)", "MIN(G2)+ABS(-G3)"},
		{Money, "sum(tax, fee)", "SUM(G2:G3)"}, {Money, "sum(tax, fee, level)", "SUM(G2:G3,G16)"}, {Money, "sum(fee, tax)", "SUM(G3,G2)"}, {Money, "sum(tax)", "G2"}, {Money, "sum()", "0"}, {Money, "sum(tax, fee, budget, prev(level), level, spent)", "SUM(G2:G3,G14,F16,G16:G17)"},
		{Money, "sum(tax, fee - 1)", "SUM(G2,G3-1)"}, {Money, "sum(tax - fee) + level", "SUM(G2-G3)+G16"}, {Ratio, "sum(size + rate) * term", "SUM(G8+G7)*G9"}, {Ratio, "5 - sum(size - rate)", "5-SUM(G8-G7)"}, {Number, "sum(size) * 2", "G8*2"},

		{Ratio, "ratio(tax, fee)", `IF(G3=0,"",G2/G3)`}, {Ratio, "ratio(tax + fee, balance)", `IF(ROUND(G18,6)=0,"",(G2+G3)/G18)`}, {Ratio, "ratio(tax, fee + level)", `IF(ROUND(G3+G16,6)=0,"",G2/(G3+G16))`}, {Ratio, "ratio(size, rate * term)", `IF(ROUND(G7*G9,12)=0,"",G8/(G7*G9))`},
		{Ratio, "when(open, ratio(tax, fee), 0)", `IF(G11=1,IF(G3=0,"",G2/G3),0)`},

		{Money, "prev(balance) + budget", "F18+G14"}, {Money, "initial(budget)", "$F14"}, {Money, "tax + initial(tax)", "G2+$F2"},
		{Year, "year", "G$1"}, {Year, "last_actual_year", "$E$1"}, {Year, "first_year + 1", "$C$1+1"}, {Years, "year - start", "G$1-G10"},
		{Money, "sum_years(level, year - 1, year)", "SUMPRODUCT(($C$1:G$1>=G$1-1)*($C$1:G$1<=G$1)*$C16:G16)"}, {Money, "sum_years(level, first_year, last_actual_year)", "SUMPRODUCT(($C$1:G$1>=$C$1)*($C$1:G$1<=$E$1)*$C16:G16)"},
		{Money, "sum_years(lent, start - term, max(start, year)) / 2", "ROUND(ROUND(SUMPRODUCT(($C$1:G$1>=G10-G9)*($C$1:G$1<=MAX(G10,G$1))*$C19:G19),6)/2,6)"},

		{Number, "annuity(rate, term - 1, size)", "-PMT(G7,G9-1,G8)"}, {Number, "-annuity(rate, term, size)", "-(-PMT(G7,G9,G8))"}, {Number, "size - annuity(rate, term, size)", "G8--PMT(G7,G9,G8)"}, {Money, "annuity(rate, term, tax)", "ROUND(-PMT(G7,G9,G2),6)"},
		{Ratio, "ln(size) + exp(rate) - sqrt(term)", "LN(G8)+EXP(G7)-SQRT(G9)"}, {Ratio, "root(size, term)", "G8^(1/G9)"}, {Ratio, "power(1 + rate, term - 1)", "IF(G9-1=0,1,(1+G7)^(G9-1))"}, {Ratio, "power(size, 2) * 3", "G8^2*3"}, {Ratio, "-power(size, 2)", "-(G8^2)"}, {Ratio, "root(size + 1, term - 1) * 2", "(G8+1)^(1/(G9-1))*2"}, {Ratio, "root(-rate, 3)", "(-G7)^(1/3)"},
		{Ratio, "-root(size, 2)", "-(G8^(1/2))"}, // Excel's minus binds tighter than ^
		{Ratio, "2 - root(size, 2)", "2-G8^(1/2)"}, {Ratio, "root(root(size, 2), root(term, 3))", "(G8^(1/2))^(1/G9^(1/3))"}, {Ratio, "root(annuity(rate, 2, 4), 2)", "(-PMT(G7,2,4))^(1/2)"}, {Ratio, "root(size * rate, 2) / root(term, 2)", "(G8*G7)^(1/2)/G9^(1/2)"},
	} {
		p := compile(t, and(x(c.unit, c.formula)))
		if got := p.Excel(p.Index("x"), cal.Col(2023), sheet(p)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.formula, got, c.want)
		}
	}
}

// Openings stand up to year 0; inputs and years without a value have no text.
func TestExcelOpenings(t *testing.T) {
	p := compile(t, and(Line{Name: "x", Unit: Money, Formula: "prev(x) + budget", Opening: "tax * 2"}, Line{Name: "grown", Unit: Ratio, Opening: "level / prev(level)", Past: true}))
	for name, want := range map[string]string{
		"x": "||ROUND(E2*2,6)|E21+F14|F21+G14|G21+H14", "level": "C15|D15|E15|F14|G14|H14", "spent": "|||F14|G14|H14", "grown": "|D16/C16|E16/D16|||", "tax": "|||||", "actual": "|||||", "rule": "|||||",
	} {
		var got []string
		for col := range cal.Columns() {
			got = append(got, p.Excel(p.Index(name), col, sheet(p)))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s\n got %s\nwant %s", name, strings.Join(got, "|"), want)
		}
	}
}

var reference = regexp.MustCompile(`(\$?)([A-Z])(\$?)(\d+)`)

// r1c1 writes the references of a formula relative to its own cell, so that the same formula has the same text in every column.
func r1c1(text string, row, col int) string {
	return reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		r, _ := strconv.Atoi(m[4])
		c := int(m[2][0] - 'C')
		rowText, colText := fmt.Sprintf("R[%d]", r-row), fmt.Sprintf("C[%d]", c-col)
		if m[3] == "$" {
			rowText = fmt.Sprintf("R%d", r)
		}
		if m[1] == "$" {
			colText = fmt.Sprintf("C%d", c)
		}
		return rowText + colText
	})
}

// sampleFormulas use every function; the tests of single readers go through them too.
var sampleFormulas = []Line{
	x(Money, "prev(balance) + budget - initial(budget)"), x(Money, "sum_years(level, year - 2, year)"), x(Money, "sum_years(level, first_year, last_actual_year) / 3"),
	x(Money, "when(is(rule, mean) and not shut or open, annuity(rate, term, tax), 0)"), x(Ratio, "ratio(level, fee)"), x(Ratio, "-ln(size) * exp(rate) / sqrt(term) + root(size, term)"),
	x(Money, "sum(tax, fee, level) + max(tax, 0) - min(abs(fee), 5)"), x(Money, "round_to(tax, fee)"), x(Money, "round(tax * rate)"), x(Flag, "tax = fee or tax != fee or level < 0 or tax <= level or fee > 1 or tax >= 2"), x(Years, "year - start"), x(Money, "wage * heads"),
	x(Ratio, "power(1 + rate, 3)"), x(Flag, "level / fee - 1 >= 5% and level * rate < fee"),
}

// FAST's rule: one formula per row, the same in every plan year.
func TestOneFormulaPerRow(t *testing.T) {
	for _, l := range sampleFormulas {
		p := compile(t, and(l))
		s := sheet(p)
		line := p.Index("x")
		first := ""
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			text := r1c1(p.Excel(line, col, s), s.Row(line), col)
			if first == "" {
				first = text
			}
			if text != first || text == "" {
				t.Errorf("%s in column %d: %s, before %s", l.Formula, col, text, first)
			}
			for _, m := range reference.FindAllStringSubmatch(p.Excel(line, col, s), -1) {
				if at := int(m[2][0] - 'C'); at > col {
					t.Errorf("%s in column %d reads %s, to its right", l.Formula, col, m[0])
				}
			}
		}
	}
}

// A word of the language without one of its readers must not ship.
func TestEveryFunctionHasAllReaders(t *testing.T) {
	used := map[string]bool{}
	var visit func(*Node)
	visit = func(n *Node) {
		used[n.Op] = true
		for _, a := range n.Args {
			visit(a)
		}
	}
	for _, l := range sampleFormulas {
		p := compile(t, and(l))
		visit(p.Lines[p.Index("x")].formula)
	}
	for name, f := range functions {
		if f.unit == nil || f.exact == nil || f.excel == nil || f.batch == nil {
			t.Errorf("%s lacks a reader", name)
		}
		if f.says.ZH == "" {
			t.Errorf("%s is not read aloud", name)
		}
		if strings.IndexFunc(f.says.ZH, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }) >= 0 && f.says.EN == "" {
			t.Errorf("%s is read aloud in Chinese to English readers: %s", name, f.says.ZH)
		}
		for _, text := range []string{f.says.ZH, f.says.In(EN)} {
			for i := range f.least {
				if !strings.Contains(text, fmt.Sprintf("{%d}", i)) && !strings.Contains(text, "{*}") && !strings.Contains(text, "{+}") {
					t.Errorf("%s says nothing of its argument %d: %s", name, i, text)
				}
			}
		}
		if f.most != 0 && f.most < f.least {
			t.Errorf("%s takes at least %d and at most %d arguments", name, f.least, f.most)
		}
		if !used[name] {
			t.Errorf("%s is in none of the sample formulas of the tests", name)
		}
	}
	want := "abs annuity exp initial is ln max min power prev ratio root round round_to sqrt sum sum_years when"
	if got := strings.Join(FunctionNames(), " "); got != want {
		t.Errorf("FunctionNames are %s, want %s", got, want)
	}
}
