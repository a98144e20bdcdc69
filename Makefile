# Two commands matter: `make demo` shows Hark at work, `make test` proves that it works. Both bring what they need.

GO      ?= go
DEBIAN  := chromium postgresql dovecot-imapd sip-tester python3-gi gir1.2-ical-3.0
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Pages and verbs are thousands of small functions. Copied into whoever calls them they made the program 4 MB larger, and nothing faster.
GCFLAGS := -gcflags 'hark/web/...=-l' -gcflags 'hark/desk=-l'

.PHONY: help demo build pages generate test check test-needs bench fuzz clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: build ## build and start a desk with a support team's day in it
	./hark demo --data ./tmp/demo

build: pages ## one static binary: ./hark
	CGO_ENABLED=0 $(GO) build -trimpath $(GCFLAGS) -ldflags '$(LDFLAGS)' -o hark ./cmd/hark

pages: web/dist/manifest.json ## scripts, styles and fonts of the pages

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

web/dist/manifest.json: web/node_modules/.package-lock.json $(shell find web -name '*.css' -not -path '*/node_modules/*' -not -path '*/dist/*') $(shell find web -name '*.ts' -not -path '*/node_modules/*' -not -path '*/dist/*') $(wildcard web/build/*.go)
	$(GO) run ./web/build

generate: ## page templates to Go
	$(GO) tool templ generate

test: test-needs pages check ## every test, on SQLite and on PostgreSQL, in a real browser
	$(GO) test -p 2 -timeout 45m ./...

check: ## formatting, vet, generated files and go.mod are as they should be
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt these files: $$out"; exit 1; }
	@before=$$(cat $$(git ls-files '*_templ.go') | sha256sum); $(GO) tool templ generate >/dev/null 2>&1; \
	test "$$before" = "$$(cat $$(git ls-files '*_templ.go') | sha256sum)" || { echo "templates had changed and their Go had not; it is generated now, look at it and commit it"; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet ./...

test-needs: ## Debian packages that the tests use: a browser, PostgreSQL, dovecot, sipp, libical
	@missing=; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { echo "please install:$$missing"; exit 1; }; \
	  SUDO=; [ $$(id -u) = 0 ] || SUDO=sudo; \
	  $$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends $$missing; \
	fi

bench: pages ## measure the running product against its budgets
	$(GO) test -tags bench -count 1 -timeout 60m -v ./internal/bench | grep -v '^=== \|^ *--- \|^    bench_test'

fuzz: ## ten seconds for every fuzz target
	@for f in $$(grep -rl 'func Fuzz' --include='*_test.go' .); do for n in $$(grep -o 'func Fuzz[A-Za-z0-9_]*' $$f | cut -c6-); do \
	  $(GO) test -run '^$$' -fuzz "^$$n$$" -fuzztime 10s $$(dirname $$f) || exit 1; done; done

clean: ## what builds leave behind
	rm -rf hark tmp web/node_modules web/dist/*
