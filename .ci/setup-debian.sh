#!/usr/bin/env bash
# Installs what building and testing Tieout needs and this machine lacks. Tried on Debian 12 only.
set -euo pipefail

if ! command -v cargo >/dev/null 2>&1; then
  echo "The Rust toolchain is missing. Install it with rustup (see the rustup home page), then run make again." >&2
  exit 2
fi
command -v dpkg-query >/dev/null 2>&1 || {
  echo "This is not Debian: install the webkit2gtk 4.1 and librsvg2 development packages and xmllint with your package manager (not tried here)."
  exit 0
}
missing=()
for package in libwebkit2gtk-4.1-dev librsvg2-dev libxml2-utils; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update
  $sudo apt-get install -y --no-install-recommends "${missing[@]}"
fi
