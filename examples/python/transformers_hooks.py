"""Activations recorded with plain hooks in transformers, tested by Penfield.

  transformers_hooks.py [MODEL TEXT]     a GPT-2 in Hugging Face layout, and plain text
"""

import sys

import penfield
import torch
from transformers import AutoModelForCausalLM

model_folder, text = sys.argv[1:3] if len(sys.argv) > 2 else (penfield.demo_model(), penfield.demo_text())
layer, rows, window = 2, 60, 128

# Penfield's tokens and labels; a document's tokens go through the model in windows.
tokens = penfield.label(model_folder, text, "proper-noun", rows=rows)
model = AutoModelForCausalLM.from_pretrained(model_folder).float().eval()
recorded = []
# c_fc is what transformers calls the product that mlp.pre reads.
model.transformer.h[layer].mlp.c_fc.register_forward_hook(lambda module, given, out: recorded.append(out[0].detach()))
ids, documents = tokens["token_id"], tokens["document"]
with torch.no_grad():
    for document in sorted(set(documents.tolist())):
        own = torch.tensor(ids[documents == document].tolist())
        for start in range(0, len(own), window):
            model(own[None, start : start + window])
X = torch.cat(recorded)

# A token is no observation of its own: occurrences of one word belong together.
table = penfield.associate(X, tokens["label"], cluster=tokens["token_id"], correction="bonferroni")
order = table["neglog10_p_lrt"].argsort()[::-1][:5]
for i in order:
    print(f"neuron {i}: AUC {table['auc'][i]:.3f}, -log10 p {table['neglog10_p_cluster'][i]:.1f} by word")
