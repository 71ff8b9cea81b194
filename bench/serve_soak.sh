#!/usr/bin/env bash
# The explorer under load: 64 clients send requests without a pause while 200 slow ones keep their connections open.
#
#   bench/serve_soak.sh [SECONDS]     after make bench has built what it needs
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill -INT "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
build/penfield demo -o "$work/demo" >"$work/log" 2>&1
build/penfield serve "$work/demo" --no-open -q >"$work/url" &
server=$!
for _ in $(seq 100); do
  [ -s "$work/url" ] && break
  sleep 0.1
done
port=$(sed 's/.*:\([0-9]*\).*/\1/' "$work/url")
build/bench/serve_soak "$port" "$server" "${1:-60}"
