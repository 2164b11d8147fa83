package towns

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"strings"

	"zhencai/model/formula"
	"zhencai/scenarios/files"
)

// unfinished is what a name has added while its rows are being collected: a line of the settings, then the table as CSV, whatever the format asked for. Each row, a line, ends
// with one cell more: the checksum of everything before it. So no row can change, be lost or come twice unseen.
const unfinished = ".unfinished"

// rows are an unfinished file.
type rows struct {
	done int  // rows
	cut  bool // of what was damaged
	file *os.File
	head []byte // settings and header
	from uint32 // the checksum of these
	sum  uint32 // and of all rows
}

// goOn opens a file begun earlier, cuts it off where a row is not finished or damaged, and counts the rows. It begins anew where there is no file, or not even all of
// its beginning. What was begun with other settings is left alone.
func goOn(path string, s settings, header []string) (*rows, error) {
	if _, err := files.Ordinary(path); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	r := &rows{file: file, head: []byte(s.note() + "\n")}
	r.sum = crc32.ChecksumIEEE(r.head)
	r.head = r.line(r.head, header)
	r.from = r.sum
	if err := r.goOn(path, s); err != nil {
		file.Close()
		return nil, err
	}
	return r, nil
}

func (r *rows) goOn(path string, s settings) error {
	there := make([]byte, len(r.head))
	n, err := r.file.ReadAt(there, 0)
	switch {
	case !bytes.HasPrefix(r.head, there[:n]):
		return r.other(path, s)
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case n < len(r.head):
		if _, err := r.file.WriteAt(r.head, 0); err != nil {
			return err
		}
	}
	end, next := int64(len(r.head)), r.read(&r.sum)
	for {
		_, size, err := next()
		if err != nil { // whatever cannot be read is computed again
			r.cut = errors.Is(err, errDamaged)
			break
		}
		r.done, end = r.done+1, end+int64(size)
	}
	if err := r.file.Truncate(end); err != nil {
		return err
	}
	_, err = r.file.Seek(end, io.SeekStart)
	return err
}

// other refuses a file that was begun with other settings, and says which.
func (r *rows) other(path string, s settings) error {
	first, _ := bufio.NewReader(io.NewSectionReader(r.file, 0, 2*longestNote)).ReadString('\n')
	differ := formula.Text{}
	if was, ok := readNote(strings.TrimSuffix(first, "\n")); ok {
		differ = was.unlike(s)
	}
	if differ.ZH != "" {
		differ = formula.Textf("；不同的是：%s", "; what differs: %s", differ)
	}
	return fail(formula.Textf("%s 是用别的设置或数据算到一半的，没有动它%s；换一个 -o，或删去它", "%s was begun with other settings or data and was left alone%s; choose another -o, or delete it", path, differ))
}

// add writes rows after those there are.
func (r *rows) add(rows [][]string) error {
	var text []byte
	for _, cells := range rows {
		text = r.line(text, cells)
	}
	r.done += len(rows)
	_, err := r.file.Write(text)
	return err
}

// line adds to a text a row and the checksum of all up to it.
func (r *rows) line(text []byte, cells []string) []byte {
	var row bytes.Buffer
	w := csv.NewWriter(&row)
	w.Write(cells)
	w.Flush()
	row.Truncate(row.Len() - 1) // the end of the line
	r.sum = crc32.Update(r.sum, crc32.IEEETable, row.Bytes())
	return fmt.Appendf(append(text, row.Bytes()...), ",%08x\n", r.sum)
}

var errDamaged = &Error{Text: formula.Text{ZH: "收集的行坏了，或有两个程序同时在写；再运行一次，坏的会重新算", EN: "the rows collected are damaged, or two programs write them at once; run it again, what is damaged is computed again"}}

// read reads the rows from the first on, each with its length in the file, and adds up their checksum. A row without its end is io.ErrUnexpectedEOF.
func (r *rows) read(sum *uint32) func() (cells []string, size int, err error) {
	*sum = r.from
	from := bufio.NewReaderSize(io.NewSectionReader(r.file, int64(len(r.head)), math.MaxInt64>>1), longestLine)
	return func() ([]string, int, error) {
		text, err := from.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, 0, errDamaged
		case errors.Is(err, io.EOF) && len(text) > 0:
			return nil, 0, io.ErrUnexpectedEOF
		case err != nil:
			return nil, 0, err
		}
		row := text[:max(0, bytes.LastIndexByte(text, ','))]
		after := crc32.Update(*sum, crc32.IEEETable, row)
		if string(text[len(row):]) != fmt.Sprintf(",%08x\n", after) {
			return nil, 0, errDamaged
		}
		cells, err := csv.NewReader(bytes.NewReader(row)).Read()
		*sum = after
		return cells, len(text), err
	}
}

// longestLine bounds a row of the file, in bytes.
const longestLine = 1 << 20

// table gives the rows and then io.EOF, or an error if they are not all those that were added.
func (r *rows) table() func() ([]string, error) {
	var sum uint32
	next, left := r.read(&sum), r.done
	return func() ([]string, error) {
		cells, _, err := next()
		switch {
		case err == nil:
			left--
			return cells, nil
		case errors.Is(err, io.EOF) && left == 0:
			return nil, io.EOF
		}
		return nil, errDamaged
	}
}
