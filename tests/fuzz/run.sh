#!/bin/sh
# Fuzzes one reader from its seeds, dictionary and corpus; build-fuzz/found/READER keeps what reaches new code, and what
# breaks the reader is written beside it.
#
#   tests/fuzz/run.sh READER [flag of libFuzzer...]     after cmake --build --preset fuzz
#   tests/fuzz/run.sh                                   names the readers
set -eu
cd "$(dirname "$0")/../.."
program=build-fuzz/tests/fuzz_readers
[ $# -gt 0 ] || exec "$program"
reader=$1
shift
seeds=build-fuzz/seeds
found=build-fuzz/found/$reader
mkdir -p "$found" "tests/fuzz/corpus/$reader"
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm # many small files
"$program" --seeds="$seeds"
export ASAN_OPTIONS="allocator_may_return_null=1:malloc_context_size=2:${ASAN_OPTIONS:-}"
exec "$program" --reader="$reader" -dict="$seeds/$reader.dict" -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
  -artifact_prefix="build-fuzz/found/$reader-" -print_final_stats=1 "$@" \
  "$found" "$seeds/$reader" "tests/fuzz/corpus/$reader"
