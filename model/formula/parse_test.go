package formula

import (
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1", "1"}, {"0.5", "0.5"}, {"0.5%", "0.5%"}, {"12.", "12."}, {" a\t+\n b ", "(+ a b)"},
		{"税收", "税收"}, {"税收_2 + a1", "(+ 税收_2 a1)"}, {"收入.增值税.税率", "收入.增值税.税率"},
		{"drawn.2022", "drawn.2022"}, {"sum(revenue.*.kept)", "(sum revenue.*.kept)"}, {"sum(a.*, b)", "(sum a.* b)"}, {"sum(class.x.*.balance)", "(sum class.x.*.balance)"},
		{"android + orange - nothing", "(- (+ android orange) nothing)"}, // begin like and, or, not

		{"a - b - c", "(- (- a b) c)"}, {"a / b / c", "(/ (/ a b) c)"}, {"a - (b - c)", "(- a (- b c))"},
		{"a + b * c", "(+ a (* b c))"}, {"(a + b) * c", "(* (+ a b) c)"}, {"a * b / c * d", "(* (/ (* a b) c) d)"},
		{"-a", "(negative a)"}, {"--a", "(negative (negative a))"}, {"a - -b", "(- a (negative b))"}, {"a--b", "(- a (negative b))"},
		{"-a * b", "(* (negative a) b)"}, {"a * -b", "(* a (negative b))"}, {"-(a + b)", "(negative (+ a b))"}, {"-5%", "(negative 5%)"},
		{"a + b < c * d", "(< (+ a b) (* c d))"}, {"a<=b", "(<= a b)"}, {"a>=b", "(>= a b)"}, {"a!=b", "(!= a b)"}, {"a = -b", "(= a (negative b))"},
		{"(a < b) = c", "(= (< a b) c)"},
		{"not a = b", "(not (= a b))"}, {"not not a", "(not (not a))"}, {"not a and b", "(and (not a) b)"}, {"not (a and b)", "(not (and a b))"},
		{"a or b and c", "(or a (and b c))"}, {"(a or b) and c", "(and (or a b) c)"}, {"a or b or c", "(or (or a b) c)"}, {"a and not b", "(and a (not b))"},
		{"f()", "(f)"}, {"max(a, b + 1, -c)", "(max a (+ b 1) (negative c))"}, {"when(a > 0 and b, (c), d)", "(when (and (> a 0) b) c d)"}, {"prev (a)", "(prev a)"},
	} {
		n, err := Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := sexp(n); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestParseNumbers(t *testing.T) {
	for text, want := range map[string]string{"0.5%": "0.005", "100%": "1", "0%": "0", "12": "12", "007": "7", "0.1234567890123456789": "0.1234567890123456789"} {
		n, err := Parse(text)
		if err != nil || !n.num.Equal(number(want)) {
			t.Errorf("%s = %v %v, want %s", text, n, err, want)
		}
	}
}

// A node's span is its text, with the parentheses that an operator needs around its sides, or a caret line would begin inside one.
func TestParseSpans(t *testing.T) {
	text := "max( (税收 + a.b) * 2.5%, -(c) ) >= when(x, 1, y)"
	n, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var visit func(*Node)
	visit = func(n *Node) {
		got = append(got, text[n.Span.From:n.Span.To])
		for _, a := range n.Args {
			visit(a)
		}
	}
	visit(n)
	want := []string{text, "max( (税收 + a.b) * 2.5%, -(c) )", "(税收 + a.b) * 2.5%", "税收 + a.b", "税收", "a.b", "2.5%", "-(c)", "c", "when(x, 1, y)", "x", "1", "y"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Every message of the parser, in both languages, with what it points at.
func TestParseErrors(t *testing.T) {
	notHere := func(s string) Text { return Textf("这里不该出现 %q", "%q is not expected here", s) }
	unknown := func(s string) Text {
		return Textf("看不懂的字符 %q；运算符请用英文半角 + - * / ( ) < > =", "unknown character %q", s)
	}
	early := Text{"公式不完整", "the formula ends too early"}
	deepParens, deepOperators := Text{"括号套得太深", "nested too deeply"}, Text{"运算符套得太深", "nested too deeply"}
	comma := Text{"缺逗号或右括号", "a comma or a closing parenthesis is missing"}
	for _, c := range []struct {
		text, at string
		want     Text
	}{
		{"", "", early}, {"  ", "", early}, {"a +", "", early}, {"max(", "", early}, {"max(a,", "", early}, {"not", "", early}, {"-", "", early}, {"(", "", early},
		{"a b", "b", notHere("b")}, {"a)", ")", notHere(")")}, {"1 2", "2", notHere("2")}, {"1e5", "e5", notHere("e5")}, {"a < b < c", "<", notHere("<")},
		{"a + * b", "*", notHere("*")}, {")", ")", notHere(")")}, {"max(,a)", ",", notHere(",")}, {"max(a,)", ")", notHere(")")}, {"a + not b", "not", notHere("not")},
		{"and(a, b)", "and", notHere("and")}, {"a == b", "=", notHere("=")}, {"()", ")", notHere(")")}, {"a = (or)", "or", notHere("or")},
		{"a ＋ b", "＋", unknown("＋")}, {"max（a, b）", "（", unknown("（")}, {"a，b", "，", unknown("，")}, {"a ≤ b", "≤", unknown("≤")},
		{"a ! b", "!", unknown("!")}, {"a.", ".", unknown(".")}, {"a. + b", ".", unknown(".")}, {"a..b", ".", unknown(".")}, {"a.)", ".", unknown(".")}, {".5", ".", unknown(".")}, {"5 %", "%", unknown("%")}, {"5%%", "%", unknown("%")}, {"a & b", "&", unknown("&")},
		{`a "b"`, `"`, unknown(`"`)}, {"a\u00a0+ b", "\u00a0", unknown("\u00a0")}, {"１ + 2", "１", unknown("１")}, {"a \xff", "\xff", unknown("\ufffd")},
		{"1.2.3", "1.2.3", Textf("数字 %q 写法不对", "%q is not a number", "1.2.3")},
		{"a + 1..5%", "1..5%", Textf("数字 %q 写法不对", "%q is not a number", "1..5%")},
		{strings.Repeat("9", 41), strings.Repeat("9", 41), Textf("数字 %q 写法不对", "%q is not a number", strings.Repeat("9", 41))},
		{"max(a b)", "b", comma}, {"max(a", "", comma}, {"max(a; b)", ";", unknown(";")},
		{"(a", "", Text{"缺右括号", "a closing parenthesis is missing"}}, {"(a b)", "b", Text{"缺右括号", "a closing parenthesis is missing"}},
		{strings.Repeat("(", 60) + "a" + strings.Repeat(")", 60), "(", deepParens},
		{strings.Repeat("not ", 60) + "a", "not", deepOperators},
		{strings.Repeat("-", 60) + "a", "-", deepOperators},
		{"1 + number(5)", "number", noFunction("number")}, {"name(tax)", "name", noFunction("name")}, {"negative(tax)", "negative", noFunction("negative")},
	} {
		n, err := Parse(c.text)
		if err == nil {
			t.Errorf("%q: no error but %s", c.text, sexp(n))
			continue
		}
		if err.Text != c.want {
			t.Errorf("%q\n got %v\nwant %v", c.text, err.Text, c.want)
		}
		if got := marked(t, err); got != c.at && !(err.Text == deepParens || err.Text == deepOperators) {
			t.Errorf("%q points at %q, want %q", c.text, got, c.at)
		}
	}
}

// Nesting must end in an error, never in a stack overflow, which Go cannot recover from.
func TestParseDeep(t *testing.T) {
	const n = 100_000
	for _, text := range []string{
		strings.Repeat("(", n) + "a" + strings.Repeat(")", n), strings.Repeat("(", n), strings.Repeat("not ", n) + "a", strings.Repeat("-", n) + "a",
		strings.Repeat("max(", n), strings.Repeat("-(", n), strings.Repeat("not (", n), strings.Repeat("a + (", n), strings.Repeat("when(a, ", n),
	} {
		if _, err := Parse(text); err == nil || err.Text.EN != "nested too deeply" {
			t.Errorf("%.20s…: %v", text, err)
		}
	}
	if n, err := Parse(strings.Repeat("(", 50) + "a" + strings.Repeat(")", 50)); err != nil || n.Op != "name" {
		t.Errorf("50 parentheses: %v", err)
	}
}

// A long sum does not nest in the text, but its tree does: parsing, checking and computing it must all survive.
func TestParseLong(t *testing.T) {
	p, v, errs := run(t, []Line{x(Money, "tax"+strings.Repeat(" + tax", 9_999))}, nil)
	if got := shown(p, v, "x", 2022); got != "1000000" || errs != nil {
		t.Errorf("%s %v", got, errs)
	}
}

// ---- the standard library as oracle

// pair is one random tree written for both parsers.
type pair struct {
	tree, ours, golang string
	level, goLevel     int // how tightly it binds
}

// wrap adds parentheses where the place binds more tightly, and sometimes where nothing asks for them.
func wrap(r *rand.Rand, text string, level, place int) string {
	if level < place || r.IntN(8) == 0 {
		return "(" + text + ")"
	}
	return text
}

// randomPair writes a random tree. Levels: 1 or, 2 and, 3 not, 4 comparison, 5 sum, 6 product, 7 minus, 8 atom. Go's ! binds like its minus.
func randomPair(r *rand.Rand, depth int) pair {
	if depth == 0 || r.IntN(6) == 0 {
		word := []string{"a", "税收", "b.c.d", "1", "2.5", "x_1"}[r.IntN(6)]
		return pair{word, word, word, 8, 8}
	}
	sub := func() pair { return randomPair(r, depth-1) }
	binary := func(op, goOp string, level, left, right int) pair {
		a, b := sub(), sub()
		goLeft := left
		if level == 4 {
			goLeft = 4 // Go chains comparisons, we do not
		}
		return pair{fmt.Sprintf("(%s %s %s)", op, a.tree, b.tree),
			wrap(r, a.ours, a.level, left) + " " + op + " " + wrap(r, b.ours, b.level, right),
			wrap(r, a.golang, a.goLevel, goLeft) + " " + goOp + " " + wrap(r, b.golang, b.goLevel, right), level, level}
	}
	switch r.IntN(13) {
	case 0:
		return binary("or", "||", 1, 1, 2)
	case 1:
		return binary("and", "&&", 2, 2, 3)
	case 2:
		a := sub()
		return pair{"(not " + a.tree + ")", "not " + wrap(r, a.ours, a.level, 3), "!" + wrap(r, a.golang, a.goLevel, 7), 3, 7}
	case 3:
		a := sub()
		return pair{"(negative " + a.tree + ")", "-" + wrap(r, a.ours, a.level, 7), "- " + wrap(r, a.golang, a.goLevel, 7), 7, 7}
	case 4:
		a, b := sub(), sub()
		return pair{"(max " + a.tree + " " + b.tree + ")", "max(" + a.ours + ", " + b.ours + ")", "max(" + a.golang + ", " + b.golang + ")", 8, 8}
	case 5, 6:
		op := []string{"=", "!=", "<", "<=", ">", ">="}[r.IntN(6)]
		return binary(op, strings.Replace(op, "=", "==", min(1, map[string]int{"=": 1}[op])), 4, 5, 5)
	case 7, 8, 9:
		op := []string{"+", "-"}[r.IntN(2)]
		return binary(op, op, 5, 5, 6)
	default:
		op := []string{"*", "/"}[r.IntN(2)]
		return binary(op, op, 6, 6, 7)
	}
}

// goSexp is sexp for Go's tree, with our words.
func goSexp(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return goSexp(e.X)
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		return e.Value
	case *ast.SelectorExpr:
		return goSexp(e.X) + "." + e.Sel.Name
	case *ast.UnaryExpr:
		return "(" + map[token.Token]string{token.SUB: "negative", token.NOT: "not"}[e.Op] + " " + goSexp(e.X) + ")"
	case *ast.BinaryExpr:
		op := e.Op.String()
		if ours, ok := map[string]string{"==": "=", "&&": "and", "||": "or"}[op]; ok {
			op = ours
		}
		return "(" + op + " " + goSexp(e.X) + " " + goSexp(e.Y) + ")"
	case *ast.CallExpr:
		parts := []string{goSexp(e.Fun)}
		for _, a := range e.Args {
			parts = append(parts, goSexp(a))
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	return fmt.Sprintf("?%T", e)
}

func TestParseLikeGo(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 1))
	for range 5000 {
		e := randomPair(r, 1+r.IntN(5))
		n, err := Parse(e.ours)
		if err != nil {
			t.Fatalf("%q: %v", e.ours, err)
		}
		theirs, bad := goparser.ParseExpr(e.golang)
		if bad != nil {
			t.Fatalf("%q: %v", e.golang, bad)
		}
		if got, oracle := sexp(n), goSexp(theirs); got != oracle || got != e.tree {
			t.Fatalf("%s\nours   %s\nGo's   %s\nmeant  %s", e.ours, got, oracle, e.tree)
		}
	}
}

// printed writes a tree back as text, with parentheses around every operator.
func printed(n *Node) string {
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = printed(a)
	}
	switch {
	case n.Op == "number" || n.Op == "name":
		return n.Text
	case n.Op == "negative":
		return "(-" + args[0] + ")"
	case n.Op == "not":
		return "(not " + args[0] + ")"
	case functions[n.Op] != nil && (n.Op < "a" || n.Op == "and" || n.Op == "or"):
		return "(" + args[0] + " " + n.Op + " " + args[1] + ")"
	}
	return n.Op + "(" + strings.Join(args, ", ") + ")"
}

// FuzzParse: any text gives a tree or an error inside the text; a tree written out again is the same tree.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"max(counted - base, 0)", "when(a > 0 and not b, 5% * 税收, -c.*.d)", "1.2.3", "((", "a\xff", "is(rule, mean)", "a!=b", "f(,)", "number(1)", "-(a)--b", "", "（", "a.", "a.*", "a.*b", "sum()"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text)
		if err != nil {
			if marked(t, err); err.Text.ZH == "" || err.Text.EN == "" || err.Formula != text {
				t.Fatalf("%q: incomplete error %+v", text, err)
			}
			return
		}
		var visit func(n *Node, from, to int)
		visit = func(n *Node, from, to int) {
			if n.Span.From < from || n.Span.To > to || n.Span.From >= n.Span.To {
				t.Fatalf("%q: span %v of %s outside %d..%d", text, n.Span, sexp(n), from, to)
			}
			for _, a := range n.Args {
				visit(a, n.Span.From, n.Span.To)
			}
		}
		visit(n, 0, len(text))
		again, err := Parse(printed(n))
		if err != nil {
			if err.Text.EN == "nested too deeply" { // our own parentheses
				return
			}
			t.Fatalf("%q printed as %q: %v", text, printed(n), err)
		}
		if sexp(again) != sexp(n) {
			t.Fatalf("%q\nonce  %s\nagain %s", text, sexp(n), sexp(again))
		}
	})
}
