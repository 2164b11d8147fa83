package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// unlikely warns of what can be computed with but is hardly what was meant: a number out of line with its neighbours, yuan where 万元 are asked for, a sum among what is added up.
// Each place is told once, whatever the number of scenarios.
func (l *loader) unlikely(all [][][]*state) {
	size := l.size()
	seen := map[*state]bool{}
	for _, states := range all {
		for i, fields := range states {
			for _, s := range fields {
				if seen[s] {
					continue
				}
				seen[s] = true
				for _, v := range s.values {
					l.unlikelyValue(l.elements[i], v, size)
				}
			}
		}
	}
	l.sumsAmongItems()
	l.revenueInYuan(size)
}

// point is one number as written, and the year it is for; 0 if for all.
type point struct {
	year int
	d    decimal.Decimal
	at   *node
}

// size is its magnitude; only to judge by.
func (p point) size() float64 { return p.d.Abs().InexactFloat64() }

// points are the numbers of a value that somebody wrote, in order of year.
func (l *loader) points(v value) (ps []point) {
	switch from, _ := l.years(v.field); {
	case v.node == nil || v.node.def:
	case v.node.shape == scalar && v.input.Option == "":
		ps = append(ps, point{0, v.input.Same, v.node})
	case v.node.shape == list:
		for i, item := range v.node.items {
			ps = append(ps, point{from + i, v.input.At(l.plan.Calendar.Col(from + i)), item})
		}
	case v.node.shape == mapping:
		for i, k := range v.node.keys {
			if year, err := strconv.Atoi(k.text); err == nil && yearShape.MatchString(k.text) {
				ps = append(ps, point{year, v.input.At(l.plan.Calendar.Col(year)), v.node.items[i]})
			}
		}
		slices.SortFunc(ps, func(a, b point) int { return a.year - b.year })
	}
	return ps
}

func (l *loader) unlikelyValue(e *element, v value, size decimal.Decimal) {
	if !slices.Contains([]formula.Unit{formula.Money, formula.MoneyPerPerson, formula.Person}, v.field.Unit) {
		return
	}
	ps := l.points(v)
	what := formula.Textf("%s的%s", "%[2]s of %[1]s", e.Text(), v.field.Label)
	for i, p := range ps {
		if p.at.number != nil { // a layer computed it: what it is computed from has been looked at
			continue
		}
		if factor := outOfLine(ps, i, v.field.Series == model.Events); factor != 0 {
			l.warn("odd_year", p.at.pos, formula.Textf("%s %d 年是 %s，约为相邻年份的 %s 倍", "%s in %d is %s, about %s times its neighbours", what, p.year, p.d, roughly(factor)), slip(p.d, factor, v.field.Unit))
			continue
		}
		l.yuanForWan(e, what, v, p, size)
	}
}

const (
	tenfold   = 6.0    // times all neighbours, or as small a part of them: a digit too many or too few, where the neighbours themselves are steady
	steady    = 2.0    // the largest of three or four steady neighbours over the least
	steadyTwo = 1.5    // the same of two, which may be alike by chance
	thousands = 2000.0 // times the median of all other years: another unit, however unsteady they are
)

// outOfLine tells how many times its neighbours a year's number is, if it is out of line with them; 0 if it is not. Two on either side are looked at, and zeros say nothing.
// What happens in some years only (events) has no neighbours, but may be in another unit.
func outOfLine(ps []point, i int, events bool) float64 {
	v := ps[i].size()
	if v == 0 || ps[i].year == 0 {
		return 0
	}
	var others, near []float64
	oneSign := true
	for j, p := range ps {
		if j == i || p.d.IsZero() {
			continue
		}
		others = append(others, p.size())
		if j >= i-2 && j <= i+2 {
			near = append(near, p.size())
			oneSign = oneSign && p.d.Sign() == ps[i].d.Sign()
		}
	}
	if len(others) == 0 {
		return 0
	}
	slices.Sort(others)
	middle, lower := others[len(others)/2], others[(len(others)-1)/2]
	if len(near) == 0 {
		near = others
	}
	least, most := slices.Min(near), slices.Max(near)
	if v >= thousands*middle && v >= 100*least || len(others) > 1 && v*thousands <= lower && v*100 <= most { // steady growth goes as far, but not at once
		return v / middle
	}
	if events || len(near) < 2 || !oneSign {
		return 0
	}
	limit := steady
	if len(near) == 2 {
		limit = steadyTwo
	}
	factor := v / math.Sqrt(least*most)
	if most <= limit*least && math.Max(factor, 1/factor) < thousands && (v >= tenfold*most || v*tenfold <= least && tenth(factor)) {
		return factor
	}
	return 0
}

// tenth: near a tenth or a hundredth. What happens little in one year is common, so only what a slip of the pen makes of a number counts.
func tenth(factor float64) bool {
	places := math.Log10(factor)
	return math.Abs(places-math.Round(places)) <= 0.15
}

// roughly writes a factor with two digits.
func roughly(f float64) string {
	step := math.Pow(10, math.Floor(math.Log10(f))-1)
	return decimal.NewFromFloat(math.Round(f / step)).Mul(decimal.NewFromFloat(step)).Round(9).String()
}

// slip says which slip of the pen makes such a factor.
func slip(d decimal.Decimal, factor float64, unit formula.Unit) model.Text {
	per := ""
	if unit == formula.MoneyPerPerson {
		per = "/人"
	}
	switch money := unit != formula.Person; {
	case money && factor >= 3000 && factor <= 30000:
		return formula.Textf("像是按元填的：写成 %s元%s，也就是 %s 万元%[2]s", "it looks like yuan: write %s元%s, which is %s 万元%[2]s", d, per, d.Shift(-4))
	case money && factor >= 1./30000 && factor <= 1./3000:
		return formula.Textf("像是按亿元填的：写成 %s 万元%s", "it looks like 100 million yuan: write %s万元%s", d.Shift(4), per)
	case factor >= 5 && factor <= 20:
		return formula.Textf("像是多写了一位：是不是 %s？确实如此，就在 note 里说明", "it looks like a digit too many: is it %s? If it is right, say why in note", d.Shift(-1))
	case factor >= 0.05 && factor <= 0.2:
		return formula.Textf("像是少写了一位：是不是 %s？确实如此，就在 note 里说明", "it looks like a digit too few: is it %s? If it is right, say why in note", d.Shift(1))
	}
	return text("核对这个数、小数点和单位；确实如此，就在 note 里说明", "check the number, its decimal point and its unit; if it is right, say why in note")
}

// unitSaid tells whether a number was written with its unit: then it is meant.
func unitSaid(n *node) bool {
	s := strings.TrimSpace(n.text)
	return s == "" || !unicode.IsDigit(rune(s[len(s)-1]))
}

// What no township reaches, in 万元.
var (
	mostPerPerson = decimal.NewFromInt(100)       // a year, per head
	mostRevenue   = decimal.NewFromInt(1_000_000) // a year, in all
	largeAmount   = decimal.NewFromInt(100_000)   // one amount, if it is also many times all revenue
	manyTimes     = decimal.NewFromInt(30)
)

// yuanForWan warns of an amount per head or beside the town's revenue that must be yuan.
func (l *loader) yuanForWan(e *element, what model.Text, v value, p point, size decimal.Decimal) {
	if unitSaid(p.at) || v.key == "history" && e.Section == "revenue" {
		return
	}
	switch d := p.d.Abs(); {
	case v.field.Unit == formula.MoneyPerPerson && d.GreaterThanOrEqual(mostPerPerson):
		l.warn("yuan_for_wan", p.at.pos, formula.Textf("%s是 %s，即每人 %s 元", "%s is %s, that is %s yuan for each person", what, p.d, p.d.Shift(4)),
			formula.Textf("若是元，写成 %s元/人（%s 万元/人）；确是万元，写成 %[1]s万元/人", "if it is yuan, write %s元/人 (%s 万元/人); if it is 10k yuan, write %[1]s万元/人", p.d, p.d.Shift(-4)))
	case v.field.Unit == formula.Money && size.IsPositive() && d.GreaterThanOrEqual(decimal.Max(largeAmount, size.Mul(manyTimes))):
		l.warn("yuan_for_wan", p.at.pos, formula.Textf("%s是 %s 万元，约为全镇一年收入（%s 万元）的 %s 倍", "%s is %s (10k yuan), about %[4]s times a year's revenue of the whole town (%[3]s)", what, p.d, size, roughly(d.Div(size).InexactFloat64())),
			formula.Textf("若是元，写成 %s元（%s 万元）；确是万元，写成 %[1]s万元", "if it is yuan, write %s元 (%s 万元); if it is 10k yuan, write %[1]s万元", p.d, p.d.Shift(-4)))
	}
}

// past are the actuals of every revenue item, as the plan gives them, by year.
func (l *loader) past() (items []*element, years [][]decimal.Decimal, at []*node) {
	for _, e := range l.elements {
		if e.Section != "revenue" {
			continue
		}
		for _, s := range e.fields {
			for _, v := range s.values {
				if v.key != "history" || v.node == nil {
					continue
				}
				var amounts []decimal.Decimal
				for from, to := l.years(v.field); from <= to; from++ {
					amounts = append(amounts, v.input.At(l.plan.Calendar.Col(from)))
				}
				items, years, at = append(items, e), append(years, amounts), append(at, v.node)
			}
		}
	}
	return items, years, at
}

func median(ds []decimal.Decimal) decimal.Decimal {
	if len(ds) == 0 {
		return decimal.Zero
	}
	sorted := slices.Clone(ds)
	slices.SortFunc(sorted, decimal.Decimal.Cmp)
	return sorted[len(sorted)/2]
}

// size is what the town collects in a usual year: the median of all actual years, which one wrong year does not move.
func (l *loader) size() decimal.Decimal {
	_, years, _ := l.past()
	return median(sums(years))
}

// sums adds up items year by year.
func sums(items [][]decimal.Decimal) (all []decimal.Decimal) {
	for _, years := range items {
		for y, d := range years {
			if y == len(all) {
				all = append(all, decimal.Zero)
			}
			all[y] = all[y].Add(d)
		}
	}
	return all
}

// revenueInYuan warns where the actuals themselves must be yuan: of the town, or of one item among others in 万元. It points at the largest item.
func (l *loader) revenueInYuan(size decimal.Decimal) {
	items, years, at := l.past()
	if len(items) == 0 {
		return
	}
	most, largest := 0, decimal.Zero
	for i := range items {
		if d := median(years[i]); d.GreaterThan(largest) {
			most, largest = i, d
		}
	}
	rest := size.Sub(largest)
	written := at[most]
	if written.shape != scalar && len(written.items) > 0 {
		written = written.items[0]
	}
	hint := formula.Textf("若是元，给每个数写上单位：%s元；确是万元，写成 %[1]s万元", "if it is yuan, give every number its unit: %s元; if it is 10k yuan, write %[1]s万元", written.text)
	switch {
	case unitSaid(written):
	case size.GreaterThanOrEqual(mostRevenue):
		l.warn("revenue_in_yuan", written.pos, formula.Textf("按万元算，全镇一年收入 %s 亿元，没有这么大的镇；最大的一项是%s", "in 10k yuan the town collects %s hundred million yuan a year, more than any township; the largest item is %s", size.Shift(-4), items[most].Text()), hint)
	case rest.IsPositive() && largest.GreaterThanOrEqual(largeAmount) && largest.GreaterThanOrEqual(rest.Shift(2)):
		l.warn("revenue_in_yuan", written.pos, formula.Textf("%s一年 %s 万元，约为其余各项合计（%s 万元）的 %s 倍", "%s is %s (10k yuan) a year, about %[4]s times all the other items (%[3]s)", items[most].Text(), largest, rest, roughly(largest.Div(rest).InexactFloat64())), hint)
	}
}

// sumsAmongItems warns of an element that is the sum of the others of its section: it would be counted twice.
func (l *loader) sumsAmongItems() {
	hint := text("合计由程序来加：删去这一项；确实另有其事，就换个名称", "the program adds up: delete it; if it is something else, give it another name")
	named := map[*element]bool{}
	for _, e := range l.elements {
		if e.ID != "" && (model.IsSum(e.Label) || model.IsSum(e.LabelEN)) {
			named[e] = true
			l.warn("sum_among_items", e.Pos, formula.Textf("%s 叫“%s”，会和各项一起再加一遍", "%s is called %q and would be added to the others once more", e.Address(), e.Text()), hint)
		}
	}
	items, years, _ := l.past()
	all := sums(years)
	for i, e := range items {
		double := len(items) > 2 && !named[e]
		for y, d := range years[i] {
			double = double && d.IsPositive() && all[y].Sub(d).Equal(d)
		}
		if double {
			l.warn("sum_among_items", e.Pos, formula.Textf("%s历年的数正是其余各项之和，像是合计", "the actuals of %s are exactly the sum of the other items, like a total", e.Text()), hint)
		}
	}
}

// alike warns of scenarios of the plan that come to the same values: nothing that is compared between them will differ.
func (l *loader) alike(all [][][]*state) {
	first := map[string]int{}
	for s := 1; s < len(all); s++ {
		var b strings.Builder
		for i, fields := range all[s] {
			for k, now := range fields {
				if base := all[0][i][k]; now != base && !l.sameValues(base, now) {
					fmt.Fprintf(&b, "%d.%d:", i, k)
					l.writeValues(&b, now)
				}
			}
		}
		if other, there := first[b.String()]; there {
			a, z := l.plan.Scenarios[other], l.plan.Scenarios[s]
			l.warn("scenarios_alike", z.Pos, formula.Textf("情景 %s 和 %s 的参数全都一样，结果不会有差别", "the scenarios %s and %s have all values in common: their results cannot differ", a.ID, z.ID),
				text("核对两个情景的 layers（和 --set）；不需要的删去一个", "check the layers of both (and --set); delete one if it is not needed"))
		} else {
			first[b.String()] = s
		}
	}
}

// writeValues writes what a state means, the same for the same meaning.
func (l *loader) writeValues(b *strings.Builder, s *state) {
	for _, v := range s.values {
		fmt.Fprintf(b, "%s=%s", v.key, v.input.Option)
		for from, to := l.years(v.field); from <= to; from++ {
			fmt.Fprintf(b, ",%s", v.input.At(l.plan.Calendar.Col(from)))
		}
		b.WriteByte(';')
	}
}
