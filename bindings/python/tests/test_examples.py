"""Every script of examples/python runs from top to bottom where its packages are installed."""

import json
import pathlib
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "examples" / "python"
NEEDS = {
    "ten_lines": [],
    "results": ["pandas", "polars", "duckdb", "pyarrow"],
    "memory_map": ["numpy"],
    "sae_features": ["numpy"],
    "transformers_hooks": ["torch", "transformers"],
    "transformer_lens_cache": ["torch", "transformer_lens.model_bridge"],
    "nnsight_trace": ["torch", "nnsight", "transformers"],
}
SAYS = {
    "ten_lines": "on unseen words, at least",
    "results": "DuckDB, the median area",
    "memory_map": "neuron 7: AUC",
    "sae_features": "fires on",
    "transformers_hooks": "by word",
    "transformer_lens_cache": "neurons are significant",
    "nnsight_trace": "neurons are significant",
}


def test_every_script_is_listed():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(NEEDS)


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_it_runs(name, tmp_path):
    for package in NEEDS[name]:
        pytest.importorskip(package)
    command = [sys.executable, str(FOLDER / f"{name}.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=600)
    assert done.returncode == 0, done.stderr
    assert SAYS[name] in done.stdout


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    for package in ("nbconvert", "ipykernel", "numpy"):
        pytest.importorskip(package)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", str(tmp_path), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=600)
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / path.name).read_text())["cells"]
    assert all(cell["outputs"] for cell in cells if cell["cell_type"] == "code"), "every cell shows something"


def test_a_page_of_hooks_finds_what_penfield_finds():
    """The hooks' activations are those of penfield.activations, so the tables are near each other too."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    np = pytest.importorskip("numpy")
    import penfield

    model, text = penfield.demo_model(), penfield.demo_text()
    values, tokens = penfield.activations(model, text, site="mlp.pre", layers=1, rows=5, window=64)
    network = transformers.AutoModelForCausalLM.from_pretrained(model).eval()
    seen = []
    network.transformer.h[1].mlp.c_fc.register_forward_hook(lambda *call: seen.append(call[2][0].detach()))
    ids = torch.tensor(tokens["token_id"][tokens["document"] == 0][:64].tolist())
    with torch.no_grad():
        network(ids[None])
    assert np.abs(values[: len(ids)] - np.array(seen[0].tolist())).max() < 1e-3
