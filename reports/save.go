package reports

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"zhencai/model/formula"
)

// File is one output, complete in memory before anything is written.
type File struct {
	Path string
	Data []byte
}

// Locked is a file that another program has open: it can be read but not replaced.
type Locked struct{ Path string }

func (e *Locked) Error() string { return e.In(formula.EN) }

// In says what to do about it.
func (e *Locked) In(l formula.Lang) string {
	return formula.Textf("%s 正在 Excel、WPS 或 LibreOffice 中打开：关掉它再运行一次", "%s is open in Excel, WPS or LibreOffice: close it and run again", e.Path).In(l)
}

// Save writes files: each to a temporary one in its own folder and onto the disk; only when all are there, and none of the targets is open in
// another program, are they given their names. If anything fails before that, what was there is untouched and nothing half-written is left.
func Save(files ...File) (err error) {
	var written []string
	defer func() {
		for _, name := range written {
			os.Remove(name)
		}
	}()
	for _, f := range files {
		if info, err := os.Stat(f.Path); err == nil && info.IsDir() {
			return &os.PathError{Op: "write", Path: f.Path, Err: errors.New("is a folder")}
		}
		name, err := saveBeside(f.Path, func(w io.Writer) error {
			_, err := w.Write(f.Data)
			return err
		})
		if err != nil {
			return err
		}
		written = append(written, name)
	}
	for _, f := range files {
		if err := Free(f.Path); err != nil {
			return err
		}
	}
	for i, f := range files {
		if err := os.Rename(written[0], f.Path); err != nil {
			if i > 0 {
				return errors.Join(err, errors.New("files before this one were replaced"))
			}
			return err
		}
		written = written[1:]
	}
	return nil
}

// SaveAs writes one file as Save does, a part at a time.
func SaveAs(path string, write func(io.Writer) error) error {
	name, err := saveBeside(path, write)
	if err != nil {
		return err
	}
	if err = Free(path); err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		os.Remove(name)
	}
	return err
}

// saveBeside writes under a temporary name in the file's folder.
func saveBeside(path string, write func(io.Writer) error) (name string, err error) {
	t, err := os.CreateTemp(filepath.Dir(path), ".zhencai-*")
	if err != nil {
		return "", err
	}
	err = write(t)
	if err = errors.Join(err, t.Sync(), t.Chmod(0o644), t.Close()); err != nil {
		os.Remove(t.Name())
		return "", err
	}
	return t.Name(), nil
}

// sharingViolation is what Windows answers when another program has a file open.
const sharingViolation = syscall.Errno(32)

// Free tells whether a file may be replaced. Windows refuses to open for writing what Excel has open; elsewhere the spreadsheet programs leave
// a note beside the file: ~$NAME (Excel, WPS; of long names the first two letters are replaced), .~lock.NAME# (LibreOffice).
func Free(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		if runtime.GOOS == "windows" && errors.Is(err, sharingViolation) {
			return &Locked{path}
		}
		return err
	}
	f.Close()
	if !strings.HasSuffix(path, ".xlsx") {
		return nil
	}
	dir, name := filepath.Split(path)
	letters := []rune(name)
	for _, note := range []string{"~$" + name, "~$" + string(letters[2:]), ".~lock." + name + "#"} {
		if _, err := os.Lstat(filepath.Join(dir, note)); err == nil {
			return &Locked{path}
		}
	}
	return nil
}
