#!/usr/bin/env python3
"""penfield.associate in Python beside the engine's own time and what people use, on the arrays of regression_peers.py.

    python_associate.py [--units 98304] [--samples 440] [--threads N] [--repeat 7]

Needs the package and NumPy; statsmodels where it is to be compared. Prints name<TAB>value<TAB>unit lines. The engine's own
time is that of association::fit_columns on the same memory in the same process, every default column.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", str(os.cpu_count()))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np  # noqa: E402
import penfield  # noqa: E402
import regression_peers as peers  # noqa: E402
from penfield import _penfield  # noqa: E402


def best(work, repeat):
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times), sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=98304)
    parser.add_argument("--samples", type=int, default=440)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        args.dir = Path(folder)
        peers.make_data(args)
        x, y = np.load(args.dir / "X.npy"), np.load(args.dir / "y.npy")
        engine, engine_median = best(lambda: _penfield.fit_columns_seconds(x, y, args.threads), args.repeat)
        ours, ours_median = best(lambda: penfield.associate(x, y, n_threads=args.threads)["beta"], args.repeat)
        again, _ = best(lambda: _penfield.fit_columns_seconds(x, y, args.threads), args.repeat)
        engine = min(engine, again)
        peers.say("engine, fit_columns", engine, "s")
        peers.say("engine, fit_columns, median", engine_median, "s")
        peers.say("penfield.associate", ours, "s")
        peers.say("penfield.associate, median", ours_median, "s")
        peers.say("penfield.associate, a fit", 1e6 * ours / args.units, "us")
        peers.say("penfield.associate / engine", ours / engine, "x")
        try:
            import statsmodels

            peers.say("statsmodels", float(".".join(statsmodels.__version__.split(".")[:2])), "version")
            peers.time_statsmodels(args, x, y)
        except ImportError:
            print("left out: statsmodels is not installed")
        peers.time_numpy(args, x, y)
        peers.say("load average of the machine", os.getloadavg()[0], "")


if __name__ == "__main__":
    main()
