package formula

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Input is what a plan gives for one input line: an option, one number for all years, or one number per column.
type Input struct {
	Option string            `json:",omitempty"`
	Same   decimal.Decimal   `json:",omitzero"`
	ByYear []decimal.Decimal `json:",omitempty"` // of every column of the calendar; nil if the same in all years
}

// At is the input's number in a column.
func (in Input) At(col int) decimal.Decimal {
	if in.ByYear != nil {
		return in.ByYear[col]
	}
	return in.Same
}

// Equal: written in the same way, with equal numbers.
func (in Input) Equal(o Input) bool {
	return in.Option == o.Option && in.Same.Equal(o.Same) && slices.EqualFunc(in.ByYear, o.ByYear, decimal.Decimal.Equal)
}

// UnmarshalJSON reads an input from a file that anybody may have written.
func (in *Input) UnmarshalJSON(data []byte) (err error) {
	var texts struct {
		Option, Same string
		ByYear       []string
	}
	if err = json.Unmarshal(data, &texts); err != nil {
		return err
	}
	*in = Input{Option: texts.Option}
	if texts.Same != "" {
		in.Same, err = Entered(texts.Same)
	}
	for i := 0; i < len(texts.ByYear) && err == nil; i++ {
		var d decimal.Decimal
		d, err = Entered(texts.ByYear[i])
		in.ByYear = append(in.ByYear, d)
	}
	return err
}

// Entered is a number from a file; one that no plan could give is an error, before anything is computed with it.
func Entered(text string) (decimal.Decimal, error) {
	if len(text) > 400 {
		return decimal.Zero, fmt.Errorf("%d digits", len(text))
	}
	d, err := decimal.NewFromString(strings.ToUpper(text))
	if err == nil && (d.NumDigits()+int(d.Exponent()) > 18 || d.Exponent() < -400) {
		err = fmt.Errorf("%s is too large", text)
	}
	return d, err
}
