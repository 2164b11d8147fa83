package page

import (
	"fmt"
	"os"
	"testing"

	"zhencai/internal/testrun"
	"zhencai/model/formula"
)

// TestPictures leaves pictures of the sample's page, section by section, where ZHENCAI_SHOTS names a folder: for a person to look at.
func TestPictures(t *testing.T) {
	if os.Getenv("ZHENCAI_SHOTS") == "" {
		t.Skip("set ZHENCAI_SHOTS to a folder to get pictures of the page")
	}
	needAssets(t)
	b := startBrowser(t)
	for _, lang := range []formula.Lang{formula.ZH, formula.EN} {
		page := pageOf(t, testrun.Compared(t, testrun.Of(t, testrun.Sample, lang)))
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int{1280, 1920, 390} {
				tab := b.open(t, page, width, width*9/16)
				tab.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": theme}}}, nil)
				tab.settle()
				tab.shoot(fmt.Sprintf("page-%s-%s-%d", lang, theme, width))
				if width == 1280 {
					tab.eval(`document.querySelector("#promises").closest("section").querySelector("details").open = true; document.querySelectorAll("#promises ~ details tr")[8].querySelectorAll("button.number")[2].click()`)
					tab.settle()
					tab.shoot(fmt.Sprintf("why-%s-%s", lang, theme))
					tab.key("Escape", 27, "")
					tab.eval(`document.getElementById("show").click()`)
					for i := range int(tab.number(`document.querySelectorAll("main > section").length`)) {
						tab.settle()
						tab.shoot(fmt.Sprintf("show-%s-%s-%02d", lang, theme, i))
						tab.key("ArrowRight", 39, "")
					}
				}
				tab.close()
			}
		}
	}
}
