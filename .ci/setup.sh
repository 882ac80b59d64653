#!/usr/bin/env bash
# Brings what a bare machine lacks, and nothing that is there. `setup.sh terminal` is enough for the command line alone.
set -euo pipefail
. "$(dirname "$0")/env.sh"
WANTED=${1:-window}

rust() {
  local least
  least=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
  has cargo && has rustc || stop "Tieout needs the Rust toolchain ($least or newer), and cargo is not on this machine." \
    "Install it with the one command shown at https://rustup.rs, open a new shell, and run this again."
  local found
  found=$(rustc --version | cut -d' ' -f2)
  at_least "$least" "${found%%-*}" || stop "Tieout needs Rust $least or newer; this is $found. Run: rustup update stable"
}

system() {
  local family=unknown
  [ "$(uname -s)" = Darwin ] && family=macos
  [ -r /etc/os-release ] && . /etc/os-release && case " ${ID:-} ${ID_LIKE:-} " in *debian*) family=debian ;; esac
  case $family in
    debian) .ci/setup-debian.sh "$WANTED" ;;
    macos) xcode-select -p > /dev/null 2>&1 || stop "Tieout needs Apple's command line tools. Run: xcode-select --install" ;;
    *) elsewhere ;;
  esac
}

# Only Debian 12 was tried. These are the same libraries under the names other systems give them.
elsewhere() {
  has cc || stop "Tieout needs a C compiler (gcc or clang)."
  [ "$WANTED" = terminal ] && return
  has pkg-config && pkg-config --exists webkit2gtk-4.1 librsvg-2.0 && return
  stop "Tieout needs WebKitGTK 4.1 and librsvg with their headers. This system is not Debian, where it was tried (12)." \
    "Not tried, but these name the same libraries:" \
    "  Fedora:    sudo dnf install gcc pkgconf webkit2gtk4.1-devel librsvg2-devel libxml2 xorg-x11-server-Xvfb dbus-daemon nodejs npm" \
    "  Arch:      sudo pacman -S --needed base-devel webkit2gtk-4.1 librsvg libxml2 xorg-server-xvfb dbus nodejs npm" \
    "  openSUSE:  sudo zypper install gcc pkg-config webkit2gtk3-devel librsvg-devel libxml2-tools xvfb-run dbus-1-daemon nodejs npm"
}

# Vite asks for 20.19. Where the system's Node is older, Node's own build comes from the npm registry, into .tooling.
node() {
  local least=20.19.0 found
  found=$(command node -p process.versions.node 2> /dev/null || echo 0)
  at_least "$least" "$found" && has npm && return
  has npm || stop "Tieout needs Node $least or newer with npm."
  local machine
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) machine=linux-x64 ;;
    Linux-aarch64) machine=linux-arm64 ;;
    Darwin-x86_64) machine=darwin-x64 ;;
    Darwin-arm64) machine=darwin-arm64 ;;
    *) stop "Tieout needs Node $least or newer; this is $found." ;;
  esac
  say "Node $found is too old for the UI; fetching Node 22 from the npm registry into .tooling"
  npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix "$TOOLING" "node-$machine@22" npm@10
  mkdir -p "$TOOLING/bin"
  ln -sf "../node_modules/node-$machine/bin/node" "$TOOLING/bin/node"
  ln -sf ../node_modules/npm/bin/npm-cli.js "$TOOLING/bin/npm"
  ln -sf ../node_modules/npm/bin/npx-cli.js "$TOOLING/bin/npx"
  chmod +x "$TOOLING"/node_modules/npm/bin/*-cli.js
  PATH=$TOOLING/bin:$PATH
  hash -r
}

ui_packages() {
  [ ui/node_modules/.package-lock.json -nt ui/package-lock.json ] && return
  npm ci --prefix ui --ignore-scripts --no-audit --no-fund --loglevel=error
  touch ui/node_modules/.package-lock.json
}

rust
system
if [ "$WANTED" != terminal ]; then
  node
  ui_packages
fi
