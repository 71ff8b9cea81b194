#!/usr/bin/env python3
"""Makes tests/golden/association: simulated columns and what other software says of them.

  columns.tsv        case, number of targets, the values (targets first), each a short decimal that is the datum itself
  reference.tsv      every statistic in 50-digit arithmetic (mpmath), by definition: Newton on the raw column,
                     Firth's modified score solved as it stands, placements counted pair by pair
  peers.tsv          statsmodels Logit, scipy's Welch and Mann-Whitney on the same columns
  distributions.tsv  -log10 of two-sided p, 50 digits: normal, chi-square(1), Student t

Run from the source folder: tools/make_association_goldens.py (needs numpy, scipy, statsmodels, mpmath; about a minute).
"""
import sys
import warnings
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

mp.mp.dps = 50
OUT = Path("tests/golden/association")
VERSIONS = (f"# python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, "
            f"statsmodels {statsmodels.__version__}, mpmath {mp.__version__}")
Z95 = mp.sqrt(2) * mp.erfinv(mp.mpf(95) / 100)
STATISTICS = ["mean_target", "mean_comparison", "sd", "alpha", "beta", "se", "z", "neglog10_p_wald", "lrt_chi2",
              "neglog10_p_lrt", "score_chi2", "neglog10_p_score", "beta_sd", "cohen_d", "cohen_d_lo", "cohen_d_hi",
              "auc", "auc_lo", "auc_hi", "t_welch", "df_welch", "neglog10_p_welch"]


# --- distributions -------------------------------------------------------------------------------------------------
def neglog10_normal(z):
    w = abs(mp.mpf(z)) / mp.sqrt(2)
    return -(mp.log1p(-mp.erf(w)) if w < 1 else mp.log(mp.erfc(w))) / mp.log(10)


def neglog10_student(t, df):
    t, df = abs(mp.mpf(t)), mp.mpf(df)
    if df > 3000 and 1 < t < 1e6:  # the hypergeometric series is slow here: integrate the density
        h = (df + t * t) / ((df + 1) * t)
        tail = mp.quad(lambda v: mp.exp(-(df + 1) / 2 * mp.log1p(((t + h * v) ** 2 - t * t) / (df + t * t))),
                       [0, 1, 2, 4, 8, 16, 32, 64, 128, 256])
        density = (mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
                   - (df + 1) / 2 * mp.log1p(t * t / df))
        return -(density + mp.log(2 * h * tail)) / mp.log(10)
    a, half = df / 2, mp.mpf(1) / 2
    x, y = df / (df + t * t), t * t / (df + t * t)
    front = mp.exp(a * mp.log(x) - mp.log(mp.beta(a, half))) * mp.sqrt(y)
    if t * t <= 2:
        return -mp.log1p(-2 * front * mp.hyp2f1(a + half, 1, 3 * half, y)) / mp.log(10)
    return -mp.log(front / a * mp.hyp2f1(a + half, 1, a + 1, x, maxterms=10**7)) / mp.log(10)


def write_distributions():
    rows = [VERSIONS, "kind\tvalue\tdf\tneglog10_p"]
    for t in ["1e-9", "1e-4", "0.01", "0.3", "0.7", "0.71", "1", "1.5", "2", "3", "5", "8", "20", "35.3", "35.4",
              "60", "200", "700", "1e4", "1e5"]:
        t_value = mp.mpf(float(t))
        rows.append(f"normal\t{t}\t0\t{mp.nstr(neglog10_normal(t_value), 20)}")
        rows.append(f"chi2\t{t}\t1\t{mp.nstr(neglog10_normal(mp.sqrt(t_value)), 20)}")
    for df in ["1", "1.5", "2", "3.25", "5.5", "9.9", "17", "33.3", "97.25", "437.123", "1998", "1e4", "123456.7",
               "1e7"]:
        for t in ["1e-9", "1e-4", "0.3", "1.5", "1.72", "1.74", "2", "3", "5", "12", "35", "200", "1e4", "1e20",
                  "1e100", "1e200"]:
            rows.append(f"student\t{t}\t{df}\t{mp.nstr(neglog10_student(float(t), float(df)), 20)}")
    (OUT / "distributions.tsv").write_text("\n".join(rows) + "\n")


# --- columns -------------------------------------------------------------------------------------------------------
def gelu(v):
    return 0.5 * v * (1 + np.tanh(np.sqrt(2 / np.pi) * (v + 0.044715 * v**3)))


def short(values, digits=6):
    return [f"{v:.{digits}g}" for v in values]


def simulated_columns():
    """Yields (name, number of targets, decimals); targets first."""
    rng = np.random.default_rng(20240229)

    def normal(d, n1, n0):
        return np.concatenate([rng.normal(d, 1, n1), rng.normal(0, 1, n0)])

    for d in [0, 0.1, 0.3, 0.5, 1, 1.5, 2, 3, 4, 5]:
        yield f"normal_d{d}_440", 220, short(normal(d, 220, 220))
    for d in [0, 0.5, 1, 2]:
        for n1, n0 in [(4, 4), (10, 10), (25, 25), (50, 50)]:
            yield f"normal_d{d}_{n1}_{n0}", n1, short(normal(d, n1, n0))
    for d in [0.5, -1, 2]:
        for n1, n0 in [(5, 95), (95, 5), (20, 380), (3, 600)]:
            yield f"imbalanced_d{d}_{n1}_{n0}", n1, short(normal(d, n1, n0))
    for d in [0, 0.2, 1]:
        yield f"normal_d{d}_2000", 1000, short(normal(d, 1000, 1000))
    for d in [0, 0.5, 1, 3, 5]:
        yield f"student3_d{d}", 110, short(np.concatenate([rng.standard_t(3, 110) + d, rng.standard_t(3, 110)]))
        yield f"gelu_d{d}", 110, short(gelu(normal(d, 110, 110) * 1.5 - 1), 5)
        yield f"lognormal_d{d}", 60, short(np.exp(normal(d, 60, 60)))
    for d in [0, 2]:
        yield f"cauchy_d{d}", 60, short(np.concatenate([rng.standard_cauchy(60) + d, rng.standard_cauchy(60)]))
    yield "unequal_spread", 60, short(np.concatenate([rng.normal(0.3, 5, 60), rng.normal(0, 0.2, 60)]))
    yield "binary", 50, short(np.concatenate([rng.random(50) < 0.6, rng.random(70) < 0.4]).astype(float))
    yield "binary_rare", 50, short(np.concatenate([rng.random(50) < 0.1, rng.random(400) < 0.02]).astype(float))
    yield "binary_one_cell_empty", 6, short(np.array([1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0.0]))
    yield "integers", 60, short(np.concatenate([rng.poisson(3, 60), rng.poisson(2, 60)]).astype(float))
    yield "rounded", 110, short(np.round(normal(0.7, 110, 110), 1), 3)
    base = normal(0.8, 60, 60)
    yield "scaled_1e6", 60, short(base * 1e6)
    yield "scaled_1e-6", 60, short(base * 1e-6)
    yield "shifted_1e4", 60, short(base + 1e4, 12)
    yield "shifted_-1e4_scaled_1e-6", 60, short((base - 1e4) * 1e-6, 12)
    yield "shifted_1e4_scaled_1e6", 60, short((base + 1e4) * 1e6, 12)
    yield "shifted_1e6", 60, short(base + 1e6, 13)
    yield "shifted_1e8", 60, short(base + 1e8, 15)
    yield "outlier_1e4_in_comparison", 60, short(np.concatenate([base[:119], [1e4]]))
    yield "outlier_1e4_in_target", 60, short(np.concatenate([[1e4], base[1:]]))
    yield "outlier_-1e4_in_target", 60, short(np.concatenate([[-1e4], base[1:]]))
    inner = np.sort(rng.uniform(1, 3, 40))
    for overlap in [1e-1, 1e-3, 1e-6]:  # groups parted but for two values that change places
        yield f"overlap_{overlap}", 41, short(np.concatenate([[-overlap], inner, [overlap], -inner]))
    yield "separated_3_3", 3, short(np.array([1, 2, 3, -3, -2, -1.0]))
    yield "touching_4_4", 4, short(np.array([0, 1, 2, 3, -3, -2, -1, 0.0]))
    yield "separated_normal_20_20", 20, short(np.concatenate([rng.normal(9, 1, 20), rng.normal(0, 1, 20)]))
    yield "separated_below_20_60", 20, short(np.concatenate([rng.uniform(-3, -1, 20), rng.uniform(0, 9, 60)]))
    yield "separated_far_5_35", 5, short(np.concatenate([rng.normal(1e3, 1, 5), rng.normal(0, 1, 35)]))
    yield "separated_220_220", 220, short(np.concatenate([rng.uniform(0.01, 4, 220), rng.uniform(-4, 0, 220)]))
    yield "separated_2_398", 2, short(np.concatenate([rng.uniform(6, 7, 2), rng.normal(0, 1, 398)]))


# --- the reference -------------------------------------------------------------------------------------------------
def logistic_terms(x, y, a, b):
    p = [1 / (1 + mp.exp(-(a + b * v))) for v in x]
    w = [v * (1 - v) for v in p]
    i00, i01, i11 = mp.fsum(w), mp.fsum(u * v for u, v in zip(w, x)), mp.fsum(u * v * v for u, v in zip(w, x))
    ll = mp.fsum(mp.log(v) if t else mp.log1p(-v) for v, t in zip(p, y))
    return p, w, i00, i01, i11, ll


def maximum_likelihood(x, y):
    """On a column of mean 0 and SD 1: (a, b, se, loglik)."""
    a, b = mp.log(mp.mpf(sum(y)) / (len(y) - sum(y))), mp.mpf(0)
    p, w, i00, i01, i11, ll = logistic_terms(x, y, a, b)
    for _ in range(400):
        g0 = mp.fsum(t - v for t, v in zip(y, p))
        g1 = mp.fsum((t - v) * u for t, v, u in zip(y, p, x))
        det = i00 * i11 - i01 * i01
        da, db = (i11 * g0 - i01 * g1) / det, (i00 * g1 - i01 * g0) / det
        while True:
            trial = logistic_terms(x, y, a + da, b + db)
            if trial[-1] >= ll - mp.mpf(10) ** -40:
                break
            da, db = da / 2, db / 2
        a, b, (p, w, i00, i01, i11, ll) = a + da, b + db, trial
        if abs(da) + abs(db) < mp.mpf(10) ** -32:
            return a, b, mp.sqrt(i00 / (i00 * i11 - i01 * i01)), ll
    raise RuntimeError("no convergence")


def firth(x, y):
    """(a, b, penalised log-likelihood); the root of the modified score, found from fixed-point steps."""
    def score(a, b):
        p, w, i00, i01, i11, ll = logistic_terms(x, y, a, b)
        det = i00 * i11 - i01 * i01
        h = [u * (i11 - 2 * i01 * v + i00 * v * v) / det for u, v in zip(w, x)]
        r = [t - q + u * (mp.mpf(1) / 2 - q) for t, q, u in zip(y, p, h)]
        s0, s1 = mp.fsum(r), mp.fsum(u * v for u, v in zip(r, x))
        return s0, s1, (i11 * s0 - i01 * s1) / det, (i00 * s1 - i01 * s0) / det, ll + mp.log(det) / 2

    a, b = mp.mpf(0), mp.mpf(0)
    mp.mp.dps = 20
    previous = score(a, b)
    for _ in range(300):
        da, db = previous[2], previous[3]
        now = score(a + da, b + db)
        while now[4] < previous[4] - mp.mpf(10) ** -15:
            da, db = da / 2, db / 2
            now = score(a + da, b + db)
        a, b, previous = a + da, b + db, now
        if abs(da) + abs(db) < mp.mpf(10) ** -8:
            break
    mp.mp.dps = 50
    root = mp.findroot(lambda u, v: score(u, v)[:2], (a, b), tol=mp.mpf(10) ** -60)
    return root[0], root[1], score(root[0], root[1])[4]


def firth_null(x, y):
    """max over a of the penalised log-likelihood at b = 0, with the information of both parameters."""
    def negative_slope(a):
        p = 1 / (1 + mp.exp(-a))
        return sum(y) - len(y) * p + (1 - 2 * p)  # d/da of ll + log(p(1-p))
    a = mp.findroot(negative_slope, mp.mpf(0))
    _, _, i00, i01, i11, ll = logistic_terms(x, y, a, mp.mpf(0))
    return ll + mp.log(i00 * i11 - i01 * i01) / 2


def delong(targets, comparisons):
    v10 = [Fraction(2 * sum(c < t for c in comparisons) + sum(c == t for c in comparisons), 2 * len(comparisons))
           for t in targets]
    v01 = [Fraction(2 * sum(t > c for t in targets) + sum(t == c for t in targets), 2 * len(targets))
           for c in comparisons]
    auc = sum(v10) / len(v10)
    variance = sum((v - auc) ** 2 for v in v10) / (len(v10) - 1) / len(v10) + \
        sum((v - auc) ** 2 for v in v01) / (len(v01) - 1) / len(v01)
    half = Z95 * mp.sqrt(mp.mpf(variance.numerator) / variance.denominator)
    auc = mp.mpf(auc.numerator) / auc.denominator
    return auc, max(mp.mpf(0), auc - half), min(mp.mpf(1), auc + half)


def reference(x, n1):
    """Every statistic of a column of doubles, in 50 digits."""
    x = [mp.mpf(v) for v in x]
    n, n0 = len(x), len(x) - n1
    y = [1] * n1 + [0] * n0
    t, c = x[:n1], x[n1:]
    out = {"mean_target": mp.fsum(t) / n1, "mean_comparison": mp.fsum(c) / n0}
    mean = mp.fsum(x) / n
    ss = mp.fsum((v - mean) ** 2 for v in x)
    ss1 = mp.fsum((v - out["mean_target"]) ** 2 for v in t)
    ss0 = mp.fsum((v - out["mean_comparison"]) ** 2 for v in c)
    difference = out["mean_target"] - out["mean_comparison"]
    sd = out["sd"] = mp.sqrt(ss / (n - 1))
    z = [(v - mean) / sd for v in x]
    if min(t) > max(c) or max(t) < min(c):
        status = "separated"
    elif min(t) == max(c) or max(t) == min(c):
        status = "quasi_separated"
    else:
        status = "ok"
    if status == "ok":
        a, b, se, ll = maximum_likelihood(z, y)
        out["se"], out["z"] = se / sd, b / se
        out["neglog10_p_wald"] = neglog10_normal(out["z"])
        out["lrt_chi2"] = 2 * (ll - n1 * mp.log(mp.mpf(n1) / n) - n0 * mp.log(mp.mpf(n0) / n))
    else:
        a, b, ll = firth(z, y)
        out["lrt_chi2"] = 2 * (ll - firth_null(z, y))
    out["alpha"], out["beta"], out["beta_sd"] = a - b * mean / sd, b / sd, b
    out["neglog10_p_lrt"] = neglog10_normal(mp.sqrt(out["lrt_chi2"]))
    out["score_chi2"] = mp.mpf(n1) * n0 * difference**2 / ss
    out["neglog10_p_score"] = neglog10_normal(mp.sqrt(out["score_chi2"]))
    d = out["cohen_d"] = difference / mp.sqrt((ss1 + ss0) / (n - 2))
    half = Z95 * mp.sqrt(mp.mpf(n) / (n1 * n0) + d * d / (2 * n))
    out["cohen_d_lo"], out["cohen_d_hi"] = d - half, d + half
    out["auc"], out["auc_lo"], out["auc_hi"] = delong(t, c)
    v1, v0 = ss1 / (n1 - 1) / n1, ss0 / (n0 - 1) / n0
    out["t_welch"] = difference / mp.sqrt(v1 + v0)
    out["df_welch"] = (v1 + v0) ** 2 / (v1**2 / (n1 - 1) + v0**2 / (n0 - 1))
    out["neglog10_p_welch"] = neglog10_student(out["t_welch"], out["df_welch"])
    return status, out


# --- peers ---------------------------------------------------------------------------------------------------------
def peers(x, n1, status):
    x = np.array([float(v) for v in x])
    y = np.repeat([1.0, 0.0], [n1, len(x) - n1])
    welch = scipy.stats.ttest_ind(x[:n1], x[n1:], equal_var=False)
    u = scipy.stats.mannwhitneyu(x[:n1], x[n1:], alternative="two-sided").statistic
    beta = se = float("nan")
    if status == "ok":
        scale, centre = x.std(ddof=1), x.mean()  # statsmodels needs a column near 0 ± 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = sm.Logit(y, sm.add_constant((x - centre) / scale)).fit(method="newton", maxiter=200, tol=1e-13, disp=0)
        beta, se = fit.params[1] / scale, fit.bse[1] / scale
    return [beta, se, welch.statistic, welch.pvalue, u]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write_distributions()
    columns, references, peer_rows = [VERSIONS, "case\tn_target\tvalues"], [], []
    references += [VERSIONS, "\t".join(["case", "status"] + STATISTICS)]
    peer_rows += [VERSIONS, "case\tbeta\tse\tt_welch\tp_welch\tmann_whitney_u"]
    for name, n1, decimals in simulated_columns():
        x = [float(v) for v in decimals]
        status, out = reference(x, n1)
        columns.append(f"{name}\t{n1}\t{' '.join(decimals)}")
        references.append("\t".join([name, status] + [mp.nstr(out[k], 20) if k in out else "NA" for k in STATISTICS]))
        peer_rows.append("\t".join([name] + ["NA" if v != v else repr(float(v)) for v in peers(x, n1, status)]))
    (OUT / "columns.tsv").write_text("\n".join(columns) + "\n")
    (OUT / "reference.tsv").write_text("\n".join(references) + "\n")
    (OUT / "peers.tsv").write_text("\n".join(peer_rows) + "\n")


if __name__ == "__main__":
    main()
