package reports

import (
	"errors"
	"io"
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
		name, err := saveBeside(f.Path, func(w io.Writer) error {
			_, err := w.Write(f.Data)
			return err
		})
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

// saveAs writes a file that is not in memory as a whole; what was there stays until the new one is.
func saveAs(path string, write func(io.Writer) error) error {
	name, err := saveBeside(path, write)
	if err != nil {
		return err
	}
	if err := os.Rename(name, path); err != nil {
		os.Remove(name)
		return err
	}
	return nil
}

// saveBeside writes under a temporary name in the file's folder.
func saveBeside(path string, write func(io.Writer) error) (name string, err error) {
	t, err := os.CreateTemp(filepath.Dir(path), ".zhencai-*")
	if err != nil {
		return "", err
	}
	err = write(t)
	if err = errors.Join(err, t.Sync(), t.Chmod(0o644), t.Close()); err != nil {
		os.Remove(t.Name())
		return "", err
	}
	return t.Name(), nil
}
