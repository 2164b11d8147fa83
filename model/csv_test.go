package model_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"zhencai/model"
)

// endless repeats a text for ever and counts the bytes it gave.
type endless struct {
	text  string
	given int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], e.text[(e.given+n)%len(e.text):])
	}
	e.given += n
	return n, nil
}

// TestEndlessTables: a table that has no end is left after some hundred kilobytes, whatever has no end in it, with its line and what to do.
func TestEndlessTables(t *testing.T) {
	for begin, c := range map[string]struct{ text, says string }{
		"town,x\na,":   {"4", "t.csv:2: a row is longer than 256 KB"},
		"town,x\na,\"": {"4,\n", "a row is longer than 256 KB; do the quotes match?"},
		"town,":        {"x,", "t.csv:1: a row is longer"},
		"town,x\nb":    {"\x00", "t.csv:1: the file is not text"},
		"town,x\nc":    {"\r", "t.csv:2: the line ends with a carriage return alone"},
		"":             {"\x00", "t.csv:1: the file is not text"},
		"town\n":       {"\n", "a row is longer"},
		"town\n\xff":   {"\xff", "a row is longer"},
	} {
		from := &endless{text: c.text}
		table := model.NewTable("t.csv", io.MultiReader(strings.NewReader(begin), from))
		var err error
		for err == nil {
			_, err = table.Row()
		}
		var ours *model.TableError
		if !errors.As(err, &ours) || !strings.Contains(err.Error(), c.says) || ours.Text.ZH == ours.Text.EN {
			t.Errorf("%q: %v", begin, err)
		}
		if from.given > 300<<10 {
			t.Errorf("%q: %d bytes were read", begin, from.given)
		}
	}
}
