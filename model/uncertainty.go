package model

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model/formula"
)

// Uncertainty is what a plan says may turn out otherwise, for simulation.
type Uncertainty struct {
	Seed, Paths int64
	OwedOver    decimal.Decimal // the event “owed more than this”; 0: not asked
	Shocks      []*Shock
	FromHistory bool            // correlate revenue items as their past growth was
	Shrinkage   decimal.Decimal // of that correlation towards none
	Pairs       []Pair
	Delivery    *DeliveryRisk
	Pos         Pos
}

// Shock is a parameter that may turn out otherwise than planned, and how.
type Shock struct {
	Address    string
	Pos        Pos
	Places     []Place // what the address names; empty if it names no parameter
	Persistent bool    // one draw for all years, instead of one for each
	Law        Law
}

// Place is a parameter of an element; its Key may hold * for all members of a list. Year is 0 for all years.
type Place struct {
	Element, Key string
	Year         int
}

// Law is a distribution. Normal, history and empirical laws are deviations added to the plan's value, a lognormal law is a factor of median 1,
// the others are values that replace it.
type Law struct {
	Kind                      LawKind
	Low, Mode, High, Mean, SD decimal.Decimal
	Values, Weights           []decimal.Decimal
	Pos                       Pos
}

// LawKind is the kind of a distribution.
type LawKind string

// The kinds. History is normal with the spread of the item's own forecast errors, Empirical draws those errors themselves.
const (
	Normal     LawKind = "normal"
	Lognormal  LawKind = "lognormal"
	Triangular LawKind = "triangular"
	PERT       LawKind = "pert"
	Uniform    LawKind = "uniform"
	Discrete   LawKind = "discrete"
	FromErrors LawKind = "history"
	Empirical  LawKind = "empirical"
)

// LawKinds lists them, in the order of the documentation.
var LawKinds = []LawKind{Normal, Lognormal, Triangular, PERT, Uniform, Discrete, FromErrors, Empirical}

// Pair is a correlation given between two shocks.
type Pair struct {
	A, B string // addresses of shocks
	Is   decimal.Decimal
	Pos  Pos
}

// DeliveryRisk is a state of the county's finances that lasts: it pays in full, in part, or nothing, and tends to stay as it is.
type DeliveryRisk struct {
	Of                  []string        // ids of transfers
	Full, Part, Nothing decimal.Decimal // how often each state, over all years
	PartPays            decimal.Decimal // what part means: a factor on the delivery rate
	Stays               decimal.Decimal // the chance that next year's state is this year's; else it is drawn anew
	Pos                 Pos
}

// Draws: is there anything to draw?
func (u *Uncertainty) Draws() bool { return u != nil && (len(u.Shocks) > 0 || u.Delivery != nil) }

// Cells are the varying cells a place names in the book, in reading order: every plan year of an input by year, or one cell for all.
func (b *Book) Cells(p Place) (cells []formula.Cell) {
	e := b.Plan.Find(p.Element)
	if e == nil {
		return nil
	}
	cal := b.Plan.Calendar
	for i, l := range b.Lines {
		switch {
		case l.Param == nil || l.Element != e || !sameKey(p.Key, l.Param.Key) || l.Unit == formula.Choice:
		case l.Input == formula.Scalar:
			cells = append(cells, formula.Cell{Line: i, Col: formula.AllYears})
		default:
			for col := b.Program.Lines[i].First(); col <= b.Program.Lines[i].Last(cal); col++ {
				if p.Year == 0 || p.Year == cal.First+col {
					cells = append(cells, formula.Cell{Line: i, Col: col})
				}
			}
		}
	}
	return cells
}

// sameKey compares the key of a place with that of a parameter, part by part; * stands for any.
func sameKey(place, key string) bool {
	a, b := strings.Split(place, "."), strings.Split(key, ".")
	return slices.EqualFunc(a, b, func(x, y string) bool { return x == y || x == "*" })
}

// checkUncertainty reports shocks that name no number of the plan.
func (b *Book) checkUncertainty() (problems []Problem) {
	u := b.Plan.Uncertainty
	if u == nil {
		return nil
	}
	w := &builder{plan: b.Plan}
	moved := map[formula.Cell]string{}
	years := map[string]bool{}
	for _, s := range u.Shocks {
		var cells []formula.Cell
		for _, p := range s.Places {
			cells = append(cells, b.Cells(p)...)
		}
		switch {
		case len(s.Places) == 0 && b.Program.Index(s.Address) >= 0:
			w.fail("shock_on_line", s.Pos, formula.Textf("%s 是算出来的行，不能随机变动", "%s is a line that is computed; it cannot be shocked", s.Address),
				Text{ZH: "变动它所用的参数：zhencai explain 会说明是哪些", EN: "shock the parameters it is made of: zhencai explain names them"})
		case len(cells) == 0:
			var known []string
			for _, e := range b.Plan.Elements {
				for _, key := range slices.Sorted(maps.Keys(e.Params)) {
					known = append(known, e.Address()+"."+key)
				}
			}
			w.fail("unknown_shock", s.Pos, formula.Textf("%s 不是计划里的数%s", "%s is no number of the plan%s", s.Address, formula.DidYouMean(s.Address, known)),
				Text{ZH: "地址写法同 layers，如 revenue.vat.growth、transfers.share.delivered", EN: "write addresses as in layers, such as revenue.vat.growth or transfers.share.delivered"})
		}
		for _, c := range cells {
			years[s.Address] = years[s.Address] || c.Col > b.Plan.Calendar.Zero() && !s.Persistent
			if first := moved[c]; first != "" {
				w.fail("shock_twice", s.Pos, formula.Textf("%s 和 %s 都变动 %s", "%s and %s both shock %s", first, s.Address, b.Lines[c.Line].Name), Text{ZH: "只留一个", EN: "keep one of them"})
				break
			}
			moved[c] = s.Address
		}
		for _, p := range s.Places {
			if method := b.Plan.Find(p.Element).Params[p.Key+"_method"]; s.Law.Replaces() && method.Any(func(in formula.Input) bool { return in.Option != "given" }) {
				w.fail("shock_on_derived", s.Law.Pos, formula.Textf("%s.%s 由历年推算，不能整个换成抽到的值", "%s.%s is derived from history and cannot be replaced by a drawn value", p.Element, p.Key),
					Text{ZH: "用加减的分布：normal: {sd: 3pp} 或 history", EN: "use a distribution of deviations: normal: {sd: 3pp}, or history"})
				break
			}
		}
		w.drawnFromHistory(b, s, len(cells) > 0)
		w.drawnOverLayers(b, s, cells)
	}
	for _, p := range u.Pairs {
		if years[p.A] != years[p.B] {
			w.fail("correlation_mixed", p.Pos, formula.Textf("%s 和 %s 不能相关：一个每年一抽，一个各年相同", "%s and %s cannot be correlated: one is drawn by year, the other once for all years", p.A, p.B),
				Text{ZH: "给每年一抽的一项写 persistent: yes", EN: "give the one drawn by year persistent: yes"})
		}
	}
	return w.problems
}

// drawnFromHistory reports a law of past forecast errors where there are none.
func (w *builder) drawnFromHistory(b *Book, s *Shock, named bool) {
	if history := s.Law.Kind == FromErrors || s.Law.Kind == Empirical; history && named {
		for _, p := range s.Places {
			if e := b.Plan.Find(p.Element); e.Params["history"] == nil || p.Key != "growth" || len(b.ForecastErrors(e)) < 2 {
				w.fail("shock_without_history", s.Law.Pos, formula.Textf("%s 没有可用的历年预测误差", "there are no past forecast errors for %s", s.Address),
					Text{ZH: "history、empirical 只用于历史至少五年的收入增长率；其他参数写 normal: {sd: …}", EN: "history and empirical are for growth rates of revenue with at least five actual years; else write normal: {sd: …}"})
				break
			}
		}
	}
}

// drawnOverLayers warns of a drawn value that takes the place of what layers or --set say, once for each shock.
func (w *builder) drawnOverLayers(b *Book, s *Shock, cells []formula.Cell) {
	if !s.Law.Replaces() {
		return
	}
	var from, scenarios, addresses []string
	add := func(list *[]string, text string) {
		if !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	for i, scenario := range b.Plan.Scenarios {
		if slices.ContainsFunc(b.Plan.Scenarios[:i], func(o Scenario) bool { return o.Pos == scenario.Pos }) {
			continue // the end of a range, or a place of an axis: nothing is drawn in it
		}
		for _, c := range cells {
			p, col := b.Lines[c.Line].Param, max(c.Col, 0)
			if p.SetAt[i] == (Pos{}) || p.Values[i].At(col).Equal(p.Plain.At(col)) {
				continue
			}
			if y := b.Plan.LayerAt(p.SetAt[i]); y != nil {
				add(&from, y.ID)
			} else {
				add(&from, "--set")
			}
			add(&scenarios, scenario.ID)
			add(&addresses, b.Lines[c.Line].Element.Address()+"."+p.Key)
		}
	}
	if len(from) > 0 {
		w.warn("shock_over_layer", s.Law.Pos, formula.Textf("%s 抽到的值代替 %s 对 %s 的设定，后者在模拟中不起作用（情景 %s）", "what %s draws takes the place of what %s says of %s, which does nothing in the simulation (scenarios %s)", s.Law.Kind, strings.Join(from, ", "), strings.Join(addresses, ", "), strings.Join(scenarios, ", ")),
			Text{ZH: "要在各情景的数上加减，用 normal: {sd: …} 或 lognormal: {sd: …}；确要各情景抽一样的，不必改", EN: "to vary around each scenario's own value use normal: {sd: …} or lognormal: {sd: …}; if all are to draw alike, leave it"})
	}
}

// Replaces: what is drawn takes the place of the plan's value.
func (l Law) Replaces() bool {
	return slices.Contains([]LawKind{Triangular, PERT, Uniform, Discrete}, l.Kind)
}
