package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"zhencai/model/formula"
)

// A table of towns as Parquet is plain: the first column is text, the others are doubles or null, a page per column and group of rows, nothing packed. The format's own
// structures are the library's; of the rest of the library, which is 7 MB of codecs, nothing is linked in.
//
// Before the footer, where readers of the format do not look, stand our own table of contents and the SHA-256 of all other bytes. What does not agree with it is not
// read, and the format's structures are not either: in a file that means harm they can be nested until the stack ends.

const parquetMagic = "PAR1"

// groupRows is how many towns are written, and held in memory, at a time; groupBytes, after how many bytes of names a group ends as well.
const (
	groupRows  = 10_000
	groupBytes = 1 << 26
)

// parquetColumn is a column of a group of rows: the values that are not blank, and a bit for every row that has one.
type parquetColumn struct {
	values, present []byte
	held            int
}

type parquetWriter struct {
	to       io.Writer
	at       int64
	columns  []parquetColumn
	rows     int // of the group that is being filled
	meta     format.FileMetaData
	contents parquetContents
}

// parquetContents is where everything is, and what was saved with it.
type parquetContents struct {
	Columns []string
	Groups  []parquetGroup
	Note    string `json:",omitempty"`
}

// parquetGroup is a group of rows, and where the page of every column begins and ends.
type parquetGroup struct {
	Rows  int
	Pages [][2]int64
}

func writeParquet(to io.Writer, header []string, next func() ([]string, error), note string) error {
	sum := sha256.New()
	w := &parquetWriter{to: io.MultiWriter(to, sum), columns: make([]parquetColumn, len(header)), contents: parquetContents{Columns: header, Note: note}}
	w.meta = format.FileMetaData{Version: 1, Schema: townSchema(header), RowGroups: thrift.Slice[format.RowGroup]{}, CreatedBy: "zhencai"}
	if err := w.write([]byte(parquetMagic)); err != nil {
		return err
	}
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = w.add(header, row)
		}
		if err == nil && (w.rows == groupRows || len(w.columns[0].values) > groupBytes) {
			err = w.group()
		}
		if err != nil {
			return err
		}
	}
	if err := w.group(); err != nil {
		return err
	}
	contents, err := json.Marshal(w.contents)
	if err != nil {
		return err
	}
	if err := w.write(binary.LittleEndian.AppendUint32(contents, uint32(len(contents)))); err != nil {
		return err
	}
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), &w.meta)
	if err != nil {
		return err
	}
	footer = append(binary.LittleEndian.AppendUint32(footer, uint32(len(footer))), parquetMagic...)
	sum.Write(footer)
	_, err = to.Write(append(sum.Sum(nil), footer...))
	return err
}

// townSchema is the columns as the format lists them, after their root.
func townSchema(header []string) []format.SchemaElement {
	schema := []format.SchemaElement{{Name: "towns", NumChildren: thrift.New(int32(len(header)))}}
	for _, name := range header {
		schema = append(schema, format.SchemaElement{Name: name, Type: thrift.New(format.Double), RepetitionType: thrift.New(format.Optional)})
	}
	town := &schema[1]
	town.Type, town.RepetitionType = thrift.New(format.ByteArray), thrift.New(format.Required)
	town.ConvertedType, town.LogicalType = thrift.New(deprecated.UTF8), format.LogicalType{Value: new(format.StringType)}
	return schema
}

func (w *parquetWriter) write(data []byte) error {
	w.at += int64(len(data))
	_, err := w.to.Write(data)
	return err
}

// add puts a row into the group.
func (w *parquetWriter) add(header, row []string) error {
	for i, text := range row {
		c := &w.columns[i]
		if w.rows%8 == 0 {
			c.present = append(c.present, 0)
		}
		switch {
		case i == 0:
			c.values = append(binary.LittleEndian.AppendUint32(c.values, uint32(len(text))), text...)
		case text == "":
			continue
		default:
			if !isNumber(text) {
				return usage(formula.Textf("%s 列里的 %q 不是数", "column %s has %q, which is not a number", header[i], text))
			}
			number, _ := strconv.ParseFloat(text, 64)
			c.values = binary.LittleEndian.AppendUint64(c.values, math.Float64bits(number))
		}
		c.present[w.rows/8] |= 1 << (w.rows % 8)
		c.held++
	}
	w.rows++
	return nil
}

// group writes the rows that are there, one page for each column.
func (w *parquetWriter) group() error {
	if w.rows == 0 {
		return nil
	}
	pages := make([][2]int64, len(w.columns))
	group := format.RowGroup{NumRows: int64(w.rows), FileOffset: w.at, Ordinal: int16(len(w.meta.RowGroups))}
	for i := range w.columns {
		c, column := &w.columns[i], w.meta.Schema[i+1]
		page := c.values
		if i > 0 {
			page = append(levels(c.present), c.values...)
		}
		statistics := format.Statistics{NullCount: int64(w.rows - c.held)}
		head, err := thrift.Marshal(new(thrift.CompactProtocol), &format.PageHeader{
			Type: format.DataPage, UncompressedPageSize: int32(len(page)), CompressedPageSize: int32(len(page)), CRC: int32(crc32.ChecksumIEEE(page)),
			DataPageHeader: thrift.New(format.DataPageHeader{NumValues: int32(w.rows), DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE, Statistics: statistics}),
		})
		if err != nil {
			return err
		}
		size := int64(len(head) + len(page))
		group.Columns = append(group.Columns, format.ColumnChunk{MetaData: format.ColumnMetaData{
			Type: column.Type.V, Encoding: []format.Encoding{format.Plain, format.RLE}, PathInSchema: []string{column.Name}, NumValues: int64(w.rows),
			TotalUncompressedSize: size, TotalCompressedSize: size, DataPageOffset: w.at, Statistics: statistics,
		}})
		group.TotalByteSize += size
		if err := w.write(append(head, page...)); err != nil {
			return err
		}
		pages[i] = [2]int64{w.at - int64(len(page)), w.at}
		*c = parquetColumn{c.values[:0], c.present[:0], 0}
	}
	group.TotalCompressedSize = group.TotalByteSize
	w.meta.RowGroups = append(w.meta.RowGroups, group)
	w.meta.NumRows += int64(w.rows)
	w.contents.Groups = append(w.contents.Groups, parquetGroup{w.rows, pages})
	w.rows = 0
	return nil
}

// levels says which rows have a value, as the format does: one run of packed bits, with its length before it.
func levels(present []byte) []byte {
	run := append(binary.AppendUvarint(nil, uint64(len(present))<<1|1), present...)
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(run))), run...)
}

// parquetFile reads what writeParquet wrote, and nothing else.
type parquetFile struct {
	parquetContents
	name string
	in   io.ReaderAt
	at   int64 // where what was read last ends
	end  int64 // of all that the contents can name

	pages     []parquetPage // of the group being read
	row, rows int           // of it
}

// damaged is what there is to say of a file that is not as it was written.
func (f *parquetFile) damaged() error {
	return usage(formula.Textf("%s 已损坏，或不是 zhencai 写的 Parquet 文件；请重新算出这个文件，或改用 CSV", "%s is damaged, or not a Parquet file that zhencai wrote: compute it again, or use CSV", f.name))
}

// openParquet compares the checksum and reads the contents.
func openParquet(name string, in io.ReaderAt, size int64) (*parquetFile, error) {
	f := &parquetFile{name: name, in: in, at: int64(len(parquetMagic))}
	tail, err := f.before(size, 4+len(parquetMagic)) // the size of the footer, and the mark
	if err != nil {
		return nil, err
	}
	footer, err := f.before(size-int64(len(tail)), int(binary.LittleEndian.Uint32(tail)))
	if err != nil {
		return nil, err
	}
	stored, err := f.before(size-int64(len(tail)+len(footer)), sha256.Size)
	if err != nil {
		return nil, err
	}
	f.end = size - int64(len(tail)+len(footer)+len(stored))
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(in, 0, f.end)); err != nil {
		return nil, err
	}
	sum.Write(footer)
	if sum.Write(tail); !bytes.Equal(sum.Sum(nil), stored) {
		return nil, f.damaged()
	}
	long, err := f.before(f.end, 4)
	if err != nil {
		return nil, err
	}
	contents, err := f.before(f.end-4, int(binary.LittleEndian.Uint32(long)))
	if err != nil {
		return nil, err
	}
	f.end -= int64(4 + len(contents))
	if json.Unmarshal(contents, &f.parquetContents) != nil || len(f.Columns) == 0 {
		return nil, f.damaged()
	}
	return f, nil
}

// before is the n bytes before a place.
func (f *parquetFile) before(end int64, n int) ([]byte, error) {
	if end-f.at < int64(n) {
		return nil, f.damaged()
	}
	data := make([]byte, n)
	_, err := f.in.ReadAt(data, end-int64(n))
	return data, err
}

// next is the next row; io.EOF after the last.
func (f *parquetFile) next() ([]string, error) {
	for ; f.row == f.rows; f.Groups = f.Groups[1:] {
		if len(f.Groups) == 0 {
			return nil, io.EOF
		}
		if err := f.group(f.Groups[0]); err != nil {
			return nil, err
		}
	}
	row := make([]string, len(f.Columns))
	for i := range f.pages {
		ok := false
		if row[i], ok = f.pages[i].next(f.row); !ok || f.row == f.rows-1 && len(f.pages[i].values) > 0 {
			return nil, f.damaged()
		}
	}
	f.row++
	return row, nil
}

// group reads the pages of a group of rows. Each stands behind the one before it, so no byte is read twice.
func (f *parquetFile) group(g parquetGroup) error {
	if len(g.Pages) != len(f.Columns) || g.Rows < 1 || g.Rows > groupRows {
		return f.damaged()
	}
	f.pages, f.row, f.rows = make([]parquetPage, len(g.Pages)), 0, g.Rows
	present := (g.Rows + 7) / 8
	head := levels(make([]byte, present))
	head = head[:len(head)-present]
	for i, at := range g.Pages {
		if at[0] < f.at || at[1] < at[0] || at[1] > f.end {
			return f.damaged()
		}
		page := make([]byte, at[1]-at[0])
		if _, err := f.in.ReadAt(page, at[0]); err != nil {
			return err
		}
		f.at = at[1]
		if i == 0 {
			f.pages[i].values = page
			continue
		}
		rest, ok := bytes.CutPrefix(page, head)
		if !ok || len(rest) < present {
			return f.damaged()
		}
		f.pages[i] = parquetPage{rest[:present], rest[present:]}
	}
	return nil
}

// parquetPage is what is left of a page. That of the towns has no bits: every row has one.
type parquetPage struct{ present, values []byte }

// next is the value of the next row, blank if there is none; not ok if the page has no such value, or no number.
func (p *parquetPage) next(row int) (text string, ok bool) {
	switch {
	case p.present == nil:
		if len(p.values) < 4 || uint64(binary.LittleEndian.Uint32(p.values)) > uint64(len(p.values)-4) {
			return "", false
		}
		end := 4 + int(binary.LittleEndian.Uint32(p.values))
		text, p.values = string(p.values[4:end]), p.values[end:]
		return text, true
	case p.present[row/8]>>(row%8)&1 == 0:
		return "", true
	case len(p.values) < 8:
		return "", false
	}
	text = strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(p.values)), 'f', -1, 64)
	p.values = p.values[8:]
	return text, isNumber(text)
}
