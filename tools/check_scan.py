#!/usr/bin/python3
"""Checks a scan against software that Penfield did not write.

  tools/check_scan.py PENFIELD RESULT MODEL TEXT [--every K] [scan's text flags…]

Takes the activations from `penfield activations`, the positions and groups from samples.tsv, and compares every K-th row of
units.tsv with statsmodels (Logit: beta, se, z, likelihood ratio), SciPy (Welch's t, Mann-Whitney's U, chi-square and normal
survival functions) and NumPy (means, SD, Cohen's d). Prints the largest relative difference of each column; exits with 1
where one is above its bound. Needs python3-numpy, python3-scipy, python3-statsmodels.
"""
import csv, math, subprocess, sys, tempfile
import numpy as np, scipy, scipy.stats, statsmodels, statsmodels.api as sm

BOUND = {"beta": 1e-7, "se": 1e-7, "z": 1e-6, "lrt_chi2": 1e-6, "neglog10_p_lrt": 1e-6, "neglog10_p_wald": 1e-6,
         "auc": 1e-12, "t_welch": 1e-7, "neglog10_p_welch": 1e-6, "cohen_d": 1e-7, "mean_target": 1e-6,
         "mean_comparison": 1e-6, "sd": 1e-7, "beta_sd": 1e-7}


def number(text):
    return float(text or "nan")


def log10_sf(logsf):
    return -(logsf / math.log(10))


def reference(x, y):
    """The columns of one unit from x [n] float64 and y [n] bool; Logit only where the groups overlap."""
    a, b = x[y], x[~y]
    out = {"mean_target": a.mean(), "mean_comparison": b.mean(), "sd": x.std(ddof=1)}
    t = scipy.stats.ttest_ind(a, b, equal_var=False)
    out["t_welch"] = t.statistic
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    out["neglog10_p_welch"] = log10_sf(scipy.stats.t.logsf(abs(t.statistic), df) + math.log(2))
    out["auc"] = scipy.stats.mannwhitneyu(a, b).statistic / (len(a) * len(b))
    pooled = math.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(x) - 2))
    out["cohen_d"] = (a.mean() - b.mean()) / pooled
    if min(a.max(), b.max()) <= max(a.min(), b.min()):
        return out
    centre, scale = x.mean(), x.std()
    fit = sm.Logit(y.astype(float), sm.add_constant((x - centre) / scale)).fit(disp=0, method="newton", tol=1e-14, maxiter=100)
    out["beta"], out["se"] = fit.params[1] / scale, fit.bse[1] / scale
    out["z"] = out["beta"] / out["se"]
    out["beta_sd"] = out["beta"] * out["sd"]
    out["neglog10_p_wald"] = log10_sf(scipy.stats.norm.logsf(abs(out["z"])) + math.log(2))
    out["lrt_chi2"] = 2 * (fit.llf - fit.llnull)
    out["neglog10_p_lrt"] = log10_sf(scipy.stats.norm.logsf(math.sqrt(out["lrt_chi2"])) + math.log(2))
    return out


def main():
    penfield, result, model, text = sys.argv[1:5]
    rest, every = sys.argv[5:], 1
    if "--every" in rest:
        at = rest.index("--every")
        every = int(rest[at + 1])
        del rest[at : at + 2]
    rows = list(csv.DictReader(open(f"{result}/samples.tsv", encoding="utf-8", newline=""), delimiter="\t"))
    rows = [r for r in rows if r["split"] == "discovery"]
    index = np.array([int(r["token_index"]) for r in rows])
    y = np.array([r["group"] == "target" for r in rows])
    units = list(csv.DictReader(open(f"{result}/units.tsv", encoding="utf-8", newline=""), delimiter="\t"))
    with tempfile.NamedTemporaryFile(suffix=".npy") as f:
        subprocess.run([penfield, "activations", "-m", model, "-t", text, "--site", units[0]["site"], "-o", f.name, "--force", "-q",
                        *rest], check=True)
        x = np.load(f.name, mmap_mode="r")[index].astype(np.float64)
    worst, checked = {}, 0
    for column in range(0, len(units), every):
        unit, expected = units[column], reference(x[:, column], y)
        checked += 1
        for name, value in expected.items():
            found = number(unit[name])
            # An AUC is a count over a count; a mean may be near zero, so its scale is the column's SD.
            scale = max(abs(value), expected["sd"]) if name.startswith("mean") else max(abs(value), 1e-12)
            difference = abs(found - value) / scale
            if not difference <= worst.get(name, (-1,))[0]:
                worst[name] = (difference, unit["unit"])
    print(f"numpy {np.__version__} scipy {scipy.__version__} statsmodels {statsmodels.__version__}: {checked} units, {len(y)} samples")
    bad = 0
    for name, (difference, unit) in worst.items():
        over = not difference <= BOUND[name]
        bad += over
        print(f"{name:18} {difference:9.2e}  bound {BOUND[name]:.0e}  worst {unit}{'   ABOVE' if over else ''}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
