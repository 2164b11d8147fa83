package workbook_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/workbook"
)

// The rules of a workbook that can be handed over, each over the written file of every shipped plan.

// 1. One formula per row: the same in R1C1 in every plan year.
func TestOneFormulaPerRow(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		cal := run.Book.Plan.Calendar
		for _, name := range ledgers(run) {
			s := p.sheet(t, name)
			for _, row := range s.Rows {
				first := ""
				for col := cal.Zero() + 1; col < cal.Columns(); col++ {
					ref := letters(4+col) + strconv.Itoa(row.R)
					text := ""
					if f := s.cell(ref).F; f != nil {
						text = r1c1(*f, ref)
					}
					if col == cal.Zero()+1 {
						first = text
					} else if text != first {
						t.Errorf("%s %s: %s, but %s in the first plan year", name, ref, text, first)
					}
				}
			}
		}
	})
}

func letters(col int) string {
	if col > 26 {
		return letters((col-1)/26) + letters((col-1)%26+1)
	}
	return string(rune('A' + col - 1))
}

var allowedFunctions = strings.Fields("SUM MAX MIN IF AND OR NOT ROUND ABS INDEX MATCH SUMPRODUCT AVERAGE PMT LN EXP SQRT COUNT COUNTIF COLUMNS INT")

// 2, 3, 4. Constants are inputs, functions are those every program has, and long formulas are reported.
func TestFormulas(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		users := map[string]bool{}
		for _, e := range run.Book.Plan.Elements {
			for _, l := range e.Lines {
				users[e.Address()+"."+l.Name] = true
			}
		}
		long, deep := map[string]string{}, map[string]string{}
		for _, s := range p.sheets(t) {
			for ref, c := range s.cells {
				if c.F == nil {
					continue
				}
				_, row := place(ref)
				id := s.cell("A" + strconv.Itoa(row)).shown()
				text := bare(*c.F)
				for _, f := range called.FindAllStringSubmatch(text, -1) {
					if !slices.Contains(allowedFunctions, f[1]) {
						t.Errorf("%s %s: function %s is not one every program has: %s", s.name, ref, f[1], *c.F)
					}
				}
				for _, n := range literal.FindAllStringSubmatch(text, -1) {
					rounding := n[1] == "6" && strings.Contains(text, ",6)")
					if !slices.Contains([]string{"0", "1", "12"}, n[1]) && !rounding && !users[id] {
						t.Errorf("%s %s: the number %s is typed into %s", s.name, ref, n[1], *c.F)
					}
				}
				if strings.Contains(text, "[") || strings.Contains(text, "#REF") || strings.HasPrefix(*c.F, "=") {
					t.Errorf("%s %s: %s", s.name, ref, *c.F)
				}
				if n := len([]rune(*c.F)); n > 110 && s.name != "假设" || n > 150 { // a check of entries names the whole row
					long[id] = *c.F
				}
				if nesting(text) > 3 {
					deep[id] = *c.F
				}
			}
		}
		for id, f := range long {
			t.Errorf("longer than 110 characters: %s: %s", id, f)
		}
		for id, f := range deep {
			t.Errorf("nested deeper than 3: %s: %s", id, f)
		}
	})
}

// compared is an amount taken to the fen, or another number taken to 12 decimals, to be compared.
var compared = regexp.MustCompile(strings.ReplaceAll(`ROUND\(…,(?:6|12)\)[=<>]+(?:ROUND\(…,(?:6|12)\))?|[=<>]ROUND\(…,(?:6|12)\)`, "…", `(?:[^()]|\([^()]*\))*`))

// 9. ROUND stands only where the model rounds: to the fen, in amounts, and where something is compared; ratios, persons and the sheets that only show are never
// rounded.
func TestRounding(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		units, rounded := map[string]formula.Unit{}, 0
		for _, l := range run.Book.Lines {
			units[l.Address()] = l.Unit
		}
		books := map[string]bool{}
		for _, name := range ledgers(run) {
			books[name] = true
		}
		for _, s := range p.sheets(t) {
			for ref, c := range s.cells {
				if c.F == nil || !strings.Contains(*c.F, "ROUND(") {
					continue
				}
				rounded++
				_, row := place(ref)
				unit := units[s.cell("A"+strconv.Itoa(row)).shown()]
				left := compared.ReplaceAllString(*c.F, "")
				tolerated := strings.HasPrefix(*c.F, "IF(ROUND(ABS(") || strings.HasPrefix(*c.F, "IF(COUNT(") // a check
				if !books[s.name] && !tolerated || unit != formula.Money && !tolerated && strings.Contains(left, "ROUND(") || strings.Count(*c.F, "ROUND(") != strings.Count(*c.F, ",6)")+strings.Count(*c.F, ",12)") {
					t.Errorf("%s %s (%s) rounds: %s", s.name, ref, unit, *c.F)
				}
			}
		}
		if rounded == 0 {
			t.Error("nothing is rounded: the search finds nothing")
		}
	})
}

// nesting is how deep functions stand in functions.
func nesting(text string) (deepest int) {
	var stack []bool
	depth := 0
	for i, c := range text {
		switch c {
		case '(':
			function := i > 0 && (text[i-1] >= 'A' && text[i-1] <= 'Z')
			stack = append(stack, function)
			if function {
				depth++
			}
		case ')':
			if stack[len(stack)-1] {
				depth--
			}
			stack = stack[:len(stack)-1]
		}
		deepest = max(deepest, depth)
	}
	return deepest
}

// 5. Nothing is hidden, nothing comes from outside, nothing is an error.
func TestNothingHidden(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		book := p.book(t)
		for _, s := range book.Sheets {
			if s.State != "" && s.State != "visible" {
				t.Errorf("sheet %s is %s", s.Name, s.State)
			}
		}
		for _, n := range book.Names {
			if n.Hidden != "" || strings.Contains(n.Refers, "#REF") || strings.Contains(n.Refers, "[") {
				t.Errorf("name %+v", n)
			}
		}
		for _, name := range p.names {
			if strings.Contains(name, "externalLink") || strings.Contains(name, "vba") || strings.Contains(name, "comments") || strings.Contains(name, "metadata") {
				t.Errorf("the file has a part %s", name)
			}
			if strings.Contains(p.text[name], `TargetMode="External"`) {
				t.Errorf("%s links to something outside", name)
			}
		}
		styles := p.styles(t)
		for _, f := range styles.Fonts {
			if strings.HasSuffix(f.Color.RGB, "FFFFFF") {
				t.Error("there is white text")
			}
		}
		wholeColumn := regexp.MustCompile(`\$?[A-Z]{1,3}:\$?[A-Z]{1,3}`)
		for _, s := range p.sheets(t) {
			for _, c := range s.Cols {
				if c.Hidden != "" || c.Width < 1.5 {
					t.Errorf("%s: column %d is hidden", s.name, c.Min)
				}
			}
			for _, r := range s.Rows {
				if r.Hidden != "" || r.Height < 8 {
					t.Errorf("%s: row %d is hidden", s.name, r.R)
				}
				for _, c := range r.Cells {
					if c.T == "e" || strings.HasPrefix(c.V, "#") {
						t.Errorf("%s %s is the error %s", s.name, c.R, c.V)
					}
					if p := styles.Formats[c.S].Protection; p != nil && p.Hidden != "" && p.Hidden != "0" && p.Hidden != "false" {
						t.Errorf("%s %s hides its formula", s.name, c.R)
					}
					if c.F != nil && wholeColumn.MatchString(bare(*c.F)) {
						t.Errorf("%s %s reads a whole column: %s", s.name, c.R, *c.F)
					}
				}
			}
		}
	})
}

// Every formula cell carries its value, typed as a number unless it is a text or a blank.
func TestStoredValues(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		formulas := 0
		for _, s := range p.sheets(t) {
			for ref, c := range s.cells {
				if c.F == nil {
					continue
				}
				formulas++
				_, err := strconv.ParseFloat(c.V, 64)
				switch {
				case c.T == "" && err != nil:
					t.Errorf("%s %s: no value is stored beside %s", s.name, ref, *c.F)
				case c.T == "str" && err == nil:
					t.Errorf("%s %s: the number %s is stored as text", s.name, ref, c.V)
				case c.T != "" && c.T != "str":
					t.Errorf("%s %s: type %s", s.name, ref, c.T)
				}
			}
		}
		t.Logf("%d formulas", formulas)
		if p.book(t).Calc.Full == "" {
			t.Error("the book does not ask to be calculated when it is opened")
		}
	})
}

// The stored values are the engine's, in every line, year and scenario.
func TestLedgersHoldTheResults(t *testing.T) {
	for _, dir := range plans {
		run := loadRun(t, dir)
		agree(t, run, values(t, write(t, run)))
	}
}

// 6, 8, 13. Kinds of sheets, protection, paper.
func TestSheets(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		colours := map[string]string{"说明": "548235", "对比": "548235", "假设": "2E75B6", "条款": "548235", "差异": "548235", "风险": "548235", "债务": "548235", "检查": "C00000", "核对": "C00000", "变更": "C00000", "结构": "C00000"}
		styles := p.styles(t)
		titles := map[string]bool{}
		for _, n := range p.book(t).Names {
			if n.Name == "_xlnm.Print_Titles" {
				titles[p.book(t).Sheets[number(t, n.Sheet)].Name] = true
			}
		}
		for _, s := range p.sheets(t) {
			want := colours[s.name]
			if want == "" {
				want = "7F7F7F"
			}
			if !strings.HasSuffix(s.Tab.Color.RGB, want) {
				t.Errorf("%s: tab colour %s, want %s", s.name, s.Tab.Color.RGB, want)
			}
			if s.Protection == nil || s.Protection.Sheet == "" || s.Protection.Password+s.Protection.Hash != "" {
				t.Errorf("%s: protection %+v, want one without a password", s.name, s.Protection)
			}
			if s.Setup.Paper != 9 || s.Setup.Orientation != "landscape" || s.Tab.Page.Fit == "" || s.Setup.Wide != "" && s.Setup.Wide != "1" {
				t.Errorf("%s: page %+v", s.name, s.Setup)
			}
			if !strings.Contains(s.Footer, "&P") || !strings.Contains(s.Footer, "&N") || !strings.Contains(s.Footer, run.Book.Plan.Version) {
				t.Errorf("%s: footer %q", s.name, s.Footer)
			}
			if !titles[s.name] || len(s.Panes) != 1 || s.Panes[0].State != "frozen" {
				t.Errorf("%s: the header is not repeated or not frozen", s.name)
			}
			if light := s.cell("A3"); light.F == nil || !strings.Contains(*light.F, "$D$5") || light.V != "0" {
				t.Errorf("%s: no check light in its header", s.name)
			}
			for ref, c := range s.cells {
				open := styles.open(c.S)
				if open != (s.name == "假设" && strings.HasSuffix(styles.Fills[styles.Formats[c.S].Fill].Color.RGB, "FFF9DB")) {
					t.Errorf("%s %s: unlocked is %v", s.name, ref, open)
				}
				if open && (c.F != nil || !strings.HasSuffix(styles.Fonts[styles.Formats[c.S].Font].Color.RGB, "0000FF")) {
					t.Errorf("%s %s: an input that is a formula or not blue", s.name, ref)
				}
			}
		}
		text := p.text["docProps/core.xml"] + p.text["docProps/app.xml"]
		for _, private := range []string{"xuri", os.Getenv("USER"), "Microsoft"} {
			if private != "" && strings.Contains(text, private) {
				t.Errorf("the properties name %s", private)
			}
		}
	})
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// 7. Unit on every row, labels unique under their title, ids visible.
func TestRowsSayWhatTheyAre(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		s := p.sheet(t, ledgers(run)[0])
		rows := map[string]int{}
		for _, r := range s.Rows {
			rows[s.cell("A"+strconv.Itoa(r.R)).shown()] = r.R
		}
		labels, heading := map[string]string{}, ""
		for _, l := range run.Book.Lines {
			n := strconv.Itoa(rows[l.Address()])
			label, unit := s.cell("B"+n).shown(), s.cell("C"+n).shown()
			if n == "0" || label == "" || unit == "" {
				t.Errorf("%s: row %s, label %q, unit %q", l.Address(), n, label, unit)
			}
			if l.Heading.ZH != "" {
				heading = l.Heading.ZH
			}
			if other := labels[heading+"\n"+label]; other != "" {
				t.Errorf("%s and %s are both called %s under %s", other, l.Address(), label, heading)
			}
			labels[heading+"\n"+label] = l.Address()
		}
		if !strings.Contains(s.cell("A2").shown(), "万元") {
			t.Error("the sheet does not say its unit")
		}
	})
}

// Every input that a line reads stands on 假设, where every entry is under a rule.
func TestInputs(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		s, styles := p.sheet(t, "假设"), p.styles(t)
		covered := map[string]bool{}
		for _, v := range s.Validations {
			if v.Error == "" || v.First == "" {
				t.Errorf("rule without a message or a bound: %+v", v)
			}
			for _, ref := range strings.Fields(v.Sqref) {
				from, to, _ := strings.Cut(ref, ":")
				if to == "" {
					to = from
				}
				c1, r1 := place(from)
				c2, r2 := place(to)
				for c := c1; c <= c2; c++ {
					for r := r1; r <= r2; r++ {
						covered[letters(c)+strconv.Itoa(r)] = true
					}
				}
			}
		}
		for ref, c := range s.cells {
			if styles.open(c.S) && !covered[ref] {
				t.Errorf("nothing says what may be typed into %s", ref)
			}
		}
		callUp := regexp.MustCompile(`^(INDEX\()?假设!\$[A-Z]+\$[0-9]+(:\$[A-Z]+\$[0-9]+,[A-Z]+\$5\))?$`)
		for _, name := range ledgers(run) {
			ledger := p.sheet(t, name)
			for i, l := range run.Book.Lines {
				if l.Input == formula.NotInput {
					continue
				}
				row := ledger.rowOf(t, l.Address())
				c, cal := run.Book.Program.Lines[i], run.Book.Plan.Calendar
				for col := c.First(); col <= c.Last(cal); col++ {
					ref := letters(4+col) + strconv.Itoa(row)
					if f := ledger.cell(ref).F; f == nil || !callUp.MatchString(*f) {
						t.Errorf("%s %s does not call up its input", name, ref)
					}
				}
			}
		}
		legal := regexp.MustCompile(`^in_[\p{L}\p{N}_]+$`)
		seen := map[string]bool{}
		for _, n := range p.book(t).Names {
			if n.Name == "_xlnm.Print_Titles" || n.Name == "_xlnm.Print_Area" {
				continue
			}
			if !legal.MatchString(n.Name) || seen[strings.ToLower(n.Name)] || !strings.HasPrefix(n.Refers, "假设!$H$") {
				t.Errorf("name %+v", n)
			}
			seen[strings.ToLower(n.Name)] = true
		}
	})
}

// 14. Charts draw cells of the same file and say their unit.
func TestCharts(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		charts, ref := 0, regexp.MustCompile(`<c?:?f>([^<]*)</c?:?f>`)
		for name, text := range p.text {
			if !strings.HasPrefix(name, "xl/charts/chart") {
				continue
			}
			charts++
			if !strings.Contains(text, "万元") {
				t.Errorf("%s has no unit in its title", name)
			}
			found := ref.FindAllStringSubmatch(text, -1)
			if len(found) == 0 {
				t.Errorf("%s draws nothing", name)
			}
			for _, f := range found {
				if !strings.HasPrefix(f[1], "对比!$") {
					t.Errorf("%s draws %s", name, f[1])
				}
			}
		}
		if charts != 3 {
			t.Errorf("%d charts", charts)
		}
	})
}

// Every headline leads to its line in each scenario's ledger, and the line back to it.
func TestHeadlinesLinkToTheirLines(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		compare := p.sheet(t, "对比")
		targets := map[string]string{}
		for _, l := range compare.Links {
			targets[l.Ref] = l.Location
		}
		shown := slices.DeleteFunc(slices.Clone(model.Headlines), func(h model.Headline) bool { return run.Line(h.Line) < 0 })
		for i, h := range shown {
			row := strconv.Itoa(5 + i)
			if id := compare.cell("A" + row).shown(); id != h.Line {
				t.Fatalf("row %s is %s, want %s", row, id, h.Line)
			}
			for r, name := range ledgers(run) {
				ledger := p.sheet(t, name)
				line := "B" + strconv.Itoa(ledger.rowOf(t, h.Line))
				there, back := letters(5+r)+row, ""
				for _, l := range ledger.Links {
					if l.Ref == line {
						back = l.Location
					}
				}
				if strings.ReplaceAll(targets[there], "'", "") != name+"!"+line || back != "对比!"+there {
					t.Errorf("%s leads to %s, and that back to %s", there, targets[there], back)
				}
			}
		}
	})
}

// What is engine's and what is the sheet's stand beside each other for every headline of every scenario, and differ nowhere.
func TestProofSheet(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		s := p.sheet(t, "核对")
		if !strings.Contains(s.cell("C8").shown(), run.Book.Plan.Hash) || !strings.Contains(s.cell("C7").shown(), workbook.Version) || len(s.cell("C9").shown()) != 64 {
			t.Errorf("hash and version: %q %q %q", s.cell("C7").shown(), s.cell("C8").shown(), s.cell("C9").shown())
		}
		shown := slices.DeleteFunc(slices.Clone(model.Headlines), func(h model.Headline) bool { return run.Line(h.Line) < 0 })
		rows := 0
		for _, r := range s.Rows {
			n := strconv.Itoa(r.R)
			if s.cell("G"+n).F == nil {
				continue
			}
			rows++
			engine, live := s.cell("F"+n), s.cell("G"+n)
			if engine.F != nil || engine.shown() != live.shown() || s.cell("H"+n).F == nil || s.cell("I"+n).V != "0" {
				t.Errorf("row %s: engine %q, live %q, differs %s", n, engine.shown(), live.shown(), s.cell("I"+n).V)
			}
		}
		if rows != len(shown)*len(run.Results) || s.cell("C6").V != "0" {
			t.Errorf("%d figures for %d scenarios; %s differ", rows, len(run.Results), s.cell("C6").V)
		}
	})
}

// Every instrument and project of every scenario has its schedule, which reads the ledger: what stood at the start of a year is what stood at the end of the
// one before.
func TestDebtSheet(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		s, schedules := p.sheet(t, "债务"), 0
		cal := run.Book.Plan.Calendar
		ledger := regexp.MustCompile(`^('[^']+'|[^'!]+)!([A-Z]+)([0-9]+)$`)
		var start *int
		for _, r := range s.Rows {
			n := r.R
			id := s.cell("A" + strconv.Itoa(n)).shown()
			if !strings.HasSuffix(id, ".balance") && !strings.HasSuffix(id, ".arrears") {
				continue
			}
			if start == nil {
				start = &r.R
				continue
			}
			schedules++
			for i := range cal.Last - cal.Actual {
				before, end := letters(4+i)+strconv.Itoa(n), letters(5+i)+strconv.Itoa(*start)
				a, b := s.cell(end), s.cell(before)
				if a.F == nil || b.F == nil || *a.F != *b.F || a.V != b.V || !ledger.MatchString(*a.F) {
					t.Errorf("%s: %s at the start is %v, %s at the end before is %v", id, end, a.V, before, b.V)
				}
			}
			start = nil
		}
		if want := len(run.Results) * (len(run.Book.Plan.In("debt")) + len(run.Book.Plan.In("projects"))); schedules != want {
			t.Errorf("%d schedules, want %d", schedules, want)
		}
	})
}

// What cannot be changed in the book is said, with the key of the plan file that changes it, and locked.
func TestStructureSheet(t *testing.T) {
	each(t, func(t *testing.T, run *reports.Run, p *parts) {
		s := p.sheet(t, "结构")
		for _, id := range []string{"years", "order", "revenue"} {
			n := strconv.Itoa(s.rowOf(t, id))
			if s.cell("C"+n).shown() == "" || !strings.Contains(s.cell("D"+n).shown(), id+":") {
				t.Errorf("%s: %q, %q", id, s.cell("C"+n).shown(), s.cell("D"+n).shown())
			}
		}
		for _, e := range run.Book.Plan.In("debt") {
			s.rowOf(t, e.Address()+".method")
			s.rowOf(t, e.Address()+".class")
		}
	})
}
