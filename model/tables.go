package model

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"zhencai/model/formula"
)

// What every reader of a file that people fill in looks for, a table above all.

// ByteOrderMark begins every CSV file the program writes: without it Excel takes UTF-8 for the code page of the machine and shows Chinese as rubbish.
const ByteOrderMark = "\ufeff"

// NotFile is something that cannot be read to its end: a folder, a pipe, a device.
type NotFile struct{ Path string }

func (e *NotFile) Error() string { return e.In(formula.EN) }

// In gives the message in a language.
func (e *NotFile) In(lang formula.Lang) string {
	return formula.Textf("%s 不是普通文件（是文件夹、管道或设备）；请给出一个文件", "%s is not an ordinary file but a folder, a pipe or a device: name a file", filepath.ToSlash(e.Path)).In(lang)
}

// OpenFile opens an ordinary file that somebody hands us. Anything else is not even opened: a pipe would wait for ever.
func OpenFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &NotFile{path}
	}
	return os.Open(path)
}

// WhyUnread puts why a file could not be opened or read into both languages, and what to do.
func WhyUnread(err error) (why, advice Text) {
	advice = Text{ZH: "核对文件名和所在文件夹", EN: "check the name and the folder"}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Text{ZH: "文件不存在", EN: "there is no such file"}, advice
	case errors.Is(err, fs.ErrPermission):
		return Text{ZH: "没有读取权限", EN: "no permission to read it"}, advice
	case errors.Is(err, syscall.ENAMETOOLONG):
		return Text{ZH: "名字太长", EN: "the name is too long"}, advice
	case errors.Is(err, syscall.ENOTDIR):
		return Text{ZH: "路径中有一段是文件，不是文件夹", EN: "part of the path is a file, not a folder"}, advice
	case errors.Is(err, syscall.ELOOP):
		return Text{ZH: "链接绕成了圈", EN: "the links form a circle"}, advice
	case errors.As(err, &path):
		err = path.Err // the path is said by whoever says the rest
	}
	return formula.Textf("无法读取，系统报告：%s", "it cannot be read, the system says: %s", err), advice
}

// NotText says what a file is that is no UTF-8 text, by how it begins; empty if nothing speaks against it.
func NotText(begin []byte) Text {
	starts := func(signs ...string) bool {
		return slices.ContainsFunc(signs, func(s string) bool { return bytes.HasPrefix(begin, []byte(s)) })
	}
	switch {
	case starts("PK\x03\x04", "\xd0\xcf\x11\xe0"):
		return Text{ZH: "文件是 Excel 或 WPS 工作簿，不是文本", EN: "the file is a workbook of Excel or WPS, not text"}
	case starts("PAR1"):
		return Text{ZH: "文件是 Parquet，不是文本", EN: "the file is Parquet, not text"}
	case starts("\xff\xfe", "\xfe\xff") || utf16Without(begin):
		return Text{ZH: "文件是 UTF-16 编码（“Unicode 文本”）", EN: "the file is encoded as UTF-16 (“Unicode text”)"}
	case bytes.IndexByte(begin, 0) >= 0:
		return Text{ZH: "文件不是文本，里面有二进制数据", EN: "the file is not text: it holds binary data"}
	}
	return Text{}
}

// utf16Without tells UTF-16 without its mark: every second byte of what is mostly ASCII is 0.
func utf16Without(begin []byte) bool {
	zeros := [2]int{}
	for i, c := range begin[:len(begin)&^1] {
		if c == 0 {
			zeros[i%2]++
		}
	}
	return len(begin) >= 8 && max(zeros[0], zeros[1]) > len(begin)/4 && min(zeros[0], zeros[1]) == 0
}

// SaveAsCSV is what to do with a table that is no CSV in UTF-8.
var SaveAsCSV = Text{ZH: "在 Excel、WPS 里另存为“CSV UTF-8（逗号分隔）”", EN: "in Excel or WPS save it as “CSV UTF-8 (comma delimited)”"}

// errorValue is what a spreadsheet shows where a formula has no value, or the column is too narrow for the number.
var errorValue = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA|#+)`)

// ErrorValue finds at the beginning of a text what a spreadsheet shows in place of a value it does not have: #N/A, #DIV/0!, #####. Empty if it is none.
func ErrorValue(s string) string { return errorValue.FindString(strings.TrimSpace(s)) }

// What the row or the item is called that adds up the others, and what the other rows below a table are called; without spaces and in lower case.
var (
	sumNames    = []string{"合计", "总计", "小计", "共计", "总和", "汇总", "合计数", "总计数", "全县", "全县合计", "全镇合计", "total", "totals", "grandtotal", "subtotal", "sum"}
	footerNames = []string{"累计", "累计数", "平均", "平均数", "平均值", "均值", "average", "avg", "mean", "注", "备注", "note", "notes"}
)

var (
	ordinal = regexp.MustCompile(`^(?:[（(]?(?:[一二三四五六七八九十]+|\d+)[）)、.．]+|其中[:：])`)
	inside  = regexp.MustCompile(`[（(][^（()）]*[）)]`)
	// noteBegins is how a line below a table begins that says something of it, or who made it, and names no thing in it.
	noteBegins = regexp.MustCompile(`(?i)^(?:注|备注|附注|说明|填表说明|(?:填表|填报|制表|审核|复核|审批|经办|负责|联系|单位负责)人|制表|审核|复核|填报单位|单位|金额单位|联系电话|电话|日期|(?:填表|填报|制表|报送)(?:日期|时间)|(?:数据|资料)?来源|` +
		`notes?|remarks?|source|sources|unit|units|date|prepared ?by|checked ?by|reviewed ?by)\d*[:：]`)
)

// IsSum tells whether a name is that of a sum, not of one of the things added up: 合计, 一、合计, 总 计（万元）.
func IsSum(name string) bool { return named(name, sumNames) }

// IsTotal tells whether a row of a table is no thing of it but stands below them: a sum, a mean, or a note (注：…, 填表人：…, note: …).
func IsTotal(name string) bool {
	return IsSum(name) || named(name, footerNames) || noteBegins.MatchString(plainly(name))
}

// named: is a name one of a list, but for its ordinal, what it has in parentheses, and the signs around it?
func named(name string, list []string) bool {
	plain := ordinal.ReplaceAllString(plainly(name), "")
	bare := func(s string) string { return strings.Trim(s, ":：()（）") }
	return slices.Contains(list, bare(plain)) || slices.Contains(list, bare(inside.ReplaceAllString(plain, "")))
}

// plainly is a name without spaces and dashes, in lower case.
func plainly(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-—*_", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Readable tells whether the cells of a row are text: UTF-8, without control characters and without what stands for one that could not be read.
func Readable(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool {
		return !utf8.ValidString(cell) || strings.ContainsFunc(cell, func(r rune) bool {
			return r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r)
		})
	})
}
