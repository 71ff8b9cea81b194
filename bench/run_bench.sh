#!/usr/bin/env bash
# The figures of Penfield beside those of its peers, all from one run on one machine: absolute times do not carry over
# from one machine to another, ratios mostly do. `make bench` builds what this needs and calls it.
#
#   bench/run_bench.sh [THREADS]
#
# The model has GPT-2 Medium's shape and random weights behind the demo's vocabulary, so that nothing is downloaded.
# Raw lines go to build/bench/figures.tsv; the table at the end is made of them.
set -euo pipefail
cd "$(dirname "$0")/.."

threads=${1:-$(nproc)}
build=build
work=$build/bench
model=$work/gpt2-medium-shape
figures=$work/figures.tsv
python=/usr/bin/python3
mkdir -p "$work"
: >"$figures"

figure() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" | tee -a "$figures"; }
heading() { printf '\n== %s\n' "$1"; }
# Wall seconds of a command; its output goes to a log.
timed() {
  local start end
  start=$(date +%s.%N)
  "$@" >>"$work/log" 2>&1
  end=$(date +%s.%N)
  awk -v a="$start" -v b="$end" 'BEGIN { printf "%.3f", b - a }'
}
has_python() { "$python" -c "import $1" 2>/dev/null; }

: >"$work/log"
if [ ! -f "$model/model.safetensors" ]; then
  $build/tools/planted_model --out "$model" --shape 1024,24,16,1024 --tokenizer models/demo
fi

heading "One logistic regression a unit: 98,304 units, 220 + 220 samples"
$build/bench/association_bench 98304 440 "$threads"
if has_python numpy; then
  heading "The same beside other packages, on the same arrays"
  peers=(env OMP_NUM_THREADS="$threads" OPENBLAS_NUM_THREADS="$threads" "$python" bench/regression_peers.py)
  "${peers[@]}" data "$work"
  # Before and after the others, so that a machine that slows down shows.
  $build/bench/regression_bench fits "$work/X.npy" "$work/y.npy" "$threads" | tee -a "$figures"
  "${peers[@]}" time "$work" --threads "$threads" | tee -a "$figures"
  $build/bench/regression_bench fits "$work/X.npy" "$work/y.npy" "$threads" | sed 's/^/again: /'
  figure "penfield associate, end to end" \
    "$(timed "$build/penfield" associate "$work/X.npy" "$work/y.npy" -o "$work/units.tsv" --force -j "$threads")" s
  "${peers[@]}" accuracy "$work" "$work/units.tsv" | tee -a "$figures"
  "${peers[@]}" ratios "$figures"
else
  echo "left out: other packages (python3-numpy is not installed)"
fi

heading "Time over samples and over units"
$build/bench/regression_bench growth "$threads" | tee -a "$figures"

heading "One window of 1024 tokens through a model of GPT-2 Medium's shape"
$build/bench/forward_bench "$model" 1024 "$threads"

heading "The main job: two windows, all layers, discovery and held-out"
text=(data/demo/*.txt)
scan=("$build/penfield" scan -m "$model" -t "${text[@]}" --profile study -o "$work/result" --force -j "$threads")
# Once to bring the weights into memory, once to measure.
timed "${scan[@]}" >/dev/null
figure "penfield scan, end to end" "$(timed "${scan[@]}")" s
$build/penfield label -m "$model" -t "${text[@]}" -c proper-noun-study --min-row-length 50 --format tsv >"$work/labels.tsv"
if has_python torch && has_python statsmodels; then
  OMP_NUM_THREADS=$threads "$python" bench/peers.py notebook "$model" "$work/labels.tsv" --threads "$threads" |
    tee -a "$figures"
else
  echo "left out: the notebook's way (python3-torch or python3-statsmodels is not installed)"
fi
awk -F '\t' '
  $1 == "penfield scan, end to end" { ours = $2 }
  $1 == "notebook, end to end" { theirs = $2 }
  END { if (ours && theirs) printf "\nnotebook / penfield: %.0f times\n", theirs / ours }' "$figures"

heading "The explorer under load: 64 clients without a pause, 200 slow ones"
bench/serve_soak.sh 10
