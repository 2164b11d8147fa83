package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zhencai/model"
	"zhencai/model/formula"
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
