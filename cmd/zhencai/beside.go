package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"zhencai/model"
)

// mostBeside bounds what is looked at in one folder.
const mostBeside = 2000

// plansBeside finds the plans in folders: folders with a plan.yaml, and files that are plans.
func plansBeside(dirs []string) []string { return found(dirs, isPlan) }

// workbooksBeside finds the workbooks in folders, and in the folders of results there, that are no plans.
func workbooksBeside(dirs []string) []string {
	isResults := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.IsDir() && (strings.HasSuffix(path, resultsSuffix.ZH) || strings.HasSuffix(path, resultsSuffix.EN))
	}
	return found(slices.Concat(dirs, found(dirs, isResults)), func(path string) bool {
		return strings.EqualFold(filepath.Ext(path), ".xlsx") && !isPlan(path)
	})
}

// found are the paths in folders that are what is looked for, without what is hidden or what Excel leaves beside an open file.
func found(dirs []string, is func(path string) bool) (all []string) {
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries[:min(len(entries), mostBeside)] {
			path := filepath.Join(dir, e.Name())
			if !strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), "~$") && !slices.Contains(all, path) && is(path) {
				all = append(all, path)
			}
		}
	}
	return all
}

// planBegins is what every plan says and no other file of ours does.
var planBegins = regexp.MustCompile(`(?m)^["']?years["']?\s*:`)

// isPlan tells whether a path is a plan as far as its beginning says: right or not, it is one to check.
func isPlan(path string) bool {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".yaml", ".yml":
		f, err := model.OpenFile(path)
		if err != nil {
			return false
		}
		defer f.Close()
		begin, err := io.ReadAll(io.LimitReader(f, 1<<20))
		return err == nil && planBegins.Match(begin)
	}
	info, err := os.Stat(filepath.Join(path, "plan.yaml"))
	return err == nil && info.Mode().IsRegular()
}
