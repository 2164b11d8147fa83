package towns

import (
	"errors"
	"io"
	"os"
	"slices"

	"zhencai/model/formula"
)

// Rows is a table of towns being read row by row. Next gives io.EOF after the last row.
type Rows struct {
	Header []string
	Next   func() ([]string, error)
	Close  func() error
}

// Merge puts the tables of the parts of a run one after the other; their columns must agree.
func Merge(parts []string, open func(path string) (*Rows, error), save func(header []string, next func() ([]string, error)) error) error {
	var table *Rows
	defer func() {
		if table != nil {
			table.Close()
		}
	}()
	var header []string
	turn := func() (err error) {
		if _, err := os.Stat(parts[0] + unfinished); err == nil {
			return fail(formula.Text{ZH: parts[0] + " 还没有算完", EN: parts[0] + " is not finished"})
		}
		if table != nil {
			table.Close()
		}
		if table, err = open(parts[0]); err != nil {
			return err
		}
		if header != nil && !slices.Equal(header, table.Header) {
			return fail(formula.Text{ZH: parts[0] + " 的列与前面的不同", EN: "the columns of " + parts[0] + " differ from those before"})
		}
		parts = parts[1:]
		return nil
	}
	if err := turn(); err != nil {
		return err
	}
	header = table.Header
	var unread error // what is wrong with a part
	err := save(header, func() ([]string, error) {
		row, err := table.Next()
		for errors.Is(err, io.EOF) && len(parts) > 0 {
			if err = turn(); err == nil {
				row, err = table.Next()
			}
		}
		if !errors.Is(err, io.EOF) {
			unread = err
		}
		return row, err
	})
	if unread != nil {
		return unread
	}
	return err
}
