"""One logistic regression a unit with covariates, as NumPy and statsmodels do it, beside adjusted_bench: one thread each.

    adjusted_peers.py [--units N] [--samples N] [--covariates C]

NumPy: Newton for all units at once, float64, batched solve, those that are done drop out. statsmodels: Logit in a loop.
"""
import argparse
import os
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np  # noqa: E402


def newton(x, z, y, steps=25):
    """beta of every column of x [n, units] given z [n, c]."""
    n, units = x.shape
    shared = np.column_stack([np.ones(n), z])
    m = shared.shape[1]
    products = np.einsum("ij,ik->ijk", shared, shared).reshape(n, m * m)
    column = (x - x.mean(0)) / x.std(0, ddof=1)
    theta = np.zeros((units, m + 1))
    active = np.arange(units)
    for _ in range(steps):
        c, t = column[:, active], theta[active]
        p = 1 / (1 + np.exp(-(shared @ t[:, :m].T + c * t[:, m])))
        r, w = y[:, None] - p, p * (1 - p)
        wc = w * c
        info = np.empty((len(active), m + 1, m + 1))
        info[:, :m, :m] = (w.T @ products).reshape(-1, m, m)
        info[:, :m, m] = info[:, m, :m] = wc.T @ shared
        info[:, m, m] = np.einsum("iu,iu->u", wc, c)
        gradient = np.column_stack([r.T @ shared, np.einsum("iu,iu->u", r, c)])
        theta[active] += np.linalg.solve(info, gradient[:, :, None])[:, :, 0]
        active = active[np.linalg.norm(gradient, axis=1) / n >= 1e-10]
        if active.size == 0:
            break
    return theta[:, m] / x.std(0, ddof=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=2048)
    parser.add_argument("--samples", type=int, default=440)
    parser.add_argument("--covariates", type=int, default=4)
    args = parser.parse_args()
    rng = np.random.default_rng(1)
    y = np.repeat([1.0, 0.0], args.samples // 2)
    z = rng.standard_normal((len(y), args.covariates))
    x = rng.standard_normal((len(y), args.units)) + 0.5 * y[:, None] * rng.uniform(-1, 1, args.units)
    least = 1e300
    for _ in range(3):
        start = time.process_time()
        newton(x, z, y)
        least = min(least, time.process_time() - start)
    print(f"NumPy, with {args.covariates} covariates\t{1e6 * least / args.units:.3g}\tus a unit")
    try:
        import statsmodels.api as sm
    except ImportError:
        return
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for k in range(100):
            sm.Logit(y, sm.add_constant(np.column_stack([z, x[:, k]]))).fit(disp=0)
    print(f"statsmodels, with {args.covariates} covariates\t{1e4 * (time.process_time() - start):.3g}\tus a unit")


if __name__ == "__main__":
    main()
