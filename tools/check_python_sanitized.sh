#!/usr/bin/env bash
# The tests of the Python package under the address and undefined-behaviour sanitizers: the module is built into
# build-python/asan for the interpreter of build-python/venv (make python), and Python is run with the sanitizers loaded.
#
#   tools/check_python_sanitized.sh [PYTEST-ARGUMENT...]
#
# Leaks are not looked for: Python keeps what it allocates. test_ten_thousand_calls_leak_nothing counts memory instead,
# in a build without sanitizers, which hold back what is freed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s build-python/venv/bin/python)
build=build-python/asan
"$python" -m pip install --quiet --disable-pip-version-check 'nanobind >= 3.1, < 4'
cmake -G Ninja -S . -B $build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO='-O1 -g1 -DNDEBUG' \
  -DPENFIELD_SANITIZE=address,undefined -DPENFIELD_PYTHON_MODULE=ON -DPENFIELD_BUILD_TESTS=OFF \
  -DPython_EXECUTABLE="$python" > $build.log || { cat $build.log; exit 1; }
cmake --build $build --target penfield_python
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libstdc++.so)"
export LD_PRELOAD PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
cmake --build $build --target penfield_python_stub  # asks the module
cmake --install $build --component python --prefix $build/package > /dev/null
export PYTHONPATH="$PWD/$build/package" PENFIELD_PYTHON="$python"
tools/check_python.sh build/penfield bindings/python/tests/test_{associate,commands,table,examples}.py \
  --deselect bindings/python/tests/test_associate.py::test_ten_thousand_calls_leak_nothing "$@"
