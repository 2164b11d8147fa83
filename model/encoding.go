package model

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// asUTF8 gives a text in UTF-8 without its mark, whatever encoding a spreadsheet saved it in: UTF-8 and UTF-16 by their marks; without one UTF-8, or GBK
// as Excel and WPS save a plain CSV on a Chinese Windows. not says what it is if it is no text.
func asUTF8(from io.Reader) (text *bufio.Reader, unmarked *unmarkedText, not Text) {
	raw := bufio.NewReaderSize(from, lookAhead)
	begin, _ := raw.Peek(4096) // what went wrong comes again when the text is read
	if bytes.HasPrefix(begin, []byte("\xff\xfe")) || bytes.HasPrefix(begin, []byte("\xfe\xff")) {
		return bufio.NewReader(transform.NewReader(raw, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())), &unmarkedText{}, not
	}
	if bytes.HasPrefix(begin, []byte(ByteOrderMark)) {
		raw.Discard(len(ByteOrderMark))
		return raw, &unmarkedText{}, NotText(begin)
	}
	unmarked = &unmarkedText{raw: raw}
	return bufio.NewReader(unmarked), unmarked, NotText(begin)
}

// lookAhead is how many bytes decide between UTF-8 and GBK, from the first on that is not ASCII. Chinese in GBK is hardly ever UTF-8 for a few
// characters; for thousands it never is.
const lookAhead = 16 << 10

// unmarkedText is a text without a mark: ASCII as long as nothing else comes, then UTF-8 or GBK to the end. What is neither becomes U+FFFD, or stays as it is.
type unmarkedText struct {
	raw *bufio.Reader
	GBK bool
	to  io.Reader // nil: only ASCII so far
}

func (t *unmarkedText) Read(p []byte) (int, error) {
	if t.to != nil {
		return t.to.Read(p)
	}
	if _, err := t.raw.Peek(1); err != nil {
		return 0, err
	}
	begin, _ := t.raw.Peek(t.raw.Buffered())
	if i := bytes.IndexFunc(begin, func(r rune) bool { return r >= utf8.RuneSelf }); i != 0 {
		if i > 0 {
			begin = begin[:i]
		}
		return t.raw.Read(p[:min(len(p), len(begin))])
	}
	begin, _ = t.raw.Peek(lookAhead)
	t.to = t.raw
	if t.GBK = !utf8.Valid(begin) && !cutOff(begin); t.GBK {
		t.to = transform.NewReader(t.raw, simplifiedchinese.GB18030.NewDecoder()) // GBK and what was added to it
	}
	return t.to.Read(p)
}

// cutOff tells whether bytes are UTF-8 but for a last character that goes on behind them.
func cutOff(begin []byte) bool {
	for n := 1; n < utf8.UTFMax && len(begin) == lookAhead; n++ {
		if rest := begin[len(begin)-n:]; utf8.RuneStart(rest[0]) {
			return !utf8.FullRune(rest) && utf8.Valid(begin[:len(begin)-n])
		}
	}
	return false
}
