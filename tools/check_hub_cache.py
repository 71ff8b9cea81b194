#!/usr/bin/env python3
"""Checks that `penfield fetch` and huggingface_hub read each other's cache.

  tools/check_hub_cache.py PENFIELD SERVE_HUB

SERVE_HUB is build/tools/serve_hub, which plays the hub for both of them. What Penfield fetches, huggingface_hub must find with
local_files_only=True, with the same bytes; what huggingface_hub fetches, Penfield must find with --offline; a partial file
of the one is completed by the other; both at once leave one right cache. Needs huggingface_hub (made with 2.4.0). Prints a
line a check; exits with 1 where one fails.
"""
import filecmp, hashlib, os, random, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

PENFIELD, SERVE_HUB = (str(Path(p).resolve()) for p in sys.argv[1:3])
REPOSITORY = "owner/model"
failed = []


def check(name, is_right):
    print(("ok      " if is_right else "FAILED  ") + name)
    if not is_right:
        failed.append(name)


def make_repository(folder):
    rng = random.Random(1)
    folder.mkdir(parents=True)
    shutil.copy(Path(__file__).resolve().parent.parent / "models/demo/config.json", folder / "config.json")
    (folder / "model.safetensors").write_bytes(rng.randbytes(40_000_000))
    (folder / "tokenizer.json").write_bytes(b"{" + b" " * 30_000 + b"}")
    (folder / "vocab.json").write_text('{"a": 0}')
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "README.md").write_text("not needed")
    (folder / "quantised").mkdir()
    (folder / "quantised" / "m.Q8_0.gguf").write_bytes(b"GGUF" + rng.randbytes(50_000))


def penfield(environment, *arguments):
    return subprocess.run([PENFIELD, *arguments], env=environment, capture_output=True, text=True)


def python(environment, code):
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def same_files(repository, snapshot, names):
    return all(filecmp.cmp(repository / name, Path(snapshot) / name, shallow=False) for name in names)


MODEL = ["config.json", "model.safetensors", "tokenizer.json", "vocab.json", "merges.txt"]
SNAPSHOT = f"from huggingface_hub import snapshot_download as s; print(s('{REPOSITORY}', "


def what_penfield_wrote(repository, environment):
    fetched = penfield(environment, "fetch", REPOSITORY)
    check("penfield fetch", fetched.returncode == 0)
    found = python(environment, SNAPSHOT + "local_files_only=True))")
    check("huggingface_hub finds the snapshot", found.stdout == fetched.stdout != "")
    check("with the same bytes", same_files(repository, fetched.stdout.strip(), MODEL))
    one = python(environment, f"from huggingface_hub import hf_hub_download as d; print(d('{REPOSITORY}', 'config.json', "
                              "local_files_only=True))")
    check("and a file of it", one.stdout.strip() == fetched.stdout.strip() + "/config.json")
    scan = python(environment, "from huggingface_hub import scan_cache_dir as s; i = s(); "
                               "print(len(i.warnings), [r.nb_files for r in i.repos], [sorted(v.refs) for r in i.repos "
                               "for v in r.revisions])")
    check("and no fault in the cache", scan.stdout.strip() == "0 [5] [['main']]")
    again = python(environment, SNAPSHOT + f"allow_patterns={MODEL}))")
    blobs = list((Path(environment["HF_HUB_CACHE"]) / "models--owner--model" / "blobs").iterdir())
    check("downloads nothing of it again", again.returncode == 0 and len(blobs) == 5)
    gguf = penfield(environment, "fetch", REPOSITORY + ":quantised/m.Q8_0.gguf")
    found = python(environment, f"from huggingface_hub import hf_hub_download as d; print(d('{REPOSITORY}', "
                                "'quantised/m.Q8_0.gguf', local_files_only=True))")
    check("huggingface_hub finds a GGUF file", found.stdout == gguf.stdout != "")


def what_huggingface_hub_wrote(repository, environment):
    fetched = python(environment, SNAPSHOT + "))")
    check("huggingface_hub downloads", fetched.returncode == 0)
    offline = {**environment, "HF_ENDPOINT": "http://127.0.0.1:9"}
    # The tokenizer holds nothing, so it is the reader that refuses, and the place is the snapshot.
    found = penfield(offline, "tokenize", "--offline", "-m", REPOSITORY)
    check("penfield finds the snapshot", fetched.stdout.strip() in found.stderr)
    again = penfield(environment, "fetch", REPOSITORY, "--format", "json")
    check("downloads nothing of it again", '"n_downloaded_bytes":0' in again.stdout)


def partial_file(repository, environment):
    """Versions of huggingface_hub before 2 leave ETAG.incomplete, and go on with it; so does Penfield."""
    weights = (repository / "model.safetensors").read_bytes()
    blobs = Path(environment["HF_HUB_CACHE"]) / "models--owner--model" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / (hashlib.sha256(weights).hexdigest() + ".incomplete")).write_bytes(weights[:30_000_000])
    fetched = penfield(environment, "fetch", REPOSITORY, "--format", "json")
    check("penfield goes on with a partial file", fetched.returncode == 0 and '"n_downloaded_bytes":100' in fetched.stdout)
    check("to the right bytes", (blobs / hashlib.sha256(weights).hexdigest()).read_bytes() == weights)


def both_at_once(repository, environment):
    runs = [subprocess.Popen([PENFIELD, "fetch", REPOSITORY, "-q"], env=environment, stdout=subprocess.DEVNULL),
            subprocess.Popen([sys.executable, "-c", SNAPSHOT + "))"], env=environment, stdout=subprocess.DEVNULL),
            subprocess.Popen([PENFIELD, "fetch", REPOSITORY, "-q"], env=environment, stdout=subprocess.DEVNULL)]
    check("both at once succeed", [run.wait() for run in runs] == [0, 0, 0])
    snapshot = python(environment, SNAPSHOT + "local_files_only=True))").stdout.strip()
    check("and leave the right bytes", same_files(repository, snapshot, MODEL))


def lock_of_the_other(environment):
    """While the Python package holds the lock of a blob, Penfield waits."""
    cache = Path(environment["HF_HUB_CACHE"])
    weights_etag = next(p.name for p in (cache / "models--owner--model" / "blobs").iterdir() if p.stat().st_size > 1e6)
    (cache / "models--owner--model" / "blobs" / weights_etag).unlink()
    lock = cache / ".locks" / "models--owner--model" / (weights_etag + ".lock")
    holder = subprocess.Popen([sys.executable, "-c", "import sys, time; from huggingface_hub.utils import WeakFileLock as L\n"
                               f"with L('{lock}'):\n print('held', flush=True); time.sleep(3)"],
                              env=environment, stdout=subprocess.PIPE, text=True)
    holder.stdout.readline()
    start = time.time()
    fetched = penfield(environment, "fetch", REPOSITORY)
    check("penfield waits for a lock of filelock", fetched.returncode == 0 and time.time() - start > 2 and
          "waiting for it" in fetched.stderr)
    holder.wait()


def killed_at_random(repository, environment):
    rng = random.Random(7)
    n_killed = 0
    for _ in range(20):
        run = subprocess.Popen([PENFIELD, "fetch", REPOSITORY, "-q"], env=environment, stdout=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.005, 0.25))
        run.send_signal(signal.SIGKILL)
        n_killed += run.wait() == -signal.SIGKILL
    fetched = penfield(environment, "fetch", REPOSITORY)
    check(f"killed at random ({n_killed} of 20 times before its end), it ends with the right bytes",
          fetched.returncode == 0 and same_files(repository, fetched.stdout.strip(), MODEL))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        repository = scratch / "served" / REPOSITORY
        make_repository(repository)
        server = subprocess.Popen([SERVE_HUB, scratch / "served"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        endpoint = server.stdout.readline().strip()

        def surroundings(name):
            cache = scratch / name
            return {"PATH": os.environ["PATH"], "HOME": str(scratch / "home"), "HF_ENDPOINT": endpoint,
                    "HF_HUB_CACHE": str(cache), "HF_HUB_DISABLE_XET": "1"}

        what_penfield_wrote(repository, surroundings("one"))
        what_huggingface_hub_wrote(repository, surroundings("two"))
        partial_file(repository, surroundings("three"))
        both_at_once(repository, surroundings("four"))
        lock_of_the_other(surroundings("four"))
        killed_at_random(repository, surroundings("five"))
        server.stdin.close()
        server.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
