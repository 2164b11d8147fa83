package scenarios

import (
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// FuzzNumber: any text is a number within bounds or refused in both languages; a number written out is read as itself again; and a change applies to any
// amount and keeps it in whole fen.
//
//	go test ./scenarios -run '^$' -fuzz FuzzNumber
func FuzzNumber(f *testing.F) {
	for i, s := range []string{"50%", "1,200.5", "300万元", "1.2亿元", "0.01元", "2万元/人", "38 人", "2022年", "true", "-0.000001", "５０％", "1e5", "1,20", "+5%", "-2pp", "×0.9", "*110%", "x2", "-10 个百分点", "999999999999999", "0.12345678901234567890",
		"000000000000000000001", "--1", ".5", "5.", "", "\xff", "1 200", "×", "+pp", "-%", "#N/A"} {
		f.Add(s, byte(i))
	}
	for i := range formula.Units {
		f.Add("0.5", byte(i))
	}
	f.Fuzz(func(t *testing.T, s string, of byte) {
		unit := formula.Units[int(of)%len(formula.Units)]
		d, bad := parseNumber(s, unit)
		switch {
		case bad != nil && (bad.code == "" || bad.text.ZH == "" || bad.text.EN == "" || bad.hint.ZH == "" || bad.hint.EN == ""):
			t.Fatalf("%q as %s: incomplete fault %+v", s, unit, bad)
		case bad == nil && (d.Abs().GreaterThan(tooLarge) || d.Exponent() < -maxPlaces-4):
			t.Fatalf("%q as %s is %s", s, unit, d)
		case bad == nil:
			written := format(d, unit)
			if again, worse := parseNumber(written, unit); worse != nil && worse.code != "number_too_long" || worse == nil && !again.Equal(d) {
				t.Fatalf("%q as %s is %s, written %q and read as %s (%v)", s, unit, d, written, again, worse)
			}
			bounds(d, &model.Field{Key: "x", Unit: unit, Min: "0", Max: "100", Whole: true})
		}
		rel, bad := parseRelative(s)
		if bad != nil || rel == nil {
			return
		}
		for _, was := range []string{"0", "0.01", "1234.567891", "-99999999999.99"} {
			if is := rel.apply(decimal.RequireFromString(was), formula.Money); !is.Equal(is.Round(fenPlaces)) {
				t.Fatalf("%q makes %s of %s", s, is, was)
			}
		}
	})
}
