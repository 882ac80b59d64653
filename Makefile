# Everything here sets up what it needs first. On Debian 12 nothing but make and Rust has to be there before.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test build bench fmt lint

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: ## system libraries, Node and UI packages that are missing
	@.ci/setup.sh

run: ## open the demo company (in the terminal where there is no display); PROFILE=dev compiles faster
	@.ci/start.sh

test: setup ## all checks and tests, the real window among them
	@.ci/test.sh

build: setup ## released programs in target/release: tieout-desktop, tieout, tieout-verify; and target/sbom.cdx.json
	@. .ci/env.sh && npm run --silent --prefix ui build
	@. .ci/env.sh && cargo build --locked --release --package tieout-desktop --package tieout-cli --package tieout-verify
	@. .ci/env.sh && cargo xtask parts

bench: ## the benchmarks of docs/benchmarks.md
	@.ci/setup.sh terminal && .ci/bench.sh

fmt: setup ## format Rust and UI
	@. .ci/env.sh && cargo fmt --all && npm run --silent --prefix ui format

lint: setup ## formatting, lints and types, without running a test
	@. .ci/env.sh && cargo fmt --all --check && cargo xtask tidy && cargo clippy --workspace --all-targets --locked -- -D warnings
	@. .ci/env.sh && npm run --silent --prefix ui lint && npm run --silent --prefix ui typecheck
