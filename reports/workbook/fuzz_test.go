package workbook

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzRead: whatever the parts of a workbook hold, it is read or refused by a sentence of ours. What is read, the XML reader of the standard library reads as well,
// with the same values in the same cells.
//
// The parts are handed over as they are: to pack and unpack them would take most of the time.
func FuzzRead(f *testing.F) {
	const sheet, texts, book = `<worksheet ` + mainNS + `><sheetData>`, `<sst ` + mainNS + `>`, `<workbook ` + mainNS + `><sheets><sheet name="s" r:id="rId1"/></sheets></workbook>`
	const end = `</sheetData></worksheet>`
	for _, s := range []string{
		`<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>`,
		`<row><c><f>A2</f><v>2.5</v></c></row><row r="4"><c t="str"><f t="shared" si="0" ref="A4:B9">$A1+B$2</f><v>x&amp;y&#xA;_x000D_</v></c><c><f t="shared" si="0"/><v/></c></row>`,
		`<row><c t="inlineStr"><is><t xml:space="preserve"> a </t><r><rPr/><t>b</t></r><rPh><t>c</t></rPh></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`,
		`<row><x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:v>1<!-- - -->2</x:v></x:c></row><?a b?>`,
		`<row r="2"><c r="A1"/></row>`, `<row><c r="A1"/><c r="A1"/></row>`, `<row/><c/>`, `<row><c><v>` + "\r\n\r" + `</v></c></row>`,
	} {
		f.Add(sheet+s+end, texts+`<si><t>a</t></si></sst>`, book)
	}
	f.Add("\ufeff"+`<?xml version='1.0' encoding='utf-8' standalone="yes"?>`+"\n"+sheet+end, texts+`<si><r><t>a</t></r><r><t>b</t></r></si></sst>`, strings.Replace(book, `"s"`, `'&lt;"'`, 1))
	f.Add(`<!DOCTYPE a>`+sheet+end, `<sst/>`, `<workbook/>`)
	small := usual
	small.unpacked, small.piece = allowance{least: 1 << 20, most: 1 << 20}, 1<<10
	root, parts := relationships("officeDocument xl/workbook.xml"), relationships("worksheet worksheets/sheet1.xml", "sharedStrings sharedStrings.xml")
	f.Fuzz(func(t *testing.T, sheet, texts, book string) {
		b, err := readParts(small.budget(0), func(take func(string, io.Reader) error) (bool, error) {
			for _, p := range [][2]string{
				{"_rels/.rels", root}, {"xl/_rels/workbook.xml.rels", parts}, {"xl/sharedStrings.xml", texts}, {"xl/workbook.xml", book}, {"xl/worksheets/sheet1.xml", sheet},
			} {
				if err := take(p[0], strings.NewReader(p[1])); err != nil {
					return false, err
				}
			}
			return false, nil
		})
		if err != nil {
			var ours *unreadable
			if !errors.As(err, &ours) || ours.text.ZH == "" {
				t.Fatalf("refused by %v", err)
			}
			return
		}
		if len(b.sheets) != 1 { // then nothing has read that sheet
			return
		}
		var other struct {
			Rows []struct {
				Cells []struct {
					Kind  string  `xml:"t,attr"`
					F     *string `xml:"f"`
					Value string  `xml:"v"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		for _, part := range []string{sheet, texts, book} {
			d, err := xml.NewDecoder(strings.NewReader(part)), error(nil)
			if part == sheet {
				err = d.Decode(&other)
			}
			for err == nil {
				_, err = d.Token()
			}
			if err != io.EOF {
				t.Fatalf("read, but %v in %q", err, part)
			}
		}
		var theirs, ours []string
		for _, r := range other.Rows {
			for _, c := range r.Cells {
				if (c.Kind == "" || c.Kind == "n") && c.F == nil && c.Value != "" {
					theirs = append(theirs, c.Value)
				}
			}
		}
		for _, r := range b.sheets[0].rows {
			for _, c := range r.cells {
				if !c.text && c.formula == "" {
					ours = append(ours, c.value)
				}
			}
		}
		if strings.Join(theirs, "|") != strings.Join(ours, "|") {
			t.Fatalf("values %q, the standard library's %q in %q", ours, theirs, sheet)
		}
	})
}
