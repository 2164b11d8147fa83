package formula

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

func knownAs(value string) *Known {
	return &Known{Input: Input{Same: decimal.RequireFromString(value)}}
}

// TestFold: of a clause stated whole what a plan uses is left, as text, and every name is answered for.
func TestFold(t *testing.T) {
	none := &Known{Absent: true}
	in := func(name string, unit Unit, known *Known) Line {
		return Line{Name: name, Unit: unit, Input: Scalar, Known: known, Part: "a"}
	}
	line := func(name, formula, opening string, weight Weight) Line {
		return Line{Name: name, Unit: Money, Formula: formula, Opening: opening, Weight: weight, Part: "a"}
	}
	amount := Line{Name: "a.amount", Unit: Money, Input: ByYear, Part: "a"}
	rate := Line{Name: "a.rate", Unit: Ratio, Input: ByYear, Part: "a"}
	for name, c := range map[string]struct {
		lines      []Line
		kept, gone []string // "name = formula | opening" and "name -> what stands for it"
	}{
		"a recurrence that never leaves its opening": {
			[]Line{amount, in("a.owed_opening", Money, knownAs("0")), in("a.delivered", Ratio, knownAs("1")), in("a.caught_up", Ratio, knownAs("0")),
				line("a.paid", "min(round(amount * delivered) + round(prev(owed) * caught_up), prev(owed) + amount)", "", Plain), line("a.owed", "prev(owed) + amount - paid", "owed_opening", Plain)},
			[]string{"a.amount", "a.paid = amount"}, []string{"a.owed_opening -> 0", "a.delivered -> 1", "a.caught_up -> 0", "a.owed -> 0"},
		},
		"one that does": {
			[]Line{amount, in("a.owed_opening", Money, nil), in("a.delivered", Ratio, knownAs("1")),
				line("a.paid", "min(round(amount * delivered), prev(owed) + amount)", "", Plain), line("a.owed", "prev(owed) + amount - paid", "owed_opening", Plain)},
			[]string{"a.amount", "a.owed_opening", "a.paid = min(amount, prev(owed) + amount)", "a.owed = prev(owed) + amount - paid | owed_opening"}, []string{"a.delivered -> 1"},
		},
		"absent bounds, and a step for what matters": {
			[]Line{amount, rate, in("a.cap", Money, none), in("a.floor", Money, none), line("a.capped", "max(min(round(amount * rate), cap), floor)", "", Step), line("a.award", "capped", "", Plain)},
			[]string{"a.amount", "a.rate", "a.award = round(amount * rate)"}, []string{"a.cap -> ", "a.floor -> ", "a.capped -> a.award"},
		},
		"a number that nobody would have declared": {
			[]Line{amount, in("a.limit", Ratio, knownAs("1.2")), in("a.from", Year, knownAs("2022")), line("a.high", "when(amount * limit > amount, round(amount * limit), 0)", "", Plain), line("a.due", "when(year >= from, amount, 0)", "", Plain)},
			[]string{"a.amount", "a.limit", "a.high = when(amount * limit > amount, round(amount * limit), 0)", "a.due = amount"}, []string{"a.from -> 2022"},
		},
		"years that are never asked for, and this year and last year": {
			[]Line{amount, in("a.lag", Years, knownAs("0")), line("a.due", "round(amount * 2)", "0", Plain), line("a.payable", "sum_years(due, year - lag, year - lag)", "", Plain), line("a.late", "sum_years(due, year - 1, year - 1) + sum_years(due, year + 1 - lag, year)", "", Plain)},
			[]string{"a.amount", "a.due = round(amount * 2) | 0", "a.late = prev(due)"}, []string{"a.lag -> 0", "a.payable -> a.due"},
		},
		"division by zero stays": {
			[]Line{amount, rate, in("a.none", Money, knownAs("0")), line("a.part", "round(amount / rate) - round(amount / rate)", "", Plain), line("a.nothing", "when(amount / rate > 1, none, none)", "", Plain)},
			[]string{"a.amount", "a.rate", "a.part = round(amount / rate) - round(amount / rate)", "a.nothing = when(amount / rate > 1, 0, 0)"}, []string{"a.none -> 0"},
		},
		"a step that nothing reads any more": {
			[]Line{amount, in("a.on", Flag, knownAs("0")), line("a.mean", "round(amount / 2)", "", Step), line("a.base", "when(on, mean, amount + 1)", "", Plain)},
			[]string{"a.amount", "a.base = amount + 1"}, []string{"a.on -> 0", "a.mean -> "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, errs := Fold(c.lines, nil, Calendar{2020, 2021, 2024})
			if errs != nil {
				t.Fatal(errs[0])
			}
			var kept, gone []string
			for _, l := range f.Lines {
				text := l.Name
				if l.Formula != "" {
					text += " = " + l.Formula
				}
				if l.Opening != "" {
					text += " | " + l.Opening
				}
				kept = append(kept, text)
			}
			for _, g := range f.Gone {
				stands := g.By
				if g.By == "" && !g.Unused {
					stands = g.Always.String()
				}
				gone = append(gone, g.Name+" -> "+stands)
			}
			if !slices.Equal(kept, c.kept) || !slices.Equal(gone, c.gone) {
				t.Errorf("kept %q\nwant %q\ngone %q\nwant %q", kept, c.kept, gone, c.gone)
			}
			if _, errs := Compile(f.Lines, nil, Calendar{2020, 2021, 2024}, f.Gone...); errs != nil {
				t.Error(errs[0])
			}
		})
	}
}

// TestFoldRefusesWhatIsAbsent: a line of nothing but what is absent has no value.
func TestFoldRefusesWhatIsAbsent(t *testing.T) {
	_, errs := Fold([]Line{{Name: "cap", Unit: Money, Input: Scalar, Known: &Known{Absent: true}}, {Name: "limit", Unit: Money, Formula: "cap + 1"}}, nil, Calendar{2020, 2021, 2024})
	if len(errs) != 1 || errs[0].Line != "limit" {
		t.Error(errs)
	}
}

// TestGoneNamesAnswer: a formula of a plan, or a question, may name what was folded away.
func TestGoneNamesAnswer(t *testing.T) {
	cal := Calendar{2020, 2021, 2024}
	lines := []Line{{Name: "a.amount", Unit: Money, Input: ByYear}, {Name: "a.owed", Unit: Money, Formula: "prev(owed)", Opening: "0"}, {Name: "a.due", Unit: Money, Formula: "amount"},
		{Name: "a.own", Unit: Money, Own: true, Formula: "due + owed + prev(owed) + sum(a.*.x, due)"}, {Name: "b.x", Unit: Money, Formula: "0"}}
	lines[3].Formula = "due + owed + prev(owed)"
	f, errs := Fold(lines, nil, cal)
	if errs != nil {
		t.Fatal(errs[0])
	}
	p, errs := Compile(f.Lines, nil, cal, f.Gone...)
	if errs != nil {
		t.Fatal(errs[0])
	}
	inputs := make([]Input, len(p.Lines))
	inputs[p.Index("a.amount")] = Input{Same: decimal.NewFromInt(7)}
	v, errs := p.Evaluate(inputs)
	if errs != nil {
		t.Fatal(errs[0])
	}
	for name, want := range map[string]int64{"a.own": 7, "a.owed": 0, "a.due": 7, "b.x": 0} {
		if d, _, there := v.At(p.Index(name), 3); !there || !d.Equal(decimal.NewFromInt(want)) {
			t.Errorf("%s is %s (%t), not %d", name, d, there, want)
		}
	}
	if len(f.Gone) != 3 {
		t.Errorf("gone: %v", f.Gone)
	}
}
