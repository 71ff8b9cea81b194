"""scan, load, activations, label, tokenize and concepts against the program."""

import json
import os
import signal
import subprocess
import sys

import pytest

import penfield

MODEL, TEXT = penfield.demo_model(), penfield.demo_text()


def test_a_scan_is_the_programs(program, tmp_path, result):
    program("scan", "-m", MODEL, "-t", TEXT, "-c", "proper-noun", "--budget", 8000, "-o", tmp_path / "r", "-q")
    for name in ("units.tsv", "samples.tsv", "windows.tsv", "heatmaps.npy"):
        assert (tmp_path / "r" / name).read_bytes() == open(os.path.join(result.folder, name), "rb").read()


def test_tables_are_the_folders(result):
    for name in ("units", "samples", "windows"):
        with open(os.path.join(result.folder, f"{name}.tsv"), "rb") as file:
            assert getattr(result, name).to_tsv() == file.read()


def test_load_reads_what_scan_wrote(result):
    again = penfield.load(result.folder)
    assert again.units.to_tsv() == result.units.to_tsv()
    assert again.run["options"]["budget"] in ("8000", 8000)
    assert again.headline == result.headline and len(again.headline) > 0


def test_top_units_have_cards_and_heatmaps(result):
    np = pytest.importorskip("numpy")
    top = result.top(5)
    assert len(top) == 5 and set(top["unit"]) <= set(result.units["unit"])
    unit = top["unit"][0]
    assert unit in result.card(unit)
    heat = result.heatmap(result.heatmap_units[0])
    values = np.load(os.path.join(result.folder, "heatmaps.npy"))
    assert np.array_equal(heat.values, values[0]) and len(heat) == len(heat.tokens)
    assert "<span" in heat._repr_html_()
    with pytest.raises(ValueError, match="L99"):
        result.heatmap("L99.1")
    with pytest.raises(ValueError):
        result.card("no unit")


def test_figures_and_the_report(program, result):
    figure = result.plot("funnel", theme="dark")
    assert str(figure).encode() == program("plot", result.folder, "funnel", "-o", "-", "--theme", "dark")
    assert figure._repr_svg_().lstrip().startswith("<?xml") or "<svg" in figure[:200]
    page = result.report()
    assert page.encode() == program("report", result.folder, "-o", "-")
    assert "srcdoc" in page._repr_html_()
    with pytest.raises(ValueError, match="funnel"):
        result.plot("funel")


def test_a_notebook_shows_the_headline(result):
    page = result._repr_html_()
    assert page.count("<tr>") == 11 and result.top(1)["unit"][0] in page


def test_a_result_without_a_folder_goes_with_the_object():
    result = penfield.scan(MODEL, TEXT, "capital", budget=4000, layers=1)
    folder = result.folder
    assert os.path.exists(folder) and len(result.units) > 0
    del result
    assert not os.path.exists(folder)


def test_activations_have_a_row_a_token(program, tmp_path):
    np = pytest.importorskip("numpy")
    values, tokens = penfield.activations(MODEL, TEXT, layers=[0, 2], rows=30)
    program("activations", "-m", MODEL, "-t", TEXT, "--layers", "0,2", "--rows", 30, "-o", tmp_path / "x.npy", "-q")
    assert np.array_equal(values, np.load(tmp_path / "x.npy"))
    assert len(tokens) == len(values) and tokens.columns == ["document", "position", "token_id", "token"]


def test_labels_are_the_programs(program):
    table = penfield.label(MODEL, TEXT, "proper-noun", rows=30)
    assert table.to_tsv() == program("label", "-m", MODEL, "-t", TEXT, "-c", "proper-noun", "--rows", 30, "--format", "tsv")


def test_tokens_are_the_programs(program):
    ids = penfield.tokenize(MODEL, TEXT, rows=30)
    printed = program("tokenize", "-m", MODEL, "-t", TEXT, "--rows", 30).decode()
    assert ids == [[int(token) for token in line.split()] for line in printed.splitlines()]


def test_concepts_are_the_programs(program):
    listed = penfield.concepts()
    assert listed == json.loads(program("concepts", "--format", "json"))["concepts"]
    assert "proper-noun" in [concept["name"] for concept in listed]


def test_its_own_labels_and_activations_join(result):
    np = pytest.importorskip("numpy")
    values, _ = penfield.activations(MODEL, TEXT, layers=2, rows=60)
    y = penfield.label(MODEL, TEXT, "proper-noun", rows=60)["label"]
    assert len(penfield.associate(values, np.asarray(y))) == values.shape[1]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: penfield.load("nowhere"), penfield.BadInput, "nowhere"),
        (lambda: penfield.scan(MODEL, "nowhere.txt"), FileNotFoundError, "nowhere.txt"),
        (lambda: penfield.scan(MODEL, TEXT, layers="99"), ValueError, "99"),
        (lambda: penfield.scan(MODEL, TEXT, budgett=1), ValueError, "--budget"),
        (lambda: penfield.scan(MODEL, TEXT, dry_run=True), ValueError, "--dry-run"),
        (lambda: penfield.scan(MODEL, TEXT, part="1/2"), ValueError, "penfield join"),
        (lambda: penfield.scan(MODEL, TEXT, "no-such-concept"), ValueError, "no-such-concept"),
        (lambda: penfield.label(MODEL, []), ValueError, "text"),
        (lambda: penfield.tokenize(os.path.dirname(TEXT), TEXT), penfield.BadInput, ""),
    ],
)
def test_errors(call, kind, words):
    with pytest.raises(kind) as raised:
        call()
    assert words in str(raised.value) and "\n" not in str(raised.value)


def test_recorded_activations_need_no_model(tmp_path, result, program):
    np = pytest.importorskip("numpy")
    values, tokens = penfield.activations(MODEL, TEXT, layers=[1, 2], rows=120, window=128)
    np.save(tmp_path / "mlp.pre.L1-2.npy", values)
    program("activations", "-m", MODEL, "-t", TEXT, "--layers", "1-2", "--rows", 120, "--window", 128, "-q",
            "-o", tmp_path / "unused.npy", "--tokens", tmp_path / "tokens.tsv")
    (tmp_path / "unused.npy").unlink()
    recorded = penfield.scan(activations=tmp_path, window=128)
    scanned = penfield.scan(MODEL, TEXT, layers="1-2", rows=120, window=128)
    assert recorded.units.to_tsv() == scanned.units.to_tsv()
    with pytest.raises(ValueError, match="model"):
        penfield.scan(concept="proper-noun")
    with pytest.raises(ValueError, match="activations"):
        penfield.scan(MODEL, TEXT, activations=tmp_path)


STOPPED = """
import os, signal, sys, threading, time
import penfield
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores SIGINT
started = []
def progress(stage, done, total, unit):
    if not started and done >= 1:
        started.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
try:
    penfield.scan(penfield.demo_model(), penfield.demo_text(), output=sys.argv[1], progress=progress, n_threads=1, spill="f32")
    print("whole")
except KeyboardInterrupt:
    print("stopped", time.monotonic() - started[0])
"""


def test_ctrl_c_leaves_what_the_same_call_goes_on_from(tmp_path):
    # Activations on disk, as of a scan beyond memory: what is in memory alone goes with the process.
    folder = tmp_path / "result"
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    word, seconds = done.stdout.split()
    assert word == "stopped" and float(seconds) < 1
    assert not (folder / "run.json").exists() and any(folder.iterdir())
    resumed = penfield.scan(MODEL, TEXT, output=folder, spill="f32")
    whole = penfield.scan(MODEL, TEXT, output=tmp_path / "whole")
    assert resumed.units.to_tsv() == whole.units.to_tsv()


def test_signals_stay_pythons():
    before = signal.getsignal(signal.SIGINT)
    penfield.concepts()
    assert signal.getsignal(signal.SIGINT) is before
