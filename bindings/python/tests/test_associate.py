"""penfield.associate against the program, in every form of array."""

import subprocess
import sys
import threading

import pytest

import penfield

np = pytest.importorskip("numpy")


def program_table(program, tmp_path, x, y, *flags, **files):
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    for name, values in files.items():
        np.save(tmp_path / f"{name}.npy", values)
        flags += (f"--{name}", tmp_path / f"{name}.npy")
    return program("associate", tmp_path / "x.npy", tmp_path / "y.npy", "-q", *flags)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool"])
@pytest.mark.parametrize("form", ["C", "F", "strided", "reversed", "read-only"])
def test_bytes_are_the_programs(program, tmp_path, data, dtype, form):
    x = (data["x"] * (1 if dtype.startswith("float") else 3)).astype(dtype)
    given = {
        "C": lambda: np.ascontiguousarray(x),
        "F": lambda: np.asfortranarray(x),
        "strided": lambda: np.repeat(np.repeat(x, 2, axis=0), 3, axis=1)[::2, ::3],
        "reversed": lambda: np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1],
        "read-only": lambda: np.frombuffer(x.tobytes(), dtype=dtype).reshape(x.shape),
    }[form]()
    assert (given == x).all()
    assert penfield.associate(given, data["y"]).to_tsv() == program_table(program, tmp_path, x, data["y"])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "bool"])
def test_a_tensor_of_a_safetensors_file_is_an_array(tmp_path, data, dtype):
    library = pytest.importorskip("safetensors.numpy")
    x = np.ascontiguousarray(data["x"].astype(dtype))
    path = tmp_path / "x.safetensors"
    library.save_file({"acts": x, "other": data["covariates"]}, path)
    assert penfield.associate(path, data["y"], tensor="acts").to_tsv() == penfield.associate(x, data["y"]).to_tsv()
    for wrong in (lambda: penfield.associate(path, data["y"]), lambda: penfield.associate(path, data["y"], tensor="x"),
                  lambda: penfield.associate(x, data["y"], tensor="acts")):
        with pytest.raises(ValueError, match="tensor"):
            wrong()


def test_the_library_reads_activations_as_safetensors(program, tmp_path):
    library = pytest.importorskip("safetensors.numpy")
    model, text = penfield.demo_model(), penfield.demo_text()
    program("activations", "-m", model, "-t", text, "--rows", 5, "--layers", "1-2", "-q", "-o", tmp_path / "x.safetensors")
    values, _ = penfield.activations(model, text, layers="1-2", rows=5)
    read = library.load_file(tmp_path / "x.safetensors")
    assert list(read) == ["mlp.pre.L1-2"] and np.array_equal(read["mlp.pre.L1-2"], values)


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_options_are_the_programs(program, tmp_path, data, n_threads):
    table = penfield.associate(
        data["x"], data["y"], data["covariates"], data["cluster"], correction="bh", test="wald", intervals="profile",
        firth="always", alpha=0.01, n_threads=n_threads,
    )
    expected = program_table(
        program, tmp_path, data["x"], data["y"], "--correction", "bh", "--test", "wald", "--intervals", "profile",
        "--firth", "always", "--alpha", "0.01", covariates=data["covariates"], cluster=data["cluster"],
    )
    assert table.to_tsv() == expected


def test_permutations_are_the_programs(program, tmp_path, data):
    table = penfield.associate(
        data["x"], data["y"], groups=data["groups"], correction="maxt", permutations=400, seed=3, maxt="single-step"
    )
    expected = program_table(
        program, tmp_path, data["x"], data["y"], "--correction", "maxt", "--permutations", "400", "--seed", "3",
        "--maxt", "single-step", strata=data["groups"],
    )
    assert table.to_tsv() == expected


def test_a_file_is_read_as_the_program_reads_it(program, tmp_path, data):
    expected = program_table(program, tmp_path, data["x"], data["y"])
    assert penfield.associate(tmp_path / "x.npy", data["y"]).to_tsv() == expected
    assert penfield.associate(np.load(tmp_path / "x.npy", mmap_mode="r"), data["y"]).to_tsv() == expected


def test_strings_name_groups(data):
    words = np.array([f"word {i:03d}" for i in data["cluster"]])
    with_words = penfield.associate(data["x"], data["y"], cluster=words)
    assert with_words.to_tsv() == penfield.associate(data["x"], data["y"], cluster=data["cluster"]).to_tsv()
    assert penfield.associate(data["x"], data["y"], cluster=list(words)).to_tsv() == with_words.to_tsv()


def test_lists_and_buffers_are_arrays(data):
    expected = penfield.associate(data["x"].astype(float), data["y"]).to_tsv()
    assert penfield.associate(data["x"].astype(float).tolist(), data["y"].tolist()).to_tsv() == expected
    assert penfield.associate(memoryview(data["x"].astype(float)), data["y"].astype(bool)).to_tsv() == expected


def test_frames_are_arrays(data):
    expected = penfield.associate(data["x"], data["y"]).to_tsv()
    pandas = pytest.importorskip("pandas")
    assert penfield.associate(pandas.DataFrame(data["x"]), pandas.Series(data["y"])).to_tsv() == expected


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("transposed", [False, True])
def test_torch_tensors(data, dtype, transposed):
    torch = pytest.importorskip("torch")
    x = torch.tensor(data["x"].tolist()).to(getattr(torch, dtype))
    expected = penfield.associate(np.array(x.double().tolist(), dtype="float64" if dtype == "float64" else "float32"),
                                  data["y"])
    given = x.t().contiguous().t() if transposed else x
    assert penfield.associate(given, torch.tensor(data["y"].tolist())).to_tsv() == expected.to_tsv()
    assert penfield.associate(given.requires_grad_(), data["y"]).to_tsv() == expected.to_tsv()


def test_bfloat16_of_ml_dtypes(data):
    bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
    x = data["x"].astype(bfloat16)
    expected = penfield.associate(x.astype(np.float32), data["y"])
    assert penfield.associate(x, data["y"]).to_tsv() == expected.to_tsv()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"X": np.zeros(5)}, penfield.BadInput, "it is [samples, units]"),
        ({"X": np.zeros((200, 3), dtype=complex)}, penfield.BadInput, "complex"),
        ({"X": np.array([["a"] * 3] * 200)}, penfield.BadInput, "X: "),
        ({"X": object()}, penfield.BadInput, "X: object"),
        ({"X": [[1, 2], [3]]}, ValueError, "different lengths"),
        ({"X": "nowhere.npy"}, FileNotFoundError, "nowhere.npy"),
        ({"y": np.zeros(3)}, penfield.BadInput, "3 labels"),
        ({"y": np.full(200, 2)}, penfield.BadInput, "labels are 0 or 1"),
        ({"y": np.zeros(200)}, penfield.BadInput, "both groups need samples"),
        ({"covariates": np.zeros((7, 2))}, penfield.BadInput, "covariates: "),
        ({"covariates": np.full((200, 1), np.nan)}, penfield.BadInput, "covariates"),
        ({"cluster": np.full(200, 0.5)}, penfield.BadInput, "whole numbers"),
        ({"cluster": np.zeros(200)}, penfield.BadInput, "one cluster"),
        ({"correction": "bonferoni"}, ValueError, "bonferroni"),
        ({"alpha": 2}, ValueError, "alpha"),
        ({"groups": np.zeros(200)}, ValueError, "--strata"),
        ({"memory": "1M"}, MemoryError, "need at least"),
        ({"n_threads": 0}, ValueError, "threads"),
    ],
)
def test_errors_are_pythons_with_the_programs_line(data, change, kind, words):
    arguments = {"X": data["x"], "y": data["y"], **change}
    with pytest.raises(kind) as raised:
        penfield.associate(**arguments)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_bad_input_is_a_value_error():
    assert issubclass(penfield.BadInput, ValueError)


def test_two_threads_may_call_at_once(data):
    expected = penfield.associate(data["x"], data["y"]).to_tsv()
    found = [b""] * 8

    def call(i):
        for _ in range(5):
            found[i] = penfield.associate(data["x"], data["y"], n_threads=1 + i % 2).to_tsv()

    threads = [threading.Thread(target=call, args=(i,)) for i in range(len(found))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * len(found)


def test_progress_is_told_and_may_stop(data):
    steps = []
    wide = np.tile(data["x"], (1, 800))
    penfield.associate(wide, data["y"], intervals="profile", progress=lambda *step: steps.append(step))
    assert steps and all(stage == "fit" and 0 < done <= total for stage, done, total, _ in steps)
    assert steps[-1][2:] == (wide.shape[1], "columns")

    class Enough(Exception):
        pass

    def stop(*_):
        raise Enough

    with pytest.raises(Enough):
        penfield.associate(np.tile(wide, (1, 4)), data["y"], intervals="profile", progress=stop)


def test_the_interpreter_runs_on(data):
    wide = np.tile(data["x"], (1, 800))
    n = 0
    done = threading.Event()

    def work():
        penfield.associate(wide, data["y"], intervals="profile")
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        n += 1
    thread.join()
    assert n > 3, "no bytecode ran while the engine worked"


INTERRUPTED = """
import signal, sys, threading, time, os
import numpy as np, penfield
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores SIGINT
rng = np.random.default_rng(0)
x = rng.standard_normal((2000, 20000), dtype=np.float32)
y = rng.integers(0, 2, 2000)
threading.Timer(1.0, lambda: (print("sent", flush=True), os.kill(os.getpid(), signal.SIGINT))).start()
start = time.monotonic()
try:
    penfield.associate(x, y, intervals="profile", correction="maxt", permutations=10000)
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - start - 1.0)
"""


def test_ctrl_c_ends_it_within_a_second():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    sent, interrupted = done.stdout.splitlines()
    assert sent == "sent"
    assert float(interrupted.split()[1]) < 1


LEAK = """
import numpy as np, penfield
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
x = np.random.default_rng(0).normal(size=(40, 16)).astype(np.float32)
y = np.arange(40) % 2
def call():
    table = penfield.associate(x, y)
    table["auc"], table["status"], table.__arrow_c_stream__()
    try:
        penfield.associate(x, y[:3])
    except penfield.BadInput:
        pass
for _ in range(1000):
    call()
before = rss()
for _ in range(10000):
    call()
print((rss() - before) / 2**20)
"""


def test_ten_thousand_calls_leak_nothing():
    done = subprocess.run([sys.executable, "-c", LEAK], capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 4, "MiB more after 10,000 calls"


WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
import array, penfield
x = memoryview(array.array("f", [0, 1, 2, 3, 1, 0, 5, 2, 2, 3, 1, 4])).cast("B").cast("f", shape=[6, 2])
table = penfield.associate(x, [0, 1, 0, 1, 1, 0])
assert list(table["neuron"]) == [0, 1] and table["auc"][0] >= 0, table
assert table["significant"] == [False, False]
assert table._repr_html_().count("<tr>") == 3
print(len(table.to_tsv()))
"""


def test_it_runs_without_numpy():
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
