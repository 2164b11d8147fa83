package testplan_test

import (
	"fmt"
	"slices"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model"
)

const randomPlans = 200

// pairs are the mechanisms that a plan has together: two keys given in one element, options told apart, and two keys of its revenue or transfers anywhere.
func pairs(plan *model.Plan) map[string]bool {
	found := map[string]bool{}
	among := func(where string, keys []string) {
		slices.Sort(keys)
		for i, a := range keys {
			for _, b := range keys[i:] {
				found[where+": "+a+" with "+b] = true
			}
		}
	}
	var anywhere []string
	for _, e := range plan.Elements {
		keys := []string{e.Section}
		for key, p := range e.Params {
			if len(p.Given) == 0 || !p.Given[0] {
				continue
			}
			if len(p.Field.Options) > 0 {
				key += "=" + p.Values[0].Option
			}
			keys = append(keys, e.Section+"."+key)
		}
		among("one", keys)
		if e.Section == "transfers" || e.Section == "revenue" {
			anywhere = append(anywhere, keys...)
		}
	}
	slices.Sort(anywhere)
	among("plan", slices.Compact(anywhere))
	return found
}

// TestCovering: the plans chosen have every pair that any of the random plans has.
func TestCovering(t *testing.T) {
	have := make([]map[string]bool, randomPlans)
	all := map[string]bool{}
	for seed := range have {
		have[seed] = pairs(testplan.Random(t, uint64(seed)).Plan)
		for p := range have[seed] {
			all[p] = true
		}
	}
	if len(all) < 5000 {
		t.Errorf("only %d pairs", len(all))
	}
	missing := map[string]bool{}
	for p := range all {
		if !slices.ContainsFunc(testplan.Covering, func(seed uint64) bool { return have[seed][p] }) {
			missing[p] = true
		}
	}
	if len(missing) == 0 {
		return
	}
	t.Errorf("%d of %d pairs are in none of the plans chosen; these would do: %s", len(missing), len(all), choose(have, all))
}

// choose takes plan after plan the one that has most of what is missing.
func choose(have []map[string]bool, missing map[string]bool) string {
	var chosen []uint64
	for len(missing) > 0 {
		best, most := 0, 0
		for seed, pairs := range have {
			n := 0
			for p := range pairs {
				if missing[p] {
					n++
				}
			}
			if n > most {
				best, most = seed, n
			}
		}
		for p := range have[best] {
			delete(missing, p)
		}
		chosen = append(chosen, uint64(best))
	}
	slices.Sort(chosen)
	return fmt.Sprint(chosen)
}
