package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/internal/testplan"
	"zhencai/internal/testrun"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// everyFigure computes a book in every scenario: its figures by line and column, n and e of n ÷ 10^e, nothing for a blank.
const everyFigure = `(book, scenarios) => { const out = [];
	for (let s = 0; s < scenarios; s++) {
		const run = book.run(s, null);
		book.lines.forEach((l, i) => {
			for (let col = l.a; col <= l.z && l.u !== "choice"; col++) {
				let d;
				try { d = run.value(i, col); } catch (e) { out.push("stopped"); continue; }
				out.push(d === null ? "" : d.n + "e-" + d.e);
			}
		});
	}
	return out; }`

// sameFigures holds what the page's script computed to the results, amounts to the last digit, and says how many figures there were.
func sameFigures(t *testing.T, plan string, run *reports.Run, figures []string) (compared int) {
	t.Helper()
	wrong, cal := 0, run.Book.Plan.Calendar
	for result := range run.Results {
		for line, l := range run.Book.Program.Lines[:len(run.Book.Lines)] {
			for col := l.First(); col <= l.Last(cal) && l.Unit != formula.Choice; col++ {
				if compared == len(figures) {
					t.Fatalf("%s: only %d figures", plan, compared)
				}
				text := figures[compared]
				compared++
				want, blank, there := run.Results[result].Values.At(line, col)
				got, err := decimal.NewFromString(text)
				same := blank && text == "" || !blank && there && err == nil && got.Sub(want).Abs().LessThan(decimal.New(1, -25))
				if l.Unit == formula.Money && !blank {
					same = same && got.Equal(want)
				}
				if !same && wrong < 5 {
					wrong++
					t.Errorf("%s: %s in column %d of result %d is %s in the page, %s in the engine", plan, run.Book.Lines[line].Address(), col, result, text, want)
				}
			}
		}
	}
	if compared != len(figures) {
		t.Errorf("%s: %d figures, want %d", plan, len(figures), compared)
	}
	return compared
}

// TestPageComputesWhatTheEngineDoes: every line in every year and scenario, to the last digit, of the sample plans, of the plan with everything in it and of
// the plan with every function: in the browser, from the page itself.
func TestPageComputesWhatTheEngineDoes(t *testing.T) {
	t.Parallel()
	needAssets(t)
	b := startBrowser(t)
	compared := 0
	_, carried := testplan.Roll(t, testrun.EverythingPlan, scenarios.Rolling{}) // with figures carried forward
	for _, plan := range []string{testrun.Sample, testrun.WorkedPlan, testrun.EverythingPlan, carried, testplan.Write(t, everyFunction)} {
		run := testrun.Of(t, plan, formula.ZH)
		tab := b.open(t, pageOf(t, run), 1280, 720)
		var figures []string
		if err := json.Unmarshal([]byte(tab.text(`(() => {`+openBookScript+` return JSON.stringify((`+everyFigure+`)(book, data.scenarios.length)); })()`)), &figures); err != nil {
			t.Fatal(err)
		}
		compared += sameFigures(t, plan, run, figures)
		for _, bad := range tab.complaints() {
			t.Error(bad)
		}
		tab.close()
	}
	if compared < 20_000 {
		t.Errorf("only %d figures were compared", compared)
	}
}

// TestPageComputesRandomPlans: the same of random plans, by the page's script alone, which Node runs without a page.
func TestPageComputesRandomPlans(t *testing.T) {
	t.Parallel()
	engine, err := pageScript.ReadFile("engine.js")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "figures.js")
	text := string(engine) + `
const every = ` + everyFigure + `;
const plans = require("readline").createInterface({input: process.stdin});
plans.on("line", (line) => { const plan = JSON.parse(line); console.log(JSON.stringify(every(openBook(plan.book, {}), plan.scenarios))); });`
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(testplan.Tool(t, "node", "the page's arithmetic is compared on the sample plans only"), script)
	in, out, told := pipes(t, cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	answers, compared := bufio.NewReader(out), 0
	for _, seed := range testplan.Plans(t, 200) {
		run := testrun.Of(t, testplan.WriteRandom(t, seed), formula.ZH)
		if err := json.NewEncoder(in).Encode(map[string]any{"book": newBriefing(run).book(), "scenarios": len(run.Results)}); err != nil {
			t.Fatal(err, told)
		}
		var figures []string
		answer, err := answers.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(answer, &figures)
		}
		if err != nil {
			t.Fatal(err, told)
		}
		if compared += sameFigures(t, fmt.Sprint("seed ", seed), run, figures); t.Failed() {
			return
		}
	}
	if compared < 1_000_000 {
		t.Errorf("only %d figures were compared", compared)
	}
	t.Logf("%d figures", compared)
}

func pipes(t *testing.T, cmd *exec.Cmd) (in io.WriteCloser, out io.Reader, told *bytes.Buffer) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if out, err = cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	told = &bytes.Buffer{}
	cmd.Stderr = told
	return in, out, told
}
