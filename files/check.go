package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Ordinary tells what stands at a path that is to be written: nothing (nil), or an ordinary file. A folder, a link, a pipe or a device is an error:
// to write there would go elsewhere, or wait for ever.
func Ordinary(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &NotOrdinary{path, info.Mode()}
	}
	return info, nil
}

// lockName is the lock of a folder's outputs.
const lockName = ".zhencai-lock"

// patience is how long a writer waits for another.
var patience = 30 * time.Second

// Hold waits until no other process holds the lock of that name, and holds it until released or until the process ends, however it ends. A file
// system without locks is written without.
func Hold(name string) (release func(), err error) {
	wait, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, err := Ordinary(name); err != nil {
			return nil, err
		}
		lock := flock.New(name, flock.SetPermissions(0o666))
		_, err := lock.TryLockContext(wait, 20*time.Millisecond)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return nil, &Busy{filepath.Dir(name)}
		case errors.Is(err, errors.ErrUnsupported):
			os.Remove(name)
			return func() {}, nil
		case err != nil:
			return nil, err
		}
		ours, err := lock.Stat()
		if there, gone := os.Lstat(name); err == nil && gone == nil && os.SameFile(ours, there) {
			return func() {
				removed := os.Remove(name) // before anybody else can hold it
				lock.Close()
				if removed != nil { // Windows removes no open file
					os.Remove(name)
				}
			}, nil
		}
		lock.Close() // the one who held it has removed it
	}
}

// sharingViolation is what Windows answers when another program has a file open.
const sharingViolation = syscall.Errno(32)

// Free tells whether a file may be replaced. Windows refuses to open for writing what Excel has open; elsewhere the spreadsheet programs leave
// a note beside the file: ~$NAME (Excel, WPS; of long names the first two letters are replaced), .~lock.NAME# (LibreOffice).
func Free(path string) error {
	if info, err := Ordinary(path); err != nil || info == nil {
		return err
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
