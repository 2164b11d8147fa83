package workbook_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports/workbook"
)

// forge gives the workbook with parts altered, added (absent ones begin empty) or, where change gives nothing, taken away.
func (p *parts) forge(t testing.TB, changes map[string]func(string) string) []byte {
	t.Helper()
	names := slices.Clone(p.names)
	for name := range changes {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range names {
		text := p.text[n]
		if change := changes[n]; change != nil {
			if text = change(text); text == p.text[n] {
				t.Fatalf("%s is not changed", n)
			}
		}
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// swap replaces what stands there once.
func swap(t testing.TB, pairs ...string) func(string) string {
	return func(s string) string {
		for i := 0; i < len(pairs); i += 2 {
			if n := strings.Count(s, pairs[i]); n != 1 {
				t.Fatalf("%s stands there %d times", pairs[i], n)
			}
			s = strings.Replace(s, pairs[i], pairs[i+1], 1)
		}
		return s
	}
}

// Files made so that verify reads other figures than a spreadsheet program shows: each is refused, or the cell is named. Figures are the worked case's.
func TestVerifyForgeries(t *testing.T) {
	p := unzip(t, bytesOf(t, loadRun(t, workedCase)))
	compare, inputs, ledger, clauses, checks := p.sheet(t, "对比").part, p.sheet(t, "假设").part, p.sheet(t, "验算").part, p.sheet(t, "条款").part, p.sheet(t, "检查").part
	const (
		book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
		alarm      = "对比!E8  年末资金: should be ="
		main       = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	)
	was := regexp.MustCompile(`<c r="E8" s="\d+"><f>验算!M\d+</f><v>20</v></c>`).FindString(p.text[compare])
	read := regexp.MustCompile(`<f>(.*)</f>`).FindStringSubmatch(was)[1]
	forged := strings.Replace(was, "<f>"+read+"</f><v>20</v>", "<v>99</v>", 1)
	entered := regexp.MustCompile(`<c r="(H\d+)" s="\d+"><v>1</v>`).FindStringSubmatch(p.text[inputs])
	given, givenAt := entered[0], "假设!"+entered[1]
	static := regexp.MustCompile(`<c r="(E\d+)"[^>]*>(<f>假设!\$?I\$?\d+</f>)<v>5</v>`).FindStringSubmatch(p.text[clauses])
	one := func(part string, pairs ...string) []byte {
		return p.forge(t, map[string]func(string) string{part: swap(t, pairs...)})
	}
	format := fmt.Sprintf("&#34;Format&#34;:%d,", model.PlanFormat)
	tolerance := regexp.MustCompile(`<f>假设!(\$H\$\d+)</f>`).FindStringSubmatch(p.text[checks])[1]
	tolerance = strings.ReplaceAll(tolerance, "$", "")
	entry := regexp.MustCompile(`(<c r="` + tolerance + `"[^>]*)><v>[^<]*</v>`)
	label := `<t>年末资金</t></is></c>`
	if strings.Count(p.text[compare], label) != 1 {
		label = regexp.MustCompile(`<c r="[A-Z]8"[^>]*><is><t>年末资金</t></is></c>`).FindString(p.text[compare])
	}
	sheetOf := func(name string) string {
		return regexp.MustCompile(`<sheet name="` + name + `"[^>]*>`).FindString(p.text[book])
	}
	idOf := regexp.MustCompile(`r:id="(rId\d+)"`).FindStringSubmatch(sheetOf("对比"))[1]
	relation := regexp.MustCompile(`<Relationship Id="` + idOf + `"[^>]*>`).FindString(p.text[rels])

	cases := map[string]struct {
		data []byte
		want string
	}{
		"a ghost cell in a foreign namespace":   {one(compare, was, forged+`<z:c xmlns:z="urn:x" r="E8"><z:f>`+read+`</z:f><z:v>20</z:v></z:c>`), "are wrong near E8"},
		"a ghost cell in extLst":                {one(compare, was, forged, "</worksheet>", `<extLst><ext uri="x">`+was+`</ext></extLst></worksheet>`), alarm},
		"two sheets of one name":                {one(book, sheetOf("对比"), sheetOf("对比")+`</sheet><sheet name="对比" sheetId="77" r:id="`+idOf+`">`), "two sheets are called “对比”"},
		"two sheets on one part":                {one(book, sheetOf("对比"), sheetOf("对比")+`</sheet><sheet name="抄本" sheetId="77" r:id="`+idOf+`">`), "is used twice"},
		"names told apart by case alone":        {one(book, `name="对比"`, `name="ABC"`, `name="债务"`, `name="abc"`), "two sheets are called “abc”"},
		"sheetData in extLst":                   {one(compare, was, forged, "</worksheet>", `<extLst><ext uri="x"><sheetData><row r="8">`+was+`</row></sheetData></ext></extLst></worksheet>`), "sheetData where none belongs"},
		"a second sheetData":                    {one(compare, was, forged, "</sheetData>", `</sheetData><sheetData><row r="8">`+was+`</row></sheetData>`), "sheetData where none belongs"},
		"sheetData in a choice":                 {one(compare, "<sheetData>", `<mc:AlternateContent><mc:Choice Requires="x15"><sheetData/></mc:Choice></mc:AlternateContent><sheetData>`), "sheetData where none belongs"},
		"a cell in a choice":                    {one(compare, was, `<mc:AlternateContent><mc:Choice Requires="x15">`+forged+`</mc:Choice><mc:Fallback>`+was+`</mc:Fallback></mc:AlternateContent>`), "are wrong near"},
		"a cell twice":                          {one(compare, was, forged+was), "cell E8 of sheet “对比” stands there twice"},
		"a row twice":                           {one(compare, was, forged+`</row><row r="8">`+was), "row 8 of sheet “对比” stands there twice"},
		"a cell in another row":                 {one(compare, was, `<c r="E9"><v>1</v></c>`), "cell E9 of sheet “对比”"},
		"a value twice":                         {one(compare, was, `<c r="E8"><f>`+read+`</f><v>99</v><v>20</v></c>`), "are wrong near E8"},
		"a formula twice":                       {one(compare, was, `<c r="E8"><f>99</f><f>`+read+`</f><v>20</v></c>`), "are wrong near E8"},
		"an attribute twice":                    {one(compare, was, `<c r="E8" r="E9"><f>`+read+`</f><v>20</v></c>`), "are wrong near"},
		"a text and a value":                    {one(compare, was, `<c r="E8" t="inlineStr"><v>99</v><is><t>20</t></is></c>`), "are wrong near E8"},
		"an array formula of the same text":     {one(compare, was, `<c r="E8"><f t="array" ref="E8:E9">`+read+`</f><v>20</v></c>`), alarm},
		"a data table":                          {one(compare, was, `<c r="E8"><f t="dataTable" ref="E8" r1="A1">`+read+`</f><v>20</v></c>`), alarm},
		"a shared formula said again":           {one(compare, was, `<c r="E8"><f t="shared" si="0">`+read+`</f><v>20</v></c>`), alarm},
		"a flag in place of a number":           {one(inputs, given, strings.Replace(given, "><v>", ` t="b"><v>`, 1)), givenAt},
		"a formula in place of an input":        {one(inputs, given, strings.Replace(given, "<v>", "<f>0.5</f><v>", 1)), "should be 数, is =0.5"},
		"a number that only Go reads":           {one(compare, was, "<c r=\"E8\"><f>"+read+"</f><v>0x14</v></c>"), "should be 20, is 0x14"},
		"a number as text":                      {one(compare, was, "<c r=\"E8\"><f>"+read+"</f><v>20 </v></c>"), "should be 20, is 20 "},
		"a tolerance that is a text":            {p.forge(t, map[string]func(string) string{inputs: func(s string) string { return entry.ReplaceAllString(s, `$1 t="str"><v>x</v>`) }}), "检查容差: should be 数, is x"},
		"a figure shown on a static sheet":      {one(clauses, static[0], strings.Replace(static[0], "<v>5</v>", "<v>3</v>", 1)), "条款!" + static[1]},
		"a label spoken otherwise":              {one(compare, label, strings.Replace(label, "<t>年末资金</t>", "<t>年末负债</t><rPh sb=\"0\" eb=\"4\"><t>年末资金</t></rPh>", 1)), "should be 年末资金, is 年末负债"},
		"a text that repaints the screen":       {one(compare, label, strings.Replace(label, "<t>年末资金</t>", "<t>_x001B_[2J_x000A_Passed: 9 cells</t>", 1)), "is ⟨U+001B⟩[2J⟨U+000A⟩Passed: 9 cells"},
		"a value in CDATA":                      {one(compare, was, "<c r=\"E8\"><f>"+read+"</f><v><![CDATA[20]]></v></c>"), "CDATA"},
		"an entity of its own":                  {one(compare, `<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "20">]>`), "DOCTYPE"},
		"another encoding":                      {one(compare, `encoding="UTF-8"`, `encoding="GBK"`), "not UTF-8"},
		"a sheet that is a chart":               {one(rels, relation, strings.Replace(relation, "relationships/worksheet", "relationships/chartsheet", 1)), "对比  工作表: should be 对比, is 没有了"},
		"a sheet in another file":               {one(rels, relation, strings.Replace(relation, " Type=", ` TargetMode="External" Type=`, 1)), "not well-formed XML, or not what it should be"},
		"a relationship twice":                  {one(rels, relation, relation+"</Relationship>"+relation), "not what it should be"},
		"cells bound to the format by a prefix": {one(compare, was, `<q:c xmlns:q="`+main+`" r="E8"><q:v>99</q:v></q:c>`), alarm},
		"a default namespace that is another":   {one(compare, was, `<c xmlns="urn:x" r="E8"><f>`+read+`</f><v>20</v></c>`), "are wrong near"},
		"another workbook named by .rels": {p.forge(t, map[string]func(string) string{"_rels/.rels": swap(t, "xl/workbook.xml", "xl/workbook2.xml"), "xl/workbook2.xml": func(string) string { return p.text[book] }, "xl/_rels/workbook2.xml.rels": func(string) string {
			return strings.Replace(p.text[rels], strings.TrimPrefix(compare, "xl/"), "worksheets/other.xml", 1)
		}, "xl/worksheets/other.xml": func(string) string { return strings.Replace(p.text[compare], was, forged, 1) }}), alarm},
		"other shared texts under another name": {p.forge(t, map[string]func(string) string{compare: swap(t, label, regexp.MustCompile(`t="inlineStr"><is>.*</is>`).ReplaceAllString(label, `t="s"><v>0</v>`)), rels: swap(t, "</Relationships>", `<Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings2.xml"/></Relationships>`), "xl/sharedStrings.xml": func(string) string { return `<sst xmlns="` + main + `"><si><t>年末资金</t></si></sst>` }, "xl/sharedStrings2.xml": func(string) string { return `<sst xmlns="` + main + `"><si><t>年末负债</t></si></sst>` }}), "should be 年末资金, is 年末负债"},
		"a part told apart by case alone":       {p.forge(t, map[string]func(string) string{strings.ToUpper(compare): func(string) string { return p.text[compare] }}), "has two parts"},
		"a part with an escaped name":           {p.forge(t, map[string]func(string) string{strings.Replace(compare, "sheet", "%73heet", 1): func(string) string { return p.text[compare] }}), "or the name is none"},
		"a comment, harmless":                   {one(ledger, "</sheetData>", `</sheetData>`+"<!-- x -->", `<c r="J4"`, `<c t="n" r="J4"`), "Passed"},
		"a plan in another format":              {one(p.sheet(t, "结构").part, format, "&#34;Format&#34;:99,"), "in the format of another version"},
		"a plan before there were formats":      {one(p.sheet(t, "结构").part, format, ""), "in the format of another version"},
		"a macro beside the cells":              {p.forge(t, map[string]func(string) string{"xl/vbaProject.bin": func(string) string { return "x" }}), "macros (a VBA program)"},
	}
	for what, c := range cases {
		if got := told(c.data); !strings.Contains(got, c.want) {
			t.Errorf("%s: not %q but\n%.1500s", what, c.want, got)
		}
	}
	whole := bytesOf(t, loadRun(t, workedCase))
	for what, data := range map[string][]byte{"another file before it": append(one(compare, was, forged), whole...), "something after it": append(bytes.Clone(whole), 0)} {
		if got := told(data); !strings.Contains(got, "not an .xlsx file, or damaged") || workbook.Untouched(data) {
			t.Errorf("%s: %.500s", what, got)
		}
	}
}

// told is what verify says, in English; what it passes says "Passed".
func told(data []byte) string {
	v, err := workbook.Verify(data)
	if err != nil {
		return err.Error()
	}
	text := v.Text(formula.EN)
	if v.Passed() != strings.Contains(text, "\nPassed: ") {
		return "the report contradicts itself: " + text
	}
	return text
}

// Two sheets whose names differ by a blank are two; a formula that points to the other is found. So is what was put into an empty cell that a formula reads.
func TestVerifyBlanks(t *testing.T) {
	run := loadRun(t, guangtong)
	plan := run.Book.Plan
	plan.Scenarios[1].Label, plan.Scenarios[2].Label = "甲 1", "甲1"
	p := unzip(t, bytesOf(t, Of(t, plan)))
	compare, ledger := p.sheet(t, "对比").part, p.sheet(t, "甲 1").part
	if got := told(p.with(t, compare, func(s string) string { return strings.Replace(s, "<f>SUM(&#39;甲 1&#39;!", "<f>SUM(甲1!", 1) })); !strings.Contains(got, "对比!E5") || strings.Contains(got, "Passed") {
		t.Errorf("another sheet: %.1000s", got)
	}
	read := regexp.MustCompile(`\$D(\d+):I\d+\)`).FindStringSubmatch(p.text[ledger])
	empty := regexp.MustCompile(`(<c r="I` + read[1] + `"[^>]*)></c>`)
	got := told(p.with(t, ledger, func(s string) string { return empty.ReplaceAllString(s, `$1 t="str"><v>x</v></c>`) }))
	if want := "甲 1!I" + read[1] + "  本是空格，有公式读它: should be 空, is x"; !strings.Contains(got, want) {
		t.Errorf("not %q but\n%.1000s", want, got)
	}
}
