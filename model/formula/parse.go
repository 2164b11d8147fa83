package formula

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Node is one piece of a parsed formula.
type Node struct {
	Op   string // "number", "name", an operator, or a function's name
	Text string // of a number or a name
	Args []*Node
	Span Span

	num  decimal.Decimal
	line int    // of a name: the line it stands for
	term string // of a name: builtin ("year", "last_actual_year") or option
	dims dims

	of    string // of a member of a sum: the name with a * that it was written by
	known []int  // of a constant: the known inputs it was made of, see Fold
}

const maxDepth = 60

// nodeWords are operations of nodes that are no functions anybody can write.
var nodeWords = []string{"number", "name", "negative", "decimals"}

type parser struct {
	text  string
	pos   int
	depth int
	tok   string // current token; "" at the end
	kind  byte   // 'n' number, 'a' name, 'o' operator, 0 end
	from  int
	prev  int // end of the token before the current one
}

// syntax is how the parser gives up; Parse turns it into an *Error.
type syntax struct {
	span Span
	text Text
}

// Parse reads a formula. The error, if any, is an *Error with a span; its Line is left to the caller.
//
//	or: and {"or" and} · and: not {"and" not} · not: "not" not | comparison · comparison: sum [op sum]
//	sum: product {("+"|"-") product} · product: unary {("*"|"/") unary} · unary: "-" unary | number | name | call | "(" or ")"
func Parse(text string) (n *Node, err *Error) {
	p := &parser{text: text}
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(syntax)
			if !ok {
				panic(r)
			}
			n, err = nil, &Error{Formula: text, Span: s.span, Text: s.text}
		}
	}()
	p.next()
	n = p.or()
	if p.kind != 0 {
		p.fail(Textf("这里不该出现 %q", "%q is not expected here", p.tok))
	}
	return n, nil
}

func (p *parser) fail(t Text) { panic(syntax{Span{p.from, p.pos}, t}) }

func nameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func (p *parser) next() {
	p.prev = p.pos
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
	p.from, p.kind, p.tok = p.pos, 0, ""
	if p.pos == len(p.text) {
		return
	}
	r, size := utf8.DecodeRuneInString(p.text[p.pos:])
	switch {
	case nameRune(r):
		p.kind = 'a'
		p.word()
	case r >= '0' && r <= '9':
		p.kind = 'n'
		for p.pos < len(p.text) && (p.text[p.pos] >= '0' && p.text[p.pos] <= '9' || p.text[p.pos] == '.') {
			p.pos++
		}
		if split, at := FindSplit(p.text[p.from:]); at == 0 {
			p.pos = p.from + len(split.Number)
			p.fail(Textf("%s；%s", "%s; %s", split.Text(), split.Hint()))
		}
		if p.pos < len(p.text) && p.text[p.pos] == '%' {
			p.pos++
		}
	default:
		p.kind = 'o'
		p.pos += size
		if two := p.text[p.from:min(p.from+2, len(p.text))]; two == "<=" || two == ">=" || two == "!=" {
			p.pos = p.from + 2
		} else if !strings.ContainsRune("+-*/()<>=,", r) {
			p.fail(Textf("看不懂的字符 %q；运算符请用英文半角 + - * / ( ) < > =", "unknown character %q", string(r)))
		}
	}
	p.tok = p.text[p.from:p.pos]
}

// word reads a dotted name; a part after a dot may be digits or *.
func (p *parser) word() {
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		switch {
		case nameRune(r) || r >= '0' && r <= '9':
			p.pos += size
		case r == '.':
			next, size := utf8.DecodeRuneInString(p.text[p.pos+1:])
			if next != '*' && !nameRune(next) && (next < '0' || next > '9') {
				return
			}
			p.pos += 1 + size
		default:
			return
		}
	}
}

func (p *parser) take(tok string) bool {
	if p.kind != 0 && p.tok == tok {
		p.next()
		return true
	}
	return false
}

// chain parses left-associative operators of one level.
func (p *parser) chain(operand func() *Node, ops ...string) *Node {
	from := p.from
	n := operand()
	for {
		op := ""
		for _, o := range ops {
			if p.kind != 0 && p.tok == o {
				op = o
			}
		}
		if op == "" {
			return n
		}
		p.next()
		right := operand()
		n = &Node{Op: op, Args: []*Node{n, right}, Span: Span{from, p.prev}}
	}
}

func (p *parser) or() *Node {
	if p.depth++; p.depth > maxDepth {
		p.fail(Text{"括号套得太深", "nested too deeply"})
	}
	defer func() { p.depth-- }()
	return p.chain(p.and, "or")
}

func (p *parser) and() *Node { return p.chain(p.not, "and") }

func (p *parser) not() *Node { return p.prefix("not", p.comparison) }

// prefix parses any number of one prefix operator, counting them against the depth.
func (p *parser) prefix(op string, operand func() *Node) *Node {
	from := p.from
	if !p.take(op) {
		return operand()
	}
	if p.depth++; p.depth > maxDepth {
		p.fail(Text{"运算符套得太深", "nested too deeply"})
	}
	defer func() { p.depth-- }()
	a := p.prefix(op, operand)
	if op == "-" {
		op = "negative"
	}
	return &Node{Op: op, Args: []*Node{a}, Span: Span{from, p.prev}}
}

func (p *parser) comparison() *Node {
	from := p.from
	n := p.sum()
	for _, op := range []string{"<=", ">=", "!=", "<", ">", "="} {
		if p.take(op) {
			right := p.sum()
			return &Node{Op: op, Args: []*Node{n, right}, Span: Span{from, p.prev}}
		}
	}
	return n
}

func (p *parser) sum() *Node     { return p.chain(p.product, "+", "-") }
func (p *parser) product() *Node { return p.chain(p.unary, "*", "/") }
func (p *parser) unary() *Node   { return p.prefix("-", p.atom) }

func (p *parser) atom() *Node {
	tok, from := p.tok, p.from
	switch {
	case p.kind == 'n':
		num, err := decimal.NewFromString(strings.TrimSuffix(tok, "%"))
		if err != nil || len(tok) > 40 {
			p.fail(Textf("数字 %q 写法不对", "%q is not a number", tok))
		}
		if strings.HasSuffix(tok, "%") {
			num = num.Shift(-2)
		}
		p.next()
		return &Node{Op: "number", Text: tok, num: num, Span: Span{from, from + len(tok)}}
	case p.kind == 'a' && tok != "and" && tok != "or" && tok != "not":
		p.next()
		if !p.take("(") {
			return &Node{Op: "name", Text: tok, Span: Span{from, from + len(tok)}}
		}
		if slices.Contains(nodeWords, tok) {
			panic(syntax{Span{from, from + len(tok)}, noFunction(tok)})
		}
		n := &Node{Op: tok, Span: Span{From: from}}
		for !p.take(")") {
			if len(n.Args) > 0 && !p.take(",") {
				p.fail(Text{"缺逗号或右括号", "a comma or a closing parenthesis is missing"})
			}
			n.Args = append(n.Args, p.or())
		}
		n.Span.To = p.prev
		return n
	case p.take("("):
		n := p.or()
		if !p.take(")") {
			p.fail(Text{"缺右括号", "a closing parenthesis is missing"})
		}
		return n
	case p.kind == 0:
		p.fail(Text{"公式不完整", "the formula ends too early"})
	}
	p.fail(Textf("这里不该出现 %q", "%q is not expected here", tok))
	return nil
}
