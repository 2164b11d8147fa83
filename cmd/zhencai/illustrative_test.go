package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestOneCountOfIllustrativeInputs: check, run, the page, the workbook and results.json count the same illustrative inputs. A run of one
// scenario has only those that it uses, in all its outputs.
func TestOneCountOfIllustrativeInputs(t *testing.T) {
	for _, args := range [][]string{nil, {"--scenario", "half"}} {
		dir := t.TempDir()
		var out, errs bytes.Buffer
		if code := run(append([]string{"run", "../../scenarios/guangtong", "-o", dir}, args...), &out, &errs); code != 0 {
			t.Fatal(errs.String())
		}
		var results struct{ Illustrative []string }
		data, err := os.ReadFile(filepath.Join(dir, "results.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &results); err != nil {
			t.Fatal(err)
		}
		want := strconv.Itoa(len(results.Illustrative))
		var checked bytes.Buffer
		run([]string{"check", "../../scenarios/guangtong"}, &out, &checked)
		if args == nil && !strings.Contains(checked.String(), "："+want+" 项输入是示例数") {
			t.Errorf("%s in results.json; check: %s", want, checked.String())
		}
		if !strings.Contains(out.String(), "含示例数据："+want+" 项") {
			t.Errorf("%s in results.json; run: %s", want, out.String())
		}
		page, err := os.ReadFile(filepath.Join(dir, "guangtong.html"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), "含示例数据："+want+" 项") {
			t.Errorf("%s in results.json, another number on the page", want)
		}
		found := 0
		for _, said := range regexp.MustCompile(`含示例数据：(\d+) 项|D 示例 (\d+)`).FindAllStringSubmatch(textOf(t, filepath.Join(dir, "guangtong.xlsx")), -1) {
			if found++; said[1]+said[2] != want {
				t.Errorf("%s in results.json; the workbook: %s", want, said[0])
			}
		}
		if found < 2 {
			t.Errorf("the workbook tells the number %d times", found)
		}
	}
}

// textOf is all text of a workbook.
func textOf(t *testing.T, path string) (text string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			text += strings.Join(row, "\n") + "\n"
		}
	}
	return text
}
