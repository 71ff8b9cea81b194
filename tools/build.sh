#!/usr/bin/env bash
# Builds into build/ (preset release) with little output: one line on what will happen, then the share that is done.
# Errors and warnings of the compiler are shown whole.
#
#   tools/build.sh penfield            the program
#   tools/build.sh all [-DNAME=VALUE]  the program and its tests; cmake options follow the target
#
# JOBS: how many processors to use; default all. Packages must be installed (tools/install_packages.sh build).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { echo "usage: tools/build.sh TARGET [CMAKE-OPTION...]" >&2; exit 2; }
target=$1
shift
jobs=${JOBS:-$(nproc)}
build=build

# Minutes of one processor and MB of disk that a build from nothing takes (measured: GCC 12, two cores of a Zen 4).
case $target in
  penfield) minutes=4 megabytes=30 what="Penfield" ;;
  *) minutes=16 megabytes=500 what="Penfield and its tests" ;;
esac
if [ ! -e $build/.ninja_log ]; then
  echo "Compiling $what: about $(((minutes + jobs - 1) / jobs)) minutes on $jobs processors, $megabytes MB in $build/."
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset release "$@" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

# On a terminal ninja keeps to one line. Elsewhere every tenth of the work is a line, and what is no status is passed on.
if [ -t 1 ]; then
  NINJA_STATUS='[%p] ' exec cmake --build $build -j "$jobs" --target "$target"
fi
NINJA_STATUS='@@%p ' cmake --build $build -j "$jobs" --target "$target" 2>&1 | awk '
  sub(/^@@ */, "") {
    tenth = int($1 / 10)
    if (tenth > last && tenth < 10) { print tenth "0%"; fflush() }
    if (tenth > last) last = tenth
    next
  }
  /^ninja: no work to do/ || /^\[0\/[0-9]+\] Re-checking/ { next }
  { print; fflush() }'
