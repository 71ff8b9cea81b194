#!/usr/bin/env python3
"""Prints the figures of association/scalar/clustered_auc_test.cc: the clustered area of clustered_auc.h by its definition,
all pairs of samples compared, in rational arithmetic. Python 3.11, SciPy 1.17.1 for quantiles.

    tools/make_clustered_auc_golden.py
"""
from fractions import Fraction as F
from math import exp, log, sqrt

from scipy.stats import t as student


def placements(rows):
    """rows: (value, label, cluster) of one stratum. Returns A and, by cluster, the sums of placements less A, for
    targets and for comparisons, each with the number of samples."""
    targets = [r for r in rows if r[1] == 1]
    others = [r for r in rows if r[1] == 0]
    kernel = lambda t, c: F(1) if t > c else F(1, 2) if t == c else F(0)
    v10 = [(r[2], sum(kernel(r[0], c[0]) for c in others) / len(others)) for r in targets]
    v01 = [(r[2], sum(kernel(t[0], r[0]) for t in targets) / len(targets)) for r in others]
    a = sum(v for _, v in v10) / len(targets)
    sums = ({}, {})
    for group, values in zip(sums, (v10, v01)):
        for g, v in values:
            total, n = group.get(g, (0, 0))
            group[g] = (total + v - a, n + 1)
    return a, sums


def area(strata):
    """strata: lists of (value, label, cluster). Returns the weighted A, its variance, and what its degrees of freedom
    divide."""
    parts = []
    for rows in strata:
        n = [sum(1 for r in rows if r[1] == label) for label in (1, 0)]
        parts.append((F(n[0] * n[1], sum(n) + 1), n, *placements(rows)))
    weights = sum(w for w, *_ in parts)
    shares, sizes = ({}, {}), ({}, {})
    for w, n, _, sums in parts:
        for k in (0, 1):
            for g, (total, n_g) in sums[k].items():
                shares[k][g] = shares[k].get(g, 0) + w / weights * total / (n[k] - n_g)
                sizes[k][g] = sizes[k].get(g, 0) + w / weights * F(n_g, n[k])
    i = len(set(shares[0]) | set(shares[1]))
    of_group = [F(len(s) - 1, len(s)) * sum(v * v for v in s.values()) for s in shares]
    effective = [1 / sum(v * v for v in s.values()) for s in sizes]
    products = sum(v * shares[1].get(g, 0) for g, v in shares[0].items())
    over_df = sum(v * v / (e - 1) for v, e in zip(of_group, effective))
    return sum(w * a for w, _, a, _ in parts) / weights, sum(of_group) + 2 * F(i - 1, i) * products, over_df


def ends(a, variance, over_df, p):
    q = student.ppf(p, max(1.0, variance**2 / over_df))
    logit, half = log(a / (1 - a)), q * sqrt(variance) / (a * (1 - a))
    return [1 / (1 + exp(-(logit + sign * half))) for sign in (-1, 1)]


def show(name, a, variance, over_df):
    a, variance, over_df = float(a), float(variance), float(over_df)
    print(name, repr(a), *map(repr, ends(a, variance, over_df, 0.975) + ends(a, variance, over_df, 0.95)))


VALUES = [2.5, 3, 1, 4, 4, 2, 1, 0, 1.5, 3, 2, 0.5, 2.5, 1, 3.5, 0]
LABELS = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
CLUSTERS = [0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 4, 5, 6, 7, 7, 8]
STRATA = [0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1]
rows = list(zip(VALUES, LABELS, CLUSTERS))
show("one stratum", *area([rows]))
show("two strata", *area([[r for r, s in zip(rows, STRATA) if s == h] for h in (0, 1)]))
