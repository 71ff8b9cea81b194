"""Ctrl-C at moments spread over long work: $PENFIELD_MOMENTS of each, by default 2."""

import os
import subprocess
import sys

import pytest

import penfield

pytest.importorskip("numpy")

N_MOMENTS = int(os.environ.get("PENFIELD_MOMENTS", "2"))

# WORK FOLDER SECONDS: after so many seconds the signal is sent; 0: never. Prints how it ended, and after how long.
CHILD = """
import os, signal, sys, threading, time
import penfield
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores SIGINT
work, folder, wait = sys.argv[1], sys.argv[2], float(sys.argv[3])
if work == "associate":
    import numpy as np
    rng = np.random.default_rng(0)
    x, y = rng.random((2000, 200000), dtype=np.float32), np.arange(2000) % 2
    run = lambda: penfield.associate(x, y)
else:
    nulls = ["labels", "types", "lists", "weights", "init", "rotation"]
    run = lambda: penfield.scan(penfield.demo_model(), penfield.demo_text(), output=folder, spill="f32", null=nulls,
                                null_runs=1, permutations=1000, budget=20000)
sent = []
def send():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
timer = threading.Timer(wait, send)
if wait:
    timer.start()
start = time.monotonic()
try:
    run()
    timer.cancel()
    print("whole", time.monotonic() - start)
except KeyboardInterrupt:
    print("stopped", time.monotonic() - sent[0])
"""


def run(work, folder, wait):
    command = [sys.executable, "-c", CHILD, work, str(folder), str(wait)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stderr
    word, seconds = done.stdout.split()
    return word, float(seconds)


@pytest.mark.parametrize("work", ["scan", "associate"])
def test_ctrl_c_ends_it_within_a_second_at_any_moment(work, tmp_path):
    word, length = run(work, tmp_path / "whole", 0)
    assert word == "whole"
    delays, stopped = [], []
    for i in range(N_MOMENTS):
        folder = tmp_path / f"moment-{i}"
        word, seconds = run(work, folder, (i + 0.5) / N_MOMENTS * length)
        if word == "whole":  # it was faster than the first run
            continue
        delays.append(seconds)
        stopped.append(folder)
        assert not (folder / "run.json").exists()
    print(work, f"of {length:.1f} s; stopped after", *(f"{1000 * each:.0f}" for each in sorted(delays)), "ms")
    assert len(delays) >= N_MOMENTS / 2 and max(delays) < 1
    if work == "scan":
        # What the last one left is gone on from, and gives the same.
        assert run(work, stopped[-1], 0)[0] == "whole"
        continued, whole = (penfield.load(folder).units.to_tsv() for folder in (stopped[-1], tmp_path / "whole"))
        assert continued == whole
