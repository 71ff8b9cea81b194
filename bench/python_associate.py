#!/usr/bin/env python3
"""penfield.associate in Python beside the engine's own time and what people use, on the arrays of regression_peers.py.

    python_associate.py [--units 98304] [--samples 440] [--threads N] [--rounds 9]

Needs the package and NumPy; statsmodels where it is to be compared. Prints name<TAB>value<TAB>unit lines. The engine's own
time is that of association::fit_columns on the same memory in the same process, every default column.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", str(os.cpu_count()))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np  # noqa: E402
import penfield  # noqa: E402
import regression_peers as peers  # noqa: E402
from penfield import _penfield  # noqa: E402


N_LOOPED = 100  # columns that statsmodels fits in a round


def statsmodels_loop(x, y):
    """Coefficient, standard error, Wald's and the likelihood ratio's p of each column, as a user would."""
    import statsmodels.api as sm

    warnings.simplefilter("ignore")
    targets = y.astype(float)
    for unit in range(N_LOOPED):
        fit = sm.Logit(targets, sm.add_constant(x[:, unit])).fit(disp=0)
        _ = fit.params[1], fit.bse[1], fit.pvalues[1], fit.llr_pvalue


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=98304)
    parser.add_argument("--samples", type=int, default=440)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        args.dir = Path(folder)
        peers.make_data(args)
        x, y = np.load(args.dir / "X.npy"), np.load(args.dir / "y.npy")
    slow = x[:, :N_LOOPED].astype(float)
    columns = np.ascontiguousarray(x[:, : peers.N_NUMPY].T, dtype=float)  # the layout that favours NumPy
    works = {
        "engine, fit_columns": (args.units, lambda: _penfield.fit_columns_seconds(x, y, args.threads)),
        "penfield.associate": (args.units, lambda: penfield.associate(x, y, n_threads=args.threads)["beta"]),
        "statsmodels Logit with its tests, in a loop": (N_LOOPED, lambda: statsmodels_loop(slow, y)),
        "NumPy Newton, all columns at once": (len(columns), lambda: peers.newton_block(columns, y.astype(float))),
    }
    if not importlib.util.find_spec("statsmodels"):
        del works["statsmodels Logit with its tests, in a loop"]
        print("left out: statsmodels is not installed")
    # In turns, so that what else the machine does meets all of them; the least of each is what it can do.
    times = {name: [] for name in works}
    for _ in range(args.rounds):
        for name, (_, work) in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    fit = {name: 1e6 * min(times[name]) / n for name, (n, _) in works.items()}
    for name, (n, _) in works.items():
        peers.say(f"{name}, {n} columns", min(times[name]), "s")
        peers.say(f"{name}, median", statistics.median(times[name]), "s")
        peers.say(f"{name}, a fit", fit[name], "us")
        if name != "penfield.associate":
            ours = fit["penfield.associate"]
            whose = (ours / fit[name], "penfield.associate / it") if "engine" in name else (fit[name] / ours, "it / penfield.associate")
            peers.say(f"{name}: {whose[1]}", whose[0], "x")
    peers.say("load average of the machine", os.getloadavg()[0], "")


if __name__ == "__main__":
    main()
