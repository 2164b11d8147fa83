package workbook_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"zhencai/internal/testplan"
	"zhencai/reports"
	"zhencai/scenarios"
)

// forced makes LibreOffice recalculate what it opens. By default it keeps the values stored in a file, and a comparison with them proves nothing.
const forced = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// everySheet is the format of values alone, in full: a file of comma-separated values for each sheet, written and read in a fraction of a workbook's time.
const everySheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"

// recalculate opens workbooks in LibreOffice, all in one call, has it compute every formula anew and gives the values: by file, sheet, row and column.
func recalculate(t testing.TB, files ...string) map[string]map[string][][]string {
	t.Helper()
	books := map[string]map[string][][]string{}
	out := converted(t, everySheet, files...)
	for i, file := range files {
		books[file] = map[string][][]string{}
		of := filepath.Join(out, fmt.Sprint(i, "-"))
		sheets, err := filepath.Glob(of + "*.csv")
		if err != nil || len(sheets) == 0 {
			t.Fatalf("no sheets of %s: %v", file, err)
		}
		for _, sheet := range sheets {
			text, err := os.ReadFile(sheet)
			if err != nil {
				t.Fatal(err)
			}
			lines := csv.NewReader(bytes.NewReader(text))
			lines.FieldsPerRecord, lines.LazyQuotes = -1, true
			rows, err := lines.ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", sheet, err)
			}
			for _, row := range rows {
				for c := range row {
					row[c] = share(row[c])
				}
			}
			books[file][strings.TrimSuffix(strings.TrimPrefix(sheet, of), ".csv")] = rows
		}
	}
	return books
}

// share is a number without its per cent sign; anything else stays as it is.
func share(text string) string {
	if number, is := strings.CutSuffix(text, "%"); is {
		if d, err := decimal.NewFromString(number); err == nil {
			return d.Shift(-2).String()
		}
	}
	return text
}

// recalculated has LibreOffice recalculate workbooks and write them as workbooks.
func recalculated(t testing.TB, files ...string) (written []string) {
	t.Helper()
	out := converted(t, "xlsx:Calc MS Excel 2007 XML", files...)
	for i := range files {
		written = append(written, filepath.Join(out, fmt.Sprintf("%d.xlsx", i)))
	}
	return written
}

// profiles are those of LibreOffice that no call uses now: a new one makes the start take twice as long.
var profiles = make(chan string, 100)

func TestMain(m *testing.M) {
	code := m.Run()
	close(profiles)
	for profile := range profiles {
		os.RemoveAll(profile)
	}
	os.Exit(code)
}

// newProfile makes a profile in which every file is recalculated.
func newProfile(t testing.TB) string {
	t.Helper()
	profile, err := os.MkdirTemp("", "zhencai-office-")
	if err == nil {
		err = os.Mkdir(filepath.Join(profile, "user"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(forced), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return profile
}

// converted has LibreOffice recalculate files and write them in a format, into a folder: 0.xlsx and so on.
func converted(t testing.TB, format string, files ...string) (out string) {
	t.Helper()
	office := testplan.Tool(t, "soffice", "the formulas are not recalculated by an independent program")
	var profile string
	select {
	case profile = <-profiles:
	default:
		profile = newProfile(t)
	}
	defer func() { profiles <- profile }()
	in, out := t.TempDir(), t.TempDir()
	args := []string{"-env:UserInstallation=" + (&url.URL{Scheme: "file", Path: filepath.ToSlash(profile)}).String(), "--headless", "--convert-to", format, "--outdir", out}
	for i, file := range files { // the results are told apart by name alone
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(in, fmt.Sprintf("%d.xlsx", i))
		if err := os.WriteFile(copied, data, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, copied)
	}
	cmd := exec.Command(office, args...)
	timer := time.AfterFunc(20*time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, text)
	}
	return out
}

// values reads the stored values of every sheet of a workbook, unformatted.
func values(t testing.TB, file string) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenFile(file, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		sheets[name] = rows
	}
	return sheets
}

// TestOfficeIsAwake plants a wrong value in a workbook: the judge of all other comparisons must repair it.
func TestOfficeIsAwake(t *testing.T) {
	t.Parallel()
	run := loadRun(t, workedCase)
	file := write(t, run)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := run.Line("cash")
	parts := unzip(t, data)
	ledger := parts.sheet(t, run.ScenarioLabel(run.Results[0].Scenario))
	row := ledger.rowOf(t, "cash")
	at := fmt.Sprintf("I%d", row)
	right := run.Value(0, line, 2022)
	if got := ledger.cell(at).V; got != right {
		t.Fatalf("cash of 2022 is stored as %q, the engine says %q", got, right)
	}
	planted := filepath.Join(t.TempDir(), "planted.xlsx")
	if err := os.WriteFile(planted, parts.with(t, ledger.part, func(s string) string {
		return replaceValue(t, s, at, "999")
	}), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := values(t, planted)[ledger.name][row-1][8]; got != "999" {
		t.Fatalf("the wrong value is not in the file, there is %q", got)
	}
	if got := recalculate(t, planted)[planted][ledger.name][row-1][8]; !near(got, right) {
		t.Errorf("LibreOffice says %q after recalculation, should be %q", got, right)
	}
}

// TestOfficeWorkedCase: LibreOffice, computing from the formulas, reproduces every figure of the case computed by hand.
func TestOfficeWorkedCase(t *testing.T) {
	t.Parallel()
	run := loadRun(t, workedCase)
	file := write(t, run)
	rows := map[string][]string{}
	for _, row := range recalculate(t, file)[file][ledgers(run)[0]] {
		if len(row) > 0 {
			rows[row[0]] = row
		}
	}
	f, err := os.Open(filepath.Join(workedCase, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	expected, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	first := 3 + run.Book.Plan.Calendar.Zero() + 1
	for _, want := range expected[1:] {
		for i, w := range want[1:] {
			got, err := decimal.NewFromString(rows[want[0]][first+i])
			if err != nil || !got.Round(6).Equal(decimal.RequireFromString(w)) {
				t.Errorf("%s %s: the sheet says %s, by hand it is %s", want[0], expected[0][i+1], rows[want[0]][first+i], w)
			}
		}
	}
}

// TestOfficeAgrees: every line, year and scenario of the shipped plans, computed by LibreOffice from the formulas, is what the engine says.
func TestOfficeAgrees(t *testing.T) {
	t.Parallel()
	schemes, err := filepath.Glob("../../scenarios/schemes/*")
	if err != nil || len(schemes) == 0 {
		t.Fatalf("no schemes: %v", err)
	}
	plans := append([]string{workedCase, guangtong, everything}, schemes...)
	if testplan.Whole() {
		_, carried := testplan.Roll(t, everything, scenarios.Rolling{}) // with figures carried forward
		plans = append(plans, carried)
	}
	sideBySide(t, plans, 7, func(t *testing.T, dirs []string) {
		var runs []*reports.Run
		var files []string
		for _, dir := range dirs {
			run := loadRun(t, dir)
			runs, files = append(runs, run), append(files, write(t, run))
		}
		books := recalculate(t, files...)
		for i, file := range files {
			t.Logf("%s: %d values of %d scenarios agree", dirs[i], agree(t, runs[i], books[file]), len(runs[i].Results))
			for sheet, rows := range values(t, file) { // the other sheets too: no cell may move when it is recalculated
				for r, row := range rows {
					for c, was := range row {
						got, was := "", share(was)
						if r < len(books[file][sheet]) && c < len(books[file][sheet][r]) {
							got = books[file][sheet][r][c]
						}
						if !near(got, was) && strings.TrimSpace(got) != strings.TrimSpace(was) {
							t.Errorf("%s: %s row %d column %d: stored %q, recalculated %q", dirs[i], sheet, r+1, c+1, was, got)
						}
					}
				}
			}
		}
	})
}

// sideBySide tries things some together, so that LibreOffice, which takes its time to start, opens several books in one call, and several calls side by side.
func sideBySide[T any](t *testing.T, things []T, together int, test func(t *testing.T, some []T)) {
	t.Helper()
	t.Run("some", func(t *testing.T) {
		for i := 0; i < len(things); i += together {
			some := things[i:min(i+together, len(things))]
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				test(t, some)
			})
		}
	})
}

// replaceValue writes another number into a cell of a sheet's XML.
func replaceValue(t testing.TB, text, ref, value string) string {
	t.Helper()
	at := regexp.MustCompile(`(<c r="` + ref + `"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)`)
	if !at.MatchString(text) {
		t.Fatalf("no number in %s", ref)
	}
	return at.ReplaceAllString(text, "${1}"+value+"${2}")
}
