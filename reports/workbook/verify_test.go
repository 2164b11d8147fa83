package workbook_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/workbook"
	"zhencai/scenarios"
)

func verify(t testing.TB, data []byte) *workbook.Verification {
	t.Helper()
	v, err := workbook.Verify(data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// verifiedRun is a run as the program makes it for some scenarios: only those are read, so that the book is no larger than what is shown.
func verifiedRun(t testing.TB, dir string, opt scenarios.Options) *reports.Run {
	t.Helper()
	l := scenarios.Load(dir, opt)
	if l.Plan == nil {
		t.Fatalf("%s: %s", dir, tell(l.Problems))
	}
	return Of(t, l.Plan)
}

// An untouched file passes: of both samples, of a plan with every mechanism, of random plans, in both languages, of some scenarios, of the county's edition.
func TestVerifyUntouched(t *testing.T) {
	runs := map[string]*reports.Run{"worked-case": loadRun(t, workedCase), "guangtong": loadRun(t, guangtong), "everything": loadRun(t, everything),
		"one scenario": verifiedRun(t, guangtong, scenarios.Options{Only: []string{"half"}}), "county": verifiedRun(t, guangtong, scenarios.Options{Edition: "county"})}
	english := *runs["guangtong"]
	english.Lang = formula.EN
	runs["english"] = &english
	for seed := range uint64(10) {
		runs[fmt.Sprint("random ", seed)] = loadRun(t, testplan.WriteRandom(t, seed))
	}
	for name, run := range runs {
		data := bytesOf(t, run)
		v := verify(t, data)
		if !v.Passed() || len(v.Inputs)+len(v.Added) > 0 || v.Touched || v.Compared < 500 {
			t.Errorf("%s: %d cells compared\n%s", name, v.Compared, v.Text(formula.EN))
		}
		if !workbook.Untouched(data) {
			t.Errorf("%s: the fingerprint does not fit", name)
		}
	}
}

// A file that LibreOffice has recalculated and saved passes as well, and so does one in which an input was changed before; the input is listed.
func TestOfficeSavesWhatVerifies(t *testing.T) {
	t.Parallel()
	run := loadRun(t, guangtong)
	data := bytesOf(t, run)
	p := unzip(t, data)
	entries := p.sheet(t, "假设")
	cell := "H" + fmt.Sprint(entries.rowOf(t, "transfers.share.bands.1.rate"))
	changed := p.with(t, entries.part, func(s string) string { return replaceEntry(t, s, cell, "0.45") })

	v := verify(t, changed)
	if v.Passed() || len(v.Inputs) != 1 || len(v.Stale) < 100 || len(v.Formulas) > 0 {
		t.Errorf("changed and not recalculated:\n%s", v.Text(formula.EN))
	}
	dir := t.TempDir()
	files := map[string][]byte{filepath.Join(dir, "same.xlsx"): data, filepath.Join(dir, "changed.xlsx"): changed}
	for name, data := range files {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	saved := resave(t, filepath.Join(dir, "same.xlsx"), filepath.Join(dir, "changed.xlsx"))
	if v := verify(t, saved[0]); !v.Passed() || len(v.Inputs) > 0 || !v.Touched {
		t.Errorf("saved by LibreOffice:\n%s", v.Text(formula.EN))
	}
	v = verify(t, saved[1])
	want := workbook.Altered{Cell: "假设!" + cell, What: run.FullLabel(run.Line("transfers.share.rate")) + " · 基准", Expected: "0.5", Found: "0.45"}
	if !v.Passed() || len(v.Inputs) != 1 || v.Inputs[0] != want {
		t.Errorf("changed and recalculated: want %+v\n%s", want, v.Text(formula.EN))
	}
	if text := v.Text(formula.ZH); !strings.Contains(text, "改过的输入（允许），1 处") || !strings.Contains(text, "通过：") {
		t.Error(text)
	}
}

// The plan of 60 scenarios and 30 years, recalculated by LibreOffice, is the engine's in every cell: verify compares them all. A minute, in the whole set.
func TestOfficeRecalculatesTheLargest(t *testing.T) {
	if !testplan.Whole() {
		t.Skip("takes a minute: in the whole set")
	}
	t.Parallel()
	plan := filepath.Join(t.TempDir(), "stress.yaml")
	if err := os.WriteFile(plan, stress(60, 30), 0o600); err != nil {
		t.Fatal(err)
	}
	file := write(t, loadRun(t, plan))
	v := verify(t, resave(t, file)[0])
	if !v.Passed() || len(v.Inputs) > 0 || v.Compared < 600_000 {
		t.Errorf("%d cells compared\n%s", v.Compared, v.Text(formula.EN))
	}
}

// resave has LibreOffice open, recalculate and save files.
func resave(t testing.TB, files ...string) (saved [][]byte) {
	t.Helper()
	out := recalculated(t, files...)
	for _, name := range out {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		saved = append(saved, data)
	}
	return saved
}

// What must not be altered is found, and the cell is named.
func TestVerifyAlarms(t *testing.T) {
	run := loadRun(t, workedCase)
	p := unzip(t, bytesOf(t, run))
	ledger := p.sheet(t, ledgers(run)[0])
	row := fmt.Sprint(ledger.rowOf(t, "transfers.share.due"))
	cell := "J" + row
	formulaOf := *ledger.cell(cell).F
	compare := p.sheet(t, "对比")
	checks := p.sheet(t, "检查")
	in := func(part string, change func(string) string) []byte { return p.with(t, part, change) }
	replace := func(old, new string) func(string) string {
		return func(s string) string {
			if strings.Count(s, old) != 1 {
				t.Fatalf("%q stands there %d times", old, strings.Count(s, old))
			}
			return strings.Replace(s, old, new, 1)
		}
	}
	inCell := func(ref, old, new string) func(string) string {
		return func(s string) string {
			at := regexp.MustCompile(`<c r="` + ref + `".*?</c>`)
			if m := at.FindString(s); !strings.Contains(m, old) {
				t.Fatalf("%s has no %s: %s", ref, old, m)
			}
			return at.ReplaceAllStringFunc(s, func(m string) string { return strings.Replace(m, old, new, 1) })
		}
	}
	name := ledger.name
	for what, c := range map[string]struct {
		data []byte
		list func(v *workbook.Verification) []workbook.Altered
		cell string
	}{
		"a formula typed over with its own value": {in(ledger.part, inCell(cell, "<f>"+formulaOf+"</f>", "")), alarms, name + "!" + cell},
		"a formula altered":                       {in(ledger.part, inCell(cell, "<f>"+formulaOf, "<f>"+formulaOf+"*2")), alarms, name + "!" + cell},
		"a formula pointing elsewhere":            {in(compare.part, inCell("E5", "!I", "!H")), alarms, "对比!E5"},
		"a check that always passes":              {in(checks.part, inCell("D5", "SUM(", "0*SUM(")), alarms, "检查!D5"},
		"a label altered":                         {in(ledger.part, inCell("B"+row, "应得", "实拨")), alarms, name + "!B" + row},
		"a year altered":                          {in(ledger.part, inCell("J4", "<v>2023</v>", "<v>2032</v>")), alarms, name + "!J4"},
		"a value that does not follow":            {in(ledger.part, func(s string) string { return replaceValue(t, s, cell, "999") }), func(v *workbook.Verification) []workbook.Altered { return v.Stale }, name + "!" + cell},
		"text where a number belongs":             {in(p.sheet(t, "假设").part, inCell("H8", "<v>", "<v>x")), func(v *workbook.Verification) []workbook.Altered { return v.Invalid }, "假设!H8"},
		"a sentence of the guide altered":         {in(p.sheet(t, "说明").part, replace("不是预测", "就是预测")), alarms, "说明"},
		"the engine's own figure altered":         {in(p.sheet(t, "核对").part, func(s string) string { return replaceValue(t, s, "F12", "1") }), alarms, "核对!F12"},
	} {
		v := verify(t, c.data)
		found := c.list(v)
		if v.Passed() || len(found) == 0 || !anyCell(found, c.cell) {
			t.Errorf("%s: not found at %s\n%s", what, c.cell, v.Text(formula.EN))
		}
		if text := v.Text(formula.ZH); !strings.Contains(text, c.cell) || !strings.Contains(text, "不通过") {
			t.Errorf("%s: the report does not name %s:\n%s", what, c.cell, text)
		}
	}
	sheets := regexp.MustCompile(`<sheet [^>]*name="检查"[^>]*(/>|></sheet>)`)
	v := verify(t, in("xl/workbook.xml", func(s string) string { return sheets.ReplaceAllString(s, "") }))
	if v.Passed() || !anyCell(v.Formulas, "检查") {
		t.Errorf("a sheet deleted:\n%s", v.Text(formula.EN))
	}
	v = verify(t, in(ledger.part, replace(`</row><row r="7"`, `<c r="Z6"><v>5</v></c></row><row r="7"`)))
	if !v.Passed() || !anyCell(v.Added, name+"!Z6") {
		t.Errorf("a number added in the margin:\n%s", v.Text(formula.EN))
	}
}

func alarms(v *workbook.Verification) []workbook.Altered { return v.Formulas }

func anyCell(list []workbook.Altered, cell string) bool {
	for _, a := range list {
		if a.Cell == cell {
			return true
		}
	}
	return false
}

// A scenario's own number, typed over the formula that followed the base, is an input and counts; an empty cell is no number, as in a plan.
func TestVerifyOwnNumbers(t *testing.T) {
	run := loadRun(t, workedCase)
	p := unzip(t, bytesOf(t, run))
	entries := p.sheet(t, "假设")
	for ref, c := range entries.cells {
		col, row := place(ref)
		if col != 9 || c.F == nil || c.T != "" || row%5 > 0 {
			continue
		}
		v := verify(t, p.with(t, entries.part, func(s string) string {
			return strings.Replace(s, fmt.Sprintf("<f>$H%d</f><v>%s</v>", row, c.V), "<v>0.125</v>", 1)
		}))
		if len(v.Inputs)+len(v.Invalid) == 0 || len(v.Formulas) > 0 || !anyCell(append(v.Inputs, v.Invalid...), "假设!"+ref) {
			t.Fatalf("%s typed over:\n%s", ref, v.Text(formula.EN))
		}
	}
	v := verify(t, p.with(t, entries.part, func(s string) string {
		return regexp.MustCompile(`<c r="H8"[^>]*>.*?</c>`).ReplaceAllString(s, "")
	}))
	if v.Passed() || !anyCell(v.Invalid, "假设!H8") {
		t.Errorf("an emptied cell:\n%s", v.Text(formula.EN))
	}
}

// Files that are not ours, are damaged, or are meant to do harm end in an error that says so, at once.
func TestVerifyHostileFiles(t *testing.T) {
	good := bytesOf(t, loadRun(t, workedCase))
	p := unzip(t, good)
	structure := p.sheet(t, "结构")
	pack := func(add func(z *zip.Writer)) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		add(z)
		z.Close()
		return out.Bytes()
	}
	const times = 900
	tags := bytes.Repeat([]byte("<a>"), 1<<20/3)
	var packed bytes.Buffer // 1 MB, packed so that it may stand many times behind itself, and what ends it
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(tags)
	}
	if err = errors.Join(err, w.Flush()); err != nil {
		t.Fatal(err)
	}
	once := packed.Len()
	w.Close()
	sum := crc32.NewIEEE()
	for range times {
		sum.Write(tags)
	}
	bomb := func(part string) []byte {
		return pack(func(z *zip.Writer) {
			for _, n := range p.names {
				if n != part {
					w, _ := z.Create(n)
					w.Write([]byte(p.text[n]))
					continue
				}
				w, _ := z.CreateRaw(&zip.FileHeader{Name: n, Method: zip.Deflate, CRC32: sum.Sum32(),
					CompressedSize64: uint64((times-1)*once + packed.Len()), UncompressedSize64: uint64(times * len(tags))})
				for range times - 1 {
					w.Write(packed.Bytes()[:once])
				}
				w.Write(packed.Bytes())
			}
		})
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	cases := map[string][]byte{
		"nothing":       nil,
		"text":          []byte("hello"),
		"half a file":   good[:len(good)/2],
		"a flipped bit": flipped,
		"no workbook":   pack(func(z *zip.Writer) { z.Create("x") }),
		"4000 parts": pack(func(z *zip.Writer) {
			for i := range 4000 {
				z.Create(fmt.Sprint(i))
			}
		}),
		"twice one part":   pack(func(z *zip.Writer) { z.Create("xl/workbook.xml"); z.Create("xl/workbook.xml") }),
		"900 MB of sheet":  bomb(structure.part),
		"900 MB of styles": bomb("xl/styles.xml"),
		"a document type":  p.with(t, structure.part, func(s string) string { return `<!DOCTYPE x [<!ENTITY a "b">]>` + s }),
		"deep nesting":     p.with(t, structure.part, func(s string) string { return strings.Repeat("<a>", 100_000) }),
		"no structure":     p.with(t, structure.part, func(s string) string { return "<worksheet/>" }),
	}
	for i, c := range [][2]string{{`\{&#34;Key&#34;`, `{"Kay"`}, {`&#34;Format&#34;:[0-9]+`, `"Format":99`}, {`&#34;Actual&#34;:[0-9]+`, `"Actual":999999999`}, {`&#34;Same&#34;:&#34;[^&]*`, `"Same":"1e999999999`}, {`&#34;Field&#34;:[0-9]+`, `"Field":-7`},
		{`&#34;Section&#34;:&#34;cash`, `"Section":"cush`}, {`&#34;Unit&#34;:&#34;money`, `"Unit":"apples`}, {`&#34;Words&#34;:`, `"Words":null,"Wards":`},
		{`&#34;bands&#34;:2`, `"bands":2000000000`}} {
		cases[fmt.Sprint("structure ", i)] = p.with(t, structure.part, func(s string) string {
			at := regexp.MustCompile(c[0])
			if !at.MatchString(s) {
				t.Fatalf("the structure has no %s", c[0])
			}
			return at.ReplaceAllString(s, strings.ReplaceAll(c[1], `"`, "&#34;"))
		})
	}
	for name, data := range cases {
		v, err := workbook.Verify(data)
		if err == nil && v.Passed() {
			t.Errorf("%s: passed", name)
		}
		if workbook.Untouched(data) {
			t.Errorf("%s: counts as untouched", name)
		}
	}
	for cut := 1; cut < len(good); cut += len(good)/97 + 1 { // every damage ends in an error or a finding, none in a panic
		damaged := bytes.Clone(good)
		for i := cut; i < min(cut+40, len(damaged)); i++ {
			damaged[i] ^= 0x5a
		}
		if v, err := workbook.Verify(damaged); err == nil && v.Passed() && !v.Touched {
			t.Errorf("damage at %d: passed as untouched", cut)
		}
	}
}

// Whatever a plan calls things, the book that carries it passes.
func TestVerifyHostileText(t *testing.T) {
	for _, evil := range []string{"x\uFFFEy", "x\uFFFFy", "x\x7Fy", "_x0041_", "_x005F_x0041_", " x ", "x\ny", "x\r\ny", "x\ty", "=1+1", "\u202Eabc", "\x1b[2J", "'", `"`, "]]>", "&amp;", "\ufeffx", "\u2028", "😀👨‍👩‍👧", "a\x00b", "\xff\xfe", strings.Repeat("长", 3000)} {
		run := loadRun(t, workedCase)
		plan := run.Book.Plan
		plan.Title, plan.Town, plan.County, plan.Version, plan.Status = evil, evil, evil, evil, evil
		for _, e := range plan.Elements {
			e.Label, e.Note, e.Source = evil, evil, evil
			for _, p := range e.Params {
				p.Source, p.Note = evil, evil
			}
		}
		for i := range plan.Scenarios {
			plan.Scenarios[i].Label = evil
		}
		v := verify(t, bytesOf(t, Of(t, plan)))
		if !v.Passed() || v.Touched || len(v.Added) > 0 {
			t.Errorf("%.20q:\n%.2000s", evil, v.Text(formula.EN))
		}
	}
}
