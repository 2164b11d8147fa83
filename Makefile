# make demo: the sample plan to workbook, page and results in out/     make test: all tests     make quick: what a change of a rule breaks first
# Needs Go 1.26, and for the page Node with npm.

CHARTS := reports/page/assets/charts.js

.PHONY: demo test quick assets build windows lint bench ci pictures clean

demo: assets
	go run ./cmd/zhencai run scenarios/guangtong -o out

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
	go build -trimpath -ldflags "-s -w" -o zhencai ./cmd/zhencai

windows: assets
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o zhencai.exe ./cmd/zhencai

lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench:
	go test -run '^$$' -bench . -benchmem -count 6 ./model/formula ./cmd/zhencai

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
