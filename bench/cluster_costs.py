#!/usr/bin/env python3
"""What scans of large models take on many machines, from measured rates: the table of docs/clusters.md.

A node is the machine of 16 cores of bench/README.md. Passes and fits are divided by the nodes, what every node does for
itself is not. Layers are whole: a node fits ceil(layers/nodes) of them.
"""
import math

# Measured; where, is said in docs/clusters.md.
RATE = {"float32": 1.25e12, "bfloat16": 2.5e12, "4 bits": 0.86 * 1.27e12}  # FLOP/s of a node in passes
CORES = 16
FIT_CORE_SECONDS_A_UNIT = 89 / 3072  # fits and permutations of 138,528 positions, default scan without nulls
TEXT_SECONDS_A_MILLION = 0.26  # read, tokenise, label
SAMPLE_SECONDS_A_MILLION = 1.0  # match and draw
POSITIONS, VALUE_BYTES = 138_528, 4
FIT_BYTES_A_UNIT = 1260
WINDOW = 2048

# name, layers, width of the stream, of keys and values, of the MLP, matrices of the MLP, form
MODELS = [("GPT-2 Medium", 24, 1024, 1024, 4096, 2, "float32", 1024),
          ("Llama 3 8B", 32, 4096, 1024, 14336, 3, "bfloat16", WINDOW),
          ("Llama 3 70B", 80, 8192, 1024, 28672, 3, "4 bits", WINDOW)]


def flop_a_token(layers, width, kv, mlp, n_mlp, window):
    weights = 2 * width * width + 2 * width * kv + n_mlp * width * mlp
    return layers * (2 * weights + 2 * 2 * width * window / 2)


def text(seconds):
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds >= 36000 else f"{seconds / 3600:.1f} h"


def main():
    print("| model | tokens | 1 node | 8 nodes | 64 nodes | of it not shared | efficiency of 64 | disk | exchanged |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, layers, width, kv, mlp, n_mlp, form, window in MODELS:
        units = layers * mlp
        for millions in (1, 100):
            passes = millions * 1e6 * flop_a_token(layers, width, kv, mlp, n_mlp, window) / RATE[form]
            fits_a_layer = FIT_CORE_SECONDS_A_UNIT * mlp / CORES
            alone = millions * (TEXT_SECONDS_A_MILLION + SAMPLE_SECONDS_A_MILLION)
            total = {n: alone + passes / n + fits_a_layer * math.ceil(layers / n) for n in (1, 8, 64)}
            print(f"| {name}, {form} | {millions} M | {text(total[1])} | {text(total[8])} | {text(total[64])} "
                  f"| {text(alone)} | {total[1] / total[64] / 64:.2f} | {POSITIONS * units * VALUE_BYTES / 1e9:.0f} GB "
                  f"| {units * FIT_BYTES_A_UNIT / 1e6:.0f} MB |")


if __name__ == "__main__":
    main()
