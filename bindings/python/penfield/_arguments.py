"""Keyword arguments as the program's flags, and values as the arrays that the module reads."""

from __future__ import annotations

import array
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

Path = Union[str, "os.PathLike[str]"]


def flags(options: Mapping[str, Any]) -> list[str]:
    """The options as the program's flags: ``skip_first=1`` is ``--skip-first 1``.

    ``None`` and ``False`` are left out, ``True`` is a flag without a value, and a list is several values, with
    commas between them.
    """
    out: list[str] = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            out.append(flag)
        elif isinstance(value, (list, tuple)):
            out += [flag, ",".join(str(each) for each in value)]
        else:
            out += [flag, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    return out


def machine_flags(n_threads: int | None, seed: int | None = None, memory: str | None = None) -> list[str]:
    return flags({"threads": n_threads, "seed": seed, "memory": memory})


def text_flags(text: Path | Sequence[Path]) -> list[str]:
    """One path, or several."""
    paths = [text] if isinstance(text, (str, os.PathLike)) else list(text)
    out: list[str] = []
    for path in paths:
        out += ["--text", os.fspath(path)]
    return out


def is_bfloat16(value: Any) -> bool:
    """Is it an array of ml_dtypes.bfloat16, which NumPy holds and cannot hand on?"""
    return str(getattr(value, "dtype", "")) == "bfloat16" and hasattr(value, "view") and not hasattr(value, "cpu")


def _nested(value: Sequence[Any], name: str) -> Any:
    """A list of numbers, or of lists of numbers, as a buffer."""
    rows = list(value)
    if not rows or not isinstance(rows[0], (list, tuple)):
        return array.array("d", (float(each) for each in rows))
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise ValueError(f"{name}: the rows have different lengths")
    flat = array.array("d", (float(each) for row in rows for each in row))
    return memoryview(flat).cast("B").cast("d", shape=[len(rows), width])


def as_array(value: Any, name: str) -> Any:
    """Something that the module reads by DLPack or the buffer protocol."""
    if hasattr(value, "detach") and getattr(value, "requires_grad", False):
        value = value.detach()
    if is_bfloat16(value):
        return value.view("uint16")
    if hasattr(value, "__dlpack__") or isinstance(value, (memoryview, array.array, bytes, bytearray)):
        return value
    if hasattr(value, "__array__"):
        return value.__array__()
    if isinstance(value, (list, tuple)):
        return _nested(value, name)
    return value


def as_ids(value: Any, name: str) -> Any:
    """Group ids: whole numbers as they are, other values by their place among the sorted distinct ones."""
    if value is None:
        return None
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if hasattr(value, "__dlpack__") and kind not in ("U", "O", "S", "T"):
        return as_array(value, name)
    values: list[Any] = list(value.tolist() if hasattr(value, "tolist") else value)
    if all(isinstance(each, (int, float)) for each in values):
        return array.array("d", (float(each) for each in values))
    place = {each: i for i, each in enumerate(sorted(set(_hashable(values, name))))}
    return array.array("d", (float(place[each]) for each in values))


def _hashable(values: Iterable[Any], name: str) -> Iterable[Any]:
    for each in values:
        if not isinstance(each, (str, bytes, int, float, tuple)):
            raise TypeError(f"{name}: {type(each).__name__} names no group; give numbers or strings")
        yield each
