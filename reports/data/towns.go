package data

import (
	"math"
	"slices"
	"strconv"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
)

// TownHeader names the columns of a table of towns; events are those of a simulation, nil without one.
func TownHeader(events []analysis.Event) (header []string) {
	header = []string{"town"}
	for _, f := range model.TownHeadlines {
		header = append(header, f.Line+":"+string(f.How))
	}
	if events == nil {
		return header
	}
	for _, q := range reports.Quantiles {
		header = append(header, "by_p"+strconv.FormatFloat(q*100, 'g', -1, 64))
	}
	for _, e := range events {
		header = append(header, "p_"+e.ID)
	}
	return header
}

// TownRow is one town: its figures as planned and, of its simulation (nil without one), the fan of the figure and the probability of each event in any year.
func TownRow(run *reports.Run, name string, s *analysis.Simulated) (row []string) {
	row = []string{name}
	for _, f := range model.TownHeadlines {
		text := ""
		if d, there := run.Headline(0, f); there {
			text = reports.Plain(d, run.Book.Declared(f.Line).Unit)
		}
		row = append(row, text)
	}
	if s == nil {
		return row
	}
	for _, q := range reports.Quantiles {
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

// Summed: amounts have a sum over towns; ratios, probabilities and quantiles have none.
func Summed(r *reports.Run, column string) bool {
	for _, f := range model.TownHeadlines {
		if column == f.Line+":"+string(f.How) {
			return r.Book.Declared(f.Line).Unit == formula.Money
		}
	}
	return false
}

// usage is an error about what was asked for.
type usage formula.Text

func (u usage) Error() string { return formula.Text(u).EN }

// In gives the message in a language.
func (u usage) In(lang formula.Lang) string { return formula.Text(u).In(lang) }
