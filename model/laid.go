package model

import (
	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Laid is what one entry of a layer, or of --set, did to a parameter in a scenario. What stands under an entry that replaces all of it is not kept.
type Laid struct {
	At       Pos
	Change   func(decimal.Decimal) decimal.Decimal // of a relative entry: -2pp, ×0.9; nil where the entry replaces
	Value    formula.Input                         // what it leaves there
	From, To int                                   // the years it is about; 0: all
}

// On is a value with the entry laid over it.
func (s Laid) On(v formula.Input, cal formula.Calendar) formula.Input {
	if s.From == 0 && s.Change == nil {
		return s.Value
	}
	if s.From == 0 && v.ByYear == nil {
		return formula.Input{Same: s.Change(v.Same)}
	}
	out := formula.Input{ByYear: make([]decimal.Decimal, cal.Columns())}
	for col := range out.ByYear {
		d, year := v.At(col), cal.First+col
		switch {
		case s.From > 0 && (year < s.From || year > s.To):
		case s.Change != nil:
			d = s.Change(d)
		default:
			d = s.Value.At(col)
		}
		out.ByYear[col] = d
	}
	return out
}
