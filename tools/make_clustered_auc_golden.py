#!/usr/bin/env python3
"""Prints the figures of association/scalar/clustered_auc_test.cc: the clustered area of clustered_auc.h by its definition,
all pairs of samples compared, in rational arithmetic. Python 3.11, SciPy 1.17.1 for quantiles.

    tools/make_clustered_auc_golden.py
"""
from fractions import Fraction as F
from math import exp, log, sqrt

from scipy.stats import t as student


def area(rows):
    """rows: (value, label, cluster). Returns A and its variance."""
    targets = [r for r in rows if r[1] == 1]
    others = [r for r in rows if r[1] == 0]
    kernel = lambda t, c: F(1) if t > c else F(1, 2) if t == c else F(0)
    v10 = [(r[2], sum(kernel(r[0], c[0]) for c in others) / len(others)) for r in targets]
    v01 = [(r[2], sum(kernel(t[0], r[0]) for t in targets) / len(targets)) for r in others]
    a = sum(v for _, v in v10) / len(targets)
    x, y = {}, {}
    for g, v in v10:
        x[g] = x.get(g, 0) + v - a
    for g, v in v01:
        y[g] = y.get(g, 0) + v - a
    i1, i0, i = len(x), len(y), len(set(x) | set(y))
    n1, n0 = len(targets), len(others)
    c1 = {g: sum(r[2] == g for r in targets) for g in x}
    c0 = {g: sum(r[2] == g for r in others) for g in y}
    x = {g: v / (n1 - c1[g]) for g, v in x.items()}
    y = {g: v / (n0 - c0[g]) for g, v in y.items()}
    v1 = F(i1 - 1, i1) * sum(v * v for v in x.values())
    v0 = F(i0 - 1, i0) * sum(v * v for v in y.values())
    e1 = F(n1 * n1, sum(c * c for c in c1.values()))
    e0 = F(n0 * n0, sum(c * c for c in c0.values()))
    variance = v1 + v0 + 2 * F(i - 1, i) * sum(x[g] * y.get(g, 0) for g in x)
    return a, variance, v1**2 / (e1 - 1) + v0**2 / (e0 - 1)


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
show("one stratum", *area(rows))
weights = total = variance = over_df = F(0)
for h in (0, 1):
    part = [r for r, s in zip(rows, STRATA) if s == h]
    n1 = sum(r[1] for r in part)
    n0 = len(part) - n1
    w = F(n1 * n0, n1 + n0 + 1)
    a, v, o = area(part)
    weights += w
    total += w * a
    variance += w * w * v
    over_df += w**4 * o
show("two strata", total / weights, variance / weights**2, over_df / weights**4)
