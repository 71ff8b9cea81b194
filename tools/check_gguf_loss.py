#!/usr/bin/python3
"""Checks what Penfield computes with GGUF models against transformers on the same dequantised weights, in float32 with eager
attention: the loss of the next token in nats, window by window.

  tools/check_gguf_loss.py MODEL_LOSS TEXT FILE… [--windows 20] [--length 1024]
                           (MODEL_LOSS: the program build/tools/model_loss)
  tools/check_gguf_loss.py --loss-command build/penfield TEXT FILE… [--bos auto|always|never] [--windows 20] [--length 1024]

The second form checks `penfield loss` itself, and so its windows and its BOS token: the ids are those of `penfield tokenize`,
and transformers is given BOS and the length - 1 ids that follow, window after window, where the file's metadata (or --bos) say so.
It compares the mean of all windows.

The weights are dequantised by the package gguf; what llama.cpp's converter changed is undone here (rows of q and k in the
architecture llama, the one added to gemma's norms). Prints the largest difference of a window; exits with 1 where one is above
1e-4. Token ids are made from the file's own vocabulary by plain merging, and are the same for both. Needs gguf, torch,
transformers, tokenizers.
"""
import argparse, json, subprocess, sys, tempfile
import numpy as np, torch, transformers
from gguf import GGUFReader
from gguf.quants import dequantize

NAMES = {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
         "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
         "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
         "ffn_down": "mlp.down_proj"}
NORMS = {"llama": {"ffn_norm": "post_attention_layernorm"},
         "gemma3": {"post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
                    "post_ffw_norm": "post_feedforward_layernorm"}}


def config_of(kind, get, vocab_size):
    common = dict(vocab_size=vocab_size, hidden_size=get("embedding_length"), intermediate_size=get("feed_forward_length"),
                  num_hidden_layers=get("block_count"), num_attention_heads=get("attention.head_count"),
                  num_key_value_heads=get("attention.head_count_kv"), rms_norm_eps=get("attention.layer_norm_rms_epsilon"),
                  max_position_embeddings=get("context_length"), tie_word_embeddings=True)
    if kind == "llama":
        return transformers.LlamaConfig(**common, rope_parameters={"rope_type": "default", "rope_theta": get("rope.freq_base")})
    return transformers.Gemma3TextConfig(
        **common, head_dim=get("attention.key_length"), query_pre_attn_scalar=get("attention.key_length"),
        sliding_window=get("attention.sliding_window"),
        layer_types=["full_attention" if (i + 1) % 6 == 0 else "sliding_attention" for i in range(get("block_count"))],
        rope_parameters={"full_attention": {"rope_type": "default", "rope_theta": get("rope.freq_base")},
                         "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}})


def state_of(reader, kind, config):
    out = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32))
        parts = tensor.name.split(".")
        if parts[0] != "blk":
            out[{"token_embd": "model.embed_tokens.weight", "output_norm": "model.norm.weight"}[parts[0]]] = values
        else:
            name = NAMES.get(parts[2]) or NORMS[kind][parts[2]]
            if kind == "llama" and parts[2] in ("attn_q", "attn_k"):
                heads = config.num_attention_heads if parts[2] == "attn_q" else config.num_key_value_heads
                values = values.reshape(heads, -1, 2, values.shape[1]).transpose(1, 2).reshape(values.shape)
            out[f"model.layers.{parts[1]}.{name}.weight"] = values
        if kind == "gemma3" and "norm" in tensor.name:
            key = next(reversed(out))
            out[key] = out[key] - 1
    return out


def byte_level_ids(text, fields):
    from tokenizers import Tokenizer, models, pre_tokenizers
    vocabulary = {t: i for i, t in enumerate(fields["tokenizer.ggml.tokens"].contents())}
    merges = [tuple(m.split(" ", 1)) for m in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer.encode(text).ids


def sentencepiece_ids(text, fields, begin):
    """Merges the pair of the highest score first, a line at a time."""
    tokens, scores = (fields[f"tokenizer.ggml.{name}"].contents() for name in ("tokens", "scores"))
    ids = {t: i for i, t in enumerate(tokens)}
    out = [begin]
    for line in text.splitlines(keepends=True):
        pieces = list(line.replace(" ", "\u2581"))
        while True:
            pairs = [(scores[ids[a + b]], -i) for i, (a, b) in enumerate(zip(pieces, pieces[1:])) if a + b in ids]
            if not pairs:
                break
            at = -max(pairs)[1]
            pieces[at:at + 2] = [pieces[at] + pieces[at + 1]]
        for piece in pieces:
            out += [ids[piece]] if piece in ids else [ids[f"<0x{b:02X}>"] for b in piece.encode()]
    return out


def windows_of(text, fields, kind, n, length):
    part = text[: n * length * 8]
    begin = fields["tokenizer.ggml.bos_token_id"].contents()
    ids = byte_level_ids(part, fields) if kind == "llama" else sentencepiece_ids(part, fields, begin)
    assert len(ids) >= n * length
    return np.array(ids[: n * length], dtype="<u4")


def bos_of(fields, policy):
    """The BOS token that the metadata ask for, as llama.cpp reads them."""
    by_default = fields["tokenizer.ggml.model"].contents() == "llama"
    adds = fields["tokenizer.ggml.add_bos_token"].contents() if "tokenizer.ggml.add_bos_token" in fields else by_default
    return fields["tokenizer.ggml.bos_token_id"].contents() if policy == "always" or (policy == "auto" and adds) else None


def check_command(path, args, model, fields):
    bos = bos_of(fields, args.bos)
    printed = subprocess.run([args.program, "tokenize", "-m", path, "-t", args.text, "-q"], check=True, capture_output=True, text=True)
    ids = [int(i) for i in printed.stdout.split()]
    flags = ["--joined", "--windows", str(args.windows), "--window", str(args.length), "--bos", args.bos, "--format", "json", "-q"]
    printed = subprocess.run([args.program, "loss", "-m", path, "-t", args.text, *flags], check=True, capture_output=True, text=True)
    ours = json.loads(printed.stdout)
    n = args.length - (bos is not None)
    total = n_predicted = 0
    with torch.no_grad():
        for w in range(args.windows):
            window = torch.tensor(([] if bos is None else [bos]) + ids[w * n:(w + 1) * n])
            assert len(window) == args.length
            logits = model(window[None]).logits[0, :-1]
            total += sum(torch.nn.functional.cross_entropy(part.double(), want, reduction="sum").item()
                         for part, want in zip(logits.split(128), window[1:].split(128)))
            n_predicted += args.length - 1
    theirs = total / n_predicted
    assert ours["n_tokens"] == n_predicted and ours["n_windows"] == args.windows, ours
    print(f"{path}: penfield loss --bos {args.bos} (BOS {bos}), {args.windows} windows of {args.length}: "
          f"{ours['nats_per_token']:.6f} nats a token, {theirs:.6f} in transformers {transformers.__version__} with torch "
          f"{torch.__version__}; difference {abs(ours['nats_per_token'] - theirs):.2e}")
    return abs(ours["nats_per_token"] - theirs) <= 1e-4


def check(path, args, text):
    reader = GGUFReader(path)
    kind = reader.fields["general.architecture"].contents()
    get = lambda name: reader.fields[f"{kind}.{name}"].contents()
    config = config_of(kind, get, int(next(t for t in reader.tensors if t.name == "token_embd.weight").shape[1]))
    config._attn_implementation = "eager"
    kinds = {"llama": transformers.LlamaForCausalLM, "gemma3": transformers.Gemma3ForCausalLM}
    model = kinds[kind](config).float().eval()
    missing, unexpected = model.load_state_dict(state_of(reader, kind, config), strict=False)
    assert set(missing) <= {"lm_head.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    if args.loss_command:
        return check_command(path, args, model, reader.fields)
    ids = windows_of(text, reader.fields, kind, args.windows, args.length)
    with tempfile.NamedTemporaryFile() as file:
        ids.tofile(file)
        file.flush()
        printed = subprocess.run([args.program, path, file.name, str(args.length)], check=True, capture_output=True, text=True)
    ours = np.array([float(line) for line in printed.stdout.split()])
    theirs = []
    with torch.no_grad():
        for window in ids.reshape(args.windows, args.length).astype(np.int64):
            window = torch.from_numpy(window)[None]
            logits = model(window).logits[0, :-1].double()
            theirs.append(torch.nn.functional.cross_entropy(logits, window[0, 1:]).item())
    largest = np.abs(ours - theirs).max()
    print(f"{path}: {args.windows} windows of {args.length}: {ours.mean():.6f} nats a token here, {np.mean(theirs):.6f} in "
          f"transformers {transformers.__version__}; largest difference of a window {largest:.2e}")
    return largest <= 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loss-command", action="store_true", help="PROGRAM is penfield, whose command loss is checked")
    parser.add_argument("--bos", choices=("auto", "always", "never"), default="auto", help="with --loss-command")
    parser.add_argument("program")
    parser.add_argument("text")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--windows", type=int, default=20)
    parser.add_argument("--length", type=int, default=1024)
    args = parser.parse_args()
    with open(args.text, encoding="utf-8") as file:
        text = file.read()
    sys.exit(not all([check(path, args, text) for path in args.files]))


if __name__ == "__main__":
    main()
