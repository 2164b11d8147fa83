package main

import (
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ownWindow tells whether no other program is in the console: Windows made it for this one and closes it with this one.
func ownWindow() bool {
	var ids [2]uint32
	n, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList").Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids)))
	return n == 1
}

// piped is a stream as its reader takes it. Go writes to a console in Unicode, whatever its code page, and a file is in UTF-8. Who reads a pipe (PowerShell, for > too; more; findstr)
// takes the bytes for the console's code page.
func piped(f *os.File) io.Writer {
	const chinese = 936
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	if page, failed := windows.GetConsoleOutputCP(); err == nil && failed == nil && kind == windows.FILE_TYPE_PIPE && page == chinese {
		return gbk{f}
	}
	return f
}

// openFile opens a file as a double-click does.
func openFile(path string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL)
}
