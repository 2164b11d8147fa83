package reports

import (
	"errors"
	"os"
	"path/filepath"
)

// Save writes a whole file: to a temporary one in the same folder, onto the disk, and only then under its name. If anything fails, what
// was there before is untouched and nothing half-written is left.
func Save(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".zhencai-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
