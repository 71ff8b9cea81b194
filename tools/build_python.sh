#!/usr/bin/env bash
# Installs the Python package of this tree into build-python/venv, with what its tests use where that can be had, and
# runs the tests.
#
#   tools/build_python.sh [--examples]     also what examples/python use, PyTorch among it: some gigabytes
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build-python/venv
[ -x $venv/bin/python ] || "${PYTHON:-python3}" -m venv $venv
$venv/bin/pip install --quiet --disable-pip-version-check .
$venv/bin/pip install --quiet --disable-pip-version-check pytest numpy
# Each on its own: a test without its package is skipped visibly.
packages='pandas polars pyarrow duckdb ml_dtypes tqdm mypy pyright mcp jsonschema safetensors nbconvert ipykernel h5py'
[ "${1-}" != --examples ] || packages="$packages torch transformers nnsight sae-lens"  # SAELens brings TransformerLens
for package in $packages; do
  $venv/bin/pip install --quiet --disable-pip-version-check $package || echo "without $package" >&2
done
# NeuroX requires the versions of 2021; its writer needs h5py alone.
$venv/bin/pip install --quiet --disable-pip-version-check --no-deps neurox || echo "without neurox" >&2
tools/check_python.sh build/penfield
