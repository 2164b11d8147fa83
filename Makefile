# make demo: the sample plan to workbook, page and results in out/     make test: all tests     make quick: what a change of a rule breaks first
# make release: programs for Windows, Linux and macOS, with checksums and licences
# Needs Go 1.26, and for the page Node with npm.

CHARTS := reports/page/assets/charts.js
PLATFORMS := windows/amd64 linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
RELEASE := out/release
# The same bytes from every folder, and the commit in it where there is one.
BUILD = CGO_ENABLED=0 GOFLAGS= go build -trimpath -buildvcs=$(shell git rev-parse -q --verify HEAD >/dev/null 2>&1 && echo true || echo false) -ldflags "-s -w"

.PHONY: demo test quick assets build windows release lint bench fuzz ci pictures clean

demo: assets
	go run ./cmd/zhencai run scenarios/guangtong -o out --replace

# The packages that take longest begin; four at a time, for they wait for LibreOffice and Chromium.
test: assets
	go test -timeout 30m -p 4 ./reports/workbook ./reports/page ./...

# vet, the language, the rule book on its examples and plans by hand, and every message of the loader: under half a minute, no other program.
quick:
	go vet ./model/... ./scenarios/...
	go test ./model/formula
	go test ./model -skip 'RandomPlans|Doubling|OrderOfDeclarations|Rerun|Update'
	go test ./scenarios -run 'TestErrors|TestJSONSchema|TestLayers|TestStarter|TestPlanValues'

assets: $(CHARTS)

$(CHARTS): reports/page/package-lock.json reports/page/build.js reports/page/charts.js
	cd reports/page && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node build.js

build: assets
	$(BUILD) -o zhencai ./cmd/zhencai

windows: assets
	GOOS=windows GOARCH=amd64 $(BUILD) -o zhencai.exe ./cmd/zhencai

# A program for every system, with checksums and the licences of all that is in them.
release: assets
	rm -rf $(RELEASE)
	$(foreach p,$(PLATFORMS),GOOS=$(word 1,$(subst /, ,$p)) GOARCH=$(word 2,$(subst /, ,$p)) $(BUILD) -o $(RELEASE)/zhencai-$(subst /,-,$p)$(if $(findstring windows,$p),.exe) ./cmd/zhencai &&) true
	go run ./internal/release $(RELEASE) $(PLATFORMS)

lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench:
	go test -run '^$$' -bench . -benchmem -count 6 ./model/formula ./cmd/zhencai

# Every fuzz target so many executions, behind everything else on the machine. It watches our own packages: go test -fuzz watches every library as well, which takes
# eight times as long. What it finds stands in the package's testdata/fuzz, where every later test tries it.
EXECUTIONS := 1000000x
fuzz:
	mkdir -p out/fuzz
	grep -roE --include='*_test.go' '^func Fuzz[A-Za-z]+' cmd model reports scenarios | sed 's|/[^/]*:func | |' | sort | while read -r folder target; do \
	  echo "$$folder $$target" && go test -c -gcflags='zhencai/...=-d=libfuzzer' -o out/fuzz/fuzz.test "./$$folder" && \
	  (cd "$$folder" && nice -n 19 "$(CURDIR)/out/fuzz/fuzz.test" -test.run '^$$' -test.fuzz "^$$target$$" -test.parallel 1 -test.fuzzminimizetime 5x \
	    -test.fuzztime $(EXECUTIONS) -test.fuzzcachedir "$(CURDIR)/out/fuzz/$$folder") || exit 1; done

ci:
	.ci/run

clean:
	rm -rf out zhencai zhencai.exe $(CHARTS) reports/page/node_modules

# The pictures of the README, from the sample: needs Chromium, LibreOffice and pdftoppm.
pictures: demo
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1500 --virtual-time-budget=4000 --screenshot=reports/pictures/page.png file://$(CURDIR)/out/guangtong.html
	soffice --headless --convert-to pdf --outdir out out/guangtong.xlsx
	pdftoppm -r 110 -f 4 -l 4 -singlefile -png out/guangtong.pdf reports/pictures/workbook
	ZHENCAI_SHOTS=$(CURDIR)/out/shots go test ./reports/page -count=1 -run TestPictures
	cp out/shots/why-zh-light.png reports/pictures/why.png
	cp out/shots/show-zh-dark-02.png reports/pictures/present.png
