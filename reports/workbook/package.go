package workbook

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"slices"
	"strings"

	"zhencai/model/formula"
)

// limits are those of a workbook that somebody hands us. Past them is an error, never a hang or gigabytes of memory.
//
// What reading costs is in proportion to the file's own size: a small file that unpacks into a large one is meant to do harm. Ours unpack to six times their size
// and hold a cell in every nine bytes, LibreOffice's to nine times with one in every seven.
type limits struct {
	file       int // bytes
	parts      int
	sheets     int
	nesting    int // of XML
	attributes int // of one tag
	piece      int // bytes of one tag, or of what one cell holds
	unpacked   allowance
	tokens     allowance // tags, comments and instructions
	cells      allowance
	formulas   allowance // bytes, of those that repeat another as well
}

// allowance is how much there may be: so much in any file, more for every KB of it, never more than the last.
type allowance struct{ least, perKB, most int64 }

// LongestFile is how much is read of a file that somebody hands us: twice the largest workbook of ours.
const LongestFile = 128 << 20

// usual are the limits in use. A cell of Excel holds 32,767 characters, each of which may be written as _x0000_.
var usual = limits{
	file: LongestFile, parts: 3000, sheets: 1000, nesting: 64, attributes: 100, piece: 256 << 10,
	unpacked: allowance{64 << 20, 40 << 10, 2 << 30},
	tokens:   allowance{1_000_000, 4_000, 200_000_000},
	cells:    allowance{100_000, 500, 20_000_000},
	formulas: allowance{8 << 20, 12 << 10, 1 << 30},
}

// budget is what is left while one file is read.
type budget struct {
	limits
	unpacked, tokens, cells, formulas allotment
}

// allotment is one of its counts.
type allotment struct {
	what       formula.Text
	given, has int64
}

func (l limits) budget(size int) *budget {
	of := func(zh, en string, a allowance) allotment {
		n := min(a.least+int64(size)/1024*a.perKB, a.most)
		return allotment{formula.Text{ZH: zh, EN: en}, n, n}
	}
	return &budget{l, of("解开后的字节", "bytes when unpacked", l.unpacked), of("XML 标记", "XML tags", l.tokens), of("单元格", "cells", l.cells), of("公式的字节", "bytes of formulas", l.formulas)}
}

// take uses some up; past the end is an error.
func (a *allotment) take(n int) error {
	if a.has -= int64(n); a.has >= 0 {
		return nil
	}
	return cannotRead("%s超过 %d：这样大小的文件没有那么多，不像表格程序写的，不予读取", "more than %[2]d %[1]s: no spreadsheet program writes so many into a file of this size, so it is not read", a.what, a.given)
}

// unreadable is a file that is not a workbook we can trust to read.
type unreadable struct{ text formula.Text }

func (e *unreadable) Error() string { return e.text.EN }

// In is the message in a language.
func (e *unreadable) In(l formula.Lang) string { return e.text.In(l) }

func cannotRead(zh, en string, args ...any) error { return &unreadable{formula.Textf(zh, en, args...)} }

// pack is the parts of a workbook. Nothing in it is believed: sizes are counted while reading, checksums compared at the end of every part.
type pack struct {
	files   []*zip.File // in the order in which we write them
	spent   *budget
	ordered bool // they stand so in the file
}

// The last record of a zip, which says where the table of contents is.
const (
	zipEnd     = "PK\x05\x06"
	zipEndSize = 22
)

// openPackage looks at the table of contents of a workbook. It must be the last thing in the file, and the only one: of two, programs read different ones.
func openPackage(data []byte, l limits) (*pack, error) {
	if len(data) > l.file {
		return nil, cannotRead("文件超过 %d MB", "the file is larger than %d MB", l.file>>20)
	}
	broken := cannotRead("不是 .xlsx 文件，或已损坏", "not an .xlsx file, or damaged")
	if len(data) < zipEndSize || !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return nil, broken
	}
	end := data[len(data)-zipEndSize:]
	count, size, at := int(binary.LittleEndian.Uint16(end[10:])), int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if !bytes.HasPrefix(end, []byte(zipEnd)) || at+size+zipEndSize != int64(len(data)) {
		return nil, broken
	}
	if count > l.parts || size > int64(l.parts)<<10 {
		return nil, cannotRead("文件里的部件超过 %d 个", "the file has more than %d parts", l.parts)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken
	}
	p := &pack{slices.Clone(z.File), l.budget(len(data)), true}
	slices.SortStableFunc(p.files, func(a, b *zip.File) int { return partOrder(a.Name, b.Name) })
	p.ordered = slices.Equal(p.files, z.File)
	var sum uint64
	seen := map[string]bool{}
	for _, f := range p.files {
		// Programs do not tell the case of names apart, and read %41 or a backslash in different ways.
		if key := strings.ToLower(f.Name); seen[key] || strings.ContainsAny(key, `\%`) {
			return nil, cannotRead("文件里有两个 %s，或名称不合规", "the file has two parts %s, or the name is none", f.Name)
		} else {
			seen[key] = true
		}
		if sum += f.UncompressedSize64; f.UncompressedSize64 > 1<<40 || sum > uint64(p.spent.unpacked.given) {
			return nil, p.spent.unpacked.take(int(p.spent.unpacked.given) + 1)
		}
	}
	return p, nil
}

// partOrder is the order in which we write parts: the content types first, as readers of the format expect, then by name.
func partOrder(a, b string) int {
	if (a == contentTypes) != (b == contentTypes) {
		if a == contentTypes {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

// each reads every part once, to its end, in our order. What take leaves unread is unpacked all the same, for the checksum and the fingerprint; so the
// answer is whether the file is as we wrote it.
func (p *pack) each(take func(name string, r io.Reader) error) (untouched bool, err error) {
	seal, stored := newSeal(), bytes.Buffer{}
	for _, f := range p.files {
		part := &partReader{name: f.Name, spent: p.spent, to: seal.begin(f.Name, int(f.UncompressedSize64))}
		if f.Name == sealPart {
			part.to = &stored
			if f.UncompressedSize64 > uint64(p.spent.piece) {
				return false, cannotRead("%s 太大", "%s is too large", f.Name)
			}
		}
		if part.in, err = f.Open(); err != nil {
			return false, part.damaged()
		}
		err = take(f.Name, part)
		if err == nil {
			_, err = io.Copy(io.Discard, part)
		}
		part.in.Close()
		if part.err != nil { // the cause of what take found
			err = part.err
		}
		if err != nil {
			return false, err
		}
	}
	return p.ordered && bytes.Contains(stored.Bytes(), []byte(">"+seal.String()+"<")), nil
}

// partReader unpacks a part, counts its bytes and keeps what went wrong.
type partReader struct {
	name  string
	in    io.ReadCloser
	spent *budget
	to    io.Writer // sees every byte
	err   error
}

func (r *partReader) damaged() error {
	return cannotRead("文件已损坏（%s）", "the file is damaged (%s)", r.name)
}

func (r *partReader) Read(buf []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.in.Read(buf)
	switch r.err = r.spent.unpacked.take(n); {
	case r.err != nil:
		return 0, r.err
	case err != nil && err != io.EOF:
		r.err = r.damaged()
		return n, r.err
	}
	r.to.Write(buf[:n]) // into memory or a hash
	return n, err
}
