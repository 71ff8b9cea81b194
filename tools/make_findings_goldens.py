#!/usr/bin/python3
"""Makes tests/golden/findings/corrections.tsv: p-values corrected by statsmodels, for adjust() to agree with.

Needs python3-statsmodels, python3-numpy. Families: random, with ties, with ones, of one test, of equal p, in either
order, and one of 512 with signal and ties.
"""
import sys
import numpy as np
import statsmodels
from statsmodels.stats.multitest import multipletests

METHODS = {"bonferroni": "bonferroni", "holm": "holm", "bh": "fdr_bh", "by": "fdr_by", "hochberg": "simes-hochberg"}


def families(random):
    yield "one", np.array([0.03])
    yield "equal", np.full(7, 0.01)
    yield "ones", np.array([1.0, 0.2, 1.0, 0.001, 1.0])
    yield "rising", np.array([1e-9, 1e-5, 0.003, 0.011, 0.02, 0.04, 0.3, 0.9])
    yield "falling", np.array([0.9, 0.3, 0.04, 0.02, 0.011, 0.003, 1e-5, 1e-9])
    yield "ties", np.array([0.01, 0.04, 0.01, 0.02, 0.04, 0.02, 0.01, 0.5])
    yield "tiny", 10.0 ** -random.uniform(0, 300, 40)
    yield "uniform", random.uniform(size=60)
    layer = random.uniform(size=512)
    layer[::17] **= 12
    layer[5::64] = layer[0]
    yield "layer", layer


def main(path):
    random = np.random.default_rng(20)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"# statsmodels {statsmodels.__version__}, numpy {np.__version__}; made by tools/make_findings_goldens.py\n")
        out.write("family\tp\t" + "\t".join(METHODS) + "\n")
        for name, p in families(random):
            corrected = [multipletests(p, method=method)[1] for method in METHODS.values()]
            for row in zip(p, *corrected):
                out.write(name + "\t" + "\t".join(repr(float(x)) for x in row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tests/golden/findings/corrections.tsv")
