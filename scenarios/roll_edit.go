package scenarios

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"zhencai/model"
	"zhencai/model/formula"
)

// manuscript is the files of a plan as YAML, to be edited with their comments.
type manuscript struct {
	l      *loader
	docs   []*yaml.Node // by file, as in Sources
	at     map[mark]*yaml.Node
	parent map[*yaml.Node]*yaml.Node
}

// mark is a place in a file. A mapping begins where its first key does.
type mark struct {
	file      string
	line, col int
	kind      yaml.Kind
}

// manuscript reads the files of a plan that was loaded. It is nil after a problem.
func (l *loader) manuscript() *manuscript {
	m := &manuscript{l: l, at: map[mark]*yaml.Node{}, parent: map[*yaml.Node]*yaml.Node{}}
	for _, f := range l.sources.files {
		doc := &yaml.Node{}
		if err := yaml.Load(f.data, doc); err != nil {
			return nil // it was read before
		}
		m.docs = append(m.docs, doc)
		m.index(f.name, doc)
	}
	if l.failed() {
		return nil
	}
	return m
}

func (m *manuscript) index(file string, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		m.l.fail("roll_alias", model.Pos{File: file, Line: n.Line, Col: n.Column, Len: len(n.Value) + 1}, formula.Textf("引用 *%s：结转时一处的数会改到别处", "the alias *%s: rolling forward would change one place with the other", n.Value), text("把内容直接写出，再结转", "write the content out, then roll"))
		return
	}
	k := mark{file, n.Line, n.Column, n.Kind}
	if m.at[k] == nil {
		m.at[k] = n
	}
	for _, child := range n.Content {
		m.parent[child] = n
		m.index(file, child)
	}
}

// value is the node that stands under the key written at a place; nil if there is none.
func (m *manuscript) value(key model.Pos) *yaml.Node {
	k := m.at[mark{key.File, key.Line, key.Col, yaml.ScalarNode}]
	if k == nil {
		return nil
	}
	in := m.parent[k].Content
	if i := slices.Index(in, k); i >= 0 && i+1 < len(in) {
		return in[i+1]
	}
	return nil
}

// remove takes the key written at a place out of its mapping, with its value.
func (m *manuscript) remove(key model.Pos) {
	if k := m.at[mark{key.File, key.Line, key.Col, yaml.ScalarNode}]; k != nil {
		in := m.parent[k]
		if i := slices.Index(in.Content, k); i >= 0 {
			in.Content = slices.Delete(in.Content, i, i+2)
		}
	}
}

// top is the value of a key of the plan, and the document it stands in.
func (m *manuscript) top(key string) (value, in *yaml.Node) {
	for _, doc := range m.docs {
		if v := child(doc.Content[0], key); v != nil {
			return v, doc.Content[0]
		}
	}
	return nil, m.docs[0].Content[0]
}

// files are the plan's files as edited.
func (m *manuscript) files() (all []PlanFile, err error) {
	for i, f := range m.l.sources.files {
		data, err := yaml.Dump(m.docs[i], yaml.WithIndent(2), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
		if err != nil {
			return nil, err
		}
		all = append(all, PlanFile{f.rel, blankLines(data, f.data)})
	}
	return all, nil
}

// blankLines sets blank lines before the sections that had one: YAML does not keep them.
func blankLines(data, before []byte) []byte {
	apart, blank := map[string]bool{"openings": true}, false
	for line := range bytes.Lines(before) {
		key, _, _ := bytes.Cut(line, []byte(":"))
		switch s := strings.TrimSpace(string(line)); {
		case s == "":
			blank = true
		case strings.HasPrefix(s, "#"):
		default:
			if line[0] != ' ' && blank {
				apart[string(key)] = true
			}
			blank = false
		}
	}
	var out, comment bytes.Buffer
	for line := range bytes.Lines(data) {
		if line[0] == '#' {
			comment.Write(line)
			continue
		}
		if key, _, _ := bytes.Cut(line, []byte(":")); apart[string(key)] && line[0] != ' ' {
			out.WriteByte('\n')
		}
		comment.WriteTo(&out)
		out.Write(line)
	}
	comment.WriteTo(&out)
	return bytes.TrimLeft(out.Bytes(), "\n")
}

// child is the value of a mapping's key; nil if it has none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func scalarNode(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// put sets a key of a mapping.
func put(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	n.Content = append(n.Content, scalarNode(key), value)
}

// drop takes a key out of a mapping.
func drop(n *yaml.Node, key string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = slices.Delete(n.Content, i, i+2)
			return
		}
	}
}

// reach is the mapping in which a parameter's last key stands, made where it is missing. A list is reached by position from 1.
func reach(n *yaml.Node, key string) (in *yaml.Node, last string) {
	parts := strings.Split(key, ".")
	for _, part := range parts[:len(parts)-1] {
		if k, err := strconv.Atoi(part); err == nil && n.Kind == yaml.SequenceNode {
			n = n.Content[k-1]
			continue
		}
		next := child(n, part)
		if next == nil {
			next = &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
			put(n, part, next)
		}
		n = next
	}
	return n, parts[len(parts)-1]
}

// found is what is written for a parameter; nil if nothing is.
func found(n *yaml.Node, key string) *yaml.Node {
	for part := range strings.SplitSeq(key, ".") {
		if k, err := strconv.Atoi(part); err == nil && n != nil && n.Kind == yaml.SequenceNode {
			n = n.Content[k-1]
			continue
		}
		n = child(n, part)
	}
	return n
}

// inner is what a value wrapped as {value: …, source: …} wraps, else the value.
func inner(n *yaml.Node) *yaml.Node {
	if v := child(n, "value"); v != nil {
		return v
	}
	return n
}

// say replaces what a node says by one text; its comments stay.
func say(n *yaml.Node, s string) {
	n.Kind, n.Tag, n.Value, n.Style, n.Content = yaml.ScalarNode, "", s, 0, nil
}

// written is a number as a plan writes it, as exactly as a plan can.
func written(d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Ratio {
		return d.Round(maxPlaces-2).Shift(2).String() + "%"
	}
	return d.Round(maxPlaces).String()
}

// years lists the positions of keys that are years in a mapping.
func yearsIn(n *yaml.Node) (at []int) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if yearShape.MatchString(n.Content[i].Value) {
			at = append(at, i)
		}
	}
	return at
}

// hold leaves of a series that holds until the next what holds after a year.
func hold(n *yaml.Node, year int) {
	if n.Kind == yaml.SequenceNode {
		n.Content = n.Content[1:]
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	var held *yaml.Node
	latest, next, place := 0, strconv.Itoa(year+1), -1
	for _, i := range yearsIn(n) {
		if y, _ := strconv.Atoi(n.Content[i].Value); y <= year && y > latest {
			latest, held = y, n.Content[i+1]
		}
	}
	kept := n.Content[:0:0]
	for i := 0; i+1 < len(n.Content); i += 2 {
		if y, err := strconv.Atoi(n.Content[i].Value); err == nil && yearShape.MatchString(n.Content[i].Value) && y <= year {
			place = len(kept)
			continue
		}
		kept = append(kept, n.Content[i], n.Content[i+1])
	}
	if held != nil && child(n, next) == nil {
		kept = slices.Insert(kept, max(place, 0), scalarNode(next), held)
	}
	n.Content = kept
}

// past takes what happened in a year out of a series of events. left is false if no event is left; fell is what fell out, empty if nothing did.
func past(n *yaml.Node, year int) (fell string, left bool) {
	if n.Kind == yaml.SequenceNode {
		fell, n.Content = n.Content[0].Value, n.Content[1:]
		return fell, len(n.Content) > 0
	}
	if n.Kind != yaml.MappingNode {
		return "", true
	}
	for _, i := range yearsIn(n) {
		if n.Content[i].Value == strconv.Itoa(year) {
			fell = n.Content[i+1].Value
			n.Content = slices.Delete(n.Content, i, i+2)
			break
		}
	}
	return fell, len(yearsIn(n)) > 0
}

// remembered adds a year to a series of history years.
func remembered(n *yaml.Node, year int, value decimal.Decimal, unit formula.Unit) {
	if n = inner(n); n.Kind == yaml.SequenceNode {
		n.Content = append(n.Content, scalarNode(written(value, unit)))
		return
	}
	if n.Kind != yaml.MappingNode { // a 0 for all years
		*n = yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	}
	put(n, strconv.Itoa(year), scalarNode(written(value, unit)))
}
