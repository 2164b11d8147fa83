//go:build !windows

package main

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownWindow tells whether the terminal was opened for this program, without a shell in between: it closes with the program.
func ownWindow() bool {
	session, err := unix.Getsid(0)
	return err == nil && session == os.Getpid()
}

// piped is a stream as its reader takes it: UTF-8.
func piped(f *os.File) io.Writer { return f }

// openFile opens a file as a double-click does. What opens it stays when the terminal is closed.
func openFile(path string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	command := exec.Command(opener, path)
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return command.Start()
}
