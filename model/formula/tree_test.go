package formula

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTree: names become places, numbers stay as written, the round that money needs is there, an option and a built-in name are told apart from lines.
func TestTree(t *testing.T) {
	p, _, errs := run(t, []Line{{Name: "y", Unit: Money, Formula: "when(is(rule, last) and year > 2022, tax * 50%, prev(y) + sum(fee))", Opening: "fee"}}, nil)
	for _, err := range errs {
		t.Fatal(err)
	}
	write := func(tree any) string {
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	place := func(text string) string {
		return strings.NewReplacer("rule", write(p.Index("rule")), "tax", write(p.Index("tax")), "Y", write(p.Index("y")), "fee", write(p.Index("fee"))).Replace(text)
	}
	f, opening := p.Tree(p.Index("y"))
	if got, want := write(f), place(`["round",["when",["and",["is",rule,"last"],["\u003e",["year"],"2022"]],["*",tax,"50%"],["+",["prev",Y],["sum",fee]]]]`); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := write(opening); got != place("fee") {
		t.Errorf("the opening is %s", got)
	}
	if f, opening := p.Tree(p.Index("tax")); f != nil || opening != nil {
		t.Errorf("an input has a formula: %v %v", f, opening)
	}
}

// TestSays: every function is read aloud, and binds as tightly as Explain puts parentheses.
func TestSays(t *testing.T) {
	for name := range functions {
		if text, _ := Says(name); text.ZH == "" {
			t.Errorf("%s is not read aloud", name)
		}
	}
	for name, want := range map[string]int{"+": 4, "*": 5, "when": 1, "ratio": 5, "max": 0} {
		if _, binds := Says(name); binds != want {
			t.Errorf("%s binds %d, want %d", name, binds, want)
		}
	}
	if text, binds := Says("no_such"); text.ZH != "" || binds != 0 {
		t.Error("a function that there is none of is read aloud")
	}
}
