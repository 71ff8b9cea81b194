#!/usr/bin/env python3
"""Makes tests/golden/association/adjusted_*.tsv: columns with covariates and clusters, and what other software says.

  adjusted_columns.tsv    case, what (x, z0, z1, ..., cluster), its values (targets first), short decimals
  adjusted_reference.tsv  50-digit arithmetic (mpmath), by definition: Newton on all coefficients, Firth's modified score
                          solved as it stands after a search for every maximum, ends of profile intervals as the root of
                          likelihood and score together
  adjusted_peers.tsv      statsmodels Logit, R confint(glm) of MASS, R brglm

Run from the source folder: tools/make_adjusted_goldens.py (needs numpy, scipy, statsmodels, mpmath, and R with MASS and
brglm; some minutes).
"""
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy
import scipy.optimize
import statsmodels
import statsmodels.api as sm

mp.mp.dps = 50
OUT = Path("tests/golden/association")
CHI2_95 = 2 * mp.erfinv(mp.mpf(95) / 100) ** 2
PLAIN = ["alpha", "beta", "se", "z", "neglog10_p_wald", "lrt_chi2", "neglog10_p_lrt", "score_chi2", "neglog10_p_score",
         "beta_lo", "beta_hi"]
FIRTH = ["firth_alpha", "firth_beta", "firth_se", "firth_chi2", "firth_lo", "firth_hi"]


def neglog10_normal(z):
    w = abs(mp.mpf(z)) / mp.sqrt(2)
    return -(mp.log1p(-mp.erf(w)) if w < 1 else mp.log(mp.erfc(w))) / mp.log(10)


# --- cases ---------------------------------------------------------------------------------------------------------
def short(values, digits=6):
    return [f"{v:.{digits}g}" for v in values]


def cases():
    """Yields (name, number of targets, x, [covariates], clusters); decimals, targets first."""
    rng = np.random.default_rng(20240611)

    def labels(n1, n0):
        return np.repeat([1.0, 0.0], [n1, n0])

    def clusters(n, k):
        return [str(v) for v in rng.permutation(np.arange(n) % k)]

    def covariates(y, c, effect=0.5):
        kinds = [lambda n: (rng.random(n) < 0.5).astype(float), lambda n: rng.normal(5, 2, n), lambda n: rng.exponential(3, n),
                 lambda n: rng.integers(0, 1000, n).astype(float), lambda n: rng.standard_t(3, n)]
        return [kinds[k % 5](len(y)) + (effect * y if k % 5 == 1 else 0) for k in range(c)]

    for c, n1, n0, d in [(0, 40, 40, 0.6), (1, 40, 40, 0), (1, 50, 70, 1), (2, 60, 60, 2), (3, 20, 100, 0.7), (4, 60, 60, 0.3),
                         (4, 60, 60, 1.5), (5, 70, 50, 1), (1, 6, 6, 0.5), (0, 4, 4, 0.3), (2, 8, 90, 1)]:
        y = labels(n1, n0)
        z = covariates(y, c)
        x = rng.normal(0, 1, n1 + n0) + d * y + (0.3 * z[1] if c > 1 else 0)
        yield f"normal_c{c}_{n1}_{n0}_d{d}", n1, short(x), [short(v) for v in z], clusters(n1 + n0, max(4, (n1 + n0) // 8))
    y = labels(60, 60)
    z = covariates(y, 2)
    base = rng.normal(0, 1, 120) + 0.8 * y + 0.2 * z[1]
    plain = [short(v) for v in z]
    groups = clusters(120, 15)
    yield "scaled_1e6", 60, short(base * 1e6), [short(z[0]), short(z[1] * 1e-6)], groups
    yield "scaled_1e-6", 60, short(base * 1e-6), [short(z[0]), short(z[1] * 1e6)], groups
    yield "shifted_1e4", 60, short(base + 1e4, 12), [short(z[0]), short(z[1] + 1e4, 12)], groups
    yield "shifted_-1e4_scaled_1e-6", 60, short((base - 1e4) * 1e-6, 12), plain, groups
    yield "heavy_tails", 60, short(rng.standard_t(2, 120) + y), plain, groups
    v = 1.5 * (rng.normal(0, 1, 120) + 1.2 * y) - 1
    yield "gelu", 60, short(0.5 * v * (1 + np.tanh(np.sqrt(2 / np.pi) * (v + 0.044715 * v**3))), 5), plain, groups
    yield "nearly_covariate", 60, short(z[1] + 1e-3 * base, 9), plain, groups
    yield "outlier_in_comparison", 60, short(np.concatenate([base[:119], [1e4]])), plain, groups
    yield "outlier_in_target", 60, short(np.concatenate([[1e4], base[1:]])), plain, groups
    wide = np.concatenate([rng.normal(1.2, 1, 60), rng.normal(0, 1, 59), [-1e4]])
    yield "outlier_bimodal", 60, short(wide), [], groups
    yield "separated_known_3_3", 3, short(np.array([1, 2, 3, -3, -2, -1.0])), [], ["0", "1", "2"] * 2
    yield "touching_known_4_4", 4, short(np.array([0, 1, 2, 3, -3, -2, -1, 0.0])), [], ["0", "1", "2", "3"] * 2
    yield "separated_by_unit", 30, short(np.concatenate([rng.uniform(0.1, 4, 30), rng.uniform(-4, 0, 40)])), \
        [short(rng.normal(0, 1, 70))], clusters(70, 9)
    z1 = rng.normal(0, 1, 80)
    both = z1 + np.concatenate([rng.uniform(0.1, 2, 40), rng.uniform(-2, -0.1, 40)])
    yield "separated_together", 40, short(both), [short(z1)], clusters(80, 9)
    half = np.concatenate([np.zeros(20), np.ones(20), np.zeros(40)])
    half[40:50] = 0
    yield "quasi_by_binary", 40, short(half), [short(rng.normal(0, 1, 80))], clusters(80, 9)


# --- the reference -------------------------------------------------------------------------------------------------
class Model:
    """Columns as 50-digit numbers, the unit last; centred and scaled, which changes no other coefficient's meaning."""

    def __init__(self, x, z, n1):
        self.n, self.n1 = len(x), n1
        self.y = [1] * n1 + [0] * (self.n - n1)
        self.raw = [[mp.mpf(float(v)) for v in column] for column in [*z, x]]
        self.mean = [mp.fsum(c) / self.n for c in self.raw]
        self.sd = [mp.sqrt(mp.fsum((v - m) ** 2 for v in c) / (self.n - 1)) for c, m in zip(self.raw, self.mean)]
        scaled = [[(v - m) / s for v in c] for c, m, s in zip(self.raw, self.mean, self.sd)]
        self.rows = [[mp.mpf(1), *row] for row in zip(*scaled)]
        self.p = len(self.rows[0])
        self.double = np.array([[float(v) for v in row] for row in self.rows])
        self.y_double = np.array(self.y, float)

    def eta(self, theta):
        return [mp.fsum(t * v for t, v in zip(theta, row)) for row in self.rows]

    def loglik(self, theta):
        return mp.fsum(-mp.log1p(mp.exp(-e if t else e)) for e, t in zip(self.eta(theta), self.y))

    def probabilities(self, theta):
        return [1 / (1 + mp.exp(-e)) for e in self.eta(theta)]

    def information(self, prob, width=None):
        width = width or self.p
        out = mp.zeros(width)
        for q, row in zip(prob, self.rows):
            w = q * (1 - q)
            for j in range(width):
                for k in range(j + 1):
                    out[j, k] += w * row[j] * row[k]
        for j in range(width):
            for k in range(j):
                out[k, j] = out[j, k]
        return out

    def score(self, prob, width=None):
        return mp.matrix([mp.fsum((t - q) * row[j] for t, q, row in zip(self.y, prob, self.rows))
                          for j in range(width or self.p)])

    def maximum(self, width=None):
        """theta of the first `width` columns, the others zero."""
        width = width or self.p
        theta = [mp.mpf(0)] * self.p
        best = self.loglik(theta)
        for _ in range(200):
            prob = self.probabilities(theta)
            step = mp.lu_solve(self.information(prob, width), self.score(prob, width))
            step = [step[k] if k < width else mp.mpf(0) for k in range(self.p)]
            while True:
                trial = [a + b for a, b in zip(theta, step)]
                value = self.loglik(trial)
                if value >= best - mp.mpf(10) ** -40:
                    break
                step = [v / 2 for v in step]
            theta, best = trial, value
            if max(abs(v) for v in step) < mp.mpf(10) ** -32:
                return theta
        raise RuntimeError("no convergence")

    def firth_score(self, theta):
        prob = self.probabilities(theta)
        inverse = self.information(prob) ** -1
        out = [mp.mpf(0)] * self.p
        for t, q, row in zip(self.y, prob, self.rows):
            h = q * (1 - q) * mp.fsum(inverse[j, k] * row[j] * row[k] for j in range(self.p) for k in range(self.p))
            r = t - q + h * (mp.mpf(1) / 2 - q)
            out = [a + r * v for a, v in zip(out, row)]
        return out

    def firth_objective(self, theta):
        return self.loglik(theta) + mp.log(mp.det(self.information(self.probabilities(theta)))) / 2

    # In doubles, to find where the roots are: the penalised likelihood's maximum over the others at a fixed b.
    def firth_profile(self, b, start):
        free = self.p - 1
        x, y = self.double, self.y_double

        def state(theta):
            eta = x @ np.append(theta, b)
            prob = 1 / (1 + np.exp(-np.clip(eta, -700, 700)))
            w = prob * (1 - prob)
            sign, logdet = np.linalg.slogdet((x * w[:, None]).T @ x)
            value = -np.logaddexp(0, np.where(y == 1, -eta, eta)).sum() + (0.5 * logdet if sign > 0 and w.max() > 1e-9 else -np.inf)
            return prob, w, value

        theta = np.array(start)
        prob, w, value = state(theta)
        for _ in range(500):
            if not np.isfinite(value):
                break
            info = (x * w[:, None]).T @ x
            h = w * np.einsum("ij,jk,ik->i", x, np.linalg.pinv(info, hermitian=True), x)
            g = x[:, :free].T @ (y - prob + h * (0.5 - prob))
            slope = (x * (w * (1 + h))[:, None]).T @ x  # the modified score falls faster where leverages are high
            step = np.linalg.lstsq(slope[:free, :free], g, rcond=None)[0]
            while np.abs(step).max() > 1e-12 and not state(theta + step)[2] >= value - 1e-12:
                step /= 2
            theta = theta + step
            prob, w, value = state(theta)
            if np.abs(step).max() < 1e-10:
                break
        return value, theta

    def firth_maxima(self):
        """Every local maximum along b, polished, the highest first."""
        half = np.geomspace(1e-3, 1e5, 161)
        grid = np.concatenate([-half[::-1], [0], half])
        values, thetas = np.full(len(grid), -np.inf), [None] * len(grid)
        for way in (range(161, len(grid)), range(160, -1, -1)):  # from zero outwards
            theta = [0.0] * (self.p - 1)
            for k in way:
                values[k], theta = self.firth_profile(grid[k], theta)
                thetas[k] = theta
                if not np.isfinite(values[k]):
                    break
        out = []
        for k in range(1, len(grid) - 1):
            if np.isfinite(values[k]) and np.isfinite(values[k + 1]) and values[k - 1] < values[k] >= values[k + 1]:
                found = scipy.optimize.minimize_scalar(lambda b: -self.firth_profile(b, thetas[k])[0],
                                                       bounds=(grid[k - 1], grid[k + 1]), method="bounded",
                                                       options={"xatol": 1e-9 * abs(grid[k]) + 1e-12})
                start = [mp.mpf(float(v)) for v in [*self.firth_profile(found.x, thetas[k])[1], found.x]]
                try:
                    root = list(mp.findroot(lambda *t: self.firth_score(t), start, tol=mp.mpf(10) ** -50, maxsteps=40))
                except (ValueError, ZeroDivisionError):  # the others' coefficients changed course here: no maximum
                    continue
                if all(abs(root[-1] - other[-1]) > abs(root[-1]) * mp.mpf(10) ** -9 for other in out):
                    out.append(root)
        return sorted(out, key=self.firth_objective, reverse=True)

    def end(self, theta, side, penalised):
        """Where the profile has fallen by half the quantile: the likelihood and the others' score, solved together."""
        objective = self.firth_objective if penalised else self.loglik
        score = self.firth_score if penalised else (lambda t: list(self.score(self.probabilities(t))))
        border = objective(theta) - CHI2_95 / 2
        se = 1 / mp.sqrt((self.information(self.probabilities(theta)) ** -1)[self.p - 1, self.p - 1] ** -1)
        start = [float(v) for v in theta[:-1]]

        def profile(b, start):
            if not penalised:
                return self.plain_profile(b, start)
            # The penalised likelihood may have several maxima over the others: the highest of many climbs.
            rng = np.random.default_rng(1)
            starts = [start, [0.0] * len(start), [v * b / float(theta[-1]) for v in start],
                      *(list(v) for v in rng.normal(size=(20, len(start))) * abs(b) / 2)]
            return max((self.firth_profile(b, s) for s in starts), key=lambda found: found[0])

        def excess(b):
            return profile(b, start)[0] - float(border)
        near, far = float(theta[-1]), float(theta[-1] + side * se)
        while excess(far) > 0:
            near, far = far, far + 2 * (far - near)
        b = scipy.optimize.brentq(excess, near, far, xtol=1e-13 * max(1, abs(far)))
        first = [mp.mpf(float(v)) for v in [*profile(b, start)[1], b]]
        root = mp.findroot(lambda *t: [objective(t) - border, *score(t)[:-1]], first, tol=mp.mpf(10) ** -45, maxsteps=40)
        return root[self.p - 1]

    def plain_profile(self, b, start):
        x, y, theta = self.double, self.y_double, np.array(start)

        def value(t):
            eta = x @ np.append(t, b)
            return -np.logaddexp(0, np.where(y == 1, -eta, eta)).sum()
        for _ in range(200):
            prob = 1 / (1 + np.exp(-np.clip(x @ np.append(theta, b), -700, 700)))
            g = x[:, :-1].T @ (y - prob)
            step = np.linalg.lstsq((x[:, :-1] * (prob * (1 - prob))[:, None]).T @ x[:, :-1], g, rcond=None)[0]
            while np.abs(step).max() > 1e-12 and not value(theta + step) >= value(theta) - 1e-12:
                step /= 2
            theta = theta + step
            if np.abs(step).max() < 1e-11:
                break
        return value(theta), theta

    def alpha(self, theta):
        return theta[0] - mp.fsum(t * m / s for t, m, s in zip(theta[1:], self.mean, self.sd))


def status_of(model, name):
    for word, status in [("separated", "separated"), ("touching", "quasi_separated"), ("quasi", "quasi_separated")]:
        if name.startswith(word):
            return status
    return "ok"


def plain_reference(model):
    out = {}
    theta, last, sd = model.maximum(), model.p - 1, model.sd[-1]
    prob = model.probabilities(theta)
    inverse = model.information(prob) ** -1
    out["alpha"], out["beta"], out["se"] = model.alpha(theta), theta[last] / sd, mp.sqrt(inverse[last, last]) / sd
    out["z"] = out["beta"] / out["se"]
    out["neglog10_p_wald"] = neglog10_normal(out["z"])
    null = model.maximum(last)
    out["lrt_chi2"] = 2 * (model.loglik(theta) - model.loglik(null))
    at_null = model.probabilities(null)
    info = model.information(at_null)
    slope = model.score(at_null)[last]
    out["score_chi2"] = slope**2 * (info ** -1)[last, last]
    for kind in ["lrt", "score"]:
        out[f"neglog10_p_{kind}"] = neglog10_normal(mp.sqrt(out[f"{kind}_chi2"]))
    out["beta_lo"], out["beta_hi"] = (model.end(theta, side, False) / sd for side in (-1, 1))
    return out


def firth_reference(model):
    maxima, last, sd = model.firth_maxima(), model.p - 1, model.sd[-1]
    theta = maxima[0]
    variance = (model.information(model.probabilities(theta)) ** -1)[last, last]
    _, start = model.firth_profile(0.0, [0.0] * last)
    null = mp.findroot(lambda *t: model.firth_score([*t, mp.mpf(0)])[:-1], [mp.mpf(float(v)) for v in start],
                       tol=mp.mpf(10) ** -50) if last > 1 else [mp.findroot(
                           lambda t: model.firth_score([t, mp.mpf(0)])[0], mp.mpf(float(start[0])))]
    null = [*null, mp.mpf(0)]
    out = {"firth_alpha": model.alpha(theta), "firth_beta": theta[last] / sd, "firth_se": mp.sqrt(variance) / sd,
           "firth_chi2": 2 * (model.firth_objective(theta) - model.firth_objective(null))}
    if len(maxima) == 1:
        out["firth_lo"], out["firth_hi"] = (model.end(theta, side, True) / sd for side in (-1, 1))
    return ("bimodal" if len(maxima) > 1 else "NA"), out


# --- peers ---------------------------------------------------------------------------------------------------------
R_SCRIPT = """
suppressMessages({library(MASS); library(brglm)})
d <- read.csv(commandArgs(TRUE)[1])
full <- suppressWarnings(glm(y ~ ., binomial, d, control = glm.control(1e-14, 200)))
ends <- tryCatch(suppressWarnings(suppressMessages(confint(full, "x"))), error = function(e) c(NA, NA))
firth <- suppressWarnings(brglm(y ~ ., binomial, d, pl = TRUE, control.brglm = brglm.control(br.epsilon = 1e-12, br.maxit = 5000)))
s <- summary(firth)$coefficients["x", ]
cat(sprintf("%.15g", c(ends, s[1], s[2])), sep = "\\t")
"""


def peers(x, z, n1, status):
    x, z = np.array(x, float), [np.array(v, float) for v in z]
    y = np.repeat([1.0, 0.0], [n1, len(x) - n1])
    scaled = [(v - v.mean()) / v.std(ddof=1) for v in [*z, x]]
    sd = x.std(ddof=1)
    out = {"beta": np.nan, "se": np.nan}
    if status == "ok":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logit = sm.Logit(y, sm.add_constant(np.column_stack(scaled)))
            fit = logit.fit(method="newton", maxiter=200, tol=1e-13, disp=0)
        out = {"beta": fit.params[-1] / sd, "se": fit.bse[-1] / sd}
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        names = [f"z{k}" for k in range(len(z))] + ["x", "y"]
        np.savetxt(file, np.column_stack([*scaled, y]), delimiter=",", header=",".join(names), comments="", fmt="%.17g")
        file.flush()
        values = subprocess.run(["Rscript", "-e", R_SCRIPT, file.name], capture_output=True, text=True, check=True).stdout
    r = [float("nan") if v == "NA" else float(v) / sd for v in values.split("\t")]
    out.update(zip(["r_lo", "r_hi", "brglm_beta", "brglm_se"], r))
    if status != "ok":
        out["r_lo"] = out["r_hi"] = np.nan
    return out


def main():
    r_version = subprocess.run(["Rscript", "-e", "cat(R.version$major, R.version$minor, sep='.'); cat(', MASS', "
                                "format(packageVersion('MASS')), ', brglm', format(packageVersion('brglm')))"],
                               capture_output=True, text=True, check=True).stdout
    versions = (f"# python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, statsmodels "
                f"{statsmodels.__version__}, mpmath {mp.__version__}, R {r_version}")
    peer_names = ["beta", "se", "r_lo", "r_hi", "brglm_beta", "brglm_se"]
    columns, references = [versions, "case\twhat\tvalues"], [versions, "\t".join(["case", "status", "note", *PLAIN, *FIRTH])]
    peer_rows = [versions, "\t".join(["case", *peer_names])]
    for name, n1, x, z, clusters in cases():
        model = Model(x, z, n1)
        status = status_of(model, name)
        out = plain_reference(model) if status == "ok" else {}
        note, firth = firth_reference(model)
        out.update(firth)
        columns.append(f"{name}\tn_target\t{n1}")
        for what, values in [("x", x), *((f"z{k}", v) for k, v in enumerate(z)), ("cluster", clusters)]:
            columns.append(f"{name}\t{what}\t{' '.join(values)}")
        references.append("\t".join([name, status, note, *(mp.nstr(out[k], 20) if k in out else "NA" for k in PLAIN + FIRTH)]))
        peer = peers(x, z, n1, status)
        peer_rows.append("\t".join([name, *("NA" if np.isnan(peer[k]) else repr(float(peer[k])) for k in peer_names)]))
        print(references[-1], flush=True)
    (OUT / "adjusted_columns.tsv").write_text("\n".join(columns) + "\n")
    (OUT / "adjusted_reference.tsv").write_text("\n".join(references) + "\n")
    (OUT / "adjusted_peers.tsv").write_text("\n".join(peer_rows) + "\n")


if __name__ == "__main__":
    main()
