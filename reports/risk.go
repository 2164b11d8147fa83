package reports

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// Risk is what may turn out otherwise.
type Risk struct {
	Simulated *analysis.Simulated // of all results, in their order
	Planned   float64             // the simulation's figure in the first result, as planned
	Bars      []analysis.Bar      // inputs that move it, one at a time
	Shares    []analysis.Share    // what each source explains of its variance
	Swept     []Swept             // the grids the plan asks for
}

// Swept is a grid of the plan with its figures.
type Swept struct {
	*model.Sweep
	Grid *analysis.Grid
}

// RiskLines are the lines whose spread a run shows, as far as the book has them.
var RiskLines = []string{"incentive_paid", "arrears_total", "cash"}

// SharePaths is how many paths tell what explains the variance: an index to two hundredths.
const SharePaths = 4096

// Basis says what the spreads rest on, in one sentence, and tag the shortest warning of it.
func (r *Run) Basis() (basis, tag string) {
	made, least := 0, 0
	spreads := analysis.Spreads(r.Book)
	for _, s := range spreads {
		switch {
		case s.Errors == 0:
			made++
		case least == 0 || s.Errors < least:
			least = s.Errors
		}
	}
	history, u := 0, r.Book.Plan.Uncertainty
	if history = len(spreads) - made; u.Delivery != nil {
		made++
	}
	var parts, tags []string
	if history > 0 {
		low, high := analysis.SpreadFactors(least)
		parts = append(parts, formula.Textf("%d 项的波动由历年预测误差估计，最少的只有 %d 次：真实波动九成可能是所用的 %s 到 %s 倍", "%d spreads are estimated from past forecast errors, of which there are as few as %d: the true spread is, at 90%%, %s to %s times the one used",
			history, least, strconv.FormatFloat(low, 'f', 1, 64), strconv.FormatFloat(high, 'f', 1, 64)).In(r.Lang))
		tags = append(tags, formula.Textf("历史只有 %d 次预测", "history: %d forecasts", least).In(r.Lang))
	}
	if made > 0 {
		parts = append(parts, formula.Textf("%d 项的波动由计划写定、没有出处，是示例", "%d spreads are written in the plan without a source: they are illustrative", made).In(r.Lang))
		tags = append(tags, r.T("波动幅度含示例", "illustrative spreads"))
	}
	simulated := formula.Textf("模拟 %d 次，随机种子 %d。", "%d paths, seed %d. ", r.Risk.Simulated.Paths, r.Risk.Simulated.Seed).In(r.Lang)
	return simulated + strings.Join(parts, r.T("；", "; ")) + r.T("。", "."), strings.Join(tags, r.T("，", ", "))
}

// AddressName is what an address is called; the address itself where it names more than one parameter.
func (r *Run) AddressName(address string) string {
	if address == "delivery" {
		return r.T("县的财力状态（是否兑现）", "the county's state (whether it pays)")
	}
	parts := strings.Split(address, ".")
	for n := len(parts) - 1; n > 0; n-- {
		e := r.Book.Plan.Find(strings.Join(parts[:n], "."))
		if e == nil {
			continue
		}
		key := strings.Join(parts[n:], ".")
		var found []*model.Param
		if p := e.Params[key]; p != nil {
			found = append(found, p)
		}
		for k, p := range e.Params {
			if e.Params[key] == nil && strings.HasSuffix(k, "."+key) { // of a list in its short form, whose only member it names
				found = append(found, p)
			}
		}
		if len(found) == 1 {
			return r.ElementLabel(e) + " " + found[0].Field.Label.In(r.Lang)
		}
	}
	return address
}

// LawNames are what kinds of distributions are called.
var LawNames = map[model.LawKind]formula.Text{
	model.Normal: {ZH: "正态", EN: "normal"}, model.Lognormal: {ZH: "对数正态", EN: "lognormal"}, model.Triangular: {ZH: "三角", EN: "triangular"}, model.PERT: {ZH: "PERT", EN: "PERT"},
	model.Uniform: {ZH: "均匀", EN: "uniform"}, model.Discrete: {ZH: "离散", EN: "discrete"}, model.FromErrors: {ZH: "正态（历年误差）", EN: "normal (past errors)"}, model.Empirical: {ZH: "历年误差本身", EN: "past errors themselves"},
}

// Reach is what a spread does to the plan's value, from its 5 % to its 95 % end.
func (r *Run) Reach(s analysis.Spread) string {
	e := r.Book.Plan.Find(s.Places[0].Element)
	unit := formula.Number
	if p := e.Params[s.Places[0].Key]; p != nil {
		unit = p.Field.Unit
	}
	write := func(v float64) string {
		switch {
		case s.Effect == analysis.Factor:
			return "×" + strconv.FormatFloat(v, 'f', 3, 64)
		case s.Effect == analysis.Added && unit == formula.Ratio:
			return strconv.FormatFloat(v*100+0, 'f', 1, 64)
		}
		return SampledText(v, unit)
	}
	text := write(s.Low) + r.T(" 至 ", " to ") + write(s.High)
	if s.Effect == analysis.Added {
		text = r.T("计划值 加 ", "plan plus ") + text
		if unit == formula.Ratio {
			text += r.T(" 个百分点", " points")
		}
	}
	return text
}

// Rests says what a spread is made of.
func (r *Run) Rests(s analysis.Spread) string {
	if s.Errors > 0 {
		return formula.Textf("历年预测误差 %d 次", "%d past forecast errors", s.Errors).In(r.Lang)
	}
	return r.T("计划写定，无出处：示例", "written in the plan, no source: illustrative")
}

// State is the county's state in words.
func (r *Run) State(d *model.DeliveryRisk) string {
	return formula.Textf("足额 %s%%，部分 %s%%（付 %s%%），不付 %s%%；次年 %s%% 保持原状", "in full %s%%, in part %s%% (pays %s%%), nothing %s%%; stays as it is with %s%%",
		d.Full.Shift(2), d.Part.Shift(2), d.PartPays.Shift(2), d.Nothing.Shift(2), d.Stays.Shift(2)).In(r.Lang)
}

// Related says how the spreads hang together; empty if they do not.
func (r *Run) Related() string {
	u, s := r.Book.Plan.Uncertainty, r.Risk.Simulated
	switch {
	case len(s.Correlated) < 2:
		return ""
	case u.FromHistory:
		return formula.Textf("相关由 %d 年的实际增长估计，向 0 收缩 %s%%；年数少，估计很粗", "correlated as growth was in %d actual years, shrunk towards 0 by %s%%: so few years estimate it roughly", r.Book.Plan.Calendar.Zero(), u.Shrinkage.Shift(2)).In(r.Lang)
	}
	return r.T("相关系数由计划写定，无出处：示例", "correlations written in the plan, no source: illustrative")
}

// Clipped says how many draws of a shock were held at the bounds of its parameter, in the scenarios of a simulation; empty if none was.
func (r *Run) Clipped(s *analysis.Simulated, shock int) string {
	least, most := int64(math.MaxInt64), int64(0)
	for _, by := range s.Clipped {
		least, most = min(least, by[shock]), max(most, by[shock])
	}
	switch {
	case most == 0:
		return ""
	case least == most:
		return formula.Textf("有 %d 次抽到参数界限以外，按界限计", "%d draws lay outside the parameter's bounds and were held there", most).In(r.Lang)
	}
	return formula.Textf("各情景有 %d 至 %d 次抽到参数界限以外，按界限计", "%d to %d draws, by scenario, lay outside the parameter's bounds and were held there", least, most).In(r.Lang)
}

// SimulationNotes say what the figures of a simulation rest on.
func (r *Run) SimulationNotes(s *analysis.Simulated) []string {
	first := r.T("+/- 后是抽样的标准误。", "Behind +/- is the standard error of sampling. ")
	if s.Figure[0].InBins() {
		first += r.T("分位数由小格计数得出，值密处格也密，格内按均匀分布；+/- 已含计数的误差。", "Quantiles come from counts in bins, narrow where outcomes lie close and taken as even within one; +/- includes the error of counting.")
	}
	notes := []string{first}
	for i, shock := range r.Book.Plan.Uncertainty.Shocks {
		if clipped := r.Clipped(s, i); clipped != "" {
			notes = append(notes, shock.Address+r.T("：", ": ")+clipped)
		}
	}
	return notes
}

// SharesNote says what the first-order shares of all sources add up to, and what to make of the rest: empty if there is none.
func (r *Run) SharesNote(shares []analysis.Share) string {
	if len(shares) == 0 {
		return ""
	}
	sum, square, below := 0.0, 0.0, false
	for _, s := range shares {
		sum, square, below = sum+s.Index, square+s.Err*s.Err, below || s.Index < 0
	}
	err := math.Sqrt(square)
	text := r.T("合计 ", "together ") + Chance(sum) + " +/- " + Chance(err)
	switch {
	case sum > 1:
		text += r.T("，超过 100% 的部分是抽样噪声", ", what is over 100% is sampling noise")
	case 1-sum <= 2*err:
		text += r.T("，与 100% 的差在抽样噪声以内", ", no farther from 100% than sampling noise")
	default:
		text += r.T("，其余是几个因素的共同作用", ", the rest is what they do together")
	}
	if below {
		text += r.T("；低于 0 的也是抽样噪声", "; what is below 0 is sampling noise too")
	}
	return text
}

// EndsName says where the ends of a bar come from.
func (r *Run) EndsName(b analysis.Bar) string {
	switch {
	case b.Ends == analysis.EndsOfHistory:
		return r.T("历年误差 5%–95%", "past errors, 5%–95%")
	case b.Ends == analysis.EndsOfLaw:
		return r.T("分布 5%–95%（示例）", "law, 5%–95% (illustrative)")
	case b.Ends == analysis.EndsOfRange && b.Param.Grade == "D":
		return r.T("区间（示例）", "range (illustrative)")
	case b.Ends == analysis.EndsOfRange:
		return r.T("计划区间", "the plan's range")
	}
	return r.T("默认 ±10%（示例）", "default ±10% (illustrative)")
}

// SourceNames are the names of sources that are drawn together.
func (r *Run) SourceNames(sources []string) string {
	var names []string
	for _, s := range sources {
		names = append(names, r.AddressName(s))
	}
	return strings.Join(names, r.T("、", ", "))
}

// SweptOn is the scenario a grid starts from.
func (r *Run) SweptOn(s Swept) string {
	for _, known := range r.Book.Plan.Scenarios {
		if known.ID == s.Scenario {
			return r.ScenarioLabel(known)
		}
	}
	return r.T("基准计划", "the plan without layers")
}

// AxisValues are the values of an axis as people read them: steps of a third have no end.
func AxisValues(a model.Axis) (values []string) {
	for _, v := range a.Values {
		number, rate := strings.CutSuffix(v, "%")
		if d, err := decimal.NewFromString(number); err == nil {
			if v = d.Round(4).String(); rate {
				v += "%"
			}
		}
		values = append(values, v)
	}
	return values
}

// Title is what a grid is called.
func (s Swept) Title(run *Run) string {
	if label := s.Text().In(run.Lang); label != "" {
		return label
	}
	return s.ID
}

func (r *Run) QuantileName(q float64) string {
	if q == 0.5 {
		return r.T("中位数", "median")
	}
	return Quantile(q)
}

// Drawn says how often a shock is drawn.
func (r *Run) Drawn(s analysis.Spread) string {
	if s.Persistent {
		return r.T("一次，各年相同", "once for all years")
	}
	return r.T("每年", "every year")
}

// MostBars is how many inputs the chart of what matters most shows; its table has twice as many.
const MostBars = 10

// Quantiles are the edges of a fan.
var Quantiles = []float64{0.05, 0.25, 0.5, 0.75, 0.95}

// TailShare is how much of the outcomes the means of the tails are of.
const TailShare = 0.05
