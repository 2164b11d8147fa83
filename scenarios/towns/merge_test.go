package towns

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// TestMerge: what the parts say of themselves decides; each fault is told with the files, the parts and the settings that do not fit.
func TestMerge(t *testing.T) {
	of := func(part Part, change func(*settings)) string {
		s := settings{Version: "1", Part: part, Towns: 5, Plan: "p", Data: "d", Scenario: "base"}
		if change != nil {
			change(&s)
		}
		return s.note()
	}
	header := []string{"town", "x"}
	type file struct {
		note   string
		rows   int
		header []string
	}
	one, two := file{of(Part{1, 2}, nil), 2, header}, file{of(Part{2, 2}, nil), 3, header}
	changed := func(change func(*settings)) file { return file{of(Part{2, 2}, change), 3, header} }
	for name, c := range map[string]struct {
		files []file
		says  string
	}{
		"in order": {[]file{one, two}, ""}, "out of order": {[]file{two, one}, ""},
		"missing": {[]file{two}, "1 of 2 parts are missing: 1"},
		"many":    {[]file{{of(Part{30, 40}, nil), 0, header}}, "39 of 40 parts are missing: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 …"},
		"twice":   {[]file{one, two, one}, "f0 and f2 are both part 1/2"},
		"no part": {[]file{one, {"", 3, header}}, "f1 does not say which part"}, "a whole": {[]file{one, {of(Part{}, nil), 5, header}}, "f1 does not say which part"},
		"a stranger's":  {[]file{one, {`{"zhencai": 3}`, 3, header}}, "f1 does not say which part"},
		"a part of 3":   {[]file{one, {of(Part{2, 3}, nil), 2, header}}, "f0 and f1 are not parts of one run; what differs: number of parts (2, 3)"},
		"rows missing":  {[]file{one, {two.note, 2, header}}, "f1 is part 2/2 with 3 towns, but has 2"},
		"columns":       {[]file{one, {two.note, 3, []string{"town", "y"}}}, "the columns of f1 differ"},
		"other version": {[]file{one, {strings.Replace(two.note, `{"zhencai":"1"`, `{"new":0,"zhencai":"2"`, 1), 3, header}}, "what differs: version of the program (1, 2)"},
		"other plan":    {[]file{one, changed(func(s *settings) { s.Plan = "q" })}, "what differs: what the template or the first plan says"},
		"other table":   {[]file{one, changed(func(s *settings) { s.Data, s.Pots = "e", "f" })}, "what differs: what the table or the plans of the towns say, what --pool pays the towns"},
		"other options": {[]file{one, changed(func(s *settings) { s.Scenario, s.Paths, s.By, s.Set = "low", 9, "cash:last", []string{"a=1"} })}, `what differs: --scenario (base, low), --paths (0, 9), --by (, cash:last), --set ([], ["a=1"])`},
	} {
		var paths []string
		files := map[string]file{}
		for i, f := range c.files {
			path := "f" + string(rune('0'+i))
			paths, files[path] = append(paths, path), f
		}
		var merged []string
		err := Merge(paths, "out", func(path string) (*Rows, error) {
			f := files[path]
			left := f.rows
			return &Rows{Header: f.header, Close: func() error { return nil }, Note: func() string { return f.note }, Next: func() ([]string, error) {
				if left == 0 {
					return nil, io.EOF
				}
				left--
				return []string{path, ""}, nil
			}}, nil
		}, func(_ string, header []string, next func() ([]string, error), note string) error {
			for {
				row, err := next()
				if err != nil {
					return nil
				}
				merged = append(merged, row[0])
			}
		})
		first, second := "f0", "f1"
		if name == "out of order" {
			first, second = "f1", "f0"
		}
		switch {
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v", name, err)
		case c.says == "" && (err != nil || !slices.Equal(merged, []string{first, first, second, second, second})):
			t.Errorf("%s: %v, %v", name, merged, err)
		}
	}
}
