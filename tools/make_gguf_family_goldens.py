"""The goldens of families (tests/golden/families) as GGUF files -> tests/golden/gguf/FAMILY.gguf

Written by the package `gguf`, with its names of keys and tensors; what llama.cpp's converter changes of values is done here
(rows of q and k in the architecture llama, rotary divisors of Llama 3, the one added to gemma's norms, GPT-NeoX's fused matrix
laid out anew, GPT-2's matrices transposed). What a model computes stays the same, so that the expected activations are those
of the family's golden. Families whose golden asks for what GGUF cannot say (windows in qwen2, qwen3, smollm3) are left out.

Usage: python tools/make_gguf_family_goldens.py   (from the source folder; needs gguf, numpy, torch, safetensors)
"""
import importlib.metadata
import json
import math
from pathlib import Path

import gguf
import numpy as np
from safetensors.torch import load_file

ARCHITECTURES = {"gpt2": "gpt2", "gpt_neox": "gptneox", "gpt_neox-sequential": "gptneox", "llama": "llama",
                 "llama-linear": "llama", "mistral": "llama", "gemma2": "gemma2", "gemma3_text": "gemma3",
                 "olmo2": "olmo2", "phi3": "phi3"}
SKIPPED = (".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", "rotary_emb.inv_freq")


def first(config, *names, otherwise=None):
    return next((config[name] for name in names if config.get(name) is not None), otherwise)


def add_keys(writer, architecture, config):
    width, heads = first(config, "hidden_size", "n_embd"), first(config, "num_attention_heads", "n_head")
    head = config.get("head_dim", width // heads)
    writer.add_context_length(first(config, "max_position_embeddings", "n_positions"))
    writer.add_embedding_length(width)
    writer.add_block_count(first(config, "num_hidden_layers", "n_layer"))
    writer.add_feed_forward_length(first(config, "intermediate_size", "n_inner"))
    writer.add_head_count(heads)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if architecture in ("gpt2", "gptneox"):
        writer.add_layer_norm_eps(first(config, "layer_norm_eps", "layer_norm_epsilon", otherwise=1e-5))
    else:
        writer.add_head_count_kv(first(config, "num_key_value_heads", otherwise=heads))
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_key_length(head)
        writer.add_value_length(head)
        writer.add_rope_freq_base(float(first(config, "rope_theta", otherwise=rope.get("rope_theta", 10000.0))))
    if architecture == "gptneox":
        writer.add_rope_dimension_count(int(head * first(config, "rotary_pct", otherwise=rope.get("partial_rotary_factor", 0.25))))
        writer.add_rope_freq_base(float(first(config, "rotary_emb_base", otherwise=rope.get("rope_theta", 10000))))
        writer.add_parallel_residual(config["use_parallel_residual"])
    if architecture == "phi3":
        writer.add_rope_dimension_count(int(head * config["partial_rotary_factor"]))
    if first(rope, "rope_type", "type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
    if architecture.startswith("gemma"):
        writer.add_attention_scale(config["query_pre_attn_scalar"] ** -0.5)
    if architecture == "gemma2":
        writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
        writer.add_final_logit_softcapping(config["final_logit_softcapping"])
    if architecture == "gemma3":
        writer.add_float32("gemma3.rope.freq_base_swa", config["rope_local_base_freq"])
        writer.add_uint32("gemma3.attention.sliding_window_pattern", config["sliding_window_pattern"])


def llama3_divisors(config):
    """What transformers' _compute_llama3_parameters divides each frequency by."""
    scaling, head = config["rope_scaling"], config["head_dim"]
    out = []
    for j in range(head // 2):
        wave = 2 * math.pi * config["rope_theta"] ** (2 * j / head)
        at = scaling["original_max_position_embeddings"] / wave
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        smooth = min(max((at - low) / (high - low), 0), 1)
        out.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
    return np.array(out, np.float32)


def rotary_pairs(values, heads):
    """The two dimensions of a head that turn together, side by side."""
    return values.reshape(heads, 2, -1, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def query_key_value(values, heads):
    """[head: q, k, v] -> [q of all heads, k, v]"""
    return values.reshape(heads, 3, -1, *values.shape[1:]).swapaxes(0, 1).reshape(values.shape)


def changed(name, values, architecture, config):
    heads = first(config, "num_attention_heads", "n_head")
    kv_heads = first(config, "num_key_value_heads", otherwise=heads)
    if architecture == "llama" and ".q_proj." in name:
        return rotary_pairs(values, heads)
    if architecture == "llama" and ".k_proj." in name:
        return rotary_pairs(values, kv_heads)
    if architecture == "gptneox" and ".query_key_value." in name:
        return query_key_value(values, heads)
    if architecture == "gpt2" and values.ndim == 2 and ".h." in "." + name:
        return values.T
    if architecture.startswith("gemma") and name.endswith("norm.weight"):
        return values + 1
    return values


def write(family, architecture):
    source = Path("tests/golden/families") / family
    config = json.loads((source / "config.json").read_text())
    writer = gguf.GGUFWriter(f"tests/golden/gguf/{family}.gguf", architecture)
    writer.add_string("golden.made_with", f"gguf {importlib.metadata.version('gguf')}, numpy {np.__version__}")
    add_keys(writer, architecture, config)
    kind = next(k for k, v in gguf.MODEL_ARCH_NAMES.items() if v == architecture)
    names = gguf.get_tensor_name_map(kind, first(config, "num_hidden_layers", "n_layer"))
    for name, tensor in load_file(source / "model.safetensors").items():
        if name.endswith(SKIPPED):
            continue
        values = changed(name, tensor.float().numpy(), architecture, config)
        found = names.get_name(name, try_suffixes=(".weight", ".bias")) or names.get_name(
            f"transformer.{name}", try_suffixes=(".weight", ".bias"))
        assert found, name
        writer.add_tensor(found, np.ascontiguousarray(values, np.float32))
    if family == "llama":
        writer.add_tensor("rope_freqs.weight", llama3_divisors(config))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    for family, architecture in ARCHITECTURES.items():
        write(family, architecture)
