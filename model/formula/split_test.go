package formula

import "testing"

func TestFindSplit(t *testing.T) {
	for list, want := range map[string]string{
		"1,012.4, 1066": "1,012.4", "100,200,300": "100,200,300", "5, 10,200": "10,200", "1000,200,300": "200,300", "-1,200": "-1,200", "1,200%, 3": "1,200%", "7,1,200": "1,200", "1,200万元": "1,200", "3,300, 0)": "3,300",
		"1,2,3": "", "1, 200": "", "100, 200, 300": "", "0,200": "", "1.5,200": "", "1,2000": "", "2021,2022": "", "10,20": "", "x1,200": "", "": "",
	} {
		split, at := FindSplit(list)
		if split.Number != want || (at >= 0) != (want != "") {
			t.Errorf("%q: got %q at %d, want %q", list, split.Number, at, want)
		}
	}
}

// TestSplitInFormula: a comma that splits a number is an error of the formula, wherever the number stands; one with a blank after it separates.
func TestSplitInFormula(t *testing.T) {
	for text, want := range map[string]string{"max(counted - 3,300, 0)": "3,300", "min(1,200)": "1,200", "1,200.5 + 1": "1,200.5", "max(x, 100,200)": "100,200", "counted * 1,200%": "1,200%",
		"max(3, 300)": "", "max(0,100)": "", "max(x,100)": "", "min(x1,200)": "", "max(1.5,200)": "", "max(2022,2023)": ""} {
		_, err := Parse(text)
		if got := err != nil && text[err.Span.From:err.Span.To] == want; (err != nil) != (want != "") || err != nil && !got {
			t.Errorf("%q: %v", text, err)
		}
	}
}
