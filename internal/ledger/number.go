package ledger

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

var (
	zero    = decimal.Zero
	one     = decimal.NewFromInt(1)
	hundred = decimal.NewFromInt(100)
)

// fen rounds an amount of 万元 half away from zero to one fen (M Conventions).
func fen(d dec) dec { return d.Round(6) }

// over divides to 30 places (C Numbers).
func over(a, b dec) dec {
	if b.IsZero() {
		fail("%s is divided by 0", a)
	}
	return a.DivRound(b, 30)
}

// times multiplies; more than 60 places are rounded to 60 (C Numbers).
func times(factors ...dec) dec {
	product := one
	for _, f := range factors {
		product = product.Mul(f).Round(60)
	}
	return product
}

// nearest rounds to a multiple of step, half away from zero (C Numbers).
func nearest(d, step dec) dec { return over(d, step).Round(0).Mul(step) }

func least(a dec, more ...dec) dec { return decimal.Min(a, more...) }

func most(a dec, more ...dec) dec { return decimal.Max(a, more...) }

func whole(n int) dec { return decimal.NewFromInt(int64(n)) }

func flag(yes bool) dec {
	if yes {
		return one
	}
	return zero
}

// readNumber reads a number as it is written: 50%, 1,200, 2万元/人 (R A plan).
func readNumber(text string) (d dec, ok bool) {
	s := strings.TrimSpace(text)
	for _, unit := range []string{"万元/人", "万元", "人", "年"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	part, percent := strings.CutSuffix(s, "%")
	d, err := decimal.NewFromString(strings.ReplaceAll(strings.TrimSpace(part), ",", ""))
	if err != nil {
		return zero, false
	}
	if percent {
		d = d.Div(hundred)
	}
	return d, true
}

// years reads 2022-2026.
func years(text string) (from, to int) {
	a, b, both := strings.Cut(text, "-")
	from, err := strconv.Atoi(strings.TrimSpace(a))
	if err != nil {
		fail("%q are no years", text)
	}
	to = from
	if both {
		if to, err = strconv.Atoi(strings.TrimSpace(b)); err != nil {
			fail("%q are no years", text)
		}
	}
	return from, to
}

// root is the n-th root; ln and exp are those of the decimals, to more places than the convention's 30.
func root(d dec, n int) dec { return exp(over(ln(d), whole(n))).Round(30) }

func ln(d dec) dec {
	r, err := d.Ln(45)
	if err != nil {
		fail("%s has no logarithm", d)
	}
	return r
}

func exp(d dec) dec {
	r, err := d.ExpTaylor(45)
	if err != nil {
		fail("%s has no exponential", d)
	}
	return r
}

// annuity is the level payment that repays an amount in n years at a rate (M Debt: level_payment).
func annuity(amount, rate dec, n int) dec {
	if rate.IsZero() {
		return over(amount, whole(n))
	}
	growth := one
	for range n {
		growth = times(growth, one.Add(rate))
	}
	return over(times(amount, rate, growth), growth.Sub(one))
}
