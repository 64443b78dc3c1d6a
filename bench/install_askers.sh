#!/bin/sh
# What asks while we measure: wrk and pgbench. Installs Debian's packages where that can be done, else says what is missing.
set -eu

is_there() { command -v wrk >/dev/null && pgbench --version >/dev/null 2>&1; }

if is_there; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing wrk and pgbench to measure with"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y wrk postgresql >/dev/null
fi
if is_there; then exit 0; fi
echo "wrk and pgbench are needed to measure: install the packages wrk and postgresql." >&2
exit 1
