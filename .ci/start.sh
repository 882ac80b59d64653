#!/usr/bin/env bash
# `make run`: the demo company in the window, or the same job in the terminal where there is no display.
set -euo pipefail
. "$(dirname "$0")/env.sh"
PROFILE=${PROFILE:-release}
BUILT=$TARGET/$PROFILE
[ "$PROFILE" = dev ] && BUILT=$TARGET/debug
export TIEOUT_DATA=${TIEOUT_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/tieout-demo}

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname -s)" = Linux ]; then
  .ci/setup.sh terminal
  cargo build --locked --profile "$PROFILE" --package tieout-cli
  say "" "There is no display, so the demo company is worked through here, by the same program behind the window." ""
  "$BUILT/tieout" demo --data "$TIEOUT_DATA"
  say "" "Its data and reports are in $TIEOUT_DATA"
else
  .ci/setup.sh window
  # A page built anew is compiled in anew, which takes minutes: only where something of it has changed.
  [ -n "$(find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -newer ui/dist/index.html -print -quit 2>&1)" ] &&
    npm run --silent --prefix ui build
  cargo build --locked --profile "$PROFILE" --package tieout-desktop
  say "" "Opening the demo company from $TIEOUT_DATA"
  exec "$BUILT/tieout-desktop" --demo
fi
