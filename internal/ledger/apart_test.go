package ledger_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestItStandsApart: the ledger imports nothing of the program, and nothing of the program imports it but its own tests.
func TestItStandsApart(t *testing.T) {
	read := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		read++
		ours := file.Name.Name == "ledger"
		for _, i := range file.Imports {
			if ours && strings.HasPrefix(i.Path.Value, `"zhencai/`) {
				t.Errorf("%s imports %s", path, i.Path.Value)
			}
			if file.Name.Name != "ledger_test" && i.Path.Value == `"zhencai/internal/ledger"` {
				t.Errorf("%s imports the ledger", path)
			}
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Fatal(read, err)
	}
}
