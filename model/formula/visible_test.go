package formula_test

import (
	"testing"

	"zhencai/model/formula"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"税收　1,200 ％ é 😀":        "税收　1,200 ％ é 😀",
		"a\x1b[2Jb":             "a⟨U+001B⟩[2Jb",
		"a\u009b2Jb":            "a⟨U+009B⟩2Jb",
		"a\x9bb":                "a\uFFFDb",
		"a\u202Eb\u2066c":       "a⟨U+202E⟩b⟨U+2066⟩c",
		"a\u200bb\ufeffc\u00ad": "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+00AD⟩",
		"a\nb\rc\td\x00\x7f":    "a⟨U+000A⟩b⟨U+000D⟩c d⟨U+0000⟩⟨U+007F⟩",
		"a\u2028b\u2029c":       "a⟨U+2028⟩b⟨U+2029⟩c",
		"a\U000E0041b":          "a⟨U+E0041⟩b",
	} {
		if got := formula.Visible(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := formula.Visible("a\n\tb\x1b", '\n', '\t'); got != "a\n\tb⟨U+001B⟩" {
		t.Errorf("what is kept: %q", got)
	}
}
