"""Columns that pandas, polars, DuckDB and pyarrow read without a copy, and that
need none of them."""

from __future__ import annotations

import html
import importlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import _penfield

if TYPE_CHECKING:
    from ._arguments import Path

_ROWS_SHOWN = 20


def _flags(values: Any) -> Any:
    """Bytes 0, 1 and 2 (no value): booleans, or floats with NaN where there is
    none."""
    view = memoryview(values)
    known = all(value < 2 for value in view)
    try:
        import numpy
    except ImportError:
        return [None if value == 2 else bool(value) for value in view]
    flags = numpy.asarray(values)
    return flags.astype(bool) if known else numpy.where(flags == 2, numpy.nan, flags.astype(float))


class Table:
    """A table of columns with equally many rows.

    ``table["auc"]`` is a column: a NumPy array that reads the table's own
    memory, or a ``memoryview`` where NumPy is not installed. NaN is no value. A
    column of texts is a list, in which ``None`` is no value.

    ``polars.DataFrame(units)``, ``pyarrow.table(units)`` and ``duckdb.sql("from
    units")`` take a table by the Arrow C stream interface; no value is then
    null.

    Examples
    --------
    >>> table = penfield.associate(X, y)
    >>> table["auc"].max()
    >>> table.to_polars().sort("neglog10_p_lrt", descending=True).head()
    """

    def __init__(self, core: _penfield.Table) -> None:
        self._core = core

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in the order of the program's table."""
        return list(self._core.names)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self), len(self._core.names)

    def __len__(self) -> int:
        return int(self._core.n_rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._core.names

    def __getitem__(self, name: str) -> Any:
        kind: str
        values: Any
        try:
            kind, values = self._core.column(name)
        except KeyError:
            raise KeyError(f"{name}: the columns are {', '.join(self.columns)}") from None
        if kind == "text":
            return values
        if kind == "flag":
            return _flags(values)
        try:
            import numpy
        except ImportError:
            return memoryview(values)
        return numpy.asarray(values)

    def row(self, i: int) -> dict[str, Any]:
        """Row `i` by the names of the columns."""
        return {name: self[name][i] for name in self.columns}

    def to_tsv(self, path: Path | None = None) -> bytes:
        """The bytes of the program's table; also written to `path` if it is
        given."""
        data = bytes(self._core.tsv())
        if path is not None:
            with open(os.fspath(path), "wb") as file:
                file.write(data)
        return data

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``. Needs pandas."""
        return importlib.import_module("pandas").DataFrame({name: self[name] for name in self.columns})

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``. Needs polars."""
        return importlib.import_module("polars").DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table as an Arrow C stream of one batch, without a copy of
        numbers and texts."""
        return self._core.arrow_stream()

    def __repr__(self) -> str:
        return f"<penfield.Table: {len(self)} rows, {len(self._core.names)} columns: {', '.join(self.columns[:8])}, …>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        n = min(len(self), _ROWS_SHOWN)
        columns = [self[name] for name in self.columns]
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(column[i]))}</td>" for column in columns) + "</tr>"
            for i in range(n)
        )
        more = f"<p>{len(self):,} rows, of which {n} are shown</p>" if n < len(self) else ""
        return f'<table><thead><tr>{head}</tr></thead><tbody style="text-align:right">{rows}</tbody></table>{more}'


def _shown(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
