package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// The page's colours, type and spacing, all of them: the style sheet and the charts know them by name only. A chart option names a colour as a
// style does ("--ink"); boot.js looks it up when it draws, so that charts follow the theme.

// tone is a colour by name, in the light theme and in the dark one.
type tone struct{ name, light, dark string }

var tones = []tone{
	{"paper", "#ffffff", "#14181d"},
	{"pale", "#f4f5f6", "#1f262d"},
	{"ink", "#1a1a1a", "#e8eaed"},
	{"quiet", "#545454", "#b0b6bd"},
	{"axis", "#595959", "#a3aab2"},
	{"rule", "#d5d5d5", "#3d454e"},
	{"grid", "#dcdcdc", "#333a42"},
	{"veil", "#ffffffcc", "#14181dcc"}, // behind a figure that stands on a chart
	{"link", "#0b4ea2", "#8ab4f8"},
	{"note", "#fff1c9", "#3b3010"}, // what is illustrative
	{"note-edge", "#8a5d00", "#e0b04c"},
	{"owed", "#a3151a", "#ff8a80"},
	{"spring", "#4c7d9b", "#6aa5c9"}, // where money comes from, and where it goes
	{"drain", "#8f7a4e", "#c9ae76"},
	{"band-green", "#edf6ed", "#15271a"}, // behind the debt ratio
	{"band-yellow", "#fefae0", "#2a2710"},
	{"band-orange", "#fef0e0", "#302214"},
	{"band-red", "#fbe7e5", "#331c1c"},
	{"heat-full", "#dbe9f4", "#1d3a52"}, // coverage
	{"heat-90", "#fbe3c0", "#574313"},
	{"heat-70", "#f5b273", "#84480f"},
	{"heat-low", "#e5793a", "#a8470f"},
	{"step-0", "#eff5fa", "#17242f"}, // from little to much
	{"step-1", "#d5e5f2", "#1b3547"},
	{"step-2", "#b5d1e8", "#20465f"},
	{"step-3", "#92bbdc", "#265876"},
	{"step-4", "#6da5cf", "#2c698d"},
	{"level-ink", "#1a1a1a", "#1a1a1a"},
	{"level-green", "#a5d6a7", "#a5d6a7"},
	{"level-yellow", "#ffe066", "#ffe066"},
	{"level-orange", "#ffa94d", "#ffa94d"},
	{"level-red", "#b3261e", "#c9362d"},
	{"level-red-ink", "#ffffff", "#ffffff"},
}

// scenarioColours are those of Okabe and Ito, which people with any kind of colour vision tell apart, without the yellow, which no projector
// shows on white; the last four are of Tol's muted set, for plans with many scenarios. ink is the same hue strong enough to read.
var scenarioColours = []struct{ line, ink, darkLine, darkInk, shape string }{
	{"#0072b2", "#00598c", "#4aa3df", "#7cc0ef", "circle"},
	{"#d55e00", "#a84600", "#f08030", "#f79a5c", "rect"},
	{"#009e73", "#00704f", "#2bbf91", "#5fd6ae", "triangle"},
	{"#cc79a7", "#96406f", "#e08fbf", "#eaa9cf", "diamond"},
	{"#e69f00", "#8a5d00", "#f0b429", "#f5c659", "emptyCircle"},
	{"#56b4e9", "#1c6c9c", "#7cc8f2", "#9ad6f7", "emptyRect"},
	{"#4d4d4d", "#3a3a3a", "#b0b6bd", "#c5cad0", "emptyTriangle"},
	{"#8c510a", "#734207", "#c98b4a", "#d9a46a", "emptyDiamond"},
	{"#332288", "#332288", "#8f86e0", "#aea7ee", "diamond"},
	{"#882255", "#882255", "#c9638b", "#e08bab", "emptyCircle"},
	{"#999933", "#66661f", "#bcbc5a", "#cfcf7d", "rect"},
	{"#44aa99", "#23695e", "#6ccabb", "#8ad9cc", "emptyTriangle"},
}

// stackTones are greys and sands, dark to light: they stay apart in grey print and leave the scenarios' colours alone.
var stackTones = []struct{ light, dark string }{
	{"#22495e", "#9ccbe2"}, {"#6f9bb0", "#4f7f97"}, {"#c8b07a", "#d9bd80"}, {"#c9dbe3", "#2f5468"}, {"#7d5f3a", "#a98453"},
	{"#8f8f8f", "#9aa1a9"}, {"#e7d9b8", "#6e6036"}, {"#3c3c3c", "#d0d4d9"}, {"#a9c4a4", "#5f8159"}, {"#e6d6df", "#b598a9"},
}

// Names of colours as chart options write them. stackColours are for parts of a stack, paleColours for the same parts when only promised.
const (
	chartInk    = "--ink"
	chartPaper  = "--paper"
	chartGrey   = "--axis"
	chartRule   = "--grid"
	owedColour  = "--owed"
	chartVeil   = "--veil"
	chartSpring = "--spring"
	chartDrain  = "--drain"
)

var stackColours, paleColours = numbered("--k", len(stackTones)), numbered("--p", len(stackTones))

func numbered(name string, n int) (names []string) {
	for i := range n {
		names = append(names, name+strconv.Itoa(i))
	}
	return names
}

// dimensions are type and spacing. The root font grows with the window, so everything is in rem.
var dimensions = []struct{ name, value string }{
	{"font", chartFonts},
	{"title", "1.9rem"}, {"heading", "1.5rem"}, {"name", "1.15rem"}, {"large", "1.35rem"}, {"words", "1.05rem"}, {"small", "0.85rem"},
	{"edge", "1.5rem"}, {"gap", "1rem"}, {"tight", "0.4rem"}, {"round", "0.4rem"}, {"column", "78rem"}, {"chart", "26rem"},
}

// Sizes within charts are for a root font of 18 px; boot.js scales them with the page.
const (
	chartText  = 16
	labelText  = 15
	legendText = 15 * chartText // the widest name in a legend
	chartFonts = `"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif`
)

// themed are all colours of the page.
func themed() []tone {
	all := append([]tone{}, tones...)
	for i, c := range scenarioColours {
		all = append(all, tone{"s" + strconv.Itoa(i), c.line, c.darkLine}, tone{"t" + strconv.Itoa(i), c.ink, c.darkInk})
	}
	for i, c := range stackTones {
		all = append(all, tone{"k" + strconv.Itoa(i), c.light, c.dark}, tone{"p" + strconv.Itoa(i), mixed(c.light, tones[0].light), mixed(c.dark, tones[0].dark)})
	}
	return all
}

// mixed is a colour with two parts of paper.
func mixed(colour, paper string) string {
	channel := func(s string, i int) int64 {
		n, _ := strconv.ParseInt(s[1+2*i:3+2*i], 16, 64) // both are of the tables above
		return n
	}
	out := "#"
	for i := range 3 {
		out += fmt.Sprintf("%02x", (channel(colour, i)+2*channel(paper, i))/3)
	}
	return out
}

// themeCSS writes the tables as custom properties: light, dark where the system or the switch says so, light again on paper.
func themeCSS() template.CSS {
	var light, dark, classes strings.Builder
	for _, m := range dimensions {
		fmt.Fprintf(&classes, "--%s:%s;", m.name, m.value)
	}
	sizes := classes.String()
	classes.Reset()
	for _, t := range themed() {
		fmt.Fprintf(&light, "--%s:%s;", t.name, t.light)
		fmt.Fprintf(&dark, "--%s:%s;", t.name, t.dark)
	}
	for i := range scenarioColours {
		fmt.Fprintf(&classes, ".s%d{--line:var(--s%d);--named:var(--t%d)}\n", i, i, i)
	}
	return template.CSS(":root{color-scheme:light;" + sizes + light.String() + "}\n" +
		"@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;" + dark.String() + "}}\n" +
		"@media screen{:root[data-theme=dark]{color-scheme:dark;" + dark.String() + "}}\n" + classes.String())
}
