package formula

import "fmt"

// Lang is a language of the product: zh (the default) or en.
type Lang string

// The two languages of every text in the product.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is one message in both languages, written side by side where it arises.
type Text struct{ ZH, EN string }

// In gives the text in a language; a text without English falls back to Chinese.
func (t Text) In(l Lang) string {
	if l == EN && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// Textf formats both languages with the same arguments. An argument that is itself a Text appears in the matching language.
func Textf(zh, en string, args ...any) Text {
	pick := func(l Lang) []any {
		out := make([]any, len(args))
		for i, a := range args {
			if t, ok := a.(Text); ok {
				a = t.In(l)
			}
			out[i] = a
		}
		return out
	}
	return Text{fmt.Sprintf(zh, pick(ZH)...), fmt.Sprintf(en, pick(EN)...)}
}

// Span is a stretch of a formula, in bytes.
type Span struct{ From, To int }

// Error is something wrong with one formula: where in its text, what, and what to do.
type Error struct {
	Line    string // address of the line
	Formula string // its text
	Span    Span
	Year    int // 0 unless it happened in one year
	Text    Text
}

func (e *Error) Error() string { return e.In(EN) }

// In gives the message in a language, without the formula.
func (e *Error) In(l Lang) string {
	if e.Year != 0 {
		return fmt.Sprintf("%s (%d): %s", e.Line, e.Year, e.Text.In(l))
	}
	return e.Line + ": " + e.Text.In(l)
}
