package page

import (
	"encoding/json"
	"fmt"
	"testing"

	"zhencai/internal/thresholds"
	"zhencai/model/formula"
)

// Comparisons that sit on their threshold, a step below and a step above, in every reader. What is right is computed in fractions, apart from all
// of them: both sides rounded half away from zero, amounts to the fen and the rest to 12 decimals.

// TestThresholdsExactAndBatch: the exact reader and the one of the simulations.
func TestThresholdsExactAndBatch(t *testing.T) {
	b := thresholds.New(t)
	b.Check(t, "exact", func(shape, cell int) string {
		d, _, _ := b.Values.At(b.Cells[shape][cell].Line, b.Cells[shape][cell].Col)
		return d.String()
	})
	results := make([][]string, len(b.Cells))
	for shape, cells := range b.Cells {
		var varying, wanted []formula.Cell
		for i, c := range cells {
			if i%len(thresholds.ThresholdWays) == 0 { // every input of the case and of the year before
				for col := c.Col - 1; col <= c.Col; col++ {
					for line := range thresholds.ThresholdInputs {
						varying = append(varying, formula.Cell{Line: line, Col: col})
					}
				}
			}
			wanted = append(wanted, formula.Cell{Line: c.Line, Col: c.Col})
		}
		batch := b.Program.Batch(b.Values, varying, wanted)
		x := batch.Block()
		for i, c := range varying {
			d, _, _ := b.Values.At(c.Line, c.Col)
			x.In(i)[0] = d.InexactFloat64()
		}
		x.Run(1)
		for i := range wanted {
			results[shape] = append(results[shape], fmt.Sprint(x.Out(i)[0]/batch.Divisor(i)))
		}
	}
	b.Check(t, "batch", func(shape, cell int) string { return results[shape][cell] })
}

// TestThresholdsInThePage: engine.js.
func TestThresholdsInThePage(t *testing.T) {
	b := thresholds.New(t)
	engine, err := pageScript.ReadFile("engine.js")
	if err != nil {
		t.Fatal(err)
	}
	data := &pageBook{First: b.Program.Calendar.First, Zero: b.Program.Calendar.Zero(), Columns: b.Program.Calendar.Columns()}
	for i, l := range b.Program.Lines {
		out := pageLine{Name: l.Name, Unit: l.Unit, First: l.First(), Last: l.Last(b.Program.Calendar)}
		out.Formula, out.Opening = b.Program.Tree(i)
		if l.Input != formula.NotInput {
			var list []string
			for col := out.First; col <= out.Last; col++ {
				list = append(list, b.Values.Input(i).At(col).String())
			}
			out.Inputs = []any{list}
		}
		data.Lines = append(data.Lines, out)
	}
	book, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := json.Marshal(b.Cells)
	if err != nil {
		t.Fatal(err)
	}
	tab := startBrowser(t).open(t, []byte(`<!DOCTYPE html><script>"use strict"; const book = `+string(book)+`, cells = `+string(cells)+`;`+string(engine)+`</script>`), 1280, 720)
	raw := tab.text(`(() => { const run = openBook(book, {}).run(0, null); return JSON.stringify(cells.map((shape) => shape.map((c) => {
		try { return String(run.value(c.Line, c.Col).n); } catch (e) { return "stopped"; } }))); })()`)
	var results [][]string
	if err := json.Unmarshal([]byte(raw), &results); err != nil {
		t.Fatal(err)
	}
	b.Check(t, "page", func(shape, cell int) string { return results[shape][cell] })
	for _, bad := range tab.complaints() {
		t.Error(bad)
	}
}
