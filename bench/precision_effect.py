"""What --precision bf16 changes in the findings of a scan, compared with float32 and with another draw of the comparison.

    precision_effect.py MODEL TEXT... [-- FLAGS OF SCAN]

Prints, for bfloat16 and for float32 under two other seeds: units significant and replicated, how many of these decisions
differ from those of float32, the largest and the median difference of a few columns, and how many of the hundred units first
in rank are the same. The other seeds are the yardstick: they change the draw of the comparison tokens and nothing else.
"""
import csv
import os
import statistics
import subprocess
import sys
import tempfile

PENFIELD = os.path.join(os.path.dirname(__file__), "..", "build", "penfield")
COLUMNS = ("auc", "held_out_auc", "beta_sd", "neglog10_p_lrt")


def number(text):
    return float(text or "nan")


def scan(arguments, out):
    subprocess.run([PENFIELD, "scan", "-q", "-o", out, *arguments], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "units.tsv"), encoding="utf-8", newline="") as file:
        return {row["unit"]: row for row in csv.DictReader(file, delimiter="\t")}


def first_hundred(rows):
    return {unit for unit, _ in sorted(rows.items(), key=lambda item: -number(item[1]["neglog10_p_lrt"]))[:100]}


def compare(name, rows, reference):
    for decision in ("significant", "replicated"):
        n = sum(row[decision] == "1" for row in rows.values())
        changed = sum(rows[unit][decision] != row[decision] for unit, row in reference.items())
        print(f"{name}\t{decision}\t{n}\tchanged\t{changed}")
    for column in COLUMNS:
        differences = [abs(number(rows[unit][column]) - number(row[column])) for unit, row in reference.items()]
        differences = [d for d in differences if d == d]
        print(f"{name}\t|difference| of {column}\tmedian\t{statistics.median(differences):.2g}\tlargest\t{max(differences):.2g}")
    print(f"{name}\tof the first 100 units the same\t{len(first_hundred(rows) & first_hundred(reference))}")


def main():
    arguments = sys.argv[1:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    flags = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    model, *texts = arguments[:arguments.index("--")] if "--" in arguments else arguments
    base = ["-m", model, *(part for text in texts for part in ("-t", text)), *flags]
    with tempfile.TemporaryDirectory() as folder:
        reference = scan(base, os.path.join(folder, "f32"))
        n = {decision: sum(row[decision] == "1" for row in reference.values()) for decision in ("significant", "replicated")}
        print(f"float32\t{len(reference)} units\tsignificant\t{n['significant']}\treplicated\t{n['replicated']}")
        compare("bfloat16", scan([*base, "--precision", "bf16"], os.path.join(folder, "bf16")), reference)
        for seed in (1, 2):
            compare(f"float32, seed {seed}", scan([*base, "--seed", str(seed)], os.path.join(folder, f"seed{seed}")), reference)


if __name__ == "__main__":
    main()
