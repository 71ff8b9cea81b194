#!/usr/bin/python3
"""One logistic regression a unit by other packages, on the arrays that Penfield is measured on.

    regression_peers.py data DIR [--units N] [--samples N]   writes X.npy (float32), y.npy
    regression_peers.py time DIR [--threads N]               times every package that is installed
    regression_peers.py accuracy DIR UNITS_TSV               Penfield's table and the packages' answers against 50 digits
    regression_peers.py ratios FIGURES_TSV                   the lines of one run, theirs by ours

Prints name<TAB>value<TAB>unit lines, on the wall and in processor time of all threads together. What takes long is timed on
the first units and counted a unit; what was answered for them is kept in DIR for `accuracy`.
"""
import argparse
import csv
import importlib.util
import math
import resource
import shutil
import subprocess
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

N_SLOW = 300  # units given to what does one at a time
N_NUMPY = 16384
N_PLINK = (4096, 16384)  # units of the two runs whose difference is timed


def say(name, value, unit):
    print(f"{name}\t{value:.4g}\t{unit}", flush=True)


class Clock:
    """Wall and processor seconds since it was made; with `children`, processor time is that of programs called."""

    def __init__(self, children=False):
        self.who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
        self.start = self.now()

    def now(self):
        used = resource.getrusage(self.who)
        return np.array([time.perf_counter(), used.ru_utime + used.ru_stime])

    def seconds(self):
        return self.now() - self.start


def say_fit(name, seconds, n_fits):
    say(f"{name}, a fit", 1e6 * seconds[0] / n_fits, "us")
    say(f"{name}, a fit, processor", 1e6 * seconds[1] / n_fits, "us")


def make_data(args):
    """Activations as a model has them: normal, GELU-shaped, heavy-tailed and rounded columns, effects within 0.5 SD."""
    random = np.random.default_rng(1)
    y = random.permutation(np.repeat([1, 0], [args.samples // 2, args.samples - args.samples // 2])).astype(np.uint8)
    x = np.empty((args.samples, args.units), np.float32)
    for first in range(0, args.units, 4096):
        n = min(4096, args.units - first)
        v = random.standard_normal((args.samples, n)) + y[:, None] * random.uniform(-0.5, 0.5, n)
        shape = np.arange(n) % 4
        v = np.where(shape == 1, 0.5 * (1.5 * v - 1) * (1 + np.tanh(0.7979 * (1.5 * v - 1))), v)
        v = np.where(shape == 2, v * np.abs(v) * np.exp(0.2 * np.abs(v)), v)
        x[:, first:first + n] = np.where(shape == 3, np.round(4 * v) / 4, v)
    np.save(args.dir / "X.npy", x)
    np.save(args.dir / "y.npy", y)


def keep(args, name, beta, se=None):
    np.savez(args.dir / f"answers_{name}.npz", beta=beta, se=np.full(len(beta), np.nan) if se is None else se)


# --- one at a time -------------------------------------------------------------------------------------------------
def time_statsmodels(args, x, y):
    import statsmodels.api as sm
    warnings.simplefilter("ignore")  # again: the import asks for all of its own
    y = y.astype(np.float64)  # it takes 2y - 1, which wraps in bytes

    def run(read):
        clock = Clock()
        for unit in range(N_SLOW):
            try:
                read(unit, sm.Logit(y, sm.add_constant(x[:, unit])).fit(disp=0))
            except Exception:  # separation raises
                pass
        return clock.seconds()

    beta, se = np.full((2, N_SLOW), np.nan)

    def read_fit(unit, fit):
        beta[unit], se[unit] = fit.params[1], fit.bse[1]

    def read_tests(unit, fit):  # the likelihood ratio too, which fits the null model, as our fit holds it
        read_fit(unit, fit)
        _ = fit.pvalues[1], fit.llr_pvalue

    say_fit("statsmodels Logit", run(read_fit), N_SLOW)
    say_fit("statsmodels Logit with its Wald and likelihood-ratio tests", run(read_tests), N_SLOW)
    keep(args, "statsmodels", beta, se)


def time_sklearn(args, x, y):
    from sklearn.linear_model import LogisticRegression

    beta = np.full(N_SLOW, np.nan)
    clock = Clock()
    for unit in range(N_SLOW):
        beta[unit] = LogisticRegression(penalty=None).fit(x[:, [unit]], y).coef_[0, 0]
    say_fit("scikit-learn LogisticRegression", clock.seconds(), N_SLOW)
    keep(args, "sklearn", beta)


R_PROGRAM = """
args <- commandArgs(TRUE)
n <- as.integer(args[2]); units <- as.integer(args[3])
values <- readBin(args[1], "double", n * (units + 1))
y <- values[1:n]
x <- matrix(values[-(1:n)], n)
out <- matrix(NA, units, 2)
start <- proc.time()
for (unit in seq_len(units)) {
  fit <- suppressWarnings(glm.fit(cbind(1, x[, unit]), y, family = binomial()))
  inverse <- chol2inv(fit$qr$qr[1:2, 1:2])
  out[unit, ] <- c(fit$coefficients[2], sqrt(inverse[2, 2]))
}
spent <- proc.time() - start
cat(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], "\\n")
writeBin(as.vector(out), args[4])
"""


def time_r(args, x, y):
    values = np.concatenate([y, x[:, :N_SLOW].T.ravel()]).astype("<f8")
    values.tofile(args.dir / "r_in.bin")
    (args.dir / "peer.R").write_text(R_PROGRAM)
    done = subprocess.run(["Rscript", "--vanilla", args.dir / "peer.R", args.dir / "r_in.bin", str(len(y)), str(N_SLOW),
                           args.dir / "r_out.bin"], capture_output=True, text=True, check=True)
    say_fit("R glm.fit", np.array(done.stdout.split(), float), N_SLOW)
    beta, se = np.fromfile(args.dir / "r_out.bin", "<f8").reshape(2, N_SLOW)
    keep(args, "R", beta, se)


# --- all columns at once -------------------------------------------------------------------------------------------
def newton_block(x, y, steps=25):
    """Newton's method for [units, samples] at once, float64, standardised columns, in place; units that are done drop
    out. Sums over samples are over contiguous memory."""
    mean, sd = x.mean(1), x.std(1, ddof=1)
    z = (x - mean[:, None]) / sd[:, None]
    alpha, beta, se = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    active = np.arange(len(x))
    for _ in range(steps):
        p = z * beta[active, None]
        p += alpha[active, None]
        np.negative(p, out=p)
        np.exp(p, out=p)
        p += 1
        np.reciprocal(p, out=p)
        w = p * (1 - p)
        r = np.subtract(y, p, out=p)
        wz = w * z
        g0, g1 = r.sum(1), np.einsum("ij,ij->i", r, z)
        h00, h01, h11 = w.sum(1), wz.sum(1), np.einsum("ij,ij->i", wz, z)
        det = h00 * h11 - h01 * h01
        alpha[active] += (h11 * g0 - h01 * g1) / det
        beta[active] += (h00 * g1 - h01 * g0) / det
        se[active] = np.sqrt(h00 / det)
        left = np.hypot(g0, g1) / len(y) >= 1e-10
        if not left.any():
            break
        if not left.all():
            active, z = active[left], z[left]
    return beta / sd, se / sd


def time_numpy(args, x, y):
    columns = np.ascontiguousarray(x[:, :N_NUMPY].T)  # a layout that favours NumPy, made before the clock starts
    targets = y.astype(np.float64)

    def run(block, threads):
        parts = [columns[i:i + block] for i in range(0, len(columns), block)]
        clock = Clock()
        with ThreadPoolExecutor(threads) as pool:
            answers = list(pool.map(lambda part: newton_block(part, targets), parts))
        return clock.seconds(), answers

    seconds, answers = run(len(columns), 1)
    say_fit("NumPy Newton, all columns at once", seconds, len(columns))
    keep(args, "NumPy", answers[0][0][:N_SLOW], answers[0][1][:N_SLOW])
    for threads in sorted({1, args.threads}):
        seconds = min((run(block, threads)[0] for block in (32, 64, 128, 256)), key=lambda s: s[0])
        say_fit(f"NumPy Newton, in blocks that stay in the cache, {threads} thread{'s' * (threads > 1)}", seconds, len(columns))


def plink(args, *words):
    subprocess.run(["plink2", "--threads", str(args.threads), "--memory", "2000", *map(str, words)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=args.dir)


def write_plink_input(args, x, y, n_units):
    """Each unit is a variant, its activations are dosages: stretched to 0..2, as PLINK's are, with 16 bits each."""
    low, high = x[:, :n_units].min(0), x[:, :n_units].max(0)
    dosages = (x[:, :n_units] - low) / (high - low) * 2
    base = args.dir / f"units{n_units}"
    with open(f"{base}.dosage", "w") as out:
        for unit in range(n_units):
            out.write(f"u{unit} A C " + " ".join(f"{v:.5f}" for v in dosages[:, unit]) + "\n")
    with open(f"{base}.fam", "w") as out:
        for i, label in enumerate(y):
            out.write(f"s{i} s{i} 0 0 1 {1 + label}\n")
    plink(args, "--import-dosage", f"{base.name}.dosage", "noheader", "format=1", "single-chr=1", "--fam",
          f"{base.name}.fam", "--make-pgen", "--out", base.name)
    Path(f"{base}.dosage").unlink()
    return 2 / (high - low)


def time_plink(args, x, y):
    seconds = []
    for n_units in N_PLINK:
        scale = write_plink_input(args, x, y, n_units)
        runs = []
        for _ in range(3):
            clock = Clock(children=True)
            plink(args, "--pfile", f"units{n_units}", "--glm", "allow-no-covars", "omit-ref", "cols=+beta,-orbeta,-p",
                  "--out", f"glm{n_units}")
            runs.append(clock.seconds())
        seconds.append(np.min(runs, axis=0))
    say_fit(f"PLINK 2, float, {args.threads} threads", seconds[1] - seconds[0], N_PLINK[1] - N_PLINK[0])
    beta, se = np.full((2, N_SLOW), np.nan)
    table = next(args.dir.glob(f"glm{N_PLINK[0]}.*.glm.logistic*"))
    with open(table) as file:
        for row in csv.DictReader(file, delimiter="\t"):
            unit = int(row["ID"][1:])
            if unit >= N_SLOW or row["BETA"] == "NA":
                continue
            sign = 1 if row["A1"] == "A" else -1
            error = row["SE"] if "SE" in row else row["LOG(OR)_SE"]
            beta[unit], se[unit] = sign * float(row["BETA"]) * scale[unit], float(error) * scale[unit]
    keep(args, "PLINK2", beta, se)


def time_all(args):
    x, y = np.load(args.dir / "X.npy", mmap_mode="r"), np.load(args.dir / "y.npy")
    wide = np.ascontiguousarray(x[:, :max(N_NUMPY, *N_PLINK)], dtype=np.float64)
    warnings.simplefilter("ignore")
    for stale in args.dir.glob("answers_*.npz"):
        stale.unlink()
    peers = [("statsmodels (python3-statsmodels)", importlib.util.find_spec("statsmodels"), time_statsmodels),
             ("R (r-base-core)", shutil.which("Rscript"), time_r),
             ("scikit-learn (python3-sklearn)", importlib.util.find_spec("sklearn"), time_sklearn),
             ("NumPy", True, time_numpy),
             ("PLINK 2 (plink2)", shutil.which("plink2"), time_plink)]
    for name, installed, run in peers:
        if not installed:
            print(f"left out: {name} is not installed", flush=True)
            continue
        run(args, wide, y)


# --- accuracy ------------------------------------------------------------------------------------------------------
def reference(column, y):
    """beta, se and the likelihood-ratio statistic by Newton in 50-digit arithmetic, on the standardised column."""
    import mpmath as mp

    mp.mp.dps = 50
    x = [mp.mpf(float(v)) for v in column]
    n = len(x)
    mean = mp.fsum(x) / n
    sd = mp.sqrt(mp.fsum((v - mean) ** 2 for v in x) / (n - 1))
    z = [(v - mean) / sd for v in x]
    share = mp.mpf(int(y.sum())) / n
    alpha, beta = mp.log(share / (1 - share)), mp.mpf(0)
    for _ in range(60):
        p = [1 / (1 + mp.exp(-(alpha + beta * v))) for v in z]
        r = [int(t) - q for t, q in zip(y, p)]
        w = [q * (1 - q) for q in p]
        h00, h01 = mp.fsum(w), mp.fsum(a * v for a, v in zip(w, z))
        h11 = mp.fsum(a * v * v for a, v in zip(w, z))
        det = h00 * h11 - h01 * h01
        g0, g1 = mp.fsum(r), mp.fsum(a * v for a, v in zip(r, z))
        alpha, beta = alpha + (h11 * g0 - h01 * g1) / det, beta + (h00 * g1 - h01 * g0) / det
        if abs(g0) + abs(g1) < mp.mpf(10) ** -25:  # squared by the step just made
            break
    return float(beta / sd), float(mp.sqrt(h00 / det) / sd)


def digits(got, want):
    """-log10 of the relative error; 16 where exact."""
    with np.errstate(divide="ignore"):
        return np.minimum(16, -np.log10(np.abs(got - want) / np.abs(want)))


def say_digits(name, got, want, what):
    good = np.isfinite(got)
    if good.any():
        d = digits(got[good], want[good])
        say(f"correct digits of {what}, {name}, least", d.min(), "digits")
        say(f"correct digits of {what}, {name}, median", float(np.median(d)), "digits")


def accuracy(args):
    if importlib.util.find_spec("mpmath") is None:
        print("left out: accuracy (python3-mpmath is not installed)", flush=True)
        return
    x, y = np.load(args.dir / "X.npy", mmap_mode="r"), np.load(args.dir / "y.npy")
    chosen = np.arange(0, N_SLOW, 13)  # all four shapes
    want = np.array([reference(x[:, unit], y) for unit in chosen])
    with open(args.units_tsv) as file:
        rows = [row for row, _ in zip(csv.DictReader(file, delimiter="\t"), range(N_SLOW))]
    number = lambda text: float(text or "nan")
    answers = {"Penfield": np.array([[number(row["beta"]), number(row["se"])] for row in rows])}
    for path in sorted(args.dir.glob("answers_*.npz")):
        kept = np.load(path)
        answers[path.stem.removeprefix("answers_")] = np.column_stack([kept["beta"], kept["se"]])
    for name, got in answers.items():
        say_digits(name, got[chosen, 0], want[:, 0], "beta")
        say_digits(name, got[chosen, 1], want[:, 1], "se")


# --- ratios --------------------------------------------------------------------------------------------------------
def ratios(args):
    figures = {}
    with open(args.figures_tsv) as file:
        for line in file:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3:
                figures[parts[0]] = (float(parts[1]), parts[2])
    if "Penfield, a fit" not in figures:
        return
    for ending, title in ((", a fit", "on the wall"), (", a fit, processor", "processor time, of all threads")):
        ours, all_columns = figures["Penfield" + ending][0], figures["Penfield, all columns of a unit" + ending[7:]][0]
        print(f"\n{title:64} {'us a fit':>9} {'by our fit':>11} {'by all our columns':>19}")
        for name, (value, unit) in figures.items():
            if name.endswith(ending):
                print(f"{name.removesuffix(ending):64} {value:9.3g} {value / ours:11.1f} {value / all_columns:19.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("data")
    command.add_argument("dir", type=Path)
    command.add_argument("--units", type=int, default=98304)
    command.add_argument("--samples", type=int, default=440)
    command.set_defaults(run=make_data)
    command = commands.add_parser("time")
    command.add_argument("dir", type=Path)
    command.add_argument("--threads", type=int, default=2)
    command.set_defaults(run=time_all)
    command = commands.add_parser("accuracy")
    command.add_argument("dir", type=Path)
    command.add_argument("units_tsv")
    command.set_defaults(run=accuracy)
    command = commands.add_parser("ratios")
    command.add_argument("figures_tsv")
    command.set_defaults(run=ratios)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
