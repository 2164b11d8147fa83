package workbook

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// textOf reads the text of the root of a document, however it comes in.
func textOf(in io.Reader, buffer int) (string, error) {
	var text []byte
	x := &xmlReader{in: in, spent: usual.budget(0), buf: make([]byte, buffer)}
	err := x.document(mainSpace, "a", func() (err error) {
		text, err = x.text(text)
		return err
	})
	return string(text), err
}

// A document reads the same wherever the pieces in which it comes are cut.
func TestXMLPieces(t *testing.T) {
	text := strings.Repeat("税收é😀x\n<&>\"' ]", 40)
	doc := "\ufeff<?xml version=\"1.0\"?>\r\n<!-- <b> - 税收é😀>\r\n--><a " + mainNS + "\n><b>" + strings.NewReplacer("\n", "\r\n", "&", "&amp;", "<", "&#x3C;", ">", "&#62;").Replace(text) + "</b ><?x?>\t</a>\n"
	for name, in := range map[string]func() io.Reader{"at once": func() io.Reader { return strings.NewReader(doc) }, "byte by byte": func() io.Reader { return iotest.OneByteReader(strings.NewReader(doc)) },
		"halves": func() io.Reader { return iotest.HalfReader(strings.NewReader(doc)) }, "with the error": func() io.Reader { return iotest.DataErrReader(strings.NewReader(doc)) }} {
		for buffer := len(mainNS) + 8; buffer < 400; buffer++ {
			if got, err := textOf(in(), buffer); err != nil || got != text {
				t.Fatalf("%s, buffer of %d: %v %q", name, buffer, err, got)
			}
		}
	}
}

// What is not well formed, or what no spreadsheet program writes, is refused.
func TestXMLRefused(t *testing.T) {
	for _, inside := range []string{"<b>", "</b>", "<b></c>", "<b/></a><a>", "x</a>y<a>", "&unknown;", "&#0;", "&#xFFFE;", "&#xD800;", "&", "<b x=1/>", "<b x='1' x='2'/>", `<b x="<"/>`, `<b x="&bad;"/>`, `<bx="1"/>`, `<b x="1"y="2"/>`,
		"<1/>", "<:b/>", "<b:/>", "<b:c:d/>", "<税/>", "<b 税='1'/>", "<b n\u03F9='1'/>", "<?税?>", "< b/>", "<b", "<!--", "<!-- x --", "<?x", "<?x\x8e y?>", "<?1?>", "<??>", "<? x?>", "<?x \x01?>", `<?x "?>"?>`, "<?x <b>?>", `<?xml version="1.0"?>`, "<!-- a -- b -->", "<!-- --->", "<!--\x00-->", "<!--\xff-->",
		"<![CDATA[x]]>", "<!DOCTYPE a>", "\x00", "\xff", "\uFFFF", "<b x='\xff'/>", "<b/", "<"} {
		doc := "<a " + mainNS + ">" + inside + "</a>"
		x := &xmlReader{in: strings.NewReader(doc), spent: usual.budget(0), buf: make([]byte, 1<<10)}
		if err := x.document(mainSpace, "a", x.skip); err == nil {
			t.Errorf("read: %s", doc)
		}
	}
	for _, doc := range []string{"", " ", "<a/>", "x<a " + mainNS + "/>", `<?xml version="1.0" encoding="UTF-16"?><a ` + mainNS + "/>", `<?xml version="1.1"?><a ` + mainNS + "/>", `<?xml encoding="UTF-8"?><a ` + mainNS + "/>", `<?xml version="1.0" x="1"?><a ` + mainNS + "/>",
		`<a xmlns="urn:x"/>`, "<b " + mainNS + "/>"} {
		if _, err := textOf(bytes.NewReader([]byte(doc)), 1<<10); err == nil {
			t.Errorf("read: %q", doc)
		}
	}
}

// Formulas that a spreadsheet program writes in another way are the same; formulas that mean something else are not.
func TestCanonical(t *testing.T) {
	for _, c := range [][2]string{{"SUM( A1 , B2 )", "SUM(A1,B2)"}, {"假设!$H$1", "'假设'!$H$1"}, {"'甲 1'!A1 +2", "'甲 1'!A1+2"}, {`IF(A1="a b",1,0)`, `IF(A1="a b",1,0)`}, {`"a""b c"&A1`, `"a""b c"&A1`}, {"'It''s'!A1", "'It''s'!A1"}} {
		if canonical(c[0]) != canonical(c[1]) {
			t.Errorf("%s is %s, %s is %s", c[0], canonical(c[0]), c[1], canonical(c[1]))
		}
	}
	for _, c := range [][2]string{{"'甲 1'!A1", "甲1!A1"}, {"A B12", "AB12"}, {"A1:B2 C1:D2", "A1:B2C1:D2"}, {`"a b"`, `"ab"`}, {"'A1'!B1", "A1!B2"}, {"SUM(A1) (B1)", "SUM(A1)(B1)"}} {
		if canonical(c[0]) == canonical(c[1]) {
			t.Errorf("%s and %s are both %s", c[0], c[1], canonical(c[0]))
		}
	}
}
