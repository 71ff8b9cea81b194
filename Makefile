# Shortcuts; CMakePresets.json and the CMakeLists.txt files say what is built and how.
#   make build   build/penfield            make test   format, floors and every test
#   make demo    the whole job, offline    make bench  the figures of bench/
JOBS ?= $(shell nproc)

.PHONY: build demo test bench clean

build:
	@tools/install_packages.sh build
	cmake --workflow --preset release

demo: build
	build/penfield demo -o demo-result --force

# The tests share build/ with the program, so nothing is compiled twice. ctest runs last: its summary is the result.
# Without Node or Chromium the checks of the page are skipped and listed as such.
test:
	@tools/install_packages.sh build test
	-@tools/install_packages.sh web
	tools/check_format.sh
	cmake --preset release
	cmake --build build -j $(JOBS)
	ctest --test-dir build --output-on-failure -j $(JOBS)

# A comparison whose package cannot be installed is left out, so a failed installation does not stop the rest.
bench:
	@tools/install_packages.sh build
	-@tools/install_packages.sh bench
	cmake --preset release -DPENFIELD_BUILD_BENCH=ON
	cmake --build build -j $(JOBS)
	bench/run_bench.sh

clean:
	rm -rf build demo-result
