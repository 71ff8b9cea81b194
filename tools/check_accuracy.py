#!/usr/bin/env python3
"""Correct digits of `penfield associate` on 4,096 realistic columns, with and without covariates.

Columns: normal, Student t(3), GELU-shaped, log-normal, rounded, scaled by 1e6 and 1e-6, shifted by 1e4 SD, with one value
of 1e4 SD; effects d from 0 to 5; n from 8 to 100,000. The reference is Newton's method in 80-bit arithmetic (numpy
longdouble: eps 1e-19), on the column as the program reads it; the reference itself is compared with 50 digits (mpmath,
by make_association_goldens.py) on a sample of the columns. -log10 p is computed from its statistic by mpmath.

    tools/check_accuracy.py [--penfield build/penfield] [--share 1]

Prints the worst digits (LRE, -log10 of the relative error) by n; exit 1 if one is below 8 (beta, se) or 6 (-log10 p), or a
status is wrong. Needs numpy and mpmath; about three minutes (--share 0.1: a tenth of the columns).
"""
import argparse
import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import mpmath as mp
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from make_association_goldens import maximum_likelihood, neglog10_normal  # noqa: E402

SIZES = {8: 512, 16: 512, 50: 512, 100: 512, 440: 1024, 2000: 512, 10_000: 384, 100_000: 128}
LEAST = {"beta": 8, "se": 8, "lrt_chi2": 8, "neglog10_p_wald": 6, "neglog10_p_lrt": 6, "neglog10_p_score": 6}
N_COVARIATES = 4


def columns(rng, y, n_columns):
    """[n, n_columns] float64, effects from 0 to 5 pooled SD."""
    out = np.empty((len(y), n_columns))
    for k in range(n_columns):
        d = 5 * k / max(1, n_columns - 1)
        v = rng.standard_normal(len(y)) + d * y
        kind = k % 9
        if kind == 1:
            v = rng.standard_t(3, len(y)) + d * y
        elif kind == 2:
            v = 1.5 * v - 1
            v = 0.5 * v * (1 + np.tanh(np.sqrt(2 / np.pi) * (v + 0.044715 * v**3)))
        elif kind == 3:
            v = np.exp(v)
        elif kind == 4:
            v = np.round(v, 1)
        elif kind == 5:
            v = v * 1e6
        elif kind == 6:
            v = v * 1e-6
        elif kind == 7:
            v = v + 1e4
        elif kind == 8:
            v[rng.integers(len(y))] = 1e4
        out[:, k] = v
    return out


def standardised(x):
    x = x.astype(np.longdouble)
    mean = x.mean()
    sd = np.sqrt(((x - mean) ** 2).sum() / (len(x) - 1))
    return (x - mean) / sd, sd


def newton(design, y, iterations, theta):
    """Steps in the arithmetic of `design`; a step is halved while the likelihood falls."""
    def state(t):
        eta = design @ t
        e = np.exp(-np.abs(eta))
        smaller = e / (1 + e)
        wrong = np.where((eta > 0) == (y > 0), smaller, 1 / (1 + e))  # probability given to the wrong answer
        log_likelihood = np.minimum(np.where(y > 0, eta, -eta), 0).sum() - np.log1p(e).sum()
        return wrong, e / (1 + e) ** 2, log_likelihood

    wrong, weight, value = state(theta)
    for _ in range(iterations):
        gradient = design.T @ np.where(y > 0, wrong, -wrong)
        information = (design * weight[:, None]).T @ design
        try:
            step = np.linalg.solve(information.astype(float), gradient.astype(float)).astype(design.dtype)
        except np.linalg.LinAlgError:
            return None
        for _ in range(60):
            trial = state(theta + step)
            if trial[2] >= value - 1e-12 * abs(value):
                break
            step = step / 2
        theta = theta + step
        wrong, weight, value = trial
        if value > -np.log(2):  # every sample is on its right side: separated
            return None
        if np.abs(design @ step).max() < 1e-17 * max(1, np.abs(design @ theta).max()):
            break
    return theta, (design * weight[:, None]).T @ design, value, np.abs(design @ step).max()


def fit(x, z, y):
    """The maximum and its statistics; None where there is none."""
    column, sd = standardised(x)
    design = np.column_stack([np.ones(len(y), np.longdouble), *(standardised(v)[0] for v in z), column])
    start = newton(design.astype(float), y, 60, np.zeros(design.shape[1]))
    if start is None:
        return None
    found = newton(design, y, 8, start[0].astype(np.longdouble))
    if found is None or found[3] > 1e-9:
        return None
    theta, information, value, _ = found
    null_design = design[:, :-1]
    null = newton(null_design, y, 60, np.zeros(null_design.shape[1], np.longdouble))
    p = 1 / (1 + np.exp(-(null_design @ null[0])))
    w = p * (1 - p)
    slope = (column * (y - p)).sum()
    cross = null_design.T @ (w * column)
    spread = (w * column**2).sum() - cross @ np.linalg.solve(
        ((null_design * w[:, None]).T @ null_design).astype(float), cross.astype(float))
    variance = np.linalg.inv(information.astype(float))[-1, -1]
    out = {"beta": theta[-1] / sd, "se": np.sqrt(variance) / sd, "lrt_chi2": 2 * (value - null[2])}
    statistics = {"wald": theta[-1] ** 2 / variance, "lrt": out["lrt_chi2"], "score": slope**2 / spread}
    for name, chi2 in statistics.items():
        high = float(chi2)  # and what a double leaves of it
        out[f"neglog10_p_{name}"] = neglog10_normal(mp.sqrt(mp.mpf(high) + mp.mpf(float(chi2 - high))))
    return out


def digits(got, want):
    want = float(want)
    if got == want:
        return 16.0
    return min(16.0, -np.log10(abs(got - want) / abs(want))) if np.isfinite(got) and want != 0 else 0.0


def run(program, x, y, z):
    with tempfile.TemporaryDirectory() as folder:
        for name, array in [("x", x), ("y", y.astype(np.uint8)), ("z", z)]:
            np.save(f"{folder}/{name}.npy", np.ascontiguousarray(array))
        command = [program, "associate", f"{folder}/x.npy", f"{folder}/y.npy", "--format", "tsv"]
        if z.shape[1] > 0:
            command += ["--covariates", f"{folder}/z.npy"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def groups_overlap(x, y):
    return min(x[y == 1].max(), x[y == 0].max()) > max(x[y == 1].min(), x[y == 0].min())


def check_reference(x, y, worst):
    """The 80-bit reference of a column against 50 digits."""
    order = np.argsort(-y, kind="stable")
    exact = [mp.mpf(float(v)) for v in x[order]]
    mean = mp.fsum(exact) / len(exact)
    sd = mp.sqrt(mp.fsum((v - mean) ** 2 for v in exact) / (len(exact) - 1))
    _, b, se, _ = maximum_likelihood([(v - mean) / sd for v in exact], [int(v) for v in y[order]])
    ours = fit(x, [], y)
    worst["beta"] = min(worst["beta"], digits(float(ours["beta"]), b / sd))
    worst["se"] = min(worst["se"], digits(float(ours["se"]), se / sd))


def compare(args, n, n_columns, n_covariates):
    rng = np.random.default_rng(n + 1)
    y = np.zeros(n)
    y[rng.permutation(n)[:n // 2]] = 1
    x = columns(rng, y, n_columns)
    z = rng.standard_normal((n, n_covariates)) + 0.3 * y[:, None]
    rows = run(args.penfield, x, y, z)
    worst, n_ok, n_wrong = dict.fromkeys(LEAST, 16.0), 0, 0
    reference = {"beta": 16.0, "se": 16.0}
    for k, row in enumerate(rows):
        want = fit(x[:, k], list(z.T), y) if n_covariates or groups_overlap(x[:, k], y) else None
        n_wrong += (row["status"] == "ok") != (want is not None)
        if row["status"] != "ok" or want is None:
            continue
        n_ok += 1
        for name in LEAST:
            worst[name] = min(worst[name], digits(float(row[name]), want[name]))
        if not n_covariates and n <= 2000 and k % (n_columns // 8 or 1) == 0:
            check_reference(x[:, k], y, reference)
    print(f"{n:7} {n_covariates:3} {len(rows):6} {n_ok:6} {n_wrong:6} ", " ".join(f"{worst[k]:9.1f}" for k in LEAST),
          " " if n_covariates or n > 2000 else f" reference: beta {reference['beta']:.1f}, se {reference['se']:.1f}", flush=True)
    return n_wrong == 0 and all(worst[k] >= v for k, v in LEAST.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--penfield", default="build/penfield")
    parser.add_argument("--share", type=float, default=1.0)
    args = parser.parse_args()
    print("      n cov columns     ok  wrong ", " ".join(f"{k[-9:]:>9}" for k in LEAST))
    good = True
    for n_covariates in (0, N_COVARIATES):
        for n, n_columns in SIZES.items():
            if n < 16 and n_covariates:
                continue  # two samples a coefficient
            good &= compare(args, n, max(8, int(n_columns * args.share)), n_covariates)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
