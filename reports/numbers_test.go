package reports

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// TestNumbers: every way of writing a number, by hand, at the places where one can go wrong: no sign before nothing, a blank, the thousands, half a digit.
func TestNumbers(t *testing.T) {
	d := func(s string) decimal.Decimal { return decimal.RequireFromString(s) }
	for i, c := range [][2]string{
		{Amount(d("1234567.895")), "1,234,567.90"}, {Amount(d("-0.004")), "0.00"}, {Amount(d("-123.4")), "-123.40"}, {Amount(d("-1234")), "-1,234.00"},
		{Percent(d("0.12345")), "12.3%"}, {Percent(d("-0.0004")), "0.0%"}, {Percent(d("12.5")), "1,250.0%"},
		{Grouped("1234"), "1,234"}, {Grouped("-0.5"), "-0.5"}, {Grouped("-0"), "0"}, {Grouped("999"), "999"},
		{Gain(d("0.00004")), "0"}, {Gain(d("0.59995")), "0.6000"}, {Gain(d("-0.5")), "-0.5000"},
		{InFull(d("0.375"), formula.Ratio), "37.5%"}, {InFull(d("342.17"), formula.Money), "342.17"},
		{Answer(d("342.175"), formula.Money), "342.18"}, {Answer(d("0.12345678"), formula.Ratio), "12.3457%"},
		{Counted(d("1.5"), formula.Money), "1.500000"}, {Counted(d("0.5"), formula.Ratio), "50.0000%"}, {Counted(d("3"), formula.Year), "3"},
		{Signed(d("1"), "1.00"), "+1.00"}, {Signed(d("0"), "0.00"), "0.00"}, {Signed(d("-1"), "-1.00"), "-1.00"},
		{Shown(d("1234.5"), formula.Money), "1,234.50"}, {Shown(d("0.5"), formula.Ratio), "50.0%"},
		{SampledText(1234.5, formula.Money), "1234.50"}, {SampledText(-0.001, formula.Money), "0.00"}, {SampledText(math.NaN(), formula.Money), "-"}, {SampledText(0.1234, formula.Ratio), "12.3%"}, {SampledText(3, formula.Year), "3"},
		{SampledGrouped(1234.5, formula.Money), "1,234.50"}, {SampledGrouped(math.NaN(), formula.Money), NoNumber}, {SampledGrouped(math.Inf(1), formula.Ratio), NoNumber}, {SampledGrouped(1234.56789, formula.Person), "1,234.5679"},
		{SampledPlain(math.NaN()), ""}, {SampledPlain(0.1 + 0.2), "0.3"}, {SampledPlain(-1e-12), "0"},
		{Chance(0.12345), "12.35%"}, {Quantile(0.025), "2.5%"}, {Quantile(0.5), "50%"}, {Points(-0.0125), "-1.25pp"},
		{Plain(d("0.3333333333333333"), formula.Ratio), "0.333333333333"}, {Plain(d("1.2345678"), formula.Money), "1.2345678"}, {CSVText("=1"), "'=1"}, {CSVText("1"), "1"},
	} {
		if c[0] != c[1] {
			t.Errorf("number %d is %s, by hand %s", i, c[0], c[1])
		}
	}
	if SampledJSON(math.NaN()) != nil || SampledJSON(math.Inf(1)) != nil {
		t.Error("a blank is no number in JSON")
	}
}
