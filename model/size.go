package model

import "zhencai/model/formula"

// What a plan takes of memory at its most, in bytes as measured: what does not fit is refused before anything is allocated for it.
const (
	MostMemory = 2 << 30

	inputMemory, inputYear = 300, 35 // a parameter in a scenario, read, and the lines that follow from it: in all, and for every year

	// A figure (a line of a scenario in a year) that is computed, and one that is written in a form as well.
	Computed   = 100
	AsPage     = 200
	AsResults  = 400
	AsWorkbook = 560
)

// LongestText is how many characters anything may have that somebody writes for us to read: a note, a cell, a text of an earlier version.
const LongestText = 3000

// MostInputs is how many parameters times scenarios fit into memory.
func (p *Plan) MostInputs() int {
	return MostMemory / (inputMemory + inputYear*p.Calendar.Columns())
}

// TooLarge says that so many figures, of so many bytes each, do not fit into memory, and how many scenarios would; empty if they fit.
func (b *Book) TooLarge(scenarios, figure int) (wrong Text) {
	lines, columns := len(b.Lines), b.Plan.Calendar.Columns()
	each := int64(lines) * int64(columns) * int64(figure)
	if int64(scenarios)*each <= MostMemory {
		return wrong
	}
	return formula.Textf("%d 行 × %d 年 × %d 个情景约要 %.1f GB 内存，最多用 %d GB：一次最多 %d 个情景", "%d lines × %d years × %d scenarios take some %.1f GB of memory, of which at most %d GB are used: at most %d scenarios at a time",
		lines, columns, scenarios, float64(int64(scenarios)*each)/(1<<30), MostMemory>>30, MostMemory/each)
}
