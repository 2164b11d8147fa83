// Package files writes what the program writes: whole, together, and over nothing that is not its own.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// File is one output: Data, or what Write writes.
type File struct {
	Path  string
	Data  []byte
	Write func(io.Writer) error
	Keep  func(path string) (bool, error) // has what stands there been changed by a person? Then a copy of it is kept. nil: never
}

// Saver says on whose behalf files are written, and over what. With no Origin and without Replace only new files are made.
type Saver struct {
	Of      Origin
	Replace bool     // also what is of another plan, or unknown
	Inputs  []string // paths that are never written over
}

// Save writes files of one folder: each to a temporary one beside it and onto the disk; only when all are there, and none of the targets is open in
// another program, are they given their names. If anything fails before that, what was there is untouched and nothing half-written is left. A stop
// between two names is seen in the folder's record: see Told. It returns the names of the copies kept.
func (s Saver) Save(files ...File) (kept []string, err error) {
	dir := filepath.Dir(files[0].Path)
	release, err := Hold(filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	defer release()
	clearLeftovers(dir)
	rec := readRecord(dir)
	for _, f := range files {
		if err := s.may(f.Path, rec); err != nil {
			return nil, err
		}
	}
	copies, err := copiesOf(files)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		kept = append(kept, c.Path)
	}
	all := slices.Concat(copies, files)
	var beside []temporary
	defer func() {
		for _, w := range beside {
			os.Remove(w.name) // those that have their names are no longer there
		}
	}()
	for _, f := range all {
		w, err := writeBeside(f)
		if err != nil {
			return nil, err
		}
		beside = append(beside, w)
	}
	for _, f := range files {
		if err := Free(f.Path); err != nil {
			return nil, err
		}
	}
	if s.Of != (Origin{}) {
		rec.begin(s.Of, files, beside[len(copies):])
		if err := rec.write(dir); err != nil {
			return nil, err
		}
	}
	for i, f := range all {
		if err := rename(beside[i].name, f.Path); err != nil {
			if i == 0 {
				s.end(rec, files)
			}
			return nil, halfway(all, i, err)
		}
	}
	s.end(rec, files)
	return kept, nil
}

// end says in the record that nothing is being written any more: all files have their names, or none has. Where that cannot be said, the record is
// still right about what each file is.
func (s Saver) end(rec *record, files []File) {
	if s.Of != (Origin{}) {
		rec.end(files)
		rec.write(rec.dir)
	}
}

// Check tells what Save would refuse to write over, before anything is computed.
func (s Saver) Check(path string) error { return s.may(path, readRecord(filepath.Dir(path))) }

// rename is os.Rename, but where a test stops in the middle.
var rename = os.Rename

// may tells whether a path may be written: it is free, or a file written earlier for the same plan.
func (s Saver) may(path string, rec *record) error {
	info, err := Ordinary(path)
	if err != nil || info == nil {
		return err
	}
	for _, input := range s.Inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(info, read) {
			return &Taken{Path: path, Input: true}
		}
	}
	if s.Replace {
		return nil
	}
	by := rec.origin(path)
	if s.Of != (Origin{}) && by != nil && by.owner() == s.Of.owner() {
		return nil
	}
	return &Taken{Path: path, By: by, For: s.Of}
}

// copiesOf are the copies to keep of what stands where files are to be written: NAME.bak-1.xlsx, or the next name that is free.
func copiesOf(files []File) (copies []File, err error) {
	for _, f := range files {
		if _, err := os.Lstat(f.Path); err != nil || f.Keep == nil {
			continue
		}
		if keep, err := f.Keep(f.Path); err != nil || !keep {
			if err != nil {
				return nil, err
			}
			continue
		}
		ext := filepath.Ext(f.Path)
		for n := 1; ; n++ {
			name := fmt.Sprintf("%s.bak-%d%s", strings.TrimSuffix(f.Path, ext), n, ext)
			if _, err := os.Lstat(name); err != nil {
				copies = append(copies, File{Path: name, Write: func(w io.Writer) error { return copyFrom(f.Path, w) }})
				break
			}
		}
	}
	return copies, nil
}

func copyFrom(path string, w io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// temporary is a file that has its content and not yet its name.
type temporary struct {
	name   string
	size   int64
	sha256 string
}

// writeBeside writes a file under a temporary name in its folder.
func writeBeside(f File) (w temporary, err error) {
	t, err := os.CreateTemp(filepath.Dir(f.Path), ".zhencai-*")
	if err != nil {
		return w, err
	}
	sum := sha256.New()
	to := io.MultiWriter(t, sum)
	if f.Write != nil {
		err = f.Write(to)
	} else {
		_, err = to.Write(f.Data)
	}
	w.size, _ = t.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, t.Sync(), t.Chmod(0o644), t.Close()); err != nil {
		os.Remove(t.Name())
		return w, err
	}
	w.name, w.sha256 = t.Name(), hex.EncodeToString(sum.Sum(nil))
	return w, nil
}

// leftover is the temporary name of a file whose writer was stopped.
var leftover = regexp.MustCompile(`^\.zhencai-[0-9]+$`)

// clearLeftovers removes what writers that were stopped have left in a folder nobody else is writing into.
func clearLeftovers(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if leftover.MatchString(e.Name()) && e.Type().IsRegular() {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
