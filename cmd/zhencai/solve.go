package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

// solving is what the command solve was asked.
type solving struct {
	*app
	path, scenario         string
	set, zones             []string
	vary, until, step      string
	worth, value           string
	townValue, countyValue string
	scan, grid             int
	book                   *model.Book
	loaded                 *scenarios.Loaded
	declared               []model.Scenario // without those made for the ends of ranges
	place                  int              // of the scenario solved in
}

// use is something solve can do: begun by one option, refined by others.
type use struct {
	begin string
	with  []string
}

var uses = []use{
	{"vary", []string{"until", "step", "scan"}},
	{"worth", []string{"value", "scan"}},
	{"zone", []string{"grid", "town", "county"}},
}

func (a *app) solveCommand() *cobra.Command {
	s := &solving{app: a}
	c := &cobra.Command{
		Use: "solve PLAN", Args: a.args("PLAN"),
		Short: a.t("求解：条件在哪个数上转折、用什么可以相抵、哪里双方都合算", "solve: where a condition turns, what makes up for what, where both sides gain"),
		Long: a.t(`三种用法：
  zhencai solve PLAN --vary transfers.subsidy.amount=300..500 --until "sum(gap) <= 800"
      一个参数从低到高变动，条件在哪个数上转折
  zhencai solve PLAN --scenario offer --worth promise
      单独变动哪一项、变到多少，能让一个情景对镇与另一个同值
  zhencai solve PLAN --zone transfers.share.rate=30%..60% --zone transfers.subsidy.amount=200..500
      两个参数的哪些组合，双方都好于谈不成（情景写 fallback: town、county 或 both）
条件和值用规则语言写，每个量都要说明各年取什么：min max sum mean first last(量)、at(量, 2024)、all any(条件)。`,
			`Three uses:
  zhencai solve PLAN --vary transfers.subsidy.amount=300..500 --until "sum(gap) <= 800"
      one parameter moves from low to high: where does the condition turn?
  zhencai solve PLAN --scenario offer --worth promise
      which lever, moved alone and how far, makes one scenario worth as much to the town as another?
  zhencai solve PLAN --zone transfers.share.rate=30%..60% --zone transfers.subsidy.amount=200..500
      which combinations of two parameters are better for both sides than no agreement (a scenario has fallback: town, county or both)?
Conditions and values are written in the rule language, each quantity inside a word that says what of its years is meant:
min max sum mean first last(quantity), at(quantity, 2024), all any(condition).`),
		RunE: func(c *cobra.Command, args []string) error {
			s.path = args[0]
			return s.run(c.Flags())
		},
	}
	f := c.Flags()
	f.StringVar(&s.scenario, "scenario", "", a.t("情景 id；不写则为第一个", "scenario id; the first if absent"))
	f.StringArrayVar(&s.set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
	f.StringVar(&s.vary, "vary", "", a.t("变动的参数和两端：地址=低..高", "the parameter to vary and its ends: address=low..high"))
	f.StringVar(&s.until, "until", "", a.t(`条件，如 "min(cash) >= 0 and last(debt) <= 3 * last(resources)"`, `the condition, such as "min(cash) >= 0 and last(debt) <= 3 * last(resources)"`))
	f.StringVar(&s.step, "step", "", a.t("精确到多少；不写则为 0.000001 万元、0.0001% 或整数", "how exactly; 0.000001 of 10k yuan, 0.0001% or whole numbers if absent"))
	f.IntVar(&s.scan, "scan", 200, a.t("先分几段扫描，1-10000", "how many steps to scan first, 1-10000"))
	f.StringVar(&s.worth, "worth", "", a.t("要与之同值的情景 id", "id of the scenario to be worth as much as"))
	f.StringVar(&s.value, "value", "sum(town_receives)", a.t("按什么算同值", "the value that counts"))
	f.StringArrayVar(&s.zones, "zone", nil, a.t("网格的一边：地址=低..高（写两次）", "one side of the grid: address=low..high (given twice)"))
	f.IntVar(&s.grid, "grid", 11, a.t("网格每边几个数，2-101", "how many figures on each side of the grid, 2-101"))
	f.StringVar(&s.townValue, "town", "sum(town_receives)", a.t("镇看重的值", "what counts for the town"))
	f.StringVar(&s.countyValue, "county", "sum(county_keeps)", a.t("县看重的值", "what counts for the county"))
	return c
}

func (s *solving) run(flags *pflag.FlagSet) error {
	if err := s.checkUse(flags); err != nil {
		return err
	}
	switch {
	case s.vary != "":
		return s.turning()
	case s.worth != "":
		return s.equivalents()
	}
	return s.agreement()
}

// checkUse: exactly one use, and no option that belongs to another.
func (s *solving) checkUse(flags *pflag.FlagSet) error {
	var begun []string
	for _, u := range uses {
		if flags.Changed(u.begin) {
			begun = append(begun, "--"+u.begin)
		}
	}
	if len(begun) != 1 {
		return usageError{formula.Textf("要写 --vary 和 --until，或 --worth，或两个 --zone，三者取一；这里有 %d 种", "give --vary with --until, or --worth, or --zone twice: one of the three, here are %d", len(begun))}
	}
	for _, u := range uses {
		for _, other := range u.with {
			fits := slices.ContainsFunc(uses, func(o use) bool { return flags.Changed(o.begin) && slices.Contains(o.with, other) })
			if flags.Changed(other) && !fits {
				return usageError{formula.Textf("--%s 和 %s 一起写没有作用", "--%s has no effect with %s", other, begun[0])}
			}
		}
	}
	switch {
	case s.vary != "" && s.until == "":
		return usageError{formula.Textf("缺少 --until，如 --until \"min(cash) >= 0\"", "--until is missing, such as --until \"min(cash) >= 0\"")}
	case len(s.zones) == 1 || len(s.zones) > 2:
		return usageError{formula.Textf("--zone 要写两次，这里有 %d 次", "--zone is given twice, here are %d", len(s.zones))}
	case s.scan < 1 || s.scan > 10_000:
		return usageError{formula.Textf("--scan 应在 1 到 10000 之间，这里是 %d", "--scan is 1 to 10000, here it is %d", s.scan)}
	case s.grid < 2 || s.grid > 101:
		return usageError{formula.Textf("--grid 应在 2 到 101 之间，这里是 %d", "--grid is 2 to 101, here it is %d", s.grid)}
	}
	return nil
}

// ends is one address and the two ends it is moved between, as written.
type ends struct{ from, address, low, high string }

func parseEnds(from, text string) (ends, error) {
	address, both, ok := strings.Cut(text, "=")
	low, high, two := strings.Cut(both, "..")
	e := ends{from, strings.TrimSpace(address), strings.TrimSpace(low), strings.TrimSpace(high)}
	if !ok || !two || e.address == "" || e.low == "" || e.high == "" {
		return e, usageError{formula.Textf("看不懂 %s %q；写成 %s 地址=低..高，如 transfers.subsidy.amount=300..500", "cannot read %s %q; write %s address=low..high, such as transfers.subsidy.amount=300..500", from, text, from)}
	}
	return e, nil
}

// open loads the plan with two more scenarios for each range, one at each end.
func (s *solving) open(ranges ...ends) (err error) {
	opt := scenarios.Options{Set: s.set}
	for _, e := range ranges {
		for _, end := range []string{e.low, e.high} {
			set := e.address + "=" + end
			opt.Variants = append(opt.Variants, scenarios.Variant{ID: set, Of: s.scenario, Set: []string{set}, From: e.from})
		}
	}
	if s.book, s.loaded, err = s.openWith(s.path, opt, counted); err != nil {
		return err
	}
	all := s.book.Plan.Scenarios
	s.declared = all[:len(all)-len(opt.Variants)]
	if s.scenario == "" {
		s.scenario = s.declared[min(1, len(s.declared)-1)].ID
	}
	s.place, err = scenarioPlace(s.declared, s.scenario)
	return err
}

// failed prints problems and says whether there are any.
func (s *solving) failed(problems []model.Problem) bool {
	return s.show(problems, s.loaded.Sources, false) > 0
}

// inquire compiles questions; their problems can then be shown with their texts.
func (s *solving) inquire(questions ...analysis.Question) (*analysis.Inquiry, []model.Problem) {
	for i := range questions {
		q := &questions[i]
		q.Text = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(q.Text) // one line, so that a caret finds its place
		s.loaded.Sources.Add(q.From, q.Text)
	}
	return analysis.Inquire(s.book, questions...)
}

// lever is what a range moves, and the figures it is moved through. The scenarios at the ends of range k must compute without errors.
func (s *solving) lever(k int, e ends) (*analysis.Lever, analysis.Range, []model.Problem) {
	low := len(s.declared) + 2*k
	var problems []model.Problem
	for end := low; end <= low+1; end++ {
		_, more := s.book.Run(end)
		problems = append(problems, slices.DeleteFunc(more, func(p model.Problem) bool { return p.Warning })...)
	}
	l, more := analysis.Between(s.book, e.address, low, low+1)
	if problems = append(problems, more...); len(problems) > 0 || len(l.Lines) == 0 {
		return l, analysis.Range{}, problems // what has no line in the book is refused as unread
	}
	r, ok := analysis.RangeOf(s.book, l)
	if !ok {
		r = e.figures()
	}
	fail := func(text, hint formula.Text) (*analysis.Lever, analysis.Range, []model.Problem) {
		return nil, r, []model.Problem{{Text: text, Hint: hint}}
	}
	switch {
	case l.Whole() && !ok:
		return fail(formula.Textf("%s 只能取整数，各处的数又不一样，不能一起变动", "%s comes in whole numbers that differ from place to place and cannot move together", e.address), formula.Text{ZH: "一次变动一个", EN: "vary one at a time"})
	case !r.High.GreaterThan(r.Low):
		return fail(formula.Textf("%s 的低端 %s 不低于高端 %s", "the low end %[2]s of %[1]s is not below the high end %[3]s", e.address, e.low, e.high), formula.Textf("写成 %s %s=%s..%s", "write %s %s=%s..%s", e.from, e.address, e.high, e.low))
	}
	if s.step == "" {
		for !r.Fits() {
			r.Step = r.Step.Shift(1)
		}
		return l, r, nil
	}
	step, wrong := readStep(s.step, r)
	switch {
	case wrong.ZH != "":
		return fail(formula.Textf("--step：%s", "--step: %s", wrong), formula.Text{ZH: "写法和参数的值一样，如 0.01 或 0.5%", EN: "write it like a value of the parameter, such as 0.01 or 0.5%"})
	case !step.IsPositive() || l.Whole() && !step.IsInteger() || r.Unit == formula.Money && !step.Equal(step.Round(6)):
		return fail(formula.Textf("--step %s 不能用：要大于 0，整数参数要整数，金额不能比分还细", "--step %s cannot be used: it must be above 0, whole for whole numbers, and not finer than a fen for amounts", s.step), formula.Text{ZH: "不写 --step 则精确到分", EN: "without --step the answer is exact to the fen"})
	}
	if r.Step = step; !r.Fits() {
		return fail(formula.Textf("--step %s 太小：从低到高超过 %d 步", "--step %s is too small: there are more than %d steps from low to high", s.step, analysis.MostSteps), formula.Text{ZH: "步长写大些，或范围写小些", EN: "use a larger step or a smaller range"})
	}
	return l, r, nil
}

// figures is the range of ends that mean something else for each input: factors, points, or how far it is from one to the other.
func (e ends) figures() analysis.Range {
	times, plus, ok := scenarios.Relative(e.low)
	toTimes, toPlus, also := scenarios.Relative(e.high)
	step, one := decimal.New(1, -6), decimal.NewFromInt(1)
	switch {
	case ok && also && plus.IsZero() && toPlus.IsZero():
		return analysis.Range{Unit: formula.Number, Low: times, High: toTimes, Step: step, Means: analysis.Times}
	case ok && also && times.Equal(one) && toTimes.Equal(one):
		return analysis.Range{Unit: formula.Ratio, Low: plus, High: toPlus, Step: step, Means: analysis.Points}
	}
	return analysis.Range{Unit: formula.Ratio, High: one, Step: step, Means: analysis.Way}
}

// readStep reads a step as the ends of its range are written.
func readStep(text string, r analysis.Range) (decimal.Decimal, formula.Text) {
	switch r.Means {
	case analysis.Times:
		text = strings.TrimPrefix(text, "×")
	case analysis.Points:
		if rest, ok := strings.CutSuffix(text, "pp"); ok {
			text = rest + "%"
		}
	}
	return scenarios.Number(text, r.Unit)
}

// turning finds where a condition turns.
func (s *solving) turning() error {
	e, err := parseEnds("--vary", s.vary)
	if err != nil {
		return err
	}
	if err := s.open(e); err != nil {
		return err
	}
	l, r, problems := s.lever(0, e)
	q, more := s.inquire(analysis.Question{Text: s.until, From: "--until", Condition: true})
	if s.failed(append(problems, more...)) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, []string{s.scenario}, "")
	if err != nil {
		return err
	}
	search, problems := q.Solve(s.place, l, r, s.scan)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, terminal.Solved(run, l, s.until, search))
	return nil
}

// equivalents finds what makes one scenario worth as much as another.
func (s *solving) equivalents() error {
	if err := s.open(); err != nil {
		return err
	}
	other, err := scenarioPlace(s.declared, s.worth)
	if err != nil {
		return err
	}
	if other == s.place {
		return usageError{formula.Textf("--scenario 和 --worth 是同一个情景 %s", "--scenario and --worth are the same scenario %s", s.worth)}
	}
	q, problems := s.inquire(analysis.Question{Text: s.value, From: "--value"})
	if s.failed(problems) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, []string{s.scenario, s.worth}, "")
	if err != nil {
		return err
	}
	var values [2]decimal.Decimal
	for i, place := range []int{s.place, other} {
		answers, problems := q.Answers(place)
		if s.failed(problems) {
			return errShown
		}
		values[i] = answers[0]
	}
	all, problems := q.Equivalents(s.place, values[1], s.scan)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, terminal.Equivalents(run, s.value, q.Unit(0), values, all, s.scan))
	return nil
}

// agreement finds where on a grid both sides have more than without agreement.
func (s *solving) agreement() error {
	var both []ends
	for _, text := range s.zones {
		e, err := parseEnds("--zone", text)
		if err != nil {
			return err
		}
		both = append(both, e)
	}
	if err := s.open(both...); err != nil {
		return err
	}
	var levers [2]*analysis.Lever
	var ranges [2]analysis.Range
	var problems []model.Problem
	for i, e := range both {
		var more []model.Problem
		levers[i], ranges[i], more = s.lever(i, e)
		problems = append(problems, more...)
	}
	q, more := s.inquire(analysis.Question{Text: s.townValue, From: "--town"}, analysis.Question{Text: s.countyValue, From: "--county"})
	problems = append(problems, more...)
	sides := terminal.Sides{Values: [2]string{s.townValue, s.countyValue}}
	var fallbacks [2]int
	chosen := []string{s.scenario}
	for i, side := range []string{"town", "county"} {
		if fallbacks[i] = s.book.Plan.Fallback(side); fallbacks[i] < 0 {
			problems = append(problems, model.Problem{Text: formula.Textf("计划没有说%s谈不成时怎样", "the plan does not say what the %s has without agreement", formula.Text{ZH: map[string]string{"town": "镇", "county": "县"}[side], EN: side}),
				Hint: formula.Textf("给一个情景加 fallback: %s（或 both）", "give a scenario fallback: %s (or both)", side)})
			continue
		}
		sides.Fallbacks[i] = s.book.Plan.Scenarios[fallbacks[i]]
		if id := sides.Fallbacks[i].ID; !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	if s.failed(problems) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, chosen, "")
	if err != nil {
		return err
	}
	sides.Units = [2]formula.Unit{q.Unit(0), q.Unit(1)}
	agreement, problems := q.Agree(s.place, fallbacks, levers, ranges, s.grid)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, terminal.Zone(run, sides, levers, ranges, agreement))
	return nil
}

// say prints an answer, and that figures are illustrative if some are.
func (s *solving) say(run *reports.Run, answer string) {
	fmt.Fprint(s.out, answer)
	if banner := run.Banner(); banner != "" {
		fmt.Fprintln(s.out, banner)
	}
}
