package files

import (
	"errors"
	"slices"
	"syscall"
)

// onWindows tells whether an error has one of the codes of Windows, which Go does not translate.
func onWindows(err error, codes ...syscall.Errno) bool {
	var code syscall.Errno
	return errors.As(err, &code) && slices.Contains(codes, code)
}
