"""A bar after the first second: tqdm's if it is installed, else a line."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Union

ProgressFunction = Callable[[str, int, int, str], object]
#: ``None``: a bar after a second if somebody looks; ``True``, ``False``; or a function that is called with
#: (stage, done, total, unit).
Progress = Union[bool, ProgressFunction, None]


def _is_notebook() -> bool:
    return "ipykernel" in sys.modules


def _is_watched() -> bool:
    return _is_notebook() or bool(getattr(sys.stderr, "isatty", lambda: False)())


class _Line:
    """What shows progress where tqdm is missing."""

    def __init__(self, desc: str, total: int, unit: str) -> None:
        self._desc, self.total, self._unit, self.n = desc, total, unit, 0
        self._start = time.monotonic()

    def refresh(self) -> None:
        self._show(f"{self._desc}: {self.n}/{self.total} {self._unit}, {time.monotonic() - self._start:.0f} s")

    def close(self) -> None:
        print(file=sys.stderr)

    def _show(self, text: str) -> None:
        print(f"\r{text} ", end="", file=sys.stderr, flush=True)


class _CellLine(_Line):
    """The same in a notebook, where nothing stays of it. tqdm needs ipywidgets there."""

    def __init__(self, desc: str, total: int, unit: str) -> None:
        super().__init__(desc, total, unit)
        display: Any = importlib.import_module("IPython.display")
        self._shown: Any = display.display({"text/plain": ""}, raw=True, display_id=True)

    def close(self) -> None:
        self._show("")

    def _show(self, text: str) -> None:
        self._shown.update({"text/plain": text}, raw=True)


def _new_bar(stage: str, total: int, unit: str) -> Any:
    if _is_notebook() and importlib.util.find_spec("ipywidgets") is None:
        return _CellLine(stage, total, unit)
    try:
        tqdm: Any = importlib.import_module("tqdm.auto")
    except ImportError:
        return _Line(stage, total, unit)
    return tqdm.tqdm(desc=stage, total=total or None, unit=" " + unit, leave=False)


class Bar:
    """Context manager whose ``callback`` the module calls; ``None`` where nothing is shown."""

    def __init__(self, progress: Progress) -> None:
        self._start = time.monotonic()
        self._bar: Any = None
        self._stage = ""
        self.callback: ProgressFunction | None
        if callable(progress):
            self.callback = progress
        elif progress is None:
            self.callback = self._show if _is_watched() else None
        else:
            self.callback = self._show if progress else None

    def _show(self, stage: str, done: int, total: int, unit: str) -> None:
        if time.monotonic() - self._start < 1:
            return
        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = _new_bar(stage, total, unit)
        self._bar.n = done
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
