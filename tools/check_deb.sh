#!/usr/bin/env bash
# Builds the Debian package, checks it with lintian, installs it in a bare Debian 12 and runs the demo there.
#   tools/check_deb.sh [BUILD-FOLDER [ROOT]]
# ROOT: where the bare system is kept and made if it is missing; default a temporary folder.
# Exit: 77 (skipped, said why) without root, debootstrap, lintian or a mirror.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
root=${2-}
skip() { echo "tools/check_deb.sh: skipped: $1"; exit 77; }

[ "$(id -u)" = 0 ] || skip "needs root for chroot"
for command in debootstrap lintian cpack chroot; do
  command -v $command >/dev/null || skip "$command is not installed"
done
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --build "$build" --target penfield >/dev/null
(cd "$build" && cpack -G DEB -B "$work" >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; exit 1; }
deb=$(find "$work" -maxdepth 1 -name 'penfield_*.deb')
for package in "$work"/*.deb; do
  echo "package: $(basename "$package"), $(du -k "$package" | cut -f1) KiB"
  dpkg-deb -f "$package" Depends Installed-Size
  lintian --fail-on error "$package" || { echo "lintian found errors"; exit 1; }
done

if [ -z "$root" ]; then root=$work/root; fi
if [ ! -e "$root/usr/bin/apt-get" ]; then
  debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
    { tail -3 "$work/debootstrap.log"; skip "debootstrap failed"; }
fi
cp "$deb" "$root/tmp/penfield.deb"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
inside apt-get -qq update || skip "apt-get update failed in the bare system"
inside apt-get -qq install -y --reinstall --no-install-recommends /tmp/penfield.deb >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; exit 1; }
inside penfield --version
inside penfield demo -o /tmp/demo --force | tail -5
inside penfield plot /tmp/demo funnel -o /tmp/funnel.pdf --force
for file in report.html units.tsv run.json; do
  [ -s "$root/tmp/demo/$file" ] || { echo "the demo did not write $file"; exit 1; }
done
grep -q '<!doctype html>' -i "$root/tmp/demo/report.html"
[ -s "$root/usr/share/man/man1/penfield.1.gz" ] && [ -s "$root/usr/share/doc/penfield/copyright" ]
inside apt-get -qq remove -y penfield >/dev/null 2>&1
[ ! -e "$root/usr/bin/penfield" ] && [ ! -e "$root/usr/share/penfield" ] || { echo "the package leaves files behind"; exit 1; }
echo "the package installs, runs the demo, and can be removed"
