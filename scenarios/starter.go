package scenarios

import (
	_ "embed"

	"zhencai/model/formula"
)

//go:embed starter/plan.zh.yaml
var starterZH []byte

//go:embed starter/plan.en.yaml
var starterEN []byte

// Starter is the plan.yaml of a new plan folder: small, commented, and free of errors. Every figure in it is marked illustrative.
func Starter(lang formula.Lang) []byte {
	if lang == formula.EN {
		return starterEN
	}
	return starterZH
}
