package page

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zhencai/internal/testplan"
)

// needAssets skips a test of the finished page in a build without the chart script.
func needAssets(t testing.TB) {
	t.Helper()
	if !HasAssets() {
		testplan.Missing(t, "no reports/page/assets/charts.js to test the page with: run make assets")
	}
}

// browser is a headless Chromium spoken to over a pipe, by its own protocol: a message is JSON and ends with NUL.
type browser struct {
	to      *os.File
	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	events  []message
}

type message struct {
	ID        int                       `json:"id,omitempty"`
	SessionID string                    `json:"sessionId,omitempty"`
	Method    string                    `json:"method,omitempty"`
	Params    json.RawMessage           `json:"params,omitempty"`
	Result    json.RawMessage           `json:"result,omitempty"`
	Error     *struct{ Message string } `json:"error,omitempty"`
}

// shared is the one browser of all tests, and what ends it.
var shared struct {
	once    sync.Once
	browser *browser
	err     error
	stop    func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// startBrowser gives the browser that all tests share; every page opens in a profile of its own.
func startBrowser(t testing.TB) *browser {
	t.Helper()
	path := testplan.Tool(t, "chromium", "the page is not tested in a browser")
	shared.once.Do(func() { shared.err = launch(path) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.browser
}

// launch starts the shared browser.
func launch(path string) error {
	inside, to, err := os.Pipe()
	if err != nil {
		return err
	}
	from, outside, err := os.Pipe()
	if err != nil {
		return err
	}
	profile, err := os.MkdirTemp("", "zhencai-chromium-")
	if err != nil {
		return err
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{inside, outside} // descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		return err
	}
	inside.Close()
	outside.Close()
	b := &browser{to: to, waiting: map[int]chan message{}}
	go b.listen(from)
	shared.browser, shared.stop = b, func() {
		to.Write(append([]byte(`{"id":0,"method":"Browser.close"}`), 0))
		to.Close() // without its pipe it ends in any case
		cmd.Wait()
		from.Close()
		for range 20 { // its helpers may still be writing
			if os.RemoveAll(profile) == nil {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	return nil
}

func (b *browser) listen(from *os.File) {
	r := bufio.NewReader(from)
	for {
		raw, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(raw[:len(raw)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if answer := b.waiting[m.ID]; m.ID != 0 && answer != nil {
			delete(b.waiting, m.ID)
			answer <- m
		} else {
			b.events = append(b.events, m)
		}
		b.mu.Unlock()
	}
}

// call asks the browser for something and waits for the answer.
func (b *browser) call(t testing.TB, session, method string, params, result any) {
	t.Helper()
	raw, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan message, 1)
	b.mu.Lock()
	b.last++
	m := message{ID: b.last, SessionID: session, Method: method, Params: raw}
	if params == nil {
		m.Params = nil
	}
	b.waiting[m.ID] = answer
	text, _ := json.Marshal(m)
	_, err = b.to.Write(append(text, 0))
	b.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(4 * time.Minute):
		t.Fatalf("%s: no answer from the browser", method)
	}
}

// tab is one open page.
type tab struct {
	*browser
	t       testing.TB
	session string
	context string // its own profile
	closed  bool
}

// open writes a page to a file and opens it as a person would, from the disk, in a window of the given size.
func (b *browser) open(t testing.TB, page []byte, width, height int) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "汇报.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	var context struct{ BrowserContextID string }
	b.call(t, "", "Target.createBrowserContext", map[string]any{}, &context)
	var target struct{ TargetID string }
	b.call(t, "", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": context.BrowserContextID}, &target)
	var attached struct{ SessionID string }
	b.call(t, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	tb := &tab{browser: b, t: t, session: attached.SessionID, context: context.BrowserContextID}
	t.Cleanup(tb.close)
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		tb.do(domain+".enable", nil, nil)
	}
	tb.resize(width, height)
	start := time.Now()
	tb.do("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	for tb.eval(`document.readyState + location.protocol`) != "completefile:" {
		if time.Since(start) > 4*time.Minute {
			t.Fatal("the page does not load")
		}
		time.Sleep(5 * time.Millisecond)
	}
	return tb
}

// close frees what an open page takes, before its test ends or then.
func (tb *tab) close() {
	tb.t.Helper()
	if tb.closed {
		return
	}
	tb.closed = true
	tb.call(tb.t, "", "Target.disposeBrowserContext", map[string]any{"browserContextId": tb.context}, nil)
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.events = slices.DeleteFunc(tb.events, func(e message) bool { return e.SessionID == tb.session })
}

func (tb *tab) do(method string, params, result any) {
	tb.t.Helper()
	tb.call(tb.t, tb.session, method, params, result)
}

// resize sets the window. Charts redraw a moment after the last change.
func (tb *tab) resize(width, height int) {
	tb.t.Helper()
	tb.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

func (tb *tab) settle() {
	tb.t.Helper()
	tb.eval(`new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(1))), 250))`)
}

// eval runs a test's own script in the page, which the page's policy does not concern, and returns its value.
func (tb *tab) eval(script string) any {
	tb.t.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	tb.do("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		tb.t.Fatalf("%s: %s %s", script, r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	}
	return r.Result.Value
}

// complaints are what must not happen in a page: console messages, exceptions, dialogs, and requests beside the file itself.
func (tb *tab) complaints() (bad []string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, e := range tb.events {
		if e.SessionID != tb.session {
			continue
		}
		switch e.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening":
			bad = append(bad, e.Method+" "+string(e.Params))
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			json.Unmarshal(e.Params, &p)
			if !strings.HasPrefix(p.Request.URL, "file://") || !strings.HasSuffix(p.Request.URL, ".html") {
				bad = append(bad, "request for "+p.Request.URL)
			}
		}
	}
	return bad
}

// shoot keeps a picture of what the window shows, and of the whole page, where ZHENCAI_SHOTS names a folder to look at afterwards.
func (tb *tab) shoot(name string) {
	tb.t.Helper()
	dir := os.Getenv("ZHENCAI_SHOTS")
	if dir == "" {
		return
	}
	var size struct {
		CSSContentSize struct{ Width, Height float64 } `json:"cssContentSize"`
	}
	tb.do("Page.getLayoutMetrics", nil, &size)
	for suffix, clip := range map[string]any{"": nil, "-full": map[string]any{"x": 0, "y": 0, "width": size.CSSContentSize.Width, "height": size.CSSContentSize.Height, "scale": 1}} {
		params := map[string]any{"format": "png"}
		if clip != nil {
			params["clip"], params["captureBeyondViewport"] = clip, true
		}
		var shot struct{ Data []byte }
		tb.do("Page.captureScreenshot", params, &shot)
		if err := os.WriteFile(filepath.Join(dir, name+suffix+".png"), shot.Data, 0o644); err != nil {
			tb.t.Fatal(err)
		}
	}
}

// print is the page as PDF.
func (tb *tab) print() []byte {
	tb.t.Helper()
	var pdf struct{ Data []byte }
	tb.do("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": false}, &pdf)
	if dir := os.Getenv("ZHENCAI_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "page.pdf"), pdf.Data, 0o644); err != nil {
			tb.t.Fatal(err)
		}
	}
	return pdf.Data
}

// key presses one key; text is what it types, if anything.
func (tb *tab) key(name string, code int, text string) {
	tb.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		tb.do("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code, "text": text}, nil)
	}
}

func (tb *tab) number(script string) float64 {
	tb.t.Helper()
	n, ok := tb.eval(script).(float64)
	if !ok {
		tb.t.Fatalf("%s is not a number", script)
	}
	return n
}

func (tb *tab) text(script string) string {
	tb.t.Helper()
	return fmt.Sprint(tb.eval(script))
}
