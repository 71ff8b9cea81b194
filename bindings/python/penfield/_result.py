"""A result folder: units, samples, coloured text, figures, the report."""

from __future__ import annotations

import html
import json
import os
from typing import Any, Literal

from . import _penfield
from ._arguments import Path, flags
from ._share import share
from ._table import Table

Figure = Literal["funnel", "index", "manhattan", "layers", "qq"]


class Svg(str):
    """A figure as SVG text, which a notebook draws."""

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<penfield.Svg: {len(self):,} characters>"

    def save(self, path: Path) -> None:
        """Writes the file."""
        with open(os.fspath(path), "w", encoding="utf-8") as file:
            file.write(self)


class Html(str):
    """A page as text, which a notebook shows in a frame."""

    def _repr_html_(self) -> str:
        return (
            '<iframe style="width:100%;height:80vh;border:0" sandbox="allow-scripts allow-downloads" '
            f'srcdoc="{html.escape(self, quote=True)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<penfield.Html: {len(self):,} characters>"

    def save(self, path: Path) -> None:
        """Writes the file."""
        with open(os.fspath(path), "w", encoding="utf-8") as file:
            file.write(self)


class Card(str):
    """A unit in words."""

    def _repr_html_(self) -> str:
        return f'<pre style="font-family:monospace">{html.escape(self)}</pre>'

    def __repr__(self) -> str:
        return str(self)


class Heatmap:
    """One unit's activations over the text of a result.

    Attributes
    ----------
    unit : str
        Its name.
    """

    def __init__(self, core: _penfield.Result, unit: str) -> None:
        self._core = core
        self.unit = unit
        self._values: Any = core.heatmap(unit)

    @property
    def values(self) -> Any:
        """[tokens] float32, in the order of `tokens`.

        A NumPy array, or a memoryview where NumPy is not installed.
        """
        try:
            import numpy
        except ImportError:
            return memoryview(self._values)
        return numpy.asarray(self._values)

    @property
    def tokens(self) -> Table:
        """One row per token, as ``windows.tsv``."""
        return Table(self._core.windows())

    def __len__(self) -> int:
        return len(memoryview(self._values))

    def __repr__(self) -> str:
        return f"<penfield.Heatmap: {self.unit}, {len(self)} tokens>"

    def _repr_html_(self) -> str:
        return f"<div><h4>{html.escape(self.unit)}</h4>{self._core.heatmap_html(self.unit)}</div>"


class Result:
    """What a scan found, read from its folder.

    Made by :func:`penfield.scan` and :func:`penfield.load`.

    Attributes
    ----------
    folder : str
        Where it lies.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._core = _penfield.Result(folder)

    @property
    def run(self) -> dict[str, Any]:
        """``run.json``: version, options, model, text, counts, thresholds."""
        record: dict[str, Any] = json.loads(self._core.run_json)
        return record

    @property
    def headline(self) -> list[str]:
        """What survives a critic's questions, in sentences.

        Where that cannot be said, what was found.
        """
        return list(self._core.headline) or list(self._core.found)

    @property
    def units(self) -> Table:
        """One row per unit, as ``units.tsv``."""
        return Table(self._core.units())

    @property
    def samples(self) -> Table:
        """One row per sampled token, as ``samples.tsv``."""
        return Table(self._core.samples())

    @property
    def windows(self) -> Table:
        """One row per token that heatmaps cover, as ``windows.tsv``."""
        return Table(self._core.windows())

    @property
    def heatmap_units(self) -> list[str]:
        """The units that have a heatmap."""
        return list(self._core.heatmap_units)

    def top(self, n: int = 20, layer: int | None = None) -> Table:
        """The `n` units that most surely distinguish unseen words.

        By p where the scan did not test words. `layer`: of this layer alone.
        """
        return Table(self._core.top(n, layer))

    def heatmap(self, unit: str) -> Heatmap:
        """The activations of `unit`, such as "L2.435", over the text.

        A notebook shows the coloured text. Raises ``ValueError`` with the units
        that have a heatmap if this one has none.
        """
        return Heatmap(self._core, unit)

    def card(self, unit: str, width: int = 100) -> Card:
        """All statistics of one unit in words."""
        return Card(self._core.card(unit, width))

    def report(self) -> Html:
        """The whole report as one page, which works offline.

        A notebook shows it in the cell.
        """
        return Html(_penfield.run(["report", self.folder, "-o", "-"], None))

    def plot(self, figure: Figure = "funnel", **options: Any) -> Svg:
        """A figure, as ``penfield plot``.

        Parameters
        ----------
        figure : {"funnel", "index", "manhattan", "layers", "qq"}
        **options
            Of the command: ``layer``, ``width`` and ``height`` in points,
            ``beta`` ("sd" or "unit"), ``theme`` ("light" or "dark").
        """
        if os.path.isdir(share("fonts")):
            _penfield.add_fonts(share("fonts"))
        return Svg(_penfield.run(["plot", self.folder, figure, "-o", "-", *flags(options)], None))

    def __repr__(self) -> str:
        return f"<penfield.Result: {self._core.title}, in {self.folder}>"

    def _repr_html_(self) -> str:
        shown = ("unit", "direction", "auc", "held_out_unseen_auc", "auc_words_lo", "auc_words_hi", "effect", "specific")
        top = self.top(10)
        columns = [(name, top[name]) for name in shown]
        head = "".join(f"<th>{html.escape(name)}</th>" for name, _ in columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{_cell(values[i])}</td>" for _, values in columns) + "</tr>" for i in range(len(top))
        )
        sentences = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.headline)
        return (
            f"<div><h3>{html.escape(self._core.title)}</h3>{sentences}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else html.escape(str(value))


def load(folder: Path) -> Result:
    """Read the result folder of a scan.

    Parameters
    ----------
    folder : path
        What ``penfield scan -o`` wrote, or :func:`scan`.

    Raises
    ------
    penfield.BadInput
        It is no result folder, or a file in it breaks a rule; file and line are
        named.
    """
    return Result(os.fspath(folder))
