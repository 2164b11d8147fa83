package formula

import "testing"

// TestComparedQuotient: a quotient of amounts that is compared is found wherever it stands in a formula, and in the lines that are to be looked into; what
// is as exact as the amounts is not.
func TestComparedQuotient(t *testing.T) {
	for f, want := range map[string]string{
		"tax / fee >= 108%":               "tax / fee >= 108%",
		"tax > 0 and tax / fee - 1 >= 8%": "tax / fee - 1 >= 8%",
		"not 8% > (tax - fee) / fee":      "8% > (tax - fee) / fee",
		"max(tax / fee, 50%) * 2 < 3":     "max(tax / fee, 50%) * 2 < 3",
		"rise = 8%":                       "rise = 8%",
		"other = 8%":                      "",
		"tax / fee > 1":                   "",
		"tax / fee - 1 > 0":               "",
		"(tax - fee) / fee >= 0":          "",
		"tax >= fee * 108%":               "",
		"tax * (fee / tax) >= fee":        "",
	} {
		lines := []Line{{Name: "rise", Unit: Ratio, Formula: "tax / fee - 1"}, {Name: "other", Unit: Ratio, Formula: "tax / fee - 1"}, {Name: "gate", Unit: Flag, Formula: f}}
		p, _, errs := run(t, lines, nil)
		if len(errs) > 0 {
			t.Fatal(f, errs[0])
		}
		at, found := p.ComparedQuotient(p.Index("gate"), func(line int) bool { return line == p.Index("rise") })
		if got := f[at.From:at.To]; got != want || found != (want != "") {
			t.Errorf("%s: found %q, want %q", f, got, want)
		}
	}
}
