#!/usr/bin/env python3
"""Changes a room's sources at random places and asks whether its tests notice: a test of the tests.

    tools/mutate.py ROOM[=TESTROOM,...]... [--number N] [--seed S] [--build build]

For each mutant one operator or number of one source of the room is changed, the room's unit and golden tests (and those
of TESTROOMs) are built and run, and the source is put back. Prints a row for each mutant: killed by the compiler, killed
by a test or by a time limit, or survived. Survivors deserve a look: a missing test, or a change without effect (a
limit that is only a matter of speed). The tree must have no uncommitted changes in the room. Exit: 1 if any survived.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What stands there, and what it becomes. Templates, includes, comments and texts are left alone (places_in).
CHANGES = [(r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == "),
           (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "), (r" && ", " || "), (r" \|\| ", " && "),
           (r" \+= ", " -= "), (r" -= ", " += "), (r"\bstd::min\b", "std::max"), (r"\bstd::max\b", "std::min"),
           (r"(?<=[ (-])0\.5\b", "0.51"), (r"(?<=[ (])1(?=[ ;,)])", "2"), (r"(?<=[ (])2(?=[ ;,)*])", "3"),
           (r"\btrue\b", "false"), (r"\bfalse\b", "true")]


def places_in(path):
    """(line number, start, end, replacement) of every place that can be changed."""
    out = []
    for number, line in enumerate(path.read_text().splitlines()):
        code = line.split("//")[0]
        if re.match(r"\s*(#|template|static_assert|using |PENFIELD_CHECK|HWY_)", code) or '"' in code:
            continue
        for pattern, replacement in CHANGES:
            for match in re.finditer(pattern, code):
                out.append((number, match.start(), match.end(), replacement))
    return out


def run(command, seconds):
    try:
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=seconds).returncode
    except subprocess.TimeoutExpired:
        return "time"


def fate(build, rooms):
    """What becomes of the tree as it stands."""
    targets = [f"penfield_{room.replace('/', '_')}_{kind}_test" for room in rooms for kind in ("unit", "golden")]
    known = subprocess.run(["ninja", "-C", build, "-t", "targets", "all"], cwd=ROOT, capture_output=True, text=True).stdout
    programs = [t for t in targets if f"/{t}:" in known or known.startswith(f"{t}:")]
    if run(["ninja", "-C", build, *programs], 900) != 0:
        return "compiler"
    for room in rooms:
        for kind in ("unit", "golden"):
            program = f"{build}/src/penfield/{room}/penfield_{room.replace('/', '_')}_{kind}_test"
            if (ROOT / program).exists() and (code := run([program], 240)) != 0:
                return "time limit" if code == "time" else f"{room} {kind}"
    return "SURVIVED"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="+")
    parser.add_argument("--number", type=int, default=10, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    n_survived = 0
    for given in options.rooms:
        room, _, further = given.partition("=")
        tests = [room, *filter(None, further.split(","))]
        sources = [p for p in sorted((ROOT / "src/penfield" / room).glob("*.cc")) if not p.name.endswith("_test.cc")]
        places = [(path, place) for path in sources for place in places_in(path)]
        if fate(options.build, tests) != "SURVIVED":
            sys.exit(f"the tests of {room} fail before any change")
        for path, (number, start, end, replacement) in random.Random(options.seed).sample(places, min(options.number, len(places))):
            text = path.read_text()
            lines = text.splitlines(keepends=True)
            before = lines[number]
            lines[number] = before[:start] + replacement + before[end:]
            path.write_text("".join(lines))
            try:
                result = fate(options.build, tests)
            finally:
                path.write_text(text)
            n_survived += result == "SURVIVED"
            print(f"{result}\t{path.relative_to(ROOT / 'src/penfield')}:{number + 1}\t{before.strip()}\t{replacement.strip()}", flush=True)
        fate(options.build, tests)  # the build folder is as it was
    sys.exit(1 if n_survived else 0)


if __name__ == "__main__":
    main()
