package model_test

import (
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model"
	"zhencai/model/formula"
)

// sameFolded requires a book to have, of every line of its rules, the values that it has without folding.
func sameFolded(t *testing.T, of string, b *model.Book) {
	t.Helper()
	whole := b.Asking(model.Everything)
	gone := map[string]formula.Gone{}
	for _, g := range b.Gone {
		gone[g.Name] = g
	}
	if len(whole.Gone) > 0 || len(whole.Lines) != len(b.Lines)+len(b.Gone) {
		t.Fatalf("%s: %d lines and %d gone, of %d (gone of these %d)", of, len(b.Lines), len(b.Gone), len(whole.Lines), len(whole.Gone))
	}
	for s := range b.Plan.Scenarios {
		folded, _ := b.Run(s)
		all, _ := whole.Run(s)
		for i, l := range whole.Lines {
			g, went := gone[l.Name]
			if went && g.Unused {
				continue
			}
			line := b.Program.Index(l.Name)
			for col := whole.Program.Lines[i].First(); col <= whole.Program.Lines[i].Last(b.Plan.Calendar); col++ {
				want, wantBlank, wantThere := all.Values.At(i, col)
				got, blank, there := folded.Values.At(line, col)
				if g.By != "" && !there && want.IsZero() { // before the plan the line that has its place tells nothing
					continue
				}
				if wantThere != there || wantBlank != blank || got.String() != want.String() && !(went && got.Equal(want)) {
					t.Errorf("%s: scenario %s, %s in column %d is %s (%t), without folding %s (%t): %q was %q", of, b.Plan.Scenarios[s].ID, l.Name, col, got, there, want, wantThere, b.Program.Lines[max(line, 0)].Formula, l.Formula)
					return
				}
			}
		}
	}
}

// TestFoldingChangesNoValue: what stays has the values it had, and what went those of what stands for it.
func TestFoldingChangesNoValue(t *testing.T) {
	for _, path := range []string{"../scenarios/guangtong", "../scenarios/worked-case", "testdata/everything.yaml"} {
		sameFolded(t, path, testplan.Open(t, path))
	}
	testplan.Each(t, uint64(testplan.Many(1000, 30)), func(t *testing.T, seed uint64) {
		sameFolded(t, "random plan", testplan.Random(t, seed))
	})
}
