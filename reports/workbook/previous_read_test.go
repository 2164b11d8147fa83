package workbook_test

import (
	"fmt"
	"strings"
	"testing"

	"zhencai/reports/data"
	"zhencai/reports/workbook"
)

// TestPreviousIsReadOrRefused: an earlier version is read with a byte order mark and without; what is something else, or holds a cell without a value, is told for what it is.
func TestPreviousIsReadOrRefused(t *testing.T) {
	run := loadRun(t, workedCase)
	document, err := data.JSON(run)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"", "\ufeff", "\ufeff\r\n"} {
		if p, err := workbook.ReadPrevious("results.json", []byte(mark+string(document))); err != nil || p.Hash != run.Book.Plan.Hash {
			t.Errorf("with %q before it: %v", mark, err)
		}
	}
	p := unzip(t, bytesOf(t, run))
	noValue := p.with(t, p.sheet(t, "假设").part, func(s string) string { return replaceEntry(t, s, "H8", "#N/A") })
	wide := []byte("\xff\xfe")
	for _, b := range document {
		wide = append(wide, b, 0)
	}
	for want, file := range map[string][]byte{"假设!H8": noValue, "UTF-16": wide, "a results.csv will not do": data.CSV(run), "workbook": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "binary": []byte("\x00\x01\x02"), "not a results.json": nil} {
		if _, err := workbook.ReadPrevious("x", file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// TestHostilePrevious: of a results.json no more is read than a plan can have, nothing twice, and nothing is read as what it is not; the message is short.
func TestHostilePrevious(t *testing.T) {
	many := func(n int, pattern string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ","+pattern, i)
		}
		return b.String()[1:]
	}
	document := func(lines, scenarios string) string {
		return `{"lines":[` + lines + `],"scenarios":[` + scenarios + `]}`
	}
	line := `{"id":"cash","label":"资金"}`
	values := func(v string) string { return document(line, `{"id":"base","values":{`+v+`}}`) }
	if p, err := workbook.ReadPrevious("x", []byte(`{"risk":{"a":[1,{"b":null}]},"incentive":null,`+values(`"cash":{"2022":1.50,"2023":null,"2024":"mean"}`)[1:])); err != nil || fmt.Sprint(p.Values) != "map[base:map[cash:map[2022:1.50 2023: 2024:mean]]]" || p.Labels["cash"] != "资金" {
		t.Fatal(p, err)
	}
	for name, c := range map[string]struct{ data, want string }{
		"years":            {values(`"cash":{` + many(200_000, `"%d":1`) + `}`), "more than 1000 entries"},
		"lines of values":  {values(many(20_000, `"l%d":{}`)), "more than 10000 entries"},
		"lines":            {document(many(20_000, `{"id":"l%d"}`), `{"id":"base"}`), "more than 10000 entries"},
		"scenarios":        {document(line, many(2000, `{"id":"s%d"}`)), "more than 501 entries"},
		"members":          {`{` + many(2000, `"m%d":1`) + `}`, "more than 100 entries"},
		"a scenario twice": {document(line, `{"id":"a"},{"id":"a"}`), "“a” stands there twice"},
		"a line twice":     {document(line+","+line, `{"id":"a"}`), "“cash” stands there twice"},
		"values twice":     {values(`"cash":{},"cash":{}`), "“cash” stands there twice"},
		"a year twice":     {values(`"cash":{"2022":1,"2022":2}`), "“2022” stands there twice"},
		"a member twice":   {`{"lines":[],"lines":[]}`, "“lines” stands there twice"},
		"a long label":     {document(`{"id":"cash","label":"`+strings.Repeat("长", 3001)+`"}`, `{"id":"a"}`), "more than 3000 characters: 长长"},
		"a long key":       {values(`"` + strings.Repeat("长", 3001) + `":{}`), "more than 3000 characters: 长长"},
		"a long number":    {values(`"cash":{"2022":` + strings.Repeat("9", 100_000) + `}`), "cash in 2022 cannot be read: 999"},
		"a large number":   {values(`"cash":{"2022":1e999999999}`), "cash in 2022 cannot be read: 1e999999999"},
		"an object":        {values(`"cash":{"2022":{"a":1}}`), "not a results.json"},
		"truth":            {values(`"cash":{"2022":true}`), "not a results.json"},
		"a number as text": {document(`{"id":1}`, `{"id":"a"}`), "not a results.json"},
		"brackets":         {`{"x":` + strings.Repeat("[", 1<<20), "not a results.json"},
		"cut":              {values(`"cash":{"2022":1`)[:70], "not a results.json"},
		"nothing":          {`{}`, "not a results.json"},
	} {
		_, err := workbook.ReadPrevious("x", []byte(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 400 {
			t.Errorf("%s: not %q but %.400v", name, c.want, err)
		}
	}
}
