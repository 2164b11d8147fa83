# make demo: the sample plan to workbook, page and results in out/     make test: all tests
# Needs Go 1.26, and for the page Node with npm.

CHARTS := reports/assets/charts.js

.PHONY: demo test assets build windows lint bench ci clean

demo: assets
	go run ./cmd/zhencai run scenarios/guangtong -o out

test: assets
	go test ./...

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
