// Package testplan is support for tests: plans opened and computed, random plans built once for all tests of a package, programs that a test needs.
package testplan

import (
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// WholeVariable asks for the whole set of tests where it is 1, as .ci/run does: every random plan and every entry in LibreOffice and in the page, and no test
// skipped because a program it needs is not installed.
const WholeVariable = "ZHENCAI_WHOLE"

// Whole tells whether the whole set is asked for.
func Whole() bool { return os.Getenv(WholeVariable) == "1" }

// Many is how often something is tried: so often in the whole set, fewer times otherwise.
func Many(whole, otherwise int) int {
	if Whole() {
		return whole
	}
	return otherwise
}

// Tool is the path of a program that a test needs; without it the test is skipped, or fails where the whole set is asked for.
func Tool(t testing.TB, name, without string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, "no "+name+" on this machine: "+without)
	}
	return path
}

// Missing ends a test that lacks something: skipped, or failed where the whole set is asked for.
func Missing(t testing.TB, what string) {
	t.Helper()
	if Whole() {
		t.Fatal(what + ", and " + WholeVariable + "=1 asks for it")
	}
	t.Skip(what)
}

// PlansVariable says how many random plans LibreOffice and the page are held to, where it is set.
const PlansVariable = "ZHENCAI_PLANS"

// Plans are the first so many random plans, or as many as the environment says.
func Plans(t testing.TB, many uint64) (seeds []uint64) {
	t.Helper()
	if text := os.Getenv(PlansVariable); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			t.Fatalf("%s=%s: %v", PlansVariable, text, err)
		}
		many = n
	}
	for seed := range many {
		seeds = append(seeds, seed)
	}
	return seeds
}
