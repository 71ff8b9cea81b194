# Shortcuts; CMakePresets.json and the CMakeLists.txt files say what is built and how.
#   make build   build/penfield            make test   format, floors and every test
#   make demo    the whole job, offline    make bench  the figures of bench/
#   make python  the Python package, in build-python/venv, and its tests
#   make check-deep  the tests that can be built so, under the address, undefined-behaviour and thread sanitizers
JOBS ?= $(shell nproc)

.PHONY: build demo test check-deep bench python clean

build:
	@tools/install_packages.sh build
	@JOBS=$(JOBS) tools/build.sh penfield

demo: build
	@build/penfield demo -o demo-result --force

# The tests share build/ with the program, so nothing is compiled twice. ctest runs last: its summary is the result.
# Warnings are errors where build/ is made by this target, or with WERROR=ON; a build/ made before keeps its setting.
# Without Node or Chromium the checks of the page are skipped and listed as such, and without MPI those of penfield-mpi.
WERROR ?= $(if $(wildcard build/CMakeCache.txt),,ON)
test:
	@tools/install_packages.sh build test
	-@tools/install_packages.sh web
	-@tools/install_packages.sh mpi
	@tools/check_format.sh
	@JOBS=$(JOBS) tools/build.sh all $(if $(WERROR),-DPENFIELD_WERROR=$(WERROR))
	@ctest --test-dir build --progress --output-on-failure -j $(JOBS)

# Builds into build-asan-ubsan/ and build-tsan/; the second with clang.
check-deep:
	@tools/install_packages.sh build test deep
	@cmake --workflow --preset asan-ubsan
	@cmake --workflow --preset tsan

# A comparison whose package cannot be installed is left out, so a failed installation does not stop the rest.
bench:
	@tools/install_packages.sh build
	-@tools/install_packages.sh bench
	@JOBS=$(JOBS) tools/build.sh all -DPENFIELD_BUILD_BENCH=ON
	bench/run_bench.sh

# pip builds the package in its own folder: the rooms are compiled again, as parts of a shared object.
python: build
	@tools/install_packages.sh python
	@tools/build_python.sh

clean:
	rm -rf build build-python demo-result
