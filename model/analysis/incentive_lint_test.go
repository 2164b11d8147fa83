package analysis_test

import (
	"fmt"
	"strings"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model/analysis"
)

// TestFindings: small plans made to have an edge, and what is found by hand. The base is 1000 and the scan goes 20 % to both sides.
func TestFindings(t *testing.T) {
	const share = "base: {mean: 5}, rate: 50%"
	for _, c := range []struct {
		what, plan string
		want       []string
	}{
		// Above the base all the way down to 80 % of 1300.
		{"smooth", oneTax(share, "1300", "1400", "1500"), nil},
		{"fixed subsidy", strings.Replace(oneTax(share, "1300"), "transfers: {", "transfers: {subsidy: {kind: fixed, amount: 300}, ", 1), nil},
		// Up to 1199.99 30 % of 199.99 is 59.997, at 1200 50 % of 200 is 100. Reaching 1200 pays more than it takes from an excess e on where
		// 100 - 0.3 e > 200 - e, e > 142.857.
		{"class table", oneTax("base: {mean: 5}, bands_apply: whole, bands: [{rate: 30%}, {over: 200, rate: 50%}]", "1150"),
			[]string{"cliff 2022 1200 1200 40.003", "reversal 2022 1142.86 1200 40.003"}},
		// At 1199.99 60 % of 199.99 is 119.994, at 1200 50 % of 200 is 100; 50 % reach 119.994 again at 239.988.
		{"falling class table", oneTax("base: {mean: 5}, bands_apply: whole, bands: [{rate: 60%}, {over: 200, rate: 50%}]", "1150"),
			[]string{"cliff 2022 1200 1200 -19.994", "reversal 2022 1200 1239.99 -19.994"}},
		// 1202 lies within 0.5 % of the line.
		{"beside a cliff", oneTax("base: {mean: 5}, bands_apply: whole, bands: [{rate: 30%}, {over: 200, rate: 50%}]", "1202"),
			[]string{"kink 2022 1200 1200 40.003", "cliff 2022 1200 1200 40.003", "reversal 2022 1142.86 1200 40.003"}},
		{"cap", oneTax(share+", award_cap: 100", "1150"), []string{"dead_zone 2022 1200 1380 0"}},
		{"band", oneTax("base: {mean: 5}, bands: [{rate: 30%}, {over: 200, rate: 60%}]", "1202"), []string{"kink 2022 1200 1200 0.3"}},
		// 50 % of 85 at once, so worth stretching for from 1085 - 42.5 on; from the base up to there nothing.
		{"condition", oneTax(share+", gate: counted >= 1085", "1150"),
			[]string{"cliff 2022 1085 1085 42.5", "reversal 2022 1042.5 1085 42.5", "dead_zone 2022 1000 1084.99 0"}},
		// 20 万元 for more than 1160: worth stretching for from 1140.01 on.
		{"step award", strings.Replace(oneTax(share, "1100"), "{kind: above_base, "+share+"}", `{kind: formula, formula: "when(counted > prev(best), 20, 0)", lines: {best: {formula: "max(prev(best), counted)", opening: 1160}}}`, 1),
			[]string{"cliff 2022 1160.01 1160.01 20", "reversal 2022 1140.01 1160.01 20", "dead_zone 2022 1160.01 1320 0"}},
		// A base of last year takes back in 2023 what 2022 gave; below the base of 2022 it only takes. 1 万元 booked in 2023 instead of 2022: -0.5, then +1 for 2023, whose base is also lower.
		{"base of last year", oneTax("base: previous, rate: 50%", "1100", "1300"), []string{"reversal 2022 880 1000 -0.5", "dead_zone 2022 1000 1300 0", "year_end 2022-2023 0.5"}},
		// The base of 2024 and 2025 is the revenue of 2023: +0.5 once, -0.5 twice. 2022's counts once, so does 2024's and 2025's: 1 万元 less in 2023
		// and more beside it brings 1 more.
		{"reset", oneTax("base: {mean: 5}, rate: 50%, base_reset_every: 2", "1300", "1300", "2000", "2000"),
			[]string{"reversal 2023 1040 1560 -0.5", "year_end 2023-2022 1", "year_end 2023-2024 1"}},
		// The town keeps 60 % of the revenue itself; with 50 % of the growth an extra 万元 brings 1.1.
		{"more than itself", strings.Replace(oneTax(share, "1300"), "path:", "kept_share: 60%, path:", 1), []string{"reversal 2022 1040 1560 1.1"}},
	} {
		a := analyse(t, testplan.Open(t, testplan.Write(t, c.plan)), 0, true)
		if got, want := list(a), strings.Join(c.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nby hand\n%s", c.what, got, want)
		}
		// The quick scan finds the same jumps at the same place.
		if quick := list(analyse(t, testplan.Open(t, testplan.Write(t, c.plan)), 0, false)); kinds(quick) != kinds(strings.Join(c.want, "\n")) {
			t.Errorf("%s, scanned quickly:\n%s\nby hand\n%s", c.what, quick, strings.Join(c.want, "\n"))
		}
	}
}

func list(a *analysis.Incentive) string {
	var lines []string
	for _, f := range a.Findings {
		if f.Kind == analysis.YearEnd {
			lines = append(lines, fmt.Sprintf("%s %d-%d %s", f.Kind, f.Year, f.ToYear, f.Size))
		} else {
			lines = append(lines, fmt.Sprintf("%s %d %s %s %s", f.Kind, f.Year, f.From, f.To, f.Size))
		}
	}
	return strings.Join(lines, "\n")
}

// kinds are the findings without their numbers.
func kinds(list string) (text string) {
	for _, l := range strings.Split(list, "\n") {
		text += strings.Join(strings.Fields(l + " - -")[:2], " ") + "\n"
	}
	return text
}

// TestFindingsSpeak: a finding says where and how much, in both languages.
func TestFindingsSpeak(t *testing.T) {
	plan := oneTax("label: 超收分成, label_en: Share, base: {mean: 5}, bands_apply: whole, bands: [{rate: 30%}, {over: 200, rate: 50%}]", "1150")
	f := analyse(t, testplan.Open(t, testplan.Write(t, plan)), 0, true).Findings[0]
	if want := "2022年超收分成：口径收入到1200.00万元这条线，各年应得合计一下多40.00万元"; f.Text.ZH != want {
		t.Error(f.Text.ZH)
	}
	if want := "Share in 2022: as counted revenue reaches 1200.00, what is due over the plan is at once 40.00 more"; f.Text.EN != want {
		t.Error(f.Text.EN)
	}
}
