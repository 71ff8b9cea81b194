#!/usr/bin/env python3
"""How often do 95% intervals of an area hold the true one where words repeat? The table of docs/numerics/words.md.

    bench/clustered_auc_cover.py [--simulations 1500] [--seed 1]

Each simulation gives words to two groups at even odds, uses to words by Zipf's law, and every use the value
(shift of its group) + √share · (effect of its word) + √(1 − share) · noise, all normal.
"Obuchowski" is Obuchowski's variance with a normal quantile on the logit scale; "here" is what association/scalar/clustered_auc.h
computes. Needs NumPy and SciPy.
"""
import argparse

import numpy as np
from scipy.stats import norm, rankdata, t as student

# words, most uses of a word, share of the variance that belongs to the word, true area
DESIGNS = [(160, 25, 0.6, 0.50), (160, 25, 0.6, 0.84), (160, 1, 0.6, 0.76), (60, 25, 0.6, 0.76),
           (400, 101, 0.8, 0.76), (400, 25, 0.3, 0.92), (40, 1, 0.6, 0.84)]


def draw(rng, words, most, share, area):
    uses = np.maximum(1, most // np.arange(1, words + 1))
    rng.shuffle(uses)
    label = np.zeros(words, int)
    label[rng.permutation(words)[: words // 2]] = 1
    word = np.repeat(np.arange(words), uses)
    x = np.sqrt(share) * rng.standard_normal(words)[word] + np.sqrt(1 - share) * rng.standard_normal(len(word))
    return x + np.sqrt(2) * norm.ppf(area) * label[word], label[word], word


def intervals(x, label, word, words):
    one, zero = label == 1, label == 0
    n1, n0 = one.sum(), zero.sum()
    among_all, among_own = rankdata(x), np.zeros(len(x))
    among_own[one], among_own[zero] = rankdata(x[one]), rankdata(x[zero])
    placement = np.where(one, (among_all - among_own) / n0, 1 - (among_all - among_own) / n1)
    area = placement[one].mean()
    sums = [np.bincount(word[g], placement[g] - area, words) for g in (one, zero)]
    sizes = [np.bincount(word[g], minlength=words) for g in (one, zero)]
    i1, i0 = ((s > 0).sum() for s in sizes)

    def ends(variance, quantile):
        logit, half = np.log(area / (1 - area)), quantile * np.sqrt(variance) / (area * (1 - area))
        return 1 / (1 + np.exp(-(logit - half))), 1 / (1 + np.exp(-(logit + half)))

    plain = i1 / (i1 - 1) * (sums[0] ** 2).sum() / n1**2 + i0 / (i0 - 1) * (sums[1] ** 2).sum() / n0**2
    left_out = [sums[0] / (n1 - sizes[0]), sums[1] / (n0 - sizes[1])]
    parts = [(i - 1) / i * (y**2).sum() for i, y in zip((i1, i0), left_out)]
    effective = [n**2 / (s.astype(float) ** 2).sum() for n, s in zip((n1, n0), sizes)]
    df = max(1.0, sum(parts) ** 2 / sum(v**2 / (e - 1) for v, e in zip(parts, effective)))
    return ends(plain, norm.ppf(0.975)), ends(sum(parts), student.ppf(0.975, df))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulations", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    print("words  most uses  share  area  Obuchowski  here")
    for words, most, share, area in DESIGNS:
        held = np.zeros(2)
        done = 0
        while done < args.simulations:
            x, label, word = draw(rng, words, most, share, area)
            both = intervals(x, label, word, words)
            if not np.isfinite(both).all():
                continue
            done += 1
            held += [lo <= area <= hi for lo, hi in both]
        print(f"{words:5}  {most:9}  {share:5.1f}  {area:.2f}  {held[0] / done:10.3f}  {held[1] / done:.3f}")


if __name__ == "__main__":
    main()
