package testplan_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"zhencai/internal/testplan"
	"zhencai/model"
)

const (
	randomPlans = 200 // whose pairs are wanted
	candidates  = 800 // that may have them
)

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

// TestCovering: the plans chosen have every pair that any of the first 200 random plans has.
func TestCovering(t *testing.T) {
	all := map[string]bool{}
	for seed := range uint64(randomPlans) {
		maps.Copy(all, pairs(testplan.Random(t, seed).Plan))
	}
	if len(all) < 5000 {
		t.Errorf("only %d pairs", len(all))
	}
	missing := maps.Clone(all)
	for _, seed := range testplan.Covering {
		for p := range pairs(testplan.Random(t, seed).Plan) {
			delete(missing, p)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d pairs are in none of the plans chosen; these would do: %v", len(missing), len(all), choose(t, all))
	}
}

// choose takes, of many random plans, one after another the one that has most of what is missing for the size of its ledgers, and leaves out, from the largest
// on, those that the others make needless.
func choose(t *testing.T, all map[string]bool) (chosen []uint64) {
	var have [candidates][]string
	var size [candidates]float64
	for seed := range have {
		book := testplan.Random(t, uint64(seed))
		for p := range pairs(book.Plan) {
			if all[p] {
				have[seed] = append(have[seed], p)
			}
		}
		size[seed] = 2000 + float64(len(book.Lines)*book.Plan.Calendar.Columns()*max(len(book.Plan.Scenarios)-1, 1)) // a file takes its time too
	}
	times := map[string]int{}
	for len(times) < len(all) {
		best, most := 0, 0.0
		for seed := range have {
			n := 0
			for _, p := range have[seed] {
				if times[p] == 0 {
					n++
				}
			}
			if of := float64(n) / size[seed]; of > most {
				best, most = seed, of
			}
		}
		for _, p := range have[best] {
			times[p]++
		}
		chosen = append(chosen, uint64(best))
	}
	slices.SortStableFunc(chosen, func(a, b uint64) int { return cmp.Compare(size[b], size[a]) })
	chosen = slices.DeleteFunc(chosen, func(seed uint64) bool {
		needed := slices.ContainsFunc(have[seed], func(p string) bool { return times[p] == 1 })
		for _, p := range have[seed] {
			if !needed {
				times[p]--
			}
		}
		return !needed
	})
	slices.Sort(chosen)
	return chosen
}
