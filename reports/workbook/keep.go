package workbook

import "os"

// Changed tells whether a file is not a workbook of ours as we wrote it: a person made something of it, which is not to be lost.
func Changed(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() > LongestFile {
		return true, err
	}
	data, err := os.ReadFile(path)
	return err != nil || !Untouched(data), err
}
