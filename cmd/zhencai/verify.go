package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"zhencai/model/formula"
	"zhencai/reports/workbook"
)

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "verify FILE", Args: a.args("FILE"),
		Short: a.t("核对一个镇财工作簿：哪些输入改过，公式和数值有没有被动过", "verify a workbook of zhencai: which inputs were changed, whether formulas or values were tampered with"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.tell(filepath.Dir(args[0]))
			data, err := readFile(args[0])
			if err != nil {
				return a.cannotRead(args[0], err)
			}
			v, err := workbook.Verify(data)
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

// notFile is something that cannot be read to its end: a folder, a pipe, a device; or a file that is too long.
type notFile struct{ text formula.Text }

func (e notFile) Error() string            { return e.text.EN }
func (e notFile) In(l formula.Lang) string { return e.text.In(l) }

// readFile reads a file that somebody hands us. What is no ordinary file is not even opened: a pipe would wait for ever.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, notFile{formula.Text{ZH: "不是普通文件；请给出一个 .xlsx 或 .json 文件", EN: "not an ordinary file: name an .xlsx or .json file"}}
	case info.Size() > workbook.LongestFile:
		return nil, notFile{formula.Textf("文件超过 %d MB", "the file is larger than %d MB", workbook.LongestFile>>20)}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, workbook.LongestFile+1)) // it may have grown: the reader refuses it then
}

func (a *app) cannotRead(path string, err error) error {
	return errors.New(a.t("读不了 ", "cannot read ") + path + a.t("：", ": ") + a.asked(err).Error())
}
