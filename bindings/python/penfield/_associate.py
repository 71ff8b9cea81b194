"""The statistics alone, on anybody's activations."""

from __future__ import annotations

import os

from typing import Any, Literal

from . import _penfield
from ._arguments import as_array, as_ids, flags, is_bfloat16, machine_flags
from ._progress import Bar, Progress
from ._table import Table

Correction = Literal["bonferroni", "holm", "bh", "by", "hochberg", "maxt", "none"]
Test = Literal["lrt", "wald", "score", "rank"]


def associate(
    X: Any,
    y: Any,
    covariates: Any = None,
    cluster: Any = None,
    groups: Any = None,
    correction: Correction = "bonferroni",
    *,
    tensor: str | None = None,
    test: Test | None = None,
    alpha: float = 0.05,
    firth: Literal["auto", "separated", "always", "never"] = "auto",
    intervals: Literal["none", "wald", "profile"] = "none",
    permutations: int | None = None,
    maxt: Literal["step-down", "single-step"] | None = None,
    seed: int | None = None,
    memory: str | None = None,
    n_threads: int | None = None,
    progress: Progress = None,
) -> Table:
    """Fit and test an exact logistic regression of every column of a matrix.

    The same as ``penfield associate X.npy y.npy``, to the byte, on arrays in
    memory.

    Parameters
    ----------
    X : array [samples, units]
        Activations, or any other numbers: anything with ``__dlpack__``,
        ``__array__`` or the buffer protocol (NumPy, torch on the CPU, JAX,
        pandas, polars), or the path of a ``.npy`` or ``.safetensors`` file,
        which need not fit into memory. float16, bfloat16, float32, float64,
        integers or booleans, in any order. float32 and float64 in C order are
        read where they are, without a copy; others are copied some columns at a
        time.
    y : array [samples]
        1 for a target, 0 for a sample of the comparison. Booleans will do.
    covariates : array [samples, covariates], optional
        Every regression is adjusted for these.
    cluster : array [samples], optional
        Samples with equal values may depend on each other, as tokens of one
        document do: the columns ``se_cluster`` … ``neglog10_p_cluster`` allow
        for it. Whole numbers or strings.
    groups : array [samples], optional
        With permutations: labels change places within samples with equal
        values, or, if one group has a single label, those of the groups' means
        (``--strata``).
    correction : {"bonferroni", "holm", "bh", "by", "hochberg", "maxt", "none"}
        For the number of columns that are tested. "maxt" permutes the labels.
    tensor : str, optional
        Which tensor of a ``.safetensors`` file is X, where it has several.
    test : {"lrt", "wald", "score", "rank"}, optional
        Whose p is corrected. Default "lrt"; with "maxt", "score".
    alpha : float
        A column is significant if its corrected p is below this.
    firth : {"auto", "separated", "always", "never"}
        When Firth's penalised likelihood replaces maximum likelihood; "auto":
        for all columns if a group has fewer than 60 samples, else for columns
        that separate the groups.
    intervals : {"none", "wald", "profile"}
        95% intervals of ``beta`` in the columns ``beta_lo`` and ``beta_hi``.
    permutations : int, optional
        How often labels are permuted. Default 1,000 with "maxt", else none.
    maxt : {"step-down", "single-step"}, optional
        The kind of "maxt"; default "step-down".
    seed : int, optional
        Of the permutations. The same seed gives the same bytes at any number of
        threads.
    memory : str, optional
        The most memory to use, such as "2G".
    n_threads : int, optional
        Default: one for each processor.
    progress : bool or callable, optional
        By default a bar is shown after a second if standard error is a
        terminal, or in a notebook. A function is called with (stage, done,
        total, unit).

    Returns
    -------
    Table
        One row per column of X, in their order, with the columns of the
        program's table: ``beta`` in log-odds for one unit of activation,
        ``beta_sd`` for one SD, p-values as −log10 p, the area under the curve
        ``auc`` with DeLong's 95% interval. ``docs/columns.md`` explains each.

    Raises
    ------
    penfield.BadInput
        An array has the wrong shape, type or values, or is in a GPU's memory.
    ValueError
        Options that do not go together.
    MemoryError
        The job does not fit `memory`.

    Notes
    -----
    Newton's method in double precision to a gradient below 1e-10 a sample.
    Firth 1993, Biometrika 80:27; DeLong, DeLong & Clarke-Pearson 1988,
    Biometrics 44:837; Westfall & Young 1993 for "maxt". Ctrl-C stops it, and
    several threads may call at once.

    Examples
    --------
    >>> import numpy as np, penfield
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(440, 1000)).astype(np.float32)
    >>> y = np.arange(440) % 2
    >>> X[:, 7] += y
    >>> table = penfield.associate(X, y)
    >>> int(np.argmax(table["neglog10_p_lrt"]))
    7
    """
    options = {
        "correction": correction,
        "tensor": tensor,
        "test": test,
        "alpha": repr(float(alpha)),
        "firth": firth,
        "intervals": None if intervals == "none" else intervals,
        "permutations": permutations,
        "maxt": maxt,
        "covariates": None if covariates is None else "covariates",
        "cluster": None if cluster is None else "cluster",
        "strata": None if groups is None else "groups",
    }
    path = os.fspath(X) if isinstance(X, (str, os.PathLike)) else None
    if tensor is not None and path is None:
        raise ValueError("tensor: X is an array; a tensor is named in a .safetensors file")
    arguments = ["associate", path or "X", "y", *flags(options), *machine_flags(n_threads, seed, memory)]
    with Bar(progress) as bar:
        core = _penfield.associate(
            x=None if path is not None else as_array(X, "X"),
            y=as_array(y, "y"),
            covariates=None if covariates is None else as_array(covariates, "covariates"),
            cluster=as_ids(cluster, "cluster"),
            groups=as_ids(groups, "groups"),
            as_bfloat16=is_bfloat16(X),
            is_paged=_is_mapped(X),
            arguments=arguments,
            progress=bar.callback,
        )
    return Table(core)


def _is_mapped(value: Any) -> bool:
    """numpy.memmap, whose rows are read in passes instead of again and again
    for each few columns."""
    return type(value).__name__ == "memmap" and hasattr(value, "filename")
