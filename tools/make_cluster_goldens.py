#!/usr/bin/env python3
"""Makes tests/golden/association/cluster_columns.tsv and cluster.tsv: CR2 errors of logistic regressions with Satterthwaite's
degrees of freedom, by dense matrices as the papers write them.

  se, df   Bell & McCaffrey 2002 and Pustejovsky & Tipton 2018, eqs. 5 and 9, for the least squares of (y − p)/√w on √w·x, which
           the last step of the fit is: A_g = (I − H)_gg^(+½). All n × n matrices are formed, which Penfield never does.
           (R's clubSandwich 0.5.8 takes another square root for glm objects, that of W(I − H)W; it is as unbiased, and differs
           by at most 2% in these cases: `other` prints it)

Penfield's own way shares no formula with these. Needs numpy, statsmodels (for the fits).
"""
import sys, warnings
from pathlib import Path
import numpy as np, statsmodels, statsmodels.api as sm

HERE = Path(__file__).resolve().parent.parent / "tests/golden/association"


def cr2(y, x, cluster, other=False):
    """SE and df of the last coefficient."""
    p = sm.Logit(y, x).fit(method="newton", maxiter=200, tol=1e-14, disp=0).predict()
    w = p * (1 - p)
    rows = np.sqrt(w)[:, None] * x
    m = np.linalg.inv(rows.T @ rows)
    left = np.eye(len(y)) - rows @ m @ rows.T
    residual = (y - p) / np.sqrt(w)
    contributions, vectors = [], []
    for g in np.unique(cluster):
        of = np.flatnonzero(cluster == g)
        scale = np.diag(w[of]) if other else np.eye(len(of))
        values, u = np.linalg.eigh(scale @ left[np.ix_(of, of)] @ scale)
        root = u @ np.diag([v**-0.5 if v > 1e-10 * values.max() else 0.0 for v in values]) @ u.T
        b = m[-1] @ rows[of].T @ root @ scale
        contributions.append(b @ residual[of])
        vectors.append(left[of].T @ b)
    omega = np.array(vectors) @ np.array(vectors).T
    return np.sqrt(np.sum(np.square(contributions))), np.trace(omega) ** 2 / np.sum(omega**2)


def cases():
    random = np.random.default_rng(20261129)
    for name, n, k, n_clusters, sizes, d in [
        ("even_12", 120, 0, 12, "even", 0.8), ("even_40", 120, 2, 40, "even", 0.5), ("own", 60, 1, 60, "own", 0.7),
        ("uneven_15", 150, 3, 15, "uneven", 0.5), ("pure_20", 140, 0, 20, "pure", 1.0), ("pure_30", 160, 2, 30, "pure", 0.4),
        ("one_large", 100, 1, 25, "large", 0.6)]:
        if sizes == "own":
            cluster = np.arange(n)
        elif sizes == "uneven":
            cluster = np.minimum(random.geometric(0.15, n) - 1, n_clusters - 1)
        elif sizes == "large":
            cluster = np.where(random.random(n) < 0.5, 0, random.integers(1, n_clusters, n))
        else:
            cluster = random.permutation(np.arange(n) % n_clusters)
        y = cluster % 2 if sizes == "pure" else (random.random(n) < 0.45).astype(int)
        effect = random.normal(size=n_clusters if sizes != "own" else n)[cluster]
        x = random.normal(size=n) + 0.7 * effect + d * y
        z = [random.normal(size=n) + 0.3 * x for _ in range(k)]
        order = np.argsort(1 - y, kind="stable")
        yield name, y[order].astype(float), np.round(x[order], 4), [np.round(v[order], 4) for v in z], cluster[order]


def main():
    head = f"# python {sys.version.split()[0]}, numpy {np.__version__}, statsmodels {statsmodels.__version__}"
    columns, rows = [head, "case\twhat\tvalues"], [head, "case\tse\tdf"]
    for name, y, x, z, cluster in cases():
        columns.append(f"{name}\tn_target\t{int(y.sum())}")
        for what, values in [("x", x), *((f"z{k}", v) for k, v in enumerate(z)), ("cluster", cluster)]:
            columns.append(f"{name}\t{what}\t{' '.join(repr(v.item()) for v in values)}")
        out = cr2(y, sm.add_constant(np.column_stack([*z, x])), cluster)
        rows.append("\t".join([name, *(repr(float(v)) for v in out)]))
        print(name, "other", *cr2(y, sm.add_constant(np.column_stack([*z, x])), cluster, other=True), "here", *out)
    (HERE / "cluster_columns.tsv").write_text("\n".join(columns) + "\n")
    (HERE / "cluster.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
