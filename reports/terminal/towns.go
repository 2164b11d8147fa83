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
	var rows [][]string
	for i := 1; i < len(header); i++ {
		slices.Sort(columns[i])
		sum := 0.0
		for _, v := range columns[i] {
			sum += v
		}
		row := []string{header[i]}
		for _, q := range reports.Quantiles {
			row = append(row, plainFloat(sortedQuantile(columns[i], q)))
		}
		rows = append(rows, append(row, plainFloat(sum/float64(len(columns[i])))))
		if data.Summed(run, header[i]) {
			rows[len(rows)-1] = append(rows[len(rows)-1], plainFloat(sum))
		} else {
			rows[len(rows)-1] = append(rows[len(rows)-1], "")
		}
	}
	head := []string{run.T("各镇", "Over the towns")}
	for _, q := range reports.Quantiles {
		head = append(head, strconv.FormatFloat(q*100, 'g', -1, 64)+"%")
	}
	out := formula.Textf("%d 个镇\n", "%d towns\n", len(names)).In(run.Lang) + layOut(1, append(head, run.T("平均", "mean"), run.T("合计", "sum")), rows) + "\n"
	order := make([]int, 0, len(names))
	for i, v := range ranked {
		if v == v {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(x, y int) bool { return ranked[order[x]] > ranked[order[y]] })
	rows = nil
	for k, i := range order {
		if k < top || k >= len(order)-top {
			rows = append(rows, []string{strconv.Itoa(k + 1), names[i], plainFloat(ranked[i])})
		}
	}
	return out + layOut(2, []string{run.T("名次", "rank"), run.T("镇", "town"), rank}, rows) + "\n", nil
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
