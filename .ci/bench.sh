#!/usr/bin/env bash
# Runs every benchmark: the examples named bench_*.rs of each crate, as a released program would run.
set -euo pipefail
. "$(dirname "$0")/env.sh"
shopt -s nullglob
for source in src-tauri/crates/*/examples/bench_*.rs; do
  crate=$(basename "$(dirname "$(dirname "$source")")")
  name=$(basename "$source" .rs)
  say "" "== $crate: $name"
  cargo run --locked --release --quiet --package "tieout-$crate" --example "$name"
done
