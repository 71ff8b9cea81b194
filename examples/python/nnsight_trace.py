"""Activations traced with nnsight, tested by Penfield.

  nnsight_trace.py [MODEL TEXT]     a GPT-2 in Hugging Face layout, and plain text
"""

import sys

import penfield
import torch
from nnsight import NNsight
from transformers import AutoModelForCausalLM

model_folder, text = sys.argv[1:3] if len(sys.argv) > 2 else (penfield.demo_model(), penfield.demo_text())
layer, window = 2, 128

tokens = penfield.label(model_folder, text, "proper-noun", rows=40)
model = NNsight(AutoModelForCausalLM.from_pretrained(model_folder).float().eval())
ids = torch.tensor(tokens["token_id"].tolist())
recorded = []
for start in range(0, len(ids), window):
    with torch.no_grad(), model.trace(ids[None, start : start + window]):
        hidden = model.transformer.h[layer].mlp.c_fc.output.save()
    recorded.append(hidden[0])
X = torch.cat(recorded)
table = penfield.associate(X, tokens["label"], cluster=tokens["token_id"])
print(f"{table['significant'].sum()} of {len(table)} neurons are significant, the best with an AUC of {table['auc'].max():.3f}")
