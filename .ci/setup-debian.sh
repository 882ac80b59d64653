#!/usr/bin/env bash
# Debian 12: installs the system packages that are missing, as root or through sudo.
set -euo pipefail
. "$(dirname "$0")/env.sh"

PACKAGES=(gcc libc6-dev pkg-config ca-certificates)
if [ "${1:-window}" != terminal ]; then
  PACKAGES+=(
    libwebkit2gtk-4.1-dev librsvg2-dev           # to compile the window
    xvfb xauth dbus-daemon fonts-dejavu-core     # to show it where there is no screen
    webkit2gtk-driver libxml2-utils git          # to test it, and our XML against the vendor's schema
  )
  has npm || PACKAGES+=(nodejs npm)
fi

MISSING=()
for package in "${PACKAGES[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || MISSING+=("$package")
done
[ ${#MISSING[@]} -eq 0 ] && exit 0

AS_ROOT=()
if [ "$(id -u)" -ne 0 ]; then
  has sudo || stop "These system packages are missing, and this user may not install them. As root, run:" \
    "  apt-get update && apt-get install --no-install-recommends ${MISSING[*]}"
  AS_ROOT=(sudo)
fi
say "Installing system packages: ${MISSING[*]}"
"${AS_ROOT[@]}" apt-get update -qq
"${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${MISSING[@]}" > /dev/null
