#!/usr/bin/env bash
# Measures Penfield and other programs in one run on one machine: absolute times do not carry over to another machine,
# ratios mostly do. `make bench` builds what this needs and calls it.
#
#   bench/run_bench.sh [THREADS]
#
# The model has GPT-2 Medium's shape, random weights and the demo's vocabulary, so nothing is downloaded; the text is the
# demo's. PENFIELD_BENCH_MODEL (a model folder) and PENFIELD_BENCH_TEXT (a text file) replace them.
# Raw lines go to build/bench/figures.tsv, from which the tables are made. Takes half an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

threads=${1:-$(nproc)}
build=build
work=$build/bench
model=${PENFIELD_BENCH_MODEL:-$work/gpt2-medium-shape}
text=${PENFIELD_BENCH_TEXT:-data/demo/articles.txt}
figures=$work/figures.tsv
python=/usr/bin/python3
mkdir -p "$work"
: >"$figures"

figure() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" | tee -a "$figures"; }
heading() { printf '\n== %s\n' "$1"; }
# Elapsed seconds of a command; its output goes to a log.
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
  # Before and after the others, to detect a machine that slows down.
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

heading "1,000 permutations of 98,304 units, 220 + 220 samples"
$build/bench/permutation_bench 98304 440 1000 "$threads"

heading "Error rates under the null: 200 layers of 512 units, 500 permutations"
$build/bench/calibration null 200

heading "One window of 1024 tokens through a model of GPT-2 Medium's shape"
$build/bench/forward_bench "$model" 1024 "$threads"

heading "The main job: two windows, all layers, discovery and held-out"
for precision in f32 bf16; do
  scan=("$build/penfield" scan -m "$model" -t "$text" --profile study --precision "$precision" -o "$work/result" --force
    -j "$threads")
  # Once to load the weights into memory, once to measure.
  timed "${scan[@]}" >/dev/null
  figure "penfield scan, end to end, $precision" "$(timed "${scan[@]}")" s
done
study_text=(-m "$model" -t "$text" --min-row-length 50 --rows 60)
$build/penfield label "${study_text[@]}" -c proper-noun-study --format tsv >"$work/labels.tsv"
if has_python torch && has_python statsmodels; then
  $build/penfield activations "${study_text[@]}" --joined --layers 12 -o "$work/layer12.npy" --force -q
  OMP_NUM_THREADS=$threads "$python" bench/peers.py notebook "$model" "$work/labels.tsv" --threads "$threads" \
    --check "$work/layer12.npy" 12 | tee -a "$figures"
else
  echo "left out: the notebook's way (python3-torch or python3-statsmodels is not installed)"
fi
awk -F '\t' '
  $1 ~ /^penfield scan, end to end/ { ours[$1] = $2 }
  $1 == "notebook, end to end" { theirs = $2 }
  END { if (theirs) for (name in ours) printf "notebook / %s: %.1f times\n", name, theirs / ours[name] }' "$figures"

heading "What bfloat16 changes in the findings, beside other draws of the comparison tokens"
"$python" bench/precision_effect.py models/demo data/demo/articles.txt

heading "Time and memory over windows: the demo's model, then GPT-2 Medium's shape"
for _ in 1 2 3 4; do cat data/demo/articles.txt; done >"$work/text.txt"
"$python" bench/scale.py models/demo "$work/text.txt" 1 10 100 --threads "$threads"
"$python" bench/scale.py "$model" "$work/text.txt" 1 10 --threads "$threads"

heading "The explorer under load: 64 clients without a pause, 200 slow ones"
bench/serve_soak.sh 10
