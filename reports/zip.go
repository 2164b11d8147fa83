package reports

import (
	"archive/zip"
	"bytes"
	"errors"
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

// Close writes the parts in alphabetical order, the content types first, as readers of the format expect.
func (z *zipWriter) Close() error {
	slices.SortFunc(z.parts, func(a, b *part) int {
		if (a.name == contentTypes) != (b.name == contentTypes) {
			if a.name == contentTypes {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	w := zip.NewWriter(z.to)
	for _, p := range z.parts {
		text := p.Bytes()
		switch {
		case p.name == contentTypes:
			text = sortDefaults(text)
		case strings.HasPrefix(p.name, "xl/worksheets/"):
			text = declareOutline(text)
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: dosEpoch})
		if err != nil {
			return err
		}
		if _, err := f.Write(text); err != nil {
			return err
		}
	}
	return w.Close()
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
