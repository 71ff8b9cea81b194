"""What the tests share: the program beside the module, and data."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def find_program():
    for path in (os.environ.get("PENFIELD_PROGRAM"), ROOT / "build" / "penfield", shutil.which("penfield")):
        if path and os.access(path, os.X_OK):
            return str(path)
    return None


@pytest.fixture(scope="session")
def program():
    """Runs the program; gives its standard output as bytes."""
    path = find_program()
    if path is None:
        pytest.skip("the program is not built; set PENFIELD_PROGRAM")

    # What is loaded into Python, such as a sanitizer, is not for the program.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}

    def run(*arguments):
        done = subprocess.run([path, *map(str, arguments)], capture_output=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


@pytest.fixture(scope="session")
def data():
    """[200, 90] float32 with effects, 0/1 labels, and what goes with them."""
    np = pytest.importorskip("numpy")
    rng = np.random.default_rng(7)
    y = (rng.random(200) < 0.45).astype(np.uint8)
    x = rng.normal(size=(200, 90)).astype(np.float32)
    x[:, 3] += y
    x[:, 40] -= 0.7 * y
    x[:, 5] = 1.5
    x[:, 6] = y  # separates
    return {
        "x": x,
        "y": y,
        "covariates": rng.normal(size=(200, 2)),
        "cluster": rng.integers(0, 40, size=200),
        "groups": rng.integers(0, 9, size=200),
    }


@pytest.fixture(scope="session")
def result(tmp_path_factory):
    """A scan of the bundled model and text."""
    import penfield

    folder = tmp_path_factory.mktemp("scan") / "result"
    return penfield.scan(penfield.demo_model(), penfield.demo_text(), output=folder, budget=8000, n_threads=2)
