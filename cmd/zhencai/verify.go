package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"zhencai/model"
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

// tooLong is a file that is no workbook and no results of ours.
type tooLong struct{ text formula.Text }

func (e tooLong) Error() string            { return e.text.EN }
func (e tooLong) In(l formula.Lang) string { return e.text.In(l) }

// readFile reads a file that somebody hands us.
func readFile(path string) ([]byte, error) {
	f, err := model.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > workbook.LongestFile {
		return nil, tooLong{formula.Textf("文件超过 %d MB", "the file is larger than %d MB", workbook.LongestFile>>20)}
	}
	return io.ReadAll(io.LimitReader(f, workbook.LongestFile+1)) // it may have grown: the reader refuses it then
}

func (a *app) cannotRead(path string, err error) error {
	why := a.asked
	if system := new(fs.PathError); errors.As(err, &system) {
		why = func(err error) error {
			reason, advice := model.WhyUnread(err)
			return errors.New(reason.In(a.lang) + a.t("；", "; ") + advice.In(a.lang))
		}
	}
	return errors.New(a.t("读不了 ", "cannot read ") + path + a.t("：", ": ") + why(err).Error())
}
