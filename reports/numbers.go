package reports

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

func times(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// Sampled is a number of a simulation with the digits that mean something; null where there is none.
func Sampled(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return json.Number(strconv.FormatFloat(math.Round(v*1e9)/1e9+0, 'f', -1, 64))
}

// Rounded is a number of a simulation as an exact one, for drawing and for people; there is none where it is blank.
func Rounded(v float64, unit formula.Unit) (decimal.Decimal, bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return decimal.Zero, false
	}
	places := int32(MoneyPlaces)
	if unit != formula.Money {
		places = RatioPlaces
	}
	return decimal.NewFromFloat(v).Round(places), true
}

const (
	MoneyPlaces = 2
	RatioPlaces = 6
)

// RatePercent writes what an extra 万元 brings.
func RatePercent(d decimal.Decimal) string {
	if d.Round(4).IsZero() {
		return "0"
	}
	return d.StringFixed(4)
}

// Plain is a number as plain decimal text: amounts exactly, what is never rounded (ratios) to 12 places.
func Plain(d decimal.Decimal, unit formula.Unit) string {
	if unit != formula.Money {
		d = d.Round(12)
	}
	return d.String()
}

// Amount writes 万元 with thousands separators and two decimals, from the exact decimal: what the data files show to the same digits.
func Amount(d decimal.Decimal) string { return Grouped(d.StringFixed(2)) }

// Percent writes a ratio as per cent.
func Percent(d decimal.Decimal) string { return Grouped(d.Shift(2).StringFixed(1)) + "%" }

func Grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if strings.Trim(whole+fraction, "0,") == "" {
		sign = "" // -0.00 is 0
	}
	return sign + whole + "." + fraction
}

// NoNumber stands where a ratio has no denominator or a line no value.
const NoNumber = "—"

// DebtLevel is a colour of the debt ratio as the page shows it.
type DebtLevel struct{ Name, Class string }

// Float is a number of a simulation as people read it.
func Float(v float64, unit formula.Unit) string {
	switch {
	case v != v:
		return "-"
	case unit == formula.Ratio:
		return strconv.FormatFloat(v*100+0, 'f', 1, 64) + "%"
	case unit == formula.Flag || unit == formula.Number || unit == formula.Year:
		return strconv.FormatFloat(v+0, 'g', 6, 64)
	}
	s := strconv.FormatFloat(v, 'f', 2, 64)
	if s == "-0.00" {
		return "0.00"
	}
	return s
}

func ChanceText(p float64) string { return strconv.FormatFloat(p*100, 'f', 2, 64) + "%" }

// CSVText keeps a label from becoming a formula where a spreadsheet opens the file.
func CSVText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}

func Exactly(d decimal.Decimal) json.Number { return json.Number(d.String()) }
