"""A model and a text in: scans, activations, labels, tokens."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _penfield
from ._arguments import Path, flags, machine_flags, text_flags
from ._progress import Bar, Progress
from ._result import Result
from ._share import share
from ._table import Table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import ActivationsOptions, LabelOptions, ScanOptions, TokenizeOptions


class Activations(NamedTuple):
    """What a model computed.

    ``values`` is float32 [tokens, layers × units]; ``tokens`` has a row for
    each token.
    """

    values: Any
    tokens: Table


def scan(
    model: Path | None = None,
    text: Path | Sequence[Path] | None = None,
    concept: str = "proper-noun",
    output: Path | None = None,
    *,
    n_threads: int | None = None,
    progress: Progress = None,
    **options: Unpack[ScanOptions],
) -> Result:
    """Find the units of a model that respond to a concept, and test each.

    Units are found on one part of the text and tested on the other.

    Parameters
    ----------
    model : path or str
        A folder in Hugging Face layout, a ``.gguf`` file, or a repository's
        name, which is fetched.
    text : path or list of paths
        Plain text, ``.jsonl``, ``.conllu``, each also ``.gz`` or ``.zst``. With
        ``activations="DIR"``, a folder of recorded activations and their
        tokens, there is neither model nor text.
    concept : str
        What to look for; see :func:`concepts`. Labels that lie with recorded
        activations: ``"label:NAME"``.
    output : path, optional
        The result folder. Without it the result lies in a temporary folder and
        goes with the object; a scan that is stopped can go on later only in a
        folder that you name.
    n_threads : int, optional
        Default: one for each processor.
    progress : bool or callable, optional
        As for :func:`associate`.
    **options
        The flags of ``penfield scan`` with ``_`` for ``-``: ``layers="0-5"``,
        ``budget=20000``, ``match=["length", "position"]``,
        ``permutations=1000``, ``force=True``, ``precision="bf16"``.

    Returns
    -------
    Result

    Raises
    ------
    penfield.BadInput
        Model or text break a rule; the message says which and where.
    ValueError
        Options that do not exist or do not go together.
    FileNotFoundError, OSError, ConnectionError, MemoryError
        As the program's exit codes 1, 4 and 5.
    KeyboardInterrupt
        Ctrl-C. The same call goes on from what was done.

    Examples
    --------
    >>> model, text = penfield.demo_model(), penfield.demo_text()
    >>> result = penfield.scan(model, text, concept="proper-noun")
    >>> result.top(5).to_pandas()
    >>> penfield.scan(activations="recorded", concept="label:animate")
    """
    if options.get("dry_run"):
        raise ValueError("dry_run: estimates are printed by the program; run penfield scan --dry-run")
    if options.get("part"):
        raise ValueError("part: a part has no result to return; run penfield scan --part and penfield join")
    is_temporary = output is None
    folder = tempfile.mkdtemp(prefix="penfield-") if output is None else os.fspath(output)
    source = flags({"model": model}) + ([] if text is None else text_flags(text))
    arguments = ["scan", *source, "--concept", concept, "--output", folder, *flags(options), *machine_flags(n_threads)]
    try:
        with Bar(progress) as bar:
            _penfield.run(arguments, bar.callback)
        result = Result(folder)
    except BaseException:
        if is_temporary:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if is_temporary:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
    return result


def activations(
    model: Path,
    text: Path | Sequence[Path],
    site: str | None = None,
    layers: str | int | Sequence[int] = "all",
    *,
    n_threads: int | None = None,
    progress: Progress = None,
    **options: Unpack[ActivationsOptions],
) -> Activations:
    """Run a model over a text and keep the activations of every token.

    Parameters
    ----------
    model, text
        As for :func:`scan`.
    site : str, optional
        "mlp.pre", "mlp.up", "mlp.post", "attn.q", "attn.k", "attn.v",
        "resid.mid" or "resid"; default: that of the model's neurons.
    layers : str, int or list of int
        "all", 5, [0, 1], or "0-5,23".
    n_threads, progress
        As for :func:`associate`.
    **options
        The flags of ``penfield activations``.

    Returns
    -------
    Activations
        ``values``, a float32 array [tokens, layers × units] (NumPy's if it is
        installed, else a memoryview), and ``tokens``, a :class:`Table` with a
        row for each: document, position, token_id, token.

    Examples
    --------
    >>> model, text = penfield.demo_model(), penfield.demo_text()
    >>> values, tokens = penfield.activations(model, text, layers=2)
    """
    chosen = ",".join(str(layer) for layer in layers) if isinstance(layers, (list, tuple)) else str(layers)
    arguments = ["activations", "--model", os.fspath(model), *text_flags(text), *flags({"site": site, "layers": chosen})]
    values: Any
    with Bar(progress) as bar:
        values, tokens = _penfield.activations(arguments + flags(options) + machine_flags(n_threads), bar.callback)
    try:
        import numpy
    except ImportError:
        return Activations(memoryview(values), Table(tokens))
    return Activations(numpy.asarray(values), Table(tokens))


def label(
    model: Path,
    text: Path | Sequence[Path],
    concept: str = "proper-noun",
    **options: Unpack[LabelOptions],
) -> Table:
    """Every token of a text with its label: 1 where the concept marks it.

    Parameters
    ----------
    model
        As for :func:`scan`; a folder with the tokenizer's files alone will do.
    text, concept
        As for :func:`scan`.
    **options
        The flags of ``penfield label``.

    Returns
    -------
    Table
        document, position (in the document), token_id, token, label; in the
        order of :func:`activations`.
    """
    arguments = ["label", "--model", os.fspath(model), *text_flags(text), "--concept", concept, *flags(options)]
    return Table(_penfield.label(arguments, None))


def tokenize(
    model: Path,
    text: Path | Sequence[Path],
    **options: Unpack[TokenizeOptions],
) -> list[list[int]]:
    """The token ids of a text, a list for each document.

    Parameters
    ----------
    model, text
        As for :func:`label`.
    **options
        The flags of ``penfield tokenize``.
    """
    arguments = ["tokenize", "--model", os.fspath(model), *text_flags(text), *flags(options), "--format", "json"]
    return [json.loads(line)["ids"] for line in _penfield.run(arguments, None).splitlines()]


def concepts() -> list[dict[str, Any]]:
    """What a scan can look for.

    Name, argument, description, example, and what was measured of the rule.
    """
    listed: list[dict[str, Any]] = json.loads(_penfield.run(["concepts", "--format", "json"], None))["concepts"]
    return listed


def demo_model() -> str:
    """The folder of the bundled model, 5 MB, made for tests and examples."""
    return share("models", "demo")


def demo_text() -> str:
    """The bundled text."""
    return share("data", "demo", "articles.txt")


