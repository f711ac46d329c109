#!/usr/bin/env bash
# Installs what only the benchmarks need: wrk, which loads the HTTP server. Without it those figures are left out.
set -euo pipefail
command -v wrk >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq wrk >/dev/null
else
  echo "thinktwice: please install wrk; without it the HTTP benchmark is left out" >&2
fi
