#!/usr/bin/env python3
"""How often does the jackknifed interval of a replication rate hold the rate of other draws of documents?

    bench/jackknife_cover.py [--seed 0] [--runs 300]

Units have effects of their own; documents differ in size and move units together through five common factors, which carry a share of
the variance. A unit replicates where Student's t of its documents' scores passes alpha over the number of units. The truth is the mean
rate of 800 other draws of documents. Beside the interval of findings/jackknife.h stand that of steps that are not smoothed, and
Wilson's, which takes units as independent. Needs NumPy and SciPy.
"""
import argparse
import numpy as np
from scipy import stats

GROUPS, WIDTH, ALPHA, FACTORS, TRUTHS = 20, 0.5, 0.05, 5, 800


def t_of(scores):
    n = scores.shape[0]
    t = scores.sum(0) / np.sqrt((scores**2).sum(0))
    return t * np.sqrt((n - 1) / np.maximum(n - t**2, 1e-9))


def z_of(t, df):
    return np.sign(t) * -stats.norm.ppf(stats.t.sf(np.abs(t), df))


def jackknife(rate, without, n_units):
    """The ends of findings::jackknife_share."""
    groups = len(without)
    error = np.sqrt((groups - 1) / groups * ((without - without.mean()) ** 2).sum())
    share = min(max(rate, 0.5 / n_units), 1 - 0.5 / n_units)
    reach = stats.t.ppf(0.975, groups - 1) * error / (share * (1 - share))
    ends = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + np.array([-reach, reach]))))
    return min(rate, ends[0]), max(rate, ends[1])


def wilson(rate, n):
    z = stats.norm.ppf(0.975)
    centre = (rate + z**2 / 2 / n) / (1 + z**2 / n)
    half = z * np.sqrt(rate * (1 - rate) / n + z**2 / 4 / n**2) / (1 + z**2 / n)
    return centre - half, centre + half


def cover(rng, n_documents, n_units, effect, shared, runs):
    effects = np.abs(rng.normal(effect, 0.25, n_units))
    loads = rng.normal(size=(FACTORS, n_units)) / np.sqrt(FACTORS)
    border = stats.norm.isf(ALPHA / 2 / n_units)

    def draw():
        size = rng.gamma(4, 0.25, size=(n_documents, 1))
        common = np.sqrt(shared) * rng.normal(size=(n_documents, FACTORS)) @ loads
        return size * effects + np.sqrt(size) * (common + np.sqrt(1 - shared) * rng.normal(size=(n_documents, n_units)))

    truth = np.mean([(z_of(t_of(draw()), n_documents - 1) > border).mean() for _ in range(TRUTHS)])
    held = {"jackknife": 0, "steps": 0, "Wilson": 0}
    group = np.arange(n_documents) % min(GROUPS, n_documents)
    for _ in range(runs):
        scores = draw()
        rate = (z_of(t_of(scores), n_documents - 1) > border).mean()
        smooth, steps = [], []
        for g in np.unique(group):
            kept = scores[group != g]
            z = z_of(t_of(kept), len(kept) - 1) * np.sqrt(n_documents / len(kept))
            smooth.append(stats.norm.cdf((z - border) / WIDTH).mean())
            steps.append((z > border).mean())
        for name, (lo, hi) in [("jackknife", jackknife(rate, np.array(smooth), n_units)),
                               ("steps", jackknife(rate, np.array(steps), n_units)), ("Wilson", wilson(rate, n_units))]:
            held[name] += lo <= truth <= hi
    return truth, {name: n / runs for name, n in held.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=300)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    print("| documents | units | variance shared | rate | jackknife | of steps | Wilson |\n| --- | --- | --- | --- | --- | --- | --- |")
    for n_documents, n_units, effect, shared in [(50, 200, 0.8, 0.1), (50, 200, 0.8, 0.5), (50, 200, 1.1, 0.3), (50, 30, 0.8, 0.3),
                                                 (30, 200, 1.1, 0.3), (30, 30, 1.1, 0.3), (100, 200, 0.5, 0.3), (50, 1000, 0.7, 0.3)]:
        truth, held = cover(rng, n_documents, n_units, effect, shared, args.runs)
        print(f"| {n_documents} | {n_units:,} | {shared} | {truth:.2f} | {held['jackknife']:.3f} | {held['steps']:.3f} | {held['Wilson']:.3f} |",
              flush=True)


if __name__ == "__main__":
    main()
