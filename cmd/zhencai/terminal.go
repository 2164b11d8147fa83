package main

import (
	"io"

	"zhencai/model/formula"
)

// terminal is where a person reads. Everything the program prints goes through it; texts of files can only be read there, never steer the screen.
type terminal struct{ to io.Writer }

func (t terminal) Write(text []byte) (int, error) {
	if _, err := io.WriteString(t.to, formula.Visible(string(text), '\n', '\t')); err != nil {
		return 0, err
	}
	return len(text), nil
}
