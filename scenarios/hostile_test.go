package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"zhencai/model"
	"zhencai/model/formula"
)

// repeated is n pieces made by one pattern, which is given the number of each.
func repeated(n int, pattern string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, pattern, i)
	}
	return b.String()
}

// hostile are plans made to exhaust a reader: many of one thing, or one thing deep, within the size of a file or just past it. plan.yaml is the plan.
var hostile = map[string]func() map[string]string{
	"tag directives":     onePlan(func() string { return repeated(300_000, "%%TAG !%d! a\n") + "---\n" + sample }),
	"unknown directives": onePlan(func() string { return repeated(300_000, "%%A%d\n") + "---\n" + sample }),
	"version directives": onePlan(func() string { return strings.Repeat("%YAML 1.2\n", 300_000) + "---\n" + sample }),
	"layer lines":        onePlan(func() string { return sample + "layers:\n  a:\n    set:\n" + repeated(300_000, "     k%d: 1\n") }),
	"layers":             onePlan(func() string { return sample + "layers:\n" + repeated(90_000, "  k%d: {}\n") }),
	"layer file": func() map[string]string {
		return map[string]string{"plan.yaml": sample, "layers/a.yaml": "set:\n" + repeated(300_000, " k%d: 1\n")}
	},
	"unmatched addresses": onePlan(func() string {
		return sample + "layers:\n  a:\n    set:\n" + repeated(90_000, "      revenue.*.k%d: 1\n") + "scenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n"
	}),
	"unknown elements": onePlan(func() string {
		return sample + "layers:\n  a:\n    set:\n" + repeated(90_000, "      revenue.k%d.growth: 1%%\n") + "scenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n"
	}),
	"unknown sections": onePlan(func() string {
		return sample + "layers:\n  a:\n    set:\n" + repeated(90_000, "      k%d.a.b: 1\n") + "scenarios: [{id: a, layers: [a]}]\n"
	}),
	"matched addresses": onePlan(func() string {
		return sample + "layers:\n  a:\n    set:\n" + repeated(2000, "      revenue.*.growth.%04d: 1%%\n") + repeated(40_000, "      transfers.*.bands.%d.rate: 1%%\n") + "scenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n"
	}),
	"two files of keys": func() map[string]string {
		return map[string]string{"plan.yaml": "include: b.yaml\n" + sample + repeated(45_000, "k%d: 1\n"), "b.yaml": repeated(45_000, "l%d: 1\n")}
	},
	"two files of x-keys": func() map[string]string {
		return map[string]string{"plan.yaml": "include: b.yaml\n" + sample + repeated(45_000, "x-%d: {a: 1}\n"), "b.yaml": repeated(45_000, "x-%d: {b: 1}\n")}
	},
	"same keys twice": func() map[string]string {
		return map[string]string{"plan.yaml": "include: b.yaml\n" + sample + repeated(45_000, "x-%d: 1\n"), "b.yaml": repeated(45_000, "x-%d: 1\n")}
	},
	"lines": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n"+repeated(20_000, "      a%d: counted\n")+"  subsidy:", 1)
	}),
	"chained lines": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n      a0: counted\n"+chain(20_000)+"  subsidy:", 1)
	}),
	"chained lines allowed": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n      a0: counted\n"+chain(9_000)+"  subsidy:", 1)
	}),
	"reverse chain": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n"+reverseChain(9_000)+"      a0: counted\n  subsidy:", 1)
	}),
	"wildcards over elements": onePlan(func() string {
		return strings.Replace(sample, "transfers:", repeated(900, "  r%d: {history: [1, 2, 3], growth: 1%%}\n")+"transfers:", 1) + "layers:\n  a:\n    set:\n" + repeated(80_000, "      revenue.*.k%d: 1\n") + "scenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n"
	}),
	"unknown among elements": onePlan(func() string {
		return strings.Replace(sample, "transfers:", repeated(900, "  r%d: {history: [1, 2, 3], growth: 1%%}\n")+"transfers:", 1) + "layers:\n  a:\n    set:\n" + repeated(80_000, "      revenue.k%d.growth: 1%%\n") + "scenarios: [{id: a, layers: [a]}, {id: b, layers: [a]}]\n"
	}),
	"unread in many scenarios": onePlan(func() string {
		return sample + "layers:\n  a:\n    set:\n" + repeated(80_000, "      revenue.*.k%d: -1pp\n") + "scenarios:\n" + repeated(500, "- {id: s%d, layers: [a]}\n")
	}),
	"years over elements": onePlan(func() string {
		long := strings.NewReplacer("2022-2024", "2022-2051", "transfers:", repeated(900, "  r%d: {history: [1, 2, 3], growth: 1%%}\n")+"transfers:").Replace(sample)
		return long + "layers:\n  a:\n    set:\n" + repeated(9, "      revenue.*.growth.202%d: 1%%\n") + "      revenue.*.growth: 2%\nscenarios:\n" + repeated(40, "- {id: s%d, layers: [a]}\n")
	}),
	"references among many": onePlan(func() string {
		return strings.Replace(sample, "transfers:", "transfers:\n"+repeated(800, "  t%d: {kind: fixed, amount: 1}\n"), 1) + "performance_pay: {rate: 1%, of: [" + repeated(1000, "k%d, ") + "]}\n"
	}),
	"lines that fail": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n"+repeated(9_000, "      a%d: b%[1]d\n")+"  subsidy:", 1)
	}),
	"lines of one name": onePlan(func() string {
		return strings.Replace(sample, "  subsidy:", "  own:\n    kind: formula\n    formula: a1\n    lines:\n"+strings.Repeat("      a: counted\n", 90_000)+"  subsidy:", 1)
	}),
	"missing includes": onePlan(func() string { return sample + "include:\n" + repeated(90_000, "- k%d.yaml\n") }),
	"one include": func() map[string]string {
		return map[string]string{"plan.yaml": sample + "include:\n" + strings.Repeat("- b.yaml\n", 90_000), "b.yaml": "x-a: 1\n" + strings.Repeat("#\n", 2<<20)}
	},
	"scenarios in files": func() map[string]string {
		files := map[string]string{"plan.yaml": sample + "include: [" + repeated(900, "p%d.yaml, ") + "]\n"}
		for i := range 900 {
			files[fmt.Sprintf("p%d.yaml", i)] = "scenarios: [" + repeated(50, fmt.Sprintf("{id: s%d-%%d}, ", i)) + "]\n"
		}
		return files
	},
	"deep brackets": onePlan(func() string { return "x-a: " + strings.Repeat("[", 2<<20) }),
	"deep braces":   onePlan(func() string { return "x-a: " + strings.Repeat("{a: ", 1<<20) }),
	"deep dashes":   onePlan(func() string { return strings.Repeat("- ", 2<<20) }),
	"deep indents":  onePlan(func() string { return deepIndents(3000) }),
	"deep within bounds": onePlan(func() string {
		return sample + repeated(1000, "x-%d: "+strings.Repeat("[", 45)+strings.Repeat("]", 45)+"\n")
	}),
	"deep aliases": onePlan(func() string {
		return sample + "x-a: &a0 " + strings.Repeat("[", 20) + "1" + strings.Repeat("]", 20) + "\n" + repeated(60_000, "y%d: *a0\n")
	}),
	"six megabytes":     onePlan(func() string { return sample + strings.Repeat("# a comment\n", 6<<20/12) }),
	"five of comments":  onePlan(func() string { return sample + strings.Repeat("# a comment\n", (5<<20-5000)/12) }),
	"five of errors":    onePlan(func() string { return sample + strings.Repeat("a: #N/A\n", (5<<20-5000)/8) }),
	"five of blanks":    onePlan(func() string { return sample + strings.Repeat(" ", 5<<20-5000) }),
	"five of line ends": onePlan(func() string { return sample + strings.Repeat("\n", 5<<20-5000) + "a" }),
	"five of one number": onePlan(func() string {
		return strings.Replace(sample, "opening: 10", "opening: "+strings.Repeat("0", 5<<20-5000)+"1", 1)
	}),
	"five of one key": onePlan(func() string { return sample + strings.Repeat("k", 5<<20-5000) + ": 1\n" }),
	"one line":        onePlan(func() string { return sample + "x-a: [" + strings.Repeat("a, ", 190_000) + "]\n" }),
	"faults on one line": onePlan(func() string {
		return strings.Replace(sample, "opening: 10", repeated(90_000, "k%d: 1, ")+"opening: 10", 1)
	}),
	"anchors":         onePlan(func() string { return sample + "x-a: [" + repeated(60_000, "&a%d 1, ") + "]\n" }),
	"unknown anchors": onePlan(func() string { return sample + "x-a: [" + repeated(60_000, "*a%d , ") + "]\n" }),
	"merge keys": onePlan(func() string {
		return "x-a: &a {" + keys(400) + "}\nx-b: [" + strings.Repeat("{<<: *a},", 400) + "]\n" + sample
	}),
	"history": onePlan(func() string {
		return strings.Replace(sample, "[100, 110, 120]", "["+strings.Repeat("1, ", 150_000)+"]", 1)
	}),
	"years of growth": onePlan(func() string {
		return strings.Replace(sample, "growth: trend", "growth: {"+repeated(90_000, "%05d: 1%%, ")+"}", 1)
	}),
	"bands": onePlan(func() string {
		return strings.Replace(sample, "[{rate: 40%},", "["+strings.Repeat("{rate: 40%},", 40_000), 1)
	}),
	"references": onePlan(func() string { return sample + "performance_pay: {rate: 1%, of: [" + repeated(1000, "k%d, ") + "]}\n" }),
	"order":      onePlan(func() string { return sample + "order: [" + repeated(90_000, "k%d, ") + "]\n" }),
	"same order": onePlan(func() string { return sample + "order: [" + strings.Repeat("工资, ", 90_000) + "]\n" }),
	"scenarios":  onePlan(func() string { return sample + "scenarios:\n" + repeated(60_000, "- {id: s%d}\n") }),
	"layers of scenarios": onePlan(func() string {
		return sample + "layers: {a: {set: {cash.opening: 1}}}\nscenarios:\n" + repeated(500, "- {id: s%d, layers: ["+strings.Repeat("a, ", 300)+"]}\n")
	}),
	"uncertainty": onePlan(func() string { return sample + "uncertainty: {shocks: {" + repeated(60_000, "k%d: 1, ") + "}}\n" }),
	"sweeps": onePlan(func() string {
		return sample + "sweeps: {a: {axes: {cash.opening: [" + repeated(90_000, "%d, ") + "]}, lines: [" + repeated(60_000, "k%d, ") + "]}}\n"
	}),
	"axes": onePlan(func() string { return sample + "sweeps: {a: {axes: {" + repeated(90_000, "k%d: [1], ") + "}}}\n" }),
	"notes": onePlan(func() string {
		return sample + "spending:\n" + repeated(155, "  s%d: {category: 基本民生, amount: 1, note: "+strings.Repeat("a", 20_000)+"}\n")
	}),
}

func onePlan(content func() string) func() map[string]string {
	return func() map[string]string { return map[string]string{"plan.yaml": content()} }
}

// chain is lines that each read the one before.
func chain(n int) string {
	var b strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "      a%d: a%d + 1\n", i, i-1)
	}
	return b.String()
}

func deepIndents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func reverseChain(n int) string {
	var b strings.Builder
	for i := n - 1; i > 0; i-- {
		fmt.Fprintf(&b, "      a%d: a%d + 1\n", i, i-1)
	}
	return b.String()
}

// TestHostile: each is answered within a budget of memory, and of what is allocated in all, which grows with the work; and in a list that ends. What is
// allocated is that of the whole process, so the cases follow each other.
func TestHostile(t *testing.T) {
	for name, make := range hostile {
		t.Run(name, func(t *testing.T) {
			dir, size := t.TempDir(), 0
			for rel, content := range make() {
				path := filepath.Join(dir, rel)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
				size += len(content)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			within(t, func() {
				l := Load(filepath.Join(dir, "plan.yaml"), Options{})
				if l.Plan != nil {
					_, problems := model.Build(l.Plan)
					l.Problems = append(l.Problems, problems...)
				}
				if len(l.Problems) > 2*(model.Listed+1) {
					t.Errorf("%d problems are listed", len(l.Problems))
				}
				for _, p := range l.Problems {
					if shown := Render(p, formula.ZH, l.Sources); len(shown) > 5000 {
						t.Errorf("a problem takes %d bytes: %.200s", len(shown), shown)
					}
				}
			})
			runtime.ReadMemStats(&after)
			allocated, pieces := after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
			t.Logf("%d MB of file, %d MB and %d thousand pieces allocated", size>>20, allocated>>20, pieces/1000)
			if allocated > mostAllocated || pieces > mostPieces {
				t.Errorf("%d MB and %d thousand pieces are allocated", allocated>>20, pieces/1000)
			}
		})
	}
}

// What reading may take in all: some 100 times what a file may have.
const (
	mostAllocated = 600 << 20
	mostPieces    = 10_000_000
)
