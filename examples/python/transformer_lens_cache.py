"""A TransformerLens cache, tested by Penfield: cache["blocks.2.mlp.hook_pre"] is X.

  transformer_lens_cache.py [MODEL TEXT]     a model that both know, and plain text; needs TransformerLens 3 or 4
"""

import sys

import penfield
import torch
from transformer_lens.model_bridge import TransformerBridge

name, text = sys.argv[1:3] if len(sys.argv) > 2 else (penfield.demo_model(), penfield.demo_text())
layer, window = 2, 128

tokens = penfield.label(name, text, "proper-noun", rows=40)
model = TransformerBridge.boot_transformers(name, device="cpu")
hook = f"blocks.{layer}.mlp.hook_pre"
ids = torch.tensor(tokens["token_id"].tolist())
recorded = []
with torch.no_grad():
    for start in range(0, len(ids), window):
        _, cache = model.run_with_cache(ids[None, start : start + window], names_filter=hook)
        recorded.append(cache[hook][0])
X = torch.cat(recorded)  # [tokens, neurons]
table = penfield.associate(X, tokens["label"], cluster=tokens["token_id"])
print(f"{table['significant'].sum()} of {len(table)} neurons are significant, the best with an AUC of {table['auc'].max():.3f}")
