package main

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
	"slices"

	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

// settings is what the rows depend on; a file begun with others is not gone on with.
func (r *townRun) settings(source townSource, from, to int) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, r.visible.Plan.Hash, r.o.scenario, r.o.paths, r.o.by, r.o.set, r.o.shocks, from, to)
	next, done, err := source()
	if err != nil {
		return "", err
	}
	defer done()
	for town := 0; ; {
		b, err := next()
		if err != nil {
			return "", err
		}
		if b == nil {
			return fmt.Sprintf("%x\n", h.Sum(nil)), nil
		}
		for range max(len(b.towns), 1) {
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
}

// unfinished is what a name has added while its rows are being collected: a line of the settings, then the table as CSV, whatever the format asked for.
const unfinished = ".unfinished"

// write computes the towns from..to, after those an interrupted run has left, and then writes the file asked for.
func (r *townRun) write(source townSource, from, to int) error {
	settings, err := r.settings(source, from, to)
	if err != nil {
		return err
	}
	var begin bytes.Buffer
	begin.WriteString(settings)
	w := csv.NewWriter(&begin)
	w.Write(r.header)
	w.Flush()
	begun := r.o.to + unfinished
	if err := os.MkdirAll(filepath.Dir(begun), 0o755); err != nil {
		return r.a.cannotWrite(begun, err)
	}
	file, done, err := goOn(begun, begin.Bytes())
	switch {
	case errors.Is(err, errOther):
		return fmt.Errorf("%s", r.a.t(begun+" 是用别的设置或数据算到一半的，没有动它；换一个 -o，或删去它", begun+" was begun with other settings or data and was left alone; choose another -o, or delete it"))
	case err != nil:
		return r.a.cannotWrite(begun, err)
	case done > 0:
		fmt.Fprintln(r.a.out, formula.Textf("接着上次：已有 %d 个镇", "going on: %d towns are there", done).In(r.a.lang))
	}
	defer file.Close()
	tell, finish := func(int) {}, func() {}
	if !r.o.quiet {
		if t, f := r.a.progress(to - from); t != nil {
			tell, finish = t, f
		}
	}
	err = r.each(source, from+done, to, r.compute, func(b *batchOfTowns) error {
		if _, err := file.Write(b.rows.Bytes()); err != nil {
			return r.a.cannotWrite(begun, err)
		}
		done += max(len(b.towns), 1)
		tell(done)
		return nil
	})
	finish()
	if err != nil {
		return err
	}
	if _, err := file.Seek(int64(len(settings)), io.SeekStart); err != nil {
		return r.a.cannotWrite(begun, err)
	}
	rows := csv.NewReader(bufio.NewReader(file))
	rows.Read() // the header
	if err := data.SaveTowns(r.o.to, r.header, rows.Read); err != nil {
		return r.a.cannotWrite(r.o.to, err)
	}
	if err := errors.Join(file.Close(), os.Remove(begun)); err != nil {
		return r.a.cannotWrite(begun, err)
	}
	fmt.Fprintln(r.a.out, r.a.t("已写出 ", "wrote ")+r.o.to)
	return r.a.summarise(&reports.Run{Book: r.visible, Lang: r.a.lang}, r.o)
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

// summarise prints the distribution and the ranking of a finished file.
func (a *app) summarise(run *reports.Run, o manyTowns) error {
	table, err := data.OpenTowns(o.to)
	if err != nil {
		return a.asked(err)
	}
	defer table.Close()
	text, err := terminal.Towns(run, table, o.rank, o.top)
	if err != nil {
		return a.asked(err)
	}
	fmt.Fprint(a.out, text)
	return nil
}

// asked puts an error about what was asked for into the user's language.
func (a *app) asked(err error) error {
	var known interface{ In(formula.Lang) string }
	if errors.As(err, &known) {
		return fmt.Errorf("%s", known.In(a.lang))
	}
	return err
}

// mergeTowns puts the files of shards one after the other; their columns must agree.
func (a *app) mergeTowns(parts []string, o manyTowns) error {
	var open *data.TownFile
	defer func() {
		if open != nil {
			open.Close()
		}
	}()
	var header []string
	turn := func() (err error) {
		if _, err := os.Stat(parts[0] + unfinished); err == nil {
			return fmt.Errorf("%s", a.t(parts[0]+" 还没有算完", parts[0]+" is not finished"))
		}
		if open != nil {
			open.Close()
		}
		if open, err = data.OpenTowns(parts[0]); err != nil {
			return err
		}
		if header != nil && !slices.Equal(header, open.Header) {
			return fmt.Errorf("%s", a.t(parts[0]+" 的列与前面的不同", "the columns of "+parts[0]+" differ from those before"))
		}
		parts = parts[1:]
		return nil
	}
	if err := turn(); err != nil {
		return a.asked(err)
	}
	header = open.Header
	var unread error // what is wrong with a part
	err := data.SaveTowns(o.to, header, func() ([]string, error) {
		row, err := open.Next()
		for errors.Is(err, io.EOF) && len(parts) > 0 {
			if err = turn(); err == nil {
				row, err = open.Next()
			}
		}
		if !errors.Is(err, io.EOF) {
			unread = err
		}
		return row, err
	})
	switch {
	case unread != nil:
		return a.asked(unread)
	case err != nil:
		return a.cannotWrite(o.to, err)
	}
	fmt.Fprintln(a.out, a.t("已写出 ", "wrote ")+o.to)
	return nil
}
