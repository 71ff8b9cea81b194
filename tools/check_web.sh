#!/bin/sh
# Checks of the page under web/, one at a time so that ctest shows which one was skipped:
#   tools/check_web.sh built      web/dist/index.html is what its source gives, byte for byte
#   tools/check_web.sh unit       types, and tests without a browser
#   tools/check_web.sh browser    the page in Chromium, with a report that PENFIELD_PROGRAM (build/penfield) makes
#
# The program does not need them: it contains the page as committed. If a check cannot run here, it prints the reason and
# exits with 77, which ctest reports as skipped.
set -eu
cd "$(dirname "$0")/../web"

not_run() {
  echo "web.$check: not run: $1" >&2
  exit 77
}

check=${1-}
case $check in
  built | unit | browser) ;;
  *) echo "usage: tools/check_web.sh built|unit|browser" >&2; exit 2 ;;
esac
command -v node >/dev/null && command -v npm >/dev/null || not_run "no node or no npm here (Debian: nodejs, npm)"
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 19) ? 0 : 1)' ||
  not_run "node $(node --version) is too old; the page's tools need 18.19"

# Exact versions by package-lock.json, fetched once. A missing network is not a fault of the page.
stamp=node_modules/.package-lock.json
if ! [ -f $stamp ] || [ package-lock.json -nt $stamp ]; then
  if ! log=$(npm ci --no-audit --no-fund 2>&1); then
    case $log in
      *ENOTFOUND* | *EAI_AGAIN* | *ECONN* | *ETIMEDOUT* | *ENETUNREACH*) not_run "the npm registry cannot be reached" ;;
    esac
    printf '%s\n' "$log" >&2
    exit 1
  fi
  touch $stamp
fi

case $check in
  built) exec npm run --silent check-built ;;
  unit) npm run --silent check && exec npm run --silent test:unit ;;
  browser)
    for chromium in "${PENFIELD_CHROMIUM:-/usr/bin/chromium}" /usr/bin/chromium-browser /usr/bin/google-chrome; do
      [ ! -x "$chromium" ] || break
    done
    [ -x "$chromium" ] || not_run "no Chromium here (Debian: chromium; or name one in PENFIELD_CHROMIUM)"
    exec npm run --silent test:browser
    ;;
esac
