package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

const mainNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// smallBook packs a workbook of one sheet, with parts of its own in place of the usual ones.
func smallBook(t testing.TB, own map[string]io.Reader) []byte {
	t.Helper()
	parts := map[string]io.Reader{
		contentTypes:                 strings.NewReader(`<Types/>`),
		"_rels/.rels":                strings.NewReader(relationships("officeDocument xl/workbook.xml")),
		"xl/_rels/workbook.xml.rels": strings.NewReader(relationships("worksheet worksheets/sheet1.xml", "sharedStrings sharedStrings.xml")),
		"xl/sharedStrings.xml":       strings.NewReader(`<sst ` + mainNS + `><si><t>a</t></si></sst>`),
		"xl/workbook.xml":            strings.NewReader(`<workbook ` + mainNS + `><sheets><sheet name="s" r:id="rId1"/></sheets></workbook>`),
		"xl/worksheets/sheet1.xml":   strings.NewReader(`<worksheet ` + mainNS + `><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`),
	}
	maps.Copy(parts, own)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// relationships is a list of such, each "type target".
func relationships(all ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, r := range all {
		kind, target, _ := strings.Cut(r, " ")
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, i+1, kind, target)
	}
	return b.String() + `</Relationships>`
}

// repeated is a text so many times; of is given which one it is.
func repeated(n int, of func(i int) string) io.Reader {
	i, rest := 0, []byte(nil)
	return readerFunc(func(buf []byte) (int, error) {
		for len(rest) < len(buf) && i < n {
			rest = append(rest, of(i)...)
			i++
		}
		k := copy(buf, rest)
		if rest = rest[:copy(rest, rest[k:])]; k == 0 {
			return 0, io.EOF
		}
		return k, nil
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(buf []byte) (int, error) { return f(buf) }

// hostileBooks are workbooks made to cost more than they weigh; n is how often, full the size at which they are to be refused at once, and says what with.
func hostileBooks() map[string]struct {
	parts       func(n int) map[string]io.Reader
	small, full int
	says        string
} {
	same := func(s string) func(int) string { return func(int) string { return s } }
	around := func(before string, n int, of func(int) string, after string) io.Reader {
		return io.MultiReader(strings.NewReader(before), repeated(n, of), strings.NewReader(after))
	}
	inSheet := func(before string, of func(int) string, after string) func(int) map[string]io.Reader {
		return func(n int) map[string]io.Reader {
			return map[string]io.Reader{"xl/worksheets/sheet1.xml": around(`<worksheet `+mainNS+`>`+before, n, of, after+`</worksheet>`)}
		}
	}
	inCell := func(of func(int) string) func(int) map[string]io.Reader {
		return inSheet(`<sheetData><row r="1"><c r="A1"><v>`, of, `</v></c></row></sheetData>`)
	}
	inTexts := func(before string, of func(int) string, after string) func(int) map[string]io.Reader {
		return func(n int) map[string]io.Reader {
			return map[string]io.Reader{"xl/sharedStrings.xml": around(`<sst `+mainNS+`>`+before, n, of, after+`</sst>`)}
		}
	}
	part := func(name string, of func(int) string) func(int) map[string]io.Reader {
		return func(n int) map[string]io.Reader { return map[string]io.Reader{name: repeated(n, of)} }
	}
	long := strings.Repeat("SUM($A$1:A1)+", 150) + "1"
	type hostile = struct {
		parts       func(n int) map[string]io.Reader
		small, full int
		says        string
	}
	return map[string]hostile{
		"comments that split one value": {inCell(same("1<!---->")), 4050, 40_000_000, "XML tags"},
		"runs in one string":            {inTexts("<si>", same("<r><t>x</t></r>"), "</si>"), 6000, 2_500_000, "XML tags"},
		"runs of long texts":            {inTexts("<si>", same("<r><t>"+strings.Repeat("x", 500)+"</t></r>"), "</si>"), 10, 500_000, "more than 4096 bytes"},
		"strings":                       {inTexts("", same("<si><t/></si>"), ""), 1100, 10_000_000, "cells"},
		"rows": {inSheet("<sheetData>", func(i int) string {
			return fmt.Sprintf(`<row r="%d" spans="1:1" ht="16.5" customHeight="1"></row>`, i+1)
		}, "</sheetData>"), 6000, 1_000_000, "XML tags"},
		"cells that hold nothing":          {inSheet(`<sheetData><row>`, same("<c/>"), "</row></sheetData>"), 1100, 5_000_000, "cells"},
		"cells":                            {inSheet(`<sheetData>`, same("<row>"+strings.Repeat("<c><v>7</v></c>", 100)+"</row>"), "</sheetData>"), 20, 50_000, "cells"},
		"blanks between cells":             {inSheet("<sheetData>", same(strings.Repeat(" ", 1000)), "</sheetData>"), 5000, 700_000, "bytes when unpacked"},
		"a comment without end":            {inSheet("<!--", same(strings.Repeat("-x", 500)), "--><sheetData/>"), 5000, 700_000, "bytes when unpacked"},
		"attributes":                       {inSheet("<sheetData><row", func(i int) string { return fmt.Sprintf(` a%d="1"`, i) }, "/></sheetData>"), 110, 1_000_000, "attributes"},
		"one attribute":                    {inSheet(`<sheetData><row a="`, same(strings.Repeat("x", 1000)), `"/></sheetData>`), 10, 300_000, "a tag is longer than 4096 bytes"},
		"one value":                        {inCell(same(strings.Repeat("1", 1000))), 10, 300_000, "a cell holds more than 4096 bytes"},
		"one value, character by number":   {inCell(same("&#49;")), 5000, 20_000_000, "a cell holds more than 4096 bytes"},
		"one shared formula in many cells": {inSheet(`<sheetData><row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A99999">`+long+`</f></c></row>`, same(`<row><c><f t="shared" si="0"/></c></row>`), "</sheetData>"), 100, 20_000, "bytes of formulas"},
		"many sheets": {func(n int) map[string]io.Reader {
			return map[string]io.Reader{"xl/workbook.xml": around(`<workbook `+mainNS+`><sheets>`, n, func(i int) string { return fmt.Sprintf(`<sheet name="%d" r:id="rId2"/>`, i) }, `</sheets></workbook>`)}
		}, 30, 200_000, "more than 20 sheets"},
		"many sheets on one part": {func(n int) map[string]io.Reader {
			return map[string]io.Reader{"xl/workbook.xml": around(`<workbook `+mainNS+`><sheets>`, n, func(i int) string { return fmt.Sprintf(`<sheet name="%d" r:id="rId1"/>`, i) }, `</sheets></workbook>`)}
		}, 10, 50_000, "used twice"},
		"relationships": {func(n int) map[string]io.Reader {
			return map[string]io.Reader{"xl/_rels/workbook.xml.rels": around(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`, n, func(i int) string { return fmt.Sprintf(`<Relationship Id="%d" Target="a"/>`, i) }, `</Relationships>`)}
		}, 110, 1_000_000, "not what it should be"},
		"parts": {func(n int) map[string]io.Reader {
			parts := map[string]io.Reader{}
			for i := range n {
				parts[fmt.Sprint("x/", i)] = strings.NewReader("")
			}
			return parts
		}, 110, 60_000, "more than 100 parts"},
		"elements in elements":      {inSheet("", same("<a>"), ""), 100, 20_000_000, "nested too deeply"},
		"elements nobody reads":     {inSheet("", same("<a/>"), ""), 6000, 20_000_000, "XML tags"},
		"instructions":              {inSheet("", same("<?a?>"), ""), 6000, 20_000_000, "XML tags"},
		"styles":                    {part("xl/styles.xml", same(strings.Repeat(" ", 1000))), 5000, 700_000, "bytes when unpacked"},
		"a fingerprint without end": {part(sealPart, same(strings.Repeat(" ", 1000))), 10, 700_000, "too large"},
	}
}

// Under small limits each of them is refused when it is a little larger, by a sentence that says why.
func TestHostileBooks(t *testing.T) {
	same := func(n int64) allowance { return allowance{least: n, most: n} }
	small := limits{file: 1 << 20, parts: 100, sheets: 20, nesting: 64, attributes: 100, piece: 4096, unpacked: same(4 << 20), tokens: same(4000), cells: same(900), formulas: same(100_000)}
	b, err := read(smallBook(t, nil), small)
	if err != nil || len(b.sheets) != 1 || b.sheets[0].cell(1, 1) != (readCell{value: "1"}) {
		t.Fatalf("a harmless one: %v", err)
	}
	for name, h := range hostileBooks() {
		_, err := read(smallBook(t, h.parts(h.small)), small)
		var ours *unreadable
		if !errors.As(err, &ours) || !strings.Contains(ours.text.EN, h.says) || ours.text.ZH == ours.text.EN {
			t.Errorf("%s: not %q but %v", name, h.says, err)
		}
	}

	// A part that is longer than it says is not read past that.
	var packed, out bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	w.Write(bytes.Repeat([]byte(" "), 5<<20))
	w.Close()
	z := zip.NewWriter(&out)
	raw, err := z.CreateRaw(&zip.FileHeader{Name: "x", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 10})
	if err == nil {
		_, err = raw.Write(packed.Bytes())
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := read(out.Bytes(), small); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a part longer than it says: %v", err)
	}
}
