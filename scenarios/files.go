package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhencai/model"
	"zhencai/model/formula"
)

// Sources keeps the texts that were read, so that a problem can show its line.
type Sources struct {
	files []source
	total int
}

type source struct {
	name  string // as in Pos.File
	rel   string // in the plan folder, with slashes
	data  []byte
	apart bool // of an analysis of the plan, not of the plan

	text   string // data, once a line of it was asked for
	starts []int  // of its lines in the text
}

// Add appends lines to a source that is no file, such as an option of an analysis, so that a problem in it can be shown.
func (s *Sources) Add(name, lines string) { s.add(name, lines, true) }

func (s *Sources) add(name, lines string, apart bool) {
	i := slices.IndexFunc(s.files, func(f source) bool { return f.name == name })
	if i < 0 {
		i = len(s.files)
		s.files = append(s.files, source{name: name, rel: name, apart: apart})
	} else {
		s.files[i].data, s.files[i].starts = append(s.files[i].data, '\n'), nil
	}
	s.files[i].data = append(s.files[i].data, lines...)
}

// Paths are the files that were read.
func (s *Sources) Paths() (paths []string) {
	for _, f := range s.files {
		if !f.apart {
			paths = append(paths, filepath.FromSlash(f.name))
		}
	}
	return paths
}

// apart tells whether a name is that of an option of an analysis.
func (s *Sources) apart(name string) bool {
	return slices.ContainsFunc(s.files, func(f source) bool { return f.apart && f.name == name })
}

// Line is one line of a file that was read, without its end; empty if there is none.
func (s *Sources) Line(file string, line int) string {
	i := slices.IndexFunc(s.files, func(f source) bool { return f.name == file })
	if i < 0 || line < 1 {
		return ""
	}
	f := &s.files[i]
	if f.starts == nil {
		f.text = string(f.data)
		for rest := f.text; rest != "" || f.starts == nil; {
			f.starts = append(f.starts, len(f.text)-len(rest))
			_, rest = cutLine(rest)
		}
	}
	if line > len(f.starts) {
		return ""
	}
	one, _ := cutLine(f.text[f.starts[line-1]:])
	return one
}

// cutLine breaks lines where YAML does.
func cutLine(s string) (line, rest string) {
	i := strings.IndexAny(s, "\n\r\u0085\u2028\u2029")
	if i < 0 {
		return s, ""
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	if strings.HasPrefix(s[i:], "\r\n") {
		size = 2
	}
	return s[:i], s[i+size:]
}

func (s *Sources) hash() string {
	h := sha256.New()
	for _, f := range s.files {
		if f.apart {
			continue
		}
		fmt.Fprintf(h, "%d %s %d\n", len(f.rel), f.rel, len(f.data))
		h.Write(f.data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// folder is the plan folder being read. Nothing outside it can be opened.
type folder struct {
	l    *loader
	root *os.Root
	dir  string // as the user named it

	asked int  // files asked for, there or not
	full  bool // no more are read, which has been said
}

// layerFile is a file under layers/.
type layerFile struct {
	id   string
	node *node
}

// read finds the plan's files and merges them. The root is nil if there is nothing to go on with.
func (l *loader) read(name string) (root *node, layers []layerFile) {
	at := model.Pos{File: filepath.ToSlash(name)}
	info, err := os.Stat(name)
	if err != nil {
		l.unreadable(at, err)
		return nil, nil
	}
	dir, file := filepath.Dir(name), filepath.Base(name)
	whole := info.IsDir()
	if whole {
		dir, file = name, "plan.yaml"
	}
	if file == "plan.yaml" {
		whole = true
	}
	opened, err := os.OpenRoot(dir)
	if err != nil {
		l.unreadable(at, err)
		return nil, nil
	}
	defer opened.Close()
	f := &folder{l: l, root: opened, dir: dir}
	if info.IsDir() {
		if _, err := opened.Stat(file); errors.Is(err, fs.ErrNotExist) {
			l.fail("no_plan_file", at, formula.Textf("文件夹 %s 里没有 plan.yaml", "the folder %s has no plan.yaml", name),
				text("计划的主文件须叫 plan.yaml；新建一个可用 zhencai new", "the main file of a plan must be called plan.yaml; zhencai new makes one"))
			return nil, nil
		}
	}
	var j joined
	f.merge(&j, file, model.Pos{File: filepath.ToSlash(filepath.Join(dir, file))}, nil)
	if whole {
		layers = f.layerFiles()
	}
	return j.root, layers
}

func (l *loader) unreadable(at model.Pos, err error) {
	reason, advice := model.WhyUnread(err)
	l.fail("file_missing", at, reason, advice)
}

// display is a file's name for messages.
func (f *folder) display(rel string) string {
	return filepath.ToSlash(filepath.Join(f.dir, filepath.FromSlash(rel)))
}

// open reads one file within the limits and parses it. at is what asked for it.
func (f *folder) open(rel string, at model.Pos) *node {
	l, name := f.l, f.display(rel)
	if f.full {
		return nil
	}
	info, err := f.root.Stat(filepath.FromSlash(rel))
	f.asked++
	switch {
	case f.asked > maxFiles || err == nil && l.sources.total+int(info.Size()) > maxTotalBytes && info.Size() <= maxFileBytes:
		f.full = true
		l.fail("too_many_files", at, formula.Textf("计划的文件合计超过 %d MB 或 %d 个", "the files of the plan exceed %d MB or %d files", maxTotalBytes>>20, maxFiles), text("减少文件", "use fewer files"))
		return nil
	case err != nil:
		l.unreadable(at, err)
		return nil
	case !info.Mode().IsRegular():
		l.fail("not_a_file", at, formula.Textf("%s 不是普通文件", "%s is not a regular file", name), text("给出一个 YAML 文件", "name a YAML file"))
		return nil
	case info.Size() > maxFileBytes:
		l.fail("file_too_large", at, formula.Textf("%s 有 %d MB，上限是 %d MB", "%s has %d MB, the limit is %d MB", name, info.Size()>>20, maxFileBytes>>20),
			text("计划文件只放参数，核对是否选错了文件", "a plan holds parameters only; is it the right file?"))
		return nil
	}
	file, err := f.root.Open(filepath.FromSlash(rel))
	if err != nil {
		l.unreadable(at, err)
		return nil
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil || len(data) > maxFileBytes {
		l.unreadable(at, cmpErr(err, errors.New("grew while being read")))
		return nil
	}
	l.sources.total += len(data)
	data = bytes.TrimPrefix(data, []byte(model.ByteOrderMark))
	l.sources.files = append(l.sources.files, source{name: name, rel: rel, data: data})
	return l.parse(data, name, model.Pos{})
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// merge reads a file and everything it includes into one mapping.
func (f *folder) merge(into *joined, rel string, at model.Pos, trail []string) {
	l := f.l
	n := f.open(rel, at)
	if n == nil {
		return
	}
	if n.shape != mapping {
		hint := text("第一层应是 town、years、revenue 等键", "the top level holds keys such as town, years, revenue")
		if strings.Contains(n.text, "：") {
			hint = text("键后面要用半角冒号加空格，如 town: 广通镇；这里用了全角冒号“：”", "use an ASCII colon and a space after a key; here is a full-width colon")
		}
		l.fail("not_a_mapping", n.pos, formula.Textf("计划文件应是一组“键: 值”，这里是%s", "a plan file is a set of key: value, here is %s", n.describe()), hint)
		return
	}
	trail = append(trail, rel)
	includes := n.get("include")
	l.join(into, n.with("include", nil))
	if includes == nil {
		return
	}
	if includes.shape == scalar {
		includes = &node{shape: list, items: []*node{includes}, pos: includes.pos}
	}
	for _, i := range includes.items {
		if f.full {
			return
		}
		if i.shape != scalar || i.text == "" {
			l.fail("bad_include", i.pos, text("include 里应是文件名", "include lists file names"), text("写成 include: [债务.yaml]", "write include: [debt.yaml]"))
			continue
		}
		target := path.Join(path.Dir(rel), i.text)
		switch {
		case path.IsAbs(i.text) || filepath.IsAbs(i.text) || strings.ContainsAny(i.text, `\:`) || !filepath.IsLocal(filepath.FromSlash(target)):
			l.fail("include_outside", i.pos, formula.Textf("%s 不在计划文件夹里", "%s is outside the plan folder", show(i.text)), text("只能引入计划文件夹内的文件，用 / 分隔，不用 .. 和绝对路径", "include only files inside the plan folder, with /, without .. and absolute paths"))
		case slices.Contains(trail, target):
			l.fail("include_loop", i.pos, formula.Textf("%s 引入了自己：%s", "%s includes itself: %s", show(i.text), strings.Join(append(slices.Clone(trail), target), " → ")), text("去掉其中一处 include", "remove one of the includes"))
		case len(trail) > maxIncludes:
			l.fail("include_too_deep", i.pos, formula.Textf("引入超过 %d 层", "includes nested more than %d deep", maxIncludes), text("把文件直接列在 plan.yaml 的 include 里", "list the files in the include of plan.yaml"))
		default:
			if info, err := f.root.Stat(filepath.FromSlash(target)); err != nil && !errors.Is(err, fs.ErrNotExist) && info == nil {
				l.fail("include_outside", i.pos, formula.Textf("%s 无法在计划文件夹内打开", "%s cannot be opened inside the plan folder", show(i.text)), text("检查是否为指向文件夹外的链接", "is it a link that leaves the folder?"))
				continue
			}
			f.merge(into, target, i.pos, slices.Clone(trail))
		}
	}
}

// joined is what several files make together. Its nodes are its own as far as they grow.
type joined struct {
	root  *node
	place map[string]int             // of a key in the root
	grown map[string]map[string]bool // keys of what has grown by a second file, by its own key; empty for a list
}

// join adds a file's keys to those read before: mappings grow together, lists of scenarios follow each other, anything else twice
// is an error.
func (l *loader) join(into *joined, n *node) {
	if into.root == nil {
		root := *n
		root.keys, root.items = slices.Clone(n.keys), slices.Clone(n.items)
		*into = joined{&root, map[string]int{}, map[string]map[string]bool{}}
		for i, k := range root.keys {
			into.place[k.text] = i
		}
		return
	}
	for i, k := range n.keys {
		at, there := into.place[k.text]
		add := n.items[i]
		if !there {
			into.place[k.text] = len(into.root.keys)
			into.root.keys, into.root.items = append(into.root.keys, k), append(into.root.items, add)
			continue
		}
		old := into.root.items[at]
		if old.shape != add.shape || old.shape == scalar || old.shape == list && k.text != "scenarios" {
			l.duplicate(k)
			continue
		}
		has := into.grown[k.text]
		if has == nil {
			grown := *old
			grown.keys, grown.items, has = slices.Clone(old.keys), slices.Clone(old.items), map[string]bool{}
			for _, inner := range old.keys {
				has[inner.text] = true
			}
			old, into.root.items[at], into.grown[k.text] = &grown, &grown, has
		}
		if old.shape == list {
			old.items = append(old.items, add.items...)
			continue
		}
		for j, inner := range add.keys {
			if has[inner.text] {
				l.duplicate(inner)
				continue
			}
			has[inner.text] = true
			old.keys, old.items = append(old.keys, inner), append(old.items, add.items[j])
		}
	}
}

func (l *loader) duplicate(key *node) {
	l.fail("duplicate_key", key.pos, formula.Textf("键 %s 在另一个文件里已经有了", "the key %s is already in another file", show(key.text)), text("保留一处，删去另一处", "keep one and delete the other"))
}

// layerFiles reads layers/*.yaml, in order of name.
func (f *folder) layerFiles() (layers []layerFile) {
	entries, err := fs.ReadDir(f.root.FS(), "layers")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~") { // what editors and spreadsheets leave behind
			continue
		}
		id, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok {
			if strings.HasSuffix(e.Name(), ".yml") {
				at := model.Pos{File: f.display(path.Join("layers", e.Name()))}
				f.l.warn("layer_file_ignored", at, text("只读取以 .yaml 结尾的层文件，这个文件没有读", "only layer files ending in .yaml are read; this one was not"), text("改名为 .yaml", "rename it to .yaml"))
			}
			continue
		}
		rel := path.Join("layers", e.Name())
		if n := f.open(rel, model.Pos{File: f.display(rel)}); n != nil {
			layers = append(layers, layerFile{id, n})
		}
	}
	return layers
}

// parse turns bytes into nodes. It is nil if the text is no YAML or passes a limit.
func (l *loader) parse(data []byte, file string, shift model.Pos) *node {
	at := model.Pos{File: file, Line: 1 + shift.Line, Col: 1 + shift.Col, Len: 1}
	if what := model.NotText(data[:min(len(data), 4096)]); what.ZH != "" {
		l.fail("not_text", model.Pos{File: file}, what, text("计划是 UTF-8 文本（YAML）；是文本就用记事本另存为 UTF-8，是表格或数据就选错了文件", "a plan is text in UTF-8 (YAML): save text as UTF-8 (Notepad: Save as → Encoding → UTF-8); a table or data is the wrong file"))
		return nil
	}
	if !utf8.Valid(data) {
		l.notUTF8(data, at)
		return nil
	}
	if l.errorValues(data, at) || l.directives(data, at) {
		return nil
	}
	if pieces(data) > 3*maxNodes {
		l.fail("too_many_values", at, formula.Textf("计划文件里的数据超过 %d 项（引用展开后）", "the plan holds more than %d values (aliases followed)", maxNodes),
			text("减少数据，或去掉层层嵌套的引用（*名称）", "use less data, or remove nested aliases (*name)"))
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		l.syntax(err, data, file, shift)
		return nil
	}
	if len(doc.Content) == 0 {
		l.fail("empty_file", at, text("文件是空的", "the file is empty"), text("至少要有 years、history、revenue、cash", "it needs at least years, history, revenue, cash"))
		return nil
	}
	return l.convert(doc.Content[0], file, shift)
}

// errorValues refuses what a spreadsheet shows in place of a value it does not have: to YAML #N/A is a comment, and the number would be missing without a word of it.
func (l *loader) errorValues(data []byte, at model.Pos) (found bool) {
	rest := string(data)
	for line := at.Line; rest != ""; line++ {
		var one string
		one, rest = cutLine(rest)
		before, after, _ := strings.Cut(one, "#")
		value := model.ErrorValue("#" + after)
		if s := strings.TrimRight(before, " \t"); value == "" || strings.Trim(value, "#") == "" || s == "" || !strings.ContainsRune(":,[-", rune(s[len(s)-1])) {
			continue
		}
		found = true
		l.fail("error_value", model.Pos{File: at.File, Line: line, Col: utf8.RuneCountInString(before) + 1, Len: len(value)}, formula.Textf("%s 不是数：表格里的公式没有值", "%s is no number: the spreadsheet has no value there", value), text("在表格里改正公式，再抄这个数；真的没有就写 0", "correct the formula in the spreadsheet and copy the number; write 0 if there is none"))
	}
	return found
}

// directives refuses a long list of what YAML allows above a document: the parser compares each with all before it.
func (l *loader) directives(data []byte, at model.Pos) bool {
	n := bytes.Count(data, []byte("\n%"))
	if bytes.HasPrefix(data, []byte("%")) {
		n++
	}
	if n > maxDirectives {
		l.fail("too_many_directives", at, formula.Textf("有 %d 行以 %% 开头；这样的行最多 %d 行", "%d lines begin with %%, at most %d may", n, maxDirectives), text("计划不用这种行（YAML 指令），删去", "a plan needs no such lines (YAML directives): delete them"))
	}
	return n > maxDirectives
}

// pieces is at least half the number of values a text can hold, found without parsing it: the parser's memory depends on it.
func pieces(data []byte) (n int) {
	for i, c := range data {
		switch c {
		case ',', '[', '{', '?':
			n++
		case ':', '-':
			if i+1 == len(data) || data[i+1] == ' ' || data[i+1] == '\n' || data[i+1] == '\r' || data[i+1] == '\t' {
				n++
			}
		}
	}
	return n
}

func (l *loader) notUTF8(data []byte, at model.Pos) {
	for line, rest := 1, data; ; line++ {
		one, after, found := bytes.Cut(rest, []byte("\n"))
		if !utf8.Valid(one) {
			at.Line, at.Len = line, 1
			break
		}
		if rest = after; !found {
			break
		}
	}
	t := text("文件不是 UTF-8 文本", "the file is not UTF-8 text")
	if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) {
		t = text("文件是 GBK 编码", "the file is encoded as GBK")
	}
	l.fail("not_utf8", at, t, text("请另存为 UTF-8（记事本：另存为 → 编码 → UTF-8）", "save it as UTF-8 (Notepad: Save as → Encoding → UTF-8)"))
}
