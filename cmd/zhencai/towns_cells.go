package main

import (
	"fmt"
	"slices"
	"strings"

	"zhencai/model"
	"zhencai/scenarios"
)

// warnOfCells names the first cells of the table that are read otherwise than some would expect, and says if there are more. The template's own warnings
// have been counted.
func (r *townRun) warnOfCells(problems []model.Problem, b *batchOfTowns) {
	if r.table == nil {
		return
	}
	r.shows.Lock()
	defer r.shows.Unlock()
	for _, p := range problems {
		cell := r.table.Place(p, b.towns, len(r.also(b.first)))
		if !p.Warning || cell.Pos == p.Pos || len(r.cells) > namedWarnings || slices.Contains(r.cells, cell.Pos) {
			continue
		}
		if r.cells = append(r.cells, cell.Pos); len(r.cells) > namedWarnings {
			fmt.Fprintln(r.a.errs, r.a.t("表里还有别的格有提醒", "there are warnings about more cells of the table"))
			return
		}
		first, _, _ := strings.Cut(scenarios.Render(cell, r.a.lang, nil), "\n")
		fmt.Fprintln(r.a.errs, first)
	}
}
