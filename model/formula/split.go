package formula

import (
	"regexp"
	"strings"
)

// Split is a number that its thousands commas split, where commas stand between numbers: 1,200 is one number to a reader and two in a list or a formula.
type Split struct{ Number string }

var splitShape = regexp.MustCompile(`(?:^|,) *([+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?)(?:[^\d.]|$)`)

// FindSplit finds the first such number, and where it stands; at is -1 if there is none. A comma with a blank after it separates and is fine.
func FindSplit(list string) (s Split, at int) {
	m := splitShape.FindStringSubmatchIndex(list)
	if m == nil {
		return s, -1
	}
	return Split{list[m[2]:m[3]]}, m[2]
}

func (s Split) apart() []string { return strings.Split(s.Number, ",") }

// Text says what is wrong: both readings.
func (s Split) Text() Text {
	return Textf("逗号把数拆开了：%s 可以读作一个数 %s，也可以读作 %d 个数", "a comma splits the number: %s can be read as one number %s, or as %d numbers", s.Number, strings.Join(s.apart(), ""), len(s.apart()))
}

// Hint says how to write each.
func (s Split) Hint() Text {
	return Textf("一个数写 %s（不写逗号）；%d 个数在逗号后空一格：%s", "for one number write %s, without commas; for %d put a blank after the comma: %s", strings.Join(s.apart(), ""), len(s.apart()), strings.Join(s.apart(), ", "))
}
