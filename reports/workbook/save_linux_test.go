package workbook_test

import (
	"bytes"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSaveOnFullDisk and in a folder that cannot be written: on a small file system of its own, where this machine lets us make one.
func TestSaveOnFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	put(t, filepath.Join(dir, "results.csv"), "old")
	put(t, filepath.Join(dir, "book.xlsx"), "old")
	untouchedAfter(t, dir, saveBoth(dir, bytes.Repeat([]byte("x"), 200<<10)), syscall.ENOSPC)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	untouchedAfter(t, dir, saveBoth(dir, []byte("new")), syscall.EROFS)
}
