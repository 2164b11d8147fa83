package workbook

import (
	"strconv"
	"strings"
)

// placeOf is the column and row of a reference such as $B$12; 0 if it is none.
func placeOf(ref string) (col, row int) {
	for _, r := range ref {
		switch {
		case r == '$':
		case r >= 'A' && r <= 'Z' && row == 0 && col < 100_000:
			col = col*26 + int(r-'A') + 1
		case r >= '0' && r <= '9' && col > 0 && row < 100_000_000:
			row = row*10 + int(r-'0')
		default:
			return 0, 0
		}
	}
	return col, row
}

// moved is a formula as it reads in a cell so many columns and rows away. References that are held stay.
func moved(text string, cols, rows int) string {
	return references(text, func(ref string) string {
		col, row := placeOf(ref)
		if !strings.HasPrefix(ref, "$") {
			col += cols
		}
		if !strings.Contains(ref[1:], "$") {
			row += rows
		}
		column, line := letters(col), strconv.Itoa(row)
		if strings.HasPrefix(ref, "$") {
			column = "$" + column
		}
		if strings.Contains(ref[1:], "$") {
			line = "$" + line
		}
		return column + line
	})
}

// references rewrites the cell references of a formula, leaving texts and sheet names alone.
func references(text string, rewrite func(string) string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		b := text[i]
		switch {
		case b == '"' || b == '\'':
			j := quotedEnd(text, i)
			out.WriteString(text[i:j])
			i = j
		case operand(b):
			j := i
			for j < len(text) && operand(text[j]) {
				j++
			}
			word := text[i:j]
			if _, row := placeOf(word); row > 0 && (j == len(text) || text[j] != '(' && text[j] != '!') {
				word = rewrite(word)
			}
			out.WriteString(word)
			i = j
		default:
			out.WriteByte(b)
			i++
		}
	}
	return out.String()
}

// canonical is a formula as all programs that save a file agree on: names of sheets in quotes, and no blanks but those that are an operator.
func canonical(text string) string {
	var out strings.Builder
	blank := false
	for i := 0; i < len(text); {
		b, j := text[i], i+1
		switch {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r':
			blank = true
			i++
			continue
		case b == '"' || b == '\'':
			j = quotedEnd(text, i)
		case operand(b):
			for j < len(text) && operand(text[j]) {
				j++
			}
		}
		token := text[i:j]
		if before := out.String(); blank && before != "" && (operand(before[len(before)-1]) || strings.ContainsRune(`"')}`, rune(before[len(before)-1]))) && (operand(b) || strings.ContainsRune(`"'({`, rune(b))) {
			out.WriteByte(' ') // between two ranges it means what they have in common
		}
		if blank, i = false, j; operand(b) && j < len(text) && text[j] == '!' {
			token = "'" + token + "'"
		}
		out.WriteString(token)
	}
	return out.String()
}

// quotedEnd is where a text or a sheet's name in quotes ends that begins at a place; a quote in it is doubled.
func quotedEnd(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		if text[j] == text[i] {
			if j+1 == len(text) || text[j+1] != text[i] {
				return j + 1
			}
			j++
		}
	}
	return len(text)
}

// operand tells whether a byte is one of a name, a number or a reference.
func operand(b byte) bool {
	return b == '$' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '.' || b >= 0x80
}
