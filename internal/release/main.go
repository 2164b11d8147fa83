// Command release writes what goes with the binaries of a release: LICENSES.txt, the licence of everything linked into them, and SHA256SUMS. It reads the module
// cache and fetches nothing.
//
//	go run ./internal/release FOLDER PLATFORM...
//
// A platform is what GOOS and GOARCH say, with a slash between.
package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("release FOLDER PLATFORM...")
	}
	if err := release(os.Args[1], os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

func release(folder string, platforms []string) error {
	text, err := licences(".", platforms)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSES.txt"), text, 0o644); err != nil {
		return err
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, f := range files {
		if f.Name() == "SHA256SUMS" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), f.Name())
	}
	return os.WriteFile(filepath.Join(folder, "SHA256SUMS"), sums.Bytes(), 0o644)
}

// module is one that is linked in, and the folders of its packages that are.
type module struct {
	name, dir string
	packages  map[string]bool
}

// licences is the text of all licences: of Go, of every module linked in on any platform, and of the page's script. A module without one is an error.
func licences(root string, platforms []string) ([]byte, error) {
	modules := map[string]*module{}
	for _, platform := range platforms {
		system, machine, _ := strings.Cut(platform, "/")
		list := exec.Command("go", "list", "-deps", "-f", "{{.Dir}}\t{{if .Standard}}Go's library\t{{.Root}}{{else if not .Module.Main}}{{.Module.Path}} {{.Module.Version}}\t{{.Module.Dir}}{{end}}", "./cmd/zhencai")
		list.Dir, list.Env, list.Stderr = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+machine), os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", platform, err)
		}
		for line := range strings.Lines(string(out)) {
			at, of, _ := strings.Cut(strings.TrimSpace(line), "\t")
			name, dir, other := strings.Cut(of, "\t")
			if !other { // ours
				continue
			}
			if modules[name] == nil {
				modules[name] = &module{name, dir, map[string]bool{}}
			}
			modules[name].packages[at] = true
		}
	}
	var all bytes.Buffer
	all.WriteString("What is linked into zhencai, and its licences.\n")
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		if err := modules[name].write(&all); err != nil {
			return nil, err
		}
	}
	script, err := os.ReadFile(filepath.Join(root, "reports", "page", "assets", "charts.js"))
	if err != nil {
		return nil, err
	}
	notice, ok := bytes.CutPrefix(script, []byte("/*!\n"))
	notice, _, closed := bytes.Cut(notice, []byte("\n*/"))
	if !ok || !closed {
		return nil, errors.New("charts.js does not begin with the licences of what is in it")
	}
	heading(&all, "The page's script, from npm packages")
	all.Write(append(notice, '\n'))
	return all.Bytes(), nil
}

var licenceName = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// write adds a module's licences: those at its root, and those beside the packages that are linked in.
func (m *module) write(all *bytes.Buffer) error {
	folders := map[string]bool{}
	for at := range m.packages {
		for strings.HasPrefix(at, m.dir) {
			folders[at] = true
			at = filepath.Dir(at)
		}
	}
	found := false
	for _, at := range slices.Sorted(maps.Keys(folders)) {
		files, err := os.ReadDir(at)
		if err != nil {
			return err
		}
		for _, f := range files {
			if f.IsDir() || !licenceName.MatchString(f.Name()) {
				continue
			}
			text, err := os.ReadFile(filepath.Join(at, f.Name()))
			if err != nil {
				return err
			}
			within, err := filepath.Rel(m.dir, filepath.Join(at, f.Name()))
			if err != nil {
				return err
			}
			found = true
			heading(all, m.name+": "+filepath.ToSlash(within))
			all.Write(append(bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r"), nil)), '\n'))
		}
	}
	if !found {
		return fmt.Errorf("%s has no licence", m.name)
	}
	return nil
}

func heading(all *bytes.Buffer, of string) {
	fmt.Fprintf(all, "\n%s\n%s\n\n", strings.Repeat("=", 80), of)
}
