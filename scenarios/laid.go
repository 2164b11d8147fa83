package scenarios

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zhencai/model"
)

// record notes in the values of a field what the entry did to them, above what earlier entries did.
func (c *change) record(f *model.Field, t target, old, now *state) {
	unit := f.Unit
	if t.leaf != nil {
		unit = t.leaf.Unit
	}
	for i := range now.values {
		v := &now.values[i]
		was := slices.IndexFunc(old.values, func(o value) bool { return o.key == v.key })
		if was >= 0 {
			v.laid = old.values[was].laid
		}
		if v.set != c.en.value.pos || c.rel != nil && v.input.Option != "" { // points on a method leave the method
			continue
		}
		step := model.Laid{At: v.set, Value: v.input}
		if rel := c.rel; rel != nil {
			step.Change = func(d decimal.Decimal) decimal.Decimal { return rel.apply(d, unit) }
		}
		step.From, step.To = c.yearsOf(f, t)
		if step.Change == nil && step.From == 0 {
			v.laid = nil
		}
		v.laid = append(slices.Clip(v.laid), step)
	}
}

// yearsOf are the years an entry is about: one that its address names, or those from the first that its map names on; 0 for all.
func (c *change) yearsOf(f *model.Field, t target) (from, to int) {
	if n := len(t.path); n > 0 && yearShape.MatchString(t.path[n-1]) {
		year, _ := strconv.Atoi(t.path[n-1])
		return year, year
	}
	leaf := f
	if t.leaf != nil {
		leaf = t.leaf
	}
	if leaf.Series != model.Held || c.en.value.shape != mapping || !c.l.calendarKnown {
		return 0, 0
	}
	first, last := c.l.years(leaf)
	for _, k := range c.en.value.keys {
		if year, err := strconv.Atoi(k.text); err == nil && (from == 0 || year < from) {
			from = year
		}
	}
	if from <= first { // nothing of what was there is left
		return 0, 0
	}
	return from, last
}
