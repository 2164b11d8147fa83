package formula

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// Over says how the plan years of a line become one figure: every output, question and simulation means the same by it. Blank years: the smallest and the
// largest leave them out, a sum or a mean with a blank year in it is blank.
type Over string

// The ways: the sum, the last year, the smallest or the largest year, the mean. InYear is one year by itself.
const (
	Total    Over = "total"
	AtEnd    Over = "last"
	Smallest Over = "min"
	Largest  Over = "max"
	Mean     Over = "mean"
)

// Overs are the ways that do not name a year, as --by, --line and a sweep may ask for them.
var Overs = []Over{Total, AtEnd, Smallest, Largest, Mean}

// InYear is the way that takes one year by itself.
func InYear(year int) Over { return Over(strconv.Itoa(year)) }

// Columns are the first and the last column of the years that a figure is made of.
func (o Over) Columns(cal Calendar) (first, last int) {
	first, last = cal.Zero()+1, cal.Columns()-1
	if year, err := strconv.Atoi(string(o)); err == nil {
		first, last = cal.Col(year), cal.Col(year)
	}
	if o == AtEnd {
		first = last
	}
	return first, last
}

// Text says the way in a word: 合计, 末年, 2024年.
func (o Over) Text() Text {
	switch o {
	case Total:
		return Text{ZH: "合计", EN: "total"}
	case AtEnd:
		return Text{ZH: "末年", EN: "at end"}
	case Smallest:
		return Text{ZH: "最低", EN: "lowest"}
	case Largest:
		return Text{ZH: "最高", EN: "highest"}
	case Mean:
		return Text{ZH: "平均", EN: "mean"}
	}
	return Text{ZH: string(o) + "年", EN: "in " + string(o)}
}

// Figure is one figure of the numbers that at gives for the columns of a calendar, and the column it stands in (the first of equals; the last year's for sums
// and means). there is false where the figure is blank.
func (o Over) Figure(cal Calendar, at func(col int) (decimal.Decimal, bool)) (d decimal.Decimal, in int, there bool) {
	first, last := o.Columns(cal)
	sums := o == Total || o == Mean
	for col := first; col <= last; col++ {
		x, ok := at(col)
		switch {
		case !ok && sums:
			return decimal.Zero, 0, false
		case !ok:
			continue
		case sums:
			d, in = d.Add(x), col
		case !there, o == Smallest && x.LessThan(d), o == Largest && x.GreaterThan(d):
			d, in = x, col
		}
		there = true
	}
	if o == Mean && there {
		d = d.DivRound(decimal.NewFromInt(int64(last-first+1)), 30)
	}
	return d, in, there
}

// Block is Figure for a block of paths at once: year gives the numbers of the plan years from 0 on, NaN where blank.
func (o Over) Block(dst []float64, years int, year func(y int) []float64) {
	if o == AtEnd {
		copy(dst, year(years-1))
		return
	}
	copy(dst, year(0))
	for y := 1; y < years; y++ {
		values := year(y)
		for j := range dst {
			v := values[j]
			switch {
			case o == Total, o == Mean:
				dst[j] += v
			case dst[j] != dst[j], o == Smallest && v < dst[j], o == Largest && v > dst[j]:
				dst[j] = v
			}
		}
	}
	if o == Mean {
		for j := range dst {
			dst[j] /= float64(years)
		}
	}
}

// Excel is Figure as a spreadsheet formula over the cells of the years (Columns); blank says that some of them may be.
func (o Over) Excel(cells string, blank bool) string {
	name := map[Over]string{Total: "SUM", Smallest: "MIN", Largest: "MAX", Mean: "AVERAGE"}[o]
	if name == "" {
		return cells
	}
	f := name + "(" + cells + ")"
	if !blank {
		return f
	}
	enough := `SUMPRODUCT((` + cells + `<>"")*1)=0` // the smallest of nothing would be 0, which says something
	if o == Total || o == Mean {
		enough = `SUMPRODUCT((` + cells + `="")*1)>0`
	}
	return "IF(" + enough + `,"",` + f + ")"
}

// YearWord is a word of a condition that makes one figure of the plan years: Formula is a line whose value in the last year is the figure.
// SELF is that line, OF the line of what is asked, YEAR the year named.
type YearWord struct {
	Word             string
	Unit             Unit
	Formula, Opening string
}

// YearWords are the words: those of Over, the first year, a year by name, and whether something holds in all years or in any.
var YearWords = []YearWord{
	{"min", Inferred, "when(year > last_actual_year + 1, min(prev(SELF), OF), OF)", "0"},
	{"max", Inferred, "when(year > last_actual_year + 1, max(prev(SELF), OF), OF)", "0"},
	{"sum", Inferred, "sum(prev(SELF), OF)", "0"},
	{"mean", Inferred, "SELF.sum / (year - last_actual_year)", ""},
	{"last", Inferred, "OF", ""},
	{"first", Inferred, "when(year > last_actual_year + 1, prev(SELF), OF)", "0"},
	{"at", Inferred, "when(year > YEAR, prev(SELF), OF)", "0"},
	{"all", Flag, "prev(SELF) and OF", "1"},
	{"any", Flag, "prev(SELF) or OF", "0"},
}

// WordOfYears is the place of a word in YearWords; -1 for another.
func WordOfYears(word string) int {
	return slices.IndexFunc(YearWords, func(w YearWord) bool { return w.Word == word })
}
