#!/bin/sh
# Installs the Debian packages that Penfield needs and that are missing. If none is missing, no package manager is called
# and nothing is downloaded.
#
#   tools/install_packages.sh build test     one or more groups: build, test, web, mpi, python, deep, bench
#   tools/install_packages.sh --list build   only print the names
#
# Installs with apt if it can (as root, or with sudo without a password); otherwise prints the command to run.
# Exit: 0 all packages are installed, 1 some are missing, 2 usage.
set -eu

build='cmake ninja-build g++ pkg-config libhwy-dev libboost-dev libutf8proc-dev nlohmann-json3-dev
libcli11-dev libfmt-dev libexpected-dev libcairo2-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev zlib1g-dev
libzstd-dev libgtest-dev libgmock-dev fonts-dejavu-core'
test='clang-format-14'
# For the checks of the page (tools/check_web.sh), which are skipped visibly without them.
web='nodejs npm chromium'
# For pip install . and make python; what else the build of the Python package needs, pip fetches.
python='python3-dev python3-venv'
# For penfield-mpi and its tests, which are skipped visibly without them.
mpi='libopenmpi-dev openmpi-bin'
# For the sanitizers' builds with clang, for clang-tidy and for libFuzzer.
deep='clang clang-tidy libomp-dev'
# What the benchmarks compare with; a comparison without its package is skipped visibly.
bench='libopenblas-dev libbenchmark-dev python3-torch python3-statsmodels python3-sklearn python3-scipy python3-mpmath r-base-core plink2'

usage() {
  echo "usage: tools/install_packages.sh [--list] build|test|web|mpi|python|deep|bench..." >&2
  exit 2
}

list=no
if [ "${1-}" = --list ]; then
  list=yes
  shift
fi
[ $# -gt 0 ] || usage
wanted=''
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    web) wanted="$wanted $web" ;;
    mpi) wanted="$wanted $mpi" ;;
    python) wanted="$wanted $python" ;;
    deep) wanted="$wanted $deep" ;;
    bench) wanted="$wanted $bench" ;;
    *) usage ;;
  esac
done

if [ $list = yes ]; then
  printf '%s\n' $wanted
  exit 0
fi

if ! command -v dpkg-query >/dev/null; then
  echo "tools/install_packages.sh: no dpkg here; what Debian calls by these names must be installed:" $wanted >&2
  exit 0
fi

# Node and Chromium often come from elsewhere and conflict with Debian's packages, so their commands are looked for.
has_command() {
  case $1 in
    nodejs) command -v node >/dev/null ;;
    npm | chromium) command -v "$1" >/dev/null ;;
    *) return 1 ;;
  esac
}

missing=''
for package in $wanted; do
  if has_command "$package"; then continue; fi
  # A removed package keeps a record, so its state is checked, not only its name.
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *' ok installed') ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root='env'
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root='sudo env'
else
  echo "Packages are missing. Run this, then try again:" >&2
  echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { $as_root DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; }
apt update || echo "tools/install_packages.sh: apt-get update failed; trying with the package lists at hand" >&2
# --assume-no only says what would happen, and exits with 1.
apt install --assume-no --no-install-recommends $missing || true
size=$(sed -n 's/^After this operation, \(.*\) of additional disk space.*/, \1 of disk/p' "$log")
echo "Installing$missing$size." >&2
if ! apt install -y --no-install-recommends $missing; then
  cat "$log" >&2
  exit 1
fi
