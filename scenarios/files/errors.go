package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"zhencai/model/formula"
)

// Locked is a file that another program has open: it can be read but not replaced.
type Locked struct{ Path string }

func (e *Locked) Error() string { return e.In(formula.EN) }

// In says what to do about it.
func (e *Locked) In(l formula.Lang) string {
	return formula.Textf("%s 正在 Excel、WPS 或 LibreOffice 中打开：关掉它再运行一次", "%s is open in Excel, WPS or LibreOffice: close it and run again", e.Path).In(l)
}

// Busy is a folder into which another process has been writing for too long.
type Busy struct{ Dir string }

func (e *Busy) Error() string { return e.In(formula.EN) }

// In says what to do about it.
func (e *Busy) In(l formula.Lang) string {
	return formula.Textf("另一个 zhencai 正在往 %s 里写：等它写完再运行一次", "another zhencai is writing into %s: wait for it and run again", e.Dir).In(l)
}

// NotOrdinary is a path at which something stands that is no ordinary file.
type NotOrdinary struct {
	Path string
	Mode fs.FileMode
}

func (e *NotOrdinary) Error() string { return e.In(formula.EN) }

// In says what it is, and what to do.
func (e *NotOrdinary) In(l formula.Lang) string {
	switch {
	case e.Mode.IsDir():
		return formula.Textf("%s 是文件夹，不能当文件写；换一个名字", "%s is a folder and cannot be written as a file; choose another name", e.Path).In(l)
	case e.Mode&fs.ModeSymlink != 0:
		to, _ := os.Readlink(e.Path)
		return formula.Textf("%s 是链接，指向 %s；写在那里就直接用那个名字，否则删去链接", "%s is a link to %s; name that file itself, or delete the link", e.Path, to).In(l)
	}
	return formula.Textf("%s 是管道或设备，不是普通文件；换一个名字", "%s is a pipe or a device, not an ordinary file; choose another name", e.Path).In(l)
}

// Taken is a file that is not to be written over: an input, or not known to be of the plan (By is nil where nothing is known of it).
type Taken struct {
	Path  string
	Input bool
	By    *Origin
	For   Origin
}

func (e *Taken) Error() string { return e.In(formula.EN) }

// In says whose it is, and what to do.
func (e *Taken) In(l formula.Lang) string {
	switch {
	case e.Input:
		return formula.Textf("%s 是读进来的文件，不能写在它上面；换一个名字或文件夹", "%s has been read as an input and cannot be written over; choose another name or folder", e.Path).In(l)
	case e.For == Origin{}:
		return formula.Textf("%s 已经有了；换一个文件夹", "%s exists already; choose another folder", e.Path).In(l)
	case e.By == nil:
		return formula.Textf("%s 已经有了，没有记录说它是“%s”的结果；换一个输出位置（-o、--csv），或加 --replace 覆盖它",
			"%s exists already, and no record says that it is a result of “%s”; write elsewhere (-o, --csv), or add --replace to overwrite it", e.Path, e.For.name()).In(l)
	case e.By.name() == e.For.name():
		return formula.Textf("%s 是“%s”的结果，但出自另一处的同名文件；换一个输出位置（-o、--csv），或加 --replace 覆盖它",
			"%s is a result of “%s”, but of files of that name elsewhere; write elsewhere (-o, --csv), or add --replace to overwrite it", e.Path, e.By.name()).In(l)
	}
	return formula.Textf("%s 是“%s”的结果，不是“%s”的；换一个输出位置（-o、--csv），或加 --replace 覆盖它",
		"%s is a result of “%s”, not of “%s”; write elsewhere (-o, --csv), or add --replace to overwrite it", e.Path, e.By.name(), e.For.name()).In(l)
}

// Halfway is a file that could not be given its name when others already had theirs: some are new and some are old.
type Halfway struct {
	New      []string
	Old      []string // the first is the one that failed
	Replaced bool     // false: nothing is new
	Err      error
}

func halfway(all []File, failed int, err error) *Halfway {
	h := &Halfway{Replaced: failed > 0, Err: err}
	for i, f := range all {
		if i < failed {
			h.New = append(h.New, filepath.Base(f.Path))
		} else {
			h.Old = append(h.Old, f.Path)
		}
	}
	return h
}

func (e *Halfway) Error() string { return e.In(formula.EN) }
func (e *Halfway) Unwrap() error { return e.Err }

// In says which files are new and which are old, and what to do.
func (e *Halfway) In(l formula.Lang) string {
	why, what := reason(e.Err)
	first := formula.Textf("%s 替换不了（%s）", "%s could not be replaced (%s)", e.Old[0], why.In(l)).In(l)
	state := formula.Text{ZH: "原有文件都没有动", EN: "all files are as they were"}
	if e.Replaced {
		old := slices.Clone(e.Old)
		for i := range old {
			old[i] = filepath.Base(old[i])
		}
		state = formula.Textf("已经是新的：%s；还是原来的：%s", "already new: %s; still as they were: %s", strings.Join(e.New, " "), strings.Join(old, " "))
	}
	if what.ZH == "" || errors.Is(e.Err, fs.ErrPermission) {
		what = formula.Text{ZH: "多半是它正在 Excel、WPS 或浏览器里打开：关掉再运行一次", EN: "it is probably open in Excel, WPS or a browser: close it and run again"}
	}
	return first + formula.Text{ZH: "；", EN: "; "}.In(l) + state.In(l) + formula.Text{ZH: "。", EN: ". "}.In(l) + what.In(l)
}

// Reason puts why a file could not be written into both languages, and what to do.
func Reason(err error) formula.Text {
	why, advice := reason(err)
	if advice.ZH == "" {
		return why
	}
	return formula.Text{ZH: why.ZH + "；" + advice.ZH, EN: why.EN + "; " + advice.EN}
}

func reason(err error) (why, advice formula.Text) {
	is := func(code error) bool { return errors.Is(err, code) }
	elsewhere := formula.Text{ZH: "换一个文件夹", EN: "choose another folder"}
	switch {
	case is(syscall.ENOSPC) || is(syscall.EDQUOT) || onWindows(err, 39, 112):
		return formula.Text{ZH: "磁盘满了", EN: "the disk is full"}, formula.Text{ZH: "腾出地方再运行一次", EN: "make room and run again"}
	case is(syscall.EROFS) || onWindows(err, 19):
		return formula.Text{ZH: "磁盘或文件夹是只读的", EN: "the disk or folder is read-only"}, elsewhere
	case is(syscall.EBUSY) || onWindows(err, 32):
		return formula.Text{ZH: "另一个程序正用着它", EN: "another program is using it"}, formula.Text{ZH: "关掉那个程序再运行一次", EN: "close that program and run again"}
	case is(fs.ErrPermission):
		return formula.Text{ZH: "没有写的权限，或者文件是只读的", EN: "there is no permission to write, or the file is read-only"}, elsewhere
	case is(syscall.ENOTDIR) || onWindows(err, 3, 267):
		return formula.Text{ZH: "路径中有一段是文件，不是文件夹", EN: "part of the path is a file, not a folder"}, elsewhere
	case is(syscall.ENAMETOOLONG) || onWindows(err, 206):
		return formula.Text{ZH: "名字太长", EN: "the name is too long"}, formula.Text{ZH: "换一个短的名字", EN: "choose a shorter name"}
	case onWindows(err, 123):
		return formula.Text{ZH: "名字里有不能用的字符", EN: "the name has characters that are not allowed"}, formula.Text{ZH: "换一个名字", EN: "choose another name"}
	case is(fs.ErrExist) || is(syscall.EISDIR):
		return formula.Text{ZH: "那里已有同名的文件夹或链接", EN: "a folder or a link of that name is there"}, formula.Text{ZH: "移开它，或换一个文件夹", EN: "move it away, or choose another folder"}
	case is(fs.ErrNotExist):
		return formula.Text{ZH: "没有这个文件夹", EN: "there is no such folder"}, formula.Text{ZH: "先建好它", EN: "make it first"}
	}
	return formula.Text{ZH: "系统报告：" + err.Error(), EN: err.Error()}, formula.Text{}
}
