package formula

import "strings"

// DidYouMean names the closest of the candidates, or one that begins with the word, or is empty if none is close.
func DidYouMean(word string, candidates []string) Text {
	best, least := "", max(2, len([]rune(word))/3)+1
	for _, s := range candidates {
		if d := distance(word, s, least); d < least {
			best, least = s, d
		}
	}
	for _, s := range candidates {
		if best == "" && len(word) > 2 && (strings.HasPrefix(s, word) || strings.HasSuffix(s, "_"+word)) {
			best = s
		}
	}
	if best == "" {
		return Text{}
	}
	return Textf("（是不是 %q？）", " (did you mean %q?)", best)
}

// distance is the number of edits between two words, or limit if there are at least that many.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit || len(x) > 80 {
		return limit
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(y)], limit)
}
