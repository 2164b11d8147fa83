package towns

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestUnfinished: rows that were collected come back as they were up to where the file is cut short or damaged, whatever byte that is; with other settings the file is left alone.
func TestUnfinished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv"+unfinished)
	s, header := settings{Version: "1", Towns: 5, Scenario: "base"}, []string{"town", "x"}
	all := [][]string{{"甲", "1.5"}, {"b, \"c\"", ""}, {"", "-2"}, {"=d", "3"}, {" e", "4"}}
	open := func(s settings) (*rows, [][]string, error) {
		r, err := goOn(path, s, header)
		if err != nil {
			return nil, nil, err
		}
		defer r.file.Close()
		var kept [][]string
		for next := r.table(); ; {
			row, err := next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, row)
		}
		if len(kept) != r.done {
			t.Fatalf("%d rows of %d", len(kept), r.done)
		}
		if err := r.add(all[r.done:]); err != nil { // what is missing is computed again
			t.Fatal(err)
		}
		return r, kept, nil
	}
	if _, kept, err := open(s); err != nil || len(kept) > 0 {
		t.Fatal(kept, err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(data []byte, head bool) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, kept, err := open(s)
		after, _ := os.ReadFile(path)
		var known *Error
		switch {
		case errors.As(err, &known) && head && bytes.Equal(after, data):
		case err != nil:
			t.Fatalf("%q: %v", data, err)
		case !slices.EqualFunc(kept, all[:len(kept)], slices.Equal):
			t.Fatalf("%q gave %q", data, kept)
		case !bytes.Equal(after, whole):
			t.Fatalf("%q became %q", data, after)
		}
	}
	for i := range whole {
		head := i < len(whole)-len(bytes.SplitAfterN(whole, []byte("\n"), 3)[2])
		try(whole[:i], false)
		try(slices.Concat(whole[:i], whole[i+1:]), head)
		try(slices.Concat(whole[:i], []byte{whole[i] ^ 1}, whole[i+1:]), head)
		try(slices.Concat(whole[:i], []byte{'\n'}, whole[i:]), head)
	}
	other := s
	other.Paths = 3
	if _, _, err := open(other); err == nil || !bytes.Contains([]byte(err.Error()), []byte("what differs: --paths (0, 3)")) {
		t.Errorf("%v", err)
	}
}
