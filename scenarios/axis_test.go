package scenarios

import (
	"strings"
	"testing"
)

// TestReadAxis: the steps of an axis are written as its ends are, changes keep their sign, and a comma is never taken for a number.
func TestReadAxis(t *testing.T) {
	for text, want := range map[string]string{
		"a.b=1|2.5|-3":        "1|2.5|-3",
		"a.b=30%..60%/4":      "30%|40%|50%|60%",
		"a.b=-5%..5%/3":       "-5%|0%|5%",
		"a.b=-5pp..+5pp/3":    "-5pp|+0pp|+5pp",
		"a.b=-5pp..5pp/3":     "-5pp|+0pp|+5pp",
		"a.b=-10%..+10%/3":    "-10%|+0%|+10%",
		"a.b=×0.9..×1.1/3":    "×0.9|×1|×1.1",
		"a.b=300..301/4":      "300|300.333333|300.666667|301",
		"a.b=300,400,500":     "a comma splits the number",
		"a.b=300, 400":        "not a comma: 300|400",
		"a.b=1..2/1000000000": "cannot read the axis",
		"a.b":                 "cannot read the axis",
	} {
		axis, wrong := ReadAxis(text)
		if got := strings.Join(axis.Values, "|"); wrong.EN == "" && got != want || wrong.EN != "" && !strings.Contains(wrong.EN, want) {
			t.Errorf("%s: %s %s, want %s", text, got, wrong.EN, want)
		}
	}
}
