"""Types, stubs and help, as users and their editors see them."""

import importlib.util
import inspect
import pathlib
import pydoc
import subprocess
import sys

import pytest

import penfield

ROOT = pathlib.Path(__file__).resolve().parents[3]

CLIENT = """
import penfield

table: penfield.Table = penfield.associate([[1.0, 2.0]], [1], correction="bh", n_threads=2)
rows: int = len(table)
result: penfield.Result = penfield.scan("m", "t.txt", "proper-noun", output="r", budget=1000, force=True, match=["length"])
names: list[str] = result.heatmap_units
page: str = result.report()
values, tokens = penfield.activations("m", ["a.txt", "b.txt"], site="mlp.pre", layers=[1, 2])
labels: penfield.Table = penfield.label("m", "t.txt", pieces="all")
ids: list[list[int]] = penfield.tokenize("m", "t.txt")
"""
WRONG = """
import penfield

penfield.associate([[1.0]], [1], correction="bonferoni")
penfield.scan("m", "t.txt", budgett=1)
"""


def check(tool, tmp_path, text):
    file = tmp_path / "client.py"
    file.write_text(text)
    where = ["--pythonpath", sys.executable] if tool[0] == "pyright" else []
    command = [sys.executable, "-m", *tool, *where, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)


@pytest.mark.parametrize("tool", [("mypy", "--strict"), ("pyright",)], ids=["mypy", "pyright"])
def test_clients_are_checked(tool, tmp_path):
    pytest.importorskip(tool[0])
    right = check(tool, tmp_path, CLIENT)
    assert right.returncode == 0, right.stdout + right.stderr
    wrong = check(tool, tmp_path, WRONG)
    assert wrong.returncode != 0 and "client.py:4" in wrong.stdout and "client.py:5" in wrong.stdout, wrong.stdout


def test_the_package_itself_is_strict(tmp_path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "-p", "penfield"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_it_is_marked_as_typed():
    folder = pathlib.Path(penfield.__file__).parent
    assert (folder / "py.typed").exists() and (folder / "_penfield.pyi").exists()


def test_keyword_arguments_are_the_programs_flags():
    spec = importlib.util.spec_from_file_location("options", ROOT / "tools" / "make_python_options.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert pathlib.Path(module.FILE).read_text() == module.render(), "run tools/make_python_options.py"


@pytest.mark.parametrize("name", [name for name in penfield.__all__ if callable(getattr(penfield, name))])
def test_everything_has_help(name):
    assert inspect.getdoc(getattr(penfield, name))


def test_help_is_a_page():
    page = pydoc.plain(pydoc.render_doc(penfield.associate))
    for part in ("Parameters", "Returns", "Raises", "Notes", "Examples", "[samples, units]", "log-odds", "DeLong"):
        assert part in page


def test_help_fits_a_terminal():
    for name in penfield.__all__:
        item = getattr(penfield, name)
        if not callable(item):
            continue
        members = [each for part, each in vars(item).items() if part[0] != "_"] if inspect.isclass(item) else []
        for each, indent in ((item, 4), *((member, 8) for member in members)):
            for line in (inspect.getdoc(each) or "").splitlines():
                assert len(line) <= 80 - indent, f"{name}: {line}"
