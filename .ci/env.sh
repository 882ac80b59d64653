# Sourced by the other scripts: stands at the repository root, with the Node that setup may have fetched first in PATH.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
TOOLING=$PWD/.tooling
[ -d "$TOOLING/bin" ] && PATH=$TOOLING/bin:$PATH
[ -d "$HOME/.cargo/bin" ] && PATH=$PATH:$HOME/.cargo/bin
export PATH
TARGET=${CARGO_TARGET_DIR:-target}

say() { printf "%s\n" "$@" >&2; }

# stop MESSAGE...: says what is missing and what to do, and ends with the status for "wrong use".
stop() {
  say "" "$@"
  exit 2
}

# at_least 20.19.0 "$(node -p process.versions.node)"
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

has() { command -v "$1" > /dev/null 2>&1; }
