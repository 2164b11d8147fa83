package reports

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Every way in which an output writes a number. Exact numbers are decimals, those of a simulation floats; blank ones are NaN.

const (
	MoneyPlaces = 2
	RatioPlaces = 6
)

// NoNumber stands where a ratio has no denominator or a line no value.
const NoNumber = "—"

// Plain is a number as plain decimal text: amounts exactly, what is never rounded (ratios) to 12 places.
func Plain(d decimal.Decimal, unit formula.Unit) string {
	if unit != formula.Money {
		d = d.Round(12)
	}
	return d.String()
}

// ExactJSON is an exact number with all its digits.
func ExactJSON(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// SampledJSON is a number of a simulation with the digits that mean something; null where there is none.
func SampledJSON(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return json.Number(SampledPlain(v))
}

// SampledPlain is the same as plain text: empty where there is none.
func SampledPlain(v float64) string {
	if v != v {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e9)/1e9+0, 'f', -1, 64)
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

// SampledText is a number of a simulation for a terminal: -1234.50, 12.3%.
func SampledText(v float64, unit formula.Unit) string {
	switch {
	case v != v:
		return "-"
	case unit == formula.Ratio:
		return strconv.FormatFloat(v*100+0, 'f', 1, 64) + "%"
	case unit == formula.Flag || unit == formula.Number || unit == formula.Year:
		return strconv.FormatFloat(v+0, 'g', 6, 64)
	}
	if s := strconv.FormatFloat(v, 'f', 2, 64); s != "-0.00" {
		return s
	}
	return "0.00"
}

// SampledGrouped is a number of a simulation for the page: -1,234.50, 12.3%.
func SampledGrouped(v float64, unit formula.Unit) string {
	d, there := Rounded(v, unit)
	switch {
	case !there:
		return NoNumber
	case unit == formula.Money:
		return Amount(d)
	case unit == formula.Ratio:
		return Percent(d)
	}
	return Grouped(d.Round(4).String())
}

// Amount writes 万元 with thousands separators and two decimals, from the exact decimal: what the data files show to the same digits.
func Amount(d decimal.Decimal) string { return Grouped(d.StringFixed(2)) }

// Percent writes a ratio as per cent to one decimal: 1,234.5%.
func Percent(d decimal.Decimal) string { return Grouped(d.Shift(2).StringFixed(1)) + "%" }

// Shown writes a figure by its unit: an amount or per cent.
func Shown(d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Ratio {
		return Percent(d)
	}
	return Amount(d)
}

// Points writes a ratio as percentage points to two decimals: 1.25pp.
func Points(v float64) string { return strconv.FormatFloat(v*100+0, 'f', 2, 64) + "pp" }

// Chance writes a probability, or a share of a variance, as per cent to two decimals: 12.34%.
func Chance(p float64) string { return strconv.FormatFloat(p*100, 'f', 2, 64) + "%" }

// Quantile writes which quantile it is: 5%, 2.5%.
func Quantile(q float64) string { return strconv.FormatFloat(q*100, 'g', -1, 64) + "%" }

// Gain writes what an extra 万元 brings: four decimals, or 0.
func Gain(d decimal.Decimal) string {
	if d.Round(4).IsZero() {
		return "0"
	}
	return d.StringFixed(4)
}

// InFull writes a number with all its digits, rates as per cent: 37.5%, 342.17.
func InFull(d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Ratio {
		return d.Shift(2).String() + "%"
	}
	return d.String()
}

// Answer writes what a question comes to: money to two decimals, others to six because a quotient may have 30.
func Answer(d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Money {
		return d.StringFixed(2)
	}
	return InFull(d.Round(6), unit)
}

// Counted writes a figure as its line is counted: amounts to the fen, rates in per cent to four decimals.
func Counted(d decimal.Decimal, unit formula.Unit) string {
	switch unit {
	case formula.Money:
		return d.StringFixed(6)
	case formula.Ratio:
		return d.Shift(2).StringFixed(4) + "%"
	}
	return d.String()
}

// Signed puts a plus before the text of a positive number.
func Signed(d decimal.Decimal, text string) string {
	if d.Sign() > 0 {
		return "+" + text
	}
	return text
}

// Grouped puts separators between the thousands of a number as it stands.
func Grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, broken := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if strings.Trim(whole+fraction, "0,") == "" {
		sign = "" // -0.00 is 0
	}
	if broken {
		whole += "." + fraction
	}
	return sign + whole
}

// CSVText keeps a text from becoming a formula where a spreadsheet opens the file. Chinese input writes the full-width signs, and spreadsheets take some of them for the others.
func CSVText(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
