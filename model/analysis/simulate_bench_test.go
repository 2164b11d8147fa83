package analysis_test

import (
	"testing"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/scenarios"
)

// BenchmarkSimulate runs the sample with two shocked items, ten lines over five years kept to quantiles, on one processor.
func BenchmarkSimulate(b *testing.B) {
	loaded := scenarios.Load("../../scenarios/guangtong", scenarios.Options{Shocks: []string{"revenue.vat.growth={normal: {sd: 5pp}}", "revenue.fees.growth={normal: {sd: 5pp}}"}})
	u := loaded.Plan.Uncertainty
	u.Shocks, u.FromHistory, u.Delivery = u.Shocks[len(u.Shocks)-2:], false, nil
	book, _ := model.Build(loaded.Plan)
	var lines []int
	for _, name := range []string{"counted", "incentive_due", "incentive_paid", "receipts", "cash", "debt", "debt_ratio", "county_keeps", "gap", "incentive_owed"} {
		lines = append(lines, book.Program.Index(name))
	}
	const paths = 1_000_000
	for b.Loop() {
		analysis.Simulate(book, analysis.Simulating{Scenarios: []int{0}, Lines: lines, By: model.Headlines[0], Paths: paths, Workers: 1})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/paths, "ns/path")
}
