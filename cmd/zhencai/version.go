package main

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"strings"
)

// version says what `zhencai --version` does: the version that Go gives the commit, the day of that commit if the build knows it, Go's own version and the system.
func (a *app) version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	text := a.t("镇财 ", "zhencai ") + cmp.Or(info.Main.Version, "(devel)")
	for _, s := range info.Settings {
		if day, _, ok := strings.Cut(s.Value, "T"); ok && s.Key == "vcs.time" {
			text += a.t("，提交于 ", ", committed ") + day
		}
	}
	return text + a.t("，", ", ") + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}
