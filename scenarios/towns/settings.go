package towns

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"zhencai/model/formula"
)

// Part is part I of N of a run. The zero Part is all of it.
type Part struct{ I, N int }

func (p Part) String() string { return fmt.Sprintf("%d/%d", p.I, p.N) }

// MarshalText writes i/n, or nothing for all of a run.
func (p Part) MarshalText() ([]byte, error) {
	if p.N == 0 {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (p *Part) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePart(string(text))
	return err
}

const mostParts = 100_000

// ParsePart reads a part written i/n; the empty word is all of it.
func ParsePart(s string) (p Part, err error) {
	if s == "" {
		return p, nil
	}
	first, second, ok := strings.Cut(s, "/")
	i, err1 := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n || n > mostParts {
		return p, misuse(formula.Textf("看不懂 --shard %q；写成 1/4", "cannot read --shard %q; write 1/4", s))
	}
	return Part{i, n}, nil
}

// span are the places of its towns among all: from the first, to before the second.
func (p Part) span(total int) (from, to int) {
	if p.N == 0 {
		return 0, total
	}
	return total * (p.I - 1) / p.N, total * p.I / p.N
}

// settings are what the rows of a run depend on. Rows that are not finished, and every part, carry them.
type settings struct {
	Version  string   `json:"zhencai"`
	Part     Part     `json:"part,omitzero"`
	Towns    int      `json:"towns"`          // in all parts
	Plan     string   `json:"plan"`           // hash of the first
	Data     string   `json:"data"`           // of the table, or of all plans
	Pots     string   `json:"pots,omitempty"` // of what each town is paid out of them
	Scenario string   `json:"scenario"`
	Paths    int      `json:"paths"`
	By       string   `json:"by,omitempty"`
	Set      []string `json:"set,omitempty"`
	Shocks   []string `json:"shock,omitempty"`
}

func (s settings) note() string {
	note, _ := json.Marshal(s) // of numbers and texts
	return string(note)
}

// readNote reads settings out of a file, also those of another version of the program.
func readNote(note string) (s settings, ok bool) {
	err := json.Unmarshal([]byte(note), &s)
	return s, err == nil && s.Version != "" && s.Towns >= 0
}

// brief is the beginning of a text that may be long.
func brief(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// unlike names what two runs do not have in common, with both values; empty if they are the same.
func (s settings) unlike(other settings) formula.Text {
	var differ []formula.Text
	compare := func(zh, en, a, b string) {
		if a != b {
			differ = append(differ, formula.Text{ZH: zh + "（" + brief(a) + "，" + brief(b) + "）", EN: en + " (" + brief(a) + ", " + brief(b) + ")"})
		}
	}
	contents := func(zh, en, a, b string) {
		if a != b {
			differ = append(differ, formula.Text{ZH: zh, EN: en})
		}
	}
	compare("程序版本", "version of the program", s.Version, other.Version)
	compare("片数", "number of parts", fmt.Sprint(s.Part.N), fmt.Sprint(other.Part.N))
	compare("第几片", "part", fmt.Sprint(s.Part.I), fmt.Sprint(other.Part.I))
	compare("镇数", "number of towns", fmt.Sprint(s.Towns), fmt.Sprint(other.Towns))
	contents("模板或第一个计划的内容", "what the template or the first plan says", s.Plan, other.Plan)
	contents("镇的表或计划的内容", "what the table or the plans of the towns say", s.Data, other.Data)
	contents("--pool 分给各镇的钱", "what --pool pays the towns", s.Pots, other.Pots)
	compare("--scenario", "--scenario", s.Scenario, other.Scenario)
	compare("--paths", "--paths", fmt.Sprint(s.Paths), fmt.Sprint(other.Paths))
	compare("--by", "--by", s.By, other.By)
	compare("--set", "--set", fmt.Sprintf("%q", s.Set), fmt.Sprintf("%q", other.Set))
	compare("--shock", "--shock", fmt.Sprintf("%q", s.Shocks), fmt.Sprintf("%q", other.Shocks))
	var all formula.Text
	for i, one := range differ {
		if i > 0 {
			all = formula.Textf("%s、%s", "%s, %s", all, one)
		} else {
			all = one
		}
	}
	return all
}
