package main

import (
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// gbk writes text in GBK, the code page 936 of a Chinese Windows; a sign that is not in it becomes a question mark.
type gbk struct{ to io.Writer }

func (g gbk) Write(text []byte) (int, error) {
	encoder := simplifiedchinese.GBK.NewEncoder()
	var out []byte
	for _, r := range string(text) {
		sign, err := encoder.String(string(r))
		if err != nil {
			sign = "?"
		}
		out = append(out, sign...)
	}
	if _, err := g.to.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}
