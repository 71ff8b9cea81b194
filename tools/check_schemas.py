#!/usr/bin/env python3
"""What every command prints with --format json, against docs/schemas, by the Python package jsonschema.

  tools/check_schemas.py [PROGRAM]     default build/penfield

Exit 77 where the package is missing.
"""

import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "docs" / "schemas"
MODEL_AND_TEXT = ["-m", str(ROOT / "models/demo"), "-t", str(ROOT / "data/demo/articles.txt")]
GOLD = "# text = Ada saw it\n" + "".join(
    f"{i}\t{word}\t_\t{upos}\t{xpos}\t_\t_\t_\t_\t_\n"
    for i, word, upos, xpos in [(1, "Ada", "PROPN", "NNP"), (2, "saw", "VERB", "VBD"), (3, "it", "PRON", "PRP")]
)


def npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(117) + "\n"
    data = struct.pack(f"<{len(values)}f", *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)
    return str(path)


def jobs(folder):
    """Schemas with the arguments of a command that prints such documents."""
    some = [*MODEL_AND_TEXT, "--rows", "20"]
    scan = ["scan", *MODEL_AND_TEXT, "--budget", "3000"]
    result, gold = str(folder / "r"), folder / "gold.conllu"
    gold.write_text(GOLD + "\n")
    x = npy(folder / "x.npy", (20, 2), [i * 7 % 11 for i in range(40)])
    y = npy(folder / "y.npy", (20,), [i % 2 for i in range(20)])
    yield "version", ["--version"]
    yield "doctor", ["doctor"]
    yield "concepts", ["concepts"]
    yield "tokenize", ["tokenize", *some]
    yield "label", ["label", *some]
    yield "label-audit", ["label", "--audit", *some]
    yield "label-audit", ["label", "--audit", "-m", str(ROOT / "models/demo"), "-t", str(gold)]
    yield "loss", ["loss", "--windows", "1", *some]
    yield "associate", ["associate", x, y, "--permutations", "50"]
    yield "scan-dry-run", [*scan, "--dry-run"]
    yield "scan-part", [*scan, "-o", str(folder / "part"), "--part", "1/1"]
    yield "scan", ["join", str(folder / "part"), "-o", str(folder / "joined")]
    yield "scan", [*scan, "-o", result, "--null", "labels,types,lists,weights", "--null-runs", "1", "--cluster", "document"]
    yield "show", ["show", result, "--top", "5"]
    yield "scan", ["scan", *MODEL_AND_TEXT, "--profile", "study", "--layers", "1", "-o", str(folder / "study")]


def documents(printed):
    try:
        return [json.loads(printed)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in printed.splitlines()]


def main():
    try:
        from jsonschema import Draft202012Validator as Validator
    except ImportError:
        print("skipped: the Python package jsonschema is not installed", file=sys.stderr)
        return 77
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "penfield")
    schemas = {path.stem: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    for schema in schemas.values():
        Validator.check_schema(schema)
    unused, n_bad = set(schemas) - {"fetch", "serve"}, 0

    def count_errors(name, text):
        validator = Validator(schemas[name])
        errors = [error for document in documents(text) for error in validator.iter_errors(document)]
        for error in errors[:3]:
            print(f"{name}: {error.json_path}: {error.message[:200]}")
        return len(errors)

    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in jobs(Path(folder)):
            done = subprocess.run([program, *arguments, "--format", "json", "-q"], capture_output=True, text=True, check=True)
            n_bad += count_errors(name, done.stdout)
            unused.discard(name)
        for path in Path(folder).glob("*/run.json"):
            n_bad += count_errors("scan", path.read_text())
    for name in sorted(unused):
        print(f"{name}: nothing was held to it")
    return 1 if n_bad or unused else 0


if __name__ == "__main__":
    sys.exit(main())
