package towns

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zhencai/files"
	"zhencai/model/formula"
)

// Unwritten is a file that could not be written.
type Unwritten struct {
	Path string
	Err  error
}

func (e *Unwritten) Error() string { return e.Path + ": " + e.Err.Error() }
func (e *Unwritten) Unwrap() error { return e.Err }

// output is a file to write, and those there are already under its name and under the one its rows are collected under.
type output struct {
	path  string
	there []os.FileInfo
}

func newOutput(path string) *output {
	o := &output{path: path}
	for _, name := range []string{path, path + unfinished} {
		if info, err := os.Stat(name); err == nil {
			o.there = append(o.there, info)
		}
	}
	return o
}

// apart refuses to write over a file that is read, whatever either is called: files are compared, not names.
func (o *output) apart(read []string) error {
	for _, path := range read {
		info, err := os.Stat(path)
		if err != nil {
			continue // it is no file, or whoever reads it will say
		}
		for _, there := range o.there {
			if os.SameFile(info, there) {
				return misuse(formula.Textf("要写的 %s 就是要读的 %s；用 -o 换一个文件名", "%s, to be written, is %s, which is read; choose another name with -o", o.path, path))
			}
		}
	}
	return nil
}

// Write computes a part of the towns, after those an interrupted run has left, and then writes the file asked for.
func (r *Run) Write(file string, part Part) error {
	settings, err := r.count(newOutput(file))
	if err != nil {
		return err
	}
	if len(r.Pools) > 0 {
		if err := r.share(); err != nil {
			return err
		}
	}
	if err := r.complete(&settings, part); err != nil {
		return err
	}
	if err := r.May(file); err != nil {
		return &Unwritten{file, err}
	}
	begun := file + unfinished
	failed := func(err error) error { return &Unwritten{begun, err} }
	if err := os.MkdirAll(filepath.Dir(begun), 0o755); err != nil {
		return failed(err)
	}
	release, err := files.Hold(filepath.Join(filepath.Dir(begun), ".zhencai-lock-"+filepath.Base(begun)))
	if err != nil {
		return failed(err)
	}
	defer release()
	rows, err := goOn(begun, settings, r.Header)
	var known *Error
	switch {
	case errors.As(err, &known):
		return err
	case err != nil:
		return failed(err)
	}
	defer rows.file.Close()
	if rows.done > 0 {
		r.Say(formula.Textf("接着上次：已有 %d 个镇", "going on: %d towns are there", rows.done))
	}
	if rows.cut {
		r.Warn(formula.Textf("提醒：%s 从第 %d 个镇起坏了，从那里重新算", "warning: %s is damaged from town %d on, which are computed again", begun, rows.done+1))
	}
	from, to := part.span(settings.Towns)
	if err := r.collect(rows, from, to, failed); err != nil {
		return err
	}
	note := ""
	if part.N > 0 {
		note = settings.note()
	}
	if err := r.Save(file, r.Header, rows.table(), note); err != nil {
		return &Unwritten{file, err}
	}
	if err := errors.Join(rows.file.Close(), os.Remove(begun)); err != nil {
		return failed(err)
	}
	return nil
}

// complete adds to the settings what does not follow from the files read.
func (r *Run) complete(s *settings, part Part) error {
	s.Version, s.Part, s.Scenario, s.Paths, s.Set, s.Shocks = r.Version, part, r.Scenario, r.Paths, r.Set, r.Shocks
	if r.Paths > 0 {
		s.By = r.By.Line + ":" + string(r.By.How)
	}
	if len(r.Pools) > 0 {
		h := sha256.New()
		for town := range s.Towns {
			fmt.Fprintln(h, r.also(town))
		}
		s.Pots = fmt.Sprintf("%x", h.Sum(nil))
	}
	if len(s.note()) > longestNote {
		return misuse(formula.Text{ZH: "--set 和 --shock 太长；写进计划文件", EN: "--set and --shock are too long; write them into the plan"})
	}
	return nil
}

// longestNote is what a spreadsheet keeps of a cell, less the checksum.
const longestNote = 32_000

// collect computes the towns from..to after those that are done and adds their rows.
func (r *Run) collect(rows *rows, from, to int, failed func(error) error) error {
	tell, finish := func(int) {}, func() {}
	if r.Progress != nil {
		if t, f := r.Progress(to - from); t != nil {
			tell, finish = t, f
		}
	}
	defer finish()
	return r.each(from+rows.done, to, r.compute, func(b *batch) error {
		if err := rows.add(b.rows); err != nil {
			return failed(err)
		}
		tell(rows.done)
		return nil
	})
}
