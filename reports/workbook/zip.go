package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// zipWriter is a ZipWriter of excelize whose bytes depend on the parts alone: excelize writes parts and content types in map order.
type zipWriter struct {
	to    io.Writer
	parts []*part
}

type part struct {
	name string
	bytes.Buffer
}

func newZipWriter(to io.Writer) excelize.ZipWriter { return &zipWriter{to: to} }

// Create begins a part.
func (z *zipWriter) Create(name string) (io.Writer, error) {
	p := &part{name: name}
	z.parts = append(z.parts, p)
	return p, nil
}

// AddFS is asked for by the interface; a workbook we write never has a file system in it.
func (z *zipWriter) AddFS(fs.FS) error { return errors.ErrUnsupported }

const contentTypes = "[Content_Types].xml"

// dosEpoch is the earliest time a zip can hold; excelize's zero time is not a valid one.
var dosEpoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Close writes the parts in their order.
func (z *zipWriter) Close() error {
	slices.SortFunc(z.parts, func(a, b *part) int { return partOrder(a.name, b.name) })
	texts, seal := make([][]byte, len(z.parts)), newSeal()
	for i, p := range z.parts {
		texts[i] = p.Bytes()
		switch {
		case p.name == contentTypes:
			texts[i] = sortDefaults(texts[i])
		case strings.HasPrefix(p.name, "xl/worksheets/"):
			texts[i] = declareOutline(texts[i])
		}
		seal.begin(p.name, len(texts[i])).Write(texts[i])
	}
	w := zip.NewWriter(z.to)
	w.RegisterCompressor(zip.Deflate, compressor())
	for i, p := range z.parts {
		if p.name == sealPart {
			texts[i] = bytes.Replace(texts[i], []byte(unsealed), []byte(seal.String()), 1)
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: dosEpoch})
		if err != nil {
			return err
		}
		if _, err := f.Write(texts[i]); err != nil {
			return err
		}
		texts[i], z.parts[i] = nil, nil // the next may need the room
	}
	return w.Close()
}

// compressor packs fast rather than small: a book of formulas is a fifth larger and written in two thirds of the time. The parts come one after the other, so
// one packer does for all.
func compressor() zip.Compressor {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	return func(out io.Writer) (io.WriteCloser, error) {
		w.Reset(out)
		return w, err
	}
}

// A workbook carries its own fingerprint as a property, which every spreadsheet program keeps: of all parts but the one that holds it. Where it
// does not fit any more, a person has saved the file since.
const (
	sealPart     = "docProps/custom.xml"
	sealProperty = "zhencai_fingerprint"
)

// unsealed stands in place of the fingerprint until the other parts are known.
var unsealed = strings.Repeat("0", 2*sha256.Size)

type seal struct{ hash.Hash }

func newSeal() seal { return seal{sha256.New()} }

// begin takes in a part's name and size; its bytes are written after it. The parts come in the order of the zip.
func (s seal) begin(name string, size int) io.Writer {
	if name == sealPart {
		return io.Discard
	}
	fmt.Fprintf(s, "%s %d\n", name, size)
	return s
}

func (s seal) String() string { return hex.EncodeToString(s.Sum(nil)) }

// Untouched tells whether a file is a workbook of ours exactly as we wrote it.
func Untouched(data []byte) bool {
	p, err := openPackage(data, usual)
	if err != nil {
		return false
	}
	untouched, err := p.each(func(string, io.Reader) error { return nil })
	return untouched && err == nil
}

var defaultEntry = regexp.MustCompile(`<Default [^>]*>(</Default>)?`)

// sortDefaults puts the <Default> entries of the content types in order; each keeps to the places such entries had.
func sortDefaults(text []byte) []byte {
	entries := defaultEntry.FindAll(text, -1)
	sorted := slices.SortedFunc(slices.Values(entries), bytes.Compare)
	next := 0
	return defaultEntry.ReplaceAllFunc(text, func([]byte) []byte {
		next++
		return sorted[next-1]
	})
}

// declareOutline adds the depth of the outline to a sheet that groups rows, which excelize leaves out: readers size the margin with the
// [+] buttons by it.
func declareOutline(text []byte) []byte {
	if !bytes.Contains(text, []byte(` outlineLevel="1"`)) {
		return text
	}
	return bytes.Replace(text, []byte("<sheetFormatPr "), []byte(`<sheetFormatPr outlineLevelRow="1" `), 1)
}
