"""A TransformerLens cache, tested by Penfield: cache["blocks.5.mlp.hook_post"] is X.

  transformer_lens.py [MODEL]     a name that TransformerLens knows; default: a small model with random weights
"""

import sys

import penfield
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

if len(sys.argv) > 1:
    model = HookedTransformer.from_pretrained(sys.argv[1])
    ids = model.to_tokens(open(penfield.demo_text(), encoding="utf-8").read()[:4000])
    layer = model.cfg.n_layers // 2
else:
    config = HookedTransformerConfig(n_layers=2, d_model=32, n_ctx=256, d_head=16, d_vocab=500, act_fn="gelu", seed=0)
    model = HookedTransformer(config)
    ids = torch.randint(0, 500, (1, 256), generator=torch.Generator().manual_seed(0))
    layer = 1

_, cache = model.run_with_cache(ids)
X = cache[f"blocks.{layer}.mlp.hook_post"][0]  # [tokens, neurons]
y = (ids[0] < ids[0].median()).int()  # your labels: here the lower half of the vocabulary
table = penfield.associate(X, y, cluster=ids[0])
print(table)
print(f"{table['significant'].sum()} of {len(table)} neurons are significant, the best with an AUC of {table['auc'].max():.3f}")
