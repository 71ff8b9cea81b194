"""Time and memory of a scan over more and more windows: memory must depend on the model, not on the text.

    scale.py MODEL TEXT WINDOWS... [--threads N] [flags of scan]

Runs `penfield scan --spill f32` with so many windows of each split and prints, for each: windows of both, wall and
processor seconds, processor seconds a million tokens, peak memory (resident, as the system counts it), and what went to
disk meanwhile. TEXT must have two times the most windows.
"""
import argparse
import json
import os
import shutil
import tempfile
import time

PENFIELD = os.path.join(os.path.dirname(__file__), "..", "build", "penfield")


def scan(model, text, n_windows, threads, further, folder):
    """Wall seconds, processor seconds and peak bytes of one scan, and its run.json."""
    out = os.path.join(folder, str(n_windows))
    arguments = [PENFIELD, "scan", "-q", "-m", model, "-t", text, "-o", out, "--spill", "f32",
                 "--discovery", str(n_windows), "--held-out", str(n_windows), "-j", str(threads), *further]
    start = time.perf_counter()
    child = os.posix_spawn(PENFIELD, arguments, os.environ,
                           file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"scale.py: the scan of {n_windows} windows failed")
    with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
        run = json.load(file)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("text")
    parser.add_argument("windows", type=int, nargs="+")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options, further = parser.parse_known_args()
    folder = tempfile.mkdtemp(prefix="penfield-scale-")
    try:
        print("windows\twall s\tprocessor s\tprocessor s a million tokens\tpeak MB\twritten MB")
        for n_windows in options.windows:
            wall, processor, peak, run = scan(options.model, options.text, n_windows, options.threads,
                                             further, folder)
            counts = run["counts"]
            n_tokens = counts["discovery"]["n_tokens"] + counts["held_out"]["n_tokens"]
            n_run = counts["discovery"]["n_windows"] + counts["held_out"]["n_windows"]
            written = sum(stage["bytes_written"] for stage in run["stages"])
            print(f"{n_run}\t{wall:.2f}\t{processor:.2f}\t{1e6 * processor / n_tokens:.1f}\t{peak / 1e6:.1f}"
                  f"\t{written / 1e6:.0f}", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
