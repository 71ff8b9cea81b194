#!/usr/bin/env python3
"""Record the MLP activations of a model in transformers as a folder for `penfield scan --activations`.

    python3 examples/record_activations.py models/demo data/demo/articles.txt acts
    build/penfield scan --activations acts -c proper-noun -o result

Needs torch, transformers and numpy. Every block of text between blank lines is a document; a document is run in
windows of the model's context. Written: L0.npy, L1.npy, … [tokens, units], float32, and tokens.tsv.
"""
import csv
import pathlib
import sys

import numpy as np
import torch
import transformers


def mlp_activations(model):
    """The modules whose output is the hidden layer of each MLP, behind the activation function."""
    names = (".mlp.act", ".mlp.act_fn")  # GPT-2 and GPT-NeoX; Llama and its relatives (there: the gate alone)
    found = [module for name, module in model.named_modules() if name.endswith(names)]
    if not found:
        sys.exit("no module named *.mlp.act or *.mlp.act_fn: name the modules of this model here")
    return found


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    model_name, text_path, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    tokenizer = transformers.AutoTokenizer.from_pretrained(model_name, use_fast=True)
    model = transformers.AutoModel.from_pretrained(model_name).eval()
    window = min(1024, model.config.max_position_embeddings)
    rows = [[] for _ in mlp_activations(model)]  # by layer
    for layer, module in enumerate(mlp_activations(model)):
        module.register_forward_hook(lambda _m, _i, out, to=rows[layer]: to.append(out[0].float().numpy()))

    folder.mkdir(parents=True, exist_ok=True)
    documents = pathlib.Path(text_path).read_text(encoding="utf-8").split("\n\n")
    with open(folder / "tokens.tsv", "w", encoding="utf-8", newline="") as table, torch.no_grad():
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(["document", "token_id", "token"])
        for d, text in enumerate(documents):
            encoded = tokenizer(text, return_offsets_mapping=True, add_special_tokens=False)
            ids, offsets = encoded["input_ids"], encoded["offset_mapping"]
            end = 0  # of the text that earlier tokens have: a character in several tokens belongs to the first
            for token_id, (_begin, token_end) in zip(ids, offsets):
                writer.writerow([d, token_id, text[end:max(end, token_end)]])
                end = max(end, token_end)
            for first in range(0, len(ids), window):
                model(torch.tensor([ids[first:first + window]]))
    for layer, parts in enumerate(rows):
        np.save(folder / f"L{layer}.npy", np.concatenate(parts))


if __name__ == "__main__":
    main()
