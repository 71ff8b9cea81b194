"""Files that are installed with the package."""

import os


def share(*parts: str) -> str:
    """The path of an installed file."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "share", *parts)
