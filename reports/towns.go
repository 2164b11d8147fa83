package reports

import (
	"errors"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// townFigures are what is reported of every town, as planned.
var townFigures = []model.Headline{
	{Line: "incentive_due", How: formula.Total}, {Line: "incentive_paid", How: formula.Total}, {Line: "incentive_owed", How: formula.AtEnd}, {Line: "town_receives", How: formula.Total},
	{Line: "cash", How: formula.AtEnd}, {Line: "gap", How: formula.Total}, {Line: "arrears_total", How: formula.AtEnd}, {Line: "uploads_owed", How: formula.AtEnd}, {Line: "debt", How: formula.AtEnd},
	{Line: "debt_ratio", How: formula.AtEnd}, {Line: "basic_coverage", How: formula.Smallest}, {Line: "county_keeps", How: formula.Total},
}

// TownHeader names the columns of a table of towns; events are those of a simulation, nil without one.
func TownHeader(events []analysis.Event) (header []string) {
	header = []string{"town"}
	for _, f := range townFigures {
		header = append(header, f.Line+":"+string(f.How))
	}
	if events == nil {
		return header
	}
	for _, q := range Quantiles {
		header = append(header, "by_p"+strconv.FormatFloat(q*100, 'g', -1, 64))
	}
	for _, e := range events {
		header = append(header, "p_"+e.ID)
	}
	return header
}

// TownRow is one town: its figures as planned and, of its simulation (nil without one), the fan of the figure and the probability of each event in any year.
func TownRow(run *Run, name string, s *analysis.Simulated) (row []string) {
	row = []string{csvText(name)}
	for _, f := range townFigures {
		text := ""
		if d, there := run.Headline(0, f); there {
			text = plain(d, run.Book.Lines[run.Line(f.Line)].Unit)
		}
		row = append(row, text)
	}
	if s == nil {
		return row
	}
	for _, q := range Quantiles {
		text := "" // no path has a value
		if v := s.Figure[0].Quantile(q); v == v {
			text = strconv.FormatFloat(math.Round(v*1e6)/1e6+0, 'f', -1, 64)
		}
		row = append(row, text)
	}
	years := len(run.Years())
	for e := range s.Events {
		p, _ := s.Probability(0, e, years)
		row = append(row, strconv.FormatFloat(p, 'f', -1, 64))
	}
	return row
}

// TownColumn finds a column of numbers.
func TownColumn(header []string, name string) (int, error) {
	if i := slices.Index(header, name); i > 0 {
		return i, nil
	}
	return 0, usage(formula.Textf("没有列 %q%s；有：%v", "there is no column %q%s; there are: %v", name, formula.DidYouMean(name, header[1:]), header[1:]))
}

// Towns summarises a table of towns: how every figure is spread over them, their sum, and the towns with the most and the least of one.
func Towns(run *Run, table *TownFile, rank string, top int) (string, error) {
	header := table.Header
	by, err := TownColumn(header, rank)
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
		for _, q := range Quantiles {
			row = append(row, plainFloat(sortedQuantile(columns[i], q)))
		}
		rows = append(rows, append(row, plainFloat(sum/float64(len(columns[i])))))
		if run.summed(header[i]) {
			rows[len(rows)-1] = append(rows[len(rows)-1], plainFloat(sum))
		} else {
			rows[len(rows)-1] = append(rows[len(rows)-1], "")
		}
	}
	head := []string{run.T("各镇", "Over the towns")}
	for _, q := range Quantiles {
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

// summed: amounts have a sum over towns; ratios, probabilities and quantiles have none.
func (r *Run) summed(column string) bool {
	for _, f := range townFigures {
		if column == f.Line+":"+string(f.How) {
			return r.Book.Lines[r.Line(f.Line)].Unit == formula.Money
		}
	}
	return false
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

// usage is an error about what was asked for.
type usage formula.Text

func (u usage) Error() string { return formula.Text(u).EN }

// In gives the message in a language.
func (u usage) In(lang formula.Lang) string { return formula.Text(u).In(lang) }
