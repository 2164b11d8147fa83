package testplan

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"zhencai/internal/randomplan"
	"zhencai/model"
)

var books sync.Map // seed: how to get its book

// Random is the book of a random plan, built once for all tests of a package. Nobody changes it.
func Random(t testing.TB, seed uint64) *model.Book {
	t.Helper()
	build, _ := books.LoadOrStore(seed, sync.OnceValue(func() *model.Book { return Open(t, WriteRandom(t, seed)) }))
	book := build.(func() *model.Book)()
	if book == nil {
		t.Fatalf("seed %d: no book", seed)
	}
	return book
}

// WriteRandom puts a random plan into a file of its own.
func WriteRandom(t testing.TB, seed uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, randomplan.New(seed), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Each runs a test of the first n random plans, several side by side, and returns when all are done. Where it fails the plan is shown.
func Each(t *testing.T, n uint64, test func(t *testing.T, seed uint64)) {
	t.Helper()
	t.Run("seed", func(t *testing.T) {
		for seed := range n {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						t.Logf("%s", randomplan.New(seed))
					}
				}()
				test(t, seed)
			})
		}
	})
}
