package model_test

import (
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/model"
)

// TestWatchedKeepsTheBook: with its events a book says of every line what it says without them; the events are flags that stand in no result, and agree with the figures they name.
func TestWatchedKeepsTheBook(t *testing.T) {
	book := testplan.Open(t, filepath.Join("testdata", "everything.yaml"))
	book.Plan.Uncertainty = &model.Uncertainty{OwedOver: decimal.NewFromInt(50)}
	watched, cal := book.Watched(), book.Plan.Calendar
	happened := 0
	for s := range book.Plan.Scenarios {
		plain, with := testplan.Compute(t, book, s), testplan.Compute(t, watched, s)
		for i, l := range watched.Lines {
			for col := range cal.Columns() {
				d, blank, there := with.At(i, col)
				if i < len(book.Lines) {
					if was, wasBlank, wasThere := plain.At(i, col); !d.Equal(was) || blank != wasBlank || there != wasThere || l != book.Lines[i] {
						t.Fatalf("%s %d is %s, without events %s", l.Address(), cal.First+col, d, was)
					}
				} else if l.Event && d.IsPositive() {
					happened++
				}
			}
		}
		value := func(line string, col int) decimal.Decimal {
			d, _, _ := with.At(watched.Program.Index(line), col)
			return d
		}
		for col := cal.Zero() + 1; col < cal.Columns(); col++ {
			for event, happens := range map[string]bool{
				"cash_out":          value("gap", col).IsPositive(),
				"basic_not_covered": value("basic_paid", col).LessThan(value("basic_need", col)),
				"debt_red":          value("debt_level", col).Equal(decimal.NewFromInt(3)),
				"owed_over":         value("incentive_owed", col).GreaterThan(decimal.NewFromInt(50)),
			} {
				if book.Program.Index(event) >= 0 || value(event, col).IsPositive() != happens {
					t.Errorf("%s in %d: %s, want %v", event, cal.First+col, value(event, col), happens)
				}
			}
		}
	}
	if happened == 0 {
		t.Error("nothing happens in this plan")
	}
}
