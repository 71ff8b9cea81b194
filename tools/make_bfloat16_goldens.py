"""float32 bit patterns and the bfloat16 that torch rounds them to -> tests/golden/numeric/bfloat16.tsv

Random patterns of all exponents, ties and their neighbours, subnormals, the largest numbers, infinities, NaNs.
"""
import numpy as np
import torch

rng = np.random.default_rng(1)
bits = list(rng.integers(0, 1 << 32, 400, dtype=np.uint64))
for half in list(rng.integers(0, 1 << 16, 40)) + [0, 1, 0x7F, 0x80, 0x7F7F, 0xFF7F, 0x8000]:
    bits += [(int(half) << 16) | low for low in (0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF)]
bits += [0x7F800000, 0xFF800000, 0x7F800001, 0x7FC00000, 0x7FFFFFFF, 0xFFFFFFFF, 0x7F7FFFFF]
values = np.array(bits, dtype=np.uint64).astype(np.uint32)
rounded = torch.from_numpy(values.view(np.float32).copy()).to(torch.bfloat16).view(torch.int16).numpy().view(np.uint16)
with open("tests/golden/numeric/bfloat16.tsv", "w") as file:
    file.write(f"# float32 bits, bfloat16 bits; torch {torch.__version__}, numpy {np.__version__}\n")
    for a, b in zip(values, rounded):
        file.write(f"{a:08x}\t{b:04x}\n")
