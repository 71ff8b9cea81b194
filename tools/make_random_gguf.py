#!/usr/bin/python3
"""Writes a llama-shaped GGUF model of random weights in Q4_K, to measure what a large model takes; by default that of
Llama 2 7B (32 layers, 4096 wide), 3.8 GB. The file is written piece by piece, so memory stays small.

  tools/make_random_gguf.py FILE [--layers 32] [--width 4096] [--inner 11008] [--heads 32] [--kv-heads 32] [--vocab 32000]
                            [--context 4096] [--seed 1]

Every block has weights of mean 0 and standard deviation 1/sqrt(width), so that activations neither vanish nor overflow. The
tokenizer is a byte-level one with the merges of two lower-case letters; what is left of the vocabulary is unused. Needs numpy.
Source of the layout: github.com/ggml-org/ggml, docs/gguf.md; block_q4_K in src/ggml-common.h.
"""
import argparse
import string
import struct

import numpy as np

U32, F32_VALUE, STRING, ARRAY = 4, 6, 8, 9  # types of metadata values
F32, Q4_K = 0, 12  # types of tensors
ALIGNMENT = 32
BLOCK, BLOCK_BYTES = 256, 144


def text(value):
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key, value):
    if isinstance(value, str):
        return text(key) + struct.pack("<I", STRING) + text(value)
    if isinstance(value, float):
        return text(key) + struct.pack("<If", F32_VALUE, value)
    if isinstance(value, int):
        return text(key) + struct.pack("<II", U32, value)
    kind = STRING if isinstance(value[0], str) else U32
    elements = b"".join(text(v) if kind == STRING else struct.pack("<I", v) for v in value)
    return text(key) + struct.pack("<IIQ", ARRAY, kind, len(value)) + elements


def byte_alphabet():
    """The printable characters that stand for the 256 bytes in a byte-level vocabulary, as GPT-2 chose them."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = iter(range(256, 512))
    return [chr(b) if b in kept else chr(next(others)) for b in range(256)]


def metadata(args):
    letters = string.ascii_lowercase
    tokens = byte_alphabet() + [a + b for a in letters for b in letters]
    n_used = len(tokens)
    tokens = (tokens + [f"<unused{i}>" for i in range(args.vocab)])[: args.vocab]
    return {
        "general.architecture": "llama", "general.name": "random", "general.quantization_version": 2,
        "llama.block_count": args.layers, "llama.context_length": args.context, "llama.embedding_length": args.width,
        "llama.feed_forward_length": args.inner, "llama.attention.head_count": args.heads,
        "llama.attention.head_count_kv": args.kv_heads, "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": args.width // args.heads, "llama.rope.freq_base": 10000.0,
        "llama.vocab_size": args.vocab, "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1 if i < n_used else 5 for i in range(args.vocab)],
        "tokenizer.ggml.merges": [f"{a} {b}" for a in letters for b in letters],
    }


def tensors(args):
    """(name, dimensions with the fastest first, type)"""
    kv = args.width // args.heads * args.kv_heads
    out = [("token_embd.weight", (args.width, args.vocab), Q4_K)]
    for i in range(args.layers):
        block = f"blk.{i}."
        out += [(block + "attn_norm.weight", (args.width,), F32), (block + "ffn_norm.weight", (args.width,), F32)]
        out += [(block + f"{name}.weight", dims, Q4_K) for name, dims in [
            ("attn_q", (args.width, args.width)), ("attn_k", (args.width, kv)), ("attn_v", (args.width, kv)),
            ("attn_output", (args.width, args.width)), ("ffn_gate", (args.width, args.inner)),
            ("ffn_up", (args.width, args.inner)), ("ffn_down", (args.inner, args.width))]]
    return out + [("output_norm.weight", (args.width,), F32), ("output.weight", (args.width, args.vocab), Q4_K)]


def n_bytes(dims, kind):
    n = int(np.prod(dims))
    return n * 4 if kind == F32 else n // BLOCK * BLOCK_BYTES


def random_blocks(rng, n, std):
    """Q4_K blocks whose sub-blocks have scale = minimum, so that with dmin = 7.5 d their mean is 0."""
    blocks = rng.integers(0, 256, (n, BLOCK_BYTES), dtype=np.uint8)
    scale = rng.integers(32, 64, (n, 8), dtype=np.uint8)  # 6 bits each
    d = std / (47.5 * np.sqrt((16**2 - 1) / 12))
    blocks[:, 0:4] = np.array([d, 7.5 * d], np.float16).view(np.uint8)
    low, high = scale[:, :4], scale[:, 4:]
    blocks[:, 4:8] = blocks[:, 8:12] = low | (high >> 4) << 6
    blocks[:, 12:16] = (high & 15) | (high & 15) << 4
    return blocks.tobytes()


def write_tensor(file, rng, dims, kind, std):
    if kind == F32:
        file.write(np.ones(dims, np.float32).tobytes())
        return
    left = int(np.prod(dims)) // BLOCK
    while left > 0:
        n = min(left, 1 << 16)
        file.write(random_blocks(rng, n, std))
        left -= n


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    for name, default in [("layers", 32), ("width", 4096), ("inner", 11008), ("heads", 32), ("kv-heads", 32),
                          ("vocab", 32000), ("context", 4096), ("seed", 1)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    if args.width % BLOCK or args.inner % BLOCK or args.width % args.heads or args.heads % args.kv_heads:
        parser.error("width and inner must be multiples of 256, width of heads, heads of kv-heads")
    rng = np.random.default_rng(args.seed)
    pairs, infos = metadata(args), tensors(args)
    header = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(pairs)) + b"".join(pair(*p) for p in pairs.items())
    offset = 0
    for name, dims, kind in infos:
        header += text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)
        offset += -(-n_bytes(dims, kind) // ALIGNMENT) * ALIGNMENT
    with open(args.file, "wb") as file:
        file.write(header)
        for _, dims, kind in infos:
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
            write_tensor(file, rng, dims, kind, args.width**-0.5)


if __name__ == "__main__":
    main()
