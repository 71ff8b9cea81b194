#!/usr/bin/env python3
"""Goldens of the model families: small random checkpoints, run by transformers in float64 with eager attention.

    python3 tools/make_family_goldens.py [CASE ...]        (from the project's folder; needs torch and transformers)

Every case is a configuration that exercises what a reader can get wrong. tests/golden/families/CASE/ holds
  config.json          as a checkpoint's, in the form of the year that the case says
  model.safetensors    bfloat16; every value is also a float16, so that a test can store the same model in any width
  expected.json        tokens, rows that are kept, and for every site and layer where its values stand in expected.npy
  expected.npy         float32: of every site and layer, the kept rows
  losses.npy           float64: the loss of every token
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import transformers

OUT = Path("tests/golden/families")
SITES = ["mlp.pre", "mlp.up", "mlp.post", "attn.q", "attn.k", "attn.v", "resid.mid", "resid"]
N_TOKENS = 45

LLAMA = {"hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 3, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 64, "vocab_size": 61, "rms_norm_eps": 1e-5}
NEOX = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 2,
        "max_position_embeddings": 64, "vocab_size": 61, "hidden_act": "gelu"}

CASES = {
    "gpt2": {"model_type": "gpt2", "n_embd": 24, "n_layer": 3, "n_head": 3, "n_positions": 64, "vocab_size": 61,
             "n_inner": 40},
    "gpt_neo": {"model_type": "gpt_neo", "hidden_size": 24, "num_layers": 3, "num_heads": 3, "intermediate_size": None,
                "attention_types": [[["global", "local"], 1], [["local"], 1]], "window_size": 7,
                "max_position_embeddings": 64, "vocab_size": 61},
    "gpt_neox": {"model_type": "gpt_neox", **NEOX, "rotary_pct": 0.25, "rotary_emb_base": 1000,
                 "use_parallel_residual": True},
    "gpt_neox-sequential": {"model_type": "gpt_neox", **NEOX, "use_parallel_residual": False, "attention_bias": False,
                            "tie_word_embeddings": True,
                            "rope_parameters": {"rope_type": "default", "rope_theta": 500.0,
                                                "partial_rotary_factor": 0.5}},
    "opt": {"model_type": "opt", "hidden_size": 24, "ffn_dim": 40, "num_hidden_layers": 3, "num_attention_heads": 3,
            "max_position_embeddings": 64, "vocab_size": 61, "word_embed_proj_dim": 24, "activation_function": "relu"},
    "llama": {"model_type": "llama", **LLAMA, "head_dim": 16, "attention_bias": True, "mlp_bias": True,
              "rope_theta": 100.0, "tie_word_embeddings": False,
              "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                               "original_max_position_embeddings": 16}},
    "llama-linear": {"model_type": "llama", **LLAMA, "num_key_value_heads": None, "tie_word_embeddings": True,
                     "rope_parameters": {"rope_type": "linear", "factor": 3.0, "rope_theta": 300.0}},
    "mistral": {"model_type": "mistral", **LLAMA, "head_dim": 8, "sliding_window": 6, "rope_theta": 1000.0},
    "qwen2": {"model_type": "qwen2", **LLAMA, "use_sliding_window": True, "sliding_window": 9, "max_window_layers": 1,
              "tie_word_embeddings": True,
              "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}},
    "qwen3": {"model_type": "qwen3", **LLAMA, "head_dim": 8, "use_sliding_window": True, "sliding_window": 5,
              "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
              "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}},
    "gemma2": {"model_type": "gemma2", **LLAMA, "head_dim": 8, "query_pre_attn_scalar": 6, "sliding_window": 6,
               "attn_logit_softcapping": 2.5, "final_logit_softcapping": 3.0,
               "hidden_activation": "gelu_pytorch_tanh", "hidden_act": "gelu"},
    "gemma3_text": {"model_type": "gemma3_text", **LLAMA, "head_dim": 8, "query_pre_attn_scalar": 5,
                    "sliding_window": 6, "sliding_window_pattern": 3, "rope_theta": 10000.0,
                    "rope_local_base_freq": 100.0, "rope_scaling": {"rope_type": "linear", "factor": 8.0}},
    "gemma3-multimodal": {"model_type": "gemma3", "vision_config": {"model_type": "siglip_vision_model"},
                          "text_config": {"model_type": "gemma3_text", "hidden_size": 24, "intermediate_size": 40,
                                          "num_hidden_layers": 3, "vocab_size": 61, "sliding_window": 6,
                                          "head_dim": 4, "num_key_value_heads": 2, "max_position_embeddings": 64,
                                          "layer_types": ["full_attention", "sliding_attention", "full_attention"],
                                          "rope_parameters": {
                                              "full_attention": {"rope_type": "linear", "factor": 8.0,
                                                                 "rope_theta": 1e6},
                                              "sliding_attention": {"rope_type": "default", "rope_theta": 1e4}}}},
    "olmo2": {"model_type": "olmo2", **LLAMA, "rope_theta": 500.0},
    "smollm3": {"model_type": "smollm3", **LLAMA, "pad_token_id": 0, "no_rope_layers": [1, 0, 1], "rope_theta": 2e6,
                "use_sliding_window": True, "sliding_window": 8},
    "phi3": {"model_type": "phi3", **LLAMA, "partial_rotary_factor": 0.67, "sliding_window": 10, "rope_theta": 1e4,
             "pad_token_id": 0, "tie_word_embeddings": True},
    "phi3-longrope": {"model_type": "phi3", **LLAMA, "max_position_embeddings": 512,
                      "original_max_position_embeddings": 64, "pad_token_id": 0,
                      "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.25, 2.0],
                                       "long_factor": [1.5, 3.0, 9.0]}},
}


def text_config(config):
    """What transformers reads of the configuration, of a multimodal one its text part."""
    fields = config.get("text_config", config)
    return transformers.AutoConfig.for_model(**{k: v for k, v in fields.items()})


def randomise(model, seed):
    """Values that are bfloat16 and float16 alike: 8 bits of mantissa, nothing below 2^-14."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        if "norm" in name or ".ln_" in name:
            offset = 0.0 if name.endswith("bias") or "gemma" in model.config.model_type else 1.0
            values = offset + 0.3 * values
        elif parameter.dim() == 2 and ("embed" in name or "wte" in name or "wpe" in name):
            values = 0.7 * values
        else:
            values = values * (1.5 / parameter.shape[-1] ** 0.5 if parameter.dim() == 2 else 0.3)
        values = values.to(torch.bfloat16).float()
        values[values.abs() < 2.0 ** -14] = 0
        assert torch.equal(values, values.half().float())
        parameter.data = values.double()
    model.tie_weights()


def module_of(layer, names):
    for name in names:
        at = layer
        for part in name.split("."):
            at = getattr(at, part, None)
        if at is not None:
            return at
    return None


class Taps:
    """Outputs of a block's products, and what its last product reads."""

    def __init__(self, model, layers):
        self.values = {}
        config = model.config
        for i, layer in enumerate(layers):
            for site, names in {"attn.q": ["self_attn.q_proj", "attn.attention.q_proj"],
                                "attn.k": ["self_attn.k_proj", "attn.attention.k_proj"],
                                "attn.v": ["self_attn.v_proj", "attn.attention.v_proj"],
                                "mlp.pre": ["mlp.gate_proj", "mlp.c_fc", "mlp.dense_h_to_4h", "fc1"],
                                "mlp.up": ["mlp.up_proj"]}.items():
                module = module_of(layer, names)
                if module is not None:
                    module.register_forward_hook(self.output(site, i))
            self.fused(layer, i, config)
            down = module_of(layer, ["mlp.down_proj", "mlp.c_proj", "mlp.dense_4h_to_h", "fc2"])
            down.register_forward_pre_hook(self.input("mlp.post", i))
            if not getattr(config, "use_parallel_residual", False):
                self.first_reader(layer).register_forward_pre_hook(self.input("resid.mid", i))
            layer.register_forward_hook(self.output("resid", i))

    @staticmethod
    def first_reader(layer):
        """What reads the stream first behind attention: the MLP where norms follow its branch, else its norm."""
        if hasattr(layer, "post_feedforward_layernorm") and not hasattr(layer, "pre_feedforward_layernorm"):
            return layer.mlp
        return module_of(layer, ["pre_feedforward_layernorm", "ln_2", "final_layer_norm", "post_attention_layernorm"])

    def keep(self, site, layer, values):
        self.values[site, layer] = values.detach().reshape(-1, values.shape[-1]).clone()

    def output(self, site, layer):
        def hook(module, inputs, output):
            self.keep(site, layer, output[0] if isinstance(output, tuple) else output)
        return hook

    def input(self, site, layer):
        def hook(module, inputs):
            self.keep(site, layer, inputs[0])
        return hook

    def fused(self, layer, i, config):
        """Products that one matrix holds: the parts of its output."""
        def three(parts):
            for site, part in zip(["attn.q", "attn.k", "attn.v"], parts):
                self.keep(site, i, part)
        per_head = module_of(layer, ["attention.query_key_value"])
        side_by_side = module_of(layer, ["attn.c_attn"])
        stacked, gate_up = module_of(layer, ["self_attn.qkv_proj"]), module_of(layer, ["mlp.gate_up_proj"])
        if per_head is not None:
            def split(module, inputs, output):
                heads = output.reshape(output.shape[1], config.num_attention_heads, 3, -1)
                three([heads[:, :, part].reshape(output.shape[1], -1) for part in range(3)])
            per_head.register_forward_hook(split)
        if side_by_side is not None:
            side_by_side.register_forward_hook(lambda m, inputs, output: three(output.chunk(3, -1)))
        if stacked is not None:
            d_head = config.hidden_size // config.num_attention_heads
            sizes = [config.num_attention_heads * d_head] + 2 * [config.num_key_value_heads * d_head]
            stacked.register_forward_hook(lambda m, inputs, output: three(output.split(sizes, -1)))
        if gate_up is not None:
            def halves(module, inputs, output):
                self.keep("mlp.pre", i, output.chunk(2, -1)[0])
                self.keep("mlp.up", i, output.chunk(2, -1)[1])
            gate_up.register_forward_hook(halves)


def save_checkpoint(folder, model, prefix):
    tensors = {}
    for name, parameter in model.named_parameters():  # tied matrices once
        if model.config.model_type == "gpt_neox" and name == "lm_head.weight":
            name = "embed_out.weight"  # as the published checkpoints have it
        name = prefix + name.removeprefix("model.") if prefix and name.startswith("model.") else name
        tensors[name] = parameter.data.to(torch.bfloat16).contiguous()
    if prefix:
        tensors["vision_tower.patch.weight"] = torch.zeros(2, 2, dtype=torch.bfloat16)  # no part of the text model
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.view(torch.int16).numpy().tobytes()
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def make_case(name, config, seed):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    hf = text_config(config)
    model = transformers.AutoModelForCausalLM.from_config(hf, attn_implementation="eager").double().eval()
    randomise(model, seed)
    base = model.base_model
    layers = getattr(base, "layers", None) or getattr(base, "h", None) or base.decoder.layers
    taps = Taps(model, layers)
    generator = torch.Generator().manual_seed(seed + 100)
    tokens = torch.randint(hf.vocab_size, (N_TOKENS,), generator=generator)
    with torch.no_grad():
        logits = model(tokens[None]).logits[0]
    losses = torch.nn.functional.cross_entropy(logits[:-1], tokens[1:], reduction="none")
    save_checkpoint(folder, model, "model.language_model." if "text_config" in config else "")
    save_expected(folder, tokens.tolist(), taps.values, losses)
    print(f"{name}: {len(taps.values)} sites and layers, mean loss {losses.mean():.3f}")


def save_expected(folder, tokens, taps, losses):
    rows = [0, 1, 2, 5, 6, 9, 17, 30, len(tokens) - 1]
    arrays, index, offset = [], [], 0
    for (site, layer), values in sorted(taps.items(), key=lambda item: (SITES.index(item[0][0]), item[0][1])):
        kept = values[rows].float().numpy()
        index.append({"site": site, "layer": layer, "offset": offset, "first_column": 0, "column_step": 1,
                      "n_columns": kept.shape[1], "max_abs": values.abs().max().item()})
        arrays.append(kept.ravel())
        offset += kept.size
    (folder / "expected.json").write_text(json.dumps({"tokens": tokens, "rows": rows, "arrays": index}) + "\n")
    np.save(folder / "expected.npy", np.concatenate(arrays))
    np.save(folder / "losses.npy", losses.numpy())


def main():
    torch.set_num_threads(1)
    wanted = sys.argv[1:] or list(CASES)
    for seed, (name, config) in enumerate(CASES.items()):
        if name in wanted:
            make_case(name, config, seed + 1)
    (OUT / "README.md").write_text(f"""# Goldens of the model families

Made by `tools/make_family_goldens.py`; its head says what each file holds. Python {sys.version.split()[0]}, NumPy
{np.__version__}, torch {torch.__version__} on the CPU, transformers {transformers.__version__}: eager attention, float64
weights. Within that, transformers computes norms, softmax and rotary angles in float32.
""")


main()
