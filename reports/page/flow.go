package page

import (
	"cmp"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/reports"
)

// stream is money that flows over the plan years from one place to another, with the lines it is the sum of.
type stream struct {
	name     string
	of       model.Text // its name in the rule book; empty: an element's
	below    string     // what it is called where its sum is below 0; empty: its name, and that it is negative
	in       bool       // into the pot; otherwise out of it
	pot      int        // 0 the town's own cash, 1 what is earmarked
	sum      decimal.Decimal
	negative bool // the sum was below 0: what should come in goes out, or the other way round
	lines    []string
	stands   bool // an opening or closing amount: no line of flows
}

// overdraft is money that was spent and is not there: it balances the chart, but is no source.
func (s stream) overdraft() bool { return s.negative && s.in && s.stands }

// mostStreams is how many sources or uses of a pot the chart tells apart; the smallest are shown together.
const mostStreams = 9

// flowFigure shows where the money of all plan years together comes from and where it goes; what is earmarked runs apart.
func (b *briefing) flowFigure() *figure {
	if len(b.Book.Flows) == 0 {
		return nil
	}
	f := &figure{ID: "flow", Switched: true, Title: b.T(b.span()+"的钱从哪里来，用到哪里去（万元）", "Where the money of "+b.span()+" comes from and goes (10k yuan)")}
	any := false
	for r := range b.Results {
		streams := b.streams(r)
		any = any || len(streams) > 0
		var in, out, earmarked, overdrawn decimal.Decimal
		for _, s := range streams {
			switch {
			case s.overdraft():
				overdrawn = overdrawn.Add(s.sum)
			case s.pot == 1 && s.in:
				earmarked = earmarked.Add(s.sum)
			case s.pot == 0 && s.in:
				in = in.Add(s.sum)
			case s.pot == 0 && (!s.stands || s.negative):
				out = out.Add(s.sum)
			}
		}
		words := b.T("镇里"+b.span()+"可用 "+reports.Amount(in)+" 万元（含年初资金），用去 "+reports.Amount(out)+" 万元", "The town has "+reports.Amount(in)+" over "+b.span()+" (with opening cash) and spends "+reports.Amount(out))
		if overdrawn.Sign() > 0 {
			words += b.T("，年末透支 "+reports.Amount(overdrawn)+" 万元（没有来源的钱）", ", "+reports.Amount(overdrawn)+" of it without having it: cash is overdrawn")
		}
		if earmarked.Sign() > 0 {
			words += b.T("；另有专款 "+reports.Amount(earmarked)+" 万元，只能付项目", "; another "+reports.Amount(earmarked)+" is earmarked and pays projects only")
		}
		if d, ok := b.at(r, "arrears_total", b.last); ok && d.Sign() > 0 {
			words += b.T("；"+b.year(b.last)+"年末还有 "+reports.Amount(d)+" 万元应付未付", "; "+reports.Amount(d)+" is due and unpaid at the end of "+b.year(b.last))
		}
		words += b.T("。", " (10k yuan).")
		f.Views = append(f.Views, figureView{ScenarioName: b.name(r), Words: words, option: b.flowOption(r, words, streams)})
		f.Tables = append(f.Tables, b.flowTable(r, streams))
	}
	if !any {
		return nil // no money at all
	}
	return f
}

// streams are the sources and uses of both pots, whole: of each pot what comes in is what goes out.
func (b *briefing) streams(result int) []stream {
	return append(b.streamsOf(result, 0,
		stream{name: b.T("年初资金", "Opening cash"), below: b.T("补上年初透支", "Overdraft at the start, made good"), in: true, stands: true},
		stream{name: b.T("年末资金", "Closing cash"), below: b.T("年末透支（没有来源）", "Overdrawn at the end (no source)"), stands: true}),
		b.streamsOf(result, 1, stream{name: b.T("年初专款结余", "Earmarked at the start"), in: true, stands: true}, stream{name: b.T("年末专款结余", "Earmarked at the end"), stands: true})...)
}

// streamsOf are those of one pot, by what the rule book marks as its money, between what it held and what it holds.
func (b *briefing) streamsOf(result, pot int, held, holds stream) (all []stream) {
	var in, out []stream
	for _, f := range b.Book.Flows {
		switch {
		case f.Earmarked != (pot == 1):
		case f.Kind == model.FlowHeld:
			before, _ := b.at(result, f.Line, b.first-1)
			after, _ := b.at(result, f.Line, b.last)
			held.sum, holds.sum = held.sum.Add(before), holds.sum.Add(after)
		case f.Kind == model.FlowIn:
			in = b.withFlow(result, in, f)
		default:
			out = b.withFlow(result, out, f)
		}
	}
	for _, s := range slices.Concat([]stream{held}, in, out, []stream{holds}) {
		if s.sum.IsZero() {
			continue
		}
		if s.pot = pot; s.sum.Sign() < 0 {
			s.sum, s.in, s.negative = s.sum.Neg(), !s.in, true
			s.name = cmp.Or(s.below, s.name+b.T("（负数）", " (negative)"))
		}
		all = append(all, s)
	}
	return all
}

// withFlow adds a line's money of all years to the stream of its name; without a name it is a stream by itself, called like the line's element.
func (b *briefing) withFlow(result int, streams []stream, f model.Flow) []stream {
	name, at := f.Name.In(b.Lang), -1
	if name == "" {
		name = b.ElementLabel(b.Book.Lines[b.Line(f.Line)].Element)
	} else {
		at = slices.IndexFunc(streams, func(s stream) bool { return s.of == f.Name })
	}
	if at < 0 {
		at, streams = len(streams), append(streams, stream{name: name, of: f.Name, in: f.Kind == model.FlowIn})
	}
	s := &streams[at]
	s.lines, s.sum = append(s.lines, f.Line), s.sum.Add(b.Total(result, b.Line(f.Line)))
	return streams
}

// flowOption draws streams as a Sankey diagram: sources, the two pots, uses.
func (b *briefing) flowOption(result int, words string, streams []stream) map[string]any {
	pots := []string{b.T("镇级可用资金", "The town's money"), b.T("项目专款", "Earmarked money")}
	for _, in := range []bool{true, false} {
		streams = b.together(streams, in)
	}
	if slices.ContainsFunc(streams, stream.overdraft) { // what goes through the pot is more than was available
		pots[0] = b.T("镇级支出（含透支）", "All that was spent, overdraft included")
	}
	names := slices.Clone(pots)
	for _, s := range streams {
		names = append(names, s.name)
	}
	names = unique(names)
	var nodes []node
	var links []link
	used := []bool{false, false}
	depth := func(n int) *int { return &n }
	for i, s := range streams {
		used[s.pot] = true
		name := names[len(pots)+i]
		n := node{SankeyNode: opts.SankeyNode{Name: name, Depth: depth(2), ItemStyle: &opts.ItemStyle{Color: chartDrain}}}
		l := link{SankeyLink: opts.SankeyLink{Source: names[s.pot], Target: name}, Value: point(s.sum, true, reports.MoneyPlaces)}
		if s.in {
			n.Depth, n.ItemStyle.Color = depth(0), chartSpring
			n.Label = &label{Width: 400} // names of sources have half the chart to stand in
			l.Source, l.Target = l.Target, l.Source
		}
		if s.overdraft() {
			n.ItemStyle.Color = owedColour
		}
		if len(s.lines) == 1 { // what is one line's total has its reasons
			n.Why = b.totalCell(result, s.lines[0]).Why
		}
		nodes, links = append(nodes, n), append(links, l)
	}
	for i, pot := range pots {
		if used[i] {
			nodes = append(nodes, node{SankeyNode: opts.SankeyNode{Name: pot, Depth: depth(1), ItemStyle: &opts.ItemStyle{Color: chartGrey}}})
		}
	}
	c := charts.NewSankey()
	c.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: words}}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", ValueFormatter: "@wan"}),
	)
	c.AddSeries("", nil, nil, charts.WithLineStyleOpts(opts.LineStyle{Color: "source", Opacity: opts.Float(0.35), Curveness: 0.5}), charts.WithEmphasisOpts(opts.Emphasis{Focus: "adjacency"}),
		charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.Data, s.Links = nodes, links
			s.Left, s.Right, s.Top, s.Bottom, s.NodeWidth, s.NodeGap, s.Draggable = "8", "240", "20", "20", opts.Int(22), opts.Int(14), opts.Bool(false)
		}))
	return option(c, &extras{series: []series{{LayoutIterations: opts.Int(0), Label: &label{Width: 225, Overflow: "truncate",
		Label: opts.Label{Show: opts.Bool(true), Color: chartInk, FontSize: chartText, Formatter: "@nameAndWhole"}}}}})
}

// together adds up the smallest sources (or uses) of the town's cash where there are more than the chart can tell apart.
func (b *briefing) together(streams []stream, in bool) []stream {
	var flows []stream
	for _, s := range streams {
		if s.in == in && s.pot == 0 && !s.stands {
			flows = append(flows, s)
		}
	}
	if len(flows) <= mostStreams {
		return streams
	}
	slices.SortStableFunc(flows, func(x, y stream) int { return cmp.Compare(y.sum.Cmp(x.sum), 0) })
	least := flows[mostStreams-2].sum // the last that stands alone
	rest := stream{name: b.T("其他", "Other"), in: in}
	kept, alone := []stream{}, 0
	at := 0
	for _, s := range streams {
		switch {
		case s.in != in || s.pot != 0 || s.stands:
			kept = append(kept, s)
		case s.sum.GreaterThanOrEqual(least) && alone < mostStreams-1:
			alone++
			kept = append(kept, s)
			at = len(kept)
		default:
			rest.sum = rest.sum.Add(s.sum)
		}
	}
	return slices.Insert(kept, at, rest)
}

// flowTable lists every line in the flows by year, and its total.
func (b *briefing) flowTable(result int, streams []stream) reports.Table {
	cols := b.columns("")
	t := reports.Table{Caption: b.labels[result] + b.T("：资金来源与去向（万元）", ": sources and uses of money (10k yuan)"), Result: result, Head: append(b.head(b.T("项目", "Item"), cols), b.T("合计", "Total"))}
	row := func(name, line string, total bool) {
		t.Rows = append(t.Rows, reports.Row{Name: name, Total: total, Cells: append(b.cells(result, line, cols), b.totalCell(result, line))})
	}
	for _, s := range streams {
		for _, line := range s.lines {
			name := s.name
			if len(s.lines) > 1 || s.pot == 1 {
				name = b.FullLabel(b.Line(line))
			}
			if d := b.Total(result, b.Line(line)); !d.IsZero() {
				row(name, line, false)
			}
		}
	}
	cash := b.cells(result, "cash", cols)
	t.Rows = append(t.Rows, reports.Row{Name: b.T("年末资金", "Closing cash"), Total: true, Cells: append(cash, b.endCell(result, "cash"))})
	return t
}

// contractorsFigure shows to whom the town owes for works: each project, at the start and at the end.
func (b *briefing) contractorsFigure() *figure {
	var rows []namedLine
	cols := b.columns("contractors_owed")
	for _, e := range b.Book.Plan.In("projects") {
		if line := e.Address() + ".arrears"; b.has(line) && b.anywhere(line, cols) {
			rows = append(rows, namedLine{name: b.ElementLabel(e), line: line})
		}
	}
	if len(rows) == 0 || !b.has("contractors_owed") {
		return nil
	}
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.name
	}
	names = unique(names)
	f := &figure{ID: "contractors", Switched: true, Rows: len(rows), Title: b.T("拖欠工程款：各项目（万元）", "Owed to contractors, by project (10k yuan)")}
	start, end := b.T(b.year(b.first-1)+"年末", "end of "+b.year(b.first-1)), b.T(b.year(b.last)+"年末", "end of "+b.year(b.last))
	for r := range b.Results {
		d, _ := b.at(r, "contractors_owed", b.last)
		words := b.T(end+"各项目共拖欠工程款 "+reports.Amount(d)+" 万元", "Owed to contractors at the "+end+": "+reports.Amount(d))
		most, who := decimal.Decimal{}, -1
		for i, row := range rows {
			if v, ok := b.at(r, row.line, b.last); ok && v.GreaterThan(most) {
				most, who = v, i
			}
		}
		if who >= 0 {
			words += b.T("，最多的是"+names[who]+"："+reports.Amount(most)+" 万元", ", most of it for "+names[who]+": "+reports.Amount(most))
		}
		words += b.T("。浅色为"+start+"，深色为"+end+"。", " (10k yuan). Pale: "+start+"; dark: "+end+".")
		c := charts.NewBar()
		c.SetGlobalOptions(b.frame(words, "@wan", cols, []string{start, end}, "70")...)
		c.SetGlobalOptions(numbersAcross("@wan"), namesDown(names, 240))
		for i, col := range []int{b.first - 1, b.last} {
			data := make([]item, len(rows))
			for k, row := range rows {
				v, ok := b.at(r, row.line, col)
				data[k].Value, data[k].Why = point(v, ok, reports.MoneyPlaces), b.yearCell(r, row.line, col).Why
			}
			c.AddSeries([]string{start, end}[i], nil, items(data), charts.WithBarChartOpts(opts.BarChart{BarGap: "8%", BarCategoryGap: "30%"}),
				charts.WithItemStyleOpts(opts.ItemStyle{Color: []string{paleColours[0], stackColours[0]}[i], BorderColor: stackColours[0], BorderWidth: 1}),
				charts.WithLabelOpts(opts.Label{Show: opts.Bool(i == 1), Position: "right", Color: chartInk, FontSize: labelText, FontWeight: "bold", Formatter: "@whole"}))
		}
		f.Views = append(f.Views, figureView{ScenarioName: b.name(r), Words: words, option: option(c, nil)})
		all := append(slices.Clone(rows), namedLine{name: b.T("合计", "All projects"), line: "contractors_owed", total: true})
		for i, name := range names {
			all[i].name = name
		}
		f.Tables = append(f.Tables, b.byLine(b.labels[r]+b.T("：拖欠工程款（万元）", ": owed to contractors (10k yuan)"), r, all, cols))
	}
	return f
}
