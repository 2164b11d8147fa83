package ledger

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// node is a part of a plan file as written: a text, a list, or keys with their values in order. A nil node is a part that is not there.
type node struct {
	text   string
	list   []*node
	keys   []string
	fields map[string]*node
}

// Plan is a plan file, with what its layers change still apart.
type Plan struct{ root *node }

// Open reads a plan: a file, or a folder with plan.yaml, what that includes, and layers in files of their own (R A plan).
func Open(path string) (*Plan, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() {
		path = filepath.Join(path, "plan.yaml")
	}
	root, err := readFile(path)
	if err != nil {
		return nil, err
	}
	for _, name := range root.at("include").parts() {
		more, err := readFile(filepath.Join(filepath.Dir(path), name.text))
		if err != nil {
			return nil, err
		}
		for _, key := range more.keys {
			root.put(key, more.fields[key])
		}
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "layers", "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		layer, err := readFile(file)
		if err != nil {
			return nil, err
		}
		if root.at("layers") == nil {
			root.put("layers", &node{fields: map[string]*node{}})
		}
		root.at("layers").put(strings.TrimSuffix(filepath.Base(file), ".yaml"), layer)
	}
	return &Plan{root}, nil
}

func readFile(path string) (*node, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	root, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return root, nil
}

func read(text []byte) (*node, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&doc); err != nil {
		return nil, err
	}
	return fromYAML(&doc), nil
}

func fromYAML(y *yaml.Node) *node {
	switch y.Kind {
	case yaml.DocumentNode:
		return fromYAML(y.Content[0])
	case yaml.AliasNode:
		return fromYAML(y.Alias)
	case yaml.SequenceNode:
		n := &node{list: []*node{}}
		for _, c := range y.Content {
			n.list = append(n.list, fromYAML(c))
		}
		return n
	case yaml.MappingNode:
		n := &node{fields: map[string]*node{}}
		for i := 0; i < len(y.Content); i += 2 {
			n.put(y.Content[i].Value, fromYAML(y.Content[i+1]))
		}
		if value := n.fields["value"]; value != nil { // a value with its source beside it
			return value
		}
		return n
	}
	return &node{text: y.Value}
}

// at is the part of a path of keys, nil if it is not there.
func (n *node) at(path ...string) *node {
	for _, key := range path {
		if n == nil {
			return nil
		}
		n = n.fields[key]
	}
	return n
}

// put adds a key or replaces what it says; two maps under one key of a plan and its included files are joined.
func (n *node) put(key string, value *node) {
	if n.fields == nil {
		n.fields = map[string]*node{}
	}
	if _, there := n.fields[key]; !there {
		n.keys = append(n.keys, key)
	}
	n.fields[key] = value
}

func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := &node{text: n.text, keys: slices.Clone(n.keys)}
	for _, part := range n.list {
		c.list = append(c.list, part.clone())
	}
	if n.fields != nil {
		c.fields = map[string]*node{}
		for key, part := range n.fields {
			c.fields[key] = part.clone()
		}
	}
	return c
}

// names are the keys, in the order of the file.
func (n *node) names() []string {
	if n == nil {
		return nil
	}
	return n.keys
}

func (n *node) yes() bool { return n != nil && slices.Contains([]string{"yes", "true", "是"}, n.text) }

// number is a value that stands for all years.
func (n *node) number(absent dec) dec {
	if n == nil {
		return absent
	}
	d, ok := readNumber(n.text)
	if !ok {
		fail("%q is not a number", n.text)
	}
	return d
}

func (n *node) int(absent int) int { return int(n.number(whole(absent)).IntPart()) }

var aYear = regexp.MustCompile(`^\d{4}$`)

// named is the value given for a year by name, and the latest year named up to it.
func (n *node) named(year int) (value *node, latest int) {
	for _, key := range n.keys {
		if y, err := strconv.Atoi(key); err == nil && aYear.MatchString(key) && y <= year && y >= latest {
			value, latest = n.fields[key], y
		}
	}
	return value, latest
}

// byYear is whether a map has years for keys.
func (n *node) byYear() bool { return slices.ContainsFunc(n.keys, aYear.MatchString) }

// held is a parameter's value in a plan year: one for all, a list by year, or a map whose values hold until the next (M Conventions).
func (l *Ledger) held(n *node, year int, absent dec) dec {
	switch {
	case n == nil:
		return absent
	case n.list != nil:
		if i := year - l.first; i >= 0 && i < len(n.list) {
			return n.list[i].number(absent)
		}
		fail("a list of %d values has none for %d", len(n.list), year)
	case n.fields != nil:
		value, _ := n.named(year)
		return value.number(absent)
	}
	return n.number(absent)
}

// event is an amount that happens in the years named and is 0 in the others (D Amounts in named years).
func (l *Ledger) event(n *node, year int) dec {
	switch {
	case n == nil:
		return zero
	case n.list != nil:
		return l.held(n, year, zero)
	case n.fields != nil:
		if value, latest := n.named(year); latest == year {
			return value.number(zero)
		}
		return zero
	}
	return n.number(zero)
}

// past is an amount of a history year: a list by year, or a map that may leave out years in which there was nothing.
func (l *Ledger) past(n *node, year int) dec {
	if n != nil && n.list != nil {
		if i := year - l.oldest; i >= 0 && i < len(n.list) {
			return n.list[i].number(zero)
		}
		return zero
	}
	return l.event(n, year)
}
