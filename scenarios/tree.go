package scenarios

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"zhencai/model"
	"zhencai/model/formula"
)

type shape byte

const (
	scalar shape = iota
	list
	mapping
)

// node is a piece of a plan file, or of one scenario's view of it. Nodes are never changed once made: a layer makes new ones
// along the path it touches and shares the rest.
type node struct {
	shape  shape
	text   string // of a scalar
	null   bool   // a scalar with nothing in it
	quoted bool
	keys   []*node // of a mapping, scalars
	items  []*node // members of a list, values of a mapping
	pos    model.Pos

	def    bool             // stands for a default
	short  bool             // a list written in its short form
	split  bool             // a list in which a comma splits a number: it has been refused
	set    model.Pos        // where a layer put this node; zero if the plan wrote it
	number *decimal.Decimal // a number computed by a relative change, instead of the text (or beside it, if that is a method)
}

// get is the value of a mapping's key, nil if it has none.
func (n *node) get(key string) *node {
	if n == nil || n.shape != mapping {
		return nil
	}
	for i, k := range n.keys {
		if k.text == key {
			return n.items[i]
		}
	}
	return nil
}

// with is a mapping with one key set anew, or taken out if the value is nil.
func (n *node) with(key string, value *node) *node {
	c := *n
	c.keys, c.items, c.def = slices.Clone(n.keys), slices.Clone(n.items), false
	for i, k := range c.keys {
		if k.text != key {
			continue
		}
		if value == nil {
			c.keys, c.items = slices.Delete(c.keys, i, i+1), slices.Delete(c.items, i, i+1)
		} else {
			c.items[i] = value
		}
		return &c
	}
	if value != nil {
		c.keys, c.items = append(c.keys, &node{text: key, pos: value.pos}), append(c.items, value)
	}
	return &c
}

// describe names the shape of a node for a message.
func (n *node) describe() model.Text {
	switch {
	case n.shape == list:
		return text("一个列表", "a list")
	case n.shape == mapping:
		return text("一组键值", "a mapping")
	case n.null:
		return text("空白", "nothing")
	}
	return model.Text{ZH: show(n.text), EN: show(n.text)}
}

// convert turns the YAML of one file into nodes: aliases are followed, merge keys applied, duplicate keys reported.
// It is nil if a limit is passed.
type converter struct {
	l     *loader
	file  string
	shift model.Pos // added to positions
	done  map[*yaml.Node]*node
	sizes map[*node]int // nodes under it, aliases followed
	open  map[*yaml.Node]bool
	over  bool
}

func (l *loader) convert(y *yaml.Node, file string, shift model.Pos) *node {
	c := &converter{l: l, file: file, shift: shift, done: map[*yaml.Node]*node{}, sizes: map[*node]int{}, open: map[*yaml.Node]bool{}}
	n := c.node(y, 0)
	if c.over {
		return nil
	}
	return n
}

func (c *converter) pos(y *yaml.Node) model.Pos {
	p := model.Pos{File: c.file, Line: y.Line + c.shift.Line, Col: y.Column + c.shift.Col, Len: 1}
	if y.Kind == yaml.ScalarNode {
		p.Len = max(1, utf8.RuneCountInString(y.Value))
		if y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
			p.Len += 2
		}
	}
	return p
}

// stop ends the conversion at a passed limit, with one message.
func (c *converter) stop(code string, at model.Pos, t, hint model.Text) *node {
	if !c.over {
		c.l.fail(code, at, t, hint)
	}
	c.over = true
	return &node{pos: at}
}

// count adds to the size of the plan; an alias counts as what it stands for.
func (c *converter) count(at model.Pos, n int) bool {
	c.l.nodes += n
	if c.l.nodes > maxNodes && !c.over {
		c.stop("too_many_values", at, formula.Textf("计划文件里的数据超过 %d 项（引用展开后）", "the plan holds more than %d values (aliases followed)", maxNodes),
			text("减少数据，或去掉层层嵌套的引用（*名称）", "use less data, or remove nested aliases (*name)"))
	}
	return !c.over
}

func (c *converter) node(y *yaml.Node, depth int) *node {
	at := c.pos(y)
	if c.over || !c.count(at, 1) {
		return &node{pos: at}
	}
	if depth > maxDepth {
		return c.stop("too_deep", at, formula.Textf("嵌套超过 %d 层", "nested more than %d deep", maxDepth), text("计划文件不需要这么深的嵌套，检查括号", "a plan needs no such nesting; check the brackets"))
	}
	if y.Kind == yaml.AliasNode {
		return c.alias(y, at, depth)
	}
	before := c.l.nodes
	c.open[y] = true
	defer delete(c.open, y)
	n := &node{pos: at}
	switch y.Kind {
	case yaml.SequenceNode:
		n.shape = list
		for _, item := range y.Content {
			n.items = append(n.items, c.node(item, depth+1))
		}
		if y.Style&yaml.FlowStyle != 0 {
			n.split = c.splitNumber(y.Content)
		}
	case yaml.MappingNode:
		n.shape = mapping
		c.mapping(n, y, depth)
	default:
		n.text, n.null = c.l.cut(y.Value, at), y.Tag == "!!null"
		n.quoted = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	}
	if y.Anchor != "" {
		c.done[y], c.sizes[n] = n, c.l.nodes-before
	}
	return n
}

// follows: does a scalar stand right after the comma behind another, with no blank?
func follows(before, y *yaml.Node) bool {
	return unquoted(before) && unquoted(y) && y.Line == before.Line && y.Column == before.Column+len(before.Value)+1
}

func unquoted(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
}

// splitNumber refuses a number that a comma splits in a list.
func (c *converter) splitNumber(items []*yaml.Node) bool {
	var list strings.Builder // as it is written, but for what is no number
	for i, item := range items {
		if i > 0 {
			list.WriteString(",")
			if !follows(items[i-1], item) {
				list.WriteString(" ")
			}
		}
		if unquoted(item) && !strings.Contains(item.Value, ",") {
			list.WriteString(item.Value)
		}
	}
	split, from := formula.FindSplit(list.String())
	if from < 0 {
		return false
	}
	at := c.pos(items[strings.Count(list.String()[:from], ",")])
	at.Len = len(split.Number)
	c.l.fail("split_number", at, split.Text(), split.Hint())
	return true
}

// cut refuses a text that is longer than anything in a plan needs to be, and goes on with its beginning.
func (l *loader) cut(s string, at model.Pos) string {
	if len(s) <= maxText || utf8.RuneCountInString(s) <= maxText {
		return s
	}
	l.tooLong(s, at, maxText)
	return string([]rune(s)[:maxText])
}

func (l *loader) tooLong(s string, at model.Pos, most int) {
	l.fail("text_too_long", at, formula.Textf("这里的文字有 %d 个字，最多 %d 个", "this text has %d characters, at most %d are allowed", utf8.RuneCountInString(s), most),
		text("写得短些；长的说明放在另外的文件里，在 note 或 source 里写它的名称", "make it shorter; keep a long text in a document of its own and name that in note or source"))
}

// isName: short enough for a heading or a cell beside a number.
func (l *loader) isName(n *node) bool {
	if utf8.RuneCountInString(n.text) <= maxName {
		return true
	}
	l.tooLong(n.text, n.pos, maxName)
	return false
}

func (c *converter) alias(y *yaml.Node, at model.Pos, depth int) *node {
	at.Len = utf8.RuneCountInString(y.Value) + 1
	if c.open[y.Alias] {
		return c.stop("alias_loop", at, formula.Textf("引用 *%s 指向包含它自己的内容", "the alias *%s stands inside what it names", y.Value), text("改为直接写出内容", "write the content out"))
	}
	n := c.done[y.Alias]
	if n == nil {
		n = c.node(y.Alias, depth)
	} else {
		c.count(at, c.sizes[n])
	}
	if depth+height(n, maxDepth) > maxDepth {
		return c.stop("too_deep", at, formula.Textf("嵌套超过 %d 层", "nested more than %d deep", maxDepth), text("计划文件不需要这么深的嵌套，检查括号", "a plan needs no such nesting; check the brackets"))
	}
	return n
}

// height is how deep a node is, no further than limit.
func height(n *node, limit int) int {
	h := 0
	for _, i := range n.items {
		if limit > 0 && i.shape != scalar {
			h = max(h, 1+height(i, limit-1))
		}
	}
	return h
}

func (c *converter) mapping(n *node, y *yaml.Node, depth int) {
	has := map[string]bool{}
	var merged []*node
	for i := 0; i+1 < len(y.Content) && !c.over; i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if i > 0 && v.Tag == "!!null" && v.Value == "" && follows(y.Content[i-1], k) { // {amount: 1,200}
			if split, from := formula.FindSplit(y.Content[i-1].Value + "," + k.Value); from == 0 {
				at := c.pos(y.Content[i-1])
				at.Len = len(split.Number)
				c.l.fail("split_number", at, formula.Textf("逗号把数 %s 拆开了：花括号里逗号用来分开各键", "a comma splits the number %s: inside { } it separates the keys", split.Number),
					formula.Textf("写 %s，或加引号：\"%s\"", "write %s, or quote it: \"%s\"", strings.ReplaceAll(split.Number, ",", ""), split.Number))
				continue
			}
		}
		key := c.node(k, depth+1)
		if key.shape != scalar {
			c.l.fail("bad_key", key.pos, text("键应是一个词，不能是列表或一组键值", "a key must be a word, not a list or a mapping"), text("写成 键: 值", "write key: value"))
			continue
		}
		value := c.node(v, depth+1)
		if key.text == "<<" && !key.quoted {
			merged = append(merged, value)
			continue
		}
		if has[key.text] {
			c.l.fail("duplicate_key", key.pos, formula.Textf("键 %s 写了两次", "the key %s appears twice", show(key.text)), text("保留一处，删去另一处", "keep one and delete the other"))
			continue
		}
		has[key.text] = true
		n.keys, n.items = append(n.keys, key), append(n.items, value)
	}
	for _, m := range merged {
		sources := []*node{m}
		if m.shape == list {
			sources = m.items
		}
		for _, from := range sources {
			if from.shape != mapping {
				c.l.fail("wrong_type", from.pos, text("<< 后面应是一组键值的引用", "<< must be followed by an alias of a mapping"), text("写成 <<: *名称", "write <<: *name"))
				continue
			}
			for i, k := range from.keys {
				if !has[k.text] && c.count(k.pos, 2) {
					has[k.text] = true
					n.keys, n.items = append(n.keys, k), append(n.items, from.items[i])
				}
			}
		}
	}
}
