package workbook

import (
	"slices"
	"strings"

	"zhencai/model/formula"
)

// uncomparedAlways are what a sheet is besides its cells. Verify compares formulas, texts and numbers; how they look it does not.
var uncomparedAlways = formula.Text{ZH: "数字格式、颜色、行高列宽、隐藏的行列和工作表、下拉列表、条件格式、超链接、定义的名称、计算和打印设置",
	EN: "number formats, colours, sizes, hidden rows, columns and sheets, lists of choices, conditional formats, links, defined names, calculation and print settings"}

// uncomparedParts names the parts of a file that hold neither cells nor what every program writes beside them.
var uncomparedParts = []struct {
	prefix string
	name   formula.Text
}{
	{"xl/vbaProject", formula.Text{ZH: "宏（VBA 程序）", EN: "macros (a VBA program)"}},
	{"xl/externalLinks/", formula.Text{ZH: "指向别的文件的链接", EN: "links to other files"}},
	{"xl/embeddings/", formula.Text{ZH: "嵌入的文件", EN: "embedded files"}},
	{"xl/comments", formula.Text{ZH: "批注", EN: "comments"}},
	{"xl/threadedComments/", formula.Text{ZH: "批注", EN: "comments"}},
	{"xl/charts/", formula.Text{ZH: "图表", EN: "charts"}},
	{"xl/drawings/", formula.Text{ZH: "图形和文本框", EN: "drawings and text boxes"}},
	{"xl/media/", formula.Text{ZH: "图片", EN: "pictures"}},
	{"xl/pivot", formula.Text{ZH: "数据透视表", EN: "pivot tables"}},
	{"xl/tables/", formula.Text{ZH: "表格对象", EN: "tables"}},
}

// usualParts are what every program writes beside the cells; what they say is in uncomparedAlways.
var usualParts = []string{contentTypes, "_rels/", "docProps/", "customXml/", "xl/_rels/", "xl/worksheets/_rels/", "xl/styles.xml", "xl/theme/", "xl/calcChain.xml", "xl/printerSettings/", "xl/persons/"}

// uncompared names what is in a file that verify did not compare, once each.
func (b *readBook) uncompared() (names []formula.Text) {
	add := func(t formula.Text) {
		if !slices.Contains(names, t) {
			names = append(names, t)
		}
	}
	add(uncomparedAlways)
	begins := func(name string) func(string) bool {
		return func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	}
parts:
	for _, name := range b.parts {
		for _, p := range uncomparedParts {
			if begins(name)(p.prefix) {
				add(p.name)
				continue parts
			}
		}
		if !slices.ContainsFunc(usualParts, begins(name)) {
			add(formula.Text{ZH: name, EN: name})
		}
	}
	return names
}

// cellRange is a range of cells that a formula reads.
type cellRange struct {
	sheet    string
	from, to [2]int // column, row
}

// reads lists the cells that a formula of ours reads; home is the sheet that it stands on.
func reads(text, home string) (all []cellRange) {
	sheet := home
	for i := 0; i < len(text); {
		j := i + 1
		switch b := text[i]; {
		case b == '"' || b == '\'':
			j = quotedEnd(text, i)
			if b == '\'' && j < len(text) && text[j] == '!' {
				sheet = strings.ReplaceAll(text[i+1:j-1], "''", "'")
				i = j + 1
				continue
			}
		case operand(b):
			from, end := wordAt(text, i)
			to := from
			if j = end; from[1] > 0 && j < len(text) && text[j] == ':' {
				to, j = wordAt(text, j+1)
			}
			if from[1] > 0 && (j == len(text) || text[j] != '(') {
				all = append(all, cellRange{sheet, from, to})
			}
		}
		sheet, i = home, j
	}
	return all
}

// wordAt is the word at a place of a formula as a reference, column and row 0 if it is none, and where it ends.
func wordAt(text string, i int) (at [2]int, end int) {
	for end = i; end < len(text) && operand(text[end]); end++ {
	}
	at[0], at[1] = placeOf(text[i:end])
	return at, end
}

// addedCell holds something where we left the cell empty.
type addedCell struct {
	grid  *grid
	at    [2]int
	shown string
}

// count lists what was added in empty cells; where a formula reads one, that is an alarm.
func (o *openedBook) count(grids []*grid) {
	if len(o.added) == 0 {
		return
	}
	type key struct {
		sheet string
		at    [2]int
	}
	read := map[key]bool{}
	for _, a := range o.added {
		read[key{a.grid.name, a.at}] = false
	}
	for _, g := range grids {
		for _, row := range g.rows {
			for _, c := range row.cells {
				for _, r := range reads(canonical(c.formula), g.name) {
					for at := r.from; at[0] <= r.to[0]; at[0]++ {
						for at[1] = r.from[1]; at[1] <= r.to[1]; at[1]++ {
							if _, there := read[key{r.sheet, at}]; there {
								read[key{r.sheet, at}] = true
							}
						}
					}
				}
			}
		}
	}
	for _, a := range o.added {
		name := cellName(a.grid.name, a.at)
		if read[key{a.grid.name, a.at}] {
			o.alarm(name, o.now.T("本是空格，有公式读它", "an empty cell that a formula reads"), o.now.T("空", "empty"), a.shown)
		} else {
			o.v.Added = append(o.v.Added, Altered{name, "", "", a.shown})
		}
	}
}

// values compares what formulas show on the sheets that are held by their digest, where they only repeat another cell, and names the sheets where they do more.
func (o *openedBook) values() (unknown []formula.Text) {
	for _, d := range o.was.digests {
		sheet, n := o.sheets[d.Name], 0
		if sheet == nil || d.Digest == "" {
			continue
		}
		for _, r := range sheet.rows {
			for _, c := range r.cells {
				if c.formula == "" {
					continue
				}
				want, there := o.copied(canonical(c.formula), d.Name)
				if !there {
					n++
				} else if !sameValue(want, c.readCell) {
					o.v.Stale = append(o.v.Stale, Altered{cellName(d.Name, [2]int{c.col, r.row}), c.shown(), want.value, c.value})
				}
			}
		}
		if n > 0 {
			unknown = append(unknown, formula.Textf("“%s”表 %d 个公式的值（打开后会重算）", "the values of %[2]d formulas of sheet “%[1]s” (recalculated when it is opened)", d.Name, n))
		}
	}
	return unknown
}

// copied is the cell that a formula shows which is nothing but a reference to it.
func (o *openedBook) copied(text, home string) (readCell, bool) {
	r := reads(text, home)
	if len(r) != 1 || r[0].from != r[0].to || o.sheets[r[0].sheet] == nil {
		return readCell{}, false
	}
	text = strings.TrimPrefix(text, quoted(r[0].sheet)+"!")
	if _, end := wordAt(text, 0); end != len(text) {
		return readCell{}, false
	}
	return o.sheets[r[0].sheet].cell(r[0].from[0], r[0].from[1]), true
}
