"""Blocks of every GGUF tensor type and the float32 values that the package `gguf` gives for them
-> tests/golden/gguf/blocks.gguf, itself written by that package

For each type T: tensor `T` in that type, and `T.values` in F32. The blocks have
 * every byte (so every pair of nibbles) where the integers are, under ordinary scales;
 * random bytes under scales of zero, both signs, the smallest and largest subnormal, the smallest and largest normal number;
 * random bytes everywhere, so that small scales within a block take every value.
And `T.not_finite`: blocks whose scale is infinite or NaN, each in turn; there is nothing to compare but that it is refused.

Usage: python tools/make_gguf_goldens.py   (from the source folder; needs gguf, numpy)
"""
import importlib.metadata
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize

# Where a block's 16-bit scales are; its other bytes are integers.
SCALES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
          T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0]}
EXTREME = [0.0, -0.0, 2.0**-24, 1023 * 2.0**-24, -(2.0**-24), 2.0**-14, 65504.0, -65504.0]
NOT_FINITE = [np.inf, -np.inf, np.nan]


def with_scales(blocks, qtype, scales):
    """Block i gets scale i at its first place, and scale i + 3 at its second, each in turn."""
    for place, at in enumerate(SCALES[qtype]):
        for i in range(len(blocks)):
            blocks[i, at:at + 2] = np.array([scales[(i + 3 * place) % len(scales)]], np.float16).view(np.uint8)
    return blocks


def block_type(rng, qtype):
    values, size = gguf.GGML_QUANT_SIZES[qtype]
    n = 16 if values == 32 else 2
    # Every byte at every place would be 256 blocks; counting on from block to block gives every byte to the type.
    counting = (np.arange(n * size) % 256).astype(np.uint8).reshape(n, size)
    ordinary = with_scales(counting, qtype, rng.normal(0, 0.05, 64))
    extreme = with_scales(rng.integers(0, 256, (len(EXTREME), size), dtype=np.uint8), qtype, EXTREME)
    anything = rng.integers(0, 256, (2 * n, size), dtype=np.uint8)
    anything = with_scales(anything, qtype, rng.normal(0, 3, 64))
    return np.concatenate([ordinary, extreme, anything]), with_scales(
        rng.integers(0, 256, (len(NOT_FINITE), size), dtype=np.uint8), qtype, NOT_FINITE)


def mxfp4(rng):
    """The scale is a byte of exponent. From 253 on, values exceed float32."""
    blocks = rng.integers(0, 256, (270, 17), dtype=np.uint8)
    blocks[:, 0] = np.arange(270) % 253
    counting = (np.arange(16 * 16) % 256).astype(np.uint8).reshape(16, 16)
    blocks[:16, 1:] = counting
    overflowing = rng.integers(0, 256, (3, 17), dtype=np.uint8)
    overflowing[:, 0] = [253, 254, 255]
    return blocks, overflowing


def main():
    rng = np.random.default_rng(17)
    folder = Path("tests/golden/gguf")
    folder.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(str(folder / "blocks.gguf"), "llama")
    writer.add_string("golden.made_with",
                      f"gguf {importlib.metadata.version('gguf')}, numpy {np.__version__}")
    writer.add_array("golden.types", [t.name for t in [*SCALES, T.MXFP4, T.F16, T.BF16]])

    def add(name, qtype, blocks):
        # The writer takes the bytes of a row; one row holds them all.
        writer.add_tensor(name, blocks.reshape(1, -1), raw_dtype=qtype)

    for qtype in [*SCALES, T.MXFP4]:
        blocks, not_finite = mxfp4(rng) if qtype == T.MXFP4 else block_type(rng, qtype)
        values = dequantize(blocks.reshape(1, -1), qtype).astype(np.float32)
        assert np.isfinite(values).all(), qtype
        assert not np.isfinite(dequantize(not_finite.reshape(1, -1), qtype)).all(), qtype
        add(qtype.name, qtype, blocks)
        writer.add_tensor(f"{qtype.name}.values", values)
        add(f"{qtype.name}.not_finite", qtype, not_finite)
    halves = np.arange(0, 1 << 16, 37, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    writer.add_tensor("F16", halves.reshape(1, -1))
    writer.add_tensor("F16.values", halves.astype(np.float32).reshape(1, -1))
    bfloats = np.arange(0, 1 << 16, 41, dtype=np.uint16)
    bfloats = bfloats[(bfloats & 0x7F80) != 0x7F80]
    add("BF16", T.BF16, bfloats.view(np.uint8))
    writer.add_tensor("BF16.values", dequantize(bfloats.view(np.uint8).reshape(1, -1), T.BF16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
