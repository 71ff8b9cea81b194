#!/bin/sh
# Fails if docs/cli.md or docs/penfield.1 is not what the program says of its commands and flags.
#   tools/check_reference.sh [--fix] [PROGRAM]      --fix writes them; PROGRAM: default build/penfield
set -eu
cd "$(dirname "$0")/.."

fix=no
if [ "${1-}" = --fix ]; then
  fix=yes
  shift
fi
program=${1-build/penfield}

new=$(mktemp)
trap 'rm -f "$new"' EXIT
status=0
check() {
  "$program" reference "$1" >"$new"
  if [ $fix = yes ]; then
    cat "$new" >"$2"
  elif ! diff -u "$2" "$new"; then
    echo "tools/check_reference.sh: $2 is not current; run: tools/check_reference.sh --fix" >&2
    status=1
  fi
}
check markdown docs/cli.md
check man docs/penfield.1
exit $status
