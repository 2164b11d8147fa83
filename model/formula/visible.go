package formula

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Visible is a text from elsewhere as it may stand on one line of a terminal: characters that would steer the screen, reverse the reading direction or not
// show at all are written out as ⟨U+202E⟩, a tab as a blank, bytes that are no text as �. What is kept stays as it is.
func Visible(s string, kept ...rune) string {
	harmless := func(r rune) bool {
		return slices.Contains(kept, r) || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
	}
	if s = strings.ToValidUTF8(s, "\uFFFD"); !strings.ContainsFunc(s, func(r rune) bool { return !harmless(r) }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case harmless(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteByte(' ')
		default:
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		}
	}
	return b.String()
}
