package scenarios

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zhencai/model/formula"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		in   string
		unit formula.Unit
		want string // a number, or the code of the fault
	}{
		{"50%", formula.Ratio, "0.5"}, {"0.5", formula.Ratio, "0.5"}, {"-3%", formula.Ratio, "-0.03"}, {" 12.345 % ", formula.Ratio, "0.12345"},
		{"1", formula.Ratio, "forgotten_percent"}, {"-1.0", formula.Ratio, "forgotten_percent"}, {"0.99", formula.Ratio, "0.99"}, {"100%", formula.Ratio, "1"}, {"3", formula.Ratio, "forgotten_percent"}, {"300%", formula.Ratio, "3"}, {"50", formula.Ratio, "forgotten_percent"}, {"1200%", formula.Ratio, "12"}, {"-50", formula.Ratio, "forgotten_percent"},
		{"1,200", formula.Money, "1200"}, {"1,200.5", formula.Money, "1200.5"}, {"12,345,678", formula.Money, "12345678"}, {"1,20", formula.Money, "not_a_number"}, {"1200,300", formula.Money, "not_a_number"},
		{"300万元", formula.Money, "300"}, {"300 万元", formula.Money, "300"}, {"300万", formula.Money, "300"}, {"3000元", formula.Money, "0.3"}, {"1.2亿元", formula.Money, "12000"}, {"0.01元", formula.Money, "0.000001"},
		{"12345678901234.5678", formula.Money, "12345678901234.5678"}, {"0.1", formula.Money, "0.1"},
		{"2万元/人", formula.MoneyPerPerson, "2"}, {"20000元/人", formula.MoneyPerPerson, "2"}, {"2万元", formula.MoneyPerPerson, "wrong_unit"},
		{"38人", formula.Person, "38"}, {"5年", formula.Years, "5"}, {"2022年", formula.Year, "2022"}, {"150元/万元", formula.YuanPerMoney, "150"},
		{"true", formula.Flag, "1"}, {"否", formula.Flag, "0"},
		{"50%", formula.Money, "wrong_unit"}, {"3人", formula.Money, "wrong_unit"}, {"3万元", formula.Ratio, "wrong_unit"},
		{"５０％", formula.Ratio, "full_width_number"}, {"1，200", formula.Money, "full_width_number"}, {"−3", formula.Money, "full_width_number"},
		{"1e5", formula.Money, "not_a_number"}, {"1e999999", formula.Money, "not_a_number"}, {"1E+5", formula.Money, "not_a_number"}, {".inf", formula.Money, "not_a_number"}, {"0x10", formula.Money, "not_a_number"},
		{".5", formula.Money, "not_a_number"}, {"5.", formula.Money, "not_a_number"}, {"1_000", formula.Money, "not_a_number"}, {"--1", formula.Money, "not_a_number"}, {"abc", formula.Money, "not_a_number"}, {"NaN", formula.Money, "not_a_number"},
		{"", formula.Money, "missing_number"}, {"  ", formula.Money, "missing_number"}, {"+50", formula.Money, "plus_sign"}, {"+50%", formula.Ratio, "plus_sign"},
		{"1000000000000000", formula.Money, "number_too_long"}, {"999999999999亿元", formula.Money, "number_too_long"}, {"0.123456789012345678901", formula.Money, "number_too_long"}, {"0000000000000000000001", formula.Money, "1"},
		{strings.Repeat("9", 100000), formula.Money, "number_too_long"},
	} {
		d, bad := parseNumber(c.in, c.unit)
		got := d.String()
		if bad != nil {
			got = bad.code
		}
		if got != c.want {
			t.Errorf("%.40q as %s: got %s, want %s", c.in, c.unit, got, c.want)
		}
	}
}

func TestParseNumberIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := decimal.New(rapid.Int64Range(-1e14, 1e14).Draw(t, "digits"), -int32(rapid.IntRange(0, 10).Draw(t, "places")))
		got, bad := parseNumber(want.String(), formula.Money)
		if bad != nil || !got.Equal(want) {
			t.Fatalf("%s became %s (%v)", want, got, bad)
		}
		percent, bad := parseNumber(want.Shift(-8).String()+"%", formula.Ratio)
		if bad != nil || !percent.Shift(10).Equal(want) {
			t.Fatalf("%s%% became %s (%v)", want.Shift(-8), percent, bad)
		}
	})
}

func TestParseRelative(t *testing.T) {
	for in, want := range map[string]string{"-2pp": "x1 + -0.02", "+1.5pp": "x1 + 0.015", "+2个百分点": "x1 + 0.02", "+10%": "x1.1 + 0", "-10%": "x0.9 + 0", "×0.9": "x0.9 + 0", "x0.9": "x0.9 + 0", "*0.9": "x0.9 + 0", "×90%": "x0.9 + 0",
		"50%": "", "=-3%": "", "-50": "", "+50": "", "xyz": "", "-": "", "": ""} {
		rel, bad := parseRelative(in)
		got := ""
		if bad != nil {
			got = bad.code
		} else if rel != nil {
			got = "x" + rel.times.String() + " + " + rel.plus.String()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
