"""The study's notebook, step by step: what a whole scan is compared with, on the same machine in the same run.

    peers.py notebook MODEL LABELS [--units N]   PyTorch over two windows, then statsmodels for every unit
             [--check X.npy LAYER]               and what `penfield activations` wrote of a layer, beside PyTorch's

Prints `name<TAB>value<TAB>unit` lines. statsmodels is timed on some units and extrapolated to all, because it takes minutes.
"""
import argparse
import csv
import json
import time
import warnings

T_START = time.perf_counter()
import numpy as np  # noqa: E402  (the imports are part of what is timed)


def say(name, value, unit):
    print(f"{name}\t{value:.4g}\t{unit}", flush=True)


def statsmodels_seconds(x, y):
    """Seconds of a fit, as the notebook does it: one Logit a column; one that raises counts as done."""
    import statsmodels.api as sm

    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for column in x.T:
            try:
                sm.Logit(y, sm.add_constant(column)).fit(disp=0)
            except Exception:  # separation raises, and the notebook swallows it
                pass
    return (time.perf_counter() - start) / x.shape[1]


def load(path):
    import torch

    with open(f"{path}/model.safetensors", "rb") as file:
        n = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(n))
    data = np.memmap(f"{path}/model.safetensors", np.uint8, "r", 8 + n)
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "F16": np.float16}
    return {name: torch.from_numpy(data[slice(*t["data_offsets"])].view(kinds[t["dtype"]]).astype(np.float32).reshape(t["shape"]))
            for name, t in header.items()}


def forward(torch, weights, config, ids):
    """mlp.pre of every layer, [layers, tokens, units]."""
    norm = torch.nn.functional.layer_norm
    width, heads, n = config["n_embd"], config["n_head"], len(ids)
    x = weights["wte.weight"][ids] + weights["wpe.weight"][:n]
    mask = torch.full((n, n), float("-inf")).triu(1)
    out = []
    for layer in range(config["n_layer"]):
        def w(name):
            return weights[f"h.{layer}.{name}"]
        h = torch.addmm(w("attn.c_attn.bias"), norm(x, (width,), w("ln_1.weight"), w("ln_1.bias")), w("attn.c_attn.weight"))
        q, k, v = (part.view(n, heads, -1).transpose(0, 1) for part in h.split(width, 1))
        scores = (q @ k.transpose(1, 2)) / (width // heads) ** 0.5 + mask
        h = (scores.softmax(-1) @ v).transpose(0, 1).reshape(n, width)
        x = x + torch.addmm(w("attn.c_proj.bias"), h, w("attn.c_proj.weight"))
        h = torch.addmm(w("mlp.c_fc.bias"), norm(x, (width,), w("ln_2.weight"), w("ln_2.bias")), w("mlp.c_fc.weight"))
        out.append(h)
        h = 0.5 * h * (1 + torch.tanh(0.7978845608028654 * (h + 0.044715 * h**3)))
        x = x + torch.addmm(w("mlp.c_proj.bias"), h, w("mlp.c_proj.weight"))
    return torch.stack(out).numpy()


def check(theirs, ours, window):
    """The largest difference of a layer's activations, as a share of their root mean square; too large a one ends the run."""
    ours = ours[window * len(theirs):(window + 1) * len(theirs)]
    if ours.shape != theirs.shape:
        raise SystemExit(f"peers.py: window {window} has shape {ours.shape} in the file, {theirs.shape} here")
    difference = np.abs(ours - theirs).max() / np.sqrt(np.square(theirs, dtype=np.float64).mean())
    say(f"largest difference from PyTorch, window {window}", difference, "of the root mean square")
    if difference > 1e-3:
        raise SystemExit("peers.py: these are not the same activations")


def notebook(args):
    import torch
    import statsmodels.api  # noqa: F401

    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    with open(f"{args.model}/config.json") as file:
        config = json.load(file)
    weights = load(args.model)
    ready = time.perf_counter() - T_START
    say("PyTorch, import and load", ready, "s")
    with open(args.labels) as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    length, total = config["n_positions"], ready
    for window in range(2):
        part = rows[window * length:(window + 1) * length]
        ids = torch.tensor([int(row["token_id"]) for row in part])
        start = time.perf_counter()
        activations = forward(torch, weights, config, ids)
        seconds = time.perf_counter() - start
        say(f"PyTorch, window {window}", seconds, "s")
        if args.check:
            check(activations[int(args.check[1])], np.load(args.check[0], mmap_mode="r"), window)
        label = np.array([row["label"] == "1" for row in part])
        targets = np.flatnonzero(label)
        others = np.random.default_rng(window).choice(np.flatnonzero(~label), len(targets), replace=False)
        x = activations[:, np.concatenate([targets, others])]
        y = np.repeat([1.0, 0.0], len(targets))
        a_fit = statsmodels_seconds(x[x.shape[0] // 2, :, :args.units], y)
        n_units = x.shape[0] * x.shape[2]
        say(f"statsmodels, {n_units} fits of window {window}", a_fit * n_units, "s")
        total += seconds + a_fit * n_units
    say("notebook, end to end", total, "s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("notebook")
    command.add_argument("model")
    command.add_argument("labels")
    command.add_argument("--units", type=int, default=300)
    command.add_argument("--threads", type=int, default=2)
    command.add_argument("--check", nargs=2, metavar=("FILE", "LAYER"))
    command.set_defaults(run=notebook)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
