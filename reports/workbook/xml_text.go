package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// whole is how much of a text that goes on is whole characters and line ends.
func whole(text []byte) int {
	n := len(text)
	for i := n - 1; i > 0 && i > n-utf8.UTFMax; i-- {
		switch {
		case text[i] == '\r' && i == n-1:
			return i
		case utf8.RuneStart(text[i]) && utf8.FullRune(text[i:]):
			return n
		case utf8.RuneStart(text[i]):
			return i
		}
	}
	return n
}

// plainText is a stretch of text with its lines ending as XML has it, in place; nil if a character is none that XML can hold.
func plainText(text []byte) []byte {
	out := text[:0]
	for i := 0; i < len(text); {
		switch b := text[i]; {
		case b == '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				out = append(out, '\n')
			}
			i++
		case b >= ' ' && b < utf8.RuneSelf || b == '\n' || b == '\t':
			out = append(out, b)
			i++
		default:
			r, n := utf8.DecodeRune(text[i:])
			if n == 1 || r == 0xFFFE || r == 0xFFFF {
				return nil
			}
			out = append(out, text[i:i+n]...)
			i += n
		}
	}
	return out
}

// reference is the character that &name; stands for.
func reference(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, base := strings.CutPrefix(string(name), "#x")
	radix := 16
	if !base {
		if digits, base = strings.CutPrefix(string(name), "#"); !base {
			return 0, false
		}
		radix = 10
	}
	n, err := strconv.ParseUint(digits, radix, 32)
	return rune(n), err == nil && n <= utf8.MaxRune && (n >= ' ' || n == '\t' || n == '\n' || n == '\r') && utf8.ValidRune(rune(n)) && n != 0xFFFE && n != 0xFFFF
}

// xmlName tells whether this is a name without a prefix. The format has none but of ASCII, and the editions of XML differ in what else a name may be of.
func xmlName(name []byte) bool {
	for i, b := range name {
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
		if !letter && (i == 0 || b != '-' && b != '.' && (b < '0' || b > '9')) {
			return false
		}
	}
	return len(name) > 0
}

// internName spares the names that come a million times an allocation each.
func internName(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "f":
		return "f"
	case "t":
		return "t"
	case "is":
		return "is"
	case "r":
		return "r"
	case "si":
		return "si"
	case "row":
		return "row"
	}
	return string(name)
}

func cutPrefix(name []byte) (prefix, local []byte) {
	if p, l, ok := bytes.Cut(name, []byte(":")); ok {
		return p, l
	}
	return nil, name
}

// attributeText replaces what stands for characters, in place.
func attributeText(raw []byte) ([]byte, bool) {
	out := raw[:0]
	for len(raw) > 0 {
		n := bytes.IndexByte(raw, '&')
		if n < 0 {
			n = len(raw)
		}
		part := plainText(raw[:n])
		if part == nil && n > 0 {
			return nil, false
		}
		for _, b := range part {
			if b == '\n' || b == '\t' {
				b = ' '
			}
			out = append(out, b)
		}
		if raw = raw[n:]; len(raw) == 0 {
			break
		}
		name, rest, ok := bytes.Cut(raw[1:], []byte(";"))
		r, known := reference(name)
		if !ok || !known {
			return nil, false
		}
		out, raw = utf8.AppendRune(out, r), rest
	}
	return out, true
}

func xmlBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// blanks is how many stand at the start.
func blanks(text []byte) (n int) {
	for n < len(text) && xmlBlank(text[n]) {
		n++
	}
	return n
}

// unblanks is how many bytes stand before the first blank.
func unblanks(text []byte) (n int) {
	for n < len(text) && !xmlBlank(text[n]) {
		n++
	}
	return n
}

func unblank(text []byte) []byte {
	for len(text) > 0 && xmlBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}
