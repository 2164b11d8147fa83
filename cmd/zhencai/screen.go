package main

import (
	"io"

	"zhencai/model/formula"
)

// screen is where a person reads. Everything the program prints goes through it; texts of files can only be read there, never steer the screen.
type screen struct{ to io.Writer }

func (t screen) Write(text []byte) (int, error) {
	if _, err := io.WriteString(t.to, formula.Visible(string(text), '\n', '\t')); err != nil {
		return 0, err
	}
	return len(text), nil
}
