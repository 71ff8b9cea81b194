#!/usr/bin/env python3
"""How often do 95% intervals of an area hold the true one where words repeat? The tables of docs/numerics/words.md.

    bench/clustered_auc_cover.py [--simulations 1500] [--seed 1]

Each simulation gives words to two groups at even odds, uses to words by Zipf's law, and every use the value
(shift of its group) + √share · (effect of its word) + √(1 − share) · noise, all normal.
"Obuchowski" is Obuchowski's variance with a normal quantile on the logit scale; "here" is what association/scalar/clustered_auc.h
computes. In the designs with strata a part of the uses is in a second stratum, whose values are higher by one, and "by
stratum" takes a word that is used in both for two. "lone" leaves the second stratum a single word of the comparison, with so
many uses. Needs NumPy and SciPy.
"""
import argparse

import numpy as np
from scipy.stats import norm, rankdata, t as student

# words, most uses of a word, share of the variance that belongs to the word, true area
DESIGNS = [(160, 25, 0.6, 0.50), (160, 25, 0.6, 0.84), (160, 1, 0.6, 0.76), (60, 25, 0.6, 0.76),
           (400, 101, 0.8, 0.76), (400, 25, 0.3, 0.92), (40, 1, 0.6, 0.84)]


# The same, with the share of the uses that is in the second stratum, and "lone".
STRATA = [(160, 25, 0.6, 0.50, 0.5, 0), (160, 25, 0.6, 0.84, 0.5, 0), (160, 25, 0.6, 0.84, 0.2, 0), (400, 101, 0.8, 0.76, 0.5, 0),
          (400, 25, 0.3, 0.92, 0.5, 0), (60, 25, 0.6, 0.76, 0.3, 0), (160, 6, 0.6, 0.76, 0.5, 0), (160, 1, 0.6, 0.76, 0.5, 0),
          (160, 25, 0.6, 0.76, 0.5, 12), (160, 25, 0.6, 0.84, 0.3, 40)]


def draw(rng, words, most, share, area, second=0.0, lone=0):
    uses = np.maximum(1, most // np.arange(1, words + 1))
    rng.shuffle(uses)
    label = np.zeros(words, int)
    label[rng.permutation(words)[: words // 2]] = 1
    word = np.repeat(np.arange(words), uses)
    stratum = (rng.random(len(word)) < second).astype(int) if second else np.zeros(len(word), int)
    if lone:
        kept = (stratum == 0) | (label[word] == 1)
        one = np.flatnonzero(label == 0)[0]
        word = np.concatenate([word[kept], np.full(lone, one)])
        stratum = np.concatenate([stratum[kept], np.ones(lone, int)])
    x = np.sqrt(share) * rng.standard_normal(words)[word] + np.sqrt(1 - share) * rng.standard_normal(len(word))
    return x + np.sqrt(2) * norm.ppf(area) * label[word] + stratum, label[word], word, stratum


class Part:
    """The area of one stratum, and of every word the sums of placements, less the area, and the uses, by group."""

    def __init__(self, x, label, word, words):
        groups = label == 1, label == 0
        self.n = [g.sum() for g in groups]
        among_all, among_own = rankdata(x), np.zeros(len(x))
        for g in groups:
            among_own[g] = rankdata(x[g])
        placement = np.where(groups[0], (among_all - among_own) / self.n[1], 1 - (among_all - among_own) / self.n[0])
        self.area = placement[groups[0]].mean()
        self.sums = [np.bincount(word[g], placement[g] - self.area, words) for g in groups]
        self.sizes = [np.bincount(word[g], minlength=words) for g in groups]
        self.counts = [(s > 0).sum() for s in self.sizes]
        self.weight = self.n[0] * self.n[1] / (sum(self.n) + 1)
        self.shares = [s / np.maximum(n - m, 1) for s, n, m in zip(self.sums, self.n, self.sizes)]


def ends(area, variance, quantile):
    logit, half = np.log(area / (1 - area)), quantile * np.sqrt(variance) / (area * (1 - area))
    return 1 / (1 + np.exp(-(logit - half))), 1 / (1 + np.exp(-(logit + half)))


def variance_of(shares, sizes):
    """Of summed shares of words; and what the degrees of freedom divide."""
    counts = [(s > 0).sum() for s in sizes]
    of_group = [(i - 1) / i * (y**2).sum() for i, y in zip(counts, shares)]
    effective = [s.sum() ** 2 / (s.astype(float) ** 2).sum() for s in sizes]
    i = ((sizes[0] > 0) | (sizes[1] > 0)).sum()
    products = 2 * (i - 1) / i * (shares[0] * shares[1]).sum()
    return sum(of_group) + products, sum(v**2 / (e - 1) for v, e in zip(of_group, effective) if e > 1)


def t_ends(area, variance, over_df):
    return ends(area, variance, student.ppf(0.975, max(1.0, variance**2 / over_df)))


def here(parts, words):
    if any(min(p.counts) >= 2 for p in parts):
        parts = [p for p in parts if min(p.counts) >= 2]
    weights = sum(p.weight for p in parts)
    area = sum(p.weight * p.area for p in parts) / weights
    shares = [sum(p.weight / weights * p.shares[k] for p in parts) for k in (0, 1)]
    sizes = [sum(p.weight / weights * p.sizes[k] / p.n[k] for p in parts) for k in (0, 1)]
    return t_ends(area, *variance_of(shares, sizes))


def obuchowski(parts, words):
    (p,) = parts
    plain = sum(i / (i - 1) * (s**2).sum() / n**2 for i, s, n in zip(p.counts, p.sums, p.n))
    return ends(p.area, plain, norm.ppf(0.975))


def by_stratum(parts, words):
    weights = sum(p.weight for p in parts)
    each = [variance_of(p.shares, p.sizes) for p in parts]
    area = sum(p.weight * p.area for p in parts) / weights
    variance = sum((p.weight / weights) ** 2 * v for p, (v, _) in zip(parts, each))
    return t_ends(area, variance, sum((p.weight / weights) ** 4 * o for p, (_, o) in zip(parts, each)))


def cover(rng, design, other, simulations):
    held, done = np.zeros(2), 0
    while done < simulations:
        x, label, word, stratum = draw(rng, *design)
        parts = [Part(x[g], label[g], word[g], design[0]) for g in (stratum == s for s in np.unique(stratum))
                 if 0 < label[g].sum() < g.sum()]
        both = np.array([f(parts, design[0]) for f in (other, here)])
        if not np.isfinite(both).all():
            continue
        done += 1
        held += (both[:, 0] <= design[3]) & (design[3] <= both[:, 1])
    return held / done


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulations", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    print("words  most uses  share  area  Obuchowski  here")
    for design in DESIGNS:
        words, most, share, area = design
        other, own = cover(rng, design, obuchowski, args.simulations)
        print(f"{words:5}  {most:9}  {share:5.1f}  {area:.2f}  {other:10.3f}  {own:.3f}", flush=True)
    print("words  most uses  share  area  in the second stratum  lone  by stratum  here")
    for design in STRATA:
        words, most, share, area, second, lone = design
        other, own = cover(rng, design, by_stratum, args.simulations)
        print(f"{words:5}  {most:9}  {share:5.1f}  {area:.2f}  {second:21.1f}  {lone:4}  {other:10.3f}  {own:.3f}", flush=True)


if __name__ == "__main__":
    main()
