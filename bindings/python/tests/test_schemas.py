"""The JSON of the commands against docs/schemas."""

import importlib.util

import pytest
from conftest import ROOT, find_program


def test_the_commands_json_is_described(monkeypatch, capsys):
    pytest.importorskip("jsonschema")
    if find_program() is None:
        pytest.skip("the program is not built; set PENFIELD_PROGRAM")
    spec = importlib.util.spec_from_file_location("check_schemas", ROOT / "tools" / "check_schemas.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr("sys.argv", ["check_schemas.py", find_program()])
    assert module.main() == 0, capsys.readouterr().out
