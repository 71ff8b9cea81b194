"""Activations of a million tokens in bounded memory: written window by window, tested from the file.

  memory_map.py [TOKENS NEURONS FOLDER]     default 100000 and 256, in a temporary folder
"""

import os
import resource
import sys
import tempfile

import numpy as np
import penfield

n_tokens, n_neurons = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 256)
folder = sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp()
path = os.path.join(folder, "X.npy")

rng = np.random.default_rng(0)
y = (rng.random(n_tokens) < 0.1).astype(np.uint8)
# float16 as most people store them. One window at a time is in memory.
X = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=(n_tokens, n_neurons))
for start in range(0, n_tokens, 1000):
    window = rng.standard_normal((min(1000, n_tokens - start), n_neurons), dtype=np.float32)
    window[:, 7] += 0.3 * y[start : start + 1000]
    X[start : start + 1000] = window
del X

table = penfield.associate(path, y, memory="1G")
best = int(np.argmax(table["neglog10_p_lrt"]))
print(f"neuron {best}: AUC {table['auc'][best]:.3f}")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(f"{os.path.getsize(path) / 2**30:.2f} GiB of activations, {peak:.2f} GiB of memory at most")
os.remove(path)
