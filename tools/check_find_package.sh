#!/usr/bin/env bash
# Installs the library into a folder inside the build folder, and builds and runs examples/find_package against it.
#   tools/check_find_package.sh BUILD-FOLDER [CXX-COMPILER]
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "$1")
compiler=${2:-c++}
work=$build/find_package
rm -rf "$work"
cmake --install "$build" --prefix "$work/installed" --component library >/dev/null
cmake -S examples/find_package -B "$work/example" -DCMAKE_PREFIX_PATH="$work/installed" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="${CXXFLAGS-}" >/dev/null
cmake --build "$work/example" >/dev/null
out=$("$work/example/associate")
echo "$out"
grep -q '^column 1: .*, significant$' <<<"$out"
[ "$(grep -c significant <<<"$out")" = 1 ]
