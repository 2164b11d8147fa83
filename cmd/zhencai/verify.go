package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"zhencai/model/formula"
	"zhencai/reports"
)

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "verify FILE", Args: a.args("FILE"),
		Short: a.t("核对一个镇财工作簿：哪些输入改过，公式和数值有没有被动过", "verify a workbook of zhencai: which inputs were changed, whether formulas or values were tampered with"),
		RunE: func(_ *cobra.Command, args []string) error {
			data, err := readFile(args[0])
			if err != nil {
				return a.cannotRead(args[0], err)
			}
			v, err := reports.Verify(data)
			if err != nil {
				return a.cannotRead(args[0], err)
			}
			fmt.Fprint(a.out, v.Text(a.lang))
			if !v.Passed() {
				return errShown
			}
			return nil
		},
	}
}

// longestInput is how much is read of a file that somebody hands us.
const longestInput = 1 << 30

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, longestInput))
	if len(data) == longestInput {
		return nil, fmt.Errorf("more than %d MB", longestInput>>20)
	}
	return data, err
}

func (a *app) cannotRead(path string, err error) error {
	text := err.Error()
	var known interface{ In(formula.Lang) string }
	if errors.As(err, &known) {
		text = known.In(a.lang)
	}
	return errors.New(a.t("读不了 ", "cannot read ") + path + a.t("：", ": ") + text)
}
