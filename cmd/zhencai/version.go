package main

import (
	"runtime"
	"runtime/debug"
	"strings"

	"zhencai/reports/workbook"
)

// version says what `zhencai --version` does: the program's version, the commit and its day if the build knows them, Go's own version and the system.
func (a *app) version() string {
	text := a.t("镇财 ", "zhencai ") + workbook.Version
	built := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			built[s.Key] = s.Value
		}
	}
	if commit := built["vcs.revision"]; commit != "" {
		day, _, _ := strings.Cut(built["vcs.time"], "T")
		text += a.t("，提交 ", ", commit ") + commit[:min(12, len(commit))] + a.t("，", " of ") + day
		if built["vcs.modified"] == "true" {
			text += a.t("，另有改动", ", with changes")
		}
	}
	return text + a.t("，", ", ") + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}
