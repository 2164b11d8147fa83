package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"zhencai/model"
	"zhencai/model/formula"
)

// syntaxKinds translate the parser's messages, by a part of them. The first that fits counts.
var syntaxKinds = []struct {
	part       string
	text, hint model.Text
	opening    bool // the place of the construct's start says more than where it broke
}{
	{"exceeded max depth", text("嵌套太深", "nested too deep"), text("计划文件不需要这么深的嵌套，检查括号", "a plan needs no such nesting; check the brackets"), false},
	{"unknown anchor", text("星号 * 引用了没有定义的名称", "the asterisk * refers to a name that is not defined"), text("若是乘数，写 ×0.9，或加引号 \"*0.9\"", "for a factor write ×0.9, or quote it: \"*0.9\""), false},
	{"tab character", text("缩进用了制表符（Tab）", "a tab is used for indentation"), text("缩进只能用空格", "indent with spaces only"), false},
	{"flow sequence", text("方括号 [ ] 没有写完整", "the square brackets [ ] are not complete"), text("补上 ] 或逗号", "add the ] or a comma"), true},
	{"flow mapping", text("花括号 { } 没有写完整", "the braces { } are not complete"), text("补上 } 或逗号", "add the } or a comma"), true},
	{"quoted scalar", text("引号没有写完整", "the quotes are not complete"), text("补上后引号；双引号里的 \\ 要写成 \\\\", "add the closing quote; in double quotes write \\\\ for \\"), true},
	{"mapping values are not allowed", text("这里不能再有冒号", "a colon cannot stand here"), text("检查上一行的缩进；文字里有冒号时给文字加引号", "check the indentation; quote a text that holds a colon"), false},
	{"could not find expected ':'", text("这一行缺少冒号", "this line lacks a colon"), text("写成 键: 值，冒号后有一个空格", "write key: value, with a space after the colon"), true},
	{"did not find expected key", text("这一行与上面对不齐", "this line does not align with those above"), text("同一级的键要左对齐；检查多余的括号和引号", "keys of one level start in the same column; look for stray brackets and quotes"), false},
	{"did not find expected '-'", text("列表项要以 - 开头并对齐", "list items begin with - and align"), text("同一个列表里的 - 要左对齐", "the dashes of one list start in the same column"), false},
	{"cannot start any token", text("这个字符不能出现在开头", "this character cannot stand at the beginning"), text("文字以 @ ` % 开头时加引号；缩进用空格不用制表符（Tab）", "quote a text that begins with @ ` %; indent with spaces, not tabs"), false},
	{"<document start>", text("这一行的缩进比上面少", "this line is indented less than those above"), text("第一层的键都从行首写起", "top-level keys start at the beginning of the line"), false},
	{"expected single document", text("文件里有第二份文档（---）", "the file holds a second document (---)"), text("一个文件只放一份；删去 --- 一行", "keep one per file; delete the line ---"), false},
	{"no documents", text("文件是空的", "the file is empty"), text("至少要有 years、history、revenue、cash", "it needs at least years, history, revenue, cash"), false},
	{"control characters", text("文件里有看不见的控制字符", "the file holds an invisible control character"), text("删去它，或重新输入这一行", "delete it, or type the line again"), false},
	{"", text("这里不符合 YAML 写法", "this is not valid YAML"), text("对照样例检查缩进、冒号和括号", "compare indentation, colons and brackets with the sample"), false},
}

// syntax reports what the YAML parser could not read.
func (l *loader) syntax(err error, data []byte, file string, shift model.Pos) {
	var one *yaml.LoadError
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		one = many.Errors[0]
	} else if !errors.As(err, &one) {
		one = &yaml.LoadError{Message: err.Error()}
	}
	said := one.ContextMsg + " " + one.Message
	for _, k := range syntaxKinds {
		if !strings.Contains(said, k.part) {
			continue
		}
		mark, t, hint := one.Mark, k.text, k.hint
		if k.opening && one.ContextMark.Line > 0 {
			mark = one.ContextMark
		}
		code := "syntax"
		switch k.part {
		case "expected single document":
			code, mark.Line, mark.Column = "second_document", secondDocument(data), 1
		case "no documents":
			code = "empty_file"
		case "exceeded max depth":
			code = "too_deep"
		case "control characters":
			mark.Line, mark.Column = controlCharacter(data)
		}
		mark.Line = min(mark.Line, 1+bytes.Count(bytes.TrimRight(data, "\r\n"), []byte("\n"))) // where the end is missing, the mark stands behind it
		at := model.Pos{File: file, Line: max(mark.Line, 1) + shift.Line, Col: max(mark.Column, 1) + shift.Col, Len: 1}
		line := l.sources.Line(file, at.Line)
		if before := l.sources.Line(file, at.Line-1); at.Line > 1 && strings.TrimSpace(line) == "" && one.ContextMark.Line == 0 {
			line = before
		}
		if code == "syntax" {
			if i := strings.Index(line, "："); i >= 0 {
				at.Col = utf8.RuneCountInString(line[:i]) + 1
				hint = text("用了全角冒号“：”；请改成半角冒号加空格，如 town: 广通镇", "here is a full-width colon; use an ASCII colon and a space, as in town: Guangtong")
			} else if strings.HasPrefix(strings.TrimLeft(line, " "), "\t") {
				t, hint = text("缩进用了制表符（Tab）", "a tab is used for indentation"), text("缩进只能用空格", "indent with spaces only")
			}
		}
		l.fail(code, at, t, hint)
		return
	}
}

func secondDocument(data []byte) int {
	rest, content := string(data), false
	for line := 1; rest != ""; line++ {
		var one string
		one, rest = cutLine(rest)
		if strings.HasPrefix(one, "---") {
			if content {
				return line
			}
			content = true
		} else if s := strings.TrimSpace(one); s != "" && s[0] != '#' && s[0] != '%' {
			content = true
		}
	}
	return 1
}

func controlCharacter(data []byte) (line, col int) {
	rest := string(data)
	for line = 1; rest != ""; line++ {
		var one string
		one, rest = cutLine(rest)
		if i := strings.IndexFunc(one, func(r rune) bool { return r < 0x20 && r != '\t' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			return line, utf8.RuneCountInString(one[:i]) + 1
		}
	}
	return 1, 1
}

// What positions and messages call the overrides of the command line, and those of variants that do not say which option they come from.
const (
	setName      = "--set"
	variantsName = "--vary"
)

// sets parses the overrides of the command line into one layer, and those of each variant into one more.
func (l *loader) sets(opt Options) {
	if len(opt.Set) > 0 {
		l.overrides = l.overlay(setName, 0, opt.Set)
	}
	lines := map[string]int{}
	for _, v := range opt.Variants {
		from := cmp.Or(v.From, variantsName)
		l.variants = append(l.variants, l.overlay(from, lines[from], v.Set))
		lines[from] += len(v.Set)
	}
}

// literal tells a value of the command line or a table that is read as it stands, because its signs would mean something else to YAML: a comment above all, behind
// which a text would be lost without a word.
func literal(value string) bool {
	return strings.ContainsAny(value[:1], "*=%#") || strings.Contains(value, " #") || strings.HasPrefix(value, "---") || strings.HasPrefix(value, "...")
}

// overlay is a layer of entries "address=value" that stand in no file: name says where they come from, before how many precede them there.
func (l *loader) overlay(name string, before int, entries []string) *layer {
	l.sources.add(name, strings.Join(entries, "\n"), name != setName)
	y := &layer{id: name}
	for i, s := range entries {
		at := model.Pos{File: name, Line: before + i + 1, Col: 1, Len: max(1, utf8.RuneCountInString(s))}
		address, value, ok := strings.Cut(s, "=")
		if !ok || strings.TrimSpace(value) == "" || strings.ContainsAny(s, "\n\r\u0085\u2028\u2029") {
			l.fail("bad_set", at, formula.Textf("看不懂 %s %s", "cannot read %s %s", name, show(s)), formula.Textf("写成 %s 地址=值，如 %s transfers.share.rate=40%%", "write %s address=value, such as %s transfers.share.rate=40%%", name, name))
			continue
		}
		key := &node{text: strings.TrimSpace(address), pos: at}
		key.pos.Len = max(1, utf8.RuneCountInString(address))
		column := utf8.RuneCountInString(address) + 1
		v := &node{text: strings.TrimSpace(value), pos: model.Pos{File: name, Line: at.Line, Col: column + 1, Len: utf8.RuneCountInString(value)}}
		if !literal(v.text) {
			v = l.parse([]byte(value), name, model.Pos{Line: at.Line - 1, Col: column})
		}
		if v != nil {
			y.entries = append(y.entries, &entry{key: key, value: v, table: name != setName})
		}
	}
	return y
}
