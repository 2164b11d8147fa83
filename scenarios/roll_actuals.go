package scenarios

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Actual is a row of a table of actuals: what is meant, by address, id or name, and what it came to, as written.
type Actual struct {
	Item, Amount string
	At           model.Pos
}

// ReadActuals reads a table of two columns or more, item and amount, under a header. Sums and notes below it are left out.
func ReadActuals(path string) (all []Actual, err error) {
	file, err := model.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	t := model.NewTable(path, file)
	if info, err := file.Stat(); err != nil {
		return nil, err
	} else if info.Size() > maxFileBytes {
		return nil, t.Fail(1, formula.Textf("文件有 %d MB，上限是 %d MB；只留项目和金额两列", "the file has %d MB, the limit is %d MB; leave the columns item and amount only", info.Size()>>20, maxFileBytes>>20))
	}
	head, err := t.Row()
	if errors.Is(err, io.EOF) {
		return nil, t.Fail(1, text("表是空的；第一行是表头：项目,金额", "the table is empty; its first row is the header: item,amount"))
	} else if err != nil {
		return nil, err
	}
	if len(head) < 2 {
		return nil, t.Fail(1, text("要有两列：项目、金额", "two columns are needed: item, amount"))
	}
	for {
		row, err := t.Row()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		item, amount := strings.TrimSpace(row[0]), strings.TrimSpace(row[1])
		if item == "" && amount == "" || model.IsTotal(item) {
			continue
		}
		if len(all) == maxElements*maxIncludes {
			return nil, t.Fail(t.Line, text("实绩表的行太多", "the table of actuals has too many rows"))
		}
		all = append(all, Actual{item, amount, model.Pos{File: filepath.ToSlash(path), Line: t.Line, Col: 1, Len: 1}})
	}
}

// usually is the line that a name of an element means, by section.
var usually = map[string]string{"revenue": "amount", "transfers": "paid", "spending": "due", "projects": "cost", "debt": "balance", "staff": "wages"}

// usual is the line an element's actual is of.
func (r *roller) usual(e *model.Element) string {
	line := usually[e.Section]
	if e.Section == "revenue" && r.book.Program.Index(e.Address()+".gross") >= 0 {
		line = "gross"
	}
	return e.Address() + "." + line
}

// named finds the line a row means; several are a fault, none is -1.
func (r *roller) named(a Actual) (line int) {
	if i := r.book.Line(a.Item); i >= 0 {
		return i
	}
	var found []string
	add := func(name string) {
		if !slices.Contains(found, name) && r.book.Program.Index(name) >= 0 {
			found = append(found, name)
		}
	}
	called := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(n, a.Item) })
	}
	for _, e := range r.book.Plan.Elements {
		if usually[e.Section] != "" && called(e.Address(), e.ID, e.Label, e.LabelEN) {
			add(r.usual(e))
		}
	}
	for _, l := range r.book.Lines {
		if full := l.Full(); len(found) == 0 && l.Input == formula.NotInput && called(full.ZH, full.EN) {
			add(l.Name)
		}
	}
	if len(found) > 1 {
		r.l.fail("roll_ambiguous", a.At, formula.Textf("%s 可以是几行：%s", "%s may be any of %s", show(a.Item), words(found, 10)), text("写其中一个地址", "write one of these addresses"))
		return -2
	}
	if len(found) == 0 {
		return -1
	}
	return r.book.Program.Index(found[0])
}

// figures are the actuals by line, as they are laid into the book of the old plan, and which lines were given.
func (r *roller) figures(how Rolling) (figures map[string]decimal.Decimal, given map[string]bool) {
	figures, given = map[string]decimal.Decimal{}, map[string]bool{}
	for _, a := range how.Actuals {
		i := r.named(a)
		if i == -2 {
			continue
		}
		if i < 0 {
			fail := r.l.fail
			if how.Ignore {
				fail = r.l.warn
			}
			fail("roll_unmatched", a.At, formula.Textf("实绩表里的 %s 在计划里没有对应的项目", "the plan has nothing called %s", show(a.Item)), text("改成计划里的编号、名称或行的地址（zhencai lines 列出）；只要忽略这些行，用 --allow-unmatched", "write the id, the name or the address of a line (zhencai lines prints them); to ignore such rows use --allow-unmatched"))
			continue
		}
		line := r.book.Lines[i]
		d, bad := parseNumber(a.Amount, line.Unit)
		switch {
		case bad != nil:
			r.l.fail(bad.code, a.At, bad.text, bad.hint)
		case given[line.Name]:
			r.l.fail("roll_twice", a.At, formula.Textf("%s 的实绩给了两次", "the actual of %s is given twice", line.Full()), text("删去一行", "delete one of the rows"))
		case line.Total && line.Name != "cash" || line.Check || line.Input != formula.NotInput && line.Input != formula.ByYear:
			r.l.fail("roll_total", a.At, formula.Textf("%s 是合计或参数，不能当实绩写", "%s is a sum or a parameter: no actual can be given for it", line.Full()), text("写各个组成项目的实绩", "give the actuals of its parts"))
		default:
			if line.Unit == formula.Money {
				d = d.Round(fenPlaces)
			}
			given[line.Name] = true
			r.lay(figures, a, line, d)
		}
	}
	return figures, given
}

// lay puts one actual where it takes effect.
func (r *roller) lay(figures map[string]decimal.Decimal, a Actual, line *model.Line, d decimal.Decimal) {
	scope, name, _ := formula.CutLast(line.Name)
	at := func(name string) decimal.Decimal {
		d, _, _ := r.forecast.At(r.book.Program.Index(name), r.column())
		return d
	}
	switch {
	case line.Element != nil && line.Element.Section == "revenue" && (name == "amount" || name == "gross"):
		if name == "amount" && r.book.Program.Index(scope+".gross") >= 0 {
			r.l.fail("roll_gross", a.At, formula.Textf("%s 按全口径测算，实绩要写全口径数", "%s is planned gross: give the gross actual", line.Element.Text()), formula.Textf("写 %s.gross", "write %s.gross", scope))
			return
		}
		figures[scope+".base"] = d.Sub(at(line.Name).Sub(at(scope + ".base"))) // what is not the item's usual level stays what it was
	case line.Element != nil && line.Element.Section == "debt" && name == "balance" && scope == line.Element.Address():
		var parts []string
		for _, l := range r.book.Lines {
			if strings.HasPrefix(l.Name, scope+".") && strings.HasSuffix(l.Name, ".balance") && l.Name != line.Name && !at(l.Name).IsZero() {
				parts = append(parts, l.Name)
			}
		}
		if len(parts) != 1 {
			r.l.fail("roll_drawings", a.At, formula.Textf("%s 由几笔组成，要逐笔写余额", "%s is made of several drawings: give the balance of each", line.Element.Text()), formula.Textf("写：%s", "write: %s", words(parts, 10)))
			return
		}
		figures[parts[0]], figures[line.Name] = d, d
	default:
		figures[line.Name] = d
	}
}
