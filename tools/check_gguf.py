#!/usr/bin/python3
"""Checks every tensor of GGUF files against the package `gguf`: the same names, types and shapes, and float32 values with the
same bits.

  tools/check_gguf.py GGUF_VALUES FILE…     (GGUF_VALUES: the program build/tools/gguf_values)

Exits with 1 where something differs. Needs the packages gguf and numpy.
"""
import subprocess, sys, zlib
import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize


def lines(path):
    for tensor in GGUFReader(path).tensors:
        values = np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        shape = "x".join(str(n) for n in reversed(tensor.shape.tolist()))
        yield f"{tensor.name}\t{tensor.tensor_type.name}\t{shape}\t{zlib.crc32(values.tobytes()):08x}"


def main():
    failed = False
    for path in sys.argv[2:]:
        ours = subprocess.run([sys.argv[1], path], check=True, capture_output=True, text=True).stdout.splitlines()
        theirs = sorted(lines(path), key=lambda line: line.encode().split(b"\t")[0])
        different = [(a, b) for a, b in zip(ours, theirs) if a != b]
        for a, b in different[:5]:
            print(f"{path}:\n  here {a}\n  gguf {b}")
        failed |= len(ours) != len(theirs) or bool(different)
        types = {}
        for line in theirs:
            types[line.split("\t")[1]] = types.get(line.split("\t")[1], 0) + 1
        print(f"{path}: {len(theirs)} tensors {types}, {len(different)} different")
    sys.exit(failed)


if __name__ == "__main__":
    main()
