#!/usr/bin/env bash
# The tests of the Python package, in an interpreter that has it installed from this tree: $PENFIELD_PYTHON, or that of
# build-python/venv, which `make python` makes.
#
#   tools/check_python.sh [PROGRAM] [PYTEST-ARGUMENT...]
#
# PROGRAM is what the package is compared with; default build/penfield. Exit 77 where no interpreter has the package,
# its tests' packages, or this tree's sources of it: the tests are skipped, and the line says why.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/penfield}")
shift || true
python=${PENFIELD_PYTHON:-build-python/venv/bin/python}

skip() {
  echo "skipped: $*; make python installs the package into build-python/venv" >&2
  exit 77
}
command -v "$python" >/dev/null || skip "no Python package is installed"
installed=$("$python" -c 'import pathlib, penfield, pytest; print(pathlib.Path(penfield.__file__).parent)' 2>/dev/null) ||
  skip "$python has no penfield or no pytest"
for file in bindings/python/penfield/*.py; do
  cmp -s "$file" "$installed/$(basename "$file")" || skip "$python has penfield of another state of this tree ($(basename "$file"))"
done
export PENFIELD_PROGRAM="$program"
exec "$python" -m pytest -q -ra -p no:cacheprovider "$@"
