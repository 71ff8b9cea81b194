#!/usr/bin/python3
"""Makes the goldens of the held-out test: what other software says of a rule made on one sample and tried on another.

  tests/golden/association/held_out_columns.tsv  case, part (discovery or held_out), number of targets, float32 values
  tests/golden/association/held_out.tsv          case, prevalence, and
      threshold, youden_j                        scikit-learn's roc_curve on discovery; of equal J the fewest false alarms
      calibration_slope, calibration_intercept   statsmodels Logit of the held-out labels on discovery's log-odds
      brier                                      scikit-learn's brier_score_loss of discovery's probabilities
      precision, recall, f1, mcc                 scikit-learn on the held-out calls, each comparison weighted so that
                                                 targets have the share `prevalence`
  tests/golden/findings/winners_curse.tsv        z, cut, and the mu at which the normal density truncated to |Z| > cut
                                                 has mean z: a root found by mpmath at 50 digits
  tests/golden/numeric/normal_tail.tsv           z, its -log10 p, and phi(z)/Phi(-z), by mpmath at 50 digits

Needs python3-sklearn, python3-statsmodels, python3-mpmath; run from the source folder.
"""
import sys
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn import metrics

mp.mp.dps = 50
GOLDEN = Path("tests/golden")
VERSIONS = (f"# python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn "
            f"{sklearn.__version__}, statsmodels {statsmodels.__version__}, mpmath {mp.__version__}")


def cases(random):
    """name, discovery (targets, comparison), held out (targets, comparison), prevalence"""
    def draw(n1, n0, d, shape):
        x1, x0 = random.normal(d, 1, n1), random.normal(0, 1, n0)
        return shape(x1), shape(x0)

    plain = lambda v: v
    shapes = {"plain": plain, "shifted": lambda v: v + 300, "tiny": lambda v: v * 1e-6,
              "rounded": lambda v: np.round(2 * v) / 2, "heavy": lambda v: v * np.abs(v)}
    for name, shape in shapes.items():
        for d in (0.1, 0.8, -1.5, 2.5):
            yield f"{name}_{d}", draw(60, 60, d, shape), draw(45, 45, d, shape), 0.17
    yield "unequal", draw(30, 90, 0.9, plain), draw(20, 70, 0.9, plain), 0.03
    yield "no_transfer", draw(50, 50, 1.2, plain), draw(50, 50, 0.0, plain), 0.2
    yield "reversed", draw(50, 50, 1.2, plain), draw(50, 50, -1.0, plain), 0.2
    yield "all_called", draw(40, 40, 1.0, plain), tuple(v + 9 for v in draw(40, 40, 1.0, plain)), 0.1
    yield "none_called", draw(40, 40, 1.0, plain), tuple(v - 9 for v in draw(40, 40, 1.0, plain)), 0.1
    yield "balanced", draw(80, 80, 1.0, plain), draw(80, 80, 1.0, plain), 0.5


def best_threshold(x, y, sign):
    rate_false, rate_true, cuts = metrics.roc_curve(y, sign * x, drop_intermediate=False)
    j = rate_true - rate_false
    best = np.flatnonzero(j >= j.max() - 1e-12)[0]  # the curve runs from few calls to many
    above = cuts[best]
    below = np.max((sign * x)[sign * x < above])
    return sign * (above + below) / 2, j[best]


def expected(discovery, held_out, prevalence):
    x = np.concatenate(discovery)
    y = np.repeat([1, 0], [len(discovery[0]), len(discovery[1])])
    centre, scale = x.mean(), x.std()
    fit = sm.Logit(y, sm.add_constant((x - centre) / scale)).fit(disp=0, method="newton", tol=1e-14, maxiter=200)
    alpha, beta = fit.params[0] - fit.params[1] * centre / scale, fit.params[1] / scale
    sign = 1 if beta > 0 else -1
    threshold, youden_j = best_threshold(x, y, sign)

    new_x = np.concatenate(held_out)
    new_y = np.repeat([1, 0], [len(held_out[0]), len(held_out[1])])
    log_odds = alpha + beta * new_x
    again = sm.Logit(new_y, sm.add_constant(log_odds)).fit(disp=0, method="newton", tol=1e-14, maxiter=200)
    called = (sign * new_x >= sign * threshold).astype(int)
    n1, n0 = len(held_out[0]), len(held_out[1])
    weight = np.where(new_y == 1, 1.0, (1 - prevalence) / prevalence * n1 / n0)
    any_called, all_called = called.any(), called.all()
    return {"prevalence": prevalence, "threshold": threshold, "youden_j": youden_j,
            "calibration_slope": again.params[1], "calibration_intercept": again.params[0],
            "brier": metrics.brier_score_loss(new_y, 1 / (1 + np.exp(-log_odds))),
            "precision": metrics.precision_score(new_y, called, sample_weight=weight) if any_called else None,
            "recall": metrics.recall_score(new_y, called, sample_weight=weight),
            "f1": metrics.f1_score(new_y, called, sample_weight=weight),
            "mcc": metrics.matthews_corrcoef(new_y, called, sample_weight=weight)
            if any_called and not all_called else None}


def write_held_out():
    columns, rows = [VERSIONS, "case\tpart\tn_target\tvalues"], [VERSIONS]
    for name, discovery, held_out, prevalence in cases(np.random.default_rng(5)):
        parts = []
        for part, groups in (("discovery", discovery), ("held_out", held_out)):
            text = [[f"{v:.6g}" for v in group] for group in groups]
            columns.append(f"{name}\t{part}\t{len(text[0])}\t{' '.join(text[0] + text[1])}")
            parts.append([np.array(group, dtype=np.float32).astype(np.float64) for group in text])
        row = expected(*parts, prevalence)
        if len(rows) == 1:
            rows.append("case\t" + "\t".join(row))
        rows.append(name + "\t" + "\t".join("NA" if v is None else repr(float(v)) for v in row.values()))
    (GOLDEN / "association" / "held_out_columns.tsv").write_text("\n".join(columns) + "\n")
    (GOLDEN / "association" / "held_out.tsv").write_text("\n".join(rows) + "\n")


def tail(t):  # P(Z > t)
    return mp.erfc(t / mp.sqrt(2)) / 2


def density(t):
    return mp.exp(-t * t / 2) / mp.sqrt(2 * mp.pi)


def truncated_mean(mu, cut):
    mp.mp.dps = 50 + int(4 * float(mu * cut) ** 0.5 + float(mu + cut))  # the tails are far apart
    return mu + (density(cut - mu) - density(cut + mu)) / (tail(cut - mu) + tail(cut + mu))


def write_winners_curse():
    rows = [VERSIONS, "z\tcut\tmu"]
    for cut in ("0.5", "1.959963984540054", "3.5", "5.009", "8", "20", "60"):
        for beyond in ("1e-6", "0.001", "0.05", "0.3", "1", "2.5", "5", "12", "40"):
            z = mp.mpf(float(cut) + float(beyond))
            bounds = [mp.mpf(0), z]
            for _ in range(180):  # the mean rises with mu, so halving cannot miss
                middle = (bounds[0] + bounds[1]) / 2
                bounds[truncated_mean(middle, mp.mpf(float(cut))) > z] = middle
            mp.mp.dps = 50
            rows.append(f"{mp.nstr(z, 17)}\t{cut}\t{mp.nstr(bounds[0], 20)}")
    (GOLDEN / "findings" / "winners_curse.tsv").write_text("\n".join(rows) + "\n")


def write_normal_tail():
    rows = [VERSIONS, "z\tneglog10_p\tinverse_mills"]
    for text in ("-30", "-8", "-3", "-1", "-0.2", "0", "1e-6", "0.01", "0.3", "0.7", "1", "2", "3.9", "4.1", "5", "7.9", "8.1",
                 "12", "26", "40", "300", "1e4", "1e8"):
        z = mp.mpf(float(text))
        mp.mp.dps = 60
        upper = tail(z)
        two_sided = -mp.log10(2 * tail(abs(z))) if z else mp.mpf(0)
        rows.append(f"{text}\t{mp.nstr(two_sided, 20)}\t{mp.nstr(density(z) / upper, 20)}")
    (GOLDEN / "numeric").mkdir(exist_ok=True)
    (GOLDEN / "numeric" / "normal_tail.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    write_held_out()
    write_winners_curse()
    write_normal_tail()
