package formula

import (
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A plan of three years after three of history; what each way makes of them, by hand. The history is never in a figure.
func TestOverByHand(t *testing.T) {
	for _, c := range []struct {
		over   Over
		years  string // of the plan; _ is blank
		figure string // _ if there is none
		in     int    // the year it stands in
	}{
		{Total, "10 20 30", "60", 2024},
		{Total, "10 _ 30", "_", 0},
		{AtEnd, "10 20 30", "30", 2024},
		{AtEnd, "10 20 _", "_", 0},
		{Smallest, "10 -5 -5", "-5", 2023},
		{Smallest, "_ 20 30", "20", 2023},
		{Smallest, "_ _ _", "_", 0},
		{Largest, "30 10 30", "30", 2022},
		{Largest, "-3 _ -2", "-2", 2024},
		{Mean, "10 20 40", "23.333333333333333333333333333333", 2024},
		{Mean, "_ 20 40", "_", 0},
		{InYear(2023), "10 20 40", "20", 2023},
		{InYear(2023), "10 _ 40", "_", 0},
	} {
		years := append([]string{"700", "800", "900"}, strings.Fields(c.years)...)
		d, in, there := c.over.Figure(cal, func(col int) (decimal.Decimal, bool) {
			return number(strings.Trim(years[col], "_")), years[col] != "_"
		})
		got, at := "_", 0
		if there {
			got, at = d.String(), cal.First+in
		}
		if got != c.figure || at != c.in {
			t.Errorf("%s of %s: %s in %d, by hand %s in %d", c.over, c.years, got, at, c.figure, c.in)
		}
	}
}

func TestOverWords(t *testing.T) {
	for over, want := range map[Over]string{Total: "合计/total", AtEnd: "末年/at end", Smallest: "最低/lowest", Largest: "最高/highest", Mean: "平均/mean", InYear(2023): "2023年/in 2023"} {
		if text := over.Text(); text.ZH+"/"+text.EN != want {
			t.Errorf("%s reads %v, not %s", over, text, want)
		}
	}
	if WordOfYears("mean") < 0 || YearWords[WordOfYears("mean")].Word != "mean" || WordOfYears("median") != -1 {
		t.Error("a word of years is not found, or one is that is none")
	}
}

// The words of conditions are formulas: on budget 10, 20, 30 each gives in the last year what is worked by hand.
func TestYearWords(t *testing.T) {
	by := map[string]string{"min": "10", "max": "30", "sum": "60", "mean": "20", "last": "30", "first": "10", "at": "20", "all": "0", "any": "1"}
	for _, w := range YearWords {
		of := "budget"
		if w.Unit == Flag {
			of = "early"
		}
		line := func(name string, w YearWord) Line {
			f := strings.NewReplacer("SELF", name, "OF", of, "YEAR", "2023").Replace(w.Formula)
			return Line{Name: name, Unit: w.Unit, Formula: f, Opening: w.Opening}
		}
		lines := and(Line{Name: "early", Unit: Flag, Formula: "year <= 2023"}, line("asked.sum", YearWords[WordOfYears("sum")]), line("asked", w))
		p := compile(t, lines)
		v, errs := p.Evaluate(inputsOf(p, townInputs))
		if errs != nil {
			t.Fatalf("%s: %v", w.Word, errs[0])
		}
		if d, _, _ := v.At(p.Index("asked"), cal.Columns()-1); d.String() != by[w.Word] {
			t.Errorf("%s is %s, by hand %s", w.Word, d, by[w.Word])
		}
	}
}

// A block of paths and a figure by itself mean the same, blanks included.
func TestOverBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		years := cal.Last - cal.Actual
		paths := rapid.IntRange(1, 4).Draw(t, "paths")
		numbers := make([][]float64, years)
		for y := range numbers {
			for range paths {
				v := float64(rapid.IntRange(-9, 9).Draw(t, "number"))
				if rapid.IntRange(0, 4).Draw(t, "blank") == 0 {
					v = math.NaN()
				}
				numbers[y] = append(numbers[y], v)
			}
		}
		for _, over := range Overs {
			dst := make([]float64, paths)
			over.Block(dst, years, func(y int) []float64 { return numbers[y] })
			for j, got := range dst {
				d, _, there := over.Figure(cal, func(col int) (decimal.Decimal, bool) {
					v := numbers[col-cal.Zero()-1][j]
					if math.IsNaN(v) {
						return decimal.Zero, false
					}
					return decimal.NewFromFloat(v), true
				})
				if there == math.IsNaN(got) || there && math.Abs(d.InexactFloat64()-got) > 1e-12 {
					t.Fatalf("%s of path %d of %v: block %v, figure %v (%v)", over, j, numbers, got, d, there)
				}
			}
		}
	})
}

func TestOverExcel(t *testing.T) {
	for _, c := range []struct {
		over  Over
		blank bool
		want  string
	}{
		{Total, false, "SUM(B2:D2)"},
		{AtEnd, true, "B2:D2"},
		{Mean, true, `IF(SUMPRODUCT((B2:D2="")*1)>0,"",AVERAGE(B2:D2))`},
		{Smallest, true, `IF(SUMPRODUCT((B2:D2<>"")*1)=0,"",MIN(B2:D2))`},
		{Largest, false, "MAX(B2:D2)"},
	} {
		if got := c.over.Excel("B2:D2", c.blank); got != c.want {
			t.Errorf("%s is %s, not %s", c.over, got, c.want)
		}
	}
}
