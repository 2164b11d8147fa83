package terminal

import (
	"fmt"
	"math"
	"strings"

	layout "github.com/jedib0t/go-pretty/v6/text"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// Tornado shows which inputs move a figure most, at most so many of them, with a bar each.
func Tornado(run *reports.Run, by model.Headline, base float64, bars []analysis.Bar, most int) string {
	t := run.Tornado(by, base, bars, most)
	t.Caption = run.HeadlineLabel(by) + run.T("，按计划：", ", as planned: ") + reports.SampledText(base, run.Book.Lines[run.Line(by.Line)].Unit)
	t.Brief = append(t.Brief, run.T("偏离", "away from plan"))
	widest := 0.0
	for _, b := range bars {
		widest = max(widest, math.Abs(b.AtLow-base), math.Abs(b.AtHigh-base))
	}
	for i := range t.Rows {
		t.Rows[i].Cells = append(t.Rows[i].Cells, reports.Cell{Text: tornadoBar(bars[i].AtLow-base, bars[i].AtHigh-base, widest)})
	}
	return Text(t)
}

// tornadoBar draws what lies below and above the plan: l for the low end, h for the high one.
func tornadoBar(low, high, widest float64) string {
	const half = 12
	cells := []byte(strings.Repeat(" ", half) + "|" + strings.Repeat(" ", half))
	mark := func(v float64, letter byte) {
		if widest == 0 || v != v {
			return
		}
		n := int(math.Round(math.Abs(v) / widest * half))
		for i := 1; i <= n; i++ {
			if at := half + i*sign(v); cells[at] == ' ' || math.Abs(v) < math.Abs(low+high-v) {
				cells[at] = letter
			}
		}
	}
	mark(low, 'l')
	mark(high, 'h')
	return string(cells)
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// Grid is a sweep for a terminal: a table of all points while they are few, and a heat map of the first figure over the last two axes.
func Grid(run *reports.Run, g *analysis.Grid, axes []model.Axis, most int) string {
	text := Text(run.Grid(g, axes, most))
	if len(axes) > 1 {
		text += heat(run, g, axes)
	}
	return text
}

// shades are from the lowest to the highest.
const shades = " .:-=+*#%@"

// heat draws the first figure over the last two axes, the others at their first value.
func heat(r *reports.Run, g *analysis.Grid, axes []model.Axis) string {
	var b strings.Builder
	across, down := len(axes)-1, len(axes)-2
	unit := r.Book.Lines[r.Line(g.Figures[0].Line)].Unit
	values := g.Values[0][:g.Sizes[across]*g.Sizes[down]]
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v == v {
			low, high = min(low, v), max(high, v)
		}
	}
	fmt.Fprintf(&b, "%s  (' ' = %s, '@' = %s)\n", r.HeadlineLabel(g.Figures[0]), reports.SampledText(low, unit), reports.SampledText(high, unit))
	wide := 0
	for _, v := range axes[down].Values {
		wide = max(wide, layout.StringWidthWithoutEscSequences(v))
	}
	fmt.Fprintf(&b, "%s %s: %s ... %s\n", strings.Repeat(" ", wide), axes[across].Address, axes[across].Values[0], axes[across].Values[g.Sizes[across]-1])
	rows, cols := spaced(g.Sizes[down], heatRows), spaced(g.Sizes[across], heatColumns)
	for _, i := range rows {
		v := axes[down].Values[i]
		fmt.Fprintf(&b, "%s%s |", strings.Repeat(" ", wide-layout.StringWidthWithoutEscSequences(v)), v)
		for _, j := range cols {
			x := values[i*g.Sizes[across]+j]
			shade := byte('?')
			if x == x {
				shade = shades[0]
				if high > low {
					shade = shades[min(int((x-low)/(high-low)*float64(len(shades))), len(shades)-1)]
				}
			}
			b.WriteByte(shade)
		}
		b.WriteString("|\n")
	}
	fmt.Fprintf(&b, "%s %s\n", strings.Repeat(" ", wide), axes[down].Address)
	if len(rows)*len(cols) < len(values) {
		b.WriteString(formula.Textf("热图从 %d×%d 个点中均匀取 %d×%d 个\n", "the heat map shows %[3]d by %[4]d of %[1]d by %[2]d points, evenly spaced\n", g.Sizes[down], g.Sizes[across], len(rows), len(cols)).In(r.Lang))
	}
	return b.String()
}

// The most a heat map shows, so that it fits a terminal.
const (
	heatRows    = 25
	heatColumns = 60
)

// spaced are at most so many of n places, evenly spaced, the first and the last among them.
func spaced(n, most int) (places []int) {
	count := min(n, most)
	for k := range count {
		places = append(places, k*(n-1)/max(count-1, 1))
	}
	return places
}
