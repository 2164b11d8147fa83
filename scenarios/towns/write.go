package towns

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"zhencai/files"
	"zhencai/model/formula"
	"zhencai/scenarios"
)

// Unwritten is a file that could not be written.
type Unwritten struct {
	Path string
	Err  error
}

func (e *Unwritten) Error() string { return e.Path + ": " + e.Err.Error() }
func (e *Unwritten) Unwrap() error { return e.Err }

// unfinished is what a name has added while its rows are being collected: a line of the settings, then the table as CSV, whatever the format asked for.
const unfinished = ".unfinished"

// Write computes part i of n of the towns, after those an interrupted run has left, and then writes the file asked for.
func (r *Run) Write(file string, i, n int) error {
	total, err := r.count()
	if err != nil {
		return err
	}
	if len(r.Pools) > 0 {
		if err := r.share(); err != nil {
			return err
		}
	}
	from, to := total*(i-1)/n, total*i/n
	settings, err := r.settings(from, to)
	if err != nil {
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
	if _, err := files.Ordinary(begun); err != nil {
		return failed(err)
	}
	var begin bytes.Buffer
	begin.WriteString(settings)
	w := csv.NewWriter(&begin)
	w.Write(r.Header)
	w.Flush()
	rows, done, err := goOn(begun, begin.Bytes())
	switch {
	case errors.Is(err, errOther):
		return fail(formula.Text{ZH: begun + " 是用别的设置或数据算到一半的，没有动它；换一个 -o，或删去它", EN: begun + " was begun with other settings or data and was left alone; choose another -o, or delete it"})
	case err != nil:
		return failed(err)
	case done > 0:
		r.Say(formula.Textf("接着上次：已有 %d 个镇", "going on: %d towns are there", done))
	}
	defer rows.Close()
	if err := r.collect(rows, from, to, done, failed); err != nil {
		return err
	}
	if _, err := rows.Seek(int64(len(settings)), io.SeekStart); err != nil {
		return failed(err)
	}
	table := csv.NewReader(bufio.NewReader(rows))
	table.Read() // the header
	if err := r.Save(file, r.Header, table.Read); err != nil {
		return &Unwritten{file, err}
	}
	if err := errors.Join(rows.Close(), os.Remove(begun)); err != nil {
		return failed(err)
	}
	return nil
}

// collect computes the towns from..to after those that are done and adds their rows.
func (r *Run) collect(rows io.Writer, from, to, done int, failed func(error) error) error {
	tell, finish := func(int) {}, func() {}
	if r.Progress != nil {
		if t, f := r.Progress(to - from); t != nil {
			tell, finish = t, f
		}
	}
	defer finish()
	return r.each(from+done, to, r.compute, func(b *batch) error {
		if _, err := rows.Write(b.rows.Bytes()); err != nil {
			return failed(err)
		}
		done += b.size()
		tell(done)
		return nil
	})
}

// settings is what the rows depend on; a file begun with others is not gone on with.
func (r *Run) settings(from, to int) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, r.First.Plan.Hash, r.Scenario, r.Paths, r.By.Line+":"+string(r.By.How), r.Set, r.Shocks, from, to)
	town := 0
	for b, err := range r.batches() {
		if err != nil {
			return "", err
		}
		for range b.size() {
			fmt.Fprintln(h, r.also(town))
			town++
		}
		fmt.Fprintln(h, b.plan)
		if b.plan != "" {
			if loaded := scenarios.Load(b.plan, scenarios.Options{}); loaded.Plan != nil {
				fmt.Fprintln(h, loaded.Plan.Hash)
			}
		}
		for _, t := range b.towns {
			fmt.Fprintf(h, "%q %q\n", t.Name, t.Values)
		}
	}
	return fmt.Sprintf("%x\n", h.Sum(nil)), nil
}

// errOther: a file was begun with other settings.
var errOther = errors.New("begun with other settings")

// goOn opens a file begun earlier, cuts off a row that was not finished, and counts the rows. It begins anew where there is no file, or not even all of its beginning.
func goOn(path string, begin []byte) (file *os.File, rows int, err error) {
	if file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, 0, err
	}
	reader := bufio.NewReader(file)
	there := make([]byte, len(begin))
	n, err := io.ReadFull(reader, there)
	switch {
	case !bytes.HasPrefix(begin, there[:n]):
		return nil, 0, errors.Join(errOther, file.Close())
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, 0, errors.Join(err, file.Close())
	}
	end := int64(len(begin))
	for {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, errors.Join(err, file.Close())
		}
		end += int64(len(line))
		rows++
	}
	_, err = file.WriteAt(begin, 0)
	if err == nil {
		err = file.Truncate(end)
	}
	if err == nil {
		_, err = file.Seek(end, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, rows, nil
}
