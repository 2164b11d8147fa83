package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"zhencai/model"
	"zhencai/model/formula"
)

// lineColumns is how much of a long source line is shown.
const lineColumns = 100

// Render writes a problem for a terminal: where it is, what is wrong, the line with a caret run under the text meant, and what to do.
func Render(p model.Problem, lang formula.Lang, src *Sources) string {
	var b strings.Builder
	if p.Pos.File != "" {
		b.WriteString(formula.Visible(p.Pos.File))
		if p.Pos.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Pos.Line, p.Pos.Col)
		}
		b.WriteString(": ")
	}
	kind := text("错误：", "error: ")
	if p.Warning {
		kind = text("提醒：", "warning: ")
	}
	b.WriteString(kind.In(lang) + formula.Visible(p.Text.In(lang)) + "\n")
	if src != nil && p.Pos.Line > 0 {
		if line := src.Line(p.Pos.File, p.Pos.Line); strings.TrimSpace(line) != "" {
			underline(&b, line, p.Pos)
		}
	}
	if hint := p.Hint.In(lang); hint != "" {
		b.WriteString("  " + text("怎么办：", "hint: ").In(lang) + formula.Visible(hint) + "\n")
	}
	return b.String()
}

// NamedWarnings is how many warnings are named where they are only counted.
const NamedWarnings = 3

// Brief is a problem's place and what is wrong, in one line.
func Brief(p model.Problem) formula.Text {
	line := func(lang formula.Lang) string {
		first, _, _ := strings.Cut(Render(p, lang, nil), "\n")
		return first
	}
	return formula.Text{ZH: line(formula.ZH), EN: line(formula.EN)}
}

// underline shows the part of a line around the offending text, and carets below it.
func underline(b *strings.Builder, line string, at model.Pos) {
	raw, from, cutBefore, cutAfter := around(line, at.Col-1)
	to := min(from+max(at.Len, 1), max(len(raw), from+1))
	head, middle := []rune(formula.Visible(string(raw[:from]))), []rune(formula.Visible(string(raw[from:min(to, len(raw))])))
	runes := slices.Concat(head, middle, []rune(formula.Visible(string(raw[min(to, len(raw)):]))))
	from, to = len(head), len(head)+max(len(middle), 1)
	start, end := 0, len(runes)
	if cutBefore || cutAfter || columns(runes) > lineColumns {
		for start = from; start > 0 && columns(runes[start-1:from]) < lineColumns/3; start-- {
		}
		for end = start; end < len(runes) && columns(runes[start:end+1]) < lineColumns; end++ {
		}
		to = min(to, max(end, from+1))
	}
	before, after := "", ""
	if start > 0 || cutBefore {
		before = "..."
	}
	if end < len(runes) || cutAfter {
		after = "..."
	}
	carets := 1
	if from < len(runes) {
		carets = columns(runes[from:min(to, len(runes))])
	}
	fmt.Fprintf(b, "    %s%s%s\n", before, string(runes[start:end]), after)
	fmt.Fprintf(b, "    %s%s\n", strings.Repeat(" ", len(before)+columns(runes[start:from])), strings.Repeat("^", max(carets, 1)))
}

// around is the part of a line near a column that could be shown, where the column is in it, and whether there is more on either side.
func around(line string, col int) (part []rune, from int, before, after bool) {
	begin, n := 0, 0
	for i := range line {
		if n == col-4*lineColumns {
			begin = i
		}
		if n == col+4*lineColumns {
			line, after = line[:i], true
			break
		}
		n++
	}
	part, before = []rune(line[begin:]), begin > 0
	from = max(col, 0)
	if before {
		from = 4 * lineColumns
	}
	return part, min(from, len(part)), before, after
}

// columns is the width of text on a terminal: full-width characters take two.
func columns(runes []rune) (n int) {
	for _, r := range runes {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r):
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
