package terminal

import (
	"errors"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"

	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
)

// Towns summarises a table of towns: how every figure is spread over them, their sum, and the towns with the most and the least of one.
func Towns(run *reports.Run, table *data.TownFile, rank string, top int) (string, error) {
	header := table.Header
	by, err := data.TownColumn(header, rank)
	if err != nil {
		return "", err
	}
	columns := make([][]float64, len(header))
	var names []string
	var ranked []float64
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		names = append(names, row[0])
		ranked = append(ranked, math.NaN())
		for i := 1; i < len(row); i++ {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				continue // blank
			}
			columns[i] = append(columns[i], v)
			if i == by {
				ranked[len(ranked)-1] = v
			}
		}
	}
	plainFloat := func(v float64) string {
		if v != v {
			return "-"
		}
		return strconv.FormatFloat(math.Round(v*1e4)/1e4+0, 'f', -1, 64)
	}
	spread := reports.Table{Caption: formula.Textf("%d 个镇", "%d towns", len(names)).In(run.Lang), Head: []string{run.T("各镇", "Over the towns")}}
	for _, q := range reports.Quantiles {
		spread.Head = append(spread.Head, strconv.FormatFloat(q*100, 'g', -1, 64)+"%")
	}
	spread.Head = append(spread.Head, run.T("平均", "mean"), run.T("合计", "sum"))
	for i := 1; i < len(header); i++ {
		slices.Sort(columns[i])
		sum := 0.0
		for _, v := range columns[i] {
			sum += v
		}
		var row []reports.Cell
		for _, q := range reports.Quantiles {
			row = append(row, reports.Cell{Text: plainFloat(sortedQuantile(columns[i], q))})
		}
		row = append(row, reports.Cell{Text: plainFloat(sum / float64(len(columns[i])))}, reports.Cell{})
		if data.Summed(run, header[i]) {
			row[len(row)-1].Text = plainFloat(sum)
		}
		spread.Rows = append(spread.Rows, reports.Row{Name: header[i], Cells: row})
	}
	order := make([]int, 0, len(names))
	for i, v := range ranked {
		if v == v {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(x, y int) bool { return ranked[order[x]] > ranked[order[y]] })
	ranks := reports.Table{Texts: 1, Head: []string{run.T("名次", "rank"), run.T("镇", "town"), rank}}
	for k, i := range order {
		if k < top || k >= len(order)-top {
			ranks.Rows = append(ranks.Rows, reports.Row{Name: strconv.Itoa(k + 1), Cells: []reports.Cell{{Text: names[i]}, {Text: plainFloat(ranked[i])}}})
		}
	}
	return Text(spread) + drawn(ranks) + "\n", nil
}

// sortedQuantile interpolates as PERCENTILE.INC does.
func sortedQuantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(at)
	j := min(i+1, len(sorted)-1)
	return sorted[i] + (at-float64(i))*(sorted[j]-sorted[i])
}
