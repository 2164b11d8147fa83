package workbook

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// xmlReader reads the XML of a part, element by element, in the memory of its buffer. It knows namespaces, checks that what it reads is well formed, and
// refuses what no spreadsheet program writes: another encoding than UTF-8, a document type, CDATA, one attribute twice.
//
// The one of the standard library holds a whole text, comment and tag in memory, however long, lets an attribute stand twice, and needs twice the time.
type xmlReader struct {
	in      io.Reader
	spent   *budget
	buf     []byte // what is read and not yet taken is buf[at:end]; a tag must fit
	at, end int
	over    bool // in is at its end

	open  []string  // names of the open elements as written
	bound []binding // prefixes in force, the innermost last
	plain space     // that of names without a prefix
	seen  bool      // the root element has begun
	ends  bool      // the tag just read was <x/>: its end comes next

	space space
	local []byte // of the element that begins; good until the next piece
	attrs []xmlAttribute
	chunk []byte // of text
	rune  [utf8.UTFMax]byte
}

// xmlAttribute is an attribute as written: its name with prefix, its value with references replaced.
type xmlAttribute struct{ name, value []byte }

type binding struct {
	prefix string
	space  space
	depth  int
}

// space is a namespace of the few that matter here.
type space int

const (
	noSpace space = iota
	mainSpace
	relationsSpace // of r:id
	packageSpace   // of the parts that list relationships
	otherSpace
)

// spaces are the namespaces as Excel writes them, and as it does in the strict variant of the format.
var spaces = map[string]space{
	"": noSpace,
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":           mainSpace,
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                       mainSpace,
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships": relationsSpace,
	"http://purl.oclc.org/ooxml/officeDocument/relationships":             relationsSpace,
	"http://schemas.openxmlformats.org/package/2006/relationships":        packageSpace,
}

// xmlPiece is what comes next in a part.
type xmlPiece int

const (
	atEnd xmlPiece = iota
	elementBegins
	elementEnds
	someText // not always the whole text between two tags
)

var errXML = errors.New("not well formed")

// is tells whether the element that begins is this one.
func (x *xmlReader) is(s space, local string) bool { return x.space == s && string(x.local) == local }

// attribute is the value of an attribute without a prefix.
func (x *xmlReader) attribute(name string) string {
	for _, a := range x.attrs {
		if string(a.name) == name {
			return string(a.value)
		}
	}
	return ""
}

// attributeOf is the value of an attribute in a namespace.
func (x *xmlReader) attributeOf(s space, local string) string {
	for _, a := range x.attrs {
		if prefix, name, ok := bytes.Cut(a.name, []byte(":")); ok && string(name) == local && x.lookUp(prefix) == s {
			return string(a.value)
		}
	}
	return ""
}

// document reads a whole part, whose root must be this element; inside is called for every child, and must read it to its end.
func (x *xmlReader) document(s space, local string, inside func() error) error {
	p, err := x.next()
	for err == nil && p == someText {
		p, err = x.next()
	}
	if err != nil {
		return err
	}
	if p != elementBegins || !x.is(s, local) {
		return errXML
	}
	if err := x.children(inside); err != nil {
		return err
	}
	for p, err = x.next(); err == nil && p != atEnd; p, err = x.next() {
	}
	return err
}

// children reads the element that has begun to its end, and calls inside for every child. Text between them is none of ours.
func (x *xmlReader) children(inside func() error) error {
	for {
		p, err := x.next()
		if err != nil || p == elementEnds {
			return err
		}
		if p == elementBegins {
			if err := inside(); err != nil {
				return err
			}
		}
	}
}

// skip reads the element that has begun to its end. What we read elsewhere may not stand in it: programs differ in what they make of that.
func (x *xmlReader) skip() error {
	if x.space == mainSpace && (string(x.local) == "sheetData" || string(x.local) == "sheets") {
		return cannotRead("有一处 %s 不在它该在的地方", "there is a %s where none belongs", string(x.local))
	}
	return x.children(x.skip)
}

// text appends the text of the element that has begun, and reads it to its end; an element inside is an error.
func (x *xmlReader) text(to []byte) ([]byte, error) {
	for {
		p, err := x.next()
		switch {
		case err != nil || p == elementEnds:
			return to, err
		case p == elementBegins:
			return to, errXML
		}
		if to = append(to, x.chunk...); len(to) > x.spent.piece {
			return to, cannotRead("有一格的内容超过 %d 字节", "a cell holds more than %d bytes", x.spent.piece)
		}
	}
}

// next reads to the next piece. Comments and processing instructions are passed over, and counted.
func (x *xmlReader) next() (xmlPiece, error) {
	if x.ends {
		x.ends = false
		x.close()
		return elementEnds, nil
	}
	for {
		if !x.need(1) {
			if len(x.open) > 0 || !x.seen {
				return atEnd, errXML
			}
			return atEnd, nil
		}
		if x.buf[x.at] != '<' {
			if err := x.characters(); err != nil {
				return atEnd, err
			}
			return someText, nil
		}
		if err := x.spent.tokens.take(1); err != nil {
			return atEnd, err
		}
		x.need(4)
		switch rest := x.buf[x.at:x.end]; {
		case bytes.HasPrefix(rest, []byte("</")):
			tag, err := x.tag(2)
			if err != nil {
				return atEnd, err
			}
			if depth := len(x.open); depth == 0 || string(unblank(tag)) != x.open[depth-1] {
				return atEnd, errXML
			}
			x.close()
			return elementEnds, nil
		case bytes.HasPrefix(rest, []byte("<?")):
			if err := x.instruction(); err != nil {
				return atEnd, err
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if err := x.comment(); err != nil {
				return atEnd, err
			}
		case bytes.HasPrefix(rest, []byte("<!")):
			return atEnd, cannotRead("文件里有 DOCTYPE 或 CDATA，不予读取", "the file has a DOCTYPE or CDATA: it is not read")
		default:
			return elementBegins, x.begin()
		}
	}
}

// need has at least n bytes ready, if there are that many.
func (x *xmlReader) need(n int) bool {
	if x.end-x.at >= n {
		return true
	}
	if x.at > 0 {
		x.at, x.end = 0, copy(x.buf, x.buf[x.at:x.end])
	}
	for x.end < n && !x.over {
		got, err := x.in.Read(x.buf[x.end:])
		x.end += got
		x.over = err != nil // one that is no end is found when the part is closed
	}
	return x.end >= n
}

// characters takes text up to the next tag, reference or end of what is read.
func (x *xmlReader) characters() error {
	if len(x.open) == 0 && x.buf[x.at] == 0xEF && x.need(3) && string(x.buf[x.at:x.at+3]) == "\ufeff" && !x.seen {
		x.at += 3
		x.chunk = nil
		return nil
	}
	if x.buf[x.at] == '&' {
		x.need(12)
		n := bytes.IndexByte(x.buf[x.at:min(x.end, x.at+12)], ';')
		if n < 0 || len(x.open) == 0 {
			return errXML
		}
		r, ok := reference(x.buf[x.at+1 : x.at+n])
		x.chunk = utf8.AppendRune(x.rune[:0], r)
		x.at += n + 1
		return errUnless(ok)
	}
	x.need(utf8.UTFMax) // the least that decides how a character goes on
	rest, n := x.buf[x.at:x.end], 0
	for n < len(rest) && rest[n] != '<' && rest[n] != '&' {
		n++
	}
	if n == len(rest) && !x.over {
		n = whole(rest)
	}
	x.chunk = plainText(x.buf[x.at : x.at+n])
	x.at += n
	return errUnless(x.chunk != nil && (len(x.open) > 0 || blanks(x.chunk) == len(x.chunk)))
}

func errUnless(ok bool) error {
	if !ok {
		return errXML
	}
	return nil
}

// tag takes a whole tag and gives what stands in it after its first bytes.
func (x *xmlReader) tag(first int) ([]byte, error) {
	quote := byte(0)
	for i := first; ; i++ {
		if x.at+i >= x.end && (i >= len(x.buf) || !x.need(i+1)) {
			return nil, x.unfinished()
		}
		switch b := x.buf[x.at+i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			tag := x.buf[x.at+first : x.at+i]
			x.at += i + 1
			return tag, errUnless(utf8.Valid(tag))
		}
		if x.buf[x.at+i] == '<' {
			return nil, errXML
		}
	}
}

// unfinished is a tag that does not end: because the part does, or because it is longer than any.
func (x *xmlReader) unfinished() error {
	if x.over {
		return errXML
	}
	return cannotRead("有一个标记超过 %d 字节", "a tag is longer than %d bytes", len(x.buf))
}

// comment passes over <!--...-->, in which no -- may stand.
func (x *xmlReader) comment() error {
	const end = "-->"
	for x.at += len("<!--"); ; {
		x.need(len(end) + utf8.UTFMax)
		rest := x.buf[x.at:x.end]
		n := bytes.Index(rest, []byte(end[:2]))
		found := n >= 0
		if !found && !x.over {
			n = whole(rest[:len(rest)-1])
		}
		if n < 0 || plainText(rest[:n]) == nil {
			return errXML
		}
		if x.at += n; found {
			x.need(len(end))
			ends := bytes.HasPrefix(x.buf[x.at:x.end], []byte(end))
			x.at += len(end)
			return errUnless(ends)
		}
	}
}

// instruction passes over <?...?>. What the first says of the encoding must be true. One with a tag in it is refused.
func (x *xmlReader) instruction() error {
	text, err := x.tag(2)
	if err != nil {
		return err
	}
	text, ends := bytes.CutSuffix(plainText(text), []byte("?"))
	name := text[:unblanks(text)]
	if !ends || !xmlName(name) || bytes.Contains(text, []byte("?>")) {
		return errXML
	}
	if string(name) != "xml" {
		return nil
	}
	if err := x.attributes(text[len(name):]); err != nil {
		return err
	}
	for _, a := range x.attrs {
		switch string(a.name) {
		case "version", "standalone":
		case "encoding":
			if !strings.EqualFold(string(a.value), "utf-8") {
				return cannotRead("文件里的 XML 不是 UTF-8", "the XML in the file is not UTF-8")
			}
		default:
			return errXML
		}
	}
	return errUnless(!x.seen && x.attribute("version") == "1.0")
}

// begin takes the tag that begins an element, with its attributes and namespaces.
func (x *xmlReader) begin() error {
	tag, err := x.tag(1)
	if err != nil {
		return err
	}
	if x.seen && len(x.open) == 0 {
		return errXML
	}
	if x.seen = true; len(x.open) == x.spent.nesting {
		return cannotRead("文件里的 XML 嵌套过深", "the XML in the file is nested too deeply")
	}
	tag, x.ends = bytes.CutSuffix(tag, []byte("/"))
	n := unblanks(tag)
	x.open = append(x.open, internName(tag[:n]))
	if err := x.attributes(tag[n:]); err != nil {
		return err
	}
	prefix, local := cutPrefix(tag[:n])
	x.local, x.space = local, x.plain
	if len(prefix) > 0 {
		x.space = x.lookUp(prefix)
	}
	return errUnless(xmlName(local) && (n == len(local) || xmlName(prefix)))
}

// attributes takes the attributes of a tag, and binds the prefixes that they declare.
func (x *xmlReader) attributes(text []byte) error {
	x.attrs = x.attrs[:0]
	for {
		rest := text[blanks(text):]
		if len(rest) == 0 {
			return nil
		}
		name, value, ok := bytes.Cut(rest, []byte("="))
		name, value = unblank(name), value[blanks(value):]
		prefix, local := cutPrefix(name)
		if !ok || len(rest) == len(text) || !xmlName(local) || len(prefix)+len(local) < len(name) && !xmlName(prefix) || len(value) < 2 || value[0] != '"' && value[0] != '\'' {
			return errXML
		}
		n := bytes.IndexByte(value[1:], value[0])
		if n < 0 {
			return errXML
		}
		if text = value[n+2:]; len(x.attrs) == x.spent.attributes {
			return cannotRead("一个标记里的属性超过 %d 个", "a tag has more than %d attributes", x.spent.attributes)
		}
		for _, a := range x.attrs {
			if bytes.Equal(a.name, name) {
				return errXML
			}
		}
		value, ok = attributeText(value[1 : n+1])
		if !ok {
			return errXML
		}
		x.attrs = append(x.attrs, xmlAttribute{name, value})
		switch {
		case string(prefix) == "xmlns":
			x.bind(string(local), string(value))
		case string(name) == "xmlns":
			x.bind("", string(value))
		}
	}
}

func (x *xmlReader) bind(prefix, name string) {
	s, known := spaces[name]
	if !known {
		s = otherSpace
	}
	x.bound = append(x.bound, binding{prefix, s, len(x.open)})
	x.plain = x.lookUp(nil)
}

// lookUp is the namespace of a prefix.
func (x *xmlReader) lookUp(prefix []byte) space {
	for i := len(x.bound) - 1; i >= 0; i-- {
		if x.bound[i].prefix == string(prefix) {
			return x.bound[i].space
		}
	}
	if len(prefix) == 0 {
		return noSpace
	}
	return otherSpace
}

// close ends the innermost element.
func (x *xmlReader) close() {
	depth := len(x.open)
	if n := len(x.bound); n > 0 && x.bound[n-1].depth == depth {
		for ; n > 0 && x.bound[n-1].depth == depth; n-- {
			x.bound = x.bound[:n-1]
		}
		x.plain = x.lookUp(nil)
	}
	x.open = x.open[:depth-1]
}
