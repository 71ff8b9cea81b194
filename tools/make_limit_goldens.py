#!/usr/bin/env python3
"""Makes tests/golden/association/limit_*.tsv: covariates that alone tell the group of some samples.

  limit_columns.tsv    case, what (x, z0, z1, ...), its values (targets first), as repr prints them
  limit_reference.tsv  50-digit arithmetic (mpmath). `rest`: how many samples the covariates do not separate, found by
                       linear programming on exact ranks. The limit of maximum likelihood: Newton on those samples and a
                       basis of their columns. Firth's estimate of all samples: the roots of the modified score.

Run from the source folder: tools/make_limit_goldens.py (needs numpy, scipy, mpmath, statsmodels; a minute).
"""
import sys
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy.optimize

sys.path.insert(0, str(Path(__file__).parent))
from make_adjusted_goldens import OUT, Model, firth_reference, neglog10_normal  # noqa: E402

COLUMNS = ["rest", "alpha", "beta", "se", "lrt_chi2", "neglog10_p_lrt", "score_chi2", "firth_beta", "firth_chi2"]


def sorted_by_group(y, x, z):
    order = np.argsort(-y, kind="stable")
    return int(y.sum()), [repr(float(v)) for v in x[order]], [[repr(float(v)) for v in c[order]] for c in z]


def cases():
    """Yields (name, number of targets, x, [covariates]), targets first."""
    rng = np.random.default_rng(3)
    n = 60
    y = (rng.random(n) < .5).astype(float)
    x = rng.normal(size=n) + .8 * y
    z = ((y == 0) & (rng.random(n) < .3)).astype(float)
    yield "in_comparison_alone", *sorted_by_group(y, x, [z])
    rng = np.random.default_rng(20261129)
    y = (rng.random(90) < .4).astype(float)
    x = rng.normal(size=90) + .6 * y
    length = np.floor(rng.exponential(3, 90)) + 1
    space = np.where(y == 1, 1.0, (rng.random(90) < .6).astype(float))
    yield "all_targets_have_it", *sorted_by_group(y, x + .1 * length, [space, length])
    yield "order_of_covariates", *sorted_by_group(y, x + .1 * length, [length, space])
    yield "not_zero_elsewhere", *sorted_by_group(y, x, [5 + space, length])
    other = np.where(y == 0, 0.0, (rng.random(90) < .2).astype(float))
    yield "two_of_them", *sorted_by_group(y, x, [space, other, length])
    # At or above 4 all are targets, at or below -4 none is; between them both.
    steps = np.clip(np.round(rng.normal(0, 2, 90) + 3 * (y - .5)), -4, 4)
    steps[(steps == 4) & (y == 0)] = 3
    steps[(steps == -4) & (y == 1)] = -3
    ends = [(steps == 4).astype(float), (steps == -4).astype(float)]
    yield "both_ends", *sorted_by_group(y, x, [*ends, steps])
    # Away from the line z1 = z2 the groups are apart; on it they are not.
    z1 = np.round(rng.normal(0, 1, 90), 1)
    z2 = z1 + np.where(rng.random(90) < .3, np.where(y == 1, .5, -.5), 0)
    yield "off_a_line", *sorted_by_group(y, x, [z1, z2])


def kept(columns, n1):
    """The samples that no direction with all samples on their side or on its plane puts off the plane."""
    rows = np.column_stack([np.ones(len(columns[0])), *[np.array(c, float) for c in columns]])
    side = rows * np.where(np.arange(len(rows)) < n1, 1.0, -1.0)[:, None]
    n, p = side.shape
    found = scipy.optimize.linprog(np.r_[np.zeros(p), -np.ones(n)], A_ub=np.block([[-side, np.eye(n)]]), b_ub=np.zeros(n),
                                   bounds=[(None, None)] * p + [(0, 1)] * n)
    return [i for i in range(n) if found.x[p + i] < .5]


def limit_reference(n1, x, z):
    rest = kept(z, n1)
    basis, left = [np.ones(len(rest))], []
    for column in z:
        candidate = np.array([float(column[i]) for i in rest])
        if np.linalg.matrix_rank(np.column_stack([*basis, candidate])) > len(basis):
            basis.append(candidate)
            left.append([column[i] for i in rest])
    model = Model([x[i] for i in rest], left, sum(i < n1 for i in rest))
    theta, last, sd = model.maximum(), model.p - 1, model.sd[-1]
    inverse = model.information(model.probabilities(theta)) ** -1
    null = model.maximum(last)
    at_null = model.probabilities(null)
    out = {"rest": len(rest), "beta": theta[last] / sd, "se": mp.sqrt(inverse[last, last]) / sd,
           "lrt_chi2": 2 * (model.loglik(theta) - model.loglik(null)),
           "score_chi2": model.score(at_null)[last] ** 2 * (model.information(at_null) ** -1)[last, last]}
    out["neglog10_p_lrt"] = neglog10_normal(mp.sqrt(out["lrt_chi2"]))
    # Where the covariates are zero: only if that point lies on the plane of the rest.
    rows = np.column_stack([np.ones(len(rest)), *[[float(c[i]) for i in rest] for c in z]])
    at_zero = np.r_[1.0, np.zeros(len(z))]
    if np.linalg.matrix_rank(np.vstack([rows, at_zero])) == np.linalg.matrix_rank(rows):
        out["alpha"] = model.alpha(theta)
    return out


def main():
    versions = f"# python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, mpmath {mp.__version__}"
    columns, references = [versions, "case\twhat\tvalues"], [versions, "\t".join(["case", *COLUMNS])]
    for name, n1, x, z in cases():
        out = limit_reference(n1, x, z)
        note, firth = firth_reference(Model(x, z, n1))
        assert note == "NA"
        out.update(firth)
        columns.append(f"{name}\tn_target\t{n1}")
        for what, values in [("x", x), *((f"z{k}", v) for k, v in enumerate(z))]:
            columns.append(f"{name}\t{what}\t{' '.join(values)}")
        references.append("\t".join([name, *(mp.nstr(out[k], 20) if k in out else "NA" for k in COLUMNS)]))
        print(references[-1], flush=True)
    (OUT / "limit_columns.tsv").write_text("\n".join(columns) + "\n")
    (OUT / "limit_reference.tsv").write_text("\n".join(references) + "\n")


if __name__ == "__main__":
    main()
