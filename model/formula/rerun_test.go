package formula

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// Whatever inputs change and whatever lines are wanted, doing less gives what doing all gives: afresh, in place along a chain of changes, and of some lines alone.
func TestRerunIsEvaluate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := books.Draw(t, "book")
		p, complete := b.evaluate(t, b.lines)
		inputs := inputsOf(p, b.inputs)
		var changed, wanted []int
		for i, l := range b.lines {
			at := p.Index(l.Name)
			switch {
			case l.Input == "" || l.Unit == Choice:
				if i%3 == 0 {
					wanted = append(wanted, at)
				}
			case rapid.IntRange(0, 2).Draw(t, "changes") == 0:
				changed = append(changed, at)
			}
		}
		r := p.Rerun(changed, wanted)
		last := b.lines[len(b.lines)-1].Name
		chain, first := complete.Clone(), row2(p, complete, last)
		for range 3 {
			next := append([]Input{}, inputs...)
			for _, i := range changed {
				in := inputs[i]
				switch p.Lines[i].Unit {
				case Flag, Number, Year:
				case Ratio:
					in = spread(in, func() Input { return Input{Same: perCent(t)} })
				default:
					in = spread(in, func() Input { return Input{Same: fen(t)} })
				}
				next[i] = in
			}
			whole, errs := p.Evaluate(next)
			again, errs2 := r.Evaluate(complete, next)
			if errs3 := r.Update(chain, next); errs != nil || errs2 != nil || errs3 != nil {
				t.Fatal(errs, errs2, errs3)
			}
			only := p.EvaluateOnly(next, wanted)
			for _, i := range wanted {
				name := p.Lines[i].Name
				want := row2(p, whole, name)
				for how, got := range map[string]string{"again": row2(p, again, name), "in place": row2(p, chain, name), "alone": row2(p, only, name)} {
					if got != want {
						t.Fatalf("%s %s:\n%s, computed whole\n%s", name, how, got, want)
					}
				}
				if !r.Moves(i) && want != row2(p, complete, name) {
					t.Fatalf("%s moved, which no changed input reaches", name)
				}
			}
			inputs = next
		}
		if row2(p, complete, last) != first {
			t.Fatal("the complete evaluation was changed")
		}
		if len(changed) == 0 && r.Lines() > 0 {
			t.Fatal("nothing changed, and lines are computed again")
		}
	})
}

// spread draws an input anew, in the shape it has.
func spread(in Input, draw func() Input) Input {
	if in.ByYear == nil {
		return draw()
	}
	out := Input{}
	for range in.ByYear {
		out.ByYear = append(out.ByYear, draw().Same)
	}
	return out
}

// An input goes into a file and comes back; what no plan could hold is refused before anything is computed with it.
func TestInputInAFile(t *testing.T) {
	for _, in := range []Input{given("12.345678901234567890123456789"), given("1", "-2.5", "0"), {Option: "mean"}} {
		data, err := json.Marshal(in)
		var back Input
		if err == nil {
			err = json.Unmarshal(data, &back)
		}
		if err != nil || !back.Equal(in) {
			t.Errorf("%v came back as %v (%v)", in, back, err)
		}
	}
	for _, bad := range []string{`{"Same": "1e30"}`, `{"Same": "1e-500"}`, `{"Same": "x"}`, `{"ByYear": ["1", "1e99"]}`, `{"Same": 5}`, `{"Same": "--1"}`} {
		var in Input
		if json.Unmarshal([]byte(bad), &in) == nil {
			t.Errorf("%s is taken as %v", bad, in)
		}
	}
	if given("1").Equal(given("1", "1")) || given("1").Equal(given("2")) || !given("1.0").Equal(given("1")) {
		t.Error("inputs are compared by how they are written, not by their numbers")
	}
}
