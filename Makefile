# The short way in; what is built, and how, stands in CMakePresets.json and the CMakeLists.txt beside the sources.
#   make build   build/penfield            make test   format, floors and every test
#   make demo    the whole job, offline    make bench  the figures of bench/
JOBS ?= $(shell nproc)

.PHONY: build demo test bench clean

build:
	@tools/install_packages.sh build
	cmake --workflow --preset release

demo: build
	build/penfield demo -o demo-result --force

# The tests share build/ with the program, so that neither is compiled twice. ctest comes last: its closing lines are
# the result. Without node or Chromium the checks of the page are skipped, and listed as such.
test:
	@tools/install_packages.sh build test
	-@tools/install_packages.sh web
	tools/check_format.sh
	cmake --preset release
	cmake --build build -j $(JOBS)
	ctest --test-dir build --output-on-failure -j $(JOBS)

# A comparison whose package is not to be had is left out, so a failed installation does not stop the rest.
bench:
	@tools/install_packages.sh build
	-@tools/install_packages.sh bench
	cmake --preset release -DPENFIELD_BUILD_BENCH=ON
	cmake --build build -j $(JOBS)
	bench/run_bench.sh

clean:
	rm -rf build demo-result
