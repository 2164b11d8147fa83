package model_test

import (
	"testing"

	"zhencai/model"
	"zhencai/scenarios"
)

// TestTooLarge: what is refused does not fit, and what it says would fit does.
func TestTooLarge(t *testing.T) {
	book, _ := model.Build(scenarios.Load("../scenarios/guangtong", scenarios.Options{}).Plan)
	figures := len(book.Lines) * book.Plan.Calendar.Columns()
	for _, memory := range []int{model.Computed, model.AsPage, model.AsResults, model.AsWorkbook} {
		most := model.MostMemory / (figures * memory)
		if wrong := book.TooLarge(most, memory); wrong.EN != "" {
			t.Errorf("%d bytes, %d scenarios: %s", memory, most, wrong.EN)
		}
		if wrong := book.TooLarge(most+1, memory); wrong.EN == "" || wrong.ZH == "" {
			t.Errorf("%d bytes, %d scenarios are not refused", memory, most+1)
		}
	}
}
