#!/usr/bin/env python3
"""Makes tests/golden/model: small GPT-2 checkpoints and what they compute, in float64, by the formulas alone.

  <case>/config.json, *.safetensors   a random model of an odd shape (not for the case `demo`, which is models/demo)
  <case>/expected.json                token ids; the rows (positions) that are kept; for each site and layer where its
                                      values begin in expected.npy, its columns, and max|a| over all positions
  <case>/expected.npy                 float32, one array after the other, [kept rows, kept columns] each
  <case>/losses.npy                   float64 [n_tokens - 1], -log P(next token) in nats

The weights are rounded to the type in which they are stored before anything is computed from them, so the only
difference between these values and Penfield's is the arithmetic. The reference is plain torch, every step in float64.

Run from the source folder: /usr/bin/python3 tools/make_model_goldens.py (needs numpy, torch, regex; a few seconds).
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, "tools/demo-model")
from bpe import Encoder

OUT = Path("tests/golden/model")
SITES = ["mlp.pre", "mlp.post", "attn.q", "attn.k", "attn.v"]
TORCH_TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}

# Every case has a shape that no vector width divides, and one thing that a careless reader gets wrong.
CASES = {
    "f32": dict(n_embd=48, n_layer=3, n_head=4, n_positions=40, vocab_size=300, dtype="F32", n_tokens=40, seed=1),
    "f16-shards": dict(n_embd=40, n_layer=2, n_head=5, n_positions=33, vocab_size=150, n_inner=72, dtype="F16",
                       n_tokens=31, seed=2, prefix="transformer.", buffers=True, shards=3),
    "bf16-erf": dict(n_embd=40, n_layer=2, n_head=5, n_positions=33, vocab_size=150, n_inner=72, dtype="BF16",
                     n_tokens=31, seed=3, activation_function="gelu", scale_attn_by_inverse_layer_idx=True),
    "f32-relu": dict(n_embd=18, n_layer=2, n_head=2, n_positions=20, vocab_size=64, n_inner=7, dtype="F32",
                     n_tokens=19, seed=4, activation_function="relu", scale_attn_weights=False,
                     layer_norm_epsilon=1e-3, tie_word_embeddings=False, unaligned=True),
}

# Written for this file.
DEMO_TEXT = """ = The Lamp of Farrow Hill =

In the spring of 1871 the harbour council of Farrow Hill asked Margaret Ellis to build a new lamp. She had studied in
London and Paris, and her brother Thomas had sailed twice to the coast of Norway. The old lamp, said the council, could
not be seen in fog. " Give me four men and a good horse, " she wrote to the mayor, Mr. Henry Caldwell, " and you shall
have it before the winter. " The work was slow: rain fell for most of June, and in July the horse died. By September the
tower stood sixty feet high. On the first night of October the lamp was lit, and the captain of the Swallow, who was
nine miles out, took it for the moon. The lamp burned for forty years. When Ellis died in 1909 the fishermen of the town
carried her coffin up the hill, and the bishop of Durham spoke of the light that she had left behind her.
"""


# --- the model, step by step -----------------------------------------------------------------------------------------
def layer_norm(x, gain, shift, epsilon):
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt((centred ** 2).mean(-1, keepdim=True) + epsilon) * gain + shift


def activation(name, x):
    if name == "gelu_new":
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    if name == "gelu":
        return 0.5 * x * torch.erfc(-x / math.sqrt(2))
    assert name == "relu"
    return x.clamp(min=0)


def causal_attention(q, k, v, n_head, scale):
    n_tokens, width = q.shape
    q, k, v = (part.reshape(n_tokens, n_head, width // n_head).transpose(0, 1) for part in (q, k, v))
    scores = q @ k.transpose(1, 2) * scale
    later = torch.ones(n_tokens, n_tokens).triu(1).bool()
    weights = torch.softmax(scores.masked_fill(later, -math.inf), -1)
    return (weights @ v).transpose(0, 1).reshape(n_tokens, width)


def run(config, weights, tokens):
    """{(site, layer): [n_tokens, n_units]} and the losses, float64."""
    w = {name: tensor.double() for name, tensor in weights.items()}
    epsilon, width = config.get("layer_norm_epsilon", 1e-5), config["n_embd"]
    taps = {}
    x = w["wte.weight"][tokens] + w["wpe.weight"][:len(tokens)]
    for layer in range(config["n_layer"]):
        h = {name[len(f"h.{layer}."):]: t for name, t in w.items() if name.startswith(f"h.{layer}.")}
        norm = layer_norm(x, h["ln_1.weight"], h["ln_1.bias"], epsilon)
        q, k, v = (norm @ h["attn.c_attn.weight"] + h["attn.c_attn.bias"]).split(width, -1)
        taps["attn.q", layer], taps["attn.k", layer], taps["attn.v", layer] = q, k, v
        scale = 1 / math.sqrt(width // config["n_head"]) if config.get("scale_attn_weights", True) else 1
        if config.get("scale_attn_by_inverse_layer_idx"):
            scale /= layer + 1
        heads = causal_attention(q, k, v, config["n_head"], scale)
        x = x + heads @ h["attn.c_proj.weight"] + h["attn.c_proj.bias"]
        norm = layer_norm(x, h["ln_2.weight"], h["ln_2.bias"], epsilon)
        pre = norm @ h["mlp.c_fc.weight"] + h["mlp.c_fc.bias"]
        post = activation(config.get("activation_function", "gelu_new"), pre)
        taps["mlp.pre", layer], taps["mlp.post", layer] = pre, post
        x = x + post @ h["mlp.c_proj.weight"] + h["mlp.c_proj.bias"]
    x = layer_norm(x, w["ln_f.weight"], w["ln_f.bias"], epsilon)
    logits = x @ w["wte.weight" if config.get("tie_word_embeddings", True) else "lm_head.weight"].T
    losses = (torch.logsumexp(logits, -1)[:-1] - logits[:-1].gather(1, torch.tensor(tokens[1:])[:, None])[:, 0])
    return taps, losses


# --- checkpoints -----------------------------------------------------------------------------------------------------
def random_weights(config, seed):
    generator = torch.Generator().manual_seed(seed)
    width, inner = config["n_embd"], config.get("n_inner") or 4 * config["n_embd"]

    def normal(*shape, sd):
        return torch.randn(*shape, generator=generator, dtype=torch.float64) * sd

    weights = {"wte.weight": normal(config["vocab_size"], width, sd=0.5),
               "wpe.weight": normal(config["n_positions"], width, sd=0.2)}
    # As in the real models: a few coordinates far from all others, and a first position unlike the rest.
    weights["wpe.weight"][:, 3] += 20
    weights["wpe.weight"][0, 5] += 60
    for layer in range(config["n_layer"]):
        h = f"h.{layer}."
        for norm in ("ln_1", "ln_2"):
            weights[h + norm + ".weight"] = 1 + normal(width, sd=0.3)
            weights[h + norm + ".bias"] = normal(width, sd=0.3)
        for name, rows, cols in (("attn.c_attn", width, 3 * width), ("attn.c_proj", width, width),
                                 ("mlp.c_fc", width, inner), ("mlp.c_proj", inner, width)):
            weights[h + name + ".weight"] = normal(rows, cols, sd=1.5 / math.sqrt(rows))
            weights[h + name + ".bias"] = normal(cols, sd=0.3)
    weights["ln_f.weight"] = 1 + normal(width, sd=0.3)
    weights["ln_f.bias"] = normal(width, sd=0.3)
    if not config.get("tie_word_embeddings", True):
        weights["lm_head.weight"] = normal(config["vocab_size"], width, sd=0.5)
    return weights


def to_bytes(tensor):
    if tensor.dtype == torch.bfloat16:  # NumPy has no such type
        return tensor.view(torch.int16).numpy().tobytes()
    return tensor.numpy().tobytes()


def save_safetensors(path, tensors, dtype, shift_bytes=0):
    """tensors: {name: (type name, tensor)}. shift_bytes: data begin so many bytes off a multiple of 8."""
    header, data = {}, b""
    for name, (kind, tensor) in tensors.items():
        raw = to_bytes(tensor)
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8 + shift_bytes)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def save_checkpoint(folder, config, case, weights):
    prefix, dtype = case.get("prefix", ""), case["dtype"]
    named = {name if name.startswith("lm_head") else prefix + name: (dtype, tensor) for name, tensor in weights.items()}
    if case.get("buffers"):  # what old checkpoints carry along; bool here, so that it cannot be read as weights
        for layer in range(config["n_layer"]):
            n = config["n_positions"]
            mask = torch.ones(n, n).tril().to(torch.uint8).reshape(1, 1, n, n)
            named[f"{prefix}h.{layer}.attn.bias"] = ("U8", mask)
            named[f"{prefix}h.{layer}.attn.masked_bias"] = ("F32", torch.tensor(-10000.0))
    n_shards = case.get("shards", 1)
    if n_shards == 1:
        save_safetensors(folder / "model.safetensors", named, dtype, shift_bytes=2 if case.get("unaligned") else 0)
        return
    names = list(named)
    index = {"metadata": {"total_size": sum(len(to_bytes(t)) for _, t in named.values())}, "weight_map": {}}
    for shard in range(n_shards):
        file = f"model-{shard + 1:05d}-of-{n_shards:05d}.safetensors"
        part = {name: named[name] for name in names[shard::n_shards]}
        save_safetensors(folder / file, part, dtype)
        index["weight_map"].update({name: file for name in part})
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))


def load_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    kinds = {"F32": np.float32, "F16": np.float16}
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).copy()
        tensors[name] = torch.from_numpy(values).reshape(entry["shape"])
    return {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}


# --- what is kept ----------------------------------------------------------------------------------------------------
def save_expected(folder, tokens, taps, losses, rows, column_step):
    arrays, index, offset = [], [], 0
    for (site, layer), values in sorted(taps.items(), key=lambda item: (SITES.index(item[0][0]), item[0][1])):
        first = layer % column_step  # each layer its own columns
        kept = values[rows][:, first::column_step].float().numpy()
        index.append({"site": site, "layer": layer, "offset": offset, "first_column": first,
                      "column_step": column_step, "n_columns": kept.shape[1], "max_abs": values.abs().max().item()})
        arrays.append(kept.ravel())
        offset += kept.size
    expected = {"tokens": tokens, "rows": rows, "arrays": index}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    np.save(folder / "expected.npy", np.concatenate(arrays))
    np.save(folder / "losses.npy", losses.numpy())


def make_random_case(name, case):
    keys = ["n_embd", "n_layer", "n_head", "n_positions", "vocab_size", "n_inner", "activation_function",
            "scale_attn_weights", "scale_attn_by_inverse_layer_idx", "layer_norm_epsilon", "tie_word_embeddings"]
    config = {"model_type": "gpt2", **{key: case[key] for key in keys if key in case}}
    weights = {key: tensor.to(TORCH_TYPES[case["dtype"]])
               for key, tensor in random_weights(config, case["seed"]).items()}
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_checkpoint(folder, config, case, weights)
    generator = torch.Generator().manual_seed(case["seed"] + 100)
    tokens = torch.randint(config["vocab_size"], (case["n_tokens"],), generator=generator).tolist()
    taps, losses = run(config, weights, tokens)
    save_expected(folder, tokens, taps, losses, list(range(len(tokens))), 1)


def make_demo_case():
    folder = OUT / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads(Path("models/demo/config.json").read_text())
    tokens = Encoder("models/demo")(DEMO_TEXT)[:config["n_positions"]]
    assert len(tokens) >= 200
    taps, losses = run(config, load_safetensors(Path("models/demo/model.safetensors")), tokens)
    rows = [0, 1, 2] + list(range(9, len(tokens) - 1, 23)) + [len(tokens) - 1]
    save_expected(folder, tokens, taps, losses, rows, 2)
    print(f"demo: {len(tokens)} tokens, {len(rows)} kept, mean loss {losses.mean():.4f}")


def main():
    torch.set_num_threads(1)
    for name, case in CASES.items():
        make_random_case(name, case)
    make_demo_case()
    (OUT / "README.md").write_text(f"""# Goldens of the forward pass

Made by `tools/make_model_goldens.py`; its head says what each file holds. Python {sys.version.split()[0]}, NumPy {np.__version__},
torch {torch.__version__} on the CPU, float64. `demo` is the bundled model over a text written for this purpose, every
second column and every 23rd row.
""")


main()
