package ledger

import (
	"slices"
	"strconv"
	"strings"
)

// amount is what a plan's own formula gives: a number and its unit, as far as comparisons and rounding ask for it.
type amount struct {
	dec
	money bool
	bare  bool // a constant, which says nothing of its unit
}

// reader works out a plan's own formula (R: gates, multipliers, own lines, of) in one year, by recursive descent.
type reader struct {
	l     *Ledger
	words []string
	next  int
	scope string // names are looked up here first: transfers.share; empty for measures, which stand outside the clause (D)
	year  int
	skip  bool // the branch is not asked for: when, and, or evaluate only what they need (C Division by zero)
}

// formula is the value of a plan's formula in a year; an amount of money is in whole fen (C Numbers).
func (l *Ledger) formula(text, scope string, year int) amount {
	r := &reader{l: l, words: words(text), scope: scope, year: year}
	a := r.or()
	if r.next < len(r.words) {
		fail("%q: nothing is expected at %q", text, r.words[r.next])
	}
	if a.money {
		a.dec = fen(a.dec)
	}
	return a
}

func words(text string) (all []string) {
	for i := 0; i < len(text); {
		c := text[i]
		j := i + 1
		switch {
		case c == ' ':
			i++
			continue
		case part(c):
			for j < len(text) && part(text[j]) {
				j++
			}
			if j < len(text) && text[j] == '%' {
				j++
			}
		case strings.IndexByte("<>=!", c) >= 0 && j < len(text) && text[j] == '=':
			j++
		}
		all = append(all, text[i:j])
		i = j
	}
	return all
}

func part(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (r *reader) peek() string {
	if r.next < len(r.words) {
		return r.words[r.next]
	}
	return ""
}

func (r *reader) take(any ...string) string {
	if w := r.peek(); slices.Contains(any, w) {
		r.next++
		return w
	}
	return ""
}

func (r *reader) want(word string) {
	if r.take(word) == "" {
		fail("%v: %q is expected, not %q", r.words, word, r.peek())
	}
}

// unless reads a part whose value is not asked for.
func (r *reader) unless(known bool, read func() amount) amount {
	before := r.skip
	r.skip = before || known
	a := read()
	r.skip = before
	return a
}

func (r *reader) or() amount {
	a := r.and()
	for r.take("or") != "" {
		b := r.unless(!a.IsZero(), r.and)
		a = amount{dec: flag(!a.IsZero() || !b.IsZero())}
	}
	return a
}

func (r *reader) and() amount {
	a := r.not()
	for r.take("and") != "" {
		b := r.unless(a.IsZero(), r.not)
		a = amount{dec: flag(!a.IsZero() && !b.IsZero())}
	}
	return a
}

func (r *reader) not() amount {
	if r.take("not") != "" {
		return amount{dec: flag(r.not().IsZero())}
	}
	return r.comparison()
}

// comparison: amounts at the fen, everything else at 12 decimals, on both sides (C Comparisons).
func (r *reader) comparison() amount {
	a := r.sum()
	op := r.take("<", "<=", ">", ">=", "==", "=", "!=")
	if op == "" {
		return a
	}
	b := r.sum()
	places := int32(12)
	if a.money || b.money {
		places = 6
	}
	order := a.Round(places).Cmp(b.Round(places))
	return amount{dec: flag(map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "==": order == 0, "=": order == 0, "!=": order != 0}[op])}
}

func (r *reader) sum() amount {
	a := r.product()
	for {
		op := r.take("+", "-")
		if op == "" {
			return a
		}
		b := r.product()
		d := a.Add(b.dec)
		if op == "-" {
			d = a.Sub(b.dec)
		}
		a = amount{dec: d, money: a.money || b.money, bare: a.bare && b.bare}
	}
}

func (r *reader) product() amount {
	a := r.sign()
	for {
		switch r.take("*", "/") {
		case "*":
			b := r.sign()
			a = amount{dec: times(a.dec, b.dec), money: a.money || b.money, bare: a.bare && b.bare}
		case "/":
			b := r.sign()
			d := zero
			if !r.skip {
				d = over(a.dec, b.dec)
			}
			a = amount{dec: d, money: a.money && !b.money, bare: a.bare && b.bare}
		default:
			return a
		}
	}
}

func (r *reader) sign() amount {
	if r.take("-") != "" {
		a := r.sign()
		a.dec = a.Neg()
		return a
	}
	return r.single()
}

func (r *reader) single() amount {
	word := r.peek()
	if word == "" {
		fail("%v ends too early", r.words)
	}
	r.next++
	if word == "(" {
		a := r.or()
		r.want(")")
		return a
	}
	if word[0] >= '0' && word[0] <= '9' {
		d, ok := readNumber(word)
		if !ok {
			fail("%q is not a number", word)
		}
		return amount{dec: d, bare: true}
	}
	if r.peek() == "(" {
		return r.call(word)
	}
	if word == "year" {
		return amount{dec: whole(r.year)}
	}
	if r.skip {
		return amount{}
	}
	return r.l.lookup(word, r.scope, r.year)
}

// call works out a function of the rule language (C; R A plan).
func (r *reader) call(name string) amount {
	r.want("(")
	switch name {
	case "prev": // the value of the year before; in the first plan year that of year 0
		r.year--
		a := r.or()
		r.year++
		r.want(")")
		return a
	case "when":
		yes := r.or()
		r.want(",")
		a := r.unless(yes.IsZero(), r.or)
		r.want(",")
		b := r.unless(!yes.IsZero(), r.or)
		r.want(")")
		chosen := b.dec
		if !yes.IsZero() {
			chosen = a.dec
		}
		return amount{dec: chosen, money: a.money || b.money, bare: a.bare && b.bare}
	}
	args := []amount{r.or()}
	for r.take(",") != "" {
		args = append(args, r.or())
	}
	r.want(")")
	a := args[0]
	for _, b := range args[1:] {
		switch name {
		case "min":
			a.dec = least(a.dec, b.dec)
		case "max":
			a.dec = most(a.dec, b.dec)
		case "round_to":
			return amount{dec: nearest(a.dec, b.dec), money: a.money, bare: a.bare}
		default:
			fail("the function %s of several arguments is not known", name)
		}
		a.money, a.bare = a.money || b.money, a.bare && b.bare
	}
	switch name {
	case "round":
		return amount{dec: fen(a.dec), money: a.money, bare: a.bare}
	case "min", "max":
		return a
	}
	fail("the function %s is not known", name)
	return amount{}
}

// lookup finds what a name means, from the clause outwards: a line of its own, a line that every clause has, a parameter; then the same of the book (C Names).
func (l *Ledger) lookup(name, scope string, year int) amount {
	names := []string{name}
	if scope != "" {
		names = []string{scope + "." + name, name}
	}
	for _, full := range names {
		path := strings.Split(full, ".")
		if path[0] == "transfers" && len(path) == 3 && l.plan.at("transfers", path[1], "lines", path[2]) != nil {
			return l.ownLine(path[1], path[2], year)
		}
		if l.known(full, year) {
			return amount{dec: l.get(full, year), money: isMoney(full)}
		}
		if n := l.plan.at(path...); n != nil && (n.fields == nil || n.byYear()) {
			return amount{dec: l.held(n, year, zero), money: isMoney(full)}
		}
	}
	fail("nothing is called %s in %d", name, year)
	return amount{}
}

// known is whether a line has a figure in a year, or can have one this year: that of a transfer which is not worked out yet.
func (l *Ledger) known(line string, year int) bool {
	if l.has(line, year) {
		return true
	}
	parts := strings.Split(line, ".")
	if len(parts) < 3 || parts[0] != "transfers" || year < l.first || l.working[parts[1]+"@"+strconv.Itoa(year)] {
		return false
	}
	l.transfer(parts[1], strings.Join(parts[2:], "."), year)
	return l.has(line, year)
}

// ownLine is a line that a clause declares for itself: its formula in plan years, its opening in year 0 (C Columns).
func (l *Ledger) ownLine(clause, name string, year int) amount {
	own := l.plan.at("transfers", clause, "lines", name)
	line := "transfers." + clause + "." + name
	text := own.at("formula").textOr("")
	if year < l.first {
		text = own.at("opening").textOr("")
	}
	if text == "" {
		fail("%s has no opening", line)
	}
	if year < l.first-1 {
		fail("%s is asked for in %d", line, year)
	}
	a := l.formula(text, "transfers."+clause, year)
	if u := own.at("unit").textOr(""); u != "" {
		a.money = u == "money"
	} else if a.bare { // a line of nothing but constants is money
		a.money = true
	}
	if a.bare = false; a.money {
		a.dec = fen(a.dec)
	}
	if year >= l.first {
		l.set(line, year, a.dec)
	}
	return a
}

// isMoney is whether a line or a parameter is an amount of money; what is not has a last word of its own.
func isMoney(line string) bool {
	last := line[strings.LastIndexByte(line, '.')+1:]
	for _, end := range []string{"_rate", "_share", "_ratio", "_divisor", "_factor"} {
		if strings.HasSuffix(last, end) {
			return false
		}
	}
	return !slices.Contains([]string{"rate", "share", "growth", "counts", "delivered", "caught_up", "heads", "posts", "filled", "lower", "pay", "pay_per_head", "standard", "per_head", "price_index",
		"gate", "multiplier", "in_term", "lag", "year", "weight", "response", "retained"}, last)
}
