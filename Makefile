# `make test` is what CI runs. Everything a bare Debian 12 lacks is installed by .ci/setup-debian.sh.
.PHONY: setup test lint fmt

setup:
	@bash .ci/setup-debian.sh

fmt:
	cargo fmt --all

lint: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

test: lint
	@if command -v cargo-nextest >/dev/null 2>&1; then cargo nextest run --workspace --locked --no-tests=pass; else cargo test --workspace --locked; fi
