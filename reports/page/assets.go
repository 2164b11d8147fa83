package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"sync"

	"zhencai/model/formula"
)

// The chart script is generated (`make assets`) and not in the repository; the folder is there so that a build without it compiles.
//
//go:embed all:assets
var pageAssets embed.FS

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed engine.js why.js whatif.js present.js boot.js
var pageScript embed.FS

// pageBoot is our own script: the parts in order, boot.js starts them.
var pageBoot = sync.OnceValue(func() (script string) {
	for _, part := range []string{"engine", "why", "whatif", "present", "boot"} {
		text, err := pageScript.ReadFile(part + ".js")
		if err != nil {
			panic(err) // embedded above
		}
		script += string(text)
	}
	return script
})

// ErrNoAssets says that this program was built without the chart script. NoAssets is the same for people.
var ErrNoAssets = errors.New("built without the chart script")

// NoAssets tells a user why there is no page, in one line.
var NoAssets = formula.Text{
	ZH: "未生成汇报页：本程序编译时没有图表脚本。先运行 make assets（需要 Node 和 npm），再重新编译。",
	EN: "no briefing page: this program was built without the chart script. Run make assets (needs Node and npm), then build again.",
}

// HasAssets tells whether Page can work.
func HasAssets() bool {
	_, err := pageScripts()
	return err == nil
}

// scripts are the page's two programs and the policy that lets these two run and nothing else.
type scripts struct {
	Charts, Boot template.JS
	Policy       string
}

// pageScripts reads the embedded scripts once: hashing 600 KB for every page would be most of the work of writing one.
var pageScripts = sync.OnceValues(func() (*scripts, error) { return readScripts(pageAssets) })

func readScripts(from fs.FS) (*scripts, error) {
	charts, err := fs.ReadFile(from, "assets/charts.js")
	if err != nil {
		return nil, ErrNoAssets
	}
	// A browser ends a script at these two and turns \r into \n before it hashes: with any of them the page would be dead.
	for _, bad := range []string{"</script", "<!--", "\r"} {
		if bytes.Contains(bytes.ToLower(charts), []byte(bad)) {
			return nil, fmt.Errorf("the chart script contains %q", bad)
		}
	}
	return &scripts{
		Charts: template.JS(charts),
		Boot:   template.JS(pageBoot()),
		// Styles: the charts set style attributes on their own elements, which no hash can name.
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src " + scriptHash(charts) + " " + scriptHash([]byte(pageBoot())),
	}, nil
}

func scriptHash(script []byte) string {
	sum := sha256.Sum256(script)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
