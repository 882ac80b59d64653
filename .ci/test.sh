#!/usr/bin/env bash
# Everything a change must pass, the quick answers first. CI runs the same, with CI=true: there a skipped window is a
# failure, and so is a generated file that differs from the one committed.
set -euo pipefail
. "$(dirname "$0")/env.sh"
export INSTA_UPDATE=no WEBKIT_DISABLE_DMABUF_RENDERER=1
LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT

step() {
  local name=$1 begun=$SECONDS
  shift
  say "" "== $name"
  "$@" || { say "" "$name: failed"; exit 1; }
  say "   $((SECONDS - begun)) s"
}

generated() {
  has git && git rev-parse --git-dir > /dev/null 2>&1 || return 0
  git diff "$@" -- Cargo.lock ui/package-lock.json ui/src/bindings '*.snap'
  git ls-files --others --exclude-standard -- '*.snap'
}
BEFORE=$(generated)

in_a_desktop() {
  if has dbus-run-session && has xvfb-run; then
    # A session of its own, so that nothing is left running; a screen of its own, so that a user's windows stay alone.
    dbus-run-session -- xvfb-run -a -s "-screen 0 1440x900x24" "$@"
  else
    "$@"
  fi
}

rust_tests() {
  # The session bus is talkative about desktops that are not there.
  if cargo nextest --version > /dev/null 2>&1; then
    in_a_desktop cargo nextest run --workspace --locked --color never 2> >(grep -v '^dbus-daemon\|^SpiRegistry' | tee "$LOG" >&2)
  else
    in_a_desktop cargo test --workspace --locked --no-fail-fast 2>&1 | grep -v '^dbus-daemon\|^SpiRegistry' | tee "$LOG" >&2
  fi
}

counted() {
  # nextest: `Summary [..] 12 tests run: 11 passed, 1 failed, 0 skipped`; cargo test: one `test result:` line a binary.
  awk '/^ +Summary \[/ || /^test result:/ {
         for (i = 2; i <= NF; i++) {
           if ($i ~ /^passed/) passed += $(i-1)
           if ($i ~ /^(failed|timed)/) failed += $(i-1)
         }
       }
       END { printf "%d passed, %d failed\n", passed, failed }' "$LOG"
}

unchanged() {
  local against=() after
  [ -n "${CI:-}" ] && against=(HEAD) && BEFORE=
  after=$(generated "${against[@]}")
  [ "$after" = "$BEFORE" ] && return
  say "$after" "a generated file differs from the one committed; commit what the tests made, or find out why they made it"
  return 1
}

licences() {
  if cargo deny --version > /dev/null 2>&1; then
    cargo deny --offline check bans licenses sources
  else
    say "   skipped: cargo-deny is not installed"
  fi
}

step "format" cargo fmt --all --check
step "UI: lint" npm run --silent --prefix ui lint
step "UI: types" npm run --silent --prefix ui typecheck
step "UI: tests" npm run --silent --prefix ui test
step "UI: build" npm run --silent --prefix ui build
step "tidy" cargo xtask tidy
step "licences" licences
step "clippy" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

begun=$SECONDS
say "" "== tests, the real window among them"
status=0
rust_tests || status=$?
say "   $((SECONDS - begun)) s"
[ $status -eq 0 ] || { counted; exit 1; }

step "examples in the docs" cargo test --workspace --locked --doc --quiet
step "generated files" unchanged
say "" "everything passed in $SECONDS s"
counted
