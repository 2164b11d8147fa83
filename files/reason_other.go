//go:build !windows

package files

import "syscall"

// onWindows: no error here has a code of Windows.
func onWindows(error, ...syscall.Errno) bool { return false }
