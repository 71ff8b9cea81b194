"""Every script of examples/python runs from top to bottom where its packages are installed."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "examples" / "python"
NEEDS = {
    "ten_lines": [],
    "results": ["pandas", "polars", "duckdb", "pyarrow"],
    "memory_map": ["numpy"],
    "sae_features": ["torch", "sae_lens"],
    "transformers_hooks": ["torch", "transformers"],
    "transformer_lens_cache": ["torch", "transformer_lens.model_bridge"],
    "nnsight_trace": ["torch", "nnsight", "transformers"],
    "neurox_data": ["numpy"],
}
SAYS = {
    "ten_lines": "on unseen words, at least",
    "results": "DuckDB, the median area",
    "memory_map": "neuron 7: AUC",
    "sae_features": "fires on",
    "transformers_hooks": "by word",
    "transformer_lens_cache": "neurons are significant",
    "nnsight_trace": "neurons are significant",
    "neurox_data": "by word",
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


def test_the_readme_goes_from_a_question_to_a_table_and_a_picture(tmp_path):
    np = pytest.importorskip("numpy")
    [block] = re.findall(r"^```python\n(.*?)^```", (FOLDER.parents[1] / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    np.savez(tmp_path / "given.npz", X=np.random.default_rng(0).normal(size=(80, 9)).astype(np.float32), y=np.arange(80) % 2)
    code = "import numpy as np\nX, y = np.load('given.npz').values()\n" + block + "\nprint(len(units))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^L\d+\.\d+ 0\.\d+$", done.stdout, re.MULTILINE)) == 5 and done.stdout.endswith("\n9\n")
    assert "<svg" in (tmp_path / "funnel.svg").read_text()


@pytest.mark.parametrize("ending", ["json", "hdf5"])
def test_what_neurox_writes_is_read(ending, tmp_path):
    """NeuroX's own writer, and its labels: the column that has the effect is the first that the script names."""
    pytest.importorskip("h5py")
    np = pytest.importorskip("numpy")
    writer = pytest.importorskip("neurox.data.writer").ActivationsWriter.get_writer(str(tmp_path / f"acts.{ending}"))
    rng = np.random.default_rng(3)
    words, labels = [], []
    for i, n in enumerate(rng.integers(2, 9, size=60)):
        y = rng.random(n) < 0.4
        values = rng.standard_normal((2, n, 5)).astype(np.float32)  # [layers, words, units]
        values[1, :, 3] += 3 * y
        words.append([f"word{k}" for k in rng.integers(0, 100, size=n)])
        labels.append(["NOUN" if each else "O" for each in y])
        writer.write_activations(i, words[-1], values)
    writer.close()
    for name, rows in (("words.txt", words), ("labels.txt", labels)):
        (tmp_path / name).write_text("".join(" ".join(row) + "\n" for row in rows))
    paths = [str(tmp_path / name) for name in (f"acts.{ending}", "words.txt", "labels.txt")]
    done = subprocess.run([sys.executable, str(FOLDER / "neurox_data.py"), *paths, "NOUN"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("column 8: AUC 0.9")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    for package in ("nbconvert", "ipykernel", "numpy"):
        pytest.importorskip(package)
    shutil.copy(path, tmp_path / "given.ipynb")  # it runs where it lies, and writes there
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--output", path.name, "given.ipynb"]
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
    network = transformers.AutoModelForCausalLM.from_pretrained(model).float().eval()
    seen = []
    network.transformer.h[1].mlp.c_fc.register_forward_hook(lambda *call: seen.append(call[2][0].detach()))
    ids = torch.tensor(tokens["token_id"][tokens["document"] == 0][:64].tolist())
    with torch.no_grad():
        network(ids[None])
    assert np.abs(values[: len(ids)] - np.array(seen[0].tolist())).max() < 1e-3
