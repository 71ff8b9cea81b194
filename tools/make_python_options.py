#!/usr/bin/env python3
"""Writes bindings/python/penfield/_options.py: the flags of the commands as types of keyword arguments.

Needs the package installed. A test holds the file to what this prints.

  tools/make_python_options.py [--check]
"""

import os
import sys

from penfield import _penfield

FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bindings/python/penfield/_options.py")
COMMANDS = {"scan": "ScanOptions", "activations": "ActivationsOptions", "label": "LabelOptions", "tokenize": "TokenizeOptions"}
# Named arguments of the functions, or without a meaning in Python.
ARGUMENTS = {"model", "text", "concept", "output", "help", "site", "layers", "dry-run", "part"}
ONLY_ARGUMENTS_OF = {"site": {"activations"}, "layers": {"activations"}, "force": {"activations", "label", "tokenize"},
                     "audit": {"label"}, "gold": {"label"}}
GLOBALS = ("seed", "memory", "precision", "offline")
LISTS = {"LIST", "TRAITS", "NULLS"}
PATHS = {"DIR", "FILE"}


def type_of(value, name):
    if not value:
        return "bool"
    if "|" in value:
        return "Literal[" + ", ".join(f'"{word}"' for word in value.split("|")) + "]"
    if value == "N":
        return "int"
    if value == "X":
        return "float"
    if value in PATHS:
        return "Union[str, PathLike[str]]"
    if value in LISTS:
        return "Union[str, int, list[int], list[str]]" if name == "layers" else "Union[str, list[str]]"
    return "str"


def option_class(command, name):
    lines = [f"class {name}(TypedDict, total=False):", f'    """The flags of ``penfield {command}``."""', ""]
    everywhere = [option for option in _penfield.options("") if option[0] in GLOBALS]
    for long_name, value, text, _ in list(_penfield.options(command)) + everywhere:
        if long_name in ONLY_ARGUMENTS_OF:
            if command in ONLY_ARGUMENTS_OF[long_name]:
                continue
        elif long_name in ARGUMENTS:
            continue
        python = long_name.replace("-", "_")
        lines.append(f"    {python}: {type_of(value, long_name)}")
        for part in wrapped(text):
            lines.append(f"    #: {part}")
    return "\n".join(lines) + "\n"


def wrapped(text, width=102):
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line


def render():
    head = ('"""The flags of the commands as types of keyword arguments. Written by tools/make_python_options.py."""\n\n'
            "from __future__ import annotations\n\nfrom os import PathLike\nfrom typing import Literal, TypedDict, Union\n")
    return head + "".join("\n\n" + option_class(command, name) for command, name in COMMANDS.items())


def main():
    text = render()
    if sys.argv[1:] == ["--check"]:
        with open(FILE, encoding="utf-8") as file:
            if file.read() == text:
                return 0
        print(f"{FILE}: differs from the program's flags; run tools/make_python_options.py", file=sys.stderr)
        return 1
    with open(FILE, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
