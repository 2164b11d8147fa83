package files

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zhencai/model/formula"
)

// TestPipe: a pipe is not opened, or the writer would wait for a reader for ever; nor is one in place of the lock.
func TestPipe(t *testing.T) {
	for _, name := range []string{"results.csv", lockName} {
		dir := t.TempDir()
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Saver{Replace: true}.Save(File{Path: filepath.Join(dir, "results.csv"), Data: []byte("new")})
		if err == nil || !strings.Contains(err.Error(), "is a pipe or a device") || len(names(t, dir)) != 1 {
			t.Errorf("%s: %v %v", name, err, names(t, dir))
		}
	}
}

// TestSaveOnFullDisk and in a folder that cannot be written: on a small file system of its own, where this machine lets us make one.
func TestSaveOnFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	save := func(data []byte) error {
		_, err := Saver{Of: Origin{Plan: "plan"}, Replace: true}.Save(File{Path: filepath.Join(dir, "results.csv"), Data: data}, File{Path: filepath.Join(dir, "book.xlsx"), Data: data})
		return err
	}
	put(t, filepath.Join(dir, "results.csv"), "old")
	put(t, filepath.Join(dir, "book.xlsx"), "old")
	err := save(bytes.Repeat([]byte("x"), 200<<10))
	untouchedAfter(t, dir, err, syscall.ENOSPC)
	if why := Reason(err).In(formula.ZH); !strings.Contains(why, "磁盘满了") {
		t.Error(why)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	err = save([]byte("new"))
	untouchedAfter(t, dir, err, syscall.EROFS)
	if why := Reason(err).In(formula.ZH); !strings.Contains(why, "只读") {
		t.Error(why)
	}
}
