#!/usr/bin/python3
"""Makes tests/golden/association/permutations.txt: Westfall-Young adjusted counts over given permutations, and exact
permutation p-values, for permute_family() to agree with.

Needs python3-numpy, python3-scipy. The counts come from the definition, on the full matrix of statistics in float64: the
permuted labels of the samples themselves, the score of each column, its mean and variance over the permutations from
the sums over strata, or Welch's t of SciPy of the means of
items. Ties are decided with a relative tolerance of 1e-9. The exact p-values are SciPy's
permutation_test over all arrangements of two groups.
"""
import itertools
import sys
import numpy as np
import scipy
from scipy import stats

TIE = 1e-9
N_PERMUTATIONS = 250
N_BAND, TAIL = 200, 5  # permutations of the bands, and which of them from either end are its ends
RANKS = [1, 2, 3, 5, 7, 10, 15, 20, 30]


def columns(random, labels, n_columns):
    n = len(labels)
    x = random.normal(size=(n, n_columns)) + np.outer(labels, random.uniform(-1.5, 1.5, n_columns))
    x[:, 1] = x[:, 0]                                   # twice the same
    x[:, 2] = (x[:, 2] > 0)                             # two values: many ties
    x[:, 3] = np.round(x[:, 3])                         # few values
    x[:, 4] = 3.5                                       # constant
    x[3, 5] = np.nan
    x[4, 6] = np.inf
    x[:, 7] += 1000.0
    x[:, 8] *= 1e-12
    x[:, 9] = labels                                    # separated
    x[2, 10] = 1e4                                      # an outlier
    return x.astype(np.float32)


def strata_of(labels, blocks):
    """Groups of items that are exchanged with each other, each item an array of samples; and whether means of items are
    compared. Where every block holds both labels: each block, its samples the items. Else one group, an item the samples
    of a block and label."""
    by_block = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    if all(len(set(labels[samples])) == 2 for samples in by_block):
        return [[np.array([i]) for i in samples] for samples in by_block], False
    return [[samples[labels[samples] == y] for samples in by_block for y in (1, 0) if (labels[samples] == y).any()]], True


def permute(random, labels, strata):
    out = labels.copy()
    for items in strata:
        drawn = random.permutation([labels[samples[0]] for samples in items])
        for samples, label in zip(items, drawn):
            out[samples] = label
    return out


def statistics(x, all_labels, strata, labels):
    """[n_label_vectors, n_columns] |score - E| / SD, from the samples' labels; NaN for columns that take no part."""
    with np.errstate(invalid="ignore"):
        x = x.astype(np.float64)
        score = np.zeros((len(all_labels), x.shape[1]))
        variance = np.zeros(x.shape[1])
        spread = x.max(axis=0) - x.min(axis=0)
        for items in strata:
            members = np.concatenate(items)
            centred = x - x[members].mean(axis=0)
            item_sums = np.array([centred[samples].sum(axis=0) for samples in items])
            m, m1 = len(items), sum(labels[s[0]] for s in items)
            variance += m1 * (m - m1) / (m * (m - 1)) * (item_sums**2).sum(axis=0)
            score += np.array([centred[members][y[members] == 1].sum(axis=0) for y in all_labels])
        out = np.abs(score) / np.sqrt(variance)
        out[:, ~np.isfinite(x).all(axis=0) | (variance < 1e-24 * spread**2) | (spread == 0)] = np.nan
    return out


def welch(x, all_labels, items):
    """[n_label_vectors, n_columns] |t| of SciPy's Welch test of the means of items; NaN for columns that take no part."""
    with np.errstate(invalid="ignore"):
        x = x.astype(np.float64)
        means = np.array([x[samples].mean(axis=0) for samples in items])
        of_items = np.array([[y[samples[0]] for samples in items] for y in all_labels])
        out = np.array([np.abs(stats.ttest_ind(means[y == 1], means[y == 0], equal_var=False).statistic) for y in of_items])
        # The floor of studentise.h, on the scale of the items' own spread.
        n1, n0 = (of_items[0] == 1).sum(), (of_items[0] == 0).sum()
        spread = means.std(axis=0, ddof=1)
        difference = np.array([np.abs(means[y == 1].mean(axis=0) - means[y == 0].mean(axis=0)) for y in of_items])
        most = difference / (spread * np.sqrt(1e-6 * (1 / n1 + 1 / n0)))
        out = np.fmin(out, most)
        out[:, ~np.isfinite(x).all(axis=0) | (spread <= 1e-12 * (x.max(axis=0) - x.min(axis=0)))] = np.nan
    return out


def adjusted_counts(observed, permuted):
    """Westfall & Young 1993: permutations that reach each column, single step and step down."""
    usable = np.flatnonzero(np.isfinite(observed))
    order = usable[np.argsort(-observed[usable], kind="stable")]
    reach = observed * (1 - TIE)
    single = np.zeros(len(observed), int)
    down = np.zeros(len(observed), int)
    single[order] = (permuted[:, order].max(axis=1)[:, None] >= reach[order]).sum(axis=0)
    successive = np.maximum.accumulate(permuted[:, order[::-1]], axis=1)[:, ::-1]
    down[order] = np.maximum.accumulate((successive >= reach[order]).sum(axis=0))
    return single, down


def rank_bands(permuted, n_items, n_strata, compares_means):
    """[3, ranks] lo, median and hi of −log10 p of the permuted statistics at each rank: NumPy's sort, SciPy's t."""
    usable = permuted[:, np.isfinite(permuted).all(axis=0)]
    ranks = [rank for rank in RANKS if rank < usable.shape[1]] + [usable.shape[1]]
    of_ranks = np.sort(np.sort(usable[:N_BAND], axis=1)[:, ::-1][:, np.array(ranks) - 1], axis=0)
    df = n_items - n_strata - 1
    squared = of_ranks[[TAIL - 1, (N_BAND - 1) // 2, N_BAND // 2, N_BAND - TAIL]] ** 2
    r2 = np.minimum(squared / (df + 1), 1)
    with np.errstate(divide="ignore"):
        t = np.sqrt(squared if compares_means else df * r2 / (1 - r2))
    lo, below, above, hi = -np.log10(2 * stats.t.sf(t, df))
    return ranks, [lo, (below + above) / 2, hi]


def write_case(out, name, x, labels, blocks, random):
    strata, compares_means = strata_of(labels, blocks)
    all_labels = [permute(random, labels, strata) for _ in range(N_PERMUTATIONS)]
    all_labels[7] = labels.copy()  # one that changes nothing
    if compares_means:
        observed, permuted = welch(x, [labels], strata[0])[0], welch(x, all_labels, strata[0])
    else:
        observed, permuted = statistics(x, [labels], strata, labels)[0], statistics(x, all_labels, strata, labels)
    single, down = adjusted_counts(observed, permuted)
    print("case", name, *x.shape, N_PERMUTATIONS, file=out)
    print("labels", *labels, file=out)
    print("blocks", *blocks, file=out)
    for row in x:
        print("x", *(repr(float(v)) for v in row), file=out)
    for y in all_labels:
        print("permuted", *y, file=out)
    print("statistic", *(repr(float(v * v)) for v in observed), file=out)
    print("single_step", *single, file=out)
    print("step_down", *down, file=out)
    ranks, bands = rank_bands(permuted, sum(map(len, strata)), len(strata), compares_means)
    print("ranks", *ranks, file=out)
    for name, values in zip(("lo", "median", "hi"), bands):
        print(name, *(repr(float(v)) for v in values), file=out)


def write_exact(out, name, values, labels):
    """All arrangements of one column: SciPy's exact two-sided p of the difference of means."""
    target, other = values[labels == 1], values[labels == 0]
    difference = lambda a, b, axis: np.abs(a.mean(axis=axis) - b.mean(axis=axis))
    p = stats.permutation_test((target, other), difference, vectorized=True, n_resamples=np.inf, alternative="greater",
                               permutation_type="independent").pvalue
    arrangements = [np.isin(np.arange(len(labels)), c).astype(int)
                    for c in itertools.combinations(range(len(labels)), int(labels.sum()))]
    print("exact", name, len(labels), len(arrangements), repr(float(p)), file=out)
    print("labels", *labels, file=out)
    print("x", *(repr(float(v)) for v in values), file=out)
    for y in arrangements:
        print("permuted", *y, file=out)


def main(path):
    random = np.random.default_rng(31)
    with open(path, "w", encoding="utf-8") as out:
        print(f"# numpy {np.__version__}, scipy {scipy.__version__}; made by tools/make_permutation_goldens.py", file=out)
        labels = random.permutation(np.repeat([0, 1], [14, 10]))
        x = columns(random, labels, 40)
        write_case(out, "free", x, labels, np.zeros(24, int), random)
        write_case(out, "within", x, labels, random.permutation(np.repeat([5, 9, 70], 8)), random)
        # Words: most always or never a target, three of them both.
        words = np.concatenate([np.arange(20), random.integers(0, 20, 40)])
        of_word = random.integers(0, 2, 20)
        labels = of_word[words]
        labels[np.isin(words, [2, 3, 4])] = random.integers(0, 2, np.isin(words, [2, 3, 4]).sum())
        x = columns(random, labels, 40) + random.normal(size=(20, 40)).astype(np.float32)[words]
        write_case(out, "words", x, labels, words, random)
        labels = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0])
        write_exact(out, "normal", random.normal(size=9).round(3) + labels, labels)
        write_exact(out, "ties", np.array([2.0, 3, 1, 2, 0, 1, 1, 0, 2]), labels)
        write_exact(out, "separated", np.array([5.0, 6, 5, 7, 0, 1, 1, 0, 2]), labels)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tests/golden/association/permutations.txt")
