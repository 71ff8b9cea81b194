"""Features of a sparse autoencoder of SAELens are units like any other: X is sae.encode(activations).

  sae_features.py [SAE LAYER MODEL TEXT]     a folder that SAELens saved, of the residual stream after a layer

Without arguments the autoencoder has random weights.
"""

import sys

import numpy as np
import penfield
import torch
from sae_lens import SAE, StandardSAE, StandardSAEConfig

folder, layer, model, text = sys.argv[1:5] if len(sys.argv) > 4 else ("", 1, penfield.demo_model(), penfield.demo_text())
values, tokens = penfield.activations(model, text, site="resid", layers=layer, rows=60)
stream = torch.from_numpy(values)
if folder:
    sae = SAE.load_from_disk(folder)
else:
    torch.manual_seed(0)
    sae = StandardSAE(StandardSAEConfig(d_in=stream.shape[1], d_sae=512))
    with torch.no_grad():
        sae.b_dec.copy_(stream.mean(dim=0))
        sae.b_enc -= 1.5 * sae.encode(stream).std()  # so that features are mostly zero, as learned ones are
with torch.no_grad():
    X = sae.encode(stream)
y = penfield.label(model, text, "proper-noun", rows=60)["label"]
# Sparse columns: the rank test and the area do not mind, beta_robust_sd and Cohen's d do.
table = penfield.associate(X, y, cluster=tokens["token_id"], test="rank")
alive = (X > 0).float().mean(dim=0)
for i in np.argsort(-np.nan_to_num(table["neglog10_p_rank"]))[:5]:
    print(f"feature {i}: fires on {alive[i]:.1%} of tokens, AUC {table['auc'][i]:.3f}")
