package reports

import (
	"errors"
	"os"
	"path/filepath"
)

// File is one output, complete in memory before anything is written.
type File struct {
	Path string
	Data []byte
}

// Save writes files: each to a temporary one in its own folder and onto the disk; only when all are there are they given their names. If
// anything fails before that, what was there is untouched and nothing half-written is left.
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
		name, err := saveBeside(f)
		if err != nil {
			return err
		}
		written = append(written, name)
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

// saveBeside writes a file's data under a temporary name in its folder.
func saveBeside(f File) (name string, err error) {
	t, err := os.CreateTemp(filepath.Dir(f.Path), ".zhencai-*")
	if err != nil {
		return "", err
	}
	_, err = t.Write(f.Data)
	if err = errors.Join(err, t.Sync(), t.Chmod(0o644), t.Close()); err != nil {
		os.Remove(t.Name())
		return "", err
	}
	return t.Name(), nil
}
