#!/bin/sh
# Fails if a tracked C++ source is not formatted as .clang-format says, or has a comment wider than its 110 columns,
# which clang-format leaves as it is. Version 14 is called by name, because versions format differently under the same
# rules.
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
# -P with \X counts what a reader sees: a letter and its accents are one.
if sources | LC_ALL=C.UTF-8 xargs -0 -r grep -nP '^\X{111,}$' | grep -P '^[^:]*:\d+:\s*//|[^:]//'; then
  echo "tools/check_format.sh: the comments above are wider than 110 columns; wrap them" >&2
  exit 1
fi
