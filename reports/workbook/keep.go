package workbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"zhencai/reports"
)

// Keep saves what a person made of a workbook of ours: if the file at path is not as we wrote it, a copy of it is left beside it under a name that
// is free, NAME.bak-1.xlsx or the next. It returns the copy's name; empty if there is nothing to keep.
func Keep(path string) (kept string, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil || Untouched(data) {
		return "", err
	}
	if err := reports.Free(path); err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		kept = fmt.Sprintf("%s.bak-%d.xlsx", strings.TrimSuffix(path, ".xlsx"), n)
		if _, err := os.Lstat(kept); errors.Is(err, fs.ErrNotExist) {
			return kept, reports.Save(reports.File{Path: kept, Data: data})
		}
	}
}
