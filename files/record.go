package files

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zhencai/model/formula"
)

// Origin is what files are results of.
type Origin struct {
	Command string `json:"command"`           // what computed them, with the options that make them results of another kind
	Plan    string `json:"plan"`              // of what, as it is called
	Place   string `json:"place"`             // and where that lies, see Place
	Figures string `json:"figures,omitempty"` // what was computed: files with the same figures agree. Empty where a file stands alone
}

// owner is what an Origin has whatever was computed.
func (o Origin) owner() Origin {
	o.Figures = ""
	return o
}

// name is what a person calls it.
func (o Origin) name() string { return o.Command + " " + o.Plan }

// Place tells apart where inputs lie, as seen from the folder of the outputs, so that both may move together. It is a digest, because what the
// office calls its folders is nobody's business who gets the outputs.
func Place(dir string, inputs ...string) string {
	h := sha256.New()
	for _, path := range inputs {
		if name := strings.ToLower(filepath.Base(path)); name == "plan.yaml" {
			path = filepath.Dir(path) // a plan is its folder
		}
		at := actual(path)
		if rel, err := filepath.Rel(actual(dir), at); err == nil {
			at = rel
		}
		fmt.Fprintf(h, "%q\n", filepath.ToSlash(at))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// actual is a path without links, from the root; as much of that as there is.
func actual(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if r, err := filepath.EvalSymlinks(full); err == nil {
		return r
	}
	return full
}

// Digest names what was computed.
func Digest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// recordName is the file in which a folder keeps what its outputs are.
const recordName = ".zhencai.json"

// mostRecord bounds a record that is read, mostStamps what is looked at in it.
const (
	mostRecord = 1 << 20
	mostStamps = 1000
)

// record says of the files of a folder what they are results of. What a file is follows from its content, so nothing has to be true of a record but
// that its stamps are; it is replaced before the files are.
type record struct {
	Stamps  []stamp  `json:"files"`             // oldest first
	Writing []string `json:"writing,omitempty"` // files that were being given their names

	dir   string
	found map[string]string // digest of what stands there, by name; empty where nothing does
}

// stamp is a file as it was written once.
type stamp struct {
	File   string `json:"file"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Origin
}

// readRecord reads a folder's record; one that is missing or damaged knows nothing.
func readRecord(dir string) *record {
	empty := &record{dir: dir, found: map[string]string{}}
	path := filepath.Join(dir, recordName)
	info, err := Ordinary(path)
	if err != nil || info == nil || info.Size() > mostRecord {
		return empty
	}
	data, err := os.ReadFile(path)
	r := *empty
	if err != nil || json.Unmarshal(data, &r) != nil || len(r.Stamps) > mostStamps {
		return empty
	}
	for _, s := range r.Stamps {
		if s.File != filepath.Base(s.File) || s.File == "." || s.File == ".." {
			return empty
		}
	}
	return &r
}

func (r *record) write(dir string) error {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	w, err := writeBeside(File{Path: filepath.Join(dir, recordName), Data: append(data, '\n')})
	if err != nil {
		return err
	}
	if err := os.Rename(w.name, filepath.Join(dir, recordName)); err != nil {
		os.Remove(w.name)
		return err
	}
	return nil
}

// newest is the last stamp of a file; nil if there is none.
func (r *record) newest(name string) *stamp {
	for i := range slices.Backward(r.Stamps) {
		if r.Stamps[i].File == name {
			return &r.Stamps[i]
		}
	}
	return nil
}

// now is the stamp of what stands there; nil if nothing does, or something else.
func (r *record) now(name string) *stamp {
	for i := range slices.Backward(r.Stamps) {
		if s := &r.Stamps[i]; s.File == name && r.digest(name, s.Size) == s.SHA256 {
			return s
		}
	}
	return nil
}

// digest is that of the file standing there, if it has the size.
func (r *record) digest(name string, size int64) string {
	path := filepath.Join(r.dir, name)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return ""
	}
	if d, ok := r.found[name]; ok {
		return d
	}
	h := sha256.New()
	d := ""
	if copyFrom(path, h) == nil {
		d = hex.EncodeToString(h.Sum(nil))
	}
	r.found[name] = d
	return d
}

func (r *record) missing(name string) bool {
	_, err := os.Lstat(filepath.Join(r.dir, name))
	return errors.Is(err, fs.ErrNotExist)
}

// origin is what the file at a path is a result of, or was when it was written; nil if nothing is known.
func (r *record) origin(path string) *Origin {
	if s := cmp.Or(r.now(filepath.Base(path)), r.newest(filepath.Base(path))); s != nil {
		return &s.Origin
	}
	return nil
}

// begin adds files that are about to get their names. Of earlier stamps it keeps one a file, that of what stands there.
func (r *record) begin(of Origin, files []File, beside []temporary) {
	var stamps []stamp
	for i, s := range r.Stamps {
		kept := cmp.Or(r.now(s.File), r.newest(s.File)) == &r.Stamps[i]
		if kept && (!r.missing(s.File) || slices.Contains(r.Writing, s.File)) {
			stamps = append(stamps, s)
		}
	}
	for i, f := range files {
		name := filepath.Base(f.Path)
		stamps = append(stamps, stamp{File: name, Size: beside[i].size, SHA256: beside[i].sha256, Origin: of})
		if !slices.Contains(r.Writing, name) {
			r.Writing = append(r.Writing, name)
		}
	}
	r.Stamps = stamps[max(0, len(stamps)-mostStamps):]
}

// end says that files have their names.
func (r *record) end(files []File) {
	for _, f := range files {
		r.Writing = slices.DeleteFunc(r.Writing, func(name string) bool { return name == filepath.Base(f.Path) })
	}
}

// Told says what is to be known of the outputs in a folder: that a writer was stopped between two of them, that they are not of one run, that one has
// been changed. Workbooks are left out of the last: verify says more of them.
func Told(dir string) (told []formula.Text) {
	if info, err := Ordinary(filepath.Join(dir, recordName)); err != nil || info == nil {
		return nil
	}
	release, err := Hold(filepath.Join(dir, lockName)) // what is being written now was not stopped
	var busy *Busy
	if errors.As(err, &busy) {
		return []formula.Text{{ZH: busy.In(formula.ZH), EN: busy.In(formula.EN)}}
	}
	if err == nil { // else the folder is read-only, and nobody writes
		defer release()
	}
	r := readRecord(dir)
	if t, said := r.stopped(); said {
		return append(told, t)
	}
	owners := map[Origin]bool{}
	for _, s := range r.Stamps {
		if owner := s.owner(); !owners[owner] {
			owners[owner] = true
			if t, said := r.apart(owner); said {
				told = append(told, t)
			}
		}
	}
	var changed []string
	for i, s := range r.Stamps {
		if r.newest(s.File) == &r.Stamps[i] && r.now(s.File) == nil && !r.missing(s.File) && filepath.Ext(s.File) != ".xlsx" {
			changed = append(changed, s.File)
		}
	}
	if len(changed) > 0 {
		told = append(told, formula.Textf("%s：写出以后被改过：%s", "%s: changed since it was written: %s", dir, strings.Join(changed, " ")))
	}
	return told
}

// stopped tells of files that were being given their names: all have theirs or none has, or it is said.
func (r *record) stopped() (t formula.Text, said bool) {
	var now, old, missing []string
	standing, unknown := map[Origin]bool{}, false
	for _, name := range r.Writing {
		s := r.now(name)
		switch {
		case s != nil && s == r.newest(name):
			now = append(now, name)
		case r.missing(name):
			missing = append(missing, name)
		default:
			old = append(old, name)
		}
		switch {
		case s != nil:
			standing[s.Origin] = true
		case r.missing(name):
			standing[Origin{}] = true
		default:
			unknown = true
		}
	}
	if unknown && len(now) > 0 { // else a person changed it before anything was new
		standing[Origin{Plan: "?"}] = true
	}
	if len(standing) <= 1 {
		return t, false
	}
	parts := func(new, older, none, comma string) string {
		var all []string
		for _, p := range []struct {
			says  string
			names []string
		}{{new, now}, {older, old}, {none, missing}} {
			if len(p.names) > 0 {
				all = append(all, p.says+strings.Join(p.names, " "))
			}
		}
		return strings.Join(all, comma)
	}
	return formula.Text{
		ZH: r.dir + "：上次写结果时中断，这些文件不是同一次测算的（" + parts("新的：", "原来的：", "没有的：", "；") + "）；重新运行一次",
		EN: r.dir + ": the last run was stopped while it wrote, and these files are not of one run (" + parts("new: ", "older: ", "missing: ", "; ") + "); run it again",
	}, true
}

// apart tells of files of one plan that are results of different runs, as --only leaves them.
func (r *record) apart(owner Origin) (t formula.Text, said bool) {
	last := ""
	standing := map[string]string{}
	for i := range r.Stamps {
		if s := &r.Stamps[i]; s.Figures != "" && s.owner() == owner && r.now(s.File) == s {
			standing[s.File], last = s.Figures, s.Figures
		}
	}
	var now, old []string
	for name, figures := range standing {
		if figures == last {
			now = append(now, name)
		} else {
			old = append(old, name)
		}
	}
	if len(old) == 0 {
		return t, false
	}
	slices.Sort(now)
	slices.Sort(old)
	return formula.Textf("%s：“%s”的这些文件不是同一次测算的（新的：%s；原来的：%s）；不带 --only 重新运行一次", "%s: these files of “%s” are not of one run (new: %s; older: %s); run it again without --only",
		r.dir, owner.name(), strings.Join(now, " "), strings.Join(old, " ")), true
}
