package towns

import (
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"zhencai/model/formula"
)

// Rows is a table of towns being read row by row. Next gives io.EOF after the last row; then Note is what was saved with the table.
type Rows struct {
	Header []string
	Next   func() ([]string, error)
	Note   func() string
	Close  func() error
}

// Open opens a table that Save has written.
type Open func(path string) (*Rows, error)

// part is a file and what it says it is.
type part struct {
	path   string
	header []string
	note   string
	of     settings
}

// Merge puts the tables of all parts of a run together, in whatever order they are named. All are read through and compared before anything is written.
func Merge(paths []string, to string, open Open, save Save) error {
	if err := newOutput(to).apart(paths); err != nil {
		return err
	}
	var parts []part
	place := map[int]string{} // the file of each part
	for _, path := range paths {
		p, err := readPart(path, open)
		if err != nil {
			return err
		}
		if err := p.beside(parts, place[p.of.Part.I]); err != nil {
			return err
		}
		parts, place[p.of.Part.I] = append(parts, p), path
	}
	if err := missing(parts[0].of.Part.N, place); err != nil {
		return err
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.of.Part.I, b.of.Part.I) })
	j := &joined{parts: parts, open: open}
	defer j.close()
	switch err := save(to, parts[0].header, j.next, ""); {
	case j.err != nil:
		return j.err
	case err != nil:
		return &Unwritten{to, err}
	}
	return nil
}

// readPart reads a part to its end.
func readPart(path string, open Open) (p part, err error) {
	if _, err := os.Stat(path + unfinished); err == nil {
		return p, fail(formula.Textf("%s 还没有算完", "%s is not finished", path))
	}
	rows, err := open(path)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	towns := 0
	for _, err = rows.Next(); err == nil; _, err = rows.Next() {
		towns++
	}
	if !errors.Is(err, io.EOF) {
		return p, err
	}
	of, ok := readNote(rows.Note())
	if !ok || of.Part.N == 0 {
		return p, fail(formula.Textf("%s 没有写明是哪次计算的第几片：不是 --shard 算出的，或末尾缺了；用 --shard 重新算", "%s does not say which part of which run it is: --shard has not written it, or its end is missing; compute it again with --shard", path))
	}
	if from, to := of.Part.span(of.Towns); towns != to-from { // its checksum is right, so somebody made it
		return p, fail(formula.Textf("%s 是第 %s 片，应有 %d 个镇，却有 %d 个", "%s is part %s with %d towns, but has %d", path, of.Part, to-from, towns))
	}
	return part{path, rows.Header, rows.Note(), of}, nil
}

// beside refuses a part that is of another run than those before, or there already, under another name or the same.
func (p part) beside(before []part, there string) error {
	if len(before) == 0 {
		return nil
	}
	first, of := before[0], p.of
	of.Part.I = first.of.Part.I
	if differ := first.of.unlike(of); differ.ZH != "" {
		return fail(formula.Textf("%s 和 %s 不是同一次计算的两片；不同的是：%s", "%s and %s are not parts of one run; what differs: %s", first.path, p.path, differ))
	}
	if there != "" {
		return fail(formula.Textf("%s 和 %s 都是第 %s 片；只给一个", "%s and %s are both part %s; give one of them", there, p.path, p.of.Part))
	}
	if !slices.Equal(first.header, p.header) {
		return fail(formula.Textf("%s 的列与前面的不同", "the columns of %s differ from those before", p.path))
	}
	return nil
}

// missing refuses to merge before all n parts are there.
func missing(n int, there map[int]string) error {
	var lacking []string
	for i := 1; i <= n; i++ {
		if there[i] == "" {
			lacking = append(lacking, strconv.Itoa(i))
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	named, more := lacking[:min(len(lacking), 20)], ""
	if len(lacking) > len(named) {
		more = " …"
	}
	return fail(formula.Textf("缺 %d 片，共 %d 片；缺的是第 %s 片", "%d of %d parts are missing: %s", len(lacking), n, strings.Join(named, " ")+more))
}

// joined are parts read one after the other.
type joined struct {
	parts []part // not read to their end
	open  Open
	rows  *Rows // of the first
	err   error // what is wrong with a part
}

func (j *joined) close() {
	if j.rows != nil {
		j.rows.Close()
		j.rows = nil
	}
}

func (j *joined) next() (row []string, err error) {
	for err = io.EOF; errors.Is(err, io.EOF) && len(j.parts) > 0; {
		p := j.parts[0]
		if j.rows == nil {
			if j.rows, j.err = j.open(p.path); j.err != nil {
				return nil, j.err
			}
		}
		if row, err = j.rows.Next(); errors.Is(err, io.EOF) {
			if j.rows.Note() != p.note || !slices.Equal(j.rows.Header, p.header) {
				err = fail(formula.Textf("%s 刚才改动过；再运行一次", "%s has just been changed; run it again", p.path))
				break
			}
			j.close()
			j.parts = j.parts[1:]
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		j.err = err
	}
	return row, err
}
