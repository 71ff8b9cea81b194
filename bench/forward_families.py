#!/usr/bin/env python3
"""One window through a model of every family: Penfield beside PyTorch, with the same weights and tokens.

    bench/forward_families.py build/bench/forward_bench [FAMILY…] [--tokens 1024] [--threads 2] [--repeats 3] [--width 768]

Makes a random checkpoint of each family with transformers (six layers, widths in the family's own proportions), runs
forward_bench on it, then transformers' forward pass without the output matrix (eager attention, float32 and bfloat16), where hooks
keep what forward_bench taps: the default site of every layer. Both give the sum over layers of the last token's first unit; it exits
with 1 where they differ in float32 by more than 1e-4 of the sum of the absolute values. Times are the least of the repeats, in processor seconds as
well, for a machine that others use. Prints a table in Markdown. Needs torch, transformers, safetensors.
"""
import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
import transformers

VOCABULARY = 4096
N_LAYERS = 6


def configurations(width):
    heads = width // 64
    gated = {"hidden_size": width, "intermediate_size": width * 8 // 3 // 64 * 64, "num_attention_heads": heads,
             "num_key_value_heads": heads // 3, "num_hidden_layers": N_LAYERS, "max_position_embeddings": 4096,
             "vocab_size": VOCABULARY, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
    plain = {**gated, "intermediate_size": 4 * width}
    gpt2 = {"n_embd": width, "n_layer": N_LAYERS, "n_head": heads, "n_positions": 1024, "vocab_size": VOCABULARY}
    return {
        "gpt2": gpt2,
        "gpt_neo": {**plain, "num_layers": N_LAYERS, "num_heads": heads,
                    "attention_types": [[["global", "local"], N_LAYERS // 2]], "window_size": 256},
        "gpt_neox": {**plain, "rotary_pct": 0.25},
        "opt": {**plain, "ffn_dim": 4 * width, "word_embed_proj_dim": width},
        "llama": gated,
        "mistral": {**gated, "sliding_window": 512},
        "qwen2": gated,
        "qwen3": {**gated, "head_dim": 128},
        "gemma2": {**gated, "head_dim": 128, "sliding_window": 512, "query_pre_attn_scalar": 128},
        "gemma3_text": {**gated, "head_dim": 128, "sliding_window": 512, "query_pre_attn_scalar": 128},
        "olmo2": gated,
        "smollm3": gated,
        "phi3": gated,
    }


def make_model(family, config, folder):
    torch.manual_seed(1)
    model = transformers.AutoModelForCausalLM.from_config(
        transformers.AutoConfig.for_model(family, **config), attn_implementation="eager").eval()
    for name, parameter in model.named_parameters():
        is_norm = "norm" in name or ".ln_" in name
        torch.nn.init.normal_(parameter.data, 0, 0.05 if is_norm or parameter.dim() == 1 else parameter.shape[-1] ** -0.5)
        if is_norm and name.endswith("weight") and "gemma" not in family:
            parameter.data += 1
    model.tie_weights()
    model.save_pretrained(folder)
    return model.base_model


class Peer:
    """The forward pass of transformers that keeps the default site of every layer."""

    def __init__(self, base):
        self.base, self.kept = base, []
        for layer in getattr(base, "layers", None) or getattr(base, "h", None) or base.decoder.layers:
            mlp = getattr(layer, "mlp", layer)
            down = next(m for n in ("down_proj", "c_proj", "dense_4h_to_h", "fc2") if (m := getattr(mlp, n, None)))
            pre = next((m for n in ("c_fc", "dense_h_to_4h", "fc1") if (m := getattr(mlp, n, None))), None)
            if pre is None:  # gated: what the last product reads
                down.register_forward_pre_hook(lambda module, inputs: self.kept.append(inputs[0].detach()))
            else:
                pre.register_forward_hook(lambda module, inputs, output: self.kept.append(output.detach()))

    def time(self, ids, repeats):
        best = (float("inf"), float("inf"))
        for _ in range(repeats):
            self.kept.clear()
            wall, processor = time.perf_counter(), time.process_time()
            with torch.no_grad():
                self.base(ids[None], use_cache=False)
            best = (min(best[0], time.perf_counter() - wall), min(best[1], time.process_time() - processor))
        return best

    def difference(self, checksum):
        values = [kept.reshape(-1, kept.shape[-1])[-1, 0].double().item() for kept in self.kept]
        return abs(sum(values) - checksum) / sum(map(abs, values))


def of_bench(args, folder, ids):
    call = [args.forward_bench, folder, ids, str(args.threads), str(args.repeats)]
    text = subprocess.run(list(map(str, call)), capture_output=True, text=True, check=True).stdout
    windows = re.findall(r"window: ([\d.]+) s, ([\d.]+) s of processor; .*? (\d+) GFLOP/s.*checksum (\S+)\)", text)
    sgemm = re.search(r"forward / best sgemm: ([\d.]+), ([\d.]+) of processor", text)
    return [(float(w), float(p), float(rate), float(check)) for w, p, rate, check in windows], tuple(map(float, sgemm.groups()))


def row(args, family, config):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = make_model(family, config, folder / "model")
        ids = torch.randint(VOCABULARY, (args.tokens,), generator=torch.Generator().manual_seed(2))
        (folder / "ids.txt").write_text(" ".join(map(str, ids.tolist())))
        (f32, bf16), sgemm = of_bench(args, folder / "model", folder / "ids.txt")
        peer = Peer(base)
        torch_f32 = peer.time(ids, args.repeats)
        difference = peer.difference(f32[3])
        peer.base.to(torch.bfloat16)
        torch_bf16 = peer.time(ids, args.repeats)
    print(f"| {family} | {f32[0]:.3f} ({f32[1]:.3f}) | {f32[2]:.0f} | {sgemm[0]:.2f} ({sgemm[1]:.2f}) "
          f"| {torch_f32[0] / f32[0]:.2f} ({torch_f32[1] / f32[1]:.2f}) | {bf16[0]:.3f} ({bf16[1]:.3f}) "
          f"| {torch_bf16[0] / bf16[0]:.2f} ({torch_bf16[1] / bf16[1]:.2f}) | {difference:.0e} |", flush=True)
    return difference <= 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("forward_bench")
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    parser.add_argument("--tokens", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--width", type=int, default=768)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    print(f"{N_LAYERS} layers of width {args.width}, {args.tokens} tokens, {args.threads} threads; torch {torch.__version__}, "
          f"transformers {transformers.__version__}; in brackets: of processor time\n")
    print("| family | float32, s | GFLOP/s | / best sgemm | PyTorch / ours | bfloat16, s | PyTorch / ours | difference |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    good = [row(args, family, config) for family, config in configurations(args.width).items()
            if not args.families or family in args.families]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
