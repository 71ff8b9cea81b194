"""Find single neurons of a language model that respond to a concept.

Each finding is tested on text that had no part in finding it.

:func:`associate` tests activations that you recorded; :func:`scan` runs a model
over a text and tests all of its neurons; :func:`load` reads the folder of a
scan.
"""

from ._associate import associate
from ._commands import Activations, activations, concepts, demo_model, demo_text, label, scan, tokenize
from ._errors import BadInput
from ._penfield import version as _version
from ._result import Card, Heatmap, Html, Result, Svg, load
from ._table import Table

__version__: str = _version()

__all__ = [
    "Activations",
    "BadInput",
    "Card",
    "Heatmap",
    "Html",
    "Result",
    "Svg",
    "Table",
    "__version__",
    "activations",
    "associate",
    "concepts",
    "demo_model",
    "demo_text",
    "label",
    "load",
    "scan",
    "tokenize",
]
