package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLicences: every module that the program needs on some system has its licence in the file, and so have Go and what the page's script is made of.
func TestLicences(t *testing.T) {
	if _, err := os.Stat("../../reports/page/assets/charts.js"); err != nil {
		t.Skip("needs the page's script: make assets")
	}
	text, err := licences("../..", []string{"windows/amd64", "linux/arm64"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}: {{end}}{{end}}", "zhencai/cmd/zhencai").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := append(strings.Split(strings.TrimSpace(string(out)), "\n"), "Go's library: LICENSE", "github.com/inconshreveable/mousetrap", "encoding/thrift/LICENSE", "Copyright 2009 The Go Authors",
		"Apache ECharts: echarts/LICENSE", "Copyright (c) 2017, Baidu Inc.", "tslib")
	for _, w := range want {
		if !bytes.Contains(text, []byte(strings.TrimSpace(w))) {
			t.Errorf("nothing of %s", w)
		}
	}
	dir := t.TempDir()
	if err := (&module{"without", dir, map[string]bool{dir: true}}).write(new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "without has no licence") {
		t.Error("a module without a licence:", err)
	}
}
