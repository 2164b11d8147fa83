package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

func words(a answer) (text string) {
	for _, p := range a.Pieces {
		text += p.Text
	}
	return text
}

func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		lang   formula.Lang
		result int
		want   string
		level  string
	}{
		{formula.ZH, 0, "五年激励资金应得 4,946.84 万元，实拨 3,950.93 万元，期末欠拨 0.00 万元；2022年首次出现资金缺口，最大 97.87 万元（2022年）；2026年末债务率 30.4%", "绿"},
		{formula.ZH, 1, "五年激励资金应得 4,946.84 万元，实拨 0.00 万元，期末欠拨 3,950.93 万元；2022年首次出现资金缺口，最大 397.87 万元（2022年）；期末各项欠付 3,028.05 万元；2026年末债务率 671.9%", "红"},
		{formula.EN, 1, "Incentives over 5 years: due 4,946.84, paid 0.00, still owed at the end 3,950.93 (10k yuan); the first cash gap is in 2022, the largest 397.87 (2022); unpaid bills at the end 3,028.05; debt ratio at the end of 2026 671.9%", "red"},
	} {
		a := newBriefing(newSample(t, c.lang, []string{"1", "0"})).answer(c.result)
		if got := words(a); got != c.want || a.Level.Name != c.level {
			t.Errorf("got  %s %s\nwant %s %s", got, a.Level.Name, c.want, c.level)
		}
		for _, p := range a.Pieces {
			if p.Strong && strings.Trim(p.Text, "0123456789,.%") != "" {
				t.Errorf("%q stands out, only numbers should", p.Text)
			}
		}
	}
}

func TestAmount(t *testing.T) {
	for in, want := range map[string]string{"0": "0.00", "-0.001": "0.00", "999.995": "1,000.00", "-1234567.891": "-1,234,567.89", "12": "12.00", "-123": "-123.00"} {
		if got := reports.Amount(decimal.RequireFromString(in)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if got := reports.Percent(decimal.RequireFromString("12.34567")); got != "1,234.6%" {
		t.Error(got)
	}
}

// written is a view's chart as the page has it.
func written(t *testing.T, v figureView) (chart map[string]any) {
	t.Helper()
	text, err := json.Marshal(v.option)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&chart); err != nil {
		t.Fatal(err)
	}
	return chart
}

// TestChartsCarryExactNumbers: no number goes through a float on its way from the engine into a chart.
func TestChartsCarryExactNumbers(t *testing.T) {
	run := newSample(t, formula.ZH, []string{"0.4", "1"})
	b := newBriefing(run)
	for _, f := range b.figures() {
		if f.ID != "gap" {
			continue
		}
		for r, s := range written(t, f.Views[0])["series"].([]any) {
			for i, item := range s.(map[string]any)["data"].([]any) {
				want, _ := b.at(r, "gap", b.first+i)
				if got := item.(map[string]any)["value"]; got != point(want, true, reports.MoneyPlaces) {
					t.Errorf("%v is drawn for %s", got, want)
				}
			}
		}
	}
}

// TestFewLines: a plan without debt, clauses or indicators still has a page, without their charts.
func TestFewLines(t *testing.T) {
	plan := &model.Plan{Town: "广通镇", Calendar: formula.Calendar{First: 2021, Actual: 2021, Last: 2026}, Scenarios: []model.Scenario{{ID: "base"}}}
	program, errs := formula.Compile([]formula.Line{{Name: "cash", Unit: formula.Money, Input: formula.ByYear}}, nil, plan.Calendar)
	if errs != nil {
		t.Fatal(errs)
	}
	v, _ := program.Evaluate([]formula.Input{{Same: decimal.NewFromInt(7)}})
	run := &reports.Run{Book: &model.Book{Plan: plan, Program: program, Lines: []*model.Line{{}}}, Results: []*model.Result{{Scenario: plan.Scenarios[0], Values: v}}}
	b := newBriefing(run)
	if f := b.figures(); len(f) != 1 || f[0].ID != "cash" {
		t.Errorf("figures %v, want cash only", f)
	}
	if got := words(b.answer(0)); got != "本计划没有可汇总的结果" {
		t.Error(got)
	}
	if HasAssets() {
		if _, err := Write(run); err != nil {
			t.Error(err)
		}
	}
	if _, err := Write(&reports.Run{Book: run.Book}); err == nil {
		t.Error("a page of no scenario")
	}
}

func TestScripts(t *testing.T) {
	if _, err := readScripts(fstest.MapFS{}); !errors.Is(err, ErrNoAssets) {
		t.Error(err)
	}
	for _, bad := range []string{"a</SCRIPT>", "<!-- ", "a\r\n"} {
		if _, err := readScripts(fstest.MapFS{"assets/charts.js": {Data: []byte(bad)}}); err == nil || errors.Is(err, ErrNoAssets) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPageBytes(t *testing.T) {
	needAssets(t)
	rates := []string{"1", "0.4", "0", "0.25", "0.5", "0.6", "0.7", "0.8"}
	first, err := Write(newSample(t, formula.ZH, rates, evil, long, "", "", "", "", "", "", evil))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, _ := Write(newSample(t, formula.ZH, rates, evil, long, "", "", "", "", "", "", evil)); !bytes.Equal(first, again) {
			t.Fatal("the same run gives other bytes")
		}
	}
	if len(first) > 1_300_000 {
		t.Errorf("the page is %d bytes", len(first))
	}
	for what, want := range map[string]int{"<script": 3, "<img": 0, "<!--": 0, "onerror=alert(1)>": 0, "src=\"": 0} {
		if got := bytes.Count(first, []byte(what)); got != want {
			t.Errorf("%d times %s, want %d", got, what, want)
		}
	}
	for _, notice := range []string{"Apache License", "The Apache Software Foundation", "Baidu Inc", "Mike Bostock"} {
		if !bytes.Contains(first, []byte(notice)) {
			t.Errorf("the page does not carry the notice of %s", notice)
		}
	}
}

// contrast of two colours, as the guidelines for accessible content reckon it.
func contrast(t *testing.T, one, other string) float64 {
	t.Helper()
	luminance := func(hex string) (sum float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.03928 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	a, b := luminance(one), luminance(other)
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

// TestContrast: whatever stands as text on something can be read, in both themes; parts of a stack beside each other are told apart.
func TestContrast(t *testing.T) {
	colours := map[string]tone{}
	for _, c := range themed() {
		if _, twice := colours[c.name]; twice {
			t.Errorf("%s is declared twice", c.name)
		}
		colours[c.name] = c
	}
	pairs := []struct{ texts, grounds string }{
		{"ink quiet axis link owed note-edge", "paper"}, {"ink quiet link", "pale"}, {"ink quiet", "note"},
		{"ink", "band-green band-yellow band-orange band-red heat-full heat-90 heat-70 heat-low step-0 step-1 step-2 step-3 step-4"},
		{"level-ink", "level-green level-yellow level-orange"}, {"level-red-ink", "level-red"},
	}
	for i := range scenarioColours {
		pairs = append(pairs, struct{ texts, grounds string }{"t" + strconv.Itoa(i), "paper"})
	}
	for _, p := range pairs {
		for _, text := range strings.Fields(p.texts) {
			for _, ground := range strings.Fields(p.grounds) {
				a, b := colours[text], colours[ground]
				if light, dark := contrast(t, a.light, b.light), contrast(t, a.dark, b.dark); light < 4.5 || dark < 4.5 {
					t.Errorf("%s on %s has a contrast of %.1f, in the dark %.1f", text, ground, light, dark)
				}
			}
		}
	}
	for i := range stackTones[1:] {
		if a, b := stackTones[i], stackTones[i+1]; contrast(t, a.light, b.light) < 1.25 || contrast(t, a.dark, b.dark) < 1.25 {
			t.Errorf("parts %d and %d of a stack look alike in grey: %.2f, %.2f", i, i+1, contrast(t, a.light, b.light), contrast(t, a.dark, b.dark))
		}
	}
	css := string(themeCSS()) + pageCSS
	for _, used := range regexp.MustCompile(`var\(--([a-z0-9-]+)\)`).FindAllStringSubmatch(css, -1) {
		if name := used[1]; !strings.Contains(css, "--"+name+":") {
			t.Errorf("the style sheet uses --%s, which nothing declares", name)
		}
	}
}

// TestScenarioColours: a scenario keeps its colour when others are left out.
func TestScenarioColours(t *testing.T) {
	run := newSample(t, formula.ZH, []string{"1", "0.4", "0"})
	all := newBriefing(run).name(2)
	run.Results = run.Results[2:]
	if alone := newBriefing(run).name(0); alone.Line != all.Line || alone.Ink != all.Ink {
		t.Errorf("%v shown alone is %v", all, alone)
	}
}

// TestNoOutsideAddress: nothing in our part of the page is fetched from anywhere.
func TestNoOutsideAddress(t *testing.T) {
	address := regexp.MustCompile(`(?i)(https?:)?//[a-z]|url\(|@import|fetch\(|XMLHttpRequest|WebSocket`)
	for _, part := range []string{pageHTML, pageCSS} {
		if found := address.FindString(part); found != "" {
			t.Errorf("%q", found)
		}
	}
	if found := regexp.MustCompile(`https?:|fetch\(|XMLHttpRequest|WebSocket|eval\(|Function\(|innerHTML`).FindString(pageBoot()); found != "" {
		t.Errorf("boot.js: %q", found)
	}
}

func BenchmarkPage(b *testing.B) {
	needAssets(b)
	run := newSample(b, formula.ZH, []string{"1", "0.4", "0", "0.25", "0.5", "0.6", "0.7", "0.8"})
	for b.Loop() {
		if _, err := Write(run); err != nil {
			b.Fatal(err)
		}
	}
}
