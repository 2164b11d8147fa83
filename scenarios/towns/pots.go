package towns

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

// Pots reads pots for transfers of a plan, written transfer=amount per year, or with an amount for each year.
func Pots(texts []string, plan *model.Plan) (pools []*analysis.Pool, err error) {
	years := plan.Calendar.Last - plan.Calendar.Actual
	for _, s := range texts {
		id, amounts, _ := strings.Cut(s, "=")
		if split, at := formula.FindSplit(amounts); at >= 0 {
			return nil, misuse(formula.Textf("--pool %s：%s；%s", "--pool %s: %s; %s", id, split.Text(), split.Hint()))
		}
		var pot []decimal.Decimal
		for _, text := range strings.Split(amounts, ",") {
			d, err := decimal.NewFromString(strings.TrimSpace(text))
			if err != nil || d.IsNegative() || d.Exponent() < -6 || d.Exponent() > 12 {
				return nil, misuse(formula.Textf("看不懂 --pool %q；写成 share=20000，单位万元", "cannot read --pool %q; write share=20000, in 10k yuan", s))
			}
			pot = append(pot, d)
		}
		for len(pot) < years {
			pot = append(pot, pot[len(pot)-1])
		}
		pool := analysis.NewPool(plan.Calendar, strings.TrimSpace(id), pot)
		switch {
		case !pool.Covers(plan) || len(pot) > years:
			return nil, misuse(formula.Textf("--pool %q：没有这项转移支付，或年数多于 %d", "--pool %q: there is no such transfer, or more than %d years", s, years))
		case slices.ContainsFunc(pools, func(other *analysis.Pool) bool { return other.Transfer == pool.Transfer }):
			return nil, misuse(formula.Textf("--pool %q：这项转移支付已有一个总额；只写一个", "--pool %q: the transfer has a pot already; give one", s))
		}
		pools = append(pools, pool)
	}
	return pools, nil
}

// also are the overrides that pots add to a town, by its place among all.
func (r *Run) also(town int) (overrides []string) {
	if !r.divided {
		return nil
	}
	for _, pool := range r.Pools {
		overrides = append(overrides, "transfers."+pool.Transfer+".delivered=["+percents(pool.Delivered(town), ", ")+"]")
	}
	return overrides
}

func percents(rates []decimal.Decimal, between string) string {
	var all []string
	for _, rate := range rates {
		all = append(all, rate.Shift(2).String()+"%")
	}
	return strings.Join(all, between)
}

// share divides the pots among the towns. Where what is paid moves what is payable (a formula that matches what was paid), they are divided again until both agree:
// each round settles at least one more pot in one more year.
func (r *Run) share() error {
	if err := r.alsoDelivered(); err != nil {
		return err
	}
	cal := r.First.Plan.Calendar
	for range len(r.Pools)*(cal.Last-cal.Actual) + 2 {
		again, err := r.claims()
		if err != nil {
			return err
		}
		changed := false
		for _, pool := range r.Pools {
			changed = pool.Divide() || changed
		}
		if r.divided = true; changed && again {
			continue
		}
		for _, pool := range r.Pools {
			r.Say(formula.Textf("%s 逐年按应付的比例兑现：%s", "%s pays of what is payable, by year: %s", pool.Transfer, percents(pool.Shares(), " ")))
			if pool.Beyond(r.First.Plan) {
				r.Warn(formula.Textf("提醒：%s 还补发以前的欠拨（caught_up），这部分不从总额里出", "warning: %s also catches up on what was owed before (caught_up); that does not come out of the pot", pool.Transfer))
			}
		}
		return nil
	}
	return fail(formula.Text{ZH: "各总额互相影响，分不定；分开算", EN: "the pots move each other's claims and do not settle; run them one by one"})
}

// alsoDelivered refuses a table that says how much of a transfer is paid, where the pot says it.
func (r *Run) alsoDelivered() error {
	if r.table == nil {
		return nil
	}
	for _, pool := range r.Pools {
		for _, column := range r.table.Columns {
			for _, id := range []string{pool.Transfer, "*"} {
				if strings.HasPrefix(column+".", "transfers."+id+".delivered.") {
					return misuse(formula.Textf("表里的列 %s 和 --pool %s 都说拨付多少；只留一个", "the column %s and --pool %s both say how much is paid; keep one", column, pool.Transfer))
				}
			}
		}
	}
	return nil
}

// claims asks every town what is payable; again tells whether payments could change that.
func (r *Run) claims() (again bool, err error) {
	var adding sync.Mutex
	calendar := r.First.Plan.Calendar
	err = r.each(0, math.MaxInt, func(b *batch) {
		book, places, names, err := r.load(b)
		if b.err = err; err != nil {
			return
		}
		for _, pool := range r.Pools {
			if own := book.Plan.Calendar; !pool.Covers(book.Plan) || own.Actual != calendar.Actual || own.Last != calendar.Last {
				b.err = fail(formula.Textf("%s：没有转移支付 %s，或年份与第一个计划不同，不能同分一个总额", "%s: there is no transfer %s, or the years differ from the first plan's; it cannot share the pot", names[0], pool.Transfer))
				return
			}
		}
		moved := analysis.PotsFeedBack(book, r.Pools)
		for i, place := range places {
			result, problems := book.Run(place)
			if b.err = refused(names[i], problems, nil); b.err != nil {
				return
			}
			adding.Lock()
			for _, pool := range r.Pools {
				pool.Claim(b.first+i, book, result)
			}
			again = again || moved
			adding.Unlock()
		}
	}, func(*batch) error { return nil })
	return again, err
}
