package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// secretPlan has something internal wherever a plan can hold it: each text and number with 机密 or 7391 in it is not for the county.
const secretPlan = `
# 机密：底线不能低于 7391
town: 广通镇
county: 禄丰市
title: 测算
version: "1"
years: 2022-2024
history: 2019-2021
revenue:
  tax: {label: 税收, history: [1000, 1050, 1100], growth: {value: 5%, note: 机密：其实估计 4%}, note: 机密：增值税可能下滑, source: 决算, grade: A}
transfers:
  share:
    label: 超收分成
    kind: above_base
    base: {mean: 3}
    rate: {value: 47.7391%, source: 机密：内部底线, grade: C, range: [0.37391, 0.57391]}
    source: 县委文件
    note: 机密：可让步
  subsidy: {label: 补助, kind: fixed, amount: {value: 300, range: [273.91, 500]}, source: 文件, grade: B}
projects:
  hall: {label: 服务中心, finished: true, owed: 100, note: 机密：可以不还, source: 决算}
debt:
  bond: {label: 债券, class: onlent_special, rate: 3%, method: level_payment, years: 10, source: 合同}
cash: {opening: 80, source: 决算}
layers:
  asked:      {label: 诉求, source: 会议纪要, grade: B, note: 机密：开价, set: {transfers.share.rate: 60%}}
  mi_retreat: {label: 机密退让, source: 机密：党委会, grade: C, set: {transfers.share.rate: 42.7391%, debt.bond.drawn: {2023: 73.91}, transfers.share.bands: [{rate: 40%}, {over: 73.91, rate: 50%}]}}
scenarios:
  - {id: asked, label: 诉求方案, layers: [asked], edition: county}
  - {id: unpaid, label: 欠拨, layers: [asked], edition: county}
  - {id: mi_fallback, label: 机密退让方案, layers: [mi_retreat]}
`

// 15. The county's edition of a plan full of secrets, and that of the sample, hold none of them in any output: no text, no number, no id, not packed away
// in any part of the workbook.
func TestCountyEdition(t *testing.T) {
	dir := t.TempDir()
	plan := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(plan, []byte(secretPlan), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		plan    string
		there   []string // so that the search is known to search
		secrets []string
	}{
		{plan, []string{"诉求方案", "会议纪要", "县委文件", "超收分成"}, []string{"机密", "7391", "73.91", "mi_", `"id": "base"`, "基准", "bands.2", "drawing_"}},
		{filepath.Join("..", "..", "scenarios", "guangtong"), []string{"县方案（滚动基数）", "兑现一半"}, []string{"slump", "收入下行", "2193平方米", "基准（计划文件）", "-4pp"}},
	} {
		for _, lang := range []string{"zh", "en"} {
			out := filepath.Join(t.TempDir(), "out")
			var said, errs strings.Builder
			if code := run([]string{"run", c.plan, "-o", out, "--edition", "county", "--lang", lang}, &said, &errs); code != 0 {
				t.Fatal(errs.String())
			}
			texts := everything(t, out)
			texts["what the run says"] = said.String()
			all := ""
			for name, text := range texts {
				all += text
				if strings.HasSuffix(name, "charts.js") {
					continue
				}
				for _, secret := range c.secrets {
					if i := strings.Index(text, secret); i >= 0 {
						t.Errorf("%s: %q in %s: …%s…", lang, secret, name, text[max(0, i-80):min(len(text), i+80)])
					}
				}
			}
			for _, s := range c.there {
				if !strings.Contains(all, s) {
					t.Errorf("%q is not there either: the search finds nothing", s)
				}
			}
			for _, person := range regexp.MustCompile(`<(?:dc:creator|cp:lastModifiedBy|Company|Manager)>([^<]*)<`).FindAllStringSubmatch(all, -1) {
				if person[1] != "zhencai" && person[1] != "" {
					t.Errorf("the properties name %q", person[1])
				}
			}
			if user := os.Getenv("USER"); len(user) > 4 && strings.Contains(all, user) {
				t.Errorf("the files name the user %s", user)
			}
		}
	}
}

// everything is the text of every file of a folder, of a workbook that of every part.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f.Name(), ".xlsx") {
			texts[f.Name()] = string(data)
			continue
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			r.Close()
			texts[f.Name()+"/"+part.Name] = part.Name + part.Comment + string(text)
		}
	}
	return texts
}
