"""Features of a sparse autoencoder are units like any other: here one of a random dictionary, without SAELens.

With SAELens, X is sae.encode(cache[sae.cfg.metadata.hook_name][0]); all that follows is the same.
"""

import numpy as np
import penfield

rng = np.random.default_rng(0)
values, tokens = penfield.activations(penfield.demo_model(), penfield.demo_text(), site="resid", layers=1, rows=60)
dictionary = rng.standard_normal((values.shape[1], 512)).astype(np.float32) / np.sqrt(values.shape[1])
threshold = 1.0
X = np.maximum((values - values.mean(axis=0)) / values.std(axis=0) @ dictionary - threshold, 0)  # mostly zero
y = penfield.label(penfield.demo_model(), penfield.demo_text(), "proper-noun", rows=60)["label"]
# Sparse columns: the rank test and the area do not mind, beta_robust_sd and Cohen's d do.
table = penfield.associate(X, y, cluster=tokens["token_id"], test="rank")
alive = (X > 0).mean(axis=0)
for i in np.argsort(-table["neglog10_p_rank"])[:5]:
    print(f"feature {i}: fires on {alive[i]:.1%} of tokens, AUC {table['auc'][i]:.3f}")
