#!/bin/sh
# The browser tests drive Chromium. Installs Debian's package where that can be done, else says what is missing.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests"
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; then exit 0; fi
fi

echo "Chromium is missing: the browser tests are left out (under CI they fail). Install it as 'chromium'." >&2
