#!/usr/bin/env python3
"""Makes tests/golden/association/rank.tsv: the rank test and the quartiles of the columns in columns.tsv and, beside covariates,
in adjusted_columns.tsv, by software that Penfield did not write.

  p            scipy.stats.mannwhitneyu(use_continuity=False, method="asymptotic"); NA where it underflows
  iqr          numpy.percentile, linear (R's type 7)
  scores_chi2  likelihood ratio of van der Waerden's scores norm.ppf((rankdata − ½)/n) beside the covariates, by statsmodels'
               Logit; NA where the scores separate the groups

Needs numpy, scipy, statsmodels.
"""
import sys, warnings
from pathlib import Path
import numpy as np, scipy, scipy.stats, statsmodels, statsmodels.api as sm

HERE = Path(__file__).resolve().parent.parent / "tests/golden/association"


def columns():
    for line in (HERE / "columns.tsv").read_text().splitlines()[2:]:
        name, n1, values = line.split("\t")
        yield name, int(n1), np.array(values.split(), float), []
    cases = {}
    for line in (HERE / "adjusted_columns.tsv").read_text().splitlines()[2:]:
        name, what, values = line.split("\t")
        cases.setdefault(name, {})[what] = np.array(values.split(), float)
    for name, case in cases.items():
        yield "adjusted_" + name, int(case["n_target"][0]), case["x"], [v for k, v in case.items() if k.startswith("z")]


def scores_chi2(x, y, z):
    scores = scipy.stats.norm.ppf((scipy.stats.rankdata(x) - 0.5) / len(x))
    beside = sm.add_constant(np.column_stack([(v - v.mean()) / v.std() for v in z]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            fits = [sm.Logit(y, d).fit(method="newton", maxiter=200, tol=1e-13, disp=0)
                    for d in (beside, np.column_stack([beside, scores]))]
        except Exception:
            return None
    return 2 * (fits[1].llf - fits[0].llf) if all(f.mle_retvals["converged"] for f in fits) else None


def main():
    rows = [f"# python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, "
            f"statsmodels {statsmodels.__version__}", "case\tp\tiqr\tscores_chi2"]
    for name, n1, x, z in columns():
        y = np.repeat([1.0, 0.0], [n1, len(x) - n1])
        p = scipy.stats.mannwhitneyu(x[:n1], x[n1:], use_continuity=False, method="asymptotic").pvalue if np.ptp(x) > 0 else 0
        low, high = np.percentile(x, [25, 75])
        chi2 = scores_chi2(x, y, z) if z else None
        shown = [p if p > 1e-300 else None, high - low, chi2]
        rows.append("\t".join([name, *("NA" if v is None else repr(float(v)) for v in shown)]))
    (HERE / "rank.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
