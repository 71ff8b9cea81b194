#!/usr/bin/env bash
# Installs the Python package of this tree into build-python/venv, with what its tests use where that can be had, and
# runs the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build-python/venv
[ -x $venv/bin/python ] || "${PYTHON:-python3}" -m venv $venv
$venv/bin/pip install --quiet --disable-pip-version-check .
$venv/bin/pip install --quiet --disable-pip-version-check pytest numpy
# Each on its own: a test without its package is skipped visibly.
for package in pandas polars pyarrow duckdb ml_dtypes tqdm mypy pyright mcp jsonschema safetensors nbconvert ipykernel; do
  $venv/bin/pip install --quiet --disable-pip-version-check $package || echo "without $package" >&2
done
tools/check_python.sh build/penfield
