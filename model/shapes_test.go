package model_test

import "regexp"

// shapesByHand are worked examples of shapes that a rule's formula takes beside the one worked where it is declared, by a line that has the shape.
var shapesByHand = map[string]string{
	"revenue.path.base":                    "path=1050 -> 1050",
	"revenue.either.base":                  "method=growth path=900 prev(base)=1000 growth=0.05 step=20 -> 1070",
	"revenue.path.counted":                 "base=1000 extra=10 yields=5 one_off=100 one_off_counts=0.4 counts=0.5 -> 527.5",
	"revenue.path.amount":                  "base=1000 one_off=100 extra=10 yields=5 -> 1115",
	"revenue.trend.growth":                 "growth_given=0.01 growth_method=trend growth_trend=0.04 -> 0.05",
	"revenue.mean.growth":                  "growth_given=-0.01 growth_method=mean growth_mean=0.06 -> 0.05",
	"spending.misc.due":                    "path=120 -> 120",
	"transfers.early.vintage_rates.2.born": "vintage_rates.1.born=2024 -> 2023",
	"transfers.timed.ages.3.from":          "ages.2.from=2024 -> 2025",
	"transfers.ratchet.base":               "base_ratchet=-12 -> 0",
	"transfers.grown.base":                 "base_edited=980 -> 980",
	"transfers.reset.base":                 "base_reset=1150 -> 1150",
	"transfers.clocked.base":               "base_was_cut=1 base_reset=1000 base_cut=950 -> 950",
	"transfers.short.base":                 "base_was_cut=1 base_by_rule=1000 base_cut=1020 -> 1000",
	"transfers.clocked.base_cut":           "base_cut_now=0 prev(counted)=900 prev(base_cut)=1000 base_growth=0.1 -> 1100",
	"transfers.clocked.base_reset":         "base_since=2024 term.from=2022 base_reset_grown=1210 base_by_rule_grown=1100 -> 1210",
	"transfers.by_level.bands.1.part":      "excess=250 bands.2.threshold=200 threshold=50 -> 150",
	"transfers.rated.payment_bands.1.part": "award_cap_previousped=90 payment_bands.2.over=80 over=0 -> 80",
	"transfers.banded.award":               "bands.1.part=100 bands.1.rate=0.3 bands.2.part=50 bands.2.rate=0.5 bands.3.part=20 bands.3.rate=0.6 -> 67",
	"transfers.gated.rates_check":          "bands.1.rate=0.5 bands.2.rate=1.1 -> 1",
	"transfers.banded.rates_check":         "bands.1.rate=0.5 bands.2.rate=0.6 bands.3.rate=1 -> 0",
	"transfers.rated.rates_check":          "bands.1.rate=0.5 bands.2.rate=0.6 in_base_rate=1.01 -> 1",
	"projects.water.project_check":         "prev(arrears)=100 cost=50 arrears=90 paid_cash=40 paid_grant=20 -> 0",
	"projects.road.project_check":          "prev(arrears)=100 cost=50 arrears=80 paid_cash=40 paid_grant=20 paid_bond=9 -> 1",
	"projects.water.cash_need":             "need=100 paid_grant=30 -> 70",
	"projects.road.cash_need":              "need=100 paid_grant=30 paid_bond=25 -> 45",
	"payments.debt_service.due":            "dues.debt_service.*=194.1,30 penalty=5 -> 229.1",
	"payments.other.available":             "projects.hall.left=37.5 -> 37.5",
	"debt.bullet.interest":                 "debt.bullet.*.interest=12.5,4 -> 16.5",
	"debt.bullet.interest_due":             "debt.bullet.*.interest_due=12.5,0 -> 12.5",
	"debt.schedule.drawing_2022.asked":     "debt.schedule.opening_part.asked=100 debt.schedule.opening_part.principal=60 -> 40",
}

// splitSum is a part of a sum too long for one formula: it adds up what its name says, see TestLongSumsAreSplit.
var splitSum = regexp.MustCompile(`_part[0-9]+$`)
