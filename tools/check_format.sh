#!/bin/sh
# Fails if a tracked C++ source is not formatted as .clang-format says. Version 14 is called by name, because versions
# format differently under the same rules.
#   tools/check_format.sh [--fix]
set -eu
cd "$(dirname "$0")/.."

clang_format=clang-format-14
if ! command -v $clang_format >/dev/null; then
  echo "tools/check_format.sh: $clang_format is missing; run: sudo apt-get install -y clang-format-14" >&2
  exit 1
fi
case ${1-} in
  --fix) mode='-i' ;;
  '') mode='--dry-run -Werror' ;;
  *) echo "usage: tools/check_format.sh [--fix]" >&2; exit 2 ;;
esac
sources() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z -- '*.cc' '*.h'
  else  # an unpacked archive
    find apps bench bindings fuzz src tests tools \( -name '*.cc' -o -name '*.h' \) -print0 2>/dev/null
  fi
}
if ! sources | xargs -0 -r -n 40 -P "$(nproc)" $clang_format $mode; then
  echo "tools/check_format.sh: the sources above are not formatted; run: tools/check_format.sh --fix" >&2
  exit 1
fi
